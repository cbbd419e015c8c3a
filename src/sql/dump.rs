//! Reads a file of SQL: a dump, a schema, a migration. It is streamed; rows are counted and passed over.

use super::dialect::Dialect;
use super::marks;
use super::schema::tokens::Tokens;
use super::schema::{Change, Name, Schema, Text, read};
use super::splitter::{Doubt, Kind, Splitter, Statement};
use std::collections::BTreeMap;
use std::io::Read;

/// How many statements there were, and what became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// All of them, those with rows included.
    pub statements: u64,
    /// Definitions that were understood in every part a reader of the schema asks about.
    pub parsed: u64,
    /// Definitions that were read around parts nobody understood.
    pub recovered: u64,
    /// Definitions of which not even the name could be told.
    pub unresolved: u64,
    /// Rows of INSERT and COPY.
    pub data_rows: u64,
}

/// What a file of SQL says.
#[derive(Clone, Debug, Default)]
pub struct SqlFile {
    /// Whose SQL it is.
    pub dialect: Dialect,
    /// What its definitions change, in order; several files (migrations) are applied to one [`Schema`] one by one.
    pub changes: Vec<Change>,
    /// Statements that read or write tables, rows aside.
    pub statements: Vec<Text>,
    /// Rows by table: that a table is filled here is evidence of its own.
    pub rows: BTreeMap<Name, u64>,
    /// How many of what.
    pub counts: Counts,
    /// What was not as it should be, by line.
    pub problems: Vec<Doubt>,
}

impl SqlFile {
    /// What the file alone leaves behind.
    #[must_use]
    pub fn schema(&self) -> Schema {
        let mut schema = Schema::new(self.dialect);
        self.changes.iter().for_each(|change| schema.apply(change));
        schema
    }
}

/// Reads a file; the dialect is found out where it is not known.
pub fn read_file(source: impl Read, dialect: Option<Dialect>) -> SqlFile {
    let mut splitter = Splitter::new(source, dialect);
    let mut file = SqlFile { dialect: splitter.dialect(), ..SqlFile::default() };
    let mut filled = Filled::default();
    while let Some(statement) = splitter.next() {
        file.counts.statements += 1;
        match statement.kind {
            Kind::Data => {
                file.counts.data_rows += statement.rows;
                filled.count(&statement, file.dialect);
            }
            Kind::Ddl => definition(&mut file, &statement),
            Kind::Dml => {
                let text = marks::without(&String::from_utf8_lossy(statement.text)).into_owned();
                file.statements.push(Text { text, line: statement.line });
            }
            Kind::Other => {}
        }
    }
    file.rows = filled.rows;
    file.problems.extend_from_slice(splitter.doubts());
    file.problems.sort();
    file
}

fn definition(file: &mut SqlFile, statement: &Statement<'_>) {
    let text = String::from_utf8_lossy(statement.text);
    let text = marks::without(&text);
    let reading = read(&text, statement.line, file.dialect);
    if reading.unresolved {
        file.counts.unresolved += 1;
        let start: String = text.chars().take(60).collect();
        let message = format!("it cannot be told what this makes or changes: {}", start.split_whitespace().collect::<Vec<_>>().join(" "));
        file.problems.push(Doubt { line: statement.line, message });
    } else if reading.recovered {
        file.counts.recovered += 1;
    } else if !reading.changes.is_empty() {
        file.counts.parsed += 1;
    }
    file.changes.extend(reading.changes);
}

/// Rows by table. Dumps write the same few words before millions of rows, so those words are compared first.
#[derive(Default)]
struct Filled {
    rows: BTreeMap<Name, u64>,
    /// The words before the rows last time, and the table they name.
    last: Option<(Vec<u8>, Name)>,
}

impl Filled {
    fn count(&mut self, statement: &Statement<'_>, dialect: Dialect) {
        if let Some((words, name)) = &self.last
            && statement.text.starts_with(words)
            && let Some(rows) = self.rows.get_mut(name)
        {
            *rows += statement.rows;
            return;
        }
        let head = &statement.text[..statement.text.len().min(1024)];
        let text = String::from_utf8_lossy(head);
        let plain = marks::without(&text);
        let tokens = Tokens::of(&plain, dialect);
        let Some((name, end)) = filled_table(&tokens) else { return };
        *self.rows.entry(name.clone()).or_default() += statement.rows;
        // The name must end within these words, or `t` would be taken for the start of `t2`.
        let whole = [&text, &plain].iter().all(|text| matches!(text, std::borrow::Cow::Borrowed(_))) && end < tokens.len();
        self.last = whole.then(|| (head[..tokens.start(end) + 1].to_vec(), name));
    }
}

/// The table of INSERT, REPLACE or COPY, and the token behind its name.
fn filled_table(tokens: &Tokens<'_>) -> Option<(Name, usize)> {
    const BEFORE: [&str; 16] = [
        "INSERT",
        "REPLACE",
        "COPY",
        "INTO",
        "IGNORE",
        "LOW_PRIORITY",
        "DELAYED",
        "HIGH_PRIORITY",
        "OR",
        "ABORT",
        "FAIL",
        "ROLLBACK",
        "TABLE",
        "ONLY",
        "BINARY",
        "OVERWRITE",
    ];
    let mut at = 0;
    while BEFORE.iter().any(|word| tokens.is(at, word)) {
        at += 1;
    }
    let mut name = tokens.name(at)?;
    let mut schema = None;
    at += 1;
    while tokens.symbol(at, b'.') {
        let next = tokens.name(at + 1)?;
        schema = Some(std::mem::replace(&mut name, next));
        at += 2;
    }
    Some((Name { schema, name }, at))
}
