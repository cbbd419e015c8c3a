//! Do two copies of a table hold the same rows? Cheap questions first, then the keys of rows that do not agree.
//!
//! Every value is quoted before it goes into a checksum, so that NULL, an empty text and the text NULL are three things.

use super::dialect::Server;

/// At most so many keys are listed.
const SHOWN: usize = 100;
/// How many keys one range of a checksum or of a copy spans.
pub(super) const RANGE: u32 = 10_000;

/// Two copies of a table, by their full names in quotes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Copy {
    /// The table that is the truth.
    pub old: String,
    /// The copy.
    pub new: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Columns of the primary key.
    pub key: Vec<String>,
    /// The key is one whole number, so that ranges of it make sense.
    pub ranged: bool,
}

/// Statements that compare them: counts, ends of the key, checksums of ranges, keys that are missing on one side, keys of rows
/// that differ. Without a key or columns only rows can be counted.
#[must_use]
pub fn reconcile(server: Server, copy: &Copy) -> Vec<String> {
    let mut statements = vec![both_sides(copy, "COUNT(*) AS row_count", "")];
    if copy.key.is_empty() || copy.columns.is_empty() {
        return statements;
    }
    let key: Vec<String> = copy.key.iter().map(|column| server.quoted_word(column)).collect();
    let ends: Vec<String> = key
        .iter()
        .map(|column| format!("MIN({column}) AS {}, MAX({column}) AS {}", alias(server, "min", column), alias(server, "max", column)))
        .collect();
    statements.push(both_sides(copy, &ends.join(", "), ""));
    statements.push(checksums(server, copy, &key));
    statements.push(missing(copy, &key, &copy.old, &copy.new, "missing in the copy"));
    statements.push(missing(copy, &key, &copy.new, &copy.old, "only in the copy"));
    statements.extend(differing(server, copy, &key));
    statements
}

fn alias(server: Server, what: &str, quoted: &str) -> String {
    let bare: String = quoted.chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    server.quoted(&format!("{what}_{bare}"))
}

fn both_sides(copy: &Copy, what: &str, group: &str) -> String {
    let (old, new) = (&copy.old, &copy.new);
    format!("SELECT 'old' AS side, {what} FROM {old}{group} UNION ALL SELECT 'new' AS side, {what} FROM {new}{group};")
}

/// Checksums of ranges on which the two sides do not agree.
fn checksums(server: Server, copy: &Copy, key: &[String]) -> String {
    let columns = copy.columns.iter().map(|column| server.quoted_word(column));
    let (range, sum) = match server {
        Server::MySql => {
            let values: Vec<String> = columns.map(|column| format!("QUOTE({column})")).collect();
            (format!("FLOOR({} / {RANGE})", key[0]), format!("SUM(CRC32(CONCAT_WS('#', {})))", values.join(", ")))
        }
        Server::PostgreSql => {
            let values: Vec<String> = columns.map(|column| format!("quote_nullable({column}::text)")).collect();
            let hash = format!("md5(concat_ws('#', {}))", values.join(", "));
            (format!("FLOOR({} / {RANGE}.0)", key[0]), format!("SUM(('x' || substr({hash}, 1, 8))::bit(32)::bigint)"))
        }
    };
    let range = if copy.ranged { range } else { "0".to_owned() };
    let side = |name: &str, table: &str| {
        format!("SELECT '{name}' AS side, {range} AS key_range, COUNT(*) AS row_count, {sum} AS checksum FROM {table} GROUP BY key_range")
    };
    format!(
        "SELECT key_range, MIN(side) AS side, MIN(row_count) AS row_count FROM ({} UNION ALL {}) both_sides GROUP BY key_range, row_count, checksum \
         HAVING COUNT(*) < 2 ORDER BY key_range LIMIT {SHOWN};",
        side("old", &copy.old),
        side("new", &copy.new),
    )
}

fn on(key: &[String]) -> String {
    key.iter().map(|column| format!("o.{column} = n.{column}")).collect::<Vec<_>>().join(" AND ")
}

fn listed(key: &[String], side: &str) -> String {
    key.iter().map(|column| format!("{side}.{column}")).collect::<Vec<_>>().join(", ")
}

fn missing(copy: &Copy, key: &[String], here: &str, there: &str, what: &str) -> String {
    debug_assert!(!copy.key.is_empty());
    let keys = listed(key, "o");
    format!(
        "SELECT '{what}' AS finding, {keys} FROM {here} o LEFT JOIN {there} n ON {} WHERE n.{} IS NULL ORDER BY {keys} LIMIT {SHOWN};",
        on(key),
        key[0]
    )
}

/// Rows whose key is on both sides and whose other values are not.
fn differing(server: Server, copy: &Copy, key: &[String]) -> Option<String> {
    let others = copy.columns.iter().filter(|column| !copy.key.contains(column)).map(|column| server.quoted_word(column));
    let differs = |column: String| match server {
        // As bytes, because a collation may take different texts for the same.
        Server::MySql => format!("NOT (CAST(o.{column} AS BINARY) <=> CAST(n.{column} AS BINARY))"),
        Server::PostgreSql => format!("o.{column}::text IS DISTINCT FROM n.{column}::text"),
    };
    let conditions: Vec<String> = others.map(differs).collect();
    let keys = listed(key, "o");
    (!conditions.is_empty()).then(|| {
        format!(
            "SELECT 'differs' AS finding, {keys} FROM {} o JOIN {} n ON {} WHERE {} ORDER BY {keys} LIMIT {SHOWN};",
            copy.old,
            copy.new,
            on(key),
            conditions.join(" OR ")
        )
    })
}
