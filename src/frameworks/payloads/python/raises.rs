//! Statuses of the exceptions a handler can end with: raised by itself, by what it depends on, and by what these call.

use super::{Place, Reading, last};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::python::{Scope, Thing};
use std::rc::Rc;

/// How many calls away from a handler exceptions are looked for, as units of work are read.
const CALLS: usize = 3;

/// What FastAPI and Starlette turn into an answer.
const EXCEPTION: &str = "HTTPException";

/// What one function raises, and which functions of the application it calls.
#[derive(Debug, Default)]
pub(super) struct Raising {
    statuses: Vec<u16>,
    called: Vec<Place>,
}

impl Reading<'_, '_> {
    /// Statuses from 400 of the `HTTPException`s and their kinds that functions raise, sorted.
    pub(super) fn raised(&self, functions: &[Place]) -> Vec<u16> {
        let mut statuses = Vec::new();
        let mut seen: Vec<Place> = functions.to_vec();
        let mut from = 0;
        for _ in 0..=CALLS {
            let level = seen[from..].to_vec();
            from = seen.len();
            for function in level {
                let raising = self.raising(function);
                statuses.extend(&raising.statuses);
                for place in &raising.called {
                    if !seen.contains(place) {
                        seen.push(*place);
                    }
                }
            }
        }
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }

    /// Statuses raised in one function, and what it calls.
    fn raising(&self, place: Place) -> Rc<Raising> {
        if let Some(known) = self.raising.borrow().get(&place) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.raised_inside(place));
        self.raising.borrow_mut().insert(place, Rc::clone(&found));
        found
    }

    fn raised_inside(&self, (file, id): Place) -> Raising {
        let facts = self.facts(file);
        let inside = facts.definition(id).values;
        let scope = Scope::at(file, Some(id));
        let mut found = Raising::default();
        let first = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[first..].iter().take_while(|call| inside.contains(call.value.0)) {
            match self.thing(&scope, call.callee) {
                Thing::Definition(file, class) if self.is_kind_of((file, class), &[EXCEPTION]) => {
                    found.statuses.extend(self.status_of_exception(&scope, call, Some((file, class))));
                }
                Thing::Definition(file, class) if self.evaluator.is_class((file, class)) => {}
                Thing::Definition(file, function) => found.called.push((file, function)),
                Thing::Method(method) => found.called.push((method.1, method.2)),
                Thing::Outside(path) if last(&path) != EXCEPTION => {}
                _ if facts.last_name(call.callee) == Some(EXCEPTION) => {
                    found.statuses.extend(self.status_of_exception(&scope, call, None));
                }
                _ => {}
            }
        }
        found
    }

    /// The status an exception is made with, or its class gives it.
    fn status_of_exception(&self, scope: &Scope, call: &Call, class: Option<ClassId>) -> Option<u16> {
        let position = if class.is_none() { 0 } else { usize::MAX };
        let written = self.facts(scope.file).argument(call, position, "status_code").and_then(|value| self.status(scope, value));
        written.or_else(|| class.and_then(|class| self.status_of_class(class))).filter(|status| *status >= 400)
    }

    /// `super().__init__(status_code=404)` in a class or one above it, or `status_code = 404` in its body.
    fn status_of_class(&self, class: ClassId) -> Option<u16> {
        self.evaluator.classes.line(class).collect::<Vec<_>>().into_iter().find_map(|(file, class)| {
            let facts = self.facts(file);
            let init = facts.inside(Some(class)).find(|(_, definition)| facts.text(definition.name) == "__init__");
            init.and_then(|(id, _)| self.status_handed_on(file, id)).or_else(|| {
                let bindings = facts.bindings.iter().filter(|binding| binding.owner == Some(class));
                let named = |target| facts.as_name(target).is_some_and(|name| facts.text(name) == "status_code");
                let binding = bindings.into_iter().find(|binding| named(binding.target))?;
                self.status(&Scope::at(file, Some(class)), binding.value?)
            })
        })
    }

    fn status_handed_on(&self, file: FileId, init: DefinitionId) -> Option<u16> {
        let facts = self.facts(file);
        let inside = facts.definition(init).values;
        let scope = Scope::at(file, Some(init));
        let calls = facts.calls.iter().filter(|call| inside.contains(call.value.0) && facts.last_name(call.callee) == Some("__init__"));
        calls.filter_map(|call| facts.argument(call, 0, "status_code")).find_map(|value| self.status(&scope, value))
    }
}
