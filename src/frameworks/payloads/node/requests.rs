//! What code reads of a request, part by part.

use super::Reading;
use super::frames::{Frame, Part, Place};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Shape, ValueId};
use crate::frameworks::payloads::fields::Fields;
use crate::frameworks::payloads::schema::Schema;
use crate::frameworks::payloads::{Content, In, JSON, MULTIPART, Operation};
use crate::frameworks::routes::Method;
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// Members of values that are no fields.
const OWN: [&str; 4] = ["length", "constructor", "prototype", "toString"];

/// What a request was seen to be asked for.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) body: Fields,
    /// The body as one schema, where something says what all of it is.
    pub(super) whole: Option<Schema>,
    pub(super) query: Fields,
    pub(super) headers: Vec<String>,
    pub(super) has_files: bool,
    /// All of it goes somewhere nobody looks at.
    pub(super) is_open: bool,
    query_is_open: bool,
    seen: FxHashSet<(FileId, DefinitionId)>,
}

impl Reading<'_> {
    /// Adds what a function and those of the application that it hands parts of a request to read of it.
    pub(super) fn ask(&self, frame: &Rc<Frame>, asked: &mut Asked) {
        let Some(function) = frame.function.filter(|function| asked.seen.insert((frame.file, *function))) else { return };
        let facts = self.facts(frame);
        let inside = facts.definition(function).values;
        let calls = self.calls(frame);
        let called: FxHashSet<ValueId> = calls.iter().map(|call| call.callee).collect();
        for index in inside.range() {
            let value = ValueId(u32::try_from(index).expect("values are counted in u32"));
            if matches!(facts.value(value).shape, Shape::Member(..) | Shape::Item(..))
                && !called.contains(&value)
                && let Some(part) = self.part(frame, value)
            {
                asked.note(&part);
            }
        }
        for binding in facts.bindings.iter().filter(|binding| inside.contains(binding.target.0)) {
            self.ask_pattern(frame, binding.target, binding.value, asked);
        }
        for call in calls {
            self.ask_call(frame, call, asked);
        }
    }

    /// `const { name, ...rest } = req.body`
    fn ask_pattern(&self, frame: &Rc<Frame>, target: ValueId, given: Option<ValueId>, asked: &mut Asked) {
        let facts = self.facts(frame);
        let (Shape::List(targets), Some(given)) = (facts.value(target).shape, given) else { return };
        let Some(part) = self.part(frame, given) else { return };
        for target in facts.items(targets) {
            match self.key_of(facts, *target) {
                Some(key) => {
                    if let Some(below) = part.key(key) {
                        asked.note(&below);
                    }
                }
                None => asked.open(&part),
            }
        }
    }

    fn ask_call(&self, frame: &Rc<Frame>, call: &Call, asked: &mut Asked) {
        let facts = self.facts(frame);
        let arguments = facts.arguments_of(call);
        if let Shape::Member(object, name) = facts.value(call.callee).shape {
            let name = facts.text(name);
            let key = arguments.first().and_then(|argument| facts.as_literal(argument.value));
            // `req.get('x-token')`, `c.req.query('page')`
            if let (Some(part), Some(key)) = (self.part(frame, object), key)
                && matches!(part.place, Place::Request | Place::Context)
            {
                match name {
                    "get" | "header" => asked.headers.push(key.to_owned()),
                    "query" if part.place == Place::Request => asked.query.add(key, Schema::open(), false),
                    _ => {}
                }
            }
            self.ask_validation(frame, call, asked);
        }
        let parts: Vec<Part> = arguments.iter().filter_map(|argument| self.part(frame, argument.value)).collect();
        if parts.is_empty() {
            return;
        }
        match self.enter(frame, call) {
            Some(inner) => self.ask(&inner, asked),
            None if is_harmless(facts.last_name(call.callee)) => {}
            None => parts.iter().for_each(|part| asked.open(part)),
        }
    }
}

/// Functions that look at a value as a whole and at nothing in it.
fn is_harmless(name: Option<&str>) -> bool {
    matches!(name, Some("log" | "info" | "debug" | "warn" | "error" | "keys" | "isArray" | "String" | "Number" | "parseInt" | "Boolean"))
}

impl Part {
    /// What stands under a key of a part that holds fields.
    fn key(&self, key: &str) -> Option<Self> {
        let mut path = self.path.clone();
        match (self.place, key) {
            (Place::Request, "body") => return Some(Self::whole(Place::Body)),
            (Place::Request | Place::Response | Place::Context, _) => return None,
            _ => path.push(key.to_owned()),
        }
        Some(Self { place: self.place, path })
    }
}

impl Asked {
    fn note(&mut self, part: &Part) {
        let own = part.path.iter().position(|step| OWN.contains(&step.as_str())).unwrap_or(part.path.len());
        let path = part.path[..own].join(".");
        if path.is_empty() {
            return;
        }
        match part.place {
            Place::Body => self.body.add(&path, Schema::open(), false),
            Place::Query => self.query.add(&part.path[0], Schema::text(), false),
            Place::Headers => self.headers.push(part.path[0].clone()),
            Place::Files => self.has_files = true,
            _ => {}
        }
    }

    /// Notes that a part as a whole goes where nobody looks.
    fn open(&mut self, part: &Part) {
        match (part.place, part.path.is_empty()) {
            (Place::Body, true) => self.is_open = true,
            (Place::Query, true) => self.query_is_open = true,
            _ => {}
        }
    }

    /// Puts into an operation what was asked for.
    pub(super) fn tell(self, method: Method, operation: &mut Operation) {
        for (name, schema, required) in self.query.each() {
            operation.parameter(In::Query, name, schema, required);
        }
        for name in self.headers.iter().filter(|name| !is_common(name)) {
            operation.parameter(In::Header, name, Schema::text(), false);
        }
        if self.query_is_open {
            operation.unsure("all that stands behind the question mark is handed on as a whole", 70);
        }
        let mut fields = self.body;
        if fields.is_empty() && self.whole.is_none() && !self.is_open || matches!(method, Method::Get | Method::Head) {
            return;
        }
        let media = if self.has_files { vec![MULTIPART] } else { vec![JSON] };
        if let Some(schema) = self.whole {
            operation.body_required = true;
            operation.body = Some(Content { media, schema });
            return;
        }
        fields.open |= self.is_open;
        if fields.open {
            operation.unsure("the body is handed on as a whole, so it may have more fields", 70);
        }
        operation.body_required = fields.each().any(|(_, _, required)| required);
        operation.body = Some(Content { media, schema: fields.schema() });
    }
}

/// Headers that belong to the protocol, or to who calls.
fn is_common(name: &str) -> bool {
    const COMMON: [&str; 10] =
        ["authorization", "cookie", "content-type", "accept", "host", "user-agent", "referer", "origin", "content-length", "connection"];
    COMMON.iter().any(|known| known.eq_ignore_ascii_case(name))
}
