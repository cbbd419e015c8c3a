//! Files beside the code that say something about it and are no source: so far, who owns what.

mod codeowners;

pub use codeowners::Owners;
