//! What one file says, sorted for looking things up: variables by scope and name, calls by function, loops.

use super::verbs::may_register;
use crate::facts::{Binds, BlockKind, DefinitionId, FileFacts, OwnerSweep, Shape, Stretch, Target, Text, ValueId};
use rustc_hash::{FxHashMap, FxHashSet};

/// What a name of a scope stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slot {
    /// A function or class.
    Definition(DefinitionId),
    /// A variable with its value.
    Value(ValueId),
    /// A part of a value that is taken apart: by place, or by its own name.
    Part(ValueId, u32),
    /// An import, by its place in the list.
    Import(u32),
}

/// A loop over the elements of something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Loop {
    pub(super) target: ValueId,
    pub(super) subject: ValueId,
    pub(super) values: Stretch,
}

/// Look-ups of one file.
#[derive(Debug, Default)]
pub(super) struct Index {
    slots: FxHashMap<(Option<DefinitionId>, Text), Vec<Slot>>,
    calls: FxHashMap<Option<DefinitionId>, Vec<u32>>,
    loops: Vec<Loop>,
    /// Values given to members, by the member's name: the object, the value, and the definition it stands in.
    members: FxHashMap<Text, Vec<(ValueId, ValueId, Option<DefinitionId>)>>,
    returned: FxHashMap<DefinitionId, Vec<ValueId>>,
    /// Imports that `require` makes, by line and what is written.
    required: FxHashMap<(u32, Text), u32>,
    /// Imports whose path is put together, by that path.
    computed: FxHashMap<ValueId, u32>,
    /// Parameters that are taken apart, in order.
    patterns: FxHashMap<DefinitionId, Vec<ValueId>>,
    /// Functions in which something is called like the methods that register routes.
    registers: FxHashSet<DefinitionId>,
}

impl Index {
    pub(super) fn of(facts: &FileFacts) -> Self {
        let mut index = Self::default();
        for (id, definition) in facts.definitions() {
            if !definition.kind.is_type() || definition.owner.is_none() || !facts.text(definition.name).is_empty() {
                index.slots.entry((definition.owner, definition.name)).or_default().push(Slot::Definition(id));
            }
        }
        for (number, import) in (0u32..).zip(&facts.imports) {
            if let Some(local) = import.local {
                index.slots.entry((import.owner, local)).or_default().push(Slot::Import(number));
            }
            match import.target {
                Target::Path(text) | Target::Package(text) => {
                    index.required.entry((import.line, text)).or_insert(number);
                }
                Target::Computed(value) => {
                    index.computed.insert(value, number);
                }
                _ => {}
            }
        }
        index.bindings(facts);
        index.bodies(facts);
        index
    }

    fn bindings(&mut self, facts: &FileFacts) {
        for binding in &facts.bindings {
            match (binding.binds, binding.value) {
                (Binds::Assign | Binds::Constant, Some(value)) => match facts.value(binding.target).shape {
                    Shape::Name(name) => self.slots.entry((binding.owner, name)).or_default().push(Slot::Value(value)),
                    Shape::List(parts) => self.parts(facts, binding.owner, facts.items(parts), value),
                    Shape::Member(object, name) => self.members.entry(name).or_default().push((object, value, binding.owner)),
                    _ => {}
                },
                (Binds::Declare, None) => {
                    if let (Shape::List(_), Some(owner)) = (facts.value(binding.target).shape, binding.owner) {
                        self.patterns.entry(owner).or_default().push(binding.target);
                    }
                }
                _ => {}
            }
        }
        for (owner, value) in &facts.returned {
            self.returned.entry(*owner).or_default().push(*value);
        }
    }

    fn parts(&mut self, facts: &FileFacts, owner: Option<DefinitionId>, parts: &[ValueId], value: ValueId) {
        for (place, part) in (0u32..).zip(parts) {
            if let Shape::Name(name) = facts.value(*part).shape {
                self.slots.entry((owner, name)).or_default().push(Slot::Part(value, place));
            }
        }
    }

    fn bodies(&mut self, facts: &FileFacts) {
        let mut owners = OwnerSweep::new(facts);
        for (number, call) in (0u32..).zip(&facts.calls) {
            let owner = owners.owner(call.value);
            self.calls.entry(owner).or_default().push(number);
            if may_register(facts, call) {
                let mut at = owner;
                while let Some(id) = at.filter(|id| self.registers.insert(*id)) {
                    at = facts.definition(id).owner;
                }
            }
        }
        let looped = facts.bindings.iter().filter(|binding| binding.binds == Binds::Loop);
        let subjects: FxHashMap<ValueId, ValueId> = looped.filter_map(|binding| Some((binding.value?, binding.target))).collect();
        for block in facts.blocks.iter().filter(|block| block.kind == BlockKind::Loop) {
            if let Some((subject, target)) = block.subject.and_then(|subject| Some((subject, *subjects.get(&subject)?))) {
                self.loops.push(Loop { target, subject, values: block.values });
            }
        }
    }

    pub(super) fn slots(&self, owner: Option<DefinitionId>, name: Text) -> &[Slot] {
        self.slots.get(&(owner, name)).map_or(&[], Vec::as_slice)
    }

    /// The calls directly inside a function, or at the top of the file.
    pub(super) fn calls(&self, owner: Option<DefinitionId>) -> &[u32] {
        self.calls.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// The loops around a value that begin behind another, outer ones first.
    pub(super) fn loops_around(&self, value: ValueId, from: u32) -> Vec<Loop> {
        self.loops.iter().filter(|found| found.values.contains(value.0) && found.values.start >= from).copied().collect()
    }

    pub(super) fn given_to_members(&self, name: Text) -> &[(ValueId, ValueId, Option<DefinitionId>)] {
        self.members.get(&name).map_or(&[], Vec::as_slice)
    }

    pub(super) fn returned(&self, function: DefinitionId) -> &[ValueId] {
        self.returned.get(&function).map_or(&[], Vec::as_slice)
    }

    pub(super) fn required(&self, line: u32, text: Text) -> Option<u32> {
        self.required.get(&(line, text)).copied()
    }

    pub(super) fn computed(&self, value: ValueId) -> Option<u32> {
        self.computed.get(&value).copied()
    }

    pub(super) fn patterns(&self, function: DefinitionId) -> &[ValueId] {
        self.patterns.get(&function).map_or(&[], Vec::as_slice)
    }

    pub(super) fn registers(&self, function: DefinitionId) -> bool {
        self.registers.contains(&function)
    }
}
