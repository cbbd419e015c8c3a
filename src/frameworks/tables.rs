//! Tables as code declares them, and the places that read and write them.

use crate::base::{Certainty, FileId};
use crate::facts::DefinitionId;

/// What declares a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DeclaredBy {
    /// A mapped class, or a relation that needs a table in between.
    Orm,
    /// A name that a driver was asked for: the collection is there because somebody stores something in it.
    Driver,
    /// A migration.
    Migration,
    /// A `CREATE TABLE`.
    Sql,
    /// A schema written in XML.
    Xml,
}

impl DeclaredBy {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            // Code has named it; readers of the document need not know how.
            Self::Orm | Self::Driver => "orm",
            Self::Migration => "migration",
            Self::Sql => "sql",
            Self::Xml => "xml",
        }
    }
}

impl Declaration {
    /// True where the place says something of who the table belongs to: a driver is asked by everybody.
    #[must_use]
    pub fn claims(&self) -> bool {
        self.by != DeclaredBy::Driver
    }
}

/// One place that declares a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Declaration {
    /// The file.
    pub file: FileId,
    /// The line, 1-based.
    pub line: u32,
    /// What it is.
    pub by: DeclaredBy,
}

/// One column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name in the database.
    pub name: String,
    /// Its type as written: an SQL type, or the class of a model's field.
    pub type_name: Option<String>,
}

/// What told a foreign key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KeyBasis {
    /// A constraint of the schema.
    Declared,
    /// A relation of a mapped class.
    Orm,
    /// Names, joins and value flow.
    Inferred,
}

impl KeyBasis {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Orm => "orm",
            Self::Inferred => "inferred",
        }
    }
}

/// A foreign key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForeignKey {
    /// Columns of this table.
    pub columns: Vec<String>,
    /// The table they point at.
    pub to_table: String,
    /// The columns they point at; empty for the primary key of a table nobody declares.
    pub to_columns: Vec<String>,
    /// What told it.
    pub basis: KeyBasis,
    /// How sure.
    pub certainty: Certainty,
    /// Where it is written, and as what.
    pub evidence: Vec<(FileId, u32, &'static str)>,
}

/// What maps a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MappedBy {
    /// A class.
    Class(DefinitionId),
    /// What a call made, by the name it is assigned to.
    Variable(String),
}

impl MappedBy {
    /// A class by its place in the tree.
    #[must_use]
    pub fn class((file, class): (FileId, DefinitionId)) -> (FileId, Self) {
        (file, Self::Class(class))
    }
}

/// A table as one source declares it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeclaredTable {
    /// Its name in the database.
    pub name: String,
    /// Its schema, where one is written.
    pub schema: Option<String>,
    /// The class or variable that maps it.
    pub model: Option<(FileId, MappedBy)>,
    /// Where it is declared.
    pub declared: Vec<Declaration>,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// Columns of the primary key.
    pub primary_key: Vec<String>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Pairs of columns that point at rows of any table: the one that names the table and the one with the key.
    pub polymorphic: Vec<(String, String)>,
    /// What else code says of it.
    pub told: Told,
}

/// What code says of a table besides its columns and keys.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Told {
    /// Other names for its rows: classes that are another face of the model, the words of a map of morphs.
    pub faces: Vec<String>,
    /// Tables whose rows a pair of columns is said to point at.
    pub targets: Vec<PairTarget>,
}

/// A table that the key of a pair points at, by what the code of that table says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PairTarget {
    /// The column with the key; none where the table has one pair only.
    pub key_column: Option<String>,
    /// The table that it points at.
    pub to_table: String,
    /// Where it is said.
    pub file: FileId,
    /// The line, 1-based.
    pub line: u32,
}

impl DeclaredTable {
    /// Takes its foreign keys for unknown, and with them what the type of a relation's column gives away.
    pub fn forget_keys(&mut self) {
        for key in std::mem::take(&mut self.foreign_keys) {
            let of_relation = |column: &&mut Column| key.basis == KeyBasis::Orm && key.columns.contains(&column.name);
            self.columns.iter_mut().filter(of_relation).for_each(|column| column.type_name = None);
        }
        self.polymorphic.clear();
        self.told.targets.clear();
    }
}

/// A column by the names that code writes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ColumnName {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

/// Two columns of different tables that a statement takes to be equal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct JoinedColumns {
    /// Where.
    pub file: FileId,
    /// The first line of the statement.
    pub line: u32,
    /// The one.
    pub left: ColumnName,
    /// The other.
    pub right: ColumnName,
    /// How it says so: `join`, `in`, `exists`.
    pub how: &'static str,
}

/// A column that a statement compares with a text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ComparedColumn {
    /// Where.
    pub file: FileId,
    /// The first line of the statement.
    pub line: u32,
    /// The column.
    pub column: ColumnName,
    /// The text.
    pub value: String,
}

/// What conditions of statements say of columns.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Predicates {
    /// Columns that are taken to be equal.
    pub joined: Vec<JoinedColumns>,
    /// Columns that tell kinds of rows apart, with what they are compared with.
    pub compared: Vec<ComparedColumn>,
}

impl Predicates {
    /// Takes over what others say.
    pub fn append(&mut self, other: &mut Self) {
        self.joined.append(&mut other.joined);
        self.compared.append(&mut other.compared);
    }
}

/// The name of a column that says which of several kinds a row is.
#[must_use]
pub fn tells_kinds(column: &str) -> bool {
    let name = column.to_lowercase();
    matches!(name.as_str(), "type" | "kind" | "class" | "discriminator" | "entity_type_id")
        || ["_type", "_kind", "_class"].iter().any(|end| name.ends_with(end))
        || column.ends_with("Type")
        || column.ends_with("Kind")
}

/// What an access does to a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operation {
    /// Rows are read.
    Read,
    /// Rows are added, changed or removed.
    Write,
    /// The table itself is made, changed or removed.
    Ddl,
}

impl Operation {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Ddl => "ddl",
        }
    }
}

/// How an access is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AccessBy {
    /// SQL text.
    Sql,
    /// Mapped classes.
    Orm,
    /// A query builder over table names.
    QueryBuilder,
}

impl AccessBy {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Orm => "orm",
            Self::QueryBuilder => "query_builder",
        }
    }
}

/// One statement's use of one table.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TableAccess {
    /// Where.
    pub file: FileId,
    /// First line of the SQL text or of the call that reads or writes.
    pub line: u32,
    /// Last line of it.
    pub end_line: u32,
    /// Statements of one line are told apart by their order on it.
    pub statement: u32,
    /// The table's name in the database.
    pub table: String,
    /// What is done.
    pub operation: Operation,
    /// The word that does it: `filter`, `save`, `select`.
    pub verb: String,
    /// Columns that are named, sorted.
    pub columns: Vec<String>,
    /// How it is written.
    pub by: AccessBy,
    /// The innermost definition around.
    pub owner: Option<DefinitionId>,
    /// How sure.
    pub certainty: Certainty,
    /// Written inside a loop.
    pub in_loop: bool,
}
