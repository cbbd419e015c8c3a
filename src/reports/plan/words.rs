//! What several formats of a plan say in the same words.

use super::Planned;
use crate::plan::facts::{Atom, Facts};
use crate::plan::order::{Step, Terms};
use crate::plan::work::Work;
use crate::reports::page::{count, list, number};
use std::collections::BTreeSet;

/// Below this share of followed names a candidate has to be looked at before anybody relies on its figures.
pub(super) const COVERED: f64 = 0.8;

/// How much room keys of the session get, in characters.
const KEYS: usize = 60;

/// Names of the modules and files a candidate consists of, parts of files left out.
pub(super) fn modules<'a>(planned: &Planned<'a>, candidate: u32) -> Vec<&'a str> {
    let atoms = &planned.plan.candidates[candidate as usize].atoms;
    let whole = atoms.iter().map(|at| &planned.facts.atoms[*at]).filter(|atom| atom.symbol.is_none());
    whole.map(|atom| atom.path.as_deref().unwrap_or(&atom.module)).collect()
}

/// Parts of files a candidate takes along.
pub(super) fn parts<'a>(planned: &Planned<'a>, candidate: u32) -> Vec<&'a Atom> {
    let atoms = &planned.plan.candidates[candidate as usize].atoms;
    atoms.iter().map(|at| &planned.facts.atoms[*at]).filter(|atom| atom.path.is_some()).collect()
}

/// Lines of a candidate's code.
pub(super) fn lines(planned: &Planned<'_>, candidate: u32) -> u64 {
    planned.plan.candidates[candidate as usize].atoms.iter().map(|at| u64::from(planned.facts.atoms[*at].lines)).sum()
}

/// Share of a candidate's names that were followed to a table.
pub(super) fn coverage(planned: &Planned<'_>, candidate: u32) -> f64 {
    let atoms = planned.plan.candidates[candidate as usize].atoms.iter().map(|at| &planned.facts.atoms[*at]);
    let (known, open) =
        atoms.fold((0u64, 0u64), |(known, open), atom| (known + u64::from(atom.resolved), open + u64::from(atom.unresolved)));
    if known + open == 0 { 1.0 } else { known as f64 / (known + open) as f64 }
}

/// What makes a candidate hard, the heaviest first, in words.
pub(super) fn difficulties(step: &Step) -> Vec<String> {
    const NOUNS: [(usize, &str); 7] = [
        (6, "distributed unit"),
        (2, "table written on both sides"),
        (8, "cycle edge to cut"),
        (3, "table read across"),
        (5, "join across"),
        (4, "foreign key cut"),
        (7, "outside call in a loop"),
    ];
    let said = NOUNS.iter().filter(|(term, _)| step.terms.values[*term] > 0.0);
    said.map(|(term, noun)| {
        let value = step.terms.values[*term] as usize;
        let unsure = step.terms.unsure[*term];
        let text = match noun.split_once(' ') {
            Some((first, rest)) if value != 1 && *term != 6 => format!("{} {first}s {rest}", number(value)),
            _ => count(value, noun),
        };
        if unsure == 0 { text } else { format!("{text} (+{unsure} unsure)") }
    })
    .map(|text| {
        text.replace("foreigns key", "foreign keys").replace("outsides call", "outside calls").replace("cycles edge", "cycle edges")
    })
    .collect()
}

/// What was done in a candidate in twelve months.
pub(super) fn work(work: Work) -> String {
    let commits = format!("{} in twelve months ({:.0} % of all work)", count(work.commits as usize, "commit"), work.share * 100.0);
    match (work.commits, work.authors) {
        (0, _) => "No commit in twelve months.".to_owned(),
        (_, 1) => format!("{commits}, all of one person."),
        (_, authors) => {
            let most = work.main_author;
            format!(
                "{commits} of {}, {} of whom work on nothing else here; one of them wrote {most} %.",
                count(authors as usize, "person").replace("persons", "people"),
                work.own_authors
            )
        }
    }
}

/// Dependencies in and out, as a reader counts them.
pub(super) fn crossing(step: &Step) -> String {
    let [into, out] = [0, 1].map(|term| step.terms.values[term]);
    format!("{} in, {} out", rounded(into), rounded(out))
}

/// A figure with at most one digit after the point.
pub(super) fn rounded(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Risks of a candidate: a code, how much evidence there is, and a sentence.
pub(super) fn risks(planned: &Planned<'_>, step: &Step) -> Vec<(&'static str, usize, String)> {
    let (facts, plan) = (planned.facts, planned.plan);
    let mut risks = Vec::new();
    let sagas = plan.sagas.iter().filter(|saga| saga.steps.iter().any(|own| own.candidate == step.candidate && !own.writes.is_empty()));
    let explicit = sagas.filter(|saga| saga.explicit).count();
    let mut add = |code, count: usize, text: &str| {
        if count > 0 {
            risks.push((code, count, text.to_owned()));
        }
    };
    add("SAGA-A", explicit, "transactions lose their atomicity");
    add("MULTIWRITE", step.terms.values[2] as usize, "tables are written on both sides");
    let cut = step.terms.evidence[4].iter().filter_map(|row| match row {
        crate::plan::order::Evidence::Key(at) => Some(&facts.keys[*at]),
        _ => None,
    });
    add("NOFK-DIRTY", cut.filter(|key| !key.declared).count(), "keys nobody enforces: count orphan rows first");
    add("LOOP-EXT", step.terms.values[7] as usize, "systems outside are called in loops");
    let candidate = &plan.candidates[step.candidate as usize];
    let own: BTreeSet<usize> = candidate.atoms.iter().copied().collect();
    let held = facts.outside.iter().filter(|call| call.in_transaction && own.contains(&call.atom)).count();
    add("TX-EXT", held, "systems outside are called while a transaction is open");
    let open: usize = candidate.atoms.iter().map(|at| facts.atoms[*at].unresolved as usize).sum();
    add("DYNSQL", open, "statements or tables nobody could follow");
    let one = plan.works.as_ref().map(|works| works[step.candidate as usize]).filter(|work| work.hangs_on_one());
    add("BUS-1", one.map_or(0, |work| work.main_author as usize), "percent of its commits are of one person");
    add(
        "GODTABLE",
        candidate.tables.iter().filter(|table| facts.tables[**table].is_god).count(),
        "tables hold too much at once: split them first",
    );
    add("LOWMARGIN", boundary(planned, step.candidate).count(), "members could as well be elsewhere");
    let untested = facts.has_tests && candidate.atoms.iter().all(|at| !facts.atoms[*at].tested);
    add("NOTEST", if untested { candidate.atoms.len() } else { 0 }, "pieces of code, and no test names any of them");
    let kept = shared_keys(facts, &own);
    add("SESSION", kept.len(), &format!("keys of the session that code elsewhere uses too: {}", list(&kept, KEYS)));
    risks
}

/// Keys of the session that both some of these atoms and others use.
fn shared_keys<'a>(facts: &'a Facts, own: &BTreeSet<usize>) -> Vec<&'a str> {
    let (inside, outside): (Vec<_>, Vec<_>) = facts.session.iter().partition(|kept| own.contains(&kept.atom));
    let outside: BTreeSet<&str> = outside.into_iter().map(|kept| kept.key.as_str()).collect();
    let shared: BTreeSet<&str> = inside.into_iter().map(|kept| kept.key.as_str()).filter(|key| outside.contains(key)).collect();
    shared.into_iter().collect()
}

/// Nodes of a candidate that could as well be elsewhere.
pub(super) fn boundary<'a>(planned: &Planned<'a>, candidate: u32) -> impl Iterator<Item = &'a crate::plan::margins::Margin> {
    let plan = planned.plan;
    plan.margins.iter().filter(move |row| plan.of[row.node as usize] == candidate && row.margin < crate::plan::margins::CLEAR)
}

/// The word for each term in `order[].terms`.
pub(super) const TERMS: [&str; 10] = Terms::NAMES;
