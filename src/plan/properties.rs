//! What holds for every plan, whatever the facts.

use super::costs::{NONE, cross_written, distributed_units};
use super::facts::{Access, Atom, Decided, Dependency, Facts, Join, Key, Table, Unit};
use super::settings::Settings;
use super::testing::toy_shop;
use super::{LADDER, plan, stability};
use proptest::prelude::*;
use proptest::sample::subsequence;

const ATOMS: usize = 9;
const TABLES: usize = 7;

fn dependencies() -> impl Strategy<Value = Vec<Dependency>> {
    prop::collection::btree_map((0..ATOMS, 0..ATOMS), 1u32..9, 0..25).prop_map(|rows| {
        let rows = rows.into_iter().filter(|((from, to), _)| from != to);
        rows.map(|((from, to), count)| Dependency { from, to, weight: i64::from(count) * 1000, count, ..Dependency::default() }).collect()
    })
}

fn accesses() -> impl Strategy<Value = Vec<Access>> {
    prop::collection::btree_map((0..ATOMS, 0..TABLES), (0u32..5, 0u32..5), 0..25).prop_map(|rows| {
        let rows = rows.into_iter().filter(|(_, (reads, writes))| reads + writes > 0);
        rows.map(|((atom, table), (reads, writes))| Access { atom, table, reads, writes, ..Access::default() }).collect()
    })
}

fn units() -> impl Strategy<Value = Vec<Unit>> {
    let some_tables = || subsequence((0..TABLES).collect::<Vec<_>>(), 0..4);
    let unit = (0..ATOMS, any::<bool>(), some_tables(), some_tables(), 0..3);
    let unit = unit.prop_map(|(atom, explicit, writes, reads, name)| Unit {
        name: format!("u{name}"),
        atom,
        explicit,
        writes,
        reads,
        ..Unit::default()
    });
    prop::collection::vec(unit, 0..8)
}

fn keys() -> impl Strategy<Value = Vec<Key>> {
    let key = (0..TABLES, 0..TABLES, 60u8..=100);
    let key = key.prop_map(|(from, to, certainty)| Key { from, columns: format!("c{to}"), to, certainty, declared: false, site: None });
    prop::collection::vec(key, 0..8)
}

prop_compose! {
    fn any_facts()(
        dependencies in dependencies(),
        accesses in accesses(),
        units in units(),
        keys in keys(),
        joins in prop::collection::vec((0..ATOMS, subsequence((0..TABLES).collect::<Vec<_>>(), 2..4)), 0..4),
        lines in prop::collection::vec(0u32..5000, ATOMS),
    ) -> Facts {
        let atom = |(at, lines): (usize, u32)| Atom { name: format!("a{at}"), module: format!("a{at}"), lines, ..Atom::default() };
        Facts {
            atoms: lines.into_iter().enumerate().map(atom).collect(),
            tables: (0..TABLES).map(|at| Table { name: format!("t{at}"), defined_by: Some(at), ..Table::default() }).collect(),
            dependencies,
            accesses,
            units,
            keys,
            joins: joins.into_iter().map(|(atom, tables)| Join { atom, tables, count: 1, sites: Vec::new() }).collect(),
            ..Facts::default()
        }
    }
}

fn shuffled(facts: &Facts) -> impl Strategy<Value = Facts> + use<> {
    let facts = facts.clone();
    let lists = (
        Just(facts.dependencies.clone()).prop_shuffle(),
        Just(facts.accesses.clone()).prop_shuffle(),
        Just(facts.units.clone()).prop_shuffle(),
        Just(facts.keys.clone()).prop_shuffle(),
        Just(facts.joins.clone()).prop_shuffle(),
    );
    lists.prop_map(move |(dependencies, accesses, units, keys, joins)| Facts {
        dependencies,
        accesses,
        units,
        keys,
        joins,
        ..facts.clone()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_order_of_facts_changes_nothing((facts, other) in any_facts().prop_flat_map(|facts| { let other = shuffled(&facts); (Just(facts), other) })) {
        prop_assert_eq!(plan(facts, &Settings::default()), plan(other, &Settings::default()));
    }

    #[test]
    fn what_people_want_together_is_together(mut facts in any_facts(), a in 0..ATOMS + TABLES, b in 0..ATOMS + TABLES) {
        facts.wishes.services = vec![Decided { name: "decided".to_owned(), nodes: vec![a, b] }];
        let (_, plan) = plan(facts, &Settings::default());
        prop_assert!(plan.of[a] != NONE && plan.of[a] == plan.of[b]);
        prop_assert_eq!(&plan.candidates[plan.of[a] as usize].name, "decided");
    }

    #[test]
    fn what_people_want_apart_is_apart(mut facts in any_facts(), a in 0..ATOMS + TABLES, b in 0..ATOMS + TABLES) {
        prop_assume!(a != b);
        facts.wishes.apart = vec![(a, b)];
        let (_, plan) = plan(facts, &Settings::default());
        prop_assert!(plan.of[a] == NONE || plan.of[a] != plan.of[b]);
    }

    #[test]
    fn what_shares_a_unit_or_a_written_table_never_leaves_at_once(facts in any_facts()) {
        let (facts, plan) = plan(facts, &Settings::default());
        for row in distributed_units(&facts, &plan.of).into_iter().chain(cross_written(&facts, &plan.of)) {
            for wave in &plan.order.waves {
                let together = wave.iter().filter(|candidate| row.groups.contains(candidate)).count();
                prop_assert!(together < 2, "{:?} and {:?}", row, wave);
            }
        }
    }

    #[test]
    fn everything_has_one_place(facts in any_facts()) {
        let (facts, plan) = plan(facts, &Settings::default());
        let mut seen = vec![0; facts.nodes()];
        for (at, candidate) in plan.candidates.iter().enumerate() {
            let tables = candidate.tables.iter().map(|table| facts.table_node(*table));
            for node in candidate.atoms.iter().copied().chain(tables) {
                seen[node] += 1;
                prop_assert_eq!(plan.of[node] as usize, at);
            }
        }
        for node in &plan.unplaced {
            seen[*node] += 1;
        }
        for (atom, aside) in plan.aside.iter().enumerate() {
            seen[atom] += usize::from(aside.is_some());
        }
        prop_assert!(seen.iter().all(|count| *count == 1), "{:?}", seen);
        let mut order: Vec<u32> = plan.order.steps.iter().map(|step| step.candidate).collect();
        order.sort_unstable();
        prop_assert_eq!(order, (0..plan.candidates.len() as u32).collect::<Vec<_>>());
    }
}

#[test]
fn finer_resolution_never_gives_fewer_groups_of_the_toy() {
    let facts = toy_shop();
    let start = super::Start::of(&facts, &Settings::default());
    let ground = start.ground(&facts);
    let counts: Vec<usize> = (3..40).map(|step| ground.sizes(&ground.groups(step * 100)).len()).collect();
    assert!(counts.windows(2).all(|pair| pair[0] <= pair[1]), "{counts:?}");
    assert!(counts[0] < counts[counts.len() - 1]);
}

#[test]
fn the_toy_stands_when_evidence_is_missing() {
    let (facts, plan) = plan(toy_shop(), &Settings::default());
    let stability = stability::stability(&facts, &plan.of, LADDER[plan.taken], &Settings::default(), stability::RUNS).unwrap();
    assert!((0.7..=1.0).contains(&stability), "{stability}");
    assert_eq!(plan.metrics.stability, Some(stability));
}
