//! Flask: what decorators of flask-apispec and webargs name, and what Flask-AppBuilder's classes answer.

use super::written::{get, take_over};
use super::{Handler, Place, Reading};
use crate::facts::{Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Form, Kind, Property, Schema};
use crate::frameworks::payloads::{Content, In, Operation, Scheme};
use crate::frameworks::python::{Scope, Thing};
use crate::frameworks::routes::{Method, Route};

impl Reading<'_, '_> {
    /// What a function of Flask takes and answers, where its decorators or its documentation say so.
    pub(super) fn of_flask(&mut self, route: &Route, handler: &Handler) -> Option<Operation> {
        let function = handler.function?;
        let mut operation = Operation { summary: self.summary(function), ..Operation::default() };
        let mut known = self.decorated_schemas(route, function, &mut operation);
        if let Some(written) =
            self.written(function, "").as_ref().and_then(|written| get(written, &route.method.word().to_lowercase())).cloned()
        {
            take_over(&written, &mut operation, &mut |name| self.marshmallow_called(name));
            known = true;
        }
        if operation.security.is_none() {
            operation.security = self.guarded_function(function);
        }
        known |= self.of_restx(route, function, &mut operation);
        let asked = self.asked(function, route.method);
        if known || operation.body.is_some() {
            asked.parameters(&mut operation);
        } else {
            asked.tell(route.method, &mut operation);
        }
        if !known {
            self.handed_back(function, handler.class, &mut operation);
        }
        Some(operation)
    }

    /// `@use_kwargs(schema)`, `@marshal_with(schema, code=201)`
    fn decorated_schemas(&mut self, route: &Route, (file, id): Place, operation: &mut Operation) -> bool {
        let facts = self.facts(file);
        let definition = facts.definition(id);
        let scope = Scope::at(file, definition.owner);
        let mut known = false;
        for decorator in facts.items(definition.decorators).to_vec() {
            let Some(call) = facts.as_call(decorator).copied() else {
                if matches!(facts.last_name(decorator), Some("login_required" | "jwt_required")) {
                    operation.security = Some(vec![login(facts.last_name(decorator))]);
                }
                continue;
            };
            let word = facts.last_name(call.callee);
            let first = facts.argument(&call, 0, "argmap").or_else(|| facts.argument(&call, 0, "schema"));
            match (word, first) {
                (Some("use_kwargs" | "use_args"), Some(value)) => {
                    known = true;
                    if !self.located(&scope, &call, operation) {
                        self.arguments(route, &scope, value, operation);
                    }
                    operation.answer(422, None);
                }
                // flask-restx has a decorator of that name, too.
                (Some("marshal_with"), Some(value)) if !self.is_model_of_fields(&scope, value) => {
                    known = true;
                    let status = facts.argument(&call, 1, "code").and_then(|value| self.status(&scope, value)).unwrap_or(200);
                    let thing = self.thing(&scope, value);
                    let schema = self.marshmallow_of(&thing).unwrap_or_else(Schema::open);
                    operation.answer(status, Some(Content::json(schema)));
                }
                (Some("login_required" | "jwt_required"), _) if self.given_truth(&scope, &call, usize::MAX, "optional") != Some(true) => {
                    operation.security = Some(vec![login(word)]);
                }
                _ => {
                    self.located(&scope, &call, operation);
                }
            }
        }
        if known && !operation.responses.iter().any(|response| response.status.is_some_and(|status| status < 400)) {
            operation.answer(200, Some(Content::json(Schema::open())));
        }
        known
    }

    /// What `use_kwargs` reads: a schema, or a map of fields; from the query where there is no body.
    fn arguments(&mut self, route: &Route, scope: &Scope, value: ValueId, operation: &mut Operation) {
        let facts = self.facts(scope.file);
        let schema = if let Shape::Map(entries) = facts.value(value).shape {
            let mut properties = Vec::new();
            for entry in facts.entries[entries.range()].iter().copied() {
                let name = entry.key.and_then(|key| facts.as_literal(key));
                if let (Some(name), Some(call)) = (name, facts.as_call(entry.value).copied()) {
                    properties.extend(self.marshmallow_field(scope, &call, name, None));
                }
            }
            Schema::object(properties)
        } else {
            let thing = self.thing(scope, value);
            self.marshmallow_of(&thing).unwrap_or_else(Schema::open)
        };
        if route.method != Method::Get {
            operation.body = Some(Content::json(schema));
            return;
        }
        let form = match &schema.form {
            Form::Reference(id) => self.out.component(*id).schema.form.clone(),
            form => form.clone(),
        };
        if let Form::Object { properties, .. } = form {
            for Property { name, schema, required } in properties {
                operation.parameter(In::Query, &name, schema, required);
            }
        }
    }

    /// What a class of Flask-AppBuilder answers: as its documentation says, else as the library's own methods do.
    pub(super) fn of_builder(&mut self, route: &Route, handler: &Handler) -> Option<Operation> {
        let view = handler.class?;
        let name = route.handler.rsplit('.').next().unwrap_or("").to_owned();
        let class = self.bare_name(view).to_owned();
        let verb = route.method.word().to_lowercase();
        let mut operation = Operation::default();
        let method = self.evaluator.method(view, &name);
        let document = method.and_then(|method| self.written(method, &class));
        let own = document.as_ref().and_then(|document| get(document, &verb)).cloned();
        let known = match (&own, method) {
            (Some(written), _) => {
                take_over(written, &mut operation, &mut |name| self.builder_schema(view, name));
                true
            }
            (None, None) => self.builder_method(view, &name, &mut operation),
            (None, Some(method)) => {
                operation.summary = self.summary(method);
                false
            }
        };
        let overrides = self.evaluator.attribute(view, "openapi_spec_methods");
        if let Some(more) = get(&overrides, &name).and_then(|methods| get(methods, &verb)).cloned() {
            take_over(&more, &mut operation, &mut |name| self.builder_schema(view, name));
        } else if !known {
            operation.unsure("what it takes and answers could not be told", 60);
        }
        if method.is_none() || method.is_some_and(|method| self.is_protected(method)) {
            operation.security = Some(vec![Scheme::Bearer, Scheme::Cookie("session".to_owned())]);
        }
        Some(operation)
    }

    fn is_protected(&self, (file, id): Place) -> bool {
        let facts = self.facts(file);
        facts.items(facts.definition(id).decorators).iter().any(|decorator| {
            let callee = facts.as_call(*decorator).map_or(*decorator, |call| call.callee);
            matches!(facts.last_name(callee), Some("protect" | "has_access" | "has_access_api"))
        })
    }

    /// The schema a document of Flask-AppBuilder names.
    fn builder_schema(&mut self, view: ClassId, name: &str) -> Schema {
        let own = name.strip_prefix(self.bare_name(view)).and_then(|rest| rest.strip_prefix('.'));
        if let Some(part) = own {
            return self.columns(view, part);
        }
        let parameters = self.evaluator.attribute(view, "apispec_parameter_schemas");
        if let Some(written) = get(&parameters, name) {
            return super::literal_schema::of_thing(written);
        }
        self.marshmallow_called(name)
    }

    /// What rows look like in one of the library's methods: a schema of the class, or its columns.
    fn columns(&mut self, view: ClassId, part: &str) -> Schema {
        let (schema, columns) = match part {
            "get_list" => ("list_model_schema", "list_columns"),
            "get" => ("show_model_schema", "show_columns"),
            "post" => ("add_model_schema", "add_columns"),
            "put" => ("edit_model_schema", "edit_columns"),
            _ => return Schema::open(),
        };
        let said = self.evaluator.attribute(view, schema);
        if let Some(found) = self.marshmallow_of(&said) {
            return found;
        }
        let listed = self.evaluator.attribute(view, columns);
        let Thing::List(_) = listed else { return Schema::open_object(Vec::new()) };
        let mut properties: Vec<Property> = Vec::new();
        for name in super::rest_serializers::texts(&listed) {
            let (first, rest) = name.split_once('.').map_or((name.as_str(), None), |(first, rest)| (first, Some(rest)));
            let inner = rest.map(|rest| Property::new(rest, Schema::open(), false));
            match (properties.iter_mut().find(|known| known.name == first), inner) {
                (Some(Property { schema: Schema { form: Form::Object { properties, .. }, .. }, .. }), Some(inner)) => {
                    properties.push(inner)
                }
                (Some(_), _) => {}
                (None, Some(inner)) => properties.push(Property::new(first, Schema::object(vec![inner]), false)),
                (None, None) => properties.push(Property::new(first, Schema::open(), false)),
            }
        }
        let form = match part {
            "get_list" => "_list",
            "get" => "_show",
            "post" => "_add",
            _ => "_edit",
        };
        self.component(view, form, |_, _| Schema::object(properties))
    }

    /// The library's own methods of a `ModelRestApi`.
    fn builder_method(&mut self, view: ClassId, name: &str, operation: &mut Operation) -> bool {
        let text = || Schema::text();
        let texts = || Schema::array(Schema::text());
        let map = || Schema::of(Form::Map(Box::new(Schema::text())));
        let number = || Schema::plain(Kind::Number);
        let of = |rows: Vec<(&str, Schema)>| {
            Some(Content::json(Schema::object(rows.into_iter().map(|(name, schema)| Property::new(name, schema, false)).collect())))
        };
        let mut statuses = vec![400, 401, 422, 500];
        match name {
            "get_list" => {
                let result = Schema::array(self.columns(view, "get_list"));
                let rows = vec![
                    ("label_columns", map()),
                    ("list_columns", texts()),
                    ("description_columns", map()),
                    ("list_title", text()),
                    ("ids", Schema::array(Schema::open())),
                    ("count", number()),
                    ("order_columns", texts()),
                    ("result", result),
                ];
                operation.answer(200, of(rows));
            }
            "get" => {
                let result = self.columns(view, "get");
                let rows = vec![
                    ("label_columns", map()),
                    ("show_columns", texts()),
                    ("description_columns", map()),
                    ("show_title", text()),
                    ("id", Schema::open()),
                    ("result", result),
                ];
                operation.answer(200, of(rows));
                statuses.push(404);
            }
            "post" | "put" => {
                let schema = self.columns(view, name);
                operation.body = Some(Content::json(schema.clone()));
                operation.body_required = true;
                operation.answer(if name == "post" { 201 } else { 200 }, of(vec![("id", Schema::open()), ("result", schema)]));
            }
            "delete" => {
                operation.answer(200, of(vec![("message", text())]));
                statuses = vec![404, 422, 500];
            }
            "info" => {
                let open = || Schema::open_object(Vec::new());
                operation.answer(
                    200,
                    of(vec![("add_columns", open()), ("edit_columns", open()), ("filters", open()), ("permissions", texts())]),
                );
            }
            _ => return false,
        }
        if matches!(name, "get_list" | "get" | "info") {
            operation.parameter(In::Query, "q", text(), false);
        }
        statuses.into_iter().for_each(|status| operation.answer(status, None));
        true
    }
}

fn login(word: Option<&str>) -> Scheme {
    if word == Some("jwt_required") { Scheme::Bearer } else { Scheme::Cookie("session".to_owned()) }
}
