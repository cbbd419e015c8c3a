//! What statements say about tables: each is read into changes, and changes in order make a [`Schema`].
//!
//! The reader is our own and takes every statement, however odd: what it cannot tell it passes over and says so. A
//! column definition nobody understands costs that column's type, never its table.

mod alter;
mod apply;
mod column;
mod cursor;
mod item;
mod others;
mod read;
mod table;
pub mod tokens;

pub use apply::Schema;
pub use read::{Reading, read};

use std::fmt;

/// A name with its schema, where that is written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Name {
    /// The schema or database.
    pub schema: Option<String>,
    /// The name itself, without quotes; folded to lower case where PostgreSQL does so.
    pub name: String,
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(out, "{schema}.{}", self.name),
            None => out.write_str(&self.name),
        }
    }
}

/// A table as far as its definition goes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// The line of its CREATE TABLE.
    pub line: u32,
    /// In the order of the definition.
    pub columns: Vec<Column>,
    /// Column names; empty without one.
    pub primary_key: Vec<String>,
    /// Unique constraints and unique indexes.
    pub uniques: Vec<Key>,
    /// Other indexes.
    pub indexes: Vec<Key>,
    /// Declared references to other tables.
    pub foreign_keys: Vec<ForeignKey>,
    /// Names of partitions that are part of it (MySQL).
    pub partitions: Vec<String>,
    /// The table it is a partition of (PostgreSQL).
    pub partition_of: Option<Name>,
    /// Tables whose columns it has before its own: INHERITS, LIKE, PARTITION OF.
    pub columns_of: Vec<Parent>,
    /// The query that fills it (CREATE TABLE AS), and its line.
    pub query: Option<Text>,
    /// What its definition says about it.
    pub comment: Option<String>,
    /// It goes away with the session.
    pub temporary: bool,
    /// The definition broke off or had parts that could not be read.
    pub doubtful: bool,
    /// Which of several texts makes it, as [`Schema::reading`] was told.
    pub source: u32,
}

impl Table {
    /// The column of that name, letters of either case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

/// A table whose columns another one has too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parent {
    /// Its name.
    pub table: Name,
    /// Keys and indexes come along.
    pub keys: bool,
}

/// One column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as written, runs of blanks as one; empty where none is written.
    pub type_text: String,
    /// False under NOT NULL and in a primary key.
    pub nullable: bool,
    /// The expression of DEFAULT as written.
    pub default: Option<String>,
    /// The server numbers it: AUTO_INCREMENT, SERIAL, IDENTITY, nextval.
    pub auto: bool,
    /// Its value follows from other columns: GENERATED ALWAYS AS.
    pub generated: bool,
    /// What its definition says about it.
    pub comment: Option<String>,
    /// The values an ENUM or SET allows.
    pub enum_values: Vec<String>,
}

/// A key or index.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Key {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Column names; an expression stands as written, in parentheses.
    pub columns: Vec<String>,
}

/// A declared reference to another table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ForeignKey {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Columns of this table.
    pub columns: Vec<String>,
    /// The table referred to.
    pub to_table: Name,
    /// Its columns; empty where they are not written, which means its primary key.
    pub to_columns: Vec<String>,
    /// The line it is declared on.
    pub line: u32,
    /// Which of several texts declares it, as [`Schema::reading`] was told.
    pub source: u32,
}

/// A piece of SQL kept for the statement reader.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Its first line.
    pub line: u32,
}

/// A view.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct View {
    /// Its name.
    pub name: Name,
    /// Column names, where a list is written.
    pub columns: Vec<String>,
    /// Its query.
    pub query: Text,
    /// Its rows are stored.
    pub materialized: bool,
    /// The line of its CREATE VIEW.
    pub line: u32,
}

/// A trigger.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trigger {
    /// Its name.
    pub name: Name,
    /// The table it watches.
    pub table: Name,
    /// What it does.
    pub body: Text,
    /// The line of its CREATE TRIGGER.
    pub line: u32,
}

/// A procedure, function or event.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Routine {
    /// `procedure`, `function` or `event`.
    pub kind: &'static str,
    /// Its name.
    pub name: Name,
    /// What it does.
    pub body: Text,
    /// The language its body is written in, in lower case, where it says so.
    pub language: Option<String>,
    /// The line of its CREATE.
    pub line: u32,
}

/// What one item of a table's definition adds to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// A column.
    Column(Column),
    /// The primary key.
    PrimaryKey(Vec<String>),
    /// A unique key.
    Unique(Key),
    /// Another index.
    Index(Key),
    /// A reference.
    ForeignKey(ForeignKey),
    /// The columns of another table.
    Like(Parent),
}

/// One step of ALTER TABLE.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Something is added.
    Add(Part),
    /// A column goes.
    DropColumn(String),
    /// A column gets another name.
    RenameColumn {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A column is defined anew, perhaps under another name.
    ChangeColumn {
        /// The old name.
        from: String,
        /// What it is now.
        column: Column,
    },
    /// The type of a column changes.
    SetType {
        /// The column.
        column: String,
        /// The new type as written.
        type_text: String,
    },
    /// The default of a column changes.
    SetDefault {
        /// The column.
        column: String,
        /// The new one, or none.
        default: Option<String>,
    },
    /// NOT NULL comes or goes.
    SetNullable {
        /// The column.
        column: String,
        /// True when it goes.
        nullable: bool,
    },
    /// The server numbers the column from now on.
    SetAuto(String),
    /// The primary key goes.
    DropPrimaryKey,
    /// A key, index or constraint of that name goes.
    DropKey(String),
    /// The table gets another name.
    RenameTo(Name),
    /// The table moves to another schema.
    SetSchema(String),
    /// Another table becomes a partition of this one.
    AttachPartition(Name),
    /// The table's comment changes.
    SetComment(String),
}

/// What one statement changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// CREATE TABLE.
    CreateTable {
        /// What is made.
        table: Box<Table>,
        /// A table of that name that is there already stays as it is.
        if_not_exists: bool,
    },
    /// ALTER TABLE, CREATE INDEX and DROP INDEX .. ON.
    AlterTable {
        /// The table.
        table: Name,
        /// What changes, in order.
        actions: Vec<Action>,
    },
    /// DROP TABLE.
    DropTable(Name),
    /// CREATE VIEW.
    CreateView(View),
    /// DROP VIEW.
    DropView(Name),
    /// CREATE TRIGGER.
    CreateTrigger(Trigger),
    /// DROP TRIGGER.
    DropTrigger(Name),
    /// CREATE PROCEDURE, FUNCTION or EVENT.
    CreateRoutine(Routine),
    /// DROP PROCEDURE, FUNCTION or EVENT.
    DropRoutine(Name),
    /// CREATE TYPE .. AS ENUM, and ALTER TYPE .. ADD VALUE, which adds to the values.
    EnumType {
        /// The type.
        name: Name,
        /// Its values, or those added.
        values: Vec<String>,
    },
    /// DROP INDEX without a table.
    DropIndex(Name),
    /// COMMENT ON TABLE or COLUMN.
    Comment {
        /// The table.
        table: Name,
        /// The column, unless it is about the table.
        column: Option<String>,
        /// The text; none takes it away.
        comment: Option<String>,
    },
    /// USE of MySQL: tables without a schema are in this one from here on.
    Use(String),
}
