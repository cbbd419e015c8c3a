//! Reads a document: prose, files with their paths, expected answers.
//!
//! A file is a fence below a line that holds nothing but its path in backticks. An expected answer is a fence whose
//! info string is one of [`super::render::KINDS`] or [`super::dumps::KINDS`]. Every `## ` heading begins a new case; files above the first one
//! belong to all cases.

use super::dumps;
use super::render::KINDS;

/// One document.
pub(crate) struct Document {
    lines: Vec<String>,
    pub(crate) cases: Vec<Case>,
}

/// Some files and what is said about them.
#[derive(Clone, Default)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) line: usize,
    pub(crate) files: Vec<(String, String)>,
    pub(crate) expected: Vec<Expected>,
}

/// One expected answer.
#[derive(Clone)]
pub(crate) struct Expected {
    /// The info string.
    pub(crate) what: String,
    /// The line of the fence, counted from 1.
    pub(crate) line: usize,
    /// The index of its first line of content in the document.
    pub(crate) first: usize,
    pub(crate) lines: Vec<String>,
}

impl Document {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut common = Case::default();
        let mut cases: Vec<Case> = Vec::new();
        let mut path = None;
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at].trim_end();
            at += 1;
            if let Some(info) = line.strip_prefix("```") {
                let first = at;
                let length = lines[first..].iter().position(|line| line.trim_end() == "```");
                let length = length.ok_or_else(|| format!("line {first}: this fence is never closed"))?;
                at = first + length + 1;
                let case = cases.last_mut().unwrap_or(&mut common);
                case.fence(info.trim(), first, &lines[first..first + length], path.take())?;
            } else if let Some(title) = line.strip_prefix("## ") {
                cases.push(Case { title: title.to_owned(), line: at, files: common.files.clone(), expected: Vec::new() });
            } else if let Some(title) = line.strip_prefix("# ") {
                common.title = title.to_owned();
                common.line = at;
            } else if let Some(named) = path_line(line) {
                path = Some(named.to_owned());
            }
        }
        if cases.is_empty() || !common.expected.is_empty() {
            cases.insert(0, common);
        }
        for case in &cases {
            if case.files.is_empty() {
                return Err(format!("line {}: \"{}\" has no files", case.line, case.title));
            }
            if case.expected.is_empty() {
                return Err(format!("line {}: \"{}\" expects nothing", case.line, case.title));
            }
        }
        Ok(Self { lines, cases })
    }

    /// The text with other lines in some places, each given by first line, length and new lines.
    pub(crate) fn with(&self, mut changes: Vec<(usize, usize, Vec<String>)>) -> String {
        changes.sort_by_key(|(first, _, _)| std::cmp::Reverse(*first));
        let mut lines = self.lines.clone();
        for (first, length, new) in changes {
            lines.splice(first..first + length, new);
        }
        lines.join("\n") + "\n"
    }
}

impl Case {
    fn fence(&mut self, info: &str, first: usize, content: &[String], path: Option<String>) -> Result<(), String> {
        let word = info.split(' ').next().unwrap_or(info);
        if KINDS.iter().any(|(kind, _)| *kind == word) || dumps::KINDS.iter().any(|(kind, _)| *kind == word) {
            self.expected.push(Expected { what: info.to_owned(), line: first, first, lines: content.to_vec() });
            return Ok(());
        }
        let Some(path) = path else {
            return Err(format!("line {first}: `{info}` is no answer unpick can give, and for a file there is no path above it"));
        };
        let mut text = content.join("\n");
        if !content.is_empty() {
            text.push('\n');
        }
        self.files.retain(|(known, _)| *known != path);
        self.files.push((path, text));
        Ok(())
    }
}

/// The path in a line that holds nothing else.
fn path_line(line: &str) -> Option<&str> {
    let path = line.strip_prefix('`')?.strip_suffix('`')?;
    (!path.is_empty() && !path.contains([' ', '`'])).then_some(path)
}
