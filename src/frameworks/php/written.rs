//! What is written of things that libraries make: the types of variables and properties, parameters, attributes.

use super::PhpClasses;
use super::classes::is_this;
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};

/// Types of the language that are no classes.
const BUILT_IN: [&str; 16] = [
    "array", "bool", "callable", "false", "float", "int", "iterable", "mixed", "never", "null", "object", "parent", "string", "true",
    "void", "resource",
];

/// How far a value is followed to where its type is written.
const DEEPEST: u32 = 8;

impl<'a> PhpClasses<'a> {
    /// The class that is written for what an expression holds: the type of its parameter or property, what made it.
    pub(in crate::frameworks) fn written_class(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<Ancestor> {
        self.written_within(file, owner, value, DEEPEST)
    }

    fn written_within(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Option<Ancestor> {
        let left = left.checked_sub(1)?;
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) if facts.text(name).starts_with('$') => {
                if is_this(facts, value) {
                    return facts.class_around(owner).map(|class| Ancestor::Ours((file, class)));
                }
                if let Some((function, place)) = facts.parameter_around(owner, name) {
                    let parameter = &facts.parameters[facts.definition(function).parameters.range()][place];
                    return parameter.annotation.and_then(|written| self.annotated(file, Some(function), written).into_iter().next());
                }
                let bound = self.locals(file).of_name(owner, name).iter().rev();
                let values = bound.filter(|row| row.place.is_none()).filter_map(|row| {
                    let binding = &facts.bindings[row.binding as usize];
                    binding.value.filter(|_| binding.binds == Binds::Assign)
                });
                values.take(1).find_map(|given| self.written_within(file, owner, given, left))
            }
            Shape::Member(object, name) if is_this(facts, object) => {
                let class = (file, facts.class_around(owner)?);
                self.written_property(class, facts.text(name), left)
            }
            Shape::Call(_) => self.written_result(file, owner, facts.as_call(value)?, left),
            Shape::Choice(parts) => facts.items(parts).iter().find_map(|part| self.written_within(file, owner, *part, left)),
            Shape::Other(parts) => match facts.items(parts) {
                [only] => self.written_within(file, owner, *only, left),
                _ => None,
            },
            _ => None,
        }
    }

    fn written_property(&self, class: ClassId, name: &str, left: u32) -> Option<Ancestor> {
        self.line(class).find_map(|(file, class)| {
            let facts = self.facts(file);
            let text = facts.texts.find(name)?;
            let declared = self.locals(file).of_name(Some(class), text).first().map(|row| &facts.bindings[row.binding as usize]);
            let written = declared.and_then(|binding| binding.annotation);
            written.and_then(|written| self.annotated(file, Some(class), written).into_iter().next()).or_else(|| {
                let given = self.bound_members((file, class), name).iter().map(|index| &facts.bindings[*index as usize]);
                given
                    .filter_map(|binding| Some((binding.owner, binding.value?)))
                    .find_map(|(owner, value)| self.written_within(file, owner, value, left))
            })
        })
    }

    /// `new Bus()`, `$this->bus()`, `$container->get(Bus::class)`
    fn written_result(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, left: u32) -> Option<Ancestor> {
        let facts = self.facts(file);
        let (object, name) = match facts.value(call.callee).shape {
            Shape::Member(object, name) => (Some(object), facts.text(name)),
            Shape::Name(name) => (None, facts.text(name)),
            _ => return None,
        };
        if let Some(object) = object.filter(|_| name == "__construct") {
            return self.class_at(file, owner, object);
        }
        if matches!(name, "get" | "make" | "app" | "resolve") {
            return self.class_of(file, owner, facts.arguments_of(call).first()?.value);
        }
        let Ancestor::Ours(class) = self.written_within(file, owner, object?, left)? else { return None };
        let (home, method) = self.method(class, name)?;
        let returns = self.facts(home).definition(method).returns?;
        self.annotated(home, Some(method), returns).into_iter().next()
    }

    /// The classes of a written type: one, or each of several.
    pub(in crate::frameworks) fn annotated(&self, file: FileId, owner: Option<DefinitionId>, written: ValueId) -> Vec<Ancestor> {
        self.parts_of_type(file, written).into_iter().filter_map(|part| self.class_at(file, owner, part)).collect()
    }

    /// The names that a written type consists of; those of the language itself say nothing.
    pub(in crate::frameworks) fn parts_of_type(&self, file: FileId, written: ValueId) -> Vec<ValueId> {
        let facts = self.facts(file);
        let names_class =
            |part: &ValueId| facts.as_name(*part).is_some_and(|name| !BUILT_IN.contains(&facts.text(name).to_ascii_lowercase().as_str()));
        let parts = match facts.value(written).shape {
            Shape::Name(_) => vec![written],
            Shape::Choice(parts) => facts.items(parts).to_vec(),
            _ => Vec::new(),
        };
        parts.into_iter().filter(names_class).collect()
    }

    /// True for a class of a library with one of these full names, in small letters, and for a class below one.
    pub(in crate::frameworks) fn is_one_of(&self, class: &Ancestor, names: &[&str]) -> bool {
        match class {
            Ancestor::Outside(full) => names.contains(&full.as_str()),
            Ancestor::Ours(class) => self.is_below(*class, names),
        }
    }

    /// The attributes of a definition: their classes, what is written, and what is handed to them.
    pub(in crate::frameworks) fn attributes(&self, file: FileId, definition: DefinitionId) -> Vec<(Ancestor, ValueId, Option<&'a Call>)> {
        let facts: &'a FileFacts = self.facts(file);
        let decorators = facts.items(facts.definition(definition).decorators).iter();
        let attributes = decorators.filter_map(|value| {
            let call = match facts.value(*value).shape {
                Shape::Call(call) => Some(&facts.calls[call.0 as usize]),
                _ => facts.calls.iter().find(|call| call.callee == *value),
            };
            let name = call.map_or(*value, |call| call.callee);
            Some((self.named(file, name)?, name, call))
        });
        attributes.collect()
    }

    /// The methods that a class itself defines, with their names.
    pub(in crate::frameworks) fn own_methods(&self, (file, class): ClassId) -> impl Iterator<Item = (DefinitionId, &'a str)> {
        let facts: &'a FileFacts = self.facts(file);
        let inside = facts.inside(Some(class)).filter(|(_, inside)| inside.kind == crate::facts::DefinitionKind::Method);
        inside.map(|(id, inside)| (id, facts.text(inside.name)))
    }

    /// The names in the type of a function's first parameter.
    pub(in crate::frameworks) fn first_type(&self, (file, function): ClassId) -> Vec<ValueId> {
        let facts = self.facts(file);
        let parameters = &facts.parameters[facts.definition(function).parameters.range()];
        let written = parameters.first().and_then(|parameter| parameter.annotation);
        written.map(|written| self.parts_of_type(file, written)).unwrap_or_default()
    }
}
