//! What is sent without saying to whom: events, jobs, messages of a bus, changes of rows. Who sends it, and who is called for it.
//!
//! A sender does not depend on who is called: that is what these are for. So nothing here is an edge, and a cycle that was cut
//! by an event stays cut; but whoever takes the code apart has to know both ends.

use super::orm::ClassId;
use crate::base::{Certainty, FileId};
use crate::facts::DefinitionId;
use std::collections::BTreeMap;

/// What sort of thing is sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MessageKind {
    /// Work that says itself what is to be done.
    Job,
    /// A message of a bus, which a handler is there for.
    Message,
    /// Something happened; any number may listen.
    Event,
    /// Rows of a mapped class are read or change.
    Model,
}

impl MessageKind {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Message => "message",
            Self::Event => "event",
            Self::Model => "model",
        }
    }

    /// The word for who is called.
    #[must_use]
    pub fn handled_by(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Message => "handler",
            Self::Event => "listener",
            Self::Model => "observer",
        }
    }
}

/// A place that sends something.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Sender {
    /// Where.
    pub file: FileId,
    /// The line.
    pub line: u32,
    /// The definition it stands in.
    pub owner: Option<DefinitionId>,
    /// How sure.
    pub certainty: Certainty,
}

/// A function that is called for what is sent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Handler {
    /// The file of the function.
    pub file: FileId,
    /// The line it begins on.
    pub line: u32,
    /// The function.
    pub function: DefinitionId,
    /// Its name as people of the framework write it.
    pub name: String,
    /// It runs later, apart from whoever sends.
    pub queued: bool,
    /// What ties it to the message, and where.
    pub registered: (FileId, u32),
    /// What told it.
    pub rule: &'static str,
    /// How sure.
    pub certainty: Certainty,
}

/// One sort of message, with both ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The full name of its class, or its own.
    pub name: String,
    /// What sort of thing it is.
    pub kind: MessageKind,
    /// Where its class is defined; none for a library's and for names that are no classes.
    pub declared: Option<(FileId, u32)>,
    /// Who sends it, by place.
    pub senders: Vec<Sender>,
    /// Who is called, by place.
    pub handlers: Vec<Handler>,
}

/// A function that something other than the application's own code calls: a command, a job.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Entry {
    /// Its file.
    pub file: FileId,
    /// The function.
    pub function: DefinitionId,
    /// command, job, listener, handler or observer.
    pub word: &'static str,
}

/// What is sent or waited for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Named {
    /// The full name of a class, or another name.
    pub name: String,
    /// Its class, where the tree has it, and the line that defines it.
    pub class: Option<(ClassId, u32)>,
}

/// Both ends of all messages, as they are found.
#[derive(Debug, Default)]
pub(super) struct Ends {
    pub senders: Vec<(Named, MessageKind, Sender)>,
    pub handlers: Vec<(Named, MessageKind, Handler)>,
    pub entries: Vec<Entry>,
}

impl Ends {
    /// Whoever waits for a class or an interface is called for what is below it too: adds those handlers to what is sent.
    /// `is_below` says whether the first class is below the second.
    pub(super) fn hand_down(&mut self, is_below: impl Fn(ClassId, ClassId) -> bool) {
        let mut sent: Vec<&Named> = self.senders.iter().map(|(named, ..)| named).collect();
        sent.sort_unstable();
        sent.dedup();
        let mut more = Vec::new();
        for (above, kind, handler) in &self.handlers {
            let Some((class, _)) = above.class.filter(|_| matches!(kind, MessageKind::Message | MessageKind::Event)) else { continue };
            for named in &sent {
                if named.class.is_some_and(|(below, _)| below != class && is_below(below, class)) {
                    more.push(((*named).clone(), *kind, Handler { rule: "waits for what this is a kind of", ..handler.clone() }));
                }
            }
        }
        self.handlers.append(&mut more);
    }

    /// One row for each name, by name. A name that something handles is of the handler's kind.
    pub(super) fn joined(self) -> (Vec<Message>, Vec<Entry>) {
        let mut rows: BTreeMap<String, Message> = BTreeMap::new();
        let mut row = |named: &Named, kind: MessageKind| {
            let empty = || Message {
                name: named.name.clone(),
                kind,
                declared: named.class.map(|(class, line)| (class.0, line)),
                senders: Vec::new(),
                handlers: Vec::new(),
            };
            rows.entry(named.name.clone()).or_insert_with(empty);
        };
        let mut entries = self.entries;
        for (named, kind, handler) in &self.handlers {
            row(named, *kind);
            entries.push(Entry { file: handler.file, function: handler.function, word: kind.handled_by() });
        }
        self.senders.iter().for_each(|(named, kind, _)| row(named, *kind));
        for (named, _, handler) in self.handlers {
            rows.entry(named.name).and_modify(|message| message.handlers.push(handler));
        }
        for (named, _, sender) in self.senders {
            rows.entry(named.name).and_modify(|message| message.senders.push(sender));
        }
        for message in rows.values_mut() {
            message.senders.sort_unstable();
            message.senders.dedup_by(|later, first| (later.file, later.line) == (first.file, first.line));
            // Of two ways to say the same the surer one speaks.
            message.handlers.sort_unstable_by_key(|handler| (handler.file, handler.function, std::cmp::Reverse(handler.certainty)));
            message.handlers.dedup_by_key(|handler| (handler.file, handler.function));
        }
        entries.sort_unstable();
        entries.dedup_by_key(|entry| (entry.file, entry.function));
        (rows.into_values().collect(), entries)
    }
}
