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

/// Entries by what they are called in reports, with the functions they begin with.
pub(super) fn entries(project: &Project) -> BTreeMap<String, BTreeSet<Node>> {
    let mut found: BTreeMap<String, BTreeSet<Node>> = BTreeMap::new();
    for route in &project.resolution.routes {
        let Some((file, line)) = route.handled else { continue };
        let name = format!("{} {}", route.method.word(), route.path);
        found.entry(name).or_default().extend(handlers(project, file, line, route.method.word()));
    }
    for start in starts(project) {
        let (facts, path) = (project.base.facts(start.file), project.base.path(start.file));
        let name = format!("{} {} ({path})", start.kind, facts.qualified_name(start.definition));
        found.entry(name).or_default().insert((start.file, Some(start.does)));
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
    /// `command`, or `job` for what a queue or a clock calls.
    pub kind: &'static str,
    /// Its file.
    pub file: FileId,
    /// The class or function that is the command or job.
    pub definition: DefinitionId,
    /// The function that does the work.
    does: DefinitionId,
}

/// Commands and jobs of the application, by file and place.
#[must_use]
pub fn starts(project: &Project) -> Vec<Start> {
    project.own_files().flat_map(|file| of_file(project, file)).collect()
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
