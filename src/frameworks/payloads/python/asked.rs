//! What functions read of a request by name: `request.args["page"]`, `request.get_json()["title"]`, `request.POST.get("x")`.

use super::types::Site;
use super::{Place, Reading, last};
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::payloads::fields::Fields;
use crate::frameworks::payloads::schema::{Kind, Schema};
use crate::frameworks::payloads::{Content, FORM, In, JSON, MULTIPART, Operation};
use crate::frameworks::python::{HOLE, Kind as ObjectKind, Scope, Thing};
use crate::frameworks::routes::Method;

/// How far expressions are followed.
const LONGEST: u32 = 8;

/// Where in a request something stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum From {
    Json,
    Form,
    Query,
    /// Behind the question mark, or in a form.
    Values,
    Files,
    Headers,
}

/// A part of a request: where, and below which keys.
struct Part {
    from: From,
    path: Vec<String>,
}

/// What a request was seen to be asked for.
#[derive(Default)]
pub(super) struct Asked {
    body: Fields,
    query: Fields,
    headers: Vec<String>,
    /// The body as one schema, where something says what all of it is.
    whole: Option<Schema>,
    is_json: bool,
    is_form: bool,
    has_files: bool,
    is_open: bool,
}

impl Reading<'_, '_> {
    /// What a function reads of its request.
    pub(super) fn asked(&mut self, (file, id): Place, verb: Method) -> Asked {
        let mut asked = Asked::default();
        let facts = self.facts(file);
        let inside = facts.definition(id).values;
        let scope = Scope::at(file, Some(id));
        for index in inside.range() {
            let value = ValueId(u32::try_from(index).expect("values are counted in u32"));
            if !matches!(facts.value(value).shape, Shape::Item(..) | Shape::Call(_)) {
                continue;
            }
            if let Some(part) = self.part(&scope, value, LONGEST).filter(|part| !part.path.is_empty()) {
                let schema = self.kind_asked(&scope, value, part.from);
                asked.note(&part, schema, verb);
            }
        }
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        let calls: Vec<Call> = facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end).copied().collect();
        for call in calls {
            self.ask_call(&scope, &call, &mut asked);
        }
        asked
    }

    /// True for an expression that is the request.
    fn is_request(&self, scope: &Scope, value: ValueId) -> bool {
        let facts = self.facts(scope.file);
        match facts.value(value).shape {
            Shape::Name(name) => facts.text(name) == "request",
            Shape::Member(object, name) => {
                facts.text(name) == "request" && facts.as_name(object).is_some_and(|object| matches!(facts.text(object), "self" | "flask"))
            }
            _ => false,
        }
    }

    /// Which part of a request an expression is.
    fn part(&self, scope: &Scope, value: ValueId, left: u32) -> Option<Part> {
        let left = left.checked_sub(1)?;
        let facts = self.facts(scope.file);
        match facts.value(value).shape {
            Shape::Member(object, word) if self.is_request(scope, object) => {
                let from = match facts.text(word) {
                    "json" | "data" => From::Json,
                    "form" | "POST" => From::Form,
                    "args" | "GET" | "query_params" => From::Query,
                    "values" => From::Values,
                    "files" | "FILES" => From::Files,
                    "headers" => From::Headers,
                    _ => return None,
                };
                Some(Part { from, path: Vec::new() })
            }
            Shape::Item(object, key) => self.part(scope, object, left)?.below(&self.thing(scope, key)),
            Shape::Call(_) => self.part_called(scope, facts.as_call(value)?, left),
            Shape::Name(name) => self.part(scope, self.given_before(scope, name, value)?, left),
            Shape::Choice(parts) => facts.items(parts).iter().find_map(|part| self.part(scope, *part, left)),
            Shape::Other(parts) => match facts.items(parts) {
                [only] => self.part(scope, *only, left),
                _ => None,
            },
            _ => None,
        }
    }

    fn part_called(&self, scope: &Scope, call: &Call, left: u32) -> Option<Part> {
        let facts = self.facts(scope.file);
        let first = facts.arguments_of(call).first().map(|argument| argument.value);
        let Shape::Member(object, word) = facts.value(call.callee).shape else {
            return match facts.last_name(call.callee)? {
                "dict" => self.part(scope, first?, left),
                _ => None,
            };
        };
        match facts.text(word) {
            "get_json" | "json" if self.is_request(scope, object) => Some(Part { from: From::Json, path: Vec::new() }),
            "loads" if self.is_raw(scope, first?, left) => Some(Part { from: From::Json, path: Vec::new() }),
            "get" | "pop" | "getlist" | "setdefault" => self.part(scope, object, left)?.below(&self.thing(scope, first?)),
            "copy" | "dict" | "to_dict" => self.part(scope, object, left),
            _ => None,
        }
    }

    /// The bytes of a request: `request.body`, `request.get_data().decode()`.
    fn is_raw(&self, scope: &Scope, value: ValueId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        let facts = self.facts(scope.file);
        match facts.value(value).shape {
            Shape::Member(object, word) => matches!(facts.text(word), "body" | "data") && self.is_request(scope, object),
            Shape::Call(_) => facts.as_call(value).is_some_and(|call| match facts.value(call.callee).shape {
                Shape::Member(object, word) if facts.text(word) == "get_data" => self.is_request(scope, object),
                Shape::Member(object, word) if facts.text(word) == "decode" => self.is_raw(scope, object, left),
                _ => false,
            }),
            _ => false,
        }
    }

    /// What is said about a value where it is read: `get("page", 1, type=int)`.
    fn kind_asked(&self, scope: &Scope, value: ValueId, from: From) -> Schema {
        let facts = self.facts(scope.file);
        let usual = if matches!(from, From::Query | From::Values | From::Form) { Schema::text() } else { Schema::open() };
        let Some(call) = facts.as_call(value) else { return usual };
        if facts.last_name(call.callee) == Some("getlist") {
            return Schema::array(Schema::text());
        }
        match facts.argument(call, usize::MAX, "type").and_then(|kind| facts.last_name(kind)) {
            Some("int") => Schema::integer(),
            Some("float") => Schema::plain(Kind::Number),
            _ => usual,
        }
    }

    /// What a call does with a part as a whole: a schema or model reads it, or nobody looks.
    fn ask_call(&mut self, scope: &Scope, call: &Call, asked: &mut Asked) {
        let facts = self.facts(scope.file);
        if let Shape::Member(object, word) = facts.value(call.callee).shape
            && matches!(facts.text(word), "items" | "values" | "keys" | "update")
            && self.whole_body(scope, object)
        {
            asked.is_open = true;
        }
        let arguments = facts.arguments_of(call).to_vec();
        let handed = arguments.iter().any(|argument| self.whole_body(scope, argument.value));
        let name = facts.last_name(call.callee).unwrap_or_default();
        if let Some(form) = self.form_made(scope, call, handed) {
            asked.is_form = true;
            asked.has_files |= self.has_file(&form);
            asked.whole = Some(form);
            return;
        }
        if !handed {
            return;
        }
        let on = match facts.value(call.callee).shape {
            Shape::Member(object, _) => Some(object),
            _ => None,
        };
        let schema = match (name, on) {
            ("load" | "validate", Some(object)) => {
                let thing = self.thing(scope, object);
                self.marshmallow_of(&thing)
            }
            ("model_validate" | "parse_obj" | "validate_python" | "from_dict", Some(object)) => self.model_read(scope, object),
            _ => self.model_read(scope, call.callee),
        };
        match schema {
            Some(schema) => {
                asked.is_json = true;
                asked.whole = Some(schema);
            }
            None if matches!(
                name,
                "len"
                    | "print"
                    | "list"
                    | "dict"
                    | "isinstance"
                    | "str"
                    | "bool"
                    | "info"
                    | "debug"
                    | "warning"
                    | "jsonify"
                    | "dumps"
                    | "type"
            ) => {}
            None => asked.is_open = true,
        }
    }

    /// True for all of a body.
    fn whole_body(&self, scope: &Scope, value: ValueId) -> bool {
        self.part(scope, value, LONGEST).is_some_and(|part| part.path.is_empty() && matches!(part.from, From::Json | From::Form))
    }

    /// A class of Pydantic that is made of what a request carries.
    fn model_read(&mut self, scope: &Scope, value: ValueId) -> Option<Schema> {
        let class = self.thing(scope, value).as_definition().filter(|class| self.evaluator.is_class(*class))?;
        let above = self.evaluator.library_classes(&ObjectKind::Ours(class));
        let reads = above.iter().any(|path| matches!(last(path), "BaseModel" | "SQLModel"));
        reads.then(|| self.annotated(&Site::at(scope.file, scope.owner), value)).filter(|schema| !schema.is_open())
    }
}

impl Part {
    fn below(mut self, key: &Thing) -> Option<Self> {
        let key = key.as_text().filter(|key| !key.contains(HOLE) && !key.is_empty())?;
        self.path.push(key.replace('.', " "));
        Some(self)
    }
}

impl Asked {
    fn note(&mut self, part: &Part, schema: Schema, verb: Method) {
        let path = part.path.join(".");
        match part.from {
            From::Query => self.query.add(&path, schema, false),
            From::Values if verb == Method::Get => self.query.add(&path, schema, false),
            From::Headers => self.headers.push(part.path[0].clone()),
            From::Files => {
                self.has_files = true;
                self.body.add(&path, Schema::formatted("binary"), false);
            }
            From::Json => {
                self.is_json = true;
                self.body.add(&path, schema, false);
            }
            From::Form | From::Values => {
                self.is_form = true;
                self.body.add(&path, schema, false);
            }
        }
    }

    /// The body that was read, where one was.
    pub(super) fn body(&self, operation: &mut Operation) -> Option<Content> {
        let media = match (self.has_files, self.is_form, self.is_json) {
            (true, ..) => vec![MULTIPART],
            (_, true, true) => vec![JSON, FORM],
            (_, true, false) => vec![FORM],
            _ => vec![JSON],
        };
        if let Some(schema) = &self.whole {
            return Some(Content { media, schema: schema.clone() });
        }
        if self.body.is_empty() && !self.is_open {
            return None;
        }
        let mut fields = self.body.clone();
        fields.open |= self.is_open;
        if fields.open {
            operation.unsure("the body is handed on as a whole, so it may have more fields", 70);
        }
        Some(Content { media, schema: fields.schema() })
    }

    /// Puts parameters into an operation.
    pub(super) fn parameters(&self, operation: &mut Operation) {
        for (name, schema, required) in self.query.each() {
            operation.parameter(In::Query, name, schema, required);
        }
        for name in &self.headers {
            if !["authorization", "cookie", "content-type", "accept", "host", "user-agent", "referer", "origin"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
            {
                operation.parameter(In::Header, name, Schema::text(), false);
            }
        }
    }

    /// Puts all of it into an operation.
    pub(super) fn tell(&self, method: Method, operation: &mut Operation) {
        self.parameters(operation);
        if !matches!(method, Method::Get | Method::Head | Method::Options) {
            operation.body = self.body(operation);
        }
    }
}
