//! Turns look-ups whose names are known into references, and the others into unresolved ones.

use super::World;
use super::helpers::{Function, Helpers, Lookup, Sought, enclosing_function};
use super::pattern::{Piece, known};
use crate::base::{Certainty, FileId, Tag, join};
use crate::facts::{FileFacts, Shape, ValueId};
use crate::frameworks::{Model, OpenCall, StringReference, dotted_names};
use crate::names::Found;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What became of one look-up.
enum Outcome {
    /// Files, with the name taken from each.
    Found(Vec<(FileId, Option<String>)>),
    /// Ours by its name, but not there.
    Missing(String),
    /// The name is not known before the program runs.
    Computed,
    /// Somebody else's code.
    Outside,
}

/// Reports every look-up outside migrations.
pub(super) fn report(world: &World<'_>, helpers: &Helpers, out: &mut Model) {
    let called: BTreeSet<Function> = helpers.lookups.iter().filter_map(|lookup| lookup.helper).collect();
    for lookup in &helpers.lookups {
        if !world.base.file(lookup.file).tags.contains(Tag::Migration) {
            report_one(world, lookup, &called, out);
        }
    }
}

fn report_one(world: &World<'_>, lookup: &Lookup, called: &BTreeSet<Function>, out: &mut Model) {
    let facts = world.base.facts(lookup.file);
    let function = enclosing_function(facts, lookup.owner);
    let inside_helper = function.is_some() && lookup.sought.iter().any(|sought| sought.parameters() != 0);
    // A helper's callers answer for the names they hand over, if it has any.
    let answered = function.is_some_and(|id| called.contains(&(lookup.file, id)));
    let computed = lookup.sought.iter().any(Sought::is_computed) || (inside_helper && !answered);
    if inside_helper && !computed {
        return;
    }
    let literals = literals(facts, lookup);
    let mut outcome = Outcome::Computed;
    for sought in lookup.sought.iter().filter(|_| !inside_helper) {
        match resolve(world, lookup.file, sought, &literals) {
            Outcome::Found(found) => {
                add(world, lookup, sought, &literals, found, out);
                return;
            }
            Outcome::Missing(reason) => outcome = Outcome::Missing(reason),
            // One way of looking it up says that it is somebody else's: the helper's other ways are its fallbacks.
            Outcome::Outside if matches!(outcome, Outcome::Computed) => outcome = Outcome::Outside,
            Outcome::Outside | Outcome::Computed => {}
        }
    }
    if matches!(outcome, Outcome::Outside)
        && let Some(name) = lookup.sought.iter().find_map(outside_model)
    {
        out.answers.outside.insert((lookup.file, lookup.call.value), name);
    }
    let reason = match outcome {
        Outcome::Missing(reason) => reason,
        Outcome::Computed if inside_helper && !answered => "the name is a parameter, and nothing seen here calls this function".to_owned(),
        Outcome::Computed if computed => "the name is put together at run time".to_owned(),
        Outcome::Computed if !literals.is_empty() => "what the helper makes of this name is not known".to_owned(),
        _ => return,
    };
    let callee = facts.dotted(lookup.call.callee).unwrap_or_else(|| "a computed function".to_owned());
    let shown = if literals.is_empty() { "...".to_owned() } else { quoted(&literals) };
    out.unresolved.push(OpenCall {
        file: lookup.file,
        line: lookup.call.span.line,
        kind: "call",
        text: format!("{callee}({shown})"),
        reason,
    });
}

/// A model of an application outside the tree as a dotted name: `sites.models.Site`.
fn outside_model(sought: &Sought) -> Option<String> {
    let Sought::DjangoModel(label, Some(model)) = sought else { return None };
    Some(format!("{}.models.{}", known(label)?, known(model)?))
}

fn quoted(literals: &[String]) -> String {
    literals.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", ")
}

/// The literals as written, or else the name that was worked out from constants.
fn shown(sought: &Sought, literals: &[String]) -> String {
    match sought {
        Sought::Module(name) | Sought::Symbol(name) if literals.is_empty() => format!("'{}'", known(name).unwrap_or_default()),
        Sought::DjangoModel(label, model) if literals.is_empty() => {
            let text = |pattern: &[Piece]| known(pattern).unwrap_or_default();
            format!("'{}', '{}'", text(label), model.as_ref().map(|model| text(model)).unwrap_or_default())
        }
        _ => quoted(literals),
    }
}

fn add(world: &World<'_>, lookup: &Lookup, sought: &Sought, literals: &[String], found: Vec<(FileId, Option<String>)>, out: &mut Model) {
    let shown = shown(sought, literals);
    let named = found.iter().filter_map(|(file, symbol)| Some((*file, symbol.clone()?)));
    out.answers.ours.entry((lookup.file, lookup.call.value)).or_default().extend(named);
    for (to, symbol) in found {
        out.references.push(StringReference {
            from: lookup.file,
            line: lookup.call.span.line,
            owner: lookup.owner,
            to,
            symbol,
            text: shown.clone(),
            deferred: false,
            certainty: Certainty(90),
            rule: rule(world, lookup.helper),
        });
    }
}

fn rule(world: &World<'_>, helper: Option<Function>) -> Cow<'static, str> {
    match helper {
        None => Cow::Borrowed("looked up by name"),
        Some((file, id)) => {
            let facts = world.base.facts(file);
            let definition = facts.definition(id);
            let name = facts.text(definition.name);
            Cow::Owned(format!("looked up by name through {name} ({}:{})", world.base.path(file), definition.span.line))
        }
    }
}

/// The string literals a call hands over, also inside lists.
fn literals(facts: &FileFacts, lookup: &Lookup) -> Vec<String> {
    fn collect(facts: &FileFacts, value: ValueId, out: &mut Vec<String>) {
        match facts.value(value).shape {
            Shape::Literal(text) => out.push(facts.text(text).to_owned()),
            Shape::List(parts) => facts.items(parts).iter().for_each(|part| collect(facts, *part, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for argument in facts.arguments_of(&lookup.call) {
        collect(facts, argument.value, &mut out);
    }
    out
}

fn resolve(world: &World<'_>, from: FileId, sought: &Sought, literals: &[String]) -> Outcome {
    match sought {
        Sought::Module(pattern) => match known(pattern) {
            Some(path) => module(world, from, &path, literals),
            None => by_label(world, literals).or_else(|| spelled_out(world, from, literals)).unwrap_or(Outcome::Computed),
        },
        Sought::Symbol(pattern) => match known(pattern) {
            Some(path) => match dotted_names::target(world.base, world.names, from, &path) {
                Some(found) => Outcome::Found(vec![found]),
                None => missing_or_outside(world, from, &path),
            },
            None => spelled_out(world, from, literals).unwrap_or(Outcome::Computed),
        },
        Sought::DjangoModel(label, model) => {
            let text = |pattern: &[Piece]| known(pattern);
            let pair = match model {
                Some(model) => text(label).zip(text(model)),
                None => text(label).and_then(|both| both.split_once('.').map(|(label, model)| (label.to_owned(), model.to_owned()))),
            };
            let Some((label, model)) = pair else { return Outcome::Computed };
            match world.models.model(world.base, &label, &model) {
                Some((file, name)) => Outcome::Found(vec![(file, Some(name))]),
                None if world.models.app(&label).is_some() => {
                    Outcome::Missing(format!("the application {label} is here, but no model {model} in it"))
                }
                None => Outcome::Outside,
            }
        }
    }
}

/// A module by its full name; the other literals of the call are names expected in it.
fn module(world: &World<'_>, from: FileId, path: &str, literals: &[String]) -> Outcome {
    let Some(Found::File(file)) = world.names.dotted(world.base, from, path) else {
        return by_label(world, literals).unwrap_or_else(|| missing_or_outside(world, from, path));
    };
    match names_in(world, file, literals, path) {
        Ok(found) => Outcome::Found(found),
        Err(name) => by_label(world, literals).unwrap_or_else(|| Outcome::Missing(format!("{path} is here, but has no {name}"))),
    }
}

/// The names among the literals that a file has; the first one it lacks is the error. No names: the file as a whole.
fn names_in(world: &World<'_>, file: FileId, literals: &[String], path: &str) -> Result<Vec<(FileId, Option<String>)>, String> {
    let mut found = Vec::new();
    // What is part of the path itself is not a name in it: the label, and prefixes such as the package.
    for name in
        literals.iter().filter(|text| is_identifier(text) && !path.ends_with(text.as_str()) && !path.split('.').any(|part| part == *text))
    {
        if world.names.home(world.base, file, name).is_none() && world.names.export(world.base, file, name).is_none() {
            return Err(name.clone());
        }
        found.push((file, Some(name.clone())));
    }
    if found.is_empty() {
        found.push((file, None));
    }
    Ok(found)
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// `"basket.forms"` read as an application's label and a module below it; believed only with a name that is there.
fn by_label(world: &World<'_>, literals: &[String]) -> Option<Outcome> {
    let (label, rest) = literals.iter().find_map(|text| text.split_once('.'))?;
    let app = world.models.app(label)?;
    let tree = world.names.tree();
    let mut folder = app.folder.clone();
    let mut parts = rest.split('.').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_some() {
            folder = join(&folder, part);
        } else {
            let file = tree.python_module(&folder, part)?;
            let found = names_in(world, file, literals, &format!("{label}.{rest}")).ok()?;
            return found.iter().any(|(_, name)| name.is_some()).then_some(Outcome::Found(found));
        }
    }
    None
}

/// A literal that is the full dotted name of something, whatever the helper does to take it apart.
fn spelled_out(world: &World<'_>, from: FileId, literals: &[String]) -> Option<Outcome> {
    let found: Vec<_> = literals
        .iter()
        .filter(|text| text.contains('.') && text.split('.').all(is_identifier))
        .filter_map(|text| dotted_names::target(world.base, world.names, from, text))
        .collect();
    (!found.is_empty()).then_some(Outcome::Found(found))
}

fn missing_or_outside(world: &World<'_>, from: FileId, path: &str) -> Outcome {
    let head = path.split('.').next().unwrap_or(path);
    match world.names.dotted(world.base, from, head) {
        Some(Found::File(_)) if path.contains('.') => Outcome::Missing(format!("{head} is here, but not {path}")),
        _ => Outcome::Outside,
    }
}
