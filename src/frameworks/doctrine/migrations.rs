//! Migrations that are written with the library's schema objects: `$schema->createTable('x')->addColumn('id', 'integer')`.
//!
//! What entities map is told by them; here a table that none maps gets its columns and keys, and the others the place that makes
//! them. SQL that migrations hand over is read with the other strings.

use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::php::PhpClasses;
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, Told};
use std::collections::BTreeMap;

/// Classes above every migration.
const MIGRATION: &[&str] = &["doctrine\\migrations\\abstractmigration", "doctrine\\dbal\\migrations\\abstractmigration"];

/// Applies all migrations in the order of their file names; adds what is left to `tables`.
pub(super) fn read(classes: &PhpClasses<'_>, tables: &mut Vec<DeclaredTable>) {
    let mut found: Vec<(&str, FileId, DefinitionId)> = Vec::new();
    for file in classes.files() {
        let name = classes.base.path(file).rsplit('/').next().unwrap_or("");
        let migrations = classes.classes_of(file).filter(|class| classes.is_below(*class, MIGRATION));
        found.extend(migrations.filter_map(|class| Some((name, file, classes.own_method(file, class.1, "up")?))));
    }
    found.sort_unstable();
    let mut schema = Schema { classes, made: BTreeMap::new() };
    for (_, file, up) in &found {
        schema.run(*file, *up);
    }
    // SQL of a later migration may drop or rename what is made here.
    let texts: Vec<&str> = found.iter().flat_map(|(_, file, _)| classes.facts(*file).texts.iter().map(|(_, text)| text)).collect();
    let is_gone = |name: &str| {
        texts.iter().any(|text| {
            let words: Vec<&str> =
                text.split(|letter: char| letter.is_whitespace() || "`\";".contains(letter)).filter(|word| !word.is_empty()).collect();
            let at = words.iter().position(|word| *word == name);
            at.is_some_and(|at| {
                words[..at].iter().any(|word| word.eq_ignore_ascii_case("drop"))
                    && words[..at].iter().any(|word| word.eq_ignore_ascii_case("table"))
            }) || at.is_some_and(|at| words[at..].iter().any(|word| word.eq_ignore_ascii_case("rename")))
        })
    };
    for (name, table) in schema.made {
        match tables.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&name)) {
            Some(known) => known.declared.extend(table.declared),
            None if is_gone(&name) => {}
            None => tables.push(table),
        }
    }
}

/// The tables that were made so far.
struct Schema<'a, 'b> {
    classes: &'b PhpClasses<'a>,
    made: BTreeMap<String, DeclaredTable>,
}

impl Schema<'_, '_> {
    fn run(&mut self, file: FileId, up: DefinitionId) {
        let facts = self.classes.facts(file);
        let inside = facts.definition(up).values;
        for call in facts.calls.iter().filter(|call| inside.contains(call.value.0)) {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            let name = facts.text(name);
            match name {
                "createTable" => {
                    if let Some(table) = self.text(file, up, call, 0) {
                        let declared = vec![Declaration { file, line: call.span.line, by: DeclaredBy::Migration }];
                        self.made.insert(table.clone(), empty(table, declared));
                    }
                }
                "dropTable" => {
                    if let Some(table) = self.text(file, up, call, 0) {
                        self.made.remove(&table);
                    }
                }
                "renameTable" => {
                    if let (Some(from), Some(to)) = (self.text(file, up, call, 0), self.text(file, up, call, 1))
                        && let Some(mut table) = self.made.remove(&from)
                    {
                        table.name.clone_from(&to);
                        self.made.insert(to, table);
                    }
                }
                "addColumn" | "dropColumn" | "setPrimaryKey" | "addForeignKeyConstraint" => self.change((file, up), call, object, name),
                _ => {}
            }
        }
    }

    fn text(&self, file: FileId, up: DefinitionId, call: &Call, place: usize) -> Option<String> {
        let value = self.classes.facts(file).arguments_of(call).get(place)?.value;
        self.classes.text(file, Some(up), value)
    }

    /// What is said of a table that a variable holds, or of one that is made where it is said.
    fn change(&mut self, (file, up): (FileId, DefinitionId), call: &Call, object: ValueId, name: &str) {
        let facts = self.classes.facts(file);
        let Some(table) = self.table(file, up, object) else { return };
        let list = |place: usize| facts.arguments_of(call).get(place).map(|argument| literals(facts, argument.value)).unwrap_or_default();
        let (first, kind) = (self.text(file, up, call, 0), self.text(file, up, call, 1));
        let Some(table) = self.made.get_mut(&table) else { return };
        match (name, first) {
            ("addColumn", Some(column)) => table.columns.push(Column { name: column, type_name: kind }),
            ("dropColumn", Some(column)) => table.columns.retain(|known| known.name != column),
            ("setPrimaryKey", _) => table.primary_key = list(0),
            ("addForeignKeyConstraint", Some(to_table)) => table.foreign_keys.push(ForeignKey {
                columns: list(1),
                to_table,
                to_columns: list(2),
                basis: KeyBasis::Declared,
                certainty: Certainty::LITERAL,
                evidence: vec![(file, call.span.line, "migration")],
            }),
            _ => {}
        }
    }

    /// The table that `$schema->createTable('x')` or `getTable('x')` gave a variable.
    fn table(&self, file: FileId, up: DefinitionId, object: ValueId) -> Option<String> {
        let facts = self.classes.facts(file);
        if let Some(call) = facts.as_call(object) {
            let made = matches!(facts.last_name(call.callee), Some("createTable" | "getTable"));
            return made.then(|| self.text(file, up, call, 0)).flatten();
        }
        let bound = self.classes.locals(file).of_name(Some(up), facts.as_name(object)?).iter().rev();
        let before = bound.map(|row| &facts.bindings[row.binding as usize]).find(|binding| binding.target.0 < object.0)?;
        let call = facts.as_call(before.value?)?;
        let made = matches!(facts.last_name(call.callee), Some("createTable" | "getTable"));
        made.then(|| self.text(file, up, call, 0)).flatten()
    }
}

fn empty(name: String, declared: Vec<Declaration>) -> DeclaredTable {
    DeclaredTable {
        name,
        schema: None,
        model: None,
        declared,
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        polymorphic: Vec::new(),
        told: Told::default(),
    }
}

/// The texts of a list.
fn literals(facts: &FileFacts, value: ValueId) -> Vec<String> {
    match facts.value(value).shape {
        Shape::List(parts) => facts.items(parts).iter().filter_map(|part| facts.as_literal(*part)).map(str::to_owned).collect(),
        _ => facts.as_literal(value).into_iter().map(str::to_owned).collect(),
    }
}
