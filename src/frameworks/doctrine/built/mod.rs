//! Mappings that code builds: Doctrine's static driver calls `loadMetadata` of a class with the metadata to fill
//! (documentation, "PHP Mapping"), and most fill it through the library's `ClassMetadataBuilder` or a class below it.
//!
//! What the calls say is turned into the notes that attributes would be, so the mapping has one reader.

mod run;
mod words;

use super::notes::{Note, Noted};
use crate::base::FileId;
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use run::Run;

/// The method the driver calls.
const ENTRY: &str = "loadMetadata";
/// What it is called with, in small letters.
const METADATA: [&str; 4] = [
    "doctrine\\orm\\mapping\\classmetadata",
    "doctrine\\orm\\mapping\\classmetadatainfo",
    "doctrine\\persistence\\mapping\\classmetadata",
    "doctrine\\common\\persistence\\mapping\\classmetadata",
];

/// What the classes of a file say of themselves.
pub(super) fn of_file(classes: &PhpClasses<'_>, file: FileId) -> Vec<(ClassId, Noted)> {
    if classes.facts(file).texts.find(ENTRY).is_none() {
        return Vec::new();
    }
    classes.classes_of(file).filter_map(|class| Some((class, of_class(classes, class)?))).collect()
}

fn of_class(classes: &PhpClasses<'_>, class: ClassId) -> Option<Noted> {
    let (file, definition) = class;
    let facts = classes.facts(file);
    let entry = classes.own_method(file, definition, ENTRY)?;
    let taken = facts.parameters[facts.definition(entry).parameters.range()].first()?;
    let written = classes.annotated(file, Some(definition), taken.annotation?);
    written.iter().any(|kind| matches!(kind, Ancestor::Outside(name) if METADATA.contains(&name.as_str()))).then_some(())?;
    let mut noted = Run::new(classes, class).of(entry);
    let says = |kind: &str| noted.notes.iter().any(|note| note.name == kind);
    if says("mappedsuperclass") || says("embeddable") {
        noted.notes.retain(|note| note.name != "entity");
    } else if !says("entity") {
        noted.notes.push(Note { name: "entity".to_owned(), ..Note::default() });
    }
    Some(noted)
}
