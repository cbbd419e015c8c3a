//! WordPress: routes of its REST interface, and actions that `admin-ajax.php` and `admin-post.php` hand on to hooks.

mod hooks;
mod paths;
mod rest;
mod types;

use super::OpenCall;
use super::php::{Handler, PhpClasses};
use super::routes::{Method, Route};
use crate::base::{Certainty, FileId};
use crate::facts::{DefinitionId, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::names::FactBase;
use crate::names::php::PHP;

/// The functions that register what a request may ask for.
const REGISTERING: [&str; 2] = ["register_rest_route", "add_action"];

/// True where some file of the application calls one of them.
pub(super) fn is_used(base: &FactBase) -> bool {
    let mut files = base.files.iter().filter(|file| !file.left_out && file.source.language == PHP);
    files.any(|file| file.facts.texts.iter().any(|(_, text)| REGISTERING.contains(&text)))
}

/// Collects the routes of the application.
pub(super) fn routes(classes: &PhpClasses<'_>, out: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
    rest::collect(classes, out, open);
    hooks::collect(classes, out);
}

/// What a callable names: `array( $this, 'get_items' )`, `'Orders::list'`, `'list_orders'`, a closure. `of` is the class whose
/// object `$this` is.
fn callable(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, of: Option<ClassId>, value: ValueId) -> Option<Handler> {
    let facts = classes.facts(file);
    let method = |class: ClassId, method: &str| Handler {
        name: format!("{}::{method}", classes.shown_name(class)),
        place: Some(classes.handled_by(class, method)),
    };
    match facts.value(value).shape {
        Shape::Inline(_) => classes.closure(file, value),
        Shape::List(parts) => {
            let [object, name] = *facts.items(parts) else { return None };
            let name = classes.text(file, owner, name)?;
            let name = name.rsplit("::").next().unwrap_or(&name);
            let written = facts.as_name(object).map(|object| facts.text(object));
            if matches!(written, Some("$this")) || matches!(facts.last_name(object), Some("__CLASS__")) {
                return of.or_else(|| facts.class_around(owner).map(|class| (file, class))).map(|class| method(class, name));
            }
            let class = match facts.as_call(object) {
                // `array( new Orders(), 'list' )`
                Some(made) => match facts.value(made.callee).shape {
                    Shape::Member(class, _) => classes.class_at(file, owner, class),
                    _ => None,
                },
                None => classes.class_of(file, owner, object),
            };
            match class {
                Some(Ancestor::Ours(class)) => Some(method(class, name)),
                Some(Ancestor::Outside(class)) => Some(Handler { name: format!("{class}::{name}"), place: None }),
                None => Some(Handler { name: format!("{}::{name}", written.unwrap_or("an object")), place: None }),
            }
        }
        _ => {
            let text = classes.text(file, owner, value)?;
            if let Some((class, name)) = text.split_once("::") {
                return Some(match classes.full(file, class) {
                    Some(class) => method(class, name),
                    None => Handler { name: text, place: None },
                });
            }
            let place = classes.function(file, value, &text).map(|(file, function)| {
                let line = classes.facts(file).definition(function).span.line;
                (file, line)
            });
            Some(Handler { name: text, place })
        }
    }
}

/// A route of this framework.
fn route(path: String, method: Method, handler: &Handler, registered: (FileId, u32), sure: u8) -> Route {
    Route {
        path,
        method,
        handler: handler.name.clone(),
        handled: handler.place,
        registered,
        framework: "wordpress",
        name: None,
        certainty: Certainty(sure),
    }
}
