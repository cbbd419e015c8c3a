//! Loaders that are told a kind and a path: `$this->load->model('shop/order')` of `CodeIgniter` and of everything built like
//! it. No class is named; the file lies below a folder of that kind.
//!
//! What is meant is the file nearest to the caller by folder, so that several applications of one tree keep to their own.

use super::{FrameworkRow, MethodCall, Model, OpenCall, StringReference};
use crate::base::{Certainty, FileId, Language};
use crate::config::Config;
use crate::facts::{Call, DefinitionId, DefinitionKind, FileFacts, OwnerSweep, Shape, ValueId};
use crate::names::php::PHP;
use crate::names::{FactBase, Names};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "loaders", interpret };

/// The property that loads.
const LOADER: &str = "load";

/// What is loaded, and the folders it lies below.
const KINDS: [(&str, [&str; 2]); 5] = [
    ("controller", ["controller", "controllers"]),
    ("helper", ["helper", "helpers"]),
    ("library", ["library", "libraries"]),
    ("model", ["model", "models"]),
    ("view", ["view", "views"]),
];
/// A library or helper that is not there is the framework's.
const OFTEN_OUTSIDE: [&str; 2] = ["helper", "library"];
/// Templates may lie deeper below a view's folder, by theme.
const TEMPLATES: [&str; 2] = ["template", "templates"];

fn interpret(base: &FactBase, _: &Names, _: &Config, out: &mut Model) {
    let callers = base.ids().filter(|file| base.file(*file).source.language == PHP && !base.file(*file).left_out);
    let callers: Vec<FileId> = callers.filter(|file| base.facts(*file).texts.find(LOADER).is_some()).collect();
    if callers.is_empty() {
        return;
    }
    let places = Places::of(base);
    let mut open = Vec::new();
    for file in callers {
        Caller { base, places: &places, file, facts: base.facts(file), loaded: FxHashMap::default() }.read(out, &mut open);
    }
    // Without one that is found, `load` means something else here.
    if out.references.iter().any(|reference| reference.rule == RULE) {
        out.unresolved.append(&mut open);
    }
}

/// What told it.
const RULE: &str = "the file of that kind and path nearest to the loader's caller";

/// Files by kind and by the path below a folder of that kind, in small letters and without their ending.
struct Places<'a> {
    base: &'a FactBase,
    found: FxHashMap<(&'static str, String), Vec<FileId>>,
}

impl<'a> Places<'a> {
    fn of(base: &'a FactBase) -> Self {
        let mut places = Self { base, found: FxHashMap::default() };
        let languages = [PHP, Language::HTML, Language::TWIG];
        for file in base.ids().filter(|file| !base.file(*file).left_out && languages.contains(&base.file(*file).source.language)) {
            places.add(file, &base.path(file).to_ascii_lowercase());
        }
        places
    }

    fn add(&mut self, file: FileId, path: &str) {
        let Some((bare, _)) = path.rsplit_once('.') else { return };
        let mut of_views = false;
        for (end, _) in bare.match_indices('/') {
            let folder = bare[..end].rsplit('/').next().unwrap_or(bare);
            let kind = KINDS.iter().find(|(_, folders)| folders.contains(&folder)).map(|(kind, _)| *kind);
            let kind = kind.or((of_views && TEMPLATES.contains(&folder)).then_some("view"));
            let Some(kind) = kind else { continue };
            of_views |= kind == "view";
            self.found.entry((kind, bare[end + 1..].to_owned())).or_default().push(file);
        }
    }

    /// The file of a kind and path that shares most folders with a caller; none where several do.
    fn nearest(&self, kind: &'static str, path: &str, from: FileId) -> Option<FileId> {
        let caller: Vec<&str> = self.base.path(from).split('/').collect();
        let nearness = |file: &FileId| {
            let own = self.base.path(*file);
            let shared = own.split('/').zip(&caller).take_while(|(a, b)| a == *b).count();
            // An extension's own folders are called after the part of the application that they extend.
            let is_kind = |folder: &&str| KINDS.iter().any(|(_, folders)| folders.contains(folder));
            let alike = own.split('/').take_while(|folder| !is_kind(folder)).filter(|folder| caller.contains(folder)).count();
            (shared, alike)
        };
        let rows = self.found.get(&(kind, path.to_ascii_lowercase()))?;
        let best = rows.iter().map(nearness).max()?;
        let mut nearest = rows.iter().filter(|file| nearness(file) == best);
        let only = nearest.next().copied();
        only.filter(|_| nearest.next().is_none())
    }
}

struct Caller<'a> {
    base: &'a FactBase,
    places: &'a Places<'a>,
    file: FileId,
    facts: &'a FileFacts,
    /// What objects are loaded as, with the class.
    loaded: FxHashMap<String, (FileId, DefinitionId)>,
}

impl<'a> Caller<'a> {
    fn read(mut self, out: &mut Model, open: &mut Vec<OpenCall>) {
        let facts = self.facts;
        let mut owners = OwnerSweep::new(facts);
        for call in &facts.calls {
            let owner = owners.owner(call.value);
            if let Some(kind) = self.loads(call) {
                let first = facts.arguments_of(call).first().map(|argument| argument.value);
                let alias = facts.arguments_of(call).get(1).and_then(|argument| facts.as_literal(argument.value));
                for (path, value) in first.map_or_else(Vec::new, |first| self.paths(first)) {
                    match self.target(kind, path) {
                        Some((to, symbol)) => {
                            self.remember(kind, path, alias, to);
                            out.references.push(self.reference((value, path), owner, to, symbol));
                        }
                        None if OFTEN_OUTSIDE.contains(&kind) => {}
                        None => open.push(OpenCall {
                            file: self.file,
                            line: facts.value(value).line,
                            kind: "call",
                            text: format!("{kind} '{path}'"),
                            reason: format!("no {kind} of that path, or several as near"),
                        }),
                    }
                }
            }
        }
        self.method_calls(out);
    }

    /// The kind that a call loads.
    fn loads(&self, call: &Call) -> Option<&'static str> {
        let facts = self.facts;
        let Shape::Member(loader, method) = facts.value(call.callee).shape else { return None };
        let Shape::Member(_, name) = facts.value(loader).shape else { return None };
        let kind = KINDS.iter().find(|(kind, _)| *kind == facts.text(method)).map(|(kind, _)| *kind);
        kind.filter(|_| facts.text(name) == LOADER)
    }

    /// One path, or a list of them.
    fn paths(&self, value: ValueId) -> Vec<(&'a str, ValueId)> {
        let facts = self.facts;
        let values = match facts.value(value).shape {
            Shape::List(items) => facts.items(items).to_vec(),
            _ => vec![value],
        };
        values.into_iter().filter_map(|value| Some((facts.as_literal(value)?, value))).filter(|(path, _)| !path.is_empty()).collect()
    }

    /// The file of a path, and the method that may stand behind it: `cms/comment.list`, `cms/comment|list`.
    fn target(&self, kind: &'static str, path: &str) -> Option<(FileId, Option<String>)> {
        let path = path.trim_matches('/');
        let found = |path: &str| self.places.nearest(kind, path, self.file);
        let bare = path.strip_suffix(".php").or_else(|| path.strip_suffix(".twig")).unwrap_or(path);
        let whole = found(bare).or_else(|| found(&format!("{bare}_helper")).filter(|_| kind == "helper"));
        if let Some(file) = whole {
            return Some((file, self.class(file).map(|class| self.name(class))));
        }
        let (path, method) = path.split_once(['.', '|'])?;
        Some((found(path)?, Some(method.to_owned())))
    }

    /// The class that a loaded file is for.
    fn class(&self, file: FileId) -> Option<(FileId, DefinitionId)> {
        let mut classes = self.base.facts(file).definitions().filter(|(_, definition)| definition.kind == DefinitionKind::Class);
        let (first, _) = classes.next()?;
        classes.next().is_none().then_some((file, first))
    }

    fn name(&self, (file, class): (FileId, DefinitionId)) -> String {
        let facts = self.base.facts(file);
        facts.text(facts.definition(class).name).to_owned()
    }

    /// Under which property the object can be reached: its alias, the end of its path, or kind and path in one.
    fn remember(&mut self, kind: &str, path: &str, alias: Option<&str>, to: FileId) {
        let Some(class) = self.class(to) else { return };
        let last = path.rsplit('/').next().unwrap_or(path);
        let whole: String = path.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
        for name in [alias.unwrap_or(last).to_owned(), format!("{kind}_{whole}")] {
            self.loaded.insert(name, class);
        }
    }

    fn reference(
        &self,
        (value, path): (ValueId, &str),
        owner: Option<DefinitionId>,
        to: FileId,
        symbol: Option<String>,
    ) -> StringReference {
        StringReference {
            from: self.file,
            line: self.facts.value(value).line,
            owner,
            to,
            symbol,
            text: format!("'{path}'"),
            deferred: false,
            certainty: Certainty(90),
            rule: Cow::Borrowed(RULE),
        }
    }

    /// `$this->order_model->save()`
    fn method_calls(&self, out: &mut Model) {
        let facts = self.facts;
        let mut owners = OwnerSweep::new(facts);
        for call in facts.calls.iter().filter(|_| !self.loaded.is_empty()) {
            let owner = owners.owner(call.value);
            let Shape::Member(object, method) = facts.value(call.callee).shape else { continue };
            let Shape::Member(_, property) = facts.value(object).shape else { continue };
            let Some((file, class)) = self.loaded.get(facts.text(property)).copied() else { continue };
            let home = self.base.facts(file);
            let called = home.inside(Some(class)).find(|(_, inner)| home.text(inner.name) == facts.text(method));
            if let Some((callee, _)) = called {
                out.method_calls.push(MethodCall { file: self.file, owner, line: call.span.line, callee: (file, callee) });
            }
        }
    }
}
