//! Applications, routers and blueprints that are put into each other, and the routes that are written on them.

use super::{Evaluator, HOLE, Object, Scope, Site, Thing};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, Definition, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::django::routes::name_of;
use crate::frameworks::routes::{Method, Route, paths};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// How deep routers are put into each other.
const DEEPEST: usize = 20;

/// What something is for routes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum Role {
    /// Stands at the top unless it is mounted.
    App,
    /// Answers only where something mounts it.
    Router,
}

/// A route as it is written on something.
pub(in crate::frameworks) struct Written {
    /// What it is written on; none where nobody can tell.
    pub(in crate::frameworks) on: Option<Site>,
    pub(in crate::frameworks) path: String,
    pub(in crate::frameworks) methods: Vec<Method>,
    pub(in crate::frameworks) handler: String,
    pub(in crate::frameworks) handled: Option<(FileId, u32)>,
    pub(in crate::frameworks) name: Option<String>,
    pub(in crate::frameworks) at: (FileId, u32),
}

/// Something put into something else.
struct Mount {
    onto: Option<Site>,
    prefix: Option<String>,
    open: bool,
}

/// Everything that is mounted and written.
#[derive(Default)]
pub(in crate::frameworks) struct Mounts {
    objects: FxHashMap<Site, (Role, String, Rc<Object>)>,
    mounts: FxHashMap<Site, Vec<Mount>>,
    pub(in crate::frameworks) written: Vec<Written>,
    /// What names of routes begin with, by what they are written on.
    labels: FxHashMap<Site, String>,
    /// Something was mounted and nobody can tell what.
    lost: bool,
    /// The prefix of a mount takes the place of a router's own.
    pub(in crate::frameworks) replaces: bool,
}

impl Mounts {
    /// Notes an application or router with its own prefix.
    pub(in crate::frameworks) fn note(&mut self, object: &Rc<Object>, role: Role, prefix: String) {
        self.objects.entry(object.site).or_insert_with(|| (role, prefix, Rc::clone(object)));
    }

    /// Notes that something is mounted; `open` says that it stands under a condition.
    pub(in crate::frameworks) fn mount(&mut self, onto: Option<Site>, what: Option<Site>, prefix: Option<String>, open: bool) {
        match what {
            Some(what) if Some(what) != onto => {
                let known = self.mounts.entry(what).or_default();
                if !known.iter().any(|mount| mount.onto == onto && mount.prefix == prefix) {
                    known.push(Mount { onto, prefix, open });
                }
            }
            Some(_) => {}
            None => self.lost = true,
        }
    }

    /// Notes what names of routes begin with that are written on something: a blueprint's name.
    pub(in crate::frameworks) fn label(&mut self, site: Site, label: String) {
        self.labels.insert(site, label);
    }

    /// The name of a route as links use it: `shop.orders.show` where blueprints are put into each other.
    fn full_name(&self, written: &Written) -> Option<String> {
        // A name with a piece that only running shows is no name that a link could use.
        let mut name = written.name.clone().filter(|name| !name.contains(HOLE))?;
        let mut at = written.on;
        for _ in 0..DEEPEST {
            let Some(label) = at.and_then(|site| self.labels.get(&site)) else { break };
            name = format!("{label}.{name}");
            at = at.and_then(|site| self.mounts.get(&site)?.first()?.onto);
        }
        Some(name)
    }

    /// Where something answers: prefixes with how sure they are.
    fn addresses(&self, site: Site, depth: usize) -> Vec<(String, u8)> {
        let Some((role, own, _)) = self.objects.get(&site) else { return vec![(String::new(), 60)] };
        if depth > DEEPEST {
            return Vec::new();
        }
        let Some(mounts) = self.mounts.get(&site) else {
            return match role {
                Role::App => vec![(own.clone(), 95)],
                Role::Router if self.lost => vec![(own.clone(), 50)],
                Role::Router => Vec::new(),
            };
        };
        let mut found = Vec::new();
        for mount in mounts {
            let above = mount.onto.map_or_else(|| vec![(String::new(), 80)], |onto| self.addresses(onto, depth + 1));
            for (before, sure) in above {
                let own = if self.replaces && mount.prefix.is_some() { "" } else { own };
                let path = format!("{before}{}{own}", mount.prefix.as_deref().unwrap_or(""));
                found.push((path, if mount.open { sure.min(80) } else { sure }));
            }
        }
        found
    }

    /// Whole addresses, and what is written on things that nothing mounts.
    pub(in crate::frameworks) fn finish(self, framework: &'static str, routes: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
        for written in &self.written {
            let prefixes = written.on.map_or_else(|| vec![(String::new(), 60)], |on| self.addresses(on, 0));
            if prefixes.is_empty() {
                open.push(OpenCall {
                    file: written.at.0,
                    line: written.at.1,
                    kind: "route",
                    text: written.path.replace(HOLE, "{}"),
                    reason: "nothing that was read mounts its router".to_owned(),
                });
            }
            let name = self.full_name(written);
            for (prefix, sure) in prefixes {
                let sure = if prefix.contains(HOLE) || written.path.contains(HOLE) { sure.min(60) } else { sure };
                let whole = format!("{}{}", prefix.trim_start_matches(HOLE), written.path).replace(HOLE, "{}");
                for method in &written.methods {
                    routes.push(Route {
                        path: paths::joined(&paths::from_converters(&whole), ""),
                        method: *method,
                        handler: written.handler.clone(),
                        handled: written.handled,
                        registered: written.at,
                        framework,
                        name: name.clone(),
                        certainty: Certainty(sure),
                    });
                }
            }
        }
    }
}

impl Evaluator<'_> {
    /// What something is that routes are written on: also a parameter, by what its function is called with.
    pub(in crate::frameworks) fn receiver(&self, scope: &Scope, value: ValueId) -> Thing {
        let found = self.of(scope, value);
        if !found.is_unknown() {
            return found;
        }
        let facts = self.facts(scope.file);
        let Some(name) = facts.as_name(value) else { return Thing::Unknown };
        let mut owner = scope.owner;
        while let Some(id) = owner {
            let definition = facts.definition(id);
            let parameters = &facts.parameters[definition.parameters.range()];
            if let Some(place) = parameters.iter().position(|parameter| parameter.name == name) {
                return self.handed_by_callers((scope.file, id), place, facts.text(name));
            }
            owner = definition.owner;
        }
        Thing::Unknown
    }

    /// What a function is handed where it is called, the first that can be told.
    fn handed_by_callers(&self, function: (FileId, DefinitionId), place: usize, keyword: &str) -> Thing {
        for (scope, call, callee) in self.callers(function) {
            let behind = usize::from(matches!(callee, Thing::Method(_)));
            let given = place.checked_sub(behind).and_then(|place| self.facts(scope.file).argument(call, place, keyword));
            let thing = given.map_or(Thing::Unknown, |value| self.of(&scope, value));
            if !thing.is_unknown() {
                return thing;
            }
        }
        Thing::Unknown
    }

    /// Calls of a function or method of the tree: where, the call, and what is called there.
    fn callers(&self, (file, function): (FileId, DefinitionId)) -> Vec<(Scope, &Call, Thing)> {
        let base = self.classes.base;
        let name = self.facts(file).text(self.facts(file).definition(function).name);
        let mut found = Vec::new();
        for caller in base.ids().filter(|caller| super::is_python(base, *caller)) {
            let facts = base.facts(caller);
            let Some(word) = facts.texts.find(name) else { continue };
            for index in self.classes.locals(caller).calls_of(word) {
                let call = &facts.calls[*index as usize];
                let scope = Scope::at(caller, facts.owner_of(call.value));
                let callee = self.of(&scope, call.callee);
                let is_it = match &callee {
                    Thing::Definition(home, id) => (*home, *id) == (file, function),
                    Thing::Method(method) => (method.1, method.2) == (file, function),
                    _ => false,
                };
                if is_it {
                    found.push((scope, call, callee));
                }
            }
        }
        found
    }

    /// The scopes a call that registers something is made in, each with the line that says what: where it hands on
    /// parameters of its function, those are the calls of that function.
    pub(in crate::frameworks) fn scopes_of(&self, file: FileId, call: &Call) -> Vec<(Scope, (FileId, u32))> {
        let facts = self.facts(file);
        let own = vec![(Scope::at(file, facts.owner_of(call.value)), (file, facts.value(call.value).line))];
        let Some(function) = facts.owner_of(call.value).filter(|owner| !facts.definition(*owner).kind.is_type()) else { return own };
        let parameters = &facts.parameters[facts.definition(function).parameters.range()];
        let is_parameter = |value: ValueId| facts.as_name(value).is_some_and(|name| parameters.iter().any(|one| one.name == name));
        if !facts.arguments_of(call).iter().any(|argument| is_parameter(argument.value)) {
            return own;
        }
        let mut entered = Vec::new();
        for (scope, outer, callee) in self.callers((file, function)) {
            let line = (scope.file, self.facts(scope.file).value(outer.value).line);
            for round in self.rounds(&scope, outer.value).0 {
                entered.extend(self.inside(&callee, &self.arguments(&round, outer).arguments).map(|scope| (scope, line)));
            }
        }
        if entered.is_empty() { own } else { entered }
    }

    /// The object a value is.
    pub(in crate::frameworks) fn object_at(&self, scope: &Scope, value: ValueId) -> Option<Rc<Object>> {
        match self.receiver(scope, value) {
            Thing::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The name, file and line of what answers.
    pub(in crate::frameworks) fn handler(&self, file: FileId, id: DefinitionId) -> (String, Option<(FileId, u32)>) {
        (name_of(self, file, id), Some((file, self.facts(file).definition(id).span.line)))
    }

    /// The methods of a class that answer requests, by their names.
    pub(in crate::frameworks) fn verbs_of(&self, class: (FileId, DefinitionId)) -> Vec<(Method, FileId, DefinitionId)> {
        let verbs = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
        let found = verbs.into_iter().filter_map(|verb| {
            let (file, id) = self.method(class, &verb.word().to_lowercase())?;
            Some((verb, file, id))
        });
        found.collect()
    }

    /// The receiver of a method call: `app` of `app.mount`.
    pub(in crate::frameworks) fn called_on(&self, file: FileId, callee: ValueId) -> Option<ValueId> {
        match self.facts(file).value(callee).shape {
            Shape::Member(object, _) => Some(object),
            _ => None,
        }
    }
}

/// A text, with a hole where nobody can tell.
pub(in crate::frameworks) fn text_of(thing: &Thing) -> String {
    match thing {
        Thing::Text(text) => text.to_string(),
        _ => HOLE.to_string(),
    }
}

/// A function or class that a method of something decorates: `@app.get('/a')`.
pub(in crate::frameworks) struct Decorated<'f> {
    pub(in crate::frameworks) id: DefinitionId,
    pub(in crate::frameworks) definition: &'f Definition,
    pub(in crate::frameworks) line: u32,
    pub(in crate::frameworks) call: &'f Call,
    pub(in crate::frameworks) object: ValueId,
    pub(in crate::frameworks) verb: &'f str,
}

/// What methods of these names decorate, in the order of the file.
pub(in crate::frameworks) fn decorated_by<'f>(facts: &'f FileFacts, verbs: &'f [&str]) -> impl Iterator<Item = Decorated<'f>> {
    let each = facts
        .definitions()
        .flat_map(|(id, definition)| facts.items(definition.decorators).iter().map(move |decorator| (id, definition, *decorator)));
    each.filter_map(|(id, definition, decorator)| {
        let call = facts.as_call(decorator)?;
        let Shape::Member(object, verb) = facts.value(call.callee).shape else { return None };
        let verb = facts.text(verb);
        let line = facts.value(decorator).line;
        verbs.contains(&verb).then_some(Decorated { id, definition, line, call, object, verb })
    })
}

/// The words a file uses among those that matter.
pub(in crate::frameworks) fn words_used(facts: &FileFacts, wanted: &[&'static str]) -> Vec<(&'static str, Text)> {
    facts.texts.iter().filter_map(|(id, text)| wanted.iter().find(|word| **word == text).map(|word| (*word, id))).collect()
}

/// True where some file of Python imports from one of these packages.
pub(in crate::frameworks) fn imports_any(base: &crate::names::FactBase, packages: &[&str]) -> bool {
    base.ids().filter(|file| super::is_python(base, *file)).any(|file| imports_in(base.facts(file), packages))
}

/// True for a file that imports from one of these packages.
pub(in crate::frameworks) fn imports_in(facts: &FileFacts, packages: &[&str]) -> bool {
    facts.imports.iter().any(|import| {
        let crate::facts::Target::Dotted { level: 0, path } = import.target else { return false };
        packages.contains(&facts.text(path).split('.').next().unwrap_or(""))
    })
}
