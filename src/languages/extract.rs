//! The runner: one parser per thread and language, one parse and one walk per file, the tree dropped at once.

use super::kinds::Kinds;
use super::{LANGUAGES, LanguageRow};
use crate::base::Language;
use crate::facts::FileFacts;
use std::cell::RefCell;
use std::sync::OnceLock;
use tree_sitter::{Parser, Tree};

/// What came of one file.
#[derive(Debug)]
pub struct Extraction {
    /// The facts.
    pub facts: FileFacts,
    /// The first line where code nests deeper than the walk follows.
    pub too_deep: Option<u32>,
}

thread_local! {
    static PARSERS: RefCell<Vec<((Language, usize), Parser)>> = const { RefCell::new(Vec::new()) };
}

/// Reads one file's text in a language; none only if the grammar does not fit this build's tree-sitter.
#[must_use]
pub fn extract(row: &'static LanguageRow, path: &str, text: &str) -> Option<Extraction> {
    if let Some(read) = row.read {
        let mut facts = read(text);
        facts.scripts = (row.scripts)(text).and_then(|scripts| read_scripts(&scripts)).map(Box::new);
        return Some(Extraction { facts, too_deep: None });
    }
    let (mut row, mut grammar) = (row, (row.grammar_of)(path));
    let mut tree = parse(row, grammar, text)?;
    if let Some(otherwise) = row.otherwise.filter(|_| tree.root_node().has_error()) {
        let (other, its_grammar) = otherwise();
        // What is no script in the file is none in another language, either.
        if let Some(second) = parse(other, its_grammar, &(row.prepare)(text))
            && errors(&second) < errors(&tree)
        {
            (row, grammar, tree) = (other, its_grammar, second);
        }
    }
    if tree.root_node().has_error()
        && let Some(again) = (row.retry)(text)
        && let Some(second) = parse(row, grammar, &again)
        && errors(&second) < errors(&tree)
    {
        tree = second;
    }
    let mut extraction = (row.extract)(&tree, text, kinds_of(row, grammar));
    extraction.facts.ignores = super::ignores::ignores(&tree, text);
    extraction.facts.scripts = (row.scripts)(text).and_then(|scripts| read_scripts(&scripts)).map(Box::new);
    Some(extraction)
}

/// What the scripts of a page say. They are read as they are: a page is no place for dialects.
fn read_scripts(scripts: &str) -> Option<FileFacts> {
    let row = &super::javascript::ROW;
    let tree = parse(row, 0, scripts)?;
    Some((row.extract)(&tree, scripts, kinds_of(row, 0)).facts)
}

fn parse(row: &'static LanguageRow, grammar: usize, text: &str) -> Option<Tree> {
    PARSERS.with_borrow_mut(|parsers| {
        let wanted = (row.language, grammar);
        let index = match parsers.iter().position(|(key, _)| *key == wanted) {
            Some(index) => index,
            None => {
                let mut parser = Parser::new();
                parser.set_language(&row.grammars[grammar]()).ok()?;
                parsers.push((wanted, parser));
                parsers.len() - 1
            }
        };
        parsers[index].1.parse(&*(row.prepare)(text), None)
    })
}

/// How many bytes of a text its tree could not make sense of, and in how many places. Below a node without errors
/// there is nothing to count.
fn errors(tree: &Tree) -> (usize, usize) {
    let mut cursor = tree.walk();
    let (mut bytes, mut places) = (0, 0);
    loop {
        let node = cursor.node();
        let broken = node.is_error() || node.is_missing();
        if broken {
            bytes += node.byte_range().len();
            places += 1;
        }
        if !broken && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return (bytes, places);
            }
        }
    }
}

/// A grammar's table of node kinds, made once per process.
///
/// # Panics
/// When a pattern file does not fit the grammar; both are compiled in, and tests/registry.rs compiles all of them.
#[must_use]
pub fn kinds_of(row: &'static LanguageRow, grammar: usize) -> &'static Kinds {
    static TABLES: OnceLock<Vec<Vec<Kinds>>> = OnceLock::new();
    let compile = |row: &LanguageRow, grammar: &fn() -> tree_sitter::Language| {
        Kinds::compile(&grammar(), row.queries, row.captures).expect("pattern files fit their grammar: tests/registry.rs")
    };
    let of_row = |row: &&LanguageRow| row.grammars.iter().map(|grammar| compile(row, grammar)).collect();
    let tables = TABLES.get_or_init(|| LANGUAGES.iter().map(of_row).collect());
    let index = LANGUAGES.iter().position(|known| known.language == row.language).expect("a row comes from the table");
    &tables[index][grammar]
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
