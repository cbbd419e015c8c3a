//! The columns that a statement names: conditions, selected ones, keys of the rows it writes.

use super::Scan;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::php::{Chain, Subject};
use crate::frameworks::tables::Operation;

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
