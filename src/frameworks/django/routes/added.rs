//! Patterns that code elsewhere puts into a list of a URLconf: `urls.urlpatterns += [...]` in what an application does
//! when it is ready, or a loop over all applications that asks each for its own.

use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, Shape, Text, ValueId};
use crate::frameworks::python::{Evaluator, Scope, Thing, is_python};
use crate::names::Named;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// One addition.
struct Addition {
    /// The list it is added to.
    list: (FileId, Text),
    file: FileId,
    owner: Option<DefinitionId>,
    value: ValueId,
    /// The value is one item of the list.
    one: bool,
}

/// Tells the evaluator of everything that is added to lists of URLs from outside of their files.
pub(super) fn note(evaluator: &Evaluator<'_>) {
    let base = evaluator.classes.base;
    let files = base.ids().filter(|file| is_python(base, *file));
    let additions: Vec<Addition> = files.flat_map(|file| in_file(evaluator, file)).collect();
    if additions.is_empty() {
        return;
    }
    // What is added may hold a list that something else is added to.
    for _ in 0..2 {
        let mut added: FxHashMap<(FileId, Text), Thing> = FxHashMap::default();
        for addition in &additions {
            let list = added.remove(&addition.list).unwrap_or_else(|| Thing::List(Rc::from([])));
            added.insert(addition.list, list.and(Thing::List(told(evaluator, addition).into())));
        }
        evaluator.note_added(added);
    }
}

/// True for names of lists that hold URLs.
fn is_named_for_urls(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("url") || name.contains("patterns")
}

/// Additions that a file makes to lists of other files.
fn in_file(evaluator: &Evaluator<'_>, file: FileId) -> Vec<Addition> {
    let facts = evaluator.facts(file);
    let list =
        |owner: Option<DefinitionId>, target: ValueId| match evaluator.classes.names.named(evaluator.classes.base, file, owner, target) {
            Named::Variable(home, name) if home != file && is_named_for_urls(evaluator.facts(home).text(name)) => Some((home, name)),
            _ => None,
        };
    let augmented = facts.bindings.iter().filter(|binding| binding.binds == Binds::Augment).filter_map(|binding| {
        let (list, value) = (list(binding.owner, binding.target)?, binding.value?);
        Some(Addition { list, file, owner: binding.owner, value, one: false })
    });
    let called = facts.calls.iter().filter_map(|call| {
        let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
        let (place, one) = match facts.text(name) {
            "append" => (0, true),
            "extend" => (0, false),
            "insert" => (1, true),
            _ => return None,
        };
        let owner = facts.owner_of(call.value);
        Some(Addition { list: list(owner, object)?, file, owner, value: facts.arguments_of(call).get(place)?.value, one })
    });
    augmented.chain(called).collect()
}

/// The patterns of an addition; not every application that is asked has URLs.
fn told(evaluator: &Evaluator<'_>, addition: &Addition) -> Vec<Thing> {
    let mut found = Vec::new();
    for scope in scopes(evaluator, addition) {
        for scope in evaluator.rounds(&scope, addition.value).0 {
            match evaluator.of(&scope, addition.value) {
                thing if addition.one => found.push(thing),
                Thing::List(parts) => found.extend(parts.iter().cloned()),
                _ => {}
            }
        }
    }
    found.retain(|part| match part {
        Thing::Pattern(pattern) => !matches!(&pattern.target, Thing::Include(include) if is_unknown(&include.0)),
        part => !part.is_unknown(),
    });
    found.into_iter().map(Thing::perhaps).collect()
}

/// The scopes an addition is reached in: a method of an application runs for every application that has it.
fn scopes(evaluator: &Evaluator<'_>, addition: &Addition) -> Vec<Scope> {
    let facts = evaluator.facts(addition.file);
    let (Some(owner), Some(class)) = (addition.owner, facts.class_around(addition.owner)) else {
        return vec![Scope::at(addition.file, addition.owner)];
    };
    let class = (addition.file, class);
    let name = facts.text(facts.definition(owner).name);
    let (mut found, mut is_app) = (Vec::new(), false);
    for app in evaluator.apps().iter().filter(|app| evaluator.classes.line(**app).any(|above| above == class)) {
        is_app = true;
        let runs = evaluator.method(*app, name).is_some_and(|own| own == (addition.file, owner) || calls_above(evaluator, own, name));
        found.extend(runs.then(|| Evaluator::app(*app)));
    }
    if !is_app {
        found.push(Thing::Definition(class.0, class.1));
    }
    found.into_iter().filter_map(|this| evaluator.inside(&Thing::Method(Rc::new((this, addition.file, owner))), &[])).collect()
}

/// `super().ready()` in a method of that name.
fn calls_above(evaluator: &Evaluator<'_>, (file, method): (FileId, DefinitionId), name: &str) -> bool {
    let facts = evaluator.facts(file);
    let is_super = |value: ValueId| facts.as_call(value).is_some_and(|call| facts.last_name(call.callee) == Some("super"));
    facts.calls.iter().any(|call| match facts.value(call.callee).shape {
        Shape::Member(object, called) => facts.text(called) == name && is_super(object) && facts.owner_of(call.value) == Some(method),
        _ => false,
    })
}

/// Nothing, or nothing beside the name of its application.
fn is_unknown(included: &Thing) -> bool {
    match included {
        Thing::List(parts) => parts.first().is_some_and(Thing::is_unknown),
        included => included.is_unknown(),
    }
}
