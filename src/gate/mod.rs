//! The gate: what is new since the baseline, and nothing else. It knows identities, not analyses.

pub mod baseline;
pub mod compare;
pub mod difference;
pub mod older;

#[cfg(test)]
mod tests;

pub use baseline::{Accepted, Baseline, BaselineError};
pub use compare::{New, Renames, Verdict, compare};
