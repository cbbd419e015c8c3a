//! From patterns within patterns to whole addresses.

use super::library::is_pair;
use super::views;
use crate::base::{Certainty, FileId};
use crate::frameworks::OpenCall;
use crate::frameworks::python::{Evaluator, HOLE, Pattern, Thing};
use crate::frameworks::routes::{Route, paths};
use crate::names::Named;
use rustc_hash::FxHashSet;

/// How deep URLconfs include each other.
const DEEPEST: usize = 30;

/// Goes down a URLconf.
pub(super) struct Walk<'a, 'b> {
    evaluator: &'b Evaluator<'a>,
    routes: &'b mut Vec<Route>,
    open: &'b mut Vec<OpenCall>,
    reached: FxHashSet<FileId>,
    told: FxHashSet<(FileId, u32)>,
}

/// What stands before a pattern.
#[derive(Clone)]
struct Above {
    path: String,
    /// Names of the namespaces around, each with a colon.
    namespace: String,
    /// The include itself says which namespace.
    named: bool,
    sure: u8,
    modules: Vec<FileId>,
    depth: usize,
}

impl<'a, 'b> Walk<'a, 'b> {
    pub(super) fn new(evaluator: &'b Evaluator<'a>, routes: &'b mut Vec<Route>, open: &'b mut Vec<OpenCall>) -> Self {
        Self { evaluator, routes, open, reached: FxHashSet::default(), told: FxHashSet::default() }
    }

    /// The modules met on the way.
    pub(super) fn reached(&self) -> Vec<FileId> {
        let mut all: Vec<FileId> = self.reached.iter().copied().collect();
        all.sort_unstable();
        all
    }

    /// A URLconf that stands at the top.
    pub(super) fn module(&mut self, file: FileId) {
        self.thing(&Thing::Module(file));
    }

    /// Patterns that stand at the top.
    pub(super) fn thing(&mut self, patterns: &Thing) {
        let above = Above { path: String::new(), namespace: String::new(), named: false, sure: 100, modules: Vec::new(), depth: 0 };
        self.patterns(patterns, &above, None);
    }

    /// URLconfs that nothing includes.
    pub(super) fn told_of_the_rest(&mut self, confs: &[FileId]) {
        for conf in confs.iter().filter(|conf| !self.reached.contains(conf)) {
            self.open.push(OpenCall {
                file: *conf,
                line: 1,
                kind: "route",
                text: "urlpatterns".to_owned(),
                reason: "no URLconf that was read includes this one".to_owned(),
            });
        }
    }

    fn patterns(&mut self, thing: &Thing, above: &Above, at: Option<(FileId, u32)>) {
        if above.depth > DEEPEST {
            return;
        }
        let above = &Above { depth: above.depth + 1, ..above.clone() };
        match thing {
            Thing::List(parts) if is_pair(parts) => {
                let named = above.named(parts.get(2).or(parts.get(1)).and_then(Thing::as_text));
                self.patterns(&parts[0], &named, at);
            }
            Thing::List(parts) => parts.iter().for_each(|part| self.patterns(part, above, at)),
            Thing::Pattern(pattern) => self.pattern(pattern, above),
            Thing::Module(file) => self.conf(*file, above, at),
            Thing::Include(include) => self.patterns(&include.0, &above.named(include.1.as_deref()), at),
            Thing::Object(_) => {
                let urls = self.evaluator.member(thing, "urls", DEEPEST as u32);
                if !matches!(urls, Thing::Unknown | Thing::Outside(_) | Thing::Object(_)) {
                    self.patterns(&urls, above, at);
                }
            }
            // A library's URLs are in its own code; a module of ours has to be here.
            Thing::Outside(path) => {
                if let Some((file, _)) = at
                    && self.evaluator.is_ours(file, path)
                {
                    self.lost(at, path, "no module of that name is here");
                }
            }
            Thing::Unknown => self.lost(at, "include", "what it includes could not be told"),
            _ => {}
        }
    }

    fn conf(&mut self, file: FileId, above: &Above, at: Option<(FileId, u32)>) {
        if above.modules.contains(&file) {
            return;
        }
        self.reached.insert(file);
        // `from .base import *`
        let classes = self.evaluator.classes;
        if let Named::Variable(home, _) = classes.names.named_in(classes.base, file, "urlpatterns") {
            self.reached.insert(home);
        }
        let mut below = above.clone();
        below.modules.push(file);
        let patterns = self.evaluator.in_module(file, "urlpatterns");
        // The name of an application is the namespace where the include gives none.
        if let Some(name) = self.evaluator.in_module(file, "app_name").as_text()
            && !above.named
        {
            below.namespace = format!("{}{name}:", below.namespace);
        }
        match patterns {
            Thing::Unknown | Thing::Outside(_) => self.lost(at.or(Some((file, 1))), "urlpatterns", "its URLs could not be told"),
            patterns => self.patterns(&patterns, &below, at),
        }
    }

    fn pattern(&mut self, pattern: &Pattern, above: &Above) {
        // A list that is imported is not included as a module.
        self.reached.insert(pattern.at.0);
        let piece = if pattern.regex { paths::from_regex(&pattern.text) } else { paths::from_converters(&pattern.text) };
        let unknown = piece.contains(HOLE);
        let is_view = !matches!(pattern.target, Thing::Include(_) | Thing::List(_) | Thing::Module(_));
        if unknown && is_view && piece.trim_matches(HOLE).is_empty() {
            self.lost(Some(pattern.at), "path", "its address could not be told");
            return;
        }
        // A prefix that a setting gives is empty unless somebody sets it.
        let piece = piece.trim_start_matches(HOLE).replace(HOLE, "{}");
        let sure = above.sure.min(pattern.sure).min(if unknown { 60 } else { 100 });
        let below = Above { path: above.path.clone() + &piece, named: false, sure, ..above.clone() };
        if is_view {
            self.leaf(pattern, &below);
        } else {
            self.patterns(&pattern.target, &below, Some(pattern.at));
        }
    }

    fn leaf(&mut self, pattern: &Pattern, above: &Above) {
        // `admin.site.urls`
        if matches!(&pattern.target, Thing::Outside(path) if path.ends_with(".urls") || path.ends_with("urls()")) {
            return;
        }
        let Some(answers) = views::answers(self.evaluator, &pattern.target).filter(|answers| !answers.is_empty()) else {
            self.lost(Some(pattern.at), &pattern.text, "which view answers could not be told");
            return;
        };
        for answer in answers {
            self.routes.push(Route {
                path: paths::joined(&above.path, ""),
                method: answer.method,
                handler: answer.handler,
                handled: answer.handled,
                registered: pattern.at,
                framework: "django",
                name: pattern.name.as_ref().map(|name| format!("{}{name}", above.namespace)),
                certainty: Certainty(answer.certainty.0.min(above.sure)),
            });
        }
    }

    fn lost(&mut self, at: Option<(FileId, u32)>, text: &str, reason: &str) {
        let Some((file, line)) = at else { return };
        if self.told.insert((file, line)) {
            let text = text.replace(HOLE, "{}");
            self.open.push(OpenCall { file, line, kind: "route", text, reason: reason.to_owned() });
        }
    }
}

impl Above {
    fn named(&self, name: Option<&str>) -> Self {
        let namespace = name.map_or_else(|| self.namespace.clone(), |name| format!("{}{name}:", self.namespace));
        Self { namespace, named: name.is_some(), ..self.clone() }
    }
}
