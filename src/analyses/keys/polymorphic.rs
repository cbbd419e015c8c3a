//! Pairs of columns that refer to rows of several tables: `commentable_type` and `commentable_id`.

use super::catalog::Catalog;
use super::words::{form, words};
use super::{Cases, ColumnValue, MOST_EVIDENCE, Polymorphic, types};
use crate::base::FileId;
use crate::bind::{TableId, Tables};
use std::collections::{BTreeMap, BTreeSet};

/// Places by table.
type Targets = BTreeMap<TableId, BTreeSet<(FileId, u32, &'static str)>>;

/// The pairs of a table: those that its model declares, and those whose names are one word with `type` and with `id` behind it.
pub(super) fn pairs(tables: &Tables, id: TableId, joined: &Cases, catalog: &Catalog<'_>, values: &[ColumnValue]) -> Vec<Polymorphic> {
    let table = &tables.rows[id.index()];
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
    let only = found.len() == 1;
    let pair = |(type_column, key_column): (String, String)| {
        let mut targets = Targets::new();
        for (to, case) in joined.get(&(id, key_column.to_lowercase())).into_iter().flatten() {
            targets.entry(*to).or_default().extend(&case.joins);
        }
        targets.retain(|_, places| !places.is_empty());
        for told in &table.told.targets {
            let fits = told.key_column.as_ref().map_or(only, |key| key.eq_ignore_ascii_case(&key_column));
            if let Some(to) = catalog.called(&told.to_table).filter(|_| fits) {
                targets.entry(to).or_default().insert((told.file, told.line, "relation"));
            }
        }
        for value in values.iter().filter(|value| value.table == id && value.column.eq_ignore_ascii_case(&type_column)) {
            if let Some(to) = catalog.meant_by_value(&value.value).filter(|to| *to != id) {
                targets.entry(to).or_default().insert((value.file, value.line, "value"));
            }
        }
        let targets = targets.into_iter().map(|(to, places)| (to, places.into_iter().take(MOST_EVIDENCE).collect()));
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

impl Catalog<'_> {
    /// The table of a name as it is declared.
    fn called(&self, name: &str) -> Option<TableId> {
        let at = self.tables.iter().position(|table| table.name.eq_ignore_ascii_case(name))?;
        u32::try_from(at).ok().map(TableId)
    }

    /// The only table that a value of a type column is the name of: `post`, `App\Post`, `Post::class`, a word of a map.
    fn meant_by_value(&self, value: &str) -> Option<TableId> {
        let class = value.strip_suffix("::class").unwrap_or(value);
        let last = class.rsplit(['\\', '.', ':', '/']).next()?;
        match self.full.get(&form(&words(last)))?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}
