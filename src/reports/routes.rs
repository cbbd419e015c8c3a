//! `unpick routes`: every address the application answers, and what answers it: first what is not certain, with the reason,
//! then the rest by module.

use super::json::{Document, GENERATOR, SCHEMA_VERSION, routes as rows};
use super::page::{Page, bold, count, faint, number, plain};
use super::{Options, Outcome};
use crate::bind::{Method, Route};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// From here on a route is told without a remark on how sure it is.
const SURE: u8 = 90;

/// Writes it as text: the routes that are not certain, then the others under their modules.
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
    let (mut all, mut modules): (BTreeSet<&str>, BTreeMap<&str, Vec<&Route>>) = Default::default();
    let mut open: Vec<(&Route, String)> = Vec::new();
    let others = Others::of(routes);
    for route in routes {
        all.insert(module(project, route));
        match others.doubt(route) {
            Some(reason) => open.push((route, reason)),
            None => modules.entry(module(project, route)).or_default().push(route),
        }
    }
    page.line(&[bold(count(routes.len(), "route")), plain(format!(" in {}.", count(all.len(), "module")))])?;
    if !open.is_empty() {
        page.gap()?;
        page.line(&[bold("Not certain"), plain(format!(" ({})", number(open.len())))])?;
        for (route, reason) in open {
            one(&mut page, project, route)?;
            page.line(&[faint(format!("          {reason}"))])?;
        }
    }
    for (module, routes) in modules {
        page.gap()?;
        page.line(&[bold(module.to_owned()), plain(format!(" ({})", number(routes.len())))])?;
        for route in routes {
            one(&mut page, project, route)?;
        }
    }
    Ok(())
}

/// What answers each method of each address.
struct Others<'a>(BTreeMap<(&'a str, Method), BTreeSet<&'a str>>);

impl<'a> Others<'a> {
    fn of(routes: &'a [Route]) -> Self {
        let mut found: BTreeMap<(&str, Method), BTreeSet<&str>> = BTreeMap::new();
        for route in routes {
            found.entry((&route.path, route.method)).or_default().insert(&route.handler);
        }
        Self(found)
    }

    /// Why a route is not certain; none where it is.
    fn doubt(&self, route: &Route) -> Option<String> {
        let mut reasons = Vec::new();
        if route.path.contains("{}") {
            reasons.push("a piece of its address is put together while the program runs".to_owned());
        }
        let others = self.0.get(&(route.path.as_str(), route.method)).into_iter().flatten();
        let others: Vec<&str> = others.copied().filter(|handler| *handler != route.handler).collect();
        if !others.is_empty() {
            reasons.push(format!("the same method and address are also answered by {}", others.join(", ")));
        }
        if route.certainty.0 < SURE {
            reasons.push(format!("{}% sure", route.certainty.0));
        }
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}

fn module<'a>(project: &'a Project, route: &Route) -> &'a str {
    let (file, _) = route.handled.unwrap_or(route.registered);
    &project.names.module(file).name
}

fn one(page: &mut Page, project: &Project, route: &Route) -> io::Result<()> {
    let (file, line) = route.handled.unwrap_or(route.registered);
    let remark = format!("  {}:{line}", project.base.path(file));
    page.line(&[plain(format!("  {:<7} {}  {}", route.method.word(), route.path, route.handler)), faint(remark)])
}

/// Writes it as JSON, in rows like those of the map and in their order; `confidence` says how sure each is.
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
