//! The key `definitions`: classes wherever they stand, functions that a whole module or program can call, and methods on
//! request.

use super::Each;
use crate::base::FileId;
use crate::facts::{Definition, DefinitionKind, FileFacts, Members, Shape, ValueId};
use crate::names::php::PHP;
use crate::project::Project;
use serde::Serialize;

/// `methods` counts the functions directly inside a type; `fields` the distinct names its body binds and the distinct
/// members its methods bind on their first parameter.
#[derive(Serialize)]
struct DefinitionRow<'a> {
    name: String,
    kind: &'static str,
    path: &'a str,
    line: u32,
    end_line: u32,
    module: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bases: Option<Vec<String>>,
}

/// The rows, by path and place in the file.
pub(super) fn rows(project: &Project, with_methods: bool) -> impl Serialize {
    Each(move || project.own_files().flat_map(move |file| of_file(project, file, with_methods)))
}

fn of_file(project: &Project, file: FileId, with_methods: bool) -> Vec<DefinitionRow<'_>> {
    let facts = project.base.facts(file);
    let members = Members::of(facts);
    // A PHP function is everybody's from the moment the code around it runs.
    let global = project.base.file(file).source.language == PHP;
    let mut rows = Vec::new();
    for (id, definition) in facts.definitions() {
        let is_type = definition.kind.is_type();
        let listed = match definition.kind {
            DefinitionKind::Function => global || definition.owner.is_none(),
            DefinitionKind::Method => with_methods,
            DefinitionKind::Lambda => false,
            _ => true,
        };
        if !listed {
            continue;
        }
        rows.push(DefinitionRow {
            name: facts.qualified_name(id),
            kind: definition.kind.word(),
            path: project.base.path(file),
            line: definition.span.line,
            end_line: definition.span.end_line,
            module: &project.names.module(file).name,
            methods: is_type.then(|| members.methods(id).len()),
            fields: is_type.then(|| members.fields(id).len()),
            bases: is_type.then(|| bases(facts, definition)),
        });
    }
    rows
}

/// Base classes as dotted text; what stands around the name (`Generic[T]`, `base()`) is left out.
fn bases(facts: &FileFacts, definition: &Definition) -> Vec<String> {
    facts.items(definition.bases).iter().filter_map(|base| dotted_core(facts, *base)).collect()
}

fn dotted_core(facts: &FileFacts, value: ValueId) -> Option<String> {
    match facts.value(value).shape {
        Shape::Item(object, _) => dotted_core(facts, object),
        Shape::Call(_) => facts.as_call(value).and_then(|call| dotted_core(facts, call.callee)),
        _ => facts.dotted(value),
    }
}
