//! Classes whose decorators map them: entities of TypeORM and MikroORM, the `@Table` of sequelize-typescript, the
//! `@Schema` of NestJS for Mongoose.

use super::literals::{behind, entries, entry, last, says, text};
use super::models::{Between, NodeModel, Pointer, To};
use super::naming::{Defaults, Library, Naming};
use super::relations::{JoinColumn, Kind, Relation};
use crate::base::FileId;
use crate::facts::{Binding, Call, DefinitionId, DefinitionKind, FileFacts, Shape, Target, ValueId};
use crate::names::{FactBase, Names};
use rustc_hash::{FxHashMap, FxHashSet};

/// Decorators that make a field a column.
const COLUMNS: [&str; 19] = [
    "Column",
    "CreateDateColumn",
    "CreatedAt",
    "DeleteDateColumn",
    "DeletedAt",
    "Enum",
    "ForeignKey",
    "ObjectIdColumn",
    "PrimaryColumn",
    "PrimaryGeneratedColumn",
    "PrimaryKey",
    "Prop",
    "Property",
    "SerializedPrimaryKey",
    "TreeLevelColumn",
    "UpdateDateColumn",
    "UpdatedAt",
    "VersionColumn",
    "ViewColumn",
];

/// Decorators of relations.
const RELATIONS: [&str; 8] = ["ManyToOne", "OneToOne", "OneToMany", "ManyToMany", "TreeParent", "BelongsTo", "BelongsToMany", "HasMany"];

/// How far base classes and embedded ones are followed.
const DEEPEST: u32 = 6;

/// What every class is read with.
pub(super) struct Decorated<'a> {
    base: &'a FactBase,
    names: &'a Names,
    defaults: Defaults,
    /// Classes that a module of NestJS hands to Mongoose: `{ name: User.name, schema }`.
    registered: FxHashSet<String>,
}

/// A decorator: its name, and its arguments where it is called.
type Decorator<'a> = (&'a str, Option<&'a Call>);

impl<'a> Decorated<'a> {
    pub(super) fn new(base: &'a FactBase, names: &'a Names, files: &[FileId], defaults: Defaults) -> Self {
        let mut registered = FxHashSet::default();
        for facts in files.iter().map(|file| base.facts(*file)).filter(|facts| imports(facts, "@nestjs/mongoose")) {
            for value in &facts.values {
                if let Shape::Member(class, name) = value.shape
                    && facts.text(name) == "name"
                    && let Some(class) = facts.as_name(class)
                {
                    registered.insert(facts.text(class).to_owned());
                }
            }
        }
        Self { base, names, defaults, registered }
    }

    /// Every mapped class of a file.
    pub(super) fn classes(&self, file: FileId) -> Vec<NodeModel> {
        let facts = self.base.facts(file);
        let classes = facts.definitions().filter(|(_, definition)| definition.kind == DefinitionKind::Class);
        classes.filter_map(|(id, _)| self.class(file, id)).collect()
    }

    fn class(&self, file: FileId, id: DefinitionId) -> Option<NodeModel> {
        let facts = self.base.facts(file);
        let definition = facts.definition(id);
        let decorators = decorators(facts, facts.items(definition.decorators));
        let (decorator, call) = *decorators.iter().find(|(name, _)| matches!(*name, "Table" | "Entity" | "ChildEntity" | "Schema"))?;
        let class_name = facts.text(definition.name).to_owned();
        let library = library(facts, decorator);
        if decorator == "Schema" && !(library == Library::Mongoose && self.registered.contains(&class_name)) {
            return None;
        }
        let first = call.and_then(|call| facts.arguments_of(call).first()).map(|argument| argument.value);
        let options = || call.map(|call| facts.arguments_of(call)).into_iter().flatten().map(|argument| argument.value);
        let mut naming = Naming::of(library);
        naming.snake |= match library {
            Library::Sequelize => self.defaults.underscored || options().any(|options| says(facts, options, "underscored", "true")),
            Library::TypeOrm => self.defaults.snake_strategy,
            _ => false,
        };
        let option = |key: &str| options().find_map(|options| text(facts, options, key));
        let written = first.and_then(|first| facts.as_literal(first)).filter(|_| decorator != "ChildEntity");
        let written = written.or_else(|| option("tableName")).or_else(|| option("name")).or_else(|| option("collection"));
        let parent = (decorator == "ChildEntity").then(|| self.parent_table(file, id, 0)).flatten();
        let extends_table = parent.is_some();
        let table = parent.unwrap_or_else(|| written.map_or_else(|| naming.table(&class_name), str::to_owned));
        let mut model =
            NodeModel { class: Some(id), naming, extends_table, ..NodeModel::new(file, class_name, table, definition.first_line) };
        model.names.extend(option("modelName").map(str::to_owned));
        self.fields(file, id, &mut Vec::new(), &mut model, 0);
        about(facts, &decorators, &mut model);
        if library == Library::Mongoose {
            model.add_column("_id", None);
            model.primary_key.push("_id".to_owned());
            if options().any(|options| entry(facts, options, "timestamps").is_some() && !says(facts, options, "timestamps", "false")) {
                ["createdAt", "updatedAt"].iter().for_each(|stamp| model.add_column(stamp, None));
            }
        }
        Some(model)
    }

    /// The table of the entity that a class inherits from; its rows are there too.
    fn parent_table(&self, file: FileId, class: DefinitionId, depth: u32) -> Option<String> {
        let facts = self.base.facts(file);
        let definition = facts.definition(class);
        let (home, id) =
            facts.items(definition.bases).iter().find_map(|parent| self.names.definition_of(self.base, file, definition.owner, *parent))?;
        let entity = decorators(self.base.facts(home), self.base.facts(home).items(self.base.facts(home).definition(id).decorators));
        if entity.iter().any(|(name, _)| *name == "Entity") {
            return self.class(home, id).map(|model| model.table);
        }
        (depth < DEEPEST).then(|| self.parent_table(home, id, depth + 1)).flatten()
    }

    /// Columns and relations of a class and of the classes it inherits from. `prefix` is what embedded columns begin with.
    fn fields(&self, file: FileId, class: DefinitionId, prefix: &mut Vec<String>, model: &mut NodeModel, depth: u32) {
        let facts = self.base.facts(file);
        let own = |row: &&Binding| row.owner == Some(class);
        let bindings: FxHashMap<ValueId, &Binding> = facts.bindings.iter().filter(own).map(|row| (row.target, row)).collect();
        for (target, written) in &facts.decorated {
            let Some(binding) = bindings.get(target) else { continue };
            let decorators = decorators(facts, facts.items(*written));
            let field = Field { facts, file, binding, decorators: &decorators };
            match field.embedded().and_then(|value| self.names.definition_of(self.base, file, None, value)) {
                Some((home, embedded)) if depth < DEEPEST && (home, embedded) != (file, class) && self.has_columns(home, embedded) => {
                    let written = field.prefix();
                    prefix.extend(written.clone());
                    self.fields(home, embedded, prefix, model, depth + 1);
                    prefix.truncate(prefix.len() - written.iter().count());
                }
                _ => field.read(prefix, model),
            }
        }
        if depth == DEEPEST {
            return;
        }
        let definition = facts.definition(class);
        for parent in facts.items(definition.bases) {
            if let Some((home, id)) = self.names.definition_of(self.base, file, definition.owner, *parent)
                && (home, id) != (file, class)
            {
                self.fields(home, id, prefix, model, depth + 1);
            }
        }
    }

    /// True for a class with fields that are columns.
    fn has_columns(&self, file: FileId, class: DefinitionId) -> bool {
        let facts = self.base.facts(file);
        let values = facts.definition(class).values;
        facts.definition(class).kind == DefinitionKind::Class && facts.decorated.iter().any(|(target, _)| values.contains(target.0))
    }
}

/// What decorators of a class say of its columns.
fn about(facts: &FileFacts, decorators: &[Decorator<'_>], model: &mut NodeModel) {
    for (name, call) in decorators {
        let first = call.and_then(|call| facts.arguments_of(call).first()).map(|argument| argument.value);
        match (*name, first.and_then(|first| facts.as_literal(first))) {
            ("TableInheritance", _) => {
                let column = first.and_then(|first| text(facts, entry(facts, first, "column")?, "name")).unwrap_or("type");
                model.add_column(column, None);
            }
            ("Tree", Some("materialized-path")) => model.add_column("mpath", None),
            ("Tree", Some("nested-set")) => ["nsleft", "nsright"].iter().for_each(|column| model.add_column(column, None)),
            ("Tree", Some("closure-table")) => {
                let key = model.primary_key.first().cloned().unwrap_or_else(|| "id".to_owned());
                let end = |role: &str| {
                    let (to, to_column) = (To::Name(model.table.clone()), Some(key.clone()));
                    Pointer { column: format!("{key}_{role}"), to, to_column, line: model.line }
                };
                let pointers = vec![end("ancestor"), end("descendant")];
                model.between.push(Between { table: format!("{}_closure", model.table), line: model.line, pointers, more: Vec::new() });
            }
            _ => {}
        }
    }
}

/// Whose decorators a file uses.
fn library(facts: &FileFacts, decorator: &str) -> Library {
    match decorator {
        _ if imports(facts, "@mikro-orm/") => Library::MikroOrm,
        "Table" => Library::Sequelize,
        "Schema" if imports(facts, "@nestjs/mongoose") => Library::Mongoose,
        "Schema" => Library::Other,
        _ => Library::TypeOrm,
    }
}

/// True where a file imports a package whose name begins like that.
fn imports(facts: &FileFacts, package: &str) -> bool {
    facts.imports.iter().any(|import| matches!(import.target, Target::Package(name) if facts.text(name).starts_with(package)))
}

fn decorators<'a>(facts: &'a FileFacts, written: &[ValueId]) -> Vec<Decorator<'a>> {
    let read = |value: &ValueId| match facts.as_call(*value) {
        Some(call) => Some((facts.last_name(call.callee)?, Some(call))),
        None => Some((facts.last_name(*value)?, None)),
    };
    written.iter().filter_map(read).collect()
}

/// A field with decorators.
struct Field<'a> {
    facts: &'a FileFacts,
    file: FileId,
    binding: &'a Binding,
    decorators: &'a [Decorator<'a>],
}

impl<'a> Field<'a> {
    fn has(&self, wanted: &[&str]) -> bool {
        self.decorators.iter().any(|(name, _)| wanted.contains(name))
    }

    /// The arguments of decorators.
    fn arguments(&self, wanted: &[&str]) -> impl Iterator<Item = ValueId> {
        let calls = self.decorators.iter().filter(|(name, _)| wanted.contains(name)).filter_map(|(_, call)| *call);
        calls.flat_map(|call| self.facts.arguments_of(call)).map(|argument| argument.value)
    }

    fn option(&self, wanted: &[&str], key: &str) -> Option<&'a str> {
        self.arguments(wanted).find_map(|argument| text(self.facts, argument, key))
    }

    fn says(&self, wanted: &[&str], key: &str, constant: &str) -> bool {
        self.arguments(wanted).any(|argument| says(self.facts, argument, key, constant))
    }

    /// The class of which the columns of `@Column(() => Name)` and `@Embedded(() => Name)` are.
    fn embedded(&self) -> Option<ValueId> {
        let first = self.arguments(&["Column", "Embedded"]).next()?;
        matches!(self.facts.value(first).shape, Shape::Inline(_)).then(|| behind(self.facts, first))
    }

    /// What the columns of an embedded class begin with.
    fn prefix(&self) -> Option<String> {
        let wanted = ["Column", "Embedded"];
        if self.says(&wanted, "prefix", "false") {
            return None;
        }
        let written = self.option(&wanted, "prefix").map(|prefix| prefix.trim_end_matches('_').to_owned());
        written.or_else(|| self.facts.last_name(self.binding.target).map(str::to_owned)).filter(|prefix| !prefix.is_empty())
    }

    fn read(&self, prefix: &[String], model: &mut NodeModel) {
        let Some(name) = self.facts.last_name(self.binding.target) else { return };
        if self.has(&COLUMNS) && !self.is_virtual() {
            self.column(name, prefix, model);
        }
        if let Some(relation) = RELATIONS.iter().find(|relation| self.has(&[**relation])) {
            self.relation(relation, name, model);
        }
    }

    fn is_virtual(&self) -> bool {
        self.says(&["Property"], "persist", "false")
            || self.arguments(&COLUMNS).any(|argument| {
                let kind = entry(self.facts, argument, "type").unwrap_or(argument);
                let kind = self.facts.as_call(kind).map_or(kind, |call| call.callee);
                last(self.facts, kind) == Some("VIRTUAL")
            })
    }

    fn column(&self, name: &str, prefix: &[String], model: &mut NodeModel) {
        let facts = self.facts;
        let written = ["field", "fieldName", "name"].iter().find_map(|key| self.option(&COLUMNS, key));
        let column = match (written, prefix) {
            (Some(written), []) => written.to_owned(),
            (None, []) => model.naming.column(name),
            (written, prefix) => embedded_name(model.naming, prefix, written.unwrap_or(name)),
        };
        let annotation = self.binding.annotation.and_then(|kind| last(facts, kind)).map(str::to_owned);
        model.add_property(name, &column, annotation);
        let primary = ["primaryKey", "primary"].iter().any(|key| self.says(&COLUMNS, key, "true"));
        if primary || self.has(&["PrimaryKey", "PrimaryColumn", "PrimaryGeneratedColumn", "ObjectIdColumn"]) {
            model.primary_key.push(column.clone());
        }
        let line = self.binding.line;
        let to = self.arguments(&["ForeignKey"]).next().map(|argument| behind(facts, argument));
        if let Some(to) = to {
            let kind = Kind::Key { columns: vec![JoinColumn { name: Some(column.clone()), to: None }], primary: false };
            model.relations.push(Relation { property: String::new(), file: self.file, to, line, kind });
        }
        // `@Prop({ type: Types.ObjectId, ref: 'User' })`, also `ref: User.name` and a list of those.
        let referred = self.arguments(&["Prop"]).find_map(|argument| {
            let inner = entry(facts, argument, "type").filter(|_| entry(facts, argument, "ref").is_none()).unwrap_or(argument);
            let inner = match facts.value(inner).shape {
                Shape::List(items) => *facts.items(items).first()?,
                _ => inner,
            };
            let to = behind(facts, entry(facts, inner, "ref")?);
            match facts.value(to).shape {
                Shape::Member(class, name) if facts.text(name) == "name" => last(facts, class),
                _ => last(facts, to),
            }
        });
        if let Some(to) = referred {
            model.pointers.push(Pointer { column, to: To::Name(to.to_owned()), to_column: Some("_id".to_owned()), line });
        }
    }

    fn relation(&self, relation: &str, property: &str, model: &mut NodeModel) {
        let facts = self.facts;
        let arguments: Vec<ValueId> = self.arguments(&[relation]).collect();
        let named = arguments.iter().find_map(|argument| entry(facts, *argument, "entity"));
        let first = named.or_else(|| arguments.first().copied()).filter(|first| !matches!(facts.value(*first).shape, Shape::Map(_)));
        let Some(to) = first.map(|first| behind(facts, first)).or(self.binding.annotation) else { return };
        let Some(kind) = self.kind(relation, &arguments, model.naming) else { return };
        model.relations.push(Relation { property: property.to_owned(), file: self.file, to, line: self.binding.line, kind });
    }

    /// Where a relation is stored.
    fn kind(&self, relation: &str, arguments: &[ValueId], naming: Naming) -> Option<Kind> {
        let facts = self.facts;
        let literal = |at: usize| arguments.get(at).and_then(|argument| facts.as_literal(*argument));
        let is_mikro = naming.library == Library::MikroOrm;
        // The other side is told by a function or a name in the second place.
        let is_inverse = is_mikro
            && !self.says(&[relation], "owner", "true")
            && (arguments.iter().any(|argument| entry(facts, *argument, "mappedBy").is_some())
                || arguments.get(1).is_some_and(|second| !matches!(facts.value(*second).shape, Shape::Map(_))));
        match relation {
            "BelongsTo" => {
                let key = literal(1).or_else(|| self.option(&[relation], "foreignKey"));
                Some(key.map_or(Kind::Elsewhere, |key| Kind::Property(key.to_owned())))
            }
            "BelongsToMany" => match literal(1) {
                Some(table) => {
                    let end = |at| vec![JoinColumn { name: literal(at).map(str::to_owned), to: None }];
                    Some(Kind::Between { table: Some(table.to_owned()), own: end(2), other: end(3), stamps: true })
                }
                None => Some(Kind::Elsewhere),
            },
            "HasMany" | "OneToMany" => Some(Kind::Elsewhere),
            "ManyToMany" => {
                let joins = if is_mikro { !is_inverse } else { self.has(&["JoinTable"]) };
                if !joins {
                    return Some(Kind::Elsewhere);
                }
                let wanted = ["JoinTable", relation];
                let table = self.option(&wanted, "name").or_else(|| self.option(&wanted, "pivotTable"));
                let table = table.or_else(|| self.arguments(&["JoinTable"]).next().and_then(|first| facts.as_literal(first)));
                let side = |one: &str, many: &str| self.join_columns(&wanted, one, many);
                let (own, other) = (side("joinColumn", "joinColumns"), side("inverseJoinColumn", "inverseJoinColumns"));
                Some(Kind::Between { table: table.map(str::to_owned), own, other, stamps: false })
            }
            "OneToOne" if is_inverse || !is_mikro && !self.has(&["JoinColumn"]) => Some(Kind::Elsewhere),
            _ => {
                let written = self.arguments(&["JoinColumn"]).flat_map(|argument| described(facts, argument));
                let mut columns: Vec<JoinColumn> = written.map(|argument| join_column(facts, argument)).collect();
                let of_mikro = ["fieldName", "joinColumn"].iter().find_map(|key| self.option(&[relation], key));
                columns.extend(of_mikro.filter(|_| is_mikro).map(|name| JoinColumn { name: Some(name.to_owned()), to: None }));
                Some(Kind::Key { columns, primary: self.says(&[relation], "primary", "true") })
            }
        }
    }

    /// `joinColumn: { name, referencedColumnName }`, `joinColumns: [...]`, `joinColumn: 'name'`
    fn join_columns(&self, wanted: &[&str], one: &str, many: &str) -> Vec<JoinColumn> {
        let facts = self.facts;
        let written = self.arguments(wanted).find_map(|argument| entry(facts, argument, one).or_else(|| entry(facts, argument, many)));
        written.map(|written| described(facts, written).map(|value| join_column(facts, value)).collect()).unwrap_or_default()
    }
}

/// The elements of a list, or the one value.
fn described(facts: &FileFacts, value: ValueId) -> impl Iterator<Item = ValueId> {
    let (list, single) = match facts.value(value).shape {
        Shape::List(items) => (facts.items(items), None),
        _ => (&[][..], Some(value)),
    };
    list.iter().copied().chain(single)
}

fn join_column(facts: &FileFacts, value: ValueId) -> JoinColumn {
    let written = |key: &str| text(facts, value, key).map(str::to_owned);
    let name = facts.as_literal(value).map(str::to_owned).or_else(|| written("name"));
    JoinColumn { name, to: written("referencedColumnName") }
}

/// TypeORM's `nameFirst` and the `name_first` of everybody else.
fn embedded_name(naming: Naming, prefix: &[String], name: &str) -> String {
    let prefix = prefix.join("_");
    if naming.snake {
        return naming.column(&format!("{prefix}_{name}"));
    }
    let mut letters = name.chars();
    let title: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters.as_str().to_lowercase().chars()).collect();
    super::naming::camelize(&prefix) + &title
}

/// `new EntitySchema({ name: 'Order', tableName: 'orders', columns: { ... }, relations: { ... } })`
pub(super) fn entity_schema(facts: &FileFacts, file: FileId, call: &Call, local: String) -> Option<NodeModel> {
    let described = facts.arguments_of(call).first()?.value;
    let columns = entry(facts, described, "columns")?;
    let class = text(facts, described, "name").or_else(|| last(facts, entry(facts, described, "target")?))?;
    let naming = Naming::of(Library::TypeOrm);
    let table = text(facts, described, "tableName").map_or_else(|| naming.table(class), str::to_owned);
    let mut model = NodeModel { naming, names: vec![class.to_owned()], ..NodeModel::new(file, local, table, call.span.line) };
    for (property, column) in entries(facts, columns) {
        let name = text(facts, column, "name").unwrap_or(property);
        model.add_property(property, name, entry(facts, column, "type").and_then(|kind| last(facts, kind)).map(str::to_owned));
        if says(facts, column, "primary", "true") {
            model.primary_key.push(name.to_owned());
        }
    }
    let relations = entry(facts, described, "relations").map(|relations| entries(facts, relations)).unwrap_or_default();
    for (property, relation) in relations {
        let Some(to) = entry(facts, relation, "target").map(|target| behind(facts, target)) else { continue };
        let join = |key: &str| entry(facts, relation, key).filter(|_| !says(facts, relation, key, "false"));
        let columns = |value: Option<ValueId>| {
            let values =
                value.into_iter().flat_map(|value| self::described(facts, value)).filter(|value| !entries(facts, *value).is_empty());
            values.map(|value| join_column(facts, value)).collect::<Vec<_>>()
        };
        let kind = match (text(facts, relation, "type"), join("joinTable")) {
            (Some("many-to-many"), Some(table)) => {
                let side = |key: &str| columns(entry(facts, table, key));
                let name = text(facts, table, "name").map(str::to_owned);
                Kind::Between { table: name, own: side("joinColumn"), other: side("inverseJoinColumn"), stamps: false }
            }
            (Some("many-to-one"), _) => {
                Kind::Key { columns: columns(join("joinColumn")), primary: says(facts, relation, "primary", "true") }
            }
            (Some("one-to-one"), _) if join("joinColumn").is_some() => Kind::Key { columns: columns(join("joinColumn")), primary: false },
            _ => Kind::Elsewhere,
        };
        model.relations.push(Relation { property: property.to_owned(), file, to, line: facts.value(relation).line, kind });
    }
    Some(model)
}
