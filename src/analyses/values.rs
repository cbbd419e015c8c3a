//! Which kinds of rows code tells apart: the texts and constants that columns such as `type` are compared with or given.

use crate::base::FileId;
use crate::bind::{TableId, Tables, tells_kinds};
use crate::facts::{Argument, Call, FileFacts, Shape, ValueId};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// A value of a column that tells kinds of rows apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ColumnValue {
    /// The table.
    pub table: TableId,
    /// Its column, as the table writes it.
    pub column: String,
    /// The text, or the constant's name.
    pub value: String,
    /// Where.
    pub file: FileId,
    /// The line, 1-based.
    pub line: u32,
}

/// Every such value, sorted by table, column and value.
#[must_use]
pub fn values_of_columns(project: &Project) -> Vec<ColumnValue> {
    let tables = &project.resolution.tables;
    let mut found = BTreeSet::new();
    for row in &tables.compared {
        let known = tables.rows[row.table.index()].columns.iter().find(|column| column.name.eq_ignore_ascii_case(&row.column));
        let column = known.map_or_else(|| row.column.clone(), |column| column.name.clone());
        found.insert(ColumnValue { table: row.table, column, value: row.value.clone(), file: row.file, line: row.line });
    }
    let telling = Telling::of(tables);
    for file in project.own_files() {
        let stretches: Vec<(u32, u32, TableId)> = tables
            .accesses_in(file)
            .iter()
            .filter(|access| telling.columns.contains_key(&access.table))
            .map(|access| (access.at.line, access.at.end_line, access.table))
            .collect();
        if !stretches.is_empty() {
            telling.of_file(project.base.facts(file), file, &stretches, &mut found);
        }
    }
    found.into_iter().collect()
}

/// The columns that tell kinds apart, by table.
struct Telling<'a> {
    columns: BTreeMap<TableId, Vec<&'a str>>,
}

impl<'a> Telling<'a> {
    fn of(tables: &'a Tables) -> Self {
        let mut columns: BTreeMap<TableId, Vec<&'a str>> = BTreeMap::new();
        for (id, table) in (0u32..).map(TableId).zip(&tables.rows) {
            let telling: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).filter(|name| tells_kinds(name)).collect();
            if !telling.is_empty() {
                columns.insert(id, telling);
            }
        }
        Self { columns }
    }

    /// Keywords, keys of maps, and columns that stand as a text before their value, inside a use of the table.
    fn of_file(&self, facts: &FileFacts, file: FileId, stretches: &[(u32, u32, TableId)], out: &mut BTreeSet<ColumnValue>) {
        let mut note = |name: &str, value: ValueId| {
            let line = facts.value(value).line;
            for (_, _, table) in stretches.iter().filter(|(first, last, _)| (*first..=*last).contains(&line)) {
                let meant =
                    |column: &&&str| column.eq_ignore_ascii_case(name) || column.strip_suffix("_id").is_some_and(|short| short == name);
                let Some(column) = self.columns[table].iter().find(meant) else { continue };
                for value in texts(facts, value) {
                    out.insert(ColumnValue { table: *table, column: (*column).to_owned(), value, file, line });
                }
            }
        };
        for call in &facts.calls {
            for argument in facts.arguments_of(call) {
                if let Some(name) = argument.name {
                    note(facts.text(name).trim_end_matches("__in"), argument.value);
                }
            }
            if let Some((name, value)) = column_and_value(facts, call) {
                note(name, value);
            }
        }
        for entry in &facts.entries {
            if let Some(name) = entry.key.and_then(|key| facts.as_literal(key)) {
                note(name, entry.value);
            }
        }
    }
}

/// `where('type', 'post')`, `where('type', '=', 'post')`.
fn column_and_value<'a>(facts: &'a FileFacts, call: &Call) -> Option<(&'a str, ValueId)> {
    let (name, value) = match facts.arguments_of(call) {
        [Argument { name: None, value: name, .. }, Argument { name: None, value, .. }] => (*name, *value),
        [Argument { name: None, value: name, .. }, operator, Argument { name: None, value, .. }]
            if facts.as_literal(operator.value).is_some_and(|text| matches!(text, "=" | "==")) =>
        {
            (*name, *value)
        }
        _ => return None,
    };
    let name = facts.as_literal(name)?;
    Some((name.rsplit('.').next().unwrap_or(name), value))
}

/// The texts and the constants that a value is, or that its list holds: `'post'`, `Kind.POST`, `Post::class`.
fn texts(facts: &FileFacts, value: ValueId) -> Vec<String> {
    match facts.value(value).shape {
        Shape::Literal(text) => vec![facts.text(text).to_owned()],
        Shape::List(parts) | Shape::Choice(parts) => facts.items(parts).iter().flat_map(|part| constant(facts, *part)).collect(),
        _ => constant(facts, value).into_iter().collect(),
    }
}

/// A literal, or a name of a constant: capitals only, or a class.
fn constant(facts: &FileFacts, value: ValueId) -> Option<String> {
    match facts.value(value).shape {
        Shape::Literal(text) => Some(facts.text(text).to_owned()),
        Shape::Member(object, name) => {
            let name = facts.text(name);
            let of = facts.last_name(object)?;
            let is_constant =
                name == "class" || name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_' || letter.is_ascii_digit());
            match name {
                "class" => Some(format!("{of}::class")),
                _ => is_constant.then(|| format!("{of}.{name}")),
            }
        }
        _ => None,
    }
}
