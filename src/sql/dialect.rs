//! The dialects of SQL, and which one a text speaks.

/// Whose SQL a text is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Dialect {
    /// Not told: read so that most of all dialects is understood.
    #[default]
    Unknown,
    /// MySQL and MariaDB.
    MySql,
    /// PostgreSQL and its relatives.
    Postgres,
    /// SQLite.
    Sqlite,
    /// Microsoft SQL Server.
    SqlServer,
}

impl Dialect {
    /// Every dialect, the unknown one first.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::MySql, Self::Postgres, Self::Sqlite, Self::SqlServer];

    /// The name people write: `mysql`, `postgresql`, `sqlite`, `sqlserver`, `unknown`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::MySql => "mysql",
            Self::Postgres => "postgresql",
            Self::Sqlite => "sqlite",
            Self::SqlServer => "sqlserver",
        }
    }
}
