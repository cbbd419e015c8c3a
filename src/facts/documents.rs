//! Reading documents of keys and values: what files such as XML leave instead of code.

use super::{FileFacts, Shape, ValueId};

/// A value of a document: a text, or keys with values of their own.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    facts: &'a FileFacts,
    value: ValueId,
}

impl FileFacts {
    /// The document a file of keys and values is: its last statement.
    #[must_use]
    pub fn document(&self) -> Option<Node<'_>> {
        self.statements.last().map(|value| Node { facts: self, value: *value })
    }
}

impl<'a> Node<'a> {
    /// Its keys and values in source order.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Self)> {
        self.keys().map(|(key, _, value)| (key, value))
    }

    /// Its keys with the lines they stand on, and their values, in source order.
    pub fn keys(self) -> impl Iterator<Item = (&'a str, u32, Self)> {
        let entries = match self.facts.value(self.value).shape {
            Shape::Map(entries) => &self.facts.entries[entries.range()],
            _ => &[],
        };
        entries.iter().filter_map(move |entry| {
            let key = entry.key?;
            let line = self.facts.value(key).line;
            Some((self.facts.as_literal(key)?, line, Self { facts: self.facts, value: entry.value }))
        })
    }

    /// The values of a list, in order; of anything else none.
    pub fn items(self) -> impl Iterator<Item = Self> {
        let items = match self.facts.value(self.value).shape {
            Shape::List(items) => self.facts.items(items),
            _ => &[],
        };
        items.iter().map(move |value| Self { facts: self.facts, value: *value })
    }

    /// The first value of a key.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.entries().find(|(own, _)| *own == key).map(|(_, node)| node)
    }

    /// Every value at the end of a path of keys: a key may be written more than once.
    #[must_use]
    pub fn all(self, path: &[&str]) -> Vec<Self> {
        path.iter().fold(vec![self], |nodes, key| {
            nodes.iter().flat_map(|node| node.entries().filter(|(own, _)| own == key).map(|(_, node)| node)).collect()
        })
    }

    /// Its text: the value itself, or what stands beside its keys.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        match self.facts.value(self.value).shape {
            Shape::Literal(text) => Some(self.facts.text(text)),
            Shape::Map(entries) => {
                let alone = self.facts.entries[entries.range()].iter().find(|entry| entry.key.is_none())?;
                self.facts.as_literal(alone.value)
            }
            _ => None,
        }
    }

    /// The text of an attribute.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        self.entries().find(|(own, _)| own.strip_prefix('@') == Some(name)).and_then(|(_, node)| node.text())
    }

    /// The line it starts on.
    #[must_use]
    pub fn line(self) -> u32 {
        self.facts.value(self.value).line
    }
}
