//! `unpick why`: the lines behind a dependency.

use super::args::WhyArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::why::Question;
use std::process::ExitCode;

/// Scans and answers.
pub(super) fn run(args: &WhyArgs) -> anyhow::Result<ExitCode> {
    if let Some(question) = args.from.strip_prefix("plan:") {
        return super::plan::figure(args, question);
    }
    let look = options::placed(&args.path);
    let scan = Scan::of(&args.path, &args.scan)?;
    let question = Question::ask(&scan.outcome(), &args.from, args.to.as_deref()).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    output::to_stdout(&mut |out| question.write(&look, out))?;
    scan.verdict(&args.scan)
}
