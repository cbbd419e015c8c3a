//! Controllers that decorators make: NestJS, routing-controllers, tsoa, Midway, Ts.ED, inversify, LoopBack.

use super::Reader;
use super::compose::{address, joined};
use super::nest::Nest;
use super::values::{Abs, Code, EnvId, HOLE};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, DefinitionKind, FileFacts, Target, ValueId};
use crate::frameworks::routes::{Method, Route};
use crate::frameworks::{Model, OpenCall};
use crate::names::FactBase;

/// A library whose decorators register routes.
struct Library {
    /// Packages start with it.
    package: &'static str,
    /// The name in reports.
    word: &'static str,
    /// Decorators of the class; none where it needs none.
    classes: &'static [&'static str],
    /// What stands before the method in the decorators of functions: `httpGet`.
    before: &'static str,
}

const LIBRARIES: [Library; 9] = [
    Library { package: "@nestjs/common", word: "nestjs", classes: &["Controller"], before: "" },
    Library { package: "routing-controllers", word: "routing-controllers", classes: &["Controller", "JsonController"], before: "" },
    Library { package: "tsoa", word: "tsoa", classes: &["Route"], before: "" },
    Library { package: "@tsoa/runtime", word: "tsoa", classes: &["Route"], before: "" },
    Library { package: "@midwayjs/", word: "midway", classes: &["Controller"], before: "" },
    Library { package: "@tsed/", word: "tsed", classes: &["Controller"], before: "" },
    Library { package: "inversify-express-utils", word: "inversify", classes: &["controller"], before: "http" },
    Library { package: "@overnightjs/core", word: "overnight", classes: &["Controller"], before: "" },
    Library { package: "fastify-decorators", word: "fastify", classes: &["Controller"], before: "" },
];

/// How many classes are gone up for functions that a controller inherits.
const MOST_BASES: usize = 8;

/// A class that answers.
struct Controller {
    code: Code,
    library: &'static Library,
    /// The decorator.
    line: u32,
    options: Options,
}

/// What a decorator says.
#[derive(Clone, Default)]
struct Options {
    paths: Vec<String>,
    /// Versions; none where nothing is said.
    versions: Option<Vec<String>>,
}

/// True for files that import such a library.
pub(super) fn is_concerned(base: &FactBase, file: FileId) -> bool {
    let facts = base.facts(file);
    facts.imports.iter().any(|import| match import.target {
        Target::Package(package) => library(facts.text(package)).is_some(),
        _ => false,
    })
}

fn library(path: &str) -> Option<&'static Library> {
    LIBRARIES.iter().find(|library| path.starts_with(library.package))
}

impl Reader<'_> {
    /// Routes of every controller of some files.
    pub(super) fn decorated(&mut self, files: &[FileId], model: &mut Model) {
        let concerned: Vec<FileId> = files.iter().copied().filter(|file| is_concerned(self.base, *file)).collect();
        if concerned.is_empty() {
            return;
        }
        let nest = Nest::learn(self, &concerned);
        for file in concerned {
            for controller in self.controllers(file) {
                self.controller(&controller, &nest, model);
            }
        }
    }

    fn controllers(&mut self, file: FileId) -> Vec<Controller> {
        let base = self.base;
        let facts = base.facts(file);
        let top = self.top(file);
        self.index(file);
        let mut found = Vec::new();
        for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind.is_type()) {
            for decorator in facts.items(definition.decorators) {
                let Some((path, call)) = self.decorator(top, facts, *decorator) else { continue };
                let Some(library) = library(&path) else { continue };
                let name = path.rsplit('.').next().unwrap_or("");
                if library.classes.contains(&name) {
                    let options = call.map_or_else(Options::nothing, |call| self.options(top, call));
                    let code = Code { file, id, env: top, this: None };
                    found.push(Controller { code, library, line: facts.value(*decorator).line, options });
                }
            }
        }
        found
    }

    /// Whose decorator it is, and its call.
    pub(super) fn decorator<'f>(
        &mut self,
        env: EnvId,
        facts: &'f FileFacts,
        value: ValueId,
    ) -> Option<(std::rc::Rc<str>, Option<&'f Call>)> {
        let call = facts.as_call(value);
        match self.eval(env, call.map_or(value, |call| call.callee)) {
            Abs::Outside(path) => Some((path, call)),
            _ => None,
        }
    }

    /// `('orders')`, `(['a', 'b'])`, `({ path: 'orders', version: '1' })`
    fn options(&mut self, env: EnvId, call: &Call) -> Options {
        let facts = self.base.facts(self.envs.get(env).file);
        let Some(first) = facts.arguments_of(call).first() else { return Options::nothing() };
        let given = self.eval(env, first.value);
        if !matches!(given, Abs::Written(_)) || self.elements(&given).is_some() {
            return Options { paths: self.texts(&given), versions: None };
        }
        let path = self.property(&given, "path", env);
        let version = self.property(&given, "version", env);
        let paths = if path.is_known() { self.texts(&path) } else { vec![String::new()] };
        Options { paths, versions: version.is_known().then(|| self.versions(&version)) }
    }

    /// The texts that an expression is or lists; a hole where nobody can tell.
    fn texts(&mut self, given: &Abs) -> Vec<String> {
        match self.elements(given) {
            Some(list) => list.iter().map(text).collect(),
            None => vec![text(given)],
        }
    }

    /// `'1'`, `['1', VERSION_NEUTRAL]`: a version without a text is none.
    pub(super) fn versions(&mut self, given: &Abs) -> Vec<String> {
        let is_text = |abs: &Abs| if let Abs::Text(text) = abs { text.to_string() } else { String::new() };
        match self.elements(given) {
            Some(list) => list.iter().map(is_text).collect(),
            None => vec![is_text(given)],
        }
    }

    /// Functions of a class and of those above it, nearest first; one that is written anew hides the one above.
    fn functions(&mut self, class: &Code) -> Vec<(FileId, DefinitionId, EnvId)> {
        let (mut found, mut names, mut at) = (Vec::new(), Vec::new(), Some(class.clone()));
        for _ in 0..MOST_BASES {
            let Some(here) = at else { break };
            let base = self.base;
            let facts = base.facts(here.file);
            for (id, definition) in facts.inside(Some(here.id)).filter(|(_, definition)| definition.kind == DefinitionKind::Method) {
                if !names.contains(&facts.text(definition.name)) {
                    names.push(facts.text(definition.name));
                    found.push((here.file, id, here.env));
                }
            }
            at = match self.base_class(&here) {
                Some(Abs::Class(above)) => Some(above),
                _ => None,
            };
        }
        found
    }

    fn controller(&mut self, controller: &Controller, nest: &Nest, model: &mut Model) {
        let base = self.base;
        let own = base.facts(controller.code.file);
        let class = own.text(own.definition(controller.code.id).name).to_owned();
        for (file, id, env) in self.functions(&controller.code) {
            let facts = base.facts(file);
            let definition = facts.definition(id);
            let (mut registered, mut versions) = (Vec::new(), None);
            for decorator in facts.items(definition.decorators) {
                let Some((path, call)) = self.decorator(env, facts, *decorator) else { continue };
                if !path.starts_with(controller.library.package) {
                    continue;
                }
                let name = path.rsplit('.').next().unwrap_or("");
                if name == "Version" {
                    let given = call.and_then(|call| facts.arguments_of(call).first()).map(|argument| self.eval(env, argument.value));
                    versions = given.map(|given| self.versions(&given));
                } else if let Some(method) = method_of(name, controller.library.before) {
                    let options = call.map_or_else(Options::nothing, |call| self.options(env, call));
                    registered.push((method, options, facts.value(*decorator).line));
                }
            }
            let handler = (format!("{class}.{}", facts.text(definition.name)), (file, definition.span.line));
            for (method, options, line) in registered {
                let versions = versions.clone().or(options.versions).or_else(|| controller.options.versions.clone());
                let places = self.places(controller, &options.paths, versions, nest);
                // A function that is inherited is registered by the class that is decorated.
                let at = if file == controller.code.file { (file, line) } else { (controller.code.file, controller.line) };
                for (path, certainty) in places {
                    add(model, method, path, &handler, at, controller.library.word, certainty);
                }
            }
        }
    }

    /// Every address of a function: below the class, the versions, the module and the application.
    fn places(
        &mut self,
        controller: &Controller,
        paths: &[String],
        versions: Option<Vec<String>>,
        nest: &Nest,
    ) -> Vec<(String, Certainty)> {
        let file = controller.code.file;
        let is_nest = controller.library.word == "nestjs";
        let mut found = Vec::new();
        for class in &controller.options.paths {
            for own in paths {
                let below = joined(&format!("/{}", class.trim_matches('/')), own.trim_start_matches('/'));
                if is_nest {
                    nest.places(self.base, self.names, (file, controller.code.id), &below, versions.as_deref(), &mut found);
                } else {
                    found.push((below, Certainty(90)));
                }
            }
        }
        found
    }
}

impl Options {
    fn nothing() -> Self {
        Self { paths: vec![String::new()], versions: None }
    }
}

fn text(abs: &Abs) -> String {
    match abs {
        Abs::Text(text) => text.to_string(),
        _ => HOLE.to_string(),
    }
}

/// `Get`, `httpGet`, `All`, `Sse`
fn method_of(name: &str, before: &str) -> Option<Method> {
    let word = name.strip_prefix(before).unwrap_or(name);
    match word {
        "All" | "ALL" | "all" => Some(Method::Any),
        "Sse" => Some(Method::Get),
        "del" | "Del" => Some(Method::Delete),
        word => Method::of(word).filter(|_| before.is_empty() || name != word),
    }
}

fn add(
    model: &mut Model,
    method: Method,
    path: String,
    (handler, handled): &(String, (FileId, u32)),
    registered: (FileId, u32),
    framework: &'static str,
    certainty: Certainty,
) {
    let shown = path.replace(HOLE, "{}");
    match address(&path) {
        Some(path) => model.routes.push(Route {
            path: if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path },
            method,
            handler: handler.clone(),
            handled: Some(*handled),
            registered,
            framework,
            name: None,
            certainty,
        }),
        None => model.unresolved.push(OpenCall {
            file: registered.0,
            line: registered.1,
            kind: "route",
            text: format!("{} {shown}", method.word()),
            reason: "part of the address of this route is only known at run time".to_owned(),
        }),
    }
}
