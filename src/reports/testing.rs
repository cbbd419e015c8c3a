//! The sample application as tests see it, with cycles written by hand where the analyses are not what is tested.

use super::{Options, Outcome, format_called};
use crate::analyses::finding::{Advice, CutEdge, Cycle, Findings};
use crate::config::Config;
use crate::graph::views::{Level, Reading};
use crate::pipeline::{Silent, scan};
use crate::project::Project;
use std::path::{Path, PathBuf};

/// A scanned tree and what is said about it.
pub(in crate::reports) struct Sample {
    pub(in crate::reports) project: Project,
    pub(in crate::reports) findings: Findings,
}

impl Sample {
    pub(in crate::reports) fn outcome(&self) -> Outcome<'_> {
        Outcome { project: &self.project, findings: &self.findings }
    }

    /// The number of a module.
    pub(in crate::reports) fn module(&self, name: &str) -> u32 {
        self.project.names.modules.iter().position(|module| module.name == name).expect("the module is there") as u32
    }
}

/// The sample shop, with its three cycles as components of two.
pub(in crate::reports) fn shop() -> Sample {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/projects/shop/code");
    let mut sample = of(&root);
    for (from, to) in [("catalog", "search"), ("cart", "promotions"), ("orders", "notifications")] {
        let cycle = pair(&sample, from, to);
        sample.findings.cycles.push(cycle);
    }
    sample
}

/// Any tree, without findings.
pub(in crate::reports) fn of(root: &Path) -> Sample {
    let project = scan(root, &Config::default(), None, &Silent).expect("the tree can be scanned");
    Sample { project, findings: Findings::default() }
}

fn pair(sample: &Sample, from: &str, to: &str) -> Cycle {
    let (from, to) = (sample.module(from), sample.module(to));
    let members = vec![from.min(to), from.max(to)];
    Cycle {
        id: format!("module:runtime:{from}-{to}"),
        level: Level::Module,
        reading: Reading::Runtime,
        shortest: members.clone(),
        members,
        edges: 2,
        cut: vec![CutEdge {
            from,
            to,
            weight: 1500,
            advice: Advice::ExtractCommon,
            because: "what is used of it uses nothing of the cycle, so it can move to a place both may use, such as a shared package"
                .into(),
            lines_to_move: 12,
            way_back: vec![to, from],
        }],
        cut_weight: 1500,
        proven: true,
        lower_bound: 1500,
    }
}

/// What a format writes.
pub(in crate::reports) fn written(sample: &Sample, format: &str, options: &Options) -> String {
    let format = format_called(format).expect("the format is in the table");
    (format.check)(&sample.outcome(), options).expect("the options make sense");
    let mut out = Vec::new();
    (format.write)(&sample.outcome(), options, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("reports are UTF-8")
}

/// The map as a value.
pub(in crate::reports) fn json(sample: &Sample, options: &Options) -> serde_json::Value {
    serde_json::from_str(&written(sample, "json", options)).expect("the map is JSON")
}
