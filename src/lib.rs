//! unpick maps a monolith so that people can take it apart.
//!
//! The module list is the pipeline, and data goes one way down it. ARCHITECTURE.md is the map of the house.

pub mod base;
pub mod facts;
pub mod graph;

pub mod analyses;
