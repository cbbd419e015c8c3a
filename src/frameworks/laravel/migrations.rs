//! Migrations: what their `up` methods do to the schema, one after the other, in the order of their file names.

use super::blueprint::{Does, does};
use super::models::Models;
use super::schema::{Change, Key, Schema, constrained};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use crate::frameworks::tables::{AccessBy, DeclaredTable, Operation, TableAccess};
use rustc_hash::FxHashMap;

/// The class migrations extend.
const MIGRATION: &[&str] = &["illuminate\\database\\migrations\\migration"];

/// Methods of the schema builder that make, change or drop the table they name.
const CHANGES: [&str; 8] =
    ["create", "table", "whenTableHasColumn", "whenTableDoesntHaveColumn", "rename", "drop", "dropIfExists", "dropColumns"];

/// How many own methods of a migration are gone into, one from the other.
const DEEPEST: u32 = 4;

/// Every migration of the application, in the order it runs: by file name, whatever folder it lies in.
fn migrations(classes: &PhpClasses<'_>) -> Vec<ClassId> {
    let mut found: Vec<(&str, ClassId)> = Vec::new();
    for file in classes.files() {
        let name = classes.base.path(file).rsplit('/').next().unwrap_or("");
        found.extend(classes.classes_of(file).filter(|class| classes.is_below(*class, MIGRATION)).map(|class| (name, class)));
    }
    found.sort_unstable();
    found.into_iter().map(|(_, class)| class).collect()
}

/// The places where migrations make, change and drop tables that are left in the end, on the way up and on the way down.
pub(super) fn changes(classes: &PhpClasses<'_>, models: &Models, left: &dyn Fn(&str) -> bool, out: &mut Vec<TableAccess>) {
    for class in migrations(classes) {
        let (file, definition) = class;
        let facts = classes.facts(file);
        let mut nowhere = Schema::default();
        let run = Run { classes, models, class, file, facts, schema: &mut nowhere };
        for call in calls_in(facts, definition) {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            let verb = facts.text(name);
            if !CHANGES.contains(&verb) || !run.is_schema(object) {
                continue;
            }
            let tables = run.names(call, 0).into_iter().chain(if verb == "rename" { run.names(call, 1) } else { Vec::new() });
            out.extend((0u32..).zip(tables.filter(|table| left(table))).map(|(statement, table)| TableAccess {
                file,
                line: call.span.line,
                end_line: call.span.end_line,
                statement,
                table,
                operation: Operation::Ddl,
                verb: verb.to_owned(),
                columns: Vec::new(),
                by: AccessBy::QueryBuilder,
                owner: facts.owner_of(call.value),
                certainty: Certainty::LITERAL,
                in_loop: false,
            }));
        }
    }
}

/// Applies every migration of the application, and hands back the tables that are left and the files read.
pub(super) fn read(classes: &PhpClasses<'_>, models: &Models) -> Vec<DeclaredTable> {
    let mut schema = Schema::default();
    for class in migrations(classes) {
        if let Some((file, up)) = classes.method(class, "up") {
            Run { classes, models, class, file, facts: classes.facts(file), schema: &mut schema }.method(up, DEEPEST);
        }
    }
    schema.finish()
}

/// One migration while it is applied.
struct Run<'a, 'b> {
    classes: &'a PhpClasses<'a>,
    models: &'a Models,
    class: ClassId,
    file: FileId,
    facts: &'a FileFacts,
    schema: &'b mut Schema,
}

/// What one chain of calls on a blueprint says.
struct Column {
    changes: Vec<Change>,
    names: Vec<String>,
    /// The table and key of its model, where the column was named after one.
    model: Option<(String, String)>,
}

impl<'a> Run<'a, '_> {
    fn method(&mut self, method: DefinitionId, left: u32) {
        let Some(left) = left.checked_sub(1) else { return };
        for call in calls_in(self.facts, method) {
            let Shape::Member(object, name) = self.facts.value(call.callee).shape else { continue };
            let name = self.facts.text(name);
            if self.is_schema(object) {
                self.schema_call(call, name);
            } else if self.facts.as_name(object).is_some_and(|object| self.facts.text(object) == "$this")
                && !matches!(name, "up" | "down")
                && let Some(inner) = self.classes.own_method(self.file, self.class.1, name)
            {
                self.method(inner, left);
            }
        }
    }

    /// `Schema`, `Schema::connection('x')`, `$this->schema`.
    fn is_schema(&self, value: ValueId) -> bool {
        let facts = self.facts;
        match facts.value(value).shape {
            Shape::Name(name) if facts.text(name).starts_with('$') => facts.text(name).eq_ignore_ascii_case("$schema"),
            Shape::Name(_) => match self.classes.named(self.file, value) {
                Some(Ancestor::Outside(name)) => name.rsplit('\\').next() == Some("schema"),
                _ => false,
            },
            Shape::Member(_, name) => facts.text(name).eq_ignore_ascii_case("schema"),
            Shape::Call(_) => facts.as_call(value).is_some_and(|call| match facts.value(call.callee).shape {
                Shape::Member(object, name) => match facts.text(name) {
                    "connection" | "setConnection" => self.is_schema(object),
                    "schema" | "getSchemaBuilder" => true,
                    _ => false,
                },
                _ => false,
            }),
            _ => false,
        }
    }

    fn schema_call(&mut self, call: &Call, name: &str) {
        let line = call.span.line;
        let tables = self.names(call, 0);
        match name {
            "create" | "table" | "whenTableHasColumn" | "whenTableDoesntHaveColumn" => {
                let closure = self.closure(call, if name.starts_with("when") { 2 } else { 1 });
                for table in &tables {
                    if name == "create" {
                        self.schema.create(table, self.file, line);
                    }
                    if let Some((function, blueprint)) = closure {
                        self.blueprint(function, blueprint, table, DEEPEST);
                    }
                }
            }
            "rename" => {
                if let ([from], [to]) = (&tables[..], &self.names(call, 1)[..]) {
                    self.schema.rename(from, to);
                }
            }
            "drop" | "dropIfExists" => tables.iter().for_each(|table| self.schema.drop(table)),
            "dropColumns" => {
                let columns = self.names(call, 1);
                tables.iter().for_each(|table| self.schema.change(table, self.file, line, Change::Drop(columns.clone())));
            }
            _ => {}
        }
    }

    /// The texts of an argument: of the literal, or of all in the list.
    fn names(&self, call: &Call, place: usize) -> Vec<String> {
        self.facts.argument(call, place, "").map_or_else(Vec::new, |value| self.names_of(value))
    }

    fn names_of(&self, value: ValueId) -> Vec<String> {
        let owner = self.facts.owner_of(value);
        match self.classes.texts(self.file, owner, value) {
            found if found.is_empty() => self.classes.elements(self.file, owner, value, false, DEEPEST),
            found => found,
        }
    }

    /// The function an argument is, and what its first parameter is called; also where a variable holds it.
    fn closure(&self, call: &Call, place: usize) -> Option<(DefinitionId, Text)> {
        let value = self.facts.argument(call, place, "callback")?;
        let value = match self.facts.value(value).shape {
            Shape::Name(name) => {
                let owner = self.facts.owner_of(value);
                let bound = self.classes.locals(self.file).of_name(owner, name).last()?;
                self.facts.bindings[bound.binding as usize].value?
            }
            _ => value,
        };
        let Shape::Inline(function) = self.facts.value(value).shape else { return None };
        let parameters = self.facts.definition(function).parameters;
        Some((function, self.facts.parameters[parameters.range()].first()?.name))
    }

    /// What a function does with the blueprint it is handed.
    fn blueprint(&mut self, function: DefinitionId, blueprint: Text, table: &str, left: u32) {
        let Some(left) = left.checked_sub(1) else { return };
        let mut columns: Vec<(u32, Column)> = Vec::new();
        let mut chains: FxHashMap<ValueId, usize> = FxHashMap::default();
        let mut handed: Vec<(DefinitionId, Text)> = Vec::new();
        for call in calls_in(self.facts, function) {
            let Shape::Member(object, name) = self.facts.value(call.callee).shape else { continue };
            let method = self.facts.text(name);
            if self.facts.as_name(object) == Some(blueprint) {
                let Some(column) = does(method).and_then(|does| self.column(call, method, does, table)) else { continue };
                chains.insert(call.value, columns.len());
                columns.push((call.span.line, column));
            } else if let Some(chain) = chains.remove(&object) {
                chains.insert(call.value, chain);
                self.further(call, method, &mut columns[chain].1);
            } else if let Some(place) = self.facts.arguments_of(call).iter().position(|a| self.facts.as_name(a.value) == Some(blueprint))
                && let Some(inner) = self.classes.own_method(self.file, self.class.1, method)
            {
                let parameters = &self.facts.parameters[self.facts.definition(inner).parameters.range()];
                handed.extend(parameters.get(place).map(|parameter| (inner, parameter.name)));
            }
        }
        for (line, column) in columns {
            for change in column.changes {
                self.schema.change(table, self.file, line, change);
            }
        }
        for (inner, name) in handed {
            self.blueprint(inner, name, table, left);
        }
    }

    /// What a method of the blueprint says.
    fn column(&self, call: &Call, method: &str, does: Does, table: &str) -> Option<Column> {
        let named = |default: Option<&str>| match self.names(call, 0) {
            found if found.is_empty() && self.facts.arguments_of(call).is_empty() => default.map(str::to_owned).into_iter().collect(),
            found => found,
        };
        let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let mut model = None;
        let names = match does {
            Does::Column(default) | Does::Key(default) => named(default),
            Does::SecondNames => self.names(call, 1),
            Does::Columns(names) | Does::DropThese(names) => all(names),
            Does::ForModel | Does::DropForModel => {
                let (table, key, column) = self.of_model(call)?;
                model = Some((table, key));
                let given = self.names(call, 1);
                if given.is_empty() { vec![column] } else { given }
            }
            // The columns are a list, or arguments of their own.
            Does::Drop => (0..self.facts.arguments_of(call).len()).flat_map(|place| self.names(call, place)).collect(),
            Does::DropForeign => self.dropped_key(call, table),
            _ => named(None),
        };
        let kind = method.to_owned();
        let columns = names.clone();
        let changes = match does {
            Does::Column(_) | Does::Columns(_) | Does::SecondNames | Does::ForModel => vec![Change::Add { columns, kind, is_key: false }],
            Does::Key(_) => vec![Change::Add { columns, kind, is_key: true }],
            Does::Morphs => columns.into_iter().map(Change::Morphs).collect(),
            Does::Drop | Does::DropThese(_) | Does::DropForeignColumn => vec![Change::Drop(columns)],
            Does::DropForModel if method == "dropForeignIdFor" => vec![Change::DropKeys(columns)],
            Does::DropForModel => vec![Change::Drop(columns)],
            Does::DropMorphs => columns.iter().map(|name| Change::Drop(vec![format!("{name}_type"), format!("{name}_id")])).collect(),
            Does::DropForeign => vec![Change::DropKeys(columns)],
            Does::DropPrimary => vec![Change::DropPrimary],
            Does::Rename => {
                let to = self.names(call, 1);
                columns.into_iter().zip(to).map(|(from, to)| Change::RenameColumn(from, to)).collect()
            }
            Does::RenameTable => columns.into_iter().map(Change::Rename).collect(),
            Does::DropTable => vec![Change::DropTable],
            Does::Primary => vec![Change::Primary(columns)],
            Does::Foreign => vec![foreign(columns, call.span.line)],
        };
        Some(Column { changes, names, model })
    }

    /// The columns of the key that `dropForeign` names by its columns or by its own name.
    fn dropped_key(&self, call: &Call, table: &str) -> Vec<String> {
        let names = self.names(call, 0);
        let is_list = self.facts.argument(call, 0, "index").is_some_and(|value| matches!(self.facts.value(value).shape, Shape::List(_)));
        match &names[..] {
            [name] if !is_list => {
                let column = name.strip_suffix("_foreign").unwrap_or(name);
                vec![column.strip_prefix(&format!("{table}_")).unwrap_or(column).to_owned()]
            }
            _ => names,
        }
    }

    /// The table of the model an argument names, its key, and the column that points at it.
    fn of_model(&self, call: &Call) -> Option<(String, String, String)> {
        let argument = self.facts.argument(call, 0, "model")?;
        let Shape::Member(name, _) = self.facts.value(argument).shape else { return None };
        let Some(Ancestor::Ours(class)) = self.classes.named(self.file, name) else { return None };
        let model = self.models.get(class)?;
        Some((model.table.clone()?, model.key.clone(), model.foreign_key(self.classes.bare_name(class))))
    }

    /// A method further along a column's chain.
    fn further(&self, call: &Call, method: &str, column: &mut Column) {
        match method {
            "primary" | "autoIncrement" => {
                for change in &mut column.changes {
                    if let Change::Add { is_key, .. } = change {
                        *is_key = true;
                    }
                }
            }
            "constrained" => {
                let given = self.facts.argument(call, 0, "table").map_or_else(Vec::new, |value| self.names_of(value));
                let (table, key) = column.model.clone().map_or((None, "id".to_owned()), |(table, key)| (Some(table), key));
                let to_columns = self.facts.argument(call, 1, "column").map_or_else(|| vec![key], |value| self.names_of(value));
                for name in &column.names {
                    let to_table = given.first().or(table.as_ref()).cloned().unwrap_or_else(|| constrained(name));
                    let key =
                        Key { columns: vec![name.clone()], to_columns: to_columns.clone(), to_table: Some(to_table), line: call.span.line };
                    column.changes.push(Change::Foreign(key));
                }
            }
            "references" => {
                let to = self.names(call, 0);
                if !column.changes.iter().any(|change| matches!(change, Change::Foreign(_))) {
                    column.changes.push(foreign(column.names.clone(), call.span.line));
                }
                for change in &mut column.changes {
                    if let Change::Foreign(key) = change {
                        to.clone_into(&mut key.to_columns);
                    }
                }
            }
            "on" => {
                let to = self.names(call, 0);
                for change in &mut column.changes {
                    if let Change::Foreign(key) = change {
                        key.to_table = to.first().cloned();
                    }
                }
            }
            _ => {}
        }
    }
}

fn foreign(columns: Vec<String>, line: u32) -> Change {
    Change::Foreign(Key { columns, to_columns: Vec::new(), to_table: None, line })
}

/// The calls written inside a definition, in source order of their end.
fn calls_in(facts: &FileFacts, definition: DefinitionId) -> impl Iterator<Item = &Call> {
    let inside = facts.definition(definition).values;
    let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
    facts.calls[start..].iter().take_while(move |call| call.value.0 < inside.end)
}
