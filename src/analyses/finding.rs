//! What the analyses say: cycles with their cheapest cut, and why each cut edge is the one to cut.

use super::externals::System;
use super::gods::Gods;
use super::keys::KeyFindings;
use super::tables::{Family, Split, TableFindings};
use super::units::Unit;
use crate::graph::views::{Level, Reading};

/// A strongly connected component of more than one node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// `level:graph:` and a hash of the member names, so that it stays the same wherever else the tree changes.
    pub id: String,
    /// Files or modules.
    pub level: Level,
    /// Which references count.
    pub reading: Reading,
    /// Node numbers of the level, ascending, which is name order.
    pub members: Vec<u32>,
    /// How many edges join members.
    pub edges: usize,
    /// A shortest cycle, starting at its smallest member; the way back to the start is left out.
    pub shortest: Vec<u32>,
    /// The cheapest set of edges whose removal leaves no cycle, heaviest last.
    pub cut: Vec<CutEdge>,
    /// Sum of the cut's weights, in thousandths.
    pub cut_weight: i64,
    /// True when no cheaper cut exists; otherwise the best found.
    pub proven: bool,
    /// No cut can be cheaper than this, in thousandths.
    pub lower_bound: i64,
}

/// One edge to cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CutEdge {
    /// The node that depends.
    pub from: u32,
    /// The node it depends on.
    pub to: u32,
    /// In thousandths (PLAN.md A.2).
    pub weight: i64,
    /// What to do about it.
    pub advice: Advice,
    /// The advice in one sentence, with the names it is about.
    pub because: String,
    /// Lines of code the advice moves; 0 where it moves none.
    pub lines_to_move: u32,
    /// The way back: a shortest path from `to` to `from`, both included.
    pub way_back: Vec<u32>,
}

/// What kind of change removes an edge; the first that fits, cheapest first (PLAN.md A.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Advice {
    /// It is only seen by the type checker or runs inside functions: nothing needs it when files are loaded.
    Lazy,
    /// What is used needs nothing else of the cycle: it can move to a place both sides may depend on.
    ExtractCommon,
    /// What is used is used by nobody else: it belongs on the other side.
    Move,
    /// Nobody looks at the results: publish an event or take a callback instead.
    Invert,
    /// Both sides hang on each other so much that they are one thing.
    Merge,
    /// None of these: put an interface between them.
    Interface,
}

impl Advice {
    /// Every kind, cheapest first.
    pub const ALL: [Self; 6] = [Self::Lazy, Self::ExtractCommon, Self::Move, Self::Invert, Self::Merge, Self::Interface];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Lazy => "lazy/type-only",
            Self::ExtractCommon => "extract-common",
            Self::Move => "move",
            Self::Invert => "invert",
            Self::Merge => "merge",
            Self::Interface => "interface",
        }
    }
}

/// Everything the analyses say about a project.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Findings {
    /// Worst first within each level and reading: more members, then more edges, then name.
    pub cycles: Vec<Cycle>,
    /// Classes, files and modules that do too much.
    pub gods: Gods,
    /// Who uses which table.
    pub tables: TableFindings,
    /// Transactions, and other work that belongs together.
    pub units: Vec<Unit>,
    /// Systems outside, worst first.
    pub externals: Vec<System>,
    /// Foreign keys that nobody declared.
    pub keys: KeyFindings,
    /// Tables that are one table to whoever thinks about them.
    pub families: Vec<Family>,
    /// Where tables could be split.
    pub splits: Vec<Split>,
}
