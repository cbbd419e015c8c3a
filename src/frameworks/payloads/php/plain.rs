//! What scripts without a framework take: keys of `$_GET`, `$_POST`, `$_REQUEST`, `$_FILES` and `$_COOKIE`.
//!
//! A script answers every method. That it looks behind the question mark tells of GET, that it looks into the body tells of POST;
//! a script that does neither stays without an operation.

use crate::frameworks::orm::Classes;
use crate::frameworks::payloads::fields::Fields;
use crate::frameworks::payloads::schema::Schema;
use crate::frameworks::payloads::{Content, FORM, HTML, In, JSON, MULTIPART, Operation, Payloads, Reader};
use crate::frameworks::plain_php::{self, Brought, Page};
use crate::frameworks::routes::{Method, Route};
use std::collections::{BTreeMap, BTreeSet};

/// The row of these scripts.
pub(in crate::frameworks::payloads) static READER: Reader = Reader { frameworks: &["php"], read };

fn read(classes: &Classes<'_>, routes: &[&Route], payloads: &mut Payloads) {
    let pages: BTreeMap<String, Page> =
        plain_php::pages(classes.base, classes.names).into_iter().map(|page| (page.path.clone(), page)).collect();
    for route in routes.iter().filter(|route| route.method == Method::Any && !route.path.contains('?')) {
        let Some(page) = pages.get(&route.path) else { continue };
        let (query, body) = (takes(page, &[Brought::Query]), takes(page, &[Brought::Body, Brought::File]));
        let either = takes(page, &[Brought::Either]);
        let actions = actions(&route.path, routes);
        if query || either && !body {
            payloads.note_as(route, Method::Get, operation(page, false, &actions));
        }
        if body {
            payloads.note_as(route, Method::Post, operation(page, true, &actions));
        }
    }
}

fn takes(page: &Page, kinds: &[Brought]) -> bool {
    page.fields.iter().any(|(how, _)| kinds.contains(how))
}

/// What the code compares a parameter with to choose what it does, by the parameter.
fn actions<'a>(path: &str, routes: &[&'a Route]) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for route in routes {
        let chosen = route.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('?')).and_then(|rest| rest.split_once('='));
        if let Some((name, action)) = chosen {
            found.entry(name).or_default().insert(action);
        }
    }
    found
}

fn operation(page: &Page, posts: bool, actions: &BTreeMap<&str, BTreeSet<&str>>) -> Operation {
    let mut operation = Operation::default();
    let (mut body, mut query, mut has_files) = (Fields::default(), Fields::default(), false);
    let has_whole = page.whole.iter().any(|how| match how {
        Brought::Query => !posts,
        Brought::Either => true,
        Brought::Body | Brought::File => posts,
        Brought::Cookie => false,
    });
    for (how, name) in &page.fields {
        match how {
            Brought::Query => query.add(name, Schema::open(), false),
            Brought::Body => body.add(name, Schema::open(), false),
            Brought::Either if posts => body.add(name, Schema::open(), false),
            Brought::Either => query.add(name, Schema::open(), false),
            Brought::File => {
                has_files = true;
                body.add(name, Schema::formatted("binary"), false);
            }
            Brought::Cookie => operation.parameter(In::Cookie, name, Schema::text(), false),
        }
    }
    for (name, schema, required) in query.each() {
        operation.parameter(In::Query, name, schema, required);
    }
    if posts {
        body.open = has_whole;
        operation.body = Some(Content { media: vec![if has_files { MULTIPART } else { FORM }], schema: body.schema() });
    }
    if has_whole {
        operation.unsure("the fields of the request are gone through or handed on as a whole", 70);
    }
    for (name, chosen) in actions {
        let words: Vec<&str> = chosen.iter().copied().collect();
        operation.unsure(&format!("{name} chooses what is done: {}", words.join(", ")), 80);
    }
    let media = if page.is_json { JSON } else { HTML };
    let schema = if page.is_json { Schema::open() } else { Schema::text() };
    operation.answer(200, Some(Content { media: vec![media], schema }));
    page.statuses.iter().filter(|status| (100..600).contains(*status)).for_each(|status| operation.answer(*status, None));
    operation.responses.sort_by_key(|answer| answer.status.unwrap_or(u16::MAX));
    operation
}
