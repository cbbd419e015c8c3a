//! Comments that silence a finding of the gate. Other comments are not kept.

use crate::facts::Ignore;
use tree_sitter::{Node, Tree};

/// What such a comment holds.
const WORD: &str = "unpick-ignore";

/// Every `unpick-ignore` in a comment, by line. A string that holds the word is none.
pub(super) fn ignores(tree: &Tree, text: &str) -> Vec<Ignore> {
    // Nearly no file has one, so a search of the text costs less than a look at every comment.
    memchr::memmem::find_iter(text.as_bytes(), WORD).filter_map(|at| ignore(tree, text, at)).collect()
}

fn ignore(tree: &Tree, text: &str, at: usize) -> Option<Ignore> {
    let node = tree.root_node().descendant_for_byte_range(at, at + WORD.len()).filter(is_comment)?;
    let before = text.get(node.start_byte()..at)?;
    let rest = text.get(at + WORD.len()..node.end_byte())?;
    let line = node.start_position().row + before.matches('\n').count() + 1;
    Some(Ignore { line: u32::try_from(line).ok()?, text: rest.lines().next().unwrap_or("").trim().into() })
}

/// Grammars call comments `comment`, `line_comment` and the like; what may stand anywhere is called an extra.
fn is_comment(node: &Node<'_>) -> bool {
    node.kind().to_ascii_lowercase().contains("comment") || node.is_extra()
}
