//! `__table_args__`: the schema, and keys over several columns.

use super::Mapping;
use super::body::Said;
use super::mapped::ours;
use super::text::{Known, Place};
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};

/// A constraint, wherever it is written.
pub(super) struct Constraint {
    /// Where its arguments are read.
    pub at: Place,
    /// The call.
    pub call: Call,
    /// What is fixed there.
    pub known: Known,
}

/// How deep `(..., *Mixin.__table_args__)` and sums of tuples are followed.
const DEEPEST: u32 = 6;

impl Mapping<'_> {
    /// What a class or, without any of its own, the nearest class above it says.
    fn said(&self, class: ClassId, lineage: &[Ancestor]) -> Option<Said> {
        let mut line = std::iter::once(class).chain(ours(lineage));
        line.find_map(|id| self.bodies.get(&id).filter(|_| id == class || !self.mapped.contains_key(&id))?.arguments)
    }

    /// The schema a class is in.
    pub(super) fn schema(&self, class: ClassId, lineage: &[Ancestor]) -> Option<String> {
        let said = self.said(class, lineage)?;
        let known = Known { class: Some(class), given: Vec::new() };
        let mut found = None;
        self.each_argument(said.at, said.value, DEEPEST, &mut |at, value| {
            let facts = self.classes.base.facts(at.file);
            if let Shape::Map(entries) = facts.value(value).shape {
                let mut entries = facts.entries[entries.range()].iter();
                let schema = entries.find(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some("schema"));
                found = schema.and_then(|entry| self.text(at, entry.value, &known)).or(found.take());
            }
        });
        found
    }

    /// The constraints of a class.
    pub(super) fn constraints(&self, class: ClassId, lineage: &[Ancestor]) -> Vec<Constraint> {
        let Some(said) = self.said(class, lineage) else { return Vec::new() };
        let mut found = Vec::new();
        self.each_argument(said.at, said.value, DEEPEST, &mut |at, value| {
            if let Some(call) = self.classes.base.facts(at.file).as_call(value) {
                found.push(Constraint { at, call: *call, known: Known { class: Some(class), given: Vec::new() } });
            }
        });
        found
    }

    fn each_argument(&self, at: Place, value: ValueId, left: u32, take: &mut impl FnMut(Place, ValueId)) {
        let facts = self.classes.base.facts(at.file);
        let Some(left) = left.checked_sub(1) else { return };
        match facts.value(value).shape {
            Shape::List(parts) => facts.items(parts).iter().for_each(|part| self.each_argument(at, *part, left, take)),
            Shape::Joined(first, second) => {
                self.each_argument(at, first, left, take);
                self.each_argument(at, second, left, take);
            }
            // `*Mixin.__table_args__`, `Mixin.__table_args__`
            Shape::Other(parts) => facts.items(parts).iter().for_each(|part| self.each_argument(at, *part, left, take)),
            Shape::Member(object, name) if facts.text(name) == "__table_args__" => {
                let said = self.class_at(at, object, &Known::default()).and_then(|class| self.bodies.get(&class)?.arguments);
                if let Some(said) = said {
                    self.each_argument(said.at, said.value, left, take);
                }
            }
            _ => take(at, value),
        }
    }
}
