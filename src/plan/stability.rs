//! How much the plan hangs on single pieces of evidence (PLAN.md D.1): what becomes of it when some are missing.

use super::chance::Chance;
use super::costs::NONE;
use super::facts::Facts;
use super::metrics::adjusted_rand_index;
use super::settings::Settings;

/// How often evidence is taken away to tell how stable a plan is.
pub const RUNS: u64 = 20;
/// How often to compare resolutions with each other.
pub const FEW_RUNS: u64 = 10;
/// A plan that stays this much the same is good enough to be taken as it is.
pub const STABLE: f64 = 0.85;
/// How many pieces of a hundred go each time.
const GONE: u64 = 5;
/// Above this many rows of facts the plan is made once only.
const MOST_ROWS: usize = 200_000;

/// The mean adjusted Rand index between the plan and plans made with evidence missing; none where there is too much of it to
/// plan twenty times, or nothing to divide.
#[must_use]
pub fn stability(facts: &Facts, of: &[u32], resolution: i64, settings: &Settings, runs: u64) -> Option<f64> {
    let placed: Vec<usize> = (0..of.len()).filter(|node| of[*node] != NONE).collect();
    let rows = facts.dependencies.len() + facts.accesses.len() + facts.units.len() + facts.keys.len() + facts.joins.len();
    if placed.is_empty() || rows > MOST_ROWS {
        return None;
    }
    let bare = bare(facts);
    let before: Vec<u32> = placed.iter().map(|node| of[*node]).collect();
    let index = |run: u64| {
        let labels = super::divide(&thinned(&bare, run), settings, resolution);
        let alone = |node: usize| NONE - 1 - node as u32;
        let after: Vec<u32> = placed.iter().map(|node| if labels[*node] == NONE { alone(*node) } else { labels[*node] }).collect();
        adjusted_rand_index(&before, &after)
    };
    Some((0..runs).map(index).sum::<f64>() / runs as f64)
}

/// The facts without their places in the source, which no algorithm looks at.
fn bare(facts: &Facts) -> Facts {
    let mut bare = facts.clone();
    bare.dependencies.iter_mut().for_each(|row| row.uses = Vec::new());
    bare.accesses.iter_mut().for_each(|row| (row.read_sites, row.write_sites) = (Vec::new(), Vec::new()));
    bare.joins.iter_mut().for_each(|row| row.sites = Vec::new());
    bare.tables.iter_mut().for_each(|row| (row.columns, row.primary_key) = (Vec::new(), Vec::new()));
    bare.routes.clear();
    bare.commits.clear();
    bare
}

/// Every piece of evidence goes with the same chance: each line behind a dependency or access, each unit, key and join.
fn thinned(facts: &Facts, run: u64) -> Facts {
    let mut chance = Chance::new(run);
    let mut thin = facts.clone();
    for row in &mut thin.dependencies {
        let kept = left(&mut chance, row.count);
        row.weight = row.weight * i64::from(kept) / i64::from(row.count.max(1));
        row.count = kept;
    }
    for row in &mut thin.accesses {
        (row.reads, row.writes) = (left(&mut chance, row.reads), left(&mut chance, row.writes));
    }
    for row in &mut thin.joins {
        row.count = left(&mut chance, row.count);
    }
    thin.dependencies.retain(|row| row.count > 0);
    thin.accesses.retain(|row| row.reads + row.writes > 0);
    thin.joins.retain(|row| row.count > 0);
    thin.units.retain(|_| chance.keeps(GONE));
    thin.keys.retain(|_| chance.keeps(GONE));
    thin.co_changes.retain(|_| chance.keeps(GONE));
    thin
}

/// How many of some pieces stay.
fn left(chance: &mut Chance, count: u32) -> u32 {
    (0..count).map(|_| u32::from(chance.keeps(GONE))).sum()
}
