//! What one thing depends on, and what depends on it.

use super::measures;
use crate::base::FileId;
use crate::graph::build;
use crate::project::Project;
use crate::reports::page::{Page, bold, count, number, plain, weight};
use crate::reports::subject::Subject;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

/// Lines and weight of a dependency.
#[derive(Clone, Copy, Default)]
struct Sum {
    places: usize,
    weight: i64,
}

/// Writes both lists.
pub(super) fn write(page: &mut Page, project: &Project, subject: Subject) -> io::Result<()> {
    let mut uses: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut used_by: BTreeMap<&str, Sum> = BTreeMap::new();
    for site in &project.resolution.references {
        let (starts, ends) = (subject.holds_start(project, site), subject.holds_end(project, site));
        if starts == ends {
            continue;
        }
        let is_migration = project.base.file(site.from).tags.contains(crate::base::Tag::Migration);
        if is_migration && matches!(subject, Subject::Module(_)) {
            continue;
        }
        let sum = if starts {
            uses.entry(other(project, subject, site.to)).or_default()
        } else {
            used_by.entry(other(project, subject, site.from)).or_default()
        };
        sum.places += 1;
        sum.weight += build::weight(site);
    }
    let name = subject.name(project);
    what_it_is(page, project, subject)?;
    list(page, &format!("{name} depends on"), uses)?;
    page.gap()?;
    list(page, &format!("{name} is needed by"), used_by)?;
    if let Subject::Class(file, class) = subject {
        page.gap()?;
        measures::write(page, project, file, class)?;
    }
    Ok(())
}

/// How the other end is named: by module beside a module, by path beside files and classes.
fn other(project: &Project, subject: Subject, file: FileId) -> &str {
    match subject {
        Subject::Module(_) => &project.names.module(file).name,
        Subject::File(_) | Subject::Class(..) => project.base.path(file),
    }
}

fn what_it_is(page: &mut Page, project: &Project, subject: Subject) -> io::Result<()> {
    let name = subject.name(project);
    match subject {
        Subject::Module(id) => {
            let module = &project.names.modules[id.index()];
            page.line(&[bold(name), plain(format!(": a module ({}), because {}", module.paths.join(", "), module.rule))])
        }
        Subject::File(file) | Subject::Class(file, _) => {
            let what = if matches!(subject, Subject::File(_)) { "a file" } else { "a class" };
            page.line(&[bold(name), plain(format!(": {what} of the module {}", project.names.module(file).name))])
        }
    }
}

fn list(page: &mut Page, head: &str, sums: BTreeMap<&str, Sum>) -> io::Result<()> {
    if sums.is_empty() {
        return page.line(&[bold(head.to_owned()), plain(" nothing in this tree")]);
    }
    page.line(&[bold(format!("{head} {}", number(sums.len()))), plain(":")])?;
    let mut rows: Vec<(&str, Sum)> = sums.into_iter().collect();
    rows.sort_by_key(|(name, sum)| (Reverse(sum.weight), *name));
    let columns = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(70);
    for (name, sum) in rows {
        page.line(&[plain(format!("  {name:<columns$}  {:>14}, weight {}", count(sum.places, "place"), weight(sum.weight)))])?;
    }
    Ok(())
}
