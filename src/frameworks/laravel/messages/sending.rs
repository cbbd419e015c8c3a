//! Who sends: helpers, facades, the bus, static calls of events and jobs, models that say what happened to them.

use super::facade;
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, OwnerSweep, Shape, ValueId};
use crate::frameworks::messages::MessageKind;
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::{Sending, is_this};
use rustc_hash::FxHashSet;

/// What makes a class one that can be sent by a static call.
const SENT: &[&str] =
    &["illuminate\\foundation\\events\\dispatchable", "illuminate\\foundation\\bus\\dispatchable", "illuminate\\bus\\dispatchable"];

/// What gives a class a `dispatch` of its own.
const SENDERS: &[&str] = &["illuminate\\foundation\\bus\\dispatchesjobs"];

/// What hands jobs to whoever does them.
const BUS: &[&str] = &[
    "illuminate\\contracts\\bus\\dispatcher",
    "illuminate\\contracts\\bus\\queueingdispatcher",
    "illuminate\\bus\\dispatcher",
    "illuminate\\contracts\\queue\\queue",
    "illuminate\\contracts\\queue\\factory",
];

/// What hands events round.
const EVENTS: &[&str] = &["illuminate\\contracts\\events\\dispatcher", "illuminate\\events\\dispatcher"];

/// Static calls of a job or event that send it.
const STATIC: [&str; 9] = [
    "dispatch",
    "dispatchSync",
    "dispatchNow",
    "dispatchIf",
    "dispatchUnless",
    "dispatchAfterResponse",
    "broadcast",
    "dispatchToQueue",
    "withChain",
];

/// Methods of a bus, a queue or a dispatcher that send what they are handed.
const METHODS: [&str; 14] = [
    "dispatch",
    "dispatchSync",
    "dispatchNow",
    "dispatchToQueue",
    "dispatchAfterResponse",
    "until",
    "push",
    "pushOn",
    "later",
    "laterOn",
    "chain",
    "batch",
    "bulk",
    "job",
];

/// Reads everything that is sent.
pub(super) fn read(reader: &mut Sending<'_, '_>, jobs: &FxHashSet<ClassId>) {
    let classes = reader.types.classes;
    for file in classes.files() {
        let facts = classes.facts(file);
        let mut owners = OwnerSweep::new(facts);
        for call in &facts.calls {
            match facts.value(call.callee).shape {
                Shape::Name(name) => {
                    let kind = match facts.text(name).trim_start_matches('\\') {
                        "event" | "broadcast" => MessageKind::Event,
                        "dispatch" | "dispatch_sync" | "dispatch_now" => MessageKind::Job,
                        _ => continue,
                    };
                    let owner = owners.owner(call.value);
                    if classes.function(file, call.callee, facts.text(name)).is_none() {
                        handed(reader, (file, owner), call, kind, jobs);
                    }
                }
                Shape::Member(object, name) => {
                    let name = facts.text(name);
                    if STATIC.contains(&name) || METHODS.contains(&name) {
                        let owner = owners.owner(call.value);
                        method(reader, (file, owner), call, object, name, jobs);
                    }
                }
                _ => {}
            }
        }
    }
    changes(reader);
}

fn method(
    reader: &mut Sending<'_, '_>,
    at: (FileId, Option<DefinitionId>),
    call: &Call,
    object: ValueId,
    name: &str,
    jobs: &FxHashSet<ClassId>,
) {
    let classes = reader.types.classes;
    let (file, owner) = at;
    if let Some(kind) = facade(classes, file, object).and_then(|facade| match (facade.as_str(), name) {
        ("event", "dispatch" | "until") => Some(MessageKind::Event),
        ("bus" | "queue", _) => Some(MessageKind::Job),
        ("schedule", "job") => Some(MessageKind::Job),
        _ => None,
    }) {
        return handed(reader, at, call, kind, jobs);
    }
    // `SendReceipt::dispatch($order)`
    if let Some(Ancestor::Ours(class)) = classes.class_at(file, owner, object).filter(|_| STATIC.contains(&name)) {
        if classes.method(class, name).is_none() && (jobs.contains(&class) || classes.is_below(class, SENT)) {
            let kind = if jobs.contains(&class) { MessageKind::Job } else { MessageKind::Event };
            reader.send(classes.message(class), kind, at, call.span.line, 100);
            if name == "withChain" {
                handed(reader, at, call, MessageKind::Job, jobs);
            }
        }
        return;
    }
    if !METHODS.contains(&name) {
        return;
    }
    let is_own = is_this(classes.facts(file), object);
    let Some(written) = classes.written_class(file, owner, object) else { return };
    let kind = match (is_own, name) {
        (true, "dispatch" | "dispatchSync" | "dispatchNow") if classes.is_one_of(&written, SENDERS) => MessageKind::Job,
        (true, _) => return,
        (false, "job") if classes.is_one_of(&written, &["illuminate\\console\\scheduling\\schedule"]) => MessageKind::Job,
        (false, "job") => return,
        (false, "dispatch" | "until") if classes.is_one_of(&written, EVENTS) => MessageKind::Event,
        (false, _) if classes.is_one_of(&written, BUS) => MessageKind::Job,
        _ => return,
    };
    handed(reader, at, call, kind, jobs);
}

/// What a call is handed to send: an object, several in a list, the name of an event.
fn handed(reader: &mut Sending<'_, '_>, at: (FileId, Option<DefinitionId>), call: &Call, kind: MessageKind, jobs: &FxHashSet<ClassId>) {
    let classes = reader.types.classes;
    let (file, owner) = at;
    let facts = classes.facts(file);
    let name = facts.last_name(call.callee).unwrap_or("");
    let place = usize::from(matches!(name, "later" | "pushOn")) + 2 * usize::from(name == "laterOn");
    let Some(first) = facts.arguments_of(call).get(place).map(|argument| argument.value) else { return };
    let mut values = vec![first];
    let mut sent = 0;
    while let Some(value) = values.pop() {
        match facts.value(value).shape {
            Shape::List(parts) if values.len() < 100 => values.extend(facts.items(parts)),
            // Work that is written where it is sent, and what somebody filters or collects.
            Shape::Inline(_) => sent += 1,
            _ => {
                let named = reader.held(file, owner, value).or_else(|| {
                    let is_name = kind == MessageKind::Event || name == "push" || name == "job";
                    is_name.then(|| classes.message_named(file, owner, value)).flatten()
                });
                let Some(named) = named else { continue };
                let is_job = named.class.is_some_and(|(class, _)| jobs.contains(&class));
                let kind = if is_job { MessageKind::Job } else { kind };
                sent += 1;
                reader.send(named, kind, at, call.span.line, 95);
            }
        }
    }
    if sent == 0 {
        reader.lost(file, call);
    }
}

/// `protected $dispatchesEvents = ['saved' => OrderSaved::class]`
fn changes(reader: &mut Sending<'_, '_>) {
    let classes = reader.types.classes;
    for class in classes.files().flat_map(|file| classes.classes_of(file)) {
        let (file, definition) = class;
        let facts = classes.facts(file);
        let Some(text) = facts.texts.find("dispatchesEvents") else { continue };
        let Some(bound) = classes.locals(file).of_name(Some(definition), text).first() else { continue };
        let Some(Shape::Map(entries)) = facts.bindings[bound.binding as usize].value.map(|value| facts.value(value).shape) else {
            continue;
        };
        for entry in &facts.entries[entries.range()] {
            if let Some(named) = classes.message_named(file, Some(definition), entry.value) {
                reader.send(named, MessageKind::Event, (file, Some(definition)), facts.value(entry.value).line, 90);
            }
        }
    }
}
