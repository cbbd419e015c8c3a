//! What sessions, queries and statements give: `session.query(Order)`, `select(Order)`, `session.get(Order, 1)`.

use super::ClassId;
use super::types::{Typed, Types, What};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Shape, ValueId};

/// How deep a column expression is looked through for its class.
const DEEPEST: u32 = 6;

impl Types<'_> {
    /// True for a class whose rows are read and written through sessions.
    pub(in crate::frameworks) fn by_session(&self, class: ClassId) -> bool {
        self.entities.get(class).is_some_and(|entity| entity.by_session)
    }

    /// What a call on a session gives, or one that makes a statement; none for any other call.
    pub(super) fn of_session(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, left: u32) -> Option<Typed> {
        let facts = self.facts(file);
        let name = facts.last_name(call.callee)?;
        let first = facts.arguments_of(call).iter().find(|argument| !argument.spread).map(|argument| argument.value);
        let typed = |value| self.of_within(file, owner, value, left);
        let rows = |class| Typed::new(What::Set(class, None), 95);
        match name {
            "query" | "select" => self.about(file, owner, first?, DEEPEST).map(rows),
            "aliased" => Some(typed(first?)).filter(|typed| matches!(typed.what, What::Class(class) if self.by_session(class))),
            "execute" | "scalars" | "exec" | "stream" | "stream_scalars" | "paginate" => {
                Some(typed(first?)).filter(|typed| matches!(typed.what, What::Set(class, _) if self.by_session(class)))
            }
            "scalar" | "merge" | "get" | "get_one" => {
                let of = typed(first?);
                match of.what {
                    What::Class(class) if self.by_session(class) && name.starts_with("get") => {
                        Some(Typed::new(What::Instance(class), of.sure))
                    }
                    What::Set(class, _) if self.by_session(class) && name == "scalar" => Some(of.element()),
                    What::Instance(class) if self.by_session(class) && name == "merge" => Some(of),
                    _ => None,
                }
            }
            // SQLModel and pydantic make rows from data.
            "model_validate" | "from_orm" | "parse_obj" | "model_construct" => {
                let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
                let of = typed(object);
                match of.what {
                    What::Class(class) if self.by_session(class) => Some(Typed::new(What::Instance(class), of.sure)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The class a selected expression is about: the class, one of its columns, or a function over those.
    fn about(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Option<ClassId> {
        let left = left.checked_sub(1)?;
        let facts = self.facts(file);
        let class = |value| match self.of_within(file, owner, value, left + 2).what {
            What::Class(class) if self.by_session(class) => Some(class),
            _ => None,
        };
        match facts.value(value).shape {
            Shape::Name(_) => class(value),
            Shape::Member(object, _) => class(value).or_else(|| class(object)),
            Shape::Call(_) => {
                let call = facts.as_call(value)?;
                let receiver = match facts.value(call.callee).shape {
                    Shape::Member(object, _) => self.about(file, owner, object, left),
                    _ => None,
                };
                let mut arguments = facts.arguments_of(call).iter();
                receiver.or_else(|| arguments.find_map(|argument| self.about(file, owner, argument.value, left)))
            }
            Shape::Joined(first, _) => self.about(file, owner, first, left),
            Shape::List(parts) | Shape::Other(parts) => facts.items(parts).iter().find_map(|part| self.about(file, owner, *part, left)),
            _ => None,
        }
    }
}
