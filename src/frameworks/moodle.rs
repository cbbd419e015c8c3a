//! Moodle: the schema in `db/install.xml` of the core and of every plugin (XMLDB). Names there have no prefix, as in code.
//!
//! XMLDB's foreign keys are kept for people: Moodle makes no constraints of them.

use super::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, Told};
use super::{FrameworkRow, Model};
use crate::base::{Certainty, FileId, Language};
use crate::config::Config;
use crate::facts::Node;
use crate::names::{FactBase, Names};

/// The row of this framework.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "moodle", interpret };

fn interpret(base: &FactBase, _: &Names, _: &Config, out: &mut Model) {
    let files = base.ids().filter(|file| base.file(*file).source.language == Language::XML && !base.file(*file).left_out);
    for file in files {
        let Some(document) = base.facts(file).document() else { continue };
        for node in document.all(&["XMLDB", "TABLES", "TABLE"]) {
            out.tables.extend(table(file, node));
        }
    }
}

fn table(file: FileId, node: Node<'_>) -> Option<DeclaredTable> {
    let fields = node.all(&["FIELDS", "FIELD"]).into_iter();
    let columns = fields.filter_map(|field| {
        let type_name = field.attribute("TYPE").map(|kind| match field.attribute("LENGTH") {
            Some(length) => format!("{kind}({length})"),
            None => kind.to_owned(),
        });
        Some(Column { name: field.attribute("NAME")?.to_owned(), type_name })
    });
    let keys = node.all(&["KEYS", "KEY"]);
    let of_kind = |key: &&Node<'_>, kinds: &[&str]| key.attribute("TYPE").is_some_and(|kind| kinds.contains(&kind));
    let primary = keys.iter().find(|key| of_kind(key, &["primary"]));
    let foreign = keys.iter().filter(|key| of_kind(key, &["foreign", "foreign-unique"]));
    let foreign_keys = foreign.filter_map(|key| {
        Some(ForeignKey {
            columns: names(key.attribute("FIELDS")?),
            to_table: key.attribute("REFTABLE")?.to_owned(),
            to_columns: names(key.attribute("REFFIELDS").unwrap_or("")),
            basis: KeyBasis::Declared,
            certainty: Certainty::LITERAL,
            evidence: vec![(file, key.line(), "XMLDB key")],
        })
    });
    Some(DeclaredTable {
        name: node.attribute("NAME")?.to_owned(),
        schema: None,
        model: None,
        declared: vec![Declaration { file, line: node.line(), by: DeclaredBy::Xml }],
        columns: columns.collect(),
        primary_key: primary.map(|key| names(key.attribute("FIELDS").unwrap_or(""))).unwrap_or_default(),
        foreign_keys: foreign_keys.collect(),
        polymorphic: Vec::new(),
        told: Told::default(),
    })
}

/// `course, user`
fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
