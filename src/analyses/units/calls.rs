//! Who calls whom among functions: in the same file by name, in other files by what imports say.
//!
//! A call on an object whose class nobody wrote down is not followed, so what is reached is a lower bound.

use crate::base::FileId;
use crate::bind::{Kind, Reference};
use crate::facts::{Call, DefinitionId, DefinitionKind, FileFacts, OwnerSweep, Shape, Text};
use crate::names::Export;
use crate::project::Project;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A function with a name, or what stands outside of all of them in a file.
pub(super) type Node = (FileId, Option<DefinitionId>);

/// The calls of one file: from which function, on which line, of what.
type FileCalls = BTreeMap<Option<DefinitionId>, Vec<(u32, Node)>>;

/// Calls, looked up file by file as they are asked for.
pub(super) struct Calls<'a> {
    project: &'a Project,
    known: FxHashMap<FileId, FileCalls>,
}

/// The innermost function with a name around a definition; functions without one run where they are written.
pub(super) fn named(facts: &FileFacts, owner: Option<DefinitionId>) -> Option<DefinitionId> {
    let mut at = owner;
    while let Some(id) = at {
        let definition = facts.definition(id);
        if matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method) {
            return at;
        }
        at = definition.owner;
    }
    None
}

impl<'a> Calls<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self { project, known: FxHashMap::default() }
    }

    /// What a function calls, by line.
    pub(super) fn of(&mut self, (file, function): Node) -> Vec<(u32, Node)> {
        let project = self.project;
        let calls = self.known.entry(file).or_insert_with(|| of_file(project, file));
        calls.get(&function).cloned().unwrap_or_default()
    }

    /// Everything that is reached from some functions in so many steps, themselves included.
    pub(super) fn reach(&mut self, from: impl Iterator<Item = Node>, steps: u32) -> BTreeSet<Node> {
        let mut found: BTreeSet<Node> = from.collect();
        let mut border: Vec<Node> = found.iter().copied().collect();
        for _ in 0..steps {
            let next: Vec<Node> = border.iter().flat_map(|node| self.of(*node)).map(|(_, node)| node).collect();
            border = next.into_iter().filter(|node| found.insert(*node)).collect();
        }
        found
    }
}

fn of_file(project: &Project, file: FileId) -> FileCalls {
    let facts = project.base.facts(file);
    let mut calls = FileCalls::new();
    let local = Local::of(facts);
    let mut owners = OwnerSweep::new(facts);
    for call in &facts.calls {
        let owner = owners.owner(call.value);
        if let Some(target) = local.target(facts, owner, call) {
            calls.entry(named(facts, owner)).or_default().push((call.span.line, (file, Some(target))));
        }
    }
    let all = &project.resolution.references;
    let start = all.partition_point(|reference| reference.from < file);
    for reference in all[start..].iter().take_while(|reference| reference.from == file) {
        if let Some(node) = outside(project, reference) {
            calls.entry(named(facts, reference.owner)).or_default().push((reference.line, node));
        }
    }
    for of_function in calls.values_mut() {
        of_function.sort_unstable();
        of_function.dedup();
    }
    calls
}

/// The function of another file that a reference calls.
fn outside(project: &Project, reference: &Reference) -> Option<Node> {
    (reference.kind == Kind::Call).then_some(())?;
    let home = project.names.home(&project.base, reference.to, reference.symbol.as_deref()?)?;
    let Some(Export::Definition(id)) = home.export else { return None };
    let is_function = project.base.facts(home.file).definition(id).kind == DefinitionKind::Function;
    is_function.then_some((home.file, Some(id)))
}

/// Functions and methods of one file by name; a name that several have is nobody's.
struct Local {
    functions: FxHashMap<Text, Option<DefinitionId>>,
    methods: FxHashMap<(DefinitionId, Text), DefinitionId>,
    classes: FxHashMap<Text, DefinitionId>,
}

impl Local {
    fn of(facts: &FileFacts) -> Self {
        let mut local = Self { functions: FxHashMap::default(), methods: FxHashMap::default(), classes: FxHashMap::default() };
        for (id, definition) in facts.definitions() {
            match (definition.kind, definition.owner) {
                (DefinitionKind::Function, _) => {
                    local.functions.entry(definition.name).and_modify(|known| *known = None).or_insert(Some(id));
                }
                (DefinitionKind::Method, Some(class)) => {
                    local.methods.insert((class, definition.name), id);
                }
                (kind, _) if kind.is_type() => {
                    local.classes.insert(definition.name, id);
                }
                _ => {}
            }
        }
        local
    }

    fn target(&self, facts: &FileFacts, owner: Option<DefinitionId>, call: &Call) -> Option<DefinitionId> {
        match facts.value(call.callee).shape {
            Shape::Name(name) => self.functions.get(&name).copied().flatten(),
            Shape::Member(object, name) => {
                let object = facts.as_name(object)?;
                let own =
                    facts.receiver(owner) == Some(object) || matches!(facts.text(object), "self" | "static" | "cls" | "this" | "$this");
                let class = if own { facts.class_around(owner)? } else { *self.classes.get(&object)? };
                self.methods.get(&(class, name)).copied()
            }
            _ => None,
        }
    }
}
