//! Things that are done together: transactions, what handles a request, command or job, and for what none of these covers
//! the functions that write, one by one, which is a lower bound.

use super::atoms::Atoms;
use crate::analyses::units::Unit as Found;
use crate::base::FileId;
use crate::bind::{Access, Operation, TableId};
use crate::facts::DefinitionId;
use crate::names::ModuleId;
use crate::plan::facts::{Site, Unit};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Every unit that touches two tables or writes one.
pub(super) fn units(project: &Project, found: &[Found], accesses: &[&Access], atoms: &Atoms) -> Vec<Unit> {
    let mut covered: BTreeMap<ModuleId, Vec<&BTreeSet<TableId>>> = BTreeMap::new();
    let mut units = Vec::new();
    for unit in found {
        covered.entry(unit.module).or_default().push(&unit.written);
        units.extend(known(project, unit, atoms));
    }
    let mut of_function: BTreeMap<(FileId, Option<DefinitionId>), Vec<&Access>> = BTreeMap::new();
    for access in accesses.iter().filter(|access| !access.in_transaction) {
        of_function.entry((access.at.file, function(project, access))).or_default().push(access);
    }
    for ((file, function), accesses) in of_function {
        let written = tables(&accesses, Operation::Write);
        let told =
            covered.get(&project.names.module_of[file.index()]).is_some_and(|units| units.iter().any(|unit| written.is_subset(unit)));
        let unit = (written.is_empty() || !told).then(|| single(project, file, function, &accesses, atoms)).flatten();
        units.extend(unit);
    }
    units.retain(|unit| !unit.writes.is_empty() || unit.reads.len() > 1);
    units
}

fn known(project: &Project, unit: &Found, atoms: &Atoms) -> Option<Unit> {
    let scope = unit.transaction.map(|at| &project.resolution.transactions[at]);
    let atom = match scope {
        Some(scope) => atoms.at(project, scope.file, scope.owner),
        None => atoms.whole(unit.module).or_else(|| atoms.of_module(unit.module)),
    }?;
    let numbers = |tables: &BTreeSet<TableId>| tables.iter().map(|table| table.index()).collect();
    Some(Unit {
        name: unit.entry.clone(),
        atom,
        explicit: scope.is_some(),
        writes: numbers(&unit.written),
        reads: numbers(&unit.read),
        verbs: unit.verbs.iter().map(|(table, verb)| (table.index(), verb.clone())).collect(),
        site: scope.map(|scope| Site { file: scope.file, line: scope.span.line }),
    })
}

fn single(project: &Project, file: FileId, function: Option<DefinitionId>, accesses: &[&Access], atoms: &Atoms) -> Option<Unit> {
    let path = project.base.path(file);
    let numbers = |tables: BTreeSet<TableId>| tables.into_iter().map(TableId::index).collect();
    let writing = accesses.iter().filter(|access| access.at.operation == Operation::Write);
    Some(Unit {
        name: function.map_or_else(|| path.to_owned(), |id| format!("{} ({path})", project.base.facts(file).qualified_name(id))),
        atom: atoms.at(project, file, function)?,
        explicit: false,
        writes: numbers(tables(accesses, Operation::Write)),
        reads: numbers(tables(accesses, Operation::Read)),
        verbs: writing.map(|access| (access.table.index(), access.at.verb.clone())).collect(),
        site: accesses.iter().map(|access| Site { file, line: access.at.line }).min(),
    })
}

fn tables(accesses: &[&Access], wanted: Operation) -> BTreeSet<TableId> {
    accesses.iter().filter(|access| access.at.operation == wanted).map(|access| access.table).collect()
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
