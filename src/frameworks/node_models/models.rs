//! Models: what stands for a table or collection, however it is made, and which one an expression means.

use super::literals::{behind, entries, entry, last, says, text};
use super::{decorated, described};
use crate::base::{Certainty, FileId};
use crate::facts::{Binds, Call, DefinitionId, DefinitionKind, FileFacts, Shape, ValueId};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, MappedBy};
use crate::names::{Export, FactBase, Names};
use rustc_hash::FxHashMap;

/// A column that holds the key of another model's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pointer {
    pub(super) column: String,
    /// The other model's or table's name.
    pub(super) to: String,
    pub(super) to_column: Option<String>,
    pub(super) line: u32,
}

/// One model.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct NodeModel {
    pub(super) file: FileId,
    /// The class, where it is one.
    pub(super) class: Option<DefinitionId>,
    /// The name in its file.
    pub(super) local: String,
    /// Every name that other code has for it.
    pub(super) names: Vec<String>,
    pub(super) table: String,
    pub(super) line: u32,
    pub(super) columns: Vec<Column>,
    pub(super) primary_key: Vec<String>,
    pub(super) pointers: Vec<Pointer>,
    /// It stands for the rows of another model, which declares the table.
    pub(super) is_alias: bool,
    /// The call that makes it.
    pub(super) made_by: Option<ValueId>,
}

impl NodeModel {
    pub(super) fn new(file: FileId, local: String, table: String, line: u32) -> Self {
        let (names, columns, primary_key, pointers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { file, class: None, local, names, table, line, columns, primary_key, pointers, is_alias: false, made_by: None }
    }

    pub(super) fn add_column(&mut self, name: &str, type_name: Option<String>) {
        if !name.is_empty() && !self.columns.iter().any(|column| column.name == name) {
            self.columns.push(Column { name: name.to_owned(), type_name });
        }
    }
}

/// Every model of the tree.
pub(super) struct Models<'a> {
    base: &'a FactBase,
    names: &'a Names,
    rows: Vec<NodeModel>,
    by_local: FxHashMap<(FileId, String), usize>,
    by_file: FxHashMap<FileId, Vec<usize>>,
    by_name: FxHashMap<String, Vec<usize>>,
    by_class: FxHashMap<(FileId, DefinitionId), usize>,
}

/// How far expressions are followed.
const DEEPEST: u32 = 8;

/// Objects that hold all models, by the last part of their name.
const HOLDERS: [&str; 8] = ["models", "model", "db", "database", "orm", "Models", "entities", "schema"];

impl<'a> Models<'a> {
    pub(super) fn read(base: &'a FactBase, names: &'a Names, files: &[FileId]) -> Self {
        let mut rows = Vec::new();
        for file in files {
            rows.extend(decorated::classes(base, names, *file));
            rows.extend(made(base, *file));
        }
        let models = Self {
            base,
            names,
            rows,
            by_local: FxHashMap::default(),
            by_file: FxHashMap::default(),
            by_name: FxHashMap::default(),
            by_class: FxHashMap::default(),
        };
        models.registered(files)
    }

    /// Gives models all their names, and those that extend others their tables.
    fn registered(mut self, files: &[FileId]) -> Self {
        self.register(files);
        self.index();
        let more: Vec<NodeModel> = files.iter().flat_map(|file| self.extending(*file)).collect();
        if !more.is_empty() {
            self.rows.extend(more);
            self.register(files);
            self.index();
        }
        self
    }

    /// `Author = User.extend({ ... })` without a table of its own: the rows are the other model's.
    fn extending(&self, file: FileId) -> Vec<NodeModel> {
        let facts = self.base.facts(file);
        let calls = facts.calls.iter().filter(|call| facts.last_name(call.callee) == Some("extend"));
        let made = calls.filter_map(|call| {
            let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
            let body = facts.arguments_of(call).first()?.value;
            if !matches!(facts.value(body).shape, Shape::Map(_)) || entry(facts, body, "tableName").is_some() {
                return None;
            }
            let (parent, _) = self.meant(file, facts.owner_of(call.value), object)?;
            let local = assigned(facts, call.value)?;
            Some(NodeModel { is_alias: true, ..NodeModel::new(file, local, self.rows[parent].table.clone(), call.span.line) })
        });
        made.collect()
    }

    fn index(&mut self) {
        let (mut by_local, mut by_file) = (FxHashMap::default(), FxHashMap::<FileId, Vec<usize>>::default());
        let (mut by_name, mut by_class) = (FxHashMap::<String, Vec<usize>>::default(), FxHashMap::default());
        for (index, model) in self.rows.iter().enumerate() {
            by_local.entry((model.file, model.local.clone())).or_insert(index);
            by_file.entry(model.file).or_default().push(index);
            if let Some(class) = model.class {
                by_class.entry((model.file, class)).or_insert(index);
            }
            let mut all: Vec<&String> = model.names.iter().chain([&model.local]).collect();
            all.sort();
            all.dedup();
            for name in all {
                by_name.entry(name.clone()).or_default().push(index);
            }
        }
        (self.by_local, self.by_file, self.by_name, self.by_class) = (by_local, by_file, by_name, by_class);
    }

    /// `bookshelf.model('Label', Label)` gives a model another name; so does the name of its file.
    fn register(&mut self, files: &[FileId]) {
        for file in files {
            let facts = self.base.facts(*file);
            for call in facts.calls.iter().filter(|call| facts.last_name(call.callee) == Some("model")) {
                let arguments = facts.arguments_of(call);
                let [name, model, ..] = arguments else { continue };
                let (Some(name), Some(local)) = (facts.as_literal(name.value), last(facts, model.value)) else { continue };
                for row in self.rows.iter_mut().filter(|row| row.file == *file && row.local == local) {
                    row.names.push(name.to_owned());
                }
            }
        }
        for row in &mut self.rows {
            let stem = self.base.file(row.file).source.path.stem();
            if stem != "index" {
                row.names.push(stem.to_owned());
            }
        }
    }

    /// What the models say about tables.
    pub(super) fn tables(&self) -> Vec<DeclaredTable> {
        self.rows.iter().filter(|model| !model.table.is_empty() && !model.is_alias).map(|model| self.table(model)).collect()
    }

    fn table(&self, model: &NodeModel) -> DeclaredTable {
        let mapped = match model.class {
            Some(class) => MappedBy::Class(class),
            None => MappedBy::Variable(model.local.clone()),
        };
        let foreign_keys = model.pointers.iter().map(|pointer| {
            let other = self.by_name.get(&pointer.to).map(|found| &self.rows[found[0]]);
            let key = other.and_then(|other| other.primary_key.first().cloned());
            ForeignKey {
                columns: vec![pointer.column.clone()],
                to_table: other.map_or_else(|| pointer.to.clone(), |other| other.table.clone()),
                to_columns: pointer.to_column.clone().or(key).into_iter().collect(),
                basis: KeyBasis::Orm,
                certainty: Certainty(98),
                evidence: vec![(model.file, pointer.line, "relation")],
            }
        });
        DeclaredTable {
            name: model.table.clone(),
            schema: None,
            model: Some((model.file, mapped)),
            declared: vec![Declaration { file: model.file, line: model.line, by: DeclaredBy::Orm }],
            columns: model.columns.clone(),
            primary_key: model.primary_key.clone(),
            foreign_keys: foreign_keys.collect(),
            polymorphic: Vec::new(),
        }
    }

    /// The table of a model.
    pub(super) fn table_of(&self, model: usize) -> &str {
        &self.rows[model].table
    }

    /// The model an expression means, and how sure that is.
    pub(super) fn meant(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<(usize, Certainty)> {
        self.meant_within(file, owner, value, 0)
    }

    fn meant_within(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, depth: u32) -> Option<(usize, Certainty)> {
        if depth > DEEPEST {
            return None;
        }
        let facts = self.base.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) if facts.text(name) == "this" => {
                let class = facts.class_around(owner)?;
                Some((*self.by_class.get(&(file, class))?, Certainty(90)))
            }
            Shape::Name(name) => self.named(file, owner, value, facts.text(name)),
            Shape::Member(object, name) => {
                let name = facts.text(name);
                self.imported(file, owner, value).map(|model| (model, Certainty::LITERAL)).or_else(|| self.held(facts, object, name))
            }
            Shape::Call(_) => self.called(file, owner, facts.as_call(value)?, depth),
            Shape::Choice(parts) => facts.items(parts).iter().find_map(|part| self.meant_within(file, owner, *part, depth + 1)),
            _ => None,
        }
    }

    fn named(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, name: &str) -> Option<(usize, Certainty)> {
        if let Some(found) = self.imported(file, owner, value) {
            return Some((found, Certainty::LITERAL));
        }
        if let Some(found) = self.by_local.get(&(file, name.to_owned())) {
            return Some((*found, Certainty::LITERAL));
        }
        // A parameter or variable that has the name of a model and is written like one.
        let first = name.chars().next()?;
        if !first.is_uppercase() || self.names.export(self.base, file, name).is_some_and(|export| matches!(export, Export::Import(_))) {
            return None;
        }
        Some((self.only(name)?, Certainty(70)))
    }

    /// The model behind an import.
    fn imported(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<usize> {
        let facts = self.base.facts(file);
        let pointed = self.names.pointed(self.base, file, owner, value)?;
        let symbol = pointed.symbol.map_or("default", |symbol| facts.text(symbol));
        self.exported(pointed.file, symbol)
    }

    /// The model that a file exports under a name.
    fn exported(&self, file: FileId, symbol: &str) -> Option<usize> {
        let home = self.names.home(self.base, file, symbol);
        let (place, export) = home.map_or((file, None), |home| (home.file, home.export));
        let facts = self.base.facts(place);
        let local = match export {
            Some(Export::Definition(id)) => Some(facts.text(facts.definition(id).name)),
            Some(Export::Variable(Some(value))) => facts.as_name(value).map(|name| facts.text(name)),
            _ => None,
        };
        if let Some(Export::Variable(Some(value))) = export
            && let Some(made) = self.by_file.get(&place).into_iter().flatten().find(|row| self.rows[**row].made_by == Some(value))
        {
            return Some(*made);
        }
        let known = |name: &str| self.by_local.get(&(place, name.to_owned())).copied();
        local.and_then(known).or_else(|| known(symbol)).or_else(|| match self.by_file.get(&place).map(Vec::as_slice) {
            // A file with one model that exports one thing.
            Some([only]) if symbol == "default" => Some(*only),
            _ => None,
        })
    }

    /// `models.User`, `this.db.User`, `this.User`
    fn held(&self, facts: &FileFacts, object: ValueId, name: &str) -> Option<(usize, Certainty)> {
        let bare = name.trim_start_matches('_');
        let holder = facts.last_name(object).unwrap_or("").trim_start_matches('_');
        let is_holder = HOLDERS.contains(&holder) || holder.ends_with("Models") || holder.ends_with("models");
        let written_like_one = bare.starts_with(char::is_uppercase);
        let may_hold = matches!(holder, "this" | "deps" | "options" | "app" | "sequelize" | "mongoose");
        if !(is_holder || written_like_one && may_hold) {
            return None;
        }
        let bare = bare.strip_suffix("Model").filter(|bare| !bare.is_empty() && self.only(name).is_none()).unwrap_or(bare);
        Some((self.only(bare)?, Certainty(80)))
    }

    /// The only model of a name.
    fn only(&self, name: &str) -> Option<usize> {
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            // Several rows for one table are one model.
            Some(several @ [first, ..]) if several.iter().all(|row| self.rows[*row].table == self.rows[*first].table) => Some(*first),
            _ => None,
        }
    }

    /// Calls that hand back a model: `getRepository(User)`, `mongoose.model('User')`, `User.scope('x')`, `new User()`.
    fn called(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, depth: u32) -> Option<(usize, Certainty)> {
        let facts = self.base.facts(file);
        let arguments = facts.arguments_of(call);
        match facts.last_name(call.callee)? {
            "getRepository" | "getTreeRepository" | "getMongoRepository" | "getCustomRepository" => {
                self.meant_within(file, owner, arguments.first()?.value, depth + 1)
            }
            "model" => {
                let first = arguments.first()?.value;
                let by_name = facts.as_literal(first).and_then(|name| Some((self.only(name)?, Certainty::LITERAL)));
                by_name.or_else(|| self.meant_within(file, owner, first, depth + 1))
            }
            "scope" | "unscoped" | "schema" | "bindKnex" | "bindTransaction" | "withScope" | "session" | "forge" | "where"
            | "withDeleted" | "filter" | "orderBy" | "build" => {
                let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
                self.meant_within(file, owner, object, depth + 1)
            }
            // `Order.withUserScope(id)` is still the model.
            name if name.contains("Scope") || name.starts_with("scope") => {
                let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
                self.meant_within(file, owner, object, depth + 1)
            }
            "require" => None,
            _ => self.meant_within(file, owner, call.callee, depth + 1).filter(|_| facts.as_name(call.callee).is_some()),
        }
    }
}

/// Models that calls and classes without decorators make.
fn made(base: &FactBase, file: FileId) -> Vec<NodeModel> {
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
            "define" | "init" => sequelize(facts, file, call, method),
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
fn assigned(facts: &FileFacts, value: ValueId) -> Option<String> {
    let mut names = facts.bindings.iter().filter(|binding| binding.value == Some(value) && binding.binds != Binds::Loop);
    let named = names.clone().find(|binding| binding.binds == Binds::Assign && facts.last_name(binding.target) != Some("exports"));
    let binding = named.or_else(|| names.next())?;
    facts.last_name(binding.target).map(str::to_owned)
}

/// `sequelize.define('order', { columns }, { tableName })`, `Order.init({ columns }, { sequelize, tableName })`
fn sequelize(facts: &FileFacts, file: FileId, call: &Call, method: &str) -> Option<NodeModel> {
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
    let underscored = flag("underscored", "true");
    let model_name = option("modelName").unwrap_or(&name).to_owned();
    let table = match option("tableName") {
        Some(table) => table.to_owned(),
        None if flag("freezeTableName", "true") => model_name.clone(),
        None => described::plural(&if underscored { described::snake(&model_name) } else { model_name.clone() }),
    };
    let local = if method == "define" { assigned(facts, call.value).unwrap_or_else(|| name.clone()) } else { name.clone() };
    let names = vec![name, model_name];
    let mut model = NodeModel { class, names, ..NodeModel::new(file, local, table, call.span.line) };
    described::columns(facts, columns, underscored, &mut model);
    if model.primary_key.is_empty() {
        model.add_column("id", None);
        model.primary_key.push("id".to_owned());
    }
    if !flag("timestamps", "false") {
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
    let mut model = NodeModel { names: vec![name], ..NodeModel::new(file, local, table, call.span.line) };
    let body = facts.arguments_of(schema).first()?.value;
    for (key, value) in entries(facts, body) {
        model.add_column(key, None);
        let inner = match facts.value(value).shape {
            Shape::List(items) => facts.items(items).first().copied().unwrap_or(value),
            _ => value,
        };
        if let Some(to) = text(facts, inner, "ref") {
            let line = facts.value(value).line;
            model.pointers.push(Pointer { column: key.to_owned(), to: to.to_owned(), to_column: Some("_id".to_owned()), line });
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
    let mut model = NodeModel::new(file, local, table, call.span.line);
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
                    let pointer = Pointer { column: column.clone(), to: to.to_owned(), to_column: Some(to_column.to_owned()), line };
                    model.pointers.push(pointer);
                }
                _ => {}
            }
        }
    }
    Some(model)
}
