//! Handlers and listeners that configuration makes so: tags of services in YAML and XML, one by one, by folder, by interface.

use super::handlers::of_rows;
use super::{note, taken, usual_method};
use crate::base::FileId;
use crate::facts::Node;
use crate::frameworks::messages::{Handler, MessageKind, Named};
use crate::frameworks::orm::ClassId;
use crate::frameworks::php::{PhpClasses, Tie};
use crate::frameworks::symfony::services::{class_named, documents, maps};

type Rows = Vec<(Named, MessageKind, Handler)>;

/// One tag of a service.
struct Tagged<'a> {
    name: &'a str,
    node: Node<'a>,
}

impl<'a> Tagged<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key).and_then(Node::text).or_else(|| self.node.attribute(key))
    }
}

/// Reads the services of all documents.
pub(super) fn read(classes: &PhpClasses<'_>, out: &mut Rows) {
    for (file, document) in documents(classes) {
        for services in maps(document, "services") {
            for (key, service) in services.entries() {
                match key {
                    "_instanceof" => service.entries().for_each(|(name, service)| below(classes, file, name, service, out)),
                    "instanceof" => {
                        if let Some(name) = service.attribute("id") {
                            below(classes, file, name, service, out);
                        }
                    }
                    _ => one(classes, file, key, service, out),
                }
            }
        }
    }
}

/// The service of one class, or of all classes of a folder.
fn one(classes: &PhpClasses<'_>, file: FileId, key: &str, service: Node<'_>, out: &mut Rows) {
    let tags = tags(service);
    if tags.is_empty() {
        return;
    }
    let text = |key: &str| service.get(key).and_then(Node::text).or_else(|| service.attribute(key));
    let id = text("id").or_else(|| text("namespace")).unwrap_or(key);
    if let Some(namespace) = id.strip_suffix('\\') {
        let start = format!("{}\\", namespace.to_lowercase());
        let all = classes.files().flat_map(|file| classes.classes_of(file));
        for class in all.filter(|class| classes.full_name(*class).starts_with(&start)) {
            tags.iter().for_each(|tag| tagged(classes, file, class, tag, out));
        }
        return;
    }
    if let Some(class) = text("class").and_then(|name| class_named(classes, file, name)).or_else(|| class_named(classes, file, id)) {
        tags.iter().for_each(|tag| tagged(classes, file, class, tag, out));
    }
}

/// Every class that is of an interface.
fn below(classes: &PhpClasses<'_>, file: FileId, name: &str, service: Node<'_>, out: &mut Rows) {
    let tags = tags(service);
    let Some(above) = class_named(classes, file, name).filter(|_| !tags.is_empty()) else { return };
    let all = classes.files().flat_map(|file| classes.classes_of(file));
    for class in all.filter(|class| *class != above && classes.line(*class).any(|line| line == above)) {
        tags.iter().for_each(|tag| tagged(classes, file, class, tag, out));
    }
}

/// `tags: ['kernel.event_subscriber', { name: messenger.message_handler }]`, `<tag name="..."/>`
fn tags(service: Node<'_>) -> Vec<Tagged<'_>> {
    let listed = service.get("tags").into_iter().flat_map(Node::items);
    let written = service.entries().filter(|(key, _)| *key == "tag").map(|(_, node)| node);
    let all = listed.chain(written).filter_map(|node| {
        let name = node.get("name").and_then(Node::text).or_else(|| node.attribute("name")).or_else(|| node.text());
        // `- kernel.event_listener: { event: order.placed }`
        let by_key = || node.entries().next().filter(|(_, inner)| inner.text().is_none());
        match name {
            Some(name) => Some(Tagged { name, node }),
            None => by_key().map(|(name, node)| Tagged { name, node }),
        }
    });
    all.collect()
}

fn tagged(classes: &PhpClasses<'_>, file: FileId, class: ClassId, tag: &Tagged<'_>, out: &mut Rows) {
    let tie = Tie { at: (file, tag.node.line()), rule: "a service is tagged in the configuration", sure: 95, queued: false };
    let method = tag.text("method");
    match tag.name {
        "messenger.message_handler" => {
            let method = method.unwrap_or("__invoke");
            let named = tag.text("handles").map(|text| vec![classes.message_of_text(file, text)]);
            let named = named.unwrap_or_else(|| taken(classes, class, method));
            note(classes, class, method, named, MessageKind::Message, tie, out);
        }
        "kernel.event_listener" => {
            let event = tag.text("event").map(|event| classes.message_of_text(file, event));
            let usual = || event.as_ref().map(|event| usual_method(&event.name)).filter(|usual| classes.method_of(class, usual).is_some());
            let method = method.map(str::to_owned).or_else(usual).unwrap_or_else(|| "__invoke".to_owned());
            let named = event.clone().map_or_else(|| taken(classes, class, &method), |event| vec![event]);
            note(classes, class, &method, named, MessageKind::Event, tie, out);
        }
        "doctrine.event_listener" => {
            let Some(event) = tag.text("event") else { return };
            let named = of_rows(&Named { name: event.to_owned(), class: None });
            note(classes, class, method.unwrap_or(event), vec![named], MessageKind::Model, tie, out);
        }
        "doctrine.orm.entity_listener" => {
            let Some(event) = tag.text("event") else { return };
            let own = method.unwrap_or(event);
            let own = if classes.method_of(class, own).is_some() { own } else { "__invoke" };
            let named = tag.text("entity").map(|text| vec![classes.message_of_text(file, text)]);
            let named = named.unwrap_or_else(|| taken(classes, class, own));
            note(classes, class, own, named, MessageKind::Model, tie, out);
        }
        _ => {}
    }
}
