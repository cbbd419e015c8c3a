//! What answers a route: a method of a class, a function, a closure, and how people call it.

use super::PhpClasses;
use crate::base::FileId;
use crate::facts::{DefinitionId, Shape, Target, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};

/// What answers a route.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) struct Handler {
    /// As its framework's own list of routes names it.
    pub name: String,
    /// Its file and line; none for somebody else's code.
    pub place: Option<(FileId, u32)>,
}

impl PhpClasses<'_> {
    /// The full name of a class, in the letters it is defined with.
    pub(in crate::frameworks) fn shown_name(&self, (file, class): ClassId) -> String {
        let facts = self.facts(file);
        let start = facts.definition(class).values.start;
        let namespace = facts.namespaces.iter().rev().find(|namespace| namespace.values <= start);
        let namespace = namespace.map_or("", |namespace| facts.text(namespace.name));
        let bare = self.bare_name((file, class));
        if namespace.is_empty() { bare.to_owned() } else { format!("{namespace}\\{bare}") }
    }

    /// The full name of a class that is written at a value, in the letters of its definition or of the `use` that names it.
    pub(in crate::frameworks) fn shown(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<String> {
        let full = match self.class_at(file, owner, value)? {
            Ancestor::Ours(class) => return Some(self.shown_name(class)),
            Ancestor::Outside(full) => full,
        };
        let facts = self.facts(file);
        let uses = facts.imports.iter().filter_map(|import| match import.target {
            Target::Symbol(path) => Some(facts.text(path)),
            _ => None,
        });
        let written = facts.text(facts.as_name(value)?).trim_start_matches('\\');
        let known = uses.chain([written]).find(|path| path.to_lowercase() == full);
        Some(known.map_or(full.clone(), str::to_owned))
    }

    /// The line of a method of a class, with the file it is written in; where the class has it from somebody else's code, the class.
    pub(in crate::frameworks) fn handled_by(&self, class: ClassId, method: &str) -> (FileId, u32) {
        let (file, definition) = self.method_of(class, method).unwrap_or(class);
        (file, self.facts(file).definition(definition).span.line)
    }

    /// A method of a class by its name, whose letters' case does not count.
    pub(in crate::frameworks) fn method_of(&self, class: ClassId, method: &str) -> Option<ClassId> {
        self.method(class, method).or_else(|| {
            self.line(class).find_map(|(file, class)| {
                let facts = self.facts(file);
                let mut inner = facts.inside(Some(class));
                inner.find(|(_, found)| facts.text(found.name).eq_ignore_ascii_case(method)).map(|(id, _)| (file, id))
            })
        })
    }

    /// The function without a name that a value is, as a handler.
    pub(in crate::frameworks) fn closure(&self, file: FileId, value: ValueId) -> Option<Handler> {
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Inline(function) if !facts.definition(function).kind.is_type() => {
                Some(Handler { name: "Closure".to_owned(), place: Some((file, facts.definition(function).span.line)) })
            }
            _ => None,
        }
    }
}
