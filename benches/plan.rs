//! How well and how quickly plans divide.
//!
//! `cargo bench --bench plan` clusters a made-up graph of 50,000 nodes and 500,000 edges and tells the CPU time.
//! `cargo bench --bench plan -- FOLDER TRUTH.json [FOLDER TRUTH.json ...]` divides applications whose authors published how
//! they cut them, and holds owners of tables against `services.*.owns_tables` of the truth, beside what simpler methods
//! make of the same weights.
#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::unwrap_used, missing_docs, reason = "a bench tells what it measured")]

use leiden_rs::{GraphDataBuilder, Leiden, LeidenConfig};
use std::collections::BTreeMap;
use std::path::Path;
use unpick::plan::facts::Facts;
use unpick::plan::louvain::cluster;
use unpick::plan::metrics::adjusted_rand_index;
use unpick::plan::network::Network;
use unpick::plan::settings::Settings;
use unpick::plan::{bound, gather, plan};

/// Seeds of Leiden; its mean counts.
const SEEDS: u64 = 10;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if arguments.is_empty() {
        return large();
    }
    let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let cases = arguments.chunks_exact(2);
    let count = cases.len() as f64;
    for case in cases {
        println!("{}", case[0]);
        for (method, (f1, ari)) in compared(Path::new(&case[0]), Path::new(&case[1])) {
            println!("  {method:<22} F1 {f1:.3}  ARI {ari:.3}");
            let sum = sums.entry(method).or_default();
            (sum.0, sum.1) = (sum.0 + f1 / count, sum.1 + ari / count);
        }
    }
    println!("mean");
    for (method, (f1, ari)) in sums {
        println!("  {method:<22} F1 {f1:.3}  ARI {ari:.3}");
    }
}

/// Every method on one application.
fn compared(folder: &Path, truth: &Path) -> Vec<(&'static str, (f64, f64))> {
    let truth: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(truth).unwrap()).unwrap();
    let config = unpick::config::Config::default();
    let project = unpick::pipeline::scan(folder, &config, None, &unpick::pipeline::Silent).unwrap();
    let findings = unpick::analyses::run(&project);
    let (facts, plan) = plan(gather::gather(&project, &findings, &config, &gather::Beside::default()), &Settings::default());
    let owners = owners(&truth);
    let rows: Vec<(usize, u32)> =
        facts.tables.iter().enumerate().filter_map(|(at, table)| Some((at, *owners.get(&table.name.to_lowercase())?))).collect();
    let wanted: Vec<u32> = rows.iter().map(|(_, owner)| *owner).collect();
    let network = bound(&facts, &Settings::default());
    let of_tables = |labels: &[u32]| -> Vec<u32> { rows.iter().map(|(table, _)| labels[facts.table_node(*table)]).collect() };
    let score = |labels: &[u32]| (pairs_f1(&of_tables(labels), &wanted), adjusted_rand_index(&of_tables(labels), &wanted));
    let leiden: Vec<(f64, f64)> = (0..SEEDS).map(|seed| score(&leiden(&network, seed))).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| leiden.iter().map(of).sum::<f64>() / leiden.len() as f64;
    vec![
        ("unpick", score(&plan.of)),
        ("one cluster", score(&vec![0; facts.nodes()])),
        ("each module alone", score(&with_modules(&facts))),
        ("label propagation", score(&label_propagation(&network))),
        ("Leiden, mean of seeds", (mean(|row| row.0), mean(|row| row.1))),
    ]
}

fn owners(truth: &serde_json::Value) -> BTreeMap<String, u32> {
    let services = truth["services"].as_object().unwrap().values();
    let tables = |service: &serde_json::Value| -> Vec<String> {
        service["owns_tables"].as_array().unwrap().iter().map(|table| table.as_str().unwrap().to_lowercase()).collect()
    };
    services.zip(0..).flat_map(|(service, number)| tables(service).into_iter().map(move |table| (table, number))).collect()
}

/// Every module is a service and owns what it uses most.
fn with_modules(facts: &Facts) -> Vec<u32> {
    let mut modules: BTreeMap<&str, u32> = BTreeMap::new();
    let mut labels: Vec<u32> = Vec::new();
    for atom in &facts.atoms {
        let next = modules.len() as u32;
        labels.push(*modules.entry(&atom.module).or_insert(next));
    }
    let owners = unpick::plan::owners::owners(facts);
    let alone = |table: usize| u32::MAX - table as u32;
    labels
        .extend(owners.iter().enumerate().map(|(table, owner)| owner.map_or(alone(table), |owner| labels[owner.atom])).collect::<Vec<_>>());
    labels
}

/// Raghavan, Albert, Kumara (2007), nodes in order, ties to the smaller label.
fn label_propagation(network: &Network) -> Vec<u32> {
    let mut labels: Vec<u32> = (0..network.nodes() as u32).collect();
    for _ in 0..100 {
        let mut changed = false;
        for node in 0..network.nodes() {
            let mut towards: BTreeMap<u32, i64> = BTreeMap::new();
            for (other, weight) in network.neighbours(node) {
                *towards.entry(labels[*other as usize]).or_default() += weight;
            }
            let best = towards.into_iter().max_by_key(|(label, weight)| (*weight, std::cmp::Reverse(*label)));
            if let Some((label, _)) = best.filter(|(label, _)| *label != labels[node]) {
                (labels[node], changed) = (label, true);
            }
        }
        if !changed {
            break;
        }
    }
    labels
}

fn leiden(network: &Network, seed: u64) -> Vec<u32> {
    let mut graph = GraphDataBuilder::new(network.nodes());
    for (a, b, weight) in network.edges().filter(|(a, b, _)| a != b) {
        graph.add_edge(a as usize, b as usize, weight as f64 / 1000.0).unwrap();
    }
    let found = Leiden::new(LeidenConfig { seed: Some(seed), ..LeidenConfig::default() }).run(&graph.build().unwrap()).unwrap();
    found.partition.as_slice().iter().map(|label| *label as u32).collect()
}

/// Pairs of tables that share a service on both sides.
fn pairs_f1(found: &[u32], wanted: &[u32]) -> f64 {
    let (mut both, mut ours, mut theirs) = (0u32, 0u32, 0u32);
    for a in 0..found.len() {
        for b in a + 1..found.len() {
            let (one, other) = (found[a] == found[b], wanted[a] == wanted[b]);
            both += u32::from(one && other);
            ours += u32::from(one);
            theirs += u32::from(other);
        }
    }
    if ours + theirs == 0 { 1.0 } else { f64::from(2 * both) / f64::from(ours + theirs) }
}

/// 50,000 nodes in groups of fifty, 500,000 edges, four of five inside of a group.
fn large() {
    let mut state = 1u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let edges: Vec<(u32, u32, i64)> = (0..500_000)
        .map(|_| {
            let a = next(50_000);
            let b = if next(5) < 4 { a / 50 * 50 + next(50) } else { next(50_000) };
            (a as u32, b as u32, 1000 + next(9000) as i64)
        })
        .collect();
    let started = cpu();
    let network = Network::new(50_000, edges);
    let groups = cluster(&network, 1000, &[]);
    println!("50,000 nodes, 500,000 edges: {} groups in {:.2} s of CPU", groups.count, cpu() - started);
}

/// Seconds of CPU this process has used.
#[cfg(unix)]
fn cpu() -> f64 {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

#[cfg(not(unix))]
fn cpu() -> f64 {
    0.0
}
