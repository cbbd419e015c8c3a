//! The key words that tell the parts of a statement apart.

use super::Verb;
use crate::sql::words::Word;

/// Key words that begin a statement which may touch a table.
pub(super) const STATEMENTS: [&str; 23] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH", "TRUNCATE", "CALL", "EXEC", "EXECUTE", "PREPARE", "CREATE",
    "ALTER", "DROP", "LOCK", "COPY", "LOAD", "RENAME", "REFRESH", "PERFORM", "BULK", "HANDLER",
];

/// Key words that cannot be the alias of a table.
pub(super) const NO_ALIAS: [&str; 69] = [
    "ON",
    "USING",
    "WHERE",
    "JOIN",
    "INNER",
    "LEFT",
    "RIGHT",
    "FULL",
    "CROSS",
    "OUTER",
    "NATURAL",
    "STRAIGHT_JOIN",
    "SET",
    "USE",
    "FORCE",
    "IGNORE",
    "WITH",
    "INDEXED",
    "NOT",
    "PIVOT",
    "UNPIVOT",
    "FOR",
    "ORDER",
    "GROUP",
    "HAVING",
    "LIMIT",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "MINUS",
    "WINDOW",
    "TABLESAMPLE",
    "PARTITION",
    "VALUES",
    "SELECT",
    "DEFAULT",
    "READ",
    "WRITE",
    "RETURNING",
    "OUTPUT",
    "WHEN",
    "OPTION",
    "LOCK",
    "INTO",
    "PROCEDURE",
    "OFFSET",
    "FETCH",
    "APPLY",
    "QUALIFY",
    "ASOF",
    "ANTI",
    "SEMI",
    "LATERAL",
    "DO",
    "THEN",
    "LOOP",
    "GO",
    "AND",
    "OR",
    "FROM",
    "CONNECT",
    "START",
    "OVERRIDING",
    "TABLE",
    "EXEC",
    "EXECUTE",
    "END",
    "AS",
    "IN",
];

/// Key words of expressions behind which a new operand begins.
const OPERATORS: [&str; 82] = [
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS",
    "LIKE",
    "ILIKE",
    "RLIKE",
    "REGEXP",
    "GLOB",
    "BETWEEN",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "DISTINCT",
    "ALL",
    "ANY",
    "SOME",
    "EXISTS",
    "XOR",
    "DIV",
    "MOD",
    "ESCAPE",
    "SIMILAR",
    "BY",
    "PARTITION",
    "ORDER",
    "GROUP",
    "OVER",
    "FILTER",
    "WITHIN",
    "INTERVAL",
    "BINARY",
    "FROM",
    "FOR",
    "USING",
    "ASC",
    "DESC",
    "NULLS",
    "ROWS",
    "RANGE",
    "GROUPS",
    "PRECEDING",
    "FOLLOWING",
    "UNBOUNDED",
    "CURRENT",
    "SEPARATOR",
    "ARRAY",
    "ROW",
    "SELECT",
    "ON",
    "SET",
    "VALUES",
    "VALUE",
    "WHERE",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "UNION",
    "MATCH",
    "AGAINST",
    "BOTH",
    "LEADING",
    "TRAILING",
    "PRIOR",
    "DISTINCTROW",
    "SQL_CALC_FOUND_ROWS",
    "SQL_NO_CACHE",
    "SQL_CACHE",
    "SQL_SMALL_RESULT",
    "SQL_BIG_RESULT",
    "SQL_BUFFER_RESULT",
    "HIGH_PRIORITY",
    "TOP",
    "ISNULL",
    "NOTNULL",
    "ROLLUP",
    "CUBE",
    "GROUPING",
    "SETS",
    "TO",
];

/// Key words that are a value.
const VALUES: [&str; 18] = [
    "NULL",
    "TRUE",
    "FALSE",
    "END",
    "CURRENT_TIMESTAMP",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_USER",
    "SESSION_USER",
    "LOCALTIMESTAMP",
    "LOCALTIME",
    "UTC_TIMESTAMP",
    "DEFAULT",
    "UNKNOWN",
    "SYSDATE",
    "ROWNUM",
    "MAXVALUE",
    "NOTHING",
];

/// Functions that make a query one that groups.
const AGGREGATES: [&str; 26] = [
    "COUNT",
    "SUM",
    "AVG",
    "MIN",
    "MAX",
    "TOTAL",
    "GROUP_CONCAT",
    "STRING_AGG",
    "ARRAY_AGG",
    "JSON_AGG",
    "JSONB_AGG",
    "JSON_ARRAYAGG",
    "JSON_OBJECTAGG",
    "JSON_GROUP_ARRAY",
    "JSON_GROUP_OBJECT",
    "BIT_AND",
    "BIT_OR",
    "BIT_XOR",
    "BOOL_AND",
    "BOOL_OR",
    "EVERY",
    "STDDEV",
    "STDEV",
    "VARIANCE",
    "COUNT_BIG",
    "CHECKSUM_AGG",
];

/// Functions whose first argument may be the bare name of a unit of time.
const UNIT_FUNCTIONS: [&str; 8] =
    ["EXTRACT", "TIMESTAMPDIFF", "TIMESTAMPADD", "DATEADD", "DATEDIFF", "DATEPART", "DATENAME", "DATEDIFF_BIG"];

/// What stands in parentheses behind a table of SQL Server without being arguments.
const HINTS: [&str; 12] = [
    "NOLOCK",
    "READPAST",
    "INDEX",
    "HOLDLOCK",
    "UPDLOCK",
    "ROWLOCK",
    "TABLOCK",
    "TABLOCKX",
    "PAGLOCK",
    "XLOCK",
    "NOWAIT",
    "READUNCOMMITTED",
];

fn among(word: &Word<'_>, list: &[&str]) -> bool {
    word.is_any(list)
}

/// True for a key word behind which a new operand begins.
pub(super) fn is_operator(word: &Word<'_>) -> bool {
    among(word, &OPERATORS)
}

/// True for a key word that is a value.
pub(super) fn is_value(word: &Word<'_>) -> bool {
    among(word, &VALUES)
}

/// True for the name of an aggregate function.
pub(super) fn is_aggregate(word: &Word<'_>) -> bool {
    among(word, &AGGREGATES)
}

/// True for a function that may take the bare name of a unit first.
pub(super) fn takes_unit(word: &Word<'_>) -> bool {
    among(word, &UNIT_FUNCTIONS)
}

/// True for a table hint of SQL Server.
pub(super) fn is_hint(word: &Word<'_>) -> bool {
    among(word, &HINTS)
}

/// The verb that a first word means.
pub(super) fn verb(word: &Word<'_>) -> Verb {
    const VERBS: [(&str, Verb); 54] = [
        ("SELECT", Verb::Select),
        ("VALUES", Verb::Select),
        ("TABLE", Verb::Select),
        ("INSERT", Verb::Insert),
        ("REPLACE", Verb::Replace),
        ("UPDATE", Verb::Update),
        ("DELETE", Verb::Delete),
        ("MERGE", Verb::Merge),
        ("TRUNCATE", Verb::Truncate),
        ("LOCK", Verb::Lock),
        ("UNLOCK", Verb::Lock),
        ("CALL", Verb::Call),
        ("EXEC", Verb::Call),
        ("PERFORM", Verb::Select),
        ("CREATE", Verb::Create),
        ("ALTER", Verb::Alter),
        ("COMMENT", Verb::Alter),
        ("DROP", Verb::Drop),
        ("RENAME", Verb::Rename),
        ("COPY", Verb::Copy),
        ("LOAD", Verb::Load),
        ("BULK", Verb::Load),
        ("HANDLER", Verb::Handler),
        ("EXPLAIN", Verb::Explain),
        ("DESCRIBE", Verb::Describe),
        ("DESC", Verb::Describe),
        ("SHOW", Verb::Describe),
        ("PRAGMA", Verb::Describe),
        ("ANALYZE", Verb::Maintain),
        ("ANALYSE", Verb::Maintain),
        ("OPTIMIZE", Verb::Maintain),
        ("CHECK", Verb::Maintain),
        ("CHECKSUM", Verb::Maintain),
        ("REPAIR", Verb::Maintain),
        ("VACUUM", Verb::Maintain),
        ("REINDEX", Verb::Maintain),
        ("CLUSTER", Verb::Maintain),
        ("REFRESH", Verb::Maintain),
        ("DBCC", Verb::Maintain),
        ("PREPARE", Verb::Prepare),
        ("DEALLOCATE", Verb::Prepare),
        ("EXECUTE", Verb::Execute),
        ("SET", Verb::Set),
        ("BEGIN", Verb::Begin),
        ("START", Verb::Begin),
        ("COMMIT", Verb::Commit),
        ("END", Verb::Commit),
        ("ROLLBACK", Verb::Rollback),
        ("SAVEPOINT", Verb::Other),
        ("RELEASE", Verb::Other),
        ("GRANT", Verb::Other),
        ("REVOKE", Verb::Other),
        ("USE", Verb::Other),
        ("DO", Verb::Other),
    ];
    VERBS.iter().find(|(name, _)| word.is(name)).map_or(Verb::Other, |(_, verb)| *verb)
}
