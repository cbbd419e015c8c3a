//! PHP, 4 to 8.4, by tree-sitter-php, with the HTML around it.
//!
//! Variables keep their `$`, so that `$price` is never taken for the constant or function `price`; so do static
//! properties (`A::$x`), which keeps them apart from constants (`A::X`).

mod calls;
mod definitions;
mod expressions;
mod imports;
mod old;
mod statements;
mod strings;

use super::builder::{Builder, DEEPEST};
use super::kinds::{Kinds, QueryFile, UNNAMED};
use super::{Extraction, LanguageRow};
use crate::base::{Language, Span};
use crate::facts::{FileFacts, Mention, Mentions, Shape, Stretch, ValueId};
use tree_sitter::{Node, Tree, TreeCursor};

/// The row of this language.
pub static ROW: LanguageRow = LanguageRow {
    language: Language("php"),
    extensions: &["php", "phtml", "inc", "module", "php3", "php4", "php5"],
    below: &[],
    interpreters: &["php"],
    openings: &[("install", "<?php"), ("theme", "<?php"), ("profile", "<?php")],
    queries: QUERIES,
    captures: CAPTURES,
    grammar: || tree_sitter::Language::new(tree_sitter_php::LANGUAGE_PHP),
    prepare: old::prepare,
    extract,
};

const QUERIES: &[QueryFile] = &[
    ("php/imports.scm", include_str!("../../../queries/php/imports.scm")),
    ("php/definitions.scm", include_str!("../../../queries/php/definitions.scm")),
    ("php/decisions.scm", include_str!("../../../queries/php/decisions.scm")),
    ("php/blocks.scm", include_str!("../../../queries/php/blocks.scm")),
    ("php/values.scm", include_str!("../../../queries/php/values.scm")),
    ("php/parameters.scm", include_str!("../../../queries/php/parameters.scm")),
    ("php/bindings.scm", include_str!("../../../queries/php/bindings.scm")),
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
    Namespace "import.namespace"
    Use "import.use"
    Include "import.include"
    Class "definition.class"
    Interface "definition.interface"
    Trait "definition.trait"
    Enum "definition.enum"
    Anonymous "definition.anonymous"
    Function "definition.function"
    Method "definition.method"
    Lambda "definition.lambda"
    Bases "definition.bases"
    Traits "definition.traits"
    Property "definition.property"
    ConstantDeclaration "definition.constant"
    EnumCase "definition.case"
    Decorator "definition.decorator"
    Parameters "parameter.list"
    ParameterPlain "parameter.plain"
    ParameterRest "parameter.rest"
    ParameterPromoted "parameter.promoted"
    Arguments "argument.list"
    ArgumentSpread "argument.spread"
    Branch "block.branch"
    Switch "block.switch"
    Case "block.case"
    Match "block.match"
    Arm "block.arm"
    Loop "block.loop"
    Foreach "block.foreach"
    Try "block.try"
    Catch "block.catch"
    Finally "block.finally"
    Name "value.name"
    Type "value.type"
    Choice "value.choice"
    Member "value.member"
    ConstantOf "value.constant_of"
    Item "value.item"
    Call "value.call"
    New "value.new"
    String "value.string"
    Heredoc "value.heredoc"
    Shell "value.shell"
    Binary "value.binary"
    Conditional "value.conditional"
    Number "value.number"
    Constant "value.constant"
    Array "value.array"
    List "value.list"
    Inner "value.inner"
    Statement "value.statement"
    Return "value.return"
    Nothing "value.nothing"
    StringContent "string.content"
    Pair "entry.pair"
    Assign "binding.assign"
    Augment "binding.augment"
    Static "binding.static"
    Declare "binding.declare"
    Delete "binding.delete"
}

/// Field ids of the grammar, looked up once.
struct Fields {
    alias: u16,
    arguments: u16,
    body: u16,
    condition: u16,
    default_value: u16,
    function: u16,
    name: u16,
    object: u16,
    parameters: u16,
    return_expression: u16,
    return_type: u16,
    right: u16,
    scope: u16,
    kind: u16,
    value: u16,
}

impl Fields {
    fn of(grammar: &tree_sitter::Language) -> Self {
        let id = |name: &str| grammar.field_id_for_name(name).map_or(0, std::num::NonZeroU16::get);
        Self {
            alias: id("alias"),
            arguments: id("arguments"),
            body: id("body"),
            condition: id("condition"),
            default_value: id("default_value"),
            function: id("function"),
            name: id("name"),
            object: id("object"),
            parameters: id("parameters"),
            return_expression: id("return_expression"),
            return_type: id("return_type"),
            right: id("right"),
            scope: id("scope"),
            kind: id("type"),
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
        self.capture_of(self.node())
    }

    fn capture_of(&self, node: Node<'_>) -> Option<Capture> {
        match self.kinds.meaning(node.kind_id()) {
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
    /// Notes decisions and broken syntax on the way, so that every node passes here once.
    fn each(&mut self, mut visit: impl FnMut(&mut Self, u16)) {
        if self.depth >= DEEPEST {
            self.out.too_deep.get_or_insert(line_of(self.cursor.node()));
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
        if self.kinds.is_decision(node.kind_id()) {
            self.out.decision();
        }
        if node.is_error() || node.is_missing() {
            self.out.facts_mut().errors.push(line_of(node));
        }
    }

    /// A value for what is not there.
    fn nothing(&mut self, line: u32) -> ValueId {
        self.out.value(line, Shape::Other(Stretch::default()))
    }

    /// The present node as a value that is a class wherever it is a plain name.
    fn class_name(&mut self, how: Mentions) -> ValueId {
        let is_name = self.capture() == Some(Capture::Name);
        let value = self.value();
        if is_name && !self.source().starts_with('$') {
            self.mention(value, how);
        }
        value
    }

    /// Notes that a name is a class. What `self`, `static` and `parent` mean is known without looking further.
    fn mention(&mut self, value: ValueId, how: Mentions) {
        let Shape::Name(name) = self.out.facts().value(value).shape else { return };
        let text = self.out.text(name);
        if ["self", "static", "parent"].iter().any(|own| text.eq_ignore_ascii_case(own)) {
            return;
        }
        let owner = self.out.owner;
        self.out.facts_mut().mentions.push(Mention { value, how, owner });
    }
}

fn line_of(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).expect("lines are counted in u32") + 1
}

/// Lines of a node.
fn span_of(node: Node<'_>) -> Span {
    let end = node.end_position();
    // A node that ends at column 0 ends with the line break before it.
    let row = if end.column == 0 && end.row > node.start_position().row { end.row - 1 } else { end.row };
    Span { line: line_of(node), end_line: u32::try_from(row).expect("lines are counted in u32") + 1 }
}
