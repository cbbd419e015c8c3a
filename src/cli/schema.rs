//! `unpick schema`: the JSON Schema of a document.

use super::args::SchemaArgs;
use super::output;
use crate::reports::schema;
use std::process::ExitCode;

/// Prints it.
pub(super) fn run(args: &SchemaArgs) -> anyhow::Result<ExitCode> {
    let text = schema::called(&args.document).unwrap_or_default();
    output::to_stdout(&mut |out| out.write_all(text.as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}
