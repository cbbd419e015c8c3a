//! Units of work (PLAN.md A.9): a transaction where the code says one, else what handles a route, runs as a command, a job
//! or a consumer. A unit touches what its own lines touch and what its callees touch, three calls deep.

mod calls;
mod entries;

use crate::base::FileId;
use crate::bind::{Access, External, Operation, TableId, TransactionScope};
use crate::names::ModuleId;
use crate::project::Project;
use calls::{Calls, Node};
use entries::Begun;
pub use entries::{Start, starts};
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
    /// transaction, route, command, job, listener, handler or observer.
    pub kind: &'static str,
    /// The file and line it begins at.
    pub at: (FileId, u32),
    /// A transaction that the code opens, by its index in the list of the project; none for a unit nobody made one.
    pub transaction: Option<usize>,
    /// Tables it writes.
    pub written: BTreeSet<TableId>,
    /// The words that write them: `insert`, `update`, `save`.
    pub verbs: BTreeSet<(TableId, String)>,
    /// Tables it reads.
    pub read: BTreeSet<TableId>,
    /// Systems outside that it calls, by name.
    pub externals: BTreeSet<String>,
}

/// What each function does itself, by index in the project's lists.
#[derive(Default)]
struct ByFunction {
    accesses: FxHashMap<Node, Vec<usize>>,
    externals: FxHashMap<Node, Vec<usize>>,
}

impl ByFunction {
    fn of(project: &Project) -> Self {
        let mut found = Self::default();
        let node = |file: FileId, owner| (file, project.base.facts(file).named_function(owner));
        for (index, access) in project.resolution.tables.accesses.iter().enumerate() {
            found.accesses.entry(node(access.at.file, access.at.owner)).or_default().push(index);
        }
        for (index, external) in project.resolution.externals.iter().enumerate() {
            found.externals.entry(node(external.at.file, external.at.owner)).or_default().push(index);
        }
        found
    }

    fn accesses<'a>(&'a self, project: &'a Project, node: Node) -> impl Iterator<Item = &'a Access> {
        self.accesses.get(&node).into_iter().flatten().map(|index| &project.resolution.tables.accesses[*index])
    }

    fn externals<'a>(&'a self, project: &'a Project, node: Node) -> impl Iterator<Item = &'a External> {
        self.externals.get(&node).into_iter().flatten().map(|index| &project.resolution.externals[*index])
    }
}

/// Every unit: transactions by file and line, then the others by their names. One that touches nothing is only listed where
/// the code says it is a transaction.
#[must_use]
pub fn units(project: &Project) -> Vec<Unit> {
    let by_function = ByFunction::of(project);
    let mut calls = Calls::new(project);
    let mut found: Vec<Unit> = Vec::new();
    for (index, scope) in project.resolution.transactions.iter().enumerate() {
        found.push(explicit(project, (index, scope), &by_function, &mut calls));
    }
    for (entry, begun) in entries::entries(project) {
        let Begun { kind, nodes } = begun;
        let Some((file, function)) = nodes.first().copied() else { continue };
        let line = function.map_or(1, |function| project.base.facts(file).definition(function).span.line);
        let mut unit = empty(project, entry, kind, (file, line));
        // What a transaction spans is that transaction's.
        for node in calls.reach(nodes.into_iter(), DEPTH, |call| !call.in_transaction) {
            unit.add(by_function.accesses(project, node).filter(|access| !access.in_transaction));
            unit.call(by_function.externals(project, node).filter(|external| !external.in_transaction));
        }
        if !unit.written.is_empty() || !unit.read.is_empty() || !unit.externals.is_empty() {
            found.push(unit);
        }
    }
    found
}

fn empty(project: &Project, entry: String, kind: &'static str, at: (FileId, u32)) -> Unit {
    Unit {
        entry,
        module: project.names.module_of[at.0.index()],
        kind,
        at,
        transaction: None,
        written: BTreeSet::new(),
        verbs: BTreeSet::new(),
        read: BTreeSet::new(),
        externals: BTreeSet::new(),
    }
}

fn explicit(project: &Project, (index, scope): (usize, &TransactionScope), by_function: &ByFunction, calls: &mut Calls<'_>) -> Unit {
    let facts = project.base.facts(scope.file);
    let path = project.base.path(scope.file);
    let within = |line: u32| scope.span.line <= line && line <= scope.span.end_line;
    let around = facts.named_function(scope.owner);
    // A transaction around a class is around each of its methods.
    let mut inside = vec![around];
    if let Some(class) = scope.owner.filter(|owner| facts.definition(*owner).kind.is_type()) {
        inside.extend(facts.inside(Some(class)).map(|(id, _)| Some(id)));
    }
    let what = around.map_or_else(|| path.to_owned(), |id| facts.qualified_name(id));
    let entry = format!("transaction {what} ({path}:{})", scope.span.line);
    let mut unit = Unit { transaction: Some(index), ..empty(project, entry, "transaction", (scope.file, scope.span.line)) };
    let mut called = Vec::new();
    for node in inside.into_iter().map(|function| (scope.file, function)) {
        unit.add(by_function.accesses(project, node).filter(|access| access.in_transaction && within(access.at.line)));
        unit.call(by_function.externals(project, node).filter(|external| external.in_transaction && within(external.at.line)));
        called.extend(calls.of(node).into_iter().filter(|call| within(call.line)).map(|call| call.callee));
    }
    for node in calls.reach(called.into_iter(), DEPTH - 1, |_| true) {
        unit.add(by_function.accesses(project, node));
        unit.call(by_function.externals(project, node));
    }
    unit
}

impl Unit {
    fn call<'a>(&mut self, externals: impl Iterator<Item = &'a External>) {
        self.externals.extend(externals.map(super::externals::name));
    }

    fn add<'a>(&mut self, accesses: impl Iterator<Item = &'a Access>) {
        for access in accesses {
            match access.at.operation {
                Operation::Read => self.read.insert(access.table),
                Operation::Write => {
                    self.verbs.insert((access.table, access.at.verb.clone()));
                    self.written.insert(access.table)
                }
                Operation::Ddl => continue,
            };
        }
    }
}
