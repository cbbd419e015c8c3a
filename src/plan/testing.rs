//! Facts for tests, read from graphs with a known answer.
#![allow(clippy::disallowed_methods, reason = "tests read documents of the project itself")]

use super::facts::{Access, Atom, Dependency, Facts, Join, Key, Outside, Table, Unit};
use crate::analyses::cycles;
use crate::graph::weighted::{Edge, WeightedGraph};
use serde_json::Value;
use std::collections::BTreeMap;

/// A document of `testdata/plan/`.
pub(super) fn document(name: &str) -> Value {
    let path = format!("{}/testdata/plan/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn place(names: &[String], wanted: &Value) -> usize {
    names.iter().position(|name| name == wanted.as_str().unwrap()).unwrap()
}

/// The shop that was worked out by hand.
pub(super) fn toy_shop() -> Facts {
    let graph = document("toy-shop.json");
    let (modules, tables) = (texts(&graph["modules"]), texts(&graph["tables"]));
    let mut facts = Facts { atoms: atoms(&graph, &modules), tables: Vec::new(), ..Facts::default() };
    for table in &tables {
        let defined_by = Some(place(&modules, &graph["defines"][table]));
        facts.tables.push(Table { name: table.clone(), defined_by, ..Table::default() });
    }
    for row in graph["deps"].as_array().unwrap() {
        let count = row[2].as_u64().unwrap() as u32;
        let (from, to) = (place(&modules, &row[0]), place(&modules, &row[1]));
        facts.dependencies.push(Dependency { from, to, weight: i64::from(count) * 1000, count, ..Dependency::default() });
    }
    facts.accesses = accesses(&graph, &modules, &tables);
    for row in graph["units"].as_array().unwrap() {
        let all = |key: &str| row[key].as_array().unwrap().iter().map(|table| place(&tables, table)).collect();
        facts.units.push(Unit {
            name: row["name"].as_str().unwrap().to_owned(),
            atom: place(&modules, &row["module"]),
            explicit: row["tx"].as_bool().unwrap(),
            writes: all("w"),
            reads: all("r"),
            ..Unit::default()
        });
    }
    for row in graph["fks"].as_array().unwrap() {
        let certainty = (row[3].as_f64().unwrap() * 100.0).round() as u8;
        let columns = row[1].as_str().unwrap().to_owned();
        facts.keys.push(Key {
            from: place(&tables, &row[0]),
            columns,
            to: place(&tables, &row[2]),
            certainty,
            declared: false,
            site: None,
        });
    }
    for row in graph["joins"].as_array().unwrap() {
        let named = row["tables"].as_array().unwrap().iter().map(|table| place(&tables, table)).collect();
        facts.joins.push(Join { atom: place(&modules, &row["module"]), tables: named, count: 1, sites: Vec::new() });
    }
    for row in graph["externals"].as_array().unwrap() {
        let in_loop = row["loop"].as_bool().unwrap_or(false);
        let name = row["name"].as_str().unwrap().to_owned();
        facts.outside.push(Outside { name, atom: place(&modules, &row["module"]), in_loop, ..Outside::default() });
    }
    facts.cheapest_cuts = cycles::find(&weighted(&facts))
        .into_iter()
        .flat_map(|component| component.cut.edges)
        .map(|(from, to)| (from as usize, to as usize))
        .collect();
    facts
}

/// Dependencies as the graph that cycles are found in.
pub(super) fn weighted(facts: &Facts) -> WeightedGraph {
    let edges = facts.dependencies.iter().map(|row| Edge { from: row.from as u32, to: row.to as u32, weight: row.weight });
    WeightedGraph::new(facts.atoms.len() as u32, edges.collect())
}

fn atoms(graph: &Value, modules: &[String]) -> Vec<Atom> {
    let routed = texts(&graph["routes"]);
    let atom = |name: &String| Atom {
        name: name.clone(),
        module: name.clone(),
        lines: graph["kloc"][name].as_u64().unwrap() as u32 * 1000,
        route_prefixes: routed.iter().filter(|routed| *routed == name).cloned().collect(),
        churn: graph["churn"][name].as_f64().unwrap_or(0.0),
        pain: graph["pain"][name].as_f64().unwrap_or(0.0),
        ..Atom::default()
    };
    modules.iter().map(atom).collect()
}

fn accesses(graph: &Value, modules: &[String], tables: &[String]) -> Vec<Access> {
    let mut counts: BTreeMap<(usize, usize), (u32, u32)> = BTreeMap::new();
    for row in graph["reads"].as_array().unwrap() {
        counts.entry((place(modules, &row[0]), place(tables, &row[1]))).or_default().0 = row[2].as_u64().unwrap() as u32;
    }
    for row in graph["writes"].as_array().unwrap() {
        counts.entry((place(modules, &row[0]), place(tables, &row[1]))).or_default().1 = row[2].as_u64().unwrap() as u32;
    }
    let rows = counts.into_iter();
    rows.map(|((atom, table), (reads, writes))| Access { atom, table, reads, writes, ..Access::default() }).collect()
}

/// Entities and the functionalities that use them, and the service that experts put each entity into.
pub(super) fn ldod() -> (Facts, Vec<u32>) {
    let graph = document("ldod.json");
    let mut service: BTreeMap<String, u32> = BTreeMap::new();
    for (at, entities) in (0u32..).zip(graph["services"].as_object().unwrap().values()) {
        service.extend(texts(entities).into_iter().map(|entity| (entity, at)));
    }
    let names: Vec<String> = service.keys().cloned().collect();
    let mut facts = Facts { atoms: vec![Atom { name: "all".to_owned(), ..Atom::default() }], ..Facts::default() };
    facts.tables = names.iter().map(|name| Table { name: name.clone(), ..Table::default() }).collect();
    for row in graph["units"].as_array().unwrap() {
        let all = |key: &str| row[key].as_array().unwrap().iter().map(|table| place(&names, table)).collect();
        let name = row["name"].as_str().unwrap().to_owned();
        facts.units.push(Unit { name, atom: 0, explicit: true, writes: all("w"), reads: all("r"), ..Unit::default() });
    }
    (facts, service.into_values().collect())
}
