//! `unpick gods`: what does too much, worst first, with the figures and a hint where it comes apart.

use super::json::{Document, GENERATOR, SCHEMA_VERSION, gods as rows};
use super::page::{Page, bad, bold, count, faint, list, number, plain};
use super::{Options, Outcome};
use crate::analyses::gods::{God, GodModule, Reason};
use crate::facts::DefinitionId;
use crate::project::Project;
use std::io::{self, Write};

/// How many gods of a sort are told with everything; the others get a line each.
const IN_FULL: usize = 5;
/// How many of the groups that could leave a class are told.
const PARTS: usize = 3;
/// A part of fewer methods is hardly a class of its own.
const PART: usize = 3;

/// Writes it as text.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(out, options.colour, options.width);
    let (project, found) = (outcome.project, &outcome.findings.gods);
    let (gods, large): (Vec<&God>, Vec<&God>) = found.classes.iter().partition(|class| class.is_god());
    let files: Vec<&God> = found.files.iter().collect();
    if gods.is_empty() {
        page.line(&[bold("No god classes"), plain(": none does much, works on other objects' data and hardly hangs together.")])?;
    } else {
        page.line(&[
            bad(classes(gods.len(), "god class")),
            plain(": they do much, work on other objects' data and hardly hang together."),
        ])?;
        page.wrapped(0, LEGEND)?;
        each(&mut page, project, &gods, options.top)?;
    }
    if !files.is_empty() {
        page.gap()?;
        page.line(&[bad(count(files.len(), "god file")), plain(": much code outside of classes that works on other objects' data.")])?;
        each(&mut page, project, &files, options.top)?;
    }
    if !found.modules.is_empty() {
        page.gap()?;
        page.line(&[bad(count(found.modules.len(), "god module")), plain(": among the most connected or largest in two ways at once.")])?;
        for module in &found.modules {
            let name = project.names.modules[module.module.index()].name.as_str();
            page.line(&[plain("    "), bold(name), plain(format!("  {}", marks(module)))])?;
        }
    }
    if !large.is_empty() {
        page.gap()?;
        large_classes(&mut page, project, &large, options.top / 2)?;
    }
    Ok(())
}

/// What the figures mean, in a few words.
const LEGEND: &str = "Complexity is the sum over the methods (WMC, 47 and more is much); foreign attributes are those of other \
                      objects that it reads (ATFD, more than 5 is much); shared is how many pairs of methods use a common attribute \
                      of the class (TCC, less than 33 % is little). Methods hang together when they share an attribute or call \
                      each other, also through others; those apart from them are the easiest to move out.";

/// `1 god class`, `2 god classes`.
pub(super) fn classes(value: usize, noun: &str) -> String {
    if value == 1 { count(value, noun) } else { format!("{} {noun}es", number(value)) }
}

fn each(page: &mut Page, project: &Project, gods: &[&God], top: usize) -> io::Result<()> {
    for (place, god) in (1..).zip(gods.iter().take(top)) {
        line(page, project, place, god)?;
        if place <= IN_FULL {
            page.line(&[plain(format!("    {}", figures(god)))])?;
            for part in parts(project, god, page.width.saturating_sub(4)) {
                page.line(&[faint(format!("    {part}"))])?;
            }
        }
    }
    more(page, gods.len().saturating_sub(top))
}

/// How many are not told, and how to see them.
fn more(page: &mut Page, left: usize) -> io::Result<()> {
    if left == 0 { Ok(()) } else { page.line(&[faint(format!("    and {} more: unpick gods --top N", number(left)))]) }
}

/// `1. Cart  shop/cart/models.py:12`, and the figures where no line for them follows.
fn line(page: &mut Page, project: &Project, place: usize, god: &God) -> io::Result<()> {
    let path = project.base.path(god.file);
    let head = format!("{place:>2}. ");
    let (name, place_in_code) = match god.class {
        Some(_) => (god.name.as_str(), format!("  {path}:{}", god.span.line)),
        None => (path, String::new()),
    };
    let short = if place > IN_FULL { format!("  {}", short(god)) } else { String::new() };
    page.line(&[plain(head), bold(name), plain(place_in_code), faint(short)])
}

/// The figures in one line.
pub(super) fn figures(god: &God) -> String {
    let figures = &god.figures;
    let shared = match figures.tcc {
        Some(tcc) if god.class.is_some() => format!(", {} % shared", tcc.ten_thousandths() / 100),
        _ => String::new(),
    };
    let (methods, fields) = if god.class.is_some() { ("method", "field") } else { ("function", "variable") };
    let tables = if figures.tables > 0 { format!(", {}", count(figures.tables as usize, "table")) } else { String::new() };
    format!(
        "complexity {}, {}{shared}{tables}; {}, {}, {}",
        number(figures.wmc),
        count(figures.atfd as usize, "foreign attribute"),
        count(figures.lines as usize, "line"),
        count(figures.methods as usize, methods),
        count(figures.fields as usize, fields),
    )
}

/// The figures of the rule alone.
pub(super) fn short(god: &God) -> String {
    format!("complexity {}, {}", number(god.figures.wmc), count(god.figures.atfd as usize, "foreign attribute"))
}

/// How it comes apart, where it does: groups of methods that neither share an attribute nor call each other. What is told
/// by name is what could leave, not the rest.
fn parts(project: &Project, god: &God, room: usize) -> Vec<String> {
    let facts = project.base.facts(god.file);
    let names = |methods: &[DefinitionId]| {
        let names: Vec<&str> = methods.iter().map(|id| facts.text(facts.definition(*id).name)).collect();
        list(&names, room.saturating_sub(30))
    };
    let Some(main) = god.parts.first().filter(|_| god.parts.len() > 1) else { return Vec::new() };
    let (groups, single): (Vec<_>, Vec<_>) = god.parts.iter().partition(|part| part.len() >= PART);
    let noun = if god.class.is_some() { "method" } else { "function" };
    let mut said = Vec::new();
    if main.len() >= PART {
        said.push(format!("{} hang together", count(main.len(), noun)));
    }
    said.extend(groups.iter().skip(1).take(PARTS).map(|part| format!("{:>4} apart from them: {}", number(part.len()), names(part))));
    if groups.len() > PARTS + 1 {
        said.push(format!("and {}", count(groups.len() - PARTS - 1, "more group")));
    }
    let single: Vec<DefinitionId> = single.into_iter().flatten().copied().collect();
    if !single.is_empty() {
        said.push(format!("{:>4} alone or in pairs: {}", number(single.len()), names(&single)));
    }
    said
}

/// The marks of a module, in words.
fn marks(module: &GodModule) -> String {
    let GodModule { afferent, efferent, lines, all_lines, .. } = module;
    let said = module.reasons.iter().map(|reason| match *reason {
        "afferent" => format!("{} need it", count(*afferent as usize, "module")),
        "efferent" => format!("it needs {}", number(*efferent)),
        "lines" => format!("{} % of all lines", lines * 100 / (*all_lines).max(1)),
        other => other.to_owned(),
    });
    said.collect::<Vec<_>>().join(", ")
}

/// Classes that are past a limit of size only.
fn large_classes(page: &mut Page, project: &Project, large: &[&God], top: usize) -> io::Result<()> {
    let verb = if large.len() == 1 { "is" } else { "are" };
    page.line(&[
        bold(classes(large.len(), "more class")),
        plain(format!(" {verb} large by PHPMD's limits without meeting the rule of gods.")),
    ])?;
    for class in large.iter().take(top) {
        let why: Vec<String> = class.reasons.iter().map(|reason| size(class, *reason)).collect();
        let place = format!("  {}:{}  ", project.base.path(class.file), class.span.line);
        page.line(&[plain("    "), bold(class.name.as_str()), plain(place), faint(why.join(", "))])?;
    }
    more(page, large.len().saturating_sub(top))
}

fn size(class: &God, reason: Reason) -> String {
    let figures = &class.figures;
    let many = |value: u32, noun: &str| count(value as usize, noun);
    match reason {
        Reason::Complexity => format!("complexity {}", number(figures.wmc)),
        Reason::Length => many(figures.lines, "line"),
        Reason::Methods => many(figures.methods, "method"),
        Reason::Public => format!("{} in public", many(figures.public, "name")),
        Reason::Fields => many(figures.fields, "field"),
        Reason::Coupling => format!("names {} other classes", number(figures.coupling)),
        Reason::Tables => many(figures.tables, "table"),
        Reason::GodClass | Reason::GodFile => reason.word().to_owned(),
    }
}

/// Writes it as JSON, in rows like those of the map.
///
/// # Errors
/// When writing fails.
pub fn write_json(outcome: &Outcome, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("god_classes", &rows::classes(outcome))?;
    document.key("god_files", &rows::files(outcome))?;
    document.key("god_modules", &rows::modules(outcome))?;
    document.finish()
}
