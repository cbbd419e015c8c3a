//! Where a value stands: the definition around it, loops, transactions.

use crate::facts::{BlockKind, DefinitionId, FileFacts, OwnerSweep, Shape, ValueId};

/// What is around a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The innermost definition.
    pub owner: Option<DefinitionId>,
    /// Inside a loop of the same function.
    pub in_loop: bool,
    /// Inside a transaction that the same function opens, or that wraps it.
    pub in_transaction: bool,
}

/// Answers for values that are asked for in ascending order, in one pass over the file.
pub struct Places<'a> {
    facts: &'a FileFacts,
    owners: OwnerSweep<'a>,
    next: usize,
    open: Vec<usize>,
}

impl<'a> Places<'a> {
    /// Begins before the first value.
    #[must_use]
    pub fn of(facts: &'a FileFacts) -> Self {
        Self { facts, owners: OwnerSweep::new(facts), next: 0, open: Vec::new() }
    }

    /// What is around a value; ids must not go down between calls.
    pub fn place(&mut self, value: ValueId) -> Place {
        let blocks = &self.facts.blocks;
        while blocks.get(self.next).is_some_and(|block| block.values.start <= value.0) {
            self.open.push(self.next);
            self.next += 1;
        }
        // Blocks nest, so those that are over stand at the end, but for arms that share their end.
        self.open.retain(|index| blocks[*index].values.end > value.0);
        let owner = self.owners.owner(value);
        let start = self.facts.function_around(owner).map_or(0, |function| self.facts.definition(function).values.start);
        let mut place = Place { owner, ..Place::default() };
        for index in &self.open {
            let block = &blocks[*index];
            // What is around the function's definition is not around its body when it runs.
            if block.values.start < start {
                continue;
            }
            place.in_loop |= block.kind == BlockKind::Loop;
            place.in_transaction |= block.kind == BlockKind::With && block.subject.is_some_and(|subject| self.opens(subject));
        }
        place.in_transaction |= self.is_wrapped(owner);
        place
    }

    /// `transaction.atomic()`, `session.begin()`.
    fn opens(&self, value: ValueId) -> bool {
        let callee = self.facts.as_call(value).map_or(value, |call| call.callee);
        match self.facts.value(callee).shape {
            Shape::Name(name) => self.facts.text(name) == "atomic",
            Shape::Member(object, name) => match self.facts.text(name) {
                "atomic" => true,
                "begin" | "begin_nested" => {
                    self.facts.last_name(object).is_some_and(|name| name.ends_with("ession") || name == "connection")
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// A function decorated with `atomic`; one inside it may run later (`on_commit`).
    fn is_wrapped(&self, owner: Option<DefinitionId>) -> bool {
        self.facts.function_around(owner).is_some_and(|function| {
            let decorators = self.facts.definition(function).decorators;
            self.facts.items(decorators).iter().any(|value| self.opens(*value))
        })
    }
}
