//! YAML, by tree-sitter-yaml, as a document of keys and values.
//!
//! A mapping is a map, a sequence a list, everything else a text, numbers and `true` too; `~`, `null` and nothing are the
//! empty text. A value with a tag (`!tagged_iterator app.rule`) is a map whose one key is the tag. An alias is the value of
//! its anchor, unless that holds aliases itself, so no document grows much by being read; what `<<` merges stands behind a
//! mapping's own entries, where the first of a name wins.

mod scalars;

use super::builder::{Builder, DEEPEST};
use super::kinds::{Kinds, QueryFile, UNNAMED};
use super::{Below, Extraction, LanguageRow};
use crate::base::Language;
use crate::facts::{Entry, Shape, ValueId};
use std::borrow::Cow;
use std::collections::BTreeMap;
use tree_sitter::{Node, Tree};

/// The row of this language. YAML is everywhere and mostly no code: only what PHP frameworks keep in `config` and mappings
/// of Doctrine are read.
pub static ROW: LanguageRow = LanguageRow {
    language: Language::YAML,
    extensions: &["orm.yml", "orm.yaml", "dcm.yml", "dcm.yaml"],
    below: &[
        Below { folder: "config", suffix: "yaml", within: Some("composer.json") },
        Below { folder: "config", suffix: "yml", within: Some("composer.json") },
    ],
    interpreters: &[],
    openings: &[],
    queries: QUERIES,
    captures: CAPTURES,
    grammars: &[|| tree_sitter::Language::new(tree_sitter_yaml::LANGUAGE)],
    grammar_of: |_| 0,
    otherwise: None,
    prepare: |text| Cow::Borrowed(text),
    retry: |text| text.contains(['@', '%', '`']).then(|| text.replace(['@', '%', '`'], "_")),
    scripts: |_| None,
    extract,
    read: None,
};

const QUERIES: &[QueryFile] = &[("yaml/values.scm", include_str!("../../../queries/yaml/values.scm"))];

/// What a node kind means to the walk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Capture {
    Stream,
    Document,
    Node,
    Mapping,
    Sequence,
    Item,
    Pair,
    Plain,
    Single,
    Double,
    Block,
    Tag,
    Anchor,
    Alias,
}

const CAPTURES: &[&str] = &[
    "value.stream",
    "value.document",
    "value.node",
    "value.mapping",
    "value.sequence",
    "value.item",
    "entry.pair",
    "string.plain",
    "string.single",
    "string.double",
    "string.block",
    "value.tag",
    "value.anchor",
    "value.alias",
];

const VARIANTS: [Capture; 14] = [
    Capture::Stream,
    Capture::Document,
    Capture::Node,
    Capture::Mapping,
    Capture::Sequence,
    Capture::Item,
    Capture::Pair,
    Capture::Plain,
    Capture::Single,
    Capture::Double,
    Capture::Block,
    Capture::Tag,
    Capture::Anchor,
    Capture::Alias,
];

/// One walk over one tree.
struct Walk<'a> {
    source: &'a str,
    kinds: &'a Kinds,
    out: Builder,
    depth: u32,
    /// Values with an anchor, and whether aliases are in them.
    anchors: BTreeMap<&'a str, (ValueId, bool)>,
    /// How many aliases were met so far.
    aliases: u32,
}

fn extract(tree: &Tree, text: &str, kinds: &Kinds) -> Extraction {
    let mut walk = Walk { source: text, kinds, out: Builder::default(), depth: 0, anchors: BTreeMap::new(), aliases: 0 };
    let root = tree.root_node();
    if root.is_error() {
        walk.out.facts_mut().errors.push(line_of(root));
    }
    let document = walk.value(root);
    walk.out.facts_mut().statements.push(document);
    let too_deep = walk.out.too_deep;
    Extraction { facts: walk.out.finish(super::count_lines(text)), too_deep }
}

impl<'a> Walk<'a> {
    fn meaning(&self, node: Node<'_>) -> Option<Capture> {
        match self.kinds.meaning(node.kind_id()) {
            UNNAMED => None,
            index => Some(VARIANTS[index as usize]),
        }
    }

    /// The children that mean something, broken parts among them; errors are noted.
    fn children(&mut self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut cursor = node.walk();
        let children: Vec<Node<'a>> = node.children(&mut cursor).collect();
        for child in children.iter().filter(|child| child.is_error() || child.is_missing()) {
            self.out.facts_mut().errors.push(line_of(*child));
        }
        children.into_iter().filter(|child| child.is_error() || self.meaning(*child).is_some()).collect()
    }

    /// The value a node is.
    fn value(&mut self, node: Node<'a>) -> ValueId {
        if self.depth >= DEEPEST {
            self.out.too_deep.get_or_insert(line_of(node));
            return self.text(node, "");
        }
        self.depth += 1;
        let value = self.shallow(node);
        self.depth -= 1;
        value
    }

    fn shallow(&mut self, node: Node<'a>) -> ValueId {
        match self.meaning(node) {
            Some(Capture::Mapping) => self.mapping(node),
            Some(Capture::Sequence) => self.sequence(node),
            Some(Capture::Plain) => {
                let text = scalars::plain(slice(self.source, node));
                self.text(node, &text)
            }
            Some(Capture::Single) => {
                let text = scalars::single(slice(self.source, node));
                self.text(node, &text)
            }
            Some(Capture::Double) => {
                let text = scalars::double(slice(self.source, node));
                self.text(node, &text)
            }
            Some(Capture::Block) => {
                let text = scalars::block(slice(self.source, node));
                self.text(node, &text)
            }
            Some(Capture::Alias) => self.alias(node),
            Some(Capture::Stream) => self.stream(node),
            _ => self.node(node),
        }
    }

    /// One document is the value itself, several are a list; what a broken part holds is read as entries.
    fn stream(&mut self, node: Node<'a>) -> ValueId {
        let children = self.children(node);
        if children.iter().any(|child| child.is_error()) {
            return self.mapping(node);
        }
        let documents: Vec<ValueId> = children.into_iter().map(|child| self.value(child)).collect();
        match documents[..] {
            [only] => only,
            [] => self.text(node, ""),
            _ => {
                let items = self.out.list(&documents);
                self.out.value(line_of(node), Shape::List(items))
            }
        }
    }

    /// What stands around a value: its tag and its anchor.
    fn node(&mut self, node: Node<'a>) -> ValueId {
        let children = self.children(node);
        if node.is_error() || children.iter().any(|child| child.is_error()) {
            return self.mapping(node);
        }
        let before = self.aliases;
        let (mut tag, mut anchor, mut value) = (None, None, None);
        for child in children {
            match self.meaning(child) {
                Some(Capture::Tag) => tag = Some(child),
                Some(Capture::Anchor) => anchor = Some(slice(self.source, child).trim_start_matches('&')),
                _ => value = Some(self.value(child)),
            }
        }
        let mut value = value.unwrap_or_else(|| self.text(node, ""));
        if let Some(tag) = tag {
            let key = Some(self.text(tag, slice(self.source, tag)));
            let entries = self.out.entries(&[Entry { key, value }]);
            value = self.out.value(line_of(node), Shape::Map(entries));
        }
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, (value, self.aliases > before));
        }
        value
    }

    fn alias(&mut self, node: Node<'a>) -> ValueId {
        self.aliases += 1;
        let name = slice(self.source, node);
        match self.anchors.get(name.trim_start_matches('*')) {
            Some((value, false)) => *value,
            _ => self.text(node, name),
        }
    }

    fn mapping(&mut self, node: Node<'a>) -> ValueId {
        let (mut entries, mut merged) = (Vec::new(), Vec::new());
        self.pairs(node, &mut entries, &mut merged);
        entries.extend(merged);
        let entries = self.out.entries(&entries);
        self.out.value(line_of(node), Shape::Map(entries))
    }

    /// The pairs of a mapping, of one inside a broken part too.
    fn pairs(&mut self, node: Node<'a>, entries: &mut Vec<Entry>, merged: &mut Vec<Entry>) {
        if self.depth >= DEEPEST {
            self.out.too_deep.get_or_insert(line_of(node));
            return;
        }
        self.depth += 1;
        for child in self.children(node) {
            match self.meaning(child) {
                Some(Capture::Pair) => self.pair(child, entries, merged),
                // `{a, b}`: keys without values, or a key in a broken part.
                Some(Capture::Node) if !node.is_error() && self.meaning(node) == Some(Capture::Mapping) => {
                    let key = Some(self.value(child));
                    let value = self.text(child, "");
                    entries.push(Entry { key, value });
                }
                Some(Capture::Stream | Capture::Document | Capture::Node | Capture::Mapping) | None => {
                    self.pairs(child, entries, merged);
                }
                _ => {}
            }
        }
        self.depth -= 1;
    }

    fn pair(&mut self, node: Node<'a>, entries: &mut Vec<Entry>, merged: &mut Vec<Entry>) {
        let key = node.child_by_field_name("key").map(|key| self.value(key));
        let value = match node.child_by_field_name("value") {
            Some(value) => self.value(value),
            None => self.text(node, ""),
        };
        self.children(node);
        let merges = key.is_some_and(|key| match self.out.facts().value(key).shape {
            Shape::Literal(text) => self.out.text(text) == "<<",
            _ => false,
        });
        match self.out.facts().value(value).shape {
            Shape::Map(stretch) if merges => merged.extend_from_slice(&self.out.facts().entries[stretch.range()]),
            _ => entries.push(Entry { key, value }),
        }
    }

    fn sequence(&mut self, node: Node<'a>) -> ValueId {
        let mut items = Vec::new();
        for child in self.children(node) {
            match self.meaning(child) {
                // `[a: b]`: a pair in a list is a mapping of its own.
                Some(Capture::Pair) => {
                    let (mut entries, mut merged) = (Vec::new(), Vec::new());
                    self.pair(child, &mut entries, &mut merged);
                    let entries = self.out.entries(&entries);
                    items.push(self.out.value(line_of(child), Shape::Map(entries)));
                }
                _ => items.push(self.value(child)),
            }
        }
        let items = self.out.list(&items);
        self.out.value(line_of(node), Shape::List(items))
    }

    fn text(&mut self, node: Node<'_>, text: &str) -> ValueId {
        let text = self.out.intern(text);
        self.out.value(line_of(node), Shape::Literal(text))
    }
}

fn slice<'a>(source: &'a str, node: Node<'_>) -> &'a str {
    source.get(node.byte_range()).unwrap_or("")
}

fn line_of(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).expect("lines are counted in u32") + 1
}
