//! A chain of calls that is one statement, and the accesses it makes.

use crate::base::{Certainty, FileId};
use crate::frameworks::orm::{ClassId, Entities, Place};
use crate::frameworks::tables::{AccessBy, Operation, TableAccess};
use std::collections::BTreeSet;

/// How many tables an abstract class may stand for before its accesses say nothing of any of them.
const MOST_BELOW: usize = 12;

/// What a statement is over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum Subject {
    Model(ClassId),
    Table(String),
    /// Only the tables it joins.
    Nothing,
}

/// A chain that is still growing.
#[derive(Clone, Debug)]
pub(in crate::frameworks) struct Chain {
    pub subject: Subject,
    /// The table in between, where the rows are reached through one.
    pub via: Option<String>,
    pub place: Place,
    pub line: u32,
    pub end_line: u32,
    pub operation: Operation,
    pub verb: String,
    pub columns: BTreeSet<String>,
    pub joined: BTreeSet<String>,
    pub sure: u8,
}

impl Chain {
    pub(in crate::frameworks) fn new(subject: Subject, via: Option<String>, verb: &str, line: u32, place: Place, sure: u8) -> Self {
        Self {
            subject,
            via,
            place,
            line,
            end_line: line,
            operation: Operation::Read,
            verb: verb.to_owned(),
            columns: BTreeSet::new(),
            joined: BTreeSet::new(),
            sure,
        }
    }

    pub(in crate::frameworks) fn join(&mut self, table: String) {
        self.joined.insert(table);
    }

    /// One access for every table of the statement.
    pub(in crate::frameworks) fn rows(&self, entities: &Entities, file: FileId, statement: u32, out: &mut Vec<TableAccess>) {
        let own: Vec<String> = match &self.subject {
            Subject::Model(class) => entities.tables(*class).into_iter().map(str::to_owned).collect(),
            Subject::Table(table) => vec![table.clone()],
            Subject::Nothing => Vec::new(),
        };
        let sure = if own.len() > 1 { self.sure.min(50) } else { self.sure };
        let links = self.operation == Operation::Write && is_link(&self.verb) && self.via.is_some();
        let by = match self.subject {
            Subject::Table(_) => AccessBy::QueryBuilder,
            _ => AccessBy::Orm,
        };
        let mut push = |table: &str, operation: Operation, sure: u8, columns: Vec<String>| {
            out.push(TableAccess {
                file,
                line: self.line,
                end_line: self.end_line.max(self.line),
                statement,
                table: table.to_owned(),
                operation,
                verb: self.verb.clone(),
                columns,
                by,
                owner: self.place.owner,
                certainty: Certainty(sure),
                in_loop: self.place.in_loop,
            });
        };
        // What any of dozens of models may do says nothing of one of them.
        if !links && own.len() <= MOST_BELOW {
            own.iter().for_each(|table| push(table, self.operation, sure, self.columns.iter().cloned().collect()));
        }
        if let Some(via) = self.via.as_ref().filter(|via| !own.contains(via)) {
            let writes = links || self.operation == Operation::Write && makes_link(&self.verb);
            push(via, if writes { Operation::Write } else { Operation::Read }, self.sure, Vec::new());
        }
        for table in self.joined.iter().filter(|table| !own.contains(table) && self.via.as_ref() != Some(table)) {
            push(table, Operation::Read, self.sure, Vec::new());
        }
    }
}

/// Methods that change the rows in between and nothing else.
fn is_link(verb: &str) -> bool {
    matches!(verb, "attach" | "detach" | "sync" | "syncWithoutDetaching" | "syncWithPivotValues" | "toggle" | "updateExistingPivot")
}

/// Methods that add a row on the other side and one in between.
fn makes_link(verb: &str) -> bool {
    verb.starts_with("create") || verb.starts_with("save") || matches!(verb, "firstOrCreate" | "updateOrCreate" | "forceCreate")
}
