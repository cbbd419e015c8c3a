//! Who calls whom among functions: in the same file by name, in other files by what imports say.
//!
//! A call on an object whose class nobody wrote down is not followed, so what is reached is a lower bound.

use crate::base::{FileId, Span};
use crate::bind::{Kind, Reference};
use crate::facts::{DefinitionId, DefinitionKind, LocalCalls, OwnerSweep};
use crate::names::Export;
use crate::project::Project;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A function with a name, or what stands outside of all of them in a file.
pub(super) type Node = (FileId, Option<DefinitionId>);

/// The calls of one file, by the function they stand in.
type FileCalls = BTreeMap<Option<DefinitionId>, Vec<CallOf>>;

/// A call of a function of the tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct CallOf {
    pub(super) line: u32,
    /// What is called.
    pub(super) callee: Node,
    /// Inside a transaction of the same function.
    pub(super) in_transaction: bool,
}

/// Calls, looked up file by file as they are asked for.
pub(super) struct Calls<'a> {
    project: &'a Project,
    known: FxHashMap<FileId, FileCalls>,
}

impl<'a> Calls<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self { project, known: FxHashMap::default() }
    }

    /// What a function calls, by line.
    pub(super) fn of(&mut self, (file, function): Node) -> Vec<CallOf> {
        let project = self.project;
        let calls = self.known.entry(file).or_insert_with(|| of_file(project, file));
        calls.get(&function).cloned().unwrap_or_default()
    }

    /// Everything that is reached from some functions in so many steps through calls that are wanted, themselves included.
    pub(super) fn reach(&mut self, from: impl Iterator<Item = Node>, steps: u32, wanted: impl Fn(&CallOf) -> bool) -> BTreeSet<Node> {
        let mut found: BTreeSet<Node> = from.collect();
        let mut border: Vec<Node> = found.iter().copied().collect();
        for _ in 0..steps {
            let calls = border.iter().flat_map(|node| self.of(*node));
            let next: Vec<Node> = calls.filter(|call| wanted(call)).map(|call| call.callee).collect();
            border = next.into_iter().filter(|node| found.insert(*node)).collect();
        }
        found
    }
}

fn of_file(project: &Project, file: FileId) -> FileCalls {
    let facts = project.base.facts(file);
    let mut calls = FileCalls::new();
    let scopes = &project.resolution.transactions;
    let first = scopes.partition_point(|scope| scope.file < file);
    let scopes = &scopes[first..first + scopes[first..].partition_point(|scope| scope.file == file)];
    let mut add = |owner: Option<DefinitionId>, line: u32, callee: Node| {
        let function = facts.named_function(owner);
        let holds = |span: Span| span.line <= line && line <= span.end_line;
        let in_transaction = scopes.iter().any(|scope| holds(scope.span) && facts.named_function(scope.owner) == function);
        calls.entry(function).or_default().push(CallOf { line, callee, in_transaction });
    };
    let local = LocalCalls::of(facts);
    let mut owners = OwnerSweep::new(facts);
    for call in &facts.calls {
        let owner = owners.owner(call.value);
        if let Some(target) = local.target(facts, owner, call) {
            add(owner, call.span.line, (file, Some(target)));
        }
    }
    let all = &project.resolution.references;
    let start = all.partition_point(|reference| reference.from < file);
    for reference in all[start..].iter().take_while(|reference| reference.from == file) {
        if let Some(node) = outside(project, reference) {
            add(reference.owner, reference.line, node);
        }
    }
    let methods = &project.resolution.method_calls;
    let start = methods.partition_point(|call| call.file < file);
    for call in methods[start..].iter().take_while(|call| call.file == file) {
        add(call.owner, call.line, (call.callee.0, Some(call.callee.1)));
    }
    for of_function in calls.values_mut() {
        of_function.sort_unstable();
        of_function.dedup();
    }
    calls
}

/// The function of another file that a reference calls.
fn outside(project: &Project, reference: &Reference) -> Option<Node> {
    (reference.kind == Kind::Call).then_some(())?;
    let home = project.names.home(&project.base, reference.to, reference.symbol.as_deref()?)?;
    let Some(Export::Definition(id)) = home.export else { return None };
    let is_function = project.base.facts(home.file).definition(id).kind == DefinitionKind::Function;
    is_function.then_some((home.file, Some(id)))
}
