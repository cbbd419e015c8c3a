//! What routes of PHP take and answer: Laravel's rules, resources and models, Symfony's forms and objects, and what code
//! of any framework reads from a request and writes into an answer.
//!
//! `frames` follows expressions through variables and the application's own functions, `requests` says what is asked of a
//! request and `rules` what it is held to, `values` what data looks like, `models` what classes look like whose objects go
//! out, `answers` puts statuses to it, `guards` says who may call.

mod answers;
mod forms;
mod frames;
mod guards;
mod handed;
mod models;
pub(super) mod plain;
mod requests;
mod rules;
mod values;

use super::schema::ComponentId;
use super::steps::{Inside, Steps};
use super::{FORM, HTML, JSON, Operation, Payloads, Reader};
use crate::frameworks::orm::{ClassId, Classes, Entities};
use crate::frameworks::php::{PhpClasses, PhpTypes, Repositories};
use crate::frameworks::routes::Route;
use crate::frameworks::tables::{DeclaredTable, MappedBy};
use crate::frameworks::{doctrine, laravel};
use frames::Frame;
use rustc_hash::FxHashSet;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The row of these frameworks.
pub(super) static READER: Reader = Reader { frameworks: &["codeigniter", "laravel", "php_router", "symfony"], read };

/// How a class is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Sort {
    /// A row of a table.
    Model,
    /// A resource of Laravel.
    Resource,
    /// A transformer of Fractal.
    Transformer,
    /// An object that the framework fills from what is sent.
    Given,
}

/// How Fractal puts together what transformers make.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Serializer {
    /// Everything below `data`.
    Data,
    /// Rows as they are, several of them below `data`.
    Plain,
    /// JSON:API.
    JsonApi,
}

/// A column: its name, and its type as written.
type NamedColumn = (String, Option<String>);

/// Reads payloads.
struct Reading<'a> {
    classes: &'a PhpClasses<'a>,
    types: &'a PhpTypes<'a>,
    /// Columns by model.
    tables: BTreeMap<ClassId, Vec<NamedColumn>>,
    by_laravel: bool,
    /// What stands before the handlers of routes.
    middleware: laravel::routes::Middleware,
    aliases: guards::Aliases,
    /// Resources are told to stand alone.
    is_bare: bool,
    serializer: Serializer,
    /// Names of the functions that ask the framework for the request by themselves.
    asking: FxHashSet<&'a str>,
    payloads: RefCell<&'a mut Payloads>,
    named: RefCell<BTreeMap<(Sort, ClassId), ComponentId>>,
    /// Components that nobody has looked at yet.
    queue: RefCell<Vec<(Sort, ClassId, ComponentId)>>,
    steps: Steps,
}

fn read(classes: &Classes<'_>, routes: &[&Route], payloads: &mut Payloads) {
    let php = PhpClasses::new(classes);
    let by_laravel = laravel::is_used(classes.base);
    let mut entities = Entities::default();
    let mut tables: Vec<DeclaredTable> = Vec::new();
    let mut container = laravel::Container::default();
    let mut repositories = Repositories::default();
    if by_laravel {
        container = laravel::Container::of(&php);
        laravel::read(&php, &mut entities, &mut tables, &mut Vec::new());
    }
    if doctrine::is_used(classes.base) {
        repositories = doctrine::read(&php, &mut entities, &mut tables);
    }
    let user = laravel::user(&php, &entities);
    let types = PhpTypes::new(&php, &entities, user, repositories, container);
    let says = |word: &str| php.files().any(|file| php.facts(file).texts.find(word).is_some());
    let reading = Reading {
        classes: &php,
        types: &types,
        tables: columns(&tables),
        by_laravel,
        middleware: if by_laravel { laravel::routes::middleware(&php) } else { BTreeMap::new() },
        aliases: if by_laravel { guards::aliases(&php) } else { BTreeMap::new() },
        is_bare: says("withoutWrapping"),
        serializer: serializer(&php),
        asking: if by_laravel { asking(&php) } else { FxHashSet::default() },
        payloads: RefCell::new(payloads),
        named: RefCell::default(),
        queue: RefCell::default(),
        steps: Steps::default(),
    };
    for route in routes {
        reading.route(route);
    }
    // Looking at a class may name further ones.
    loop {
        let Some((sort, class, id)) = reading.queue.borrow_mut().pop() else { break };
        reading.steps.begin();
        let schema = reading.describe(sort, class);
        reading.payloads.borrow_mut().fill(id, schema);
    }
}

/// Names of functions and methods that call `request()`, which hands out the request that is being answered.
fn asking<'a>(php: &'a PhpClasses<'a>) -> FxHashSet<&'a str> {
    let mut found = FxHashSet::default();
    for file in php.files() {
        let facts = php.facts(file);
        let Some(word) = facts.texts.find("request") else { continue };
        for call in facts.calls.iter().filter(|call| facts.as_name(call.callee) == Some(word)) {
            let owner = facts.function_around(facts.owner_of(call.value));
            found.extend(owner.map(|owner| facts.text(facts.definition(owner).name)).filter(|name| !name.is_empty()));
        }
    }
    found
}

/// The serializer that code names; of several the plainest, which is what others are asked for beside.
fn serializer(php: &PhpClasses<'_>) -> Serializer {
    let names = |word: &str| {
        let is_one = |text: &str| text.rsplit('\\').next() == Some(word);
        php.files().any(|file| php.facts(file).texts.iter().any(|(_, text)| is_one(text)))
    };
    match () {
        () if names("ArraySerializer") => Serializer::Plain,
        () if names("JsonApiSerializer") => Serializer::JsonApi,
        () => Serializer::Data,
    }
}

/// The columns of every model's table.
fn columns(tables: &[DeclaredTable]) -> BTreeMap<ClassId, Vec<NamedColumn>> {
    let mut found = BTreeMap::new();
    for table in tables {
        if let Some((file, MappedBy::Class(class))) = table.model {
            let columns = table.columns.iter().map(|column| (column.name.clone(), column.type_name.clone())).collect();
            found.insert((file, class), columns);
        }
    }
    found
}

impl Reading<'_> {
    /// Leave to look at one more expression; none where enough were looked at.
    fn go_on(&self) -> Option<Inside<'_>> {
        self.steps.go_on()
    }

    fn route(&self, route: &Route) {
        self.steps.begin();
        let Some(frame) = self.handler(route) else { return };
        let mut operation = Operation::default();
        let asked = self.asked(&frame);
        if asked.is_validated && self.by_laravel {
            operation.answer(422, None);
        }
        asked.tell(route.method, &mut operation);
        if route.framework == "symfony" {
            self.tell_given(&frame, route.method, &mut operation);
        }
        self.tell_answers(&frame, &mut operation);
        if self.by_laravel {
            operation.security = self.security(route, &frame);
        }
        by_form(&mut operation);
        self.tell_bound_rows(&frame, &route.path, &mut operation);
        operation.responses.sort_by_key(|answer| answer.status.unwrap_or(u16::MAX));
        self.payloads.borrow_mut().note(route, operation);
    }

    /// The function that answers a route, on an object of the class the route names.
    fn handler(&self, route: &Route) -> Option<Rc<Frame>> {
        let (file, line) = route.handled?;
        let facts = self.classes.facts(file);
        let named = route.handler.rsplit_once("::").or_else(|| route.handler.rsplit_once('@'));
        let fits = |name: &str| named.is_none_or(|(_, method)| name.eq_ignore_ascii_case(method)) || name == "__invoke" || name.is_empty();
        let (function, definition) = facts
            .definitions()
            .find(|(_, definition)| definition.span.line == line && !definition.kind.is_type() && fits(facts.text(definition.name)))?;
        let class = named.map_or(route.handler.as_str(), |(class, _)| class);
        let written = definition.owner.filter(|owner| facts.definition(*owner).kind.is_type()).map(|owner| (file, owner));
        Some(Frame::outermost(file, function, self.classes.full(file, class).or(written)))
    }
}

/// Who answers with pages alone, or sends elsewhere, is asked by a form.
fn by_form(operation: &mut Operation) {
    let mut good = operation.responses.iter().filter(|answer| answer.status.is_some_and(|status| status < 400)).peekable();
    let pages = good.peek().is_some()
        && good.all(|answer| match &answer.content {
            Some(content) => content.media == [HTML],
            None => answer.status.is_some_and(|status| (300..400).contains(&status)),
        });
    if let Some(body) = operation.body.as_mut().filter(|body| pages && body.media == [JSON]) {
        body.media = vec![FORM];
    }
}
