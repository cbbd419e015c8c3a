//! Symfony's container: classes and services that files of `config` name, and services that code asks for by name.
//!
//! Who takes a service through its constructor depends on the type written there and on nothing else; which class stands
//! behind an interface is what the configuration depends on.

use crate::base::{Certainty, FileId, Language};
use crate::facts::{DefinitionId, FileFacts, Node, OwnerSweep, Shape};
use crate::frameworks::StringReference;
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use rustc_hash::FxHashMap;

/// How many names of services lead from one to the next.
const LONGEST: usize = 8;

/// What a name in the container stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Service {
    Class(ClassId),
    /// Another name.
    Alias(String),
}

/// Names of the container.
#[derive(Default)]
pub(super) struct Container {
    services: FxHashMap<String, Service>,
    parameters: FxHashMap<String, ClassId>,
}

/// Collects what configuration and code name.
pub(in crate::frameworks) fn references(classes: &PhpClasses<'_>, out: &mut Vec<StringReference>) {
    let documents: Vec<(FileId, Node<'_>)> = documents(classes).collect();
    let container = Container::of(classes, &documents);
    for (file, document) in documents {
        Reader { classes, container: &container, file, out }.document(document);
    }
    for file in classes.files() {
        asked_for(classes, &container, file, out);
    }
}

/// Files of keys and values that are part of the application.
pub(super) fn documents<'a>(classes: &PhpClasses<'a>) -> impl Iterator<Item = (FileId, Node<'a>)> {
    let base = classes.base;
    let counts = |file: &FileId| {
        let entry = base.file(*file);
        !entry.left_out && [Language::XML, Language::YAML].contains(&entry.source.language)
    };
    base.ids().filter(counts).filter_map(|file| Some((file, base.facts(file).document()?)))
}

/// The maps of services of a document: `services`, those of one environment (`when@dev`), XML's `container/services`.
pub(super) fn maps<'a>(document: Node<'a>, name: &str) -> Vec<Node<'a>> {
    let mut found = document.all(&[name]);
    found.extend(document.all(&["container", name]));
    for (_, inner) in document.entries().filter(|(key, _)| key.starts_with("when@")) {
        found.extend(inner.all(&[name]));
    }
    found
}

/// A full name of a class as configuration writes it: `App\Mail\Sender`, `App\Mail\Sender::create`, `App\Clock $clock`.
pub(super) fn class_named(classes: &PhpClasses<'_>, file: FileId, text: &str) -> Option<ClassId> {
    let name = text.split([' ', ':']).next()?.trim_start_matches('\\');
    let is_name = name.contains('\\') && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '\\' | '_'));
    is_name.then(|| classes.full(file, name)).flatten()
}

/// The name behind `@`: `@app.mailer`, `@?app.mailer`.
fn service_named(text: &str) -> Option<&str> {
    let name = text.strip_prefix('@')?.trim_start_matches(['?', '!']);
    (!name.is_empty() && !name.starts_with(['@', '='])).then_some(name)
}

impl Container {
    /// What the configuration of a tree makes.
    pub(super) fn of(classes: &PhpClasses<'_>, documents: &[(FileId, Node<'_>)]) -> Self {
        let mut container = Self::default();
        for (file, document) in documents {
            container.parameters(classes, *file, *document);
        }
        for (file, document) in documents {
            container.services(classes, *file, *document);
        }
        for file in classes.files().filter(|file| format!("/{}", classes.base.path(*file)).contains("/config/")) {
            container.in_code(classes, file);
        }
        container
    }

    fn parameters(&mut self, classes: &PhpClasses<'_>, file: FileId, document: Node<'_>) {
        for (key, value) in maps(document, "parameters").into_iter().flat_map(Node::entries) {
            let name = value.attribute("key").unwrap_or(key);
            if let Some(class) = value.text().and_then(|text| class_named(classes, file, text)) {
                self.parameters.insert(name.to_owned(), class);
            }
        }
    }

    fn services(&mut self, classes: &PhpClasses<'_>, file: FileId, document: Node<'_>) {
        for (key, value) in maps(document, "services").into_iter().flat_map(Node::entries) {
            let of = |key: &str| value.get(key).and_then(Node::text).or_else(|| value.attribute(key));
            let id = value.attribute("id").unwrap_or(key);
            let alias = of("alias").or_else(|| value.text().and_then(service_named));
            let class = of("class").and_then(|text| self.class(classes, file, text));
            let meant = match (alias, class) {
                (Some(alias), _) => Some(Service::Alias(alias.to_owned())),
                (None, Some(class)) => Some(Service::Class(class)),
                _ => class_named(classes, file, id).map(Service::Class),
            };
            if let Some(meant) = meant {
                self.services.entry(id.to_owned()).or_insert(meant);
            }
        }
    }

    /// `$services->set('app.mailer', Mailer::class)`, `$services->alias('app.sender', 'app.mailer')`
    fn in_code(&mut self, classes: &PhpClasses<'_>, file: FileId) {
        let facts = classes.facts(file);
        for call in &facts.calls {
            let Shape::Member(_, name) = facts.value(call.callee).shape else { continue };
            if !matches!(facts.text(name), "set" | "alias" | "register" | "setAlias") {
                continue;
            }
            let [id, meant, ..] = facts.arguments_of(call) else { continue };
            let Some(id) = facts.as_literal(id.value) else { continue };
            let owner = facts.owner_of(call.value);
            let meant = match (classes.class_of(file, owner, meant.value), facts.as_literal(meant.value)) {
                (Some(Ancestor::Ours(class)), _) => Service::Class(class),
                (_, Some(alias)) => Service::Alias(alias.to_owned()),
                _ => continue,
            };
            self.services.entry(id.to_owned()).or_insert(meant);
        }
    }

    /// A class by its full name or by the parameter that holds it: `%app.mailer.class%`.
    fn class(&self, classes: &PhpClasses<'_>, file: FileId, text: &str) -> Option<ClassId> {
        let parameter = text.strip_prefix('%').and_then(|text| text.strip_suffix('%'));
        parameter.map_or_else(|| class_named(classes, file, text), |name| self.parameters.get(name).copied())
    }

    /// The class that a name comes to.
    pub(super) fn made(&self, id: &str) -> Option<ClassId> {
        let mut id = id;
        for _ in 0..LONGEST {
            match self.services.get(id)? {
                Service::Class(class) => return Some(*class),
                Service::Alias(next) => id = next,
            }
        }
        None
    }
}

/// One document of configuration.
struct Reader<'a, 'b> {
    classes: &'a PhpClasses<'a>,
    container: &'a Container,
    file: FileId,
    out: &'b mut Vec<StringReference>,
}

impl Reader<'_, '_> {
    fn document(&mut self, document: Node<'_>) {
        let services: Vec<u32> = maps(document, "services").into_iter().map(Node::line).collect();
        // The walk that made the document stopped at a bounded depth.
        let mut open: Vec<(Node<'_>, &str, bool)> = vec![(document, "", false)];
        while let Some((node, under, in_services)) = open.pop() {
            if let Some(text) = node.text() {
                self.text(under, text, node.line(), in_services);
            }
            for (key, line, value) in node.keys() {
                let of_services = matches!(key, "services") && services.contains(&value.line());
                self.name(key, line, "a class in the configuration");
                open.push((value, key, in_services || of_services));
            }
            open.extend(node.items().map(|item| (item, under, in_services)));
        }
    }

    /// A text under a key.
    fn text(&mut self, under: &str, text: &str, line: u32, in_services: bool) {
        if text.contains('\\') {
            return self.name(text, line, "a class in the configuration");
        }
        let by_name = matches!(under, "alias" | "parent" | "decorates" | "@alias" | "@parent" | "@decorates" | "@service");
        let is_argument = under == "@id" && !text.contains('\\');
        let id = service_named(text).or_else(|| (in_services && (by_name || is_argument)).then_some(text));
        let parameter = || self.container.class(self.classes, self.file, text).filter(|_| text.starts_with('%'));
        if let Some(class) = id.and_then(|id| self.container.made(id)) {
            self.push(class, text, line, "a service by its name");
        } else if let Some(class) = parameter() {
            self.push(class, text, line, "a class that a parameter names");
        }
    }

    fn name(&mut self, text: &str, line: u32, rule: &'static str) {
        if let Some(class) = class_named(self.classes, self.file, text) {
            self.push(class, text, line, rule);
        }
    }

    fn push(&mut self, class: ClassId, text: &str, line: u32, rule: &'static str) {
        self.out.push(reference((self.file, line, None), class, text, self.classes, Certainty(95), rule));
    }
}

/// `$this->get('app.mailer')`, `$container->get('app.mailer')`
fn asked_for(classes: &PhpClasses<'_>, container: &Container, file: FileId, out: &mut Vec<StringReference>) {
    if container.services.is_empty() {
        return;
    }
    let facts: &FileFacts = classes.facts(file);
    let mut owners = OwnerSweep::new(facts);
    for call in &facts.calls {
        let Shape::Member(_, name) = facts.value(call.callee).shape else { continue };
        if facts.text(name) != "get" {
            continue;
        }
        let [id] = facts.arguments_of(call) else { continue };
        let Some(text) = facts.as_literal(id.value).filter(|text| text.contains('.')) else { continue };
        if let Some(class) = container.made(text).filter(|class| class.0 != file) {
            let at = (file, facts.value(id.value).line, owners.owner(call.value));
            out.push(reference(at, class, text, classes, Certainty(90), "a service by its name"));
        }
    }
}

fn reference(
    (from, line, owner): (FileId, u32, Option<DefinitionId>),
    class: ClassId,
    text: &str,
    classes: &PhpClasses<'_>,
    certainty: Certainty,
    rule: &'static str,
) -> StringReference {
    StringReference {
        from,
        line,
        owner,
        to: class.0,
        symbol: Some(classes.bare_name(class).to_owned()),
        text: format!("'{text}'"),
        deferred: true,
        certainty,
        rule: rule.into(),
    }
}
