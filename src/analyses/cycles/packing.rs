//! A proof that no cut can be lighter than some weight: cycles that have no weight in common.
//!
//! Every cut pays at least once for every cycle. So a cycle is looked for, the lightest weight along it is taken away
//! from all its edges and noted, and so on while a cycle is left; short cycles first, because they use up least.

use super::route::Routes;
use crate::graph::weighted::WeightedGraph;

/// How long the ways back are that each round looks for, in edges.
const ROUNDS: [usize; 6] = [1, 2, 3, 5, 8, usize::MAX];

/// A weight that every cut of the graph reaches. `cut` holds the numbers of edges without which there is no cycle, so
/// each cycle has one of them.
pub(super) fn lower_bound(graph: &WeightedGraph, cut: &[usize]) -> i64 {
    let edges = graph.edges();
    let mut left: Vec<i64> = edges.iter().map(|edge| edge.weight).collect();
    let mut routes = Routes::new(graph);
    let mut bound = 0;
    for most in ROUNDS {
        for &number in cut {
            while left[number] > 0 {
                let back = routes.find(edges[number].to, edges[number].from, most, |other| left[other] > 0);
                let Some(back) = back else { break };
                let lightest = back.iter().map(|other| left[*other]).fold(left[number], i64::min);
                bound += lightest;
                left[number] -= lightest;
                for other in back {
                    left[other] -= lightest;
                }
            }
            if most == usize::MAX {
                // No cycle is left through this edge, and later searches need not follow it.
                left[number] = 0;
            }
        }
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::lower_bound;
    use crate::analyses::cycles::testing::graph_of;

    #[test]
    fn an_edge_pays_for_each_cycle_with_its_own_weight() {
        // Both cycles share 0 -> 1, which is heavy enough for the two of them.
        let graph = graph_of(4, &[(0, 1, 5), (1, 2, 2), (1, 3, 1), (2, 0, 9), (3, 0, 9)]);
        assert_eq!(lower_bound(&graph, &[3, 4]), 3);
        assert_eq!(lower_bound(&graph, &[0]), 3);
    }
}
