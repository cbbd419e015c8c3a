//! The numbers a plan depends on, all in one place. Their defaults are PLAN.md's: guesses, to be calibrated.

/// How much each kind of evidence binds two nodes (PLAN.md B.3).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Binding {
    /// A write of a table, before its count and the table's hub factor.
    pub write: f64,
    /// Reads of a table.
    pub read: f64,
    /// The owner of a table.
    pub owner: f64,
    /// Two tables written in one unit.
    pub write_write: f64,
    /// One written and one read in one unit.
    pub write_read: f64,
    /// Two read in one unit.
    pub read_read: f64,
    /// What a unit counts that no transaction holds together.
    pub implicit: f64,
    /// A foreign key.
    pub key: f64,
    /// A join without a foreign key.
    pub join: f64,
    /// A word that names of tables share; times the mean weight between tables.
    pub names: f64,
    /// Two atoms that answer addresses with the same beginning, alone; shared among more of them like a word of names.
    pub prefix: f64,
    /// Two atoms that always change together.
    pub co_change: f64,
    /// A dependency between atoms that the same people answer for, beside what it counts by itself.
    pub same_owner: f64,
}

impl Default for Binding {
    fn default() -> Self {
        Self {
            write: 4.0,
            read: 1.0,
            owner: 6.0,
            write_write: 10.0,
            write_read: 3.0,
            read_read: 1.0,
            implicit: 0.5,
            key: 3.0,
            join: 2.0,
            names: 1.0,
            prefix: 2.0,
            co_change: 2.0,
            same_owner: 0.5,
        }
    }
}

/// What makes a candidate hard to take out (PLAN.md C), in the order of [`Terms::NAMES`](super::order::Terms::NAMES).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Difficulty {
    /// The factor of each term.
    pub factors: [f64; 10],
    /// What a dependency counts whose other end is out already.
    pub extracted: f64,
}

impl Default for Difficulty {
    fn default() -> Self {
        Self { factors: [1.0, 1.0, 5.0, 2.0, 1.0, 2.0, 8.0, 0.5, 3.0, 1.0], extracted: 0.3 }
    }
}

/// What makes it worth taking out.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Benefit {
    /// Measured slowness.
    pub pain: f64,
    /// How much of the work of twelve months happens there.
    pub churn: f64,
    /// How much of its team works nowhere else.
    pub team: f64,
}

impl Default for Benefit {
    fn default() -> Self {
        Self { pain: 2.0, churn: 1.0, team: 1.0 }
    }
}

/// Everything that can be set.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Settings {
    /// How evidence binds.
    pub binding: Binding,
    /// What makes a candidate difficult.
    pub difficulty: Difficulty,
    /// What makes it worth it.
    pub benefit: Benefit,
    /// How many candidates are wanted: at least and at most.
    pub services: Option<(usize, usize)>,
}
