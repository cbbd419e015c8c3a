//! Units of work (PLAN.md A.9): a transaction where the code says one, else what handles a route, runs as a command, a job
//! or a consumer. A unit touches what its own lines touch and what its callees touch, three calls deep.

mod calls;
mod entries;

use crate::base::FileId;
use crate::bind::{Access, Operation, TableId, TransactionScope};
use crate::names::ModuleId;
use crate::project::Project;
use calls::{Calls, Node, named};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// How many calls deep a unit is followed.
const DEPTH: u32 = 3;

/// What belongs together: all of it happens, or none of it should.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Where it begins: a transaction's place, `POST /orders`, a command, a job.
    pub entry: String,
    /// The module it begins in.
    pub module: ModuleId,
    /// A transaction that the code opens, by its index in the list of the project; none for a unit nobody made one.
    pub transaction: Option<usize>,
    /// Tables it writes.
    pub written: BTreeSet<TableId>,
    /// Tables it reads.
    pub read: BTreeSet<TableId>,
}

/// Accesses of each function, by index in the project's list.
type ByFunction = FxHashMap<Node, Vec<usize>>;

/// Every unit: transactions by file and line, then the others by their names. One that touches nothing is only listed where
/// the code says it is a transaction.
#[must_use]
pub fn units(project: &Project) -> Vec<Unit> {
    let mut by_function = ByFunction::default();
    for (index, access) in project.resolution.tables.accesses.iter().enumerate() {
        let facts = project.base.facts(access.at.file);
        by_function.entry((access.at.file, named(facts, access.at.owner))).or_default().push(index);
    }
    let mut calls = Calls::new(project);
    let mut found: Vec<Unit> = Vec::new();
    for (index, scope) in project.resolution.transactions.iter().enumerate() {
        found.push(explicit(project, (index, scope), &by_function, &mut calls));
    }
    for (entry, nodes) in entries::entries(project) {
        let Some((file, _)) = nodes.first().copied() else { continue };
        let mut unit = empty(project, entry, file);
        // What a transaction spans is that transaction's.
        for node in calls.reach(nodes.into_iter(), DEPTH, |call| !call.in_transaction) {
            unit.add(accesses(project, &by_function, node).filter(|access| !access.in_transaction));
        }
        if !unit.written.is_empty() || !unit.read.is_empty() {
            found.push(unit);
        }
    }
    found
}

fn accesses<'a>(project: &'a Project, by_function: &'a ByFunction, node: Node) -> impl Iterator<Item = &'a Access> {
    by_function.get(&node).into_iter().flatten().map(|index| &project.resolution.tables.accesses[*index])
}

fn empty(project: &Project, entry: String, file: FileId) -> Unit {
    Unit { entry, module: project.names.module_of[file.index()], transaction: None, written: BTreeSet::new(), read: BTreeSet::new() }
}

fn explicit(project: &Project, (index, scope): (usize, &TransactionScope), by_function: &ByFunction, calls: &mut Calls<'_>) -> Unit {
    let facts = project.base.facts(scope.file);
    let path = project.base.path(scope.file);
    let within = |line: u32| scope.span.line <= line && line <= scope.span.end_line;
    let around = named(facts, scope.owner);
    // A transaction around a class is around each of its methods.
    let mut inside = vec![around];
    if let Some(class) = scope.owner.filter(|owner| facts.definition(*owner).kind.is_type()) {
        inside.extend(facts.inside(Some(class)).map(|(id, _)| Some(id)));
    }
    let what = around.map_or_else(|| path.to_owned(), |id| facts.qualified_name(id));
    let mut unit =
        Unit { transaction: Some(index), ..empty(project, format!("transaction {what} ({path}:{})", scope.span.line), scope.file) };
    let mut called = Vec::new();
    for node in inside.into_iter().map(|function| (scope.file, function)) {
        unit.add(accesses(project, by_function, node).filter(|access| access.in_transaction && within(access.at.line)));
        called.extend(calls.of(node).into_iter().filter(|call| within(call.line)).map(|call| call.callee));
    }
    for node in calls.reach(called.into_iter(), DEPTH - 1, |_| true) {
        unit.add(accesses(project, by_function, node));
    }
    unit
}

impl Unit {
    fn add<'a>(&mut self, accesses: impl Iterator<Item = &'a Access>) {
        for access in accesses {
            match access.at.operation {
                Operation::Read => self.read.insert(access.table),
                Operation::Write => self.written.insert(access.table),
                Operation::Ddl => continue,
            };
        }
    }
}
