//! The key `http_calls`.

use super::Each;
use crate::bind::WiredCall;
use crate::project::Project;
use serde::Serialize;

#[derive(Serialize)]
struct HttpCallRow<'a> {
    path: &'a str,
    line: u32,
    module: &'a str,
    method: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolves_to: Option<&'a str>,
    client: &'static str,
    in_loop: bool,
    in_transaction: bool,
}

/// Requests in the order of their files and lines.
pub(super) fn rows(project: &Project) -> impl Serialize {
    Each(move || project.resolution.http_calls.iter().map(move |wired| row(project, wired)))
}

fn row<'a>(project: &'a Project, wired: &'a WiredCall) -> HttpCallRow<'a> {
    let call = &wired.call;
    HttpCallRow {
        path: project.base.path(call.file),
        line: call.line,
        module: &project.names.module(call.file).name,
        method: call.method.word(),
        url: &call.url,
        resolves_to: wired.resolves_to.as_deref(),
        client: call.client,
        in_loop: wired.in_loop,
        in_transaction: wired.in_transaction,
    }
}
