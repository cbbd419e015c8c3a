//! What git knows about the scanned tree: commits, an older state of the tree, and what was renamed since.
//!
//! **Read only and nothing is run.** No git program is started, and nothing a repository's own config names (hooks,
//! filters, fsmonitor, external diffs, credential helpers) ever is: the config of the repository is treated as a
//! stranger's whoever owns the files, the machine's and the user's config and `GIT_*` variables are not read, so the same
//! clone gives the same answers everywhere. A repository that belongs to another user opens like any other.
//!
//! The only thing written is the older tree, below the empty folder a caller hands to [`Repository::export`].

mod activity;
mod commit;
mod committers;
mod error;
mod export;
#[cfg(test)]
mod fixture;
pub mod renames;
mod repository;
#[cfg(test)]
mod tests;
mod touching;

pub use activity::{Activity, Change};
pub use commit::Commit;
pub use committers::{Committer, Committers};
pub use error::HistoryError;
pub use export::{Exported, Limits, Skipped};
pub use repository::Repository;
pub use touching::{LastTouch, Unknown};
