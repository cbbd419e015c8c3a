//! Statuses by the words that code has for them.

/// The words of the protocol.
const NAMES: [(&str, u16); 42] = [
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
    ("PERMANENTLY_REDIRECT", 308),
    ("BAD_REQUEST", 400),
    ("UNAUTHORIZED", 401),
    ("PAYMENT_REQUIRED", 402),
    ("FORBIDDEN", 403),
    ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("NOT_ACCEPTABLE", 406),
    ("REQUEST_TIMEOUT", 408),
    ("CONFLICT", 409),
    ("GONE", 410),
    ("LENGTH_REQUIRED", 411),
    ("PRECONDITION_FAILED", 412),
    ("REQUEST_ENTITY_TOO_LARGE", 413),
    ("UNSUPPORTED_MEDIA_TYPE", 415),
    ("I_AM_A_TEAPOT", 418),
    ("MISDIRECTED_REQUEST", 421),
    ("UNPROCESSABLE_ENTITY", 422),
    ("UNPROCESSABLE_CONTENT", 422),
    ("LOCKED", 423),
    ("FAILED_DEPENDENCY", 424),
    ("PRECONDITION_REQUIRED", 428),
    ("TOO_MANY_REQUESTS", 429),
    ("INTERNAL_SERVER_ERROR", 500),
    ("NOT_IMPLEMENTED", 501),
    ("BAD_GATEWAY", 502),
    ("SERVICE_UNAVAILABLE", 503),
    ("GATEWAY_TIMEOUT", 504),
];

/// `NOT_FOUND`
pub(super) fn named(name: &str) -> Option<u16> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, status)| *status)
}

/// `HTTP_CREATED` of Symfony's `Response`.
pub(super) fn of_constant(name: &str) -> Option<u16> {
    named(name.strip_prefix("HTTP_")?)
}

/// What the frameworks' exceptions answer, by their bare names in small letters.
pub(super) fn of_exception(bare: &str) -> Option<u16> {
    Some(match bare {
        "notfoundhttpexception" | "modelnotfoundexception" => 404,
        "accessdeniedhttpexception" | "accessdeniedexception" | "authorizationexception" => 403,
        "unauthorizedhttpexception" | "authenticationexception" => 401,
        "badrequesthttpexception" => 400,
        "conflicthttpexception" => 409,
        "gonehttpexception" => 410,
        "unprocessableentityhttpexception" | "validationexception" => 422,
        "toomanyrequestshttpexception" | "throttlerequestsexception" => 429,
        "methodnotallowedhttpexception" => 405,
        _ => return None,
    })
}
