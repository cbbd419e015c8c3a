//! What a call gives: a row, a set, an object, or what the called function returns.

use super::Types;
use super::sets::{NEITHER, ONE, PAIR, of_library_set};
use super::what::{Form, Typed, What};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::names::Named;

/// Functions that hand their first argument's rows on.
const SAME: [&str; 6] = ["list", "sorted", "tuple", "set", "reversed", "copy"];

impl Types<'_> {
    /// What a function gives back: its written type, or the first `return` that can be followed. What is said of the
    /// class the method stands in holds for the class it is called on.
    pub(super) fn returned(&self, file: FileId, function: DefinitionId, on: ClassId, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        let facts = self.facts(file);
        let header = facts.definition(function);
        let annotated = header.returns.map_or_else(Typed::unknown, |value| self.annotation(file, Some(function), value, left - 1));
        let found = if annotated.is_known() {
            annotated
        } else {
            let start = facts.returned.partition_point(|(_, value)| value.0 < header.values.start);
            let inside = facts.returned[start..].iter().take_while(|(_, value)| value.0 < header.values.end);
            let mut values =
                inside.filter(|(owner, _)| *owner == function).map(|(_, value)| self.of_within(file, Some(function), *value, left - 1));
            values.find(Typed::is_known).unwrap_or_else(Typed::unknown)
        };
        let Some(around) = facts.class_around(Some(function)).map(|class| (file, class)) else { return found };
        let swap = |class: ClassId| if class == around { on } else { class };
        let what = match found.what {
            What::Class(class) => What::Class(swap(class)),
            What::Instance(class) => What::Instance(swap(class)),
            What::Set(class, via) => What::Set(swap(class), via),
            other => other,
        };
        Typed::new(what, found.sure)
    }

    pub(super) fn call(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, left: u32) -> Typed {
        if let [(home, symbol)] = self.classes.answer(file, call.value) {
            return match self.classes.names.named_in(self.classes.base, *home, symbol) {
                Named::Definition(file, class) => Typed::new(What::Class((file, class)), 90),
                _ => Typed::unknown(),
            };
        }
        if let Some(found) = self.of_session(file, owner, call, left) {
            return found;
        }
        if let Some(found) = self.of_method(file, owner, call, left).or_else(|| self.of_helper(file, owner, call, left)) {
            return found;
        }
        let callee = self.of_within(file, owner, call.callee, left);
        match callee.what {
            What::Class(class) => Typed::new(What::Instance(class), callee.sure),
            What::Foreign(table, Form::Class, _) => Typed::new(What::Foreign(table, Form::Instance, None), callee.sure),
            What::Function(home, function) => self.returned(home, function, (home, function), left),
            _ => Typed::unknown(),
        }
    }

    /// What a call of a method gives; none where nobody knows what it is called on.
    fn of_method(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, left: u32) -> Option<Typed> {
        let facts = self.facts(file);
        let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
        let method = facts.text(name);
        let of = self.of_within(file, owner, object, left);
        if let What::Foreign(table, Form::Set, via) = &of.what {
            let form = if ONE.contains(&method) { Form::Instance } else { Form::Set };
            let ends = NEITHER.contains(&method) || PAIR.contains(&method);
            return Some(if ends { Typed::unknown() } else { Typed::new(What::Foreign(table.clone(), form, via.clone()), of.sure) });
        }
        if let What::Set(class, via) = &of.what {
            return Some(self.of_set(*class, via.as_deref(), method, of.sure, left));
        }
        if let Some(class) = self.super_of(file, owner, object) {
            return Some(self.of_super(class, method, left));
        }
        if let What::Instance(class) = of.what
            && matches!(method, "get_queryset" | "get_object" | "save" | "filter_queryset")
            && self.entities.get(class).is_none()
        {
            let found = self.called(self.of_within(file, owner, call.callee, left), class, left);
            return Some(if found.is_known() { found } else { self.of_framework(class, method, left) });
        }
        match of.what {
            What::Class(class) | What::Instance(class) => Some(self.called(self.of_within(file, owner, call.callee, left), class, left)),
            _ => None,
        }
    }

    /// What the library's and the language's own functions give; none for any other.
    fn of_helper(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, left: u32) -> Option<Typed> {
        let facts = self.facts(file);
        let name = facts.last_name(call.callee).unwrap_or("");
        let argument =
            |index: usize| facts.argument(call, index, "").map_or_else(Typed::unknown, |value| self.of_within(file, owner, value, left));
        Some(match name {
            "get_object_or_404" => match argument(0) {
                Typed { what: What::Class(class) | What::Set(class, _), sure } => Typed::new(What::Instance(class), sure),
                Typed { what: What::Foreign(table, ..), sure } => Typed::new(What::Foreign(table, Form::Instance, None), sure),
                _ => Typed::unknown(),
            },
            "get_list_or_404" => match argument(0) {
                Typed { what: What::Class(class) | What::Set(class, _), sure } => Typed::new(What::Set(class, None), sure),
                _ => Typed::unknown(),
            },
            "get_user_model" => self.user_class(),
            "cast" => facts.argument(call, 0, "typ").map_or_else(Typed::unknown, |value| self.annotation(file, owner, value, left)),
            "type" => match argument(0) {
                Typed { what: What::Instance(class), sure } => Typed::new(What::Class(class), sure),
                _ => Typed::unknown(),
            },
            "next" => argument(0).element(),
            _ if SAME.contains(&name) => argument(0),
            _ => return None,
        })
    }

    pub(super) fn called(&self, callee: Typed, on: ClassId, left: u32) -> Typed {
        match callee.what {
            What::Function(home, function) => {
                let found = self.returned(home, function, on, left);
                Typed::new(found.what, found.sure.min(callee.sure))
            }
            What::Class(class) => Typed::new(What::Instance(class), callee.sure),
            _ => Typed::unknown(),
        }
    }

    /// The class whose parents `super()` means, where a value is that call.
    pub(in crate::frameworks) fn super_of(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<ClassId> {
        let facts = self.facts(file);
        let call = facts.as_call(value)?;
        let is_super = facts.as_name(call.callee).is_some_and(|name| facts.text(name) == "super");
        let class = facts.class_around(owner).filter(|_| is_super)?;
        Some((file, class))
    }

    pub(super) fn of_super(&self, class: ClassId, method: &str, left: u32) -> Typed {
        if let Some(Some(model)) = self.managed.get(&class) {
            return of_library_set(*model, None, method, 90);
        }
        for (file, above) in self.classes.line(class).skip(1) {
            if let Some(found) = self.method(file, above, method) {
                let found = self.returned(file, found, class, left);
                if found.is_known() {
                    return found;
                }
            }
        }
        self.of_framework(class, method, left)
    }
}
