//! What one file of SQL says, as plain lines: the answers of documents about dumps.

use super::document::Case;
use unpick::sql::dump::{SqlFile, read_file};
use unpick::sql::schema::{Column, Key, Table, Text};

/// An answer: its name, and how it is made from what was read.
type AnswerKind = (&'static str, fn(&SqlFile) -> Vec<String>);

/// Every answer about a file of SQL.
pub(super) const KINDS: [AnswerKind; 5] = [
    ("dump_tables", |file| file.schema().tables().flat_map(table).collect()),
    ("dump_bodies", bodies),
    ("dump_statements", |file| file.statements.iter().map(text).collect()),
    ("dump_counts", counts),
    ("dump_problems", |file| file.problems.iter().map(|doubt| format!("L{} {}", doubt.line, doubt.message)).collect()),
];

/// The answers of a case that is about a file of SQL and nothing else.
pub(super) fn answers(case: &Case) -> Option<Vec<Vec<String>>> {
    let kind = |what: &str| KINDS.iter().find(|(kind, _)| *kind == what);
    case.expected.iter().find(|expected| kind(&expected.what).is_some())?;
    let (_, content) = case.files.last()?;
    let file = read_file(content.as_bytes(), None);
    Some(case.expected.iter().map(|expected| kind(&expected.what).map_or_else(Vec::new, |(_, make)| make(&file))).collect())
}

fn table(table: &Table) -> Vec<String> {
    let mut head = format!("{}  L{}", table.name, table.line);
    for (said, word) in [(table.temporary, "  temporary"), (table.doubtful, "  doubtful")] {
        head.push_str(if said { word } else { "" });
    }
    if let Some(parent) = &table.partition_of {
        head += &format!("  partition of {parent}");
    }
    if let Some(comment) = &table.comment {
        head += &format!("  -- {comment}");
    }
    let mut lines = vec![head];
    lines.extend(table.columns.iter().map(column));
    if !table.primary_key.is_empty() {
        lines.push(format!("  primary key ({})", table.primary_key.join(", ")));
    }
    lines.extend(table.uniques.iter().map(|key| named("unique", key)));
    lines.extend(table.indexes.iter().map(|key| named("index", key)));
    for key in &table.foreign_keys {
        let name = key.name.as_deref().map_or_else(String::new, |name| format!(" {name}"));
        let (from, to) = (key.columns.join(", "), key.to_columns.join(", "));
        lines.push(format!("  foreign key{name} ({from}) -> {} ({to})  L{}", key.to_table, key.line));
    }
    if !table.partitions.is_empty() {
        lines.push(format!("  partitions {}", table.partitions.join(", ")));
    }
    lines.extend(table.query.as_ref().map(|query| format!("  as {}", text(query))));
    lines
}

fn named(word: &str, key: &Key) -> String {
    format!("  {word} {} ({})", key.name.as_deref().unwrap_or("-"), key.columns.join(", "))
}

fn column(column: &Column) -> String {
    let mut line = format!("  {}: {}", column.name, column.type_text);
    for (said, word) in [(!column.nullable, " not null"), (column.auto, " auto"), (column.generated, " generated")] {
        line.push_str(if said { word } else { "" });
    }
    if let Some(default) = &column.default {
        line += &format!(" = {default}");
    }
    if !column.enum_values.is_empty() {
        line += &format!(" of {}", column.enum_values.join("|"));
    }
    if let Some(comment) = &column.comment {
        line += &format!("  -- {comment}");
    }
    line
}

fn text(text: &Text) -> String {
    format!("L{} {}", text.line, text.text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn bodies(file: &SqlFile) -> Vec<String> {
    let schema = file.schema();
    let views = schema.views().iter().map(|view| format!("view {}  {}", view.name, text(&view.query)));
    let triggers =
        schema.triggers().iter().map(|trigger| format!("trigger {} on {}  {}", trigger.name, trigger.table, text(&trigger.body)));
    let routines = schema.routines().iter().map(|routine| format!("{} {}  {}", routine.kind, routine.name, text(&routine.body)));
    views.chain(triggers).chain(routines).collect()
}

fn counts(file: &SqlFile) -> Vec<String> {
    let counts = file.counts;
    let mut lines = vec![format!(
        "{}: {} statements, {} parsed, {} recovered, {} unresolved, {} rows",
        file.dialect.name(),
        counts.statements,
        counts.parsed,
        counts.recovered,
        counts.unresolved,
        counts.data_rows
    )];
    lines.extend(file.rows.iter().map(|(name, rows)| format!("{name}: {rows} rows")));
    lines
}
