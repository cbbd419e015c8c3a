//! Routes that are kept as arrays: `['path' => '/orders', 'controller' => Orders::class, 'methods' => ['GET']]` of Mezzio and of
//! bundles, Laminas with `options` and `child_routes`, `['name' => 'page#index', 'url' => '/', 'verb' => 'GET']`.

use super::{handler, methods, named, paths};
use crate::base::{Certainty, FileId};
use crate::facts::{FileFacts, Shape, ValueId};
use crate::frameworks::php::{Handler, PhpClasses};
use crate::frameworks::routes::paths::joined;
use crate::frameworks::routes::{Method, Route};
use rustc_hash::FxHashSet;

/// Keys of addresses, of what answers, and of methods.
const PATHS: [&str; 4] = ["path", "url", "pattern", "route"];
const HANDLERS: [&str; 5] = ["controller", "_controller", "handler", "middleware", "callback"];
const METHODS: [&str; 6] = ["methods", "method", "verb", "verbs", "allowed_methods", "http_method"];

/// How sure such a route is: what reads the array may put something before its address.
const SURE: u8 = 60;
const BY_LIBRARY: u8 = 85;

/// How deep routes stand in each other.
const DEEPEST: u32 = 12;

/// True for a file that may have such arrays.
pub(super) fn may_be_in(facts: &FileFacts) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| facts.texts.find(word).is_some());
    says(&PATHS) && (says(&HANDLERS) || says(&["verb"]))
}

/// Collects the routes that arrays of a file describe.
pub(super) fn collect(classes: &PhpClasses<'_>, file: FileId, out: &mut Vec<Route>) {
    let facts = classes.facts(file);
    if !may_be_in(facts) {
        return;
    }
    let mut reader = Reader { classes, file, facts, inner: FxHashSet::default(), out };
    // Parts stand before wholes, so the outermost comes last.
    for index in (0..facts.values.len()).rev() {
        let map = ValueId(u32::try_from(index).expect("values are counted in u32"));
        if matches!(facts.value(map).shape, Shape::Map(_)) && !reader.inner.contains(&map) {
            reader.map(map, "", DEEPEST);
        }
    }
}

struct Reader<'a, 'b> {
    classes: &'b PhpClasses<'a>,
    file: FileId,
    facts: &'a FileFacts,
    /// Maps that were read with those around them.
    inner: FxHashSet<ValueId>,
    out: &'b mut Vec<Route>,
}

impl<'a> Reader<'a, '_> {
    fn get(&self, map: ValueId, keys: &[&str]) -> Option<ValueId> {
        let Shape::Map(entries) = self.facts.value(map).shape else { return None };
        let entries = &self.facts.entries[entries.range()];
        keys.iter()
            .find_map(|wanted| entries.iter().find(|entry| entry.key.and_then(|key| self.facts.as_literal(key)) == Some(wanted)))
            .map(|entry| entry.value)
    }

    fn text(&self, map: ValueId, keys: &[&str]) -> Option<&'a str> {
        self.facts.as_literal(self.get(map, keys)?)
    }

    fn map(&mut self, map: ValueId, prefix: &str, left: u32) {
        let Some(left) = left.checked_sub(1) else { return };
        if let Some(options) = self.get(map, &["options"]).filter(|options| self.text(*options, &["route"]).is_some()) {
            return self.laminas(map, options, prefix, left);
        }
        let Some(path) = self.text(map, &PATHS).filter(|path| path.starts_with('/') && !path.contains(' ')) else { return };
        let said = self.get(map, &METHODS);
        let methods = match said {
            Some(said) => match methods(self.facts, said) {
                Some(methods) => methods,
                None => return,
            },
            None => vec![Method::Any],
        };
        let by_name = || {
            let (class, method) = self.text(map, &["name"])?.split_once('#').filter(|_| said.is_some())?;
            let mut words = class.split('_').map(capital).collect::<String>();
            words.push_str("Controller");
            let method: String =
                method.split('_').enumerate().map(|(place, word)| if place == 0 { word.to_owned() } else { capital(word) }).collect();
            named(self.classes, self.file, &words, Some(&method)).filter(|handler| handler.place.is_some())
        };
        let by_class = || self.handler(self.get(map, &HANDLERS)?, None);
        let Some(handler) = by_class().or_else(by_name) else { return };
        let line = self.facts.value(map).line;
        self.push(path, prefix, &methods, &handler, line, SURE);
    }

    /// `['type' => 'segment', 'options' => ['route' => '/orders[/:id]', 'defaults' => [...]], 'child_routes' => [...]]`
    fn laminas(&mut self, map: ValueId, options: ValueId, prefix: &str, left: u32) {
        let Some(path) = self.text(options, &["route"]).filter(|path| path.starts_with(['/', '[', ':'])) else { return };
        self.inner.insert(options);
        let defaults = self.get(options, &["defaults"]);
        let controller = defaults.and_then(|defaults| self.get(defaults, &["controller"]));
        let action = defaults.and_then(|defaults| self.text(defaults, &["action"])).map(|action| format!("{action}Action"));
        let handler = controller.and_then(|controller| self.handler(controller, action.as_deref()));
        if let Some(handler) = handler {
            let line = self.facts.value(map).line;
            self.push(path, prefix, &[Method::Any], &handler, line, BY_LIBRARY);
        }
        let Some(children) = self.get(map, &["child_routes"]) else { return };
        let Shape::Map(entries) = self.facts.value(children).shape else { return };
        let own = paths::read(path).into_iter().next().unwrap_or_default();
        let prefix = joined(prefix, &own);
        for entry in &self.facts.entries[entries.range()] {
            self.inner.insert(entry.value);
            self.map(entry.value, &prefix, left);
        }
    }

    /// A class that is named, with its method where one is.
    fn handler(&self, value: ValueId, method: Option<&str>) -> Option<Handler> {
        let owner = self.facts.owner_of(value);
        match self.facts.value(value).shape {
            Shape::Literal(text) => {
                let text = self.facts.text(text);
                let (class, own) = text.split_once("::").map_or((text, None), |(class, own)| (class, Some(own)));
                class.contains('\\').then(|| named(self.classes, self.file, class, own.or(method))).flatten()
            }
            Shape::Member(class, name) if self.facts.text(name).eq_ignore_ascii_case("class") => {
                super::class_handler(self.classes, self.file, owner, class, method)
            }
            Shape::List(parts) => {
                // What stands last of several is what answers; those before it let it.
                let parts = self.facts.items(parts);
                let pair = matches!(parts, [_, method] if self.facts.as_literal(*method).is_some_and(|method| !method.contains('\\')));
                if pair { handler(self.classes, self.file, owner, value) } else { self.handler(*parts.last()?, method) }
            }
            _ => None,
        }
    }

    fn push(&mut self, path: &str, prefix: &str, methods: &[Method], handler: &Handler, line: u32, sure: u8) {
        for address in paths::read(path) {
            let path = joined(prefix, &address);
            self.out.extend(methods.iter().map(|method| Route {
                path: path.clone(),
                method: *method,
                handler: handler.name.clone(),
                handled: handler.place,
                registered: (self.file, line),
                framework: "php_router",
                name: None,
                certainty: Certainty(sure),
            }));
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
