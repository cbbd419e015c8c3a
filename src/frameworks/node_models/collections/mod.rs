//! Collections of MongoDB that the driver reaches by name: `db.collection('orders').insertOne(...)`.
//!
//! The name may be a literal, a constant, an entry of an object of constants, or a parameter of a function that hands it on.
//! A collection needs no schema; the place that names it is its declaration.

mod constants;
mod handles;
mod wrappers;

use super::described::empty_table;
use super::operations::of_model;
use crate::base::{Certainty, FileId};
use crate::facts::{Call, FileFacts, Shape, Target, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::orm::Places;
use crate::frameworks::tables::{AccessBy, Declaration, DeclaredBy, DeclaredTable, Operation, TableAccess};
use crate::names::FactBase;
use constants::{Constants, Named};
use handles::Handles;
use std::collections::{BTreeMap, BTreeSet};
use wrappers::Wrappers;

/// Packages whose databases have a method `collection`.
const DRIVERS: [&str; 5] = ["mongodb", "mongojs", "mongoist", "mongoose", "monk"];

/// What calls of the driver say.
#[derive(Default)]
pub(super) struct Collections {
    pub(super) tables: Vec<DeclaredTable>,
    pub(super) accesses: Vec<TableAccess>,
    pub(super) unresolved: Vec<OpenCall>,
}

/// Reads the files of an application that uses a driver; `known` are tables that something else declares.
pub(super) fn read(base: &FactBase, files: &[FileId], known: &BTreeSet<String>) -> Collections {
    let mut found = Collections::default();
    if !files.iter().any(|file| imports_driver(base.facts(*file))) {
        return found;
    }
    let constants = Constants::of(base, files);
    let wrappers = Wrappers::learn(base, files, &constants);
    let mut named = BTreeMap::new();
    for file in files {
        Reader { facts: base.facts(*file), file: *file, constants: &constants, wrappers: &wrappers, named: &mut named }.read(&mut found);
    }
    named.retain(|name, _| !known.contains(name));
    let declared = |(name, (file, line)): (String, (FileId, u32))| empty_table(&name, Declaration { file, line, by: DeclaredBy::Driver });
    found.tables = named.into_iter().map(declared).collect();
    found
}

fn imports_driver(facts: &FileFacts) -> bool {
    facts.imports.iter().any(|import| match import.target {
        Target::Package(name) => DRIVERS.contains(&facts.text(name).split('/').next().unwrap_or_default()),
        _ => false,
    })
}

/// The name that a call of the driver asks for: `db.collection(name)`.
fn asked_for(facts: &FileFacts, call: &Call) -> Option<ValueId> {
    match facts.value(call.callee).shape {
        Shape::Member(_, method) if facts.text(method) == "collection" => Some(facts.arguments_of(call).first()?.value),
        _ => None,
    }
}

struct Reader<'a> {
    facts: &'a FileFacts,
    file: FileId,
    constants: &'a Constants<'a>,
    wrappers: &'a Wrappers<'a>,
    /// Collections with the place that names them first.
    named: &'a mut BTreeMap<String, (FileId, u32)>,
}

impl Reader<'_> {
    fn read(&mut self, found: &mut Collections) {
        let facts = self.facts;
        let handles = Handles::of(facts);
        let mut places = Places::of(facts);
        let mut last = (0, 0);
        for call in &facts.calls {
            let (name, uses) = if let Some(name) = asked_for(facts, call) {
                (self.constants.named(self.file, name), handles.uses(facts, call))
            } else if let Some((name, operation)) = self.wrappers.meant(self.file, facts, call, self.constants) {
                (Some(name), vec![(call, operation)])
            } else {
                continue;
            };
            let Some(name) = name else {
                found.unresolved.extend(self.open(call));
                continue;
            };
            self.note(&name, call.span.line);
            let in_loop = places.place(call.value).in_loop;
            for (used, operation) in uses {
                let line = used.span.line;
                last = if last.0 == line { (line, last.1 + 1) } else { (line, 0) };
                found.accesses.push(TableAccess {
                    file: self.file,
                    line,
                    end_line: used.span.end_line,
                    statement: last.1,
                    table: name.text.clone(),
                    operation,
                    verb: facts.last_name(used.callee).unwrap_or_default().to_owned(),
                    columns: Vec::new(),
                    by: AccessBy::QueryBuilder,
                    owner: facts.owner_of(used.value),
                    certainty: if name.literal { Certainty::LITERAL } else { Certainty(90) },
                    in_loop,
                });
            }
        }
    }

    fn note(&mut self, name: &Named, line: u32) {
        let place = name.written.unwrap_or((self.file, line));
        self.named.entry(name.text.clone()).and_modify(|first| *first = (*first).min(place)).or_insert(place);
    }

    /// A name that nobody can tell; a parameter is told where the function is called.
    fn open(&self, call: &Call) -> Option<OpenCall> {
        let facts = self.facts;
        let argument = facts.arguments_of(call).first()?.value;
        if let Some(name) = facts.as_name(argument)
            && facts.parameter_around(facts.owner_of(call.value), name).is_some()
        {
            return None;
        }
        let text = facts.dotted(argument).unwrap_or_else(|| "...".to_owned());
        Some(OpenCall {
            file: self.file,
            line: call.span.line,
            kind: "table",
            text: format!("collection({text})"),
            reason: "which collection this is shows only when it runs".to_owned(),
        })
    }
}

/// What a method of a collection does to its documents.
fn operation(method: &str) -> Option<Operation> {
    match method {
        "watch" | "mapReduce" => Some(Operation::Read),
        _ if method.starts_with("createIndex") => None,
        "initializeOrderedBulkOp" | "initializeUnorderedBulkOp" => Some(Operation::Write),
        _ => of_model(method),
    }
}
