//! What one statement does to which tables: its verb, tables, columns and joins.
//!
//! One tolerant reader answers for every dialect. It goes over words, so a text that no grammar accepts (a clause that
//! is a hole, half a statement, a routine's body) is read the same way as one by the book. sqlparser's grammar is asked
//! beside it whether the text is SQL by the book; the tests hold the tables both name against each other.

mod change;
mod define;
mod english;
mod expression;
mod grammar;
mod key_words;
mod other;
mod query;
mod reader;
mod resolve;
mod routine;
mod tables;

use super::Dialect;
pub use english::looks_like_query;

/// What a statement is, by its first key word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[allow(missing_docs, reason = "each is the key word of its name")]
pub enum Verb {
    Select,
    Insert,
    Replace,
    Update,
    Delete,
    Merge,
    Truncate,
    Lock,
    Call,
    Create,
    Alter,
    Drop,
    Rename,
    Copy,
    Load,
    Handler,
    Explain,
    /// DESCRIBE, SHOW and PRAGMA: asks for the shape of a table.
    Describe,
    /// ANALYZE, OPTIMIZE, VACUUM and their like.
    Maintain,
    Prepare,
    Execute,
    Set,
    /// BEGIN and START TRANSACTION.
    Begin,
    Commit,
    Rollback,
    /// Anything else, and pieces that begin in the middle of a statement.
    #[default]
    Other,
}

/// What is done to a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operation {
    /// Rows are read.
    Read,
    /// Rows are added, changed or removed.
    Write,
    /// The table itself is made, changed or dropped.
    Ddl,
    /// It is locked, neither read nor written.
    Lock,
}

/// One mention of a table; names keep their case and lose their quotes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableUse {
    /// What stands before the name: `shop` of `shop.orders`.
    pub schema: Option<String>,
    /// The name; [`super::pieces`] takes one with holes apart.
    pub name: String,
    /// What the statement calls it.
    pub alias: Option<String>,
    /// What is done to it.
    pub operation: Operation,
    /// True when schema or name contain a hole or placeholder.
    pub hole: bool,
}

/// What is done to a column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Selected, or part of an expression.
    Read,
    /// Set by INSERT, UPDATE or MERGE.
    Written,
    /// Part of a condition.
    Compared,
}

/// One mention of a column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnUse {
    /// Whose column: an index into the statement's uses; `None` when the statement alone does not tell.
    pub table: Option<usize>,
    /// Its name.
    pub name: String,
    /// What is done to it.
    pub role: Role,
    /// The literals it is compared with by `=` or IN.
    pub literals: Vec<String>,
}

/// How two columns were joined.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum JoinKind {
    /// `ON a.x = b.y`
    On,
    /// `USING (x)`
    Using,
    /// `WHERE a.x = b.y`
    Where,
    /// `a.x IN (SELECT y FROM b)`
    In,
    /// `EXISTS (SELECT 1 FROM b WHERE b.y = a.x)`
    Exists,
}

/// Two columns of two mentions of tables that a statement takes to be equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JoinPredicate {
    /// Index of the one table in the statement's uses, and its column.
    pub left: (usize, String),
    /// The other.
    pub right: (usize, String),
    /// Where it says so.
    pub kind: JoinKind,
}

/// What is known of a statement.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Statement {
    /// The first statement's verb where the text holds several.
    pub verb: Verb,
    /// Every mention of a table, in the order of the text.
    pub uses: Vec<TableUse>,
    /// Every mention of a column, in the order of the text.
    pub columns: Vec<ColumnUse>,
    /// `SELECT *` or `t.*`, other than in EXISTS.
    pub star: bool,
    /// Columns taken to be equal, in the order of the text.
    pub joins: Vec<JoinPredicate>,
    /// GROUP BY or an aggregate.
    pub groups: bool,
    /// The routines it calls by CALL, EXEC, PERFORM, as a table or with a schema; a plain `f(x)` is not told from a
    /// built-in function.
    pub calls: Vec<String>,
    /// It runs SQL that is put together at run time and cannot be read here.
    pub dynamic: bool,
    /// No grammar accepts the text; it was read all the same.
    pub recovered: bool,
}

/// Reads a statement, or several with `;` between them; never fails.
#[must_use]
pub fn read(text: &str, dialect: Dialect) -> Statement {
    let words = super::words::words(text, dialect);
    let recovered = !grammar::accepts(&words, dialect);
    let mut statement = reader::Reader::new(words, dialect).read();
    statement.recovered = recovered;
    statement
}
