//! Decorators that say where in a request their arguments stand: webargs' `use_args(schema, location="query")`, and an
//! application's own decorators that are called like it.

use super::Reading;
use super::types::Site;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::payloads::schema::{Form, Property, Schema};
use crate::frameworks::payloads::{Content, FORM, In, MULTIPART, Operation};
use crate::frameworks::python::{Scope, Thing};

impl Reading<'_, '_> {
    /// Notes what a decorator reads, and where; false where it does not say where, or nobody can tell what.
    pub(super) fn located(&mut self, scope: &Scope, call: &Call, operation: &mut Operation) -> bool {
        let Some(location) = self.given_text(scope, call, 1, "location") else { return false };
        let Some(first) = self.facts(scope.file).arguments_of(call).first().filter(|argument| !argument.spread) else { return false };
        let place = match location.as_str() {
            "query" | "querystring" | "args" => Some(In::Query),
            "headers" => Some(In::Header),
            "cookies" => Some(In::Cookie),
            "json" | "form" | "files" => None,
            _ => return false,
        };
        let Some(schema) = self.described(scope, first.value) else { return false };
        match place {
            Some(place) => {
                for Property { name, schema, required } in self.properties_of(&schema) {
                    operation.parameter(place, &name, schema, required);
                }
            }
            // More than one decorator may read the body; the first that was noted stays.
            None if operation.body.is_some() => {}
            None => {
                let content = match location.as_str() {
                    "form" => Content { media: vec![FORM], schema },
                    "files" => Content { media: vec![MULTIPART], schema },
                    _ => Content::json(schema),
                };
                operation.body_required = self.properties_of(&content.schema).iter().any(|property| property.required);
                operation.body = Some(content);
            }
        }
        true
    }

    /// A map of names, a schema of marshmallow, or a class whose fields are meant.
    fn described(&mut self, scope: &Scope, value: ValueId) -> Option<Schema> {
        let facts = self.facts(scope.file);
        let Shape::Map(entries) = facts.value(value).shape else {
            let thing = self.thing(scope, value);
            return self.marshmallow_of(&thing).or_else(|| match thing {
                Thing::Definition(file, id) if self.evaluator.is_class((file, id)) && self.is_model((file, id)) => {
                    Some(self.of_class((file, id), &[]))
                }
                _ => None,
            });
        };
        let mut properties = Vec::new();
        for entry in facts.entries[entries.range()].iter().copied() {
            let Some(name) = entry.key.and_then(|key| facts.as_literal(key)) else { continue };
            match facts.value(entry.value).shape {
                // `"name": (str, None)`, as Pydantic's `create_model` takes it.
                Shape::List(parts) if facts.items(parts).len() == 2 => {
                    let (kind, default) = (facts.items(parts)[0], facts.items(parts)[1]);
                    let schema = self.annotated(&Site::at(scope.file, scope.owner), kind);
                    let is_dots = matches!(facts.value(default).shape, Shape::Constant(word) if facts.text(word) == "...");
                    properties.push(Property::new(name, schema, is_dots));
                }
                _ => {
                    if let Some(made) = facts.as_call(entry.value).copied() {
                        properties.extend(self.marshmallow_field(scope, &made, name, None));
                    }
                }
            }
        }
        (!properties.is_empty()).then(|| Schema::object(properties))
    }

    /// The fields of a schema, also behind a reference.
    fn properties_of(&self, schema: &Schema) -> Vec<Property> {
        match &schema.form {
            Form::Object { properties, .. } => properties.clone(),
            Form::Reference(id) => match &self.out.component(*id).schema.form {
                Form::Object { properties, .. } => properties.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}
