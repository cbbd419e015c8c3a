//! Written types: a class, `Optional[X]`, `X | None`, `list[X]`, `"X"`.

use super::Types;
use super::what::{Typed, What};
use crate::base::FileId;
use crate::facts::{DefinitionId, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::names::Named;

impl Types<'_> {
    /// A written type: a class, `Optional[X]`, `X | None`, `list[X]`, `QuerySet[X]`, `"X"`.
    pub(super) fn annotation(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Name(_) | Shape::Member(..) => match self.global(file, owner, value, left - 1) {
                Typed { what: What::Class(class), sure } => Typed::new(What::Instance(class), sure.min(95)),
                _ => self.alias(file, owner, value, left - 1),
            },
            Shape::Literal(text) => self.written_type(file, facts.text(text), left),
            Shape::Item(outer, inner) => {
                let inner = self.annotation(file, owner, inner, left - 1);
                facts
                    .last_name(outer)
                    .map_or_else(Typed::unknown, |outer| wrapped(outer, inner, |class| self.entities.get(class).is_some()))
            }
            Shape::Joined(first, second) => {
                let first = self.annotation(file, owner, first, left - 1);
                if first.is_known() { first } else { self.annotation(file, owner, second, left - 1) }
            }
            Shape::List(parts) | Shape::Other(parts) | Shape::Choice(parts) => {
                let mut found = facts.items(parts).iter().map(|part| self.annotation(file, owner, *part, left - 1));
                found.find(Typed::is_known).unwrap_or_else(Typed::unknown)
            }
            _ => Typed::unknown(),
        }
    }

    /// A type in a string: `"Order"`, `"Order | None"`, `"QuerySet[Order]"`.
    pub(super) fn written_type(&self, file: FileId, text: &str, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        if let Some((outer, inner)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            let inner = self.written_type(file, inner, left - 1);
            return wrapped(outer.rsplit('.').next().unwrap_or(outer), inner, |class| self.entities.get(class).is_some());
        }
        let mut found = text.split('|').map(|part| match self.classes.names.named_in(self.classes.base, file, part.trim()) {
            Named::Definition(home, class) if self.facts(home).definition(class).kind.is_type() => {
                Typed::new(What::Instance((home, class)), 95)
            }
            _ => Typed::unknown(),
        });
        found.find(Typed::is_known).unwrap_or_else(Typed::unknown)
    }

    /// A type that has a name: `CurrentUser = Annotated[User, ...]`.
    pub(super) fn alias(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        let Named::Variable(home, name) = self.classes.names.named(self.classes.base, file, owner, value) else {
            return Typed::unknown();
        };
        let facts = self.facts(home);
        let bound = self.classes.locals(home).of_name(None, name).last();
        let value = bound.and_then(|row| facts.bindings[row.binding as usize].value);
        match value.map(|value| (value, facts.value(value).shape)) {
            Some((value, Shape::Item(..) | Shape::Joined(..))) => self.annotation(home, None, value, left),
            _ => Typed::unknown(),
        }
    }
}

/// A type around another: `Optional[X]` is an X, `Type[X]` its class, anything else of a mapped class a set of its rows.
fn wrapped(outer: &str, inner: Typed, is_mapped: impl Fn(ClassId) -> bool) -> Typed {
    match (outer, inner.what) {
        ("Optional" | "Annotated", what) => Typed::new(what, inner.sure),
        ("Type" | "type", What::Instance(class)) => Typed::new(What::Class(class), inner.sure),
        (_, What::Instance(class)) if is_mapped(class) => Typed::new(What::Set(class, None), inner.sure),
        _ => Typed::unknown(),
    }
}
