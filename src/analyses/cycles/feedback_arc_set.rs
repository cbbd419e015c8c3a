//! The cheapest cut: a set of edges of least weight without which a component has no cycle.
//!
//! A component is taken block by block ([`super::blocks`]). Blocks of at most 20 nodes get the exact answer
//! ([`super::exact_order`]); larger ones the best of several improved orders, and a weight below which no cut can be
//! ([`super::packing`]), so that everyone sees how far from the best the answer can be.

use super::blocks;
use super::exact_order::ExactOrder;
use super::exact_order::MOST_NODES;
use super::greedy_order;
use super::packing;
use super::route::Routes;
use super::sifting::Sifting;
use crate::graph::weighted::WeightedGraph;
use std::cmp::Reverse;

/// Where the sequence that shakes orders starts; fixed, so that every run gives the same answer.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

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
}

impl Solver {
    /// The cheapest cut of a graph.
    #[must_use]
    pub fn cheapest_cut(&mut self, graph: &WeightedGraph) -> Cut {
        let mut cut = Cut { edges: Vec::new(), weight: 0, proven: true, lower_bound: 0 };
        for edges in blocks::split(graph) {
            let (block, members) = WeightedGraph::part(&edges);
            let (edges, lower_bound) = self.cut_block(&block);
            let weight = weight_of(&block, &edges);
            cut.weight += weight;
            cut.lower_bound += lower_bound.unwrap_or(weight);
            cut.edges.extend(edges.iter().map(|(from, to)| (members[*from as usize], members[*to as usize])));
        }
        cut.proven = cut.lower_bound == cut.weight;
        cut.edges.sort_unstable();
        cut
    }

    /// A cut of one block, and a lower bound where the cut is not known to be the best.
    fn cut_block(&mut self, block: &WeightedGraph) -> (Vec<(u32, u32)>, Option<i64>) {
        if block.nodes() as usize <= tune("EXACT", MOST_NODES) {
            return (self.exact.cut(block), None);
        }
        let cut = self.cut_large(block);
        let bound = packing::lower_bound(block, &cut);
        let ends = |number: usize| (block.edges()[number].from, block.edges()[number].to);
        (cut.into_iter().map(ends).collect(), Some(bound))
    }

    /// The numbers of the edges of a good cut: the best that several improved orders leave.
    fn cut_large(&mut self, block: &WeightedGraph) -> Vec<usize> {
        let mut sifting = Sifting::new(block);
        let mut turned = greedy_order::order(&block.reversed());
        turned.reverse();
        let mut best = (i64::MAX, Vec::new());
        for start in [greedy_order::order(block), turned] {
            sifting.start(&start);
            self.improve(&mut sifting);
            let weight = sifting.weight();
            if weight < best.0 {
                best = (weight, sifting.order().to_vec());
            }
        }
        let mut random = SEED;
        for _ in 0..tune("ROUNDS", 60000) / block.edges().len() {
            sifting.start(&best.1);
            sifting.shake(&mut random, tune("MOVES", 4));
            self.improve(&mut sifting);
            let weight = sifting.weight();
            if weight <= best.0 {
                best = (weight, sifting.order().to_vec());
            }
        }
        sifting.start(&best.1);
        needed(block, sifting.back_edges().collect())
    }

    fn improve(&mut self, sifting: &mut Sifting<'_>) {
        sifting.sift();
        while tune("WINDOW", 1) == 1 && sifting.sort_stretches(&mut self.exact) {
            sifting.sift();
        }
    }
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

fn weight_of(graph: &WeightedGraph, cut: &[(u32, u32)]) -> i64 {
    cut.iter().filter_map(|(from, to)| graph.edge(*from, *to)).map(|edge| edge.weight).sum()
}
fn tune(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
