//! What routes of Node's servers take and answer: what handlers read of a request, what they write into an answer, and what
//! validators before them or in them hold a request to.
//!
//! `frames` follows values through variables and the application's own functions and says which part of a request they are,
//! `requests` collects what is read of it, `validators` reads descriptions of Joi, zod and express-validator, `answers` and
//! `values` say what goes out, `guards` who may call. `controllers` reads functions whose decorators say all of that, and
//! `classes` what the classes look like that they name.

mod answers;
mod classes;
mod controllers;
mod frames;
mod guards;
mod requests;
mod validators;
mod values;

use super::schema::ComponentId;
use super::steps::Steps;
use super::{Operation, Payloads, Reader};
use crate::base::FileId;
use crate::facts::{DefinitionId, DefinitionKind};
use crate::frameworks::orm::{ClassId, Classes};
use crate::frameworks::routes::Route;
use frames::{Frame, Part, Place};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The row of these frameworks.
pub(super) static READER: Reader = Reader {
    frameworks: &[
        "express",
        "koa",
        "fastify",
        "restify",
        "hono",
        "nestjs",
        "routing-controllers",
        "tsoa",
        "midway",
        "tsed",
        "inversify",
        "overnight",
    ],
    read,
};

/// Reads payloads.
struct Reading<'a> {
    classes: &'a Classes<'a>,
    payloads: RefCell<&'a mut Payloads>,
    /// Components by the classes they describe.
    named: RefCell<BTreeMap<ClassId, ComponentId>>,
    /// Components that nobody has looked at yet.
    queue: RefCell<Vec<(ClassId, ComponentId)>>,
    steps: Steps,
}

fn read(classes: &Classes<'_>, routes: &[&Route], payloads: &mut Payloads) {
    let reading = Reading {
        classes,
        payloads: RefCell::new(payloads),
        named: RefCell::default(),
        queue: RefCell::default(),
        steps: Steps::default(),
    };
    for route in routes {
        reading.steps.begin();
        if let Some(operation) = reading.route(route) {
            reading.payloads.borrow_mut().note(route, operation);
        }
    }
    reading.describe_classes();
}

impl Reading<'_> {
    fn route(&self, route: &Route) -> Option<Operation> {
        if let Some(operation) = self.of_controller(route) {
            return Some(operation);
        }
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

    /// The function that answers a route.
    fn handling(&self, route: &Route) -> Option<(FileId, DefinitionId)> {
        let (file, line) = route.handled?;
        let facts = self.classes.base.facts(file);
        let bare = route.handler.rsplit('.').next().unwrap_or(&route.handler);
        let on_line = || facts.definitions().filter(|(_, definition)| definition.span.line == line && !definition.kind.is_type());
        let named = on_line().find(|(_, definition)| facts.text(definition.name) == bare && !bare.is_empty());
        let takes = |parameters: usize| on_line().find(move |(_, definition)| definition.parameters.range().len() >= parameters);
        let is_single = matches!(route.framework, "koa" | "hono");
        let (function, _) = named.or_else(|| takes(if is_single { 1 } else { 2 })).or_else(|| on_line().next())?;
        Some((file, function))
    }

    /// The same with what its parameters are.
    fn handler(&self, route: &Route) -> Option<Rc<Frame>> {
        let (file, function) = self.handling(route)?;
        let facts = self.classes.base.facts(file);
        let definition = facts.definition(function);
        let is_single = matches!(route.framework, "koa" | "hono");
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
