//! What is done with a collection once it is at hand: in the same chain, through a variable, in a callback.

use super::operation;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::node_models::builder::Chains;
use crate::frameworks::tables::Operation;
use rustc_hash::FxHashMap;

/// The calls of a file that do something to collections.
pub(super) struct Handles<'a> {
    chains: Chains<'a>,
    /// Calls of methods with a meaning, by the last name of what they are called on.
    on: FxHashMap<Text, Vec<(&'a Call, Operation)>>,
}

impl<'a> Handles<'a> {
    pub(super) fn of(facts: &'a FileFacts) -> Self {
        let mut on: FxHashMap<Text, Vec<(&'a Call, Operation)>> = FxHashMap::default();
        if facts.texts.find("collection").is_some() {
            for call in &facts.calls {
                let Shape::Member(object, method) = facts.value(call.callee).shape else { continue };
                let (Shape::Name(name) | Shape::Member(_, name)) = facts.value(object).shape else { continue };
                if let Some(operation) = operation(facts.text(method)) {
                    on.entry(name).or_default().push((call, operation));
                }
            }
        }
        Self { chains: Chains::of(facts), on }
    }

    /// What is done with the collection that a call asks for.
    pub(super) fn uses(&self, facts: &'a FileFacts, call: &'a Call) -> Vec<(&'a Call, Operation)> {
        if let Some(next) = self.chains.after(call.value) {
            let method = facts.last_name(next.callee).unwrap_or_default();
            return operation(method).map(|operation| (next, operation)).into_iter().collect();
        }
        let mut handed = facts.arguments_of(call).iter().skip(1).filter_map(|argument| match facts.value(argument.value).shape {
            Shape::Inline(callback) => Some(callback),
            _ => None,
        });
        if let Some(callback) = handed.next_back() {
            return self.in_callback(facts, callback);
        }
        self.through_variable(facts, call)
    }

    /// `db.collection('orders', (error, orders) => orders.find())`
    fn in_callback(&self, facts: &'a FileFacts, callback: DefinitionId) -> Vec<(&'a Call, Operation)> {
        let definition = facts.definition(callback);
        let parameters = &facts.parameters[definition.parameters.range()];
        let Some(collection) = parameters.last() else { return Vec::new() };
        self.called_on(collection.name, |value| definition.values.contains(value.0))
    }

    /// `const orders = db.collection('orders')`, then `orders.find()`; a member is looked for in the whole file.
    fn through_variable(&self, facts: &'a FileFacts, call: &Call) -> Vec<(&'a Call, Operation)> {
        let bound = |value: ValueId| value == call.value || is_around(facts, value, call.value);
        let Some(binding) = facts.bindings.iter().find(|binding| binding.value.is_some_and(bound)) else { return Vec::new() };
        match (facts.value(binding.target).shape, binding.owner) {
            (Shape::Name(name), Some(owner)) => {
                let around = facts.definition(owner).values;
                let local = self.called_on(name, |value| around.contains(value.0));
                // A variable of a scope further out is only given its value here.
                if local.is_empty() { self.called_on(name, |_| true) } else { local }
            }
            (Shape::Name(name) | Shape::Member(_, name), _) => self.called_on(name, |_| true),
            _ => Vec::new(),
        }
    }

    fn called_on(&self, name: Text, inside: impl Fn(ValueId) -> bool) -> Vec<(&'a Call, Operation)> {
        let all = self.on.get(&name).into_iter().flatten();
        all.filter(|(call, _)| inside(call.value)).copied().collect()
    }
}

/// `await x`, `(x)`: a value with nothing else in it.
fn is_around(facts: &FileFacts, value: ValueId, inner: ValueId) -> bool {
    match facts.value(value).shape {
        Shape::Other(parts) => matches!(facts.items(parts), [only] if *only == inner),
        _ => false,
    }
}
