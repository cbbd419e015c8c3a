//! How MySQL and PostgreSQL say the same.

use crate::plan::facts::Table;

/// A family of servers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Server {
    /// MySQL 8 and MariaDB.
    MySql,
    /// PostgreSQL.
    PostgreSql,
}

/// A name that needs no quotes anywhere: small letters, digits and underscores.
pub(super) fn service_name(name: &str) -> String {
    let last = name.rsplit(['/', ':', '\\']).next().unwrap_or(name);
    let plain: String = last.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    let plain = plain.trim_matches('_');
    if plain.is_empty() || plain.starts_with(|first: char| first.is_ascii_digit()) { format!("service_{plain}") } else { plain.to_owned() }
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

    /// A schema, a role, and the rights of the role: everything in its schema, and its own tables where they are today.
    pub(super) fn own_schema(self, service: &str, tables: &[&Table]) -> Vec<String> {
        let (schema, role) = (self.quoted(service), self.role(service));
        let mut statements = match self {
            Self::MySql => vec![
                format!("CREATE DATABASE IF NOT EXISTS {schema};"),
                format!("CREATE ROLE IF NOT EXISTS {role};"),
                format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.* TO {role};"),
            ],
            Self::PostgreSql => vec![
                format!("CREATE SCHEMA IF NOT EXISTS {schema};"),
                format!(
                    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{service}_service') THEN CREATE ROLE {role} NOLOGIN; \
                     END IF; END $$;"
                ),
                format!("GRANT USAGE ON SCHEMA {schema} TO {role};"),
            ],
        };
        let grant = |table: &&Table| format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {role};", self.quoted(&table.name));
        statements.extend(tables.iter().map(grant));
        statements
    }

    /// What others read instead of the table.
    pub(super) fn view(self, service: &str, table: &Table) -> String {
        let bare = table.name.rsplit('.').next().unwrap_or(&table.name);
        let columns: Vec<String> = table.columns.iter().map(|column| self.quoted_word(&column.name)).collect();
        let columns = if columns.is_empty() { "*".to_owned() } else { columns.join(", ") };
        let view = self.within(service, &format!("{bare}_for_others"));
        format!("CREATE OR REPLACE VIEW {view} AS SELECT {columns} FROM {};", self.quoted(&table.name))
    }

    /// An empty copy of the table in the new schema, and its rows; large tables are copied range by range of the key.
    pub(super) fn backfill(self, service: &str, table: &Table) -> Vec<String> {
        let (old, new) = (self.quoted(&table.name), self.within(service, &table.name));
        let made = match self {
            Self::MySql => format!("CREATE TABLE IF NOT EXISTS {new} LIKE {old};"),
            Self::PostgreSql => {
                format!("CREATE TABLE IF NOT EXISTS {new} (LIKE {old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);")
            }
        };
        // Rows that are there already stay as they are; anything else that goes wrong is told by the server.
        let same = table.primary_key.iter().map(|column| format!("n.{column} = o.{column}", column = self.quoted_word(column)));
        let same: Vec<String> = same.collect();
        let new_rows =
            if same.is_empty() { String::new() } else { format!(" WHERE NOT EXISTS (SELECT 1 FROM {new} n WHERE {})", same.join(" AND ")) };
        let copied = format!("INSERT INTO {new} SELECT o.* FROM {old} o{new_rows};");
        vec![made, copied]
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
    }
}
