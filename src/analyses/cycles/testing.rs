//! What the tests of this folder share: random graphs, and definitions so plain that they can be trusted.

use crate::graph::weighted::Edge;
use crate::graph::weighted::WeightedGraph;
use proptest::prelude::*;

/// A graph from (from, to, weight) rows.
pub(super) fn graph_of(nodes: u32, rows: &[(u32, u32, i64)]) -> WeightedGraph {
    WeightedGraph::new(nodes, rows.iter().map(|&(from, to, weight)| Edge { from, to, weight }).collect())
}

/// Any graph with 2 to `nodes` nodes and up to `edges` edges.
pub(super) fn any_graph(nodes: u32, edges: usize) -> impl Strategy<Value = WeightedGraph> {
    (2..=nodes, heaviest()).prop_flat_map(move |(nodes, heaviest)| graph_with(nodes, 0..=edges, heaviest))
}

/// The largest weight of a graph: mostly so small that ties are common.
pub(super) fn heaviest() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![1, 2, 3, 1500])
}

/// A graph with a fixed number of nodes.
pub(super) fn graph_with(nodes: u32, edges: std::ops::RangeInclusive<usize>, heaviest: i64) -> impl Strategy<Value = WeightedGraph> {
    prop::collection::vec((0..nodes, 0..nodes, 1..=heaviest), edges).prop_map(move |rows| graph_of(nodes, &rows))
}

/// For each pair of nodes, whether a path of at least one edge leads from the first to the second (Warshall).
pub(super) fn reachability(nodes: u32, edges: &[(u32, u32)]) -> Vec<Vec<bool>> {
    let nodes = nodes as usize;
    let mut reaches = vec![vec![false; nodes]; nodes];
    for (from, to) in edges {
        reaches[*from as usize][*to as usize] = true;
    }
    for middle in 0..nodes {
        for from in 0..nodes {
            for to in 0..nodes {
                reaches[from][to] |= reaches[from][middle] && reaches[middle][to];
            }
        }
    }
    reaches
}

/// The edges of a graph without their weights, less those that are cut.
pub(super) fn left_over(graph: &WeightedGraph, cut: &[(u32, u32)]) -> Vec<(u32, u32)> {
    graph.edges().iter().map(|edge| (edge.from, edge.to)).filter(|edge| !cut.contains(edge)).collect()
}

/// True when no node reaches itself.
pub(super) fn is_acyclic(nodes: u32, edges: &[(u32, u32)]) -> bool {
    let reaches = reachability(nodes, edges);
    (0..nodes as usize).all(|node| !reaches[node][node])
}

/// What a set of edges of a graph weighs together.
pub(super) fn weight_of(graph: &WeightedGraph, cut: &[(u32, u32)]) -> i64 {
    cut.iter().map(|(from, to)| graph.edge(*from, *to).unwrap().weight).sum()
}

/// The edges that point back in an order, sorted.
pub(super) fn back_edges(graph: &WeightedGraph, order: &[u32]) -> Vec<(u32, u32)> {
    let place = |node: u32| order.iter().position(|other| *other == node);
    left_over(graph, &[]).into_iter().filter(|(from, to)| place(*from) > place(*to)).collect()
}
