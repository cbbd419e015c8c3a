//! Routers that functions are handed: `add_orders(router)`, where `router.register(...)` stands in the function.

use crate::base::FileId;
use crate::facts::{DefinitionId, ValueId};
use crate::frameworks::python::{Evaluator, Scope, Thing, is_python};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// How many functions hand a router on to each other.
const DEEPEST: usize = 3;

/// Finds out what functions are called with; each is looked for once.
#[derive(Default)]
pub(super) struct Handed {
    known: FxHashMap<(FileId, DefinitionId), Rc<[Scope]>>,
}

impl Handed {
    /// The scopes inside a function, one for each of its calls, where an expression is a parameter of it.
    pub(super) fn scopes(&mut self, evaluator: &Evaluator<'_>, scope: &Scope, value: ValueId) -> Rc<[Scope]> {
        let facts = evaluator.facts(scope.file);
        let named = facts.as_name(value).zip(scope.owner);
        let function = named.filter(|(name, owner)| {
            let parameters = &facts.parameters[facts.definition(*owner).parameters.range()];
            parameters.iter().any(|parameter| parameter.name == *name) && facts.receiver(Some(*owner)) != Some(*name)
        });
        function.map_or_else(|| Rc::from([]), |(_, owner)| self.inside(evaluator, (scope.file, owner), DEEPEST))
    }

    fn inside(&mut self, evaluator: &Evaluator<'_>, function: (FileId, DefinitionId), left: usize) -> Rc<[Scope]> {
        if let Some(known) = self.known.get(&function) {
            return Rc::clone(known);
        }
        // Functions that call each other ask no further.
        self.known.insert(function, Rc::from([]));
        let facts = evaluator.facts(function.0);
        let name = facts.text(facts.definition(function.1).name);
        let base = evaluator.classes.base;
        let mut found = Vec::new();
        for file in base.ids().filter(|file| is_python(base, *file)) {
            let Some(word) = base.facts(file).texts.find(name) else { continue };
            for index in evaluator.classes.locals(file).calls_of(word) {
                self.of_call(evaluator, function, (file, *index), left, &mut found);
            }
        }
        let found: Rc<[Scope]> = found.into();
        self.known.insert(function, Rc::clone(&found));
        found
    }

    /// What one call makes of the parameters; where that is itself a parameter, for each call of the function around.
    fn of_call(
        &mut self,
        evaluator: &Evaluator<'_>,
        function: (FileId, DefinitionId),
        (file, index): (FileId, u32),
        left: usize,
        found: &mut Vec<Scope>,
    ) {
        let facts = evaluator.facts(file);
        let call = &facts.calls[index as usize];
        let here = Scope::at(file, facts.owner_of(call.value));
        let callee = evaluator.of(&here, call.callee);
        let is_it = match &callee {
            Thing::Definition(file, id) => (*file, *id) == function,
            Thing::Method(method) => (method.1, method.2) == function,
            _ => false,
        };
        if !is_it {
            return;
        }
        let handed = evaluator.arguments(&here, call);
        let around = here.owner.filter(|_| left > 0 && !handed.arguments.iter().any(|(_, thing)| matches!(thing, Thing::Object(_))));
        let Some(around) = around else {
            found.extend(evaluator.inside(&callee, &handed.arguments));
            return;
        };
        for scope in self.inside(evaluator, (file, around), left - 1).iter() {
            found.extend(evaluator.inside(&callee, &evaluator.arguments(scope, call).arguments));
        }
    }
}
