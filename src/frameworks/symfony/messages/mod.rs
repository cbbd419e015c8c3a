//! Messenger's messages and their handlers, events and who listens, what Doctrine tells of rows, and who sends them.

mod documents;
mod handlers;
mod sending;

use crate::facts::ValueId;
use crate::frameworks::messages::{Entry, MessageKind, Named};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::{PhpClasses, Sending, Tie};

/// Classes above every command.
const COMMAND: &[&str] = &["symfony\\component\\console\\command\\command"];

/// The attribute of a command, which a class with `__invoke` may be by it alone.
const AS_COMMAND: &str = "symfony\\component\\console\\attribute\\ascommand";

/// Attributes of work that a clock begins.
const CLOCK: [&str; 2] =
    ["symfony\\component\\scheduler\\attribute\\ascrontask", "symfony\\component\\scheduler\\attribute\\asperiodictask"];

/// Reads both ends of all messages of the application.
pub(in crate::frameworks) fn collect(reader: &mut Sending<'_, '_>) {
    let classes = reader.types.classes;
    handlers::read(classes, &mut reader.ends.handlers);
    documents::read(classes, &mut reader.ends.handlers);
    for class in classes.files().flat_map(|file| classes.classes_of(file)) {
        entry(classes, class, &mut reader.ends.entries);
    }
    sending::read(reader);
}

fn entry(classes: &PhpClasses<'_>, class: ClassId, out: &mut Vec<Entry>) {
    let mut push = |method: &str, word: &'static str| {
        let own = classes.own_method(class.0, class.1, method);
        out.extend(own.map(|function| Entry { file: class.0, function, word }));
    };
    if classes.is_below(class, COMMAND) {
        push("execute", "command");
    }
    if classes.facts(class.0).definition(class.1).decorators.is_empty() {
        return;
    }
    for (note, ..) in classes.attributes(class.0, class.1) {
        match &note {
            Ancestor::Outside(full) if full == AS_COMMAND => push("__invoke", "command"),
            Ancestor::Outside(full) if CLOCK.contains(&full.as_str()) => push("__invoke", "job"),
            _ => {}
        }
    }
}

/// What a method of a class is called for: what its first parameter is written to be.
fn taken(classes: &PhpClasses<'_>, class: ClassId, method: &str) -> Vec<Named> {
    let Some((file, function)) = classes.method_of(class, method) else { return Vec::new() };
    let names: Vec<ValueId> = classes.first_type((file, function));
    names.into_iter().filter_map(|name| classes.message_of_name(file, Some(function), name)).collect()
}

/// Notes a method for each message that it is called for.
fn note(
    classes: &PhpClasses<'_>,
    class: ClassId,
    method: &str,
    named: Vec<Named>,
    kind: MessageKind,
    tie: Tie,
    out: &mut Vec<(Named, MessageKind, crate::frameworks::messages::Handler)>,
) {
    let Some(handler) = classes.handler_of(class, method, tie) else { return };
    out.extend(named.into_iter().map(|named| (named, kind, handler.clone())));
}

/// `onOrderPlaced`, the method that is called for `order.placed` where none is named.
fn usual_method(event: &str) -> String {
    let bare = event.rsplit(['\\', ':']).next().unwrap_or(event);
    let mut out = String::from("on");
    let mut capital = true;
    for letter in bare.chars() {
        if letter.is_alphanumeric() {
            if capital { out.extend(letter.to_uppercase()) } else { out.push(letter) }
        }
        capital = !letter.is_alphanumeric();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::usual_method;

    #[test]
    fn a_listener_is_called_by_the_name_of_its_event() {
        assert_eq!(usual_method("order.placed_again"), "onOrderPlacedAgain");
        assert_eq!(usual_method("App\\Event\\OrderPlaced"), "onOrderPlaced");
    }
}
