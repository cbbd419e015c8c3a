//! Schemas of OpenAPI that code writes out itself.

use super::values;
use super::written::{Resolve, get};
use crate::frameworks::payloads::schema::{Form, Kind, Property, Schema};
use crate::frameworks::python::Thing;

/// How deep such a schema may stand in itself.
const DEEPEST: u32 = 12;

/// A written schema: `{"type": "object", "properties": {...}}`; what it refers to stays open.
pub(super) fn of_thing(thing: &Thing) -> Schema {
    read(thing, &mut |_| Schema::open(), DEEPEST)
}

/// The same, where references and names of schemas mean something.
pub(super) fn of_written(thing: &Thing, resolve: Resolve<'_>) -> Schema {
    read(thing, resolve, DEEPEST)
}

fn read(thing: &Thing, resolve: Resolve<'_>, left: u32) -> Schema {
    if let Thing::Text(name) = thing {
        return resolve(name);
    }
    let (Thing::Map(_), true) = (thing, left > 0) else { return Schema::open() };
    let text = |key: &str| get(thing, key).and_then(Thing::as_text);
    if let Some(target) = text("$ref") {
        return resolve(target.rsplit('/').next().unwrap_or(target));
    }
    let mut several = |key: &str| -> Option<Vec<Schema>> {
        let parts = get(thing, key)?.as_list()?;
        Some(parts.iter().map(|part| read(part, resolve, left - 1)).collect())
    };
    let parts = several("oneOf").or_else(|| several("anyOf"));
    let all = several("allOf");
    let mut schema = match text("type") {
        Some("string") => Schema::of(Form::Plain(Kind::Text, text("format").and_then(format))),
        Some("integer") => Schema::integer(),
        Some("number") => Schema::plain(Kind::Number),
        Some("boolean") => Schema::plain(Kind::Truth),
        Some("array") => Schema::array(get(thing, "items").map_or_else(Schema::open, |items| read(items, resolve, left - 1))),
        Some("object") | None if matches!(get(thing, "properties"), Some(Thing::Map(_))) => {
            let required = super::rest_serializers::texts(get(thing, "required").unwrap_or(&Thing::Unknown));
            let Some(Thing::Map(listed)) = get(thing, "properties") else { return Schema::open() };
            let mut properties = Vec::new();
            for (name, inner) in listed.iter() {
                let schema = read(inner, resolve, left - 1);
                properties.push(Property::new(name, schema, required.iter().any(|known| **known == **name)));
            }
            Schema::object(properties)
        }
        Some("object") => Schema::open_object(Vec::new()),
        _ => match (parts, all) {
            (Some(parts), _) => Schema::of(Form::OneOf(parts)),
            (None, Some(parts)) => Schema::of(Form::AllOf(parts)),
            (None, None) => Schema::open(),
        },
    };
    if let Some(choices) = get(thing, "enum").and_then(Thing::as_list) {
        schema.choices = choices.iter().filter_map(values::of_thing).collect();
    }
    schema.nullable = matches!(get(thing, "nullable"), Some(Thing::Truth(true)));
    schema
}

/// Formats that are told on.
pub(super) fn format(text: &str) -> Option<&'static str> {
    const KNOWN: [&str; 9] = ["date-time", "date", "time", "uuid", "uri", "email", "binary", "byte", "password"];
    KNOWN.iter().find(|known| **known == text).copied()
}
