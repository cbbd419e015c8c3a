//! Python, 2.7 to 3.14, by tree-sitter-python.

mod expressions;
mod imports;
mod statements;
mod strings;

use super::kinds::{Kinds, QueryFile};
use super::walk::{Reads, captures, fields};
use super::{Extraction, LanguageRow};
use crate::base::Language;
use crate::facts::{FileFacts, ValueId};
use tree_sitter::Tree;

/// The row of this language.
pub static ROW: LanguageRow = LanguageRow {
    language: Language("python"),
    extensions: &["py", "pyw"],
    below: &[],
    interpreters: &["python", "python2", "python3"],
    openings: &[],
    queries: QUERIES,
    captures: CAPTURES,
    grammars: &[|| tree_sitter::Language::new(tree_sitter_python::LANGUAGE)],
    grammar_of: |_| 0,
    otherwise: None,
    prepare: |text| text.into(),
    retry: |_| None,
    scripts: |_| None,
    extract,
    read: None,
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

fields! {
    alias "alias"
    alternative "alternative"
    annotation "type"
    arguments "arguments"
    attribute "attribute"
    body "body"
    condition "condition"
    consequence "consequence"
    function "function"
    key "key"
    left "left"
    name "name"
    object "object"
    operator "operator"
    parameters "parameters"
    return_type "return_type"
    right "right"
    subscript "subscript"
    superclasses "superclasses"
    value "value"
}

/// One walk over one tree.
type Walk<'a> = super::walk::Walk<'a, Capture, Fields>;

/// Reads one file's tree.
fn extract(tree: &Tree, text: &str, kinds: &Kinds) -> Extraction {
    let mut walk = Walk::new(tree, text, kinds, VARIANTS, Fields::of(&tree.language()));
    walk.each(|walk, _| walk.statement());
    let too_deep = walk.out.too_deep;
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
