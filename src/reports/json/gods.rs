//! The keys `god_classes`, `god_files` and `god_modules`: what does too much, worst first.

use super::Each;
use crate::analyses::gods::{God, GodModule, Reason};
use crate::facts::DefinitionId;
use crate::project::Project;
use crate::reports::Outcome;
use serde::Serialize;

/// A class, or a file as if it were one. `parts` are groups of methods that neither share an own attribute nor call each
/// other.
#[derive(Serialize)]
struct GodRow<'a> {
    name: &'a str,
    path: &'a str,
    line: u32,
    end_line: u32,
    lines: u32,
    methods: u32,
    fields: u32,
    public: u32,
    coupling: u32,
    wmc: u32,
    atfd: u32,
    tcc: Option<f64>,
    tables: u32,
    reasons: Vec<&'static str>,
    parts: Vec<Vec<&'a str>>,
}

impl<'a> GodRow<'a> {
    fn of(project: &'a Project, god: &'a God) -> Self {
        let figures = god.figures;
        let facts = project.base.facts(god.file);
        let name = |id: &DefinitionId| facts.text(facts.definition(*id).name);
        Self {
            name: &god.name,
            path: project.base.path(god.file),
            line: god.span.line,
            end_line: god.span.end_line,
            lines: figures.lines,
            methods: figures.methods,
            fields: figures.fields,
            public: figures.public,
            coupling: figures.coupling,
            wmc: figures.wmc,
            atfd: figures.atfd,
            tcc: figures.tcc.map(|tcc| tcc.ten_thousandths() as f64 / 10_000.0),
            tables: figures.tables,
            reasons: god.reasons.iter().copied().map(Reason::word).collect(),
            parts: god.parts.iter().map(|part| part.iter().map(name).collect()).collect(),
        }
    }
}

/// Classes, the merely large ones after the gods.
pub(in crate::reports) fn classes<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    rows(outcome.project, &outcome.findings.gods.classes)
}

/// Files.
pub(in crate::reports) fn files<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    rows(outcome.project, &outcome.findings.gods.files)
}

fn rows<'a>(project: &'a Project, gods: &'a [God]) -> impl Serialize + use<'a> {
    Each(move || gods.iter().map(move |god| GodRow::of(project, god)))
}

#[derive(Serialize)]
struct GodModuleRow<'a> {
    name: &'a str,
    afferent: u64,
    efferent: u64,
    lines: u64,
    reasons: &'a [&'static str],
}

/// Modules, by name.
pub(in crate::reports) fn modules<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, gods) = (outcome.project, &outcome.findings.gods.modules);
    Each(move || {
        gods.iter().map(move |god| {
            let GodModule { module, afferent, efferent, lines, reasons, .. } = god;
            let name = &project.names.modules[module.index()].name;
            GodModuleRow { name, afferent: *afferent, efferent: *efferent, lines: *lines, reasons }
        })
    })
}
