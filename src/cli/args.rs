//! What was typed.

use clap::{Args as ClapArgs, Parser, Subcommand};
use std::path::PathBuf;

/// Maps a monolith so that people can take it apart.
///
/// Reads a bare checkout (nothing is installed, built or run) and says which modules there are, what depends on what,
/// where the cycles are and where it is cheapest to cut them.
#[derive(Parser)]
#[command(name = "unpick", version, max_term_width = 100)]
pub(super) struct Args {
    /// The command.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Subcommand)]
pub(super) enum Command {
    Map(MapArgs),
}

/// What every scanning command takes.
#[derive(ClapArgs)]
pub(super) struct ScanArgs {
    /// The config to use instead of the nearest unpick.toml in PATH and the folders above it
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// How many threads to use [default: RAYON_NUM_THREADS, or one per core]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(super) threads: Option<usize>,
    /// Exit with 2 when a file could not be read properly
    #[arg(long)]
    pub(super) strict: bool,
    /// No progress and no remarks on stderr
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Accepted for scripts; nothing is cached yet
    #[arg(long)]
    pub(super) no_cache: bool,
}

/// What a drawing or list is narrowed to.
#[derive(ClapArgs)]
pub(super) struct MapArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// text, json, dot or mermaid; NAME=FILE writes a file; may be given several times [default: text]
    #[arg(long, short, value_name = "NAME[=FILE]")]
    pub(super) format: Vec<String>,
    /// Draw modules or files; class adds methods to the JSON map's definitions
    #[arg(long, value_parser = ["module", "file", "class"], default_value = "module")]
    pub(super) level: String,
    /// Draw only what is around this module or file
    #[arg(long, value_name = "NAME")]
    pub(super) focus: Option<String>,
    /// How many steps around the focus to draw
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) depth: usize,
    /// Draw at most this many modules or files, the heaviest first
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = at_least_one)]
    pub(super) top: usize,
    /// Which dependencies to draw
    #[arg(long, value_parser = ["runtime", "load", "all"], default_value = "runtime")]
    pub(super) graph: String,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// A count of at least one.
fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("it must be a whole number".to_owned()),
    }
}
