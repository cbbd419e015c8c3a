//! A good order of the nodes, fast: few and light edges point back in it.
//!
//! Eades, Lin and Smyth, "A fast and effective heuristic for the feedback arc set problem" (1993), with weights where
//! the paper counts edges: take away sinks to the end and sources to the front for as long as there are any, then the
//! node whose outgoing weight exceeds its incoming weight by most to the front. Ties go to the smaller node.

use crate::graph::weighted::WeightedGraph;
use std::collections::BTreeSet;

/// What is left of the edges of a node.
#[derive(Clone, Copy, Default)]
struct Rest {
    into: usize,
    out: usize,
    /// Incoming minus outgoing weight.
    surplus: i64,
    placed: bool,
}

/// Who is taken next: sinks, then sources, then the least surplus of incoming weight.
type Rank = (u8, i64, u32);

impl Rest {
    fn rank(&self, node: u32) -> Rank {
        match (self.out, self.into) {
            (0, _) => (0, 0, node),
            (_, 0) => (1, 0, node),
            _ => (2, self.surplus, node),
        }
    }
}

/// All nodes, in an order in which the edges that point back are few and light.
pub(super) fn order(graph: &WeightedGraph) -> Vec<u32> {
    let mut rest = vec![Rest::default(); graph.nodes() as usize];
    for edge in graph.edges() {
        rest[edge.from as usize].out += 1;
        rest[edge.from as usize].surplus -= edge.weight;
        rest[edge.to as usize].into += 1;
        rest[edge.to as usize].surplus += edge.weight;
    }
    let mut queue: BTreeSet<Rank> = rest.iter().zip(0..).map(|(rest, node)| rest.rank(node)).collect();
    let (mut front, mut back) = (Vec::new(), Vec::new());
    while let Some((kind, _, node)) = queue.pop_first() {
        if kind == 0 {
            back.push(node)
        } else {
            front.push(node)
        }
        rest[node as usize].placed = true;
        for edge in graph.successors(node) {
            change(&mut queue, &mut rest, edge.to, |rest| {
                rest.into -= 1;
                rest.surplus -= edge.weight;
            });
        }
        for edge in graph.predecessors(node) {
            change(&mut queue, &mut rest, edge.from, |rest| {
                rest.out -= 1;
                rest.surplus += edge.weight;
            });
        }
    }
    front.extend(back.into_iter().rev());
    front
}

/// Takes a neighbour's edge away and puts the neighbour where it then belongs in the queue.
fn change(queue: &mut BTreeSet<Rank>, rest: &mut [Rest], node: u32, apply: impl FnOnce(&mut Rest)) {
    let rest = &mut rest[node as usize];
    if rest.placed {
        return;
    }
    let old = rest.rank(node);
    apply(rest);
    let new = rest.rank(node);
    if new != old {
        queue.remove(&old);
        queue.insert(new);
    }
}

#[cfg(test)]
mod tests {
    use super::order;
    use crate::analyses::cycles::testing::any_graph;
    use crate::analyses::cycles::testing::back_edges;
    use crate::analyses::cycles::testing::graph_of;
    use proptest::prelude::*;

    #[test]
    fn a_graph_without_cycles_keeps_all_edges() {
        let graph = graph_of(4, &[(3, 1, 1), (1, 0, 1), (3, 2, 1), (2, 0, 1)]);
        assert_eq!(order(&graph), [3, 2, 1, 0]);
        assert_eq!(back_edges(&graph, &order(&graph)), []);
    }

    #[test]
    fn weights_decide_not_counts() {
        let graph = graph_of(3, &[(0, 1, 9), (1, 2, 1), (2, 0, 9)]);
        assert_eq!(back_edges(&graph, &order(&graph)), [(1, 2)]);
    }

    proptest! {
        #[test]
        fn every_node_comes_once(graph in any_graph(30, 80)) {
            let mut nodes = order(&graph);
            nodes.sort_unstable();
            prop_assert_eq!(nodes, (0..graph.nodes()).collect::<Vec<u32>>());
        }
    }
}
