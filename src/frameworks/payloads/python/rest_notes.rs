//! What drf-spectacular's `extend_schema` says of an operation where it is written.

use super::rest_serializers::texts;
use super::{Place, Reading, last};
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::Schema;
use crate::frameworks::payloads::{Content, In, Operation};
use crate::frameworks::python::{Scope, Thing};
use crate::frameworks::routes::{Method, Route};

impl Reading<'_, '_> {
    /// What `extend_schema` says where it stands: at the method, at the class for a method, or in a decorator for methods.
    pub(super) fn noted_schema(&mut self, view: ClassId, name: &str, method: Option<Place>, route: &Route, operation: &mut Operation) {
        let line: Vec<ClassId> = self.evaluator.classes.line(view).collect();
        if let Some(method) = method {
            self.noted_in(method, "", route, operation);
        }
        for class in line.into_iter().rev() {
            self.noted_in(class, name, route, operation);
        }
    }

    pub(super) fn noted_in(&mut self, (file, id): Place, name: &str, route: &Route, operation: &mut Operation) {
        let facts = self.facts(file);
        let definition = facts.definition(id);
        let scope = Scope::at(file, definition.owner);
        for decorator in facts.items(definition.decorators).to_vec() {
            let Some(call) = facts.as_call(decorator).copied() else { continue };
            let value = match facts.last_name(call.callee) {
                Some("extend_schema") if name.is_empty() => Some(call.value),
                // `@method_decorator(name="get", decorator=extend_schema(...))`
                Some("method_decorator") if !name.is_empty() => self
                    .given_text(&scope, &call, 1, "name")
                    .filter(|said| said == name)
                    .and_then(|_| facts.argument(&call, 0, "decorator")),
                // `@extend_schema_view(list=extend_schema(...))`
                Some("extend_schema_view") if !name.is_empty() => facts.argument(&call, usize::MAX, name),
                _ => None,
            };
            let Some(said) = value.and_then(|value| facts.as_call(value)).copied() else { continue };
            if facts.last_name(said.callee) == Some("extend_schema") && self.means(&scope, &said, route) {
                self.noted(&scope, &said, route, operation);
            }
        }
    }

    /// True where `methods=[...]` of a note holds the method of a route, or is not there.
    fn means(&self, scope: &Scope, call: &Call, route: &Route) -> bool {
        let methods = self.given(scope, call, usize::MAX, "methods").map(|value| texts(&self.thing(scope, value)));
        methods.is_none_or(|methods| methods.iter().any(|method| method.eq_ignore_ascii_case(route.method.word())))
    }

    fn noted(&mut self, scope: &Scope, call: &Call, route: &Route, operation: &mut Operation) {
        let facts = self.facts(scope.file);
        if let Some(value) = facts.argument(call, usize::MAX, "parameters")
            && let Shape::List(parts) = facts.value(value).shape
        {
            for part in facts.items(parts).to_vec() {
                self.noted_parameter(scope, part, operation);
            }
        }
        if let Some(value) = facts.argument(call, usize::MAX, "request") {
            match self.noted_payload(scope, value) {
                Some(None) => operation.body = None,
                Some(Some(schema)) => operation.body = Some(Content::json(schema)),
                None => {}
            }
            operation.ambiguous.retain(|reason| !reason.contains("reads the serializer") && !reason.contains("request carries"));
        }
        if let Some(value) = facts.argument(call, usize::MAX, "responses") {
            self.noted_answers(scope, value, route, operation);
        }
    }

    fn noted_answers(&mut self, scope: &Scope, value: ValueId, route: &Route, operation: &mut Operation) {
        let facts = self.facts(scope.file);
        let usual = operation.responses.iter().filter_map(|response| response.status).find(|status| *status < 300);
        let usual = usual.unwrap_or(if route.method == Method::Delete { 204 } else { 200 });
        let mut rows: Vec<(u16, Option<Schema>)> = Vec::new();
        match facts.value(value).shape {
            Shape::Map(entries) => {
                for entry in facts.entries[entries.range()].iter().copied() {
                    let Some(key) = entry.key else { continue };
                    // `(200, "application/json")`
                    let key = match facts.value(key).shape {
                        Shape::List(parts) => facts.items(parts).first().copied().unwrap_or(key),
                        _ => key,
                    };
                    let Some(status) = self.status(scope, key) else { continue };
                    let schema = self.noted_payload(scope, entry.value).unwrap_or_else(|| Some(Schema::open()));
                    rows.push((status, schema));
                }
            }
            _ => match self.noted_payload(scope, value) {
                Some(schema) => rows.push((usual, schema)),
                None => return,
            },
        }
        if rows.iter().any(|(status, _)| *status < 400) {
            operation.responses.retain(|response| response.status.is_some_and(|status| status >= 400));
            operation.ambiguous.retain(|reason| !reason.contains("it answers"));
        }
        for (status, schema) in rows {
            operation.responses.retain(|response| response.status != Some(status));
            operation.answer(status, schema.filter(|_| !matches!(status, 204 | 304)).map(Content::json));
        }
    }

    /// What a note says is carried: nothing, or a schema; none where it could not be told.
    fn noted_payload(&mut self, scope: &Scope, value: ValueId) -> Option<Option<Schema>> {
        let facts = self.facts(scope.file);
        match facts.value(value).shape {
            Shape::Constant(word) if facts.text(word) == "None" => return Some(None),
            // A schema of OpenAPI by media type, or as it is.
            Shape::Map(entries) => {
                let first = facts.entries[entries.range()].first().copied();
                let key = first.and_then(|entry| entry.key).and_then(|key| facts.as_literal(key));
                return match (key, first) {
                    (Some(key), Some(first)) if key.contains('/') => self.noted_payload(scope, first.value),
                    _ => Some(Some(super::literal_schema::of_thing(&self.thing(scope, value)))),
                };
            }
            Shape::List(parts) => {
                let first = facts.items(parts).first().copied()?;
                let inner = self.noted_payload(scope, first)??;
                return Some(Some(Schema::array(inner)));
            }
            _ => {}
        }
        if let Some(call) = facts.as_call(value).copied() {
            match facts.last_name(call.callee) {
                Some("OpenApiResponse") => {
                    let inner = facts.argument(&call, 0, "response")?;
                    return self.noted_payload(scope, inner);
                }
                Some("inline_serializer") => return self.inline_serializer(scope, &call).map(Some),
                Some("PolymorphicProxySerializer") => return Some(Some(Schema::open())),
                _ => {
                    let many = self.given_truth(scope, &call, usize::MAX, "many") == Some(true);
                    let class = self
                        .thing(scope, call.callee)
                        .as_definition()
                        .filter(|class| self.evaluator.is_class(*class) && self.is_serializer(*class));
                    if let Some(class) = class {
                        let schema = self.serializer(class, false);
                        return Some(Some(if many { Schema::array(schema) } else { schema }));
                    }
                }
            }
        }
        match self.thing(scope, value) {
            Thing::Nothing => Some(None),
            thing @ Thing::Map(_) => Some(Some(super::literal_schema::of_thing(&thing))),
            _ => self.open_api_type(scope, value).map(Some),
        }
    }

    /// `inline_serializer(name="X", fields={"a": serializers.CharField()})`
    fn inline_serializer(&mut self, scope: &Scope, call: &Call) -> Option<Schema> {
        let facts = self.facts(scope.file);
        let value = facts.argument(call, 1, "fields")?;
        let Shape::Map(entries) = facts.value(value).shape else { return None };
        let mut properties = Vec::new();
        for entry in facts.entries[entries.range()].iter().copied() {
            let name = entry.key.and_then(|key| facts.as_literal(key))?;
            let field = facts.as_call(entry.value).copied()?;
            properties.extend(self.inline_field(scope, &field, name));
        }
        Some(Schema::object(properties))
    }

    fn noted_parameter(&mut self, scope: &Scope, value: ValueId, operation: &mut Operation) {
        let facts = self.facts(scope.file);
        let Some(call) = facts.as_call(value).copied().filter(|call| facts.last_name(call.callee) == Some("OpenApiParameter")) else {
            return;
        };
        let Some(name) = self.given_text(scope, &call, 0, "name") else { return };
        let place = match self.given(scope, &call, 3, "location").map(|value| self.thing(scope, value)) {
            Some(Thing::Text(text)) => text.to_lowercase(),
            Some(Thing::Outside(path)) => last(&path).to_lowercase(),
            _ => "query".to_owned(),
        };
        let place = match place.as_str() {
            "path" => In::Path,
            "header" => In::Header,
            "cookie" => In::Cookie,
            _ => In::Query,
        };
        let schema = self.given(scope, &call, 1, "type").and_then(|value| self.open_api_type(scope, value)).unwrap_or_else(Schema::text);
        let required = self.given_truth(scope, &call, 2, "required") == Some(true);
        operation.parameters.retain(|known| known.place != place || known.name != name);
        operation.parameter(place, &name, schema, required || place == In::Path);
    }
}
