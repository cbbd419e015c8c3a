//! Views are no tables: who reads one reads the tables behind it.

use super::schemas::Script;
use super::uses::full_name;
use crate::frameworks::tables::TableAccess;
use crate::sql::schema::Change;
use crate::sql::statement;
use std::collections::{BTreeMap, BTreeSet};

/// How many views may stand behind one another.
const DEEPEST: usize = 6;

/// Puts the tables behind views in their place. Columns stay with the view: which table has them, it alone knows.
pub(super) fn see_through(scripts: &[Script<'_>], accesses: &mut Vec<TableAccess>) {
    let views = views(scripts);
    if views.is_empty() {
        return;
    }
    for _ in 0..DEEPEST {
        let (behind, plain): (Vec<_>, Vec<_>) =
            std::mem::take(accesses).into_iter().partition(|row| views.contains_key(&row.table.to_lowercase()));
        *accesses = plain;
        if behind.is_empty() {
            break;
        }
        for row in behind {
            let tables = &views[&row.table.to_lowercase()];
            accesses.extend(tables.iter().map(|table| TableAccess { table: table.clone(), columns: Vec::new(), ..row.clone() }));
        }
    }
    accesses.sort();
    accesses.dedup();
}

/// The tables of every view by its name in lower case; a name that is also a table's is left alone.
fn views(scripts: &[Script<'_>]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut tables = BTreeSet::new();
    for script in scripts {
        for change in script.changes {
            match change {
                Change::CreateView(view) => {
                    let uses = statement::read(&view.query.text, script.dialect).uses.into_iter().filter(|table| !table.hole);
                    let names = uses.map(|table| full_name(table.schema.as_deref(), &table.name));
                    found.entry(view.name.name.to_lowercase()).or_default().extend(names);
                }
                Change::CreateTable { table, .. } => {
                    tables.insert(table.name.name.to_lowercase());
                }
                _ => {}
            }
        }
    }
    found.retain(|name, _| !tables.contains(name));
    found
}
