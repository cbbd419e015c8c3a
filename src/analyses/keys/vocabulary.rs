//! Words that names of tables and columns are made of, and what they say of keys.

/// Words before a key of somebody else's system.
pub(super) const OUTSIDE: [&str; 33] = [
    "provider",
    "oauth",
    "okta",
    "saml",
    "sso",
    "firebase",
    "cognito",
    "google",
    "stripe",
    "facebook",
    "github",
    "gitlab",
    "bitbucket",
    "paypal",
    "twitter",
    "slack",
    "discord",
    "aws",
    "azure",
    "gcp",
    "apple",
    "linkedin",
    "mailgun",
    "mailchimp",
    "twilio",
    "braintree",
    "zendesk",
    "salesforce",
    "hubspot",
    "shopify",
    "external",
    "remote",
    "ldap",
];

/// Words that fit every table: they mean one only together with the name of the table they stand in.
pub(super) const ANYTHING: [&str; 14] = [
    "entity", "item", "object", "value", "record", "row", "element", "instance", "resource", "data", "type", "model", "content", "subject",
];

/// Last words that say nothing of what is in a table.
pub(super) const EMPTY_ENDINGS: [&str; 7] = ["entity", "entities", "table", "tbl", "main", "master", "base"];

/// Words for the people of an application.
pub(super) const PEOPLE: [&str; 34] = [
    "owner",
    "author",
    "creator",
    "user",
    "uid",
    "assignee",
    "reviewer",
    "approver",
    "editor",
    "sender",
    "recipient",
    "receiver",
    "actor",
    "submitter",
    "requester",
    "requestor",
    "reporter",
    "member",
    "manager",
    "modifier",
    "updater",
    "approvedby",
    "grader",
    "marker",
    "teacher",
    "student",
    "invitee",
    "inviter",
    "responder",
    "publisher",
    "uploader",
    "initiator",
    "reader",
    "subscriber",
];

/// Words for another row of the same table.
pub(super) const SAME_TABLE: [&str; 11] =
    ["parent", "ancestor", "predecessor", "successor", "previous", "prev", "superior", "original", "duplicate", "ancestortree", "reply"];

/// Names of primary keys that say nothing of their table, and facts that rows of many tables have.
pub(super) const COMMON_KEYS: [&str; 18] = [
    "id",
    "key",
    "name",
    "code",
    "uuid",
    "slug",
    "value",
    "token",
    "hash",
    "type",
    "path",
    "value_id",
    "ip",
    "ip_address",
    "email",
    "url",
    "date",
    "status",
];

/// Columns that say in which language a row is.
pub(super) const LANGUAGES: [&str; 10] =
    ["id_lang", "id_language", "lang", "lang_code", "lang_id", "language", "language_code", "language_id", "locale", "locale_id"];
