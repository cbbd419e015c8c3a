//! Dependencies that Laravel finds by a name in a string: views, controllers of routes, names in the container, classes.

use super::container::{Container, Key};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, OwnerSweep, Shape};
use crate::frameworks::StringReference;
use crate::frameworks::orm::ClassId;
use crate::frameworks::php::PhpClasses;
use rustc_hash::FxHashMap;

/// Everything a string may mean.
struct Index<'a> {
    classes: &'a PhpClasses<'a>,
    container: &'a Container,
    /// Views by their dotted name, in path order.
    views: FxHashMap<String, Vec<FileId>>,
    /// Classes by their bare name in small letters.
    by_name: FxHashMap<String, Vec<ClassId>>,
}

/// Collects the references of every file of the application.
pub(in crate::frameworks) fn references(classes: &PhpClasses<'_>, container: &Container, out: &mut Vec<StringReference>) {
    let mut index = Index { classes, container, views: FxHashMap::default(), by_name: FxHashMap::default() };
    for file in classes.files() {
        if let Some(name) = view_name(classes.base.path(file)) {
            index.views.entry(name).or_default().push(file);
        }
        for class in classes.classes_of(file) {
            index.by_name.entry(classes.bare_name(class).to_lowercase()).or_default().push(class);
        }
    }
    for file in classes.files() {
        let facts = classes.facts(file);
        let mut owners = OwnerSweep::new(facts);
        for call in &facts.calls {
            let owner = owners.owner(call.value);
            index.call(file, owner, call, out);
        }
        if classes.base.path(file).ends_with(".blade.php") {
            index.tags(file, out);
        }
    }
    for (facade, class) in &sorted(&container.facades) {
        let line = classes.facts(facade.0).definition(facade.1).span.line;
        let text = accessor(classes, *facade).unwrap_or_else(|| format!("facade {}", classes.bare_name(*facade)));
        index.push((facade.0, line, Some(facade.1)), *class, text, 90, "a facade stands for what its name is bound to", out);
    }
}

/// The name that a facade gives the container, in quotes; none where it gives a class.
fn accessor(classes: &PhpClasses<'_>, facade: ClassId) -> Option<String> {
    let (file, method) = classes.method(facade, "getFacadeAccessor")?;
    let facts = classes.facts(file);
    let (_, value) = facts.returned.iter().find(|(owner, _)| *owner == method)?;
    facts.as_literal(*value).map(|name| format!("'{name}'"))
}

fn sorted(facades: &FxHashMap<ClassId, ClassId>) -> Vec<(ClassId, ClassId)> {
    let mut rows: Vec<(ClassId, ClassId)> = facades.iter().map(|(facade, class)| (*facade, *class)).collect();
    rows.sort_unstable();
    rows
}

/// `resources/views/orders/show.blade.php` is `orders.show`.
fn view_name(path: &str) -> Option<String> {
    let stem = path.strip_suffix(".blade.php").or_else(|| path.strip_suffix(".php"))?;
    let (_, name) = stem.rsplit_once("/views/").or_else(|| stem.strip_prefix("views/").map(|name| ("", name)))?;
    Some(name.replace('/', "."))
}

impl Index<'_> {
    fn call(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, out: &mut Vec<StringReference>) {
        let facts = self.classes.facts(file);
        let Some(name) = facts.last_name(call.callee) else { return };
        let at = (file, call.span.line, owner);
        for argument in facts.arguments_of(call) {
            let Some(text) = facts.as_literal(argument.value) else { continue };
            let at = (at.0, facts.value(argument.value).line, at.2);
            let is_view = matches!(name, "view" | "markdown")
                || matches!(name, "make" | "first" | "renderWhen" | "renderUnless" | "renderEach" | "composer" | "creator")
                    && is_of_views(facts, call)
                || argument.name.is_some_and(|name| matches!(facts.text(name), "view" | "markdown" | "html" | "text"));
            if is_view && let Some(view) = self.view(file, text) {
                self.refer(at, view, None, format!("'{text}'"), 90, "the name of a view", out);
            } else if let Some((class, _)) = text.split_once('@') {
                if let Some(class) = self.controller(file, class) {
                    self.push(at, class, format!("'{text}'"), 90, "a route names its controller", out);
                }
            } else if text.contains('\\') {
                if let Some(class) = self.classes.full(file, text) {
                    self.push(at, class, format!("'{text}'"), 95, "the full name of a class", out);
                }
            } else if matches!(name, "app" | "resolve" | "make" | "makeWith") && !text.is_empty() {
                let made = self.container.made(&Key::Name(text.to_owned()));
                if let Some(class) = made {
                    self.push(at, class, format!("'{text}'"), 90, "a name that is bound in the container", out);
                }
            }
        }
        // A list of strings is as good: `Route::get('/x', ['uses' => 'OrderController@show'])`.
        for argument in facts.arguments_of(call) {
            let Shape::Map(entries) = facts.value(argument.value).shape else { continue };
            for entry in &facts.entries[entries.range()] {
                let Some((text, (class, _))) = facts.as_literal(entry.value).and_then(|text| Some((text, text.split_once('@')?))) else {
                    continue;
                };
                if let Some(class) = self.controller(file, class) {
                    let at = (file, facts.value(entry.value).line, owner);
                    self.push(at, class, format!("'{text}'"), 90, "a route names its controller", out);
                }
            }
        }
    }

    /// What a template of Blade names: views it is put together from, components with a class or without, Livewire.
    fn tags(&self, file: FileId, out: &mut Vec<StringReference>) {
        let facts = self.classes.facts(file);
        for tag in &facts.tags {
            let (kind, text) = (facts.text(tag.name), facts.text(tag.text));
            let at = (file, tag.line, None);
            let bare = text.rsplit("::").next().unwrap_or(text);
            let shown = format!("'{text}'");
            match kind {
                "inject" | "use" => {
                    if let Some(class) = self.classes.full(file, text) {
                        self.push(at, class, shown, 95, "the full name of a class", out);
                    }
                }
                "x" => {
                    let class = self.component(file, "view\\components\\", bare);
                    if let Some(class) = class {
                        self.push(at, class, shown.clone(), 90, "the class of a component", out);
                    }
                    let names = [format!("components.{bare}"), format!("components.{bare}.index")];
                    let view = names.iter().find_map(|name| self.view(file, name)).filter(|_| class.is_none());
                    if let Some(view) = view {
                        self.refer(at, view, None, shown, 90, "the view of a component", out);
                    }
                }
                "livewire" => {
                    if let Some(class) = self.component(file, "livewire\\", bare) {
                        self.push(at, class, shown, 90, "the class of a component", out);
                    }
                }
                _ => {
                    if let Some(view) = self.view(file, text) {
                        self.refer(at, view, None, shown, 90, "the name of a view", out);
                    } else if let Some(class) = self.classes.full(file, text).filter(|_| text.contains('\\')) {
                        self.push(at, class, shown, 95, "the full name of a class", out);
                    }
                }
            }
        }
    }

    /// The class of a component: `forms.date-input` is `Forms\DateInput` below a namespace that ends so.
    fn component(&self, from: FileId, namespace: &str, name: &str) -> Option<ClassId> {
        let path = name.replace('.', "\\").replace(['-', '_'], "").to_lowercase();
        let bare = path.rsplit('\\').next()?;
        let end = format!("\\{namespace}{path}");
        let mut fitting = self.by_name.get(bare)?.iter().filter(|class| self.classes.full_name(**class).ends_with(&end));
        let only = fitting.next().filter(|class| class.0 != from)?;
        fitting.next().is_none().then_some(*only)
    }

    /// The view of a name, the nearest by path where there are several.
    fn view(&self, from: FileId, text: &str) -> Option<FileId> {
        let name = text.rsplit("::").next().unwrap_or(text).replace('/', ".");
        let all = self.views.get(&name)?;
        let base = self.classes.base;
        let near = |file: &FileId| {
            let same = base.path(from).split('/').zip(base.path(*file).split('/')).take_while(|(a, b)| a == b).count();
            (std::cmp::Reverse(same), *file)
        };
        all.iter().copied().min_by_key(near).filter(|view| *view != from)
    }

    /// A controller by its full name, or by what stands behind the namespace that its routes are given.
    fn controller(&self, from: FileId, text: &str) -> Option<ClassId> {
        let text = text.trim_start_matches('\\');
        let is_name =
            text.starts_with(char::is_uppercase) && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '\\' | '_'));
        is_name.then_some(())?;
        if let Some(class) = self.classes.full(from, text) {
            return Some(class);
        }
        let bare = text.rsplit('\\').next().unwrap_or(text);
        let mut fitting = self.by_name.get(&bare.to_lowercase())?.iter().filter(|class| {
            let full = self.classes.full_name(**class);
            full.strip_suffix(&text.to_lowercase()).is_some_and(|before| before.is_empty() || before.ends_with('\\'))
        });
        let only = fitting.next()?;
        fitting.next().is_none().then_some(*only)
    }

    fn push(
        &self,
        at: (FileId, u32, Option<DefinitionId>),
        class: ClassId,
        text: String,
        sure: u8,
        rule: &'static str,
        out: &mut Vec<StringReference>,
    ) {
        let symbol = Some(self.classes.bare_name(class).to_owned());
        self.refer(at, class.0, symbol, text, sure, rule, out);
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one reference")]
    fn refer(
        &self,
        (from, line, owner): (FileId, u32, Option<DefinitionId>),
        to: FileId,
        symbol: Option<String>,
        text: String,
        sure: u8,
        rule: &'static str,
        out: &mut Vec<StringReference>,
    ) {
        if from != to {
            out.push(StringReference {
                from,
                line,
                owner,
                to,
                symbol,
                text,
                deferred: true,
                certainty: Certainty(sure),
                rule: rule.into(),
            });
        }
    }
}

/// `View::make`, `view()->first`
fn is_of_views(facts: &FileFacts, call: &Call) -> bool {
    let Shape::Member(object, _) = facts.value(call.callee).shape else { return false };
    let name = facts.as_call(object).map_or_else(|| facts.last_name(object), |made| facts.last_name(made.callee));
    name.is_some_and(|name| matches!(name.rsplit('\\').next(), Some("View" | "view")))
}
