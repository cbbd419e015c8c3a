//! What frameworks and conventions say beyond the language: names in strings, look-up helpers. Works from facts and
//! names; never sees a syntax tree.
//!
//! To add one: a file here, its testdata, and two lines below.

mod callables;
mod django;
mod doctrine;
mod dotted_names;
pub mod effects;
mod fastapi;
mod file_routes;
mod flask;
mod globals;
mod http_calls;
mod laravel;
mod loaders;
mod lookups;
mod magento;
pub mod messages;
mod moodle;
mod node_models;
mod node_routes;
mod orm;
mod pages;
pub mod payloads;
mod php;
mod plain_php;
mod python;
pub mod routes;
mod sqlalchemy;
mod symfony;
pub mod tables;
mod templates;
mod wordpress;

pub use orm::{Place, Places};

use crate::base::{Certainty, FileId};
use crate::config::Config;
use crate::facts::{DefinitionId, ValueId};
use crate::names::{FactBase, Names};
use effects::{ExternalCall, TransactionScope};
use messages::{Entry, Message};
use payloads::Payloads;
use routes::{HttpCall, Route};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use tables::{DeclaredTable, Predicates, TableAccess};

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
    /// call or table.
    pub kind: &'static str,
    /// What is written there.
    pub text: String,
    /// Why it stays open.
    pub reason: String,
}

/// A call of a method of the tree, where the class of the object is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct MethodCall {
    /// Where.
    pub file: FileId,
    /// The definition it stands in.
    pub owner: Option<DefinitionId>,
    /// The line.
    pub line: u32,
    /// The method, with its file.
    pub callee: (FileId, DefinitionId),
}

/// What look-ups by name found, by the place of the call.
#[derive(Debug, Default)]
pub struct Answers {
    /// Files of the tree and names in them, in the order they are written.
    pub ours: FxHashMap<(FileId, ValueId), Vec<(FileId, String)>>,
    /// A library's model, by a dotted name.
    pub outside: FxHashMap<(FileId, ValueId), String>,
    /// Names of tables that calls stand for: `$this->getTable('catalog/product')`.
    pub tables: FxHashMap<(FileId, ValueId), String>,
    /// Calls whose tables a framework has looked at itself: whatever else takes tables by its name has no say in them.
    pub settled: FxHashSet<(FileId, ValueId)>,
}

/// What the frameworks found.
#[derive(Debug, Default)]
pub struct Model {
    /// Dependencies that no import states.
    pub references: Vec<StringReference>,
    /// Look-ups nobody can tell.
    pub unresolved: Vec<OpenCall>,
    /// What look-ups by name found.
    pub answers: Answers,
    /// Tables that classes, migrations and schemas declare; one table may be declared by several.
    pub tables: Vec<DeclaredTable>,
    /// Places that read and write tables.
    pub accesses: Vec<TableAccess>,
    /// What conditions say of columns.
    pub predicates: Predicates,
    /// Addresses the application answers.
    pub routes: Vec<Route>,
    /// What those take and answer, where somebody asked for it.
    pub payloads: Payloads,
    /// Requests it sends.
    pub http_calls: Vec<HttpCall>,
    /// Stretches of code that one transaction spans.
    pub transactions: Vec<TransactionScope>,
    /// Calls of systems outside.
    pub externals: Vec<ExternalCall>,
    /// Calls of methods, by file.
    pub method_calls: Vec<MethodCall>,
    /// What is sent without saying to whom, by name.
    pub messages: Vec<Message>,
    /// Functions that something else than the application's own code calls.
    pub entries: Vec<Entry>,
}

/// One framework or convention.
pub struct FrameworkRow {
    /// Its name, as its file and testdata folder.
    pub name: &'static str,
    /// Adds what it knows.
    pub interpret: fn(&FactBase, &Names, &Config, &mut Model),
}

/// Every framework and convention unpick knows.
pub static FRAMEWORKS: &[&FrameworkRow] = &[
    &callables::ROW, //
    &django::ROW,
    &dotted_names::ROW,
    &file_routes::ROW,
    &globals::ROW,
    &http_calls::ROW,
    &loaders::ROW,
    &lookups::ROW,
    &magento::ROW,
    &moodle::ROW,
    &node_models::ROW,
    &node_routes::ROW,
    &pages::ROW,
    &plain_php::ROW,
    &templates::ROW,
];

/// Asks all of them.
#[must_use]
pub fn interpret(base: &FactBase, names: &Names, config: &Config) -> Model {
    let mut model = Model::default();
    for row in FRAMEWORKS {
        (row.interpret)(base, names, config, &mut model);
    }
    orm::interpret(base, names, config.ignore_declared_keys, &mut model);
    python::interpret(base, names, &mut model);
    effects::interpret(base, names, &mut model);
    if config.payloads {
        payloads::interpret(base, names, &mut model);
    }
    if config.ignore_declared_keys {
        model.tables.iter_mut().for_each(DeclaredTable::forget_keys);
    }
    model.method_calls.sort_unstable();
    // Two rules may see the same string; the surer one speaks.
    model.references.sort_by(|a, b| {
        let key = |r: &StringReference| (r.from, r.to, r.line, r.symbol.clone(), std::cmp::Reverse(r.certainty));
        key(a).cmp(&key(b)).then_with(|| a.rule.cmp(&b.rule))
    });
    model.references.dedup_by(|a, b| (a.from, a.to, a.line, &a.symbol) == (b.from, b.to, b.line, &b.symbol));
    model
}
