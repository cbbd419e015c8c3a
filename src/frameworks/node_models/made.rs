//! Models that calls and classes without decorators make: Sequelize, Bookshelf, Mongoose, Objection, Drizzle.

use super::literals::{behind, entries, entry, last, says, text};
use super::models::{NodeModel, Pointer, To};
use super::naming::{Defaults, Library, Naming};
use super::{decorated, described};
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, DefinitionKind, FileFacts, Shape, ValueId};
use crate::names::FactBase;

/// Models that calls and classes without decorators make.
pub(super) fn models(base: &FactBase, file: FileId, defaults: Defaults) -> Vec<NodeModel> {
    let facts = base.facts(file);
    let mut found = Vec::new();
    for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind == DefinitionKind::Class) {
        if let Some(table) = static_table(facts, id) {
            let local = facts.text(definition.name).to_owned();
            let mut model = NodeModel { class: Some(id), ..NodeModel::new(file, local, table, definition.span.line) };
            described::relation_mappings(facts, id, &mut model);
            found.push(model);
        }
    }
    for call in &facts.calls {
        let Some(method) = facts.last_name(call.callee) else { continue };
        let model = match method {
            "define" | "init" => sequelize(facts, file, call, method, defaults),
            "EntitySchema" => {
                let local = assigned(facts, call.value).unwrap_or_default();
                decorated::entity_schema(facts, file, call, local)
            }
            "extend" | "model" => extended(facts, file, call).or_else(|| mongoose(facts, file, call)),
            "pgTable" | "mysqlTable" | "sqliteTable" | "singlestoreTable" | "table" => drizzle(facts, file, call, method),
            _ => None,
        };
        found.extend(model.map(|model| NodeModel { made_by: Some(call.value), ..model }));
    }
    found
}

/// `static tableName = 'orders'` and `static get tableName() { return 'orders' }`
fn static_table(facts: &FileFacts, class: DefinitionId) -> Option<String> {
    let field = facts.bindings_in(Some(class)).find(|binding| facts.last_name(binding.target) == Some("tableName"));
    if let Some(table) = field.and_then(|binding| facts.as_literal(binding.value?)) {
        return Some(table.to_owned());
    }
    let (getter, _) = facts.inside(Some(class)).find(|(_, method)| facts.text(method.name) == "tableName")?;
    let (_, value) = facts.returned.iter().find(|(owner, _)| *owner == getter)?;
    facts.as_literal(*value).map(str::to_owned)
}

/// The variable or export that a value is assigned to.
pub(super) fn assigned(facts: &FileFacts, value: ValueId) -> Option<String> {
    let mut names = facts.bindings.iter().filter(|binding| binding.value == Some(value) && binding.binds != Binds::Loop);
    let named = names.clone().find(|binding| binding.binds == Binds::Assign && facts.last_name(binding.target) != Some("exports"));
    let binding = named.or_else(|| names.next())?;
    facts.last_name(binding.target).map(str::to_owned)
}

/// `sequelize.define('order', { columns }, { tableName })`, `Order.init({ columns }, { sequelize, tableName })`
fn sequelize(facts: &FileFacts, file: FileId, call: &Call, method: &str, defaults: Defaults) -> Option<NodeModel> {
    let arguments = facts.arguments_of(call);
    let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
    let (name, columns, options, class) = if method == "define" {
        let [name, columns, rest @ ..] = arguments else { return None };
        (facts.as_literal(name.value)?.to_owned(), columns.value, rest.first().map(|argument| argument.value), None)
    } else {
        let [columns, options] = arguments else { return None };
        entry(facts, options.value, "sequelize")?;
        let own = last(facts, object)?;
        let own = if own == "super" || own == "this" {
            facts.text(facts.definition(facts.class_around(facts.owner_of(call.value))?).name)
        } else {
            own
        };
        let class = facts.definitions().find(|(_, row)| row.kind.is_type() && facts.text(row.name) == own).map(|(id, _)| id);
        (own.to_owned(), columns.value, Some(options.value), class)
    };
    if !matches!(facts.value(columns).shape, Shape::Map(_)) {
        return None;
    }
    let option = |key: &str| options.and_then(|options| text(facts, options, key));
    let flag = |key: &str, constant: &str| options.is_some_and(|options| says(facts, options, key, constant));
    let underscored = flag("underscored", "true") || defaults.underscored && !flag("underscored", "false");
    let naming = Naming { library: Library::Sequelize, snake: underscored };
    let model_name = option("modelName").unwrap_or(&name).to_owned();
    let table = match option("tableName") {
        Some(table) => table.to_owned(),
        None if flag("freezeTableName", "true") || defaults.freeze_table_name => model_name.clone(),
        None => naming.table(&model_name),
    };
    let local = if method == "define" { assigned(facts, call.value).unwrap_or_else(|| name.clone()) } else { name.clone() };
    let names = vec![name, model_name.clone()];
    let mut model = NodeModel { class, names, naming, called: model_name, ..NodeModel::new(file, local, table, call.span.line) };
    described::columns(facts, columns, &mut model);
    if model.primary_key.is_empty() {
        model.add_column("id", None);
        model.primary_key.push("id".to_owned());
    }
    if !flag("timestamps", "false") && (!defaults.no_stamps || flag("timestamps", "true")) {
        let stamps = if underscored { ["created_at", "updated_at"] } else { ["createdAt", "updatedAt"] };
        stamps.iter().for_each(|name| model.add_column(name, None));
        if flag("paranoid", "true") {
            model.add_column(if underscored { "deleted_at" } else { "deletedAt" }, None);
        }
    }
    Some(model)
}

/// `Base.extend({ tableName: 'orders' })`, `bookshelf.model('Order', { tableName: 'orders' })`
fn extended(facts: &FileFacts, file: FileId, call: &Call) -> Option<NodeModel> {
    let arguments = facts.arguments_of(call);
    let body = arguments.iter().map(|argument| argument.value).find(|value| text(facts, *value, "tableName").is_some())?;
    let table = text(facts, body, "tableName")?.to_owned();
    let registered = arguments.first().and_then(|argument| facts.as_literal(argument.value)).map(str::to_owned);
    let local = assigned(facts, call.value).or_else(|| registered.clone())?;
    Some(NodeModel { names: registered.into_iter().collect(), ..NodeModel::new(file, local, table, call.span.line) })
}

/// `mongoose.model('Order', schema, 'collection')`
fn mongoose(facts: &FileFacts, file: FileId, call: &Call) -> Option<NodeModel> {
    if facts.last_name(call.callee) != Some("model") {
        return None;
    }
    let arguments = facts.arguments_of(call);
    let [name, schema, rest @ ..] = arguments else { return None };
    let name = facts.as_literal(name.value)?.to_owned();
    let schema = described::mongoose_schema(facts, schema.value, 0)?;
    let written = rest.first().and_then(|argument| facts.as_literal(argument.value)).map(str::to_owned);
    let options = facts.arguments_of(schema).get(1).map(|argument| argument.value);
    let configured = options.and_then(|options| text(facts, options, "collection")).map(str::to_owned);
    let table = written.or(configured).unwrap_or_else(|| described::plural(&name.to_lowercase()));
    let local = assigned(facts, call.value).filter(|local| local != "exports").unwrap_or_else(|| name.clone());
    let naming = Naming::of(Library::Mongoose);
    let mut model = NodeModel { names: vec![name], naming, ..NodeModel::new(file, local, table, call.span.line) };
    let body = facts.arguments_of(schema).first()?.value;
    for (key, value) in entries(facts, body) {
        model.add_column(key, None);
        let inner = match facts.value(value).shape {
            Shape::List(items) => facts.items(items).first().copied().unwrap_or(value),
            _ => value,
        };
        if let Some(to) = text(facts, inner, "ref") {
            let line = facts.value(value).line;
            model.pointers.push(Pointer { column: key.to_owned(), to: To::Name(to.to_owned()), to_column: Some("_id".to_owned()), line });
        }
    }
    if options.is_some_and(|options| entry(facts, options, "timestamps").is_some() && !says(facts, options, "timestamps", "false")) {
        model.add_column("createdAt", None);
        model.add_column("updatedAt", None);
    }
    model.add_column("_id", None);
    model.primary_key.push("_id".to_owned());
    Some(model)
}

/// `pgTable('orders', { id: serial('id').primaryKey() })`
fn drizzle(facts: &FileFacts, file: FileId, call: &Call, method: &str) -> Option<NodeModel> {
    let arguments = facts.arguments_of(call);
    let [name, columns, ..] = arguments else { return None };
    let table = facts.as_literal(name.value)?.to_owned();
    let body = behind(facts, columns.value);
    let rows = entries(facts, body);
    if rows.is_empty() || (method == "table" && !rows.iter().all(|(_, value)| facts.as_call(*value).is_some())) {
        return None;
    }
    let local = assigned(facts, call.value)?;
    let naming = Naming::of(Library::Drizzle);
    let mut model = NodeModel { naming, ..NodeModel::new(file, local, table, call.span.line) };
    for (key, value) in rows {
        let steps = described::chain(facts, value);
        let Some((root, _)) = steps.first() else { continue };
        let column = facts.arguments_of(root).first().and_then(|argument| facts.as_literal(argument.value)).unwrap_or(key).to_owned();
        model.add_column(&column, facts.last_name(root.callee).map(str::to_owned));
        for (step, name) in &steps {
            match *name {
                "primaryKey" => model.primary_key.push(column.clone()),
                "references" => {
                    let Some(target) = facts.arguments_of(step).first().map(|argument| behind(facts, argument.value)) else { continue };
                    let Shape::Member(other, to_column) = facts.value(target).shape else { continue };
                    let (Some(to), to_column) = (last(facts, other), facts.text(to_column)) else { continue };
                    let line = facts.value(value).line;
                    let pointer =
                        Pointer { column: column.clone(), to: To::Name(to.to_owned()), to_column: Some(to_column.to_owned()), line };
                    model.pointers.push(pointer);
                }
                _ => {}
            }
        }
    }
    Some(model)
}
