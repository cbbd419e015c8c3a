//! `unpick why`: every line behind a dependency, both ways, and the shortest chain where there is none.

mod around;
mod chain;
mod measures;
mod tables;

use super::page::{Page, bad, bold, count, faint, plain, shell, weight};
use super::subject::Subject;
use super::{Options, Outcome, Refusal};
use crate::bind::{Kind, Reference, TableId};
use crate::graph::build;
use crate::project::Project;
use std::io::{self, Write};

/// A question whose names are understood.
pub struct Question<'a> {
    outcome: Outcome<'a>,
    about: About,
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum About {
    /// What a thing needs and what needs it.
    One(Subject),
    /// Why one thing needs another.
    Two(Subject, Subject),
    /// Who uses a table.
    Table(TableId),
    /// What one thing does to a table.
    Use(Subject, TableId),
}

impl<'a> Question<'a> {
    /// Understands the names.
    ///
    /// # Errors
    /// When a name means nothing, several things, or both mean the same.
    pub fn ask(outcome: &Outcome<'a>, from: &str, to: Option<&str>) -> Result<Self, Refusal> {
        let project = outcome.project;
        let about = match to {
            None => match understand(project, from)? {
                Named::Code(subject) => About::One(subject),
                Named::Table(table) => About::Table(table),
            },
            Some(to) => match (understand(project, from)?, understand(project, to)?) {
                (Named::Code(one), Named::Code(other)) if one == other => {
                    let name = one.name(project);
                    return Err(Refusal(format!("{from}: both names mean {name}; name two different things")));
                }
                (Named::Code(one), Named::Code(other)) => About::Two(one, other),
                (Named::Code(one), Named::Table(table)) | (Named::Table(table), Named::Code(one)) => About::Use(one, table),
                (Named::Table(_), Named::Table(_)) => {
                    return Err(Refusal(format!("{from}: two tables; ask for one of them, or for a module and a table")));
                }
            },
        };
        Ok(Self { outcome: *outcome, about })
    }

    /// Answers it.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::new(out, options.colour, options.width);
        let project = self.outcome.project;
        match self.about {
            About::Two(from, to) => {
                let there_are_lines_back = between(&mut page, project, from, to)?;
                if there_are_lines_back { hint(&mut page, options, &to.name(project), &from.name(project)) } else { Ok(()) }
            }
            About::One(subject) => around::write(&mut page, project, subject),
            About::Table(table) => tables::around(&mut page, &self.outcome, table),
            About::Use(from, table) => tables::between(&mut page, project, from, table),
        }
    }
}

/// A name on the command line.
enum Named {
    Code(Subject),
    Table(TableId),
}

/// Code first; `table:NAME` says that a table is meant.
fn understand(project: &Project, asked: &str) -> Result<Named, Refusal> {
    if tables::is_explicit(asked) {
        return tables::called(project, asked).map(Named::Table).ok_or_else(|| tables::missing(asked));
    }
    match (Subject::find(project, asked), tables::called(project, asked)) {
        (Ok(subject), _) => Ok(Named::Code(subject)),
        (Err(_), Some(table)) => Ok(Named::Table(table)),
        (Err(refusal), None) => Err(refusal),
    }
}

/// The references from one subject to another.
fn sites(project: &Project, from: Subject, to: Subject) -> Vec<&Reference> {
    let all = project.resolution.references.iter();
    // Inside one file or module is no dependency; a class and its own file are such a pair.
    all.filter(|site| from.holds_start(project, site) && to.holds_end(project, site)).collect()
}

/// Writes both directions; true when lines lead back.
fn between(page: &mut Page, project: &Project, from: Subject, to: Subject) -> io::Result<bool> {
    let (there, back) = (sites(project, from, to), sites(project, to, from));
    let (from_name, to_name) = (from.name(project), to.name(project));
    if there.is_empty() {
        page.line(&[bold(format!("{from_name} -> {to_name}")), plain(": no line says so directly.")])?;
        chain::write(page, project, from, to)?;
    } else {
        page.line(&[bold(format!("{from_name} -> {to_name}")), plain(format!(": {}", summary(&there)))])?;
        every_site(page, project, &there)?;
    }
    page.gap()?;
    if back.is_empty() {
        page.line(&[plain(format!("{to_name} -> {from_name}: no line says so directly."))])?;
        return Ok(false);
    }
    page.line(&[bold(format!("{to_name} -> {from_name}")), plain(format!(": {}", summary(&back)))])?;
    if !there.is_empty() {
        page.line(&[bad("They depend on each other.")])?;
    }
    Ok(true)
}

/// The command that shows the other direction.
fn hint(page: &mut Page, options: &Options, from: &str, to: &str) -> io::Result<()> {
    let path = options.place.as_deref().map_or(String::new(), |place| format!(" --path {}", shell(place)));
    page.line(&[faint(format!("Its lines: unpick why {} {}{path}", shell(from), shell(to)))])
}

/// How many lines of which kinds, and what they weigh.
fn summary(sites: &[&Reference]) -> String {
    let total: i64 = sites.iter().map(|site| build::weight(site)).sum();
    let kinds: Vec<String> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, sites.iter().filter(|site| site.kind == kind).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{count} {}", kind.word()))
        .collect();
    format!("{} (weight {}: {})", count(sites.len(), "place"), weight(total), kinds.join(", "))
}

/// Every place, file by file.
fn every_site(page: &mut Page, project: &Project, sites: &[&Reference]) -> io::Result<()> {
    let mut sites = sites.to_vec();
    sites.sort_by_key(|site| (site.from, site.line, site.kind, site.to));
    for group in sites.chunk_by(|a, b| a.from == b.from) {
        for site in group {
            one_site(page, project, site)?;
        }
    }
    Ok(())
}

/// A place: `file:line kind text`, then how it is known and what is special about it.
fn one_site(page: &mut Page, project: &Project, site: &Reference) -> io::Result<()> {
    let mut notes = vec![site.rule.to_string()];
    if site.certainty.0 < 100 {
        notes.push(format!("{} % sure", site.certainty.0));
    }
    if site.type_only {
        notes.push("type checker only".to_owned());
    } else if site.lazy {
        notes.push("inside a function".to_owned());
    }
    let place = format!("{}:{}", project.base.path(site.from), site.line);
    page.line(&[
        plain(format!("  {place}  {:<9}  {}  ", site.kind.word(), site.text)),
        faint(format!("[{}] -> {}", notes.join("; "), project.base.path(site.to))),
    ])
}
