//! What each script takes of a request: the places that look into `$_GET`, `$_POST` and their kin, in the script, in what only it
//! includes, and in functions that it calls.

use super::entries::{self, Scripts};
use super::files;
use super::requests::Requests;
use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, FileFacts, Shape, Stretch, ValueId};
use crate::frameworks::routes::Method;
use crate::names::php::{Qualified, Sort};
use crate::names::{FactBase, Names};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// How far calls are followed, and how many functions of one script are looked into.
const DEEPEST: u32 = 3;
const MOST: usize = 300;

/// How a field comes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::frameworks) enum Brought {
    /// Behind the question mark.
    Query,
    /// In the body.
    Body,
    /// Either way.
    Either,
    /// As a file.
    File,
    /// In a cookie.
    Cookie,
}

/// Names of what a request brings.
const GLOBALS: [(&str, Brought); 8] = [
    ("$_GET", Brought::Query),
    ("$_POST", Brought::Body),
    ("$_REQUEST", Brought::Either),
    ("$_FILES", Brought::File),
    ("$_COOKIE", Brought::Cookie),
    ("$HTTP_GET_VARS", Brought::Query),
    ("$HTTP_POST_VARS", Brought::Body),
    ("$HTTP_POST_FILES", Brought::File),
];

/// One script, and what it was seen to take and say.
#[derive(Debug)]
pub(in crate::frameworks) struct Page {
    /// Its address.
    pub(in crate::frameworks) path: String,
    /// What it takes, in the order of how and of names: `user.name`, `lines.*`.
    pub(in crate::frameworks) fields: BTreeSet<(Brought, String)>,
    /// What is gone through as a whole, or handed on.
    pub(in crate::frameworks) whole: BTreeSet<Brought>,
    /// It says that it answers JSON.
    pub(in crate::frameworks) is_json: bool,
    /// Statuses that it sets.
    pub(in crate::frameworks) statuses: Vec<u16>,
}

/// Every script that takes something, by its address.
pub(in crate::frameworks) fn pages(base: &FactBase, names: &Names) -> Vec<Page> {
    let scripts = entries::find(base, names);
    let requests = Requests::learn(base);
    let mut found: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
    for file in files(base) {
        if let Some(page) = scripts.page(file) {
            found.entry(page.to_owned()).or_default().push(file);
        }
    }
    let pages = found.into_iter().map(|(path, own)| {
        let page = Page { path, fields: BTreeSet::new(), whole: BTreeSet::new(), is_json: false, statuses: Vec::new() };
        let mut reader = Reader { base, names, scripts: &scripts, requests: &requests, page, seen: FxHashSet::default() };
        for file in own {
            let all = u32::try_from(base.facts(file).values.len()).unwrap_or(u32::MAX);
            reader.stretch(file, Stretch { start: 0, end: all }, DEEPEST);
        }
        reader.page
    });
    pages.collect()
}

struct Reader<'a> {
    base: &'a FactBase,
    names: &'a Names,
    scripts: &'a Scripts,
    requests: &'a Requests,
    page: Page,
    seen: FxHashSet<(FileId, DefinitionId)>,
}

impl Reader<'_> {
    /// A stretch of the values of a file.
    fn stretch(&mut self, file: FileId, inside: Stretch, left: u32) {
        let facts = self.base.facts(file);
        let brought: FxHashMap<_, Brought> = GLOBALS.iter().filter_map(|(name, how)| Some((facts.texts.find(name)?, *how))).collect();
        if !brought.is_empty() {
            self.globals(facts, inside, |value| brought.get(&facts.as_name(value)?).copied());
        }
        let first = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[first..].iter().take_while(|call| call.value.0 < inside.end) {
            let Some(name) = facts.last_name(call.callee) else { continue };
            let literal = |place: usize| facts.arguments_of(call).get(place).and_then(|argument| facts.as_literal(argument.value));
            match name {
                "header" => self.header(literal(0)),
                "http_response_code" => {
                    let status = facts.arguments_of(call).first().map(|first| facts.value(first.value).shape);
                    if let Some(Shape::Number(text)) = status {
                        self.page.statuses.extend(facts.text(text).parse::<u16>().ok());
                    }
                }
                _ => {}
            }
            // A function that hands out a parameter of the request.
            if let Some(parameter) = self.requests.parameter(facts, None, call.value) {
                let how = if parameter.method == Method::Post { Brought::Body } else { Brought::Either };
                self.page.fields.insert((how, parameter.name));
            } else if let Some(left) = left.checked_sub(1)
                && let Some(target) = self.target(file, facts, call.callee)
                && self.seen.len() < MOST
                && self.seen.insert(target)
            {
                self.stretch(target.0, self.base.facts(target.0).definition(target.1).values, left);
            }
        }
    }

    /// What is looked up in the arrays that a request fills.
    fn globals(&mut self, facts: &FileFacts, inside: Stretch, brought: impl Fn(ValueId) -> Option<Brought>) {
        let given: FxHashSet<ValueId> = facts
            .bindings
            .iter()
            .filter(|binding| matches!(binding.binds, Binds::Assign | Binds::Delete))
            .map(|binding| binding.target)
            .collect();
        let mut looked_up: FxHashSet<ValueId> = FxHashSet::default();
        for index in inside.range() {
            let value = ValueId(u32::try_from(index).expect("values are counted in u32"));
            let Shape::Item(object, _) = facts.values[index].shape else { continue };
            looked_up.insert(object);
            if given.contains(&value) {
                continue;
            }
            let mut steps = Vec::new();
            let mut at = value;
            while let Shape::Item(object, key) = facts.value(at).shape {
                steps.push(facts.as_literal(key).filter(|key| !key.is_empty() && !key.contains('.')).unwrap_or("*"));
                at = object;
            }
            let Some(how) = brought(at) else { continue };
            steps.reverse();
            // `$_FILES['picture']['name']` says something of the file; it is no field of its own.
            if matches!(how, Brought::File | Brought::Cookie) {
                steps.truncate(1);
            }
            if steps[0] == "*" {
                self.page.whole.insert(how);
            } else {
                self.page.fields.insert((how, steps.join(".")));
            }
        }
        let first = facts.calls.partition_point(|call| call.value.0 < inside.start);
        let calls = facts.calls[first..].iter().take_while(|call| call.value.0 < inside.end);
        let handed = calls.flat_map(|call| facts.arguments_of(call)).map(|argument| argument.value);
        let looped = facts.bindings.iter().filter(|binding| binding.binds == Binds::Loop).filter_map(|binding| binding.value);
        self.page.whole.extend(handed.chain(looped.filter(|value| inside.contains(value.0))).filter_map(brought));
    }

    fn header(&mut self, text: Option<&str>) {
        let Some(text) = text.map(str::to_ascii_lowercase) else { return };
        if text.starts_with("location:") {
            self.page.statuses.push(302);
        } else if text.starts_with("content-type:") && text.contains("json") {
            self.page.is_json = true;
        } else if text.starts_with("http/") {
            self.page.statuses.extend(text.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok()));
        }
    }

    /// The function, or the method of a class, that is called by its name, where it is not the script's own.
    fn target(&self, file: FileId, facts: &FileFacts, callee: ValueId) -> Option<(FileId, DefinitionId)> {
        let full = |name: &str| Qualified { full: name.trim_start_matches('\\').to_lowercase(), fallback: None };
        let found = match facts.value(callee).shape {
            Shape::Name(name) if !facts.text(name).starts_with('$') => {
                let place = self.names.php(self.base, file, Sort::Function, &full(facts.text(name)))?;
                (place.file, place.definition)
            }
            Shape::Member(class, method) => {
                let class = facts.text(facts.as_name(class)?);
                if class.starts_with('$') {
                    return None;
                }
                let place = self.names.php(self.base, file, Sort::Class, &full(class))?;
                let home = self.base.facts(place.file);
                let (id, _) = home.inside(Some(place.definition)).find(|(_, inner)| home.text(inner.name) == facts.text(method))?;
                (place.file, id)
            }
            _ => return None,
        };
        // What only this script includes is read as a whole.
        (self.scripts.page(found.0) != Some(self.page.path.as_str())).then_some(found)
    }
}
