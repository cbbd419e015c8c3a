//! Reading facts: chains of members, owners of values, literals behind values.

use super::{Argument, Binding, Call, Definition, DefinitionId, DefinitionKind, FileFacts, Shape, Stretch, Text, Value, ValueId};

/// A dotted chain that starts at a bare name: `a.b.c` is root `a` and members `b`, `c`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// The bare name it starts with.
    pub root: Text,
    /// The members after it, in order.
    pub members: Vec<Text>,
}

impl FileFacts {
    /// The text behind an id.
    #[must_use]
    pub fn text(&self, text: Text) -> &str {
        self.texts.get(text)
    }

    /// The value behind an id.
    #[must_use]
    pub fn value(&self, id: ValueId) -> Value {
        self.values[id.0 as usize]
    }

    /// The definition behind an id.
    #[must_use]
    pub fn definition(&self, id: DefinitionId) -> &Definition {
        &self.definitions[id.0 as usize]
    }

    /// Every definition with its id.
    pub fn definitions(&self) -> impl Iterator<Item = (DefinitionId, &Definition)> {
        (0u32..).map(DefinitionId).zip(&self.definitions)
    }

    /// The values a stretch of items holds.
    #[must_use]
    pub fn items(&self, stretch: Stretch) -> &[ValueId] {
        &self.items[stretch.range()]
    }

    /// The arguments of a call.
    #[must_use]
    pub fn arguments_of(&self, call: &Call) -> &[Argument] {
        &self.arguments[call.arguments.range()]
    }

    /// The argument at a position, or with a keyword when it is not given by position.
    #[must_use]
    pub fn argument(&self, call: &Call, position: usize, keyword: &str) -> Option<ValueId> {
        let arguments = self.arguments_of(call);
        let by_position = arguments.get(position).filter(|a| a.name.is_none() && !a.spread);
        by_position
            .or_else(|| arguments.iter().find(|a| a.name.is_some_and(|name| self.text(name) == keyword)))
            .map(|argument| argument.value)
    }

    /// The value of a keyword of a class statement.
    #[must_use]
    pub fn class_keyword(&self, class: DefinitionId, keyword: &str) -> Option<ValueId> {
        let start = self.class_keywords.partition_point(|(owner, _)| *owner < class);
        let own = self.class_keywords[start..].iter().take_while(|(owner, _)| *owner == class);
        own.map(|(_, argument)| argument).find(|argument| argument.name.is_some_and(|name| self.text(name) == keyword)).map(|a| a.value)
    }

    /// The call a value is, if it is one.
    #[must_use]
    pub fn as_call(&self, id: ValueId) -> Option<&Call> {
        match self.value(id).shape {
            Shape::Call(call) => Some(&self.calls[call.0 as usize]),
            _ => None,
        }
    }

    /// The text of a string literal.
    #[must_use]
    pub fn as_literal(&self, id: ValueId) -> Option<&str> {
        match self.value(id).shape {
            Shape::Literal(text) => Some(self.text(text)),
            _ => None,
        }
    }

    /// The bare name a value is.
    #[must_use]
    pub fn as_name(&self, id: ValueId) -> Option<Text> {
        match self.value(id).shape {
            Shape::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The chain a value is, when it consists of names and members only.
    #[must_use]
    pub fn chain(&self, id: ValueId) -> Option<Chain> {
        let mut members = Vec::new();
        let mut at = id;
        loop {
            match self.value(at).shape {
                Shape::Name(root) => {
                    members.reverse();
                    return Some(Chain { root, members });
                }
                Shape::Member(object, name) => {
                    members.push(name);
                    at = object;
                }
                _ => return None,
            }
        }
    }

    /// The last name of a chain: `c` of `a.b.c`, `f` of `f`; also where the chain starts at a call.
    #[must_use]
    pub fn last_name(&self, id: ValueId) -> Option<&str> {
        match self.value(id).shape {
            Shape::Name(name) | Shape::Member(_, name) => Some(self.text(name)),
            _ => None,
        }
    }

    /// A chain as dotted text, for messages and look-ups.
    #[must_use]
    pub fn dotted(&self, id: ValueId) -> Option<String> {
        let chain = self.chain(id)?;
        let mut text = self.text(chain.root).to_owned();
        for member in chain.members {
            text.push('.');
            text.push_str(self.text(member));
        }
        Some(text)
    }

    /// The definitions directly inside another (or at the top, for none).
    pub fn inside(&self, owner: Option<DefinitionId>) -> impl Iterator<Item = (DefinitionId, &Definition)> {
        self.definitions().filter(move |(_, definition)| definition.owner == owner)
    }

    /// The bindings directly inside a definition (or at the top, for none).
    pub fn bindings_in(&self, owner: Option<DefinitionId>) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.owner == owner)
    }

    /// The innermost definition whose text holds a value.
    #[must_use]
    pub fn owner_of(&self, id: ValueId) -> Option<DefinitionId> {
        // Definitions nest and stand in the order they begin in, so the one sought is the last to begin or around it.
        let begun = self.definitions.partition_point(|definition| definition.values.start <= id.0);
        let last = u32::try_from(begun.checked_sub(1)?).expect("definitions are counted in u32");
        let mut at = Some(DefinitionId(last));
        while let Some(candidate) = at.map(|candidate| (candidate, self.definition(candidate))) {
            if candidate.1.values.end > id.0 {
                return Some(candidate.0);
            }
            at = candidate.1.owner;
        }
        None
    }

    /// True when a definition, or one around it, is a function: what is inside runs only when it is called.
    #[must_use]
    pub fn runs_lazily(&self, owner: Option<DefinitionId>) -> bool {
        let mut at = owner;
        while let Some(id) = at {
            let definition = self.definition(id);
            if !definition.kind.is_type() {
                return true;
            }
            at = definition.owner;
        }
        false
    }

    /// The innermost class around a definition, itself included.
    #[must_use]
    pub fn class_around(&self, owner: Option<DefinitionId>) -> Option<DefinitionId> {
        let mut at = owner;
        while let Some(id) = at {
            if self.definition(id).kind.is_type() {
                return Some(id);
            }
            at = self.definition(id).owner;
        }
        None
    }

    /// The first parameter of the method around a place: what `self` is called there.
    #[must_use]
    pub fn receiver(&self, owner: Option<DefinitionId>) -> Option<Text> {
        let mut at = owner;
        while let Some(id) = at {
            let definition = self.definition(id);
            if definition.kind == DefinitionKind::Method {
                let first = || self.parameters[definition.parameters.range()].first().map(|parameter| parameter.name);
                return self.receiver.or_else(first);
            }
            at = definition.owner;
        }
        None
    }

    /// The innermost function around a place, lambdas included.
    #[must_use]
    pub fn function_around(&self, owner: Option<DefinitionId>) -> Option<DefinitionId> {
        let mut at = owner;
        while let Some(id) = at {
            if !self.definition(id).kind.is_type() {
                return Some(id);
            }
            at = self.definition(id).owner;
        }
        None
    }

    /// The function around a place that has a parameter of this name, the innermost one, and which of its parameters it is.
    #[must_use]
    pub fn parameter_around(&self, owner: Option<DefinitionId>, name: Text) -> Option<(DefinitionId, usize)> {
        let mut at = owner;
        while let Some(id) = at {
            let definition = self.definition(id);
            let parameters = &self.parameters[definition.parameters.range()];
            if let Some(place) = parameters.iter().position(|parameter| parameter.name == name) {
                return Some((id, place));
            }
            at = definition.owner;
        }
        None
    }

    /// The name of a definition with its owners before it: `Cart.total`.
    #[must_use]
    pub fn qualified_name(&self, id: DefinitionId) -> String {
        let definition = self.definition(id);
        let own = if definition.kind == DefinitionKind::Lambda { "<lambda>" } else { self.text(definition.name) };
        match definition.owner {
            Some(owner) => format!("{}.{own}", self.qualified_name(owner)),
            None => own.to_owned(),
        }
    }
}

/// Finds the innermost definition around values that are asked for in ascending order, in one pass over the file.
pub struct OwnerSweep<'a> {
    definitions: &'a [Definition],
    next: usize,
    open: Vec<DefinitionId>,
}

impl<'a> OwnerSweep<'a> {
    /// Starts at the first value.
    #[must_use]
    pub fn new(facts: &'a FileFacts) -> Self {
        Self { definitions: &facts.definitions, next: 0, open: Vec::new() }
    }

    /// The innermost definition around a value; ids must not go down between calls.
    pub fn owner(&mut self, value: ValueId) -> Option<DefinitionId> {
        while let Some(definition) = self.definitions.get(self.next) {
            if definition.values.start > value.0 {
                break;
            }
            self.open.push(DefinitionId(u32::try_from(self.next).expect("definitions are counted in u32")));
            self.next += 1;
        }
        while let Some(id) = self.open.last() {
            if self.definitions[id.0 as usize].values.end > value.0 {
                return Some(*id);
            }
            self.open.pop();
        }
        None
    }
}

impl FileFacts {
    /// Gives back memory that growing lists took ahead.
    pub fn shrink(&mut self) {
        self.definitions.shrink_to_fit();
        self.class_keywords.shrink_to_fit();
        self.imports.shrink_to_fit();
        self.mentions.shrink_to_fit();
        self.namespaces.shrink_to_fit();
        self.values.shrink_to_fit();
        self.items.shrink_to_fit();
        self.entries.shrink_to_fit();
        self.calls.shrink_to_fit();
        self.arguments.shrink_to_fit();
        self.parameters.shrink_to_fit();
        self.bindings.shrink_to_fit();
        self.decorated.shrink_to_fit();
        self.blocks.shrink_to_fit();
        self.returned.shrink_to_fit();
        self.taken.shrink_to_fit();
    }
}
