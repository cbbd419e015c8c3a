//! What leaves first: benefit over difficulty, one candidate after the other (PLAN.md C).

use super::aside::Aside;
use super::costs::{Labels, NONE, cross_joins, cross_written, cut_keys, distributed_units};
use super::facts::Facts;
use super::settings::{Benefit, Difficulty, Settings};
use super::work::works;
use libm::log1p;
use std::collections::{BTreeMap, BTreeSet};

/// Keys less sure than this, in percent, are told beside a figure and not counted in it.
const SURE_KEY: u8 = 70;
/// A wave holds at most this many.
const WAVE: usize = 3;
/// An order is firm when this many of a hundred changed weights leave it as it is.
pub const FIRM: u32 = 80;

/// A fact behind a figure: an index into the list of facts that is named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Evidence {
    /// A dependency.
    Dependency(usize),
    /// A table.
    Table(usize),
    /// A foreign key.
    Key(usize),
    /// A join.
    Join(usize),
    /// A unit.
    Unit(usize),
    /// A call of a system outside.
    Outside(usize),
    /// An edge of a cheapest cut.
    Cut(usize),
    /// An atom.
    Atom(usize),
}

/// The terms of difficulty of one candidate.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Terms {
    /// What each counts, in the order of [`Terms::NAMES`].
    pub values: [f64; 10],
    /// What is less sure and not counted.
    pub unsure: [u32; 10],
    /// What each rests on.
    pub evidence: [Vec<Evidence>; 10],
}

impl Terms {
    /// What the terms are called. In and out are dependencies across the border; those that lead to a candidate which is out
    /// already count less.
    pub const NAMES: [&'static str; 10] = [
        "dependencies_in",
        "dependencies_out",
        "tables_written_on_both_sides",
        "tables_read_across",
        "foreign_keys",
        "joins",
        "distributed_units",
        "outside_calls_in_loops",
        "cycle_edges",
        "thousand_lines",
    ];

    /// Terms that count by their logarithm.
    const LOGARITHMIC: [bool; 10] = [true, true, false, false, false, false, false, false, false, true];

    fn add(&mut self, term: usize, value: f64, evidence: Evidence) {
        self.values[term] += value;
        self.evidence[term].push(evidence);
    }

    fn difficulty(values: &[f64; 10], factors: &[f64; 10]) -> f64 {
        let terms = values.iter().zip(factors).zip(Self::LOGARITHMIC);
        terms.map(|((value, factor), log)| factor * if log { log1p(*value) } else { *value }).sum()
    }
}

/// One candidate in the order.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// The candidate.
    pub candidate: u32,
    /// What it is worth.
    pub benefit: f64,
    /// What it costs, given what is out already.
    pub difficulty: f64,
    /// One and the benefit, by one and the difficulty.
    pub priority: f64,
    /// Why it is difficult.
    pub terms: Terms,
    /// Of a hundred changed weights, how many leave it before the next one.
    pub firm: u32,
}

/// The order, and what can go at the same time.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Order {
    /// First to last; the last is what the monolith becomes, and its difficulty means nothing.
    pub steps: Vec<Step>,
    /// Candidates that can leave together, without the last.
    pub waves: Vec<Vec<u32>>,
}

/// The order of `names.len()` candidates.
#[must_use]
pub fn order(facts: &Facts, aside: &[Option<Aside>], labels: &Labels, names: &[String], settings: &Settings) -> Order {
    let table = Table::of(facts, aside, labels, names, &settings.benefit);
    let sequence = table.sequence(&settings.difficulty);
    let mut steps: Vec<Step> = Vec::new();
    let mut out = BTreeSet::new();
    for candidate in &sequence {
        let at = *candidate as usize;
        let terms = table.terms(at, &out, settings.difficulty.extracted);
        let difficulty = Terms::difficulty(&terms.values, &settings.difficulty.factors);
        let benefit = table.benefit[at];
        let priority = (1.0 + benefit) / (1.0 + difficulty);
        steps.push(Step { candidate: *candidate, benefit, difficulty, priority, terms, firm: 100 });
        out.insert(*candidate);
    }
    table.say_how_firm(&mut steps, &settings.difficulty);
    let waves = waves(&steps, &shared(facts, labels, names.len()));
    Order { steps, waves }
}

/// Everything the order needs of the candidates; only dependencies change their weight while others leave.
struct Table<'a> {
    names: &'a [String],
    fixed: Vec<Terms>,
    /// Dependencies into each candidate: the index, from which candidate, how many.
    into: Vec<Vec<(usize, u32, f64)>>,
    out_of: Vec<Vec<(usize, u32, f64)>>,
    benefit: Vec<f64>,
}

impl<'a> Table<'a> {
    fn of(facts: &Facts, aside: &[Option<Aside>], labels: &Labels, names: &'a [String], benefit: &Benefit) -> Self {
        let mut table = Self {
            names,
            fixed: vec![Terms::default(); names.len()],
            into: vec![Vec::new(); names.len()],
            out_of: vec![Vec::new(); names.len()],
            benefit: vec![0.0; names.len()],
        };
        table.dependencies(facts, aside, labels);
        table.tables(facts, labels);
        table.spanning(facts, labels);
        table.own(facts, labels, benefit);
        table
    }

    fn dependencies(&mut self, facts: &Facts, aside: &[Option<Aside>], labels: &Labels) {
        let library = |atom: usize| aside[atom] == Some(Aside::Utility);
        for (at, row) in facts.dependencies.iter().enumerate().filter(|(_, row)| !library(row.from) && !library(row.to)) {
            let (from, to) = (labels[row.from], labels[row.to]);
            if from == to {
                continue;
            }
            if to != NONE {
                self.into[to as usize].push((at, from, f64::from(row.count)));
            }
            if from != NONE {
                self.out_of[from as usize].push((at, to, f64::from(row.count)));
            }
        }
        for (at, (from, to)) in facts.cheapest_cuts.iter().enumerate().filter(|(_, (from, to))| labels[*from] != labels[*to]) {
            for side in [labels[*from], labels[*to]].into_iter().filter(|side| *side != NONE) {
                self.fixed[side as usize].add(8, 1.0, Evidence::Cut(at));
            }
        }
    }

    /// Tables that are used on both sides of a border: written on both, or else only read across it.
    fn tables(&mut self, facts: &Facts, labels: &Labels) {
        let mut writers = vec![BTreeSet::new(); facts.tables.len()];
        let mut users: Vec<BTreeSet<u32>> =
            (0..facts.tables.len()).map(|table| BTreeSet::from([labels[facts.table_node(table)]])).collect();
        for access in &facts.accesses {
            users[access.table].insert(labels[access.atom]);
            if access.writes > 0 {
                writers[access.table].insert(labels[access.atom]);
            }
        }
        for table in 0..facts.tables.len() {
            for candidate in users[table].iter().filter(|candidate| **candidate != NONE && users[table].len() > 1) {
                let both = writers[table].contains(candidate) && writers[table].len() > 1;
                self.fixed[*candidate as usize].add(if both { 2 } else { 3 }, 1.0, Evidence::Table(table));
            }
        }
    }

    fn spanning(&mut self, facts: &Facts, labels: &Labels) {
        for at in cut_keys(facts, labels) {
            let key = &facts.keys[at];
            for side in [key.from, key.to].map(|table| labels[facts.table_node(table)] as usize) {
                if key.certainty >= SURE_KEY {
                    self.fixed[side].add(4, 1.0, Evidence::Key(at));
                } else {
                    self.fixed[side].unsure[4] += 1;
                }
            }
        }
        for join in cross_joins(facts, labels) {
            for group in join.groups {
                self.fixed[group as usize].add(5, 1.0, Evidence::Join(join.fact));
            }
        }
        for unit in distributed_units(facts, labels) {
            for group in unit.groups {
                self.fixed[group as usize].add(6, 1.0, Evidence::Unit(unit.fact));
            }
        }
        for (at, call) in facts.outside.iter().enumerate().filter(|(_, call)| call.in_loop && labels[call.atom] != NONE) {
            self.fixed[labels[call.atom] as usize].add(7, 1.0, Evidence::Outside(at));
        }
    }

    fn own(&mut self, facts: &Facts, labels: &Labels, benefit: &Benefit) {
        for (at, atom) in facts.atoms.iter().enumerate().filter(|(at, _)| labels[*at] != NONE) {
            let candidate = labels[at] as usize;
            self.fixed[candidate].add(9, f64::from(atom.lines) / 1000.0, Evidence::Atom(at));
            self.benefit[candidate] += benefit.pain * atom.pain + benefit.churn * atom.churn;
        }
        for (own, work) in self.benefit.iter_mut().zip(works(facts, labels, self.names.len()).into_iter().flatten()) {
            *own += benefit.team * work.team();
        }
    }

    fn across(rows: &[(usize, u32, f64)], out: &BTreeSet<u32>, extracted: f64) -> f64 {
        rows.iter()
            .map(|(_, other, count)| if out.contains(other) { extracted * count } else { *count })
            .fold(0.0, |sum, count| sum + count)
    }

    fn values(&self, at: usize, out: &BTreeSet<u32>, extracted: f64) -> [f64; 10] {
        let mut values = self.fixed[at].values;
        values[0] = Self::across(&self.into[at], out, extracted);
        values[1] = Self::across(&self.out_of[at], out, extracted);
        values
    }

    fn terms(&self, at: usize, out: &BTreeSet<u32>, extracted: f64) -> Terms {
        let mut terms = self.fixed[at].clone();
        terms.values = self.values(at, out, extracted);
        terms.evidence[0] = self.into[at].iter().map(|(row, ..)| Evidence::Dependency(*row)).collect();
        terms.evidence[1] = self.out_of[at].iter().map(|(row, ..)| Evidence::Dependency(*row)).collect();
        terms
    }

    /// Takes out the candidate of highest priority again and again; of equal ones the first by name.
    fn sequence(&self, difficulty: &Difficulty) -> Vec<u32> {
        let mut left: Vec<u32> = (0..self.names.len() as u32).collect();
        left.sort_by_key(|candidate| &self.names[*candidate as usize]);
        let mut out = BTreeSet::new();
        let mut sequence = Vec::new();
        while !left.is_empty() {
            let mut best = (0, f64::MIN);
            for (place, candidate) in left.iter().enumerate() {
                let values = self.values(*candidate as usize, &out, difficulty.extracted);
                let priority = (1.0 + self.benefit[*candidate as usize]) / (1.0 + Terms::difficulty(&values, &difficulty.factors));
                if priority > best.1 {
                    best = (place, priority);
                }
            }
            let next = left.remove(best.0);
            out.insert(next);
            sequence.push(next);
        }
        sequence
    }

    /// Halves and doubles every weight in turn and sees which neighbours keep their order.
    fn say_how_firm(&self, steps: &mut [Step], difficulty: &Difficulty) {
        let mut tried = 0;
        let mut kept = vec![0u32; steps.len()];
        for term in 0..difficulty.factors.len() {
            for factor in [0.5, 2.0] {
                let mut changed = *difficulty;
                changed.factors[term] *= factor;
                let sequence = self.sequence(&changed);
                let place: BTreeMap<u32, usize> = sequence.into_iter().enumerate().map(|(place, candidate)| (candidate, place)).collect();
                tried += 1;
                for (at, pair) in steps.windows(2).enumerate() {
                    kept[at] += u32::from(place[&pair[0].candidate] < place[&pair[1].candidate]);
                }
            }
        }
        let last = steps.len().saturating_sub(1);
        for (step, kept) in steps[..last].iter_mut().zip(kept) {
            step.firm = kept * 100 / tried;
        }
    }
}

/// For every candidate those it shares a unit or a written table with.
fn shared(facts: &Facts, labels: &Labels, count: usize) -> Vec<BTreeSet<u32>> {
    let mut shared = vec![BTreeSet::new(); count];
    for row in distributed_units(facts, labels).into_iter().chain(cross_written(facts, labels)) {
        for one in &row.groups {
            shared[*one as usize].extend(row.groups.iter().filter(|other| *other != one));
        }
    }
    shared
}

/// Candidates that leave together: at most three, none more than twice as difficult as the first, no two that share a unit
/// or a table that several write, so that no two teams split the same thing at once.
fn waves(steps: &[Step], shared: &[BTreeSet<u32>]) -> Vec<Vec<u32>> {
    let mut waves: Vec<Vec<&Step>> = Vec::new();
    for step in &steps[..steps.len().saturating_sub(1)] {
        let fits = waves.last().is_some_and(|wave: &Vec<&Step>| {
            let apart = wave.iter().all(|other| !shared[step.candidate as usize].contains(&other.candidate));
            wave.len() < WAVE && step.difficulty <= 2.0 * wave[0].difficulty && apart
        });
        match waves.last_mut().filter(|_| fits) {
            Some(wave) => wave.push(step),
            None => waves.push(vec![step]),
        }
    }
    waves.into_iter().map(|wave| wave.into_iter().map(|step| step.candidate).collect()).collect()
}
