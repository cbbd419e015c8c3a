//! Things that are done together. Until requests, commands and jobs are followed through what they call, a unit is one
//! function with what is written in it: a lower bound. It is explicit where the code opens a transaction.

use super::atoms::Atoms;
use crate::base::FileId;
use crate::bind::{Access, Operation};
use crate::facts::DefinitionId;
use crate::plan::facts::{Site, Unit};
use crate::project::Project;
use std::collections::BTreeMap;

/// Every function that uses a table, by file and place.
pub(super) fn units(project: &Project, accesses: &[&Access], atoms: &Atoms) -> Vec<Unit> {
    let mut of_function: BTreeMap<(FileId, Option<DefinitionId>, bool), Vec<&Access>> = BTreeMap::new();
    for access in accesses {
        let function = function(project, access);
        // What stands outside of functions is done once, when the file is loaded or its script runs.
        of_function.entry((access.at.file, function, access.at.in_transaction)).or_default().push(access);
    }
    let units = of_function.into_iter().filter_map(|((file, function, explicit), accesses)| {
        let atom = atoms.at(project, file, function)?;
        let facts = project.base.facts(file);
        let path = project.base.path(file);
        let name = function.map_or_else(|| path.to_owned(), |id| format!("{} ({path})", facts.qualified_name(id)));
        let tables = |wanted: Operation| -> Vec<usize> {
            accesses.iter().filter(|access| access.at.operation == wanted).map(|access| access.table.index()).collect()
        };
        let site = accesses.iter().map(|access| Site { file, line: access.at.line }).min();
        Some(Unit { name, atom, explicit, writes: tables(Operation::Write), reads: tables(Operation::Read), site })
    });
    units.collect()
}

/// The innermost function with a name around an access; functions without one run where they are written.
fn function(project: &Project, access: &Access) -> Option<DefinitionId> {
    let facts = project.base.facts(access.at.file);
    let mut at = access.at.owner;
    while let Some(id) = at {
        let definition = facts.definition(id);
        if !definition.kind.is_type() && !facts.text(definition.name).is_empty() {
            return at;
        }
        at = definition.owner;
    }
    None
}
