//! A chain of calls that is one statement, and the accesses it makes.

use super::Scan;
use crate::base::{Certainty, FileId};
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::{ClassId, Entities, Place};
use crate::frameworks::tables::{AccessBy, Operation, TableAccess};
use std::collections::BTreeSet;

/// How many tables an abstract class may stand for before its accesses say nothing of any of them.
const MOST_BELOW: usize = 12;

/// What a statement is over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Subject {
    Model(ClassId),
    Table(String),
    /// Only the tables it joins.
    Nothing,
}

/// A chain that is still growing.
#[derive(Clone, Debug)]
pub(super) struct Chain {
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
    pub(super) fn new(subject: Subject, via: Option<String>, verb: &str, line: u32, place: Place, sure: u8) -> Self {
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

    pub(super) fn join(&mut self, table: String) {
        self.joined.insert(table);
    }

    /// One access for every table of the statement.
    pub(super) fn rows(&self, entities: &Entities, file: FileId, statement: u32, out: &mut Vec<TableAccess>) {
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
                in_transaction: self.place.in_transaction,
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

/// Methods whose first argument names a column.
fn names_first(method: &str) -> bool {
    let starts = ["where", "orWhere", "orderBy", "groupBy", "having", "increment", "decrement", "pluck", "latest", "oldest"];
    starts.iter().any(|start| method.starts_with(start))
        || matches!(method, "value" | "sum" | "avg" | "min" | "max" | "firstWhere" | "keyBy")
}

impl Scan<'_, '_> {
    /// The columns that a call names: conditions, selected ones, keys of the rows it writes.
    pub(super) fn name_columns(&self, chain: &mut Chain, call: &Call, method: &str) {
        let facts = self.facts;
        if matches!(method, "whereHas" | "orWhereHas" | "whereDoesntHave" | "whereRelation" | "whereRaw" | "orderByRaw" | "groupByRaw") {
            return;
        }
        let writes = chain.operation == Operation::Write && chain.verb == method;
        for (place, argument) in facts.arguments_of(call).iter().enumerate() {
            match facts.value(argument.value).shape {
                Shape::Literal(text) if place == 0 && names_first(method) || matches!(method, "select" | "addSelect") => {
                    self.add_column(chain, facts.text(text));
                }
                Shape::List(parts) if matches!(method, "select" | "addSelect" | "get" | "first" | "all") => {
                    facts.items(parts).iter().filter_map(|part| facts.as_literal(*part)).for_each(|text| self.add_column(chain, text));
                }
                Shape::List(parts) if writes => {
                    facts.items(parts).iter().for_each(|part| self.add_keys(chain, *part));
                }
                Shape::Map(_) if writes || method.starts_with("where") || method.starts_with("first") => {
                    self.add_keys(chain, argument.value);
                }
                _ => {}
            }
        }
    }

    fn add_keys(&self, chain: &mut Chain, map: ValueId) {
        let Shape::Map(entries) = self.facts.value(map).shape else { return };
        for entry in &self.facts.entries[entries.range()] {
            if let Some(text) = entry.key.and_then(|key| self.facts.as_literal(key)) {
                self.add_column(chain, text);
            }
        }
    }

    /// A column as it is written: `name`, `orders.name`, `name as label`; one of another table is none of the subject.
    fn add_column(&self, chain: &mut Chain, text: &str) {
        let text = text.split_whitespace().next().unwrap_or("");
        let text = text.split("->").next().unwrap_or("");
        let (table, column) = text.rsplit_once('.').map_or((None, text), |(table, column)| (Some(table), column));
        let own = match (&chain.subject, table) {
            (_, None) => true,
            (Subject::Table(own), Some(table)) => own == table,
            (Subject::Model(class), Some(table)) => self.types.entities.tables(*class).contains(&table),
            (Subject::Nothing, Some(_)) => false,
        };
        let is_name = !column.is_empty() && column.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        if own && is_name {
            chain.columns.insert(column.to_owned());
        }
    }
}
