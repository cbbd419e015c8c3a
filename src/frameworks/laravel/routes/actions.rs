//! What a route calls: a closure, a method of a controller, a controller that is called itself.

use super::Scan;
use super::attributes::{Context, within};
use crate::base::FileId;
use crate::facts::{DefinitionId, Entry, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::Handler;

/// A controller as people call it, and its class where the tree has it.
#[derive(Clone, Debug)]
pub(super) struct Controller {
    pub name: String,
    pub class: Option<ClassId>,
}

/// How deep an action is looked into.
const DEEPEST: u32 = 4;

impl Controller {
    /// One of its methods.
    pub(super) fn method(&self, scan: &Scan<'_>, method: &str) -> Handler {
        Handler { name: format!("{}@{method}", self.name), place: self.class.map(|class| scan.classes.handled_by(class, method)) }
    }
}

impl Scan<'_> {
    /// What an action calls, and the name an array gives the route.
    pub(super) fn action(&self, file: FileId, owner: Option<DefinitionId>, context: &Context, value: ValueId) -> (Handler, Option<String>) {
        let facts = self.classes.facts(file);
        let named = match facts.value(value).shape {
            Shape::Map(entries) => {
                let own = facts.entries[entries.range()].iter().find(|entry| self.is_key(file, entry, &["as"]));
                own.and_then(|entry| self.classes.text(file, owner, entry.value))
            }
            _ => None,
        };
        let written = || facts.dotted(value).unwrap_or_else(|| "not told by the code".to_owned());
        let handler = self.handler(file, owner, context, value, DEEPEST).unwrap_or_else(|| Handler { name: written(), place: None });
        (handler, named)
    }

    fn handler(&self, file: FileId, owner: Option<DefinitionId>, context: &Context, value: ValueId, left: u32) -> Option<Handler> {
        let left = left.checked_sub(1)?;
        let facts = self.classes.facts(file);
        match facts.value(value).shape {
            Shape::Inline(_) => self.classes.closure(file, value),
            Shape::List(parts) => match *facts.items(parts) {
                [only] => self.handler(file, owner, context, only, left),
                [class, method] => {
                    let controller = self.controller(file, owner, context, class)?;
                    Some(controller.method(self, &self.classes.text(file, owner, method)?))
                }
                _ => None,
            },
            Shape::Map(entries) => {
                let entries = &facts.entries[entries.range()];
                let uses = entries.iter().find(|entry| self.is_key(file, entry, &["uses", "controller"]));
                let uses = uses.or_else(|| entries.iter().find(|entry| entry.key.is_none()))?;
                self.handler(file, owner, context, uses.value, left)
            }
            // `new Show()` and `Show::class`
            Shape::Call(_) => {
                let call = facts.as_call(value)?;
                let Shape::Member(class, name) = facts.value(call.callee).shape else { return None };
                match facts.text(name) {
                    "__construct" => Some(self.controller(file, owner, context, class)?.method(self, "__invoke")),
                    // `Show::page(...)`
                    method => Some(self.controller(file, owner, context, class)?.method(self, method)),
                }
            }
            Shape::Member(..) => Some(self.controller(file, owner, context, value)?.method(self, "__invoke")),
            _ => self.by_text(&self.classes.text(file, owner, value)?, file, context),
        }
    }

    /// `'OrderController@show'`, `'show'` below a group's controller, `'OrderController'`
    fn by_text(&self, text: &str, file: FileId, context: &Context) -> Option<Handler> {
        if let Some((class, method)) = text.split_once('@').or_else(|| text.split_once("::")) {
            return Some(self.controller_of_name(file, context, class).method(self, method));
        }
        if let Some((file, owner, value)) = context.controller
            && !text.contains('\\')
        {
            return Some(self.controller(file, owner, context, value)?.method(self, text));
        }
        Some(self.controller_of_name(file, context, text).method(self, "__invoke"))
    }

    /// The controller that an expression names.
    pub(super) fn controller(&self, file: FileId, owner: Option<DefinitionId>, context: &Context, value: ValueId) -> Option<Controller> {
        let facts = self.classes.facts(file);
        let named = match facts.value(value).shape {
            Shape::Member(object, name) if facts.text(name).eq_ignore_ascii_case("class") => Some(object),
            Shape::Name(name) if !facts.text(name).starts_with('$') => Some(value),
            _ => None,
        };
        if let Some(named) = named {
            return match self.classes.class_at(file, owner, named)? {
                Ancestor::Ours(class) => Some(Controller { name: self.classes.shown_name(class), class: Some(class) }),
                Ancestor::Outside(_) => Some(Controller { name: self.classes.shown(file, owner, named)?, class: None }),
            };
        }
        Some(self.controller_of_name(file, context, &self.classes.text(file, owner, value)?))
    }

    /// The controller of a name in a string: in the namespace of its group, else by its full name, else the only class that ends so.
    fn controller_of_name(&self, file: FileId, context: &Context, text: &str) -> Controller {
        let full = within(&context.namespace, text);
        let bare = text.trim_start_matches('\\');
        let class = self.classes.full(file, &full).or_else(|| self.classes.full(file, bare)).or_else(|| self.by_ending(bare));
        let name = class.map_or(full, |class| self.classes.shown_name(class));
        Controller { name, class }
    }

    fn by_ending(&self, text: &str) -> Option<ClassId> {
        let ending = format!("\\{}", text.to_lowercase());
        let mut fitting = self.classes.files().flat_map(|file| self.classes.classes_of(file)).filter(|class| {
            text.rsplit('\\').next().is_some_and(|bare| self.classes.bare_name(*class).eq_ignore_ascii_case(bare))
                && self.classes.full_name(*class).ends_with(&ending)
        });
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only)
    }

    fn is_key(&self, file: FileId, entry: &Entry, wanted: &[&str]) -> bool {
        let facts = self.classes.facts(file);
        entry.key.and_then(|key| facts.as_literal(key)).is_some_and(|key| wanted.contains(&key))
    }
}
