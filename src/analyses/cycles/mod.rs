//! Cycles of a weighted graph: which nodes need each other, the shortest proof of it, and the cheapest way out.
//!
//! The algorithms see numbers only and give the same answer whatever order the edges came in; `named` puts names, ids
//! and advice to their answers.

pub mod components;
pub mod feedback_arc_set;
pub mod witness;

mod advice;
mod blocks;
mod exact_order;
mod gated;
mod greedy_order;
mod named;
mod packing;
mod route;
mod sifting;
mod symbols;

pub use feedback_arc_set::Cut;
pub use gated::{GATED, cyclic_edges, edges};
pub use named::cycles;

use crate::graph::weighted::Edge;
use crate::graph::weighted::WeightedGraph;

/// Nodes that all reach each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Component {
    /// The nodes, rising; at least two.
    pub members: Vec<u32>,
    /// How many edges have both ends among the members.
    pub internal_edges: usize,
    /// The shortest cycle, from its smallest node on; of several, the one whose node list comes first. The edge from
    /// the last node back to the first closes it.
    pub shortest_cycle: Vec<u32>,
    /// The cheapest set of edges found that leaves no cycle when they are gone.
    pub cut: Cut,
}

/// Everything about the cycles of a graph, by the first member of each component.
///
/// The paths that show what a cut edge closes are left to [`witness::Paths`]: a large component has thousands of
/// them, and a report prints a few.
#[must_use]
pub fn find(graph: &WeightedGraph) -> Vec<Component> {
    find_with(graph, &mut feedback_arc_set::Solver::default())
}

/// The same with a solver that may have seen a similar graph before.
fn find_with(graph: &WeightedGraph, solver: &mut feedback_arc_set::Solver) -> Vec<Component> {
    components::edges_inside(graph).iter().map(|edges| describe(edges, solver)).collect()
}

/// Answers for one component, worked out on a graph of its own and put back into the numbers of the whole.
fn describe(edges: &[Edge], solver: &mut feedback_arc_set::Solver) -> Component {
    let (graph, members) = WeightedGraph::part(edges);
    let outer = |node: u32| members[node as usize];
    let mut cut = solver.cheapest_cut(&graph);
    for (from, to) in &mut cut.edges {
        (*from, *to) = (outer(*from), outer(*to));
    }
    Component {
        internal_edges: graph.edges().len(),
        shortest_cycle: witness::shortest_cycle(&graph).into_iter().map(outer).collect(),
        cut,
        members,
    }
}

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use super::find;
    use super::testing::any_graph;
    use super::testing::graph_of;
    use crate::graph::weighted::WeightedGraph;
    use proptest::prelude::*;

    /// The shop of ten modules whose cuts were worked out by hand.
    #[test]
    fn the_toy_shop_has_two_knots() {
        let names = ["accounts", "admin", "cart", "catalog", "notifications", "orders", "payments", "reports", "shipping", "utils"];
        let dependencies = "accounts>utils 3, accounts>notifications 1, admin>accounts 1, admin>catalog 1, admin>orders 1, \
            cart>accounts 1, cart>catalog 4, cart>utils 1, catalog>utils 2, notifications>accounts 1, orders>accounts 2, \
            orders>cart 3, orders>catalog 2, orders>notifications 2, orders>payments 4, orders>shipping 1, orders>utils 2, \
            payments>orders 1, payments>utils 1, reports>utils 1, shipping>notifications 1, shipping>orders 3";
        let number = |name: &str| names.iter().position(|known| *known == name).unwrap() as u32;
        let edges: Vec<(u32, u32, i64)> = dependencies
            .split(", ")
            .map(|line| {
                let (ends, count) = line.trim().split_once(' ').unwrap();
                let (from, to) = ends.split_once('>').unwrap();
                (number(from), number(to), count.parse::<i64>().unwrap() * 1000)
            })
            .collect();
        let name = |node: &u32| names[*node as usize];
        let found = find(&graph_of(10, &edges));
        let told: Vec<String> = found
            .iter()
            .map(|component| {
                let members: Vec<&str> = component.members.iter().map(name).collect();
                let cycle: Vec<&str> = component.shortest_cycle.iter().map(name).collect();
                let cut: Vec<String> = component.cut.edges.iter().map(|(from, to)| format!("{}>{}", name(from), name(to))).collect();
                format!(
                    "{} | {} edges | {} | cut {} = {} proven {}",
                    members.join(","),
                    component.internal_edges,
                    cycle.join(">"),
                    cut.join(","),
                    component.cut.weight,
                    component.cut.proven
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "accounts,notifications | 2 edges | accounts>notifications | cut accounts>notifications = 1000 proven true",
                "orders,payments,shipping | 4 edges | orders>payments | cut orders>shipping,payments>orders = 2000 proven true",
            ]
        );
    }

    #[test]
    fn a_graph_without_cycles_has_no_components() {
        assert_eq!(find(&graph_of(3, &[(0, 1, 1), (0, 2, 1), (1, 2, 1)])), []);
        assert_eq!(find(&WeightedGraph::default()), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn the_order_edges_come_in_changes_nothing(
            (graph, shuffled) in any_graph(30, 90).prop_flat_map(|graph| {
                let edges = Just(graph.edges().to_vec()).prop_shuffle();
                (Just(graph), edges)
            })
        ) {
            prop_assert_eq!(find(&WeightedGraph::new(graph.nodes(), shuffled)), find(&graph));
        }
    }
}
