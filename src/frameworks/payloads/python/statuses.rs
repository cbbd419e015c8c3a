//! Statuses as code names them.

use super::{Reading, last};
use crate::facts::ValueId;
use crate::frameworks::python::{Scope, Thing};

/// The members of `http.HTTPStatus` that services answer with.
const NAMES: [(&str, u16); 34] = [
    ("OK", 200),
    ("CREATED", 201),
    ("ACCEPTED", 202),
    ("NON_AUTHORITATIVE_INFORMATION", 203),
    ("NO_CONTENT", 204),
    ("RESET_CONTENT", 205),
    ("PARTIAL_CONTENT", 206),
    ("MULTI_STATUS", 207),
    ("MOVED_PERMANENTLY", 301),
    ("FOUND", 302),
    ("SEE_OTHER", 303),
    ("NOT_MODIFIED", 304),
    ("TEMPORARY_REDIRECT", 307),
    ("PERMANENT_REDIRECT", 308),
    ("BAD_REQUEST", 400),
    ("UNAUTHORIZED", 401),
    ("PAYMENT_REQUIRED", 402),
    ("FORBIDDEN", 403),
    ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("NOT_ACCEPTABLE", 406),
    ("CONFLICT", 409),
    ("GONE", 410),
    ("PRECONDITION_FAILED", 412),
    ("REQUEST_ENTITY_TOO_LARGE", 413),
    ("UNSUPPORTED_MEDIA_TYPE", 415),
    ("UNPROCESSABLE_ENTITY", 422),
    ("UNPROCESSABLE_CONTENT", 422),
    ("LOCKED", 423),
    ("TOO_MANY_REQUESTS", 429),
    ("INTERNAL_SERVER_ERROR", 500),
    ("NOT_IMPLEMENTED", 501),
    ("BAD_GATEWAY", 502),
    ("SERVICE_UNAVAILABLE", 503),
];

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
    NAMES.iter().find(|(known, _)| of_enum && *known == name.to_uppercase()).map(|(_, status)| *status)
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
