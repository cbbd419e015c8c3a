//! For scripts: one document, the four lists of MAP.md.

use super::{CheckFormat, CheckOutcome};
use crate::analyses::gated::Finding;
use serde::Serialize;
use std::io::{self, Write};

/// The row of this format.
pub static FORMAT: CheckFormat = CheckFormat { name: "json", write };

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    against: &'a str,
    new: Vec<NewRow<'a>>,
    known: Vec<Row<'a>>,
    fixed: Vec<Row<'a>>,
    stale: Vec<Row<'a>>,
    ignored: Vec<Row<'a>>,
    hidden: usize,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    kind: &'a str,
    level: &'a str,
    graph: &'a str,
    from: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct NewRow<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    path: Option<&'a str>,
    line: Option<u32>,
    text: &'a str,
    more_places: usize,
    shortest: &'a [String],
    advice: Option<&'a str>,
    because: Option<&'a str>,
    rule: Option<&'a str>,
    owners: &'a [String],
    effects: Vec<Row<'a>>,
    command: &'a str,
}

fn row(finding: &Finding) -> Row<'_> {
    let Finding { kind, level, graph, from, to } = finding;
    Row { id: finding.id(), kind, level, graph, from, to }
}

fn write(outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    let new = outcome.new.iter().map(|explained| {
        let explanation = &explained.explanation;
        NewRow {
            row: row(&explained.new.finding),
            path: explanation.place.as_ref().map(|(path, _)| path.as_str()),
            line: explanation.place.as_ref().map(|(_, line)| *line),
            text: &explanation.text,
            more_places: explanation.more_places,
            shortest: &explanation.shortest,
            advice: explanation.advice.as_ref().map(|(advice, _)| *advice),
            because: explanation.advice.as_ref().map(|(_, because)| because.as_str()),
            rule: explanation.rule.as_deref(),
            owners: &explained.owners,
            effects: explained.new.effects.iter().map(row).collect(),
            command: &explanation.command,
        }
    });
    let document = Document {
        schema_version: 1,
        against: &outcome.against,
        new: new.collect(),
        known: outcome.known.iter().map(row).collect(),
        fixed: outcome.fixed.iter().map(row).collect(),
        stale: outcome.stale.iter().map(row).collect(),
        ignored: outcome.ignored.iter().map(row).collect(),
        hidden: outcome.hidden,
        remarks: &outcome.remarks,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::check::testing::{clean, hostile, small, written};
    use crate::reports::schema;

    #[test]
    fn every_verdict_fits_the_schema() {
        let schema = serde_json::from_str(schema::called("check").unwrap()).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for outcome in [clean(), small(), hostile()] {
            let document: serde_json::Value = serde_json::from_str(&written(&FORMAT, &outcome)).unwrap();
            let wrong: Vec<String> = validator.iter_errors(&document).map(|error| format!("{} {error}", error.instance_path())).collect();
            assert!(wrong.is_empty(), "{wrong:#?}");
        }
    }

    #[test]
    fn a_verdict_with_a_key_too_few_does_not_fit() {
        let schema = serde_json::from_str(schema::called("check").unwrap()).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let document: serde_json::Value = serde_json::from_str(&written(&FORMAT, &small())).unwrap();
        for key in document["new"][0].as_object().unwrap().keys() {
            let mut less = document.clone();
            less["new"][0].as_object_mut().unwrap().remove(key);
            assert!(!validator.is_valid(&less), "{key} is not required");
        }
    }
}
