//! What reading a data dump costs beside a bare pass of the splitter over it, and how much memory it takes.
//!
//! `cargo bench --bench dumps -- [MEGABYTES]`: 64 unless told, 1024 for the full measure. The dump is made up while it is
//! read and never written anywhere; making it is measured apart and taken off.
#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::fmt::Write as _;
use std::io::Read;
use std::time::Instant;
use unpick::sql::dump::read_file;
use unpick::sql::splitter::Splitter;

/// Rows of one INSERT, as mysqldump groups them.
const ROWS: usize = 2_000;

/// Rounds; the median counts.
const ROUNDS: usize = 5;

/// A dump of so many bytes: a hundred tables, then INSERTs of about 200 kB.
struct Dump {
    tables: Vec<u8>,
    insert: Vec<u8>,
    left: usize,
    at: usize,
}

impl Dump {
    fn of(bytes: usize) -> Self {
        let mut tables = String::from("-- MySQL dump 10.13\n");
        for table in 0..100 {
            writeln!(tables, "CREATE TABLE `t{table}` (").expect("text takes text");
            for column in 0..20 {
                writeln!(tables, "  `c{column}` varchar(80) NOT NULL DEFAULT 'x' COMMENT 'column {column}',").expect("text takes text");
            }
            writeln!(tables, "  PRIMARY KEY (`c0`)\n) ENGINE=InnoDB;").expect("text takes text");
        }
        let mut insert = String::from("INSERT INTO `t1` VALUES ");
        for row in 0..ROWS {
            let comma = if row > 0 { "," } else { "" };
            write!(
                insert,
                "{comma}({row},'it\\'s row {row}; (of many)','2024-01-01 00:00:00',NULL,{row}.5,'some longer text of a person')"
            )
            .expect("text takes text");
        }
        insert.push_str(";\n");
        Self { tables: tables.into_bytes(), insert: insert.into_bytes(), left: bytes, at: 0 }
    }
}

impl Read for Dump {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let from = if self.at < self.tables.len() {
            &self.tables[self.at..]
        } else {
            &self.insert[(self.at - self.tables.len()) % self.insert.len()..]
        };
        let length = from.len().min(into.len()).min(self.left);
        into[..length].copy_from_slice(&from[..length]);
        self.at += length;
        self.left -= length;
        Ok(length)
    }
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The most memory the process ever held, in MB, where the system tells.
#[allow(clippy::disallowed_methods, reason = "what the kernel says about this process is no source file")]
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

fn main() {
    let megabytes: usize = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(64);
    let bytes = megabytes << 20;
    let before = peak();
    let (mut making, mut splitting, mut reading) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        making.push(seconds(|| {
            let (mut dump, mut room) = (Dump::of(bytes), vec![0; 256 * 1024]);
            while dump.read(&mut room).is_ok_and(|got| got > 0) {}
        }));
        splitting.push(seconds(|| {
            let mut splitter = Splitter::new(Dump::of(bytes), None);
            while splitter.next().is_some() {}
        }));
        reading.push(seconds(|| {
            let file = read_file(Dump::of(bytes), None);
            assert_eq!(file.schema().tables().count(), 100, "the tables of the dump are read");
        }));
    }
    let (making, splitting, reading) = (median(making), median(splitting), median(reading));
    let (bare, whole) = (splitting - making, reading - making);
    println!("{megabytes} MB: making {making:.3} s; bare splitter {bare:.3} s ({:.0} MB/s); reading {whole:.3} s", megabytes as f64 / bare);
    println!("reading / bare splitter = {:.2}; peak {:?} MB, before {before:?} MB", whole / bare, peak());
}
