//! XML, by tree-sitter-xml, as a document of keys and values.
//!
//! An element is an entry of the element around it: its name is the key; its value is its text or, where it has
//! attributes or children, a map of those. Attributes are entries with `@` before their name, text beside children is an
//! entry without a key. The document itself is the file's one statement.
//!
//! Only the five entities of XML itself and characters by number are decoded. What a DTD declares is never looked up, so
//! no document grows by being read.

use super::builder::{Builder, DEEPEST};
use super::kinds::{Kinds, QueryFile, UNNAMED};
use super::{Below, Extraction, LanguageRow};
use crate::base::Language;
use crate::facts::{Entry, Shape, ValueId};
use std::borrow::Cow;
use tree_sitter::{Node, Tree, TreeCursor};

/// The row of this language. XML is everywhere and mostly no code: only folders where a framework keeps wiring are read.
pub static ROW: LanguageRow = LanguageRow {
    language: Language::XML,
    extensions: &["orm.xml", "dcm.xml"],
    below: &[
        Below { folder: "app/code", suffix: "xml", within: None },
        Below { folder: "app/design", suffix: "xml", within: None },
        Below { folder: "app/etc", suffix: "xml", within: None },
        Below { folder: "config", suffix: "xml", within: Some("composer.json") },
        Below { folder: "db", suffix: "xml", within: None },
    ],
    interpreters: &[],
    openings: &[],
    queries: QUERIES,
    captures: CAPTURES,
    grammars: &[|| tree_sitter::Language::new(tree_sitter_xml::LANGUAGE_XML)],
    grammar_of: |_| 0,
    otherwise: None,
    prepare: |text| Cow::Borrowed(text),
    retry: |_| None,
    scripts: |_| None,
    extract,
    read: None,
};

const QUERIES: &[QueryFile] = &[("xml/values.scm", include_str!("../../../queries/xml/values.scm"))];

/// What a node kind means to the walk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Capture {
    Document,
    Element,
    Content,
    Tag,
    Name,
    AttributeValue,
    Text,
    Section,
    Reference,
    Attribute,
}

const CAPTURES: &[&str] = &[
    "value.document",
    "value.element",
    "value.content",
    "value.tag",
    "value.name",
    "string.attribute",
    "string.text",
    "string.section",
    "string.reference",
    "entry.attribute",
];

const VARIANTS: [Capture; 10] = [
    Capture::Document,
    Capture::Element,
    Capture::Content,
    Capture::Tag,
    Capture::Name,
    Capture::AttributeValue,
    Capture::Text,
    Capture::Section,
    Capture::Reference,
    Capture::Attribute,
];

/// One walk over one tree.
struct Walk<'a> {
    source: &'a str,
    kinds: &'a Kinds,
    cursor: TreeCursor<'a>,
    out: Builder,
    depth: u32,
}

/// What was found inside an element so far.
#[derive(Default)]
struct Inside {
    name: Option<ValueId>,
    entries: Vec<Entry>,
    text: String,
}

fn extract(tree: &Tree, text: &str, kinds: &Kinds) -> Extraction {
    let mut walk = Walk { source: text, kinds, cursor: tree.walk(), out: Builder::default(), depth: 0 };
    let mut inside = Inside::default();
    let root = tree.root_node();
    if root.is_error() {
        walk.out.facts_mut().errors.push(line_of(root));
    }
    walk.take(root, &mut inside);
    let document = walk.value_of(1, inside);
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

    /// Takes everything below the present node in, and comes back to it.
    fn each(&mut self, inside: &mut Inside) {
        self.children(|walk, node| walk.take(node, inside));
    }

    /// A part that breaks the rules: an element that is never closed holds everything up to the end of the part.
    fn broken(&mut self, inside: &mut Inside) {
        let mut open: Vec<(u32, Inside)> = Vec::new();
        self.children(|walk, node| {
            if walk.meaning(node) == Some(Capture::Tag) && open.len() < DEEPEST as usize {
                open.push((line_of(node), Inside::default()));
            }
            walk.take(node, open.last_mut().map_or(&mut *inside, |(_, own)| own));
        });
        while let Some((line, own)) = open.pop() {
            let entry = Entry { key: own.name, value: self.value_of(line, own) };
            open.last_mut().map_or(&mut *inside, |(_, around)| around).entries.push(entry);
        }
    }

    /// Visits the children of the present node, and comes back to it.
    fn children(&mut self, mut visit: impl FnMut(&mut Self, Node<'a>)) {
        if self.depth >= DEEPEST {
            let line = line_of(self.cursor.node());
            self.out.too_deep.get_or_insert(line);
            return;
        }
        if !self.cursor.goto_first_child() {
            return;
        }
        self.depth += 1;
        loop {
            let node = self.cursor.node();
            if node.is_error() || node.is_missing() {
                self.out.facts_mut().errors.push(line_of(node));
            }
            visit(self, node);
            if !self.cursor.goto_next_sibling() {
                break;
            }
        }
        self.depth -= 1;
        self.cursor.goto_parent();
    }

    fn take(&mut self, node: Node<'_>, inside: &mut Inside) {
        if node.is_error() {
            return self.broken(inside);
        }
        let Some(meaning) = self.meaning(node) else { return };
        match meaning {
            Capture::Document | Capture::Content | Capture::Tag | Capture::Section => self.each(inside),
            Capture::Element => {
                let mut own = Inside::default();
                self.each(&mut own);
                let key = own.name;
                let value = self.value_of(line_of(node), own);
                inside.entries.push(Entry { key, value });
            }
            Capture::Name => {
                if inside.name.is_none() {
                    let name = self.out.intern(slice(self.source, node));
                    inside.name = Some(self.out.value(line_of(node), Shape::Literal(name)));
                }
            }
            Capture::Attribute => self.attribute(node, inside),
            Capture::Text | Capture::AttributeValue => inside.text.push_str(slice(self.source, node)),
            Capture::Reference => inside.text.push_str(&decoded(slice(self.source, node))),
        }
    }

    /// `name="value"`
    fn attribute(&mut self, node: Node<'_>, inside: &mut Inside) {
        let (mut name, mut value) = ("", "");
        for child in (0..node.child_count()).filter_map(|at| node.child(at)) {
            match self.meaning(child) {
                Some(Capture::Name) => name = slice(self.source, child),
                Some(Capture::AttributeValue) => value = slice(self.source, child),
                _ => {}
            }
        }
        let line = line_of(node);
        let name = self.out.intern(&format!("@{name}"));
        let key = Some(self.out.value(line, Shape::Literal(name)));
        let value = self.out.intern(&decoded(value.trim_matches(['"', '\''])));
        let value = self.out.value(line, Shape::Literal(value));
        inside.entries.push(Entry { key, value });
    }

    fn value_of(&mut self, line: u32, mut inside: Inside) -> ValueId {
        let text = inside.text.trim();
        if inside.entries.is_empty() {
            let text = self.out.intern(text);
            return self.out.value(line, Shape::Literal(text));
        }
        if !text.is_empty() {
            let text = self.out.intern(text);
            let value = self.out.value(line, Shape::Literal(text));
            inside.entries.push(Entry { key: None, value });
        }
        let entries = self.out.entries(&inside.entries);
        self.out.value(line, Shape::Map(entries))
    }
}

fn slice<'a>(source: &'a str, node: Node<'_>) -> &'a str {
    source.get(node.byte_range()).unwrap_or("")
}

fn line_of(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).expect("lines are counted in u32") + 1
}

/// A text with its references read; one that is not XML's own stays as it is written.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after.split_once(';').and_then(|(name, after)| Some((character(name)?, after))) {
            Some((character, after)) => {
                out.push(character);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn only_references_of_xml_itself_are_read() {
        assert_eq!(decoded("a &lt; b &amp;&amp; c &#65;&#x42; &unknown; &"), "a < b && c AB &unknown; &");
    }
}
