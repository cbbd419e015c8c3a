//! The key `files`: every listed file, the left out and the unread ones too.

use super::Each;
use crate::base::FileId;
use crate::project::Project;
use serde::Serialize;

#[derive(Serialize)]
struct FileRow<'a> {
    path: &'a str,
    language: &'static str,
    lines: u32,
    bytes: u64,
    module: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    tags: Vec<&'static str>,
}

/// The rows, by path.
pub(super) fn rows(project: &Project) -> impl Serialize {
    let row = |id: FileId| {
        let file = project.base.file(id);
        FileRow {
            path: file.source.path.as_str(),
            language: file.source.language.0,
            lines: file.facts.lines,
            bytes: file.source.bytes,
            module: &project.names.module(id).name,
            status: file.status.word(),
            reason: file.status.reason(),
            tags: file.tags.iter().map(|tag| tag.word()).collect(),
        }
    };
    Each(move || project.base.ids().map(row))
}
