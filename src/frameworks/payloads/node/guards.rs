//! Who may call a route: what stands before its handler and asks who calls.

use super::Reading;
use super::frames::{Frame, Place};
use crate::base::FileId;
use crate::facts::{Shape, ValueId};
use crate::frameworks::payloads::Scheme;
use crate::frameworks::routes::Route;
use std::rc::Rc;

/// The cookie of express-session, where nothing else is said.
const SESSION: &str = "connect.sid";

impl Reading<'_> {
    /// What is handed over between the address and the handler where a route is registered.
    pub(super) fn before(&self, route: &Route) -> Vec<(FileId, ValueId)> {
        let (file, line) = route.registered;
        let facts = self.classes.base.facts(file);
        let mut calls = facts.calls.iter().filter(|call| call.span.line <= line && line <= call.span.end_line);
        let registers = |call: &&crate::facts::Call| {
            let arguments = facts.arguments_of(call);
            let path = arguments.iter().position(|argument| facts.as_literal(argument.value).is_some_and(|text| text.starts_with('/')));
            path.is_some_and(|path| arguments.len() > path + 2) && (call.span.line == line || call.span.end_line == line)
        };
        let Some(call) = calls.find(registers) else { return Vec::new() };
        let arguments = facts.arguments_of(call);
        let path = arguments.iter().position(|argument| facts.as_literal(argument.value).is_some_and(|text| text.starts_with('/')));
        let between = path.map_or(0..0, |path| path + 1..arguments.len() - 1);
        let mut found = Vec::new();
        for argument in &arguments[between] {
            self.flatten(file, argument.value, 3, &mut found);
        }
        found
    }

    /// `[...common, check]`
    fn flatten(&self, file: FileId, value: ValueId, left: u32, out: &mut Vec<(FileId, ValueId)>) {
        let Some(left) = left.checked_sub(1) else { return };
        let frame = Frame::top(file);
        let (from, origin) = self.origin(&frame, value);
        let facts = self.facts(&from);
        match facts.value(origin).shape {
            Shape::List(parts) if from.file == file => facts.items(parts).iter().for_each(|part| self.flatten(file, *part, left, out)),
            _ => out.push((file, value)),
        }
    }

    /// The ways to say who calls that are asked for; none where nothing is known to ask.
    pub(super) fn guarded(&self, before: &[(FileId, ValueId)]) -> Option<Vec<Scheme>> {
        let mut schemes: Vec<Scheme> = Vec::new();
        for (file, value) in before {
            if let Some(scheme) = self.guard(&Frame::top(*file), *value, 4)
                && !schemes.contains(&scheme)
            {
                schemes.push(scheme);
            }
        }
        (!schemes.is_empty()).then_some(schemes)
    }

    fn guard(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Option<Scheme> {
        let left = left.checked_sub(1)?;
        if let Some((file, function)) = self.function(frame, value) {
            return self.asks(file, function);
        }
        let (frame, value) = self.origin(frame, value);
        let facts = self.facts(&frame);
        let call = facts.as_call(value)?;
        let outside = self.outside(&frame, call.callee).unwrap_or_default();
        let first = facts.arguments_of(call).first().map(|argument| argument.value);
        let package = outside.split('.').next().unwrap_or_default();
        if matches!(package, "express-jwt" | "expressjwt" | "expressJwt" | "jwt" | "koa-jwt" | "express-oauth2-jwt-bearer") {
            // Without a token it goes on.
            let optional = first.is_some_and(|options| self.says_no(&frame, options, "credentialsRequired"));
            return (!optional).then_some(Scheme::Bearer);
        }
        if facts.last_name(call.callee) == Some("authenticate") {
            return match first.and_then(|first| facts.as_literal(first))? {
                "jwt" | "bearer" => Some(Scheme::Bearer),
                "basic" => Some(Scheme::Basic),
                _ => None,
            };
        }
        // A function that makes the one that asks.
        let (file, function) = self.function(&frame, call.callee)?;
        self.asks(file, function).or_else(|| {
            let inner = self.classes.base.facts(file);
            let top = Frame::top(file);
            inner.returned.iter().filter(|(own, _)| *own == function).find_map(|(_, value)| self.guard(&top, *value, left))
        })
    }

    fn says_no(&self, frame: &Frame, options: ValueId, wanted: &str) -> bool {
        let facts = self.facts(frame);
        let Shape::Map(entries) = facts.value(options).shape else { return false };
        facts.entries[entries.range()].iter().any(|entry| {
            entry.key.and_then(|key| facts.as_literal(key)) == Some(wanted)
                && matches!(facts.value(entry.value).shape, Shape::Constant(word) if facts.text(word) == "false")
        })
    }

    /// A function of the application that reads who calls and answers 401 or 403 where nobody may.
    fn asks(&self, file: FileId, function: crate::facts::DefinitionId) -> Option<Scheme> {
        let facts = self.classes.base.facts(file);
        let inside = facts.definition(function).values;
        let (mut refuses, mut scheme) = (false, None);
        let parameters = &facts.parameters[facts.definition(function).parameters.range()];
        let given = parameters
            .iter()
            .zip([Place::Request, Place::Response])
            .map(|(parameter, place)| (parameter.name, super::frames::Part::whole(place)));
        let frame = Frame::outermost(file, function, given.collect());
        for index in inside.range() {
            let value = ValueId(u32::try_from(index).expect("values are counted in u32"));
            match facts.value(value).shape {
                Shape::Number(text) => refuses |= matches!(facts.text(text), "401" | "403"),
                Shape::Member(object, name) => {
                    let name = facts.text(name);
                    refuses |= matches!(name, "UNAUTHORIZED" | "FORBIDDEN");
                    let part = self.part(&frame, object);
                    let place = part.as_ref().map(|part| part.place);
                    let found = match (place, name) {
                        (Some(Place::Headers), "authorization" | "Authorization") => Some(Scheme::Bearer),
                        (Some(Place::Headers), header) if header.starts_with("x-") => Some(Scheme::Header(header.to_owned())),
                        (Some(Place::Cookies), cookie) => Some(Scheme::Cookie(cookie.to_owned())),
                        (Some(Place::Request), "isAuthenticated" | "session") => Some(Scheme::Cookie(SESSION.to_owned())),
                        _ => None,
                    };
                    scheme = scheme.or(found);
                }
                Shape::Item(object, key) => {
                    let place = self.part(&frame, object).map(|part| part.place);
                    if let (Some(Place::Headers), Some(header)) = (place, facts.as_literal(key)) {
                        let by_token = header.eq_ignore_ascii_case("authorization");
                        scheme = scheme.or(Some(if by_token { Scheme::Bearer } else { Scheme::Header(header.to_owned()) }));
                    }
                }
                _ => {}
            }
        }
        scheme.filter(|_| refuses)
    }
}
