//! Handlers and listeners that say by themselves what they are called for: by attributes, by an interface.

use super::{note, taken, usual_method};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Shape, ValueId};
use crate::frameworks::messages::{Handler, MessageKind, Named};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::{PhpClasses, Tie};

type Rows = Vec<(Named, MessageKind, Handler)>;

/// Interfaces of classes that handle messages.
const HANDLER: &[&str] = &["symfony\\component\\messenger\\handler\\messagehandlerinterface"];

/// The interface of classes that handle several.
const SUBSCRIBER: &[&str] = &["symfony\\component\\messenger\\handler\\messagesubscriberinterface"];

/// The interface of classes that listen to several events.
const LISTENS: &[&str] = &["symfony\\component\\eventdispatcher\\eventsubscriberinterface"];

/// The interfaces of classes that Doctrine tells of rows.
const ROWS: &[&str] = &["doctrine\\common\\eventsubscriber", "doctrine\\bundle\\doctrinebundle\\eventsubscriber\\eventsubscriberinterface"];

/// Reads the classes of all files.
pub(super) fn read(classes: &PhpClasses<'_>, out: &mut Rows) {
    for class in classes.files().flat_map(|file| classes.classes_of(file)) {
        let line = classes.facts(class.0).definition(class.1).span.line;
        let tie = |rule| Tie { at: (class.0, line), rule, sure: 100, queued: false };
        if classes.is_below(class, HANDLER) && classes.method(class, "__invoke").is_some() {
            let named = taken(classes, class, "__invoke");
            note(classes, class, "__invoke", named, MessageKind::Message, tie("a handler of messages by its interface"), out);
        }
        if classes.is_below(class, SUBSCRIBER) {
            listed(classes, class, ("getHandledMessages", "__invoke"), MessageKind::Message, out);
        }
        if classes.is_below(class, LISTENS) {
            listed(classes, class, ("getSubscribedEvents", ""), MessageKind::Event, out);
        }
        if classes.is_below(class, ROWS) {
            told(classes, class, out);
        }
        if !classes.facts(class.0).definition(class.1).decorators.is_empty() {
            on_class(classes, class, out);
        }
        for (method, name) in classes.own_methods(class) {
            if !classes.facts(class.0).definition(method).decorators.is_empty() {
                on_method(classes, class, (method, name), out);
            }
        }
    }
}

/// Attributes of a class.
fn on_class(classes: &PhpClasses<'_>, class: ClassId, out: &mut Rows) {
    for (attribute, at, call) in classes.attributes(class.0, class.1) {
        noted(classes, class, None, &attribute, (at, call), out);
    }
}

/// Attributes of a method.
fn on_method(classes: &PhpClasses<'_>, class: ClassId, (method, name): (DefinitionId, &str), out: &mut Rows) {
    for (attribute, at, call) in classes.attributes(class.0, method) {
        noted(classes, class, Some(name), &attribute, (at, call), out);
    }
}

/// One attribute of a class, or of a method of it.
fn noted(
    classes: &PhpClasses<'_>,
    class: ClassId,
    method: Option<&str>,
    attribute: &Ancestor,
    (at, call): (ValueId, Option<&Call>),
    out: &mut Rows,
) {
    let Ancestor::Outside(full) = attribute else { return };
    let facts = classes.facts(class.0);
    let argument = |place: usize, name: &str| call.and_then(|call| facts.argument(call, place, name));
    let text = |value: Option<ValueId>| value.and_then(|value| classes.text(class.0, Some(class.1), value));
    let named = |value: Option<ValueId>| value.and_then(|value| classes.message_named(class.0, Some(class.1), value));
    let tie = |rule| Tie { at: (class.0, facts.value(at).line), rule, sure: 100, queued: false };
    match full.as_str() {
        "symfony\\component\\messenger\\attribute\\asmessagehandler" => {
            let own = method.map(str::to_owned).or_else(|| text(argument(3, "method"))).unwrap_or_else(|| "__invoke".to_owned());
            let wanted = named(argument(2, "handles")).map_or_else(|| taken(classes, class, &own), |named| vec![named]);
            note(classes, class, &own, wanted, MessageKind::Message, tie("a handler of messages by its attribute"), out);
        }
        "symfony\\component\\eventdispatcher\\attribute\\aseventlistener" => {
            let event = named(argument(0, "event"));
            let own = method.map(str::to_owned).or_else(|| text(argument(1, "method"))).unwrap_or_else(|| {
                let usual = event.as_ref().map(|event| usual_method(&event.name));
                usual.filter(|usual| classes.method_of(class, usual).is_some()).unwrap_or_else(|| "__invoke".to_owned())
            });
            let wanted = event.map_or_else(|| taken(classes, class, &own), |event| vec![event]);
            note(classes, class, &own, wanted, MessageKind::Event, tie("a listener by its attribute"), out);
        }
        "doctrine\\bundle\\doctrinebundle\\attribute\\asdoctrinelistener" => {
            let Some(event) = named(argument(0, "event")) else { return };
            let own = event.name.rsplit(':').next().unwrap_or(&event.name).to_owned();
            note(classes, class, &own, vec![of_rows(&event)], MessageKind::Model, tie("a listener by its attribute"), out);
        }
        "doctrine\\bundle\\doctrinebundle\\attribute\\asentitylistener" => {
            let Some(event) = named(argument(0, "event")) else { return };
            let change = event.name.rsplit(':').next().unwrap_or(&event.name).to_owned();
            let own = text(argument(1, "method")).or(method.map(str::to_owned)).unwrap_or_else(|| change.clone());
            let own = if classes.method_of(class, &own).is_some() { own } else { "__invoke".to_owned() };
            let wanted = named(argument(4, "entity")).map_or_else(|| taken(classes, class, &own), |entity| vec![entity]);
            note(classes, class, &own, wanted, MessageKind::Model, tie("a listener by its attribute"), out);
        }
        _ => {}
    }
}

/// `postPersist` of any row.
pub(super) fn of_rows(event: &Named) -> Named {
    Named { name: format!("doctrine.{}", event.name.rsplit(':').next().unwrap_or(&event.name)), class: None }
}

/// What a static method gives back or yields: events or messages, with methods of the class.
fn listed(classes: &PhpClasses<'_>, class: ClassId, (method, usual): (&str, &str), kind: MessageKind, out: &mut Rows) {
    let Some((file, function)) = classes.method(class, method) else { return };
    let facts = classes.facts(file);
    let owner = Some(function);
    let tie =
        |at: ValueId| Tie { at: (file, facts.value(at).line), rule: "a subscriber says what it listens to", sure: 100, queued: false };
    for (key, value) in pairs(classes, file, function) {
        let event = key.or(Some(value)).and_then(|event| classes.message_named(file, owner, event));
        let Some(event) = event else { continue };
        let methods = if key.is_some() { methods(classes, file, function, value) } else { Vec::new() };
        let methods = if methods.is_empty() && !usual.is_empty() { vec![usual.to_owned()] } else { methods };
        for method in methods {
            note(classes, class, &method, vec![event.clone()], kind, tie(value), out);
        }
    }
}

/// The pairs of what a function gives back: `return [A::class => 'onA']`, `yield A::class => [...]`; texts without a key too.
fn pairs(classes: &PhpClasses<'_>, file: FileId, function: DefinitionId) -> Vec<(Option<ValueId>, ValueId)> {
    let facts = classes.facts(file);
    let mut found = Vec::new();
    for (_, value) in facts.returned.iter().filter(|(owner, _)| *owner == function) {
        for value in behind(classes, file, function, *value) {
            match facts.value(value).shape {
                Shape::Map(entries) => found.extend(facts.entries[entries.range()].iter().map(|entry| (entry.key, entry.value))),
                Shape::List(parts) => found.extend(facts.items(parts).iter().map(|part| (None, *part))),
                _ => {}
            }
        }
    }
    found
}

/// A value, or what the variable that it is was given.
fn behind(classes: &PhpClasses<'_>, file: FileId, function: DefinitionId, value: ValueId) -> Vec<ValueId> {
    let facts = classes.facts(file);
    let Some(name) = facts.as_name(value).filter(|name| facts.text(*name).starts_with('$')) else { return vec![value] };
    let bound = classes.locals(file).of_name(Some(function), name);
    bound.iter().filter_map(|row| facts.bindings[row.binding as usize].value).collect()
}

/// `'onA'`, `['onA', 10]`, `[['onA', 10], ['onB']]`, `['method' => 'onA']`
fn methods(classes: &PhpClasses<'_>, file: FileId, function: DefinitionId, value: ValueId) -> Vec<String> {
    let facts = classes.facts(file);
    let text = |value: ValueId| classes.text(file, Some(function), value);
    match facts.value(value).shape {
        Shape::List(parts) => match facts.items(parts) {
            [first, ..] if matches!(facts.value(*first).shape, Shape::List(_)) => {
                let inner = facts.items(parts).iter().filter_map(|part| match facts.value(*part).shape {
                    Shape::List(parts) => facts.items(parts).first().copied(),
                    _ => Some(*part),
                });
                inner.filter_map(text).collect()
            }
            [first, ..] => text(*first).into_iter().collect(),
            [] => Vec::new(),
        },
        Shape::Map(entries) => {
            let entries = facts.entries[entries.range()].iter();
            let mut named = entries.filter(|entry| entry.key.is_some_and(|key| facts.as_literal(key) == Some("method")));
            named.find_map(|entry| text(entry.value)).into_iter().collect()
        }
        _ => text(value).into_iter().collect(),
    }
}

/// `getSubscribedEvents` of Doctrine: names of events, which are names of methods.
fn told(classes: &PhpClasses<'_>, class: ClassId, out: &mut Rows) {
    let Some((file, function)) = classes.method(class, "getSubscribedEvents") else { return };
    let facts = classes.facts(file);
    for (key, value) in pairs(classes, file, function) {
        let Some(event) = classes.message_named(file, Some(function), value).filter(|_| key.is_none()) else { continue };
        let method = event.name.rsplit(':').next().unwrap_or(&event.name).to_owned();
        let tie = Tie { at: (file, facts.value(value).line), rule: "a subscriber says what it listens to", sure: 100, queued: false };
        note(classes, class, &method, vec![of_rows(&event)], MessageKind::Model, tie, out);
    }
}
