//! What an expression is: a mapped class, one row, or a set of rows.
//!
//! Nothing is run and no type is declared in most code, so an expression is followed to where its parts come from: the
//! class it names, the variable it was put in, the attribute a model declares, what a method returns. What cannot be
//! followed is unknown, and an unknown thing makes no access.

mod annotations;
mod calls;
mod members;
mod names;
mod sets;
mod views;
mod what;

pub(in crate::frameworks) use what::{Form, Typed, What};

use super::{AttributeKind, ClassId, Classes, Entities};
use crate::base::FileId;
use crate::facts::{DefinitionId, FileFacts, Shape, ValueId};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// How far an expression is followed.
const DEEPEST: u32 = 24;

/// Follows expressions. What was worked out once is remembered.
pub(in crate::frameworks) struct Types<'a> {
    pub(in crate::frameworks) classes: &'a Classes<'a>,
    pub(in crate::frameworks) entities: &'a Entities,
    /// The model whose rows a manager's or queryset's own methods are about.
    managed: FxHashMap<ClassId, Option<ClassId>>,
    /// Mapped classes by their name in snake case; none where two share it.
    by_name: FxHashMap<String, Option<ClassId>>,
    /// The model of the one who is logged in, where the tree has it.
    user: Option<ClassId>,
    /// The table of a library's mapped class, by the library's rules.
    foreign: fn(&str) -> Option<String>,
    known: RefCell<FxHashMap<(FileId, ValueId), Typed>>,
}

impl<'a> Types<'a> {
    pub(in crate::frameworks) fn new(
        classes: &'a Classes<'a>,
        entities: &'a Entities,
        user: Option<ClassId>,
        foreign: fn(&str) -> Option<String>,
    ) -> Self {
        let mut managed: FxHashMap<ClassId, Option<ClassId>> = FxHashMap::default();
        let mut by_name: FxHashMap<String, Option<ClassId>> = FxHashMap::default();
        for (class, entity) in &entities.rows {
            for attribute in entity.attributes.values() {
                let AttributeKind::Manager(Some(manager)) = attribute.kind else { continue };
                for manager in classes.line(manager) {
                    note(&mut managed, manager, *class, entities);
                }
            }
            if entity.table.is_some() {
                let facts = classes.base.facts(class.0);
                let name = snake_case(facts.text(facts.definition(class.1).name));
                let known = by_name.entry(name).or_insert(Some(*class));
                if *known != Some(*class) {
                    *known = None;
                }
            }
        }
        Self { classes, entities, managed, by_name, user, foreign, known: RefCell::default() }
    }

    pub(in crate::frameworks::orm) fn facts(&self, file: FileId) -> &'a FileFacts {
        self.classes.base.facts(file)
    }

    /// What a value is, seen from the definition it stands in.
    pub(in crate::frameworks) fn of(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Typed {
        self.of_within(file, owner, value, DEEPEST)
    }

    pub(in crate::frameworks::orm) fn of_within(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        if let Some(known) = self.known.borrow().get(&(file, value)) {
            return known.clone();
        }
        if left == 0 {
            return Typed::unknown();
        }
        // Whoever asks for itself on the way gets no answer.
        self.known.borrow_mut().insert((file, value), Typed::unknown());
        let typed = self.work_out(file, owner, value, left - 1);
        self.known.borrow_mut().insert((file, value), typed.clone());
        typed
    }

    pub(super) fn work_out(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) => self.name(file, owner, value, name, left),
            Shape::Member(object, name) => self.member(file, owner, value, object, name, left),
            Shape::Call(_) => match facts.as_call(value) {
                Some(call) => self.call(file, owner, call, left),
                None => Typed::unknown(),
            },
            Shape::Item(object, index) => {
                let of = self.of_within(file, owner, object, left);
                // A slice is a shorter set.
                if matches!(facts.value(index).shape, Shape::Other(_)) { of } else { of.element() }
            }
            Shape::Choice(parts) => self.first_known(file, owner, facts.items(parts), left),
            Shape::List(parts) => match self.first_known(file, owner, facts.items(parts), left) {
                Typed { what: What::Instance(class), sure } if self.entities.get(class).is_some() => {
                    Typed::new(What::Set(class, None), sure)
                }
                _ => Typed::unknown(),
            },
            // Sets joined by `|` and `&` stay sets.
            Shape::Joined(first, _) => self.of_within(file, owner, first, left),
            Shape::Other(parts) => match self.first_known(file, owner, facts.items(parts), left) {
                found @ Typed { what: What::Set(..), .. } => found,
                _ => Typed::unknown(),
            },
            _ => Typed::unknown(),
        }
    }

    pub(super) fn first_known(&self, file: FileId, owner: Option<DefinitionId>, parts: &[ValueId], left: u32) -> Typed {
        parts.iter().map(|part| self.of_within(file, owner, *part, left)).find(Typed::is_known).unwrap_or_else(Typed::unknown)
    }
}

/// Notes that a manager serves a model; of several, the one all others inherit from, and none where they are strangers.
fn note(managed: &mut FxHashMap<ClassId, Option<ClassId>>, manager: ClassId, model: ClassId, entities: &Entities) {
    let known = managed.entry(manager).or_insert(Some(model));
    let Some(first) = *known else { return };
    let is_below = |above: ClassId, class: ClassId| entities.below.get(&above).is_some_and(|below| below.contains(&class));
    if first == model || is_below(first, model) {
        return;
    }
    *known = if is_below(model, first) { Some(model) } else { None };
}

/// `OrderLine` as variables are called: `order_line`.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut previous = '_';
    for letter in name.chars() {
        if letter.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
        previous = letter;
    }
    out
}
