//! How much is looked at for one route: code that goes round in circles, or is made to, ends here.

use std::cell::Cell;

/// Expressions that are looked at for one route or class; what lies beyond stays open.
const MOST: u32 = 4_000;

/// Expressions inside each other; each takes a few frames of the stack.
const DEEPEST: u32 = 120;

/// Counts expressions.
#[derive(Debug, Default)]
pub(super) struct Steps {
    left: Cell<u32>,
    depth: Cell<u32>,
}

/// One expression is being looked at.
pub(super) struct Inside<'a>(&'a Cell<u32>);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Steps {
    /// Starts with the next route or class.
    pub(super) fn begin(&self) {
        self.left.set(MOST);
    }

    /// Leave to look at one more expression; none where enough were looked at.
    pub(super) fn go_on(&self) -> Option<Inside<'_>> {
        self.left.set(self.left.get().checked_sub(1)?);
        if self.depth.get() >= DEEPEST {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        Some(Inside(&self.depth))
    }
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, Steps};

    #[test]
    fn depth_comes_back_and_steps_do_not() {
        let steps = Steps::default();
        assert!(steps.go_on().is_none(), "nothing has begun");
        steps.begin();
        let held: Vec<_> = (0..DEEPEST).map_while(|_| steps.go_on()).collect();
        assert_eq!(held.len(), DEEPEST as usize);
        assert!(steps.go_on().is_none());
        drop(held);
        assert!(steps.go_on().is_some());
    }
}
