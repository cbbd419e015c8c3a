//! What handlers answer: `res.status(201).json({...})`, `ctx.body = {...}`, errors that stand for a status.

use super::Reading;
use super::frames::{Frame, Place};
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::payloads::answers::{Answer, tell};
use crate::frameworks::payloads::schema::Schema;
use crate::frameworks::payloads::{Content, HTML, Operation};
use std::rc::Rc;

/// What was found in a handler.
#[derive(Default)]
struct Found {
    answers: Vec<Answer>,
    /// Statuses that are set by themselves.
    set: Vec<u16>,
    refusals: Vec<u16>,
    /// A status that could not be told.
    unknown: bool,
}

impl Reading<'_> {
    /// Puts into an operation what its handler answers.
    pub(super) fn tell_answers(&self, frame: &Rc<Frame>, framework: &str, operation: &mut Operation) {
        let mut found = Found::default();
        self.find_answers(frame, &mut found);
        if found.answers.is_empty() && matches!(framework, "fastify" | "koa") {
            self.find_returned(frame, framework, &mut found);
        }
        let fallback = match &found.set[..] {
            [only] => *only,
            _ => 200,
        };
        tell(found.answers, fallback, operation);
        found.refusals.into_iter().for_each(|status| operation.answer(status, None));
        if found.unknown {
            operation.unsure("a status is put together while the program runs", 60);
        }
        if !operation.responses.iter().any(|answer| answer.status.is_some_and(|status| status < 400)) {
            operation.answer(200, None);
            operation.unsure("where it answers could not be told", 60);
        }
    }

    fn find_answers(&self, frame: &Rc<Frame>, found: &mut Found) {
        // One helper answers differently each time it is called, so it is entered each time.
        let (Some(function), Some(_inside)) = (frame.function, self.steps.go_on()) else { return };
        let facts = self.facts(frame);
        for call in self.calls(frame) {
            self.find_call(frame, call, found);
        }
        let inside = facts.definition(function).values;
        for binding in facts.bindings.iter().filter(|binding| inside.contains(binding.target.0)) {
            let (Shape::Member(object, name), Some(given)) = (facts.value(binding.target).shape, binding.value) else { continue };
            let Some(part) = self.part(frame, object).filter(|part| part.path.is_empty()) else { continue };
            match (part.place, facts.text(name)) {
                (Place::Context | Place::Response, "body") => found.answers.push(self.carried(frame, given, None)),
                (Place::Context | Place::Response, "status" | "statusCode") => match self.number(frame, given) {
                    Some(status) if status < 400 => found.set.push(status),
                    Some(status) => found.refusals.push(status),
                    None => found.unknown = true,
                },
                _ => {}
            }
        }
    }

    fn find_call(&self, frame: &Rc<Frame>, call: &Call, found: &mut Found) {
        let facts = self.facts(frame);
        let arguments = facts.arguments_of(call);
        if let Some(status) = self.refusal(frame, call) {
            found.refusals.push(status);
        }
        let handed = || arguments.iter().any(|argument| self.part(frame, argument.value).is_some_and(|part| part.path.is_empty()));
        let Shape::Member(object, name) = facts.value(call.callee).shape else {
            if handed()
                && let Some(inner) = self.enter(frame, call)
            {
                self.find_answers(&inner, found);
            }
            return;
        };
        let Some(status) = self.answering(frame, object, found) else {
            if handed()
                && let Some(inner) = self.enter(frame, call)
            {
                self.find_answers(&inner, found);
            }
            return;
        };
        let first = arguments.first().map(|argument| argument.value);
        match facts.text(name) {
            "json" | "jsonp" | "send" | "html" | "text" => {
                let own = arguments.get(1).and_then(|second| self.number(frame, second.value));
                found.answers.push(match first {
                    Some(value) => self.carried(frame, value, status.or(own)),
                    None => Answer { status, content: None },
                });
            }
            "sendStatus" => match first.and_then(|first| self.number(frame, first)) {
                Some(status) => found.answers.push(Answer { status: Some(status), content: None }),
                None => found.unknown = true,
            },
            "end" => found.answers.push(Answer { status, content: None }),
            "redirect" => {
                let written = first.and_then(|first| self.number(frame, first));
                found.answers.push(Answer { status: Some(written.unwrap_or(302)), content: None });
            }
            "render" | "view" => found.answers.push(page(status)),
            "sendFile" | "sendfile" | "download" => {
                let content = Content { media: vec!["application/octet-stream"], schema: Schema::formatted("binary") };
                found.answers.push(Answer { status, content: Some(content) });
            }
            // `res.status(404);` by itself; where something follows it, that counts.
            "status" | "code" | "writeHead" if !call.used => match first.and_then(|first| self.number(frame, first)) {
                Some(status) if status < 400 => found.set.push(status),
                Some(status) => found.refusals.push(status),
                None => found.unknown = true,
            },
            "throw" => found.refusals.extend(first.and_then(|first| self.number(frame, first))),
            _ => {}
        }
    }

    /// Where an expression is the answer, perhaps with a status: `res`, `res.status(201)`, `reply.code(204).type('x')`.
    fn answering(&self, frame: &Rc<Frame>, value: ValueId, found: &mut Found) -> Option<Option<u16>> {
        let facts = self.facts(frame);
        let (mut at, mut status) = (value, None);
        for _ in 0..12 {
            if let Some(call) = facts.as_call(at) {
                let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
                match facts.text(name) {
                    "status" | "code" => {
                        let first = facts.arguments_of(call).first();
                        status = first.and_then(|first| self.number(frame, first.value));
                        found.unknown |= status.is_none() && self.part(frame, object).is_some_and(|part| part.place == Place::Response);
                    }
                    "type" | "set" | "header" | "headers" | "cookie" | "append" | "vary" | "links" | "location" | "clearCookie" => {}
                    _ => return None,
                }
                at = object;
                continue;
            }
            let part = self.part(frame, at)?;
            return (part.path.is_empty() && matches!(part.place, Place::Response | Place::Context)).then_some(status);
        }
        None
    }

    fn carried(&self, frame: &Rc<Frame>, value: ValueId, status: Option<u16>) -> Answer {
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Literal(_) | Shape::Template(_) => page(status),
            Shape::Constant(word) if matches!(facts.text(word), "null" | "undefined") => Answer { status, content: None },
            _ => Answer { status, content: Some(Content::json(self.schema(frame, value))) },
        }
    }

    /// `return {...}` answers in Fastify.
    fn find_returned(&self, frame: &Rc<Frame>, framework: &str, found: &mut Found) {
        if framework != "fastify" {
            return;
        }
        let facts = self.facts(frame);
        for (_, value) in facts.returned.iter().filter(|(function, _)| Some(*function) == frame.function) {
            let is_answer = self.part(frame, *value).is_some();
            if !is_answer {
                found.answers.push(self.carried(frame, *value, None));
            }
        }
    }

    /// `createError(404)`, `new HttpError(422, ...)`, `Boom.notFound()`, `new NotFoundException()`
    pub(super) fn refusal(&self, frame: &Rc<Frame>, call: &Call) -> Option<u16> {
        let facts = self.facts(frame);
        let name = facts.last_name(call.callee)?;
        let refuses = |status: &u16| (400..600).contains(status);
        let is_error = name.ends_with("Error") || name.ends_with("Exception");
        if is_error || name == "createHttpError" {
            let mut numbers = facts.arguments_of(call).iter().filter_map(|argument| self.number(frame, argument.value));
            if let Some(status) = numbers.find(refuses) {
                return Some(status);
            }
        }
        if matches!(facts.value(call.callee).shape, Shape::Member(object, _) if facts.last_name(object).is_some_and(|class| class.eq_ignore_ascii_case("boom")))
        {
            return by_word(name);
        }
        is_error.then(|| by_word(name.trim_end_matches("Exception").trim_end_matches("Error"))).flatten()
    }
}

fn page(status: Option<u16>) -> Answer {
    Answer { status, content: Some(Content { media: vec![HTML], schema: Schema::text() }) }
}

/// Words for what is refused.
fn by_word(word: &str) -> Option<u16> {
    Some(match word.to_ascii_lowercase().as_str() {
        "badrequest" => 400,
        "unauthorized" => 401,
        "forbidden" => 403,
        "notfound" => 404,
        "conflict" => 409,
        "gone" | "resourcegone" => 410,
        "unprocessableentity" | "baddata" => 422,
        "toomanyrequests" => 429,
        _ => return None,
    })
}
