//! Who sends: calls of buses and dispatchers, and of the application's own classes that hand on what they are handed.

use crate::base::FileId;
use crate::facts::{Call, DefinitionId, DefinitionKind, Shape, ValueId};
use crate::frameworks::messages::MessageKind;
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::{CalledOn, PhpClasses, Sending, is_this};
use rustc_hash::{FxHashMap, FxHashSet};

/// Buses of messages.
const BUS: &[&str] = &["symfony\\component\\messenger\\messagebusinterface", "symfony\\component\\messenger\\messagebus"];

/// What asks a bus and waits for the answer.
const ASKS: &[&str] = &["symfony\\component\\messenger\\handletrait"];

/// What hands events round.
const DISPATCHER: &[&str] = &[
    "symfony\\contracts\\eventdispatcher\\eventdispatcherinterface",
    "symfony\\component\\eventdispatcher\\eventdispatcherinterface",
    "symfony\\component\\eventdispatcher\\eventdispatcher",
    "psr\\eventdispatcher\\eventdispatcherinterface",
];

/// How often what hands on is handed on itself.
const ROUNDS: usize = 4;

/// A method that sends what it is handed: its class, its name, which parameter, as what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Carrier {
    class: ClassId,
    place: usize,
    kind: MessageKind,
}

/// Where something is sent.
struct Sent<'a> {
    file: FileId,
    owner: Option<DefinitionId>,
    call: &'a Call,
    /// What is sent.
    value: ValueId,
    kind: MessageKind,
    sure: u8,
}

/// Reads everything that is sent.
pub(super) fn read(reader: &mut Sending<'_, '_>) {
    let classes = reader.types.classes;
    let messages = reader.ends.handlers.iter().filter(|(_, kind, _)| *kind == MessageKind::Message);
    let handled: FxHashSet<ClassId> = messages.filter_map(|(named, ..)| Some(named.class?.0)).collect();
    let mut carriers: FxHashMap<String, Vec<Carrier>> = FxHashMap::default();
    for sent in direct(reader, &handled) {
        settle(reader, &sent, &mut carriers);
    }
    let mut new: Vec<String> = carriers.keys().cloned().collect();
    new.sort_unstable();
    let mut seen: FxHashSet<(FileId, ValueId)> = FxHashSet::default();
    for _ in 0..ROUNDS {
        let before: FxHashMap<String, usize> = carriers.iter().map(|(name, rows)| (name.clone(), rows.len())).collect();
        let calls = carried(classes, &carriers, &new);
        for sent in calls {
            if seen.insert((sent.file, sent.call.value)) {
                settle(reader, &sent, &mut carriers);
            }
        }
        new = carriers.iter().filter(|(name, rows)| before.get(*name) != Some(&rows.len())).map(|(name, _)| name.clone()).collect();
        new.sort_unstable();
        if new.is_empty() {
            break;
        }
    }
}

/// Calls of what the libraries have for sending.
fn direct<'a>(reader: &Sending<'a, '_>, handled: &FxHashSet<ClassId>) -> Vec<Sent<'a>> {
    let classes = reader.types.classes;
    let mut found = Vec::new();
    for CalledOn { file, facts, owner, call, object, name } in
        classes.calls_on(|name| matches!(name, "dispatch" | "handle" | "dispatchMessage"))
    {
        let Some(first) = facts.arguments_of(call).first().map(|argument| argument.value) else { continue };
        let Some((kind, sure)) = sends(reader, (file, owner), object, name, first, handled) else { continue };
        let value = if kind == MessageKind::Event { event_of(classes, file, owner, call).unwrap_or(first) } else { first };
        found.push(Sent { file, owner, call, value, kind, sure });
    }
    found
}

/// What a method of an object sends, and how sure that is.
fn sends(
    reader: &Sending<'_, '_>,
    (file, owner): (FileId, Option<DefinitionId>),
    object: ValueId,
    name: &str,
    first: ValueId,
    handled: &FxHashSet<ClassId>,
) -> Option<(MessageKind, u8)> {
    let classes = reader.types.classes;
    if is_this(classes.facts(file), object) {
        let own = Ancestor::Ours((file, classes.facts(file).class_around(owner)?));
        let asks = matches!(name, "handle" | "dispatchMessage") && classes.is_one_of(&own, ASKS);
        return asks.then_some((MessageKind::Message, 95));
    }
    if name != "dispatch" {
        return None;
    }
    match classes.written_class(file, owner, object) {
        Some(class) if classes.is_one_of(&class, BUS) => Some((MessageKind::Message, 95)),
        Some(class) if classes.is_one_of(&class, DISPATCHER) => Some((MessageKind::Event, 95)),
        Some(_) => None,
        // Nobody knows the object, but what it is handed is something that others wait for.
        None => {
            let class = reader.held(file, owner, first)?.class?.0;
            handled.contains(&class).then_some((MessageKind::Message, 70))
        }
    }
}

/// What names an event: its own name where it has one, as both ways of `dispatch` have it, else its object.
fn event_of(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, call: &Call) -> Option<ValueId> {
    let arguments = classes.facts(file).arguments_of(call);
    let named = |value: ValueId| {
        let facts = classes.facts(file);
        let is_constant = matches!(facts.value(value).shape, Shape::Member(object, name)
            if facts.text(name) != "class" && !is_this(facts, object) && facts.as_name(object).is_some_and(|name| !facts.text(name).starts_with('$')));
        classes.text(file, owner, value).is_some() || is_constant
    };
    arguments.iter().take(2).map(|argument| argument.value).find(|value| named(*value))
}

/// Notes what is sent; a parameter that may be anything makes its function one that hands on.
fn settle(reader: &mut Sending<'_, '_>, sent: &Sent<'_>, carriers: &mut FxHashMap<String, Vec<Carrier>>) {
    let classes = reader.types.classes;
    let facts = classes.facts(sent.file);
    let at = (sent.file, sent.owner);
    if let Some((function, place)) = facts.as_name(sent.value).and_then(|name| facts.parameter_around(sent.owner, name)) {
        let definition = facts.definition(function);
        let parameter = &facts.parameters[definition.parameters.range()][place];
        let is_open = parameter.annotation.is_none_or(|written| {
            let types = classes.annotated(sent.file, Some(function), written);
            types.is_empty() || types.iter().any(|class| may_be_several(classes, class))
        });
        if is_open
            && definition.kind == DefinitionKind::Method
            && let Some(class) = facts.class_around(Some(function))
        {
            let carrier = Carrier { class: (sent.file, class), place, kind: sent.kind };
            let known = carriers.entry(facts.text(definition.name).to_owned()).or_default();
            if !known.contains(&carrier) {
                known.push(carrier);
            }
            return;
        }
    }
    let is_name = sent.kind == MessageKind::Event && facts.as_call(sent.value).is_none() && facts.as_name(sent.value).is_none();
    let named = is_name.then(|| classes.message_named(sent.file, sent.owner, sent.value)).flatten();
    match named.or_else(|| reader.held(sent.file, sent.owner, sent.value)) {
        Some(named) => reader.send(named, sent.kind, at, sent.call.span.line, sent.sure),
        None => reader.lost(sent.file, sent.call),
    }
}

/// True for what says nothing of the message itself: an interface, a class of a library, `object`.
fn may_be_several(classes: &PhpClasses<'_>, class: &Ancestor) -> bool {
    match class {
        Ancestor::Outside(_) => true,
        Ancestor::Ours((file, definition)) => classes.facts(*file).definition(*definition).kind != DefinitionKind::Class,
    }
}

/// Calls of methods that hand on: on an object of the class, of one below it, or of an interface it has.
fn carried<'a>(classes: &PhpClasses<'a>, carriers: &FxHashMap<String, Vec<Carrier>>, new: &[String]) -> Vec<Sent<'a>> {
    let mut found = Vec::new();
    for file in classes.files() {
        let facts = classes.facts(file);
        let names: Vec<_> = new.iter().filter_map(|name| facts.texts.find(name)).collect();
        if names.is_empty() {
            continue;
        }
        for call in &facts.calls {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            if !names.contains(&name) {
                continue;
            }
            let owner = facts.owner_of(call.value);
            let Some(Ancestor::Ours(on)) = classes.written_class(file, owner, object) else { continue };
            let rows = carriers.get(facts.text(name)).map_or(&[][..], Vec::as_slice);
            let fits = |class: ClassId| classes.line(on).any(|line| line == class) || classes.line(class).any(|line| line == on);
            let Some(carrier) = rows.iter().find(|carrier| fits(carrier.class)) else { continue };
            let arguments = facts.arguments_of(call);
            // Several that are handed over at once are one argument that nobody can follow.
            let given = arguments.get(carrier.place).or_else(|| arguments.first());
            found.extend(given.map(|given| Sent { file, owner, call, value: given.value, kind: carrier.kind, sure: 85 }));
        }
    }
    found
}
