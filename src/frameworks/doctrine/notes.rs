//! What is noted on classes and properties: attributes, whatever wrote them down.

use crate::base::FileId;
use crate::facts::{Binding, Binds, DefinitionId, FileFacts, Mentions, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The namespace of the library's notes, in small letters.
const NAMESPACE: &str = "doctrine\\orm\\mapping\\";

/// How deep notes nest.
const DEEPEST: u32 = 4;

/// One note: `#[ORM\Column(name: 'total')]`.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    /// Its bare name: `Column`.
    pub name: String,
    /// Texts, numbers and words by keyword, or by place (`0`).
    pub texts: BTreeMap<String, String>,
    /// Classes by keyword or place.
    pub classes: BTreeMap<String, Ancestor>,
    /// Notes inside it, by keyword.
    pub inner: Vec<(String, Note)>,
}

impl Note {
    /// A text by keyword, or else by place.
    pub(super) fn text(&self, name: &str, place: usize) -> Option<&str> {
        self.texts.get(name).or_else(|| self.texts.get(&place.to_string())).map(String::as_str)
    }

    /// A class by keyword, or else by place.
    pub(super) fn class(&self, name: &str, place: usize) -> Option<&Ancestor> {
        self.classes.get(name).or_else(|| self.classes.get(&place.to_string()))
    }
}

/// A property with what is noted on it.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub name: String,
    pub file: FileId,
    pub line: u32,
    /// The class it is written to be of.
    pub written: Option<ClassId>,
    pub notes: Vec<Note>,
}

/// Everything noted on one class.
#[derive(Clone, Debug, Default)]
pub(super) struct Noted {
    pub notes: Vec<Note>,
    pub properties: Vec<Property>,
}

/// What attributes note on the classes of a file.
pub(super) fn of_file(classes: &PhpClasses<'_>, file: FileId) -> Vec<(ClassId, Noted)> {
    let facts = classes.facts(file);
    let calls: FxHashMap<ValueId, usize> = facts.calls.iter().enumerate().map(|(place, call)| (call.callee, place)).collect();
    let reader = Reader { classes, file, facts, calls };
    let mut found: BTreeMap<DefinitionId, Noted> = BTreeMap::new();
    for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind.is_type()) {
        let notes: Vec<Note> =
            facts.items(definition.decorators).iter().filter_map(|value| reader.note(Some(id), *value, DEEPEST)).collect();
        if !notes.is_empty() {
            found.entry(id).or_default().notes = notes;
        }
    }
    for mention in facts.mentions.iter().filter(|mention| mention.how == Mentions::Attribute) {
        let Some(class) = mention.owner.filter(|owner| facts.definition(*owner).kind.is_type()) else { continue };
        let Some(note) = reader.note(Some(class), mention.value, DEEPEST) else { continue };
        let Some(property) = reader.property(class, mention.value) else { continue };
        let properties = &mut found.entry(class).or_default().properties;
        match properties.iter_mut().find(|known| known.name == property.name) {
            Some(known) => known.notes.push(note),
            None => properties.push(Property { notes: vec![note], ..property }),
        }
    }
    found.into_iter().map(|(class, noted)| ((file, class), noted)).collect()
}

struct Reader<'a> {
    classes: &'a PhpClasses<'a>,
    file: FileId,
    facts: &'a FileFacts,
    /// Calls by what they call.
    calls: FxHashMap<ValueId, usize>,
}

impl Reader<'_> {
    /// The note that a name, or the call of it, is.
    fn note(&self, class: Option<DefinitionId>, value: ValueId, left: u32) -> Option<Note> {
        let left = left.checked_sub(1)?;
        let facts = self.facts;
        let (name, call) = match facts.value(value).shape {
            Shape::Call(call) => {
                let call = &facts.calls[call.0 as usize];
                // `new ORM\JoinColumn(...)` inside another note.
                let name = match facts.value(call.callee).shape {
                    Shape::Member(name, _) => name,
                    _ => call.callee,
                };
                (name, Some(call))
            }
            _ => (value, self.calls.get(&value).map(|place| &facts.calls[*place])),
        };
        let Ancestor::Outside(full) = self.classes.named(self.file, name)? else { return None };
        let bare = full.strip_prefix(NAMESPACE)?;
        let mut note = Note { name: bare.to_owned(), ..Note::default() };
        for (place, argument) in call.map_or(&[][..], |call| facts.arguments_of(call)).iter().enumerate() {
            let key = argument.name.map_or_else(|| place.to_string(), |name| facts.text(name).to_owned());
            self.argument(class, &mut note, key, argument.value, left);
        }
        Some(note)
    }

    fn argument(&self, owner: Option<DefinitionId>, note: &mut Note, key: String, value: ValueId, left: u32) {
        let facts = self.facts;
        match facts.value(value).shape {
            Shape::Constant(word) | Shape::Number(word) => {
                note.texts.insert(key, facts.text(word).to_ascii_lowercase());
            }
            Shape::Member(..) => {
                if let Some(class) = self.classes.class_of(self.file, owner, value) {
                    note.classes.insert(key, class);
                } else if let Some(word) = facts.last_name(value) {
                    note.texts.insert(key, word.to_ascii_lowercase());
                }
            }
            Shape::List(parts) => {
                let inner = facts.items(parts).iter().filter_map(|part| self.note(owner, *part, left));
                note.inner.extend(inner.map(|inner| (key.clone(), inner)));
            }
            Shape::Call(_) => note.inner.extend(self.note(owner, value, left).map(|inner| (key, inner))),
            _ => {
                if let Some(text) = self.classes.text(self.file, owner, value) {
                    note.texts.insert(key, text);
                }
            }
        }
    }

    /// The property that an attribute stands before: the next one its class binds, with no method in between.
    fn property(&self, class: DefinitionId, at: ValueId) -> Option<Property> {
        let facts = self.facts;
        let is_after = |binding: &&Binding| binding.owner == Some(class) && binding.target.0 > at.0 && binding.binds != Binds::Constant;
        let binding = facts.bindings.iter().find(is_after)?;
        let between = facts.definitions().skip(class.0 as usize + 1).take_while(|(_, inner)| inner.values.start < binding.target.0);
        if between.into_iter().any(|(_, inner)| inner.owner == Some(class) && inner.values.start > at.0) {
            return None;
        }
        let written = binding.annotation.and_then(|written| match self.classes.named(self.file, written)? {
            Ancestor::Ours(class) => Some(class),
            Ancestor::Outside(_) => None,
        });
        let name = facts.text(facts.as_name(binding.target)?).to_owned();
        Some(Property { name, file: self.file, line: binding.line, written, notes: Vec::new() })
    }
}
