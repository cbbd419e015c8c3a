//! Routes in files of PHP: `return function (RoutingConfigurator $routes) { $routes->add('about', '/about')->controller(...); }`

use super::attributes::{located, methods_of};
use super::documents::{Import, Reader};
use super::{Noted, combined};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, Text, ValueId};
use rustc_hash::FxHashMap;

/// The class of what routes are told to.
const CONFIGURATOR: &str = "RoutingConfigurator";

/// How many calls stand in one chain.
const LONGEST: usize = 64;

/// True for a file with a function that is handed the configurator.
pub(super) fn is_file_of_routes(facts: &FileFacts) -> bool {
    configured(facts).is_some()
}

/// The function that is handed the configurator, and what it calls it.
fn configured(facts: &FileFacts) -> Option<(DefinitionId, Text)> {
    facts.definitions().filter(|(_, definition)| !definition.kind.is_type()).find_map(|(id, definition)| {
        let mut parameters = facts.parameters[definition.parameters.range()].iter();
        let found = parameters.find(|parameter| {
            let written = parameter.annotation.and_then(|annotation| facts.last_name(annotation));
            written.is_some_and(|name| name.rsplit('\\').next() == Some(CONFIGURATOR))
        })?;
        Some((id, found.name))
    })
}

/// One file, with the calls that follow on each other.
struct Coded<'a> {
    facts: &'a FileFacts,
    file: FileId,
    owner: Option<DefinitionId>,
    configurator: Text,
    /// The call that is made on what a call gives.
    next: FxHashMap<ValueId, usize>,
}

impl Reader<'_, '_> {
    /// Reads one file of PHP.
    pub(super) fn code(&mut self, file: FileId, around: &Noted, left: u32) {
        let facts = self.classes.facts(file);
        let Some((function, configurator)) = configured(facts) else { return };
        let mut next = FxHashMap::default();
        for (index, call) in facts.calls.iter().enumerate() {
            if let Shape::Member(object, _) = facts.value(call.callee).shape {
                next.insert(object, index);
            }
        }
        let coded = Coded { facts, file, owner: Some(function), configurator, next };
        for call in &facts.calls {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            let name = facts.text(name);
            if !matches!(name, "add" | "import") {
                continue;
            }
            let Some(inside) = self.inside(&coded, object, LONGEST) else { continue };
            let around = combined(around, &inside);
            if name == "add" {
                self.added(&coded, call, &around);
            } else if name == "import" {
                self.imported(&coded, call, &around, left);
            }
        }
    }

    /// What collections put before the routes of an object; none where it is not the configurator's.
    fn inside(&self, coded: &Coded<'_>, object: ValueId, left: usize) -> Option<Noted> {
        let left = left.checked_sub(1)?;
        let facts = coded.facts;
        match facts.value(object).shape {
            Shape::Name(name) if name == coded.configurator => Some(Noted::default()),
            Shape::Name(name) => {
                let bound = self.classes.locals(coded.file).of_name(coded.owner, name);
                let given = bound.iter().filter_map(|row| facts.bindings[row.binding as usize].value);
                given.into_iter().rev().find_map(|value| self.inside(coded, value, left))
            }
            Shape::Call(_) => {
                let call = facts.as_call(object)?;
                let Shape::Member(before, name) = facts.value(call.callee).shape else { return None };
                let outer = self.inside(coded, before, left)?;
                let line = call.span.line;
                let first = facts.arguments_of(call).first().map(|argument| argument.value);
                let own = match facts.text(name) {
                    "collection" => Noted { line, name: self.text(coded, first), ..Noted::default() },
                    // Of a collection; that of an import is behind it.
                    "prefix" => Noted { line, paths: first.map(|value| self.paths(coded, value)).unwrap_or_default(), ..Noted::default() },
                    _ => Noted::default(),
                };
                Some(combined(&outer, &own))
            }
            _ => None,
        }
    }

    fn text(&self, coded: &Coded<'_>, value: Option<ValueId>) -> Option<String> {
        self.classes.text(coded.file, coded.owner, value?)
    }

    fn paths(&self, coded: &Coded<'_>, value: ValueId) -> Vec<super::Located> {
        located(self.classes, coded.file, coded.owner, value)
    }

    /// The calls that say more of what a call begins, up to the next that begins something.
    fn behind<'b>(coded: &Coded<'b>, call: &Call) -> Vec<(&'b str, &'b Call)> {
        let facts = coded.facts;
        let mut found = Vec::new();
        let mut at = call.value;
        while let Some(index) = coded.next.get(&at).filter(|_| found.len() < LONGEST) {
            let call = &facts.calls[*index];
            let Shape::Member(_, name) = facts.value(call.callee).shape else { break };
            let name = facts.text(name);
            if matches!(name, "add" | "import" | "collection") {
                break;
            }
            found.push((name, call));
            at = call.value;
        }
        found
    }

    fn added(&mut self, coded: &Coded<'_>, call: &Call, around: &Noted) {
        let facts = coded.facts;
        let [name, path, ..] = facts.arguments_of(call) else { return };
        let paths = self.paths(coded, path.value);
        let mut noted = Noted { line: facts.value(name.value).line, paths, name: self.text(coded, Some(name.value)), methods: Vec::new() };
        let mut controller = None;
        for (name, call) in Self::behind(coded, call) {
            let Some(first) = facts.arguments_of(call).first().map(|argument| argument.value) else { continue };
            match name {
                "controller" => controller = self.controller(coded, first),
                "methods" => noted.methods = methods_of(self.classes, coded.file, coded.owner, first),
                _ => {}
            }
        }
        if noted.paths.is_empty() {
            return self.lost(
                coded.file,
                call.span.line,
                noted.name.as_deref().unwrap_or("add()"),
                "where this route stands is put together while the program runs",
            );
        }
        if let Some(controller) = controller {
            self.register(coded.file, &noted, &combined(around, &noted), &controller);
        }
    }

    /// `[AboutController::class, 'show']`, `AboutController::class`, a text.
    fn controller(&self, coded: &Coded<'_>, value: ValueId) -> Option<String> {
        let facts = coded.facts;
        let class = |value: ValueId| match facts.value(value).shape {
            Shape::Member(object, name) if facts.text(name) == "class" => self.classes.shown(coded.file, coded.owner, object),
            _ => self.text(coded, Some(value)),
        };
        match facts.value(value).shape {
            Shape::List(parts) => match facts.items(parts) {
                [of, method] => Some(format!("{}::{}", class(*of)?, self.text(coded, Some(*method))?)),
                _ => None,
            },
            _ => class(value),
        }
    }

    fn imported(&mut self, coded: &Coded<'_>, call: &Call, around: &Noted, left: u32) {
        let facts = coded.facts;
        let line = call.span.line;
        let mut prefix = Noted { line, ..Noted::default() };
        for (name, call) in Self::behind(coded, call) {
            let Some(first) = facts.arguments_of(call).first().map(|argument| argument.value) else { continue };
            match name {
                "prefix" => prefix.paths = self.paths(coded, first),
                "namePrefix" => prefix.name = self.text(coded, Some(first)),
                "methods" => prefix.methods = methods_of(self.classes, coded.file, coded.owner, first),
                _ => {}
            }
        }
        let resource = facts.argument(call, 0, "resource");
        let kind = facts.argument(call, 1, "type").and_then(|value| self.text(coded, Some(value))).unwrap_or_default();
        match self.text(coded, resource) {
            Some(written) => {
                self.take_in(&Import { file: coded.file, line, written: &written, kind: &kind }, &combined(around, &prefix), left)
            }
            None => self.lost(coded.file, line, "import()", "what this takes in is put together while the program runs"),
        }
    }
}
