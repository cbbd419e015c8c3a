//! Code that runs inside a transaction: what is handed to `transaction`, and what stands between a begin and the last
//! commit or rollback of the same function.

use crate::facts::{DefinitionId, FileFacts, Shape, Stretch, ValueId};
use std::collections::BTreeMap;

/// The stretches of one file that run inside a transaction.
pub(in crate::frameworks) struct Transactions(Vec<Stretch>);

impl Transactions {
    pub(in crate::frameworks) fn of(facts: &FileFacts) -> Self {
        let mut inside = Vec::new();
        let mut begun: BTreeMap<Option<DefinitionId>, (u32, Option<u32>)> = BTreeMap::new();
        for call in &facts.calls {
            let Some(name) = facts.last_name(call.callee) else { continue };
            match name {
                "transaction" => {
                    let closures = facts.arguments_of(call).iter().filter_map(|argument| match facts.value(argument.value).shape {
                        Shape::Inline(function) => Some(facts.definition(function).values),
                        _ => None,
                    });
                    inside.extend(closures);
                }
                "beginTransaction" => {
                    begun.entry(facts.owner_of(call.value)).or_insert((call.value.0, None));
                }
                "commit" | "rollBack" | "rollback" if !begun.is_empty() => {
                    if let Some((_, end)) = begun.get_mut(&facts.owner_of(call.value)) {
                        *end = Some(call.value.0);
                    }
                }
                _ => {}
            }
        }
        inside.extend(begun.into_values().filter_map(|(start, end)| Some(Stretch { start, end: end? })));
        Self(inside)
    }

    pub(in crate::frameworks) fn contain(&self, value: ValueId) -> bool {
        self.0.iter().any(|stretch| stretch.contains(value.0))
    }
}
