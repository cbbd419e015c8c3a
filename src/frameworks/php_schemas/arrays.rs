//! Arrays that describe tables: columns with their types, and a primary key among them.
//!
//! ```php
//! $schema['orders'] = ['fields' => ['id' => ['type' => 'serial']], 'primary key' => ['id']];
//! $tables[] = ['name' => 'orders', 'field' => [['name' => 'id', 'type' => 'int(11)']], 'primary' => ['id']];
//! ```

use super::{column, empty, is_name, key, texts};
use crate::base::FileId;
use crate::facts::{Binds, FileFacts, Shape, ValueId};
use crate::frameworks::tables::{Column, DeclaredTable, ForeignKey};
use rustc_hash::{FxHashMap, FxHashSet};

/// Words that a file with such arrays has.
pub(super) const WORDS: [&str; 8] = ["primary", "primary key", "primary_key", "PRIMARY_KEY", "PRIMARY", "primaryKey", "PRIMARY KEY", "pk"];

/// Keys of the columns, of the primary key, of other keys, of foreign keys, and of the name; in small letters.
const COLUMNS: [&str; 4] = ["fields", "field", "columns", "column"];
const PRIMARY: [&str; 5] = ["primary", "primary_key", "primary_keys", "primarykey", "pk"];
const INDEXES: [&str; 6] = ["index", "indexes", "indices", "keys", "key", "unique_keys"];
const FOREIGN: [&str; 4] = ["foreign", "foreign_keys", "foreign_key", "foreignkeys"];
const NAME: [&str; 3] = ["table", "name", "table_name"];

/// Words that begin a type of a column where nothing but the type is written.
const TYPES: [&str; 24] = [
    "int",
    "integer",
    "bigint",
    "smallint",
    "tinyint",
    "mediumint",
    "varchar",
    "char",
    "text",
    "mediumtext",
    "longtext",
    "tinytext",
    "decimal",
    "numeric",
    "float",
    "double",
    "real",
    "date",
    "datetime",
    "timestamp",
    "time",
    "blob",
    "boolean",
    "enum",
];

/// Adds the tables that a file describes, in the order they are written.
pub(super) fn read(facts: &FileFacts, file: FileId, out: &mut Vec<DeclaredTable>) {
    let places = Places::of(facts);
    let maps = || (0u32..).zip(&facts.values).filter(|(_, value)| matches!(value.shape, Shape::Map(_))).map(|(index, _)| ValueId(index));
    let sure: FxHashSet<ValueId> = maps().filter(|map| Described::of(facts, *map, file).is_some_and(|table| table.has_key())).collect();
    if sure.is_empty() {
        return;
    }
    // What stands beside a table is one too: tables between others may have no key of their own.
    let around: FxHashSet<ValueId> = sure.iter().filter_map(|map| places.around.get(map).map(|(map, _)| *map)).collect();
    for map in maps() {
        let is_beside = || places.around.get(&map).is_some_and(|(outer, _)| around.contains(outer));
        if !sure.contains(&map) && !is_beside() {
            continue;
        }
        let Some(table) = Described::of(facts, map, file) else { continue };
        let Some(name) = table.name.clone().or_else(|| places.name(facts, map)) else { continue };
        let line = facts.value(map).line;
        if is_name(&name) && !out.iter().any(|known| known.name == name && known.declared[0].file == file) {
            out.push(DeclaredTable {
                columns: table.columns,
                primary_key: table.primary,
                foreign_keys: table.foreign,
                ..empty(&name, file, line)
            });
        }
    }
}

/// Where maps stand.
struct Places {
    /// By map: the map around it, and the key it stands at.
    around: FxHashMap<ValueId, (ValueId, ValueId)>,
    /// By map: the key of what it is assigned to.
    given: FxHashMap<ValueId, ValueId>,
}

impl Places {
    fn of(facts: &FileFacts) -> Self {
        let mut around = FxHashMap::default();
        for (index, value) in (0u32..).zip(&facts.values) {
            let Shape::Map(entries) = value.shape else { continue };
            for entry in &facts.entries[entries.range()] {
                if let (Some(key), Shape::Map(_)) = (entry.key, facts.value(entry.value).shape) {
                    around.insert(entry.value, (ValueId(index), key));
                }
            }
        }
        let mut given = FxHashMap::default();
        for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
            if let (Shape::Item(_, key), Some(value)) = (facts.value(binding.target).shape, binding.value) {
                given.insert(value, key);
            }
        }
        Self { around, given }
    }

    /// The name of a table by where its description stands; a prefix before it is the installation's.
    fn name(&self, facts: &FileFacts, map: ValueId) -> Option<String> {
        let key = self.around.get(&map).map(|(_, key)| *key).or_else(|| self.given.get(&map).copied())?;
        match facts.value(key).shape {
            Shape::Joined(before, name) => {
                let before = facts.dotted(before)?.to_ascii_lowercase();
                before.contains("prefix").then(|| facts.as_literal(name)).flatten().map(str::to_owned)
            }
            _ => facts.as_literal(key).map(str::to_owned),
        }
    }
}

/// What an array says of a table.
#[derive(Default)]
struct Described {
    name: Option<String>,
    columns: Vec<Column>,
    primary: Vec<String>,
    foreign: Vec<ForeignKey>,
}

impl Described {
    fn of(facts: &FileFacts, map: ValueId, file: FileId) -> Option<Self> {
        let mut found = Self { columns: columns(facts, get(facts, map, &COLUMNS)?)?, ..Self::default() };
        found.name = NAME.iter().find_map(|key| facts.as_literal(get(facts, map, &[key])?)).map(str::to_owned);
        if let Some(primary) = get(facts, map, &PRIMARY) {
            found.primary = texts(facts, primary);
        }
        for index in get(facts, map, &INDEXES).into_iter().flat_map(|indexes| parts(facts, indexes)) {
            let is_primary = |(key, index): &(Option<&str>, ValueId)| {
                key.is_some_and(|key| key.eq_ignore_ascii_case("primary"))
                    || get(facts, *index, &["type"])
                        .and_then(|kind| facts.as_literal(kind))
                        .is_some_and(|kind| kind.eq_ignore_ascii_case("primary"))
            };
            if found.primary.is_empty() && is_primary(&index) {
                found.primary = get(facts, index.1, &COLUMNS).map(|columns| texts(facts, columns)).unwrap_or_default();
            }
        }
        let foreign = get(facts, map, &FOREIGN).into_iter().flat_map(|keys| parts(facts, keys));
        found.foreign = foreign.filter_map(|(_, described)| foreign_key(facts, described, file)).collect();
        Some(found)
    }

    fn has_key(&self) -> bool {
        let has = |name: &String| self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        !self.primary.is_empty() && self.primary.iter().all(has)
    }
}

/// The columns of a table; none where something among them is no column.
fn columns(facts: &FileFacts, value: ValueId) -> Option<Vec<Column>> {
    let described = parts(facts, value);
    let all: Option<Vec<Column>> = described
        .into_iter()
        .map(|(name, described)| {
            let name = name.or_else(|| facts.as_literal(get(facts, described, &["name", "field", "column"])?))?;
            let kind = match facts.value(described).shape {
                Shape::Map(_) => facts.as_literal(get(facts, described, &["type"])?)?,
                Shape::List(parts) => facts.as_literal(*facts.items(parts).first()?)?,
                _ => facts.as_literal(described).filter(|text| is_type(text))?,
            };
            is_name(name).then(|| column(name, Some(kind)))
        })
        .collect();
    all.filter(|columns| !columns.is_empty())
}

fn is_type(text: &str) -> bool {
    let word = text.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or("");
    TYPES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// `['key' => 'user_id', 'table' => 'users', 'field' => 'id']`, `['table' => 'users', 'columns' => ['user_id' => 'id']]`
fn foreign_key(facts: &FileFacts, described: ValueId, file: FileId) -> Option<ForeignKey> {
    let to_table = facts.as_literal(get(facts, described, &["table"])?)?;
    let at = (file, facts.value(described).line);
    if let Some(own) = get(facts, described, &["key"]) {
        let to = get(facts, described, &["field", "column"]).map(|to| texts(facts, to)).unwrap_or_default();
        return Some(key(texts(facts, own), to_table, to, at));
    }
    let pairs: Vec<(Option<&str>, ValueId)> = parts(facts, get(facts, described, &["columns", "fields"])?);
    let (own, to): (Vec<String>, Vec<String>) =
        pairs.into_iter().filter_map(|(own, to)| Some((own?.to_owned(), facts.as_literal(to)?.to_owned()))).unzip();
    (!own.is_empty()).then(|| key(own, to_table, to, at))
}

/// The value of a map at one of some keys, whatever their case and whether their words are put together by spaces or underscores.
fn get(facts: &FileFacts, map: ValueId, wanted: &[&str]) -> Option<ValueId> {
    let Shape::Map(entries) = facts.value(map).shape else { return None };
    let fits = |key: &str| {
        let key = key.to_ascii_lowercase().replace([' ', '-'], "_");
        wanted.contains(&key.as_str())
    };
    facts.entries[entries.range()]
        .iter()
        .find(|entry| entry.key.and_then(|key| facts.as_literal(key)).is_some_and(fits))
        .map(|entry| entry.value)
}

/// What a map or list holds, with keys where it has them.
fn parts(facts: &FileFacts, value: ValueId) -> Vec<(Option<&str>, ValueId)> {
    match facts.value(value).shape {
        Shape::Map(entries) => {
            facts.entries[entries.range()].iter().map(|entry| (entry.key.and_then(|key| facts.as_literal(key)), entry.value)).collect()
        }
        Shape::List(parts) => facts.items(parts).iter().map(|part| (None, *part)).collect(),
        _ => Vec::new(),
    }
}
