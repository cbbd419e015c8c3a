//! The cheapest cut: a set of edges of least weight without which a component has no cycle.
//!
//! A component is taken block by block (blocks.rs). Blocks of at most 20 nodes get the exact answer
//! (exact_order.rs); larger ones the best of several improved orders, and a weight below which no cut can be
//! (packing.rs), so that everyone sees how far from the best the answer can be.

use super::blocks;
use super::exact_order::ExactOrder;
use super::exact_order::MOST_NODES;
use super::greedy_order;
use super::packing;
use super::route::Routes;
use super::sifting::Random;
use super::sifting::Sifting;
use crate::graph::weighted::Edge;
use crate::graph::weighted::WeightedGraph;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// How often a large block is shaken in search of a better order, and how many nodes are thrown each time. Twice as much
/// of either gains about one percent and costs as much again.
const SHAKES: usize = 2000;
const THROWN: usize = 2;

/// How much sifting a large block may cost, in neighbours looked at: about a second. A knot of 860 files takes two thirds
/// of it for all its shakes; only ten times denser ones stop early.
const MOST_LOOKS: usize = 20_000_000;

/// Edges to take away so that no cycle is left; putting any of them back closes one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    /// The edges as (from, to), sorted.
    pub edges: Vec<(u32, u32)>,
    /// What they weigh together, in thousandths.
    pub weight: i64,
    /// True when no lighter cut exists. Where every block has at most 20 nodes, the cut also has the fewest edges of
    /// all cuts of that weight, and of those the first edge list.
    pub proven: bool,
    /// A weight in thousandths that every cut reaches; `weight` itself when proven.
    pub lower_bound: i64,
}

/// Finds cuts, one graph after the other, with memory that is used again.
#[derive(Default)]
pub struct Solver {
    exact: ExactOrder,
    /// Blocks cut before, by their edges: the readings of one tree differ in few edges, so most blocks come again.
    known: FxHashMap<Vec<Edge>, BlockCut>,
}

/// A cut of one block, and a lower bound where the cut is not known to be the best.
type BlockCut = (Vec<(u32, u32)>, Option<i64>);

impl Solver {
    /// The cheapest cut of a graph.
    #[must_use]
    pub fn cheapest_cut(&mut self, graph: &WeightedGraph) -> Cut {
        let mut cut = Cut { edges: Vec::new(), weight: 0, proven: true, lower_bound: 0 };
        for edges in blocks::split(graph) {
            let (block, members) = WeightedGraph::part(&edges);
            let (edges, lower_bound) = match self.known.get(block.edges()) {
                Some(known) => known.clone(),
                None => {
                    let cut = self.cut_block(&block);
                    self.known.insert(block.edges().to_vec(), cut.clone());
                    cut
                }
            };
            let weight = weight_of(&block, &edges);
            cut.weight += weight;
            cut.lower_bound += lower_bound.unwrap_or(weight);
            cut.edges.extend(edges.iter().map(|(from, to)| (members[*from as usize], members[*to as usize])));
        }
        cut.proven = cut.lower_bound == cut.weight;
        cut.edges.sort_unstable();
        cut
    }

    fn cut_block(&mut self, block: &WeightedGraph) -> BlockCut {
        if block.nodes() as usize <= MOST_NODES {
            return (self.exact.cut(block), None);
        }
        let (cut, lower_bound) = cut_large(block);
        let ends = |number: usize| (block.edges()[number].from, block.edges()[number].to);
        (cut.into_iter().map(ends).collect(), Some(lower_bound))
    }
}

/// The numbers of the edges of a good cut, and a weight that every cut reaches.
///
/// The better of two greedy orders, from the front and from the back, is sifted, then shaken again and again; what
/// came out of a shake is kept unless it is heavier. A cut that reaches the bound ends the search.
fn cut_large(block: &WeightedGraph) -> (Vec<usize>, i64) {
    let mut sifting = Sifting::new(block);
    let mut turned = greedy_order::order(&block.reversed());
    turned.reverse();
    sifting.start(&turned);
    sifting.sift();
    let (mut weight, mut order) = (sifting.weight(), sifting.order().to_vec());
    sifting.start(&greedy_order::order(block));
    sifting.sift();
    if sifting.weight() <= weight {
        (weight, order) = (sifting.weight(), sifting.order().to_vec());
    } else {
        sifting.restore(&order, weight);
    }
    let first_bound = packing::lower_bound(block, &sifting.back_edges().collect::<Vec<usize>>());
    let mut random = Random::new();
    for _ in 0..SHAKES {
        if weight == first_bound || sifting.looked() > MOST_LOOKS {
            break;
        }
        sifting.shake(&mut random, THROWN);
        sifting.sift();
        if sifting.weight() <= weight {
            weight = sifting.weight();
            order.copy_from_slice(sifting.order());
        } else {
            sifting.restore(&order, weight);
        }
    }
    let cut = needed(block, sifting.back_edges().collect());
    // Packing starts from the edges of a cut, so the better cut often proves the better bound.
    let bound = packing::lower_bound(block, &cut).max(first_bound);
    (cut, bound)
}

/// Puts back the edges that close no cycle, heaviest first, and returns the others, rising.
fn needed(graph: &WeightedGraph, cut: Vec<usize>) -> Vec<usize> {
    let edges = graph.edges();
    let mut is_cut = vec![false; edges.len()];
    for &number in &cut {
        is_cut[number] = true;
    }
    let mut heaviest_first = cut;
    heaviest_first.sort_by_key(|number| (Reverse(edges[*number].weight), *number));
    let mut routes = Routes::new(graph);
    for number in heaviest_first {
        let edge = edges[number];
        is_cut[number] = routes.find(edge.to, edge.from, usize::MAX, |other| !is_cut[other]).is_some();
    }
    (0..edges.len()).filter(|number| is_cut[*number]).collect()
}

/// What some edges of a graph weigh together.
fn weight_of(graph: &WeightedGraph, cut: &[(u32, u32)]) -> i64 {
    cut.iter().filter_map(|(from, to)| graph.edge(*from, *to)).map(|edge| edge.weight).sum()
}

#[cfg(test)]
mod tests {
    use super::Cut;
    use super::Solver;
    use super::cut_large;
    use super::greedy_order;
    use super::needed;
    use crate::analyses::cycles::exact_order::ExactOrder;
    use crate::analyses::cycles::testing::any_graph;
    use crate::analyses::cycles::testing::back_edges;
    use crate::analyses::cycles::testing::graph_of;
    use crate::analyses::cycles::testing::graph_with;
    use crate::analyses::cycles::testing::is_acyclic;
    use crate::analyses::cycles::testing::left_over;
    use crate::analyses::cycles::testing::weight_of;
    use crate::graph::weighted::WeightedGraph;
    use proptest::prelude::*;

    /// What holds for every cut, proven or not.
    fn check(graph: &WeightedGraph, cut: &Cut) -> Result<(), TestCaseError> {
        prop_assert!(cut.edges.is_sorted());
        prop_assert_eq!(cut.weight, weight_of(graph, &cut.edges));
        prop_assert!(is_acyclic(graph.nodes(), &left_over(graph, &cut.edges)), "a cycle is left");
        for back in &cut.edges {
            let others: Vec<(u32, u32)> = cut.edges.iter().copied().filter(|edge| edge != back).collect();
            prop_assert!(!is_acyclic(graph.nodes(), &left_over(graph, &others)), "{:?} need not be cut", back);
        }
        prop_assert!(cut.lower_bound <= cut.weight);
        prop_assert_eq!(cut.proven, cut.lower_bound == cut.weight);
        let greedy = back_edges(graph, &greedy_order::order(graph));
        prop_assert!(cut.weight <= weight_of(graph, &greedy), "heavier than the greedy order");
        Ok(())
    }

    #[test]
    fn many_small_knots_on_one_hub_are_proven() {
        let rows: Vec<(u32, u32, i64)> = (1..100).flat_map(|node| [(0, node, 2000), (node, 0, 1000)]).collect();
        let cut = Solver::default().cheapest_cut(&graph_of(100, &rows));
        assert!(cut.proven);
        assert_eq!(cut.edges, (1..100).map(|node| (node, 0)).collect::<Vec<(u32, u32)>>());
    }

    #[test]
    fn a_long_ring_loses_its_lightest_edge() {
        let rows: Vec<(u32, u32, i64)> = (0..500).map(|node| (node, (node + 1) % 500, if node == 77 { 1 } else { 5 })).collect();
        let cut = Solver::default().cheapest_cut(&graph_of(500, &rows));
        assert_eq!(cut, Cut { edges: vec![(77, 78)], weight: 1, proven: true, lower_bound: 1 });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn small_cuts_are_sound_and_proven(graph in any_graph(10, 40)) {
            let cut = Solver::default().cheapest_cut(&graph);
            prop_assert!(cut.proven);
            check(&graph, &cut)?;
        }

        #[test]
        fn taking_blocks_apart_changes_nothing(graph in any_graph(10, 22)) {
            prop_assert_eq!(Solver::default().cheapest_cut(&graph).edges, ExactOrder::default().cut(&graph));
        }

        #[test]
        fn edges_that_need_not_be_cut_are_put_back(graph in any_graph(9, 30)) {
            // In name order many edges point back that close no cycle.
            let points_back = |number: &usize| graph.edges()[*number].from > graph.edges()[*number].to;
            let kept = needed(&graph, (0..graph.edges().len()).filter(points_back).collect());
            let edges: Vec<(u32, u32)> = kept.iter().map(|number| (graph.edges()[*number].from, graph.edges()[*number].to)).collect();
            prop_assert!(is_acyclic(graph.nodes(), &left_over(&graph, &edges)));
            for back in &edges {
                let others: Vec<(u32, u32)> = edges.iter().copied().filter(|edge| edge != back).collect();
                prop_assert!(!is_acyclic(graph.nodes(), &left_over(&graph, &others)));
            }
        }

        #[test]
        fn the_search_for_large_blocks_is_sound_on_small_ones(graph in any_graph(9, 30)) {
            let (cut, bound) = cut_large(&graph);
            let weight: i64 = cut.iter().map(|number| graph.edges()[*number].weight).sum();
            let least = weight_of(&graph, &ExactOrder::default().cut(&graph));
            prop_assert!(bound <= least && least <= weight, "{} {} {}", bound, least, weight);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn large_cuts_are_sound(
            graph in (21..=30_u32, 1..3000_i64).prop_flat_map(|(nodes, heaviest)| graph_with(nodes, 40..=160, heaviest))
        ) {
            check(&graph, &Solver::default().cheapest_cut(&graph))?;
        }
    }
}
