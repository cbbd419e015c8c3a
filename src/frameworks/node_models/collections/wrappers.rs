//! Functions of the application that take the name of a collection and do the rest: `store.insert('orders', order)`.
//!
//! They are found by what they do with their parameters, and known by their bare names.

use super::asked_for;
use super::constants::{Constants, Named};
use super::handles::Handles;
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, ValueId};
use crate::frameworks::tables::Operation;
use crate::names::FactBase;
use rustc_hash::FxHashMap;

/// Rounds of handing on.
const MOST_ROUNDS: usize = 4;

/// What the functions of one name do with one of their parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Role {
    parameter: usize,
    operation: Operation,
    /// How many functions of that name do.
    with: usize,
}

/// The wrappers of the tree by name.
pub(super) struct Wrappers<'a> {
    roles: FxHashMap<&'a str, Role>,
    /// How many functions of the tree have a name and a parameter at least.
    defined: FxHashMap<&'a str, usize>,
}

impl<'a> Wrappers<'a> {
    pub(super) fn learn(base: &'a FactBase, files: &[FileId], constants: &Constants<'_>) -> Self {
        let mut wrappers = Self { roles: FxHashMap::default(), defined: FxHashMap::default() };
        let mut known: FxHashMap<(FileId, DefinitionId), Role> = FxHashMap::default();
        for file in files.iter().filter(|file| constants.asks(**file)) {
            wrappers.direct(base.facts(*file), *file, &mut known);
        }
        if known.is_empty() {
            return wrappers;
        }
        wrappers.count(base, files);
        for _ in 0..MOST_ROUNDS {
            wrappers.name(base, &known);
            let before = known.len();
            for file in files {
                wrappers.handed_on(base.facts(*file), *file, constants, &mut known);
            }
            if known.len() == before {
                break;
            }
        }
        wrappers
    }

    /// Functions that ask for a collection by a parameter of theirs.
    fn direct(&self, facts: &'a FileFacts, file: FileId, known: &mut FxHashMap<(FileId, DefinitionId), Role>) {
        let handles = Handles::of(facts);
        for call in &facts.calls {
            let Some((function, parameter)) = asked_for(facts, call).and_then(|name| parameter(facts, call, name)) else { continue };
            let writes = |uses: &[(&Call, Operation)]| uses.iter().any(|(_, operation)| *operation == Operation::Write);
            let uses = handles.uses(facts, call);
            if uses.is_empty() {
                continue;
            }
            let operation = if writes(&uses) { Operation::Write } else { Operation::Read };
            known.insert((file, function), Role { parameter, operation, with: 1 });
        }
    }

    fn count(&mut self, base: &'a FactBase, files: &[FileId]) {
        for file in files {
            let facts = base.facts(*file);
            for (_, definition) in facts.definitions().filter(|(_, definition)| !definition.parameters.is_empty()) {
                *self.defined.entry(facts.text(definition.name)).or_default() += 1;
            }
        }
    }

    /// Roles by name; where functions of one name differ, the one that most have, writing before reading.
    fn name(&mut self, base: &'a FactBase, known: &FxHashMap<(FileId, DefinitionId), Role>) {
        self.roles.clear();
        let mut rows: Vec<_> = known.iter().collect();
        rows.sort_by_key(|(place, _)| **place);
        for ((file, function), role) in rows {
            let facts = base.facts(*file);
            let name = facts.text(facts.definition(*function).name);
            let row = self.roles.entry(name).or_insert(Role { with: 0, ..*role });
            if row.parameter == role.parameter {
                row.with += 1;
                row.operation = if role.operation == Operation::Write { Operation::Write } else { row.operation };
            }
        }
    }

    fn handed_on(&self, facts: &FileFacts, file: FileId, constants: &Constants<'_>, known: &mut FxHashMap<(FileId, DefinitionId), Role>) {
        for call in &facts.calls {
            let Some(role) = facts.last_name(call.callee).and_then(|name| self.roles.get(name)) else { continue };
            let Some(given) = facts.arguments_of(call).get(role.parameter).filter(|argument| !argument.spread) else { continue };
            if let Some((function, parameter)) = parameter(facts, call, given.value)
                && constants.named(file, given.value).is_none()
            {
                known.entry((file, function)).or_insert(Role { parameter, operation: role.operation, with: 1 });
            }
        }
    }

    /// The collection that a call of a wrapper means. A name that half of the functions have in common counts by itself; else
    /// only where the argument is known to be a collection.
    pub(super) fn meant(&self, file: FileId, facts: &FileFacts, call: &Call, constants: &Constants<'_>) -> Option<(Named, Operation)> {
        let name = facts.last_name(call.callee)?;
        let role = self.roles.get(name)?;
        let given = facts.arguments_of(call).get(role.parameter).filter(|argument| !argument.spread)?.value;
        let named = constants.named(file, given)?;
        let agreed = role.with * 2 >= self.defined.get(name).copied().unwrap_or_default() && !named.literal;
        (agreed || constants.knows(&named.text)).then_some((named, role.operation))
    }
}

/// The parameter of a function with a name that a value is.
fn parameter(facts: &FileFacts, call: &Call, value: ValueId) -> Option<(DefinitionId, usize)> {
    let name = facts.as_name(value)?;
    let (function, parameter) = facts.parameter_around(facts.owner_of(call.value), name)?;
    (!facts.text(facts.definition(function).name).is_empty()).then_some((function, parameter))
}
