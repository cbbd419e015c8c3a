//! What was typed.

use super::examples;
use crate::plan::database::Server;
use clap::builder::PossibleValuesParser;
use clap::{Args as ClapArgs, Parser, Subcommand};
use std::path::PathBuf;

/// Maps a monolith so that people can take it apart.
///
/// Reads a bare checkout (nothing is installed, built or run) and says which modules there are, what depends on what,
/// where the cycles are and where it is cheapest to cut them.
#[derive(Parser)]
#[command(name = "unpick", version, max_term_width = 100, after_help = examples::ALL)]
pub(super) struct Args {
    /// The command.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Show the application on one screen, or write it down: modules, dependencies, cycles and where to cut
    #[command(after_help = examples::MAP)]
    Map(MapArgs),
    /// List every cycle, worst first, with the cheapest cut and every line behind it
    #[command(after_help = examples::CYCLES)]
    Cycles(CyclesArgs),
    /// List classes, files and modules that do too much, worst first, with what makes them so
    #[command(after_help = examples::GODS)]
    Gods(ListArgs),
    /// List tables: those that several modules write, those grown into gods, and everything else
    #[command(after_help = examples::TABLES)]
    Tables(TablesArgs),
    /// List the addresses the application answers, with what answers each
    #[command(after_help = examples::ROUTES)]
    Routes(UnresolvedArgs),
    /// List the systems outside that are called, with every place, worst first
    #[command(after_help = examples::EXTERNALS)]
    Externals(UnresolvedArgs),
    /// List events, jobs and messages, with who sends each and who is called for it
    #[command(after_help = examples::MESSAGES)]
    Messages(UnresolvedArgs),
    /// Show what could leave the monolith, in which order, at what cost
    #[command(after_help = examples::PLAN)]
    Plan(PlanArgs),
    /// Write OpenAPI documents of what the application takes and answers, one per candidate or module
    #[command(after_help = examples::CONTRACTS)]
    Contracts(ContractsArgs),
    /// List what the code names and nobody could find
    #[command(after_help = examples::UNRESOLVED)]
    Unresolved(UnresolvedArgs),
    /// Show every line that makes one thing depend on another, or the shortest way around
    #[command(after_help = examples::WHY)]
    Why(WhyArgs),
    /// Fail on what is new since the baseline: cycles, broken rules, gods, writers of a table; and on nothing else
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// Write the baseline of `unpick check`, shrink it, or accept one finding
    #[command(after_help = examples::BASELINE)]
    Baseline(BaselineArgs),
    /// Show what a branch changes in the map: modules, dependencies, cycles, findings
    #[command(after_help = examples::DIFF)]
    Diff(DiffArgs),
    /// Show what was read and what was not: files, source roots, applications, config
    #[command(after_help = examples::DOCTOR)]
    Doctor(DoctorArgs),
    /// Print the JSON Schema of a document
    #[command(after_help = examples::SCHEMA)]
    Schema(SchemaArgs),
    /// Print the completion script of a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
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
    /// Treat foreign keys of schemas and relations of models as unknown, to test how well they are inferred
    #[arg(long)]
    pub(super) ignore_declared_keys: bool,
    /// Accepted for scripts; nothing is cached yet
    #[arg(long)]
    pub(super) no_cache: bool,
}

/// `unpick map`.
#[derive(ClapArgs)]
pub(super) struct MapArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// text, json, dot, mermaid or html; NAME=FILE writes a file; may be given several times [default: text]
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

/// `unpick cycles`.
#[derive(ClapArgs)]
pub(super) struct CyclesArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// Cycles between modules or between files
    #[arg(long, value_parser = ["module", "file"], default_value = "module")]
    pub(super) level: String,
    /// Which dependencies count: at run time, while files are loaded, or all
    #[arg(long, value_parser = ["runtime", "load", "all"], default_value = "runtime")]
    pub(super) graph: String,
    /// How to write the list
    #[arg(long, short, value_parser = ["text", "json"], default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick gods`.
#[derive(ClapArgs)]
pub(super) struct ListArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// Show at most this many of each sort in text; JSON has them all
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = at_least_one)]
    pub(super) top: usize,
    /// How to write the list
    #[arg(long, short, value_parser = ["text", "json"], default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick tables`.
#[derive(ClapArgs)]
pub(super) struct TablesArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// Show at most this many of each sort in text; the others have them all
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = at_least_one)]
    pub(super) top: usize,
    /// How to write the list; sql declares the keys that were inferred, mermaid, dbml and dot draw tables and keys
    #[arg(long, short, value_parser = ["text", "json", "sql", "mermaid", "dbml", "dot"], default_value = "text")]
    pub(super) format: String,
    /// The server that --format sql is for
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Server::ALL.map(Server::word)), default_value = "mysql")]
    pub(super) server: String,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick unresolved`, `unpick routes`.
#[derive(ClapArgs)]
pub(super) struct UnresolvedArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// How to write the list
    #[arg(long, short, value_parser = ["text", "json"], default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// What a plan may know besides the code.
#[derive(ClapArgs)]
pub(super) struct HistoryArgs {
    /// Plan without what git knows: who changed what in the last twelve months, and what changed together
    #[arg(long)]
    pub(super) no_history: bool,
}

/// `unpick plan`.
#[derive(ClapArgs)]
pub(super) struct PlanArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// How many candidates are wanted: 4..8, or 5
    #[arg(long, value_name = "MIN..MAX", value_parser = range)]
    pub(super) services: Option<(usize, usize)>,
    /// Show which figures change when a module, file or table goes elsewhere: "move X to Y"
    #[arg(long, value_name = "MOVE")]
    pub(super) what_if: Option<String>,
    /// text, json, markdown, dot or html; NAME=FILE writes a file
    #[arg(long, short, value_name = "NAME[=FILE]", default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) history: HistoryArgs,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick contracts`.
#[derive(ClapArgs)]
pub(super) struct ContractsArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// The folder for the documents; files in it that unpick did not write, or that were changed since, are never replaced
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// One document for the whole application
    #[arg(long)]
    pub(super) single: bool,
    /// How to write the documents; the index is JSON
    #[arg(long, short, value_parser = PossibleValuesParser::new(crate::reports::contracts::FORMATS), default_value = "yaml")]
    pub(super) format: String,
    /// The version of OpenAPI
    #[arg(long, value_name = "VERSION", value_parser = PossibleValuesParser::new(crate::contracts::Version::WORDS), default_value = "3.1")]
    pub(super) openapi: String,
    #[command(flatten)]
    pub(super) history: HistoryArgs,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick why`.
#[derive(ClapArgs)]
pub(super) struct WhyArgs {
    /// A module, a file (or the end of its path), a class, path:Class, or plan:CANDIDATE/FIGURE
    pub(super) from: String,
    /// Another one; without it, everything around FROM is listed
    pub(super) to: Option<String>,
    /// The folder of the checkout
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) path: PathBuf,
    #[command(flatten)]
    pub(super) history: HistoryArgs,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick check`.
#[derive(ClapArgs)]
pub(super) struct CheckArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// The baseline [default: unpick.baseline.json in PATH]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Hold the code against a plan that `unpick plan --format json` wrote: what is cut, what is left, and 1 for what is new
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "against", "allow_missing", "strict_baseline", "only_changed", "files"])]
    pub(super) plan: Option<PathBuf>,
    /// Compare with the tree of this commit, branch or tag instead of a baseline
    #[arg(long, value_name = "GITREF", conflicts_with_all = ["baseline", "allow_missing", "strict_baseline"])]
    pub(super) against: Option<String>,
    /// Without a baseline, count every finding as new instead of stopping
    #[arg(long)]
    pub(super) allow_missing: bool,
    /// Exit with 1 also when the baseline holds findings that are gone
    #[arg(long)]
    pub(super) strict_baseline: bool,
    /// Show only findings in files that are not the same in this commit [default: HEAD]; everything is analysed and counts
    #[arg(long, value_name = "GITREF", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    pub(super) only_changed: Option<String>,
    /// Show only findings in these files; everything is analysed and counts
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "only_changed")]
    pub(super) files: Vec<PathBuf>,
    /// With --only-changed or --files: exit with 1 for shown findings only
    #[arg(long)]
    pub(super) fail_on_shown: bool,
    /// Gate cycles between modules, files or both; may be given several times [default: module]
    #[arg(long, value_parser = ["module", "file"])]
    pub(super) level: Vec<String>,
    /// Gate run-time, load-time or all dependencies; may be given several times [default: runtime]
    #[arg(long, value_parser = ["runtime", "load", "all"])]
    pub(super) graph: Vec<String>,
    /// How to write the verdict
    #[arg(long, short, value_parser = clap::builder::PossibleValuesParser::new(crate::reports::check::FORMATS.map(|format| format.name)), default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick baseline`.
#[derive(ClapArgs)]
pub(super) struct BaselineArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// The file to write [default: unpick.baseline.json in PATH]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Only take out findings that are gone
    #[arg(long, conflicts_with = "accept")]
    pub(super) prune: bool,
    /// Add the one finding with this id, as `unpick check` prints it
    #[arg(long, value_name = "ID", requires = "reason")]
    pub(super) accept: Option<String>,
    /// Why the finding is accepted
    #[arg(long, value_name = "TEXT", requires = "accept")]
    pub(super) reason: Option<String>,
    /// Cycles between modules, files or both; may be given several times [default: module]
    #[arg(long, value_parser = ["module", "file"])]
    pub(super) level: Vec<String>,
    /// Run-time, load-time or all dependencies; may be given several times [default: runtime]
    #[arg(long, value_parser = ["runtime", "load", "all"])]
    pub(super) graph: Vec<String>,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick diff`.
#[derive(ClapArgs)]
pub(super) struct DiffArgs {
    /// The commit, branch or tag to compare with
    pub(super) base: String,
    /// Another one; without it, the working tree is looked at
    pub(super) head: Option<String>,
    /// The folder of the checkout
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) path: PathBuf,
    /// Modules or files
    #[arg(long, value_parser = ["module", "file"], default_value = "module")]
    pub(super) level: String,
    /// Which dependencies count: at run time, while files are loaded, or all
    #[arg(long, value_parser = ["runtime", "load", "all"], default_value = "runtime")]
    pub(super) graph: String,
    /// How to write the difference
    #[arg(long, short, value_parser = clap::builder::PossibleValuesParser::new(crate::reports::diff::FORMATS.map(|format| format.name)), default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick doctor`.
#[derive(ClapArgs)]
pub(super) struct DoctorArgs {
    /// The folder of the checkout
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// `unpick schema`.
#[derive(ClapArgs)]
pub(super) struct SchemaArgs {
    /// The document
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(crate::reports::schema::NAMES))]
    pub(super) document: String,
}

/// `unpick completions`.
#[derive(ClapArgs)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

/// A count of at least one.
fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("it must be a whole number".to_owned()),
    }
}

/// A range of counts: `4..8`, or one count for both.
fn range(text: &str) -> Result<(usize, usize), String> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let (least, most) = (at_least_one(least)?, at_least_one(most.trim_start_matches('='))?);
    if least > most { Err(format!("{least} is more than {most}")) } else { Ok((least, most)) }
}
