//! Who listens: the lists of event providers, subscribers, calls of `Event::listen`, classes that are found by their folder,
//! observers of models.

use super::{QUEUED, facade};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Entry, OwnerSweep, Shape, ValueId};
use crate::frameworks::messages::{Handler, MessageKind, Named};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::{PhpClasses, Sending, Tie, is_this};

/// The class above every provider of events.
const PROVIDER: &[&str] = &["illuminate\\foundation\\support\\providers\\eventserviceprovider"];

/// What hands events round.
const DISPATCHER: &[&str] =
    &["illuminate\\contracts\\events\\dispatcher", "illuminate\\events\\dispatcher", "illuminate\\support\\facades\\event"];

/// What an observer of a model may be told.
const CHANGES: [&str; 16] = [
    "retrieved",
    "creating",
    "created",
    "updating",
    "updated",
    "saving",
    "saved",
    "deleting",
    "deleted",
    "trashed",
    "forceDeleting",
    "forceDeleted",
    "restoring",
    "restored",
    "replicating",
    "booted",
];

/// Reads everything that listens.
pub(super) fn read(reader: &mut Sending<'_, '_>) {
    let classes = reader.types.classes;
    let mut found = Found { classes, rows: Vec::new() };
    for class in classes.files().flat_map(|file| classes.classes_of(file)) {
        if classes.is_below(class, PROVIDER) {
            found.provider(class);
        }
        found.observed(class);
    }
    for file in classes.files() {
        let facts = classes.facts(file);
        let mut owners = OwnerSweep::new(facts);
        for call in &facts.calls {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            match facts.text(name) {
                "listen" => found.listen(file, owners.owner(call.value), call, object),
                "subscribe" => found.subscribed(file, owners.owner(call.value), call, object),
                "observe" => found.observe(file, owners.owner(call.value), call, object),
                _ => {}
            }
        }
    }
    if discovers(classes) {
        found.discovered();
    }
    reader.ends.handlers.append(&mut found.rows);
}

struct Found<'a, 'b> {
    classes: &'b PhpClasses<'a>,
    rows: Vec<(Named, MessageKind, Handler)>,
}

impl Found<'_, '_> {
    /// `$listen`, `$subscribe` and `$observers` of a provider.
    fn provider(&mut self, class: ClassId) {
        let classes = self.classes;
        if let Some((file, value)) = classes.value_of(class, "listen") {
            for entry in entries(classes, file, value) {
                let Some(named) = entry.key.and_then(|key| classes.message_named(file, Some(class.1), key)) else { continue };
                for listener in elements(classes, file, entry.value) {
                    self.listener(file, Some(class.1), named.clone(), listener, "a provider lists who listens");
                }
            }
        }
        if let Some((file, value)) = classes.value_of(class, "subscribe") {
            for value in elements(classes, file, value) {
                if let Some(Ancestor::Ours(subscriber)) = classes.class_of(file, Some(class.1), value) {
                    self.subscriber(subscriber);
                }
            }
        }
        if let Some((file, value)) = classes.value_of(class, "observers") {
            for entry in entries(classes, file, value) {
                let Some(Ancestor::Ours(model)) = entry.key.and_then(|key| classes.class_of(file, Some(class.1), key)) else { continue };
                let line = classes.facts(file).value(entry.value).line;
                for observer in elements(classes, file, entry.value) {
                    self.observer(model, classes.class_of(file, Some(class.1), observer), (file, line));
                }
            }
        }
    }

    /// One listener: a class, a class with its method, a closure.
    fn listener(&mut self, file: FileId, owner: Option<DefinitionId>, named: Named, value: ValueId, rule: &'static str) {
        let classes = self.classes;
        let facts = classes.facts(file);
        let tie = Tie { at: (file, facts.value(value).line), rule, sure: 95, queued: false };
        if let Shape::Inline(function) = facts.value(value).shape {
            return self.closure(file, function, named, tie);
        }
        let (class, method) = match facts.value(value).shape {
            Shape::List(parts) => match facts.items(parts) {
                [class, method] => (self.class_or_self(file, owner, *class), classes.text(file, owner, *method)),
                _ => return,
            },
            // `self::class.'@onPlaced'`
            Shape::Joined(class, method) => (self.class_or_self(file, owner, class), facts.as_literal(method).map(str::to_owned)),
            _ => match facts.as_literal(value).and_then(|text| text.split_once('@')) {
                Some((class, method)) => (classes.full(file, class), Some(method.to_owned())),
                None => (self.class_or_self(file, owner, value), None),
            },
        };
        let Some(class) = class else { return };
        let method = method.map(|method| method.trim_start_matches('@').to_owned());
        self.add(class, method.as_deref(), named, tie);
    }

    fn class_or_self(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<ClassId> {
        match self.classes.class_of(file, owner, value).or_else(|| self.classes.written_class(file, owner, value))? {
            Ancestor::Ours(class) => Some(class),
            Ancestor::Outside(_) => None,
        }
    }

    fn add(&mut self, class: ClassId, method: Option<&str>, named: Named, tie: Tie) {
        let classes = self.classes;
        let queued = classes.is_below(class, QUEUED);
        let usual = ["handle", "__invoke"].into_iter().find(|method| classes.method(class, method).is_some());
        let Some(method) = method.or(usual) else { return };
        if let Some(handler) = classes.handler_of(class, method, Tie { queued, ..tie }) {
            self.rows.push((named, MessageKind::Event, handler));
        }
    }

    fn closure(&mut self, file: FileId, function: DefinitionId, named: Named, tie: Tie) {
        let facts = self.classes.facts(file);
        let line = facts.definition(function).span.line;
        let (rule, queued) = (tie.rule, tie.queued);
        let certainty = crate::base::Certainty(tie.sure);
        let handler = Handler { file, line, function, name: "Closure".to_owned(), queued, registered: tie.at, rule, certainty };
        self.rows.push((named, MessageKind::Event, handler));
    }

    /// `Event::listen(OrderPlaced::class, SendReceipt::class)`, `Event::listen(function (OrderPlaced $event) {})`
    fn listen(&mut self, file: FileId, owner: Option<DefinitionId>, call: &Call, object: ValueId) {
        if !self.is_dispatcher(file, owner, object) {
            return;
        }
        let classes = self.classes;
        let facts = classes.facts(file);
        let arguments = facts.arguments_of(call);
        let Some(first) = arguments.first() else { return };
        if let (Shape::Inline(function), 1) = (facts.value(first.value).shape, arguments.len()) {
            let tie = Tie { at: (file, call.span.line), rule: "a call says who listens", sure: 95, queued: false };
            for name in classes.first_type((file, function)) {
                if let Some(named) = classes.message_of_name(file, owner, name) {
                    self.closure(file, function, named, tie);
                }
            }
            return;
        }
        let Some(listener) = arguments.get(1) else { return };
        for event in elements(classes, file, first.value) {
            if let Some(named) = classes.message_named(file, owner, event) {
                self.listener(file, owner, named, listener.value, "a call says who listens");
            }
        }
    }

    fn is_dispatcher(&self, file: FileId, owner: Option<DefinitionId>, object: ValueId) -> bool {
        let facts = self.classes.facts(file);
        if facade(self.classes, file, object).is_some_and(|name| name == "event") {
            return true;
        }
        let named = facts.last_name(object).is_some_and(|name| matches!(name.trim_start_matches('$'), "events"));
        named || self.classes.written_class(file, owner, object).is_some_and(|class| self.classes.is_one_of(&class, DISPATCHER))
    }

    /// `Event::subscribe(OrderSubscriber::class)`
    fn subscribed(&mut self, file: FileId, owner: Option<DefinitionId>, call: &Call, object: ValueId) {
        if self.is_dispatcher(file, owner, object)
            && let Some(first) = self.classes.facts(file).arguments_of(call).first()
            && let Some(Ancestor::Ours(class)) = self.classes.class_of(file, owner, first.value)
        {
            self.subscriber(class);
        }
    }

    /// What `subscribe` gives back: events with methods of the class. What it tells the dispatcher are calls like others.
    fn subscriber(&mut self, class: ClassId) {
        let classes = self.classes;
        let Some((file, method)) = classes.method(class, "subscribe") else { return };
        let facts = classes.facts(file);
        for (_, value) in facts.returned.iter().filter(|(owner, _)| *owner == method) {
            for entry in entries(classes, file, *value) {
                let Some(named) = entry.key.and_then(|key| classes.message_named(file, Some(method), key)) else { continue };
                for wanted in elements(classes, file, entry.value) {
                    let Some(text) = classes.text(file, Some(method), wanted) else { continue };
                    let at = (file, facts.value(wanted).line);
                    self.add(
                        class,
                        Some(&text),
                        named.clone(),
                        Tie { at, rule: "a subscriber says what it listens to", sure: 95, queued: false },
                    );
                }
            }
        }
    }

    /// `#[ObservedBy(OrderObserver::class)]`
    fn observed(&mut self, model: ClassId) {
        let classes = self.classes;
        let facts = classes.facts(model.0);
        if facts.definition(model.1).decorators.is_empty() {
            return;
        }
        for (note, at, call) in classes.attributes(model.0, model.1) {
            if note != Ancestor::Outside("illuminate\\database\\eloquent\\attributes\\observedby".to_owned()) {
                continue;
            }
            for observer in call
                .and_then(|call| facts.arguments_of(call).first())
                .map(|first| elements(classes, model.0, first.value))
                .unwrap_or_default()
            {
                let place = (model.0, facts.value(at).line);
                self.observer(model, classes.class_of(model.0, Some(model.1), observer), place);
            }
        }
    }

    /// `Order::observe(OrderObserver::class)`
    fn observe(&mut self, file: FileId, owner: Option<DefinitionId>, call: &Call, object: ValueId) {
        let Some(Ancestor::Ours(model)) = self.classes.class_at(file, owner, object) else { return };
        let Some(first) = self.classes.facts(file).arguments_of(call).first() else { return };
        for observer in elements(self.classes, file, first.value) {
            let class = self.class_or_self(file, owner, observer).map(Ancestor::Ours);
            self.observer(model, class, (file, call.span.line));
        }
    }

    fn observer(&mut self, model: ClassId, observer: Option<Ancestor>, at: (FileId, u32)) {
        let Some(Ancestor::Ours(observer)) = observer else { return };
        let classes = self.classes;
        let queued = classes.is_below(observer, QUEUED);
        for change in CHANGES {
            let tie = Tie { at, rule: "an observer is told what happens to rows", sure: 95, queued };
            if classes.method(observer, change).is_some()
                && let Some(handler) = classes.handler_of(observer, change, tie)
            {
                self.rows.push((classes.message(model), MessageKind::Model, handler));
            }
        }
    }

    /// Classes of a `Listeners` folder listen to what their methods take.
    fn discovered(&mut self) {
        let classes = self.classes;
        let known: rustc_hash::FxHashSet<(FileId, DefinitionId)> =
            self.rows.iter().map(|(_, _, handler)| (handler.file, handler.function)).collect();
        for file in classes.files().filter(|file| classes.base.path(*file).contains("/Listeners/")) {
            for class in classes.classes_of(file) {
                for (method, name) in classes.own_methods(class) {
                    // Only public methods listen; one that the class itself calls helps another.
                    let helps = name != "handle" && is_called(classes, file, name);
                    if !(name.starts_with("handle") || name == "__invoke") || helps || known.contains(&(file, method)) {
                        continue;
                    }
                    let line = classes.facts(file).definition(method).span.line;
                    for event in classes.first_type((file, method)) {
                        let Some(named) = classes.message_of_name(file, Some(class.1), event) else { continue };
                        let tie = Tie {
                            at: (file, line),
                            rule: "a listener is found by its folder and by what it takes",
                            sure: 90,
                            queued: false,
                        };
                        self.add(class, Some(name), named, tie);
                    }
                }
            }
        }
    }
}

/// True where a file calls a method of this name on the object at hand.
fn is_called(classes: &PhpClasses<'_>, file: FileId, name: &str) -> bool {
    let facts = classes.facts(file);
    let Some(text) = facts.texts.find(name) else { return false };
    let calls = classes.locals(file).calls_of(text).iter().map(|index| &facts.calls[*index as usize]);
    calls.into_iter().any(|call| matches!(facts.value(call.callee).shape, Shape::Member(object, _) if is_this(facts, object)))
}

/// True where the framework looks for listeners itself: as it does from version 11 on, and where a provider asks for it.
fn discovers(classes: &PhpClasses<'_>) -> bool {
    let by_application = |file: FileId| {
        let facts = classes.facts(file);
        classes.base.path(file).ends_with("bootstrap/app.php")
            && facts.calls.iter().any(|call| facts.last_name(call.callee) == Some("configure"))
    };
    let by_provider = |class: ClassId| {
        let own = classes.own_method(class.0, class.1, "shouldDiscoverEvents");
        own.is_some_and(|method| {
            let facts = classes.facts(class.0);
            let mut given = facts.returned.iter().filter(|(owner, _)| *owner == method);
            given.any(
                |(_, value)| matches!(facts.value(*value).shape, Shape::Constant(word) if facts.text(word).eq_ignore_ascii_case("true")),
            )
        })
    };
    classes.files().any(by_application)
        || classes.files().flat_map(|file| classes.classes_of(file)).any(|class| classes.is_below(class, PROVIDER) && by_provider(class))
}

/// The entries of an array with keys.
fn entries(classes: &PhpClasses<'_>, file: FileId, value: ValueId) -> Vec<Entry> {
    let facts = classes.facts(file);
    match facts.value(value).shape {
        Shape::Map(entries) => facts.entries[entries.range()].to_vec(),
        _ => Vec::new(),
    }
}

/// The elements of an array, or the value itself where it is none; a class with its method is one element.
fn elements(classes: &PhpClasses<'_>, file: FileId, value: ValueId) -> Vec<ValueId> {
    let facts = classes.facts(file);
    match facts.value(value).shape {
        Shape::List(parts) => {
            let parts = facts.items(parts);
            let is_pair = parts.len() == 2
                && matches!(facts.value(parts[0]).shape, Shape::Member(_, name) if facts.text(name) == "class")
                && matches!(facts.value(parts[1]).shape, Shape::Literal(name) if !facts.text(name).contains('\\'));
            if is_pair { vec![value] } else { parts.to_vec() }
        }
        Shape::Map(entries) => facts.entries[entries.range()].iter().map(|entry| entry.value).collect(),
        _ => vec![value],
    }
}
