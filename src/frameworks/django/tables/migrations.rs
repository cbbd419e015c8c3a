//! Migrations as a second witness: where a model's table was made, and tables that no model maps any more.
//!
//! The operations of one application are replayed in the order of their dependencies. What SQL or Python of their own do
//! to the database is not followed, so a table is only claimed where no class in its application is called like it.

use super::Models;
use super::columns::{Other, key};
use super::fields::{FieldKind, is_true, kind_of};
use crate::base::{FileId, Tag};
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::django::ModelIndex;
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, Told};
use crate::names::App;
use std::collections::BTreeMap;

/// A model as migrations have left it.
struct Standing {
    file: FileId,
    line: u32,
    /// The table, where it is written.
    table: Option<String>,
    /// Fields in order: name, and the call that makes it with the file it stands in.
    fields: Vec<(String, FileId, ValueId)>,
    /// A proxy, or a table that Django does not make.
    is_other: bool,
}

/// Adds a declaration to every table whose making is found, and a table for every one that stands without a model.
pub(super) fn witness(models: &Models<'_>, index: &ModelIndex<'_>, out: &mut Vec<DeclaredTable>) {
    let base = models.classes.base;
    let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
    for file in base.ids().filter(|file| base.file(*file).tags.contains(Tag::Migration)) {
        folders.entry(base.file(file).source.path.parent()).or_default().push(file);
    }
    let moved = moved(models);
    for (folder, files) in folders {
        let usual = index.app_of(folder).filter(|app| folder.strip_prefix(&*app.folder).is_some_and(is_usual));
        let set = || moved.iter().find(|(_, path)| crate::base::is_within(folder, path) || folder.ends_with(&format!("/{path}")));
        let Some(app) = usual.or_else(|| index.app(&set()?.0)) else { continue };
        let mut standing = BTreeMap::new();
        for file in in_order(models, app, &files) {
            replay(base.facts(file), file, &mut standing);
        }
        for (name, model) in standing.iter().filter(|(_, model)| !model.is_other) {
            declare(models, app, name, model, out);
        }
    }
}

/// Migrations kept elsewhere may be another application's.
fn is_usual(rest: &str) -> bool {
    rest.trim_start_matches('/') == "migrations"
}

/// Folders that settings name: `MIGRATION_MODULES = {"shop": "shop.db_migrations"}`, by the label of the application.
fn moved(models: &Models<'_>) -> Vec<(String, String)> {
    let base = models.classes.base;
    let mut found = Vec::new();
    for file in base.files.iter().filter(|file| !file.left_out && file.facts.texts.find("MIGRATION_MODULES").is_some()) {
        let facts = &file.facts;
        for binding in &facts.bindings {
            let is_it = facts.as_name(binding.target).is_some_and(|name| facts.text(name) == "MIGRATION_MODULES");
            let Some(Shape::Map(entries)) = binding.value.filter(|_| is_it).map(|value| facts.value(value).shape) else { continue };
            for entry in &facts.entries[entries.range()] {
                if let (Some(label), Some(path)) = (entry.key.and_then(|key| facts.as_literal(key)), facts.as_literal(entry.value)) {
                    found.push((label.to_owned(), path.replace('.', "/")));
                }
            }
        }
    }
    found
}

/// Files by their dependencies on each other, those that wait for nothing in the order of their names. A squashed
/// migration is left out where all that it replaces is there.
fn in_order(models: &Models<'_>, app: &App, files: &[FileId]) -> Vec<FileId> {
    let base = models.classes.base;
    let stem = |file: FileId| {
        let path = base.path(file);
        path.rsplit('/').next().unwrap_or(path).trim_end_matches(".py")
    };
    let names: Vec<&str> = files.iter().map(|file| stem(*file)).collect();
    let mut waiting: Vec<(FileId, Vec<&str>)> = Vec::new();
    for file in files {
        let facts = base.facts(*file);
        let replaced = named(facts, "replaces", &app.label);
        if replaced.is_empty() || !replaced.iter().all(|name| names.contains(name)) {
            let mut before = named(facts, "dependencies", &app.label);
            before.retain(|name| names.contains(name) && *name != stem(*file));
            waiting.push((*file, before));
        }
    }
    let mut done: Vec<FileId> = Vec::new();
    while !waiting.is_empty() {
        let open: Vec<&str> = waiting.iter().map(|(file, _)| stem(*file)).collect();
        let next = waiting.iter().position(|(_, before)| !before.iter().any(|name| open.contains(name)));
        // Those that wait for each other are taken by name.
        done.push(waiting.remove(next.unwrap_or(0)).0);
    }
    done
}

/// The migrations of the same application in a list of `("label", "name")`.
fn named<'a>(facts: &'a FileFacts, list: &str, label: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for binding in &facts.bindings {
        let is_it = facts.as_name(binding.target).is_some_and(|name| facts.text(name) == list) && binding.owner.is_some();
        let Some(Shape::List(pairs)) = binding.value.filter(|_| is_it).map(|value| facts.value(value).shape) else { continue };
        for pair in facts.items(pairs) {
            if let Shape::List(parts) = facts.value(*pair).shape
                && let [app, name] = facts.items(parts)
                && let (Some(app), Some(name)) = (facts.as_literal(*app), facts.as_literal(*name))
                && app.eq_ignore_ascii_case(label)
            {
                found.push(name);
            }
        }
    }
    found
}

/// Applies the operations of one file, those inside other operations included.
fn replay(facts: &FileFacts, file: FileId, standing: &mut BTreeMap<String, Standing>) {
    let migration = facts.definitions().find(|(_, class)| class.kind.is_type() && facts.text(class.name) == "Migration");
    let Some((_, migration)) = migration else { return };
    for call in facts.calls.iter().filter(|call| migration.values.contains(call.value.0)) {
        let Some(operation) = facts.last_name(call.callee) else { continue };
        let text = |position, keyword| facts.argument(call, position, keyword).and_then(|value| facts.as_literal(value));
        let Some(first) = text(0, if operation.ends_with("Field") { "model_name" } else { "name" }).or_else(|| text(0, "old_name")) else {
            continue;
        };
        let model = first.to_lowercase();
        match operation {
            "CreateModel" => {
                standing.insert(model, created(facts, file, call));
            }
            "DeleteModel" => {
                standing.remove(&model);
            }
            "RenameModel" => {
                if let (Some(moved), Some(new)) = (standing.remove(&model), text(1, "new_name")) {
                    standing.insert(new.to_lowercase(), moved);
                }
            }
            _ => {
                if let Some(model) = standing.get_mut(&model) {
                    change(facts, file, call, operation, model);
                }
            }
        }
    }
}

fn created(facts: &FileFacts, file: FileId, call: &Call) -> Standing {
    let mut model = Standing { file, line: call.span.line, table: None, fields: Vec::new(), is_other: false };
    if let Some(Shape::List(fields)) = facts.argument(call, 1, "fields").map(|value| facts.value(value).shape) {
        for pair in facts.items(fields) {
            if let Shape::List(parts) = facts.value(*pair).shape
                && let [name, field] = facts.items(parts)
                && let Some(name) = facts.as_literal(*name)
            {
                model.fields.push((name.to_owned(), file, *field));
            }
        }
    }
    if let Some(Shape::Map(options)) = facts.argument(call, 2, "options").map(|value| facts.value(value).shape) {
        for entry in &facts.entries[options.range()] {
            match entry.key.and_then(|key| facts.as_literal(key)) {
                Some("db_table") => model.table = facts.as_literal(entry.value).map(str::to_owned),
                Some("proxy") => model.is_other |= is_true(facts, entry.value),
                Some("managed") => model.is_other |= !is_true(facts, entry.value),
                _ => {}
            }
        }
    }
    model
}

fn change(facts: &FileFacts, file: FileId, call: &Call, operation: &str, model: &mut Standing) {
    let text = |position, keyword| facts.argument(call, position, keyword).and_then(|value| facts.as_literal(value));
    match operation {
        "AlterModelTable" => model.table = text(1, "table").map(str::to_owned),
        "AddField" | "AlterField" => {
            let (Some(name), Some(field)) = (text(1, "name"), facts.argument(call, 2, "field")) else { return };
            match model.fields.iter_mut().find(|(known, ..)| known == name) {
                Some(known) => *known = (name.to_owned(), file, field),
                None => model.fields.push((name.to_owned(), file, field)),
            }
        }
        "RemoveField" => model.fields.retain(|(known, ..)| Some(known.as_str()) != text(1, "name")),
        "RenameField" => {
            let (Some(old), Some(new)) = (text(1, "old_name"), text(2, "new_name")) else { return };
            model.fields.iter_mut().filter(|(known, ..)| known == old).for_each(|(known, ..)| new.clone_into(known));
        }
        _ => {}
    }
}

fn declare(models: &Models<'_>, app: &App, name: &str, model: &Standing, out: &mut Vec<DeclaredTable>) {
    let key = (app.label.to_lowercase(), name.to_owned());
    let mapped = models.by_label.get(&key).and_then(|class| models.rows[class].table.clone());
    let table = mapped.or_else(|| model.table.clone()).unwrap_or_else(|| format!("{}_{name}", app.label));
    let declared = Declaration { file: model.file, line: model.line, by: DeclaredBy::Migration };
    if let Some(known) = out.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&table)) {
        known.declared.push(declared);
    } else if !has_class(models, app, name) {
        out.push(stands_alone(models, table, model, declared));
    }
}

/// True when the application has a class of this name: one that could not be read as a model may be one all the same.
fn has_class(models: &Models<'_>, app: &App, name: &str) -> bool {
    let base = models.classes.base;
    let inside = base.ids().filter(|file| crate::base::is_within(base.path(*file), &app.folder));
    inside.into_iter().any(|file| {
        let facts = base.facts(file);
        facts.definitions().any(|(_, class)| class.kind.is_type() && facts.text(class.name).eq_ignore_ascii_case(name))
    })
}

fn stands_alone(models: &Models<'_>, name: String, model: &Standing, declared: Declaration) -> DeclaredTable {
    let mut table = DeclaredTable {
        name,
        schema: None,
        model: None,
        declared: vec![declared],
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        polymorphic: Vec::new(),
        told: Told::default(),
    };
    for (field, file, value) in &model.fields {
        let facts = models.classes.base.facts(*file);
        let Some(call) = facts.as_call(*value) else { continue };
        let class = facts.last_name(call.callee).unwrap_or("");
        let of = |keyword: &str| facts.argument(call, usize::MAX, keyword);
        let (name, is_key) = match kind_of(class) {
            Some(FieldKind::ForeignKey(_)) => (format!("{field}_id"), true),
            Some(FieldKind::Column) => (field.clone(), false),
            _ => continue,
        };
        let name = of("db_column").and_then(|value| facts.as_literal(value)).map_or(name, str::to_owned);
        if of("primary_key").is_some_and(|value| is_true(facts, value)) {
            table.primary_key.push(name.clone());
        }
        table.columns.push(Column { name: name.clone(), type_name: Some(class.to_owned()) });
        if let Some(other) = facts.argument(call, 0, "to").filter(|_| is_key).and_then(|to| pointed_at(models, facts, to)) {
            table.foreign_keys.push(key(models, name, &other, None, (*file, facts.value(*value).line)));
        }
    }
    table
}

/// `"app.model"` or a setting.
fn pointed_at(models: &Models<'_>, facts: &FileFacts, value: ValueId) -> Option<Other> {
    let any = *models.rows.keys().next()?;
    match facts.value(value).shape {
        Shape::Literal(text) => facts.text(text).contains('.').then(|| models.named_model(any, facts.text(text))).flatten(),
        Shape::Member(_, setting) => models.setting(any, facts.text(setting)),
        _ => None,
    }
}
