//! What a call in a class body makes: a column, a relationship, or neither.

use super::text::{Known, Place, returned};
use super::{Mapping, outside};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, Meant};
use crate::names::Named;

/// What is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum MadeKind {
    /// `Column`, `mapped_column`.
    Column,
    /// SQLModel's `Field`, a column of a class with a table.
    Field,
    /// `relationship`, `Relationship`, `dynamic_loader`.
    Relationship,
    /// Anything else: `synonym`, `association_proxy`, a plain value.
    Other,
}

/// A call of SQLAlchemy's, where it is written: in the class, or in the helper that the class calls.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// What it makes.
    pub kind: MadeKind,
    /// Where the call stands.
    pub file: FileId,
    /// The definition around.
    pub owner: Option<DefinitionId>,
    /// The call.
    pub call: Call,
    /// What is fixed there.
    pub known: Known,
}

impl Made {
    /// The place its arguments are read at.
    pub(super) fn at(&self) -> Place {
        Place { file: self.file, owner: self.owner }
    }

    /// An argument by keyword.
    pub(super) fn keyword(&self, facts: &FileFacts, keyword: &str) -> Option<ValueId> {
        facts.argument(&self.call, usize::MAX, keyword)
    }

    /// True when a keyword argument is this constant.
    pub(super) fn is(&self, facts: &FileFacts, keyword: &str, constant: &str) -> bool {
        self.keyword(facts, keyword)
            .is_some_and(|value| matches!(facts.value(value).shape, Shape::Constant(text) if facts.text(text) == constant))
    }
}

/// How many helpers are followed.
const DEEPEST: u32 = 5;

impl Mapping<'_> {
    /// What an expression makes, if it is a call; `deferred(Column(...))` is the column.
    pub(super) fn made(&self, at: Place, value: ValueId, known: &Known) -> Option<Made> {
        self.made_within(at, value, known, DEEPEST)
    }

    fn made_within(&self, at: Place, value: ValueId, known: &Known, left: u32) -> Option<Made> {
        let left = left.checked_sub(1)?;
        let facts = self.classes.base.facts(at.file);
        let call = *facts.as_call(value)?;
        let made = |kind| Some(Made { kind, file: at.file, owner: at.owner, call, known: known.clone() });
        let (from, callee) = self.behind_partial(at, call.callee).unwrap_or((at, call.callee));
        let meant = self.classes.meant(from.file, from.owner, callee);
        match meant.into_iter().next() {
            None => made(self.by_bare_name(from.file, callee)),
            Some(Meant::Outside(name)) => {
                let last = name.rsplit('.').next().unwrap_or(&name);
                if outside::is_wrapper(last) {
                    let inner = facts.arguments_of(&call).first()?.value;
                    let column = self.made_within(at, inner, known, left).filter(|made| made.kind == MadeKind::Column);
                    // Anything else is worked out when the row is read: `column_property(case(...))`.
                    return column.or_else(|| made(MadeKind::Other));
                }
                made(kind_of(&name))
            }
            Some(Meant::Ours(file, id)) if self.classes.base.facts(file).definition(id).kind.is_type() => {
                let lineage = self.classes.lineage((file, id));
                let mut kinds = lineage.iter().filter_map(|ancestor| match ancestor {
                    Ancestor::Outside(name) => Some(kind_of(name)),
                    Ancestor::Ours(_) => None,
                });
                made(kinds.find(|kind| *kind != MadeKind::Other).unwrap_or(MadeKind::Other))
            }
            Some(Meant::Ours(file, function)) => {
                let known = self.given(at, &call, (file, function), known, super::text::DEEPEST);
                let inside = Place { file, owner: Some(function) };
                let theirs = self.classes.base.facts(file);
                let found = returned(theirs, function).find_map(|value| self.made_within(inside, value, &known, left));
                found.or_else(|| made(MadeKind::Other))
            }
        }
    }

    /// What is really called where a name stands for a call with a part of its arguments: `Required = partial(Column, ...)`.
    fn behind_partial(&self, at: Place, callee: ValueId) -> Option<(Place, ValueId)> {
        let Named::Variable(home, name) = self.classes.names.named(self.classes.base, at.file, at.owner, callee) else { return None };
        let facts = self.classes.base.facts(home);
        let [bound] = self.classes.locals(home).of_name(None, name) else { return None };
        let call = facts.as_call(facts.bindings[bound.binding as usize].value?)?;
        let is_partial = matches!(self.classes.names.named(self.classes.base, home, None, call.callee), Named::Outside(path) if path == "functools.partial");
        let first = is_partial.then(|| facts.arguments_of(call).first()).flatten()?;
        Some((Place { file: home, owner: None }, first.value))
    }

    /// A name that a star import of a library brought in, or a member of an object nobody can tell.
    fn by_bare_name(&self, file: FileId, callee: ValueId) -> MadeKind {
        let facts = self.classes.base.facts(file);
        let extension = match facts.value(callee).shape {
            Shape::Name(_) => facts.imports.iter().any(|import| import.symbol.is_some_and(|symbol| facts.text(symbol) == "*")),
            Shape::Member(object, _) => facts.last_name(object) == Some("db"),
            _ => false,
        };
        match facts.last_name(callee) {
            Some(last) if extension => kind_of_last(last),
            _ => MadeKind::Other,
        }
    }
}

fn kind_of(name: &str) -> MadeKind {
    if outside::is_sqlalchemy(name) { kind_of_last(name.rsplit('.').next().unwrap_or(name)) } else { MadeKind::Other }
}

fn kind_of_last(last: &str) -> MadeKind {
    match last {
        "Column" | "mapped_column" => MadeKind::Column,
        "Field" => MadeKind::Field,
        "relationship" | "Relationship" | "dynamic_loader" | "relation" => MadeKind::Relationship,
        _ => MadeKind::Other,
    }
}
