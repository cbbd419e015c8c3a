//! Both ends of messages in PHP: what a value names or holds that is sent, and the method that is called for it.

use super::{PhpClasses, PhpTypes};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, Shape, Target, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::messages::{Ends, Handler, MessageKind, Named, Sender};
use crate::frameworks::orm::{Ancestor, ClassId, What};

/// How a handler comes to be called.
#[derive(Clone, Copy, Debug)]
pub(in crate::frameworks) struct Tie {
    /// Where that is said.
    pub at: (FileId, u32),
    /// What said it.
    pub rule: &'static str,
    pub sure: u8,
    pub queued: bool,
}

impl PhpClasses<'_> {
    /// What a class is called as a message.
    pub(in crate::frameworks) fn message(&self, class: ClassId) -> Named {
        let line = self.facts(class.0).definition(class.1).span.line;
        Named { name: self.shown_name(class), class: Some((class, line)) }
    }

    /// The message that the name of a class means, as it is written in a type or behind `new`.
    pub(in crate::frameworks) fn message_of_name(&self, file: FileId, owner: Option<DefinitionId>, name: ValueId) -> Option<Named> {
        match self.class_at(file, owner, name)? {
            Ancestor::Ours(class) => Some(self.message(class)),
            Ancestor::Outside(_) => self.shown(file, owner, name).map(|name| Named { name, class: None }),
        }
    }

    /// The message that an expression names: `OrderPlaced::class`, a constant, a text.
    pub(in crate::frameworks) fn message_named(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<Named> {
        let facts = self.facts(file);
        if let Shape::Member(object, name) = facts.value(value).shape
            && facts.text(name).eq_ignore_ascii_case("class")
        {
            return self.message_of_name(file, owner, object);
        }
        if let Some(text) = self.text(file, owner, value).filter(|text| !text.is_empty()) {
            return Some(self.message_of_text(file, &text));
        }
        // A constant of a library, which the tree does not have: `KernelEvents::REQUEST`.
        let Shape::Member(object, name) = facts.value(value).shape else { return None };
        let Ancestor::Outside(_) = self.class_at(file, owner, object)? else { return None };
        let class = self.shown(file, owner, object)?;
        Some(Named { name: format!("{}::{}", class.rsplit('\\').next()?, facts.text(name)), class: None })
    }

    /// The message of a text: the full name of a class, or a name of its own.
    pub(in crate::frameworks) fn message_of_text(&self, file: FileId, text: &str) -> Named {
        let class = self.full(file, text).filter(|_| text.contains('\\'));
        class.map_or_else(|| Named { name: text.trim_start_matches('\\').to_owned(), class: None }, |class| self.message(class))
    }

    /// The handler that a method of a class is; none where the tree does not have it.
    pub(in crate::frameworks) fn handler_of(&self, class: ClassId, method: &str, tie: Tie) -> Option<Handler> {
        let (file, function) = self.method_of(class, method)?;
        let line = self.facts(file).definition(function).span.line;
        let name = match method {
            "__invoke" => self.shown_name(class),
            method => format!("{}::{method}", self.shown_name(class)),
        };
        let Tie { at, rule, sure, queued } = tie;
        Some(Handler { file, line, function, name, queued, registered: at, rule, certainty: Certainty(sure) })
    }
}

/// One side of messages while it is read.
pub(in crate::frameworks) struct Sending<'a, 'b> {
    pub types: &'b PhpTypes<'a>,
    pub ends: &'b mut Ends,
    pub open: &'b mut Vec<OpenCall>,
}

impl Sending<'_, '_> {
    /// What an object is as a message: the class of what is made, written or given back.
    pub(in crate::frameworks) fn held(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<Named> {
        let classes = self.types.classes;
        let facts = classes.facts(file);
        if let Some(call) = facts.as_call(value)
            && let Shape::Member(object, name) = facts.value(call.callee).shape
            && facts.text(name) == "__construct"
        {
            let made = classes.message_of_name(file, owner, object)?;
            // What is put round a message with its stamps is not the message.
            return match made.name.rsplit('\\').next() {
                Some("Envelope") if made.class.is_none() => self.held(file, owner, facts.arguments_of(call).first()?.value),
                _ => Some(made),
            };
        }
        if let What::Instance(class) = self.types.of(file, owner, value).what {
            return Some(classes.message(class));
        }
        match classes.written_class(file, owner, value)? {
            Ancestor::Ours(class) => Some(classes.message(class)),
            // A list of messages is none itself.
            Ancestor::Outside(full) if full.ends_with("collection") || full.ends_with("\\envelope") => None,
            Ancestor::Outside(full) => {
                let uses = facts.imports.iter().filter_map(|import| match import.target {
                    Target::Symbol(path) => Some(facts.text(path)),
                    _ => None,
                });
                let name = uses.into_iter().find(|path| path.to_lowercase() == full).map_or(full.clone(), str::to_owned);
                Some(Named { name, class: None })
            }
        }
    }

    /// Notes a place that sends something.
    pub(in crate::frameworks) fn send(
        &mut self,
        named: Named,
        kind: MessageKind,
        (file, owner): (FileId, Option<DefinitionId>),
        line: u32,
        sure: u8,
    ) {
        self.ends.senders.push((named, kind, Sender { file, line, owner, certainty: Certainty(sure) }));
    }

    /// A place that surely sends something, which nobody can tell.
    pub(in crate::frameworks) fn lost(&mut self, file: FileId, call: &Call) {
        let facts = self.types.classes.facts(file);
        let callee =
            facts.dotted(call.callee).map_or_else(|| facts.last_name(call.callee).unwrap_or("").to_owned(), |text| text.replace('.', "->"));
        let reason = "what is sent here cannot be told from the code around it".to_owned();
        self.open.push(OpenCall { file, line: call.span.line, kind: "call", text: format!("{callee}()"), reason });
    }
}
