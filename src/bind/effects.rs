//! What stands around a use of a table or of a system outside: transactions and loops.

use crate::base::FileId;
use crate::facts::{BlockKind, Call, DefinitionId, DefinitionKind, FileFacts, LocalCalls, OwnerSweep, Shape, Stretch, ValueId};
use crate::frameworks::effects::{ExternalCall, TransactionScope};
use crate::names::FactBase;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Calls whose function runs when the transaction around them is over.
const LATER: [&str; 5] = ["on_commit", "run_on_commit", "afterCommit", "after_commit", "addPostCommitHook"];

/// Calls whose function runs once for each of many.
const EACH: [&str; 24] = [
    "map",
    "forEach",
    "each",
    "flatMap",
    "filter",
    "reduce",
    "some",
    "every",
    "find",
    "eachSeries",
    "eachLimit",
    "mapSeries",
    "mapLimit",
    "eachOf",
    "mapKeys",
    "mapValues",
    "array_map",
    "array_walk",
    "array_filter",
    "array_reduce",
    "usort",
    "chunk",
    "chunkById",
    "times",
];

/// How many calls away a loop or transaction still counts.
const STEPS: u32 = 2;

/// A call of a system outside, and what is around it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct External {
    /// Where and what.
    pub at: ExternalCall,
    /// Written in a loop, or in a function of the file that a loop there calls, directly or through one other.
    pub in_loop: bool,
    /// Written in a transaction, or in a function of the file that is called inside one, directly or through one other.
    pub in_transaction: bool,
    /// The line of the call in that loop, where the loop is in another function.
    pub loop_line: Option<u32>,
    /// The line of the call in that transaction, where the transaction is in another function.
    pub transaction_line: Option<u32>,
}

/// Says of every call of a system outside what is around it.
pub(super) fn around(base: &FactBase, calls: Vec<ExternalCall>, scopes: &[TransactionScope]) -> Vec<External> {
    let unseen = |at| External { at, in_loop: false, in_transaction: false, loop_line: None, transaction_line: None };
    let mut found: Vec<External> = calls.into_iter().map(unseen).collect();
    for of_file in found.chunk_by_mut(|a, b| a.at.file == b.at.file) {
        let around = Around::of(base, of_file[0].at.file, scopes);
        let loops = Loops::of(&around);
        let (looped, spanned) = called(&around, &loops);
        for external in of_file {
            let function = around.runs_in(external.at.owner);
            let line = |called: &Called| function.and_then(|function| called.get(&function).copied());
            let in_loop = external.at.value.is_some_and(|value| loops.hold(&around, value, external.at.owner));
            let in_transaction = around.in_transaction(external.at.line, external.at.owner);
            external.loop_line = line(&looped).filter(|_| !in_loop);
            external.transaction_line = line(&spanned).filter(|_| !in_transaction);
            external.in_loop = in_loop || external.loop_line.is_some();
            external.in_transaction = in_transaction || external.transaction_line.is_some();
        }
    }
    found
}

/// Functions that are called where it counts, with the line of the first such call.
type Called = BTreeMap<DefinitionId, u32>;

/// Functions that are called in a loop, and those that are called in a transaction.
fn called(around: &Around<'_>, loops: &Loops) -> (Called, Called) {
    let (mut looped, mut spanned) = (Called::new(), Called::new());
    let mut plain: Vec<(DefinitionId, DefinitionId)> = Vec::new();
    let local = LocalCalls::of(around.facts);
    let mut owners = OwnerSweep::new(around.facts);
    for call in &around.facts.calls {
        let owner = owners.owner(call.value);
        let Some(target) = local.target(around.facts, owner, call) else { continue };
        if loops.hold(around, call.value, owner) {
            looped.entry(target).or_insert(call.span.line);
        }
        if around.in_transaction(call.span.line, owner) {
            spanned.entry(target).or_insert(call.span.line);
        }
        plain.extend(around.runs_in(owner).map(|caller| (caller, target)));
    }
    for called in [&mut looped, &mut spanned] {
        for _ in 1..STEPS {
            let further = plain.iter().filter_map(|(caller, target)| Some((*target, *called.get(caller)?)));
            for (target, line) in further.collect::<Vec<_>>() {
                called.entry(target).or_insert(line);
            }
        }
    }
    (looped, spanned)
}

/// The loops of one file.
struct Loops {
    blocks: Vec<Stretch>,
    /// Functions without a name that run once for each of many.
    functions: FxHashSet<DefinitionId>,
}

impl Loops {
    fn of(around: &Around<'_>) -> Self {
        let blocks = around.facts.blocks.iter().filter(|block| block.kind == BlockKind::Loop).map(|block| block.values).collect();
        Self { blocks, functions: handed_to(around.facts, &EACH).collect() }
    }

    /// True for a value that runs many times when the function around it runs once.
    fn hold(&self, around: &Around<'_>, value: ValueId, owner: Option<DefinitionId>) -> bool {
        let mut at = owner;
        while let Some(here) = at.filter(|here| around.inline.contains(here)) {
            if self.functions.contains(&here) {
                return true;
            }
            at = around.facts.definition(here).owner;
        }
        let start = at.map_or(0, |function| around.facts.definition(function).values.start);
        self.blocks.iter().any(|block| block.start >= start && block.contains(value.0))
    }
}

/// Functions that are written where they are handed to calls of some names.
fn handed_to<'a>(facts: &'a FileFacts, names: &'a [&str]) -> impl Iterator<Item = DefinitionId> {
    let wanted = |call: &&Call| facts.last_name(call.callee).is_some_and(|name| names.contains(&name));
    let arguments = facts.calls.iter().filter(wanted).flat_map(|call| facts.arguments_of(call));
    arguments.filter_map(|argument| match facts.value(argument.value).shape {
        Shape::Inline(id) => Some(id),
        _ => None,
    })
}

/// The transactions of one file.
pub(super) struct Around<'a> {
    facts: &'a FileFacts,
    scopes: &'a [TransactionScope],
    /// Functions written where they are used: what is around them is around what is in them.
    inline: FxHashSet<DefinitionId>,
}

impl<'a> Around<'a> {
    /// Looks at one file; the scopes are those of the whole tree, sorted.
    pub(super) fn of(base: &'a FactBase, file: FileId, scopes: &'a [TransactionScope]) -> Self {
        let facts = base.facts(file);
        let start = scopes.partition_point(|scope| scope.file < file);
        let length = scopes[start..].partition_point(|scope| scope.file == file);
        let mut inline: FxHashSet<DefinitionId> = FxHashSet::default();
        inline.extend(facts.values.iter().filter_map(|value| match value.shape {
            Shape::Inline(id) if !facts.definition(id).kind.is_type() => Some(id),
            _ => None,
        }));
        for id in handed_to(facts, &LATER) {
            inline.remove(&id);
        }
        // `api[method] = (url) => ...`: it is kept for whoever calls it, later and from elsewhere.
        for binding in
            facts.bindings.iter().filter(|binding| matches!(facts.value(binding.target).shape, Shape::Member(..) | Shape::Item(..)))
        {
            if let Some(Shape::Inline(id)) = binding.value.map(|value| facts.value(value).shape) {
                inline.remove(&id);
            }
        }
        Self { facts, scopes: &scopes[start..start + length], inline }
    }

    /// True for a line of a definition that runs inside a transaction of the same function, or of one it is written in.
    pub(super) fn in_transaction(&self, line: u32, owner: Option<DefinitionId>) -> bool {
        self.scopes.iter().any(|scope| scope.span.line <= line && line <= scope.span.end_line && self.is_within(owner, scope.owner))
    }

    /// The function that something runs in when it runs: the innermost that is not written where it is used.
    fn runs_in(&self, owner: Option<DefinitionId>) -> Option<DefinitionId> {
        let mut at = owner;
        while let Some(here) = at.filter(|here| self.inline.contains(here)) {
            at = self.facts.definition(here).owner;
        }
        at
    }

    /// True when what stands directly in `inner` runs with what stands in `outer`.
    fn is_within(&self, inner: Option<DefinitionId>, outer: Option<DefinitionId>) -> bool {
        let mut at = inner;
        while at != outer {
            let Some(here) = at else { return false };
            let definition = self.facts.definition(here);
            // A transaction around a class is around each of its methods.
            let method = definition.kind == DefinitionKind::Method && definition.owner == outer && outer.is_some();
            if !self.inline.contains(&here) && !method {
                return false;
            }
            at = definition.owner;
        }
        true
    }
}
