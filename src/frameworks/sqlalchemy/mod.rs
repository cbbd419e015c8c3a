//! SQLAlchemy: classes mapped by declaration (1.x and 2.x) or by call, plain tables, Flask-SQLAlchemy, SQLModel,
//! Flask-AppBuilder.
//!
//! Follows SQLAlchemy's own rules (documentation, "Declarative Mapping", "Composing Mapped Hierarchies with Mixins" and
//! "Mapping Class Inheritance Hierarchies"): mixins and abstract classes hand on what they write, a class below a mapped
//! class shares its table unless it names one of its own.

pub(super) mod accesses;
mod arguments;
mod body;
mod columns;
mod entities;
mod made;
mod mapped;
mod migrations;
mod outside;
mod plain;
mod relations;
mod statements;
mod text;

use crate::base::{FileId, Tag};
use crate::facts::{DefinitionId, FileFacts, Target, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId, Classes, Entities};
use crate::frameworks::tables::DeclaredTable;
use crate::names::FactBase;
use body::Body;
use mapped::Mapped;
use plain::PlainTable;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Everything that is mapped.
struct Mapping<'a> {
    classes: &'a Classes<'a>,
    bodies: BTreeMap<ClassId, Body>,
    mapped: BTreeMap<ClassId, Mapped>,
    /// Mapped classes by their bare name.
    by_name: FxHashMap<String, Vec<ClassId>>,
    plain: Vec<PlainTable>,
}

/// Plain tables by the call that makes them.
pub(in crate::frameworks) type Plain = FxHashMap<(FileId, ValueId), String>;

/// Reads every mapped class and plain table: tables go to `tables`, classes to `entities`; plain tables are handed back
/// for those who look for their use.
pub(in crate::frameworks) fn read(classes: &Classes<'_>, entities: &mut Entities, tables: &mut Vec<DeclaredTable>) -> Plain {
    if !is_used(classes.base) {
        return Plain::default();
    }
    let mut mapping =
        Mapping { classes, bodies: BTreeMap::new(), mapped: BTreeMap::new(), by_name: FxHashMap::default(), plain: Vec::new() };
    let files: Vec<FileId> = classes.base.ids().filter(|file| counts(classes.base, *file)).collect();
    for file in &files {
        mapping.add_classes(*file);
    }
    for file in &files {
        mapping.add_attributes_set_later(*file);
        mapping.add_plain_tables(*file);
    }
    mapping.map_classes();
    for file in &files {
        mapping.add_imperative(*file);
    }
    let start = tables.len();
    columns::tables(&mapping, tables);
    migrations::witness(classes.base, &mut tables[start..]);
    entities::describe(&mapping, &tables[start..], entities);
    mapping.plain.iter().map(|table| ((table.file, table.call), table.full_name())).collect()
}

/// The table of a library's mapped class.
pub(in crate::frameworks) fn outside_table(name: &str) -> Option<String> {
    outside::table(name).map(str::to_owned)
}

/// Tests and other people's code declare no tables of the application, and migrations repeat what models said.
fn counts(base: &FactBase, file: FileId) -> bool {
    let entry = base.file(file);
    !entry.left_out && !entry.tags.contains(Tag::Migration)
}

/// True when some file imports SQLAlchemy or a library that builds on it.
fn is_used(base: &FactBase) -> bool {
    let names_it = |facts: &FileFacts| {
        facts.imports.iter().any(|import| match import.target {
            Target::Dotted { level: 0, path } => outside::is_sqlalchemy(facts.text(path)),
            _ => false,
        })
    };
    base.ids().filter(|file| counts(base, *file)).any(|file| names_it(base.facts(file)))
}

impl Mapping<'_> {
    fn add_classes(&mut self, file: FileId) {
        let facts = self.classes.base.facts(file);
        let mut bindings: FxHashMap<DefinitionId, Vec<u32>> = FxHashMap::default();
        for (place, binding) in (0u32..).zip(&facts.bindings) {
            if let Some(owner) = binding.owner.filter(|owner| facts.definition(*owner).kind.is_type()) {
                bindings.entry(owner).or_default().push(place);
            }
        }
        for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind.is_type()) {
            let class = (file, id);
            let is_sqlmodel = self.classes.lineage(class).iter().any(|ancestor| match ancestor {
                Ancestor::Outside(name) => outside::base(name) == Some(outside::Naming::SqlModel),
                Ancestor::Ours(_) => false,
            });
            let body = self.body(class, bindings.get(&id).map_or(&[], Vec::as_slice), is_sqlmodel);
            if !body.is_empty() || !definition.bases.is_empty() {
                self.bodies.insert(class, body);
            }
        }
    }

    /// `Order.lines = relationship(Line)` after the class.
    fn add_attributes_set_later(&mut self, file: FileId) {
        let facts = self.classes.base.facts(file);
        for binding in facts.bindings.iter().filter(|binding| !facts.runs_lazily(binding.owner)) {
            let (crate::facts::Shape::Member(object, name), Some(value)) = (facts.value(binding.target).shape, binding.value) else {
                continue;
            };
            if facts.as_call(value).is_none() {
                continue;
            }
            let at = text::Place { file, owner: binding.owner };
            let Some(class) = self.class_at(at, object, &text::Known::default()) else { continue };
            let Some(made) = self.made(at, value, &text::Known::default()).filter(|made| made.kind != made::MadeKind::Other) else {
                continue;
            };
            let name = facts.text(name).to_owned();
            let part = body::Part { name, file, line: binding.line, kind: body::PartKind::Made(made), annotation: None };
            if let Some(body) = self.bodies.get_mut(&class) {
                body.parts.push(part);
            }
        }
    }
}
