//! Where work begins that is no transaction of its own: handlers of routes, commands, jobs and consumers.

use super::calls::Node;
use crate::base::FileId;
use crate::facts::{Definition, DefinitionId, DefinitionKind, FileFacts};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Decorators of functions that a queue calls.
const TASKS: [&str; 5] = ["task", "shared_task", "periodic_task", "actor", "job"];

/// Base classes whose method is called from the command line, and that method.
const COMMANDS: [(&str, &str); 6] = [
    ("BaseCommand", "handle"),
    ("NoArgsCommand", "handle"),
    ("Command", "handle"),
    ("Command", "execute"),
    ("AbstractCommand", "execute"),
    ("ContainerAwareCommand", "execute"),
];

/// Base classes and interfaces whose method a queue or a clock calls, and that method.
const JOBS: [(&str, &str); 6] = [
    ("ShouldQueue", "handle"),
    ("Task", "run"),
    ("Job", "run"),
    ("scheduled_task", "execute"),
    ("adhoc_task", "execute"),
    ("MessageHandlerInterface", "__invoke"),
];

/// What begins a unit: the word for it, and the functions it begins with.
#[derive(Debug)]
pub(super) struct Begun {
    /// route, command, job, listener, handler or observer.
    pub(super) kind: &'static str,
    pub(super) nodes: BTreeSet<Node>,
}

/// Entries by what they are called in reports.
type Found = BTreeMap<String, Begun>;

fn begin<'a>(found: &'a mut Found, name: String, kind: &'static str) -> &'a mut BTreeSet<Node> {
    &mut found.entry(name).or_insert_with(|| Begun { kind, nodes: BTreeSet::new() }).nodes
}

/// Entries by what they are called in reports, with the functions they begin with.
pub(super) fn entries(project: &Project) -> BTreeMap<String, Begun> {
    let mut found = Found::new();
    for route in &project.resolution.routes {
        let Some((file, line)) = route.handled else { continue };
        let name = format!("{} {}", route.method.word(), route.path);
        begin(&mut found, name, "route").extend(handlers(project, file, line, route.method.word()));
    }
    for start in starts(project) {
        let (facts, path) = (project.base.facts(start.file), project.base.path(start.file));
        let name = format!("{} {} ({path})", start.kind, facts.qualified_name(start.definition));
        begin(&mut found, name, start.kind).insert((start.file, Some(start.does)));
    }
    found
}

/// The function that begins on a line; of a class the methods that answer the method, or all of them.
fn handlers(project: &Project, file: FileId, line: u32, method: &str) -> Vec<Node> {
    let facts = project.base.facts(file);
    let around = facts.definitions().filter(|(_, definition)| definition.first_line <= line && line <= definition.span.end_line);
    let Some((id, definition)) = around.last() else { return vec![(file, None)] };
    if !definition.kind.is_type() {
        return vec![(file, facts.named_function(Some(id)))];
    }
    let methods: Vec<DefinitionId> =
        facts.inside(Some(id)).filter(|(_, inside)| inside.kind == DefinitionKind::Method).map(|(id, _)| id).collect();
    let name = |id: &DefinitionId| facts.text(facts.definition(*id).name).to_ascii_lowercase();
    let named: Vec<DefinitionId> = methods.iter().copied().filter(|id| name(id).eq_ignore_ascii_case(method)).collect();
    let chosen = if named.is_empty() { methods } else { named };
    chosen.into_iter().map(|id| (file, Some(id))).collect()
}

/// Work that begins without a request.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Start {
    /// command, job, listener, handler or observer; a job is what a queue or a clock calls.
    pub kind: &'static str,
    /// Its file.
    pub file: FileId,
    /// The class or function that is the command, the job or what hears of something.
    pub definition: DefinitionId,
    /// The function that does the work.
    does: DefinitionId,
}

/// Commands, jobs and what is told of events and messages, by file and place. Where a framework was read it knows best;
/// elsewhere base classes and decorators tell.
#[must_use]
pub fn starts(project: &Project) -> Vec<Start> {
    let known: BTreeSet<Node> = project.resolution.entries.iter().map(|entry| (entry.file, Some(entry.function))).collect();
    let told = project.own_files().flat_map(|file| of_file(project, file));
    let mut all: Vec<Start> = told.filter(|start| !known.contains(&(start.file, Some(start.does)))).collect();
    all.extend(project.resolution.entries.iter().map(|entry| {
        let facts = project.base.facts(entry.file);
        let definition = match (facts.text(facts.definition(entry.function).name), facts.class_around(Some(entry.function))) {
            ("handle" | "execute" | "__invoke", Some(class)) => class,
            _ => entry.function,
        };
        Start { kind: entry.word, file: entry.file, definition, does: entry.function }
    }));
    all.sort_unstable_by(|a, b| (a.file, a.definition, a.kind).cmp(&(b.file, b.definition, b.kind)));
    all
}

fn of_file(project: &Project, file: FileId) -> Vec<Start> {
    let facts = project.base.facts(file);
    let start = |(id, definition): (DefinitionId, &Definition)| {
        let (kind, does) = if definition.kind.is_type() {
            started(facts, id)?
        } else {
            facts.items(definition.decorators).iter().any(|value| is_task(facts, *value)).then_some(("job", id))?
        };
        Some(Start { kind, file, definition: id, does })
    };
    facts.definitions().filter_map(start).collect()
}

/// A class that is a command or a job, with the method that does the work.
fn started(facts: &FileFacts, class: DefinitionId) -> Option<(&'static str, DefinitionId)> {
    let bases: Vec<&str> = facts.items(facts.definition(class).bases).iter().filter_map(|base| facts.last_name(*base)).collect();
    let short = |base: &&str| base.rsplit('\\').next().unwrap_or(base).to_owned();
    let bases: Vec<String> = bases.iter().map(short).collect();
    let method = |list: &[(&str, &str)]| {
        let mut wanted = list.iter().filter(|(base, _)| bases.iter().any(|known| known == base));
        wanted.find_map(|(_, name)| facts.inside(Some(class)).find(|(_, inside)| facts.text(inside.name) == *name).map(|(id, _)| id))
    };
    method(&JOBS).map(|id| ("job", id)).or_else(|| method(&COMMANDS).map(|id| ("command", id)))
}

fn is_task(facts: &FileFacts, decorator: crate::facts::ValueId) -> bool {
    let callee = facts.as_call(decorator).map_or(decorator, |call| call.callee);
    facts.last_name(callee).is_some_and(|name| TASKS.contains(&name))
}
