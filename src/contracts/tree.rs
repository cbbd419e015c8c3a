//! A document as a tree: what JSON and YAML have in common, keys in the order they are to be read.

/// A value of a document.
#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// Nothing.
    Null,
    /// True or false.
    Truth(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Decimal(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A list of texts.
    #[must_use]
    pub fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// A value by its key, where this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(known, _)| known == key).map(|(_, node)| node),
            _ => None,
        }
    }
}

/// Puts a map together, key by key.
#[derive(Default)]
pub(super) struct Keys(Vec<(String, Node)>);

impl Keys {
    /// Adds a key.
    pub(super) fn with(mut self, key: &str, node: Node) -> Self {
        self.0.push((key.to_owned(), node));
        self
    }

    /// Adds a key where there is something to say.
    pub(super) fn maybe(self, key: &str, node: Option<Node>) -> Self {
        match node {
            Some(node) => self.with(key, node),
            None => self,
        }
    }

    /// The map.
    pub(super) fn node(self) -> Node {
        Node::Map(self.0)
    }
}
