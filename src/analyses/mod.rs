//! What can be said about a finished graph, one question per module.

pub mod cycles;
