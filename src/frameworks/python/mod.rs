//! What expressions of Python stand for: lists that are put together in several places, texts, classes, objects and the
//! functions that make them. Frameworks ask it for URLs, which are code in Python.
//!
//! Nothing is run: names are followed to what they are given, functions to what they hand back, loops over lists that are
//! written down. Whatever else there is stays unknown.

mod calls;
mod classes;
mod library;
pub(super) mod mounts;
mod names;
mod things;

pub(super) use things::{HOLE, Kind, Object, Pattern, Scope, Site, Thing, View};

use super::Model;
use super::django;
use super::fastapi;
use super::flask;
use super::orm::{ClassId, Classes};
use crate::base::{FileId, Language};
use crate::facts::{Binds, BlockKind, DefinitionId, FileFacts, Shape, Stretch, Text, ValueId};
use crate::names::{FactBase, Names};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// How deep functions, names and lists are followed into each other.
const DEEPEST: u32 = 60;

/// How many expressions one question may look at; the largest URLconf met needs a tenth of it.
const MOST: u32 = 400_000;

/// What is known about one file beyond its facts; made when first asked for.
struct Known<'a> {
    /// Names and literals by their text.
    texts: FxHashMap<&'a str, Text>,
    /// What functions hand back.
    returned: FxHashMap<DefinitionId, Vec<ValueId>>,
}

/// Finds out what expressions stand for.
pub(super) struct Evaluator<'a> {
    /// Who inherits from whom.
    pub(super) classes: &'a Classes<'a>,
    known: Vec<OnceCell<Known<'a>>>,
    variables: RefCell<FxHashMap<(FileId, Text), Thing>>,
    /// Variables and functions that are being looked at, so that nothing asks itself.
    running: RefCell<Vec<(FileId, u32, u32)>>,
    fuel: Cell<u32>,
    apps: OnceCell<Vec<ClassId>>,
    /// Applications that somebody asked for by their label.
    noted: RefCell<Vec<ClassId>>,
    /// What is registered with routers, by the router: filled before anything is asked.
    pub(super) registered: RefCell<FxHashMap<Site, Vec<Registered>>>,
    /// What other files put into lists of a module, by the list: filled before routes are asked for.
    added: RefCell<FxHashMap<(FileId, Text), Thing>>,
}

/// One `router.register(...)`.
#[derive(Clone, Debug)]
pub(super) struct Registered {
    /// What it was called with, as if it made an object.
    pub(super) call: Rc<Object>,
    /// Where.
    pub(super) at: (FileId, u32),
}

impl<'a> Evaluator<'a> {
    /// Over everything that was read.
    pub(super) fn new(classes: &'a Classes<'a>) -> Self {
        Self {
            classes,
            known: classes.base.files.iter().map(|_| OnceCell::new()).collect(),
            variables: RefCell::default(),
            running: RefCell::default(),
            fuel: Cell::new(MOST),
            apps: OnceCell::new(),
            noted: RefCell::default(),
            registered: RefCell::default(),
            added: RefCell::default(),
        }
    }

    /// The facts of a file.
    pub(super) fn facts(&self, file: FileId) -> &'a FileFacts {
        self.classes.base.facts(file)
    }

    fn known(&self, file: FileId) -> &Known<'a> {
        self.known[file.index()].get_or_init(|| {
            let facts = self.facts(file);
            let mut returned: FxHashMap<DefinitionId, Vec<ValueId>> = FxHashMap::default();
            for (function, value) in &facts.returned {
                returned.entry(*function).or_default().push(*value);
            }
            Known { texts: facts.texts.iter().map(|(id, text)| (text, id)).collect(), returned }
        })
    }

    /// What a variable of the settings is given first: the files are asked that say where URLs begin.
    pub(super) fn setting(&self, name: &str) -> Thing {
        let base = self.classes.base;
        for file in base.ids().filter(|file| is_python(base, *file)) {
            let holds = |word: &str| self.facts(file).texts.find(word).is_some();
            if holds("ROOT_URLCONF") && holds(name) {
                let found = self.in_module(file, name);
                if !found.is_unknown() {
                    return found;
                }
            }
        }
        Thing::Unknown
    }

    /// The id a text has in a file.
    pub(super) fn text(&self, file: FileId, text: &str) -> Option<Text> {
        self.known(file).texts.get(text).copied()
    }

    /// What an expression stands for, asked from outside.
    pub(super) fn of(&self, scope: &Scope, value: ValueId) -> Thing {
        self.fuel.set(MOST);
        self.eval(scope, value, DEEPEST)
    }

    /// What a call from outside is handed, as if it made an object.
    pub(super) fn arguments(&self, scope: &Scope, call: &crate::facts::Call) -> Rc<Object> {
        self.fuel.set(MOST);
        let kind = Kind::Outside(Rc::from(""));
        Rc::new(Object { site: (scope.file, Some(call.value)), kind, arguments: self.handed(scope, call, DEEPEST) })
    }

    /// What an expression stands for.
    fn eval(&self, scope: &Scope, value: ValueId, left: u32) -> Thing {
        let fuel = self.fuel.get();
        if left == 0 || fuel == 0 {
            return Thing::Unknown;
        }
        self.fuel.set(fuel - 1);
        let left = left - 1;
        let facts = self.facts(scope.file);
        match facts.value(value).shape {
            Shape::Name(name) => self.name(scope, name, value, left),
            Shape::Member(object, name) => self.member_at(scope, value, object, name, left),
            // What is no plain index is a slice, or counts from the end.
            Shape::Item(_, index) if matches!(facts.value(index).shape, Shape::Other(_)) => Thing::Unknown,
            Shape::Item(object, index) => self.item(&self.eval(scope, object, left), &self.eval(scope, index, left)),
            Shape::Call(call) => self.call(scope, &facts.calls[call.0 as usize], left),
            Shape::Literal(text) => Thing::text(facts.text(text)),
            Shape::Template(parts) => {
                Thing::text(&facts.items(parts).iter().map(|part| self.eval(scope, *part, left).piece()).collect::<String>())
            }
            Shape::Joined(one, other) => self.joined(scope, one, other, left),
            Shape::Number(number) => facts.text(number).parse().map_or(Thing::Unknown, Thing::Number),
            Shape::Constant(word) => match facts.text(word) {
                "True" => Thing::Truth(true),
                "False" => Thing::Truth(false),
                "None" => Thing::Nothing,
                _ => Thing::Unknown,
            },
            Shape::List(parts) => self.list(scope, parts, left),
            Shape::Map(entries) => self.map(scope, entries, left),
            Shape::Inline(definition) => Thing::Definition(scope.file, definition),
            Shape::Choice(parts) => self.choice(scope, parts, left),
            Shape::Other(parts) => self.other(scope, parts, left),
        }
    }

    fn joined(&self, scope: &Scope, one: ValueId, other: ValueId, left: u32) -> Thing {
        let (first, second) = (self.eval(scope, one, left), self.eval(scope, other, left));
        // `"%s/x" % name`
        if let Thing::Text(text) = &first
            && text.contains('%')
        {
            let several = second.as_list().map_or_else(|| vec![second.clone()], <[Thing]>::to_vec);
            return Thing::text(&library::percent(text, &several));
        }
        first.and(second)
    }

    fn list(&self, scope: &Scope, parts: Stretch, left: u32) -> Thing {
        let facts = self.facts(scope.file);
        let mut all = Vec::new();
        for part in facts.items(parts) {
            let thing = self.eval(scope, *part, left);
            // `*more` is an expression of one part.
            match (&thing, facts.value(*part).shape) {
                (Thing::List(more), Shape::Other(_)) => all.extend(more.iter().cloned()),
                _ => all.push(thing),
            }
        }
        Thing::List(all.into())
    }

    fn map(&self, scope: &Scope, entries: Stretch, left: u32) -> Thing {
        let facts = self.facts(scope.file);
        let mut all = Thing::Map(Rc::from([]));
        for entry in &facts.entries[entries.range()] {
            let value = self.eval(scope, entry.value, left);
            let key = entry.key.map(|key| self.eval(scope, key, left));
            all = match (key, value) {
                (Some(Thing::Text(key)), value) => all.and(Thing::Map(Rc::from([(key, value)]))),
                (None, more @ Thing::Map(_)) => all.and(more),
                _ => all,
            };
        }
        all
    }

    /// `a or b`, `a if c else b`: the first that is something.
    fn choice(&self, scope: &Scope, parts: Stretch, left: u32) -> Thing {
        let mut found = Thing::Unknown;
        for part in self.facts(scope.file).items(parts) {
            let thing = self.eval(scope, *part, left);
            // `{"a"} | {"b"}` is written the same way as `a or b`.
            if let (Thing::List(_), Thing::List(_)) = (&found, &thing) {
                found = found.and(thing);
                continue;
            }
            match thing.is_true() {
                Some(true) if matches!(thing, Thing::List(_)) && found.is_unknown() => found = thing,
                Some(true) => return thing,
                _ if found.is_unknown() => found = thing,
                _ => {}
            }
        }
        found
    }

    /// A comprehension, or something that hands on its only part: `await x`, `*x`.
    fn other(&self, scope: &Scope, parts: Stretch, left: u32) -> Thing {
        let facts = self.facts(scope.file);
        match facts.items(parts) {
            [only] => self.eval(scope, *only, left),
            [element, source, ..] => {
                let fed = facts.bindings.iter().find(|binding| binding.binds == Binds::Loop && binding.value == Some(*source));
                let Some(binding) = fed else { return Thing::Unknown };
                let Thing::List(items) = self.eval(scope, *source, left) else { return Thing::Unknown };
                let scopes = items.iter().map(|item| self.bound(scope, binding.target, item));
                Thing::List(scopes.map(|scope| self.eval(&scope, *element, left)).collect())
            }
            [] => Thing::Unknown,
        }
    }

    fn item(&self, object: &Thing, index: &Thing) -> Thing {
        match (object, index) {
            (Thing::List(items), Thing::Number(index)) => {
                let place = if *index < 0 { items.len().checked_sub(index.unsigned_abs() as usize) } else { usize::try_from(*index).ok() };
                place.and_then(|place| items.get(place)).cloned().unwrap_or(Thing::Unknown)
            }
            (Thing::Map(entries), Thing::Text(key)) => {
                entries.iter().find(|(known, _)| known == key).map_or(Thing::Unknown, |(_, thing)| thing.clone())
            }
            _ => Thing::Unknown,
        }
    }

    /// A scope in which the target of a loop or assignment holds something.
    fn bound(&self, scope: &Scope, target: ValueId, thing: &Thing) -> Scope {
        let facts = self.facts(scope.file);
        match facts.value(target).shape {
            Shape::Name(name) => scope.with(name, thing.clone()),
            Shape::List(parts) => {
                let mut scope = scope.clone();
                for (place, part) in facts.items(parts).iter().enumerate() {
                    let item = thing.as_list().and_then(|items| items.get(place)).cloned().unwrap_or(Thing::Unknown);
                    scope = self.bound(&scope, *part, &item);
                }
                scope
            }
            _ => scope.clone(),
        }
    }

    /// The scopes an expression is reached in: one for each round of the loops around it inside its definition, where
    /// what they loop over is written down. None where a condition around it is known to be false; the flag says that
    /// one is open.
    pub(super) fn rounds(&self, scope: &Scope, value: ValueId) -> (Vec<Scope>, bool) {
        self.rounds_within(scope, value, DEEPEST)
    }

    fn rounds_within(&self, scope: &Scope, value: ValueId, left: u32) -> (Vec<Scope>, bool) {
        let facts = self.facts(scope.file);
        let inside = scope.owner.map(|owner| facts.definition(owner).values);
        let mut scopes = vec![scope.clone()];
        let mut open = false;
        for block in &facts.blocks {
            if !block.values.contains(value.0) || inside.is_some_and(|inside| !inside.contains(block.values.start)) {
                continue;
            }
            match (block.kind, block.subject) {
                (BlockKind::Loop, Some(subject)) => {
                    let Some(target) = facts.bindings.iter().find(|b| b.binds == Binds::Loop && b.value == Some(subject)) else { continue };
                    // Inside a round of this loop already.
                    if facts.as_name(target.target).is_some_and(|name| scope.holds(name).is_some()) {
                        continue;
                    }
                    let rounds = scopes.into_iter().flat_map(|scope| match self.eval(&scope, subject, left) {
                        Thing::List(items) => items.iter().map(|item| self.bound(&scope, target.target, item)).collect(),
                        _ => vec![self.bound(&scope, target.target, &Thing::Unknown)],
                    });
                    scopes = rounds.take(1000).collect();
                }
                (BlockKind::Branch, Some(subject)) => {
                    let said: Vec<Option<bool>> = scopes.iter().map(|scope| self.eval(scope, subject, left).is_true()).collect();
                    open |= said.contains(&None);
                    let mut said = said.into_iter();
                    scopes.retain(|_| said.next() != Some(Some(false)));
                }
                (BlockKind::Branch | BlockKind::Handler, None) => open = true,
                _ => {}
            }
        }
        (scopes, open)
    }
}

/// True for files that routes of Python may stand in.
pub(super) fn is_python(base: &FactBase, file: FileId) -> bool {
    let entry = base.file(file);
    !entry.left_out && entry.source.language == Language("python")
}

/// The routes of every framework of Python.
pub(super) fn interpret(base: &FactBase, names: &Names, model: &mut Model) {
    let (mut routes, mut open) = (Vec::new(), Vec::new());
    {
        let classes = Classes::new(base, names, &model.answers);
        let evaluator = Evaluator::new(&classes);
        django::routes::collect(&evaluator, &mut routes, &mut open);
        flask::collect(&evaluator, &mut routes, &mut open);
        fastapi::collect(&evaluator, &mut routes, &mut open);
    }
    model.routes.append(&mut routes);
    model.unresolved.append(&mut open);
}
