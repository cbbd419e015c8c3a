//! Files of routes: `config/routes.yaml`, what it takes in, and what stands before the controllers it names.

use super::paths::{Located, joined, plain};
use super::services::{self, Container};
use super::{Noted, coded, combined};
use crate::base::{self, Certainty, FileId, Language};
use crate::facts::Node;
use crate::frameworks::OpenCall;
use crate::frameworks::php::PhpClasses;
use crate::frameworks::routes::{Method, Route};
use crate::names::php::PHP;
use std::collections::BTreeMap;

/// How deep files of routes take each other in.
const DEEPEST: u32 = 12;

/// Types of resources that other libraries make routes of.
const KNOWN_TYPES: [&str; 8] = ["", "yaml", "xml", "php", "attribute", "annotation", "directory", "glob"];

/// The resource that means whatever the container has as a controller.
const CONTROLLERS: &str = "routing.controllers";

/// What is put before the routes that classes of a folder note.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    /// A folder or file, and what stands before its routes.
    places: Vec<(String, Noted)>,
}

impl Mounts {
    /// What stands before the routes of a file; nothing where no file of routes takes it in. What is taken in again under the
    /// same names takes the place of what was there.
    pub(super) fn around(&self, path: &str) -> Vec<Noted> {
        let around = self.places.iter().filter(|(place, _)| base::is_within(path, place));
        let mut found: Vec<Noted> = Vec::new();
        for (_, noted) in around {
            found.retain(|known| known.name != noted.name);
            found.push(noted.clone());
        }
        if found.is_empty() { vec![Noted::default()] } else { found }
    }
}

/// Reads every file of routes that applications begin with.
pub(super) fn read(classes: &PhpClasses<'_>, routes: &mut Vec<Route>, open: &mut Vec<OpenCall>) -> Mounts {
    let base = classes.base;
    let counts = |file: &FileId| matches!(base.file(*file).source.language, Language::YAML | Language::XML | PHP);
    let mut roots: Vec<FileId> = base.ids().filter(counts).filter(|file| is_root(classes, base.path(*file))).collect();
    if roots.is_empty() {
        roots = without_kernel(classes);
    }
    if roots.is_empty() {
        return Mounts::default();
    }
    let documents: Vec<(FileId, Node<'_>)> = services::documents(classes).collect();
    let container = Container::of(classes, &documents);
    let mut reader = Reader { classes, bundles: bundles(classes), container, routes, open, mounts: Mounts::default() };
    for root in roots {
        reader.file(root, &Noted::default(), DEEPEST);
    }
    reader.mounts
}

/// True for what the kernel of an application loads: `config/routes.yaml`, `config/routes/*.yaml`, `app/config/routing.yml`.
fn is_root(classes: &PhpClasses<'_>, path: &str) -> bool {
    let Some((before, name)) = path.rsplit_once('/') else { return false };
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    let config = match before.rsplit_once('/').map_or(("", before), |(above, last)| (above, last)) {
        (above, "routes") if above == "config" || above.ends_with("/config") => above,
        (_, "config") if matches!(stem, "routes" | "routing") => before,
        _ => return false,
    };
    // A bundle has such files too, which applications take in.
    let tree = classes.names.tree();
    tree.file(&base::join(config, "bundles.php")).is_some() || config == "app/config" || config.ends_with("/app/config")
}

/// Files of routes of an application that has the routing without the framework's kernel: `routing.yml` below a folder of
/// configuration, where no bundle has it and no other such file takes it in.
fn without_kernel(classes: &PhpClasses<'_>) -> Vec<FileId> {
    let base = classes.base;
    let is_kept = |file: &FileId| {
        let entry = base.file(*file);
        let path = entry.source.path.as_str();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_yaml = entry.source.language == Language::YAML && !entry.left_out;
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        is_yaml
            && matches!(stem, "routing" | "routes")
            && folder.split('/').any(|part| part == "config")
            && !folder.split('/').any(|part| part == "Resources" || part.ends_with("Bundle"))
    };
    base.ids().filter(is_kept).collect()
}

/// Folders of bundles by the name of their class.
fn bundles<'a>(classes: &PhpClasses<'a>) -> BTreeMap<&'a str, String> {
    let base = classes.base;
    let named = base.ids().filter_map(|file| {
        let path = &base.file(file).source.path;
        let name = path.name().strip_suffix(".php").filter(|name| name.ends_with("Bundle"))?;
        Some((name, path.parent().to_owned()))
    });
    named.collect()
}

pub(super) struct Reader<'a, 'b> {
    pub(super) classes: &'b PhpClasses<'a>,
    bundles: BTreeMap<&'a str, String>,
    container: Container,
    routes: &'b mut Vec<Route>,
    open: &'b mut Vec<OpenCall>,
    mounts: Mounts,
}

/// Something that a file of routes takes in.
pub(super) struct Import<'a> {
    pub(super) file: FileId,
    pub(super) line: u32,
    /// As it is written.
    pub(super) written: &'a str,
    /// Whose resource it is; empty where that is not said.
    pub(super) kind: &'a str,
}

/// A value of a document by its key: a key of YAML, or an attribute of XML.
fn get<'a>(node: Node<'a>, key: &str) -> Option<Node<'a>> {
    node.get(key).or_else(|| node.entries().find(|(own, _)| own.strip_prefix('@') == Some(key)).map(|(_, node)| node))
}

fn word<'a>(node: Node<'a>, key: &str) -> Option<&'a str> {
    get(node, key).and_then(Node::text)
}

impl Reader<'_, '_> {
    fn file(&mut self, file: FileId, around: &Noted, left: u32) {
        if self.classes.base.file(file).source.language == PHP {
            return if left > 0 {
                self.code(file, around, left)
            };
        }
        let Some(document) = self.classes.facts(file).document().filter(|_| left > 0) else { return };
        if self.classes.base.file(file).source.language == Language::XML {
            let Some(all) = document.get("routes") else { return };
            for (kind, node) in all.entries() {
                match kind {
                    "route" => self.route(file, word(node, "id").unwrap_or(""), node, around),
                    "import" => self.import(file, node, around, left),
                    _ => {}
                }
            }
            return;
        }
        for (name, node) in document.entries().filter(|(name, _)| !name.starts_with("when@")) {
            if node.get("resource").is_some() {
                self.import(file, node, around, left);
            } else {
                self.route(file, name, node, around);
            }
        }
    }

    fn route(&mut self, file: FileId, name: &str, node: Node<'_>, around: &Noted) {
        let paths = ["path", "pattern"].iter().find_map(|key| get(node, key)).map(located).unwrap_or_default();
        let noted = Noted { line: node.line(), paths, name: Some(name.to_owned()), methods: methods(node) };
        if noted.paths.is_empty() {
            return;
        }
        let defaults = node.get("defaults").and_then(|defaults| word(defaults, "_controller"));
        let Some(controller) = word(node, "controller").or(defaults).or_else(|| default_of(node)) else { return };
        self.register(file, &noted, &combined(around, &noted), controller);
    }

    /// Notes a route, by itself and with what stands around it.
    pub(super) fn register(&mut self, file: FileId, noted: &Noted, whole: &Noted, controller: &str) {
        let (handler, handled) = self.handler(file, controller);
        let methods = if whole.methods.is_empty() { vec![Method::Any] } else { whole.methods.clone() };
        for located in &whole.paths {
            let path = joined("", &located.path);
            self.routes.extend(methods.iter().map(|method| Route {
                path: plain(&open_settings(&path)),
                method: *method,
                handler: handler.clone(),
                handled,
                registered: (file, noted.line),
                framework: "symfony",
                name: whole.name.clone(),
                certainty: if path.contains('%') { Certainty(60) } else { Certainty::LITERAL },
            }));
        }
    }

    /// A class with its method, a class that is called itself; a service keeps its name.
    fn handler(&self, file: FileId, written: &str) -> (String, Option<(FileId, u32)>) {
        let written = written.trim_start_matches('\\');
        let (class, method) = written.split_once("::").or_else(|| written.split_once(':')).unwrap_or((written, "__invoke"));
        match self.classes.full(file, class).or_else(|| self.container.made(class)) {
            Some(found) => {
                let name = self.classes.shown_name(found);
                let name = if method == "__invoke" { name } else { format!("{name}::{method}") };
                (name, Some(self.classes.handled_by(found, method)))
            }
            None => (written.to_owned(), None),
        }
    }

    fn import(&mut self, file: FileId, node: Node<'_>, around: &Noted, left: u32) {
        let Some(resource) = get(node, "resource") else { return };
        let Some(written) = resource.text().or_else(|| word(resource, "path")) else { return };
        let prefix = Noted {
            line: node.line(),
            paths: get(node, "prefix").map(located).unwrap_or_default(),
            name: ["name_prefix", "name-prefix"].iter().find_map(|key| word(node, key)).map(str::to_owned),
            methods: methods(node),
        };
        let inner = combined(around, &prefix);
        let kind = word(node, "type").unwrap_or("");
        self.take_in(&Import { file, line: node.line(), written, kind }, &inner, left);
    }

    /// Takes in what a resource names: other files of routes, or controllers, whose routes stand inside.
    pub(super) fn take_in(&mut self, import: &Import<'_>, inner: &Noted, left: u32) {
        let Import { file, line, written, kind } = *import;
        if written == CONTROLLERS {
            return self.mounts.places.push((String::new(), inner.clone()));
        }
        if !KNOWN_TYPES.contains(&kind) {
            return self.lost(file, line, written, "a loader of a library or of the application makes these routes");
        }
        let targets = self.targets(file, written);
        let is_ours = !written.starts_with('@') && (written.starts_with('.') || written.contains('/'));
        if targets.is_empty() && is_ours {
            self.lost(file, line, written, "nothing that it names is here");
        }
        for target in targets {
            let found = self.classes.names.tree().file(&target);
            match found.filter(|file| self.is_file_of_routes(*file)) {
                Some(document) => self.file(document, inner, left - 1),
                None => self.mounts.places.push((target, inner.clone())),
            }
        }
    }

    fn is_file_of_routes(&self, file: FileId) -> bool {
        match self.classes.base.file(file).source.language {
            Language::YAML | Language::XML => true,
            _ => coded::is_file_of_routes(self.classes.facts(file)),
        }
    }

    /// The files and folders that a resource names.
    fn targets(&self, file: FileId, written: &str) -> Vec<String> {
        let tree = self.classes.names.tree();
        let is_there = |path: &String| tree.file(path).is_some() || tree.folder(path).is_some();
        let candidates = match written.strip_prefix('@').map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
            Some((bundle, below)) => {
                let Some(folder) = self.bundles.get(bundle) else { return Vec::new() };
                // The folder of a bundle is that of its class, or the one above where the class stands in `src`.
                let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
                vec![base::join(folder, below), base::join(above, below)]
            }
            None => {
                let own = self.classes.base.file(file).source.path.parent();
                let plainly = base::plain(&base::join(own, written.split('*').next().unwrap_or(written)));
                plainly.into_iter().collect()
            }
        };
        let found = candidates.into_iter().map(|path| path.trim_end_matches('/').to_owned()).find(is_there);
        found.into_iter().collect()
    }

    pub(super) fn lost(&mut self, file: FileId, line: u32, written: &str, reason: &str) {
        let text = written.lines().next().unwrap_or("").to_owned();
        self.open.push(OpenCall { file, line, kind: "route", text, reason: reason.to_owned() });
    }
}

/// `/%shop.place%/cart`: what a setting says stays open.
fn open_settings(path: &str) -> String {
    let pieces = path.split('%').enumerate();
    pieces.map(|(place, piece)| if place % 2 == 0 { piece } else { "{}" }).collect()
}

/// `<default key="_controller">`
fn default_of(node: Node<'_>) -> Option<&str> {
    node.entries().filter(|(key, _)| *key == "default").find_map(|(_, node)| {
        let is_controller = node.attribute("key") == Some("_controller");
        is_controller.then(|| node.text()).flatten()
    })
}

/// One path, or one for each language.
fn located(node: Node<'_>) -> Vec<Located> {
    match node.text() {
        Some(path) => vec![Located::only(path)],
        None => {
            let paths =
                node.entries().filter_map(|(locale, path)| Some(Located { locale: locale.to_owned(), path: path.text()?.to_owned() }));
            paths.collect()
        }
    }
}

/// `[GET, POST]`, `GET|POST`
fn methods(node: Node<'_>) -> Vec<Method> {
    let Some(said) = get(node, "methods") else { return Vec::new() };
    let words: Vec<&str> = said.text().into_iter().chain(said.items().filter_map(Node::text)).collect();
    words.iter().flat_map(|word| word.split(['|', ',', ' '])).filter_map(|word| Method::of(word.trim())).collect()
}
