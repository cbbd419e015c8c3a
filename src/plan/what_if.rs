//! What a plan would cost if something were elsewhere.

use super::Plan;
use super::costs::Costs;
use super::facts::Facts;
use super::metrics::metrics;
use super::order::order;
use super::settings::Settings;

/// A figure that changes.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// What is counted.
    pub figure: String,
    /// How much it is in the plan.
    pub before: f64,
    /// How much it would be.
    pub after: f64,
}

/// Figures that change when some nodes go to a candidate; those that stay as they are, are left out.
#[must_use]
pub fn what_if(facts: &Facts, plan: &Plan, settings: &Settings, nodes: &[usize], to: u32) -> Vec<Change> {
    let mut moved = plan.of.clone();
    nodes.iter().for_each(|node| moved[*node] = to);
    let before = figures(facts, plan, settings, &plan.of);
    let after = figures(facts, plan, settings, &moved);
    let pairs = before.into_iter().zip(after);
    let changed = pairs.filter(|((_, before), (_, after))| libm::round(before * 1000.0) != libm::round(after * 1000.0));
    changed.map(|((figure, before), (_, after))| Change { figure, before, after }).collect()
}

fn figures(facts: &Facts, plan: &Plan, settings: &Settings, of: &[u32]) -> Vec<(String, f64)> {
    let costs = Costs::of(facts, of);
    let metrics = metrics(facts, of, plan.candidates.len());
    let mut figures: Vec<(String, f64)> = [
        ("transactions that become sagas", costs.explicit_units as f64),
        ("other units that write on several sides", costs.implicit_units as f64),
        ("tables written on several sides", costs.tables as f64),
        ("joins across", costs.joins as f64),
        ("foreign keys cut", costs.keys as f64),
        ("share of calls across (ICP)", metrics.icp),
        ("linked pairs across per candidate (IFN)", metrics.ifn),
        ("structural modularity (SM)", metrics.sm),
        ("purity of tables (DTP)", metrics.dtp),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    let names: Vec<String> = plan.candidates.iter().map(|candidate| candidate.name.clone()).collect();
    let mut steps = order(facts, &plan.aside, of, &names, settings).steps;
    steps.sort_by_key(|step| step.candidate);
    figures.extend(steps.iter().map(|step| (format!("difficulty of {}", names[step.candidate as usize]), step.difficulty)));
    figures
}
