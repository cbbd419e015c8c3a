//! Events with their listeners, jobs, observers of models, and who sends them.

mod listeners;
mod sending;

use crate::base::FileId;
use crate::facts::{FileFacts, Shape, ValueId};
use crate::frameworks::messages::{Entry, MessageKind};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::{PhpClasses, Sending, Tie};
use rustc_hash::FxHashSet;

/// What makes work run later.
const QUEUED: &[&str] = &["illuminate\\contracts\\queue\\shouldqueue", "illuminate\\contracts\\queue\\shouldqueueaftercommit"];

/// What makes a class a job that can be sent.
const JOB: &[&str] =
    &["illuminate\\contracts\\queue\\shouldqueue", "illuminate\\foundation\\bus\\dispatchable", "illuminate\\bus\\dispatchable"];

/// Classes above every command.
const COMMAND: &[&str] = &["illuminate\\console\\command", "illuminate\\foundation\\console\\command"];

/// Reads both ends of all messages of the application.
pub(in crate::frameworks) fn collect(reader: &mut Sending<'_, '_>) {
    let classes = reader.types.classes;
    listeners::read(reader);
    let listening: FxHashSet<ClassId> = reader
        .ends
        .handlers
        .iter()
        .filter_map(|(_, _, handler)| Some((handler.file, classes.facts(handler.file).class_around(Some(handler.function))?)))
        .collect();
    let mut jobs: FxHashSet<ClassId> = FxHashSet::default();
    for class in classes.files().flat_map(|file| classes.classes_of(file)) {
        if is_job(classes, class) && !listening.contains(&class) && job(reader, class) {
            jobs.insert(class);
        } else if classes.is_below(class, COMMAND)
            && let Some((file, function)) = classes.own_method(class.0, class.1, "handle").map(|method| (class.0, method))
        {
            reader.ends.entries.push(Entry { file, function, word: "command" });
        }
    }
    sending::read(reader, &jobs);
}

/// True for work that is put in a queue or handed to the bus; a mail or a notification is none.
fn is_job(classes: &PhpClasses<'_>, class: ClassId) -> bool {
    classes.is_below(class, JOB) && !is_abstract(classes, class)
}

/// A class without a body of its own work: an interface or trait.
fn is_abstract(classes: &PhpClasses<'_>, (file, class): ClassId) -> bool {
    classes.facts(file).definition(class).kind != crate::facts::DefinitionKind::Class
}

fn job(reader: &mut Sending<'_, '_>, class: ClassId) -> bool {
    let classes = reader.types.classes;
    let Some(method) = ["handle", "__invoke"].into_iter().find(|method| classes.method(class, method).is_some()) else { return false };
    let line = classes.facts(class.0).definition(class.1).span.line;
    let queued = classes.is_below(class, QUEUED);
    let tie = Tie { at: (class.0, line), rule: "a job says itself what is to be done", sure: 95, queued };
    let Some(handler) = classes.handler_of(class, method, tie) else { return false };
    reader.ends.handlers.push((classes.message(class), MessageKind::Job, handler));
    true
}

/// The class a facade stands for by its last name in small letters: `Event`, `\Illuminate\Support\Facades\Event`.
pub(in crate::frameworks::laravel) fn facade(classes: &PhpClasses<'_>, file: FileId, object: ValueId) -> Option<String> {
    let facts: &FileFacts = classes.facts(file);
    let Shape::Name(name) = facts.value(object).shape else { return None };
    if facts.text(name).starts_with('$') {
        return None;
    }
    match classes.named(file, object)? {
        Ancestor::Outside(full) => {
            let bare = full.rsplit('\\').next()?;
            // The short names that Laravel gives its facades stand without a namespace.
            (bare == full || full.starts_with("illuminate\\support\\facades\\")).then(|| bare.to_owned())
        }
        Ancestor::Ours(_) => None,
    }
}
