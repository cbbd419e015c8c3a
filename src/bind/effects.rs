//! What stands around a use of a table or of a system outside: transactions.

use crate::base::FileId;
use crate::facts::{DefinitionId, DefinitionKind, FileFacts, Shape};
use crate::frameworks::effects::TransactionScope;
use crate::names::FactBase;
use rustc_hash::FxHashSet;

/// Calls whose function runs when the transaction around them is over.
const LATER: [&str; 5] = ["on_commit", "run_on_commit", "afterCommit", "after_commit", "addPostCommitHook"];

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
        let mut inline = FxHashSet::default();
        if length > 0 {
            inline.extend(facts.values.iter().filter_map(|value| match value.shape {
                Shape::Inline(id) if !facts.definition(id).kind.is_type() => Some(id),
                _ => None,
            }));
            for call in facts.calls.iter().filter(|call| facts.last_name(call.callee).is_some_and(|name| LATER.contains(&name))) {
                for argument in facts.arguments_of(call) {
                    if let Shape::Inline(id) = facts.value(argument.value).shape {
                        inline.remove(&id);
                    }
                }
            }
        }
        Self { facts, scopes: &scopes[start..start + length], inline }
    }

    /// True for a line of a definition that runs inside a transaction of the same function, or of one it is written in.
    pub(super) fn in_transaction(&self, line: u32, owner: Option<DefinitionId>) -> bool {
        self.scopes.iter().any(|scope| scope.span.line <= line && line <= scope.span.end_line && self.is_within(owner, scope.owner))
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
