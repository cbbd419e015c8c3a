//! The key `definitions`: classes wherever they stand, functions of the module level, and methods on request.

use super::Each;
use crate::base::FileId;
use crate::facts::{Binding, Binds, Definition, DefinitionId, DefinitionKind, FileFacts, Shape, Text, ValueId};
use crate::project::Project;
use serde::Serialize;
use std::collections::BTreeSet;

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
    let mut rows = Vec::new();
    for (id, definition) in facts.definitions() {
        let is_type = definition.kind.is_type();
        let listed = match definition.kind {
            DefinitionKind::Function => definition.owner.is_none(),
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
            methods: is_type.then(|| members.methods[id.0 as usize]),
            fields: is_type.then(|| members.fields(id)),
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

/// What the types of one file hold, counted in one pass over its definitions and bindings.
struct Members {
    /// By definition.
    methods: Vec<usize>,
    /// Type and name.
    fields: BTreeSet<(DefinitionId, Text)>,
}

impl Members {
    fn of(facts: &FileFacts) -> Self {
        let mut members = Self { methods: vec![0; facts.definitions.len()], fields: BTreeSet::new() };
        for (_, definition) in facts.definitions() {
            if let (DefinitionKind::Method, Some(owner)) = (definition.kind, definition.owner) {
                members.methods[owner.0 as usize] += 1;
            }
        }
        for binding in &facts.bindings {
            members.bind(facts, binding, binding.target);
        }
        members
    }

    fn fields(&self, owner: DefinitionId) -> usize {
        self.fields.range((owner, Text(0))..=(owner, Text(u32::MAX))).count()
    }

    fn bind(&mut self, facts: &FileFacts, binding: &Binding, target: ValueId) {
        let Some(owner) = binding.owner else { return };
        match facts.value(target).shape {
            Shape::List(parts) => facts.items(parts).iter().for_each(|part| self.bind(facts, binding, *part)),
            Shape::Name(name) => {
                let is_field = matches!(binding.binds, Binds::Assign | Binds::Augment | Binds::Declare);
                if is_field && facts.definition(owner).kind.is_type() {
                    self.fields.insert((owner, name));
                }
            }
            Shape::Member(object, name) if binding.binds != Binds::Delete => {
                if let Some(class) = facts.as_name(object).and_then(|receiver| class_behind(facts, owner, receiver)) {
                    self.fields.insert((class, name));
                }
            }
            _ => {}
        }
    }
}

/// The type whose method, somewhere around `at`, calls its first parameter `receiver`.
fn class_behind(facts: &FileFacts, at: DefinitionId, receiver: Text) -> Option<DefinitionId> {
    let mut next = Some(at);
    while let Some(id) = next {
        let definition = facts.definition(id);
        if definition.kind == DefinitionKind::Method {
            let first = facts.parameters[definition.parameters.range()].first()?;
            return (first.name == receiver).then_some(definition.owner).flatten();
        }
        next = definition.owner;
    }
    None
}
