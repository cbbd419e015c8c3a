//! TypeScript by tree-sitter-typescript: the walk is JavaScript's, with what only TypeScript has added to the table.

mod tagged;

use super::LanguageRow;
use super::javascript::{ALL_CAPTURES, BINDINGS, BLOCKS, DECISIONS, DEFINITIONS, IMPORTS, PARAMETERS, VALUES, extract};
use super::kinds::QueryFile;
use crate::base::Language;

/// The row of this language.
pub static ROW: LanguageRow = LanguageRow {
    language: Language("typescript"),
    extensions: &["ts", "mts", "cts", "tsx"],
    below: &[],
    interpreters: &["ts-node", "tsx", "deno"],
    openings: &[],
    queries: QUERIES,
    captures: ALL_CAPTURES,
    grammars: &[
        || tree_sitter::Language::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT),
        || tree_sitter::Language::new(tree_sitter_typescript::LANGUAGE_TSX),
    ],
    grammar_of: |path| if path.ends_with(".tsx") { TSX } else { 0 },
    otherwise: None,
    prepare: |text| text.into(),
    retry: tagged::without_type_arguments,
    scripts: |_| None,
    extract,
    read: None,
};

/// Which of the grammars knows JSX.
pub(super) const TSX: usize = 1;

const QUERIES: &[QueryFile] = &[
    IMPORTS,
    DEFINITIONS,
    ("typescript/definitions.scm", include_str!("../../../queries/typescript/definitions.scm")),
    DECISIONS,
    BLOCKS,
    VALUES,
    ("typescript/types.scm", include_str!("../../../queries/typescript/types.scm")),
    PARAMETERS,
    BINDINGS,
];
