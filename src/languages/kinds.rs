//! A language's queries, read into a table from node kind to what it means.
//!
//! A tree-sitter query costs a traversal of its own, three times what looking up a table during the walk costs
//! (measured: ARCHITECTURE.md), so the `.scm` files hold one-node patterns and this module reads them itself.

use tree_sitter::Language;

/// A pattern file: its name for messages, and its text.
pub type QueryFile = (&'static str, &'static str);

/// A pattern that could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("queries/{file}:{line}: {what}")]
pub struct QueryError {
    file: &'static str,
    line: usize,
    what: String,
}

/// One `(kind) @capture` line.
struct Pattern<'a> {
    kind: &'a str,
    named: bool,
    capture: &'a str,
}

/// For every node kind of a grammar: its capture of each group, as an index into that group's names.
#[derive(Debug)]
pub struct Kinds {
    meaning: Vec<u8>,
    decision: Vec<bool>,
    legacy: Vec<bool>,
}

/// The meaning of a kind no pattern names.
pub const UNNAMED: u8 = u8::MAX;

impl Kinds {
    /// Reads pattern files against a grammar. `captures` lists the captures the language's walk knows, in the order of
    /// its own enumeration; a kind captured twice (decision and legacy aside) keeps the later one.
    ///
    /// # Errors
    /// A line that is no one-node pattern, a node kind the grammar lacks, a capture the walk does not know.
    pub fn compile(grammar: &Language, files: &[QueryFile], captures: &[&str]) -> Result<Self, QueryError> {
        let count = grammar.node_kind_count();
        let mut kinds = Self { meaning: vec![UNNAMED; count], decision: vec![false; count], legacy: vec![false; count] };
        for (file, text) in files {
            for (index, line) in text.lines().enumerate() {
                let fail = |what: String| QueryError { file, line: index + 1, what };
                let Some(pattern) = read_line(line).map_err(&fail)? else { continue };
                kinds.set(grammar, &pattern, captures).map_err(&fail)?;
            }
        }
        Ok(kinds)
    }

    fn set(&mut self, grammar: &Language, pattern: &Pattern<'_>, captures: &[&str]) -> Result<(), String> {
        let meaning = match pattern.capture {
            "decision" | "legacy" => None,
            capture => {
                let index = captures.iter().position(|known| *known == capture);
                Some(index.ok_or_else(|| format!("no walk knows the capture @{capture}"))?)
            }
        };
        let mut found = false;
        // A grammar may hold several ids with one name (aliases), so ask every id instead of looking one up.
        for id in 0..u16::try_from(grammar.node_kind_count()).expect("node kinds are counted in u16") {
            if grammar.node_kind_for_id(id) != Some(pattern.kind) || grammar.node_kind_is_named(id) != pattern.named {
                continue;
            }
            found = true;
            match (pattern.capture, meaning) {
                ("decision", _) => self.decision[id as usize] = true,
                ("legacy", _) => self.legacy[id as usize] = true,
                (_, index) => {
                    self.meaning[id as usize] = index.map_or(UNNAMED, |index| u8::try_from(index).expect("under 255 captures"));
                }
            }
        }
        if found { Ok(()) } else { Err(format!("the grammar has no node kind `{}`", pattern.kind)) }
    }

    /// The index of the kind's capture in the list given to [`Kinds::compile`], or [`UNNAMED`].
    #[must_use]
    pub fn meaning(&self, kind: u16) -> u8 {
        self.meaning.get(kind as usize).copied().unwrap_or(UNNAMED)
    }

    /// True when the kind adds to McCabe's count.
    #[must_use]
    pub fn is_decision(&self, kind: u16) -> bool {
        self.decision.get(kind as usize).copied().unwrap_or(false)
    }

    /// True when only an older version of the language has the kind.
    #[must_use]
    pub fn is_legacy(&self, kind: u16) -> bool {
        self.legacy.get(kind as usize).copied().unwrap_or(false)
    }
}

/// Reads `(kind) @capture` or `"token" @capture`; comments and blank lines are nothing.
fn read_line(line: &str) -> Result<Option<Pattern<'_>>, String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(';') {
        return Ok(None);
    }
    let help = || format!("`{line}` is no pattern of the form (kind) @capture or \"token\" @capture");
    let (node, capture) = line.split_once(" @").ok_or_else(help)?;
    let capture = capture.trim();
    let (kind, named) = if let Some(kind) = node.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (kind, true)
    } else if let Some(token) = node.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        (token, false)
    } else {
        return Err(help());
    };
    let simple = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '(' || c == ')');
    if simple(kind) && simple(capture) { Ok(Some(Pattern { kind, named, capture })) } else { Err(help()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(text: &'static str) -> Result<Kinds, String> {
        let grammar = Language::new(tree_sitter_python::LANGUAGE);
        Kinds::compile(&grammar, &[("python/x.scm", text)], &["import"]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_pattern_file_becomes_a_table() {
        let kinds = compile("; a comment\n\n(import_statement) @import\n(if_statement) @decision\n").expect("valid");
        let grammar = Language::new(tree_sitter_python::LANGUAGE);
        let id = |kind| grammar.id_for_node_kind(kind, true);
        assert_eq!(kinds.meaning(id("import_statement")), 0);
        assert_eq!(kinds.meaning(id("if_statement")), UNNAMED);
        assert!(kinds.is_decision(id("if_statement")) && !kinds.is_decision(id("import_statement")));
    }

    #[test]
    fn mistakes_name_file_and_line() {
        let error = |text| compile(text).expect_err("must fail");
        assert_eq!(error("\n(imprt) @import"), "queries/python/x.scm:2: the grammar has no node kind `imprt`");
        assert_eq!(error("(pair) @imports"), "queries/python/x.scm:1: no walk knows the capture @imports");
        assert!(error("(class_definition (block)) @import").contains("is no pattern of the form"));
    }
}
