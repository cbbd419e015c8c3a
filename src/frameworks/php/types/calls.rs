//! What a call gives: an object, rows, or what the called function gives back.

use super::eloquent::{of_class, of_row, of_set, of_table};
use super::{PhpTypes, related};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Shape, ValueId};
use crate::frameworks::laravel::Key;
use crate::frameworks::orm::{Ancestor, ClassId, Form, Typed, What};

/// Functions that hand their first argument on.
const SAME: [&str; 8] = ["collect", "tap", "optional", "value", "with", "array_filter", "array_reverse", "array_values"];

/// The attribute that makes a method of a model a scope.
const SCOPE: &str = "illuminate\\database\\eloquent\\attributes\\scope";

/// Functions and methods of the container that give an object of the class they are told.
const MADE: [&str; 5] = ["app", "resolve", "make", "makeWith", "get"];

impl PhpTypes<'_> {
    pub(super) fn call(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, left: u32) -> Typed {
        let facts = self.facts(file);
        match facts.value(call.callee).shape {
            Shape::Member(object, name) => self.method_call(file, owner, call, object, facts.text(name), left),
            Shape::Name(name) => self.function_call(file, owner, call, facts.text(name), left),
            _ => Typed::unknown(),
        }
    }

    fn function_call(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, name: &str, left: u32) -> Typed {
        let facts = self.facts(file);
        if let Some(found) = self.made(file, owner, call, name) {
            return found;
        }
        if let Some((home, function)) = self.classes.function(file, call.callee, name) {
            return self.returned(home, function, None, left);
        }
        if SAME.contains(&name) {
            return facts.argument(call, 0, "value").map_or_else(Typed::unknown, |value| self.of_within(file, owner, value, left));
        }
        Typed::unknown()
    }

    /// `app(Order::class)`, `$container->make(Order::class)`
    fn made(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, name: &str) -> Option<Typed> {
        let facts = self.facts(file);
        let value = facts.argument(call, 0, "abstract").filter(|_| MADE.contains(&name))?;
        // Everything has a `get`; only a class says that a container is asked.
        let key = Key::of(self.classes, file, owner, value).filter(|key| name != "get" || matches!(key, Key::Class(_)))?;
        let class = self.container.made(&key)?;
        Some(Typed::new(What::Instance(class), 95))
    }

    fn method_call(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, object: ValueId, method: &str, left: u32) -> Typed {
        let facts = self.facts(file);
        if let Some(table) = self.query_of_table(file, owner, call, object, method) {
            return Typed::new(What::Foreign(table, Form::Set, None), 95);
        }
        if let Some(found) = self.of_manager(file, owner, call, method) {
            return found;
        }
        let of = self.receiver_within(file, owner, object, left);
        match of.what {
            What::Class(class) => self.on_class(file, owner, object, class, method, of.sure, left),
            What::Instance(class) => self.on_object(class, method, of.sure, left),
            What::Set(class, via) => self.on_set(class, via, method, of.sure, left),
            What::Foreign(table, Form::Set, via) => of_table(table, via, method, of.sure),
            _ => {
                let is_user = method == "user" && self.is_request(file, object);
                if let Some(user) = self.user.filter(|_| is_user) {
                    return Typed::new(What::Instance(user), 80);
                }
                let is_container = !matches!(facts.value(object).shape, Shape::Name(_)) || method != "get";
                self.made(file, owner, call, method).filter(|_| is_container).unwrap_or_else(Typed::unknown)
            }
        }
    }

    /// `$request->user()`, `auth()->user()`, `Auth::user()`
    fn is_request(&self, file: FileId, object: ValueId) -> bool {
        let facts = self.facts(file);
        match facts.value(object).shape {
            Shape::Name(name) | Shape::Member(_, name) => {
                let name = facts.text(name).trim_start_matches('$');
                matches!(name, "request" | "Auth" | "auth" | "guard") || name == "this"
            }
            Shape::Call(_) => {
                let name = facts.as_call(object).and_then(|call| facts.last_name(call.callee));
                matches!(name, Some("auth" | "request" | "guard"))
            }
            _ => false,
        }
    }

    /// `DB::table('orders')`, `$connection->table('orders as o')`
    pub(in crate::frameworks) fn query_of_table(
        &self,
        file: FileId,
        owner: Option<DefinitionId>,
        call: &Call,
        object: ValueId,
        method: &str,
    ) -> Option<String> {
        let facts = self.facts(file);
        let is_table = method == "table" && self.is_connection(file, object);
        let value = facts.argument(call, 0, "table").filter(|_| is_table)?;
        let text = self.classes.text(file, owner, value)?;
        Some(bare_table(&text).to_owned())
    }

    /// `DB`, `DB::connection('x')`, `$this->db`, `$model->getConnection()`
    pub(in crate::frameworks) fn is_connection(&self, file: FileId, object: ValueId) -> bool {
        let facts = self.facts(file);
        match facts.value(object).shape {
            Shape::Name(name) if !facts.text(name).starts_with('$') => match self.classes.named(file, object) {
                Some(Ancestor::Outside(name)) => matches!(name.rsplit('\\').next(), Some("db" | "capsule" | "manager")),
                _ => false,
            },
            Shape::Name(name) | Shape::Member(_, name) => {
                let name = facts.text(name).trim_start_matches('$').to_ascii_lowercase();
                name == "db" || name.ends_with("connection") || name.ends_with("database")
            }
            Shape::Call(_) => {
                let name = facts.as_call(object).and_then(|call| facts.last_name(call.callee));
                matches!(name, Some("connection" | "getConnection" | "db"))
            }
            _ => false,
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one call")]
    fn on_class(
        &self,
        file: FileId,
        owner: Option<DefinitionId>,
        object: ValueId,
        class: ClassId,
        method: &str,
        sure: u8,
        left: u32,
    ) -> Typed {
        let facts = self.facts(file);
        let behind = self.behind_facade(class, method);
        if behind != class {
            return self.on_object(behind, method, sure.min(95), left);
        }
        let is_mapped = self.entities.get(class).is_some();
        let is_parent = facts.as_name(object).is_some_and(|name| facts.text(name) == "parent");
        if method == "__construct" {
            return if is_parent { Typed::unknown() } else { Typed::new(What::Instance(class), sure) };
        }
        if let Some((home, function)) = self.own_method(class, method) {
            // `parent::` is called on the object at hand.
            let on = if is_parent { facts.class_around(owner).map_or(class, |class| (file, class)) } else { class };
            let found = self.returned(home, function, Some(on), left);
            return Typed::new(found.what, found.sure.min(sure));
        }
        if is_mapped && self.scope_of(class, method).is_some() {
            return Typed::new(What::Set(class, None), sure);
        }
        if is_mapped { of_class(class, method, sure) } else { Typed::unknown() }
    }

    fn on_object(&self, class: ClassId, method: &str, sure: u8, left: u32) -> Typed {
        if let Some(relation) = self.relation(class, method) {
            return related(relation, sure, true);
        }
        // What is bound to an interface has the methods' bodies.
        let class = self.made_for(class);
        if let Some((home, function)) = self.own_method(class, method) {
            let found = self.returned(home, function, Some(class), left);
            return Typed::new(found.what, found.sure.min(sure));
        }
        if let Some(entity) = self.repository(class) {
            return self.on_entities(entity, method, sure, left);
        }
        if self.entities.get(class).is_none() {
            return Typed::unknown();
        }
        match self.scope_of(class, method) {
            Some(_) => Typed::new(What::Set(class, None), sure.min(90)),
            None => of_row(class, method, sure),
        }
    }

    fn on_set(&self, class: ClassId, via: Option<String>, method: &str, sure: u8, left: u32) -> Typed {
        if self.entities.get(class).is_some_and(|entity| entity.by_session) {
            return self.on_entities(class, method, sure, left);
        }
        match self.scope_of(class, method) {
            Some(_) => Typed::new(What::Set(class, via), sure),
            None => of_set(class, via, method, sure),
        }
    }

    /// The class that a facade stands for where it does not have the method itself; else the class.
    pub(in crate::frameworks) fn behind_facade(&self, class: ClassId, method: &str) -> ClassId {
        let behind = self.container.facades.get(&class).copied();
        behind.filter(|_| self.classes.method(class, method).is_none()).unwrap_or(class)
    }

    /// The class that the container makes for a class or an interface.
    pub(in crate::frameworks) fn made_for(&self, class: ClassId) -> ClassId {
        self.container.made(&Key::Class(class)).unwrap_or(class)
    }

    /// The method `scopeActive` behind a call of `active`, or one that an attribute makes a scope under its own name.
    pub(in crate::frameworks) fn scope_of(&self, class: ClassId, method: &str) -> Option<ClassId> {
        let mut letters = method.chars();
        let first = letters.next()?.to_uppercase();
        let by_name = self.classes.method(class, &format!("scope{first}{}", letters.as_str()));
        by_name.or_else(|| self.classes.method(class, method).filter(|found| self.is_marked_scope(*found)))
    }

    /// A method that is called itself where it is written to be called; a scope is called through the builder.
    pub(in crate::frameworks) fn own_method(&self, class: ClassId, method: &str) -> Option<ClassId> {
        self.classes.method(class, method).filter(|found| !self.is_marked_scope(*found))
    }

    /// `#[Scope]`
    pub(super) fn is_marked_scope(&self, (file, method): ClassId) -> bool {
        !self.facts(file).definition(method).decorators.is_empty()
            && self.classes.attributes(file, method).iter().any(|(note, ..)| matches!(note, Ancestor::Outside(full) if full == SCOPE))
    }

    /// What a function gives back: its written type, or the first `return` that can be followed. What is said of the class
    /// the method stands in holds for the class it is called on.
    pub(super) fn returned(&self, file: FileId, function: DefinitionId, on: Option<ClassId>, left: u32) -> Typed {
        let Some(left) = left.checked_sub(1) else { return Typed::unknown() };
        let facts = self.facts(file);
        let header = facts.definition(function);
        let around = facts.class_around(Some(function)).map(|class| (file, class));
        let home = around.unwrap_or((file, function));
        let written = header.returns.map_or_else(Typed::unknown, |value| self.annotation(file, Some(function), value, home));
        let found = if written.is_known() {
            written
        } else {
            let start = facts.returned.partition_point(|(_, value)| value.0 < header.values.start);
            let inside = facts.returned[start..].iter().take_while(|(_, value)| value.0 < header.values.end);
            let mut values =
                inside.filter(|(owner, _)| *owner == function).map(|(_, value)| self.of_within(file, Some(function), *value, left));
            values.find(Typed::is_known).unwrap_or_else(Typed::unknown)
        };
        let (Some(around), Some(on)) = (around, on) else { return found };
        let swap = |class: ClassId| if class == around { on } else { class };
        let what = match found.what {
            What::Class(class) => What::Class(swap(class)),
            What::Instance(class) => What::Instance(swap(class)),
            What::Set(class, via) => What::Set(swap(class), via),
            other => other,
        };
        Typed::new(what, found.sure)
    }
}

/// The table of `orders as o` and `shop.orders`.
pub(in crate::frameworks) fn bare_table(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or(text)
}
