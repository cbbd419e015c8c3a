//! `unpick diff`: what a branch changes in the map.

use super::args::DiffArgs;
use super::baseline::scope;
use super::older::OldTree;
use super::output;
use super::progress::Bar;
use crate::config::Config;
use crate::gate::difference::difference;
use crate::pipeline;
use crate::project::Project;
use crate::reports::diff::{DiffOutcome, FORMATS};
use anyhow::Context;
use std::path::Path;
use std::process::ExitCode;

/// Scans both trees and tells what is different. A difference is no failure: 1 belongs to `check`.
pub(super) fn run(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let format = FORMATS.iter().find(|format| format.name == args.format).context("the format was checked when it was typed")?;
    let config = Config::load(args.scan.config.as_deref(), &args.path)?;
    let scope = scope(std::slice::from_ref(&args.level), std::slice::from_ref(&args.graph), &config.rules)?;
    let base = OldTree::at(&args.path, &args.base, &config)?;
    let head = args.head.as_ref().map(|head| OldTree::at(&args.path, head, &config)).transpose()?;
    let compared = |new: &Project, root: &Path, name: String| {
        let moved = base.moved(new, root);
        DiffOutcome {
            difference: difference(base.project.as_ref(), new, &moved, &scope),
            base: format!("{}, commit {}", args.base, base.commit.short()),
            head: name,
            level: scope.levels[0].word(),
            graph: scope.readings[0].word(),
        }
    };
    let outcome = match (&head, &args.head) {
        (Some(tree), Some(reference)) => {
            let empty = || format!("{reference}: no source files in commit {}", tree.commit.short());
            let new = tree.project.as_ref().with_context(empty)?;
            compared(new, &tree.root, format!("{reference}, commit {}", tree.commit.short()))
        }
        _ => {
            let bar = Bar::new(args.scan.quiet);
            let new = pipeline::scan(&args.path, &config, args.scan.threads, &bar)?;
            bar.finish();
            compared(&new, &args.path, "the working tree".to_owned())
        }
    };
    output::to_stdout(&mut |out| (format.write)(&outcome, out))?;
    Ok(ExitCode::SUCCESS)
}
