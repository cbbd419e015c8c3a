//! Models: what stands for a table or collection, however it is made, and which one an expression means.

use super::decorated::Decorated;
use super::literals::{entry, last};
use super::made::assigned;
use super::meaning::Variables;
use super::naming::{Defaults, Library, Naming};
use super::relations::{self, Relation, Resolved};
use super::repositories::Repositories;
use super::{described, made, waterline};
use crate::base::{Certainty, FileId};
use crate::facts::{DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, MappedBy, Told};
use crate::names::{FactBase, Names};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// A column that holds the key of another model's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pointer {
    pub(super) column: String,
    pub(super) to: To,
    pub(super) to_column: Option<String>,
    pub(super) line: u32,
}

/// What a key points at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum To {
    /// Another model or table, by name.
    Name(String),
    /// The model with this number.
    Row(usize),
}

/// A table that a relation of many to many puts between two others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Between {
    pub(super) table: String,
    pub(super) line: u32,
    /// Its columns that point at the others.
    pub(super) pointers: Vec<Pointer>,
    /// Its other columns.
    pub(super) more: Vec<String>,
}

/// One model.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct NodeModel {
    pub(super) file: FileId,
    /// The class, where it is one.
    pub(super) class: Option<DefinitionId>,
    /// The name in its file.
    pub(super) local: String,
    /// The name that the library has for it.
    pub(super) called: String,
    /// Every name that other code has for it.
    pub(super) names: Vec<String>,
    pub(super) table: String,
    pub(super) line: u32,
    pub(super) columns: Vec<Column>,
    pub(super) primary_key: Vec<String>,
    pub(super) pointers: Vec<Pointer>,
    pub(super) naming: Naming,
    /// Properties whose column is called otherwise.
    pub(super) renamed: Vec<(String, String)>,
    /// Relations that are not columns yet: how those are called depends on the other side.
    pub(super) relations: Vec<Relation>,
    pub(super) between: Vec<Between>,
    /// Pairs of columns that point at rows of any table: the one that names it and the one with the key.
    pub(super) polymorphic: Vec<(String, String)>,
    /// It stands for the rows of another model, which declares the table.
    pub(super) is_alias: bool,
    /// It adds columns to the table of the class it inherits from.
    pub(super) extends_table: bool,
    /// The call that makes it.
    pub(super) made_by: Option<ValueId>,
}

impl NodeModel {
    pub(super) fn new(file: FileId, local: String, table: String, line: u32) -> Self {
        Self {
            file,
            class: None,
            called: local.clone(),
            local,
            names: Vec::new(),
            table,
            line,
            columns: Vec::new(),
            primary_key: Vec::new(),
            pointers: Vec::new(),
            naming: Naming::of(Library::Other),
            renamed: Vec::new(),
            relations: Vec::new(),
            between: Vec::new(),
            polymorphic: Vec::new(),
            is_alias: false,
            extends_table: false,
            made_by: None,
        }
    }

    /// A property and its column.
    pub(super) fn add_property(&mut self, property: &str, column: &str, type_name: Option<String>) {
        if property != column {
            self.renamed.push((property.to_owned(), column.to_owned()));
        }
        self.add_column(column, type_name);
    }

    /// The column of a property.
    pub(super) fn column_of(&self, property: &str) -> String {
        self.renamed.iter().find(|(name, _)| name == property).map_or_else(|| self.naming.column(property), |(_, column)| column.clone())
    }

    pub(super) fn add_column(&mut self, name: &str, type_name: Option<String>) {
        if !name.is_empty() && !self.columns.iter().any(|column| column.name == name) {
            self.columns.push(Column { name: name.to_owned(), type_name });
        }
    }
}

/// Every model of the tree.
pub(super) struct Models<'a> {
    pub(super) base: &'a FactBase,
    pub(super) names: &'a Names,
    pub(super) rows: Vec<NodeModel>,
    pub(super) by_local: FxHashMap<(FileId, String), usize>,
    pub(super) by_file: FxHashMap<FileId, Vec<usize>>,
    pub(super) by_name: FxHashMap<String, Vec<usize>>,
    pub(super) by_class: FxHashMap<(FileId, DefinitionId), usize>,
    /// Classes through which other code reaches a model.
    pub(super) repositories: Repositories,
    /// Models that relations of a name lead to.
    by_property: FxHashMap<String, Vec<usize>>,
    defaults: Defaults,
    /// The variables of the file that was asked about last.
    pub(super) variables: RefCell<Option<Variables>>,
}

/// Objects that hold all models, by the last part of their name.
pub(super) const HOLDERS: [&str; 8] = ["models", "model", "db", "database", "orm", "Models", "entities", "schema"];

impl<'a> Models<'a> {
    pub(super) fn read(base: &'a FactBase, names: &'a Names, files: &[FileId]) -> Self {
        let mut rows = Vec::new();
        let defaults = Defaults::read(base, files);
        let decorated = Decorated::new(base, names, files, defaults);
        for file in files {
            rows.extend(decorated.classes(*file));
            rows.extend(made::models(base, *file, defaults));
        }
        rows.extend(waterline::models(base, files));
        let models = Self {
            base,
            names,
            rows,
            by_local: FxHashMap::default(),
            by_file: FxHashMap::default(),
            by_name: FxHashMap::default(),
            by_class: FxHashMap::default(),
            repositories: Repositories::default(),
            by_property: FxHashMap::default(),
            defaults,
            variables: RefCell::new(None),
        };
        let mut models = models.registered(files);
        models.relate(files);
        models.repositories = Repositories::learn(&models, files);
        models
    }

    /// Turns relations into columns, and learns where properties lead.
    fn relate(&mut self, files: &[FileId]) {
        for (row, resolved) in relations::resolve(self, files) {
            let model = &mut self.rows[row];
            match resolved {
                Resolved::Column(column) => model.add_column(&column, None),
                Resolved::Between(between) => model.between.push(between),
                Resolved::Polymorphic(pair) => model.polymorphic.push(pair),
                Resolved::Pointer { pointer, primary } => {
                    model.add_column(&pointer.column, None);
                    if primary && !model.primary_key.contains(&pointer.column) {
                        model.primary_key.push(pointer.column.clone());
                    }
                    if !model.pointers.iter().any(|known| known.column == pointer.column) {
                        model.pointers.push(pointer);
                    }
                }
            }
        }
        for model in &self.rows {
            for relation in &model.relations {
                if let Some(to) = self.related(relation) {
                    self.by_property.entry(relation.property.clone()).or_default().push(to);
                }
            }
        }
    }

    pub(super) fn rows(&self) -> &[NodeModel] {
        &self.rows
    }

    pub(super) fn facts(&self, file: FileId) -> &'a FileFacts {
        self.base.facts(file)
    }

    pub(super) fn base(&self) -> &'a FactBase {
        self.base
    }

    pub(super) fn names(&self) -> &'a Names {
        self.names
    }

    /// The columns that Sequelize adds to every table, tables in between included.
    pub(super) fn stamps(&self, underscored: bool) -> Vec<String> {
        let stamps = if underscored || self.defaults.underscored { ["created_at", "updated_at"] } else { ["createdAt", "updatedAt"] };
        if self.defaults.no_stamps { Vec::new() } else { stamps.map(str::to_owned).to_vec() }
    }

    /// The model that a relation leads to.
    pub(super) fn related(&self, relation: &Relation) -> Option<usize> {
        let facts = self.base.facts(relation.file);
        let mut to = relation.to;
        // `Relation<User>`, `User[]`, `Collection<User>`
        while let Shape::Item(_, index) = facts.value(to).shape {
            to = index;
        }
        match facts.as_literal(to) {
            Some(name) => self.only(name),
            None => self.meant(relation.file, facts.owner_of(to), to).map(|(row, _)| row),
        }
    }

    /// The table that a relation of this name leads to, where all of that name lead to one.
    pub(super) fn behind_property(&self, property: &str) -> Option<&str> {
        let rows = self.by_property.get(property)?;
        let table = &self.rows[*rows.first()?].table;
        rows.iter().all(|row| self.rows[*row].table == *table).then_some(table)
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
        let named = || self.rows.iter().filter(|model| !model.table.is_empty() && !model.is_alias);
        let own = named().filter(|model| !model.extends_table).chain(named().filter(|model| model.extends_table));
        let mut tables: Vec<DeclaredTable> = own.map(|model| self.table(model)).collect();
        tables.extend(self.rows.iter().flat_map(|model| model.between.iter().map(|between| self.between(model, between))));
        tables
    }

    fn table(&self, model: &NodeModel) -> DeclaredTable {
        let mapped = match model.class {
            Some(class) => MappedBy::Class(class),
            None => MappedBy::Variable(model.local.clone()),
        };
        DeclaredTable {
            name: model.table.clone(),
            schema: None,
            model: Some((model.file, mapped)),
            declared: vec![Declaration { file: model.file, line: model.line, by: DeclaredBy::Orm }],
            columns: model.columns.clone(),
            primary_key: model.primary_key.clone(),
            foreign_keys: model.pointers.iter().map(|pointer| self.foreign_key(model.file, pointer)).collect(),
            polymorphic: model.polymorphic.clone(),
            told: Told::default(),
        }
    }

    /// A table that no class maps.
    fn between(&self, model: &NodeModel, between: &Between) -> DeclaredTable {
        let keys: Vec<String> = between.pointers.iter().map(|pointer| pointer.column.clone()).collect();
        let columns = keys.iter().chain(&between.more).map(|name| Column { name: name.clone(), type_name: None }).collect();
        let declared = Declaration { file: model.file, line: between.line, by: DeclaredBy::Orm };
        let foreign_keys = between.pointers.iter().map(|pointer| self.foreign_key(model.file, pointer)).collect();
        DeclaredTable { columns, primary_key: keys, foreign_keys, ..described::empty_table(&between.table, declared) }
    }

    fn foreign_key(&self, file: FileId, pointer: &Pointer) -> ForeignKey {
        let other = match &pointer.to {
            To::Row(row) => Some(&self.rows[*row]),
            To::Name(name) => self.by_name.get(name).map(|found| &self.rows[found[0]]),
        };
        let key = other.and_then(|other| other.primary_key.first().cloned());
        let to_table = match (&pointer.to, other) {
            (_, Some(other)) => other.table.clone(),
            (To::Name(name), None) => name.clone(),
            (To::Row(_), None) => String::new(),
        };
        ForeignKey {
            columns: vec![pointer.column.clone()],
            to_table,
            to_columns: pointer.to_column.clone().or(key).into_iter().collect(),
            basis: KeyBasis::Orm,
            certainty: Certainty(98),
            evidence: vec![(file, pointer.line, "relation")],
        }
    }

    /// Whose model it is.
    pub(super) fn library_of(&self, model: usize) -> Library {
        self.rows[model].naming.library
    }

    /// The table that the column of a model points at.
    pub(super) fn pointed(&self, model: usize, column: &str) -> Option<String> {
        let pointer = self.rows[model].pointers.iter().find(|pointer| pointer.column == column)?;
        Some(self.foreign_key(self.rows[model].file, pointer).to_table)
    }

    /// The table of a model.
    pub(super) fn table_of(&self, model: usize) -> &str {
        &self.rows[model].table
    }
}
