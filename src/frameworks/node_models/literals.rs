//! Reading objects and lists of literals.

use crate::facts::{Entry, FileFacts, Shape, ValueId};

/// The entries of an object with literal keys.
pub(super) fn entries(facts: &FileFacts, value: ValueId) -> Vec<(&str, ValueId)> {
    let Shape::Map(entries) = facts.value(value).shape else { return Vec::new() };
    let named = |entry: &Entry| Some((facts.as_literal(entry.key?)?, entry.value));
    facts.entries[entries.range()].iter().filter_map(named).collect()
}

/// The value of a key of an object.
pub(super) fn entry(facts: &FileFacts, value: ValueId, key: &str) -> Option<ValueId> {
    entries(facts, value).into_iter().find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// The literal that a key of an object holds.
pub(super) fn text<'a>(facts: &'a FileFacts, value: ValueId, key: &str) -> Option<&'a str> {
    facts.as_literal(entry(facts, value, key)?)
}

/// The number that a key of an object holds, as written.
pub(super) fn number<'a>(facts: &'a FileFacts, value: ValueId, key: &str) -> Option<&'a str> {
    match facts.value(entry(facts, value, key)?).shape {
        Shape::Number(text) => Some(facts.text(text)),
        _ => None,
    }
}

/// True where a key of an object holds the constant.
pub(super) fn says(facts: &FileFacts, value: ValueId, key: &str, constant: &str) -> bool {
    entry(facts, value, key).is_some_and(|value| matches!(facts.value(value).shape, Shape::Constant(text) if facts.text(text) == constant))
}

/// The literals of a list, or the one literal.
pub(super) fn texts(facts: &FileFacts, value: ValueId) -> Vec<String> {
    match facts.value(value).shape {
        Shape::Literal(text) => vec![facts.text(text).to_owned()],
        Shape::List(items) => facts.items(items).iter().filter_map(|item| facts.as_literal(*item)).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// What a function without arguments hands back (`() => User`), a call's argument, or the value itself.
pub(super) fn behind(facts: &FileFacts, value: ValueId) -> ValueId {
    let Shape::Inline(id) = facts.value(value).shape else { return value };
    facts.returned.iter().find(|(owner, _)| *owner == id).map_or(value, |(_, value)| *value)
}

/// Names compare by their last part: `models.User` is `User`.
pub(super) fn last(facts: &FileFacts, value: ValueId) -> Option<&str> {
    facts.last_name(value).or_else(|| facts.as_literal(value))
}
