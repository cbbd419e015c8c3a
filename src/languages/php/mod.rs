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

use super::kinds::{Kinds, QueryFile};
use super::walk::{Reads, captures, fields};
use super::{Extraction, LanguageRow};
use crate::base::Language;
use crate::facts::{FileFacts, Mention, Mentions, Shape, ValueId};
use tree_sitter::Tree;

/// The row of this language.
pub static ROW: LanguageRow = LanguageRow {
    language: Language("php"),
    extensions: &["php", "phtml", "inc", "module", "php3", "php4", "php5"],
    below: &[],
    interpreters: &["php"],
    openings: &[("install", "<?php"), ("theme", "<?php"), ("profile", "<?php")],
    queries: QUERIES,
    captures: CAPTURES,
    grammars: &[|| tree_sitter::Language::new(tree_sitter_php::LANGUAGE_PHP)],
    grammar_of: |_| 0,
    otherwise: None,
    prepare: old::prepare,
    retry: |_| None,
    scripts: super::scripts::of_page,
    extract,
    read: None,
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

fields! {
    alias "alias"
    arguments "arguments"
    body "body"
    condition "condition"
    default_value "default_value"
    function "function"
    name "name"
    object "object"
    parameters "parameters"
    return_expression "return_expression"
    return_type "return_type"
    right "right"
    scope "scope"
    kind "type"
    value "value"
}

/// One walk over one tree.
type Walk<'a> = super::walk::Walk<'a, Capture, Fields>;

/// Reads one file's tree.
fn extract(tree: &Tree, text: &str, kinds: &Kinds) -> Extraction {
    let mut walk = Walk::new(tree, text, kinds, VARIANTS, Fields::of(&tree.language()));
    walk.each(|walk, _| walk.statement());
    let too_deep = walk.out.too_deep;
    // A template of Blade is a page; a file that begins as code is none.
    if !text.trim_start().starts_with("<?") {
        super::tags::blade(text, &mut walk.out);
    }
    let facts: FileFacts = walk.out.finish(super::count_lines(text));
    Extraction { facts, too_deep }
}

impl Reads for Walk<'_> {
    fn value(&mut self) -> ValueId {
        self.expression()
    }

    fn statement(&mut self) {
        self.any_statement();
    }

    fn says_nothing(&self) -> bool {
        self.capture() == Some(Capture::Nothing)
    }
}

impl Walk<'_> {
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
