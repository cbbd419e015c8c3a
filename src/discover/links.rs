//! Symbolic links: never followed; this says which of them hide something.

use super::problem;
use super::walk::Found;
use crate::base::{Problem, RelPath, Severity, is_within};
use std::path::{Component, Path, PathBuf};

/// One warning for each link whose target is not scanned anyway. `files` and `others` are sorted.
pub(super) fn judge(root: &Path, links: &[String], files: &[Found], others: &[RelPath]) -> Vec<Problem> {
    let scanned = |target: &str| {
        let at = files.partition_point(|file| file.path.as_str() < target);
        let in_files = files.get(at).is_some_and(|file| is_within(file.path.as_str(), target));
        let at = others.partition_point(|path| path.as_str() < target);
        in_files || others.get(at).is_some_and(|path| is_within(path.as_str(), target))
    };
    let warn = |link: &String| {
        let message = match target(root, link) {
            Target::Inside(path) if path.is_empty() || scanned(&path) => return None,
            Target::Inside(path) => format!("a link to {path}, which is not scanned; not followed"),
            Target::Outside => "a link that leads out of the scanned folder; not followed".to_owned(),
            Target::Nowhere => "a link that leads to nothing".to_owned(),
        };
        Some(problem(link, Severity::Warning, message))
    };
    links.iter().filter_map(warn).collect()
}

/// Where a link leads.
enum Target {
    /// A path relative to the root that exists.
    Inside(String),
    Outside,
    /// Dangling, or a circle of links.
    Nowhere,
}

/// Follows a link on paper first: whether something exists outside of the tree depends on the machine, and the answer
/// must not.
fn target(root: &Path, link: &str) -> Target {
    let place = root.join(link);
    let Ok(text) = std::fs::read_link(&place) else { return Target::Nowhere };
    let folder = place.parent().unwrap_or(root);
    if !flat(&folder.join(text)).starts_with(root) {
        return Target::Outside;
    }
    let Ok(real) = place.canonicalize() else { return Target::Nowhere };
    match real.strip_prefix(root) {
        Ok(below) => {
            let parts = below.components().map(|part| part.as_os_str().to_string_lossy());
            Target::Inside(parts.collect::<Vec<_>>().join("/"))
        }
        Err(_) => Target::Outside,
    }
}

/// Takes `.` and `..` out of a path without looking at the disk.
fn flat(path: &Path) -> PathBuf {
    let mut flat = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                flat.pop();
            }
            other => flat.push(other),
        }
    }
    flat
}
