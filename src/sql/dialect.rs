//! The dialects of SQL, and which one a text speaks.

use super::words::{Kind, Word, words};

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

/// Words that one dialect has and the others have not.
const EVIDENCE: [(&str, Dialect); 34] = [
    ("AUTO_INCREMENT", Dialect::MySql),
    ("ENGINE", Dialect::MySql),
    ("DUPLICATE", Dialect::MySql),
    ("STRAIGHT_JOIN", Dialect::MySql),
    ("GROUP_CONCAT", Dialect::MySql),
    ("DELIMITER", Dialect::MySql),
    ("UNSIGNED", Dialect::MySql),
    ("IFNULL", Dialect::MySql),
    ("FROM_UNIXTIME", Dialect::MySql),
    ("ILIKE", Dialect::Postgres),
    ("SERIAL", Dialect::Postgres),
    ("BIGSERIAL", Dialect::Postgres),
    ("JSONB", Dialect::Postgres),
    ("BYTEA", Dialect::Postgres),
    ("PLPGSQL", Dialect::Postgres),
    ("NEXTVAL", Dialect::Postgres),
    ("REGCLASS", Dialect::Postgres),
    ("STDIN", Dialect::Postgres),
    ("PG_CATALOG", Dialect::Postgres),
    ("AUTOINCREMENT", Dialect::Sqlite),
    ("PRAGMA", Dialect::Sqlite),
    ("SQLITE_MASTER", Dialect::Sqlite),
    ("SQLITE_SEQUENCE", Dialect::Sqlite),
    ("STRFTIME", Dialect::Sqlite),
    ("ROWID", Dialect::Sqlite),
    ("NVARCHAR", Dialect::SqlServer),
    ("IDENTITY", Dialect::SqlServer),
    ("GETDATE", Dialect::SqlServer),
    ("NOLOCK", Dialect::SqlServer),
    ("NOCOUNT", Dialect::SqlServer),
    ("UNIQUEIDENTIFIER", Dialect::SqlServer),
    ("ISNULL", Dialect::SqlServer),
    ("CLUSTERED", Dialect::SqlServer),
    ("DBO", Dialect::SqlServer),
];

impl Dialect {
    /// The dialect that most of a text's quotes, signs and words speak for; unknown where none leads.
    #[must_use]
    pub fn guess(text: &str) -> Self {
        let mut votes = [0_usize; 5];
        for word in words(text, Self::Unknown) {
            if let Some(dialect) = word_speaks_for(&word) {
                votes[Self::ALL.iter().position(|other| *other == dialect).expect("all dialects are listed")] += 1;
            }
        }
        let most = votes.iter().copied().max().unwrap_or(0);
        let leaders: Vec<usize> = (0..votes.len()).filter(|at| votes[*at] == most).collect();
        match leaders.as_slice() {
            [one] => Self::ALL[*one],
            _ => Self::Unknown,
        }
    }
}

fn word_speaks_for(word: &Word<'_>) -> Option<Dialect> {
    match word.kind {
        Kind::Quoted if word.text.starts_with('`') => Some(Dialect::MySql),
        Kind::Quoted | Kind::Variable => Some(Dialect::SqlServer).filter(|_| !word.text.starts_with("@@")),
        Kind::Dollar => Some(Dialect::Postgres),
        Kind::Text if word.text.starts_with("N'") => Some(Dialect::SqlServer),
        Kind::Text if word.text.starts_with("E'") => Some(Dialect::Postgres),
        Kind::Symbol if word.text == "::" => Some(Dialect::Postgres),
        Kind::Name => EVIDENCE.iter().find(|(name, _)| word.is(name)).map(|(_, dialect)| *dialect),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_words_tell_the_dialect() {
        let cases = [
            ("CREATE TABLE `a` (`b` int NOT NULL AUTO_INCREMENT) ENGINE=InnoDB", Dialect::MySql),
            ("SELECT a::text FROM t WHERE b ILIKE 'x'", Dialect::Postgres),
            ("CREATE TABLE a (b INTEGER PRIMARY KEY AUTOINCREMENT)", Dialect::Sqlite),
            ("SELECT [a] FROM [dbo].[t] WITH (NOLOCK)", Dialect::SqlServer),
            ("SELECT a FROM t", Dialect::Unknown),
            ("", Dialect::Unknown),
        ];
        for (text, dialect) in cases {
            assert_eq!(Dialect::guess(text), dialect, "{text}");
        }
    }
}
