//! Dependencies the rules forbid: by name, or because they go up the layers.

use super::Chosen;
use crate::analyses::before::Before;
use crate::analyses::gated::{Explanation, Fact, Finding, GatedRow, Place, Scope, Watched};
use crate::analyses::sites;
use crate::base::{FileId, RelPath, Tag};
use crate::config::{Rules, Selection};
use crate::graph::build::FileEdge;
use crate::graph::views::{Level, Reading};
use crate::project::Project;
use std::collections::BTreeMap;

/// Rules look at what runs: what only a type checker sees is free, and which graph is asked for makes no difference.
const READING: Reading = Reading::Runtime;

/// The row of forbidden dependencies.
pub static FORBIDDEN: GatedRow = GatedRow {
    kind: "forbidden-edge",
    about: "A dependency that [rules] forbid in unpick.toml does not allow.",
    findings: |project, scope| watched(&FORBIDDEN, &forbidden(project, &scope.rules)),
    facts: |_, _| Vec::new(),
    kept: |old, new, moved, scope| kept(&FORBIDDEN, forbidden, old, new, moved, scope),
    explain: |project, scope, finding| explain(project, &forbidden(project, &scope.rules), finding),
    places: |project, scope, finding| places(project, &forbidden(project, &scope.rules), finding),
    says: |finding| format!("{} -> {} is forbidden", finding.from, finding.to),
};

/// The row of layers.
pub static LAYERS: GatedRow = GatedRow {
    kind: "layer-edge",
    about: "A dependency from a lower layer on a higher one, against [rules] layers in unpick.toml.",
    findings: |project, scope| watched(&LAYERS, &upward(project, &scope.rules)),
    facts: |_, _| Vec::new(),
    kept: |old, new, moved, scope| kept(&LAYERS, upward, old, new, moved, scope),
    explain: |project, scope, finding| explain(project, &upward(project, &scope.rules), finding),
    places: |project, scope, finding| places(project, &upward(project, &scope.rules), finding),
    says: |finding| format!("{} -> {} goes up the layers", finding.from, finding.to),
};

/// Dependencies that break a rule, by level and names.
type Broken<'a> = BTreeMap<(Level, &'a str, &'a str), Breach<'a>>;

/// One of them.
struct Breach<'a> {
    /// The first rule it breaks, in words.
    rule: String,
    /// The file dependencies behind it that break a rule.
    edges: Vec<&'a FileEdge>,
}

/// What breaks a list of forbidden directions.
fn forbidden<'a>(project: &'a Project, rules: &Rules) -> Broken<'a> {
    let ends: Vec<(Chosen, Chosen)> =
        rules.forbid.iter().map(|rule| (Chosen::of(project, &rule.from), Chosen::of(project, &rule.to))).collect();
    broken(project, |from, to| {
        let at = ends.iter().position(|(sources, targets)| sources.has(from) && targets.has(to))?;
        let rule = &rules.forbid[at];
        let reason = rule.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        Some((level(&[&rule.from, &rule.to]), format!("{} must not use {}{reason}", written(&rule.from), written(&rule.to))))
    })
}

/// What goes up the layers. What is in no layer is free.
fn upward<'a>(project: &'a Project, rules: &Rules) -> Broken<'a> {
    let layers: Vec<Chosen> = rules.layers.iter().map(|layer| Chosen::of(project, layer)).collect();
    let layer_of = |file: FileId| layers.iter().position(|layer| layer.has(file));
    broken(project, |from, to| {
        let (below, above) = layer_of(from).zip(layer_of(to)).filter(|(from, to)| from > to)?;
        let (below, above) = (&rules.layers[below], &rules.layers[above]);
        Some((level(&[below, above]), format!("the layer {} lies above {}, which must not use it", written(above), written(below))))
    })
}

/// A rule about paths is about files, one about modules about modules.
fn level(ends: &[&Selection]) -> Level {
    if ends.iter().any(|end| end.names_paths()) { Level::File } else { Level::Module }
}

fn written(selection: &Selection) -> String {
    selection.written().join(", ")
}

/// Every dependency about which the judge has something to say.
fn broken<'a>(project: &'a Project, judge: impl Fn(FileId, FileId) -> Option<(Level, String)>) -> Broken<'a> {
    let mut all = Broken::new();
    // As in the graph of modules: migrations repeat what was true once.
    let counts = |edge: &&FileEdge| !project.base.file(edge.from).tags.contains(Tag::Migration) && sites::joins(project, edge, READING);
    for edge in project.graph.file_edges.iter().filter(counts) {
        let Some((level, rule)) = judge(edge.from, edge.to) else { continue };
        let name = |file: FileId| match level {
            Level::File => project.base.path(file),
            Level::Module => project.names.module(file).name.as_str(),
        };
        let key = (level, name(edge.from), name(edge.to));
        // What a module does inside itself is no business of a rule between modules.
        if key.1 != key.2 {
            all.entry(key).or_insert_with(|| Breach { rule, edges: Vec::new() }).edges.push(edge);
        }
    }
    all
}

fn finding(row: &GatedRow, (level, from, to): (Level, &str, &str)) -> Finding {
    let [kind, level, from, to] = [row.kind, level.word(), from, to].map(str::to_owned);
    Finding { kind, level, graph: String::new(), from, to }
}

fn watched(row: &GatedRow, broken: &Broken) -> Vec<Watched> {
    let all = broken.keys().map(|key| finding(row, *key));
    all.map(|finding| Watched { group: finding.id(), finding }).collect()
}

/// Breaches of today whose every reference was there before, between modules that were cut or called otherwise. One that
/// was there under the same names is left to the baseline: a rule may be younger than what breaks it.
fn kept(
    row: &GatedRow,
    look: for<'a> fn(&'a Project, &Rules) -> Broken<'a>,
    old: &Project,
    new: &Project,
    moved: &BTreeMap<RelPath, RelPath>,
    scope: &Scope,
) -> Vec<Fact> {
    let before = Before::of(old, new, moved);
    let (then, now) = (look(old, &scope.rules), look(new, &scope.rules));
    let renamed_or_recut =
        |(key, breach): &(_, &Breach)| !then.contains_key(key) && breach.edges.iter().all(|edge| before.had(edge, READING));
    now.iter().map(|(key, breach)| (*key, breach)).filter(renamed_or_recut).map(|(key, _)| finding(row, key)).collect()
}

fn of<'a, 'b>(broken: &'b Broken<'a>, finding: &Finding) -> Option<&'b Breach<'a>> {
    broken
        .iter()
        .find(|((level, from, to), _)| level.word() == finding.level && *from == finding.from && *to == finding.to)
        .map(|(_, it)| it)
}

fn places(project: &Project, broken: &Broken, finding: &Finding) -> Vec<Place> {
    let edges = of(broken, finding).into_iter().flat_map(|breach| &breach.edges);
    edges.flat_map(|edge| sites::joining(project, edge, READING)).map(|site| sites::place(project, site)).collect()
}

fn explain(project: &Project, broken: &Broken, finding: &Finding) -> Explanation {
    let command = format!("unpick why {} {}", finding.from, finding.to);
    let Some(breach) = of(broken, finding) else { return Explanation { command, ..Explanation::default() } };
    let mut sites: Vec<_> = breach.edges.iter().flat_map(|edge| sites::joining(project, edge, READING)).collect();
    sites.sort_by_key(|site| (site.lazy, site.from, site.line));
    Explanation {
        place: sites.first().map(|site| (project.base.path(site.from).to_owned(), site.line)),
        text: sites.first().map_or_else(String::new, |site| site.text.to_string()),
        more_places: sites.len().saturating_sub(1),
        rule: Some(breach.rule.clone()),
        command,
        ..Explanation::default()
    }
}
