//! Symfony: routes noted on controllers by attributes or docblocks, those in files of YAML and XML, and what its container
//! names.

mod attributes;
mod coded;
mod docblocks;
mod documents;
pub(super) mod messages;
mod paths;
mod services;

use super::OpenCall;
use super::php::PhpClasses;
use super::routes::{Method, Route};
use crate::base::{Certainty, FileId};
use crate::facts::{DefinitionId, Target};
use crate::frameworks::orm::ClassId;
use crate::names::FactBase;
use crate::names::php::PHP;
use paths::{Located, plain};
pub(super) use services::references;
use std::collections::BTreeMap;

/// Full names of what notes a route, in small letters.
const ROUTE: [&str; 4] = [
    "symfony\\component\\routing\\annotation\\route",
    "symfony\\component\\routing\\attribute\\route",
    "sensio\\bundle\\frameworkextrabundle\\configuration\\route",
    "fos\\restbundle\\controller\\annotations\\route",
];

/// What notes the methods of a route apart from it.
const METHOD: &str = "sensio\\bundle\\frameworkextrabundle\\configuration\\method";

/// Notes that are a route and its method in one, by the namespace they stand in.
const BY_VERB: &str = "fos\\restbundle\\controller\\annotations\\";

/// True where some file of the application imports the framework.
pub(super) fn is_used(base: &FactBase) -> bool {
    let names_it = |text: &str| text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("Symfony\\"));
    base.files.iter().filter(|file| !file.left_out && file.source.language == PHP).any(|file| {
        let facts = &file.facts;
        facts.imports.iter().any(|import| matches!(import.target, Target::Symbol(path) if names_it(facts.text(path))))
    })
}

/// One note of a route, as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Noted {
    line: u32,
    /// One path, or one for each language.
    paths: Vec<Located>,
    name: Option<String>,
    methods: Vec<Method>,
}

/// What is noted on a class and its methods.
#[derive(Debug, Default)]
struct Controller {
    own: Vec<Noted>,
    methods: BTreeMap<DefinitionId, Vec<Noted>>,
}

/// Collects the routes of every controller of the application.
pub(super) fn routes(classes: &PhpClasses<'_>, out: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
    let mounts = documents::read(classes, out, open);
    for file in classes.files() {
        let facts = classes.facts(file);
        if !facts.texts.iter().any(|(_, text)| is_route_word(text)) {
            continue;
        }
        let mut controllers: BTreeMap<DefinitionId, Controller> = BTreeMap::new();
        attributes::read(classes, file, &mut controllers);
        docblocks::read(classes, file, &mut controllers);
        for around in mounts.around(classes.base.path(file)).iter().filter(|_| !controllers.is_empty()) {
            for (class, controller) in &controllers {
                controller.register(classes, (file, *class), around, out);
            }
        }
    }
}

/// True for a name that may be that of a note, and for a docblock with one.
fn is_route_word(text: &str) -> bool {
    text == "Route" || text.ends_with("\\Route") || text.contains("@Route") || text.contains("\\Route(") || text.contains("Rest\\")
}

/// What a note with this full name in small letters is: the methods it stands for where it is a route; none for other notes.
fn noted_methods(full: &str) -> Option<Vec<Method>> {
    if ROUTE.contains(&full) {
        return Some(Vec::new());
    }
    Method::of(full.strip_prefix(BY_VERB)?).map(|method| vec![method])
}

/// What stands inside something, with what stands around it before it.
fn combined(around: &Noted, inner: &Noted) -> Noted {
    let name = match (&around.name, &inner.name) {
        (Some(before), Some(name)) => Some(format!("{before}{name}")),
        (before, name) => name.clone().or_else(|| before.clone()),
    };
    let methods = if inner.methods.is_empty() { around.methods.clone() } else { inner.methods.clone() };
    Noted { line: inner.line, paths: paths::combined(&around.paths, &inner.paths), name, methods }
}

impl Controller {
    fn register(&self, classes: &PhpClasses<'_>, class: ClassId, mount: &Noted, out: &mut Vec<Route>) {
        let around = combined(mount, &self.own.first().cloned().unwrap_or_default());
        let mut push = |prefix: &Noted, noted: &Noted, method: &str, place: (FileId, u32)| {
            let handler = match method {
                "__invoke" => classes.shown_name(class),
                method => format!("{}::{method}", classes.shown_name(class)),
            };
            let name = match (&prefix.name, &noted.name) {
                (before, Some(name)) => Some(format!("{}{name}", before.as_deref().unwrap_or_default())),
                _ => None,
            };
            let methods = if noted.methods.is_empty() { &prefix.methods } else { &noted.methods };
            let methods = if methods.is_empty() { &[Method::Any][..] } else { methods };
            for path in paths::below(&prefix.paths, &noted.paths) {
                out.extend(methods.iter().map(|answered| Route {
                    path: plain(&path),
                    method: *answered,
                    handler: handler.clone(),
                    handled: Some(place),
                    registered: (class.0, noted.line),
                    framework: "symfony",
                    name: name.clone(),
                    certainty: Certainty::LITERAL,
                }));
            }
        };
        for (method, noted) in &self.methods {
            let definition = classes.facts(class.0).definition(*method);
            let name = classes.facts(class.0).text(definition.name);
            noted.iter().for_each(|noted| push(&around, noted, name, (class.0, definition.span.line)));
        }
        // A class that is called itself has its routes noted on it.
        if self.methods.is_empty()
            && let Some((file, method)) = classes.method(class, "__invoke")
        {
            let line = classes.facts(file).definition(method).span.line;
            self.own.iter().for_each(|noted| push(mount, noted, "__invoke", (file, line)));
        }
    }
}
