//! Which hosts an address means, as far as it is written down: literals, constants, names of the environment and of settings.

use super::origin::Origins;
use crate::facts::{Call, DefinitionId, Shape, ValueId};

/// How many steps back are taken.
const LONGEST: u32 = 5;

/// What an address begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Start {
    /// Text, with `{}` for what only running shows.
    Text(String),
    /// What stands for it: `env:PAYMENT_URL`.
    Setting(String),
}

/// Hosts behind an address, or what stands for one; and the address itself as far as it is known.
pub(super) fn hosts(origins: &Origins<'_>, owner: Option<DefinitionId>, value: ValueId) -> (Vec<String>, Option<String>) {
    let (mut hosts, mut url) = (Vec::new(), None);
    for start in starts(origins, owner, value, LONGEST) {
        match start {
            Start::Text(text) => {
                hosts.extend(host_of(&text));
                url = url.or(Some(text));
            }
            Start::Setting(name) => hosts.push(name),
        }
    }
    hosts.sort();
    hosts.dedup();
    (hosts, url.filter(|url| url != "{}"))
}

/// The host in a text, in small letters; none where it is open or there is no scheme.
pub(super) fn host_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let known = (2..=8).contains(&scheme.len()) && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'.');
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    let named = !host.is_empty() && host != "{}" && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_{}".contains(&byte));
    (known && named && host.bytes().any(|byte| byte.is_ascii_alphanumeric())).then(|| host.to_ascii_lowercase())
}

fn starts(origins: &Origins<'_>, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Vec<Start> {
    let Some(left) = left.checked_sub(1) else { return Vec::new() };
    let facts = origins.facts;
    match facts.value(value).shape {
        Shape::Literal(text) => vec![Start::Text(facts.text(text).to_owned())],
        Shape::Template(parts) => joined(origins, owner, facts.items(parts), left),
        Shape::Joined(first, second) => joined(origins, owner, &[first, second], left),
        Shape::Choice(parts) => facts.items(parts).iter().flat_map(|part| starts(origins, owner, *part, left)).collect(),
        Shape::Name(_) => given(origins, owner, value, left),
        Shape::Member(object, name) => {
            let name = facts.text(name);
            match facts.last_name(object) {
                Some("env") => vec![Start::Setting(format!("env:{name}"))],
                Some("settings") => vec![Start::Setting(format!("settings:{name}"))],
                _ => given(origins, owner, value, left),
            }
        }
        Shape::Item(object, index) => match (facts.last_name(object), facts.as_literal(index)) {
            (Some("environ" | "env" | "$_ENV"), Some(name)) => vec![Start::Setting(format!("env:{name}"))],
            (Some("config" | "settings"), Some(name)) => vec![Start::Setting(format!("settings:{name}"))],
            _ => Vec::new(),
        },
        Shape::Call(_) => facts.as_call(value).map_or_else(Vec::new, |call| of_call(origins, owner, call, left)),
        _ => Vec::new(),
    }
}

fn given(origins: &Origins<'_>, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Vec<Start> {
    let given = origins.given(owner, value);
    // A name with many values is a variable in earnest.
    let given = if given.len() > 4 { &[] } else { given };
    given.iter().flat_map(|value| starts(origins, origins.facts.owner_of(*value), *value, left)).collect()
}

/// A text put together: what it begins with settles the host, unless that is only the scheme.
fn joined(origins: &Origins<'_>, owner: Option<DefinitionId>, parts: &[ValueId], left: u32) -> Vec<Start> {
    let Some((first, rest)) = parts.split_first() else { return Vec::new() };
    let mut found = starts(origins, owner, *first, left);
    for start in &mut found {
        let Start::Text(text) = start else { continue };
        for part in rest {
            match origins.facts.as_literal(*part) {
                Some(more) => text.push_str(more),
                None => text.push_str("{}"),
            }
        }
    }
    found
}

fn of_call(origins: &Origins<'_>, owner: Option<DefinitionId>, call: &Call, left: u32) -> Vec<Start> {
    let facts = origins.facts;
    let argument = |position: usize| facts.arguments_of(call).get(position).map(|argument| argument.value);
    let literal = |position| argument(position).and_then(|value| facts.as_literal(value));
    let object = match facts.value(call.callee).shape {
        Shape::Member(object, _) => Some(object),
        _ => None,
    };
    let setting = |sort: &str| literal(0).map_or_else(Vec::new, |name| vec![Start::Setting(format!("{sort}:{name}"))]);
    match facts.last_name(call.callee) {
        Some("getenv" | "env") => setting("env"),
        Some("get") if object.and_then(|object| facts.last_name(object)) == Some("environ") => setting("env"),
        Some("get") if object.and_then(|object| facts.last_name(object)) == Some("config") => setting("settings"),
        Some("config") => setting("settings"),
        Some("format" | "trim" | "rstrip" | "toString" | "replace") if object.is_some() => {
            object.map_or_else(Vec::new, |object| starts(origins, owner, object, left))
        }
        Some("sprintf" | "urljoin" | "rtrim" | "trim" | "URL" | "str" | "String" | "encodeURI") => {
            let mut found = argument(0).map_or_else(Vec::new, |value| starts(origins, owner, value, left));
            // A path below a base that comes second: `new URL(path, base)`.
            if !found.iter().any(|start| matches!(start, Start::Text(text) if text.contains("://")))
                && let Some(base) = argument(1).filter(|_| facts.last_name(call.callee) == Some("URL"))
            {
                found = starts(origins, owner, base, left);
            }
            found
        }
        Some("__construct") => argument(0).map_or_else(Vec::new, |value| starts(origins, owner, value, left)),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn a_host_is_told_from_ports_users_and_paths() {
        assert_eq!(host_of("https://User:secret@API.example.com:8443/v1?x=1").as_deref(), Some("api.example.com"));
        assert_eq!(host_of("ftp://files.example.com").as_deref(), Some("files.example.com"));
        assert_eq!(host_of("https://{}.example.com/hook").as_deref(), Some("{}.example.com"));
    }

    #[test]
    fn what_is_open_or_no_address_has_no_host() {
        for url in ["https://{}/v1", "/own/path", "see http: //", "{}://example.com", "https://", "a sentence://with spaces"] {
            assert_eq!(host_of(url), None, "{url}");
        }
    }
}
