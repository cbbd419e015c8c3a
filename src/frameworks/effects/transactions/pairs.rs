//! Transactions that one call begins and another ends, in the same function.

use super::words::Word;
use crate::base::Span;
use crate::facts::{DefinitionId, DefinitionKind, FileFacts};
use std::collections::BTreeMap;

/// A transaction that was begun.
struct Open {
    owner: Option<DefinitionId>,
    line: u32,
    savepoint: bool,
    committed: Option<u32>,
    rolled_back: Option<u32>,
}

/// Begins and ends of one file, told in source order.
pub(super) struct Pairs<'a> {
    facts: &'a FileFacts,
    open: BTreeMap<Option<DefinitionId>, Vec<Open>>,
    /// Functions that end what they did not begin, with the word they stand for.
    ends: BTreeMap<DefinitionId, Word>,
}

/// A pair: its lines, the definition around the begin, whether it is a savepoint.
pub(super) struct Pair {
    pub(super) span: Span,
    pub(super) owner: Option<DefinitionId>,
    pub(super) savepoint: bool,
}

/// What a file's begins and ends come to.
pub(super) struct Paired {
    pub(super) pairs: Vec<Pair>,
    /// Functions that only begin or only end a transaction, for whoever calls them.
    pub(super) helpers: Vec<(DefinitionId, Word)>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(facts: &'a FileFacts) -> Self {
        Self { facts, open: BTreeMap::new(), ends: BTreeMap::new() }
    }

    /// A call that begins a transaction.
    pub(super) fn begin(&mut self, owner: Option<DefinitionId>, line: u32, savepoint: bool) {
        let begun = Open { owner, line, savepoint, committed: None, rolled_back: None };
        self.open.entry(self.facts.function_around(owner)).or_default().push(begun);
    }

    /// A call that ends one: the last that was begun in the function around, or in one around that if the former has no name.
    pub(super) fn end(&mut self, owner: Option<DefinitionId>, end_line: u32, word: Word) {
        let (Word::Commit(savepoint) | Word::Rollback(savepoint)) = word else { return };
        let mut at = self.facts.function_around(owner);
        loop {
            let begun = self.open.get_mut(&at).and_then(|all| all.iter_mut().rev().find(|open| open.savepoint == savepoint));
            if let Some(open) = begun {
                let side = if matches!(word, Word::Commit(_)) { &mut open.committed } else { &mut open.rolled_back };
                *side = Some(end_line);
                return;
            }
            let Some(here) = at else { return };
            let definition = self.facts.definition(here);
            if definition.kind != DefinitionKind::Lambda {
                self.ends.entry(here).or_insert(word);
                return;
            }
            at = self.facts.function_around(definition.owner);
        }
    }

    /// All pairs, and the functions that do half of the work.
    pub(super) fn finish(self) -> Paired {
        let mut paired = Paired { pairs: Vec::new(), helpers: Vec::new() };
        for (function, all) in self.open {
            for open in all {
                match (open.committed.or(open.rolled_back), function) {
                    (Some(end_line), _) => {
                        let span = Span { line: open.line, end_line: end_line.max(open.line) };
                        paired.pairs.push(Pair { span, owner: open.owner, savepoint: open.savepoint });
                    }
                    (None, Some(function)) => paired.helpers.push((function, Word::Begin(open.savepoint))),
                    (None, None) => {}
                }
            }
        }
        paired.helpers.extend(self.ends);
        paired.helpers.retain(|(function, _)| is_helper(self.facts, *function));
        paired
    }
}

/// The most lines of a function that is there to begin or end a transaction.
const HELPER_LINES: u32 = 15;

/// A short function outside of classes: methods are called on objects, and their names say what they do.
fn is_helper(facts: &FileFacts, function: DefinitionId) -> bool {
    let definition = facts.definition(function);
    definition.kind == DefinitionKind::Function && definition.span.end_line - definition.span.line < HELPER_LINES
}
