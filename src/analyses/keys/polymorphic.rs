//! Pairs of columns that refer to rows of several tables: `commentable_type` and `commentable_id`.

use super::words::words;
use super::{Cases, Polymorphic, types};
use crate::bind::{Table, TableId};

/// The pairs of a table: those that its model declares, and those whose names are one word with `type` and with `id` behind it.
pub(super) fn pairs(id: TableId, table: &Table, joined: &Cases) -> Vec<Polymorphic> {
    let mut found: Vec<(String, String)> = table.polymorphic.clone();
    for column in &table.columns {
        let sort = types::sort(column.type_name.as_deref());
        let names_tables = matches!(sort, None | Some(types::Sort::Text(_))) || column.name.to_lowercase().ends_with("content_type_id");
        let Some(word) = before(&column.name, &["type"]).filter(|_| names_tables) else { continue };
        let key = table.columns.iter().find(|other| before(&other.name, &["id"]).as_ref() == Some(&word));
        let known = |key: &str| found.iter().any(|(_, other)| other.eq_ignore_ascii_case(key));
        if let Some(key) = key.filter(|key| !known(&key.name)) {
            found.push((column.name.clone(), key.name.clone()));
        }
    }
    found.sort();
    found.dedup();
    let pair = |(type_column, key_column): (String, String)| {
        let cases = joined.get(&(id, key_column.to_lowercase()));
        let targets = cases.into_iter().flatten().filter(|(_, case)| !case.joins.is_empty()).map(|(to, _)| *to);
        Polymorphic { table: id, type_column, key_column, targets: targets.collect() }
    };
    found.into_iter().map(pair).collect()
}

/// The words of a name before an ending of one word, where there are any.
fn before(name: &str, endings: &[&str]) -> Option<Vec<String>> {
    let mut words = words(name);
    let last = words.pop()?;
    (endings.contains(&last.as_str()) && !words.is_empty()).then_some(words)
}
