//! Routes of Laravel and Lumen: what files of routes register, below the groups they stand in and the places that load them.
//!
//! A group is a closure or a file that is handed to `group`. So what holds for a route is found from the inside out: the chain
//! of its own call, the group around it, the group around that, and for a file whatever loads it.

mod actions;
mod attributes;
mod mounts;
mod resources;
mod verbs;

use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::Ancestor;
use crate::frameworks::php::PhpClasses;
use crate::frameworks::routes::{Method, Route};
use crate::frameworks::{OpenCall, StringReference};
use attributes::Context;
pub(in crate::frameworks) use attributes::named;
use mounts::Mount;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The classes a chain of routes begins with, in small letters.
const FACADES: [&str; 2] = ["illuminate\\support\\facades\\route", "route"];

/// Types of a variable that routes are registered on.
const ROUTERS: [&str; 5] = [
    "illuminate\\routing\\router",
    "illuminate\\contracts\\routing\\registrar",
    "illuminate\\routing\\routeregistrar",
    "laravel\\lumen\\routing\\router",
    "laravel\\lumen\\application",
];

/// Words that only a file which registers or loads routes has.
const WORDS: [&str; 5] = ["Route", "$router", "withRouting", "loadRoutesFrom", "router"];

/// How many groups and files stand around each other at most.
const DEEPEST: u32 = 24;

/// What stands before the handler of a route, by path, method and handler.
pub(in crate::frameworks) type Middleware = BTreeMap<(String, Method, String), Vec<String>>;

/// What stands before the handlers of all routes, by the names it is written with.
pub(in crate::frameworks) fn middleware(classes: &PhpClasses<'_>) -> Middleware {
    walk(classes, &mut Vec::new(), &mut Vec::new(), &mut Vec::new())
}

/// Collects the routes of every file of the application.
pub(in crate::frameworks) fn collect(
    classes: &PhpClasses<'_>,
    out: &mut Vec<Route>,
    open: &mut Vec<OpenCall>,
    references: &mut Vec<StringReference>,
) {
    walk(classes, out, open, references);
}

fn walk(classes: &PhpClasses<'_>, out: &mut Vec<Route>, open: &mut Vec<OpenCall>, references: &mut Vec<StringReference>) -> Middleware {
    let speaks_of_routes = |file: &FileId| classes.facts(*file).texts.iter().any(|(_, text)| WORDS.contains(&text));
    let views: BTreeMap<FileId, View<'_>> = classes.files().filter(speaks_of_routes).map(|file| (file, View::of(classes, file))).collect();
    let mut scan = Scan { classes, views, mounts: BTreeMap::new(), known: RefCell::default(), before: RefCell::default() };
    scan.mounts = mounts::find(&scan);
    for (file, view) in &scan.views {
        let start = out.len();
        for call in &view.facts.calls {
            verbs::call(&scan, *file, call, out, open);
        }
        named_by_text(classes, *file, &out[start..], references);
    }
    mounts::health(&scan, out);
    scan.before.into_inner()
}

/// A file of routes depends on the controllers that it names in strings, whose namespace may be said around them.
fn named_by_text(classes: &PhpClasses<'_>, file: FileId, routes: &[Route], out: &mut Vec<StringReference>) {
    let facts = classes.facts(file);
    let mentioned: BTreeSet<FileId> = facts
        .mentions
        .iter()
        .filter_map(|mention| match classes.named(file, mention.value)? {
            Ancestor::Ours(class) => Some(class.0),
            Ancestor::Outside(_) => None,
        })
        .collect();
    for route in routes {
        let Some((to, _)) = route.handled.filter(|(to, _)| *to != file && !mentioned.contains(to)) else { continue };
        let Some((class, method)) = route.handler.split_once('@') else { continue };
        let bare = class.rsplit('\\').next().unwrap_or(class);
        out.push(StringReference {
            from: file,
            line: route.registered.1,
            owner: None,
            to,
            symbol: Some(bare.to_owned()),
            text: format!("'{bare}@{method}'"),
            deferred: true,
            certainty: Certainty(90),
            rule: "a route names its controller".into(),
        });
    }
}

/// A file that registers routes.
struct View<'a> {
    facts: &'a FileFacts,
    /// Closures that are handed to `group`, and the call.
    groups: FxHashMap<DefinitionId, usize>,
    /// What is called on the result of a call.
    next: FxHashMap<ValueId, usize>,
}

impl<'a> View<'a> {
    fn of(classes: &PhpClasses<'a>, file: FileId) -> Self {
        let facts = classes.facts(file);
        let (mut groups, mut next) = (FxHashMap::default(), FxHashMap::default());
        for (index, call) in facts.calls.iter().enumerate() {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            next.insert(object, index);
            if facts.text(name) == "group" {
                for argument in facts.arguments_of(call) {
                    if let Shape::Inline(function) = facts.value(argument.value).shape {
                        groups.insert(function, index);
                    }
                }
            }
        }
        Self { facts, groups, next }
    }
}

/// A file, or a definition in it.
type Inside = (FileId, Option<DefinitionId>);

/// What every part of this folder asks.
struct Scan<'a> {
    classes: &'a PhpClasses<'a>,
    views: BTreeMap<FileId, View<'a>>,
    /// By file: the places that load it.
    mounts: BTreeMap<FileId, Vec<Mount>>,
    known: RefCell<FxHashMap<Inside, Rc<[Context]>>>,
    before: RefCell<Middleware>,
}

impl Scan<'_> {
    /// What holds inside a definition: one context for every way the code is reached.
    fn contexts(&self, file: FileId, owner: Option<DefinitionId>, left: u32) -> Rc<[Context]> {
        if let Some(known) = self.known.borrow().get(&(file, owner)) {
            return Rc::clone(known);
        }
        let found: Rc<[Context]> = match (left.checked_sub(1), owner) {
            (None, _) => Rc::from([Context::default()]),
            (Some(left), Some(definition)) => self.inside(file, definition, left),
            (Some(left), None) => self.of_file(file, left),
        };
        self.known.borrow_mut().insert((file, owner), Rc::clone(&found));
        found
    }

    fn inside(&self, file: FileId, definition: DefinitionId, left: u32) -> Rc<[Context]> {
        let facts = self.classes.facts(file);
        let view = self.views.get(&file);
        match view.and_then(|view| view.groups.get(&definition)) {
            Some(group) if self.is_router(file, facts.calls[*group].callee) => {
                let call = &facts.calls[*group];
                let around = self.contexts(file, facts.owner_of(call.value), left);
                attributes::of_chain(self, file, call, &around).into()
            }
            _ => self.contexts(file, facts.definition(definition).owner, left),
        }
    }

    fn of_file(&self, file: FileId, left: u32) -> Rc<[Context]> {
        let Some(mounts) = self.mounts.get(&file) else { return Rc::from([self.by_convention(file)]) };
        let mut found: Vec<Context> = Vec::new();
        for mount in mounts {
            let around = self.contexts(mount.from, mount.owner, left);
            for context in mount.apply(self, &around) {
                if !found.contains(&context) {
                    found.push(context);
                }
            }
        }
        found.into()
    }

    /// What the framework's skeleton does where nothing in the tree loads a file of routes.
    fn by_convention(&self, file: FileId) -> Context {
        let path = self.classes.base.path(file);
        let (prefix, sure) = match path {
            path if path.ends_with("routes/api.php") => ("api", 80),
            path if path.contains("routes") => ("", 90),
            _ => ("", 100),
        };
        Context { prefix: prefix.to_owned(), sure, ..Context::default() }
    }

    /// True where a chain of calls begins with the router: its facade, a variable of its type, or one that a group hands over.
    fn is_router(&self, file: FileId, callee: ValueId) -> bool {
        let facts = self.classes.facts(file);
        let mut at = callee;
        loop {
            match facts.value(at).shape {
                Shape::Member(object, name) if facts.as_name(object).is_some_and(|this| facts.text(this) == "$this") => {
                    return facts.text(name) == "router";
                }
                Shape::Member(object, _) => at = object,
                Shape::Call(_) => {
                    let Some(call) = facts.as_call(at) else { return false };
                    if facts.as_name(call.callee).is_some() {
                        return is_made_router(facts, call);
                    }
                    at = call.callee;
                }
                Shape::Item(_, index) => return facts.as_literal(index) == Some("router"),
                Shape::Name(name) => return self.is_root(file, at, facts.text(name)),
                _ => return false,
            }
        }
    }

    fn is_root(&self, file: FileId, value: ValueId, name: &str) -> bool {
        if !name.starts_with('$') {
            return match self.classes.named(file, value) {
                Some(Ancestor::Outside(full)) => FACADES.contains(&full.as_str()),
                Some(Ancestor::Ours(class)) => self.classes.is_below(class, &FACADES) || self.classes.full_name(class) == "route",
                None => false,
            };
        }
        if name == "$router" {
            return true;
        }
        // A parameter of its type, or the first of a group's closure.
        let facts = self.classes.facts(file);
        let mut owner = facts.owner_of(value);
        while let Some(id) = owner {
            let definition = facts.definition(id);
            let parameters = &facts.parameters[definition.parameters.range()];
            if let Some(place) = parameters.iter().position(|parameter| facts.text(parameter.name) == name) {
                let written = parameters[place].annotation.and_then(|written| self.classes.named(file, written));
                return match written {
                    Some(Ancestor::Outside(full)) => ROUTERS.contains(&full.as_str()),
                    Some(Ancestor::Ours(_)) => false,
                    None => place == 0 && self.views.get(&file).is_some_and(|view| view.groups.contains_key(&id)),
                };
            }
            owner = definition.owner;
        }
        false
    }
}

/// `app('router')`, `resolve('router')`
fn is_made_router(facts: &FileFacts, call: &Call) -> bool {
    let first = facts.arguments_of(call).first().and_then(|argument| facts.as_literal(argument.value));
    matches!(facts.last_name(call.callee), Some("app" | "resolve")) && first == Some("router")
}
