//! One list of tables out of everything that declares or uses them.

use super::effects::Around;
use crate::base::FileId;
use crate::frameworks::effects::TransactionScope;
use crate::frameworks::tables::{
    Column, ColumnName, Declaration, DeclaredBy, DeclaredTable, ForeignKey, JoinedColumns, MappedBy, Predicates, TableAccess, Told,
};
use crate::names::{FactBase, ModuleId, Names};
use std::collections::{BTreeMap, BTreeSet};

/// Index of a [`Table`]; tables are numbered in the order of their names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TableId(pub u32);

impl TableId {
    /// As an index into the list of tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A table of the database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name as declared, or as code writes it where nothing declares it.
    pub name: String,
    /// Its schema, where one is written.
    pub schema: Option<String>,
    /// The class that maps it: file and name.
    pub model: Option<(FileId, String)>,
    /// The module of the model, or else of the first declaration or use.
    pub module: ModuleId,
    /// Where it is declared, models before migrations; empty for a table only code names.
    pub declared: Vec<Declaration>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Columns of the primary key.
    pub primary_key: Vec<String>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Pairs of columns that point at rows of any table: the one that names it and the one with the key.
    pub polymorphic: Vec<(String, String)>,
    /// What else code says of it.
    pub told: Told,
}

/// Tables and what is done with them.
#[derive(Debug, Default)]
pub struct Tables {
    /// In the order of schema and name.
    pub rows: Vec<Table>,
    /// Sorted by file, line and statement; the table's name is the one in `rows`.
    pub accesses: Vec<Access>,
    /// Columns that statements take to be equal, sorted by their place.
    pub joins: Vec<Join>,
    /// What statements compare columns with that tell kinds of rows apart, sorted by their place.
    pub compared: Vec<Compared>,
}

impl Tables {
    /// Takes every foreign key for unknown.
    pub fn forget_keys(&mut self) {
        self.rows.iter_mut().for_each(|table| table.foreign_keys.clear());
    }
}

/// Two columns of different tables that a statement takes to be equal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Join {
    /// Where.
    pub file: FileId,
    /// The first line of the statement.
    pub line: u32,
    /// The one table and its column, as the statement writes it.
    pub left: (TableId, String),
    /// The other.
    pub right: (TableId, String),
    /// How it says so: `join`, `in`, `exists`.
    pub how: &'static str,
}

/// A column that tells kinds of rows apart, compared with a text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Compared {
    /// Where.
    pub file: FileId,
    /// The first line of the statement.
    pub line: u32,
    /// The table.
    pub table: TableId,
    /// Its column, as the statement writes it.
    pub column: String,
    /// The text.
    pub value: String,
}

impl Tables {
    /// True when a class of a file maps a table.
    #[must_use]
    pub fn maps(&self, file: FileId, class: &str) -> bool {
        self.rows.iter().any(|table| table.model.as_ref().is_some_and(|(at, name)| *at == file && name == class))
    }

    /// The uses of tables in a file.
    #[must_use]
    pub fn accesses_in(&self, file: FileId) -> &[Access] {
        let start = self.accesses.partition_point(|access| access.at.file < file);
        let end = self.accesses.partition_point(|access| access.at.file <= file);
        &self.accesses[start..end]
    }
}

/// A use of a table.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Access {
    /// The table.
    pub table: TableId,
    /// Where and how.
    pub at: TableAccess,
    /// Inside a transaction that the code around it opens.
    pub in_transaction: bool,
}

/// Names compare without case, quotes and schema `public`.
fn key(schema: Option<&str>, name: &str) -> (String, String) {
    let name = name.trim_matches(['"', '`', '[', ']']).to_lowercase();
    match name.split_once('.') {
        Some((schema, name)) => (fold(schema), name.to_owned()),
        None => (schema.map(fold).unwrap_or_default(), name),
    }
}

fn fold(schema: &str) -> String {
    let schema = schema.to_lowercase();
    if matches!(schema.as_str(), "public" | "dbo" | "main") { String::new() } else { schema }
}

/// Which table is meant where one side writes a schema and the other does not.
struct Meant(BTreeMap<String, BTreeSet<String>>);

impl Meant {
    fn of(declared: &[DeclaredTable]) -> Self {
        let mut schemas: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for table in declared {
            let (schema, name) = key(table.schema.as_deref(), &table.name);
            schemas.entry(name).or_default().insert(schema);
        }
        Self(schemas)
    }

    /// A name without schema means the only table of that name, in whatever schema it is; a name with a schema nobody
    /// declares means the table that is declared without one.
    fn key(&self, schema: Option<&str>, table: &str) -> (String, String) {
        let (schema, name) = key(schema, table);
        let Some(known) = self.0.get(&name) else { return (schema, name) };
        let mut written = known.iter().filter(|known| !known.is_empty());
        match (written.next(), written.next()) {
            (Some(only), None) if schema.is_empty() => (only.clone(), name),
            (None, _) => (String::new(), name),
            _ => (schema, name),
        }
    }
}

/// Joins declarations of the same table, and adds a row for every table that only code names.
pub(super) fn join(
    base: &FactBase,
    names: &Names,
    declared: Vec<DeclaredTable>,
    accesses: Vec<TableAccess>,
    predicates: Predicates,
    transactions: &[TransactionScope],
) -> Tables {
    let mut by_key: BTreeMap<(String, String), Table> = BTreeMap::new();
    let meant = Meant::of(&declared);
    for table in declared {
        let key = meant.key(table.schema.as_deref(), &table.name);
        match by_key.get_mut(&key) {
            Some(known) => merge(base, known, table),
            None => {
                let table = new_table(base, names, table);
                by_key.insert(key, table);
            }
        }
    }
    for access in &accesses {
        let (schema, name) = access.table.split_once('.').map_or((None, access.table.as_str()), |(schema, name)| (Some(schema), name));
        by_key.entry(meant.key(None, &access.table)).or_insert_with(|| Table {
            name: name.to_owned(),
            schema: schema.map(str::to_owned),
            model: None,
            module: names.module_of[access.file.index()],
            declared: Vec::new(),
            columns: Vec::new(),
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
            polymorphic: Vec::new(),
            told: Told::default(),
        });
    }
    let index: BTreeMap<&(String, String), TableId> = by_key.keys().zip((0u32..).map(TableId)).collect();
    let unseen = |at: TableAccess| Access { table: index[&meant.key(None, &at.table)], at, in_transaction: false };
    let mut accesses: Vec<Access> = accesses.into_iter().map(unseen).collect();
    accesses.sort_by(|a, b| {
        (a.at.file, a.at.line, a.at.statement, a.table, &a.at).cmp(&(b.at.file, b.at.line, b.at.statement, b.table, &b.at))
    });
    accesses.dedup();
    for of_file in accesses.chunk_by_mut(|a, b| a.at.file == b.at.file) {
        let around = Around::of(base, of_file[0].at.file, transactions);
        for access in of_file {
            access.in_transaction = around.in_transaction(access.at.line, access.at.owner);
        }
    }
    let side = |side: ColumnName| Some((*index.get(&meant.key(None, &side.table))?, side.column));
    let compared = predicates.compared.into_iter().filter_map(|row| {
        let (table, column) = side(row.column)?;
        Some(Compared { file: row.file, line: row.line, table, column, value: row.value })
    });
    let mut compared: Vec<Compared> = compared.collect();
    compared.sort();
    compared.dedup();
    let joins = predicates.joined.into_iter().filter_map(|JoinedColumns { file, line, left, right, how }| {
        Some(Join { file, line, left: side(left)?, right: side(right)?, how })
    });
    let mut joins: Vec<Join> = joins.filter(|join| join.left.0 != join.right.0 || join.left.1 != join.right.1).collect();
    joins.sort();
    joins.dedup();
    let mut rows: Vec<Table> = by_key.into_values().collect();
    for table in &mut rows {
        table.declared.sort_by_key(|row| (row.by, row.file, row.line));
        table.declared.dedup();
    }
    Tables { rows, accesses, joins, compared }
}

fn new_table(base: &FactBase, names: &Names, table: DeclaredTable) -> Table {
    let first = table.declared.first().expect("a declared table has a declaration");
    Table {
        module: names.module_of[table.model.as_ref().map_or(first.file, |(file, _)| *file).index()],
        model: model_name(base, table.model),
        name: table.name,
        schema: table.schema,
        declared: table.declared,
        columns: table.columns,
        primary_key: table.primary_key,
        foreign_keys: table.foreign_keys,
        polymorphic: table.polymorphic,
        told: table.told,
    }
}

fn model_name(base: &FactBase, model: Option<(FileId, MappedBy)>) -> Option<(FileId, String)> {
    model.map(|(file, mapped)| match mapped {
        MappedBy::Class(class) => (file, base.facts(file).qualified_name(class)),
        MappedBy::Variable(name) => (file, name),
    })
}

/// Adds what another source says of a table that is known already; what the first said stays.
fn merge(base: &FactBase, known: &mut Table, more: DeclaredTable) {
    // A table in between that no class maps has the key its library would give it, unless the schema was written by hand.
    let assumed = known.model.is_none() && known.declared.iter().all(|row| row.by == DeclaredBy::Orm);
    let written = more.declared.iter().any(|row| matches!(row.by, DeclaredBy::Migration | DeclaredBy::Sql));
    known.model = known.model.take().or_else(|| model_name(base, more.model));
    let by_sql = |declared: &[Declaration]| declared.iter().any(|row| row.by == DeclaredBy::Sql);
    let from_schema = by_sql(&more.declared) && !by_sql(&known.declared);
    known.schema = known.schema.take().or(more.schema);
    known.declared.extend(more.declared);
    for column in more.columns {
        match known.columns.iter_mut().find(|other| other.name.eq_ignore_ascii_case(&column.name)) {
            // A schema's type says more than a field's class.
            Some(other) if from_schema || other.type_name.is_none() => other.type_name = column.type_name.or(other.type_name.take()),
            Some(_) => {}
            None => known.columns.push(column),
        }
    }
    if known.primary_key.is_empty() || assumed && written && !more.primary_key.is_empty() {
        known.primary_key = more.primary_key;
    }
    for key in more.foreign_keys {
        match known.foreign_keys.iter_mut().find(|other| other.columns == key.columns && other.to_table.eq_ignore_ascii_case(&key.to_table))
        {
            Some(other) => other.evidence.extend(key.evidence),
            None => known.foreign_keys.push(key),
        }
    }
    known.polymorphic.extend(more.polymorphic);
    known.told.faces.extend(more.told.faces);
    known.told.targets.extend(more.told.targets);
}
