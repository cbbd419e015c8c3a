//! Calls that stay in their file: of its functions by name, of methods on the object itself or on a class of the file.

use super::{Call, DefinitionId, DefinitionKind, FileFacts, Shape, Text};
use rustc_hash::FxHashMap;

/// Functions and methods of one file by name; a name that several functions have is nobody's.
#[derive(Debug, Default)]
pub struct LocalCalls {
    functions: FxHashMap<Text, Option<DefinitionId>>,
    methods: FxHashMap<(DefinitionId, Text), DefinitionId>,
    classes: FxHashMap<Text, DefinitionId>,
}

impl LocalCalls {
    /// Looks at a file.
    #[must_use]
    pub fn of(facts: &FileFacts) -> Self {
        let mut local = Self::default();
        for (id, definition) in facts.definitions() {
            match (definition.kind, definition.owner) {
                (DefinitionKind::Function, _) => {
                    local.functions.entry(definition.name).and_modify(|known| *known = None).or_insert(Some(id));
                }
                (DefinitionKind::Method, Some(class)) => {
                    local.methods.insert((class, definition.name), id);
                }
                (kind, _) if kind.is_type() => {
                    local.classes.insert(definition.name, id);
                }
                _ => {}
            }
        }
        local
    }

    /// The function or method of this file that a call means.
    #[must_use]
    pub fn target(&self, facts: &FileFacts, owner: Option<DefinitionId>, call: &Call) -> Option<DefinitionId> {
        match facts.value(call.callee).shape {
            Shape::Name(name) => self.functions.get(&name).copied().flatten(),
            Shape::Member(object, name) => {
                let object = facts.as_name(object)?;
                let own =
                    facts.receiver(owner) == Some(object) || matches!(facts.text(object), "self" | "static" | "cls" | "this" | "$this");
                let class = if own { facts.class_around(owner)? } else { *self.classes.get(&object)? };
                self.methods.get(&(class, name)).copied()
            }
            _ => None,
        }
    }
}

impl FileFacts {
    /// The innermost function with a name around a definition; functions without one run where they are written.
    #[must_use]
    pub fn named_function(&self, owner: Option<DefinitionId>) -> Option<DefinitionId> {
        let mut at = owner;
        while let Some(id) = at {
            let definition = self.definition(id);
            if matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method) {
                return at;
            }
            at = definition.owner;
        }
        None
    }
}
