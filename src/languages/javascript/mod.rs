//! JavaScript by tree-sitter-javascript, and the walk that TypeScript shares.
//!
//! A file that this grammar cannot read is read as TypeScript where that errs less: that is how Flow is written.

mod calls;
mod definitions;
mod exports;
mod expressions;
mod imports;
mod parameters;
mod statements;
mod strings;

use super::kinds::{Kinds, QueryFile};
use super::walk::{Reads, captures, fields};
use super::{Extraction, LanguageRow};
use crate::base::Language;
use crate::facts::{DefinitionId, Text, ValueId};
use std::borrow::Cow;
use tree_sitter::{Node, Tree};

/// The row of this language.
pub static ROW: LanguageRow = LanguageRow {
    language: Language("javascript"),
    extensions: &["js", "jsx", "mjs", "cjs", "es6", "vue", "svelte"],
    below: &[],
    interpreters: &["node", "nodejs", "bun"],
    openings: &[],
    queries: QUERIES,
    captures: CAPTURES.split_at(SHARED).0,
    grammars: &[|| tree_sitter::Language::new(tree_sitter_javascript::LANGUAGE)],
    grammar_of: |_| 0,
    otherwise: Some(|| (&super::typescript::ROW, super::typescript::TSX)),
    prepare: scripts_only,
    retry: |_| None,
    scripts: |_| None,
    extract,
    read: None,
};

const QUERIES: &[QueryFile] = &[
    IMPORTS,
    DEFINITIONS,
    ("javascript/members.scm", include_str!("../../../queries/javascript/members.scm")),
    DECISIONS,
    BLOCKS,
    VALUES,
    PARAMETERS,
    BINDINGS,
];

pub(super) const IMPORTS: QueryFile = ("javascript/imports.scm", include_str!("../../../queries/javascript/imports.scm"));
pub(super) const DEFINITIONS: QueryFile = ("javascript/definitions.scm", include_str!("../../../queries/javascript/definitions.scm"));
pub(super) const DECISIONS: QueryFile = ("javascript/decisions.scm", include_str!("../../../queries/javascript/decisions.scm"));
pub(super) const BLOCKS: QueryFile = ("javascript/blocks.scm", include_str!("../../../queries/javascript/blocks.scm"));
pub(super) const VALUES: QueryFile = ("javascript/values.scm", include_str!("../../../queries/javascript/values.scm"));
pub(super) const PARAMETERS: QueryFile = ("javascript/parameters.scm", include_str!("../../../queries/javascript/parameters.scm"));
pub(super) const BINDINGS: QueryFile = ("javascript/bindings.scm", include_str!("../../../queries/javascript/bindings.scm"));

captures! {
    Import "import.statement"
    Export "import.export"
    ImportCall "import.call"
    Class "definition.class"
    Function "definition.function"
    Method "definition.method"
    Lambda "definition.lambda"
    Bases "definition.bases"
    Field "definition.field"
    Decorator "definition.decorator"
    Branch "block.branch"
    Switch "block.switch"
    Case "block.case"
    Loop "block.loop"
    Foreach "block.foreach"
    Try "block.try"
    Catch "block.catch"
    Finally "block.finally"
    Name "value.name"
    Member "value.member"
    Item "value.item"
    Call "value.call"
    New "value.new"
    String "value.string"
    Template "value.template"
    Binary "value.binary"
    Conditional "value.conditional"
    Unary "value.unary"
    Number "value.number"
    Constant "value.constant"
    List "value.list"
    Map "value.map"
    Pattern "value.pattern"
    Inner "value.inner"
    Statement "value.statement"
    Return "value.return"
    Nothing "value.nothing"
    StringContent "string.content"
    StringEscape "string.escape"
    Pair "entry.pair"
    Parameters "parameter.list"
    Arguments "argument.list"
    Declarator "binding.declarator"
    Assign "binding.assign"
    Augment "binding.augment"
    Default "binding.default"
    // From here on TypeScript's own.
    Interface "definition.interface"
    Enum "definition.enum"
    EnumCase "definition.case"
    Alias "definition.alias"
    Signature "definition.signature"
    ImportRequire "import.require"
    ParameterTyped "parameter.typed"
    Generic "type.generic"
    ArrayOf "type.array"
    Union "type.union"
    TypeOnly "type.only"
    Cast "type.cast"
}

/// How many of the captures both languages have; they stand first.
const SHARED: usize = Capture::Interface as usize;

/// All captures, TypeScript's included.
pub(super) const ALL_CAPTURES: &[&str] = CAPTURES;

fields! {
    alias "alias"
    arguments "arguments"
    body "body"
    condition "condition"
    consequence "consequence"
    constructor "constructor"
    declaration "declaration"
    function "function"
    index "index"
    key "key"
    kind "type"
    left "left"
    name "name"
    object "object"
    parameter "parameter"
    parameters "parameters"
    pattern "pattern"
    property "property"
    return_type "return_type"
    right "right"
    source "source"
    type_arguments "type_arguments"
    value "value"
}

/// What the walk remembers on the way.
#[derive(Default)]
struct Way {
    /// The next function is called where it is written, so what is inside runs when the file is loaded.
    immediate: bool,
    /// Decorators written before the member of a class they belong to.
    decorators: Vec<ValueId>,
    /// Where the last import stands that a `require` or `import()` made, and the value of that call.
    required: Option<(u32, ValueId)>,
    /// A name of this file's for `module.exports`.
    exports_alias: Option<Text>,
}

/// One walk over one tree.
type Walk<'a> = super::walk::Walk<'a, Capture, Fields, Way>;

/// A component in one file (Vue, Svelte) begins with a tag, which no script does: everything but its scripts is blanked,
/// byte for byte.
fn scripts_only(text: &str) -> Cow<'_, str> {
    if !text.trim_start().starts_with('<') {
        return text.into();
    }
    let mut kept = text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect::<String>();
    let mut at = 0;
    while let Some(start) = text[at..].find("<script").map(|found| at + found) {
        let Some(open) = text[start..].find('>').map(|found| start + found + 1) else { break };
        let end = text[open..].find("</script").map_or(text.len(), |found| open + found);
        kept.replace_range(open..end, &text[open..end]);
        at = end;
    }
    kept.into()
}

/// Reads one file's tree.
pub(super) fn extract(tree: &Tree, text: &str, kinds: &Kinds) -> Extraction {
    let mut walk = Walk::new(tree, text, kinds, VARIANTS, Fields::of(&tree.language()));
    let this = walk.out.intern("this");
    walk.out.facts_mut().receiver = Some(this);
    walk.each(|walk, _| walk.statement());
    let too_deep = walk.out.too_deep;
    Extraction { facts: walk.out.finish(super::count_lines(text)), too_deep }
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
    /// True inside a class body: what a name is bound to there is a member.
    fn in_class(&self) -> bool {
        self.out.owner.is_some_and(|owner: DefinitionId| self.out.facts().definition(owner).kind.is_type())
    }

    /// True when the node has a child that is just this word: `type`, `default`, `static`.
    fn has_word(node: Node<'_>, word: &str) -> bool {
        (0..node.child_count()).filter_map(|at| node.child(at)).any(|child| child.kind() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::scripts_only;

    #[test]
    fn only_the_scripts_of_a_component_are_kept() {
        let text = "<template>é</template>\n<script>\nlet a;\n</script>\n<style></style>";
        let kept = scripts_only(text);
        assert_eq!(kept.len(), text.len());
        assert_eq!(kept.trim(), "let a;");
        assert_eq!(kept.find("let"), text.find("let"));
        assert_eq!(scripts_only("a < b; '<script>'"), "a < b; '<script>'");
        assert_eq!(scripts_only("<script>é").trim(), "é");
    }
}
