//! The map as an SQLite database, for questions nobody has thought of here.
//!
//! The rows are those of the JSON map, which writes each on a line of its own: this takes them line by line as they are
//! written, so neither document is ever held as a tree. `schema.sql` is the documentation too; SQLite keeps its comments.
//! The bytes depend on the map alone: a page size of its own, one transaction, rows in the order of the map, no clock.

mod rows;

use super::{Format, Options, Outcome, json};
use rows::{MAP, Rows, cell};
use rusqlite::{Connection, params_from_iter, types::Value as Cell};
use serde_json::Value;
use std::io::{self, Write};

/// The row of the table of formats.
pub(super) static FORMAT: Format = Format { name: "sqlite", extension: "sqlite", payloads: false, check: |_, _| Ok(()), write };

/// What makes the tables.
const SCHEMA: &str = include_str!("sqlite/schema.sql");

fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut db = Connection::open_in_memory().map_err(io::Error::other)?;
    db.set_prepared_statement_cache_capacity(64);
    db.execute_batch("PRAGMA page_size = 4096; PRAGMA foreign_keys = OFF; BEGIN").map_err(io::Error::other)?;
    db.execute_batch(SCHEMA).map_err(io::Error::other)?;
    let mut sink = Sink { filler: Filler { db: &db, counts: vec![0; MAP.len()] }, line: Vec::new(), key: None };
    json::write(outcome, options, &mut sink)?;
    sink.end_line()?;
    db.execute_batch("COMMIT").map_err(io::Error::other)?;
    let bytes = db.serialize("main").map_err(io::Error::other)?;
    out.write_all(&bytes)
}

/// Takes the JSON map line by line.
struct Sink<'a> {
    filler: Filler<'a>,
    line: Vec<u8>,
    /// Which list of the document the rows belong to.
    key: Option<usize>,
}

impl Sink<'_> {
    /// A line either begins a key of the document, or holds one row of the list that the last one began.
    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        match line.first() {
            Some(b'"') => self.begin_key(&line),
            Some(b'{') if line.len() > 1 => match self.key {
                Some(index) => self.filler.row(index, &first_value(&line)?),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn begin_key(&mut self, line: &[u8]) -> io::Result<()> {
        let Value::String(key) = first_value(line)? else { return Ok(()) };
        self.key = MAP.iter().position(|rows| rows.key == key);
        let Some(value) = line.get(key.len() + 4..).filter(|value| !value.starts_with(b"[")) else { return Ok(()) };
        self.filler.about(&key, &first_value(value)?)
    }
}

/// The value a text begins with; what stands behind it are commas and brackets of the document.
fn first_value(text: &[u8]) -> io::Result<Value> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter();
    values.next().unwrap_or(Ok(Value::Null)).map_err(io::Error::from)
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            match part.strip_suffix(b"\n") {
                Some(end) => {
                    self.line.extend_from_slice(end);
                    self.end_line()?;
                }
                None => self.line.extend_from_slice(part),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Puts rows into tables.
struct Filler<'a> {
    db: &'a Connection,
    /// How many rows of each list there are so far; of lists inside rows in the order they are met.
    counts: Vec<i64>,
}

impl Filler<'_> {
    fn row(&mut self, index: usize, row: &Value) -> io::Result<()> {
        self.counts[index] += 1;
        let number = self.counts[index];
        self.put(&MAP[index], row, &Place { number, position: number, parent: None })
    }

    /// Puts a row and the lists inside it.
    fn put(&mut self, rows: &Rows, row: &Value, place: &Place) -> io::Result<()> {
        let cells: Vec<Cell> = rows.columns.iter().map(|column| cell(column, row, place)).collect();
        if !cells.is_empty() {
            self.insert(rows.table, &cells)?;
        }
        for list in rows.lists {
            let elements = list.key.split('.').try_fold(row, |value, key| value.get(key)).and_then(Value::as_array);
            for (position, element) in (1..).zip(elements.into_iter().flatten()) {
                let number = if list.lists.is_empty() { 0 } else { self.next_number(list.table)? };
                self.put(list, element, &Place { number, position, parent: Some((row, place.number)) })?;
            }
        }
        Ok(())
    }

    /// The number that the next row of a table gets.
    fn next_number(&self, table: &str) -> io::Result<i64> {
        let query = format!("SELECT coalesce(max(rowid), 0) + 1 FROM {table}");
        let mut statement = self.db.prepare_cached(&query).map_err(io::Error::other)?;
        statement.query_row([], |row| row.get(0)).map_err(io::Error::other)
    }

    fn insert(&self, table: &str, cells: &[Cell]) -> io::Result<()> {
        let places = vec!["?"; cells.len()].join(", ");
        let query = format!("INSERT INTO {table} VALUES ({places})");
        let mut statement = self.db.prepare_cached(&query).map_err(io::Error::other)?;
        statement.execute(params_from_iter(cells)).map(drop).map_err(io::Error::other)
    }

    /// Figures of the whole, by the path of keys to each.
    fn about(&self, name: &str, value: &Value) -> io::Result<()> {
        match value {
            Value::Object(parts) => parts.iter().try_for_each(|(key, part)| self.about(&format!("{name}.{key}"), part)),
            Value::Array(_) | Value::Null => Ok(()),
            one => self.insert("about", &[Cell::Text(name.to_owned()), rows::scalar(one)]),
        }
    }
}

/// Where a row stands.
struct Place<'a> {
    /// Its number in its table.
    number: i64,
    /// Its place in the list, from 1.
    position: i64,
    /// The row it stands in, with its number.
    parent: Option<(&'a Value, i64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_fits_its_table() {
        fn check(db: &Connection, rows: &Rows) {
            let columns: i64 = db.query_row("SELECT count(*) FROM pragma_table_info(?)", [rows.table], |row| row.get(0)).unwrap();
            assert_eq!(i64::try_from(rows.columns.len()).unwrap(), columns, "{}", rows.table);
            rows.lists.iter().for_each(|list| check(db, list));
        }
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(SCHEMA).unwrap();
        MAP.iter().for_each(|rows| check(&db, rows));
    }
}
