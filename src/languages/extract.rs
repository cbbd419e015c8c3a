//! The runner: one parser per thread and language, one parse and one walk per file, the tree dropped at once.

use super::kinds::Kinds;
use super::{LANGUAGES, LanguageRow};
use crate::base::Language;
use crate::facts::FileFacts;
use std::cell::RefCell;
use std::sync::OnceLock;
use tree_sitter::Parser;

/// What came of one file.
#[derive(Debug)]
pub struct Extraction {
    /// The facts.
    pub facts: FileFacts,
    /// The first line where code nests deeper than the walk follows.
    pub too_deep: Option<u32>,
}

thread_local! {
    static PARSERS: RefCell<Vec<(Language, Parser)>> = const { RefCell::new(Vec::new()) };
}

/// Reads one file's text in a language; none only if the grammar does not fit this build's tree-sitter.
#[must_use]
pub fn extract(row: &'static LanguageRow, text: &str) -> Option<Extraction> {
    let tree = PARSERS.with_borrow_mut(|parsers| {
        let index = match parsers.iter().position(|(language, _)| *language == row.language) {
            Some(index) => index,
            None => {
                let mut parser = Parser::new();
                parser.set_language(&(row.grammar)()).ok()?;
                parsers.push((row.language, parser));
                parsers.len() - 1
            }
        };
        parsers[index].1.parse(&*(row.prepare)(text), None)
    })?;
    let mut extraction = (row.extract)(&tree, text, kinds_of(row));
    extraction.facts.ignores = super::ignores::ignores(&tree, text);
    Some(extraction)
}

/// The language's table of node kinds, made once per process.
///
/// # Panics
/// When a pattern file does not fit the grammar; both are compiled in, and tests/registry.rs compiles all of them.
#[must_use]
pub fn kinds_of(row: &'static LanguageRow) -> &'static Kinds {
    static TABLES: OnceLock<Vec<Kinds>> = OnceLock::new();
    let tables = TABLES.get_or_init(|| {
        LANGUAGES
            .iter()
            .map(|row| {
                Kinds::compile(&(row.grammar)(), row.queries, row.captures).expect("pattern files fit their grammar: tests/registry.rs")
            })
            .collect()
    });
    let index = LANGUAGES.iter().position(|known| known.language == row.language).expect("a row comes from the table");
    &tables[index]
}

/// Lets tree-sitter's C code allocate through mimalloc. A tree is thousands of small blocks that live and die together;
/// the system allocator costs 10-15 % of a parse more (measured: ARCHITECTURE.md).
///
/// # Safety
/// Call it once, before any other thread exists and before anything else of tree-sitter is used.
#[allow(unsafe_code, reason = "tree-sitter takes its allocator as C function pointers")]
pub unsafe fn install_allocator() {
    let allocator = tree_sitter::Allocator {
        malloc: libmimalloc_sys::mi_malloc,
        calloc: libmimalloc_sys::mi_calloc,
        realloc: libmimalloc_sys::mi_realloc,
        free: libmimalloc_sys::mi_free,
    };
    // SAFETY: the four functions are mimalloc's replacements for the C ones, one family, with malloc's alignment; that
    // nothing was allocated before is the caller's promise.
    unsafe { tree_sitter::set_allocator(Some(allocator)) };
}
