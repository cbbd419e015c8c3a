//! What the gate says, for people and for machines. One file per format, one row per format.

pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod text;

#[cfg(test)]
mod testing;

use crate::analyses::gated::{Explanation, Finding, says as headline};
use crate::gate::{New, Verdict};
use std::io::{self, Write};

/// A new finding with everything there is to say about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explained {
    /// The finding and its effects.
    pub new: New,
    /// Why it matters.
    pub explanation: Explanation,
    /// Who answers for the file it stands in, by CODEOWNERS.
    pub owners: Vec<String>,
}

/// Everything a report of the gate needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckOutcome {
    /// New findings, explained, in order.
    pub new: Vec<Explained>,
    /// Accepted and still there.
    pub known: Vec<Finding>,
    /// Accepted and gone, both names still there.
    pub fixed: Vec<Finding>,
    /// Accepted, about names that are gone.
    pub stale: Vec<Finding>,
    /// Ignored beside the code.
    pub ignored: Vec<Finding>,
    /// How many further new findings were not asked for.
    pub hidden: usize,
    /// What was compared with: the baseline's file, or a commit.
    pub against: String,
    /// What could not be looked at, and what that means.
    pub remarks: Vec<String>,
    /// Colours are wanted.
    pub colour: bool,
}

impl CheckOutcome {
    /// The outcome of a verdict; `explain` is asked for each new finding.
    #[must_use]
    pub fn of(verdict: Verdict, against: String, remarks: Vec<String>, colour: bool, explain: impl Fn(New) -> Explained) -> Self {
        Self {
            new: verdict.new.into_iter().map(explain).collect(),
            known: verdict.known,
            fixed: verdict.fixed,
            stale: verdict.stale,
            ignored: verdict.ignored,
            hidden: 0,
            against,
            remarks,
            colour,
        }
    }

    /// `12 known (-3), 1 new`, and what is ignored where something is
    #[must_use]
    pub fn delta(&self) -> String {
        let gone = self.fixed.len() + self.stale.len();
        let less = if gone > 0 { format!(" (-{gone})") } else { String::new() };
        let ignored = if self.ignored.is_empty() { String::new() } else { format!(", {} ignored in the code", self.ignored.len()) };
        let hidden = if self.hidden == 0 { String::new() } else { format!(" ({} more not shown)", self.hidden) };
        format!("{} known{less}, {} new{hidden}{ignored}", self.known.len(), self.new.len())
    }
}

/// One format.
pub struct CheckFormat {
    /// Its name after `--format`.
    pub name: &'static str,
    /// Writes it.
    pub write: fn(&CheckOutcome, &mut dyn Write) -> io::Result<()>,
}

/// Every format.
pub static FORMATS: [&CheckFormat; 7] = [
    &text::FORMAT, //
    &json::FORMAT,
    &sarif::FORMAT,
    &github::FORMAT,
    &gitlab::FORMAT,
    &junit::FORMAT,
    &markdown::FORMAT,
];

/// The shortest cycle with the way back to its start: `a -> b -> a`; nothing for findings of other kinds.
fn cycle(explained: &Explained) -> Option<String> {
    let shortest = &explained.explanation.shortest;
    shortest.first().map(|first| format!("{} -> {first}", shortest.join(" -> ")))
}

/// The advice and its reason.
fn way_out(explained: &Explained) -> Option<String> {
    explained.explanation.advice.as_ref().map(|(advice, because)| format!("{advice}: {because}"))
}

/// What a finding says to a program that shows plain text: the headline and a line for everything else that is known.
fn story(explained: &Explained) -> Vec<String> {
    let mut lines = vec![headline(&explained.new.finding)];
    if !explained.explanation.text.is_empty() {
        lines.push(format!("code: {}", explained.explanation.text));
    }
    lines.extend(explained.explanation.rule.iter().map(|rule| format!("rule: {rule}")));
    lines.extend(cycle(explained).map(|cycle| format!("cycle: {cycle}")));
    lines.extend(way_out(explained).map(|way_out| format!("way out: {way_out}")));
    if !explained.new.effects.is_empty() {
        let effects: Vec<String> = explained.new.effects.iter().map(|effect| format!("{} -> {}", effect.from, effect.to)).collect();
        lines.push(format!("in a cycle only because of it: {}", effects.join(", ")));
    }
    if !explained.owners.is_empty() {
        lines.push(format!("owners: {}", explained.owners.join(" ")));
    }
    if !explained.explanation.command.is_empty() {
        lines.push(format!("more: {}", explained.explanation.command));
    }
    lines.push(format!("accept: unpick baseline --accept {} --reason \"...\"", explained.new.finding.id()));
    lines
}
