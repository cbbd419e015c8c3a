//! What a variable holds: what it was given, its written type, or what a closure is handed.

use super::PhpTypes;
use super::eloquent::{gives_element, gives_same};
use crate::base::FileId;
use crate::facts::{Binding, Binds, DefinitionId, DefinitionKind, Shape, Text, ValueId};
use crate::frameworks::orm::{ClassId, Form, Typed, What};
use crate::frameworks::php::is_this;

/// How many calls of a method are asked what they hand over.
const MOST_CALLS: usize = 8;

impl PhpTypes<'_> {
    pub(super) fn variable(&self, file: FileId, owner: Option<DefinitionId>, at: ValueId, name: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let written = facts.text(name);
        if !written.starts_with('$') {
            return Typed::unknown();
        }
        if written == "$this" {
            let class = facts.class_around(owner).map(|class| (file, class));
            return class.map_or_else(Typed::unknown, |class| Typed::new(What::Instance(class), 100));
        }
        let mut scope = owner;
        loop {
            let bound = self.classes.locals(file).of_name(scope, name);
            // What was given last before this place, or else whatever is given at all (a loop's second turn).
            let before = bound.iter().rev().filter(|row| facts.bindings[row.binding as usize].target.0 < at.0);
            let after = bound.iter().filter(|row| facts.bindings[row.binding as usize].target.0 >= at.0);
            for row in before.chain(after) {
                let found = self.bound(file, facts.bindings[row.binding as usize], row.place, left);
                if found.is_known() {
                    return found;
                }
            }
            let Some(function) = scope else { return Typed::unknown() };
            let definition = facts.definition(function);
            let parameters = &facts.parameters[definition.parameters.range()];
            if let Some(place) = parameters.iter().position(|parameter| parameter.name == name) {
                return self.parameter(file, function, place, left);
            }
            // Only closures see what is around them.
            if definition.kind != DefinitionKind::Lambda {
                return Typed::unknown();
            }
            scope = definition.owner;
        }
    }

    fn bound(&self, file: FileId, binding: Binding, place: Option<u32>, left: u32) -> Typed {
        let Some(value) = binding.value else { return Typed::unknown() };
        let typed = || self.of_within(file, binding.owner, value, left);
        match (binding.binds, place) {
            (Binds::Assign, None) => typed(),
            (Binds::Assign, Some(place)) => {
                let facts = self.facts(file);
                match facts.value(value).shape {
                    Shape::List(parts) => {
                        let part = facts.items(parts).get(place as usize);
                        part.map_or_else(Typed::unknown, |part| self.of_within(file, binding.owner, *part, left))
                    }
                    Shape::Call(_) => self.part_of_returned(file, binding.owner, value, place as usize, left),
                    _ => Typed::unknown(),
                }
            }
            (Binds::Loop, None | Some(1)) => typed().element(),
            _ => Typed::unknown(),
        }
    }

    /// One part of the list that a method of the object itself gives back: `[$user, $token] = $this->both()`.
    fn part_of_returned(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, place: usize, left: u32) -> Typed {
        let facts = self.facts(file);
        let found = facts.as_call(value).and_then(|call| {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
            let class = (file, facts.class_around(owner)?);
            is_this(facts, object).then_some(())?;
            self.classes.method(class, facts.text(name))
        });
        let (Some((home, method)), Some(left)) = (found, left.checked_sub(1)) else { return Typed::unknown() };
        let facts = self.facts(home);
        let inside = facts.definition(method).values;
        let given = facts.returned.iter().filter(|(owner, value)| *owner == method && inside.contains(value.0));
        let mut parts = given.filter_map(|(_, value)| match facts.value(*value).shape {
            Shape::List(parts) => facts.items(parts).get(place).copied(),
            _ => None,
        });
        parts.next().map_or_else(Typed::unknown, |part| self.of_within(home, Some(method), part, left))
    }

    fn parameter(&self, file: FileId, function: DefinitionId, place: usize, left: u32) -> Typed {
        let facts = self.facts(file);
        let definition = facts.definition(function);
        let parameter = facts.parameters[definition.parameters.range()][place];
        let class = facts.class_around(Some(function)).map(|class| (file, class));
        let written = parameter
            .annotation
            .map_or_else(Typed::unknown, |value| self.annotation(file, definition.owner, value, class.unwrap_or((file, function))));
        if written.is_known() {
            return written;
        }
        match definition.kind {
            DefinitionKind::Lambda => self.handed_to_closure(file, function, place, left),
            DefinitionKind::Method if place == 0 && self.is_scope(file, function, class) => {
                class.map_or_else(Typed::unknown, |class| Typed::new(What::Set(class, None), 90))
            }
            _ => self.handed_over(file, function, place, left),
        }
    }

    /// `scopeActive($query)` of a model is handed its builder.
    fn is_scope(&self, file: FileId, function: DefinitionId, class: Option<ClassId>) -> bool {
        let facts = self.facts(file);
        let name = facts.text(facts.definition(function).name);
        (name.starts_with("scope") || self.is_marked_scope((file, function)))
            && class.is_some_and(|class| self.entities.get(class).is_some())
    }

    /// What the method that a closure is handed to hands on to it.
    fn handed_to_closure(&self, file: FileId, function: DefinitionId, place: usize, left: u32) -> Typed {
        let facts = self.facts(file);
        let Some((call, argument, key)) = self.handed(file).get(&function).copied() else { return Typed::unknown() };
        let call = &facts.calls[call.0 as usize];
        let Shape::Member(object, method) = facts.value(call.callee).shape else { return Typed::unknown() };
        let method = facts.text(method);
        let outside = facts.definition(function).owner;
        let of = self.receiver_within(file, outside, object, left);
        if place > 0 {
            // The row comes behind what was summed up so far.
            let rows = if method == "reduce" && place == 1 { of.element() } else { Typed::unknown() };
            return rows;
        }
        let path = match key {
            Some(key) => Some(facts.text(key)),
            None if argument > 0 => facts.argument(call, 0, "relation").and_then(|value| facts.as_literal(value)),
            None => None,
        };
        let is_relation = key.is_some() || method.ends_with("Has") || method.ends_with("Have") || matches!(method, "has" | "orHas");
        match of.what {
            What::Set(class, _) | What::Class(class) | What::Instance(class) if is_relation => {
                let relations = path.map(|path| self.along(class, path)).unwrap_or_default();
                match relations.last().and_then(|relation| relation.class) {
                    Some(class) => Typed::new(What::Set(class, None), of.sure),
                    None => Typed::unknown(),
                }
            }
            What::Set(..) | What::Foreign(_, Form::Set, _) if gives_element(method) => of.element(),
            What::Set(..) | What::Foreign(_, Form::Set, _) if gives_same(method) => of,
            What::Class(class) if gives_same(method) && self.entities.get(class).is_some() => Typed::new(What::Set(class, None), of.sure),
            _ => Typed::unknown(),
        }
    }

    /// What the calls of the same file hand over for a parameter; the first that can be followed speaks for all.
    fn handed_over(&self, file: FileId, function: DefinitionId, place: usize, left: u32) -> Typed {
        let facts = self.facts(file);
        let header = facts.definition(function);
        let name = facts.text(facts.parameters[header.parameters.range()][place].name).trim_start_matches('$');
        for index in self.classes.locals(file).calls_of(header.name).iter().take(MOST_CALLS) {
            let call = &facts.calls[*index as usize];
            // A method of the same name on anything else may be anybody's.
            let is_own = match facts.value(call.callee).shape {
                Shape::Member(object, _) => facts.as_name(object).is_some_and(|on| matches!(facts.text(on), "$this" | "self" | "static")),
                _ => header.kind == DefinitionKind::Function,
            };
            if let Some(value) = facts.argument(call, place, name).filter(|_| is_own) {
                let found = self.of_within(file, facts.owner_of(value), value, left);
                if found.is_known() {
                    return Typed::new(found.what, found.sure.min(85));
                }
            }
        }
        Typed::unknown()
    }
}
