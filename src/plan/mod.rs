//! The plan: what leaves the monolith first, and why.
//!
//! Table-anchored deterministic Louvain (PLAN.md B): modules and tables are nodes, evidence binds them, groups of them are
//! service candidates. Everything here works on [`facts::Facts`], a small value that anybody can write down by hand.

pub mod aside;
pub mod bundles;
pub mod candidates;
mod chance;
pub mod costs;
pub mod database;
pub mod division;
pub mod facts;
pub mod gather;
pub mod louvain;
pub mod margins;
pub mod merging;
pub mod metrics;
mod names;
mod naming;
pub mod network;
pub mod order;
pub mod owners;
pub mod sagas;
pub mod settings;
pub mod stability;
pub mod ties;
pub mod what_if;
pub mod work;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use aside::Aside;
use bundles::Bundles;
use candidates::Candidate;
use costs::{Costs, NONE};
use division::Ground;
use facts::Facts;
use margins::Margin;
use merging::{Bond, Merging};
use metrics::Metrics;
use network::Network;
use order::Order;
use owners::Owner;
use settings::Settings;
use ties::Tie;

/// Resolutions that are tried, in thousandths; larger means smaller groups (PLAN.md B.5).
pub const LADDER: [i64; 5] = [500, 700, 1000, 1400, 2000];
/// The one that is taken unless somebody wants another number of services.
const USUAL: usize = 2;

/// One resolution with what comes out of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rung {
    /// In thousandths.
    pub resolution: i64,
    /// How many groups the tables and atoms fall into, before any is split, joined or merged.
    pub groups: usize,
    /// How many candidates come out in the end.
    pub candidates: usize,
    /// What the groups cut.
    pub costs: Costs,
    /// Nothing to choose: one group, or one that holds most of the tables.
    pub worthless: bool,
}

/// Two candidates that could as well be one, and what would go away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// How much they share, and which.
    pub bond: Bond,
    /// Distributed units that would become local.
    pub units: usize,
    /// Tables that would have one writing candidate.
    pub tables: usize,
    /// Foreign keys that would stay.
    pub keys: usize,
    /// Edges of the cheapest cuts that need not be cut.
    pub cycle_edges: usize,
}

/// The plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// By name.
    pub candidates: Vec<Candidate>,
    /// The candidate of every node; [`NONE`] for those that are in none.
    pub of: Vec<u32>,
    /// Why atoms are set aside.
    pub aside: Vec<Option<Aside>>,
    /// Nodes that nothing binds to any other.
    pub unplaced: Vec<usize>,
    /// Who owns each table.
    pub owners: Vec<Option<Owner>>,
    /// What every resolution would give.
    pub rungs: Vec<Rung>,
    /// The resolution that was taken, as an index into `rungs`.
    pub taken: usize,
    /// How much candidates share, most first.
    pub bonds: Vec<Bond>,
    /// Pairs that might as well be one.
    pub proposals: Vec<Proposal>,
    /// How clearly every node belongs where it is.
    pub margins: Vec<Margin>,
    /// Which leaves when.
    pub order: Order,
    /// What was done in each candidate in twelve months, where history is known.
    pub works: Option<Vec<work::Work>>,
    /// Units that become sagas, the most costly first.
    pub sagas: Vec<sagas::Saga>,
    /// What it costs.
    pub costs: Costs,
    /// Figures.
    pub metrics: Metrics,
}

/// Makes the plan. The order of the facts does not matter.
#[must_use]
pub fn plan(mut facts: Facts, settings: &Settings) -> (Facts, Plan) {
    facts.sort();
    let plan = make(&facts, settings);
    (facts, plan)
}

/// What clustering starts from.
struct Start {
    aside: Vec<Option<Aside>>,
    owners: Vec<Option<Owner>>,
    ties: Vec<Tie>,
    network: Network,
    bundles: Bundles,
    bundled: Network,
}

impl Start {
    fn of(facts: &Facts, settings: &Settings) -> Self {
        let aside = aside::set_aside(facts);
        let owners = owners::owners(facts);
        let ties = ties::ties(facts, &aside, &owners, &settings.binding);
        let network = network_of(facts, &ties);
        let bundles = bundles::bundles(facts, &aside, &owners);
        let bundled = network.grouped(bundles.groups.count, &bundles.groups.of);
        Self { aside, owners, ties, network, bundles, bundled }
    }

    fn ground<'a>(&'a self, facts: &'a Facts) -> Ground<'a> {
        Ground { facts, aside: &self.aside, network: &self.network, bundles: &self.bundles, bundled: &self.bundled }
    }
}

/// The group of every node at one resolution, without names and figures.
fn divide(facts: &Facts, settings: &Settings, resolution: i64) -> Vec<u32> {
    let start = Start::of(facts, settings);
    let ground = start.ground(facts);
    ground.candidates(&ground.groups(resolution), resolution)
}

fn make(facts: &Facts, settings: &Settings) -> Plan {
    let start = Start::of(facts, settings);
    let ground = start.ground(facts);
    let (rungs, mut divisions) = ladder(&ground);
    let taken = settled(facts, settings, &rungs, &divisions);
    let (candidates, of) = candidates::candidates(&ground, &divisions.swap_remove(taken));
    let names: Vec<String> = candidates.iter().map(|candidate| candidate.name.clone()).collect();
    let order = order::order(facts, &start.aside, &of, &names, settings);
    let bonds = Merging::new(&ground, &of).bonds();
    let margins = margins::margins(&start.ties, &of);
    let mut metrics = metrics::metrics(facts, &of, candidates.len());
    metrics.mean_margin = margins.iter().map(|row| row.margin).sum::<i64>() as f64 / 1000.0 / margins.len().max(1) as f64;
    metrics.stability = stability::stability(facts, &of, rungs[taken].resolution, settings, stability::RUNS);
    let in_none = |node: &usize| of[*node] == NONE && start.aside.get(*node).is_none_or(Option::is_none);
    let unplaced = (0..facts.nodes()).filter(in_none).collect();
    let costs = Costs::of(facts, &of);
    Plan {
        proposals: proposals(facts, &of, &bonds, costs),
        sagas: sagas::sagas(facts, &of),
        works: work::works(facts, &of, candidates.len()),
        unplaced,
        candidates,
        of,
        owners: start.owners,
        rungs,
        taken,
        bonds,
        margins,
        order,
        costs,
        metrics,
        aside: start.aside,
    }
}

/// What binds atoms and tables, before anything is put together: what other methods can be held against.
#[must_use]
pub fn bound(facts: &Facts, settings: &Settings) -> Network {
    Start::of(facts, settings).network
}

fn network_of(facts: &Facts, ties: &[Tie]) -> Network {
    Network::new(facts.nodes(), ties.iter().map(|tie| (tie.a, tie.b, tie.weight)))
}

/// Every resolution with what comes out of it, and the labels of its candidates.
fn ladder(ground: &Ground<'_>) -> (Vec<Rung>, Vec<Vec<u32>>) {
    let mut rungs = Vec::new();
    let mut divisions = Vec::new();
    for resolution in LADDER {
        let groups = ground.groups(resolution);
        let candidates = ground.candidates(&groups, resolution);
        let sizes = ground.sizes(&groups);
        let largest = ground.sizes(&candidates).values().map(|size| size.tables).max().unwrap_or(0);
        let count = ground.sizes(&candidates).len();
        rungs.push(Rung {
            resolution,
            groups: sizes.len(),
            candidates: count,
            costs: Costs::of(ground.facts, &groups),
            worthless: count < 2 || largest * 100 > ground.facts.tables.len() * merging::MOST_TABLES,
        });
        divisions.push(candidates);
    }
    (rungs, divisions)
}

/// The usual rung, or the one nearest to what is wanted; a worthless one only where there is no other.
fn choose(rungs: &[Rung], wanted: Option<(usize, usize)>) -> usize {
    let off =
        |rung: &Rung| wanted.map_or(0, |(least, most)| least.saturating_sub(rung.candidates).max(rung.candidates.saturating_sub(most)));
    let order = |at: &usize| (off(&rungs[*at]), rungs[*at].worthless, at.abs_diff(USUAL), std::cmp::Reverse(*at));
    (0..rungs.len()).min_by_key(order).expect("the ladder has rungs")
}

/// The rung that is taken. Where nobody wants a number of services, it is the one next to the usual that does not hang on
/// single pieces of evidence, or the one of all that hangs on them least.
fn settled(facts: &Facts, settings: &Settings, rungs: &[Rung], divisions: &[Vec<u32>]) -> usize {
    let first = choose(rungs, settings.services);
    if settings.services.is_some() || rungs[first].worthless {
        return first;
    }
    let mut useful: Vec<usize> = (0..rungs.len()).filter(|at| !rungs[*at].worthless).collect();
    useful.sort_by_key(|at| (at.abs_diff(USUAL), std::cmp::Reverse(*at)));
    let mut best = (first, 0.0);
    for at in useful {
        let found = stability::stability(facts, &divisions[at], rungs[at].resolution, settings, stability::FEW_RUNS);
        let share = found.unwrap_or(0.0);
        if share >= stability::STABLE {
            return at;
        }
        if share > best.1 {
            best = (at, share);
        }
    }
    best.0
}

/// Pairs that share nearly enough to be merged.
fn proposals(facts: &Facts, of: &[u32], bonds: &[Bond], costs: Costs) -> Vec<Proposal> {
    let near = bonds.iter().filter(|bond| bond.rho >= merging::PROPOSED);
    near.map(|bond| {
        let merged: Vec<u32> = of.iter().map(|label| if *label == bond.b { bond.a } else { *label }).collect();
        let after = Costs::of(facts, &merged);
        let crossing = |labels: &[u32]| facts.cheapest_cuts.iter().filter(|(from, to)| labels[*from] != labels[*to]).count();
        Proposal {
            bond: *bond,
            units: costs.units() - after.units(),
            tables: costs.tables - after.tables,
            keys: costs.keys - after.keys,
            cycle_edges: crossing(of) - crossing(&merged),
        }
    })
    .collect()
}
