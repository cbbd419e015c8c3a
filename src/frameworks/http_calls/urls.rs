//! Addresses: what an expression comes to where it is used, with holes for what only running shows.

use crate::facts::{Binding, Binds, BlockKind, DefinitionId, FileFacts, Shape, Text, ValueId};
use rustc_hash::FxHashMap;

/// Stands for what only running shows.
pub(super) const HOLE: char = '\u{fffc}';

/// Stands around the name of a route whose address a template writes into a script.
pub(super) const ROUTE: char = '\u{fffb}';

/// How many values a variable may have where it is used.
const MOST: usize = 4;

/// How far variables are followed.
const DEEPEST: u32 = 8;

/// Variables of one file.
pub(super) struct Urls<'a> {
    facts: &'a FileFacts,
    bound: FxHashMap<(Option<DefinitionId>, Text), Vec<&'a Binding>>,
}

impl<'a> Urls<'a> {
    pub(super) fn of(facts: &'a FileFacts) -> Self {
        let mut bound: FxHashMap<_, Vec<&Binding>> = FxHashMap::default();
        let gives = |binding: &&Binding| matches!(binding.binds, Binds::Assign | Binds::Augment | Binds::Constant);
        for binding in facts.bindings.iter().filter(gives) {
            if let Some(name) = facts.as_name(binding.target) {
                bound.entry((binding.owner, name)).or_default().push(binding);
            }
        }
        Self { facts, bound }
    }

    /// The texts that an expression may come to.
    pub(super) fn texts(&self, value: ValueId) -> Vec<String> {
        self.fold(value, DEEPEST)
    }

    fn fold(&self, value: ValueId, left: u32) -> Vec<String> {
        let facts = self.facts;
        let hole = || vec![HOLE.to_string()];
        if left == 0 {
            return hole();
        }
        match facts.value(value).shape {
            Shape::Literal(text) | Shape::Number(text) => vec![facts.text(text).to_owned()],
            Shape::Template(parts) => {
                facts.items(parts).iter().fold(vec![String::new()], |so_far, part| cross(&so_far, &self.fold(*part, left - 1)))
            }
            Shape::Joined(first, second) => cross(&self.fold(first, left), &self.fold(second, left - 1)),
            Shape::Choice(parts) => {
                let mut all: Vec<String> = facts.items(parts).iter().flat_map(|part| self.fold(*part, left - 1)).collect();
                all.dedup();
                if all.len() > MOST { hole() } else { all }
            }
            Shape::Name(name) => self.variable(name, value, left - 1),
            Shape::Member(object, name) => self.member(object, name, left - 1).unwrap_or_else(hole),
            Shape::Call(_) => self.passed_on(value, left - 1).unwrap_or_else(hole),
            _ => hole(),
        }
    }

    /// `encodeURI(url)`, `url.toString()` change nothing that matters here.
    fn passed_on(&self, value: ValueId, left: u32) -> Option<Vec<String>> {
        let facts = self.facts;
        let call = facts.as_call(value)?;
        match facts.value(call.callee).shape {
            Shape::Name(name) if matches!(facts.text(name), "encodeURI" | "String" | "URL") => {
                Some(self.fold(facts.arguments_of(call).first()?.value, left))
            }
            Shape::Member(object, name) => match facts.text(name) {
                "toString" | "trim" => Some(self.fold(object, left)),
                "concat" => {
                    let parts = facts.arguments_of(call).iter();
                    Some(parts.fold(self.fold(object, left), |so_far, part| cross(&so_far, &self.fold(part.value, left))))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// `API.orders` of `const API = { orders: '/orders' }`
    fn member(&self, object: ValueId, name: Text, left: u32) -> Option<Vec<String>> {
        let facts = self.facts;
        let map = self.object(object)?;
        let value = super::entry(facts, map, facts.text(name))?;
        Some(self.fold(value, left))
    }

    /// The object behind an expression: written there, or given to the variable before.
    pub(super) fn object(&self, value: ValueId) -> Option<ValueId> {
        let facts = self.facts;
        if matches!(facts.value(value).shape, Shape::Map(_)) {
            return Some(value);
        }
        let (_, bindings) = self.bindings(facts.as_name(value)?, value)?;
        let last = bindings.iter().rev().find_map(|binding| binding.value)?;
        matches!(facts.value(last).shape, Shape::Map(_)).then_some(last)
    }

    /// Where a variable gets its values before it is used, and whose variable it is.
    fn bindings(&self, name: Text, at: ValueId) -> Option<(Option<DefinitionId>, Vec<&'a Binding>)> {
        let facts = self.facts;
        let own = facts.owner_of(at);
        let mut scope = own;
        loop {
            if let Some(id) = scope
                && facts.parameters[facts.definition(id).parameters.range()].iter().any(|parameter| parameter.name == name)
                && !self.bound.contains_key(&(scope, name))
            {
                return None;
            }
            if let Some(found) = self.bound.get(&(scope, name)) {
                // What a function around gives it may come later in the text.
                let before = found.iter().copied().filter(|binding| scope != own || binding.target < at);
                return Some((scope, before.collect()));
            }
            scope = facts.definition(scope?).owner;
        }
    }

    fn variable(&self, name: Text, at: ValueId, left: u32) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let Some((_, bindings)) = self.bindings(name, at) else { return vec![HOLE.to_string()] };
        for binding in bindings {
            let values = binding.value.map_or_else(|| vec![HOLE.to_string()], |value| self.fold(value, left));
            if binding.binds == Binds::Augment {
                let before = if found.is_empty() { vec![HOLE.to_string()] } else { found };
                found = cross(&before, &values);
            } else if self.is_sure(binding.target, at) {
                found = values;
            } else {
                found.extend(values);
                found.sort();
                found.dedup();
            }
            if found.len() > MOST {
                return vec![HOLE.to_string()];
            }
        }
        if found.is_empty() { vec![HOLE.to_string()] } else { found }
    }

    /// True where a variable is surely given its value before it is used: every branch around the one is around the other.
    fn is_sure(&self, given: ValueId, used: ValueId) -> bool {
        let branches = self.facts.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Branch | BlockKind::Handler));
        branches.filter(|block| block.values.contains(given.0)).all(|block| block.values.contains(used.0))
    }
}

/// Every first followed by every second.
fn cross(first: &[String], second: &[String]) -> Vec<String> {
    if first.len() * second.len() > MOST {
        return first.iter().take(MOST).map(|text| format!("{text}{HOLE}")).collect();
    }
    first.iter().flat_map(|first| second.iter().map(move |second| format!("{first}{second}"))).collect()
}
