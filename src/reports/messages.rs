//! `unpick messages`: events, jobs and messages of a bus, with who sends them and who is called for them.

use super::json::{Document, GENERATOR, SCHEMA_VERSION, messages as rows};
use super::page::{Page, bold, count, faint, plain};
use super::{Options, Outcome};
use crate::base::FileId;
use crate::bind::Message;
use crate::project::Project;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// From here on a place is told without a remark on how sure it is.
const SURE: u8 = 90;

/// Writes it as text: those that tie modules together first, then the others, each with both ends.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let project = outcome.project;
    let mut page = Page::new(out, options.colour, options.width);
    let all = &project.resolution.messages;
    if all.is_empty() {
        return page.line(&[bold("No messages"), plain(": no framework read here sends events, jobs or messages.")]);
    }
    let mut messages: Vec<&Message> = all.iter().collect();
    messages.sort_by_key(|message| std::cmp::Reverse(crossings(project, message)));
    let crossing = messages.iter().filter(|message| crossings(project, message) > 0).count();
    let deaf = messages.iter().filter(|message| message.handlers.is_empty()).count();
    page.line(&[bold(count(all.len(), "message")), plain(format!(": {crossing} between modules, {deaf} that nobody here waits for."))])?;
    for message in messages {
        page.gap()?;
        one(&mut page, project, message)?;
    }
    Ok(())
}

/// How many pairs of modules a message ties together, the sender's and the handler's.
fn crossings(project: &Project, message: &Message) -> usize {
    let module = |file: FileId| project.names.module_of[file.index()];
    let pairs = message.senders.iter().flat_map(|sender| {
        message.handlers.iter().map(move |handler| (module(sender.file), module(handler.file))).filter(|(from, to)| from != to)
    });
    pairs.collect::<BTreeSet<_>>().len()
}

fn one(page: &mut Page, project: &Project, message: &Message) -> io::Result<()> {
    let place = |(file, line): (FileId, u32)| format!("  {}:{line}", project.base.path(file));
    page.line(&[
        bold(message.name.clone()),
        plain(format!("  {}", message.kind.word())),
        faint(message.declared.map(place).unwrap_or_default()),
    ])?;
    for sender in &message.senders {
        let sure = sure(sender.certainty.0);
        page.line(&[plain(format!("  sent by  {}", module(project, sender.file))), faint(place((sender.file, sender.line)) + &sure)])?;
    }
    for handler in &message.handlers {
        let later = if handler.queued { ", later" } else { "" };
        let what = format!("  calls    {}  {}{later}", module(project, handler.file), handler.name);
        page.line(&[plain(what), faint(place((handler.file, handler.line)) + &sure(handler.certainty.0))])?;
    }
    Ok(())
}

fn module(project: &Project, file: FileId) -> &str {
    &project.names.module(file).name
}

fn sure(certainty: u8) -> String {
    if certainty < SURE { format!("  {certainty}% sure") } else { String::new() }
}

/// Writes it as JSON, in rows like those of the map.
///
/// # Errors
/// When writing fails.
pub fn write_json(outcome: &Outcome, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("messages", &rows::rows(outcome.project))?;
    document.finish()
}
