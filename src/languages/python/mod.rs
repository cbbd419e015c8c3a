//! Python, 2.7 to 3.14, by tree-sitter-python.

mod expressions;
mod imports;
mod statements;
mod strings;

use super::builder::{Builder, DEEPEST};
use super::kinds::{Kinds, QueryFile, UNNAMED};
use super::{Extraction, LanguageRow};
use crate::base::{Language, Span};
use crate::facts::FileFacts;
use tree_sitter::{Node, Tree, TreeCursor};

/// The row of this language.
pub static ROW: LanguageRow = LanguageRow {
    language: Language("python"),
    extensions: &["py", "pyw"],
    below: &[],
    interpreters: &["python", "python2", "python3"],
    openings: &[],
    queries: QUERIES,
    captures: CAPTURES,
    grammar: || tree_sitter::Language::new(tree_sitter_python::LANGUAGE),
    prepare: |text| text.into(),
    extract,
};

const QUERIES: &[QueryFile] = &[
    ("python/imports.scm", include_str!("../../../queries/python/imports.scm")),
    ("python/definitions.scm", include_str!("../../../queries/python/definitions.scm")),
    ("python/decisions.scm", include_str!("../../../queries/python/decisions.scm")),
    ("python/blocks.scm", include_str!("../../../queries/python/blocks.scm")),
    ("python/values.scm", include_str!("../../../queries/python/values.scm")),
    ("python/bindings.scm", include_str!("../../../queries/python/bindings.scm")),
    ("python/parameters.scm", include_str!("../../../queries/python/parameters.scm")),
    ("python/legacy.scm", include_str!("../../../queries/python/legacy.scm")),
];

/// Declares the captures once, as an enumeration and as the list of their names in the same order.
macro_rules! captures {
    ($($variant:ident $name:literal)*) => {
        /// What a node kind means to the walk.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        enum Capture { $($variant),* }
        const CAPTURES: &[&str] = &[$($name),*];
        const VARIANTS: &[Capture] = &[$(Capture::$variant),*];
    };
}

captures! {
    ImportModule "import.module"
    ImportFrom "import.from"
    ImportFuture "import.future"
    ImportAll "import.all"
    Class "definition.class"
    Function "definition.function"
    Lambda "definition.lambda"
    Decorated "definition.decorated"
    Decorator "definition.decorator"
    ParameterPlain "parameter.plain"
    ParameterTyped "parameter.typed"
    ParameterRest "parameter.rest"
    ArgumentKeyword "argument.keyword"
    ArgumentSpread "argument.spread"
    StringStart "string.start"
    StringContent "string.content"
    StringHole "string.hole"
    Pair "entry.pair"
    If "block.if"
    Elif "block.elif"
    Else "block.else"
    For "block.for"
    While "block.while"
    With "block.with"
    Try "block.try"
    Except "block.except"
    Finally "block.finally"
    Case "block.case"
    Comprehension "block.comprehension"
    Name "value.name"
    Member "value.member"
    Item "value.item"
    Generic "value.generic"
    Call "value.call"
    String "value.string"
    Strings "value.strings"
    Binary "value.binary"
    Boolean "value.boolean"
    Conditional "value.conditional"
    Number "value.number"
    Constant "value.constant"
    List "value.list"
    Map "value.map"
    Inner "value.inner"
    Statement "value.statement"
    Return "value.return"
    Nothing "value.nothing"
    Assign "binding.assign"
    Augment "binding.augment"
    Walrus "binding.walrus"
    LoopVariable "binding.loop"
    As "binding.as"
    Delete "binding.delete"
    Declare "binding.declare"
}

/// Field ids of the grammar, looked up once.
struct Fields {
    alias: u16,
    alternative: u16,
    annotation: u16,
    arguments: u16,
    attribute: u16,
    body: u16,
    condition: u16,
    consequence: u16,
    function: u16,
    key: u16,
    left: u16,
    name: u16,
    object: u16,
    operator: u16,
    parameters: u16,
    return_type: u16,
    right: u16,
    subscript: u16,
    superclasses: u16,
    value: u16,
}

impl Fields {
    fn of(grammar: &tree_sitter::Language) -> Self {
        let id = |name: &str| grammar.field_id_for_name(name).map_or(0, std::num::NonZeroU16::get);
        Self {
            alias: id("alias"),
            alternative: id("alternative"),
            annotation: id("type"),
            arguments: id("arguments"),
            attribute: id("attribute"),
            body: id("body"),
            condition: id("condition"),
            consequence: id("consequence"),
            function: id("function"),
            key: id("key"),
            left: id("left"),
            name: id("name"),
            object: id("object"),
            operator: id("operator"),
            parameters: id("parameters"),
            return_type: id("return_type"),
            right: id("right"),
            subscript: id("subscript"),
            superclasses: id("superclasses"),
            value: id("value"),
        }
    }
}

/// One walk over one tree.
struct Walk<'a> {
    text: &'a str,
    kinds: &'a Kinds,
    fields: Fields,
    cursor: TreeCursor<'a>,
    out: Builder,
    depth: u32,
}

/// Reads one file's tree.
fn extract(tree: &Tree, text: &str, kinds: &Kinds) -> Extraction {
    let mut walk = Walk { text, kinds, fields: Fields::of(&tree.language()), cursor: tree.walk(), out: Builder::default(), depth: 0 };
    walk.each(|walk, _| walk.statement());
    let too_deep = walk.out.too_deep;
    let facts: FileFacts = walk.out.finish(super::count_lines(text));
    Extraction { facts, too_deep }
}

impl<'a> Walk<'a> {
    fn node(&self) -> Node<'a> {
        self.cursor.node()
    }

    /// What the present node means.
    fn capture(&self) -> Option<Capture> {
        match self.kinds.meaning(self.node().kind_id()) {
            UNNAMED => None,
            index => Some(VARIANTS[index as usize]),
        }
    }

    /// The source of the present node.
    fn source(&self) -> &'a str {
        self.slice(self.node())
    }

    fn slice(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// First line of the present node.
    fn line(&self) -> u32 {
        line_of(self.node())
    }

    /// Lines of the present node.
    fn span(&self) -> Span {
        span_of(self.node())
    }

    /// Visits the named children of the present node with the field each stands in (0 for none), and comes back.
    /// Notes decisions, broken syntax and old syntax on the way, so that every node passes here once.
    fn each(&mut self, mut visit: impl FnMut(&mut Self, u16)) {
        if self.depth >= DEEPEST {
            self.out.too_deep.get_or_insert(self.cursor.node().start_position().row as u32 + 1);
            return;
        }
        if !self.cursor.goto_first_child() {
            return;
        }
        self.depth += 1;
        loop {
            let node = self.cursor.node();
            if node.is_named() || node.is_missing() {
                self.note(node);
                let field = self.cursor.field_id().map_or(0, std::num::NonZeroU16::get);
                visit(self, field);
            }
            if !self.cursor.goto_next_sibling() {
                break;
            }
        }
        self.depth -= 1;
        self.cursor.goto_parent();
    }

    fn note(&mut self, node: Node<'_>) {
        let kind = node.kind_id();
        if self.kinds.is_decision(kind) {
            self.out.decision();
        }
        if self.kinds.is_legacy(kind) {
            self.out.facts_mut().legacy = true;
        }
        if node.is_error() || node.is_missing() {
            self.out.facts_mut().errors.push(line_of(node));
        }
    }
}

fn line_of(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).expect("lines are counted in u32") + 1
}

/// Lines of a node. A block's node ends at its last statement, so this is the last line of code, not of comments.
fn span_of(node: Node<'_>) -> Span {
    let end = node.end_position();
    // A node that ends at column 0 ends with the line break before it.
    let row = if end.column == 0 && end.row > node.start_position().row { end.row - 1 } else { end.row };
    Span { line: line_of(node), end_line: u32::try_from(row).expect("lines are counted in u32") + 1 }
}
