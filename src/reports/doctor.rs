//! `unpick doctor`: what the map rests on: files read and not read, where imports start, which applications were found.

use super::figures::Totals;
use super::page::{Page, bad, bold, count, faint, number, plain};
use super::{Options, Outcome};
use crate::base::{Problem, Severity, Status};
use crate::config::Config;
use crate::project::Project;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes it.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, config: &Config, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let project = outcome.project;
    let mut page = Page::new(out, options.colour, options.width);
    settings(&mut page, config)?;
    page.gap()?;
    files(&mut page, project)?;
    page.gap()?;
    names(&mut page, project)?;
    page.gap()?;
    problems(&mut page, &project.problems)
}

fn settings(page: &mut Page, config: &Config) -> io::Result<()> {
    let text = match &config.file {
        Some(file) => format!("{} ({})", file.display(), count(config.modules().len(), "module rule")),
        None => "none found; everything works without one (unpick.toml in this folder or above)".to_owned(),
    };
    page.line(&[bold("Config   "), plain(text)])
}

fn files(page: &mut Page, project: &Project) -> io::Result<()> {
    let totals = Totals::of(project);
    let listed = project.base.files.len();
    page.line(&[bold("Files    "), plain(format!("{} in a language unpick reads", number(listed)))])?;
    let row = |page: &mut Page, files: u64, what: &str| page.line(&[plain(format!("{:>9}  {what}", number(files)))]);
    row(page, totals.parsed, "read without doubt, tests included")?;
    row(page, totals.recovered, "read around damage; each is listed below")?;
    row(page, totals.skipped, "not read")?;
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for file in &project.base.files {
        if let Status::Skipped(reason) = &file.status {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    for (reason, files) in reasons {
        page.line(&[faint(format!("{:>13}  {reason}", number(files)))])?;
    }
    row(page, totals.left_out_files, "left out of modules, dependencies and figures:")?;
    for (tag, files) in totals.left_out {
        page.line(&[faint(format!("{:>13}  {}", number(files), tag.word()))])?;
    }
    let mut others: BTreeMap<&str, u64> = BTreeMap::new();
    for path in &project.base.other_paths {
        let ending = path.name().rsplit_once('.').map_or("(no extension)", |(_, ending)| ending);
        *others.entry(ending).or_default() += 1;
    }
    let mut others: Vec<(&str, u64)> = others.into_iter().collect();
    others.sort_by_key(|(ending, files)| (std::cmp::Reverse(*files), *ending));
    let shown: Vec<String> = others.iter().take(8).map(|(ending, files)| format!("{ending} {}", number(*files))).collect();
    let rest = if others.len() > 8 { ", ..." } else { "" };
    page.line(&[plain(format!("{:>9}  other files, not looked into: {}{rest}", number(project.base.other_paths.len()), shown.join(", ")))])
}

fn has_python(project: &Project) -> bool {
    project.base.files.iter().any(|file| file.source.language.0 == "python")
}

/// How many source roots are shown.
const ROOTS: usize = 12;

/// Where Python's absolute imports start; of no interest where nothing is written in Python.
fn roots(page: &mut Page, project: &Project) -> io::Result<()> {
    if !has_python(project) {
        return Ok(());
    }
    let roots: Vec<&str> =
        project.names.python_roots().iter().map(|root| if root.is_empty() { "the scanned folder" } else { root.as_str() }).collect();
    let shown = &roots[..roots.len().min(ROOTS)];
    let rest = if roots.len() > ROOTS { format!(" and {} more", roots.len() - ROOTS) } else { String::new() };
    page.line(&[bold("Roots    "), plain(format!("absolute imports start in {}{rest}", shown.join(", ")))])?;
    page.line(&[faint("         if that is wrong: source_roots in [scan] of unpick.toml")])
}

fn names(page: &mut Page, project: &Project) -> io::Result<()> {
    roots(page, project)?;
    let imports = project.resolution.imports;
    page.line(&[
        bold("Imports  "),
        plain(format!(
            "{} lead into this code, {} to other packages, {} nowhere (unpick unresolved)",
            number(imports.internal),
            number(imports.external),
            number(imports.unresolved)
        )),
    ])?;
    let apps = &project.names.apps;
    if apps.is_empty() && !has_python(project) {
        return Ok(());
    }
    if apps.is_empty() {
        return page.line(&[bold("Apps     "), plain("no Django applications found")]);
    }
    page.line(&[bold("Apps     "), plain(format!("{}:", count(apps.len(), "Django application")))])?;
    let columns = apps.iter().map(|app| app.label.chars().count()).max().unwrap_or(0).min(40);
    for app in apps {
        page.line(&[plain(format!("         {:<columns$}  {}  ", app.label, app.folder)), faint(app.rule)])?;
    }
    Ok(())
}

fn problems(page: &mut Page, problems: &[Problem]) -> io::Result<()> {
    if problems.is_empty() {
        return page.line(&[bold("Problems "), plain("none")]);
    }
    page.line(&[bold("Problems "), plain(number(problems.len()))])?;
    for problem in problems {
        let line = problem.line.map_or(String::new(), |line| format!(":{line}"));
        let word = problem.severity.word();
        let severity = if problem.severity == Severity::Error { bad(word) } else { faint(word) };
        page.line(&[plain("  "), severity, plain(format!("  {}{line}  {}", problem.path, problem.message))])?;
    }
    Ok(())
}
