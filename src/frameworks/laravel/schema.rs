//! The tables that migrations leave behind when all of them have run.

use super::plural::plural_name;
use crate::base::{Certainty, FileId};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, Told};
use std::collections::BTreeMap;

/// A foreign key while it is written down.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub columns: Vec<String>,
    pub to_columns: Vec<String>,
    pub to_table: Option<String>,
    pub line: u32,
}

/// What one call changes.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Columns with their type as written; true where they are the primary key.
    Add {
        columns: Vec<String>,
        kind: String,
        is_key: bool,
    },
    /// A pair that points at rows of any table.
    Morphs(String),
    Drop(Vec<String>),
    DropKeys(Vec<String>),
    DropPrimary,
    RenameColumn(String, String),
    Rename(String),
    DropTable,
    Primary(Vec<String>),
    Foreign(Key),
}

/// A table on its way.
#[derive(Clone, Debug, Default)]
struct Table {
    declared: Vec<Declaration>,
    columns: Vec<Column>,
    primary_key: Vec<String>,
    keys: Vec<(Key, FileId)>,
    polymorphic: Vec<(String, String)>,
}

/// Tables by name.
#[derive(Debug, Default)]
pub(super) struct Schema {
    tables: BTreeMap<String, Table>,
}

impl Schema {
    /// A table is made. One that is there already is the same table of another database of the application.
    pub(super) fn create(&mut self, name: &str, file: FileId, line: u32) {
        let table = self.tables.entry(name.to_owned()).or_default();
        table.declared.push(Declaration { file, line, by: DeclaredBy::Migration });
    }

    /// A table gets another name, and keys that point at it with it.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        let Some(table) = self.tables.remove(from) else { return };
        self.tables.insert(to.to_owned(), table);
        for (key, _) in self.tables.values_mut().flat_map(|table| &mut table.keys) {
            if key.to_table.as_deref() == Some(from) {
                key.to_table = Some(to.to_owned());
            }
        }
    }

    pub(super) fn drop(&mut self, name: &str) {
        self.tables.remove(name);
    }

    /// Changes a table; one that no migration of the tree made (a package's did) begins to exist here.
    pub(super) fn change(&mut self, name: &str, file: FileId, line: u32, change: Change) {
        match change {
            Change::Rename(to) => return self.rename(name, &to),
            Change::DropTable => return self.drop(name),
            _ => {}
        }
        let table = self.tables.entry(name.to_owned()).or_default();
        if table.declared.is_empty() {
            table.declared.push(Declaration { file, line, by: DeclaredBy::Migration });
        }
        table.apply(file, change);
    }

    /// The tables, in the order of their names.
    pub(super) fn finish(self) -> Vec<DeclaredTable> {
        let keys: BTreeMap<String, Vec<String>> =
            self.tables.iter().map(|(name, table)| (name.clone(), table.primary_key.clone())).collect();
        let tables = self.tables.into_iter().filter(|(_, table)| !table.columns.is_empty());
        tables.map(|(name, table)| table.finish(name, &keys)).collect()
    }
}

impl Table {
    fn apply(&mut self, file: FileId, change: Change) {
        match change {
            Change::Add { columns, kind, is_key } => {
                for name in &columns {
                    self.add(name, &kind);
                }
                if is_key {
                    self.primary_key = columns;
                }
            }
            Change::Morphs(name) => {
                let pair = (format!("{name}_type"), format!("{name}_id"));
                self.add(&pair.0, "morphs");
                self.add(&pair.1, "morphs");
                self.polymorphic.push(pair);
            }
            Change::Drop(columns) => self.remove(&columns),
            Change::DropKeys(columns) => self.keys.retain(|(key, _)| key.columns != columns),
            Change::DropPrimary => self.primary_key.clear(),
            Change::RenameColumn(from, to) => self.rename(&from, &to),
            Change::Primary(columns) => self.primary_key = columns,
            Change::Foreign(key) => {
                self.keys.retain(|(known, _)| known.columns != key.columns);
                self.keys.push((key, file));
            }
            Change::Rename(_) | Change::DropTable => {}
        }
    }

    fn add(&mut self, name: &str, kind: &str) {
        match self.columns.iter_mut().find(|column| column.name == name) {
            Some(known) => known.type_name = Some(kind.to_owned()),
            None => self.columns.push(Column { name: name.to_owned(), type_name: Some(kind.to_owned()) }),
        }
    }

    fn remove(&mut self, columns: &[String]) {
        self.columns.retain(|column| !columns.contains(&column.name));
        self.primary_key.retain(|column| !columns.contains(column));
        self.keys.retain(|(key, _)| !key.columns.iter().any(|column| columns.contains(column)));
        self.polymorphic.retain(|(first, second)| !columns.contains(first) && !columns.contains(second));
    }

    fn rename(&mut self, from: &str, to: &str) {
        let swap = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        self.columns.iter_mut().for_each(|column| swap(&mut column.name));
        self.primary_key.iter_mut().for_each(swap);
        self.keys.iter_mut().flat_map(|(key, _)| &mut key.columns).for_each(swap);
        for pair in &mut self.polymorphic {
            swap(&mut pair.0);
            swap(&mut pair.1);
        }
    }

    fn finish(self, name: String, primary: &BTreeMap<String, Vec<String>>) -> DeclaredTable {
        let mut foreign_keys = Vec::new();
        for (key, file) in self.keys {
            let Some(to_table) = key.to_table else { continue };
            let known = primary.get(&to_table).filter(|columns| columns.len() == key.columns.len()).cloned();
            let to_columns = if key.to_columns.is_empty() { known.unwrap_or_default() } else { key.to_columns };
            foreign_keys.push(ForeignKey {
                columns: key.columns,
                to_table,
                to_columns,
                basis: KeyBasis::Declared,
                certainty: Certainty::LITERAL,
                evidence: vec![(file, key.line, "migration")],
            });
        }
        DeclaredTable {
            name,
            schema: None,
            model: None,
            declared: self.declared,
            columns: self.columns,
            primary_key: self.primary_key,
            foreign_keys,
            polymorphic: self.polymorphic,
            told: Told::default(),
        }
    }
}

/// The table that `constrained()` means without an argument: `user_id` points at `users`.
pub(super) fn constrained(column: &str) -> String {
    plural_name(column.strip_suffix("_id").or_else(|| column.rsplit_once('_').map(|(name, _)| name)).unwrap_or(column))
}
