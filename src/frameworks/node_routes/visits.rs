//! What became of entering functions: which are worth another visit.

/// How often one function is entered: a helper registers hundreds of routes, recursion without an end many more.
const MOST_ENTERED: u32 = 3000;

/// How often a function is entered inside itself.
const MOST_OPEN: u32 = 6;

/// After how many visits a function that did nothing to routers is only asked for what it hands back, and after how many
/// that told nothing it is not asked any more. Most of the code behind a route's handler is like that.
const IDLE: u32 = 3;
const SILENT: u32 = 12;

/// What became of entering a function so far.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Visits {
    all: u32,
    /// Visits that are not over yet.
    open: u32,
    /// The last visits in a row that did nothing to routers, and those of them that handed nothing back.
    idle: u32,
    silent: u32,
    /// How deep the shallowest visit was that did not get to the end of everything.
    pub(super) cut_at: Option<u32>,
}

impl Visits {
    /// False where another visit would tell nothing new.
    pub(super) fn may_go_on(self, depth: u32, is_handed: bool) -> bool {
        let is_worth = || self.silent < SILENT && self.cut_at.is_none_or(|cut_at| depth < cut_at);
        self.all < MOST_ENTERED && self.open < MOST_OPEN && (is_handed || is_worth())
    }

    /// With one visit more.
    pub(super) fn begun(self) -> Self {
        Self { all: self.all + 1, open: self.open + 1, ..self }
    }

    /// True where the calls inside have done nothing for a while.
    pub(super) fn is_idle(self) -> bool {
        self.idle >= IDLE
    }

    /// Notes how a visit went.
    pub(super) fn close(&mut self, depth: u32, was_cut: bool, did_something: bool, is_known: bool) {
        self.open -= 1;
        if was_cut {
            self.cut_at = Some(self.cut_at.map_or(depth, |cut_at| cut_at.min(depth)));
            return;
        }
        self.idle = if did_something { 0 } else { self.idle + 1 };
        self.silent = if did_something || is_known { 0 } else { self.silent + 1 };
    }
}
