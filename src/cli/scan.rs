//! The start every scanning command shares: config, pipeline, analyses.

use super::args::ScanArgs;
use super::progress::Bar;
use crate::analyses::finding::Findings;
use crate::config::Config;
use crate::pipeline;
use crate::project::Project;
use crate::reports::Outcome;
use std::path::Path;
use std::process::ExitCode;

/// A scanned application with what the analyses say about it.
pub(super) struct Scan {
    /// The application.
    pub(super) project: Project,
    /// What is wrong with it.
    pub(super) findings: Findings,
    /// What `unpick.toml` says.
    pub(super) config: Config,
}

impl Scan {
    /// Reads a tree.
    pub(super) fn of(root: &Path, args: &ScanArgs) -> anyhow::Result<Self> {
        Self::read(root, args, Config::load(args.config.as_deref(), root)?)
    }

    /// Reads a tree and, where `payloads` says so, what its routes take and answer.
    pub(super) fn with_payloads(root: &Path, args: &ScanArgs, payloads: bool) -> anyhow::Result<Self> {
        let mut config = Config::load(args.config.as_deref(), root)?;
        config.payloads = payloads;
        Self::read(root, args, config)
    }

    fn read(root: &Path, args: &ScanArgs, mut config: Config) -> anyhow::Result<Self> {
        config.ignore_declared_keys = args.ignore_declared_keys;
        let bar = Bar::new(args.quiet);
        let project = pipeline::scan(root, &config, args.threads, &bar)?;
        let findings = crate::analyses::run(&project);
        bar.finish();
        Ok(Self { project, findings, config })
    }

    /// What there is to report.
    pub(super) fn outcome(&self) -> Outcome<'_> {
        Outcome { project: &self.project, findings: &self.findings }
    }

    /// The exit code after a report was written: with `--strict`, files that could not be read properly are an error.
    pub(super) fn verdict(&self, args: &ScanArgs) -> anyhow::Result<ExitCode> {
        let problems = self.project.problems.len();
        if let (true, Some(first)) = (args.strict, self.project.problems.first()) {
            let line = first.line.map_or(String::new(), |line| format!(":{line}"));
            anyhow::bail!(
                "--strict: {problems} problem{} while reading, the first {}{line}: {}; `unpick doctor` lists them",
                if problems == 1 { "" } else { "s" },
                first.path,
                first.message
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
