//! Classes whose decorators map them: TypeORM's `@Entity`, the `@Table` of sequelize-typescript.

use super::described::{plural, snake};
use super::literals::{behind, entry, last, says, text};
use super::models::{NodeModel, Pointer};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, DefinitionKind, FileFacts, ValueId};
use crate::names::{FactBase, Names};
use rustc_hash::FxHashMap;

/// Decorators that make a field a column.
const COLUMNS: [&str; 16] = [
    "Column",
    "CreateDateColumn",
    "CreatedAt",
    "DeleteDateColumn",
    "DeletedAt",
    "ForeignKey",
    "ObjectIdColumn",
    "PrimaryColumn",
    "PrimaryGeneratedColumn",
    "PrimaryKey",
    "Property",
    "TreeLevelColumn",
    "UpdateDateColumn",
    "UpdatedAt",
    "VersionColumn",
    "ViewColumn",
];

/// Decorators of relations whose key this side holds.
const POINTING: [&str; 2] = ["ManyToOne", "OneToOne"];

/// How far base classes are followed.
const DEEPEST: u32 = 6;

/// Every mapped class of a file.
pub(super) fn classes(base: &FactBase, names: &Names, file: FileId) -> Vec<NodeModel> {
    let facts = base.facts(file);
    let mut found = Vec::new();
    for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind == DefinitionKind::Class) {
        let mapped = facts.items(definition.decorators).iter().find_map(|decorator| {
            let (name, call) = decorator_of(facts, *decorator)?;
            matches!(name, "Table" | "Entity" | "ChildEntity").then_some((name, call))
        });
        let Some((decorator, call)) = mapped else { continue };
        let class_name = facts.text(definition.name).to_owned();
        let first = call.and_then(|call| facts.arguments_of(call).first()).map(|argument| argument.value);
        let options = || call.map(|call| facts.arguments_of(call)).into_iter().flatten().map(|argument| argument.value);
        let written = first
            .and_then(|first| facts.as_literal(first))
            .or_else(|| options().find_map(|options| text(facts, options, "tableName").or_else(|| text(facts, options, "name"))));
        let table = match written {
            Some(table) => table.to_owned(),
            None if decorator == "Table" => plural(&class_name),
            None => snake(&class_name),
        };
        let mut model = NodeModel { class: Some(id), ..NodeModel::new(file, class_name, table, definition.first_line) };
        model.names.extend(options().find_map(|options| text(facts, options, "modelName")).map(str::to_owned));
        let underscored = options().any(|options| says(facts, options, "underscored", "true"));
        fields(base, names, file, id, underscored, &mut model, 0);
        found.push(model);
    }
    found
}

/// The name of a decorator, and the call where it is one.
fn decorator_of(facts: &FileFacts, value: ValueId) -> Option<(&str, Option<&Call>)> {
    match facts.as_call(value) {
        Some(call) => Some((facts.last_name(call.callee)?, Some(call))),
        None => Some((facts.last_name(value)?, None)),
    }
}

/// Columns and relations of a class and of the classes it inherits from.
fn fields(base: &FactBase, names: &Names, file: FileId, class: DefinitionId, underscored: bool, model: &mut NodeModel, depth: u32) {
    let facts = base.facts(file);
    let bindings: FxHashMap<ValueId, usize> =
        facts.bindings.iter().enumerate().filter(|(_, row)| row.owner == Some(class)).map(|(index, row)| (row.target, index)).collect();
    for (target, decorators) in &facts.decorated {
        let Some(binding) = bindings.get(target).map(|index| &facts.bindings[*index]) else { continue };
        let Some(name) = facts.last_name(*target) else { continue };
        let decorators: Vec<(&str, Option<&Call>)> =
            facts.items(*decorators).iter().filter_map(|decorator| decorator_of(facts, *decorator)).collect();
        let annotation = binding.annotation.and_then(|kind| last(facts, kind)).map(str::to_owned);
        field(facts, name, binding.line, &decorators, annotation, underscored, model);
    }
    if depth == DEEPEST {
        return;
    }
    let definition = facts.definition(class);
    for parent in facts.items(definition.bases) {
        if let Some((home, id)) = names.definition_of(base, file, definition.owner, *parent)
            && (home, id) != (file, class)
        {
            fields(base, names, home, id, underscored, model, depth + 1);
        }
    }
}

fn field(
    facts: &FileFacts,
    name: &str,
    line: u32,
    decorators: &[(&str, Option<&Call>)],
    annotation: Option<String>,
    underscored: bool,
    model: &mut NodeModel,
) {
    let option = |wanted: &[&str], key: &str| {
        let calls = decorators.iter().filter(|(decorator, _)| wanted.contains(decorator)).filter_map(|(_, call)| *call);
        calls.flat_map(|call| facts.arguments_of(call)).find_map(|argument| text(facts, argument.value, key)).map(str::to_owned)
    };
    let target = |decorator: &str| {
        let call = decorators.iter().find(|(name, _)| *name == decorator)?.1?;
        last(facts, behind(facts, facts.arguments_of(call).first()?.value)).map(str::to_owned)
    };
    let has = |wanted: &[&str]| decorators.iter().any(|(name, _)| wanted.contains(name));
    let is_virtual = decorators.iter().filter_map(|(_, call)| *call).any(|call| {
        facts.arguments_of(call).iter().any(|argument| {
            let kind = entry(facts, argument.value, "type").unwrap_or(argument.value);
            let kind = facts.as_call(kind).map_or(kind, |call| call.callee);
            last(facts, kind) == Some("VIRTUAL")
        })
    });
    if has(&COLUMNS) && !is_virtual {
        let default = if underscored { snake(name) } else { name.to_owned() };
        let column = option(&COLUMNS, "field").or_else(|| option(&COLUMNS, "name")).unwrap_or(default);
        model.add_column(&column, annotation);
        let primary = decorators.iter().filter_map(|(_, call)| *call).flat_map(|call| facts.arguments_of(call));
        let primary =
            primary.into_iter().any(|argument| ["primaryKey", "primary"].iter().any(|key| says(facts, argument.value, key, "true")));
        if primary || has(&["PrimaryKey", "PrimaryColumn", "PrimaryGeneratedColumn", "ObjectIdColumn"]) {
            model.primary_key.push(column.clone());
        }
        if let Some(to) = target("ForeignKey") {
            model.pointers.push(Pointer { column, to, to_column: None, line });
        }
        return;
    }
    let Some(to) = POINTING.iter().find_map(|decorator| target(decorator)) else { return };
    // A relation of one to one is held by the side that joins.
    if !has(&["ManyToOne"]) && !has(&["JoinColumn"]) {
        return;
    }
    let column = option(&["JoinColumn"], "name").unwrap_or_else(|| format!("{name}Id"));
    let to_column = option(&["JoinColumn"], "referencedColumnName");
    model.add_column(&column, None);
    model.pointers.push(Pointer { column, to, to_column, line });
}
