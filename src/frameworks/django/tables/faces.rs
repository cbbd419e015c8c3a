//! What models say of other tables: proxies are further names of one, generic relations point at one.

use super::Models;
use super::columns::Part;
use super::fields::FieldKind;
use crate::frameworks::tables::{DeclaredTable, PairTarget};
use std::collections::BTreeMap;

/// Adds it to the tables.
pub(super) fn tell(models: &Models<'_>, tables: &mut [DeclaredTable]) {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, table) in tables.iter().enumerate() {
        places.entry(table.name.clone()).or_insert(place);
    }
    for (class, row) in &models.rows {
        let Some(name) = row.table.as_ref().filter(|_| !row.meta.is_abstract) else { continue };
        if row.meta.is_proxy {
            if let Some(place) = places.get(name) {
                tables[*place].told.faces.push(row.name.clone());
            }
            continue;
        }
        for part in models.parts(*class) {
            let Part::Field(field) = part else { continue };
            if !matches!(field.kind, FieldKind::GenericRelation) {
                continue;
            }
            let facts = models.classes.base.facts(field.file);
            let Some(place) = models.other(*class, field).and_then(|other| places.get(&other.table).copied()) else { continue };
            let key_column = field.literal(facts, "object_id_field").map(str::to_owned);
            tables[place].told.targets.push(PairTarget { key_column, to_table: name.clone(), file: field.file, line: field.line });
        }
    }
}
