//! `unpick tables`: the list of tables, who reads and writes them, and their keys for other programs.

use super::args::TablesArgs;
use super::scan::Scan;
use super::{options, output};
use crate::plan::database::Server;
use crate::reports::{Options, relations, tables};
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &TablesArgs) -> anyhow::Result<ExitCode> {
    let look = Options { top: args.top, ..options::on_stdout() };
    let server = Server::ALL.into_iter().find(|server| server.word() == args.server).unwrap_or(Server::MySql);
    let scan = Scan::of(&args.path, &args.scan)?;
    let outcome = scan.outcome();
    output::to_stdout(&mut |out| match args.format.as_str() {
        "json" => tables::write_json(&outcome, &look, out),
        "sql" => relations::write_sql(&outcome, server, out),
        "mermaid" => relations::write_mermaid(&outcome, out),
        "dbml" => relations::write_dbml(&outcome, out),
        "dot" => relations::write_dot(&outcome, out),
        _ => tables::write_text(&outcome, &look, out),
    })?;
    scan.verdict(&args.scan)
}
