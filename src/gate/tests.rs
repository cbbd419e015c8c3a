//! The gate's promises, over thousands of random graphs.

use super::{Accepted, Baseline, BaselineError, Renames, Verdict, compare};
use crate::analyses::cycles::{cyclic_edges, edges};
use crate::analyses::gated::{Fact, Watched};
use crate::graph::views::{Level, Reading};
use crate::graph::weighted::{Edge, WeightedGraph};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A graph by names, small enough that components are common and large enough that there are several.
type Names = BTreeSet<(u32, u32)>;

fn any_edges() -> impl Strategy<Value = Names> {
    (2u32..14)
        .prop_flat_map(|nodes| proptest::collection::btree_set((0..nodes, 0..nodes).prop_filter("no self loops", |(a, b)| a != b), 1..40))
}

fn look(names: &Names) -> (Vec<Watched>, Vec<Fact>) {
    let graph = WeightedGraph::new(20, names.iter().map(|(from, to)| Edge { from: *from, to: *to, weight: 1000 }).collect());
    let name = |node: u32| format!("m{node:02}");
    (cyclic_edges(&graph, Level::Module, Reading::Runtime, name), edges(&graph, Level::Module, Reading::Runtime, name))
}

fn accept(names: &Names) -> Baseline {
    let (findings, facts) = look(names);
    let findings = findings.into_iter().map(|watched| Accepted { finding: watched.finding, reason: None }).collect();
    Baseline { findings, facts: facts.into_iter().collect() }
}

fn check(before: &Names, after: &Names) -> Verdict {
    let (findings, facts) = look(after);
    let baseline = Baseline::read(&accept(before).write(), "b").expect("what is written can be read");
    compare(&findings, &facts, &baseline, &Renames::new(), &BTreeSet::new(), &BTreeSet::new())
}

/// Which nodes each node reaches.
fn reaches(names: &Names, from: u32, to: u32) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut todo = vec![from];
    while let Some(node) = todo.pop() {
        for (_, next) in names.iter().filter(|(start, _)| *start == node) {
            if seen.insert(*next) {
                todo.push(*next);
            }
        }
    }
    seen.contains(&to)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn removing_edges_or_nodes_is_never_a_finding(before in any_edges(), gone in any::<prop::sample::Index>(), node in 0u32..14) {
        let edge = *gone.get(&before.iter().copied().collect::<Vec<_>>());
        let without_edge: Names = before.iter().copied().filter(|other| *other != edge).collect();
        prop_assert!(check(&before, &without_edge).new.is_empty());
        let without_node: Names = before.iter().copied().filter(|(from, to)| *from != node && *to != node).collect();
        prop_assert!(check(&before, &without_node).new.is_empty());
    }

    #[test]
    fn an_added_edge_is_a_finding_exactly_when_it_closes_a_cycle(before in any_edges(), from in 0u32..14, to in 0u32..14) {
        prop_assume!(from != to && !before.contains(&(from, to)));
        let mut after = before.clone();
        after.insert((from, to));
        let verdict = check(&before, &after);
        let closes = reaches(&before, to, from);
        prop_assert_eq!(verdict.new.len(), usize::from(closes));
        if let Some(new) = verdict.new.first() {
            prop_assert_eq!((&new.finding.from, &new.finding.to), (&format!("m{from:02}"), &format!("m{to:02}")));
            // Effects are old edges that were in no cycle before and are in one now.
            for effect in &new.effects {
                prop_assert!(!accept(&before).findings.iter().any(|known| known.finding == *effect));
            }
            let cyclic = |names: &Names| look(names).0.len();
            prop_assert_eq!(new.effects.len() + 1, cyclic(&after) - cyclic(&before));
        }
    }

    #[test]
    fn every_entry_is_either_known_or_gone(before in any_edges(), after in any_edges()) {
        let verdict = check(&before, &after);
        prop_assert_eq!(verdict.known.len() + verdict.fixed.len() + verdict.stale.len(), accept(&before).findings.len());
    }

    #[test]
    fn a_rename_of_every_node_is_no_finding(before in any_edges(), shift in 1u32..5) {
        let after: Names = before.iter().map(|(from, to)| (from + shift, to + shift)).collect();
        let (findings, facts) = look(&after);
        let renames: Renames = (0..14).map(|node| (("module".to_owned(), format!("m{node:02}")), format!("m{:02}", node + shift))).collect();
        let verdict = compare(&findings, &facts, &accept(&before), &renames, &BTreeSet::new(), &BTreeSet::new());
        prop_assert!(verdict.new.is_empty() && verdict.prunable() == 0);
    }
}

#[test]
fn a_large_baseline_stays_small_and_two_branches_merge() {
    // 412 modules in cycles joined by 1,004 edges.
    let mut names: BTreeSet<(u32, u32)> = (0..412).map(|node| (node, (node + 1) % 412)).collect();
    let mut seed = 7u32;
    while names.len() < 1004 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (from, to) = ((seed >> 16) % 412, (seed >> 4) % 412);
        if from != to {
            names.insert((from, to));
        }
    }
    let name = |node: u32| format!("company.department_{:02}.module_{node:03}", node % 40);
    let graph = WeightedGraph::new(412, names.iter().map(|(from, to)| Edge { from: *from, to: *to, weight: 1000 }).collect());
    let findings = cyclic_edges(&graph, Level::Module, Reading::Runtime, name);
    assert_eq!(findings.len(), 1004);
    let facts = edges(&graph, Level::Module, Reading::Runtime, name).into_iter().collect();
    let baseline =
        Baseline { findings: findings.into_iter().map(|watched| Accepted { finding: watched.finding, reason: None }).collect(), facts };
    let text = baseline.write();
    assert!(text.len() < 200_000, "{} bytes", text.len());
    // Each branch's own line goes between two lines that stay, so a merge by lines has nothing to decide.
    let with = |from: &str| {
        let mut branch = baseline.clone();
        let finding =
            crate::analyses::gated::Finding { from: from.to_owned(), ..branch.findings.first().expect("not empty").finding.clone() };
        branch.findings.insert(Accepted { finding, reason: Some("planned".to_owned()) });
        branch.write()
    };
    let (ours, theirs) = (with("company.a"), with("company.department_20.x"));
    let added = |branch: &str| {
        let old: BTreeSet<&str> = text.lines().collect();
        let new: Vec<usize> = branch.lines().enumerate().filter(|(_, line)| !old.contains(line)).map(|(at, _)| at).collect();
        assert_eq!((new.len(), branch.lines().count()), (1, text.lines().count() + 1));
        new[0]
    };
    assert!(added(&ours).abs_diff(added(&theirs)) > 1);
}

#[test]
fn broken_baselines_are_refused_with_one_sentence() {
    let good = accept(&BTreeSet::from([(0, 1), (1, 0)])).write();
    let error = |text: &str| Baseline::read(text, "unpick.baseline.json").expect_err("must be refused").to_string();
    assert!(error(&good.replace("\"schema_version\": 1", "\"schema_version\": 2")).contains("update unpick"));
    assert!(
        error(&good.replacen("null],", "<<<<<<< HEAD\nnull],", 1)).starts_with("unpick.baseline.json:6: the baseline holds merge conflict")
    );
    assert!(error(&good[..good.len() / 2]).contains("not a baseline unpick can read"));
    assert!(error(&good.replacen("m01", "m07", 1)).contains("does not belong to what its line says"));
    assert!(error("[]").contains("no schema_version"));
    assert!(matches!(Baseline::read("", "b"), Err(BaselineError::Broken { .. })));
}
