//! The texts an expression may be: literals, constants, variables, what a loop goes through, parts put together.

use super::PhpClasses;
use super::classes::is_this;
use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, Shape, ValueId};
use crate::frameworks::orm::Ancestor;

/// How many texts one expression may be before it says nothing.
const MOST: usize = 128;

/// How far an expression is followed.
const DEEPEST: u32 = 10;

impl PhpClasses<'_> {
    /// Every text an expression may be, in the order they are written; empty where nobody can tell.
    pub(in crate::frameworks) fn texts(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Vec<String> {
        let mut found = self.texts_within(file, owner, value, DEEPEST);
        found.dedup();
        if found.len() > MOST { Vec::new() } else { found }
    }

    /// The only text an expression may be.
    pub(in crate::frameworks) fn text(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<String> {
        let mut found = self.texts(file, owner, value);
        if found.len() == 1 { found.pop() } else { None }
    }

    fn texts_within(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Vec<String> {
        let Some(left) = left.checked_sub(1) else { return Vec::new() };
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Literal(text) => vec![facts.text(text).to_owned()],
            Shape::Name(name) => self.variable(file, owner, value, facts.text(name), left),
            Shape::Member(object, name) => self.constant(file, owner, object, facts.text(name), left),
            Shape::Joined(first, second) => {
                together(self.texts_within(file, owner, first, left), &self.texts_within(file, owner, second, left))
            }
            Shape::Template(parts) => {
                let parts = facts.items(parts).iter().map(|part| self.texts_within(file, owner, *part, left));
                parts.reduce(|before, after| together(before, &after)).unwrap_or_default()
            }
            Shape::Choice(parts) => {
                let all: Vec<Vec<String>> = facts.items(parts).iter().map(|part| self.texts_within(file, owner, *part, left)).collect();
                all.concat()
            }
            Shape::Item(object, _) if matches!(facts.value(object).shape, Shape::List(_)) => Vec::new(),
            _ => Vec::new(),
        }
    }

    /// A variable: what it was given last before this place, or what a loop goes through.
    fn variable(&self, file: FileId, owner: Option<DefinitionId>, at: ValueId, name: &str, left: u32) -> Vec<String> {
        let facts = self.facts(file);
        let Some(text) = facts.texts.find(name).filter(|_| name.starts_with('$')) else { return Vec::new() };
        let mut scope = owner;
        loop {
            let bound = self.locals(file).of_name(scope, text);
            let before = bound.iter().rev().find(|row| facts.bindings[row.binding as usize].target.0 < at.0);
            if let Some(row) = before {
                let binding = &facts.bindings[row.binding as usize];
                let Some(value) = binding.value else { return Vec::new() };
                return match (binding.binds, row.place) {
                    (Binds::Assign, None) => self.texts_within(file, binding.owner, value, left),
                    (Binds::Loop, None) => self.elements(file, binding.owner, value, false, left),
                    (Binds::Loop, Some(place)) => self.elements(file, binding.owner, value, place == 0, left),
                    _ => Vec::new(),
                };
            }
            // Closures see what they `use`, which goes by the same name.
            let Some(around) = scope.map(|scope| facts.definition(scope)) else { return Vec::new() };
            let is_parameter = facts.parameters[around.parameters.range()].iter().any(|parameter| parameter.name == text);
            if is_parameter || !facts.text(around.name).is_empty() {
                return Vec::new();
            }
            scope = around.owner;
        }
    }

    /// The texts of a list, or of the keys of a map.
    pub(in crate::frameworks) fn elements(
        &self,
        file: FileId,
        owner: Option<DefinitionId>,
        value: ValueId,
        keys: bool,
        left: u32,
    ) -> Vec<String> {
        let Some(left) = left.checked_sub(1) else { return Vec::new() };
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::List(parts) => {
                let all: Vec<Vec<String>> = facts.items(parts).iter().map(|part| self.texts_within(file, owner, *part, left)).collect();
                if all.iter().any(Vec::is_empty) { Vec::new() } else { all.concat() }
            }
            Shape::Map(entries) => {
                let of = |entry: &crate::facts::Entry| if keys { entry.key } else { Some(entry.value) };
                let parts = facts.entries[entries.range()].iter().filter_map(of);
                let all: Vec<Vec<String>> = parts.map(|part| self.texts_within(file, owner, part, left)).collect();
                if all.iter().any(Vec::is_empty) { Vec::new() } else { all.concat() }
            }
            Shape::Name(_) => match self.given_once(file, owner, value) {
                Some((owner, given)) => self.elements(file, owner, given, keys, left),
                None => Vec::new(),
            },
            Shape::Member(object, name) => match self.class_value(file, owner, object, facts.text(name)) {
                Some((home, given)) => self.elements(home, None, given, keys, left),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// What a variable is given in the one place that gives it anything, and what that place stands in; closures see what they
    /// `use`, which goes by the same name.
    pub(in crate::frameworks) fn given_once(
        &self,
        file: FileId,
        owner: Option<DefinitionId>,
        value: ValueId,
    ) -> Option<(Option<DefinitionId>, ValueId)> {
        let facts = self.facts(file);
        let name = facts.as_name(value).filter(|name| facts.text(*name).starts_with('$'))?;
        let mut scope = owner;
        loop {
            match self.locals(file).of_name(scope, name) {
                [] => {}
                [only] => {
                    let binding = &facts.bindings[only.binding as usize];
                    let given = binding.value.filter(|_| binding.binds == Binds::Assign && only.place.is_none())?;
                    return Some((binding.owner, given));
                }
                _ => return None,
            }
            let around = facts.definition(scope?);
            let is_parameter = facts.parameters[around.parameters.range()].iter().any(|parameter| parameter.name == name);
            if is_parameter || !facts.text(around.name).is_empty() {
                return None;
            }
            scope = around.owner;
        }
    }

    /// `self::TABLE`, `Order::TABLE`, `$this->table`
    fn constant(&self, file: FileId, owner: Option<DefinitionId>, object: ValueId, name: &str, left: u32) -> Vec<String> {
        match self.class_value(file, owner, object, name) {
            Some((home, value)) => self.texts_within(home, self.facts(home).owner_of(value), value, left),
            None => Vec::new(),
        }
    }

    /// What a member of a class is given in its body.
    fn class_value(&self, file: FileId, owner: Option<DefinitionId>, object: ValueId, name: &str) -> Option<(FileId, ValueId)> {
        let facts = self.facts(file);
        if is_this(facts, object) {
            return self.value_of((file, facts.class_around(owner)?), name);
        }
        match self.class_at(file, owner, object)? {
            Ancestor::Ours(class) => self.value_of(class, name),
            Ancestor::Outside(_) => None,
        }
    }
}

/// Every first part with every second part.
fn together(first: Vec<String>, second: &[String]) -> Vec<String> {
    if first.len() * second.len() > MOST {
        return Vec::new();
    }
    first.iter().flat_map(|before| second.iter().map(move |after| format!("{before}{after}"))).collect()
}
