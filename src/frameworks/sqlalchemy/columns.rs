//! Columns and keys of mapped classes and plain tables.

use super::Mapping;
use super::body::{Part, PartKind};
use super::made::{Made, MadeKind};
use super::outside;
use super::text::{Known, Place};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, MappedBy, Told};
use std::collections::BTreeMap;

/// One column, read.
#[derive(Clone, Debug)]
pub(super) struct ColumnRead {
    /// Its name in the database.
    pub name: String,
    /// Its type as written.
    pub type_name: Option<String>,
    /// Part of the primary key.
    pub is_key: bool,
    /// The tables and columns it points at; SQLAlchemy allows several for a column without constraint.
    pub to: Vec<(String, Option<String>)>,
}

/// The tables of all mapped classes, and the plain ones.
pub(super) fn tables(mapping: &Mapping<'_>, out: &mut Vec<DeclaredTable>) {
    let mut rows: BTreeMap<ClassId, DeclaredTable> = BTreeMap::new();
    let own = mapping.mapped.iter().filter(|(_, mapped)| !mapped.shares);
    for (class, mapped) in own {
        if mapped.plain.is_some() {
            continue;
        }
        let facts = mapping.classes.base.facts(class.0);
        let declared = Declaration { file: class.0, line: facts.definition(class.1).span.line, by: DeclaredBy::Orm };
        let mut table = empty(mapped.table.clone(), mapped.schema.clone(), declared);
        table.model = Some(MappedBy::class(*class));
        mapping.fill(*class, &mut table);
        rows.insert(*class, table);
    }
    for (class, mapped) in mapping.mapped.iter().filter(|(_, mapped)| mapped.shares) {
        // Single-table inheritance: what the class adds stands in the table of the one above.
        let mut owner = mapped.parent;
        while let Some(above) = owner.filter(|above| mapping.mapped[above].shares) {
            owner = mapping.mapped[&above].parent;
        }
        if let Some(table) = owner.and_then(|owner| rows.get_mut(&owner)) {
            mapping.fill(*class, table);
        }
    }
    out.extend(rows.into_values());
    for (place, plain) in mapping.plain.iter().enumerate() {
        let mut table = plain.table.clone();
        table.model = mapping.mapped.iter().find(|(_, mapped)| mapped.plain == Some(place)).map(|(class, _)| MappedBy::class(*class));
        out.push(table);
    }
}

/// A table without columns.
pub(super) fn empty(name: String, schema: Option<String>, declared: Declaration) -> DeclaredTable {
    DeclaredTable {
        name,
        schema,
        model: None,
        declared: vec![declared],
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        polymorphic: Vec::new(),
        told: Told::default(),
    }
}

/// Adds a column to a table; the first with a name stays.
pub(super) fn add(read: ColumnRead, (file, line): (FileId, u32), table: &mut DeclaredTable) {
    if table.columns.iter().any(|column| column.name == read.name) {
        return;
    }
    if read.is_key {
        table.primary_key.push(read.name.clone());
    }
    for (to_table, to_column) in read.to {
        table.foreign_keys.push(key(vec![read.name.clone()], to_table, to_column.into_iter().collect(), (file, line)));
    }
    table.columns.push(Column { name: read.name, type_name: read.type_name });
}

/// A foreign key that a class or table states.
pub(super) fn key(columns: Vec<String>, to_table: String, to_columns: Vec<String>, (file, line): (FileId, u32)) -> ForeignKey {
    let evidence = vec![(file, line, "relation")];
    ForeignKey { columns, to_table, to_columns, basis: KeyBasis::Orm, certainty: Certainty(98), evidence }
}

/// An attribute a class's table takes, or a library's column.
pub(super) enum Piece<'a> {
    /// Written in the tree.
    Part(&'a Part),
    /// Brought by a library's mixin.
    Outside(&'static str),
}

impl Mapping<'_> {
    /// What a class adds to its table: its own attributes and those of mixins and abstract classes that no mapped class
    /// above has taken already; inherited ones first, each as the nearest class writes it.
    pub(super) fn pieces(&self, class: ClassId) -> Vec<Piece<'_>> {
        let mapped = &self.mapped[&class];
        let mut taken: Vec<Ancestor> = Vec::new();
        if let Some(parent) = mapped.parent {
            taken.push(Ancestor::Ours(parent));
            taken.extend(self.mapped[&parent].lineage.iter().cloned());
        }
        let own = Ancestor::Ours(class);
        let line = std::iter::once(&own).chain(mapped.lineage.iter().filter(|ancestor| !taken.contains(ancestor)));
        self.layers(line)
    }

    /// Everything a class has, inherited from wherever.
    pub(super) fn all_pieces(&self, class: ClassId) -> Vec<Piece<'_>> {
        let lineage = self.classes.lineage(class);
        let own = Ancestor::Ours(class);
        self.layers(std::iter::once(&own).chain(lineage.iter()))
    }

    fn layers<'b>(&self, line: impl Iterator<Item = &'b Ancestor>) -> Vec<Piece<'_>> {
        let mut layers: Vec<Vec<Piece<'_>>> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for ancestor in line {
            let mut layer = Vec::new();
            match ancestor {
                Ancestor::Ours(id) => {
                    for part in self.bodies.get(id).into_iter().flat_map(|body| &body.parts) {
                        if !seen.contains(&part.name.as_str()) {
                            seen.push(&part.name);
                            layer.push(Piece::Part(part));
                        }
                    }
                }
                Ancestor::Outside(name) => {
                    for column in outside::columns(name) {
                        let bare = bare(column);
                        if !seen.contains(&bare) {
                            seen.push(bare);
                            layer.push(Piece::Outside(column));
                        }
                    }
                }
            }
            layers.push(layer);
        }
        layers.into_iter().rev().flatten().collect()
    }

    fn fill(&self, class: ClassId, table: &mut DeclaredTable) {
        let place = table.declared.first().map(|row| (row.file, row.line)).expect("a new table has its declaration");
        for piece in self.pieces(class) {
            match piece {
                Piece::Outside(written) => add(outside_column(written), place, table),
                Piece::Part(part) => {
                    if let Some(read) = self.column(class, part) {
                        add(read, (part.file, part.line), table);
                    }
                }
            }
        }
        for constraint in self.constraints(class, &self.mapped[&class].lineage) {
            self.apply(class, &constraint, table);
        }
    }

    fn apply(&self, class: ClassId, constraint: &super::arguments::Constraint, table: &mut DeclaredTable) {
        let facts = self.classes.base.facts(constraint.at.file);
        let call = &constraint.call;
        let list = |value| match facts.value(value).shape {
            Shape::List(parts) => facts.items(parts).to_vec(),
            _ => vec![value],
        };
        let names = |values: Vec<ValueId>| -> Option<Vec<String>> {
            values.into_iter().map(|value| self.column_named(class, constraint.at, value, &constraint.known)).collect()
        };
        match facts.last_name(call.callee) {
            Some("PrimaryKeyConstraint") => {
                let positional = facts.arguments_of(call).iter().filter(|argument| argument.name.is_none());
                if let Some(columns) = names(positional.map(|argument| argument.value).collect()).filter(|columns| !columns.is_empty()) {
                    table.primary_key = columns;
                }
            }
            Some("ForeignKeyConstraint") => {
                let (Some(from), Some(to)) = (facts.argument(call, 0, "columns"), facts.argument(call, 1, "refcolumns")) else {
                    return;
                };
                let to: Option<Vec<_>> =
                    list(to).into_iter().map(|value| self.reference(constraint.at, value, &constraint.known)).collect();
                if let (Some(columns), Some(to)) = (names(list(from)), to) {
                    add_key(columns, to, (constraint.at.file, call.span.line), table);
                }
            }
            _ => {}
        }
    }

    /// The column an element of a constraint names: by string, or by the attribute.
    fn column_named(&self, class: ClassId, at: Place, value: ValueId, known: &Known) -> Option<String> {
        let facts = self.classes.base.facts(at.file);
        let name = match facts.value(value).shape {
            Shape::Literal(text) => return Some(facts.text(text).to_owned()),
            Shape::Name(name) | Shape::Member(_, name) => facts.text(name),
            _ => return self.text(at, value, known),
        };
        self.column_of(class, name)
    }

    /// The column behind an attribute of a class.
    pub(super) fn column_of(&self, class: ClassId, attribute: &str) -> Option<String> {
        self.all_pieces(class).into_iter().find_map(|piece| match piece {
            Piece::Part(part) if part.name == attribute => self.column(class, part).map(|read| read.name),
            Piece::Outside(written) if bare(written) == attribute => Some(attribute.to_owned()),
            _ => None,
        })
    }

    /// An attribute as a column, if it is one.
    pub(super) fn column(&self, class: ClassId, part: &Part) -> Option<ColumnRead> {
        match &part.kind {
            PartKind::Hidden => None,
            PartKind::Annotated => {
                let facts = self.classes.base.facts(part.file);
                let type_name = part.annotation.and_then(|annotation| annotated_type(facts, annotation));
                Some(ColumnRead { name: part.name.clone(), type_name, is_key: false, to: Vec::new() })
            }
            PartKind::Made(made) => {
                let mut made = made.clone();
                made.known.class = Some(class);
                let facts = self.classes.base.facts(part.file);
                let mut read = match made.kind {
                    MadeKind::Column => self.read_column(&made, Some(&part.name))?,
                    MadeKind::Field => self.read_field(&made, &part.name)?,
                    MadeKind::Relationship | MadeKind::Other => return None,
                };
                read.type_name = read.type_name.or_else(|| part.annotation.and_then(|annotation| annotated_type(facts, annotation)));
                Some(read)
            }
        }
    }

    /// `Column("name", Type, ForeignKey(...), primary_key=True)`; without a name it is the attribute's.
    pub(super) fn read_column(&self, made: &Made, attribute: Option<&str>) -> Option<ColumnRead> {
        let facts = self.classes.base.facts(made.file);
        let positional: Vec<ValueId> =
            facts.arguments_of(&made.call).iter().filter(|a| a.name.is_none() && !a.spread).map(|a| a.value).collect();
        let text = |value| self.text(made.at(), value, &made.known);
        let first = positional.first().and_then(|value| text(*value));
        let named = first.clone().or_else(|| made.keyword(facts, "name").and_then(text));
        let mut read = ColumnRead {
            name: named.or_else(|| attribute.map(str::to_owned))?,
            type_name: None,
            is_key: made.is(facts, "primary_key", "True"),
            to: Vec::new(),
        };
        let typed = made.keyword(facts, "type_");
        for value in positional.iter().skip(usize::from(first.is_some())).copied().chain(typed) {
            match self.foreign_key(made, value) {
                Some(call) => {
                    let target = facts.argument(&call, 0, "column").and_then(|value| self.reference(made.at(), value, &made.known));
                    read.to.extend(target);
                }
                None if read.type_name.is_none() => read.type_name = type_name(facts, value),
                None => {}
            }
        }
        Some(read)
    }

    /// SQLModel's `Field(foreign_key="table.column", primary_key=True, sa_column=Column(...))`.
    fn read_field(&self, made: &Made, attribute: &str) -> Option<ColumnRead> {
        let facts = self.classes.base.facts(made.file);
        let whole = made.keyword(facts, "sa_column").and_then(|value| self.made(made.at(), value, &made.known));
        if let Some(column) = whole.filter(|column| column.kind == MadeKind::Column) {
            return self.read_column(&column, Some(attribute));
        }
        let to = made.keyword(facts, "foreign_key").and_then(|value| self.reference(made.at(), value, &made.known));
        let type_name = made.keyword(facts, "sa_type").and_then(|value| type_name(facts, value));
        Some(ColumnRead {
            name: attribute.to_owned(),
            type_name,
            is_key: made.is(facts, "primary_key", "True"),
            to: to.into_iter().collect(),
        })
    }

    /// The `ForeignKey(...)` a positional argument of a column is.
    fn foreign_key(&self, made: &Made, value: ValueId) -> Option<Call> {
        let facts = self.classes.base.facts(made.file);
        let call = facts.as_call(value)?;
        let direct = facts.last_name(call.callee) == Some("ForeignKey");
        let meant = || {
            self.classes
                .meant(made.file, made.owner, call.callee)
                .iter()
                .any(|meant| matches!(meant, crate::frameworks::orm::Meant::Outside(name) if name.ends_with(".ForeignKey")))
        };
        (direct || meant()).then_some(*call)
    }

    /// The table and column a key points at: `"table.column"`, `Class.column`, `table.c.column`.
    pub(super) fn reference(&self, at: Place, value: ValueId, known: &Known) -> Option<(String, Option<String>)> {
        let facts = self.classes.base.facts(at.file);
        if let Shape::Member(object, name) = facts.value(value).shape {
            let column = facts.text(name);
            let inner = match facts.value(object).shape {
                Shape::Member(inner, by) if matches!(facts.text(by), "c" | "columns") => Some(inner),
                _ => None,
            };
            let inner = inner.map(|inner| match facts.value(inner).shape {
                Shape::Member(class, by) if facts.text(by) == "__table__" => class,
                _ => inner,
            });
            if let Some(place) = inner.and_then(|inner| self.plain_table(at, inner)) {
                return Some((self.plain[place].full_name(), Some(column.to_owned())));
            }
            if let Some(class) = self.class_at(at, inner.unwrap_or(object), known) {
                let column = self.column_of(class, column).unwrap_or_else(|| column.to_owned());
                return Some((self.table_of(class)?, Some(column)));
            }
        }
        let text = self.text(at, value, known)?;
        let (table, column) = text.rsplit_once('.')?;
        Some((table.to_owned(), Some(column.to_owned())))
    }
}

/// Adds a key over one or more columns, whose targets must be of one table.
pub(super) fn add_key(columns: Vec<String>, to: Vec<(String, Option<String>)>, place: (FileId, u32), table: &mut DeclaredTable) {
    let Some((to_table, _)) = to.first().cloned() else { return };
    if to.iter().any(|(table, _)| *table != to_table) {
        return;
    }
    let to_columns = to.into_iter().filter_map(|(_, column)| column).collect();
    table.foreign_keys.push(key(columns, to_table, to_columns, place));
}

fn bare(written: &str) -> &str {
    written.trim_start_matches('*').split('>').next().unwrap_or(written)
}

fn outside_column(written: &str) -> ColumnRead {
    let to = written.split_once('>').map(|(_, to)| (to.to_owned(), Some("id".to_owned())));
    ColumnRead { name: bare(written).to_owned(), type_name: None, is_key: written.starts_with('*'), to: to.into_iter().collect() }
}

/// A type as written: its class or the function that makes it.
fn type_name(facts: &FileFacts, value: ValueId) -> Option<String> {
    let mut at = value;
    // `String(20).with_variant(...)` is a `String`.
    for _ in 0..8 {
        match facts.value(at).shape {
            Shape::Call(_) => at = facts.as_call(at)?.callee,
            Shape::Member(object, _) if facts.as_call(object).is_some() => at = object,
            _ => return facts.last_name(at).map(str::to_owned),
        }
    }
    None
}

/// The type inside `Mapped[...]`, or the annotation itself.
fn annotated_type(facts: &FileFacts, annotation: ValueId) -> Option<String> {
    match facts.value(annotation).shape {
        Shape::Item(object, inner) if facts.last_name(object) == Some("Mapped") => annotated_type(facts, inner),
        Shape::Item(object, inner) if facts.last_name(object) == Some("Optional") => annotated_type(facts, inner),
        Shape::Other(parts) | Shape::Choice(parts) | Shape::List(parts) => {
            facts.items(parts).first().and_then(|first| annotated_type(facts, *first))
        }
        Shape::Joined(first, _) => annotated_type(facts, first),
        Shape::Item(object, _) => facts.last_name(object).map(str::to_owned),
        _ => facts.last_name(annotation).map(str::to_owned),
    }
}
