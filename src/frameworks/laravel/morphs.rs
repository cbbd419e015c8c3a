//! Maps of morphs: `Relation::morphMap(['post' => Post::class])` gives classes the words that stand in type columns.

use super::models::Models;
use crate::base::FileId;
use crate::facts::{FileFacts, Shape, ValueId};
use crate::frameworks::orm::Ancestor;
use crate::frameworks::php::PhpClasses;
use crate::frameworks::tables::DeclaredTable;
use std::collections::BTreeMap;

/// Calls that take such a map.
const CALLS: [&str; 2] = ["morphMap", "enforceMorphMap"];

/// Adds the words to the tables of the classes.
pub(super) fn tell(classes: &PhpClasses<'_>, models: &Models, tables: &mut [DeclaredTable]) {
    let places: BTreeMap<String, usize> = tables.iter().enumerate().map(|(place, table)| (table.name.clone(), place)).collect();
    for file in classes.base.ids().filter(|file| !classes.base.file(*file).left_out) {
        let facts = classes.base.facts(file);
        let maps = facts.calls.iter().filter(|call| facts.last_name(call.callee).is_some_and(|name| CALLS.contains(&name)));
        for map in maps.filter_map(|call| facts.argument(call, 0, "map")) {
            for (word, class) in words(facts, map) {
                let table = table_of(classes, models, file, class);
                if let Some(place) = table.and_then(|table| places.get(&table)) {
                    tables[*place].told.faces.push(word.to_owned());
                }
            }
        }
    }
}

fn words(facts: &FileFacts, map: ValueId) -> Vec<(&str, ValueId)> {
    let Shape::Map(entries) = facts.value(map).shape else { return Vec::new() };
    facts.entries[entries.range()].iter().filter_map(|entry| Some((facts.as_literal(entry.key?)?, entry.value))).collect()
}

fn table_of(classes: &PhpClasses<'_>, models: &Models, file: FileId, value: ValueId) -> Option<String> {
    match classes.class_of(file, classes.facts(file).owner_of(value), value)? {
        Ancestor::Ours(class) => models.get(class)?.table.clone(),
        Ancestor::Outside(_) => None,
    }
}
