//! Members of modules, classes and objects, through the classes they inherit from.

use super::{Evaluator, Kind, Object, Scope, Thing};
use crate::base::FileId;
use crate::facts::{DefinitionId, DefinitionKind, Shape, Text, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::names::Named;
use std::rc::Rc;

/// Decorators that make a method look like a field.
const PROPERTIES: [&str; 4] = ["property", "cached_property", "classproperty", "functional_cached_property"];

impl<'a> Evaluator<'a> {
    /// `object.name` where it stands.
    pub(super) fn member_at(&self, scope: &Scope, value: ValueId, object: ValueId, name: Text, left: u32) -> Thing {
        let facts = self.facts(scope.file);
        let member = facts.text(name);
        if self.is_super(scope, object) {
            return self.member_of_super(scope, member, left);
        }
        let owner = self.eval(scope, object, left);
        match self.member(&owner, member, left) {
            // `import a.b` makes only `a.b.c` as a whole mean something.
            Thing::Unknown if owner.is_unknown() => match self.classes.names.named(self.classes.base, scope.file, scope.owner, value) {
                Named::Outside(_) => Thing::Unknown,
                named => self.meant(named, left),
            },
            found => found,
        }
    }

    /// A member of something.
    pub(in crate::frameworks) fn member(&self, owner: &Thing, name: &str, left: u32) -> Thing {
        match owner {
            Thing::Module(file) => self.member_of_module(*file, name, left),
            Thing::Outside(path) => Thing::Outside(format!("{path}.{name}").into()),
            Thing::Definition(file, id) if self.is_class((*file, *id)) => self.of_class((*file, *id), owner, name, left),
            Thing::Object(object) => self.of_object(object, owner, name, left),
            Thing::Pattern(pattern) if name == "callback" => pattern.target.clone(),
            _ => Thing::Unknown,
        }
    }

    /// True for classes of the tree.
    pub(in crate::frameworks) fn is_class(&self, (file, id): ClassId) -> bool {
        self.facts(file).definition(id).kind.is_type()
    }

    /// The class and those it inherits from, nearest first.
    pub(in crate::frameworks) fn order(&self, class: ClassId) -> Vec<Ancestor> {
        let above = self.classes.lineage(class);
        std::iter::once(Ancestor::Ours(class)).chain(above.iter().cloned()).collect()
    }

    fn of_object(&self, object: &Rc<Object>, this: &Thing, name: &str, left: u32) -> Thing {
        if let Kind::Ours(class) = object.kind {
            for (file, class) in self.classes.line(class) {
                let Some(text) = self.text(file, name) else { continue };
                if let Some(found) = self.given_in_methods((file, class), text, this, left) {
                    return found;
                }
            }
            let found = self.of_class(class, this, name, left);
            if !matches!(found, Thing::Unknown) {
                return found;
            }
        }
        self.library_member(object, this, name)
    }

    /// `self.name = value` in the methods of one class.
    fn given_in_methods(&self, (file, class): ClassId, name: Text, this: &Thing, left: u32) -> Option<Thing> {
        let facts = self.facts(file);
        let mark = (file, class.0, name.0);
        if left == 0 || self.running.borrow().contains(&mark) {
            return None;
        }
        self.running.borrow_mut().push(mark);
        let bound = self.classes.locals(file).of_member(class, name).iter();
        let found = bound.rev().find_map(|bound| {
            let binding = &facts.bindings[bound.binding as usize];
            let scope = self.method_scope(file, binding.owner, this);
            let value = binding.value?;
            if bound.place.is_some() {
                return self.answer(file, value, bound.place, left);
            }
            let thing = self.eval(&scope, value, left);
            (!thing.is_unknown()).then_some(thing)
        });
        self.running.borrow_mut().pop();
        found
    }

    /// Inside a method that runs on something; parameters of `__init__` are what the class was handed.
    fn method_scope(&self, file: FileId, owner: Option<DefinitionId>, this: &Thing) -> Scope {
        let facts = self.facts(file);
        let mut scope = Scope { this: Some(this.clone()), ..Scope::at(file, owner) };
        scope.held.extend(facts.receiver(owner).map(|name| (name, this.clone())));
        if let (Some(owner), Thing::Object(object)) = (owner, this)
            && facts.text(facts.definition(owner).name) == "__init__"
        {
            let parameters = &facts.parameters[facts.definition(owner).parameters.range()];
            for (place, parameter) in parameters.iter().skip(1).enumerate() {
                if let Some(thing) = object.argument(place, facts.text(parameter.name)) {
                    scope.held.push((parameter.name, thing.clone()));
                }
            }
        }
        scope
    }

    /// A field or method that a class or one above it has.
    pub(super) fn of_class(&self, class: ClassId, this: &Thing, name: &str, left: u32) -> Thing {
        for ancestor in self.order(class) {
            match ancestor {
                Ancestor::Ours(class) => {
                    if let Some(found) = self.own_member(class, this, name, left) {
                        return found;
                    }
                }
                Ancestor::Outside(_) => {}
            }
        }
        Thing::Unknown
    }

    /// A field or method that a class itself has.
    fn own_member(&self, (file, class): ClassId, this: &Thing, name: &str, left: u32) -> Option<Thing> {
        let facts = self.facts(file);
        let locals = self.classes.locals(file);
        if let Some(inner) = locals.inner(facts, class, name).first() {
            let definition = facts.definition(*inner);
            if definition.kind != DefinitionKind::Method {
                return Some(Thing::Definition(file, *inner));
            }
            let method = Thing::Method(Rc::new((this.clone(), file, *inner)));
            let is_property = |value: &ValueId| facts.last_name(*value).is_some_and(|name| PROPERTIES.contains(&name));
            let property = facts.items(definition.decorators).iter().any(is_property);
            return Some(if property { self.run(&method, &[], left) } else { method });
        }
        let text = self.text(file, name)?;
        let bound = locals.of_name(Some(class), text);
        bound.iter().any(|bound| facts.bindings[bound.binding as usize].value.is_some()).then(|| {
            let scope = Scope { this: Some(this.clone()), ..Scope::at(file, Some(class)) };
            self.variable(&scope, text, None, left)
        })
    }

    /// A field of a class, asked from outside: unknown where only a library gives it.
    pub(in crate::frameworks) fn attribute(&self, class: ClassId, name: &str) -> Thing {
        self.of_class(class, &Thing::Definition(class.0, class.1), name, super::DEEPEST)
    }

    /// The class of the tree that has a method, and the method; nearest first.
    pub(in crate::frameworks) fn method(&self, class: ClassId, name: &str) -> Option<(FileId, DefinitionId)> {
        self.classes.line(class).find_map(|(file, class)| {
            let found = self.classes.locals(file).inner(self.facts(file), class, name).last()?;
            Some((file, *found))
        })
    }

    fn is_super(&self, scope: &Scope, value: ValueId) -> bool {
        let facts = self.facts(scope.file);
        facts.as_call(value).is_some_and(|call| facts.as_name(call.callee).is_some_and(|name| facts.text(name) == "super"))
    }

    fn member_of_super(&self, scope: &Scope, name: &str, left: u32) -> Thing {
        let facts = self.facts(scope.file);
        let Some(around) = facts.class_around(scope.owner).map(|class| (scope.file, class)) else { return Thing::Unknown };
        let this = scope.this.clone().unwrap_or(Thing::Definition(around.0, around.1));
        let class = self.class_of(&this).unwrap_or(around);
        let order = self.order(class);
        let behind = order.iter().position(|ancestor| *ancestor == Ancestor::Ours(around)).map_or(0, |place| place + 1);
        for ancestor in order.get(behind..).unwrap_or(&[]) {
            match ancestor {
                Ancestor::Ours(class) => {
                    if let Some(found) = self.own_member(*class, &this, name, left) {
                        return found;
                    }
                }
                Ancestor::Outside(path) => {
                    if let Some(found) = Self::library_super(path, name) {
                        return found;
                    }
                }
            }
        }
        Thing::Unknown
    }

    /// The class of an object, or the class itself.
    pub(in crate::frameworks) fn class_of(&self, thing: &Thing) -> Option<ClassId> {
        match thing {
            Thing::Definition(file, id) if self.is_class((*file, *id)) => Some((*file, *id)),
            Thing::Object(object) => match object.kind {
                Kind::Ours(class) => Some(class),
                Kind::Outside(_) => None,
            },
            _ => None,
        }
    }

    /// Names of libraries' classes that an object's class is or inherits from, nearest first.
    pub(in crate::frameworks) fn library_classes(&self, kind: &Kind) -> Vec<Rc<str>> {
        match kind {
            Kind::Outside(path) => vec![Rc::clone(path)],
            Kind::Ours(class) => {
                let lineage = self.classes.lineage(*class);
                let outside = lineage.iter().filter_map(|ancestor| match ancestor {
                    Ancestor::Outside(path) => Some(Rc::from(path.as_str())),
                    Ancestor::Ours(_) => None,
                });
                outside.collect()
            }
        }
    }

    /// What a constructor of the library was handed: by the call, or by an `__init__` of ours that hands it on.
    pub(in crate::frameworks) fn handed_to_library(&self, object: &Rc<Object>, position: usize, keyword: &str) -> Thing {
        if let Some(thing) = object.argument(position, keyword).filter(|thing| !thing.is_unknown()) {
            return thing.clone();
        }
        let Kind::Ours(class) = object.kind else { return Thing::Unknown };
        let Some((file, init)) = self.method(class, "__init__") else { return Thing::Unknown };
        let facts = self.facts(file);
        let this = Thing::Object(Rc::clone(object));
        let scope = self.method_scope(file, Some(init), &this);
        let Some(word) = self.text(file, "__init__") else { return Thing::Unknown };
        let calls = self.classes.locals(file).calls_of(word).iter().map(|index| &facts.calls[*index as usize]);
        let mut own = calls.filter(|call| facts.owner_of(call.value) == Some(init));
        let above = own.find(|call| matches!(facts.value(call.callee).shape, Shape::Member(object, _) if self.is_super(&scope, object)));
        let given = above.and_then(|call| facts.argument(call, position, keyword));
        // `kwargs.setdefault("url_prefix", "/" + name)`
        let defaults = self.text(file, "setdefault").into_iter().flat_map(|word| self.classes.locals(file).calls_of(word));
        let mut defaults = defaults.map(|index| &facts.calls[*index as usize]).filter(|call| facts.owner_of(call.value) == Some(init));
        let default = || {
            let call = defaults.find(|call| facts.argument(call, 0, "key").and_then(|key| facts.as_literal(key)) == Some(keyword))?;
            facts.argument(call, 1, "default")
        };
        given.or_else(default).map_or(Thing::Unknown, |value| self.of(&scope, value))
    }
}
