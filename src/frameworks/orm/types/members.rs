//! What a member of an object or class is: a relation, what its body or its methods bind, a method.

use super::Types;
use super::what::{Form, Typed, What};
use crate::base::FileId;
use crate::facts::{DefinitionId, Text, ValueId};
use crate::frameworks::orm::{AttributeKind, ClassId, Relation};

impl Types<'_> {
    pub(super) fn member(
        &self,
        file: FileId,
        owner: Option<DefinitionId>,
        value: ValueId,
        object: ValueId,
        name: Text,
        left: u32,
    ) -> Typed {
        let facts = self.facts(file);
        let member = facts.text(name);
        let of = self.of_within(file, owner, object, left);
        if member == "__class__" {
            return match of.what {
                What::Instance(class) => Typed::new(What::Class(class), of.sure),
                What::Foreign(table, Form::Instance, _) => Typed::new(What::Foreign(table, Form::Class, None), of.sure),
                _ => Typed::unknown(),
            };
        }
        match &of.what {
            What::Class(class) => self.of_class(*class, member, of.sure, left),
            What::Instance(class) => {
                let found = self.of_instance(*class, member, of.sure, left);
                if !found.is_known() && self.entities.get(*class).is_none() { self.by_name(member) } else { found }
            }
            What::Set(class, _) if member == "model" => Typed::new(What::Class(*class), of.sure),
            What::Set(_, Some(between)) if member == "through" => Typed::new(What::Foreign(between.clone(), Form::Class, None), of.sure),
            What::Foreign(table, Form::Class, _) if matches!(member, "objects" | "_default_manager") => {
                Typed::new(What::Foreign(table.clone(), Form::Set, None), of.sure)
            }
            What::Set(..) | What::Pair(_) | What::Foreign(..) | What::Function(..) => Typed::unknown(),
            What::Unknown => {
                let found = self.global(file, owner, value, left);
                if found.is_known() {
                    return found;
                }
                // `request.user`
                if member == "user" {
                    match self.user_class().what {
                        What::Class(class) => return Typed::new(What::Instance(class), 80),
                        What::Foreign(table, ..) => return Typed::new(What::Foreign(table, Form::Instance, None), 80),
                        _ => {}
                    }
                }
                self.by_name(member)
            }
        }
    }

    /// `Model.objects`, a class attribute, a nested class.
    pub(super) fn of_class(&self, class: ClassId, member: &str, sure: u8, left: u32) -> Typed {
        if self.entities.get(class).is_some() {
            let found = self.entities.attribute(class, member).map(|found| &found.kind);
            // `Product.tags`, on the way to `Product.tags.through`.
            if let Some(AttributeKind::Relation(Relation { class: Some(to), join_table: Some(between), .. })) = found
                && !self.by_session(class)
            {
                return Typed::new(What::Set(*to, Some(between.clone())), sure);
            }
            let is_manager = matches!(found, Some(AttributeKind::Manager(_)));
            if is_manager || matches!(member, "objects" | "_default_manager" | "_base_manager") {
                return Typed::new(What::Set(class, None), sure);
            }
        }
        if member == "query" && self.by_session(class) {
            return Typed::new(What::Set(class, None), sure);
        }
        self.attribute(class, member, sure, left)
    }

    /// An attribute of an object: a relation of a model, or what its class or its methods give it.
    pub(super) fn of_instance(&self, class: ClassId, member: &str, sure: u8, left: u32) -> Typed {
        if self.entities.get(class).is_some()
            && let Some(attribute) = self.entities.attribute(class, member)
        {
            return match &attribute.kind {
                AttributeKind::Relation(relation) => match relation.class {
                    Some(to) if relation.many => Typed::new(What::Set(to, relation.join_table.clone()), sure),
                    Some(to) => Typed::new(What::Instance(to), sure),
                    None => match &relation.table {
                        Some(table) => {
                            let form = if relation.many { Form::Set } else { Form::Instance };
                            Typed::new(What::Foreign(table.clone(), form, relation.join_table.clone()), sure)
                        }
                        None => Typed::unknown(),
                    },
                },
                AttributeKind::Column(_) | AttributeKind::Manager(_) | AttributeKind::Generic => Typed::unknown(),
            };
        }
        let found = self.attribute(class, member, sure, left);
        if found.is_known() {
            return found;
        }
        match (member, self.subject(class, left)) {
            ("object" | "instance", Some(model)) => Typed::new(What::Instance(model), 85),
            ("queryset" | "object_list", Some(model)) => Typed::new(What::Set(model, None), 85),
            ("model", Some(model)) => Typed::new(What::Class(model), 85),
            _ => Typed::unknown(),
        }
    }

    /// What a class or its ancestors say of a name: a body's binding, what methods put there, a property.
    pub(super) fn attribute(&self, class: ClassId, member: &str, sure: u8, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        for (file, definition) in self.classes.line(class) {
            let facts = self.facts(file);
            if let Some(method) = self.method(file, definition, member) {
                let header = facts.definition(method);
                let is_property = facts
                    .items(header.decorators)
                    .iter()
                    .any(|value| facts.last_name(*value).is_some_and(|name| name.ends_with("property")));
                return if is_property {
                    self.returned(file, method, class, left - 1)
                } else {
                    Typed::new(What::Function(file, method), sure)
                };
            }
            let Some(name) = facts.texts.find(member) else { continue };
            let locals = self.classes.locals(file);
            let rows = locals.of_name(Some(definition), name).iter().rev().chain(locals.of_member(definition, name));
            for row in rows {
                let found = self.bound(file, facts.bindings[row.binding as usize], row.place, left - 1);
                if found.is_known() {
                    return Typed::new(found.what, found.sure.min(sure));
                }
            }
        }
        Typed::unknown()
    }

    /// A function or class directly inside a class.
    pub(super) fn method(&self, file: FileId, class: DefinitionId, name: &str) -> Option<DefinitionId> {
        self.classes.locals(file).inner(self.facts(file), class, name).first().copied()
    }
}
