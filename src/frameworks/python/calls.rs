//! Calls: of functions and methods of the tree, and of classes.

use super::{Evaluator, Kind, Scope, Thing, View};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, DefinitionKind, Shape};
use crate::frameworks::django;
use std::rc::Rc;

/// What a call is handed, with the keyword where there is one.
pub(super) type Handed = Vec<(Option<Rc<str>>, Thing)>;

impl<'a> Evaluator<'a> {
    /// What a call is handed; lists and maps that are spread count by their items.
    pub(super) fn handed(&self, scope: &Scope, call: &Call, left: u32) -> Handed {
        let facts = self.facts(scope.file);
        let mut all = Vec::new();
        for argument in facts.arguments_of(call) {
            let thing = self.eval(scope, argument.value, left);
            match (argument.spread, thing) {
                (false, thing) => all.push((argument.name.map(|name| Rc::from(facts.text(name))), thing)),
                (true, Thing::List(items)) => all.extend(items.iter().map(|item| (None, item.clone()))),
                (true, Thing::Map(entries)) => all.extend(entries.iter().map(|(key, thing)| (Some(Rc::clone(key)), thing.clone()))),
                (true, _) => {}
            }
        }
        all
    }

    /// What a call hands back.
    pub(super) fn call(&self, scope: &Scope, call: &Call, left: u32) -> Thing {
        let facts = self.facts(scope.file);
        if let Some(found) = self.answer(scope.file, call.value, None, left) {
            return found;
        }
        let handed = self.handed(scope, call, left);
        if let Shape::Member(object, name) = facts.value(call.callee).shape {
            let name = facts.text(name);
            let owner = self.eval(scope, object, left);
            if name == "as_view" {
                let class = self.class_of(&owner).map(|(file, id)| Thing::Definition(file, id));
                return view(class.unwrap_or(owner), handed);
            }
            if let Some(found) = self.method_of_plain(&owner, name, &handed) {
                return found;
            }
            if let Some(found) = django::routes::handed_back(self, scope, call, (&owner, name), &handed) {
                return found;
            }
        }
        let callee = self.eval(scope, call.callee, left);
        match &callee {
            Thing::Definition(file, id) if self.is_class((*file, *id)) => self.made(scope, call.value, Kind::Ours((*file, *id)), handed),
            Thing::Definition(..) | Thing::Method(_) => {
                let thing = self.run(&callee, &handed, left);
                // A class that is made of a library's is what is asked for, whatever the function was handed.
                if let Thing::Definition(file, id) = thing
                    && self.is_class((file, id))
                    && !self.library_classes(&Kind::Ours((file, id))).is_empty()
                {
                    return thing;
                }
                unwrapped(&callee, thing, &handed, |file, id| self.facts(file).definition(id).owner)
            }
            Thing::Outside(path) => self.library_call(scope, call, path, handed, left),
            _ => wrapped(&handed).unwrap_or_else(|| match facts.value(call.callee).shape {
                Shape::Member(_, name) => self.by_name_alone(facts.text(name), left),
                _ => Thing::Unknown,
            }),
        }
    }

    /// `manager.get_fastapi_app()` of an object nobody can tell: the one method of that name that makes an application.
    fn by_name_alone(&self, name: &str, left: u32) -> Thing {
        if !["app", "router", "blueprint"].iter().any(|word| name.ends_with(word)) {
            return Thing::Unknown;
        }
        let base = self.classes.base;
        let mut found = Thing::Unknown;
        for file in base.ids().filter(|file| super::is_python(base, *file)) {
            let facts = base.facts(file);
            for (id, definition) in facts.definitions() {
                if definition.kind != DefinitionKind::Method || facts.text(definition.name) != name {
                    continue;
                }
                let Some(class) = definition.owner else { continue };
                let method = Thing::Method(Rc::new((Thing::Definition(file, class), file, id)));
                match (self.run(&method, &[], left), &found) {
                    (thing @ Thing::Object(_), Thing::Unknown) => found = thing,
                    (Thing::Object(_), _) => return Thing::Unknown,
                    _ => {}
                }
            }
        }
        found
    }

    /// What a function or method of the tree hands back.
    pub(in crate::frameworks) fn run(&self, callee: &Thing, handed: &[(Option<Rc<str>>, Thing)], left: u32) -> Thing {
        let (this, file, id) = match callee {
            Thing::Definition(file, id) => (None, *file, *id),
            Thing::Method(method) => (Some(&method.0), method.1, method.2),
            _ => return Thing::Unknown,
        };
        // One mark for all functions of a definition number, apart from the marks of names.
        let mark = (file, u32::MAX - 1, id.0);
        let deep = self.running.borrow().iter().filter(|known| **known == mark).count();
        if left == 0 || deep > 2 {
            return Thing::Unknown;
        }
        self.running.borrow_mut().push(mark);
        let scope = self.entered(this, file, id, handed);
        let found = self.handed_back(&scope, id, left);
        self.running.borrow_mut().pop();
        found
    }

    /// The scope inside a function or method of the tree that is called with something.
    pub(in crate::frameworks) fn inside(&self, callee: &Thing, handed: &[(Option<Rc<str>>, Thing)]) -> Option<Scope> {
        match callee {
            Thing::Method(method) => Some(self.entered(Some(&method.0), method.1, method.2, handed)),
            Thing::Definition(file, id) => Some(self.entered(None, *file, *id, handed)),
            _ => None,
        }
    }

    /// The scope inside a function that is called.
    fn entered(&self, this: Option<&Thing>, file: FileId, id: DefinitionId, handed: &[(Option<Rc<str>>, Thing)]) -> Scope {
        let facts = self.facts(file);
        let mut scope = Scope { this: this.cloned(), ..Scope::at(file, Some(id)) };
        let mut parameters = facts.parameters[facts.definition(id).parameters.range()].iter();
        let is_static = |value| facts.last_name(value) == Some("staticmethod");
        if let Some(this) = this
            && !facts.items(facts.definition(id).decorators).iter().any(|value| is_static(*value))
            && let Some(first) = parameters.next()
        {
            scope.held.push((first.name, this.clone()));
        }
        let mut by_position = handed.iter().filter(|(name, _)| name.is_none()).map(|(_, thing)| thing);
        for parameter in parameters {
            let name = facts.text(parameter.name);
            if parameter.variadic {
                let rest: Vec<Thing> = by_position.by_ref().cloned().collect();
                scope.held.push((parameter.name, if rest.is_empty() { Thing::Unknown } else { Thing::List(rest.into()) }));
                continue;
            }
            let named = handed.iter().find(|(keyword, _)| keyword.as_deref() == Some(name)).map(|(_, thing)| thing);
            if let Some(thing) = named.or_else(|| by_position.next()) {
                scope.held.push((parameter.name, thing.clone()));
            }
        }
        scope
    }

    /// The last thing a function hands back that can be told; early returns are exceptions to it.
    fn handed_back(&self, scope: &Scope, id: DefinitionId, left: u32) -> Thing {
        let mut found = Thing::Unknown;
        for value in self.known(scope.file).returned.get(&id).into_iter().flatten().rev() {
            let thing = self.eval(scope, *value, left);
            match thing.is_true() {
                Some(true) => return thing,
                _ if found.is_unknown() => found = thing,
                _ => {}
            }
        }
        found
    }
}

/// `Class.as_view({"get": "list"}, template_name="x.html")`
fn view(class: Thing, handed: Handed) -> Thing {
    let mut actions = None;
    let mut keywords = Vec::new();
    for (name, thing) in handed {
        match (name, thing) {
            (None, Thing::Map(entries)) => actions = Some(&entries).map(|e| named_actions(e)),
            (Some(name), Thing::Map(entries)) if &*name == "actions" => actions = Some(named_actions(&entries)),
            (Some(name), thing) => keywords.push((name, thing)),
            (None, _) => {}
        }
    }
    Thing::View(Rc::new(View { class, actions, keywords }))
}

fn named_actions(entries: &[(Rc<str>, Thing)]) -> Vec<(Rc<str>, Rc<str>)> {
    let named = entries.iter().filter_map(|(method, action)| Some((Rc::clone(method), Rc::from(action.as_text()?))));
    named.collect()
}

/// A function that is handed a view and hands back something of its own makes a wrapper: the view is what answers.
fn unwrapped(callee: &Thing, thing: Thing, handed: &Handed, owner: impl Fn(FileId, DefinitionId) -> Option<DefinitionId>) -> Thing {
    let own = match (callee, &thing) {
        (_, Thing::Unknown | Thing::Outside(_)) => true,
        (Thing::Definition(file, id), Thing::Definition(made, inner)) => file == made && owner(*made, *inner) == Some(*id),
        _ => false,
    };
    if own && let Some(view) = wrapped(handed) { view } else { thing }
}

/// The view among what a decorator is handed.
pub(super) fn wrapped(handed: &Handed) -> Option<Thing> {
    let is_view = |thing: &Thing| matches!(thing, Thing::View(_) | Thing::Definition(..) | Thing::Method(_) | Thing::Include(_));
    handed.iter().find(|(name, thing)| name.is_none() && is_view(thing)).map(|(_, thing)| thing.clone())
}
