//! Routes of the REST interface: `register_rest_route( $this->namespace, '/' . $this->rest_base, array( ... ) )`.
//!
//! A controller registers its routes in a method that others inherit, with paths out of properties. So every class that has the
//! method is asked what its properties are given. Where they come from a kind of post or a taxonomy, the class registers its
//! routes for each of those that name it as their controller.

use super::types::{Shown, map_behind, option};
use super::{callable, paths, route, types};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, DefinitionKind, Shape, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::orm::ClassId;
use crate::frameworks::php::{Handler, PhpClasses, is_this};
use crate::frameworks::routes::{Method, Route};
use rustc_hash::FxHashMap;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Where the interface is served.
const ROOT: &str = "/wp-json";

/// How far an expression is followed, and how many texts it may be.
const DEEPEST: u32 = 8;
const MOST: usize = 24;

/// How sure a route is of a class that registers for what the tree registers as its kinds, and one of several paths.
const BY_KIND: u8 = 90;
const ONE_OF_SEVERAL: u8 = 80;

/// Collects every route.
pub(super) fn collect(classes: &PhpClasses<'_>, out: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
    let calls = registering(classes);
    if calls.is_empty() {
        return;
    }
    let kinds = types::find(classes);
    let users = users(classes, &calls);
    let start = out.len();
    for (file, index) in &calls {
        let facts = classes.facts(*file);
        let call = &facts.calls[*index];
        let owner = facts.owner_of(call.value);
        let place = (*file, facts.function_around(owner));
        let method = place.1.filter(|function| facts.definition(*function).kind == DefinitionKind::Method);
        let of: Vec<Option<ClassId>> = match method {
            Some(method) => users.get(&(*file, method)).map_or_else(Vec::new, |users| users.iter().copied().map(Some).collect()),
            None => vec![None],
        };
        let before = out.len();
        for class in of {
            Registration { classes, file: *file, owner, call, class, needs_kind: Cell::new(false), kind: None }.register(&kinds, out);
        }
        if out.len() == before {
            let text =
                facts.argument(call, 1, "route").and_then(|value| facts.dotted(value)).unwrap_or_else(|| "register_rest_route".to_owned());
            let reason = "the path is put together at run time".to_owned();
            open.push(OpenCall { file: *file, line: call.span.line, kind: "route", text, reason });
        }
    }
    server(classes, out);
    indexes(classes, start, out);
}

/// Every call that registers a route.
fn registering(classes: &PhpClasses<'_>) -> Vec<(FileId, usize)> {
    let mut found = Vec::new();
    for file in classes.files() {
        let facts = classes.facts(file);
        let Some(wanted) = facts.texts.find("register_rest_route") else { continue };
        let calls = facts.calls.iter().enumerate().filter(|(_, call)| facts.as_name(call.callee) == Some(wanted));
        found.extend(calls.filter(|(_, call)| facts.arguments_of(call).len() >= 2).map(|(index, _)| (file, index)));
    }
    found
}

/// By method that registers routes: every class that has it, its own, inherited, or called through `parent`.
fn users(classes: &PhpClasses<'_>, calls: &[(FileId, usize)]) -> FxHashMap<(FileId, DefinitionId), Vec<ClassId>> {
    let mut wanted: BTreeMap<(FileId, DefinitionId), &str> = BTreeMap::new();
    for (file, index) in calls {
        let facts = classes.facts(*file);
        if let Some(function) = facts.function_around(facts.owner_of(facts.calls[*index].value)) {
            wanted.insert((*file, function), facts.text(facts.definition(function).name));
        }
    }
    let mut names: Vec<&str> = wanted.values().copied().collect();
    names.sort_unstable();
    names.dedup();
    let mut users: FxHashMap<(FileId, DefinitionId), Vec<ClassId>> = FxHashMap::default();
    for class in classes.files().flat_map(|file| classes.classes_of(file)) {
        for name in &names {
            let line: Vec<ClassId> = classes.line(class).collect();
            for above in line {
                let Some(method) = classes.own_method(above.0, above.1, name) else { continue };
                if wanted.contains_key(&(above.0, method)) {
                    users.entry((above.0, method)).or_default().push(class);
                }
                if !calls_parent(classes, above.0, method, name) {
                    break;
                }
            }
        }
    }
    users
}

fn calls_parent(classes: &PhpClasses<'_>, file: FileId, method: DefinitionId, name: &str) -> bool {
    let facts = classes.facts(file);
    let inside = facts.definition(method).values;
    let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
    facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end).any(|call| match facts.value(call.callee).shape {
        Shape::Member(object, called) => {
            facts.text(called) == name && facts.as_name(object).is_some_and(|object| facts.text(object) == "parent")
        }
        _ => false,
    })
}

/// One call that registers, for one class.
struct Registration<'a> {
    classes: &'a PhpClasses<'a>,
    file: FileId,
    owner: Option<DefinitionId>,
    call: &'a Call,
    class: Option<ClassId>,
    /// Set where a text comes out of a kind of post.
    needs_kind: Cell<bool>,
    kind: Option<&'a Shown>,
}

impl<'a> Registration<'a> {
    fn register(&mut self, kinds: &'a [Shown], out: &mut Vec<Route>) {
        let found = self.paths();
        if !self.needs_kind.get() {
            let sure = if found.len() > 1 { ONE_OF_SEVERAL } else { 100 };
            return self.push(&found, sure, out);
        }
        let served: Vec<&Shown> = kinds.iter().filter(|kind| self.serves(kind, kinds)).collect();
        for kind in served {
            self.kind = Some(kind);
            let found = self.paths();
            self.push(&found, BY_KIND, out);
        }
    }

    /// True where the class registers its routes for a kind: the kind names it, or it serves revisions or drafts of all kinds.
    fn serves(&self, kind: &Shown, kinds: &[Shown]) -> bool {
        let Some(class) = self.class else { return false };
        let name = self.classes.full_name(class);
        if kinds.iter().any(|kind| kind.controller.trim_start_matches('\\') == name) {
            return kind.controller.trim_start_matches('\\') == name;
        }
        match name.as_str() {
            name if name.contains("revisions") => !kind.is_taxonomy && kind.has_revisions,
            name if name.contains("autosaves") => !kind.is_taxonomy && !kind.is_attachment,
            _ => false,
        }
    }

    fn paths(&self) -> Vec<String> {
        let facts = self.classes.facts(self.file);
        let text = |place: usize, name: &str| {
            let value = facts.argument(self.call, place, name);
            value.map(|value| self.texts(self.file, self.owner, value, DEEPEST)).unwrap_or_default()
        };
        let routes = text(1, "route");
        let with = |space: &String| {
            let space = space.trim_matches('/').to_owned();
            routes.iter().map(move |route| format!("{ROOT}/{space}/{}", paths::plain(route).trim_start_matches('/')))
        };
        text(0, "route_namespace").iter().flat_map(with).collect()
    }

    fn push(&self, found: &[String], sure: u8, out: &mut Vec<Route>) {
        let registered = (self.file, self.call.span.line);
        for (methods, handler) in self.endpoints() {
            for path in found {
                out.extend(methods.iter().map(|method| route(path.clone(), *method, &handler, registered, sure)));
            }
        }
    }

    /// What answers, with the methods.
    fn endpoints(&self) -> Vec<(Vec<Method>, Handler)> {
        let facts = self.classes.facts(self.file);
        let Some(given) = facts.argument(self.call, 2, "args") else { return Vec::new() };
        let Some(given) = map_behind(self.classes, self.file, self.owner, given) else { return Vec::new() };
        if option(facts, given, "callback").is_some() {
            return vec![self.endpoint(given)];
        }
        let inner: Vec<ValueId> = match facts.value(given).shape {
            Shape::List(parts) => facts.items(parts).to_vec(),
            Shape::Map(entries) => {
                facts.entries[entries.range()].iter().filter(|entry| entry.key.is_none()).map(|entry| entry.value).collect()
            }
            _ => Vec::new(),
        };
        let inner = inner.into_iter().filter_map(|value| map_behind(self.classes, self.file, self.owner, value));
        inner.filter(|value| option(facts, *value, "callback").is_some()).map(|value| self.endpoint(value)).collect()
    }

    fn endpoint(&self, map: ValueId) -> (Vec<Method>, Handler) {
        let facts = self.classes.facts(self.file);
        let handler = option(facts, map, "callback").and_then(|value| callable(self.classes, self.file, self.owner, self.class, value));
        let handler = handler.unwrap_or_else(|| Handler { name: "not told by the code".to_owned(), place: None });
        let methods = option(facts, map, "methods").map_or_else(|| vec![Method::Get], |value| self.methods(value, DEEPEST));
        (if methods.is_empty() { vec![Method::Any] } else { methods }, handler)
    }

    /// `WP_REST_Server::EDITABLE`, `'GET, POST'`, or a list of those.
    fn methods(&self, value: ValueId, left: u32) -> Vec<Method> {
        let Some(left) = left.checked_sub(1) else { return Vec::new() };
        let facts = self.classes.facts(self.file);
        match facts.value(value).shape {
            Shape::Member(_, name) if !by_constant(facts.text(name)).is_empty() => by_constant(facts.text(name)).to_vec(),
            Shape::List(parts) => facts.items(parts).iter().flat_map(|part| self.methods(*part, left)).collect(),
            Shape::Joined(first, second) => [self.methods(first, left), self.methods(second, left)].concat(),
            _ => {
                let words = self.texts(self.file, self.owner, value, left);
                words.iter().flat_map(|words| words.split([',', '|'])).filter_map(|word| Method::of(word.trim())).collect()
            }
        }
    }

    /// Every text an expression may be, with `$this` an object of the class that is asked about.
    fn texts(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Vec<String> {
        let Some(left) = left.checked_sub(1) else { return Vec::new() };
        let facts = self.classes.facts(file);
        let found = match facts.value(value).shape {
            Shape::Joined(first, second) => together(self.texts(file, owner, first, left), &self.texts(file, owner, second, left)),
            Shape::Template(parts) => {
                let parts = facts.items(parts).iter().map(|part| self.texts(file, owner, *part, left));
                parts.reduce(|before, after| together(before, &after)).unwrap_or_default()
            }
            Shape::Choice(parts) => {
                let parts = facts.items(parts);
                if parts
                    .iter()
                    .any(|part| matches!(facts.last_name(*part), Some("rest_base" | "rest_namespace")) && !self.is_own(file, *part))
                {
                    return self.texts(file, owner, parts[0], left);
                }
                parts.iter().flat_map(|part| self.texts(file, owner, *part, left)).collect()
            }
            Shape::Member(object, name) if is_this(facts, object) || is_own_class(facts.last_name(object)) => {
                self.property(facts.text(name).trim_start_matches('$'), left)
            }
            Shape::Member(_, name) if matches!(facts.text(name), "rest_base" | "rest_namespace") => self.of_kind(facts.text(name)),
            Shape::Call(_) => self.called(file, owner, value, left),
            Shape::Name(name) if !facts.text(name).starts_with('$') => {
                let mut given = self.classes.names.php_constant(facts.text(name));
                match (given.next(), given.next()) {
                    (Some((home, value)), None) => self.texts(home, None, value, left),
                    _ => Vec::new(),
                }
            }
            Shape::Name(name) => self.local(file, owner, name, value, left),
            _ => self.classes.texts(file, owner, value),
        };
        if found.len() > MOST { Vec::new() } else { found }
    }

    fn is_own(&self, file: FileId, value: ValueId) -> bool {
        let facts = self.classes.facts(file);
        matches!(facts.value(value).shape, Shape::Member(object, _) if is_this(facts, object))
    }

    /// What the kind of post gives, once it is known which.
    fn of_kind(&self, what: &str) -> Vec<String> {
        self.needs_kind.set(true);
        let given = self.kind.map(|kind| if what == "rest_base" { kind.base.clone() } else { kind.namespace.clone() });
        given.into_iter().collect()
    }

    /// A variable, as far as one value goes to it.
    fn local(&self, file: FileId, owner: Option<DefinitionId>, name: crate::facts::Text, at: ValueId, left: u32) -> Vec<String> {
        let facts = self.classes.facts(file);
        let known = self.classes.texts(file, owner, at);
        if !known.is_empty() {
            return known;
        }
        let bound = self.classes.locals(file).of_name(owner, name).iter().rev();
        let before = bound.map(|row| &facts.bindings[row.binding as usize]).find(|binding| binding.target.0 < at.0);
        before.and_then(|binding| binding.value).map_or_else(Vec::new, |value| self.texts(file, owner, value, left))
    }

    /// What a property of the class is given: in the nearest class that assigns it, constructors first, else where it is declared.
    fn property(&self, name: &str, left: u32) -> Vec<String> {
        let Some(class) = self.class.or_else(|| self.classes.facts(self.file).class_around(self.owner).map(|class| (self.file, class)))
        else {
            return Vec::new();
        };
        for above in self.classes.line(class).collect::<Vec<_>>() {
            let facts = self.classes.facts(above.0);
            let mut given: Vec<(bool, ValueId)> = Vec::new();
            for index in self.classes.bound_members(above, name) {
                let binding = &facts.bindings[*index as usize];
                let function = facts.function_around(binding.owner).map(|function| facts.text(facts.definition(function).name));
                given.extend(binding.value.map(|value| (function != Some("__construct"), value)));
            }
            given.sort_by_key(|(elsewhere, _)| *elsewhere);
            let home = |value: ValueId| facts.owner_of(value);
            if let Some((_, value)) = given.first() {
                let found = self.texts(above.0, home(*value), *value, left);
                if !found.is_empty() || self.needs_kind.get() {
                    return found;
                }
            }
        }
        match self.classes.value_of(class, name).or_else(|| self.classes.value_of(class, &format!("${name}"))) {
            Some((home, value)) => self.texts(home, self.classes.facts(home).owner_of(value), value, left),
            None => Vec::new(),
        }
    }

    /// `sprintf( '/%s', $this->rest_base )`, `trailingslashit( ... )`, `$this->get_base()`
    fn called(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Vec<String> {
        let facts = self.classes.facts(file);
        let Some(call) = facts.as_call(value) else { return Vec::new() };
        let arguments = facts.arguments_of(call);
        let argument = |place: usize| arguments.get(place).map_or_else(Vec::new, |argument| self.texts(file, owner, argument.value, left));
        if let Shape::Member(object, name) = facts.value(call.callee).shape {
            let own = is_this(facts, object) || is_own_class(facts.last_name(object));
            let class = self.class.filter(|_| own);
            let Some((home, method)) = class.and_then(|class| self.classes.method(class, facts.text(name))) else { return Vec::new() };
            let there = self.classes.facts(home);
            let mut returned = there.returned.iter().filter(|(function, _)| *function == method);
            return match (returned.next(), returned.next()) {
                (Some((_, value)), None) => self.texts(home, Some(method), *value, left),
                _ => Vec::new(),
            };
        }
        match facts.last_name(call.callee) {
            Some("sprintf") => {
                let mut found = argument(0);
                for place in 1..arguments.len() {
                    let given = argument(place);
                    found = found.iter().flat_map(|text| given.iter().map(move |given| filled(text, given))).take(MOST).collect();
                }
                found
            }
            Some("trailingslashit") => argument(0).into_iter().map(|text| format!("{}/", text.trim_end_matches('/'))).collect(),
            Some("untrailingslashit") => argument(0).into_iter().map(|text| text.trim_end_matches('/').to_owned()).collect(),
            _ => Vec::new(),
        }
    }
}

fn is_own_class(name: Option<&str>) -> bool {
    matches!(name, Some("self" | "static"))
}

/// A format with its first place taken.
fn filled(format: &str, given: &str) -> String {
    let first = ["%s", "%d", "%1$s", "%2$s", "%3$s"].iter().filter_map(|mark| Some((format.find(mark)?, mark.len()))).min();
    first.map_or_else(|| format.to_owned(), |(at, length)| format!("{}{given}{}", &format[..at], &format[at + length..]))
}

/// Every first part with every second part.
fn together(first: Vec<String>, second: &[String]) -> Vec<String> {
    if first.len() * second.len() > MOST {
        return Vec::new();
    }
    first.iter().flat_map(|before| second.iter().map(move |after| format!("{before}{after}"))).collect()
}

/// The methods behind a constant of the interface's server.
fn by_constant(name: &str) -> &'static [Method] {
    match name {
        "READABLE" => &[Method::Get],
        "CREATABLE" => &[Method::Post],
        "EDITABLE" => &[Method::Post, Method::Put, Method::Patch],
        "DELETABLE" => &[Method::Delete],
        "ALLMETHODS" => &[Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete],
        _ => &[],
    }
}

/// Routes that the server has from the beginning: `$this->endpoints = array( '/batch/v1' => array( 'callback' => ... ) )`.
fn server(classes: &PhpClasses<'_>, out: &mut Vec<Route>) {
    for file in classes.files() {
        let facts = classes.facts(file);
        if facts.texts.find("endpoints").is_none() || facts.texts.find("namespaces").is_none() {
            continue;
        }
        for binding in &facts.bindings {
            let (Shape::Member(object, name), Some(value)) = (facts.value(binding.target).shape, binding.value) else { continue };
            let Shape::Map(entries) = facts.value(value).shape else { continue };
            if !is_this(facts, object) || facts.text(name) != "endpoints" {
                continue;
            }
            for entry in &facts.entries[entries.range()] {
                let Some(path) = entry.key.and_then(|key| facts.as_literal(key)).filter(|path| path.starts_with('/')) else { continue };
                let handler = option(facts, entry.value, "callback").and_then(|value| callable(classes, file, binding.owner, None, value));
                let word = option(facts, entry.value, "methods").and_then(|value| facts.as_literal(value));
                let method = word.and_then(Method::of).unwrap_or(Method::Get);
                let registered = (file, facts.value(entry.value).line);
                let path = format!("{ROOT}{}", path.trim_end_matches('/'));
                out.extend(handler.map(|handler| route(path, method, &handler, registered, 100)));
            }
        }
    }
}

/// Every namespace has a list of its routes, which the server hands out.
fn indexes(classes: &PhpClasses<'_>, start: usize, out: &mut Vec<Route>) {
    let mut servers =
        classes.files().flat_map(|file| classes.classes_of(file)).filter(|class| classes.bare_name(*class) == "WP_REST_Server");
    let Some(server) = servers.next() else { return };
    let Some((file, method)) = classes.method(server, "get_namespace_index") else { return };
    let line = classes.facts(file).definition(method).span.line;
    let handler = Handler { name: format!("{}::get_namespace_index", classes.shown_name(server)), place: Some((file, line)) };
    let mut spaces: BTreeMap<String, (FileId, u32)> = BTreeMap::new();
    for known in out[start..].iter().filter(|known| known.registered.0 != file) {
        // A namespace is a name and a version.
        let mut parts = known.path.trim_start_matches(ROOT).split('/').skip(1);
        if let (Some(name), Some(version)) = (parts.next(), parts.next()) {
            let first = spaces.entry(format!("{ROOT}/{name}/{version}")).or_insert(known.registered);
            *first = (*first).min(known.registered);
        }
    }
    out.extend(spaces.into_iter().map(|(path, registered)| route(path, Method::Get, &handler, registered, BY_KIND)));
}
