//! Which values a name is given inside a function, class or module.

use crate::facts::{Binding, DefinitionId, FileFacts, Shape, Text, ValueId};
use rustc_hash::FxHashMap;

/// One binding of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::frameworks) struct Bound {
    /// Its place in the file's list of bindings.
    pub binding: u32,
    /// The place of the name on the left, where several are bound at once: 1 of `a, b = pair`.
    pub place: Option<u32>,
}

/// The bindings of one file by the definition they stand in and the name they bind.
#[derive(Debug, Default)]
pub(in crate::frameworks) struct Locals {
    by_name: FxHashMap<(Option<DefinitionId>, Text), Vec<Bound>>,
    /// `self.name = value`, by the class around and the name.
    by_member: FxHashMap<(DefinitionId, Text), Vec<Bound>>,
    /// Calls by the last name of what they call.
    calls: FxHashMap<Text, Vec<u32>>,
    /// Definitions inside others, by the one around, then by name, then in source order.
    inner: Vec<DefinitionId>,
}

impl Locals {
    /// Collects the bindings of a file.
    pub(in crate::frameworks) fn of(facts: &FileFacts) -> Self {
        let mut locals = Self::default();
        for (index, binding) in (0u32..).zip(&facts.bindings) {
            locals.add(facts, binding, index, binding.target, None);
        }
        for (index, call) in (0u32..).zip(&facts.calls) {
            if let Shape::Name(name) | Shape::Member(_, name) = facts.value(call.callee).shape {
                locals.calls.entry(name).or_default().push(index);
            }
        }
        locals.inner = facts.definitions().filter(|(_, definition)| definition.owner.is_some()).map(|(id, _)| id).collect();
        locals.inner.sort_by_key(|id| Self::place_of(facts, *id));
        locals
    }

    fn place_of(facts: &FileFacts, id: DefinitionId) -> (Option<DefinitionId>, &str) {
        let definition = facts.definition(id);
        (definition.owner, facts.text(definition.name))
    }

    /// The definitions of a name directly inside another definition, in source order.
    pub(in crate::frameworks) fn inner(&self, facts: &FileFacts, owner: DefinitionId, name: &str) -> &[DefinitionId] {
        let wanted = (Some(owner), name);
        let start = self.inner.partition_point(|id| Self::place_of(facts, *id) < wanted);
        let rest = &self.inner[start..];
        &rest[..rest.partition_point(|id| Self::place_of(facts, *id) == wanted)]
    }

    fn add(&mut self, facts: &FileFacts, binding: &Binding, index: u32, target: ValueId, place: Option<u32>) {
        let bound = Bound { binding: index, place };
        match facts.value(target).shape {
            Shape::Name(name) => self.by_name.entry((binding.owner, name)).or_default().push(bound),
            Shape::Member(object, name) => {
                if let Some(class) = facts.class_around(binding.owner)
                    && facts.as_name(object).is_some_and(|object| facts.receiver(binding.owner) == Some(object))
                {
                    self.by_member.entry((class, name)).or_default().push(bound);
                }
            }
            Shape::List(parts) if place.is_none() => {
                for (place, part) in (0u32..).zip(facts.items(parts)) {
                    self.add(facts, binding, index, *part, Some(place));
                }
            }
            _ => {}
        }
    }

    /// What a definition (or the module, for none) gives to a name, in source order.
    pub(in crate::frameworks) fn of_name(&self, owner: Option<DefinitionId>, name: Text) -> &[Bound] {
        self.by_name.get(&(owner, name)).map_or(&[], Vec::as_slice)
    }

    /// What the methods of a class give to a member of their object, in source order.
    pub(in crate::frameworks) fn of_member(&self, class: DefinitionId, name: Text) -> &[Bound] {
        self.by_member.get(&(class, name)).map_or(&[], Vec::as_slice)
    }

    /// The calls of anything of this name, by their places in the file's list of calls.
    pub(in crate::frameworks) fn calls_of(&self, name: Text) -> &[u32] {
        self.calls.get(&name).map_or(&[], Vec::as_slice)
    }
}
