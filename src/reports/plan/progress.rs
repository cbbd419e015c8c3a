//! The code of today beside a plan that was written down earlier: what is cut, what is left, what came back.
//!
//! A fact is known by its kind and name, not by its lines, so that code may move within its module.

use super::Planned;
use super::json::{Line, lines};
use crate::plan::costs::NONE;
use crate::plan::facts::Atom;
use crate::plan::order::{Order, Terms, order};
use crate::plan::settings::Settings;
use crate::reports::Options;
use crate::reports::page::{Page, bad, bold, count, faint, plain};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Terms that stand for something to cut: all but the lines of code.
const CUTS: usize = 9;
/// Tables written on both sides, and those only read across.
const WRITTEN: usize = 2;
const READ: usize = 3;

/// Something that was not there when the plan was made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct New {
    /// The figure it counts for.
    pub term: &'static str,
    /// What it is.
    pub name: String,
    /// Where.
    pub place: Option<(String, u32)>,
}

/// How far one candidate of the plan is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The candidate.
    pub name: String,
    /// Nothing of it is left in this tree.
    pub gone: bool,
    /// How much there was to cut.
    pub planned: usize,
    /// How much of it is left.
    pub left: usize,
    /// What was added since.
    pub new: Vec<New>,
}

/// Facts by term, kind and name, with how often and where first.
type Counted = BTreeMap<(usize, String, String), (usize, Option<(String, u32)>)>;

/// A plan in JSON, as it was written down.
pub struct Written(Value);

impl Written {
    /// Reads a document.
    ///
    /// # Errors
    /// With a sentence when the document is no plan.
    pub fn read(document: &str) -> Result<Self, String> {
        let written: Value = serde_json::from_str(document).map_err(|error| format!("it is no JSON: {error}"))?;
        for list in ["candidates", "order"] {
            written[list].as_array().ok_or_else(|| format!("it has no {list}: `unpick plan --format json` writes plans"))?;
        }
        Ok(Self(written))
    }

    /// Names of all atoms of the plan, those of no candidate too.
    #[must_use]
    pub fn atoms(&self) -> BTreeSet<String> {
        let candidates = rows(&self.0["candidates"]);
        let whole = candidates.iter().flat_map(|candidate| rows(&candidate["modules"])).map(text);
        let parts = candidates.iter().flat_map(|candidate| rows(&candidate["atoms"])).filter_map(|part| {
            let (path, symbol) = (part["path"].as_str()?, part["symbol"].as_str());
            Some(symbol.map_or_else(|| path.to_owned(), |symbol| format!("{path}:{symbol}")))
        });
        let aside = rows(&self.0["set_aside"]).iter().map(|row| text(&row["name"]));
        whole.chain(parts).chain(aside).chain(rows(&self.0["unplaced"]).iter().map(text)).collect()
    }
}

/// Holds the code against a plan, candidate by candidate. What is planned was gathered in the pieces of that plan: else names
/// change where a file comes to use more or fewer tables.
#[must_use]
pub fn progress(planned: &Planned<'_>, written: &Written) -> Vec<Progress> {
    let names: Vec<String> = rows(&written.0["candidates"]).iter().map(|candidate| text(&candidate["name"])).collect();
    let labels = labels(planned, written);
    let now = order(planned.facts, &planned.plan.aside, &labels, &names, &Settings::default());
    let rows = names.iter().enumerate().map(|(at, name)| {
        let step = rows(&written.0["order"]).iter().find(|step| step["candidate"] == name.as_str());
        let before = step.map(|step| counted_then(&step["terms"])).unwrap_or_default();
        row(name, !labels.contains(&(at as u32)), &before, &counted_now(planned, &now, at as u32))
    });
    rows.collect()
}

fn rows(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn row(name: &str, gone: bool, before: &Counted, now: &Counted) -> Progress {
    let count = |row: Option<&(usize, Option<(String, u32)>)>| row.map_or(0, |row| row.0);
    // A table that was read across and is written on both sides now is no progress; one of which only the writes went is.
    let as_written = |(term, kind, fact): &(usize, String, String)| (*term == READ).then(|| (WRITTEN, kind.clone(), fact.clone()));
    let still = |fact: &(usize, String, String)| count(now.get(fact)) + as_written(fact).map_or(0, |fact| count(now.get(&fact)));
    let left = before.iter().map(|(fact, row)| row.0.min(still(fact))).sum();
    let mut new = Vec::new();
    for (key @ (term, kind, fact), row) in now {
        if as_written(key).is_some_and(|fact| before.contains_key(&fact)) {
            continue;
        }
        let times = row.0.saturating_sub(count(before.get(&(*term, kind.clone(), fact.clone()))));
        new.extend((0..times.min(1)).map(|_| New { term: Terms::NAMES[*term], name: fact.clone(), place: row.1.clone() }));
    }
    Progress { name: name.to_owned(), gone, planned: before.values().map(|row| row.0).sum(), left, new }
}

/// The candidate that every piece of code and every table is in, as the plan says. Pieces that the plan does not know go with
/// most of their file or else of their module.
fn labels(planned: &Planned<'_>, written: &Written) -> Vec<u32> {
    let facts = planned.facts;
    let candidates = rows(&written.0["candidates"]);
    let mut labels = vec![NONE; facts.nodes()];
    let mut parts: BTreeMap<(&str, &str), BTreeMap<u32, usize>> = BTreeMap::new();
    for (candidate, label) in candidates.iter().zip(0u32..) {
        for (part, of) in rows(&candidate["atoms"]).iter().flat_map(|part| ["path", "module"].map(|of| (part, of))) {
            *parts.entry((of, part[of].as_str().unwrap_or_default())).or_default().entry(label).or_default() += 1;
        }
        let has = |list: &str, name: &str| candidate[list].as_array().is_some_and(|rows| rows.iter().any(|row| row == name));
        let part = |atom: &Atom| {
            let same = |row: &Value| row["path"].as_str() == atom.path.as_deref() && row["symbol"].as_str() == atom.symbol.as_deref();
            candidate["atoms"].as_array().is_some_and(|rows| rows.iter().any(same))
        };
        for (slot, atom) in labels.iter_mut().zip(&facts.atoms) {
            let whole = atom.symbol.is_none() && has("modules", atom.path.as_deref().unwrap_or(&atom.module));
            if whole || (atom.path.is_some() && part(atom)) {
                *slot = label;
            }
        }
        for (slot, table) in labels[facts.atoms.len()..].iter_mut().zip(&facts.tables) {
            if has("tables", &table.name) {
                *slot = label;
            }
        }
    }
    let known = written.atoms();
    for (slot, atom) in labels.iter_mut().zip(&facts.atoms).filter(|(_, atom)| !known.contains(&atom.name)) {
        let most = match atom.path.as_deref() {
            Some(path) if known.contains(path) || parts.contains_key(&("path", path)) => parts.get(&("path", path)),
            _ => parts.get(&("module", &atom.module)),
        };
        *slot = most.and_then(|of| of.iter().max_by_key(|(label, count)| (**count, Reverse(**label)))).map_or(*slot, |(label, _)| *label);
    }
    labels
}

fn counted_then(terms: &Value) -> Counted {
    let mut counted = Counted::new();
    for (at, term) in Terms::NAMES[..CUTS].iter().enumerate() {
        for row in terms[term]["evidence"].as_array().into_iter().flatten() {
            counted.entry((at, text(&row["kind"]), text(&row["name"]))).or_default().0 += 1;
        }
    }
    counted
}

fn counted_now(planned: &Planned<'_>, order: &Order, candidate: u32) -> Counted {
    let mut counted = Counted::new();
    let Some(step) = order.steps.iter().find(|step| step.candidate == candidate) else { return counted };
    for term in 0..CUTS {
        for Line { place, kind, name } in step.terms.evidence[term].iter().flat_map(|row| lines(planned, row)) {
            let row = counted.entry((term, kind.to_owned(), name)).or_default();
            row.0 += 1;
            row.1 = row.1.take().or_else(|| place.map(|(file, line)| (file.to_owned(), line)));
        }
    }
    counted
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Writes it for people.
///
/// # Errors
/// When writing fails.
pub fn write_progress(rows: &[Progress], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(out, options.colour, options.width);
    for row in rows {
        let done = row.planned - row.left;
        let state =
            if row.gone { "nothing of it is left here".to_owned() } else { format!("{done} of {} cut, {} left", row.planned, row.left) };
        page.line(&[bold(row.name.clone()), plain(format!("  {state}"))])?;
        for new in &row.new {
            let place = new.place.as_ref().map_or(String::new(), |(file, line)| format!("  {file}:{line}"));
            page.line(&[bad("  new  "), plain(format!("{} ", new.name)), faint(format!(" {}{place}", new.term))])?;
        }
    }
    let new: usize = rows.iter().map(|row| row.new.len()).sum();
    page.gap()?;
    let crosses = if new == 1 { " crosses the plan that it does not know" } else { " cross the plan that it does not know" };
    page.line(&[bold(count(new, "fact")), plain(crosses)])
}

/// Writes it for programs.
///
/// # Errors
/// When writing fails.
pub fn write_progress_json(rows: &[Progress], out: &mut dyn Write) -> io::Result<()> {
    let new = |new: &New| {
        let (file, line) = new.place.as_ref().map_or((None, None), |(file, line)| (Some(file), Some(line)));
        json!({"term": new.term, "name": new.name, "file": file, "line": line})
    };
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let new: Vec<Value> = row.new.iter().map(new).collect();
            json!({"candidate": row.name, "gone": row.gone, "planned": row.planned, "left": row.left, "new": new})
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &json!({"candidates": rows}))?;
    writeln!(out)
}
