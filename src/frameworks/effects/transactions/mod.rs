//! Scopes of transactions: `with` and decorators, what is handed to `transaction`, and what stands between a begin and
//! the last commit of the same function.

mod pairs;
mod words;

use super::TransactionScope;
use crate::base::{FileId, Span};
use crate::facts::{BlockKind, Call, DefinitionId, FileFacts, OwnerSweep, Shape, ValueId};
use crate::names::FactBase;
use crate::names::javascript;
use pairs::{Paired, Pairs};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};
use words::{Known, Word, Words};

/// Every scope of the tree, by file.
pub(super) fn read(base: &FactBase, out: &mut Vec<TransactionScope>) {
    let known = Known::new(std::iter::empty());
    let mut by_file: BTreeMap<FileId, Vec<TransactionScope>> = BTreeMap::new();
    let mut helpers: BTreeMap<&str, Word> = BTreeMap::new();
    for file in base.ids().filter(|file| !base.file(*file).left_out) {
        let facts = base.facts(file);
        let mut scan = Scan::of(base, file, &known);
        scan.all();
        let Paired { pairs, helpers: halves } = scan.pairs.finish();
        scan.scopes.extend(pairs.into_iter().map(|pair| scope(file, pair)));
        by_file.insert(file, scan.scopes);
        helpers.extend(halves.into_iter().map(|(function, word)| (facts.text(facts.definition(function).name), word)));
    }
    if helpers.values().any(|word| matches!(word, Word::Begin(_))) {
        through_helpers(base, &helpers, &mut by_file);
    }
    let mut all: BTreeSet<TransactionScope> = BTreeSet::new();
    all.extend(by_file.into_values().flatten());
    out.extend(all);
}

/// Reads files again that call the application's own functions for beginning a transaction.
fn through_helpers(base: &FactBase, helpers: &BTreeMap<&str, Word>, by_file: &mut BTreeMap<FileId, Vec<TransactionScope>>) {
    let known = Known::new(helpers.iter().map(|(name, word)| (*name, *word)));
    let begins: FxHashSet<&str> = helpers.iter().filter(|(_, word)| matches!(word, Word::Begin(_))).map(|(name, _)| *name).collect();
    for (file, scopes) in by_file {
        if base.facts(*file).texts.iter().any(|(_, text)| begins.contains(text)) {
            let mut scan = Scan::of(base, *file, &known);
            scan.all();
            scan.scopes.extend(scan.pairs.finish().pairs.into_iter().map(|pair| scope(*file, pair)));
            *scopes = scan.scopes;
        }
    }
}

fn scope(file: FileId, pair: pairs::Pair) -> TransactionScope {
    let kind = if pair.savepoint { "savepoint" } else { "begin" };
    TransactionScope { file, span: pair.span, owner: pair.owner, kind }
}

/// One file while it is gone through.
struct Scan<'a> {
    facts: &'a FileFacts,
    file: FileId,
    words: Words,
    javascript: bool,
    pairs: Pairs<'a>,
    scopes: Vec<TransactionScope>,
}

impl<'a> Scan<'a> {
    fn of(base: &'a FactBase, file: FileId, known: &Known<'_>) -> Self {
        let facts = base.facts(file);
        let javascript = javascript::speaks(base.file(file).source.language);
        Self { facts, file, words: known.of(facts), javascript, pairs: Pairs::new(facts), scopes: Vec::new() }
    }

    fn all(&mut self) {
        if self.words.are_idle() {
            // A helper may end what another file begins.
            return self.calls(&FxHashSet::default());
        }
        self.decorated();
        let subjects = self.blocks();
        self.calls(&subjects);
    }

    fn add(&mut self, span: Span, owner: Option<DefinitionId>, kind: &'static str) {
        self.scopes.push(TransactionScope { file: self.file, span, owner, kind });
    }

    /// `with transaction.atomic():`
    fn blocks(&mut self) -> FxHashSet<ValueId> {
        let mut subjects = FxHashSet::default();
        for block in self.facts.blocks.iter().filter(|block| block.kind == BlockKind::With) {
            let Some(subject) = block.subject.filter(|subject| self.words.spans(self.facts, *subject, false)) else { continue };
            subjects.insert(subject);
            self.add(block.span, self.facts.owner_of(subject), "with");
        }
        subjects
    }

    /// `@transaction.atomic`, on a function or, through `method_decorator`, on one method of a class.
    fn decorated(&mut self) {
        for (id, definition) in self.facts.definitions() {
            for decorator in self.facts.items(definition.decorators) {
                let line = self.facts.value(*decorator).line;
                let wrapped = self.handed_on(*decorator);
                if !self.words.spans(self.facts, wrapped.unwrap_or(*decorator), true) {
                    continue;
                }
                let method = self.facts.as_call(*decorator).and_then(|call| self.method_named(id, call));
                let (owner, span) = match method {
                    Some(method) => (method, self.facts.definition(method).span),
                    None => (id, Span { line, end_line: definition.span.end_line }),
                };
                self.add(span, Some(owner), "decorator");
            }
        }
    }

    /// What `method_decorator` is handed.
    fn handed_on(&self, decorator: ValueId) -> Option<ValueId> {
        let call = self.facts.as_call(decorator)?;
        (self.facts.last_name(call.callee) == Some("method_decorator")).then_some(())?;
        self.facts.arguments_of(call).first().map(|argument| argument.value)
    }

    /// The method that `method_decorator(..., name="post")` is about.
    fn method_named(&self, class: DefinitionId, call: &Call) -> Option<DefinitionId> {
        let name = self.facts.as_literal(self.facts.argument(call, 1, "name")?)?;
        let mut methods = self.facts.inside(Some(class));
        methods.find(|(_, method)| self.facts.text(method.name) == name).map(|(id, _)| id)
    }

    fn calls(&mut self, subjects: &FxHashSet<ValueId>) {
        let mut owners = OwnerSweep::new(self.facts);
        for call in &self.facts.calls {
            let Some(word) = self.words.of(self.facts, call) else { continue };
            if subjects.contains(&call.value) {
                continue;
            }
            let owner = owners.owner(call.value);
            match word {
                Word::Closure if self.takes_code(call) => self.add(call.span, owner, "closure"),
                Word::Closure if self.javascript && call.used && self.is_begun(call) => self.pairs.begin(owner, call.span.line, false),
                Word::Begin(savepoint) if self.facts.as_name(call.callee).is_none_or(|name| self.facts.text(name) != "begin") => {
                    self.pairs.begin(owner, call.span.line, savepoint);
                }
                Word::Commit(_) | Word::Rollback(_) => self.pairs.end(owner, call.span.end_line, word),
                _ => {}
            }
        }
    }

    /// A function written where it is handed over; a list of statements for Prisma.
    fn takes_code(&self, call: &Call) -> bool {
        let listed = self.javascript && self.facts.last_name(call.callee) == Some("$transaction");
        self.facts.arguments_of(call).iter().any(|argument| match self.facts.value(argument.value).shape {
            Shape::Inline(function) => !self.facts.definition(function).kind.is_type(),
            Shape::List(_) => listed,
            _ => false,
        })
    }

    /// `const t = await db.transaction()`: nothing is handed over, or options.
    fn is_begun(&self, call: &Call) -> bool {
        let is_option = |value: ValueId| match self.facts.value(value).shape {
            Shape::Map(_) | Shape::Constant(_) => true,
            Shape::Name(name) => self.facts.text(name) == "undefined",
            _ => false,
        };
        self.facts.last_name(call.callee) == Some("transaction")
            && self.facts.arguments_of(call).iter().all(|argument| is_option(argument.value))
    }
}
