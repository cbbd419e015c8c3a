//! What views, forms and serializers are about, and what they hand to their own methods.

use super::Types;
use super::what::{Typed, What};
use crate::base::FileId;
use crate::facts::{DefinitionId, Text};
use crate::frameworks::orm::ClassId;

impl Types<'_> {
    /// `sender` and `instance` of a function decorated with `receiver(signal, sender=Model)`.
    pub(super) fn signalled(&self, file: FileId, function: DefinitionId, name: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let header = facts.definition(function);
        let name = facts.text(name);
        if !matches!(name, "instance" | "sender") {
            return Typed::unknown();
        }
        let calls = facts.items(header.decorators).iter().filter_map(|value| facts.as_call(*value));
        let senders = calls.filter(|call| facts.last_name(call.callee) == Some("receiver"));
        let mut models = senders.filter_map(|call| facts.argument(call, usize::MAX, "sender"));
        let typed = models.next().map_or_else(Typed::unknown, |value| self.of_within(file, header.owner, value, left));
        match typed.what {
            What::Class(class) if name == "instance" => Typed::new(What::Instance(class), typed.sure),
            What::Class(class) => Typed::new(What::Class(class), typed.sure),
            _ => Typed::unknown(),
        }
    }

    /// The form or serializer that a view hands to its own method: `form_valid(self, form)`,
    /// `perform_create(self, serializer)`.
    pub(super) fn given_by_view(&self, file: FileId, function: DefinitionId, name: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let header = facts.definition(function);
        let member = match (facts.text(header.name), facts.text(name)) {
            ("form_valid", "form") => "form_class",
            ("perform_create" | "perform_update", "serializer") => "serializer_class",
            _ => return Typed::unknown(),
        };
        let Some(view) = header.owner.map(|class| (file, class)) else { return Typed::unknown() };
        if let What::Class(helper) = self.attribute(view, member, 90, left).what {
            return Typed::new(What::Instance(helper), 90);
        }
        // Without one of its own a view makes it for its model.
        if self.subject(view, left).is_some() { Typed::new(What::Instance(view), 75) } else { Typed::unknown() }
    }

    /// Methods that generic views, forms and serializers bring.
    pub(super) fn of_framework(&self, class: ClassId, method: &str, left: u32) -> Typed {
        match (method, self.subject(class, left)) {
            ("get_queryset" | "filter_queryset", Some(model)) => Typed::new(What::Set(model, None), 85),
            ("get_object" | "save", Some(model)) => Typed::new(What::Instance(model), 85),
            _ => Typed::unknown(),
        }
    }

    /// The model a view, form or serializer is about: `model`, `queryset`, or those of its `Meta`, form or serializer.
    pub(in crate::frameworks) fn subject(&self, class: ClassId, left: u32) -> Option<ClassId> {
        if left == 0 {
            return None;
        }
        let left = left - 1;
        let of = |class: ClassId, member: &str| match self.attribute(class, member, 100, left).what {
            What::Class(found) | What::Set(found, _) => Some(found),
            _ => None,
        };
        let mapped = |found: &ClassId| self.entities.get(*found).is_some();
        if let Some(found) = of(class, "model").or_else(|| of(class, "queryset")).filter(mapped) {
            return Some(found);
        }
        for (file, definition) in self.classes.line(class) {
            if let Some(meta) = self.method(file, definition, "Meta")
                && let Some(found) = of((file, meta), "model").filter(mapped)
            {
                return Some(found);
            }
        }
        ["form_class", "serializer_class", "form"].iter().find_map(|member| {
            let helper = of(class, member).filter(|helper| *helper != class)?;
            self.subject(helper, left)
        })
    }
}
