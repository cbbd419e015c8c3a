//! unpick maps a monolith so that people can take it apart.
//!
//! The module list is the pipeline, and data goes one way down it. ARCHITECTURE.md is the map of the house.

pub mod base;
pub mod config;
pub mod facts;
pub mod discover;
pub mod languages;
pub mod sql;
pub mod names;
pub mod frameworks;
pub mod bind;
pub mod graph;
pub mod project;
pub mod evidence;
pub mod history;
pub mod analyses;
pub mod plan;
pub mod contracts;
pub mod gate;
pub mod reports;
pub mod pipeline;
pub mod cli;
