//! The key `external_systems`.

use super::Each;
use crate::analyses::externals::System;
use crate::bind::External;
use crate::project::Project;
use crate::reports::Outcome;
use serde::Serialize;

#[derive(Serialize)]
struct SiteRow<'a> {
    path: &'a str,
    line: u32,
    client: &'static str,
    in_loop: bool,
    in_transaction: bool,
}

#[derive(Serialize)]
struct SystemRow<'a> {
    name: &'a str,
    protocol: &'static str,
    hosts: &'a [String],
    sites: Vec<SiteRow<'a>>,
    modules: Vec<&'a str>,
}

/// Systems outside, worst first.
pub(in crate::reports) fn rows<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, systems) = (outcome.project, &outcome.findings.externals);
    Each(move || systems.iter().map(move |system| row(project, system)))
}

fn row<'a>(project: &'a Project, system: &'a System) -> SystemRow<'a> {
    SystemRow {
        name: &system.name,
        protocol: system.protocol,
        hosts: &system.hosts,
        sites: system.sites.iter().map(|site| self::site(project, &project.resolution.externals[*site])).collect(),
        modules: system.modules.iter().map(|module| project.names.modules[module.index()].name.as_str()).collect(),
    }
}

fn site<'a>(project: &'a Project, external: &External) -> SiteRow<'a> {
    SiteRow {
        path: project.base.path(external.at.file),
        line: external.at.line,
        client: external.at.client,
        in_loop: external.in_loop,
        in_transaction: external.in_transaction,
    }
}
