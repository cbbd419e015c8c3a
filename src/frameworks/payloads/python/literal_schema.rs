//! Schemas of OpenAPI that code writes out itself.

use super::values;
use crate::frameworks::payloads::schema::{Form, Kind, Property, Schema};
use crate::frameworks::python::Thing;

/// How deep such a schema may stand in itself.
const DEEPEST: u32 = 12;

/// A written schema: `{"type": "object", "properties": {...}}`.
pub(super) fn of_thing(thing: &Thing) -> Schema {
    read(thing, DEEPEST)
}

fn read(thing: &Thing, left: u32) -> Schema {
    let (Thing::Map(entries), true) = (thing, left > 0) else { return Schema::open() };
    let get = |key: &str| entries.iter().find(|(known, _)| &**known == key).map(|(_, thing)| thing);
    let text = |key: &str| get(key).and_then(Thing::as_text);
    let mut schema = match text("type") {
        Some("string") => Schema::of(Form::Plain(Kind::Text, text("format").and_then(format))),
        Some("integer") => Schema::integer(),
        Some("number") => Schema::plain(Kind::Number),
        Some("boolean") => Schema::plain(Kind::Truth),
        Some("array") => Schema::array(get("items").map_or_else(Schema::open, |items| read(items, left - 1))),
        Some("object") | None if matches!(get("properties"), Some(Thing::Map(_))) => {
            let required = super::rest_serializers::texts(get("required").unwrap_or(&Thing::Unknown));
            let Some(Thing::Map(listed)) = get("properties") else { return Schema::open() };
            let properties = listed
                .iter()
                .map(|(name, thing)| Property::new(name, read(thing, left - 1), required.iter().any(|known| **known == **name)));
            Schema::object(properties.collect())
        }
        Some("object") => Schema::open_object(Vec::new()),
        _ => {
            let parts = ["oneOf", "anyOf"].iter().find_map(|key| get(key).and_then(Thing::as_list));
            match (parts, get("allOf").and_then(Thing::as_list)) {
                (Some(parts), _) => Schema::of(Form::OneOf(parts.iter().map(|part| read(part, left - 1)).collect())),
                (None, Some(parts)) => Schema::of(Form::AllOf(parts.iter().map(|part| read(part, left - 1)).collect())),
                (None, None) => Schema::open(),
            }
        }
    };
    if let Some(choices) = get("enum").and_then(Thing::as_list) {
        schema.choices = choices.iter().filter_map(values::of_thing).collect();
    }
    schema.nullable = matches!(get("nullable"), Some(Thing::Truth(true)));
    schema
}

/// Formats that are told on.
pub(super) fn format(text: &str) -> Option<&'static str> {
    const KNOWN: [&str; 9] = ["date-time", "date", "time", "uuid", "uri", "email", "binary", "byte", "password"];
    KNOWN.iter().find(|known| **known == text).copied()
}
