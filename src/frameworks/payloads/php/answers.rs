//! What a function answers: the statuses it may have, and what each carries.

use super::Reading;
use super::frames::Frame;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::Ancestor;
use crate::frameworks::payloads::answers::{Answer, tell};
use crate::frameworks::payloads::schema::{Form, Property, Schema};
use crate::frameworks::payloads::statuses;
use crate::frameworks::payloads::{Content, HTML, Operation};
use std::rc::Rc;

/// How many calls of answers are followed.
const DEEPEST: u32 = 8;

/// What nobody can tell of an answer.
const UNKNOWN: &str = "what is answered could not be told";

impl Reading<'_> {
    /// Puts into an operation what a function answers.
    pub(super) fn tell_answers(&self, frame: &Rc<Frame>, operation: &mut Operation) {
        let mut found = Vec::new();
        for value in self.returned(frame) {
            self.add_answers(frame, value, DEEPEST, &mut found);
        }
        tell(found, 200, operation);
        self.tell_refusals(frame, operation);
        if !operation.responses.iter().any(|answer| answer.status.is_some_and(|status| status < 400)) {
            operation.answer(200, None);
            operation.unsure(UNKNOWN, 60);
        }
    }

    /// `abort(404)`, `findOrFail`, exceptions that stand for a status.
    fn tell_refusals(&self, frame: &Rc<Frame>, operation: &mut Operation) {
        let facts = self.facts(frame);
        let inside = facts.definition(frame.function).values;
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
            let argument = |place: usize| facts.arguments_of(call).get(place).map(|argument| argument.value);
            let status = match facts.last_name(call.callee).unwrap_or_default() {
                "abort" => argument(0).and_then(|status| self.status(frame, status)),
                "abort_if" | "abort_unless" => argument(1).and_then(|status| self.status(frame, status)),
                "findOrFail" | "firstOrFail" | "createNotFoundException" => Some(404),
                "authorize" | "denyAccessUnlessGranted" | "createAccessDeniedException" => Some(403),
                "__construct" => match self.made(frame, call) {
                    Some(Ancestor::Outside(full)) => statuses::of_exception(full.rsplit('\\').next().unwrap_or(&full)).or_else(|| {
                        (full.ends_with("\\httpexception")).then(|| argument(0).and_then(|status| self.status(frame, status))).flatten()
                    }),
                    _ => None,
                },
                _ => None,
            };
            if let Some(status) = status {
                operation.answer(status, None);
            }
        }
    }

    fn add_answers(&self, frame: &Rc<Frame>, value: ValueId, left: u32, out: &mut Vec<Answer>) {
        let (Some(left), Some(_inside)) = (left.checked_sub(1), self.go_on()) else { return };
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Choice(parts) => facts.items(parts).iter().for_each(|part| self.add_answers(frame, *part, left, out)),
            Shape::Name(name) if facts.text(name).starts_with('$') => {
                for (from, origin) in self.origins(frame, value) {
                    if self.facts(&from).as_name(origin).is_some() {
                        out.push(self.data(&from, origin));
                    } else {
                        self.add_answers(&from, origin, left, out);
                    }
                }
            }
            Shape::Call(_) => {
                if let Some(call) = facts.as_call(value) {
                    self.add_call(frame, value, call, left, out);
                }
            }
            Shape::Literal(_) | Shape::Template(_) | Shape::Joined(..) => {
                out.push(Answer { status: None, content: Some(Content { media: vec![HTML], schema: Schema::text() }) });
            }
            Shape::Constant(word) if facts.text(word).eq_ignore_ascii_case("null") => out.push(Answer::empty(200)),
            _ => out.push(self.data(frame, value)),
        }
    }

    /// Data that the framework turns into an answer. A row that was just made is 201.
    fn data(&self, frame: &Rc<Frame>, value: ValueId) -> Answer {
        let made = self.by_laravel && self.is_new(frame, value);
        Answer::json(made.then_some(201), self.schema(frame, value))
    }

    /// `Order::create([...])`, here or where a variable was given it.
    fn is_new(&self, frame: &Rc<Frame>, value: ValueId) -> bool {
        self.origins(frame, value).iter().any(|(from, value)| {
            let facts = self.facts(from);
            let made = facts.as_call(*value).is_some_and(|call| matches!(facts.last_name(call.callee), Some("create" | "forceCreate")));
            made && self.row_of(from, *value).is_some()
        })
    }

    fn add_call(&self, frame: &Rc<Frame>, value: ValueId, call: &Call, left: u32, out: &mut Vec<Answer>) {
        let facts = self.facts(frame);
        let name = facts.last_name(call.callee).unwrap_or_default();
        let argument = |place: usize| facts.arguments_of(call).get(place).map(|argument| argument.value);
        if let Shape::Member(object, _) = facts.value(call.callee).shape
            && self.target(frame, call).is_none()
        {
            match name {
                // What is said of an answer that stands before it.
                "setStatusCode" | "withHeaders" | "header" | "cookie" | "withCookie" | "setPrivate" | "setPublic"
                | "setEncodingOptions" | "response" | "additional" | "setMaxAge" | "setSharedMaxAge" | "withInput" | "withErrors"
                | "with" => {
                    let start = out.len();
                    self.add_answers(frame, object, left, out);
                    if name == "setStatusCode" {
                        let status = argument(0).and_then(|status| self.status(frame, status));
                        out[start..].iter_mut().for_each(|answer| answer.status = status.or(answer.status));
                    }
                    if name == "additional" {
                        out[start..].iter_mut().filter_map(|answer| answer.content.as_mut()).for_each(|content| open(&mut content.schema));
                    }
                    return;
                }
                _ => {}
            }
        }
        // FOSRest hands an object with what is answered to whatever writes it.
        if let ("handle" | "handleView", Some(view)) = (name, argument(0))
            && !self.by_laravel
            && self.target(frame, call).is_none()
        {
            return self.add_answers(frame, view, left, out);
        }
        if let Some(answer) = self.library_answer(frame, call, name) {
            out.push(answer);
            return;
        }
        if let Some(schema) = self.resource(frame, call) {
            let new = argument(0).is_some_and(|row| self.is_new(frame, row));
            out.push(Answer::json(new.then_some(201), self.wrapped(schema)));
            return;
        }
        if let Some(rows) = self.rows(frame, value) {
            let new = self.by_laravel && self.is_new(frame, value);
            out.push(Answer::json(new.then_some(201), rows));
            return;
        }
        match self.target(frame, call).and_then(|(target, this)| self.enter(frame, call, target, this)) {
            Some(inner) if !self.returned(&inner).is_empty() => {
                for value in self.returned(&inner) {
                    self.add_answers(&inner, value, left, out);
                }
            }
            _ => out.push(Answer::json(None, self.schema(frame, value))),
        }
    }

    /// Laravel puts a resource under `data` unless it is told not to.
    fn wrapped(&self, schema: Schema) -> Schema {
        let is_page = matches!(&schema.form, Form::Object { .. });
        if is_page || self.is_bare { schema } else { Schema::object(vec![Property::new("data", schema, true)]) }
    }

    /// Answers that are made by the frameworks' own functions and classes.
    fn library_answer(&self, frame: &Rc<Frame>, call: &Call, name: &str) -> Option<Answer> {
        let facts = self.facts(frame);
        let argument = |place: usize| facts.arguments_of(call).get(place).map(|argument| argument.value);
        let data = |place: usize| argument(place).map_or_else(|| Schema::open_object(Vec::new()), |data| self.carried(frame, data));
        let status = |place: usize| argument(place).and_then(|status| self.status(frame, status));
        let page = |status: Option<u16>| Answer { status, content: Some(Content { media: vec![HTML], schema: Schema::text() }) };
        let Shape::Member(object, _) = facts.value(call.callee).shape else {
            return match name {
                "response" if argument(0).is_some_and(|text| self.is_empty(frame, text)) => Some(Answer::empty(status(1).unwrap_or(200))),
                "response" if argument(0).is_some() => Some(Answer::json(status(1), data(0))),
                "redirect" | "back" | "to_route" => Some(Answer::empty(302)),
                "view" | "inertia" => Some(page(None)),
                _ => None,
            };
        };
        let before = facts.as_call(object).and_then(|before| facts.last_name(before.callee));
        let class = || facts.as_name(object).map(|class| facts.text(class));
        let by_response = before == Some("response") || matches!(class(), Some("Response" | "ResponseFacade")) || before == Some("json");
        match name {
            "json" | "jsonp" if by_response => Some(Answer { status: Some(status(1).unwrap_or(200)), ..Answer::json(None, data(0)) }),
            "make" if by_response => Some(Answer::json(status(1), data(0))),
            "noContent" if by_response => Some(Answer::empty(status(0).unwrap_or(204))),
            "view" if by_response => Some(page(status(2))),
            "download" | "file" | "stream" | "streamDownload" if by_response => Some(Answer {
                status: None,
                content: Some(Content { media: vec!["application/octet-stream"], schema: Schema::formatted("binary") }),
            }),
            "route" | "to" | "away" | "back" | "intended" | "action" | "guest" if before == Some("redirect") => Some(Answer::empty(302)),
            "redirectToRoute" | "redirect" => Some(Answer::empty(status(if name == "redirect" { 1 } else { 2 }).unwrap_or(302))),
            "render" | "renderForm" if class() == Some("$this") && self.target(frame, call).is_none() => Some(page(None)),
            "json" if class() == Some("$this") && self.target(frame, call).is_none() => Some(Answer::json(status(1), data(0))),
            "__construct" => self.made_answer(frame, call),
            _ => None,
        }
    }

    /// `new JsonResponse($data, 201)`, `new Response('', 204)`
    fn made_answer(&self, frame: &Rc<Frame>, call: &Call) -> Option<Answer> {
        let Some(Ancestor::Outside(full)) = self.made(frame, call) else { return None };
        let facts = self.facts(frame);
        let argument = |place: usize| facts.arguments_of(call).get(place).map(|argument| argument.value);
        let status = argument(1).and_then(|status| self.status(frame, status));
        match full.rsplit('\\').next()? {
            "view" if full.starts_with("fos\\") => {
                let data = argument(0).filter(|data| !self.is_empty(frame, *data));
                Some(match data {
                    Some(data) => Answer::json(status, self.schema(frame, data)),
                    None => Answer::empty(status.unwrap_or(204)),
                })
            }
            "jsonresponse" => {
                let empty = argument(0).is_none_or(|data| self.is_empty(frame, data));
                if empty && status == Some(204) {
                    return Some(Answer::empty(204));
                }
                let schema = argument(0).map_or_else(|| Schema::open_object(Vec::new()), |data| self.schema(frame, data));
                Some(Answer::json(status, schema))
            }
            "response" if argument(0).is_none_or(|data| self.is_empty(frame, data)) => Some(Answer::empty(status.unwrap_or(200))),
            "response" if argument(0).is_some_and(|data| self.encoded(frame, data).is_some()) => {
                Some(Answer::json(status, argument(0).map_or_else(Schema::open, |data| self.carried(frame, data))))
            }
            "response" => Some(Answer { status, content: Some(Content { media: vec![HTML], schema: Schema::text() }) }),
            "redirectresponse" => Some(Answer::empty(status.unwrap_or(302))),
            "binaryfileresponse" | "streamedresponse" => Some(Answer {
                status,
                content: Some(Content { media: vec!["application/octet-stream"], schema: Schema::formatted("binary") }),
            }),
            _ => None,
        }
    }

    /// What an answer carries: text that `json_encode` made is what was put into it.
    fn carried(&self, frame: &Rc<Frame>, value: ValueId) -> Schema {
        match self.encoded(frame, value) {
            Some((from, data)) => self.schema(&from, data),
            None => self.schema(frame, value),
        }
    }

    /// What `json_encode` was handed, where a value is what it made.
    fn encoded(&self, frame: &Rc<Frame>, value: ValueId) -> Option<(Rc<Frame>, ValueId)> {
        self.origins(frame, value).into_iter().find_map(|(from, origin)| {
            let facts = self.facts(&from);
            let call = facts.as_call(origin).filter(|call| facts.last_name(call.callee) == Some("json_encode"))?;
            Some((from, facts.arguments_of(call).first()?.value))
        })
    }

    fn is_empty(&self, frame: &Rc<Frame>, value: ValueId) -> bool {
        self.origins(frame, value).iter().all(|(from, value)| {
            let facts = self.facts(from);
            match facts.value(*value).shape {
                Shape::Literal(text) => facts.text(text).is_empty(),
                Shape::Constant(word) => facts.text(word).eq_ignore_ascii_case("null"),
                _ => false,
            }
        })
    }

    /// Rows that the framework looks up for a parameter of the route: where there is none, the answer is 404.
    pub(super) fn tell_bound_rows(&self, frame: &Rc<Frame>, path: &str, operation: &mut Operation) {
        let facts = self.facts(frame);
        for parameter in &facts.parameters[facts.definition(frame.function).parameters.range()] {
            let name = facts.text(parameter.name).trim_start_matches('$');
            let Some(Ancestor::Ours(class)) = self.parameter_type(frame, parameter.name) else { continue };
            if self.types.entities.get(class).is_some() && (path.contains(&format!("{{{name}}}")) || path.contains("{id}")) {
                operation.answer(404, None);
            }
        }
    }
}

/// Says that an object has more than could be told.
fn open(schema: &mut Schema) {
    if let Form::Object { open, .. } = &mut schema.form {
        *open = true;
    }
}
