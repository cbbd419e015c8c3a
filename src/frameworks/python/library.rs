//! What functions of Python's own library hand back; what those of frameworks do is asked from them.

use super::calls::{Handed, wrapped};
use super::{Evaluator, Kind, Object, Scope, Thing};
use crate::base::{FileId, is_within};
use crate::facts::Call;
use crate::frameworks::django;
use crate::frameworks::dotted_names;
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::names::{Found, Named};
use std::rc::Rc;

impl<'a> Evaluator<'a> {
    /// What a call of a library's function or class hands back.
    pub(super) fn library_call(&self, scope: &Scope, call: &Call, path: &str, handed: Handed, left: u32) -> Thing {
        let first = || handed.first().map_or(Thing::Unknown, |(_, thing)| thing.clone());
        let text = |place: usize| handed.get(place).and_then(|(_, thing)| thing.as_text());
        if let Some(found) = django::routes::library_call(self, scope, call, path, &handed) {
            return found;
        }
        match path {
            "builtins.list" | "builtins.tuple" | "builtins.set" | "builtins.sorted" | "builtins.reversed" | "builtins.frozenset"
            | "copy.copy" | "copy.deepcopy" | "typing.cast" => handed.last().map_or(Thing::List(Rc::from([])), |_| {
                if path == "typing.cast" { handed.get(1).map_or(Thing::Unknown, |(_, thing)| thing.clone()) } else { first() }
            }),
            "builtins.getattr" => {
                let found = text(1).map_or(Thing::Unknown, |name| self.member(&first(), name, left));
                let lost = matches!(found, Thing::Unknown | Thing::Outside(_));
                if lost && let Some((_, default)) = handed.get(2) { default.clone() } else { found }
            }
            "builtins.hasattr" => self.has(&first(), text(1), left),
            "builtins.dict" => Thing::Map(handed.iter().filter_map(|(name, thing)| Some((name.clone()?, thing.clone()))).collect()),
            "builtins.str" => first(),
            // `reduce(add, groups)`, `sum(groups, [])`, `chain(*groups)`: lists after each other.
            "functools.reduce" | "builtins.reduce" => handed.get(1).map_or(Thing::Unknown, |(_, lists)| flat(lists)),
            "builtins.sum" | "itertools.chain.from_iterable" => flat(&first()),
            "itertools.chain" => flat(&Thing::List(handed.iter().map(|(_, thing)| thing.clone()).collect())),
            "importlib.import_module" | "django.utils.module_loading.import_string" | "importlib.util.find_spec" => {
                let found = text(0).map(|path| self.dotted(scope, path));
                match found {
                    Some(Thing::Unknown) if path == "importlib.util.find_spec" => Thing::Nothing,
                    found => found.unwrap_or(Thing::Unknown),
                }
            }
            _ => {
                let is_class = path
                    .rsplit('.')
                    .next()
                    .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()) && !last.ends_with(')') || last == "namespace");
                if is_class {
                    return self.made(scope, call.value, Kind::Outside(Rc::from(path)), handed);
                }
                wrapped(&handed).unwrap_or_else(|| Thing::Outside(format!("{path}()").into()))
            }
        }
    }

    /// The module, class or function of a dotted name.
    pub(in crate::frameworks) fn dotted(&self, scope: &Scope, path: &str) -> Thing {
        match dotted_names::target(self.classes.base, self.classes.names, scope.file, path) {
            Some((file, None)) => Thing::Module(file),
            Some((file, Some(symbol))) => {
                let found = self.member_of_module(file, &symbol, super::DEEPEST);
                let rest = path.rsplit_once(&format!(".{symbol}.")).map(|(_, rest)| rest.to_owned());
                rest.map_or(found.clone(), |rest| self.member(&found, &rest, super::DEEPEST))
            }
            None => Thing::Unknown,
        }
    }

    /// True where the first part of a dotted name is a module or folder of the tree.
    pub(in crate::frameworks) fn is_ours(&self, from: FileId, path: &str) -> bool {
        let head = path.split('.').next().unwrap_or(path);
        let base = self.classes.base;
        match self.classes.names.dotted(base, from, head) {
            Some(Found::File(_)) => true,
            // A folder of templates may be called like a library.
            Some(Found::Folder(folder)) => base.ids().any(|file| super::is_python(base, file) && is_within(base.path(file), &folder)),
            None => false,
        }
    }

    fn has(&self, thing: &Thing, name: Option<&str>, left: u32) -> Thing {
        let Some(name) = name else { return Thing::Unknown };
        match thing {
            Thing::Module(file) => Thing::Truth(
                self.classes.names.named_in(self.classes.base, *file, name) != Named::Unknown
                    || !self.member(thing, name, left).is_unknown(),
            ),
            Thing::Object(object) if matches!(object.kind, Kind::Ours(_)) => Thing::Truth(!self.member(thing, name, left).is_unknown()),
            _ => Thing::Unknown,
        }
    }

    /// Methods of texts, lists and maps.
    pub(super) fn method_of_plain(&self, owner: &Thing, name: &str, handed: &Handed) -> Option<Thing> {
        let text = |place: usize| handed.get(place).and_then(|(_, thing)| thing.as_text());
        match (owner, name) {
            (Thing::Text(own), _) => {
                let trimmed = |text: Option<&str>| text.map_or_else(|| vec![' ', '\n'], |text| text.chars().collect::<Vec<char>>());
                Some(Thing::text(&match name {
                    "strip" => own.trim_matches(&trimmed(text(0))[..]).to_owned(),
                    "lstrip" => own.trim_start_matches(&trimmed(text(0))[..]).to_owned(),
                    "rstrip" => own.trim_end_matches(&trimmed(text(0))[..]).to_owned(),
                    "lower" => own.to_lowercase(),
                    "upper" => own.to_uppercase(),
                    "replace" => own.replace(text(0)?, text(1)?),
                    "removeprefix" => own.strip_prefix(text(0)?).unwrap_or(own).to_owned(),
                    "removesuffix" => own.strip_suffix(text(0)?).unwrap_or(own).to_owned(),
                    "format" => formatted(own, handed),
                    "split" => return Some(Thing::List(own.split(text(0)?).map(Thing::text).collect())),
                    "join" => {
                        let pieces = handed.first()?.1.as_list()?;
                        pieces.iter().map(Thing::piece).collect::<Vec<String>>().join(own)
                    }
                    _ => return None,
                }))
            }
            (Thing::Map(entries), "items") => {
                let pairs = entries.iter().map(|(key, thing)| Thing::List(Rc::from([Thing::Text(Rc::clone(key)), thing.clone()])));
                Some(Thing::List(pairs.collect()))
            }
            (Thing::Map(entries), "values") => Some(Thing::List(entries.iter().map(|(_, thing)| thing.clone()).collect())),
            (Thing::Map(entries), "keys") => Some(Thing::List(entries.iter().map(|(key, _)| Thing::Text(Rc::clone(key))).collect())),
            (Thing::Map(entries), "get") => {
                let found = entries.iter().find(|(key, _)| Some(&**key) == text(0)).map(|(_, thing)| thing.clone());
                Some(found.or_else(|| handed.get(1).map(|(_, thing)| thing.clone())).unwrap_or(Thing::Nothing))
            }
            (Thing::List(_) | Thing::Map(_), "copy") => Some(owner.clone()),
            _ => None,
        }
    }

    /// Fields that a library's class gives to objects.
    pub(super) fn library_member(&self, object: &Rc<Object>, this: &Thing, name: &str) -> Thing {
        django::routes::library_member(self, object, this, name).unwrap_or_else(|| match &object.kind {
            Kind::Outside(path) => Thing::Outside(format!("{path}().{name}").into()),
            Kind::Ours(_) => Thing::Unknown,
        })
    }

    /// What `super().name` is where it is a library's.
    pub(super) fn library_super(path: &str, name: &str) -> Option<Thing> {
        django::routes::library_super(path, name)
    }

    /// The applications of Django in the tree: classes that no other one inherits from, by file.
    pub(in crate::frameworks) fn apps(&self) -> &[ClassId] {
        self.apps.get_or_init(|| {
            let base = self.classes.base;
            let mut found: Vec<ClassId> = Vec::new();
            for file in base.ids().filter(|file| super::is_python(base, *file)) {
                for (id, definition) in base.facts(file).definitions() {
                    if definition.kind.is_type() && definition.owner.is_none() && !definition.bases.is_empty() {
                        let lineage = self.classes.lineage((file, id));
                        let is_app = |ancestor: &Ancestor| matches!(ancestor, Ancestor::Outside(path) if path.starts_with("django.apps") && path.ends_with("AppConfig"));
                        if lineage.iter().any(is_app) {
                            found.push((file, id));
                        }
                    }
                }
            }
            let above: Vec<ClassId> = found.iter().flat_map(|class| self.classes.line(*class).skip(1)).collect();
            found.retain(|class| !above.contains(class) || !self.attribute(*class, "name").is_unknown());
            found
        })
    }

    /// Notes that somebody asked for an application.
    pub(in crate::frameworks) fn note_app(&self, app: ClassId) {
        self.noted.borrow_mut().push(app);
    }

    /// True where somebody asked for an application.
    pub(in crate::frameworks) fn is_noted(&self, app: ClassId) -> bool {
        self.noted.borrow().contains(&app)
    }

    /// The patterns an application makes.
    pub(in crate::frameworks) fn urls_of_app(&self, app: ClassId) -> Thing {
        self.fuel.set(super::MOST);
        let app = Self::app(app);
        let method = self.member(&app, "get_urls", super::DEEPEST);
        self.run(&method, &[], super::DEEPEST)
    }

    /// An object of an application's class.
    pub(in crate::frameworks) fn app(class: ClassId) -> Thing {
        Thing::Object(Rc::new(Object { site: (class.0, None), kind: Kind::Ours(class), arguments: Vec::new() }))
    }
}

/// `"%s/x" % (a,)`
pub(super) fn percent(text: &str, values: &[Thing]) -> String {
    let mut values = values.iter();
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let named = after.strip_prefix('(').and_then(|after| after.split_once(')'));
        let after = named.map_or(after, |(_, after)| after);
        match after.chars().next() {
            Some('%') => out.push('%'),
            Some('s' | 'd' | 'r') if named.is_none() => out.push_str(&values.next().map_or_else(|| super::HOLE.to_string(), Thing::piece)),
            Some(_) => out.push(super::HOLE),
            None => break,
        }
        rest = after.get(1..).unwrap_or("");
    }
    out + rest
}

/// `"{}/x/{name}".format(a, name=b)`
fn formatted(text: &str, handed: &Handed) -> String {
    let mut by_position = handed.iter().filter(|(name, _)| name.is_none()).map(|(_, thing)| thing);
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((hole, after)) = after.split_once('}') else { break };
        let thing = if hole.is_empty() {
            by_position.next()
        } else {
            handed.iter().find(|(name, _)| name.as_deref() == Some(hole)).map(|(_, thing)| thing)
        };
        out.push_str(&thing.map_or_else(|| super::HOLE.to_string(), Thing::piece));
        rest = after;
    }
    out + rest
}

/// A list of lists as one; unknown where something in it is no list.
fn flat(lists: &Thing) -> Thing {
    let Some(lists) = lists.as_list() else { return Thing::Unknown };
    let parts: Option<Vec<&[Thing]>> = lists.iter().map(Thing::as_list).collect();
    parts.map_or(Thing::Unknown, |parts| Thing::List(parts.concat().into()))
}
