//! The whole program beside a bare parse of the same files: CPU time and peak memory of whole processes, measured in
//! turn so that a busy machine disturbs all of them alike. Ratios mean something here, seconds do not.
//!
//! `cargo bench --bench paired -- [--rounds N] [--threads N] [--only NAME,..] [--beside OTHER-UNPICK] [FOLDER..]`
//!
//! Without a folder it measures a made-up monolith. Beside `parse` and `unpick` stand a tree-sitter query of the same
//! patterns and the walk that is used instead of it, with and without mimalloc: why the house walks tables.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench prints its table and reads what it measures")]

#[cfg(unix)]
mod generate;

#[cfg(unix)]
mod on_unix {
    use super::generate;
    use nix::sys::resource::{UsageWho, getrusage};
    use std::fmt::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tree_sitter::{Parser, Query, QueryCursor, StreamingIterator as _};
    use unpick::base::Status;
    use unpick::languages;
    use unpick::pipeline::{Silent, scan};

    type Error = Box<dyn std::error::Error>;

    /// Files and lines of the monolith measured when no folder is given.
    const MADE_UP: (usize, usize) = (1500, 300_000);

    /// What is measured: its name, and how it is called in the table. The first is what the others are compared with.
    const CONTESTANTS: [(&str, &str); 7] = [
        ("parse", "bare parse"),
        ("parse-mi", "bare parse, mimalloc"),
        ("query", "parse + one query"),
        ("query-mi", "parse + one query, mimalloc"),
        ("walk", "parse + walk"),
        ("walk-mi", "parse + walk, mimalloc"),
        ("unpick", "unpick map"),
    ];

    /// Runs the bench, or one of the parts it calls itself for.
    pub(super) fn main() -> Result<(), Error> {
        let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
        match arguments.first().map(String::as_str) {
            Some("as") => contend(&arguments[1], arguments[2].parse()?, &arguments[3]),
            Some("measure") => measure(&arguments[1..]),
            _ => Plan::read(&arguments)?.run(),
        }
    }

    /// What the command line asks for.
    struct Plan {
        rounds: usize,
        threads: Vec<usize>,
        only: Option<Vec<String>>,
        beside: Option<String>,
        folders: Vec<PathBuf>,
    }

    impl Plan {
        fn read(arguments: &[String]) -> Result<Self, Error> {
            let mut plan = Self { rounds: 5, threads: vec![1, 2], only: None, beside: None, folders: Vec::new() };
            let mut arguments = arguments.iter();
            while let Some(argument) = arguments.next() {
                let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
                match argument.as_str() {
                    "--rounds" => plan.rounds = value()?.parse()?,
                    "--threads" => plan.threads = vec![value()?.parse()?],
                    "--only" => plan.only = Some(value()?.split(',').map(str::to_owned).collect()),
                    "--beside" => plan.beside = Some(value()?.clone()),
                    other if other.starts_with('-') => return Err(format!("no option {other}").into()),
                    folder => plan.folders.push(folder.into()),
                }
            }
            Ok(plan)
        }

        fn run(&self) -> Result<(), Error> {
            let here = tempfile::tempdir()?;
            let list = here.path().join("files");
            let made_up = here.path().join("monolith");
            let made_up_too = self.folders.is_empty().then_some(&made_up);
            for folder in self.folders.iter().chain(made_up_too) {
                let answer = (*folder == made_up).then(|| generate::write(folder, generate::Size::of(MADE_UP.0, MADE_UP.1))).transpose()?;
                let lines = list_files(folder, &list, answer.as_ref())?;
                println!("{}: {lines}", folder.file_name().unwrap_or_default().display());
                for threads in &self.threads {
                    self.compare(folder, &list, *threads)?;
                }
            }
            Ok(())
        }

        /// Measures every contestant once per round and prints the medians.
        fn compare(&self, folder: &Path, list: &Path, threads: usize) -> Result<(), Error> {
            let wanted = |name: &str| name == "parse" || self.only.as_ref().is_none_or(|only| only.iter().any(|one| one == name));
            let mut rows: Vec<(&str, Command)> = CONTESTANTS
                .iter()
                .filter(|(name, _)| wanted(name))
                .map(|(name, title)| (*title, command(name, folder, list, threads)))
                .collect();
            if let Some(other) = &self.beside {
                rows.push(("unpick map, other build", map(other, folder, threads)));
            }
            let mut spent: Vec<Vec<Spent>> = rows.iter().map(|_| Vec::new()).collect();
            for _ in 0..self.rounds {
                for ((_, command), spent) in rows.iter_mut().zip(&mut spent) {
                    spent.push(Spent::by(command)?);
                }
            }
            println!("  {threads} threads, {} rounds {:>24} {:>14} {:>9}", self.rounds, "CPU / bare parse", "(range)", "peak MB");
            for ((title, _), own) in rows.iter().zip(&spent) {
                let mut ratios: Vec<f64> = own.iter().zip(&spent[0]).map(|(own, parse)| own.cpu / parse.cpu).collect();
                ratios.sort_by(f64::total_cmp);
                let peak = own.iter().map(|spent| spent.peak_kb).max().unwrap_or(0) / 1024;
                let range = format!("({:.2}..{:.2})", ratios[0], ratios[ratios.len() - 1]);
                println!("    {title:<28} {:>12.2} {range:>14} {peak:>9}", ratios[ratios.len() / 2]);
            }
            Ok(())
        }
    }

    /// Reads the folder as unpick does, writes the list of files that were parsed, and says how much that is.
    fn list_files(folder: &Path, list: &Path, answer: Option<&generate::Answer>) -> Result<String, Error> {
        let project = scan(folder, &unpick::config::Config::default(), None, &Silent)?;
        if let Some(answer) = answer {
            answer.check(&project, &unpick::analyses::run(&project));
        }
        let read = project.base.files.iter().filter(|file| !matches!(file.status, Status::Skipped(_)));
        let (mut text, mut files, mut lines) = (String::new(), 0, 0);
        for file in read {
            writeln!(text, "{}", folder.join(file.source.path.as_str()).display())?;
            files += 1;
            lines += file.facts.lines;
        }
        std::fs::write(list, text)?;
        Ok(format!("{files} files, {lines} lines"))
    }

    /// The command line of a contestant.
    fn command(name: &str, folder: &Path, list: &Path, threads: usize) -> Command {
        if name == "unpick" {
            return map(env!("CARGO_BIN_EXE_unpick"), folder, threads);
        }
        let myself = std::env::current_exe().expect("a running program has a path");
        let mut command = measured(&myself);
        command.args(["as", name, &threads.to_string()]).arg(list);
        command
    }

    fn map(unpick: &str, folder: &Path, threads: usize) -> Command {
        let mut command = measured(Path::new(unpick));
        command.arg("map").arg(folder).args(["--format", "json", "--threads", &threads.to_string()]);
        command
    }

    /// A command that runs a program and prints what it cost.
    fn measured(program: &Path) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("a running program has a path"));
        command.arg("measure").arg(program);
        command
    }

    /// Runs the only child this process ever has, so that the usage of "all children" is that child's alone. A small
    /// process does this because a child's peak begins at the peak of the process that started it.
    fn measure(arguments: &[String]) -> Result<(), Error> {
        let status = Command::new(&arguments[0]).args(&arguments[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if !status.success() {
            return Err(format!("{arguments:?} failed: {status}").into());
        }
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let (user, system) = (usage.user_time(), usage.system_time());
        let micros = (user.tv_sec() + system.tv_sec()) * 1_000_000 + user.tv_usec() + system.tv_usec();
        println!("{micros} {}", usage.max_rss());
        Ok(())
    }

    /// What a process cost.
    struct Spent {
        cpu: f64,
        peak_kb: u64,
    }

    impl Spent {
        fn by(command: &mut Command) -> Result<Self, Error> {
            let output = command.stderr(Stdio::inherit()).output()?;
            let text = String::from_utf8(output.stdout)?;
            let (cpu, peak) = text.trim().split_once(' ').ok_or_else(|| format!("no figures from {command:?}"))?;
            Ok(Self { cpu: cpu.parse()?, peak_kb: peak.parse()? })
        }
    }

    /// What a thread needs for the files of one language.
    struct Tools {
        row: &'static languages::LanguageRow,
        parser: Parser,
        query: Option<Query>,
    }

    impl Tools {
        fn of(row: &'static languages::LanguageRow, queries: bool) -> Self {
            let grammar = row.grammars[0]();
            let mut parser = Parser::new();
            parser.set_language(&grammar).expect("the grammar fits this build");
            let text: String = row.queries.iter().map(|(_, text)| *text).collect();
            Self { row, parser, query: queries.then(|| Query::new(&grammar, &text).expect("tests/registry.rs compiles them")) }
        }
    }

    /// Is a contestant other than unpick: reads and parses every file of the list, keeping nothing.
    #[allow(unsafe_code, reason = "tree-sitter's allocator can only be set by an unsafe function")]
    fn contend(name: &str, threads: usize, list: &str) -> Result<(), Error> {
        let work = match name.strip_suffix("-mi") {
            // SAFETY: this is the first thing the process does, no other thread exists and tree-sitter was not used.
            Some(work) => unsafe {
                languages::install_allocator();
                work
            },
            None => name,
        };
        let list = std::fs::read_to_string(list)?;
        let files: Vec<&str> = list.lines().collect();
        let next = AtomicUsize::new(0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(16 << 20).build()?;
        let queries = work == "query";
        let seen = pool.broadcast(|_| {
            let mut tools: Vec<Tools> =
                languages::LANGUAGES.into_iter().filter(|row| row.read.is_none()).map(|row| Tools::of(row, queries)).collect();
            let (mut buffer, mut cursor, mut seen) = (Vec::new(), QueryCursor::new(), 0);
            while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                let extension = file.rsplit('.').next().unwrap_or("");
                let Some(tools) = tools.iter_mut().find(|tools| tools.row.extensions.contains(&extension)) else { continue };
                buffer.clear();
                std::io::copy(&mut std::fs::File::open(file).expect("it was there"), &mut buffer).expect("it could be read");
                seen += match (&tools.query, work) {
                    (None, "parse") => tools.parser.parse(&buffer, None).map_or(0, |tree| tree.root_node().descendant_count()),
                    (None, _) => {
                        languages::extract(tools.row, file, &String::from_utf8_lossy(&buffer)).map_or(0, |found| found.facts.values.len())
                    }
                    (Some(query), _) => {
                        let tree = tools.parser.parse(&buffer, None).expect("a parse without a limit ends");
                        cursor.captures(query, tree.root_node(), buffer.as_slice()).count()
                    }
                };
            }
            seen
        });
        println!("{}", seen.iter().sum::<usize>());
        Ok(())
    }
}

#[cfg(unix)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    on_unix::main()
}

#[cfg(not(unix))]
fn main() {
    println!("CPU time of processes is measured on Unix only");
}
