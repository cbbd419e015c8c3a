//! What stands beside the code: CODEOWNERS, and what git knows of the last twelve months.

use super::scan::Scan;
use crate::base::FileId;
use crate::evidence::Owners;
use crate::history::{Activity, Repository};
use crate::plan::gather::{Beside, Touched};
use std::collections::BTreeMap;
use std::path::Path;

/// What is known besides the code of a scan; nothing of it has to be there. A history that cannot be read is none: it says
/// something of a plan, and a plan can do without.
pub(super) fn beside(root: &Path, scan: &Scan, history: bool) -> Beside {
    let base = &scan.project.base;
    let owners = Owners::find(root);
    let paths = base.files.iter().map(|file| file.source.path.as_str());
    let owned = |path: &str| owners.of(path).into_iter().map(str::to_owned).collect();
    let activity = if history { activity(root) } else { Activity::default() };
    let numbers: BTreeMap<&str, FileId> = base.ids().map(|file| (base.path(file), file)).collect();
    let mut authors: BTreeMap<&str, u32> = BTreeMap::new();
    let mut commits = Vec::new();
    for change in &activity.changes {
        let next = authors.len() as u32;
        let author = *authors.entry(&change.author).or_insert(next);
        commits.push(Touched { author, files: change.paths.iter().filter_map(|path| numbers.get(path.as_str()).copied()).collect() });
    }
    Beside { owners: paths.map(owned).collect(), commits }
}

fn activity(root: &Path) -> Activity {
    let found = Repository::find(root).ok().flatten();
    found.and_then(|mut repository| repository.activity().ok()).unwrap_or_default()
}
