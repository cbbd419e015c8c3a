//! The container: what service providers bind to a name or an interface, and which class a facade stands for.

use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use rustc_hash::FxHashMap;

/// The class above every facade.
const FACADE: &[&str] = &["illuminate\\support\\facades\\facade"];

/// The class above every service provider.
const PROVIDER: &[&str] = &["illuminate\\support\\serviceprovider"];

/// What is bound; a name that two places bind to different classes is left alone.
#[derive(Debug, Default)]
pub(in crate::frameworks) struct Container {
    /// Classes by the name they are bound to.
    pub by_name: FxHashMap<String, Option<ClassId>>,
    /// Classes by the interface or class they are bound to.
    pub by_class: FxHashMap<ClassId, Option<ClassId>>,
    /// Classes behind facades of the application.
    pub facades: FxHashMap<ClassId, ClassId>,
}

impl Container {
    pub(in crate::frameworks) fn of(classes: &PhpClasses<'_>) -> Self {
        let mut container = Self::default();
        for file in classes.files() {
            for call in &classes.facts(file).calls {
                container.binding(classes, file, call);
            }
        }
        let all = || classes.files().flat_map(|file| classes.classes_of(file));
        for class in all().filter(|class| classes.is_below(*class, PROVIDER)) {
            container.listed(classes, class);
        }
        for class in all().filter(|class| classes.is_below(*class, FACADE)) {
            if let Some(found) = container.accessor(classes, class) {
                container.facades.insert(class, found);
            }
        }
        container
    }

    /// The class that a name or a class means to the container.
    pub(in crate::frameworks) fn made(&self, key: &Key) -> Option<ClassId> {
        match key {
            Key::Name(name) => self.by_name.get(name).copied().flatten(),
            Key::Class(class) => Some(self.by_class.get(class).copied().flatten().unwrap_or(*class)),
        }
    }

    /// `$this->app->singleton('cart', fn ($app) => new Cart())`
    fn binding(&mut self, classes: &PhpClasses<'_>, file: FileId, call: &Call) {
        let facts = classes.facts(file);
        let Shape::Member(object, name) = facts.value(call.callee).shape else { return };
        if !matches!(facts.text(name), "singleton" | "bind" | "scoped" | "instance" | "bindIf" | "singletonIf" | "scopedIf")
            || !is_container(classes, file, object)
        {
            return;
        }
        let [key, made, ..] = facts.arguments_of(call) else { return };
        let owner = facts.owner_of(call.value);
        let Some(made) = concrete(classes, file, owner, made.value) else { return };
        match Key::of(classes, file, owner, key.value) {
            Some(Key::Name(name)) => note(self.by_name.entry(name), made),
            Some(Key::Class(class)) => note(self.by_class.entry(class), made),
            None => {}
        }
    }

    /// `public $bindings = [Sender::class => Smtp::class]` of a provider, and `$singletons`.
    fn listed(&mut self, classes: &PhpClasses<'_>, class: ClassId) {
        for member in ["bindings", "singletons"] {
            let Some((file, value)) = classes.value_of(class, member) else { continue };
            let facts = classes.facts(file);
            let Shape::Map(entries) = facts.value(value).shape else { continue };
            for entry in &facts.entries[entries.range()] {
                let made = concrete(classes, file, Some(class.1), entry.value);
                let key = entry.key.and_then(|key| Key::of(classes, file, Some(class.1), key));
                match (key, made) {
                    (Some(Key::Name(name)), Some(made)) => note(self.by_name.entry(name), made),
                    (Some(Key::Class(class)), Some(made)) => note(self.by_class.entry(class), made),
                    _ => {}
                }
            }
        }
    }

    /// What `getFacadeAccessor` gives back.
    fn accessor(&self, classes: &PhpClasses<'_>, class: ClassId) -> Option<ClassId> {
        let (file, method) = classes.method(class, "getFacadeAccessor")?;
        let facts = classes.facts(file);
        let value = facts.returned.iter().find(|(owner, _)| *owner == method)?.1;
        self.made(&Key::of(classes, file, Some(method), value)?)
    }
}

/// `$this->app`, `$app`, `app()`, the facade.
fn is_container(classes: &PhpClasses<'_>, file: FileId, object: ValueId) -> bool {
    let facts = classes.facts(file);
    let name = match facts.as_call(object) {
        Some(call) if facts.arguments_of(call).is_empty() => facts.last_name(call.callee),
        Some(_) => None,
        None => facts.last_name(object),
    };
    name.is_some_and(|name| matches!(name.trim_start_matches('$').rsplit('\\').next(), Some("app" | "container" | "App")))
}

/// What the container is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum Key {
    Name(String),
    Class(ClassId),
}

impl Key {
    pub(in crate::frameworks) fn of(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<Self> {
        if let Some(Ancestor::Ours(class)) = classes.class_of(file, owner, value) {
            return Some(Self::Class(class));
        }
        classes.text(file, owner, value).map(Self::Name)
    }
}

/// The class that a binding makes: named, or by a closure that makes one.
fn concrete(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<ClassId> {
    let facts = classes.facts(file);
    match facts.value(value).shape {
        Shape::Inline(function) => {
            let given = facts.returned.iter().filter(|(owner, _)| *owner == function);
            given.filter_map(|(_, value)| concrete(classes, file, Some(function), *value)).next()
        }
        Shape::Call(_) => {
            let call = facts.as_call(value)?;
            let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
            let class = match facts.text(name) {
                "__construct" => classes.class_at(file, owner, object)?,
                "make" => classes.class_of(file, owner, facts.argument(call, 0, "abstract")?)?,
                _ => return None,
            };
            match class {
                Ancestor::Ours(class) => Some(class),
                Ancestor::Outside(_) => None,
            }
        }
        Shape::Other(parts) => match facts.items(parts) {
            [only] => concrete(classes, file, owner, *only),
            _ => None,
        },
        _ => match classes.class_of(file, owner, value)? {
            Ancestor::Ours(class) => Some(class),
            Ancestor::Outside(_) => None,
        },
    }
}

fn note<K>(entry: std::collections::hash_map::Entry<'_, K, Option<ClassId>>, made: ClassId) {
    let known = entry.or_insert(Some(made));
    if *known != Some(made) {
        *known = None;
    }
}
