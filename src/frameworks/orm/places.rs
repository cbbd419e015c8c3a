//! Where a value stands: the definition around it, loops.

use crate::facts::{BlockKind, DefinitionId, FileFacts, OwnerSweep, ValueId};

/// What is around a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The innermost definition.
    pub owner: Option<DefinitionId>,
    /// Inside a loop of the same function.
    pub in_loop: bool,
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
        }
        place
    }
}
