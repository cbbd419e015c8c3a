//! Which rows of the JSON map go into which table, and which of their values into which column.

use super::Place;
use rusqlite::types::Value as Cell;
use serde_json::Value;

/// A list of the map, or of its rows, and the table it fills.
pub(super) struct Rows {
    /// The list's key; dots lead into values.
    pub(super) key: &'static str,
    /// The table.
    pub(super) table: &'static str,
    /// Where each column's value comes from: a key of the row, dots leading into values; `` for the row itself, `#` for its number,
    /// `@` for its place in the list, `^` before a key or `#` for that of the row around it, `=` before a word that is the same in
    /// every row.
    pub(super) columns: &'static [&'static str],
    /// The lists inside its rows.
    pub(super) lists: &'static [Rows],
}

const fn rows(key: &'static str, table: &'static str, columns: &'static [&'static str]) -> Rows {
    Rows { key, table, columns, lists: &[] }
}

const GOD: &[&str] =
    &["name", "path", "line", "end_line", "lines", "methods", "fields", "public", "coupling", "wmc", "atfd", "tcc", "tables", "reasons"];

/// The whole map, in the order it is written.
pub(super) static MAP: &[Rows] = &[
    rows("files", "files", &["path", "language", "lines", "bytes", "module", "status", "reason", "tags"]),
    Rows {
        key: "file_dependencies",
        // A pair of files has no row of its own: its lines carry both names.
        table: "",
        columns: &[],
        lists: &[rows(
            "sites",
            "references_of_files",
            &["^from", "^to", "line", "kind", "lazy", "type_only", "confidence", "rule", "text"],
        )],
    },
    rows("modules", "modules", &["name", "basis", "rule", "paths", "files", "lines", "afferent", "efferent", "instability"]),
    Rows {
        key: "module_dependencies",
        table: "dependencies",
        columns: &["#", "from", "to", "weight", "kinds"],
        lists: &[rows("sites", "dependency_sites", &["^#", "path", "line", "kind"])],
    },
    rows("definitions", "definitions", &["name", "kind", "path", "line", "end_line", "module", "methods", "fields", "bases"]),
    Rows {
        key: "tables",
        table: "tables",
        columns: &["#", "name", "schema", "model", "module", "kind", "owner.module", "owner.confidence", "primary_key"],
        lists: &[
            rows("columns", "columns", &["^#", "^name", "@", "name", "type"]),
            rows("declared", "table_declarations", &["^#", "^name", "path", "line", "by"]),
            Rows {
                key: "foreign_keys",
                table: "foreign_keys",
                columns: &["#", "^name", "columns", "to_table", "to_columns", "basis", "confidence"],
                lists: &[rows("evidence", "key_evidence", &["^#", "path", "line", "kind"])],
            },
            rows("polymorphic", "polymorphic_keys", &["^name", "type_column", "key_column", "targets"]),
            rows("open_keys", "open_keys", &["^name", ""]),
        ],
    },
    Rows {
        key: "table_accesses",
        table: "accesses",
        columns: &[
            "#",
            "path",
            "line",
            "end_line",
            "module",
            "function",
            "statement",
            "table",
            "operation",
            "verb",
            "by",
            "confidence",
            "in_loop",
            "in_transaction",
        ],
        lists: &[rows("columns", "access_columns", &["^#", ""])],
    },
    rows(
        "routes",
        "routes",
        &["method", "path", "handler", "file", "line", "registered.path", "registered.line", "module", "framework", "name", "confidence"],
    ),
    rows("http_calls", "http_calls", &["path", "line", "module", "method", "url", "resolves_to", "client", "in_loop", "in_transaction"]),
    Rows {
        key: "external_systems",
        table: "external_systems",
        columns: &["#", "name", "protocol", "hosts"],
        lists: &[
            rows("sites", "external_calls", &["^#", "path", "line", "client", "in_loop", "in_transaction"]),
            rows("modules", "external_modules", &["^#", ""]),
        ],
    },
    Rows {
        key: "transactions",
        table: "transactions",
        columns: &["#", "path", "line", "end_line", "module", "function", "kind"],
        lists: &[
            rows("tables_written", "transaction_tables", &["^#", "", "=write"]),
            rows("tables_read", "transaction_tables", &["^#", "", "=read"]),
            rows("externals", "transaction_externals", &["^#", ""]),
        ],
    },
    Rows {
        key: "units",
        table: "units",
        columns: &["#", "entry", "module", "explicit", "kind", "path", "line"],
        lists: &[
            rows("tables_written", "unit_tables", &["^#", "", "=write"]),
            rows("tables_read", "unit_tables", &["^#", "", "=read"]),
            rows("externals", "unit_externals", &["^#", ""]),
        ],
    },
    Rows {
        key: "messages",
        table: "messages",
        columns: &["#", "name", "kind", "path", "line"],
        lists: &[
            rows("senders", "message_senders", &["^#", "path", "line", "module", "function", "confidence"]),
            rows(
                "handlers",
                "message_handlers",
                &["^#", "path", "line", "module", "handler", "queued", "registered.path", "registered.line", "rule", "confidence"],
            ),
        ],
    },
    Rows {
        key: "cycles",
        table: "cycles",
        columns: &["id", "level", "graph", "edges", "cheapest_cut.weight", "cheapest_cut.lower_bound", "cheapest_cut.proven"],
        lists: &[
            rows("members", "cycle_members", &["^id", ""]),
            rows("cheapest_cut.edges", "cycle_cuts", &["^id", "from", "to", "weight", "advice", "because"]),
        ],
    },
    rows("god_classes", "god_classes", GOD),
    rows("god_files", "god_files", GOD),
    rows("god_modules", "god_modules", &["name", "afferent", "efferent", "lines", "reasons"]),
    rows("god_tables", "god_tables", &["name", "score", "columns", "accessor_modules", "writer_modules", "discriminator", "reasons"]),
    Rows {
        key: "table_families",
        table: "table_families",
        columns: &["base", "kind", "attributes"],
        lists: &[rows(
            "members",
            "table_family_members",
            &["^base", "^kind", "table", "entity_column", "attribute_column", "value_column"],
        )],
    },
    Rows {
        key: "table_splits",
        table: "table_splits",
        columns: &["#", "table", "kind", "column"],
        lists: &[rows("parts", "table_split_parts", &["^#", "@", "names", "modules"])],
    },
    rows("unresolved", "unresolved", &["path", "line", "kind", "text", "reason"]),
    rows("problems", "problems", &["path", "line", "severity", "message"]),
];

/// The value of one column.
pub(super) fn cell(column: &str, row: &Value, place: &Place) -> Cell {
    if let Some(word) = column.strip_prefix('=') {
        return Cell::Text(word.to_owned());
    }
    let (row, number, column) = match (column.strip_prefix('^'), place.parent) {
        (Some(column), Some((parent, number))) => (parent, number, column),
        _ => (row, place.number, column),
    };
    match column {
        "#" => Cell::Integer(number),
        "@" => Cell::Integer(place.position),
        "" => scalar(row),
        path => path.split('.').try_fold(row, |value, key| value.get(key)).map_or(Cell::Null, scalar),
    }
}

/// A value as a column holds it: a list of words in one text, an object as JSON.
pub(super) fn scalar(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(yes) => Cell::Integer(i64::from(*yes)),
        Value::Number(number) => number.as_i64().map_or_else(|| Cell::Real(number.as_f64().unwrap_or_default()), Cell::Integer),
        Value::String(text) => Cell::Text(text.clone()),
        Value::Array(items) => {
            let words = items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            Cell::Text(words.collect::<Vec<_>>().join(", "))
        }
        Value::Object(_) => Cell::Text(value.to_string()),
    }
}
