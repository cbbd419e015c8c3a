//! Families of tables that are one table to whoever thinks about them (PLAN.md A.4): a thing whose attributes stand one to a
//! row in other tables, by an attribute's number (entity, attribute, value) or by its name (key and value).

use crate::analyses::keys::KeyFindings;
use crate::bind::{ForeignKey, Table, TableId};
use crate::project::Project;
use std::collections::BTreeMap;

/// Columns that hold a value.
const VALUES: [&str; 6] = ["value", "meta_value", "metavalue", "attribute_value", "attr_value", "data"];
/// Columns that hold an attribute's name.
const NAMES: [&str; 10] = ["meta_key", "metakey", "meta_name", "key", "name", "attribute", "attribute_name", "attr", "field", "setting"];
/// Columns that hold an attribute's number, without `id`.
const NUMBERS: [&str; 7] = ["attribute", "attr", "field", "customfield", "property", "characteristic", "info_field"];
/// A table of names and values has no more columns than these: with more it is a thing of its own.
const MOST_COLUMNS: usize = 6;
/// The same for one of numbers and values.
const MOST_BY_NUMBER: usize = 9;

/// How a family names its attributes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FamilyKind {
    /// Attributes are rows of a table of their own.
    Attributes,
    /// Attributes are words.
    Words,
}

impl FamilyKind {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Attributes => "eav",
            Self::Words => "key_value",
        }
    }
}

/// A table of values.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Member {
    /// The table.
    pub table: TableId,
    /// The column that says whose value it is.
    pub entity_column: String,
    /// The column that says which attribute it is.
    pub attribute_column: String,
    /// The column with the value.
    pub value_column: String,
}

/// A table with those that hold its attributes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Family {
    /// The thing itself.
    pub base: TableId,
    /// How attributes are named.
    pub kind: FamilyKind,
    /// Where the attributes are kept, if they are rows.
    pub attributes: Option<TableId>,
    /// The tables of values, by name.
    pub members: Vec<Member>,
}

/// Every family, by its base.
#[must_use]
pub fn families(project: &Project, keys: &KeyFindings) -> Vec<Family> {
    let rows = &project.resolution.tables.rows;
    let by_name: BTreeMap<String, TableId> = rows.iter().zip(0u32..).map(|(row, id)| (row.name.to_lowercase(), TableId(id))).collect();
    let mut found: BTreeMap<(TableId, FamilyKind), Family> = BTreeMap::new();
    for (id, table) in (0u32..).map(TableId).zip(rows).filter(|(_, table)| !table.declared.is_empty()) {
        let inferred = keys.inferred.get(id.index()).map_or(&[][..], Vec::as_slice);
        let all: Vec<&ForeignKey> = table.foreign_keys.iter().chain(inferred).collect();
        let Some((kind, attributes, base, member)) = member(id, table, &all, &by_name) else { continue };
        let family = found.entry((base, kind)).or_insert(Family { base, kind, attributes: None, members: Vec::new() });
        family.attributes = family.attributes.or(attributes);
        family.members.push(member);
    }
    found.into_values().collect()
}

/// What a table of values says: how its attributes are named, where those are kept, and whose they are.
fn member(
    id: TableId,
    table: &Table,
    keys: &[&ForeignKey],
    by_name: &BTreeMap<String, TableId>,
) -> Option<(FamilyKind, Option<TableId>, TableId, Member)> {
    let column = |names: &[&str]| table.columns.iter().find(|column| names.contains(&column.name.to_lowercase().as_str()));
    let value_column = column(&VALUES)?.name.clone();
    // With an operator it is a condition on a value, not the value.
    if column(&["operator", "comparison", "op"]).is_some() {
        return None;
    }
    let target = |column: &str| {
        let key = keys.iter().find(|key| matches!(key.columns.as_slice(), [only] if only == column))?;
        by_name.get(&key.to_table.to_lowercase()).copied().filter(|to| *to != id)
    };
    let number = table.columns.iter().find(|column| is_number(&column.name) && !is_own_key(table, &column.name));
    let (kind, attribute_column, attributes) = match number {
        Some(number) if table.columns.len() <= MOST_BY_NUMBER => (FamilyKind::Attributes, number.name.clone(), target(&number.name)),
        None if table.columns.len() <= MOST_COLUMNS && value_column != "data" => (FamilyKind::Words, column(&NAMES)?.name.clone(), None),
        _ => return None,
    };
    let others = table.columns.iter().filter(|column| column.name != attribute_column && column.name != value_column);
    let bases: Vec<(TableId, &str)> = others.filter_map(|column| Some((target(&column.name)?, column.name.as_str()))).collect();
    let (base, entity_column) = whose(table, &bases, kind, by_name)?;
    // What is called after the table of attributes is about attributes: their labels in every language.
    if attributes.is_some_and(|attributes| called_after(table, attributes, by_name) > called_after(table, base, by_name)) {
        return None;
    }
    let member = Member { table: id, entity_column: entity_column.to_owned(), attribute_column, value_column };
    Some((kind, attributes, base, member))
}

/// Of several tables that a table of values refers to, the one it is called after: values may also be told apart by language
/// or shop. One alone is meant; of words it must be, since a table with a name and a value may be about anything.
fn whose<'a>(
    table: &Table,
    bases: &[(TableId, &'a str)],
    kind: FamilyKind,
    by_name: &BTreeMap<String, TableId>,
) -> Option<(TableId, &'a str)> {
    let called = |id: TableId| called_after(table, id, by_name);
    let best = bases.iter().copied().max_by_key(|(id, _)| called(*id)).filter(|(id, _)| called(*id) > 0);
    match bases {
        [only] if kind == FamilyKind::Attributes || called(only.0) > 0 => Some(*only),
        _ => best,
    }
}

/// How many letters of a table's name are the beginning of another's.
fn called_after(table: &Table, other: TableId, by_name: &BTreeMap<String, TableId>) -> usize {
    let name = plain(by_name.iter().find(|(_, known)| **known == other).map_or("", |(name, _)| name.as_str()));
    let stem = name.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(&name);
    if plain(&table.name).starts_with(stem) { stem.len() } else { 0 }
}

fn is_own_key(table: &Table, column: &str) -> bool {
    matches!(table.primary_key.as_slice(), [key] if key == column)
}

/// Letters and digits in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `attribute_id`, `fieldid`
fn is_number(column: &str) -> bool {
    let name = column.to_lowercase();
    name.strip_suffix("id").is_some_and(|stem| NUMBERS.contains(&stem.trim_end_matches('_')))
}
