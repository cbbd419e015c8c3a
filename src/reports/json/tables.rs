//! The keys `tables` and `table_accesses`.

use super::Each;
use crate::analyses::keys::{KeyFindings, Polymorphic};
use crate::analyses::tables::{GodTable, Mark, Member, Part, TableUse};
use crate::base::FileId;
use crate::bind::{Access, Table, TableId};
use crate::bind::{Column, Declaration, ForeignKey};
use crate::names::ModuleId;
use crate::project::Project;
use crate::reports::Outcome;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct DeclaredRow<'a> {
    path: &'a str,
    line: u32,
    by: &'static str,
}

#[derive(Serialize)]
struct ColumnRow<'a> {
    name: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    type_name: Option<&'a str>,
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    path: &'a str,
    line: u32,
    kind: &'static str,
}

#[derive(Serialize)]
struct KeyRow<'a> {
    columns: &'a [String],
    to_table: &'a str,
    to_columns: &'a [String],
    basis: &'static str,
    confidence: f64,
    evidence: Vec<EvidenceRow<'a>>,
}

/// Two columns that refer to rows of several tables.
#[derive(Serialize)]
struct PolymorphicRow<'a> {
    type_column: &'a str,
    key_column: &'a str,
    targets: Vec<&'a str>,
    evidence: Vec<TargetRow<'a>>,
}

/// A table that the key of a pair refers to, with the places that say so.
#[derive(Serialize)]
struct TargetRow<'a> {
    table: &'a str,
    sites: Vec<EvidenceRow<'a>>,
}

/// Who a table belongs to; below 0.5 people have to decide.
#[derive(Serialize)]
struct OwnerRow<'a> {
    module: &'a str,
    confidence: f64,
}

#[derive(Serialize)]
struct TableRow<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    module: &'a str,
    declared: Vec<DeclaredRow<'a>>,
    columns: Vec<ColumnRow<'a>>,
    primary_key: &'a [String],
    foreign_keys: Vec<KeyRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    polymorphic: Vec<PolymorphicRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    open_keys: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<OwnerRow<'a>>,
    kind: &'static str,
}

/// Tables in the order of their names.
pub(in crate::reports) fn rows<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, uses, keys) = (outcome.project, &outcome.findings.tables.uses, &outcome.findings.keys);
    Each(move || {
        let rows = (0u32..).map(TableId).zip(&project.resolution.tables.rows).zip(uses);
        rows.map(move |((id, table), uses)| row(project, (id, table), uses, keys))
    })
}

fn row<'a>(project: &'a Project, (id, table): (TableId, &'a Table), uses: &TableUse, keys: &'a KeyFindings) -> TableRow<'a> {
    let inferred = keys.inferred.get(id.index()).map_or(&[][..], Vec::as_slice);
    let pair = |pair: &'a Polymorphic| PolymorphicRow {
        type_column: &pair.type_column,
        key_column: &pair.key_column,
        targets: pair.targets.iter().map(|(to, _)| name_of(project, *to)).collect(),
        evidence: pair
            .targets
            .iter()
            .map(|(to, places)| TargetRow { table: name_of(project, *to), sites: evidence(project, places) })
            .collect(),
    };
    let path = |file: FileId| project.base.path(file);
    let declared = |row: &Declaration| DeclaredRow { path: path(row.file), line: row.line, by: row.by.word() };
    let column = |column: &'a Column| ColumnRow { name: &column.name, type_name: column.type_name.as_deref() };
    let key = |key: &'a ForeignKey| KeyRow {
        columns: &key.columns,
        to_table: &key.to_table,
        to_columns: &key.to_columns,
        basis: key.basis.word(),
        confidence: key.certainty.share(),
        evidence: evidence(project, &key.evidence),
    };
    TableRow {
        name: &table.name,
        schema: table.schema.as_deref(),
        model: table.model.as_ref().map(|(_, name)| name.as_str()),
        module: &project.names.modules[table.module.index()].name,
        declared: table.declared.iter().map(declared).collect(),
        columns: table.columns.iter().map(column).collect(),
        primary_key: &table.primary_key,
        foreign_keys: table.foreign_keys.iter().chain(inferred).map(key).collect(),
        polymorphic: keys.of_table(id).map(pair).collect(),
        open_keys: keys.open_in(id).collect(),
        owner: uses.owner.map(|owner| OwnerRow { module: module(project, owner.module), confidence: share(owner.confidence) }),
        kind: uses.kind.word(),
    }
}

#[derive(Serialize)]
struct AccessRow<'a> {
    path: &'a str,
    line: u32,
    end_line: u32,
    module: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    statement: String,
    table: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    columns: &'a [String],
    operation: &'static str,
    verb: &'a str,
    by: &'static str,
    confidence: f64,
    in_loop: bool,
    in_transaction: bool,
}

/// Accesses by path and line.
pub(in crate::reports) fn accesses(project: &Project) -> impl Serialize {
    Each(move || project.resolution.tables.accesses.iter().map(|access| access_row(project, access)))
}

fn access_row<'a>(project: &'a Project, access: &'a Access) -> AccessRow<'a> {
    let at = &access.at;
    let path = project.base.path(at.file);
    AccessRow {
        path,
        line: at.line,
        end_line: at.end_line,
        module: &project.names.module(at.file).name,
        function: at.owner.map(|owner| project.base.facts(at.file).qualified_name(owner)),
        statement: format!("{path}:{}:{}", at.line, at.statement),
        table: &project.resolution.tables.rows[access.table.index()].name,
        columns: &at.columns,
        operation: at.operation.word(),
        verb: &at.verb,
        by: at.by.word(),
        confidence: at.certainty.share(),
        in_loop: at.in_loop,
        in_transaction: access.in_transaction,
    }
}

fn module(project: &Project, module: ModuleId) -> &str {
    &project.names.modules[module.index()].name
}

fn evidence<'a>(project: &'a Project, places: &[(FileId, u32, &'static str)]) -> Vec<EvidenceRow<'a>> {
    places.iter().map(|(file, line, kind)| EvidenceRow { path: project.base.path(*file), line: *line, kind }).collect()
}

fn name_of(project: &Project, table: TableId) -> &str {
    &project.resolution.tables.rows[table.index()].name
}

/// Thousandths as a share of 1.
fn share(thousandths: u32) -> f64 {
    f64::from(thousandths) / 1000.0
}

#[derive(Serialize)]
struct SharedRow<'a> {
    name: &'a str,
    readers: BTreeMap<&'a str, u32>,
    writers: BTreeMap<&'a str, u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    class: &'static str,
}

/// Tables that several modules write, worst first; an owner only where it is clear.
pub(in crate::reports) fn shared<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, tables) = (outcome.project, &outcome.findings.tables);
    let named = move |side: &BTreeMap<ModuleId, u32>| side.iter().map(|(id, count)| (module(project, *id), *count)).collect();
    Each(move || {
        tables.shared().into_iter().map(move |uses| SharedRow {
            name: name_of(project, uses.table),
            readers: named(&uses.readers),
            writers: named(&uses.writers),
            owner: uses.owner.filter(|owner| owner.is_clear()).map(|owner| module(project, owner.module)),
            class: uses.sharing.word(),
        })
    })
}

#[derive(Serialize)]
struct FamilyRow<'a> {
    base: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a str>,
    members: Vec<MemberRow<'a>>,
}

#[derive(Serialize)]
struct MemberRow<'a> {
    table: &'a str,
    entity_column: &'a str,
    attribute_column: &'a str,
    value_column: &'a str,
}

/// Tables that are one table to whoever thinks about them, by the name of the thing.
pub(in crate::reports) fn families<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, families) = (outcome.project, &outcome.findings.families);
    let member = move |member: &'a Member| MemberRow {
        table: name_of(project, member.table),
        entity_column: &member.entity_column,
        attribute_column: &member.attribute_column,
        value_column: &member.value_column,
    };
    Each(move || {
        families.iter().map(move |family| FamilyRow {
            base: name_of(project, family.base),
            kind: family.kind.word(),
            attributes: family.attributes.map(|table| name_of(project, table)),
            members: family.members.iter().map(member).collect(),
        })
    })
}

#[derive(Serialize)]
struct SplitRow<'a> {
    table: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    parts: Vec<PartRow<'a>>,
    across: Vec<&'a str>,
}

#[derive(Serialize)]
struct PartRow<'a> {
    names: &'a [String],
    modules: BTreeMap<&'a str, u32>,
}

/// Where tables could be split, by table.
pub(in crate::reports) fn splits<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, splits) = (outcome.project, &outcome.findings.splits);
    let part = move |part: &'a Part| PartRow {
        names: &part.names,
        modules: part.modules.iter().map(|(id, count)| (module(project, *id), *count)).collect(),
    };
    Each(move || {
        splits.iter().map(move |split| SplitRow {
            table: name_of(project, split.table),
            kind: if split.by.is_some() { "horizontal" } else { "vertical" },
            column: split.by.as_deref(),
            parts: split.parts.iter().map(part).collect(),
            across: split.across.iter().map(|id| module(project, *id)).collect(),
        })
    })
}

#[derive(Serialize)]
struct GodRow<'a> {
    name: &'a str,
    score: u32,
    columns: usize,
    accessor_modules: usize,
    writer_modules: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    discriminator: Option<&'a str>,
    #[serde(skip_serializing_if = "<[Vec<String>]>::is_empty")]
    column_groups: &'a [Vec<String>],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    matrix: BTreeMap<&'a str, BTreeMap<&'a str, u32>>,
    reasons: Vec<&'static str>,
}

/// God tables, worst first.
pub(in crate::reports) fn gods<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, tables) = (outcome.project, &outcome.findings.tables);
    let named = move |modules: &BTreeMap<ModuleId, u32>| modules.iter().map(|(id, count)| (module(project, *id), *count)).collect();
    Each(move || {
        tables.gods.iter().map(move |god: &GodTable| GodRow {
            name: name_of(project, god.table),
            score: god.score,
            columns: project.resolution.tables.rows[god.table.index()].columns.len(),
            accessor_modules: tables.uses[god.table.index()].accessors().len(),
            writer_modules: tables.uses[god.table.index()].writers.len(),
            discriminator: god.discriminator.as_deref(),
            column_groups: &god.column_groups,
            matrix: god.matrix.iter().map(|(column, modules)| (column.as_str(), named(modules))).collect(),
            reasons: god.marks.iter().copied().map(Mark::word).collect(),
        })
    })
}
