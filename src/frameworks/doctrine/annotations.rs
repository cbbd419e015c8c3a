//! What docblocks note on classes and properties: `@ORM\Column(name="total")`, the way before attributes.

use super::notes::{Note, Noted, Property};
use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, DocBlock, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use std::collections::BTreeMap;

/// The namespace of the library's notes, in small letters.
const NAMESPACE: &str = "doctrine\\orm\\mapping\\";

/// How deep notes nest.
const DEEPEST: u32 = 4;

/// Arguments that name a class.
const CLASSES: [&str; 3] = ["targetEntity", "class", "repositoryClass"];

/// What docblocks note on the classes of a file.
pub(super) fn of_file(classes: &PhpClasses<'_>, file: FileId) -> Vec<(ClassId, Noted)> {
    let facts = classes.facts(file);
    let mut found: BTreeMap<DefinitionId, Noted> = BTreeMap::new();
    for block in &facts.docblocks {
        let notes = read(classes, file, block);
        if notes.is_empty() {
            continue;
        }
        // A docblock belongs to what begins next beside it.
        let definition = facts.definitions().find(|(_, next)| next.owner == block.owner && next.values.start >= block.at);
        let is_of_class = |class: &DefinitionId| facts.definition(*class).kind.is_type();
        let Some(class) = block.owner.filter(is_of_class) else {
            if let Some((class, _)) = definition.filter(|(_, next)| next.kind.is_type()) {
                found.entry(class).or_default().notes.extend(notes);
            }
            continue;
        };
        let binding = facts
            .bindings
            .iter()
            .find(|binding| binding.owner == Some(class) && binding.target.0 >= block.at && binding.binds != Binds::Constant);
        let Some(binding) = binding else { continue };
        if definition.is_some_and(|(_, method)| method.values.start < binding.target.0) {
            continue;
        }
        let Some(name) = facts.as_name(binding.target) else { continue };
        let written = binding.annotation.and_then(|written| match classes.named(file, written)? {
            Ancestor::Ours(class) => Some(class),
            Ancestor::Outside(_) => None,
        });
        let property = Property { name: facts.text(name).to_owned(), file, line: binding.line, written, notes };
        found.entry(class).or_default().properties.push(property);
    }
    found.into_iter().map(|(class, noted)| ((file, class), noted)).collect()
}

/// The library's notes of one docblock.
fn read(classes: &PhpClasses<'_>, file: FileId, block: &DocBlock) -> Vec<Note> {
    let facts = classes.facts(file);
    let last = u32::try_from(facts.values.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let mut reader = Reader { classes, file, at: ValueId(block.at.min(last)), rest: facts.text(block.text) };
    let mut notes = Vec::new();
    while let Some(place) = reader.rest.find('@') {
        reader.rest = &reader.rest[place..];
        match reader.note(DEEPEST) {
            Some(note) => notes.push(note),
            None => reader.rest = reader.rest.get(1..).unwrap_or(""),
        }
    }
    notes
}

/// What is left to read of a docblock.
struct Reader<'a> {
    classes: &'a PhpClasses<'a>,
    file: FileId,
    at: ValueId,
    rest: &'a str,
}

impl Reader<'_> {
    /// `@Name(...)` of the library.
    fn note(&mut self, left: u32) -> Option<Note> {
        let left = left.checked_sub(1)?;
        let name = self.word_after("@")?;
        let Ancestor::Outside(full) = self.classes.written(self.file, self.at, &name) else { return None };
        let bare = full.strip_prefix(NAMESPACE)?.to_owned();
        let mut note = Note { name: bare, ..Note::default() };
        if self.takes('(') {
            self.arguments(&mut note, ')', "", left);
        }
        Some(note)
    }

    /// What stands up to the closing bracket; in a list all of it has the list's own key.
    fn arguments(&mut self, note: &mut Note, close: char, key: &str, left: u32) {
        let mut place = 0;
        while !self.rest.is_empty() && !self.takes(close) {
            let before = self.rest.len();
            let own = self.key();
            let name = match (&own, key) {
                (Some(own), "") => own.clone(),
                (None, "") => place.to_string(),
                (_, list) => list.to_owned(),
            };
            self.value(note, name, left);
            self.takes(',');
            place += 1;
            // What cannot be read is passed over.
            if self.rest.len() == before {
                let mut letters = self.rest.chars();
                letters.next();
                self.rest = letters.as_str();
            }
        }
    }

    fn value(&mut self, note: &mut Note, key: String, left: u32) {
        self.skip();
        if self.rest.starts_with('@') {
            match self.note(left) {
                Some(inner) => note.inner.push((key, inner)),
                None => self.rest = self.rest.get(1..).unwrap_or(""),
            }
        } else if self.takes('{') {
            if let Some(left) = left.checked_sub(1) {
                self.arguments(note, '}', &key, left);
            }
        } else if let Some(text) = self.rest.strip_prefix('"') {
            let (text, rest) = text.split_once('"').unwrap_or((text, ""));
            self.rest = rest;
            self.text(note, key, text);
        } else if let Some(word) = self.word_after("") {
            let class = word.strip_suffix("::class");
            self.text(note, key, class.unwrap_or(&word));
        }
    }

    fn text(&self, note: &mut Note, key: String, text: &str) {
        if CLASSES.contains(&key.as_str()) {
            let class = self.classes.full(self.file, text).map(Ancestor::Ours);
            let class = class.unwrap_or_else(|| self.classes.written(self.file, self.at, text));
            note.classes.insert(key, class);
        } else {
            note.texts.insert(key, text.to_owned());
        }
    }

    /// The key before an equals sign.
    fn key(&mut self) -> Option<String> {
        self.skip();
        let (key, rest) = self.rest.split_once('=')?;
        let key = key.trim().trim_matches('"');
        let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        is_key.then(|| {
            self.rest = rest;
            key.to_owned()
        })
    }

    fn word_after(&mut self, mark: &str) -> Option<String> {
        let rest = self.rest.strip_prefix(mark)?;
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '\\' | ':' | '.' | '-');
        let end = rest.find(|letter: char| !is_part(letter)).unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        (end > 0).then(|| {
            self.rest = &rest[end..];
            word
        })
    }

    fn takes(&mut self, sign: char) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Blanks, and the asterisks lines of a docblock begin with.
    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '*');
    }
}
