//! Schemas that migrations build, step by step in the order of their names: the schema builders of Knex and Kysely, and
//! Sequelize's query interface. Only what `up` does counts.

use super::described::{chain, column_type, declared_key, empty_table, references};
use super::kysely;
use super::literals::{entries, entry, says, text, texts};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable};
use crate::names::FactBase;
use std::collections::BTreeMap;

/// Methods of Knex's table builder that make a column; the first argument is its name.
const MAKES: [&str; 42] = [
    "bigIncrements",
    "bigInteger",
    "bigint",
    "binary",
    "bool",
    "boolean",
    "char",
    "date",
    "dateTime",
    "datetime",
    "decimal",
    "double",
    "enu",
    "enum",
    "float",
    "foreignId",
    "geography",
    "geometry",
    "increments",
    "int",
    "integer",
    "interval",
    "json",
    "jsonb",
    "longText",
    "longtext",
    "mediumint",
    "mediumInteger",
    "mediumText",
    "numeric",
    "point",
    "real",
    "smallint",
    "smallInteger",
    "specificType",
    "string",
    "text",
    "time",
    "timestamp",
    "tinyint",
    "uuid",
    "varchar",
];

/// The standing schema.
#[derive(Default)]
pub(super) struct Standing(BTreeMap<String, DeclaredTable>);

/// The tables that stand when all migrations have run; each folder of migrations is a schema of its own.
pub(super) fn tables(base: &FactBase, files: &[FileId]) -> Vec<DeclaredTable> {
    let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
    for file in files {
        let facts = base.facts(*file);
        let builds = facts.calls.iter().any(|call| is_step(facts.last_name(call.callee).unwrap_or("")));
        if builds {
            folders.entry(base.file(*file).source.path.parent()).or_default().push(*file);
        }
    }
    let mut found = Vec::new();
    for (_, mut files) in folders {
        files.sort_by_cached_key(|file| (numbers_as_numbers(base.path(*file)), base.path(*file).to_owned()));
        let mut standing = Standing::default();
        for file in files {
            standing.apply(base.facts(file), file);
        }
        found.extend(standing.0.into_values());
    }
    found
}

fn is_step(name: &str) -> bool {
    matches!(
        name,
        "createTable"
            | "createTableIfNotExists"
            | "alterTable"
            | "renameTable"
            | "dropTable"
            | "dropTableIfExists"
            | "addColumn"
            | "changeColumn"
            | "removeColumn"
            | "renameColumn"
            | "addConstraint"
    )
}

/// `2.10.0` comes after `2.2.0`.
fn numbers_as_numbers(path: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (text, behind) = rest.split_at(letters);
        let digits = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        parts.push((text.to_owned(), behind[..digits].parse().unwrap_or(0)));
        rest = &behind[digits..];
    }
    parts
}

/// True when a call stands in a function that takes the migration back.
fn takes_back(facts: &FileFacts, owner: Option<DefinitionId>) -> bool {
    let mut at = owner;
    while let Some(id) = at {
        if matches!(facts.text(facts.definition(id).name), "down" | "rollback" | "revert") {
            return true;
        }
        at = facts.definition(id).owner;
    }
    false
}

impl Standing {
    fn apply(&mut self, facts: &FileFacts, file: FileId) {
        let mut sweep = crate::facts::OwnerSweep::new(facts);
        for call in &facts.calls {
            let owner = sweep.owner(call.value);
            let Shape::Member(..) = facts.value(call.callee).shape else { continue };
            let Some(method) = facts.last_name(call.callee) else { continue };
            if takes_back(facts, owner) {
                continue;
            }
            self.step(facts, file, call, method);
        }
    }

    fn step(&mut self, facts: &FileFacts, file: FileId, call: &Call, method: &str) {
        let arguments = facts.arguments_of(call);
        let name = |at: usize| arguments.get(at).and_then(|argument| table_name(facts, argument.value));
        let value = |at: usize| arguments.get(at).map(|argument| argument.value);
        if let Some(table) = kysely::table(facts, call) {
            return kysely::step(self, facts, (file, &table), call, method);
        }
        match method {
            "createTable" | "createTableIfNotExists" => {
                let Some(table) = name(0) else { return };
                // Kysely's chain goes on with the columns.
                let Some(body) = value(1) else {
                    if receiver(facts, call).and_then(|object| facts.last_name(object)) == Some("schema") {
                        let declared = Declaration { file, line: call_line(facts, call), by: DeclaredBy::Migration };
                        self.0.entry(table.clone()).or_insert_with(|| empty_table(&table, declared));
                    }
                    return;
                };
                let line = call_line(facts, call);
                let declared = Declaration { file, line, by: DeclaredBy::Migration };
                self.0.entry(table.clone()).or_insert_with(|| empty_table(&table, declared));
                self.body(facts, file, &table, body);
            }
            "table" | "alterTable" => {
                if let (Some(table), Some(body)) = (name(0), value(1)) {
                    self.body(facts, file, &table, body);
                }
            }
            "dropTable" | "dropTableIfExists" => {
                if let Some(table) = name(0) {
                    self.0.remove(&table);
                }
            }
            "renameTable" => {
                if let (Some(from), Some(to)) = (name(0), name(1)) {
                    self.rename_table(&from, &to);
                }
            }
            "addColumn" | "changeColumn" => {
                if let (Some(table), Some(column), Some(described)) = (name(0), name(1), value(2)) {
                    self.column(facts, file, &table, &column, described);
                }
            }
            "removeColumn" => {
                if let (Some(table), Some(column)) = (name(0), name(1)) {
                    self.drop_column(&table, &column);
                }
            }
            "renameColumn" => {
                if let (Some(table), Some(from), Some(to)) = (name(0), name(1), name(2)) {
                    self.rename_column(&table, &from, &to);
                }
            }
            "addConstraint" => {
                if let (Some(table), Some(options)) = (name(0), arguments.last()) {
                    self.constraint(facts, file, &table, options.value);
                }
            }
            _ => {}
        }
    }

    pub(super) fn primary(&mut self, table: &str, columns: &[String]) {
        if let Some(standing) = self.0.get_mut(table) {
            standing.primary_key = columns.to_vec();
        }
    }

    pub(super) fn rename_table(&mut self, from: &str, to: &str) {
        let Some(mut table) = self.0.remove(from) else { return };
        to.clone_into(&mut table.name);
        for key in self.0.values_mut().chain([&mut table]).flat_map(|table| &mut table.foreign_keys) {
            if key.to_table == from {
                to.clone_into(&mut key.to_table);
            }
        }
        self.0.insert(to.to_owned(), table);
    }

    /// What is inside a table: an object of columns, or a function that is handed a builder.
    fn body(&mut self, facts: &FileFacts, file: FileId, table: &str, body: ValueId) {
        match facts.value(body).shape {
            Shape::Map(_) => {
                for (column, described) in entries(facts, body) {
                    self.column(facts, file, table, column, described);
                }
            }
            Shape::Inline(function) => {
                let definition = facts.definition(function);
                let Some(builder) = facts.parameters[definition.parameters.range()].first().map(|parameter| parameter.name) else { return };
                // A chain is read at its last call, so those that go on are passed over.
                let inside = facts.calls.iter().filter(|call| definition.values.contains(call.value.0));
                let followed: std::collections::BTreeSet<ValueId> = inside.clone().filter_map(|call| receiver(facts, call)).collect();
                for call in inside.filter(|call| !followed.contains(&call.value)) {
                    let steps = chain(facts, call.value);
                    let Some((root, _)) = steps.first() else { continue };
                    if receiver(facts, root).and_then(|object| facts.as_name(object)) == Some(builder) {
                        self.built(facts, file, table, &steps);
                    }
                }
            }
            _ => {}
        }
    }

    /// `table.integer('userId').references('id').inTable('users')`
    fn built(&mut self, facts: &FileFacts, file: FileId, table: &str, steps: &[(&Call, &str)]) {
        let Some((root, method)) = steps.first().copied() else { return };
        let arguments = facts.arguments_of(root);
        let first = arguments.first().map(|argument| argument.value);
        let name = first.and_then(|first| facts.as_literal(first)).map(str::to_owned);
        let line = call_line(facts, root);
        match method {
            "dropColumn" | "dropColumns" => {
                let columns: Vec<String> = arguments.iter().flat_map(|argument| texts(facts, argument.value)).collect();
                columns.iter().for_each(|column| self.drop_column(table, column));
            }
            "renameColumn" => {
                if let (Some(from), Some(to)) = (name, arguments.get(1).and_then(|argument| facts.as_literal(argument.value))) {
                    self.rename_column(table, &from, to);
                }
            }
            "timestamps" => {
                let camel = arguments.get(2).is_some_and(|argument| is_true(facts, argument.value))
                    || first.is_some_and(|first| says(facts, first, "useCamelCase", "true"));
                let stamps = if camel { ["createdAt", "updatedAt"] } else { ["created_at", "updated_at"] };
                stamps.iter().for_each(|column| self.add_column(table, column, Some("timestamp".to_owned())));
            }
            "primary" => {
                if let (Some(first), Some(standing)) = (first, self.0.get_mut(table)) {
                    standing.primary_key = texts(facts, first);
                }
            }
            "foreign" => self.built_key(facts, file, table, name.as_deref(), steps, line),
            _ if MAKES.contains(&method) => {
                let column = match (name, method) {
                    (Some(name), _) => name,
                    (None, "increments" | "bigIncrements") => "id".to_owned(),
                    _ => return,
                };
                self.add_column(table, &column, Some(method.to_owned()));
                let primary = matches!(method, "increments" | "bigIncrements") || steps.iter().any(|(_, step)| *step == "primary");
                if let Some(standing) = self.0.get_mut(table).filter(|standing| primary && !standing.primary_key.contains(&column)) {
                    standing.primary_key.push(column.clone());
                }
                self.built_key(facts, file, table, Some(&column), steps, line);
            }
            _ => {}
        }
    }

    /// `.references('id').inTable('users')`, `.references('users.id')`
    fn built_key(&mut self, facts: &FileFacts, file: FileId, table: &str, column: Option<&str>, steps: &[(&Call, &str)], line: u32) {
        let literal = |wanted: &str| {
            let (call, _) = steps.iter().find(|(_, step)| *step == wanted)?;
            facts.as_literal(facts.arguments_of(call).first()?.value)
        };
        let (Some(column), Some(target)) = (column, literal("references")) else { return };
        let (to_table, to_column) = match (literal("inTable"), target.rsplit_once('.')) {
            (Some(to_table), _) => (to_table, target),
            (None, Some((to_table, to_column))) => (to_table, to_column),
            (None, None) => return,
        };
        self.add_key(table, column, to_table, Some(to_column.to_owned()), file, line);
    }

    fn column(&mut self, facts: &FileFacts, file: FileId, table: &str, column: &str, described: ValueId) {
        let name = text(facts, described, "field").unwrap_or(column);
        self.add_column(table, name, column_type(facts, described));
        if says(facts, described, "primaryKey", "true")
            && let Some(standing) = self.0.get_mut(table).filter(|standing| !standing.primary_key.iter().any(|key| key == name))
        {
            standing.primary_key.push(name.to_owned());
        }
        if let Some((to_table, to_column)) = references(facts, described) {
            self.add_key(table, name, &to_table, to_column, file, facts.value(described).line);
        }
    }

    /// `addConstraint('orders', { fields: ['userId'], type: 'foreign key', references: { table, field } })`
    fn constraint(&mut self, facts: &FileFacts, file: FileId, table: &str, options: ValueId) {
        let fields = entry(facts, options, "fields").map(|fields| texts(facts, fields)).unwrap_or_default();
        match (text(facts, options, "type").unwrap_or("").to_lowercase().as_str(), fields.as_slice()) {
            ("foreign key", [column]) => {
                if let Some((to_table, to_column)) = references(facts, options) {
                    self.add_key(table, column, &to_table, to_column, file, facts.value(options).line);
                }
            }
            ("primary key", columns) => {
                if let Some(standing) = self.0.get_mut(table) {
                    standing.primary_key = columns.to_vec();
                }
            }
            _ => {}
        }
    }

    pub(super) fn add_column(&mut self, table: &str, column: &str, type_name: Option<String>) {
        let Some(standing) = self.0.get_mut(table) else { return };
        if !standing.columns.iter().any(|known| known.name == column) {
            standing.columns.push(Column { name: column.to_owned(), type_name });
        }
    }

    pub(super) fn add_key(&mut self, table: &str, column: &str, to_table: &str, to_column: Option<String>, file: FileId, line: u32) {
        let Some(standing) = self.0.get_mut(table) else { return };
        standing.foreign_keys.retain(|key| key.columns != [column]);
        standing.foreign_keys.push(declared_key(column, to_table, to_column, file, line));
    }

    pub(super) fn drop_column(&mut self, table: &str, column: &str) {
        let Some(standing) = self.0.get_mut(table) else { return };
        standing.columns.retain(|known| known.name != column);
        standing.primary_key.retain(|known| known != column);
        standing.foreign_keys.retain(|key| key.columns != [column]);
    }

    pub(super) fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        let Some(standing) = self.0.get_mut(table) else { return };
        let names = standing.columns.iter_mut().map(|column| &mut column.name).chain(&mut standing.primary_key);
        let names = names.chain(standing.foreign_keys.iter_mut().flat_map(|key| &mut key.columns));
        for name in names.filter(|name| *name == from) {
            to.clone_into(name);
        }
    }
}

/// The first line of the step itself: a chain of many steps begins far above.
pub(super) fn call_line(facts: &FileFacts, call: &Call) -> u32 {
    facts.arguments_of(call).first().map_or(call.span.line, |argument| facts.value(argument.value).line)
}

pub(super) fn receiver(facts: &FileFacts, call: &Call) -> Option<ValueId> {
    match facts.value(call.callee).shape {
        Shape::Member(object, _) => Some(object),
        _ => None,
    }
}

fn is_true(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value).shape, Shape::Constant(text) if facts.text(text) == "true")
}

/// A table's name: a literal, or `{ tableName, schema }`.
fn table_name(facts: &FileFacts, value: ValueId) -> Option<String> {
    facts.as_literal(value).or_else(|| text(facts, value, "tableName")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::numbers_as_numbers;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(numbers_as_numbers("m/2.10.0.js") > numbers_as_numbers("m/2.2.3.js"));
        assert!(numbers_as_numbers("m/10_b.js") > numbers_as_numbers("m/9_a.js"));
    }
}
