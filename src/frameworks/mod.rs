//! What frameworks and conventions say beyond the language: names in strings, look-up helpers. Works from facts and
//! names; never sees a syntax tree.
//!
//! To add one: a file here, its testdata, and two lines below.

mod django;
mod dotted_names;
mod lookups;

use crate::base::{Certainty, FileId};
use crate::config::Config;
use crate::facts::DefinitionId;
use crate::names::{FactBase, Names};
use std::borrow::Cow;

/// A dependency that no import states.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StringReference {
    /// The file that names something.
    pub from: FileId,
    /// Where.
    pub line: u32,
    /// The definition it stands in.
    pub owner: Option<DefinitionId>,
    /// The file it means.
    pub to: FileId,
    /// The name inside that file.
    pub symbol: Option<String>,
    /// What is written there; strings keep their quotes.
    pub text: String,
    /// The framework looks it up after the file is loaded: the string alone loads nothing.
    pub deferred: bool,
    /// How sure.
    pub certainty: Certainty,
    /// What told it.
    pub rule: Cow<'static, str>,
}

/// A look-up whose target nobody can tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenCall {
    /// Where.
    pub file: FileId,
    /// The line.
    pub line: u32,
    /// What is written there.
    pub text: String,
    /// Why it stays open.
    pub reason: String,
}

/// What the frameworks found.
#[derive(Debug, Default)]
pub struct Model {
    /// Dependencies that no import states.
    pub references: Vec<StringReference>,
    /// Look-ups nobody can tell.
    pub unresolved: Vec<OpenCall>,
}

/// One framework or convention.
pub struct FrameworkRow {
    /// Its name, as its file and testdata folder.
    pub name: &'static str,
    /// Adds what it knows.
    pub interpret: fn(&FactBase, &Names, &Config, &mut Model),
}

/// Every framework and convention unpick knows.
pub static FRAMEWORKS: [&FrameworkRow; 3] = [
    &django::ROW, //
    &dotted_names::ROW,
    &lookups::ROW,
];

/// Asks all of them.
#[must_use]
pub fn interpret(base: &FactBase, names: &Names, config: &Config) -> Model {
    let mut model = Model::default();
    for row in FRAMEWORKS {
        (row.interpret)(base, names, config, &mut model);
    }
    // Two rules may see the same string; the surer one speaks.
    model.references.sort_by(|a, b| {
        let key = |r: &StringReference| (r.from, r.to, r.line, r.symbol.clone(), std::cmp::Reverse(r.certainty));
        key(a).cmp(&key(b)).then_with(|| a.rule.cmp(&b.rule))
    });
    model.references.dedup_by(|a, b| (a.from, a.to, a.line, &a.symbol) == (b.from, b.to, b.line, &b.symbol));
    model
}
