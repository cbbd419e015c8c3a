//! flask-restful and flask-restx: models of fields, parsers of arguments, and the decorators that name them.

use super::{Place, Reading};
use crate::base::FileId;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::payloads::fields::Fields;
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Property, Schema};
use crate::frameworks::payloads::{Content, In, Operation};
use crate::frameworks::python::{Scope, Thing};
use crate::frameworks::routes::{Method, Route};
use crate::names::Named;

/// How deep models stand in each other.
const DEEPEST: u32 = 6;

impl Reading<'_, '_> {
    /// Puts into an operation what decorators of its method say; true where they say what it answers.
    pub(super) fn of_restx(&mut self, route: &Route, (file, id): Place, operation: &mut Operation) -> bool {
        let facts = self.facts(file);
        let definition = facts.definition(id);
        let scope = Scope::at(file, definition.owner);
        let mut answers = false;
        for decorator in facts.items(definition.decorators).to_vec() {
            let Some(call) = facts.as_call(decorator).copied() else { continue };
            let first = facts.arguments_of(&call).first().filter(|first| first.name.is_none()).map(|first| first.value);
            match (facts.last_name(call.callee), first) {
                (Some("expect"), Some(value)) => self.expected(&scope, value, route.method, operation),
                (Some(word @ ("marshal_with" | "marshal_list_with")), Some(value)) => {
                    answers |= self.marshalled(&scope, &call, (value, word == "marshal_list_with"), operation);
                }
                (Some("response"), Some(value)) => {
                    if let Some(status) = self.status(&scope, value) {
                        let model = facts.argument(&call, 2, "model").and_then(|model| self.fields_written(&scope, model, DEEPEST));
                        answers |= model.is_some() && status < 300;
                        operation.answer(status, model.map(Content::json));
                    }
                }
                (Some("param"), Some(value)) => {
                    let place = self.given_text(&scope, &call, usize::MAX, "_in").unwrap_or_else(|| "query".to_owned());
                    if let (Some(name), "query") = (self.thing(&scope, value).as_text(), place.as_str()) {
                        operation.parameter(In::Query, name, Schema::text(), false);
                    }
                }
                _ => {}
            }
        }
        self.parsed((file, id), route.method, operation);
        answers
    }

    /// `@api.marshal_with(order, code=201, as_list=True, envelope="orders")`
    fn marshalled(&mut self, scope: &Scope, call: &Call, (value, list): (ValueId, bool), operation: &mut Operation) -> bool {
        let Some(schema) = self.fields_written(scope, value, DEEPEST) else { return false };
        let many = list || self.given_truth(scope, call, usize::MAX, "as_list") == Some(true);
        let schema = if many { Schema::array(schema) } else { schema };
        let schema = match self.given_text(scope, call, usize::MAX, "envelope") {
            Some(key) => Schema::object(vec![Property::new(&key, schema, true)]),
            None => schema,
        };
        let facts = self.facts(scope.file);
        let status = facts.argument(call, usize::MAX, "code").and_then(|code| self.status(scope, code)).unwrap_or(200);
        operation.answer(status, Some(Content::json(schema)));
        true
    }

    /// `@api.expect(model)`, `@api.expect(parser)`
    fn expected(&mut self, scope: &Scope, value: ValueId, verb: Method, operation: &mut Operation) {
        if self.parser(scope, value, verb, operation) {
            return;
        }
        if let Some(schema) = self.fields_written(scope, value, DEEPEST) {
            operation.body = Some(Content::json(schema));
        }
    }

    /// `parser.parse_args()` inside a method.
    fn parsed(&mut self, (file, id): Place, verb: Method, operation: &mut Operation) {
        let facts = self.facts(file);
        let inside = facts.definition(id).values;
        let scope = Scope::at(file, Some(id));
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
            if let Shape::Member(object, word) = facts.value(call.callee).shape
                && facts.text(word) == "parse_args"
            {
                self.parser(&scope, object, verb, operation);
            }
        }
    }

    /// The arguments that a parser takes; false for anything else.
    fn parser(&mut self, scope: &Scope, value: ValueId, verb: Method, operation: &mut Operation) -> bool {
        let Some((home, made)) = self.made_by(scope, value) else { return false };
        let facts = self.facts(home.file);
        let is_parser = facts.as_call(made).is_some_and(|call| matches!(facts.last_name(call.callee), Some("RequestParser" | "parser")));
        if !is_parser {
            return false;
        }
        let Some(name) =
            facts.bindings.iter().find(|binding| binding.value == Some(made)).and_then(|binding| facts.as_name(binding.target))
        else {
            return true;
        };
        let mut body = Fields::default();
        for call in &facts.calls {
            let Shape::Member(object, word) = facts.value(call.callee).shape else { continue };
            if facts.text(word) != "add_argument" || facts.as_name(object) != Some(name) {
                continue;
            }
            let Some(field) = self.given_text(&home, call, 0, "name") else { continue };
            let field = field.trim_start_matches('-').to_owned();
            let schema = self.argument_kind(&home, call);
            let required = self.given_truth(&home, call, usize::MAX, "required") == Some(true);
            match self.given_text(&home, call, usize::MAX, "location").as_deref() {
                Some("args") => operation.parameter(In::Query, &field, schema, required),
                Some("headers") => operation.parameter(In::Header, &field, schema, required),
                Some("cookies") => operation.parameter(In::Cookie, &field, schema, required),
                None if verb == Method::Get => operation.parameter(In::Query, &field, schema, required),
                Some("files") => body.add(&field, Schema::formatted("binary"), required),
                _ => body.add(&field, schema, required),
            }
        }
        if !body.is_empty() && verb != Method::Get {
            operation.body_required = body.each().any(|(_, _, required)| required);
            operation.body = Some(Content::json(body.schema()));
        }
        true
    }

    fn argument_kind(&self, scope: &Scope, call: &Call) -> Schema {
        let facts = self.facts(scope.file);
        let kind = facts.argument(call, usize::MAX, "type").and_then(|kind| facts.last_name(kind));
        let mut schema = match kind {
            Some("int" | "positive" | "natural") => Schema::integer(),
            Some("float") => Schema::plain(Kind::Number),
            Some("bool" | "boolean") => Schema::plain(Kind::Truth),
            Some("list") => Schema::array(Schema::open()),
            Some("dict") => Schema::open_object(Vec::new()),
            Some("FileStorage") => Schema::formatted("binary"),
            Some("str") | None => Schema::text(),
            Some(_) => Schema::open(),
        };
        if let Some(Thing::List(items)) = facts.argument(call, usize::MAX, "choices").map(|value| self.thing(scope, value)) {
            schema.choices = items.iter().filter_map(super::values::of_thing).collect();
        }
        let several =
            self.given_text(scope, call, usize::MAX, "action").is_some_and(|action| matches!(action.as_str(), "append" | "split"));
        if several { Schema::array(schema) } else { schema }
    }

    /// What a name was given, in this file or in the one it is imported from: the expression, with its place.
    fn made_by(&self, scope: &Scope, value: ValueId) -> Option<(Scope, ValueId)> {
        let facts = self.facts(scope.file);
        let Shape::Name(name) = facts.value(value).shape else { return Some((Scope::at(scope.file, scope.owner), value)) };
        let classes = self.evaluator.classes;
        if let Some(given) = self.given_before(scope, name, value) {
            return Some((Scope::at(scope.file, scope.owner), given));
        }
        let (home, name) = match classes.names.named(classes.base, scope.file, scope.owner, value) {
            Named::Variable(home, name) => (home, name),
            _ => (scope.file, name),
        };
        self.last_of_module(home, name).map(|given| (Scope::at(home, None), given))
    }

    fn last_of_module(&self, home: FileId, name: crate::facts::Text) -> Option<ValueId> {
        let bound = self.evaluator.classes.locals(home).of_name(None, name).last()?;
        self.facts(home).bindings[bound.binding as usize].value.filter(|_| bound.place.is_none())
    }

    /// True for a model of fields.
    pub(super) fn is_model_of_fields(&mut self, scope: &Scope, value: ValueId) -> bool {
        self.fields_written(scope, value, DEEPEST).is_some()
    }

    /// What a model of fields looks like: `api.model("Order", {...})`, a dictionary of fields, a list of either.
    fn fields_written(&mut self, scope: &Scope, value: ValueId, left: u32) -> Option<Schema> {
        let left = left.checked_sub(1)?;
        let (home, made) = self.made_by(scope, value)?;
        let facts = self.facts(home.file);
        match facts.value(made).shape {
            Shape::List(parts) => match facts.items(parts).to_vec()[..] {
                [only] => Some(Schema::array(self.fields_written(&home, only, left)?)),
                _ => None,
            },
            Shape::Map(entries) => {
                let mut properties = Vec::new();
                for entry in facts.entries[entries.range()].iter().copied() {
                    let name = entry.key.and_then(|key| facts.as_literal(key))?;
                    properties.push(self.field_written(&home, entry.value, name, left)?);
                }
                Some(Schema::object(properties))
            }
            Shape::Call(_) => {
                let call = facts.as_call(made).copied()?;
                if !matches!(facts.last_name(call.callee), Some("model" | "inherit" | "clone" | "extend")) {
                    return None;
                }
                // What it inherits stands between its name and its own fields.
                let mut properties: Vec<Property> = Vec::new();
                for argument in facts.arguments_of(&call).to_vec().into_iter().skip(1) {
                    if let Some(Form::Object { properties: more, .. }) =
                        self.fields_written(&home, argument.value, left).map(|schema| schema.form)
                    {
                        properties.retain(|known| !more.iter().any(|property| property.name == known.name));
                        properties.extend(more);
                    }
                }
                (!properties.is_empty()).then(|| Schema::object(properties))
            }
            _ => None,
        }
    }

    /// `fields.String(required=True)`, `fields.Integer`
    fn field_written(&mut self, scope: &Scope, value: ValueId, name: &str, left: u32) -> Option<Property> {
        let facts = self.facts(scope.file);
        let call = facts.as_call(value).copied();
        let word = facts.last_name(call.map_or(value, |call| call.callee))?;
        let first = call.and_then(|call| facts.arguments_of(&call).first().copied()).map(|first| first.value);
        let mut schema = match word {
            "String" | "FormattedString" | "ClassName" | "Fixed" | "Arbitrary" => Schema::text(),
            "Integer" => Schema::integer(),
            "Float" => Schema::plain(Kind::Number),
            "Boolean" => Schema::plain(Kind::Truth),
            "DateTime" => Schema::formatted("date-time"),
            "Date" => Schema::formatted("date"),
            "Url" => Schema::formatted("uri"),
            "List" => {
                let inner = first.and_then(|first| self.field_written(scope, first, name, left));
                Schema::array(inner.map_or_else(Schema::open, |inner| inner.schema))
            }
            "Nested" => first.and_then(|first| self.fields_written(scope, first, left)).unwrap_or_else(|| Schema::open_object(Vec::new())),
            "Raw" | "Wildcard" | "Polymorph" => Schema::open(),
            // A field of the application's own is one all the same.
            _ => Schema::open(),
        };
        let mut required = false;
        if let Some(call) = &call {
            required = self.given_truth(scope, call, usize::MAX, "required") == Some(true);
            schema.read_only = self.given_truth(scope, call, usize::MAX, "readonly") == Some(true);
            schema.nullable = self.given_truth(scope, call, usize::MAX, "allow_null") == Some(true);
            if let Some(Thing::List(items)) = facts.argument(call, usize::MAX, "enum").map(|value| self.thing(scope, value)) {
                schema.choices = items.iter().filter_map(super::values::of_thing).collect();
            }
            for (word, bound) in
                [("min", Bound::Minimum), ("max", Bound::Maximum), ("min_length", Bound::MinLength), ("max_length", Bound::MaxLength)]
            {
                let literal = facts.argument(call, usize::MAX, word).and_then(|value| self.literal(scope, value));
                schema.bounds.extend(literal.filter(|literal| matches!(literal, Literal::Integer(0..))).map(|literal| (bound, literal)));
            }
        }
        Some(Property::new(name, schema, required))
    }
}
