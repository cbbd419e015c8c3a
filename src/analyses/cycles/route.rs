//! Some path between two nodes over the edges that are open at the moment, found from both ends at once.
//!
//! Only whether there is one, and that it is short, matters here; [`super::witness`] finds the paths people read.

use crate::graph::weighted::WeightedGraph;

/// Searches one graph again and again without new memory for each search.
pub(super) struct Routes<'a> {
    graph: &'a WeightedGraph,
    /// For each node, the search and the side that met it last.
    met: Vec<(u32, Side)>,
    /// The edge over which that happened.
    over: Vec<u32>,
    searches: u32,
    near: Vec<u32>,
    far: Vec<u32>,
    next: Vec<u32>,
}

/// The end of the path that a search has come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    Goal,
}

impl<'a> Routes<'a> {
    pub(super) fn new(graph: &'a WeightedGraph) -> Self {
        let nodes = graph.nodes() as usize;
        Self {
            graph,
            met: vec![(0, Side::Start); nodes],
            over: vec![0; nodes],
            searches: 0,
            near: Vec::new(),
            far: Vec::new(),
            next: Vec::new(),
        }
    }

    /// The numbers of the edges of a path of at most `most` edges between two different nodes; in no order.
    pub(super) fn find(&mut self, from: u32, to: u32, most: usize, is_open: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        self.searches += 1;
        self.met[from as usize] = (self.searches, Side::Start);
        self.met[to as usize] = (self.searches, Side::Goal);
        for (list, end) in [(&mut self.near, from), (&mut self.far, to)] {
            list.clear();
            list.push(end);
        }
        for _ in 0..most {
            if self.near.is_empty() || self.far.is_empty() {
                return None;
            }
            let side = if self.near.len() <= self.far.len() { Side::Start } else { Side::Goal };
            if let Some(bridge) = self.grow(side, &is_open) {
                return Some(self.path(from, to, bridge));
            }
        }
        None
    }

    /// Takes one side a step further; returns the edge that touches the other side, if one does.
    fn grow(&mut self, side: Side, is_open: &impl Fn(usize) -> bool) -> Option<usize> {
        let (graph, searches) = (self.graph, self.searches);
        let mut next = std::mem::take(&mut self.next);
        next.clear();
        let reached = if side == Side::Start { &self.near } else { &self.far };
        let mut bridge = None;
        'search: for &node in reached {
            let (leaving, entering) = match side {
                Side::Start => (graph.leaving(node), &[][..]),
                Side::Goal => (0..0, graph.entering(node)),
            };
            for number in leaving.chain(entering.iter().map(|number| *number as usize)) {
                if !is_open(number) {
                    continue;
                }
                let edge = graph.edges()[number];
                let other = if side == Side::Start { edge.to } else { edge.from };
                let (search, by) = self.met[other as usize];
                if search != searches {
                    self.met[other as usize] = (searches, side);
                    self.over[other as usize] = number as u32;
                    next.push(other);
                } else if by != side {
                    bridge = Some(number);
                    break 'search;
                }
            }
        }
        self.next = std::mem::replace(if side == Side::Start { &mut self.near } else { &mut self.far }, next);
        bridge
    }

    fn path(&self, from: u32, to: u32, bridge: usize) -> Vec<usize> {
        let edges = self.graph.edges();
        let mut path = vec![bridge];
        let mut node = edges[bridge].from;
        while node != from {
            path.push(self.over[node as usize] as usize);
            node = edges[self.over[node as usize] as usize].from;
        }
        node = edges[bridge].to;
        while node != to {
            path.push(self.over[node as usize] as usize);
            node = edges[self.over[node as usize] as usize].to;
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::Routes;
    use crate::analyses::cycles::testing::any_graph;
    use crate::analyses::cycles::witness::Paths;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn finds_a_path_when_and_only_when_one_is_short_enough(graph in any_graph(9, 20), most in 1..8_usize) {
            let (mut routes, mut paths) = (Routes::new(&graph), Paths::new(&graph));
            for (from, to) in (0..graph.nodes()).flat_map(|from| (0..graph.nodes()).map(move |to| (from, to))) {
                if from == to {
                    continue;
                }
                let shortest = paths.shortest(from, to).map(|path| path.len() - 1);
                let found = routes.find(from, to, most, |_| true);
                prop_assert_eq!(found.is_some(), shortest.is_some_and(|edges| edges <= most));
                let mut steps = found.unwrap_or_default();
                let mut node = from;
                while let Some(step) = steps.iter().position(|number| graph.edges()[*number].from == node) {
                    node = graph.edges()[steps.swap_remove(step)].to;
                }
                prop_assert!(steps.is_empty());
                prop_assert!(node == to || shortest.is_none_or(|edges| edges > most));
            }
        }
    }
}
