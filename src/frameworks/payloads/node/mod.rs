//! What routes of Node's servers take and answer: what handlers read of a request, what they write into an answer, and what
//! validators before them or in them hold a request to.
//!
//! `frames` follows values through variables and the application's own functions and says which part of a request they are,
//! `requests` collects what is read of it, `validators` reads descriptions of Joi, zod and express-validator, `answers` and
//! `values` say what goes out, `guards` who may call.

mod answers;
mod frames;
mod guards;
mod requests;
mod validators;
mod values;

use super::steps::Steps;
use super::{Operation, Payloads, Reader};
use crate::facts::DefinitionKind;
use crate::frameworks::orm::Classes;
use crate::frameworks::routes::Route;
use frames::{Frame, Part, Place};
use std::rc::Rc;

/// The row of these frameworks.
pub(super) static READER: Reader = Reader { frameworks: &["express", "koa", "fastify", "restify", "hono"], read };

/// Reads payloads.
struct Reading<'a> {
    classes: &'a Classes<'a>,
    steps: Steps,
}

fn read(classes: &Classes<'_>, routes: &[&Route], payloads: &mut Payloads) {
    let reading = Reading { classes, steps: Steps::default() };
    for route in routes {
        reading.steps.begin();
        if let Some(operation) = reading.route(route) {
            payloads.note(route, operation);
        }
    }
}

impl Reading<'_> {
    fn route(&self, route: &Route) -> Option<Operation> {
        let mut operation = Operation::default();
        let before = self.before(route);
        let mut asked = requests::Asked::default();
        for value in &before {
            self.ask_validator(&before_frame(route, value.0), value.1, &mut asked);
        }
        operation.security = self.guarded(&before);
        if let Some(frame) = self.handler(route) {
            self.ask(&frame, &mut asked);
            asked.tell(route.method, &mut operation);
            self.tell_answers(&frame, route.framework, &mut operation);
        } else {
            asked.tell(route.method, &mut operation);
            operation.unsure("what answers could not be told", 50);
        }
        operation.responses.sort_by_key(|answer| answer.status.unwrap_or(u16::MAX));
        Some(operation)
    }

    /// The function that answers a route, with what its parameters are.
    fn handler(&self, route: &Route) -> Option<Rc<Frame>> {
        let (file, line) = route.handled?;
        let facts = self.classes.base.facts(file);
        let bare = route.handler.rsplit('.').next().unwrap_or(&route.handler);
        let on_line = || facts.definitions().filter(|(_, definition)| definition.span.line == line && !definition.kind.is_type());
        let named = on_line().find(|(_, definition)| facts.text(definition.name) == bare && !bare.is_empty());
        let takes = |parameters: usize| on_line().find(move |(_, definition)| definition.parameters.range().len() >= parameters);
        let is_single = matches!(route.framework, "koa" | "hono");
        let (function, definition) = named.or_else(|| takes(if is_single { 1 } else { 2 })).or_else(|| on_line().next())?;
        let parameters = &facts.parameters[definition.parameters.range()];
        // Handlers of errors take the error first.
        let skip = usize::from(parameters.len() >= 4 && definition.kind != DefinitionKind::Method);
        let roles: &[Place] = if is_single { &[Place::Context] } else { &[Place::Request, Place::Response] };
        let given = parameters.iter().skip(skip).zip(roles).map(|(parameter, place)| (parameter.name, Part::whole(*place))).collect();
        Some(Frame::outermost(file, function, given))
    }
}

/// The place of a registration, where no function is entered.
fn before_frame(route: &Route, file: crate::base::FileId) -> Rc<Frame> {
    debug_assert_eq!(route.registered.0, file);
    Frame::top(file)
}
