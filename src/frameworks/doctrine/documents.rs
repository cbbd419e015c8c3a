//! What XML and YAML files say of classes: Doctrine's XML and YAML drivers (`User.orm.xml`, `User.orm.yml`).
//!
//! Both are turned into the notes that attributes would be, so the mapping has one reader.

use super::notes::{Note, Noted, Property};
use crate::base::{FileId, Language};
use crate::facts::Node;
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use std::collections::BTreeMap;

/// How deep notes nest.
const DEEPEST: u32 = 4;

/// Keys that name a class.
const CLASSES: [&str; 3] = ["targetentity", "class", "repositoryclass"];

/// What a file says of the classes it maps.
pub(super) fn of_file(classes: &PhpClasses<'_>, file: FileId) -> Vec<(ClassId, Noted)> {
    let entry = classes.base.file(file);
    let language = entry.source.language;
    if entry.left_out || (language != Language::XML && language != Language::YAML) {
        return Vec::new();
    }
    let Some(document) = entry.facts.document() else { return Vec::new() };
    if language == Language::XML {
        return document.all(&["doctrine-mapping"]).into_iter().flat_map(|mapping| by_xml(classes, file, mapping)).collect();
    }
    let mapped = document.entries().filter(|(_, mapping)| is_kind(mapping.get("type").and_then(Node::text)));
    mapped.filter_map(|(name, mapping)| Reader::of(classes, file, name).map(|reader| (reader.class, reader.by_yaml(mapping)))).collect()
}

fn by_xml(classes: &PhpClasses<'_>, file: FileId, mapping: Node<'_>) -> Vec<(ClassId, Noted)> {
    let read = |(kind, node): (&str, Node<'_>)| {
        let name = node.attribute("name").filter(|_| is_kind(Some(&bare(kind))))?;
        let reader = Reader::of(classes, file, name)?;
        Some((reader.class, reader.by_xml(&bare(kind), node)))
    };
    mapping.entries().filter_map(read).collect()
}

fn is_kind(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| matches!(bare(kind).as_str(), "entity" | "mappedsuperclass" | "embeddable"))
}

/// `many-to-one`, `manyToOne`: the name a note has.
fn bare(name: &str) -> String {
    name.chars().filter(|letter| *letter != '-').collect::<String>().to_ascii_lowercase()
}

/// The keyword that a key in small letters stands for.
fn keyword(key: &str) -> &str {
    match key {
        "targetentity" => "targetEntity",
        "repositoryclass" => "repositoryClass",
        "mappedby" => "mappedBy",
        "inversedby" => "inversedBy",
        "referencedcolumnname" => "referencedColumnName",
        "columnprefix" => "columnPrefix",
        other => other,
    }
}

/// One class of one file.
struct Reader<'a> {
    classes: &'a PhpClasses<'a>,
    file: FileId,
    class: ClassId,
    /// The namespace of the class, with the backslash behind it.
    namespace: &'a str,
}

impl<'a> Reader<'a> {
    fn of(classes: &'a PhpClasses<'a>, file: FileId, name: &'a str) -> Option<Self> {
        let class = classes.full(file, name)?;
        let namespace = name.rfind('\\').map_or("", |end| &name[..=end]);
        Some(Self { classes, file, class, namespace })
    }

    /// A class by its full name, or beside the class at hand.
    fn class_of(&self, name: &str) -> Ancestor {
        let beside = || self.classes.full(self.file, &format!("{}{name}", self.namespace));
        let found = self.classes.full(self.file, name).or_else(beside);
        found.map_or_else(|| Ancestor::Outside(name.trim_start_matches('\\').to_lowercase()), Ancestor::Ours)
    }

    fn set(&self, note: &mut Note, key: &str, text: &str) {
        if CLASSES.contains(&key) {
            note.classes.insert(keyword(key).to_owned(), self.class_of(text));
        } else {
            note.texts.insert(keyword(key).to_owned(), text.to_owned());
        }
    }

    fn note(&self, name: &str, pairs: &[(&str, Option<&str>)]) -> Note {
        let mut note = Note { name: name.to_owned(), ..Note::default() };
        for (key, text) in pairs {
            if let Some(text) = text {
                self.set(&mut note, key, text);
            }
        }
        note
    }

    fn property(&self, name: &str, line: u32, notes: Vec<Note>) -> Property {
        Property { name: name.to_owned(), file: self.file, line, written: None, notes }
    }

    /// What says of the class itself how it is stored.
    fn of_class(&self, kind: &str, table: Option<&str>, inheritance: Option<&str>, repository: Option<&str>) -> Vec<Note> {
        let mut notes = vec![self.note(kind, &[("repositoryclass", repository)])];
        notes.extend(table.map(|table| self.note("table", &[("name", Some(table))])));
        notes.extend(inheritance.map(|how| self.note("inheritancetype", &[("value", Some(how))])));
        notes
    }

    fn by_xml(&self, kind: &str, node: Node<'_>) -> Noted {
        let attribute = |name: &str| node.attribute(name);
        let notes = self.of_class(kind, attribute("table"), attribute("inheritance-type"), attribute("repository-class"));
        let mut noted = Noted { notes, properties: Vec::new() };
        for (key, inner) in node.entries() {
            match bare(key).as_str() {
                "discriminatorcolumn" => noted.notes.push(self.attributes("discriminatorcolumn", inner)),
                "id" => noted.properties.extend(self.field(inner, vec![self.note("id", &[])])),
                "field" => noted.properties.extend(self.field(inner, Vec::new())),
                "embedded" => {
                    let Some(name) = inner.attribute("name") else { continue };
                    let mut note = self.attributes("embedded", inner);
                    if inner.attribute("use-column-prefix") == Some("false") {
                        note.texts.insert("columnPrefix".to_owned(), "false".to_owned());
                    }
                    noted.properties.push(self.property(name, inner.line(), vec![note]));
                }
                relation @ ("manytoone" | "onetoone" | "onetomany" | "manytomany") => {
                    let Some(name) = inner.attribute("field") else { continue };
                    let mut notes = vec![self.attributes(relation, inner)];
                    notes.extend(self.joins(inner, DEEPEST));
                    // A relation may be part of the key: `<id name="order" association-key="true"/>`.
                    match noted.properties.iter_mut().find(|known| known.name == name) {
                        Some(known) => {
                            known.notes.retain(|note| note.name == "id");
                            known.notes.extend(notes);
                        }
                        None => noted.properties.push(self.property(name, inner.line(), notes)),
                    }
                }
                _ => {}
            }
        }
        noted
    }

    /// `<field name="total" column="total_sum" type="integer"/>`
    fn field(&self, node: Node<'_>, mut notes: Vec<Note>) -> Option<Property> {
        notes.push(self.note("column", &[("name", node.attribute("column")), ("type", node.attribute("type"))]));
        Some(self.property(node.attribute("name")?, node.line(), notes))
    }

    fn attributes(&self, name: &str, node: Node<'_>) -> Note {
        let mut note = self.note(name, &[]);
        for (key, value) in node.entries() {
            if let (Some(key), Some(text)) = (key.strip_prefix('@'), value.text()) {
                self.set(&mut note, &bare(key), text);
            }
        }
        note
    }

    /// Join columns and join tables of a relation in XML.
    fn joins(&self, node: Node<'_>, left: u32) -> Vec<Note> {
        let Some(left) = left.checked_sub(1) else { return Vec::new() };
        let mut notes = Vec::new();
        for (key, inner) in node.entries() {
            match bare(key).as_str() {
                "joincolumn" => notes.push(self.attributes("joincolumn", inner)),
                "joincolumns" | "inversejoincolumns" => notes.extend(self.joins(inner, left)),
                "jointable" => {
                    let mut table = self.attributes("jointable", inner);
                    for (list, key) in [("join-columns", "joinColumns"), ("inverse-join-columns", "inverseJoinColumns")] {
                        for columns in inner.all(&[list]) {
                            table.inner.extend(self.joins(columns, left).into_iter().map(|note| (key.to_owned(), note)));
                        }
                    }
                    notes.push(table);
                }
                _ => {}
            }
        }
        notes
    }

    fn by_yaml(&self, node: Node<'_>) -> Noted {
        let text = |key: &str| node.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        let kind = bare(text("type").unwrap_or_default());
        let mut noted =
            Noted { notes: self.of_class(&kind, text("table"), text("inheritanceType"), text("repositoryClass")), properties: Vec::new() };
        noted.notes.extend(node.get("discriminatorColumn").map(|column| self.keys("discriminatorcolumn", column)));
        for (list, is_id) in [("id", true), ("fields", false)] {
            for (name, inner) in node.get(list).into_iter().flat_map(Node::entries) {
                let of = |key: &str| inner.get(key).and_then(Node::text);
                let mut notes = vec![self.note("column", &[("name", of("column")), ("type", of("type"))])];
                notes.extend((is_id || of("id") == Some("true")).then(|| self.note("id", &[])));
                noted.properties.push(self.property(name, inner.line(), notes));
            }
        }
        for (name, inner) in node.get("embedded").into_iter().flat_map(Node::entries) {
            noted.properties.push(self.property(name, inner.line(), vec![self.keys("embedded", inner)]));
        }
        for relation in ["manyToOne", "oneToOne", "oneToMany", "manyToMany"] {
            for (name, inner) in node.get(relation).into_iter().flat_map(Node::entries) {
                let mut notes = vec![self.keys(&bare(relation), inner)];
                notes.extend(self.yaml_joins(inner, "joinColumn", "joinColumns"));
                if let Some(table) = inner.get("joinTable") {
                    let mut note = self.keys("jointable", table);
                    note.texts.extend(table.text().filter(|name| !name.is_empty()).map(|name| ("name".to_owned(), name.to_owned())));
                    for (one, list) in [("joinColumn", "joinColumns"), ("inverseJoinColumn", "inverseJoinColumns")] {
                        note.inner.extend(self.yaml_joins(table, one, list).into_iter().map(|inner| (list.to_owned(), inner)));
                    }
                    notes.push(note);
                }
                noted.properties.retain(|known| known.name != name);
                noted.properties.push(self.property(name, inner.line(), notes));
            }
        }
        noted
    }

    /// `joinColumn: { name: author_id }`, `joinColumns: { author_id: { referencedColumnName: id } }`
    fn yaml_joins(&self, node: Node<'_>, one: &str, list: &str) -> Vec<Note> {
        let mut notes: Vec<Note> = node.get(one).map(|column| self.keys("joincolumn", column)).into_iter().collect();
        for (name, inner) in node.get(list).into_iter().flat_map(Node::entries) {
            let mut note = self.keys("joincolumn", inner);
            note.texts.entry("name".to_owned()).or_insert_with(|| name.to_owned());
            notes.push(note);
        }
        notes
    }

    /// The plain keys of a mapping.
    fn keys(&self, name: &str, node: Node<'_>) -> Note {
        let mut note = self.note(name, &[]);
        for (key, value) in node.entries() {
            if let Some(text) = value.text().filter(|text| !text.is_empty()) {
                self.set(&mut note, &bare(key), text);
            }
        }
        note
    }
}

/// Puts right what only all mappings together tell: which class an interface stands for, and which mapped superclasses have
/// tables because their application makes entities of them.
pub(super) fn settle(classes: &PhpClasses<'_>, noted: &mut BTreeMap<ClassId, Noted>) {
    let with_tables: Vec<ClassId> = noted.iter().filter(|(_, noted)| is_made_entity(noted)).map(|(class, _)| *class).collect();
    for class in with_tables {
        // Only the class that nothing mapped extends is the entity.
        let is_extended = noted.keys().any(|other| *other != class && classes.line(*other).any(|above| above == class));
        if !is_extended && let Some(own) = noted.get_mut(&class) {
            own.notes.push(Note { name: "entity".to_owned(), ..Note::default() });
        }
    }
    let entities: Vec<ClassId> = noted.iter().filter(|(_, noted)| has_entity(noted)).map(|(class, _)| *class).collect();
    let stands_for = |interface: ClassId| {
        let mut fitting = entities.iter().copied().filter(|class| classes.line(*class).any(|above| above == interface));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    };
    let mut known: BTreeMap<ClassId, Option<ClassId>> = BTreeMap::new();
    for property in noted.values_mut().flat_map(|noted| &mut noted.properties) {
        for note in &mut property.notes {
            let Some(Ancestor::Ours(target)) = note.classes.get("targetEntity") else { continue };
            let target = *target;
            if entities.contains(&target) {
                continue;
            }
            if let Some(class) = *known.entry(target).or_insert_with(|| stands_for(target)) {
                note.classes.insert("targetEntity".to_owned(), Ancestor::Ours(class));
            }
        }
    }
}

fn has_entity(noted: &Noted) -> bool {
    noted.notes.iter().any(|note| note.name == "entity")
}

/// A mapped superclass has no table of its own; one that names a table is made an entity when the application is put together.
fn is_made_entity(noted: &Noted) -> bool {
    let has = |name: &str| noted.notes.iter().any(|note| note.name == name);
    has("mappedsuperclass") && has("table") && !has("entity")
}
