//! What the types of one file hold: their methods and their fields.

use super::{Binding, Binds, Definition, DefinitionId, DefinitionKind, FileFacts, Shape, Text, ValueId};

/// Methods and fields of every type of one file, found in one pass over its definitions and bindings.
///
/// Fields are the distinct names a type's body binds, and the distinct members that its methods bind on the object they
/// are called on. What a base class binds is the base's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Members {
    /// Type and method, sorted by both.
    methods: Vec<(DefinitionId, DefinitionId)>,
    /// Type and field, sorted by both.
    fields: Vec<(DefinitionId, Text)>,
}

impl Members {
    /// Looks at a file.
    #[must_use]
    pub fn of(facts: &FileFacts) -> Self {
        let mut members = Self::default();
        for (id, definition) in facts.definitions() {
            if let (DefinitionKind::Method, Some(owner)) = (definition.kind, definition.owner) {
                members.methods.push((owner, id));
            }
        }
        if members.methods.is_empty() && !facts.definitions.iter().any(|definition| definition.kind.is_type()) {
            return members;
        }
        for binding in &facts.bindings {
            members.bind(facts, binding, binding.target);
        }
        members.methods.sort_unstable();
        members.fields.sort_unstable();
        members.fields.dedup();
        members
    }

    /// The functions directly inside a type, in source order; one that is written twice is there twice.
    pub fn methods(&self, owner: DefinitionId) -> impl ExactSizeIterator<Item = DefinitionId> {
        within(&self.methods, owner).iter().map(|(_, method)| *method)
    }

    /// The names of a type's fields, sorted by id.
    pub fn fields(&self, owner: DefinitionId) -> impl ExactSizeIterator<Item = Text> {
        within(&self.fields, owner).iter().map(|(_, field)| *field)
    }

    /// True when a type has a field of this name.
    #[must_use]
    pub fn has_field(&self, owner: DefinitionId, name: Text) -> bool {
        self.fields.binary_search(&(owner, name)).is_ok()
    }

    fn bind(&mut self, facts: &FileFacts, binding: &Binding, target: ValueId) {
        let Some(owner) = binding.owner else { return };
        match facts.value(target).shape {
            Shape::List(parts) => facts.items(parts).iter().for_each(|part| self.bind(facts, binding, *part)),
            Shape::Name(name) => {
                let is_field = matches!(binding.binds, Binds::Assign | Binds::Augment | Binds::Declare);
                if is_field && facts.definition(owner).kind.is_type() {
                    self.fields.push((owner, name));
                }
            }
            Shape::Member(object, name) if binding.binds != Binds::Delete => {
                if let Some(class) = facts.as_name(object).and_then(|receiver| class_behind(facts, owner, receiver)) {
                    self.fields.push((class, name));
                }
            }
            _ => {}
        }
    }
}

fn within<T>(pairs: &[(DefinitionId, T)], owner: DefinitionId) -> &[(DefinitionId, T)] {
    let start = pairs.partition_point(|(id, _)| *id < owner);
    let length = pairs[start..].partition_point(|(id, _)| *id == owner);
    &pairs[start..start + length]
}

/// The name a method has for the object it is called on: its first parameter, where that is how the language hands it
/// over, else the word the language has for it. PHP's parameters begin with `$`, and its `$this` is none of them.
#[must_use]
pub fn receiver(facts: &FileFacts, method: &Definition) -> Option<Text> {
    if facts.receiver.is_some() {
        return facts.receiver;
    }
    let first = facts.parameters[method.parameters.range()].first()?;
    (!facts.text(first.name).starts_with('$')).then_some(first.name)
}

/// The type whose method, somewhere around `at`, calls the object it is called on `name`.
fn class_behind(facts: &FileFacts, at: DefinitionId, name: Text) -> Option<DefinitionId> {
    let mut next = Some(at);
    while let Some(id) = next {
        let definition = facts.definition(id);
        if definition.kind == DefinitionKind::Method {
            return (receiver(facts, definition)? == name).then_some(definition.owner).flatten();
        }
        next = definition.owner;
    }
    None
}
