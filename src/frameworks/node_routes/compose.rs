//! Whole addresses: what a router registers, below everything it is mounted in.

use super::Reader;
use super::routers::{Entry, Path};
use super::values::{HOLE, RouterId};
use crate::base::Certainty;
use crate::frameworks::routes::Route;
use crate::frameworks::{Model, OpenCall};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Mounts inside mounts that are followed, and places one router is mounted at.
const DEEPEST: usize = 10;
const MOST_PLACES: usize = 50;

impl Reader<'_> {
    /// Every route that was registered, into the model.
    pub(super) fn compose(&mut self, model: &mut Model) {
        // Where several applications are made and one listens, the others are mounted in ways nobody can see.
        let wholes = self.routers.iter().filter(|router| router.is_whole && router.mounts.is_empty() && !router.is_guessed);
        self.has_one_whole = wholes.count() == 1;
        self.has_mounts = self.routers.iter().any(|router| !router.mounts.is_empty());
        // A router has many routes, and all of them stand below the same prefixes.
        let mut known: FxHashMap<RouterId, BTreeSet<(String, Certainty)>> = FxHashMap::default();
        for entry in std::mem::take(&mut self.entries) {
            let prefixes = known.entry(entry.router).or_insert_with(|| {
                let mut prefixes = BTreeSet::new();
                self.prefixes(entry.router, String::new(), &mut Vec::new(), &mut prefixes);
                prefixes
            });
            for (prefix, certainty) in prefixes.iter() {
                self.compose_one(&entry, prefix, *certainty, model);
            }
        }
        model.unresolved.append(&mut self.open);
    }

    fn compose_one(&self, entry: &Entry, prefix: &str, certainty: Certainty, model: &mut Model) {
        let path = match &entry.path {
            Path::Pattern(path) => {
                address(&format!("{prefix}{}{path}", if path.starts_with(['/', HOLE]) || path.is_empty() { "" } else { "/" }))
            }
            Path::Regex(regex) => Some(format!("{}{regex}", address(prefix).unwrap_or_default().trim_end_matches('/'))),
        };
        let Some(path) = path else {
            let reason = "part of the address of this route is only known at run time".to_owned();
            let shown = match &entry.path {
                Path::Pattern(path) => format!("{prefix}{path}").replace(HOLE, "{}"),
                Path::Regex(regex) => regex.clone(),
            };
            let text = format!("{} {shown}", entry.method.word());
            return model.unresolved.push(OpenCall { file: entry.file, line: entry.line, kind: "route", text, reason });
        };
        model.routes.push(Route {
            path,
            method: entry.method,
            handler: if entry.handler.name.is_empty() {
                format!("{}:{}", self.base.path(entry.file), entry.line)
            } else {
                entry.handler.name.clone()
            },
            handled: entry.handler.place,
            registered: (entry.file, entry.line),
            framework: self.routers[entry.router.0 as usize].framework.word(),
            name: entry.name.clone(),
            certainty,
        });
    }

    /// All that stands before the addresses of a router.
    fn prefixes(&self, id: RouterId, below: String, way: &mut Vec<RouterId>, found: &mut BTreeSet<(String, Certainty)>) {
        let router = &self.routers[id.0 as usize];
        let path = joined(&router.prefix, &below);
        if router.mounts.is_empty() {
            let certainty = match (router.is_guessed, router.is_whole) {
                (true, _) => Certainty(60),
                (false, true) if router.listens || self.has_one_whole => Certainty::LITERAL,
                (false, true) => Certainty(80),
                // Nobody was seen to mount it: where others are mounted, something is missing before its addresses.
                (false, false) if self.has_mounts => Certainty(50),
                (false, false) => Certainty(70),
            };
            found.insert((path, certainty));
            return;
        }
        if way.len() >= DEEPEST || found.len() >= MOST_PLACES || way.contains(&id) {
            return;
        }
        way.push(id);
        for (parent, prefix) in &router.mounts {
            self.prefixes(*parent, joined(prefix, &path), way, found);
        }
        way.pop();
    }
}

/// A prefix and what follows it, with one slash between them.
pub(super) fn joined(prefix: &str, rest: &str) -> String {
    let prefix = prefix.trim_end_matches('/');
    if rest.is_empty() || rest.starts_with(['/', HOLE]) { format!("{prefix}{rest}") } else { format!("{prefix}/{rest}") }
}

/// An address as reports have it: `/a/{id}` of `/a/:id(\\d+)`; none where part of it is only known at run time. What
/// stands before everything else is where the application is installed.
pub(super) fn address(pattern: &str) -> Option<String> {
    let pattern = pattern.strip_prefix(HOLE).unwrap_or(pattern);
    if pattern.contains(HOLE) {
        return None;
    }
    let mut out = String::from("/");
    let mut chars = pattern.chars().peekable();
    // Parts that may be missing stand between braces since Express 5: `{/:id}`, `{*rest}`.
    let mut optional = 0;
    while let Some(c) = chars.next() {
        match c {
            '/' if out.ends_with('/') => {}
            ':' if chars.peek().is_some_and(|next| is_name(*next)) => {
                parameter(&mut out, &mut chars);
                if chars.peek() == Some(&'(') {
                    skip_group(&mut chars);
                }
                chars.next_if(|next| matches!(next, '?' | '+' | '*'));
            }
            // The rest of the address has a name since Express 5.
            '*' if out.ends_with('/') && chars.peek().is_some_and(|next| is_name(*next)) => parameter(&mut out, &mut chars),
            '{' if chars.peek().is_some_and(|next| matches!(next, '/' | ':' | '*' | '.' | '-')) => optional += 1,
            '}' if optional > 0 => optional -= 1,
            c => out.push(c),
        }
    }
    Some(out)
}

/// A name in braces.
fn parameter(out: &mut String, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    out.push('{');
    while let Some(next) = chars.next_if(|next| is_name(*next)) {
        out.push(next);
    }
    out.push('}');
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Passes over what a parameter has to look like: `(\\d+)`.
fn skip_group(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut depth = 0;
    for c in chars.by_ref() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HOLE, address};

    #[test]
    fn parameters_lose_their_patterns_and_prefixes_of_the_installation_go() {
        assert_eq!(address("/orders/:id(\\d+)/items/:item?").as_deref(), Some("/orders/{id}/items/{item}"));
        assert_eq!(address("//a//b/").as_deref(), Some("/a/b/"));
        assert_eq!(address("").as_deref(), Some("/"));
        assert_eq!(address("files/*").as_deref(), Some("/files/*"));
        assert_eq!(address(&format!("{HOLE}/a")).as_deref(), Some("/a"));
        assert_eq!(address(&format!("/a/{HOLE}")), None);
        assert_eq!(address("/a/:from-:to").as_deref(), Some("/a/{from}-{to}"));
        assert_eq!(address("/a{/:id}/b{.:kind}").as_deref(), Some("/a/{id}/b.{kind}"));
        assert_eq!(address("/a/*rest").as_deref(), Some("/a/{rest}"));
        assert_eq!(address("/a/{*rest}").as_deref(), Some("/a/{rest}"));
        assert_eq!(address("/a/{id}/{rest*}").as_deref(), Some("/a/{id}/{rest*}"));
    }
}
