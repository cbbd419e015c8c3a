//! Whose SQL a file is, told by what only one of them writes.

use crate::sql::dialect::Dialect;

/// A piece of text in capitals, whose it is, and how much it says.
type Clue = (&'static str, Dialect, u32);

/// Each counts once, however often it stands there: data may quote anything.
const CLUES: [Clue; 51] = [
    ("-- MYSQL DUMP", Dialect::MySql, 20),
    ("-- MARIADB DUMP", Dialect::MySql, 20),
    ("PHPMYADMIN SQL DUMP", Dialect::MySql, 20),
    ("/*!", Dialect::MySql, 6),
    ("ENGINE=", Dialect::MySql, 5),
    ("ENGINE =", Dialect::MySql, 5),
    ("TYPE=MYISAM", Dialect::MySql, 5),
    ("AUTO_INCREMENT", Dialect::MySql, 5),
    ("UNLOCK TABLES", Dialect::MySql, 4),
    ("\nDELIMITER ", Dialect::MySql, 5),
    ("DEFAULT CHARSET", Dialect::MySql, 4),
    (" UNSIGNED", Dialect::MySql, 2),
    ("MEDIUMTEXT", Dialect::MySql, 2),
    ("\\'", Dialect::MySql, 1),
    ("`", Dialect::MySql, 3),
    ("-- POSTGRESQL DATABASE", Dialect::Postgres, 20),
    ("FROM STDIN", Dialect::Postgres, 8),
    ("$$", Dialect::Postgres, 3),
    ("\n\\CONNECT ", Dialect::Postgres, 6),
    ("\n\\RESTRICT ", Dialect::Postgres, 6),
    ("::REGCLASS", Dialect::Postgres, 5),
    ("::CHARACTER VARYING", Dialect::Postgres, 4),
    ("::TEXT", Dialect::Postgres, 3),
    ("PG_CATALOG", Dialect::Postgres, 4),
    ("SEARCH_PATH", Dialect::Postgres, 4),
    ("NEXTVAL(", Dialect::Postgres, 4),
    ("CHARACTER VARYING", Dialect::Postgres, 2),
    (" TIME ZONE", Dialect::Postgres, 2),
    ("OWNER TO ", Dialect::Postgres, 4),
    ("CREATE EXTENSION", Dialect::Postgres, 5),
    ("LANGUAGE PLPGSQL", Dialect::Postgres, 5),
    ("CREATE SEQUENCE", Dialect::Postgres, 2),
    (" SERIAL", Dialect::Postgres, 3),
    (" BIGSERIAL", Dialect::Postgres, 3),
    (" JSONB", Dialect::Postgres, 3),
    (" BYTEA", Dialect::Postgres, 3),
    ("TIMESTAMPTZ", Dialect::Postgres, 3),
    ("PRAGMA ", Dialect::Sqlite, 8),
    ("KEY AUTOINCREMENT", Dialect::Sqlite, 8),
    ("SQLITE_SEQUENCE", Dialect::Sqlite, 6),
    ("SQLITE_MASTER", Dialect::Sqlite, 6),
    ("WITHOUT ROWID", Dialect::Sqlite, 8),
    ("[DBO]", Dialect::SqlServer, 8),
    ("\nGO\n", Dialect::SqlServer, 8),
    ("\nGO\r\n", Dialect::SqlServer, 8),
    ("IDENTITY(", Dialect::SqlServer, 4),
    ("NVARCHAR", Dialect::SqlServer, 1),
    (" CLUSTERED ", Dialect::SqlServer, 4),
    ("ANSI_NULLS", Dialect::SqlServer, 6),
    ("UNIQUEIDENTIFIER", Dialect::SqlServer, 3),
    ("DATETIME2", Dialect::SqlServer, 3),
];

/// The dialect the start of a file suggests; [`Dialect::Unknown`] where nothing does.
pub(super) fn guess(prefix: &[u8]) -> Dialect {
    let text = prefix.to_ascii_uppercase();
    let mut best = (0, Dialect::Unknown);
    for dialect in [Dialect::MySql, Dialect::Postgres, Dialect::Sqlite, Dialect::SqlServer] {
        let clues = CLUES.iter().filter(|(clue, whose, _)| *whose == dialect && memchr::memmem::find(&text, clue.as_bytes()).is_some());
        let weight = clues.map(|(_, _, weight)| weight).sum();
        if weight > best.0 {
            best = (weight, dialect);
        }
    }
    best.1
}

/// True when a PostgreSQL file says that backslashes escape in every string, as servers before 9.1 had it.
pub(super) fn old_strings(prefix: &[u8]) -> bool {
    memchr::memmem::find(&prefix.to_ascii_lowercase(), b"standard_conforming_strings = off").is_some()
}
