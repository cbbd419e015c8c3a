//! Runs the stages in order, and is the one place that starts threads.

use crate::base::{FileId, Language, Problem, RelPath, Severity, SourceFile, Status, Tag};
use crate::bind;
use crate::config::{Config, ModuleKind};
use crate::discover::{self, DiscoverError, Extension, Mark, Reader, Sources};
use crate::facts::FileFacts;
use crate::frameworks;
use crate::graph;
use crate::languages::{self, LANGUAGES, builder::DEEPEST};
use crate::names::{self, FactBase, FileEntry, Manifest, Names};
use crate::project::Project;
use crate::sql;
use rayon::prelude::*;
use std::io::Read;
use std::path::Path;

/// Stack of a worker: the walk recurses with the nesting of the code it reads, up to [`DEEPEST`].
const STACK_BYTES: usize = 16 << 20;

/// What is told about progress, so that a terminal can show it.
pub trait Progress: Sync {
    /// The number of files to read is known.
    fn found(&self, files: usize);
    /// One more file is read.
    fn read(&self);
    /// Reading is over, joining begins.
    fn joining(&self);
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn found(&self, _: usize) {}
    fn read(&self) {}
    fn joining(&self) {}
}

/// Why there is no map.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The root cannot be scanned.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// Nothing to read.
    #[error(
        "no source files in {0}: nothing there is in a language unpick reads ({1}), or all of it is ignored (.gitignore, .ignore, [scan] exclude); run unpick in the folder that holds the code"
    )]
    Empty(String, String),
    /// The machine gave no threads.
    #[error("no worker threads: {0}; try --threads 1")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Scans a tree: files, facts, names, dependencies.
///
/// # Errors
/// When the root cannot be read, or holds no source file.
pub fn scan(root: &Path, config: &Config, threads: Option<usize>, progress: &dyn Progress) -> Result<Project, PipelineError> {
    let sources = discover::discover(root, config, &extensions())?;
    if sources.files.is_empty() {
        let known: Vec<&str> = LANGUAGES.iter().map(|row| row.language.0).chain([Language::SQL.0]).collect();
        return Err(PipelineError::Empty(root.display().to_string(), known.join(", ")));
    }
    progress.found(sources.files.len());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).stack_size(STACK_BYTES).build()?;
    Ok(pool.install(|| {
        let (base, scripts, problems) = read(root, config, sources, progress);
        progress.joining();
        join(base, &scripts, problems, config)
    }))
}

/// File marks of every language.
fn extensions() -> Vec<Extension> {
    let mut all = Vec::new();
    for row in LANGUAGES {
        all.extend(row.extensions.iter().map(|suffix| Extension { mark: Mark::Suffix(suffix), language: row.language }));
        all.extend(
            row.below.iter().map(|below| Extension { mark: Mark::Below(below.folder, below.suffix, below.within), language: row.language }),
        );
        all.extend(row.openings.iter().map(|(suffix, start)| Extension { mark: Mark::Opening(suffix, start), language: row.language }));
        all.extend(row.interpreters.iter().map(|name| Extension { mark: Mark::Interpreter(name), language: row.language }));
    }
    all.extend(SQL_SUFFIXES.map(|suffix| Extension { mark: Mark::Suffix(suffix), language: Language::SQL }));
    all
}

/// Names of files that hold SQL; a file of another name than the first is only believed when there is SQL in it.
const SQL_SUFFIXES: [&str; 6] = ["sql", "ddl", "mysql", "pgsql", "dump", "prisma"];

/// Schemas of Prisma are turned into SQL, line for line.
const PRISMA: &str = ".prisma";

/// Files of SQL and what they say, in path order.
type Scripts = Vec<(FileId, sql::dump::SqlFile)>;

fn read(root: &Path, config: &Config, sources: Sources, progress: &dyn Progress) -> (FactBase, Scripts, Vec<Problem>) {
    let Sources { files, other_paths, mut problems } = sources;
    let paths = other_paths.iter().chain(files.iter().map(|file| &file.path));
    let mut wanted: Vec<RelPath> = paths.filter(|path| names::says_what_names_mean(path)).cloned().collect();
    wanted.sort();
    let (manifests, unread) = discover::texts(root, config, &wanted);
    problems.extend(unread);
    let rows: Vec<(FileEntry, Option<sql::dump::SqlFile>, Vec<Problem>)> = files
        .into_par_iter()
        .map_init(
            || Reader::new(root, config),
            |reader, source| {
                let row = if source.language == Language::SQL {
                    read_script(reader, source, config)
                } else {
                    let (entry, problems) = read_one(reader, source, config);
                    (entry, None, problems)
                };
                progress.read();
                row
            },
        )
        .collect();
    let manifests = manifests.into_iter().map(|(path, text)| Manifest { path, text }).collect();
    let mut base = FactBase { files: Vec::with_capacity(rows.len()), other_paths, manifests };
    let mut scripts = Scripts::new();
    for (row, script, more) in rows {
        scripts.extend(script.map(|script| (row.source.id, script)));
        base.files.push(row);
        problems.extend(more);
    }
    problems.sort();
    problems.dedup();
    (base, scripts, problems)
}

/// Reads a file of SQL. Tests' and other people's schemas are no tables of the application, so they are only listed.
fn read_script(reader: &Reader, source: SourceFile, config: &Config) -> (FileEntry, Option<sql::dump::SqlFile>, Vec<Problem>) {
    let (tags, mut lines) = (source.tags, 0);
    let mut problems = Vec::new();
    let left_out = config.leaves_out(tags) || ignored(config, &source);
    let status = match tags.iter().find(|tag| left_out && *tag != Tag::Migration) {
        Some(tag) => Err(Status::Skipped(format!("left out: {}", tag.word()))),
        None => reader.open(&source).map_err(Status::Skipped),
    };
    let mut problem = |line: Option<u32>, severity, message: String| {
        problems.push(Problem { path: source.path.clone(), line, severity, message });
    };
    let (script, status) = match status {
        Err(Status::Skipped(reason)) => {
            if !reason.starts_with("left out") {
                problem(None, Severity::Error, format!("not read: {reason}"));
            }
            (None, Status::Skipped(reason))
        }
        Err(status) => (None, status),
        Ok(mut stream) => {
            let script = if source.path.as_str().ends_with(PRISMA) {
                let mut text = Vec::new();
                // What cannot be read to its end is read as far as it goes.
                let _ = stream.read_to_end(&mut text);
                sql::dump::read_file(sql::prisma::to_sql(&String::from_utf8_lossy(&text)).as_bytes(), None)
            } else {
                sql::dump::read_file(&mut stream, None)
            };
            lines = stream.lines();
            for doubt in &script.problems {
                problem(Some(doubt.line), Severity::Warning, doubt.message.clone());
            }
            match script_status(source.path.as_str(), &script) {
                Status::Skipped(reason) => (None, Status::Skipped(reason)),
                status => (Some(script), status),
            }
        }
    };
    let facts = FileFacts { lines, ..FileFacts::default() };
    (FileEntry { source, facts, tags, left_out, status }, script.filter(|_| !left_out), problems)
}

fn script_status(path: &str, script: &sql::dump::SqlFile) -> Status {
    let nothing = script.changes.is_empty() && script.statements.is_empty() && script.counts.data_rows == 0;
    if nothing && ![".sql", PRISMA].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending)) {
        return Status::Skipped("there is no SQL in it".to_owned());
    }
    if script.dialect == sql::Dialect::SqlServer {
        return Status::Recovered("a script of SQL Server: its tables are read, its procedures in part".to_owned());
    }
    match script.counts.recovered + script.counts.unresolved {
        0 if script.problems.is_empty() => Status::Parsed,
        0 => Status::Recovered("a quote, body or delimiter was never closed; what follows it was read".to_owned()),
        1 => Status::Recovered("one definition was read around parts that could not be told".to_owned()),
        more => Status::Recovered(format!("{more} definitions were read around parts that could not be told")),
    }
}

fn read_one(reader: &mut Reader, source: SourceFile, config: &Config) -> (FileEntry, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut note = |line, severity, message: String| {
        problems.push(Problem { path: source.path.clone(), line, severity, message });
    };
    let loaded = match reader.read(&source) {
        Ok(loaded) => loaded,
        Err(reason) => {
            let tags = source.tags;
            let left_out = config.leaves_out(tags) || ignored(config, &source);
            // Leaving out what was meant to be left out is no failure.
            if !(left_out && tags.contains(Tag::Minified)) {
                note(None, Severity::Error, format!("not read: {reason}"));
            }
            return (FileEntry { source, facts: FileFacts::default(), tags, left_out, status: Status::Skipped(reason) }, problems);
        }
    };
    let mut status = loaded.status();
    if let Status::Recovered(reason) = &status {
        note(None, Severity::Warning, reason.clone());
    }
    let tags = loaded.tags;
    let left_out = config.leaves_out(tags) || ignored(config, &source);
    // Tests are read for what they import; other people's and programs' code is only listed.
    let facts = match tags.iter().find(|tag| left_out && *tag != Tag::Test && *tag != Tag::Migration) {
        Some(tag) => {
            status = Status::Skipped(format!("left out: {}", tag.word()));
            FileFacts { lines: loaded.lines, ..FileFacts::default() }
        }
        None => extract(&source, &loaded.text, loaded.lines, &mut status, &mut note),
    };
    (FileEntry { source, facts, tags, left_out, status }, problems)
}

/// True for files of a `[[module]]` with `kind = "ignore"`.
fn ignored(config: &Config, source: &SourceFile) -> bool {
    config.module_for(source.path.as_str()).is_some_and(|rule| rule.kind == ModuleKind::Ignore)
}

fn extract(
    source: &SourceFile,
    text: &str,
    lines: u32,
    status: &mut Status,
    note: &mut dyn FnMut(Option<u32>, Severity, String),
) -> FileFacts {
    let row = languages::row(source.language).expect("discovery hands out languages of the table");
    let Some(extraction) = languages::extract(row, source.path.as_str(), text) else {
        *status = Status::Skipped("the parser gave up".to_owned());
        note(None, Severity::Error, "not read: the parser gave up".to_owned());
        return FileFacts { lines, ..FileFacts::default() };
    };
    let mut facts = extraction.facts;
    facts.lines = lines;
    if let Some(first) = facts.errors.first() {
        let message = match facts.errors.len() {
            1 => "syntax error; what stands around it was read".to_owned(),
            more => format!("syntax errors on {more} lines, the first here; what stands around them was read"),
        };
        note(Some(*first), Severity::Warning, message.clone());
        if *status == Status::Parsed {
            *status = Status::Recovered(message);
        }
    }
    if let Some(line) = extraction.too_deep {
        let message = format!("code nests deeper than {DEEPEST} levels; what lies deeper was passed over");
        note(Some(line), Severity::Warning, message.clone());
        *status = Status::Recovered(message);
    }
    facts
}

fn join(base: FactBase, scripts: &Scripts, mut problems: Vec<Problem>, config: &Config) -> Project {
    let names = Names::learn(&base, config);
    problems.extend(names.problems(&base));
    problems.sort();
    let model = frameworks::interpret(&base, &names, config);
    let mut resolution = bind::bind(&base, &names, model, scripts);
    if config.ignore_declared_keys {
        resolution.tables.forget_keys();
    }
    let graph = graph::build::build(&base, &names, &resolution);
    Project { base, names, resolution, graph, problems }
}
