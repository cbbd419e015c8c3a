//! From notes to tables: entities, their columns, keys, join tables and inheritance.
//!
//! Follows Doctrine ORM's own rules (documentation, "Basic Mapping", "Association Mapping", "Inheritance Mapping",
//! "Separating Concerns using Embeddables", "Implementing a NamingStrategy").

use super::naming::Naming;
use super::notes::{Note, Noted, Property};
use crate::base::{Certainty, FileId};
use crate::frameworks::orm::{Ancestor, Attribute, AttributeKind, ClassId, Entities, Entity, Relation};
use crate::frameworks::php::PhpClasses;
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, MappedBy, Told};
use std::collections::BTreeMap;

/// Notes that make a property a relation.
const RELATIONS: [&str; 4] = ["manytoone", "onetoone", "manytomany", "onetomany"];

/// How deep embedded objects nest.
const DEEPEST: u32 = 4;

/// Everything that is mapped.
pub(super) struct Mapping<'a> {
    classes: &'a PhpClasses<'a>,
    noted: BTreeMap<ClassId, Noted>,
    naming: Naming,
}

/// A table while it is put together.
#[derive(Default)]
struct Draft {
    columns: Vec<Column>,
    primary_key: Vec<String>,
    keys: Vec<ForeignKey>,
    attributes: BTreeMap<String, Attribute>,
    between: Vec<DeclaredTable>,
}

impl<'a> Mapping<'a> {
    pub(super) fn new(classes: &'a PhpClasses<'a>, noted: BTreeMap<ClassId, Noted>, naming: Naming) -> Self {
        Self { classes, noted, naming }
    }

    /// Adds every entity's table, and tells what accesses need to know.
    pub(super) fn read(&self, entities: &mut Entities, tables: &mut Vec<DeclaredTable>) {
        let start = tables.len();
        for (class, noted) in &self.noted {
            if !has(&noted.notes, "entity") {
                continue;
            }
            let draft = self.draft(*class);
            let name = self.table(*class);
            let entity = Entity {
                table: Some(name.clone()),
                attributes: draft.attributes.clone(),
                by_session: true,
                parent_tables: self.root(*class).filter(|_| self.is_joined(*class)).map(|root| self.table(root)).into_iter().collect(),
                ..Entity::default()
            };
            entities.rows.insert(*class, entity);
            tables.extend(draft.between.iter().cloned());
            self.add_table(*class, &name, draft, start, tables);
        }
    }

    /// Adds a table, or what a class adds to the table of the class above it.
    fn add_table(&self, class: ClassId, name: &str, draft: Draft, start: usize, tables: &mut Vec<DeclaredTable>) {
        let line = self.classes.facts(class.0).definition(class.1).span.line;
        let declaration = Declaration { file: class.0, line, by: DeclaredBy::Orm };
        let shares = self.root(class).is_some_and(|root| root != class && self.table(root) == name);
        match tables[start..].iter_mut().find(|table| table.name == name) {
            Some(known) => {
                known.declared.push(declaration);
                if !shares {
                    known.model = Some(MappedBy::class(class));
                    known.primary_key.clone_from(&draft.primary_key);
                }
                for column in draft.columns {
                    if !known.columns.iter().any(|other| other.name == column.name) {
                        known.columns.push(column);
                    }
                }
                for key in draft.keys {
                    if !known.foreign_keys.iter().any(|other| other.columns == key.columns && other.to_table == key.to_table) {
                        known.foreign_keys.push(key);
                    }
                }
            }
            None => tables.push(DeclaredTable {
                name: name.to_owned(),
                schema: None,
                model: (!shares).then_some(MappedBy::class(class)),
                declared: vec![declaration],
                columns: draft.columns,
                primary_key: draft.primary_key,
                foreign_keys: draft.keys,
                polymorphic: Vec::new(),
                told: Told::default(),
            }),
        }
    }

    fn notes(&self, class: ClassId) -> &[Note] {
        self.noted.get(&class).map_or(&[], |noted| noted.notes.as_slice())
    }

    /// The class that begins an inheritance: the highest entity above a class that says how it is mapped.
    fn root(&self, class: ClassId) -> Option<ClassId> {
        self.classes.line(class).filter(|above| has(self.notes(*above), "inheritancetype")).last()
    }

    fn is_joined(&self, class: ClassId) -> bool {
        let root = self.root(class).filter(|root| *root != class);
        root.is_some_and(|root| self.inheritance(root) == Some("joined"))
    }

    fn inheritance(&self, root: ClassId) -> Option<&str> {
        let note = self.notes(root).iter().find(|note| note.name == "inheritancetype")?;
        Some(match note.text("value", 0)?.to_ascii_lowercase().as_str() {
            "joined" => "joined",
            "single_table" => "single",
            _ => "own",
        })
    }

    /// The table of an entity.
    fn table(&self, class: ClassId) -> String {
        if let Some(root) = self.root(class).filter(|root| *root != class)
            && self.inheritance(root) == Some("single")
        {
            return self.table(root);
        }
        let note = self.notes(class).iter().find(|note| note.name == "table");
        let written = note.and_then(|note| note.text("name", 0)).map(unquoted);
        written.map_or_else(|| self.naming.table(self.classes.bare_name(class)), str::to_owned)
    }

    /// The key columns of an entity: those its properties say, or else those of the class above it.
    fn key(&self, class: ClassId) -> Vec<String> {
        let own = self.properties(class, true);
        let ids = own.iter().filter(|property| has(&property.notes, "id"));
        ids.map(|property| self.column_of(property)).collect()
    }

    /// The column a property is stored in.
    fn column_of(&self, property: &Property) -> String {
        if property.notes.iter().any(|note| RELATIONS.contains(&note.name.as_str())) {
            let written = property.notes.iter().find(|note| note.name == "joincolumn").and_then(|note| note.text("name", 0));
            return written.map_or_else(|| self.naming.join_column(&property.name, "id"), |name| unquoted(name).to_owned());
        }
        let note = property.notes.iter().find(|note| note.name == "column");
        let written = note.and_then(|note| note.text("name", 0)).map(unquoted);
        written.map_or_else(|| self.naming.column(&property.name), str::to_owned)
    }

    /// The mapped properties of a class: its own, and those of traits, mapped superclasses and, where asked for or where
    /// it has a table of its own for all, of entities above it.
    fn properties(&self, class: ClassId, all: bool) -> Vec<Property> {
        let mut found: Vec<Property> = Vec::new();
        for above in self.classes.line(class) {
            let Some(noted) = self.noted.get(&above) else { continue };
            let is_other = above != class && has(&noted.notes, "entity");
            if is_other && !all && self.root(class).is_some_and(|root| root != class && self.inheritance(root) != Some("own")) {
                continue;
            }
            for property in &noted.properties {
                if !found.iter().any(|known| known.name == property.name) {
                    found.push(property.clone());
                }
            }
        }
        found
    }

    fn draft(&self, class: ClassId) -> Draft {
        let mut draft = Draft::default();
        let joined = self.is_joined(class);
        if let Some(root) = self.root(class).filter(|_| joined) {
            let key = self.key(root);
            for column in &key {
                add(&mut draft, column, None);
            }
            let evidence = (class.0, self.classes.facts(class.0).definition(class.1).span.line);
            draft.keys.push(foreign_key(key.clone(), self.table(root), key.clone(), evidence));
            draft.primary_key = key;
        }
        for property in self.properties(class, false) {
            self.property(class, &property, "", &mut draft, DEEPEST);
        }
        // Relations and columns of the classes above are reached through the class too.
        if joined || self.root(class).is_some_and(|root| root != class) {
            let mut above = Draft::default();
            for property in self.properties(class, true) {
                self.property(class, &property, "", &mut above, DEEPEST);
            }
            draft.attributes.extend(above.attributes);
        }
        if self.root(class) == Some(class) {
            let note = self.notes(class).iter().find(|note| note.name == "discriminatorcolumn");
            let name = note.and_then(|note| note.text("name", 0)).unwrap_or("dtype").to_owned();
            add(&mut draft, &name, None);
        }
        draft
    }

    /// What one property adds.
    fn property(&self, class: ClassId, property: &Property, prefix: &str, draft: &mut Draft, left: u32) {
        let Some(left) = left.checked_sub(1) else { return };
        if let Some(note) = property.notes.iter().find(|note| note.name == "embedded") {
            let Some(Ancestor::Ours(embedded)) = note.class("class", 0).cloned().or(property.written.map(Ancestor::Ours)) else { return };
            let own = match note.text("columnPrefix", 1) {
                Some("false") => String::new(),
                Some(written) => written.to_owned(),
                None => self.naming.embedded(&property.name),
            };
            let prefix = format!("{prefix}{own}");
            for inner in self.properties(embedded, true) {
                self.property(class, &inner, &prefix, draft, left);
            }
            return;
        }
        if let Some(note) = property.notes.iter().find(|note| RELATIONS.contains(&note.name.as_str())) {
            return self.relation(class, property, note, draft);
        }
        let Some(note) = property.notes.iter().find(|note| note.name == "column") else { return };
        let column = format!("{prefix}{}", self.column_of(property));
        add(draft, &column, note.text("type", 1));
        if has(&property.notes, "id") {
            draft.primary_key.push(column.clone());
        }
        draft.attributes.insert(property.name.clone(), Attribute { kind: AttributeKind::Column(column), query_name: None });
    }

    fn relation(&self, class: ClassId, property: &Property, note: &Note, draft: &mut Draft) {
        let target = note.class("targetEntity", 0).cloned().or(property.written.map(Ancestor::Ours));
        let Some(Ancestor::Ours(target)) = target else { return };
        if !has(self.notes(target), "entity") {
            // An interface, or a class that no entity stands for: where it leads is not known, the column is.
            let written = join_columns(property);
            let names = written.iter().filter_map(|join| join.text("name", 0)).map(unquoted);
            return names.for_each(|name| add(draft, name, None));
        }
        let many = note.name.ends_with("many");
        let is_other_side = note.text("mappedBy", usize::MAX).is_some() || note.name == "onetomany";
        let mut join_table = None;
        let mut column = None;
        if note.name == "manytomany" {
            let owner = if is_other_side { (target, self.owning(target, note)) } else { (class, Some(property.clone())) };
            if let (home, Some(owning)) = owner {
                let other = if is_other_side { class } else { target };
                let table = self.between(home, other, &owning);
                join_table = Some(table.name.clone());
                if !is_other_side {
                    draft.between.push(table);
                }
            }
        } else if !is_other_side {
            let joins = join_columns(property);
            let to_table = self.table(target);
            let targets = self.key(target);
            let default = vec![(self.naming.join_column(&property.name, "id"), "id".to_owned())];
            let pairs: Vec<(String, String)> = if joins.is_empty() { default } else { self.named(&joins, &property.name, &targets) };
            let (columns, to_columns): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
            for name in &columns {
                add(draft, name, None);
                if has(&property.notes, "id") {
                    draft.primary_key.push(name.clone());
                }
            }
            column = columns.first().cloned();
            draft.keys.push(foreign_key(columns, to_table, to_columns, (property.file, property.line)));
        }
        let relation = Relation { class: Some(target), table: Some(self.table(target)), many, join_table, column };
        draft.attributes.insert(property.name.clone(), Attribute { kind: AttributeKind::Relation(relation), query_name: None });
    }

    /// The names of join columns with what they point at.
    fn named(&self, joins: &[Note], base: &str, targets: &[String]) -> Vec<(String, String)> {
        let own = |(place, join): (usize, &Note)| {
            let to = join.text("referencedColumnName", 1).map(unquoted).map(str::to_owned);
            let to = to.or_else(|| targets.get(place).filter(|_| targets.len() == joins.len()).cloned()).unwrap_or_else(|| "id".to_owned());
            let name = join.text("name", 0).map(unquoted).map_or_else(|| self.naming.join_column(base, &to), str::to_owned);
            (name, to)
        };
        joins.iter().enumerate().map(own).collect()
    }

    /// The property on the owning side of a relation that says `mappedBy`.
    fn owning(&self, target: ClassId, note: &Note) -> Option<Property> {
        let name = note.text("mappedBy", usize::MAX)?;
        self.properties(target, true).into_iter().find(|property| property.name == name)
    }

    /// The table in between of a many-to-many relation, seen from its owning side.
    fn between(&self, class: ClassId, target: ClassId, property: &Property) -> DeclaredTable {
        let note = property.notes.iter().find(|note| note.name == "jointable");
        let (source, other) = (self.classes.bare_name(class), self.classes.bare_name(target));
        let written = note.and_then(|note| note.text("name", 0)).map(unquoted);
        let name = written.map_or_else(|| self.naming.join_table(source, other), str::to_owned);
        let columns = |inner: &str, outside: &str, bare: &str, to: ClassId| {
            let nested: Vec<Note> = note
                .map(|note| note.inner.iter().filter(|(key, _)| key == inner).map(|(_, note)| note.clone()).collect())
                .unwrap_or_default();
            let beside: Vec<Note> = property.notes.iter().filter(|note| note.name == outside).cloned().collect();
            let joins = if nested.is_empty() { beside } else { nested };
            if !joins.is_empty() {
                return self.named(&joins, bare, &self.key(to));
            }
            let key = self.key(to).into_iter().next().unwrap_or_else(|| "id".to_owned());
            // Of a class that is joined to itself each side says which it is.
            let side = if outside == "joincolumn" { "source" } else { "target" };
            vec![(self.naming.join_key(bare, if class == target { side } else { &key }), key)]
        };
        let own = columns("joinColumns", "joincolumn", source, class);
        let far = columns("inverseJoinColumns", "inversejoincolumn", other, target);
        let evidence = (property.file, property.line);
        let mut draft = Draft::default();
        for (pairs, table) in [(own, self.table(class)), (far, self.table(target))] {
            let (columns, to): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
            columns.iter().for_each(|name| add(&mut draft, name, None));
            draft.primary_key.extend(columns.iter().cloned());
            draft.keys.push(foreign_key(columns, table, to, evidence));
        }
        DeclaredTable {
            name,
            schema: None,
            model: None,
            declared: vec![Declaration { file: evidence.0, line: evidence.1, by: DeclaredBy::Orm }],
            columns: draft.columns,
            primary_key: draft.primary_key,
            foreign_keys: draft.keys,
            polymorphic: Vec::new(),
            told: Told::default(),
        }
    }
}

/// The join columns of a property, alone or in a list.
fn join_columns(property: &Property) -> Vec<Note> {
    let mut found: Vec<Note> = property.notes.iter().filter(|note| note.name == "joincolumn").cloned().collect();
    for list in property.notes.iter().filter(|note| note.name == "joincolumns") {
        found.extend(list.inner.iter().map(|(_, inner)| inner.clone()));
    }
    found
}

fn has(notes: &[Note], name: &str) -> bool {
    notes.iter().any(|note| note.name == name)
}

/// A name without the quotes that keep it from being taken for a word of SQL.
fn unquoted(name: &str) -> &str {
    name.trim_matches(['`', '"', '[', ']'])
}

fn add(draft: &mut Draft, name: &str, kind: Option<&str>) {
    if !draft.columns.iter().any(|column| column.name == name) {
        draft.columns.push(Column { name: name.to_owned(), type_name: kind.map(str::to_owned) });
    }
}

fn foreign_key(columns: Vec<String>, to_table: String, to_columns: Vec<String>, (file, line): (FileId, u32)) -> ForeignKey {
    ForeignKey {
        columns,
        to_table,
        to_columns,
        basis: KeyBasis::Orm,
        certainty: Certainty::LITERAL,
        evidence: vec![(file, line, "relation")],
    }
}
