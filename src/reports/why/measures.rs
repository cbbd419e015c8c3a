//! The evidence behind a class's figures: which method branches how much, and which foreign attributes are read where.

use crate::analyses::gods::{Measured, measured};
use crate::base::FileId;
use crate::facts::{DefinitionId, FileFacts, Shape, ValueId};
use crate::project::Project;
use crate::reports::gods::figures;
use crate::reports::page::{Page, bold, count, faint, number, plain};
use std::cmp::Reverse;
use std::io;

/// Writes the figures of a class, and what each of them counts.
pub(super) fn write(page: &mut Page, project: &Project, file: FileId, class: DefinitionId) -> io::Result<()> {
    let Some(measured) = measured(project, file).into_iter().find(|measured| measured.class.class == Some(class)) else { return Ok(()) };
    let Measured { class, methods, foreign } = measured;
    let (facts, path) = (project.base.facts(file), project.base.path(file));
    page.line(&[bold(class.name.as_str()), plain(format!(" itself: {}", figures(&class)))])?;
    let mut methods = methods;
    methods.sort_by_key(|(method, complexity)| (Reverse(*complexity), *method));
    for (method, complexity) in methods {
        let definition = facts.definition(method);
        let name = facts.text(definition.name);
        page.line(&[plain(format!("  {path}:{}  complexity {:<4} {name}", definition.span.line, number(complexity)))])?;
    }
    if !foreign.is_empty() {
        page.line(&[plain("foreign attributes it reads:")])?;
    }
    for read in foreign {
        let times = if read.places > 1 { format!("  and {} more", count(read.places as usize - 1, "place")) } else { String::new() };
        let place = format!("  {path}:{}  {}", facts.value(read.value).line, written(facts, read.value));
        page.line(&[plain(place), faint(times)])?;
    }
    Ok(())
}

/// An attribute about as it is written: what is handed over in calls and stands between brackets is left out.
fn written(facts: &FileFacts, value: ValueId) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut at = value;
    loop {
        match facts.value(at).shape {
            Shape::Name(name) => {
                parts.push(facts.text(name).to_owned());
                break;
            }
            Shape::Member(object, name) => {
                parts.push(format!(".{}", facts.text(name)));
                at = object;
            }
            Shape::Call(call) => {
                parts.push("(..)".to_owned());
                at = facts.calls[call.0 as usize].callee;
            }
            Shape::Item(object, _) => {
                parts.push("[..]".to_owned());
                at = object;
            }
            _ => {
                parts.push("(..)".to_owned());
                break;
            }
        }
    }
    parts.reverse();
    parts.concat()
}
