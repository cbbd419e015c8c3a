//! What the methods of the library's metadata and of its builders say (`Doctrine\ORM\Mapping\Builder`).

use super::super::notes::Note;
use super::run::{Held, Run};

/// Arguments of a call, with the names of those that have one.
type Given = [(Option<String>, Held)];

fn text(given: &Given, place: usize) -> Option<&str> {
    match given.get(place) {
        Some((_, Held::Text(text))) => Some(text),
        _ => None,
    }
}

/// An element of an array by its key.
fn element<'a>(held: &'a Held, key: &str) -> Option<&'a Held> {
    let Held::List(elements) = held else { return None };
    elements.iter().find(|(name, _)| name.as_deref() == Some(key)).map(|(_, held)| held)
}

fn element_text<'a>(held: &'a Held, key: &str) -> Option<&'a str> {
    match element(held, key) {
        Some(Held::Text(text)) => Some(text),
        _ => None,
    }
}

fn note(name: &str, texts: &[(&str, Option<&str>)]) -> Note {
    let texts = texts.iter().filter_map(|(key, text)| Some(((*key).to_owned(), (*text)?.to_owned())));
    Note { name: name.to_owned(), texts: texts.collect(), ..Note::default() }
}

impl Run<'_> {
    /// What a call of the library says; nothing for a method it does not have.
    pub(super) fn said(&mut self, on: &Held, method: &str, given: &Given) -> Option<Held> {
        match on {
            Held::Builder => self.of_builder(method, given),
            Held::Metadata => self.of_metadata(method, given),
            Held::Property(at) => Some(self.of_property(*at, method, given)),
            _ => None,
        }
    }

    fn of_builder(&mut self, method: &str, given: &Given) -> Option<Held> {
        match method {
            "settable" => self.noted.notes.push(note("table", &[("name", text(given, 0))])),
            "setmappedsuperclass" | "setembeddable" => self.noted.notes.push(note(&method[3..], &[])),
            "setjoinedtableinheritance" => self.noted.notes.push(note("inheritancetype", &[("value", Some("JOINED"))])),
            "setsingletableinheritance" => self.noted.notes.push(note("inheritancetype", &[("value", Some("SINGLE_TABLE"))])),
            "setdiscriminatorcolumn" => self.noted.notes.push(note("discriminatorcolumn", &[("name", text(given, 0))])),
            "setcustomrepositoryclass" => {
                let mut entity = note("entity", &[]);
                let named = given.first().and_then(|(_, held)| self.class_of(held));
                entity.classes.extend(named.map(|class| ("repositoryClass".to_owned(), class)));
                self.noted.notes.push(entity);
            }
            "addindex" | "adduniqueconstraint" | "addlifecycleevent" | "setreadonly" | "adddiscriminatormapclass" => {}
            "getclassmetadata" => return Some(Held::Metadata),
            "createfield" => return Some(self.field(given)),
            "addfield" => {
                if let (Held::Property(at), Some((_, more))) = (self.field(given), given.get(2)) {
                    self.column(at, more);
                }
            }
            "createembedded" => return Some(self.embedded(given)),
            "addembedded" => {
                if let (Held::Property(at), Some(prefix)) = (self.embedded(given), text(given, 2)) {
                    self.of_property(at, "setcolumnprefix", &[(None, Held::Text(prefix.to_owned()))]);
                }
            }
            _ => {
                let (kind, side) = relation(method)?;
                let Some(at) = self.relation(kind, given) else { return Some(Held::Unknown) };
                if method.starts_with("create") {
                    return Some(Held::Property(at));
                }
                if let (Some(side), Some(name)) = (side, text(given, 2)) {
                    self.of_property(at, side, &[(None, Held::Text(name.to_owned()))]);
                }
            }
        }
        Some(Held::Builder)
    }

    fn field(&mut self, given: &Given) -> Held {
        let Some(name) = text(given, 0) else { return Held::Unknown };
        let at = self.property(name);
        self.noted.properties[at].notes.push(note("column", &[("type", text(given, 1))]));
        Held::Property(at)
    }

    fn embedded(&mut self, given: &Given) -> Held {
        let Some(name) = text(given, 0) else { return Held::Unknown };
        let class = given.get(1).and_then(|(_, held)| self.class_of(held));
        let mut embedded = note("embedded", &[]);
        embedded.classes.extend(class.map(|class| ("class".to_owned(), class)));
        let at = self.property(name);
        self.noted.properties[at].notes.push(embedded);
        Held::Property(at)
    }

    fn relation(&mut self, kind: &str, given: &Given) -> Option<usize> {
        let class = given.get(1).and_then(|(_, held)| self.class_of(held));
        let at = self.property(text(given, 0)?);
        let mut relation = note(kind, &[]);
        relation.classes.extend(class.map(|class| ("targetEntity".to_owned(), class)));
        self.noted.properties[at].notes.push(relation);
        Some(at)
    }

    /// What is said of a property that is being built; every method hands back the property but the last.
    fn of_property(&mut self, at: usize, method: &str, given: &Given) -> Held {
        let first = text(given, 0);
        let notes = &mut self.noted.properties[at].notes;
        match method {
            "build" => return Held::Builder,
            "makeprimarykey" => notes.push(note("id", &[])),
            "columnname" => set(notes, &["column"], "name", first),
            "mappedby" => set(notes, &["onetoone", "onetomany", "manytomany"], "mappedBy", first),
            "inversedby" => set(notes, &["onetoone", "manytoone", "manytomany"], "inversedBy", first),
            "setcolumnprefix" => set(notes, &["embedded"], "columnPrefix", first),
            "addjoincolumn" => notes.push(note("joincolumn", &[("name", first), ("referencedColumnName", text(given, 1))])),
            "addinversejoincolumn" => {
                notes.push(note("inversejoincolumn", &[("name", first), ("referencedColumnName", text(given, 1))]));
            }
            "setjointable" => notes.push(note("jointable", &[("name", first)])),
            _ => {}
        }
        Held::Property(at)
    }

    /// `$metadata->mapField(['fieldName' => 'id', 'type' => 'integer', 'id' => true])`
    fn of_metadata(&mut self, method: &str, given: &Given) -> Option<Held> {
        let said = &given.first()?.1;
        match method {
            "setprimarytable" => self.noted.notes.push(note("table", &[("name", element_text(said, "name"))])),
            "settablename" => self.noted.notes.push(note("table", &[("name", text(given, 0))])),
            "mapfield" => {
                let at = self.property(element_text(said, "fieldName")?);
                self.noted.properties[at].notes.push(note("column", &[("type", element_text(said, "type"))]));
                self.column(at, said);
            }
            _ => {
                let kind =
                    method.strip_prefix("map").filter(|kind| matches!(*kind, "onetoone" | "onetomany" | "manytoone" | "manytomany"))?;
                let target = element(said, "targetEntity").cloned().unwrap_or_default();
                let at = self.relation(kind, &[(None, element(said, "fieldName")?.clone()), (None, target)])?;
                let notes = &mut self.noted.properties[at].notes;
                set(notes, &[kind], "mappedBy", element_text(said, "mappedBy"));
                notes.extend(joins(said, "joinColumns", "joincolumn"));
                if let Some(table) = element(said, "joinTable") {
                    notes.push(note("jointable", &[("name", element_text(table, "name"))]));
                    notes.extend(joins(table, "joinColumns", "joincolumn"));
                    notes.extend(joins(table, "inverseJoinColumns", "inversejoincolumn"));
                }
            }
        }
        Some(Held::Metadata)
    }

    /// The keys of a field's array.
    fn column(&mut self, at: usize, said: &Held) {
        let notes = &mut self.noted.properties[at].notes;
        set(notes, &["column"], "name", element_text(said, "columnName"));
        if element(said, "id").is_some_and(|held| !matches!(held, Held::Nothing)) {
            notes.push(note("id", &[]));
        }
    }
}

/// What a method of the builder relates, and which side its third argument names.
fn relation(method: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match method {
        "createmanytoone" => ("manytoone", None),
        "createonetoone" => ("onetoone", None),
        "createonetomany" => ("onetomany", None),
        "createmanytomany" => ("manytomany", None),
        "addmanytoone" => ("manytoone", Some("inversedby")),
        "addowningonetoone" => ("onetoone", Some("inversedby")),
        "addinverseonetoone" => ("onetoone", Some("mappedby")),
        "addonetomany" => ("onetomany", Some("mappedby")),
        "addowningmanytomany" => ("manytomany", Some("inversedby")),
        "addinversemanytomany" => ("manytomany", Some("mappedby")),
        _ => return None,
    })
}

fn joins(said: &Held, list: &str, name: &str) -> Vec<Note> {
    let Some(Held::List(columns)) = element(said, list) else { return Vec::new() };
    let one = |(_, column): &(Option<String>, Held)| {
        note(name, &[("name", element_text(column, "name")), ("referencedColumnName", element_text(column, "referencedColumnName"))])
    };
    columns.iter().map(one).collect()
}

/// Sets a text of the last note that has one of these names.
fn set(notes: &mut [Note], names: &[&str], key: &str, text: Option<&str>) {
    let found = notes.iter_mut().rev().find(|note| names.contains(&note.name.as_str()));
    if let (Some(note), Some(text)) = (found, text) {
        note.texts.insert(key.to_owned(), text.to_owned());
    }
}
