//! What unpick reads from a file is what the real server makes of it: tables, columns, keys. Each schema is loaded, the
//! catalogue asked, and the server's own dump read as well. Without the programs these tests fail: a check that skips
//! itself says nothing.

use crate::support::{here, shop};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;
use unpick::plan::database::{Copy, Server, reconcile};
use unpick::sql::dump::{SqlFile, read_file};

/// Runs a program with a text as its input; what it prints.
fn run(command: &mut Command, input: &[u8]) -> String {
    use std::io::Write;
    let shown = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{shown}: {error}; .ci/run installs what the feature outside-programs needs"));
    child.stdin.take().expect("stdin is piped").write_all(input).expect("the program reads its input");
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{shown}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn schema_of(server: &str) -> Vec<u8> {
    std::fs::read(here(&format!("testdata/dumps/servers/{server}.sql"))).expect("the schema is there")
}

/// What was read as the lines the catalogue is asked for: `column T C`, `primary T C,C`, `foreign T C,C R D,D`.
fn read_lines(bytes: &[u8]) -> Vec<String> {
    let file: SqlFile = read_file(bytes, None);
    let schema = file.schema();
    let mut lines = Vec::new();
    for table in schema.tables().filter(|table| !table.temporary) {
        let name = &table.name.name;
        lines.extend(table.columns.iter().map(|column| format!("column|{name}|{}", column.name)));
        if !table.primary_key.is_empty() {
            lines.push(format!("primary|{name}|{}", table.primary_key.join(",")));
        }
        for key in &table.foreign_keys {
            let target = schema.table(&key.to_table).unwrap_or_else(|| panic!("{} is a table", key.to_table));
            // Without columns the primary key is meant.
            let columns = if key.to_columns.is_empty() { &target.primary_key } else { &key.to_columns };
            lines.push(format!("foreign|{name}|{}|{}|{}", key.columns.join(","), target.name.name, columns.join(",")));
        }
    }
    lines.sort();
    assert_eq!((file.counts.recovered, file.counts.unresolved, file.problems.len()), (0, 0, 0), "{:?}", file.problems);
    lines
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Shows only what differs.
fn compare(what: &str, ours: &[String], theirs: &[String]) {
    assert!(theirs.len() > 15, "{what}: the catalogue says almost nothing: {theirs:?}");
    let missed: Vec<&String> = theirs.iter().filter(|line| !ours.contains(line)).collect();
    let wrong: Vec<&String> = ours.iter().filter(|line| !theirs.contains(line)).collect();
    assert!(missed.is_empty() && wrong.is_empty() && ours.len() == theirs.len(), "{what}: missed {missed:#?}, wrong {wrong:#?}");
}

/// A server of our own in a temporary folder, reached by a socket there; it ends with the value.
struct MariaDb {
    folder: TempDir,
    server: std::process::Child,
}

impl MariaDb {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("unpick-db").tempdir_in("/tmp").expect("a temporary folder");
        let data = format!("--datadir={}/data", folder.path().display());
        let install = ["--no-defaults", &data, "--auth-root-authentication-method=normal", "--skip-test-db"];
        // A server that starts clears the temporary tables of its folder away, those of its neighbours too.
        run(Command::new("mariadb-install-db").args(install).args(as_root("--user=root")).env("TMPDIR", folder.path()), b"");
        let socket = format!("--socket={}/s", folder.path().display());
        let server = Command::new("mariadbd")
            .args(["--no-defaults", "--skip-networking", "--skip-log-bin", "--innodb-buffer-pool-size=16M"])
            .args([&data, &socket, &format!("--pid-file={}/pid", folder.path().display())])
            .args(as_root("--user=root"))
            .env("TMPDIR", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("`mariadbd` is installed (Debian: mariadb-server)");
        let started = Self { folder, server };
        run(started.client("mariadb-admin").args(["--wait=60", "ping"]), b"");
        started
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.arg("--no-defaults").arg(format!("--socket={}/s", self.folder.path().display())).arg("--user=root");
        command
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        // Nothing of the data is wanted any more.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn is_root() -> bool {
    nix::unistd::Uid::effective().is_root()
}

/// An argument that only the super-user has to give.
fn as_root(argument: &str) -> Option<&str> {
    is_root().then_some(argument)
}

#[test]
fn mariadb_makes_of_a_file_what_unpick_reads() {
    let server = MariaDb::start();
    run(server.client("mariadb").args(["-e", "CREATE DATABASE shop CHARACTER SET utf8mb4"]), b"");
    let schema = schema_of("mariadb");
    run(server.client("mariadb").args(["--default-character-set=utf8mb4", "shop"]), &schema);
    let questions = "
        SELECT CONCAT_WS('|', 'column', c.table_name, c.column_name) FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name) WHERE table_schema = 'shop' AND table_type = 'BASE TABLE';
        SELECT CONCAT_WS('|', 'primary', table_name, GROUP_CONCAT(column_name ORDER BY ordinal_position)) FROM information_schema.key_column_usage
            WHERE table_schema = 'shop' AND constraint_name = 'PRIMARY' GROUP BY table_name;
        SELECT CONCAT_WS('|', 'foreign', table_name, GROUP_CONCAT(column_name ORDER BY ordinal_position), referenced_table_name,
            GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position)) FROM information_schema.key_column_usage
            WHERE table_schema = 'shop' AND referenced_table_name IS NOT NULL GROUP BY constraint_name, table_name, referenced_table_name;";
    let theirs = sorted(&run(server.client("mariadb").args(["-N", "-r"]), questions.as_bytes()));
    compare("our schema", &read_lines(&schema), &theirs);
    let dump = run(server.client("mariadb-dump").args(["--routines", "--events", "--hex-blob", "shop"]), b"");
    compare("its dump", &read_lines(dump.as_bytes()), &theirs);
}

/// A server of our own. PostgreSQL refuses to run as root, so there it runs as the user its package made.
struct Postgres {
    folder: TempDir,
    programs: PathBuf,
}

impl Postgres {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("unpick-db").tempdir_in("/tmp").expect("a temporary folder");
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder.path()), b"");
        }
        let started = Self { folder, programs: newest_programs() };
        run(started.program("initdb").args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]), b"");
        let socket = format!("-c listen_addresses= -c unix_socket_directories={} -c fsync=off", started.folder.path().display());
        run(
            started.program("pg_ctl").args(["--wait", "--silent", "--log", &format!("{}/log", started.data()), "-o", &socket, "start"]),
            b"",
        );
        started
    }

    fn data(&self) -> String {
        format!("{}/data", self.folder.path().display())
    }

    /// A program of the server, knowing where its data is.
    fn program(&self, name: &str) -> Command {
        let mut command = as_postgres(&self.programs.join(name));
        command.current_dir("/").arg("--pgdata").arg(self.data());
        command
    }

    fn client(&self, name: &str) -> Command {
        let mut command = as_postgres(&self.programs.join(name));
        command.current_dir("/").args(["--username=postgres", "--host"]).arg(self.folder.path());
        command
    }
}

fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

/// Debian keeps each version's programs in a folder of their own.
fn newest_programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed (Debian: postgresql)");
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.expect("the folder can be listed").path().join("bin")).collect();
    found.sort();
    found.pop().expect("some version is there")
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.program("pg_ctl").args(["--mode=immediate", "--wait", "--silent", "stop"]).status();
    }
}

#[test]
fn postgresql_makes_of_a_file_what_unpick_reads() {
    let server = Postgres::start();
    run(server.client("createdb").arg("shop"), b"");
    let schema = schema_of("postgresql");
    run(server.client("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "shop"]), &schema);
    let questions = "
        SELECT concat_ws('|', 'column', table_name, column_name) FROM information_schema.columns
            JOIN information_schema.tables t USING (table_schema, table_name) WHERE table_schema IN ('public', 'stock') AND table_type = 'BASE TABLE';
        SELECT concat_ws('|', CASE contype WHEN 'p' THEN 'primary' ELSE 'foreign' END, t.relname,
            (SELECT string_agg(attname, ',' ORDER BY n) FROM unnest(conkey) WITH ORDINALITY AS k(num, n) JOIN pg_attribute ON attrelid = conrelid AND attnum = num),
            r.relname,
            (SELECT string_agg(attname, ',' ORDER BY n) FROM unnest(confkey) WITH ORDINALITY AS k(num, n) JOIN pg_attribute ON attrelid = confrelid AND attnum = num))
            FROM pg_constraint JOIN pg_class t ON t.oid = conrelid LEFT JOIN pg_class r ON r.oid = confrelid
            WHERE contype IN ('p', 'f') AND conparentid = 0 AND t.relnamespace IN ('public'::regnamespace, 'stock'::regnamespace);";
    let theirs = sorted(&run(server.client("psql").args(["-X", "-A", "-t", "-q", "shop"]), questions.as_bytes()));
    compare("our schema", &read_lines(&schema), &theirs);
    let dump = run(server.client("pg_dump").arg("shop"), b"");
    compare("its dump", &read_lines(dump.as_bytes()), &theirs);
}

#[test]
fn sqlite_makes_of_a_file_what_unpick_reads() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join("shop.db");
    let schema = schema_of("sqlite");
    run(Command::new("sqlite3").arg("-bail").arg(&database), &schema);
    let questions = "
        WITH t AS (SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%')
        SELECT 'column|' || t.name || '|' || c.name FROM t, pragma_table_xinfo(t.name) c
        UNION ALL SELECT 'primary|' || t.name || '|' || group_concat(c.name) FROM t, pragma_table_info(t.name) c WHERE c.pk > 0 GROUP BY t.name
        UNION ALL SELECT 'foreign|' || t.name || '|' || group_concat(f.\"from\") || '|' || f.\"table\" || '|' || group_concat(coalesce(f.\"to\", 'id'))
            FROM t, pragma_foreign_key_list(t.name) f GROUP BY t.name, f.id;";
    let theirs = sorted(&run(Command::new("sqlite3").arg(&database), questions.as_bytes()));
    compare("our schema", &read_lines(&schema), &theirs);
    let dump = run(Command::new("sqlite3").arg(&database).arg(".dump"), b"");
    compare("its dump", &read_lines(dump.as_bytes()), &theirs);
}

/// A schema without keys, in what both servers take, and the statements that `unpick tables` makes of it.
fn undeclared(server: &str) -> (String, String) {
    let schema = "CREATE TABLE users (id int PRIMARY KEY, name varchar(20));
        CREATE TABLE customers (id int PRIMARY KEY, name varchar(20));
        CREATE TABLE addresses (id int PRIMARY KEY, customer_id int, street varchar(80));
        CREATE TABLE a_table_with_a_name_that_is_longer_than_a_constraint_may_be (id int PRIMARY KEY, billing_address_id int);
        CREATE TABLE orders (id int PRIMARY KEY, customer_id int, billing_address_id int, created_by int, user_id bigint);";
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("schema.sql"), schema).expect("the schema can be written");
    let mut unpick = Command::new(env!("CARGO_BIN_EXE_unpick"));
    let statements = run(unpick.args(["tables", "-q", "--format", "sql", "--server", server]).arg(folder.path()), b"");
    assert_eq!(statements.matches("ALTER TABLE").count(), 5, "{statements}");
    assert_eq!(statements.matches("left out").count(), 1, "a type differs: {statements}");
    (schema.to_owned(), statements)
}

#[test]
fn mariadb_takes_the_keys_that_were_inferred() {
    let server = MariaDb::start();
    run(server.client("mariadb").args(["-e", "CREATE DATABASE shop"]), b"");
    let (schema, statements) = undeclared("mysql");
    run(server.client("mariadb").arg("shop"), schema.as_bytes());
    run(server.client("mariadb").arg("shop"), statements.as_bytes());
    let question = b"SELECT COUNT(*) FROM information_schema.referential_constraints WHERE constraint_schema = 'shop'";
    assert_eq!(run(server.client("mariadb").args(["-N"]), question).trim(), "5");
}

#[test]
fn postgres_takes_the_keys_that_were_inferred() {
    let server = Postgres::start();
    run(server.client("createdb").arg("shop"), b"");
    let (schema, statements) = undeclared("postgresql");
    for text in [schema, statements] {
        run(server.client("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "shop"]), text.as_bytes());
    }
    let question = b"SELECT COUNT(*) FROM information_schema.referential_constraints";
    assert_eq!(run(server.client("psql").args(["-X", "-A", "-t", "-q", "shop"]), question).trim(), "5");
}

/// A table and what is wrong with its copy: a row is missing, NULL became an empty text, a date is written another way. An empty
/// text and the text NULL are there on both sides and no difference.
const ORDERS: &str = "CREATE TABLE orders (id INT PRIMARY KEY, note VARCHAR(20), placed VARCHAR(20));
    INSERT INTO orders VALUES (1, 'a', '2024-01-01'), (2, 'b', '2024-01-02'), (3, NULL, '2024-01-03'), (4, '', '2024-01-04'),
    (5, 'NULL', '2024-01-05'), (20001, 'z', '2024-01-06');
    CREATE SCHEMA moved; CREATE TABLE moved.orders (id INT PRIMARY KEY, note VARCHAR(20), placed VARCHAR(20));
    INSERT INTO moved.orders SELECT * FROM orders;";
const SPOILED: &str = "DELETE FROM moved.orders WHERE id = 2; UPDATE moved.orders SET note = '' WHERE id = 3;
    UPDATE moved.orders SET placed = '05.01.2024' WHERE id = 5;";

fn questions(server: Server) -> String {
    let columns = ["id", "note", "placed"].map(str::to_owned).to_vec();
    let [old, new] = ["orders", "moved.orders"].map(|name| server.quoted(name));
    reconcile(server, &Copy { old, new, columns, key: vec!["id".to_owned()], ranged: true }).join("\n")
}

/// What is told of two copies that are the same, then of a spoiled one; `ask` runs SQL and prints rows with `|` between values.
fn only_planted_differences_are_found(server: Server, ask: &dyn Fn(&str) -> String) {
    ask(ORDERS);
    let counts = ["new|1|20001", "new|6", "old|1|20001", "old|6"];
    assert_eq!(sorted(&ask(&questions(server)).replace('\t', "|")), counts);
    ask(SPOILED);
    let found = sorted(&ask(&questions(server)).replace('\t', "|"));
    let differences: Vec<&String> = found.iter().filter(|line| !line.starts_with("old|") && !line.starts_with("new|")).collect();
    assert_eq!(differences, ["0|new|4", "0|old|5", "differs|3", "differs|5", "missing in the copy|2"]);
}

#[test]
fn reconciliation_on_mariadb_finds_planted_differences_and_no_others() {
    let server = MariaDb::start();
    run(server.client("mariadb").args(["-e", "CREATE DATABASE shop"]), b"");
    only_planted_differences_are_found(Server::MySql, &|sql| run(server.client("mariadb").args(["-N", "-r", "shop"]), sql.as_bytes()));
}

#[test]
fn reconciliation_on_postgresql_finds_planted_differences_and_no_others() {
    let server = Postgres::start();
    run(server.client("createdb").arg("shop"), b"");
    let ask = |sql: &str| run(server.client("psql").args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "shop"]), sql.as_bytes());
    only_planted_differences_are_found(Server::PostgreSql, &ask);
}

/// What `unpick` prints of the sample.
fn sample(command: &str) -> Value {
    let mut unpick = Command::new(env!("CARGO_BIN_EXE_unpick"));
    let printed = run(unpick.args([command, "-q", "--format", "json"]).arg(shop()), b"");
    serde_json::from_str(&printed).expect("it is JSON")
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// The tables of the sample as statements, with three rows each: keys and references are numbers, all else is text that is
/// sometimes missing.
fn sample_schema(server: Server) -> String {
    let mut statements = String::new();
    for table in sample("map")["tables"].as_array().expect("a list") {
        let columns: Vec<String> =
            table["columns"].as_array().expect("a list").iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect();
        // A table of the framework, of which the code says nothing but the name.
        let columns = if columns.is_empty() { vec!["id".to_owned()] } else { columns };
        let name = server.quoted(table["name"].as_str().expect("a name"));
        let is_number = |column: &str| column == "id" || column.ends_with("_id");
        let declared = columns
            .iter()
            .map(|column| format!("{} {}", server.quoted_word(column), if is_number(column) { "INT" } else { "VARCHAR(60)" }));
        let mut parts: Vec<String> = declared.collect();
        let key: Vec<String> = texts(&table["primary_key"]).iter().map(|column| server.quoted_word(column)).collect();
        if !key.is_empty() {
            parts.push(format!("PRIMARY KEY ({})", key.join(", ")));
        }
        statements.push_str(&format!("CREATE TABLE {name} ({});\n", parts.join(", ")));
        for row in 1..=3 {
            let text = ["'a'", "NULL", "'2024-01-03'"][row - 1];
            let values: Vec<String> =
                columns.iter().map(|column| if is_number(column) { row.to_string() } else { text.to_owned() }).collect();
            statements.push_str(&format!("INSERT INTO {name} VALUES ({});\n", values.join(", ")));
        }
    }
    statements
}

/// Runs every statement of the plan of the sample, in order; answers that are statements are run too. Then the copies are
/// spoiled, and what the reconciliation tells before and after is held against what was done.
fn the_plan_runs(server: Server, ask: &dyn Fn(&str) -> String) {
    ask(&sample_schema(server));
    let plan = sample("plan");
    let (mut asked, mut copied, mut spoiled) = (Vec::new(), 0, Vec::new());
    for step in plan["order"].as_array().expect("a list") {
        for stage in step["steps"].as_array().expect("a list") {
            let statements = texts(&stage[server.word()]);
            let reconciles = stage["step"] == "reconcile";
            for statement in &statements {
                let answer = ask(statement);
                if statement.contains(" AS statement FROM ") {
                    copied += answer.lines().count();
                    ask(&answer);
                } else if reconciles {
                    asked.push(statement.clone());
                }
            }
        }
    }
    assert!(copied >= 20, "every table with a number as its key is copied by ranges: {copied}");
    let differences = || -> Vec<String> {
        let told = asked.iter().flat_map(|question| sorted(&ask(question).replace('\t', "|")));
        told.filter(|line| ["missing in the copy|", "only in the copy|", "differs|"].iter().any(|word| line.starts_with(word))).collect()
    };
    assert_eq!(differences(), Vec::<String>::new());
    for question in asked.iter().filter(|question| question.contains("'differs'")).take(3) {
        let copy = question.split_once(" JOIN ").and_then(|(_, rest)| rest.split_once(" n ON ")).expect("the copy is named").0;
        let column =
            question.split_once("n.").and_then(|_| question.split(" WHERE ").nth(1)?.split("n.").nth(1)).expect("a column is compared");
        let column: String = column.chars().take_while(|letter| letter.is_alphanumeric() || "_`\"".contains(*letter)).collect();
        spoiled.push((copy.to_owned(), column));
    }
    let mut expected = Vec::new();
    for (copy, column) in spoiled {
        let is_number = column.trim_matches(['`', '"']).ends_with("_id");
        let id = server.quoted_word("id");
        let changed = if is_number { ["7", "8"] } else { ["''", "'03.01.2024'"] };
        ask(&format!(
            "DELETE FROM {copy} WHERE {id} = 1; UPDATE {copy} SET {column} = {} WHERE {id} = 2; UPDATE {copy} SET {column} = {} WHERE {id} = 3; \
             INSERT INTO {copy} ({id}) VALUES (9);",
            changed[0], changed[1]
        ));
        expected.extend(["differs|2", "differs|3", "missing in the copy|1", "only in the copy|9"].map(str::to_owned));
    }
    let mut found = differences();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_plan_of_the_sample_runs_on_mariadb_and_finds_planted_differences_and_no_others() {
    let server = MariaDb::start();
    run(server.client("mariadb").args(["-e", "CREATE DATABASE monolith"]), b"");
    the_plan_runs(Server::MySql, &|sql| run(server.client("mariadb").args(["-N", "-r", "monolith"]), sql.as_bytes()));
}

#[test]
fn the_plan_of_the_sample_runs_on_postgresql_and_finds_planted_differences_and_no_others() {
    let server = Postgres::start();
    run(server.client("createdb").arg("monolith"), b"");
    let ask = |sql: &str| run(server.client("psql").args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "monolith"]), sql.as_bytes());
    the_plan_runs(Server::PostgreSql, &ask);
}
