//! How MySQL and PostgreSQL say the same.

use super::reconcile::RANGE;
use crate::plan::facts::Table;

/// A family of servers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Server {
    /// MySQL 8 and MariaDB.
    MySql,
    /// PostgreSQL.
    PostgreSql,
}

/// Names that servers keep for themselves.
const TAKEN: [&str; 7] = ["information_schema", "mysql", "performance_schema", "pg_catalog", "pg_toast", "public", "sys"];
/// A role's name may have 32 letters in MySQL, and ends in `_service`.
const LONGEST: usize = 22;

/// A name that needs no quotes anywhere: small letters, digits and underscores.
pub(super) fn service_name(name: &str) -> String {
    let last = name.rsplit(['/', ':', '\\']).next().unwrap_or(name);
    let plain: String = last.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    let plain: String = plain.trim_matches('_').chars().take(LONGEST).collect();
    let is_free = plain.starts_with(|first: char| first.is_ascii_lowercase()) && !TAKEN.contains(&plain.as_str());
    if is_free { plain } else { format!("service_{plain}").chars().take(LONGEST).collect() }
}

impl Server {
    /// Every family.
    pub const ALL: [Self; 2] = [Self::MySql, Self::PostgreSql];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MySql => "mysql",
            Self::PostgreSql => "postgresql",
        }
    }

    /// One name in quotes: a column, a schema, a role.
    #[must_use]
    pub fn quoted_word(self, name: &str) -> String {
        match self {
            Self::MySql => format!("`{}`", name.replace('`', "``")),
            Self::PostgreSql => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// A table's name in quotes; `schema.table` in two pairs.
    #[must_use]
    pub fn quoted(self, name: &str) -> String {
        name.split('.').map(|part| self.quoted_word(part)).collect::<Vec<_>>().join(".")
    }

    /// A text as a statement holds it.
    fn literal(self, text: &str) -> String {
        let text = text.replace('\'', "''");
        match self {
            Self::MySql => format!("'{}'", text.replace('\\', "\\\\")),
            Self::PostgreSql => format!("'{text}'"),
        }
    }

    /// A table in the schema of a service.
    pub(super) fn within(self, service: &str, table: &str) -> String {
        let bare = table.rsplit('.').next().unwrap_or(table);
        format!("{}.{}", self.quoted(service), self.quoted(bare))
    }

    fn role(self, service: &str) -> String {
        match self {
            Self::MySql => format!("'{service}_service'"),
            Self::PostgreSql => self.quoted(&format!("{service}_service")),
        }
    }

    /// A role, unless it is there.
    pub(super) fn make_role(self, service: &str) -> String {
        let role = self.role(service);
        match self {
            Self::MySql => format!("CREATE ROLE IF NOT EXISTS {role};"),
            Self::PostgreSql => format!(
                "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{service}_service') THEN CREATE ROLE {role} NOLOGIN; \
                 END IF; END $$;"
            ),
        }
    }

    /// A schema, a role, and the rights of the role: everything in its schema, and its own tables where they are today. What
    /// takes rights away is left to people: only they know as whom the application comes.
    pub(super) fn own_schema(self, service: &str, tables: &[&Table]) -> Vec<String> {
        let (schema, role) = (self.quoted(service), self.role(service));
        let mut statements = match self {
            Self::MySql => vec![
                format!("CREATE DATABASE IF NOT EXISTS {schema};"),
                self.make_role(service),
                format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.* TO {role};"),
            ],
            Self::PostgreSql => vec![
                format!("CREATE SCHEMA IF NOT EXISTS {schema};"),
                self.make_role(service),
                format!("GRANT USAGE ON SCHEMA {schema} TO {role};"),
                format!("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};"),
            ],
        };
        let grant = |table: &&Table| format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {role};", self.quoted(&table.name));
        statements.extend(tables.iter().map(grant));
        let revoke = |table: &&Table| {
            format!("-- in staging: REVOKE INSERT, UPDATE, DELETE ON {} FROM the user of everything else;", self.quoted(&table.name))
        };
        statements.extend(tables.iter().map(revoke));
        statements
    }

    /// What others read instead of the table, and the right to for each of them.
    pub(super) fn view(self, service: &str, table: &Table, readers: &[String]) -> Vec<String> {
        let bare = table.name.rsplit('.').next().unwrap_or(&table.name);
        let columns: Vec<String> = table.columns.iter().map(|column| self.quoted_word(&column.name)).collect();
        let columns = if columns.is_empty() { "*".to_owned() } else { columns.join(", ") };
        let view = self.within(service, &format!("{bare}_for_others"));
        let mut statements = vec![format!("CREATE OR REPLACE VIEW {view} AS SELECT {columns} FROM {};", self.quoted(&table.name))];
        for reader in readers {
            let role = self.role(reader);
            statements.push(self.make_role(reader));
            if self == Self::PostgreSql {
                statements.push(format!("GRANT USAGE ON SCHEMA {} TO {role};", self.quoted(service)));
            }
            statements.push(format!("GRANT SELECT ON {view} TO {role};"));
        }
        statements
    }

    /// A question whose answers are the statements that drop the keys of a table which refer to another: what keys are called
    /// only the server knows.
    pub(super) fn keys_to_drop(self, child: &str, parent: &str) -> String {
        let [child_table, parent_table] = [child, parent].map(|name| self.literal(name.rsplit('.').next().unwrap_or(name)));
        match self {
            Self::MySql => format!(
                "SELECT CONCAT('ALTER TABLE `', table_name, '` DROP FOREIGN KEY `', constraint_name, '`;') AS statement \
                 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() \
                 AND table_name = {child_table} AND referenced_table_name = {parent_table};"
            ),
            Self::PostgreSql => format!(
                "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I;', c.conrelid::regclass, c.conname) AS statement FROM pg_constraint c \
                 JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid \
                 WHERE c.contype = 'f' AND t.relname = {child_table} AND r.relname = {parent_table};"
            ),
        }
    }

    /// A table of its own for some columns, with the key of the whole.
    pub(super) fn part(self, service: &str, table: &Table, number: usize, columns: &[String]) -> Vec<String> {
        let part = self.within(service, &format!("{}_part_{number}", table.name));
        let quoted = |names: &[String]| names.iter().map(|name| self.quoted_word(name)).collect::<Vec<_>>().join(", ");
        let key = quoted(&table.primary_key);
        let others: Vec<String> = columns.iter().filter(|column| !table.primary_key.contains(column)).cloned().collect();
        vec![
            format!("CREATE TABLE {part} AS SELECT {key}, {} FROM {};", quoted(&others), self.quoted(&table.name)),
            format!("ALTER TABLE {part} ADD PRIMARY KEY ({key});"),
        ]
    }

    /// An empty copy of the table in the new schema.
    pub(super) fn empty_copy(self, service: &str, table: &Table) -> String {
        let (old, new) = (self.quoted(&table.name), self.within(service, &table.name));
        match self {
            Self::MySql => format!("CREATE TABLE IF NOT EXISTS {new} LIKE {old};"),
            Self::PostgreSql => {
                format!("CREATE TABLE IF NOT EXISTS {new} (LIKE {old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);")
            }
        }
    }

    /// Copies the rows that are not there yet. Where the key is one whole number, the statement is a question whose answers
    /// are the statements that copy a range of it each, so that none of them holds locks for long.
    pub(super) fn backfill(self, service: &str, table: &Table) -> String {
        let (old, new) = (self.quoted(&table.name), self.within(service, &table.name));
        // Rows that are there already stay as they are; anything else that goes wrong is told by the server.
        let same = table.primary_key.iter().map(|column| format!("n.{column} = o.{column}", column = self.quoted_word(column)));
        let same: Vec<String> = same.collect();
        let absent = |join: &str| {
            if same.is_empty() { String::new() } else { format!(" {join} NOT EXISTS (SELECT 1 FROM {new} n WHERE {})", same.join(" AND ")) }
        };
        let Some(key) = table.range_key().map(|key| self.quoted_word(key)) else {
            return format!("INSERT INTO {new} SELECT o.* FROM {old} o{};", absent("WHERE"));
        };
        let first = self.literal(&format!("INSERT INTO {new} SELECT o.* FROM {old} o WHERE o.{key} >= "));
        let (middle, last) = (self.literal(&format!(" AND o.{key} < ")), self.literal(&format!("{};", absent("AND"))));
        let (ranges, text) = match self {
            Self::MySql => (
                format!("SELECT DISTINCT FLOOR({key} / {RANGE}) AS key_range FROM {old}"),
                format!("CONCAT({first}, key_range * {RANGE}, {middle}, (key_range + 1) * {RANGE}, {last})"),
            ),
            Self::PostgreSql => (
                format!("SELECT DISTINCT FLOOR({key} / {RANGE}.0)::bigint AS key_range FROM {old}"),
                format!("concat({first}, key_range * {RANGE}, {middle}, (key_range + 1) * {RANGE}, {last})"),
            ),
        };
        format!("SELECT {text} AS statement FROM ({ranges}) key_ranges ORDER BY key_range;")
    }

    /// Whether the server writes down what changes, and in PostgreSQL a stream of the changes of these tables.
    pub(super) fn capture(self, service: &str, tables: &[&Table]) -> Vec<String> {
        match self {
            Self::MySql => vec!["SHOW VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format', 'binlog_row_image');".to_owned()],
            Self::PostgreSql => {
                let names: Vec<String> = tables.iter().map(|table| self.quoted(&table.name)).collect();
                let publication = self.quoted_word(&format!("{service}_changes"));
                vec!["SHOW wal_level;".to_owned(), format!("CREATE PUBLICATION {publication} FOR TABLE {};", names.join(", "))]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Server, service_name};

    #[test]
    fn names_are_quoted_part_by_part() {
        assert_eq!(Server::MySql.quoted("shop.or`ders"), "`shop`.`or``ders`");
        assert_eq!(Server::PostgreSql.quoted("or\"ders"), "\"or\"\"ders\"");
        assert_eq!(Server::MySql.quoted_word("a.b"), "`a.b`", "a column may have a dot in its name");
    }

    #[test]
    fn services_have_plain_names() {
        assert_eq!(service_name("src/entity/Order-Item"), "order_item");
        assert_eq!(service_name("42"), "service_42");
        assert_eq!(service_name("public"), "service_public");
        assert_eq!(service_name(&"long".repeat(20)).len(), 22);
    }
}
