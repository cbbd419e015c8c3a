//! Actions that a script chooses by a parameter: `switch ($_GET['action'])`, `if ($_POST['do'] == 'save')`.

use super::PLAIN;
use super::entries::Scripts;
use super::files;
use super::requests::{Parameter, Requests};
use crate::base::{Certainty, FileId};
use crate::facts::{Block, BlockKind, DefinitionId, FileFacts, Shape, Stretch, ValueId};
use crate::frameworks::routes::Route;
use crate::names::php::{Qualified, Sort};
use crate::names::{FactBase, Names};

/// How sure an action of a `switch` is, and one of a comparison, which may as well ask for the opposite.
const BY_SWITCH: u8 = 90;
const BY_COMPARISON: u8 = 70;

/// Names of parameters that choose what is done.
const CHOOSING: [&str; 18] = [
    "action", "act", "a", "do", "op", "mode", "cmd", "command", "page", "view", "task", "method", "func", "function", "step", "tab",
    "request", "route",
];

/// Collects the actions of every file whose address is known.
pub(super) fn collect(base: &FactBase, names: &Names, scripts: &Scripts, out: &mut Vec<Route>) {
    let requests = Requests::learn(base);
    for file in files(base) {
        let facts = base.facts(file);
        if facts.switches.is_empty() && facts.blocks.is_empty() {
            continue;
        }
        let Some(page) = scripts.page(file) else { continue };
        let scan = Scan { base, names, requests: &requests, file, facts, page };
        for switch in &facts.switches {
            scan.switch(switch.subject, facts.items(switch.cases), out);
        }
        for block in facts.blocks.iter().filter(|block| block.kind == BlockKind::Branch) {
            scan.comparison(block, out);
        }
    }
}

/// One file behind one address.
struct Scan<'a> {
    base: &'a FactBase,
    names: &'a Names,
    requests: &'a Requests,
    file: FileId,
    facts: &'a FileFacts,
    page: &'a str,
}

impl Scan<'_> {
    fn switch(&self, subject: ValueId, cases: &[ValueId], out: &mut Vec<Route>) {
        let facts = self.facts;
        let parameter = self.requests.parameter(facts, facts.owner_of(subject), subject);
        let Some(parameter) = parameter.filter(|parameter| chooses(&parameter.name)) else { return };
        for (place, case) in cases.iter().enumerate() {
            let Some(action) = facts.as_literal(*case).filter(|action| is_action(action)) else { continue };
            // A case without code of its own falls through to the next.
            let body = cases[place..].iter().find_map(|case| facts.blocks.iter().find(|block| block.subject == Some(*case)));
            self.push(&parameter, action, facts.value(*case).line, body, BY_SWITCH, out);
        }
    }

    fn comparison(&self, block: &Block, out: &mut Vec<Route>) {
        let facts = self.facts;
        let Some(Shape::Other(parts)) = block.subject.map(|subject| facts.value(subject).shape) else { return };
        let [left, right] = *facts.items(parts) else { return };
        for (asked, text) in [(left, right), (right, left)] {
            let Some(action) = facts.as_literal(text).filter(|action| is_action(action)) else { continue };
            let parameter = self.requests.parameter(facts, facts.owner_of(asked), asked);
            if let Some(parameter) = parameter.filter(|parameter| chooses(&parameter.name)) {
                self.push(&parameter, action, facts.value(text).line, Some(block), BY_COMPARISON, out);
            }
        }
    }

    fn push(&self, parameter: &Parameter, action: &str, line: u32, body: Option<&Block>, sure: u8, out: &mut Vec<Route>) {
        let handler = body.and_then(|body| self.handler(body, action));
        let (handler, place) = handler.unwrap_or_else(|| (self.base.path(self.file).to_owned(), (self.file, line)));
        out.push(Route {
            path: format!("{}?{}={action}", self.page, parameter.name),
            method: parameter.method,
            handler,
            handled: Some(place),
            registered: (self.file, line),
            framework: PLAIN,
            name: None,
            certainty: Certainty(sure),
        });
    }

    /// What the code under an action leads to: the file it includes, the first function it calls of its own file, else the first of
    /// the application that has a word of the action in its name.
    fn handler(&self, body: &Block, action: &str) -> Option<(String, (FileId, u32))> {
        let facts = self.facts;
        let mut imports = facts.imports.iter().zip(self.names.imports(self.file));
        let included = imports.find_map(|(import, meaning)| {
            let inside = body.span.line <= import.line && import.line <= body.span.end_line && import.owner == self.owner(body);
            let to = meaning.file().filter(|_| inside)?;
            Some((self.base.path(to).to_owned(), (to, 1)))
        });
        let called = self.called(body);
        let own = || called.iter().find(|(_, (file, _))| *file == self.file);
        let words: Vec<String> = action.split(['_', '-', '.', ':', '/']).filter(|word| word.len() > 2).map(str::to_lowercase).collect();
        let named =
            |(name, _): &&(String, (FileId, u32))| words.iter().any(|word| name.to_lowercase().contains(word.trim_end_matches('s')));
        own().or_else(|| called.iter().find(named)).cloned().or(included)
    }

    /// The functions of the application that a block calls, in order.
    fn called(&self, body: &Block) -> Vec<(String, (FileId, u32))> {
        let facts = self.facts;
        let Stretch { start, end } = body.values;
        let first = facts.calls.partition_point(|call| call.value.0 < start);
        let calls = facts.calls[first..].iter().take_while(|call| call.value.0 < end);
        let called = calls.filter_map(|call| {
            let name = facts.text(facts.as_name(call.callee)?);
            let full = name.trim_start_matches('\\').to_lowercase();
            if self.requests.is_helper(&full) {
                return None;
            }
            let place = self.names.php(self.base, self.file, Sort::Function, &Qualified { full, fallback: None })?;
            let line = self.base.facts(place.file).definition(place.definition).span.line;
            Some((name.to_owned(), (place.file, line)))
        });
        called.collect()
    }

    fn owner(&self, body: &Block) -> Option<DefinitionId> {
        self.facts.owner_of(body.subject?)
    }
}

/// True for the name of a parameter that chooses what is done.
fn chooses(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    CHOOSING.contains(&name.as_str()) || ["action", "_mode", "_cmd", "_op"].iter().any(|end| name.ends_with(end))
}

/// True for what a link may carry as the name of an action.
fn is_action(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ':' | '/');
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && text.len() <= 60 && text.chars().all(is_part)
}
