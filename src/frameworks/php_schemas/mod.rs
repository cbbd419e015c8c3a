//! Schemas that code of PHP holds itself: arrays that describe tables, and the migrations of Yii, Phinx, CakePHP and
//! `CodeIgniter`.
//!
//! Both are recognised by their shape, whatever reads them. What SQL, mapped classes and other frameworks declare as well joins
//! them by name.

mod arrays;
mod coded;

use super::{FrameworkRow, Model};
use crate::base::{Certainty, FileId};
use crate::config::Config;
use crate::facts::{FileFacts, Shape, ValueId};
use crate::frameworks::orm::Classes;
use crate::frameworks::php::PhpClasses;
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, Told};
use crate::names::php::PHP;
use crate::names::{FactBase, Names};

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "php_schemas", interpret };

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    let says = |words: &[&str]| {
        let own = |file: &FileId| !base.file(*file).left_out && base.file(*file).source.language == PHP;
        let files = base.ids().filter(own);
        files.filter(|file| words.iter().any(|word| base.facts(*file).texts.find(word).is_some())).collect::<Vec<FileId>>()
    };
    let (described, coded) = (says(&arrays::WORDS), says(&coded::WORDS));
    let mut tables = Vec::new();
    for file in described {
        arrays::read(base.facts(file), file, &mut tables);
    }
    if !coded.is_empty() {
        let classes = Classes::new(base, names, &out.answers);
        coded::read(&PhpClasses::new(&classes), &coded, &mut tables);
    }
    out.tables.append(&mut tables);
}

/// A table of which only the name is known yet.
fn empty(name: &str, file: FileId, line: u32) -> DeclaredTable {
    DeclaredTable {
        name: name.to_owned(),
        schema: None,
        model: None,
        declared: vec![Declaration { file, line, by: DeclaredBy::Migration }],
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        polymorphic: Vec::new(),
        told: Told::default(),
    }
}

fn column(name: &str, kind: Option<&str>) -> Column {
    Column { name: name.to_owned(), type_name: kind.map(str::to_owned) }
}

fn key(columns: Vec<String>, to_table: &str, to_columns: Vec<String>, (file, line): (FileId, u32)) -> ForeignKey {
    ForeignKey {
        columns,
        to_table: to_table.to_owned(),
        to_columns,
        basis: KeyBasis::Declared,
        certainty: Certainty::LITERAL,
        evidence: vec![(file, line, "schema of the code")],
    }
}

/// The texts of a list, or the one text.
fn texts(facts: &FileFacts, value: ValueId) -> Vec<String> {
    match facts.value(value).shape {
        Shape::List(parts) => facts.items(parts).iter().filter_map(|part| facts.as_literal(*part)).map(str::to_owned).collect(),
        _ => facts.as_literal(value).into_iter().flat_map(|text| text.split(',')).map(|name| name.trim().to_owned()).collect(),
    }
}

/// True for what a table or column may be called.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}
