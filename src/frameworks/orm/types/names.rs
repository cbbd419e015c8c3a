//! What a bare name stands for: a local, a parameter, the receiver, a thing of the module or of an import.

use super::Types;
use super::what::{Form, Typed, What};
use crate::base::FileId;
use crate::facts::{Binding, Binds, DefinitionId, DefinitionKind, Shape, Text, ValueId};
use crate::frameworks::orm::Meant;
use crate::names::Named;

/// How many calls of a function are asked what they hand over.
const MOST_CALLS: usize = 8;

/// How sure a name is that is only called like a model.
const BY_NAME: u8 = 50;

impl Types<'_> {
    pub(super) fn name(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, name: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let mut at = owner;
        while let Some(scope) = at {
            let definition = facts.definition(scope);
            at = definition.owner;
            // A class body's names are not seen from its methods.
            if definition.kind.is_type() && owner != Some(scope) {
                continue;
            }
            if let Some(receiver) = self.receiver(file, scope, name) {
                return receiver;
            }
            let bound = self.classes.locals(file).of_name(Some(scope), name);
            if !bound.is_empty() {
                // What was given last before this place, or else whatever is given at all (a loop's second turn).
                let before = bound.iter().rev().filter(|row| facts.bindings[row.binding as usize].target.0 < value.0);
                let after = bound.iter().filter(|row| facts.bindings[row.binding as usize].target.0 >= value.0);
                let mut found = before.chain(after).map(|row| self.bound(file, facts.bindings[row.binding as usize], row.place, left));
                return found.find(Typed::is_known).unwrap_or_else(|| self.by_name(facts.text(name)));
            }
            if let Some(parameter) = facts.parameters[definition.parameters.range()].iter().find(|parameter| parameter.name == name) {
                let annotated = parameter.annotation.map_or_else(Typed::unknown, |value| self.annotation(file, owner, value, left));
                let default = parameter.default.map_or_else(Typed::unknown, |value| self.of_within(file, definition.owner, value, left));
                let told = [annotated, default].into_iter().find(Typed::is_known);
                let told = told.or_else(|| Some(self.signalled(file, scope, name, left)).filter(Typed::is_known));
                let told = told.or_else(|| Some(self.given_by_view(file, scope, name, left)).filter(Typed::is_known));
                let told = told.or_else(|| Some(self.handed_over(file, scope, name, left)).filter(Typed::is_known));
                return told.unwrap_or_else(|| self.by_name(facts.text(name)));
            }
        }
        self.global(file, owner, value, left)
    }

    /// What the calls of the same file hand over for a parameter; the first that can be followed speaks for all.
    pub(super) fn handed_over(&self, file: FileId, function: DefinitionId, parameter: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let header = facts.definition(function);
        let declared = &facts.parameters[header.parameters.range()];
        let Some(position) = declared.iter().position(|other| other.name == parameter) else { return Typed::unknown() };
        let is_method = header.kind == DefinitionKind::Method;
        let Some(position) = position.checked_sub(usize::from(is_method)) else { return Typed::unknown() };
        for index in self.classes.locals(file).calls_of(header.name).iter().take(MOST_CALLS) {
            let call = &facts.calls[*index as usize];
            let through_object = matches!(facts.value(call.callee).shape, Shape::Member(..));
            if through_object != is_method {
                continue;
            }
            if let Some(value) = facts.argument(call, position, facts.text(parameter)) {
                let owner = facts.owner_of(value);
                let found = self.of_within(file, owner, value, left);
                if found.is_known() {
                    return Typed::new(found.what, found.sure.min(85));
                }
            }
        }
        Typed::unknown()
    }

    /// `self` and `cls`.
    pub(super) fn receiver(&self, file: FileId, scope: DefinitionId, name: Text) -> Option<Typed> {
        let facts = self.facts(file);
        let definition = facts.definition(scope);
        if definition.kind != DefinitionKind::Method {
            return None;
        }
        let first = facts.parameters[definition.parameters.range()].first()?.name;
        let class = definition.owner.filter(|_| first == name)?;
        let decorated = |word: &str| facts.items(definition.decorators).iter().any(|value| facts.last_name(*value) == Some(word));
        if decorated("staticmethod") {
            return None;
        }
        let class = (file, class);
        if let Some(Some(model)) = self.managed.get(&class) {
            return Some(Typed::new(What::Set(*model, None), 90));
        }
        Some(Typed::new(if decorated("classmethod") { What::Class(class) } else { What::Instance(class) }, 100))
    }

    /// A name of the module, of an import, or of a look-up by name.
    pub(super) fn global(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        for meant in self.classes.meant(file, owner, value) {
            match meant {
                Meant::Ours(home, definition) if self.facts(home).definition(definition).kind.is_type() => {
                    return Typed::new(What::Class((home, definition)), 100);
                }
                Meant::Ours(home, definition) => return Typed::new(What::Function(home, definition), 100),
                Meant::Outside(name) if name.ends_with("get_user_model()") => return self.user_class(),
                Meant::Outside(name) => {
                    if let Some(table) = (self.foreign)(&name) {
                        return Typed::new(What::Foreign(table, Form::Class, None), 95);
                    }
                }
            }
        }
        match self.classes.names.named(self.classes.base, file, owner, value) {
            Named::Variable(home, name) => {
                let bound = self.classes.locals(home).of_name(None, name);
                let mut found =
                    bound.iter().rev().map(|row| self.bound(home, self.facts(home).bindings[row.binding as usize], row.place, left));
                found.find(Typed::is_known).unwrap_or_else(Typed::unknown)
            }
            _ => Typed::unknown(),
        }
    }

    pub(super) fn user_class(&self) -> Typed {
        match self.user {
            Some(class) => Typed::new(What::Class(class), 95),
            None => (self.foreign)("django.contrib.auth.models.User")
                .map_or_else(Typed::unknown, |table| Typed::new(What::Foreign(table, Form::Class, None), 90)),
        }
    }

    /// A thing of unknown origin that is called like exactly one model.
    pub(super) fn by_name(&self, name: &str) -> Typed {
        match self.by_name.get(name) {
            Some(Some(class)) => Typed::new(What::Instance(*class), BY_NAME),
            _ => Typed::unknown(),
        }
    }

    pub(super) fn bound(&self, file: FileId, binding: Binding, place: Option<u32>, left: u32) -> Typed {
        let owner = binding.owner;
        if let Some(annotation) = binding.annotation {
            let annotated = self.annotation(file, owner, annotation, left);
            if annotated.is_known() {
                return annotated;
            }
        }
        let Some(value) = binding.value else { return Typed::unknown() };
        let facts = self.facts(file);
        if let (Shape::List(parts), Some(place), Binds::Assign) = (facts.value(value).shape, place, binding.binds) {
            return facts.items(parts).get(place as usize).map_or_else(Typed::unknown, |part| self.of_within(file, owner, *part, left));
        }
        let typed = self.of_within(file, owner, value, left);
        match (binding.binds, place) {
            (Binds::Assign | Binds::With, None) => typed,
            (Binds::Assign, Some(place)) => match typed.what {
                What::Pair(class) if place == 0 => Typed::new(What::Instance(class), typed.sure),
                _ => self.answered(file, value, place as usize),
            },
            (Binds::Loop, None) => typed.element(),
            (Binds::Loop, Some(1)) if self.is_call_of(file, value, "enumerate") => self.argument_of(file, owner, value, left).element(),
            _ => Typed::unknown(),
        }
    }

    /// The class at a place of a look-up of several.
    pub(super) fn answered(&self, file: FileId, value: ValueId, place: usize) -> Typed {
        let Some((home, symbol)) = self.classes.answer(file, value).get(place) else { return Typed::unknown() };
        match self.classes.names.named_in(self.classes.base, *home, symbol) {
            Named::Definition(file, class) => Typed::new(What::Class((file, class)), 90),
            _ => Typed::unknown(),
        }
    }

    pub(super) fn is_call_of(&self, file: FileId, value: ValueId, name: &str) -> bool {
        let facts = self.facts(file);
        facts.as_call(value).is_some_and(|call| facts.last_name(call.callee) == Some(name))
    }

    pub(super) fn argument_of(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        let facts = self.facts(file);
        let argument = facts.as_call(value).and_then(|call| facts.argument(call, 0, "iterable"));
        argument.map_or_else(Typed::unknown, |value| self.of_within(file, owner, value, left))
    }
}
