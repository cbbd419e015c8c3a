//! `unpick map`: the whole map in the formats asked for.

use super::args::MapArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::Options;
use std::process::ExitCode;

/// Scans and writes every format asked for.
#[allow(clippy::print_stderr, reason = "the command line prints")]
pub(super) fn run(args: &MapArgs) -> anyhow::Result<ExitCode> {
    let targets = options::targets(&args.format)?;
    let look = options::of_map(args);
    let scan = Scan::with_payloads(&args.path, &args.scan, targets.iter().any(|target| target.format.payloads))?;
    let outcome = scan.outcome();
    for target in &targets {
        (target.format.check)(&outcome, &look).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    }
    for target in &targets {
        let Some(file) = &target.file else {
            output::to_stdout(&mut |out| (target.format.write)(&outcome, &look, out))?;
            continue;
        };
        let plain = Options { colour: false, ..look.clone() };
        output::to_file(file, &mut |out| (target.format.write)(&outcome, &plain, out))?;
        if !args.scan.quiet {
            eprintln!("unpick: wrote {}", file.display());
        }
    }
    scan.verdict(&args.scan)
}
