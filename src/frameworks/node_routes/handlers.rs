//! What answers a route: the last function of its registration, through wrappers, and where it is defined.

use super::Reader;
use super::values::{Abs, Code, EnvId, Site};
use crate::base::FileId;
use crate::facts::{FileFacts, Shape, ValueId};

/// What answers: how it is called, and where it is defined.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Handler {
    pub(super) name: String,
    pub(super) place: Option<(FileId, u32)>,
}

/// Wrappers round wrappers that are looked into.
const DEEPEST: u32 = 5;

impl Reader<'_> {
    /// What an argument says about the handler.
    pub(super) fn handler(&mut self, env: EnvId, value: Option<ValueId>) -> Handler {
        value.and_then(|value| self.handler_within(env, value, DEEPEST)).unwrap_or_default()
    }

    fn handler_within(&mut self, env: EnvId, value: ValueId, left: u32) -> Option<Handler> {
        let file = self.envs.get(env).file;
        let base = self.base;
        let facts = base.facts(file);
        if left == 0 {
            return None;
        }
        match facts.value(value).shape {
            Shape::List(items) => self.handler_within(env, *facts.items(items).last()?, left - 1),
            Shape::Map(_) => {
                let described = self.eval(env, value);
                Some(self.described_handler(&described, Site { env, file, value }))
            }
            Shape::Choice(parts) => facts.items(parts).iter().find_map(|part| self.handler_within(env, *part, left - 1)),
            Shape::Call(call) => self.wrapped(env, call.0, left),
            _ => {
                let found = self.eval(env, value);
                self.of_abs(&found, left).or_else(|| Some(Handler { name: facts.dotted(value)?, place: None }))
            }
        }
    }

    /// The handler that a value is: a function, the last of a list, the function handed to a wrapper.
    fn of_abs(&mut self, found: &Abs, left: u32) -> Option<Handler> {
        if left == 0 {
            return None;
        }
        match found {
            Abs::Function(code) | Abs::Class(code) => Some(self.of_code(code)),
            Abs::Module(file) => {
                let default = self.exported(*file, "default");
                self.of_abs(&default, left - 1)
            }
            Abs::Made(_, site) => self.handler_within(site.env, site.value, left - 1),
            Abs::Written(site) => match self.elements(found) {
                Some(list) => list.last().and_then(|last| self.of_abs(&last.clone(), left - 1)),
                None => Some(self.described_handler(found, *site)),
            },
            Abs::List(list) => list.last().and_then(|last| self.of_abs(last, left - 1)),
            _ => None,
        }
    }

    fn of_code(&self, code: &Code) -> Handler {
        let facts = self.base.facts(code.file);
        let definition = facts.definition(code.id);
        let line = definition.span.line;
        let own = facts.text(definition.name);
        let name = match definition.owner.filter(|owner| facts.definition(*owner).kind.is_type()) {
            Some(owner) => format!("{}.{own}", facts.text(facts.definition(owner).name)),
            None if own.is_empty() || own == "default" => format!("{}:{line}", self.base.path(code.file)),
            None => own.to_owned(),
        };
        Handler { name, place: Some((code.file, line)) }
    }

    /// `wrap(controller.list)`: what is wrapped answers; else what the call makes, else what is called.
    fn wrapped(&mut self, env: EnvId, call: u32, left: u32) -> Option<Handler> {
        let file = self.envs.get(env).file;
        let base = self.base;
        let facts = base.facts(file);
        let call = &facts.calls[call as usize];
        if facts.last_name(call.callee) == Some("bind") {
            let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
            return self.handler_within(env, object, left - 1);
        }
        let arguments = facts.arguments_of(call);
        for argument in arguments.iter().rev().filter(|argument| !takes_error(facts, argument.value)) {
            let inner = match facts.value(argument.value).shape {
                Shape::Inline(_) | Shape::Call(_) => self.handler_within(env, argument.value, left - 1),
                Shape::Name(_) | Shape::Member(..) => match self.eval(env, argument.value) {
                    found @ (Abs::Function(_) | Abs::Made(..)) => self.of_abs(&found, left - 1),
                    // An operation that an object describes, handed to what makes a handler of it.
                    Abs::Written(site) if self.pairs(&Abs::Written(site)).is_some_and(|pairs| holds_function(&pairs)) => {
                        let line = self.base.facts(site.file).value(site.value).line;
                        Some(Handler { name: facts.dotted(argument.value)?, place: Some((site.file, line)) })
                    }
                    _ => None,
                },
                _ => None,
            };
            if let Some(inner) = inner.filter(|inner| inner.place.is_some()) {
                return Some(inner);
            }
        }
        match self.eval(env, call.callee) {
            Abs::Function(code) => Some(self.of_code(&code)),
            _ => Some(Handler { name: format!("{}()", facts.dotted(call.callee)?), place: None }),
        }
    }

    /// The handler of a route that an object describes.
    pub(super) fn described_handler(&mut self, described: &Abs, site: Site) -> Handler {
        let mut places = vec![described.clone()];
        for key in ["config", "options"] {
            places.push(self.property(described, key, site.env));
        }
        for place in places {
            let Abs::Written(own) = place else { continue };
            let base = self.base;
            let facts = base.facts(own.file);
            let Shape::Map(entries) = facts.value(own.value).shape else { continue };
            let entry = facts.entries[entries.range()]
                .iter()
                .find(|entry| entry.key.and_then(|key| facts.as_literal(key)).is_some_and(|key| matches!(key, "handler" | "controller")));
            if let Some(handler) = entry.and_then(|entry| self.handler_within(own.env, entry.value, DEEPEST)) {
                return handler;
            }
        }
        Handler::default()
    }
}

/// True for a function that is handed what went wrong: it stands beside a handler, and is none.
fn takes_error(facts: &FileFacts, value: ValueId) -> bool {
    let Shape::Inline(function) = facts.value(value).shape else { return false };
    let first = facts.parameters[facts.definition(function).parameters.range()].first();
    first.is_some_and(|first| matches!(facts.text(first.name), "err" | "error"))
}

/// True where an object says what to do.
fn holds_function(pairs: &[(Abs, Abs)]) -> bool {
    pairs.iter().any(|(_, value)| matches!(value, Abs::Function(_)))
}
