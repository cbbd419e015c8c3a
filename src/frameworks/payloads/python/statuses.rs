//! Statuses as code names them.

use super::{Reading, last};
use crate::facts::ValueId;
use crate::frameworks::payloads::statuses as shared;
use crate::frameworks::python::{Scope, Thing};

/// The status of something: `201`, `status.HTTP_201_CREATED`, `HTTPStatus.CREATED`, `"404"`.
pub(super) fn of_thing(thing: &Thing) -> Option<u16> {
    let number = match thing {
        Thing::Number(number) => u16::try_from(*number).ok(),
        Thing::Text(text) => text.parse().ok(),
        Thing::Outside(path) => of_path(path),
        _ => None,
    };
    number.filter(|number| (100..600).contains(number))
}

fn of_path(path: &str) -> Option<u16> {
    let path = path.strip_suffix(".value").unwrap_or(path);
    let name = last(path);
    if let Some(rest) = name.strip_prefix("HTTP_") {
        return rest.split('_').next()?.parse().ok();
    }
    let of_enum = path.rsplit('.').nth(1).is_some_and(|class| matches!(class, "HTTPStatus" | "codes"));
    shared::named(&name.to_uppercase()).filter(|_| of_enum)
}

impl Reading<'_, '_> {
    /// The status an expression stands for.
    pub(super) fn status(&self, scope: &Scope, value: ValueId) -> Option<u16> {
        of_thing(&self.thing(scope, value))
    }
}

#[cfg(test)]
mod tests {
    use super::of_path;

    #[test]
    fn names_of_statuses_hold_their_number() {
        assert_eq!(of_path("starlette.status.HTTP_201_CREATED"), Some(201));
        assert_eq!(of_path("http.HTTPStatus.NOT_FOUND.value"), Some(404));
        assert_eq!(of_path("shop.FOUND"), None);
    }
}
