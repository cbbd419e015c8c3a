//! `--only-changed` and `--files`: which findings are shown. The whole tree is analysed all the same.

use super::args::CheckArgs;
use super::older::changed_since;
use super::scan::Scan;
use crate::analyses::gated::{Finding, Scope, places};
use std::collections::BTreeSet;
use std::path::Path;

/// The files whose findings are shown.
pub(super) struct Shown {
    files: BTreeSet<String>,
    /// The other files, in words.
    others: String,
}

impl Shown {
    /// What was asked for; nothing when everything is shown.
    pub(super) fn of(args: &CheckArgs, scan: &Scan) -> anyhow::Result<Option<Self>> {
        if let Some(reference) = &args.only_changed {
            let files = changed_since(&args.path, reference, &scan.project)?;
            return Ok(Some(Self { files, others: format!("in files that are the same in {reference}") }));
        }
        if args.files.is_empty() {
            return Ok(None);
        }
        let files = args.files.iter().map(|file| below(&args.path, file)).collect();
        Ok(Some(Self { files, others: "in files other than those of --files".to_owned() }))
    }

    /// What to say about new findings that are not shown.
    pub(super) fn remark(&self, hidden: usize, only_shown_fail: bool) -> Option<String> {
        let count = match hidden {
            0 => return None,
            1 => "1 new finding".to_owned(),
            more => format!("{more} new findings"),
        };
        let counts = if only_shown_fail { "not counted" } else { "counted all the same" };
        Some(format!("{count} {}: not shown, and {counts}", self.others))
    }

    /// True when a line behind the finding is in one of the files.
    pub(super) fn has(&self, scan: &Scan, scope: &Scope, finding: &Finding) -> bool {
        places(&scan.project, scope, finding).iter().any(|place| self.files.contains(&place.path))
    }
}

/// A path as typed, seen from the scanned folder. What is not there is taken as it is: it has no findings either way.
fn below(root: &Path, file: &Path) -> String {
    let real = root.canonicalize().ok().zip(file.canonicalize().ok());
    let below = real.as_ref().and_then(|(root, file)| file.strip_prefix(root).ok());
    below.unwrap_or(file).to_string_lossy().replace('\\', "/")
}
