//! Mapping that code builds: `loadMetadata` of an entity with the library's builder
//! (`$builder->createField('total', 'integer')->columnName('sum')->build()`).
//!
//! It is turned into the notes that attributes would be, so the mapping has one reader. Methods that an application adds to the
//! builder, and functions that are handed it, are gone through with what they are called with.

use super::notes::{Note, Noted, Property};
use crate::base::FileId;
use crate::facts::{BlockKind, Call, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::{PhpClasses, is_this};
use rustc_hash::FxHashMap;

/// How deep helpers call each other, and how far a chain of calls goes.
const DEEPEST: u32 = 5;
const LONGEST: usize = 60;

/// Makers of relations, with the note each stands for and the keyword of a third argument.
const RELATIONS: [(&str, &str, &str); 10] = [
    ("createManyToOne", "manytoone", ""),
    ("createOneToOne", "onetoone", ""),
    ("createOneToMany", "onetomany", ""),
    ("createManyToMany", "manytomany", ""),
    ("addManyToOne", "manytoone", "inversedBy"),
    ("addOwningOneToOne", "onetoone", "inversedBy"),
    ("addInverseOneToOne", "onetoone", "mappedBy"),
    ("addOwningManyToMany", "manytomany", "inversedBy"),
    ("addInverseManyToMany", "manytomany", "mappedBy"),
    ("addOneToMany", "onetomany", "mappedBy"),
];

/// What the builders of the library do themselves.
const OWN: [&str; 12] = [
    "build",
    "nullable",
    "unique",
    "length",
    "option",
    "columnDefinition",
    "generatedValue",
    "addIndex",
    "addUniqueConstraint",
    "addLifecycleEvent",
    "getClassMetadata",
    "fetchExtraLazy",
];

/// What a parameter of a helper was handed.
#[derive(Clone, Debug)]
enum Given {
    Text(String),
    Class(Ancestor),
    /// False, null, or nothing.
    No,
    Unknown,
}

/// A function that is gone through.
struct Frame<'a> {
    facts: &'a FileFacts,
    file: FileId,
    function: DefinitionId,
    /// The class whose method it is called as.
    this: ClassId,
    given: Vec<(Text, Given)>,
}

/// What code builds for the classes of a file.
pub(super) fn of_file(classes: &PhpClasses<'_>, file: FileId) -> Vec<(ClassId, Noted)> {
    let facts = classes.facts(file);
    if facts.texts.find("loadMetadata").is_none() {
        return Vec::new();
    }
    let read = |class: ClassId| {
        let function = classes.own_method(class.0, class.1, "loadMetadata")?;
        let mut builder = Builder { classes, noted: Noted::default(), kind: "entity", repository: None };
        builder.run(&Frame { facts, file, function, this: class, given: Vec::new() }, DEEPEST);
        let Builder { mut noted, kind, repository, .. } = builder;
        if noted.notes.is_empty() && noted.properties.is_empty() {
            return None;
        }
        let mut note = Note { name: kind.to_owned(), ..Note::default() };
        note.classes.extend(repository.map(|class| ("repositoryClass".to_owned(), class)));
        noted.notes.push(note);
        Some((class, noted))
    };
    classes.classes_of(file).filter_map(read).collect()
}

struct Builder<'a, 'b> {
    classes: &'b PhpClasses<'a>,
    noted: Noted,
    kind: &'static str,
    repository: Option<Ancestor>,
}

impl<'a> Builder<'a, '_> {
    fn run(&mut self, frame: &Frame<'a>, left: u32) {
        let Some(left) = left.checked_sub(1) else { return };
        let facts = frame.facts;
        let inside = facts.definition(frame.function).values;
        let first = facts.calls.partition_point(|call| call.value.0 < inside.start);
        // Properties by the call that began them.
        let mut begun: FxHashMap<ValueId, usize> = FxHashMap::default();
        for call in facts.calls[first..].iter().take_while(|call| call.value.0 < inside.end) {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            if self.is_passed(frame, call) {
                continue;
            }
            let name = facts.text(name);
            if let Some(property) = self.begins(frame, call, name) {
                let properties = &mut self.noted.properties;
                let known = properties.iter().position(|known| known.name == property.name);
                let place = known.unwrap_or(properties.len());
                properties.splice(place..(place + 1).min(properties.len()), [property]);
                begun.insert(call.value, place);
            } else if let Some(place) = root(self.classes, frame, object).and_then(|root| begun.get(&root).copied()) {
                self.goes_on(frame, call, name, place);
            } else if !self.of_class(frame, call, name) && !OWN.contains(&name) {
                self.helper(frame, call, object, name, left);
            }
        }
    }

    /// A call under an `if` on a parameter that was handed nothing.
    fn is_passed(&self, frame: &Frame<'_>, call: &Call) -> bool {
        let facts = frame.facts;
        let around = facts.blocks.iter().filter(|block| block.kind == BlockKind::Branch && block.values.contains(call.value.0));
        around
            .filter_map(|block| facts.as_name(block.subject?))
            .any(|name| frame.given.iter().any(|(parameter, given)| *parameter == name && matches!(given, Given::No)))
    }

    fn given(&self, frame: &Frame<'_>, value: ValueId) -> Given {
        let facts = frame.facts;
        if let Some(name) = facts.as_name(value)
            && let Some((_, given)) = frame.given.iter().find(|(parameter, _)| *parameter == name)
        {
            return given.clone();
        }
        match facts.value(value).shape {
            Shape::Constant(word) if !facts.text(word).eq_ignore_ascii_case("true") => return Given::No,
            Shape::Member(class, name) if facts.text(name).eq_ignore_ascii_case("class") => {
                let of_this = facts.as_name(class).is_some_and(|name| matches!(facts.text(name), "self" | "static"));
                let class =
                    if of_this { Some(Ancestor::Ours(frame.this)) } else { self.classes.class_at(frame.file, Some(frame.function), class) };
                return class.map_or(Given::Unknown, Given::Class);
            }
            _ => {}
        }
        match self.classes.text(frame.file, Some(frame.function), value) {
            Some(text) => Given::Text(text),
            // `Types::STRING` of the library.
            None => match facts.value(value).shape {
                Shape::Member(_, name) => Given::Text(facts.text(name).to_ascii_lowercase()),
                _ => Given::Unknown,
            },
        }
    }

    fn text(&self, frame: &Frame<'_>, call: &Call, place: usize) -> Option<String> {
        match self.given(frame, frame.facts.arguments_of(call).get(place)?.value) {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }

    fn class(&self, frame: &Frame<'_>, call: &Call, place: usize) -> Option<Ancestor> {
        match self.given(frame, frame.facts.arguments_of(call).get(place)?.value) {
            Given::Class(class) => Some(class),
            Given::Text(name) => {
                let bare = name.trim_start_matches('\\');
                let beside = || self.classes.full_name(frame.this).rsplit_once('\\').map(|(namespace, _)| format!("{namespace}\\{bare}"));
                let found = self.classes.full(frame.file, bare).or_else(|| self.classes.full(frame.file, &beside()?));
                Some(found.map_or_else(|| Ancestor::Outside(bare.to_lowercase()), Ancestor::Ours))
            }
            _ => None,
        }
    }

    /// A call that begins a property.
    fn begins(&self, frame: &Frame<'_>, call: &Call, name: &str) -> Option<Property> {
        let facts = frame.facts;
        let mut notes = Vec::new();
        let mut property = None;
        if matches!(name, "createField" | "addField") {
            property = Some(self.text(frame, call, 0)?);
            let mut column = Note { name: "column".to_owned(), ..Note::default() };
            column.texts.extend(self.text(frame, call, 1).map(|kind| ("type".to_owned(), kind)));
            if let Some(Shape::Map(entries)) = facts.arguments_of(call).get(2).map(|mapping| facts.value(mapping.value).shape) {
                self.mapped(frame, entries, &mut column, &mut notes);
            }
            notes.push(column);
        } else if name == "mapField" {
            let Some(Shape::Map(entries)) = facts.arguments_of(call).first().map(|mapping| facts.value(mapping.value).shape) else {
                return None;
            };
            let mut column = Note { name: "column".to_owned(), ..Note::default() };
            property = self.mapped(frame, entries, &mut column, &mut notes);
            notes.push(column);
        } else if let Some((_, kind, keyword)) = RELATIONS.iter().find(|(known, ..)| *known == name) {
            property = Some(self.text(frame, call, 0)?);
            let mut note = Note { name: (*kind).to_owned(), ..Note::default() };
            note.classes.insert("targetEntity".to_owned(), self.class(frame, call, 1)?);
            if !keyword.is_empty() {
                note.texts.extend(self.text(frame, call, 2).map(|other| ((*keyword).to_owned(), other)));
            }
            notes.push(note);
        }
        Some(Property { name: property?, file: frame.file, line: call.span.line, written: None, notes })
    }

    /// `['fieldName' => 'total', 'columnName' => 'sum', 'id' => true]`: the property's name.
    fn mapped(&self, frame: &Frame<'_>, entries: crate::facts::Stretch, column: &mut Note, notes: &mut Vec<Note>) -> Option<String> {
        let facts = frame.facts;
        let mut property = None;
        for entry in &facts.entries[entries.range()] {
            let given = self.given(frame, entry.value);
            match (entry.key.and_then(|key| facts.as_literal(key)), given) {
                (Some("fieldName"), Given::Text(name)) => property = Some(name),
                (Some("columnName"), Given::Text(name)) => {
                    column.texts.insert("name".to_owned(), name);
                }
                (Some("type"), Given::Text(kind)) => {
                    column.texts.insert("type".to_owned(), kind);
                }
                (Some("id"), Given::Unknown | Given::Text(_)) => notes.push(Note { name: "id".to_owned(), ..Note::default() }),
                _ => {}
            }
        }
        property
    }

    /// A call on a property that was begun.
    fn goes_on(&mut self, frame: &Frame<'_>, call: &Call, name: &str, place: usize) {
        let (first, second) = (self.text(frame, call, 0), self.text(frame, call, 1));
        let Some(property) = self.noted.properties.get_mut(place) else { return };
        let note = |name: &str, pairs: [(&str, Option<String>); 2]| {
            let mut note = Note { name: name.to_owned(), ..Note::default() };
            note.texts.extend(pairs.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?))));
            note
        };
        match name {
            "columnName" => {
                if let (Some(column), Some(name)) = (property.notes.iter_mut().find(|note| note.name == "column"), first) {
                    column.texts.insert("name".to_owned(), name);
                }
            }
            "makePrimaryKey" | "isPrimaryKey" => property.notes.push(note("id", [("", None), ("", None)])),
            "mappedBy" | "inversedBy" => {
                if let (Some(relation), Some(other)) = (property.notes.first_mut(), first) {
                    relation.texts.insert(name.to_owned(), other);
                }
            }
            "addJoinColumn" => property.notes.push(note("joincolumn", [("name", first), ("referencedColumnName", second)])),
            "addInverseJoinColumn" => property.notes.push(note("inversejoincolumn", [("name", first), ("referencedColumnName", second)])),
            "setJoinTable" => property.notes.push(note("jointable", [("name", first), ("", None)])),
            _ => {}
        }
    }

    /// A call that says something of the class itself.
    fn of_class(&mut self, frame: &Frame<'_>, call: &Call, name: &str) -> bool {
        let mut note = |name: &str, key: &str, text: Option<String>| {
            let mut note = Note { name: name.to_owned(), ..Note::default() };
            note.texts.extend(text.map(|text| (key.to_owned(), text)));
            self.noted.notes.push(note);
        };
        match name {
            "setTable" => {
                let table = self.text(frame, call, 0);
                let mut note = Note { name: "table".to_owned(), ..Note::default() };
                note.texts.extend(table.map(|table| ("name".to_owned(), table)));
                self.noted.notes.push(note);
            }
            "setMappedSuperClass" => self.kind = "mappedsuperclass",
            "setEmbeddable" => self.kind = "embeddable",
            "setCustomRepositoryClass" => self.repository = self.class(frame, call, 0),
            "setJoinedTableInheritance" => note("inheritancetype", "value", Some("joined".to_owned())),
            "setSingleTableInheritance" => note("inheritancetype", "value", Some("single_table".to_owned())),
            "setDiscriminatorColumn" => {
                let column = self.text(frame, call, 0);
                let mut note = Note { name: "discriminatorcolumn".to_owned(), ..Note::default() };
                note.texts.extend(column.map(|column| ("name".to_owned(), column)));
                self.noted.notes.push(note);
            }
            _ => return false,
        }
        true
    }

    /// A method that the application adds to the builder, or a function of its own that is handed it.
    fn helper(&mut self, frame: &Frame<'a>, call: &Call, object: ValueId, name: &str, left: u32) {
        let facts = frame.facts;
        let written = facts.as_name(object).map(|name| facts.text(name));
        let class = match written {
            Some("self" | "static" | "$this") => Some(frame.this),
            Some("parent") => self.classes.parents(frame.this).into_iter().find_map(|above| match above {
                Ancestor::Ours(class) => Some(class),
                Ancestor::Outside(_) => None,
            }),
            _ => object_class(self.classes, frame, object),
        };
        let Some(class) = class else { return };
        let Some((file, function)) = self.classes.method_of(class, name) else { return };
        if name == "__construct" || (file, function) == (frame.file, frame.function) {
            return;
        }
        let home = self.classes.facts(file);
        let arguments = facts.arguments_of(call);
        let parameters = &home.parameters[home.definition(function).parameters.range()];
        let given = parameters.iter().enumerate().map(|(place, parameter)| {
            let given = match (arguments.get(place), parameter.default) {
                (Some(argument), _) => self.given(frame, argument.value),
                (None, Some(default)) => match home.value(default).shape {
                    Shape::Literal(text) => Given::Text(home.text(text).to_owned()),
                    Shape::Constant(word) if !home.text(word).eq_ignore_ascii_case("true") => Given::No,
                    _ => Given::Unknown,
                },
                (None, None) => Given::Unknown,
            };
            (parameter.name, given)
        });
        let given = given.collect();
        // A static method of the entity's line speaks of the entity; one of the builder speaks of the builder.
        let this = if matches!(written, Some("parent")) { frame.this } else { class };
        self.run(&Frame { facts: home, file, function, this, given }, left);
    }
}

/// The call that a chain, or a variable, begins with.
fn root(classes: &PhpClasses<'_>, frame: &Frame<'_>, object: ValueId) -> Option<ValueId> {
    let facts = frame.facts;
    let mut at = object;
    for _ in 0..LONGEST {
        if let Some(call) = facts.as_call(at) {
            let Shape::Member(before, name) = facts.value(call.callee).shape else { return None };
            match facts.text(name) {
                // What was begun is done, and the builder goes on.
                "build" => return None,
                name if name.starts_with("create") => return Some(at),
                _ => {}
            }
            at = before;
            continue;
        }
        let name = facts.as_name(at).filter(|_| !is_this(facts, at))?;
        let bound = classes.locals(frame.file).of_name(Some(frame.function), name).iter().rev();
        at = bound.map(|row| &facts.bindings[row.binding as usize]).find(|binding| binding.target.0 < at.0)?.value?;
    }
    None
}

/// The class of the object that a chain begins with: a variable that was given a new one, or a parameter's.
fn object_class(classes: &PhpClasses<'_>, frame: &Frame<'_>, object: ValueId) -> Option<ClassId> {
    let facts = frame.facts;
    let mut at = object;
    for _ in 0..LONGEST {
        if let Some(call) = facts.as_call(at) {
            let Shape::Member(before, name) = facts.value(call.callee).shape else { return None };
            if facts.text(name) == "__construct" {
                return match classes.class_at(frame.file, Some(frame.function), before)? {
                    Ancestor::Ours(class) => Some(class),
                    Ancestor::Outside(_) => None,
                };
            }
            at = before;
            continue;
        }
        let name = facts.as_name(at)?;
        if is_this(facts, at) {
            return Some(frame.this);
        }
        if !facts.text(name).starts_with('$') {
            return match classes.class_at(frame.file, Some(frame.function), at)? {
                Ancestor::Ours(class) => Some(class),
                Ancestor::Outside(_) => None,
            };
        }
        let bound = classes.locals(frame.file).of_name(Some(frame.function), name).iter().rev();
        if let Some(given) =
            bound.map(|row| &facts.bindings[row.binding as usize]).find(|binding| binding.target.0 < at.0).and_then(|binding| binding.value)
        {
            at = given;
            continue;
        }
        let parameters = &facts.parameters[facts.definition(frame.function).parameters.range()];
        let written = parameters.iter().find(|parameter| parameter.name == name)?.annotation?;
        return match classes.class_at(frame.file, Some(frame.function), written)? {
            Ancestor::Ours(class) => Some(class),
            Ancestor::Outside(_) => None,
        };
    }
    None
}
