//! What must hold for any file of SQL: nothing panics, no table is lost, time is linear, chunks do not matter.

use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::Read;
use unpick::sql::Dialect;
use unpick::sql::dump::{SqlFile, read_file};
use unpick::sql::splitter::{Kind, Splitter};

const DIALECTS: [Option<Dialect>; 6] =
    [None, Some(Dialect::Unknown), Some(Dialect::MySql), Some(Dialect::Postgres), Some(Dialect::Sqlite), Some(Dialect::SqlServer)];

/// Pieces that open, close or mean something to a splitter, with pieces that do not.
const PIECES: [&str; 50] = [
    "'",
    "\"",
    "`",
    "[",
    "]",
    "$$",
    "$a$",
    "\\",
    "\\'",
    ";",
    ";;",
    "//",
    "--",
    "-- x",
    "#",
    "/*",
    "*/",
    "/*!50001 ",
    "/*M!100 ",
    "\n",
    "\n",
    " ",
    "(",
    ")",
    ",",
    "BEGIN",
    "END",
    "CASE",
    "IF",
    "DELIMITER ;;\n",
    "DELIMITER //\n",
    "\nGO\n",
    "COPY t FROM stdin;\n",
    "\\.\n",
    "\\connect x\n",
    "CREATE TABLE t (a int)",
    "CREATE TABLE ",
    "INSERT INTO t VALUES (1)",
    "CREATE TRIGGER x",
    "CREATE FUNCTION f() AS ",
    "ALTER TABLE t ADD ",
    "SELECT",
    "VALUES",
    "x",
    "é",
    "\0",
    "PARTITION BY ",
    "DEFAULT ",
    "REFERENCES ",
    "COMMENT ",
];

/// Every statement: its line, what it is, its text, its rows.
fn split(bytes: &[u8], dialect: Option<Dialect>, chunk: usize) -> Vec<(u32, Kind, Vec<u8>, u64)> {
    let mut splitter = Splitter::with_chunks(bytes, dialect, chunk);
    let mut found = Vec::new();
    while let Some(statement) = splitter.next() {
        found.push((statement.line, statement.kind, statement.text.to_vec(), statement.rows));
    }
    found
}

fn tables(file: &SqlFile) -> Vec<String> {
    file.schema().tables().map(|table| table.name.to_string()).collect()
}

fn pieces(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let known = (0..PIECES.len()).prop_map(|at| PIECES[at].as_bytes().to_vec());
    let any = proptest::collection::vec(any::<u8>(), 0..4);
    proptest::collection::vec(prop_oneof![8 => known, 1 => any], 0..most).prop_map(|parts| parts.concat())
}

/// A statement that is whole in every dialect.
fn whole() -> impl Strategy<Value = String> {
    let text = "[a-z;,(#é\n -]{0,12}";
    prop_oneof![
        ("[a-z]{1,8}", text).prop_map(|(name, text)| format!("CREATE TABLE {name} (id int, note varchar(9) DEFAULT '{text}')")),
        ("[a-z]{1,8}", text).prop_map(|(name, text)| format!("UPDATE {name} SET a = '{text}' WHERE b = 'it''s'")),
        ("[a-z]{1,8}", text).prop_map(|(name, text)| format!("DELETE FROM \"{name}\" WHERE x = '{text}' /* ; ' */")),
        ("[a-z]{1,8}", text).prop_map(|(name, text)| format!("INSERT INTO {name} VALUES (1, '{text}'), (2, 'x')")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(bytes in pieces(60), dialect in 0..DIALECTS.len()) {
        let file = read_file(bytes.as_slice(), DIALECTS[dialect]);
        prop_assert!(file.counts.parsed + file.counts.recovered + file.counts.unresolved <= file.counts.statements);
    }

    #[test]
    fn the_size_of_chunks_changes_nothing(bytes in pieces(60), dialect in 0..DIALECTS.len(), chunk in 1_usize..40) {
        prop_assert_eq!(split(&bytes, DIALECTS[dialect], chunk), split(&bytes, DIALECTS[dialect], 1 << 20));
    }

    #[test]
    fn statements_put_together_come_apart_again(statements in proptest::collection::vec(whole(), 1..12), dialect in 1..DIALECTS.len()) {
        let mut text = String::new();
        let mut lines = Vec::new();
        for statement in &statements {
            lines.push(1 + u32::try_from(text.matches('\n').count()).expect("few lines"));
            write!(text, "{statement};\n-- a ; comment '\n").expect("text takes text");
        }
        let found = split(text.as_bytes(), DIALECTS[dialect], 7);
        let texts: Vec<String> = found.iter().map(|(_, _, text, _)| String::from_utf8_lossy(text).into_owned()).collect();
        prop_assert_eq!(&texts, &statements);
        prop_assert_eq!(found.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), lines);
    }

    #[test]
    fn no_table_is_lost_behind_a_broken_statement(bytes in pieces(12), dialect in 1..DIALECTS.len()) {
        // What may hold any text, rows of COPY and open bodies, is left out: a table inside is not one.
        let broken = String::from_utf8_lossy(&bytes).into_owned();
        prop_assume!(!["COPY", "/*", "BEGIN", "CASE", "DELIMITER", "$", "'", "\"", "`", "[", "CREATE FUNCTION", "CREATE TRIGGER"].iter().any(|word| broken.contains(word)));
        let text = format!("{broken}\nCREATE TABLE found (id int);\n");
        let file = read_file(text.as_bytes(), DIALECTS[dialect]);
        prop_assert!(tables(&file).contains(&"found".to_owned()), "{:?}", text);
    }
}

#[test]
fn ten_thousand_columns_are_read() {
    let columns: Vec<String> = (0..10_000).map(|at| format!("  c{at} int(11) NOT NULL DEFAULT {at}")).collect();
    let file = read_file(format!("CREATE TABLE wide (\n{},\n  PRIMARY KEY (c9999)\n);", columns.join(",\n")).as_bytes(), None);
    let schema = file.schema();
    let table = schema.tables().next().expect("the table is read");
    assert_eq!((table.columns.len(), table.primary_key.join("")), (10_000, "c9999".to_owned()));
}

#[test]
fn a_hundred_thousand_parentheses_are_survived() {
    let (open, close) = ("(".repeat(100_000), ")".repeat(100_000));
    for text in [
        format!("CREATE TABLE a (id int DEFAULT {open}1{close}, b int);\nCREATE TABLE c (id int);"),
        format!("CREATE TABLE a (id int, b int, CHECK {open}1);\nCREATE TABLE c (id int);"),
        format!("CREATE TABLE a {open}\nCREATE TABLE c (id int);"),
        format!("CREATE TABLE a (id int);ALTER TABLE a ADD {open}b int{close};CREATE TABLE c (id int);"),
    ] {
        for dialect in DIALECTS {
            let found = tables(&read_file(text.as_bytes(), dialect));
            assert_eq!(found, ["a", "c"], "{dialect:?} {}", &text[..40]);
        }
    }
}

/// What never closes is looked for only so often: each of these would take minutes if it were looked for every time.
#[test]
fn what_never_closes_is_not_looked_for_again_and_again() {
    let mut tags = String::new();
    let mut bodies = String::new();
    for at in 0..40_000 {
        writeln!(tags, "$a{at}$ x '").expect("text takes text");
        writeln!(bodies, "CREATE TRIGGER t{at} AFTER INSERT ON t FOR EACH ROW BEGIN x;").expect("text takes text");
    }
    for text in [tags, bodies, "/*!1 /*\n".repeat(40_000), "'\\".repeat(200_000)] {
        for dialect in DIALECTS {
            let file = read_file(format!("{text}\nCREATE TABLE last (id int);\n").as_bytes(), dialect);
            assert!(file.problems.len() <= 202, "the list of problems is bounded");
        }
    }
}

#[test]
fn binary_rows_and_half_a_character_are_passed_over() {
    let mut bytes = b"-- MySQL dump 10.13\nINSERT INTO `files` VALUES (1,_binary '".to_vec();
    bytes.extend([0xff, 0x00, b'\\', b'\'', 0xc3, b'\\', b'0', 0xe2, 0x82]);
    bytes.extend(b"'),(2,x'00ff');\nCREATE TABLE `caf\xc3` (`id` int COMMENT '\xe2\x82');\nCREATE TABLE `b` (`id` int);\n");
    let file = read_file(bytes.as_slice(), None);
    assert_eq!(file.counts.data_rows, 2);
    assert_eq!(tables(&file), ["caf\u{fffd}", "b"]);
}

#[test]
fn utf_16_is_read() {
    let text = "\u{feff}CREATE TABLE [dbo].[Käse🧀] ([Id] int)\r\nGO\r\n";
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        for chunk in [1, 3, 1 << 20] {
            let found = split(&bytes, None, chunk);
            assert_eq!(String::from_utf8_lossy(&found[0].2), "CREATE TABLE [dbo].[Käse🧀] ([Id] int)");
        }
    }
}

/// A statement of 200 MB that nobody has in memory: `INSERT INTO t VALUES (0,'x...'),(1,'x...')...;` and a table.
struct LargeInsert {
    rows: u64,
    written: u64,
}

impl Read for LargeInsert {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let piece = match self.written {
            0 => "INSERT INTO t VALUES (0,'')".to_owned(),
            at if at < self.rows => format!(",({at},'{}')", "x;(".repeat(300)),
            at if at == self.rows => ";\nCREATE TABLE t2 (id int);\nSELECT 1".to_owned(),
            _ => return Ok(0),
        };
        self.written += 1;
        into[..piece.len()].copy_from_slice(piece.as_bytes());
        Ok(piece.len())
    }
}

#[test]
fn a_large_insert_is_counted_and_let_go() {
    let file = read_file(LargeInsert { rows: 40_000, written: 0 }, Some(Dialect::MySql));
    assert_eq!(file.counts.data_rows, 40_000);
    assert_eq!(file.rows.iter().map(|(name, rows)| (name.to_string(), *rows)).collect::<Vec<_>>(), [("t".to_owned(), 40_000)]);
    assert_eq!(tables(&file), ["t2"]);
    assert_eq!(file.statements[0].line, 3);
}
