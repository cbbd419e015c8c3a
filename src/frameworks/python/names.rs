//! Names: what they are given, in which order, and what is added to it later.

use super::{Evaluator, Kind, Object, Scope, Thing};
use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, Shape, Text, ValueId};
use crate::names::Named;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Methods that put something into a list or map.
const ADDERS: [&str; 4] = ["append", "extend", "insert", "update"];

/// Something that happens to a name.
enum Event {
    Bound { binding: u32, place: Option<u32> },
    Added { call: u32, how: &'static str },
}

impl<'a> Evaluator<'a> {
    /// What a name means where it stands.
    pub(super) fn name(&self, scope: &Scope, name: Text, at: ValueId, left: u32) -> Thing {
        if let Some(thing) = scope.holds(name) {
            return thing.clone();
        }
        let facts = self.facts(scope.file);
        let locals = self.classes.locals(scope.file);
        let mut owner = scope.owner;
        while let Some(id) = owner {
            let definition = facts.definition(id);
            // Names of a class are seen in its body, not in its methods.
            let seen = scope.owner == Some(id) || !definition.kind.is_type();
            if seen && let Some(inner) = locals.inner(facts, id, facts.text(name)).last() {
                return Thing::Definition(scope.file, *inner);
            }
            if seen && !locals.of_name(Some(id), name).is_empty() {
                let before = (scope.owner == Some(id)).then_some(at);
                return self.variable(&Scope { owner: Some(id), ..scope.clone() }, name, before, left);
            }
            let parameters = &facts.parameters[definition.parameters.range()];
            if !definition.kind.is_type()
                && let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name)
            {
                return parameter.default.map_or(Thing::Unknown, |default| self.eval(scope, default, left));
            }
            owner = definition.owner;
        }
        match self.classes.names.named(self.classes.base, scope.file, scope.owner, at) {
            Named::Variable(home, text) if home == scope.file => {
                let before = scope.owner.is_none().then_some(at);
                self.variable(&Scope { owner: None, ..scope.clone() }, text, before, left)
            }
            Named::Unknown => builtin(facts.text(name)),
            named => self.meant(named, left),
        }
    }

    /// What a resolved name stands for.
    pub(super) fn meant(&self, named: Named, left: u32) -> Thing {
        match named {
            Named::Definition(file, id) => Thing::Definition(file, id),
            Named::Variable(file, name) => self.variable(&Scope::at(file, None), name, None, left),
            Named::Module(file) => Thing::Module(file),
            Named::Outside(path) => Thing::Outside(path.into()),
            Named::Path(_) | Named::Unknown => Thing::Unknown,
        }
    }

    /// What a name of a module holds.
    pub(in crate::frameworks) fn in_module(&self, file: FileId, name: &str) -> Thing {
        self.member_of_module(file, name, super::DEEPEST)
    }

    pub(super) fn member_of_module(&self, file: FileId, name: &str, left: u32) -> Thing {
        let names = self.classes.names;
        match names.named_in(self.classes.base, file, name) {
            Named::Unknown => {
                let folder = names.tree().package_folder(file);
                folder.and_then(|folder| names.tree().python_module(folder, name)).map_or(Thing::Unknown, Thing::Module)
            }
            named => self.meant(named, left),
        }
    }

    /// What a name holds in a scope, all that is done to it before a place taken together; no place stands for the end.
    pub(super) fn variable(&self, scope: &Scope, name: Text, before: Option<ValueId>, left: u32) -> Thing {
        let memo = (scope.owner.is_none() && before.is_none()).then_some((scope.file, name));
        if let Some(known) = memo.and_then(|memo| self.variables.borrow().get(&memo).cloned()) {
            return known;
        }
        let mark = (scope.file, scope.owner.map_or(u32::MAX, |owner| owner.0), name.0);
        if left == 0 || self.running.borrow().contains(&mark) {
            return Thing::Unknown;
        }
        self.running.borrow_mut().push(mark);
        let mut thing = self.put_together(scope, name, before, left);
        self.running.borrow_mut().pop();
        if scope.owner.is_none()
            && let Some(more) = self.added.borrow().get(&(scope.file, name))
        {
            thing = thing.and(more.clone());
        }
        if let Some(memo) = memo
            && self.fuel.get() > 0
        {
            self.variables.borrow_mut().insert(memo, thing.clone());
        }
        thing
    }

    /// Says what other files put into lists of modules; whatever was known of names is forgotten.
    pub(in crate::frameworks) fn note_added(&self, added: FxHashMap<(FileId, Text), Thing>) {
        *self.added.borrow_mut() = added;
        self.variables.borrow_mut().clear();
    }

    fn put_together(&self, scope: &Scope, name: Text, before: Option<ValueId>, left: u32) -> Thing {
        let facts = self.facts(scope.file);
        let mut held = Thing::Unknown;
        for (at, event) in self.events(scope.file, scope.owner, name) {
            if before.is_some_and(|before| at >= before) {
                break;
            }
            let (rounds, open) = self.rounds_within(scope, at, left);
            let mut first = true;
            for round in rounds {
                let round = round.with(name, held.clone());
                let after = self.after(&round, &event, held.clone(), left);
                let grows = matches!(event, Event::Added { .. })
                    || matches!(event, Event::Bound { binding, .. } if facts.bindings[binding as usize].binds == Binds::Augment);
                held = match (grows, open || !first) {
                    (true, true) if open => grown(held, after),
                    (true, _) | (false, false) => after,
                    (false, true) => either(held, after),
                };
                first = false;
            }
        }
        held
    }

    /// Bindings and additions in the order they are written.
    fn events(&self, file: FileId, owner: Option<DefinitionId>, name: Text) -> Vec<(ValueId, Event)> {
        let facts = self.facts(file);
        let locals = self.classes.locals(file);
        let mut events = Vec::new();
        for bound in locals.of_name(owner, name) {
            let binding = &facts.bindings[bound.binding as usize];
            if matches!(binding.binds, Binds::Assign | Binds::Augment | Binds::With) {
                let at = binding.value.unwrap_or(binding.target).max(binding.target);
                events.push((at, Event::Bound { binding: bound.binding, place: bound.place }));
            }
        }
        for how in ADDERS {
            let Some(word) = self.text(file, how) else { continue };
            for index in locals.calls_of(word) {
                let call = &facts.calls[*index as usize];
                let Shape::Member(object, _) = facts.value(call.callee).shape else { continue };
                if facts.as_name(object) == Some(name) && facts.owner_of(call.value) == owner {
                    events.push((call.value, Event::Added { call: *index, how }));
                }
            }
        }
        events.sort_by_key(|(at, _)| *at);
        events
    }

    /// What a name holds after an event.
    fn after(&self, scope: &Scope, event: &Event, held: Thing, left: u32) -> Thing {
        let facts = self.facts(scope.file);
        match *event {
            Event::Bound { binding, place } => {
                let binding = &facts.bindings[binding as usize];
                let Some(value) = binding.value else { return held };
                if place.is_some()
                    && let Some(found) = self.answer(scope.file, value, place, left)
                {
                    return found;
                }
                let thing = self.eval(scope, value, left);
                let thing = match (place, &thing) {
                    (Some(place), Thing::List(items)) => items.get(place as usize).cloned().unwrap_or(Thing::Unknown),
                    (Some(_), _) => Thing::Unknown,
                    (None, _) => thing,
                };
                if binding.binds == Binds::Augment { held.and(thing) } else { thing }
            }
            Event::Added { call, how } => {
                let call = &facts.calls[call as usize];
                let handed = self.handed(scope, call, left);
                let given = |place: usize| handed.get(place).map_or(Thing::Unknown, |(_, thing)| thing.clone());
                match how {
                    "append" => held.and(Thing::List(Rc::from([given(0)]))),
                    "insert" => Thing::List(Rc::from([given(1)])).and(held),
                    _ => held.and(given(0)),
                }
            }
        }
    }

    /// What a look-up by name found: `get_class("shop.views", "Order")`; several where a name is bound by its place.
    pub(super) fn answer(&self, file: FileId, value: ValueId, place: Option<u32>, left: u32) -> Option<Thing> {
        let (home, symbol) = self.classes.answer(file, value).get(place.unwrap_or(0) as usize)?;
        let thing = self.member_of_module(*home, symbol, left);
        (!thing.is_unknown()).then_some(thing)
    }

    /// A name that the language or a library gives to everything: an object nobody here makes.
    pub(super) fn made(&self, scope: &Scope, value: ValueId, kind: Kind, arguments: Vec<(Option<Rc<str>>, Thing)>) -> Thing {
        Thing::Object(Rc::new(Object { site: (scope.file, Some(value)), kind, arguments }))
    }
}

/// What was added under a condition counts less than what was there.
fn grown(held: Thing, after: Thing) -> Thing {
    match (&held, &after) {
        (Thing::List(old), Thing::List(new)) if new.len() >= old.len() => {
            let behind = new.len() - old.len();
            let old_first = old.first().zip(new.first()).is_none_or(|(a, b)| same(a, b));
            let (kept, added) = if old_first { (0..old.len(), old.len()..new.len()) } else { (behind..new.len(), 0..behind) };
            let added: Vec<Thing> = new[added].iter().cloned().map(Thing::perhaps).collect();
            Thing::List(new[kept].iter().cloned().chain(added).collect())
        }
        _ => after,
    }
}

fn same(a: &Thing, b: &Thing) -> bool {
    match (a, b) {
        (Thing::Pattern(a), Thing::Pattern(b)) => Rc::ptr_eq(a, b),
        _ => true,
    }
}

/// One value or another: of lists both, else the one that is known, the first of two.
fn either(held: Thing, after: Thing) -> Thing {
    match (&held, &after) {
        (Thing::List(old), Thing::List(new)) => {
            let has = |thing: &Thing| {
                old.iter().any(|known| matches!((known, thing), (Thing::Pattern(a), Thing::Pattern(b)) if Rc::ptr_eq(a, b)))
            };
            let added: Vec<Thing> = new.iter().filter(|thing| !has(thing)).cloned().map(Thing::perhaps).collect();
            Thing::List(old.iter().cloned().chain(added).collect())
        }
        (Thing::Unknown | Thing::Nothing, _) => after,
        (Thing::List(_), Thing::Unknown | Thing::Nothing) | (_, Thing::Unknown) => held,
        (Thing::Truth(_), _) => after,
        _ => held,
    }
}

/// The functions of Python itself that matter here.
fn builtin(name: &str) -> Thing {
    const KNOWN: [&str; 18] = [
        "list",
        "tuple",
        "set",
        "sorted",
        "reversed",
        "getattr",
        "hasattr",
        "callable",
        "dict",
        "str",
        "len",
        "isinstance",
        "issubclass",
        "super",
        "enumerate",
        "zip",
        "filter",
        "frozenset",
    ];
    if KNOWN.contains(&name) { Thing::Outside(format!("builtins.{name}").into()) } else { Thing::Unknown }
}
