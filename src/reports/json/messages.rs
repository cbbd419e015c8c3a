//! The key `messages`.

use super::Each;
use crate::base::FileId;
use crate::bind::{Handler, Message, Sender};
use crate::project::Project;
use serde::Serialize;

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct SenderRow<'a> {
    path: &'a str,
    line: u32,
    module: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    confidence: f64,
}

#[derive(Serialize)]
struct HandlerRow<'a> {
    path: &'a str,
    line: u32,
    module: &'a str,
    handler: &'a str,
    queued: bool,
    registered: Place<'a>,
    rule: &'static str,
    confidence: f64,
}

#[derive(Serialize)]
struct MessageRow<'a> {
    name: &'a str,
    kind: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    declared: Option<Place<'a>>,
    senders: Vec<SenderRow<'a>>,
    handlers: Vec<HandlerRow<'a>>,
}

/// Messages by name, each with who sends it and who is called for it.
pub(in crate::reports) fn rows(project: &Project) -> impl Serialize {
    Each(move || project.resolution.messages.iter().map(move |message| row(project, message)))
}

fn row<'a>(project: &'a Project, message: &'a Message) -> MessageRow<'a> {
    MessageRow {
        name: &message.name,
        kind: message.kind.word(),
        declared: message.declared.map(|at| place(project, at)),
        senders: message.senders.iter().map(|sender| of_sender(project, sender)).collect(),
        handlers: message.handlers.iter().map(|handler| of_handler(project, handler)).collect(),
    }
}

fn place(project: &Project, (file, line): (FileId, u32)) -> Place<'_> {
    Place { path: project.base.path(file), line }
}

fn of_sender<'a>(project: &'a Project, sender: &Sender) -> SenderRow<'a> {
    SenderRow {
        path: project.base.path(sender.file),
        line: sender.line,
        module: &project.names.module(sender.file).name,
        function: sender.owner.map(|owner| project.base.facts(sender.file).qualified_name(owner)),
        confidence: sender.certainty.share(),
    }
}

fn of_handler<'a>(project: &'a Project, handler: &'a Handler) -> HandlerRow<'a> {
    HandlerRow {
        path: project.base.path(handler.file),
        line: handler.line,
        module: &project.names.module(handler.file).name,
        handler: &handler.name,
        queued: handler.queued,
        registered: place(project, handler.registered),
        rule: handler.rule,
        confidence: handler.certainty.share(),
    }
}
