//! `unpick routes`: every address the application answers, and what answers it, by module.

use super::json::{Document, GENERATOR, SCHEMA_VERSION, routes as rows};
use super::page::{Page, bold, count, faint, number, plain};
use super::{Options, Outcome};
use crate::bind::Route;
use crate::project::Project;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// From here on a route is told without a remark on how sure it is.
const SURE: u8 = 90;

/// Writes it as text: the modules that answer, then every route under its module.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let project = outcome.project;
    let mut page = Page::new(out, options.colour, options.width);
    let routes = &project.resolution.routes;
    if routes.is_empty() {
        return page.line(&[bold("No routes"), plain(": no framework read here registers an address.")]);
    }
    let mut modules: BTreeMap<&str, Vec<&Route>> = BTreeMap::new();
    for route in routes {
        modules.entry(module(project, route)).or_default().push(route);
    }
    page.line(&[bold(count(routes.len(), "route")), plain(format!(" in {}.", count(modules.len(), "module")))])?;
    for (module, routes) in modules {
        page.gap()?;
        page.line(&[bold(module.to_owned()), plain(format!(" ({})", number(routes.len())))])?;
        for route in routes {
            one(&mut page, project, route)?;
        }
    }
    Ok(())
}

fn module<'a>(project: &'a Project, route: &Route) -> &'a str {
    let (file, _) = route.handled.unwrap_or(route.registered);
    &project.names.module(file).name
}

fn one(page: &mut Page, project: &Project, route: &Route) -> io::Result<()> {
    let (file, line) = route.handled.unwrap_or(route.registered);
    let mut remark = format!("  {}:{line}", project.base.path(file));
    if route.certainty.0 < SURE {
        remark.push_str(&format!("  {}% sure", route.certainty.0));
    }
    page.line(&[plain(format!("  {:<7} {}  {}", route.method.word(), route.path, route.handler)), faint(remark)])
}

/// Writes it as JSON, in rows like those of the map.
///
/// # Errors
/// When writing fails.
pub fn write_json(outcome: &Outcome, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("routes", &rows::rows(outcome.project))?;
    document.finish()
}
