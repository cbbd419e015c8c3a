//! Alembic's migrations as a second witness: the place that made a table which a model declares.
//!
//! They tell the past, step by step, so they add no table and no column of their own.

use crate::base::Tag;
use crate::facts::FileFacts;
use crate::frameworks::tables::{Declaration, DeclaredBy, DeclaredTable};
use crate::names::FactBase;
use rustc_hash::FxHashMap;

/// Adds every `create_table("name", ...)` of a migration to the declarations of the table of that name.
pub(super) fn witness(base: &FactBase, tables: &mut [DeclaredTable]) {
    let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (place, table) in tables.iter().enumerate() {
        by_name.entry(table.name.clone()).or_default().push(place);
    }
    for file in base.ids() {
        let entry = base.file(file);
        if entry.left_out || !entry.tags.contains(Tag::Migration) {
            continue;
        }
        for (name, line) in created(&entry.facts) {
            // Two schemas may have a table of one name: then nobody can tell which is made.
            if let Some([only]) = by_name.get(name).map(Vec::as_slice) {
                tables[*only].declared.push(Declaration { file, line, by: DeclaredBy::Migration });
            }
        }
    }
}

/// Tables that calls of a file make, with their line.
fn created(facts: &FileFacts) -> impl Iterator<Item = (&str, u32)> {
    let calls = facts.calls.iter().filter(|call| facts.last_name(call.callee) == Some("create_table"));
    calls.filter_map(|call| Some((facts.as_literal(facts.argument(call, 0, "table_name")?)?, call.span.line)))
}
