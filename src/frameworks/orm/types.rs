//! What an expression is: a mapped class, one row, or a set of rows.
//!
//! Nothing is run and no type is declared in most code, so an expression is followed to where its parts come from: the
//! class it names, the variable it was put in, the attribute a model declares, what a method returns. What cannot be
//! followed is unknown, and an unknown thing makes no access.

use super::{Ancestor, AttributeKind, ClassId, Classes, Entities, Meant, Relation};
use crate::base::FileId;
use crate::facts::{Binding, Binds, Call, DefinitionId, DefinitionKind, FileFacts, Shape, Text, ValueId};
use crate::names::Named;
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// What an expression evaluates to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum What {
    /// A class itself.
    Class(ClassId),
    /// An object of a class.
    Instance(ClassId),
    /// Rows of a mapped class: a manager, a queryset, a list of them; with the table in between where one is passed.
    Set(ClassId, Option<String>),
    /// `(row, created)`.
    Pair(ClassId),
    /// A library's mapped class, an object of it, or rows of it, by the table; with the table in between.
    Foreign(String, Form, Option<String>),
    /// The function of the tree.
    Function(FileId, DefinitionId),
    /// Nobody can tell.
    Unknown,
}

/// In which form a library's rows are at hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum Form {
    /// The class.
    Class,
    /// One row.
    Instance,
    /// Several.
    Set,
}

/// An expression's meaning and how sure it is, in percent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) struct Typed {
    pub what: What,
    pub sure: u8,
}

impl Typed {
    pub(super) fn new(what: What, sure: u8) -> Self {
        Self { what, sure }
    }

    pub(super) fn unknown() -> Self {
        Self { what: What::Unknown, sure: 0 }
    }

    fn is_known(&self) -> bool {
        self.what != What::Unknown
    }

    /// One of the rows.
    pub(super) fn element(self) -> Self {
        match self.what {
            What::Set(class, _) => Self::new(What::Instance(class), self.sure),
            What::Foreign(table, Form::Set, _) => Self::new(What::Foreign(table, Form::Instance, None), self.sure),
            _ => Self::unknown(),
        }
    }
}

/// How far an expression is followed.
const DEEPEST: u32 = 24;

/// How many calls of a function are asked what they hand over.
const MOST_CALLS: usize = 8;

/// How sure a name is that is only called like a model.
const BY_NAME: u8 = 50;

/// Methods of sets that give one row.
const ONE: [&str; 19] = [
    "get",
    "create_user",
    "create_superuser",
    "first",
    "last",
    "earliest",
    "latest",
    "create",
    "aget",
    "acreate",
    "afirst",
    "one",
    "one_or_none",
    "scalar",
    "scalar_one",
    "scalar_one_or_none",
    "get_or_404",
    "first_or_404",
    "one_or_404",
];

/// Methods of sets that give a row and whether it is new.
const PAIR: [&str; 4] = ["get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create"];

/// Methods of sets that give no rows.
const NEITHER: [&str; 16] = [
    "count",
    "exists",
    "aggregate",
    "values",
    "values_list",
    "dates",
    "datetimes",
    "update",
    "delete",
    "in_bulk",
    "bulk_update",
    "explain",
    "acount",
    "aexists",
    "aupdate",
    "adelete",
];

/// Functions that hand their first argument's rows on.
const SAME: [&str; 6] = ["list", "sorted", "tuple", "set", "reversed", "copy"];

/// Follows expressions. What was worked out once is remembered.
pub(in crate::frameworks) struct Types<'a> {
    pub(in crate::frameworks) classes: &'a Classes<'a>,
    pub(in crate::frameworks) entities: &'a Entities,
    /// The model whose rows a manager's or queryset's own methods are about.
    managed: FxHashMap<ClassId, Option<ClassId>>,
    /// Mapped classes by their name in snake case; none where two share it.
    by_name: FxHashMap<String, Option<ClassId>>,
    /// The model of the one who is logged in, where the tree has it.
    user: Option<ClassId>,
    /// The table of a library's mapped class, by the library's rules.
    foreign: fn(&str) -> Option<String>,
    known: RefCell<FxHashMap<(FileId, ValueId), Typed>>,
}

impl<'a> Types<'a> {
    pub(in crate::frameworks) fn new(
        classes: &'a Classes<'a>,
        entities: &'a Entities,
        user: Option<ClassId>,
        foreign: fn(&str) -> Option<String>,
    ) -> Self {
        let mut managed: FxHashMap<ClassId, Option<ClassId>> = FxHashMap::default();
        let mut by_name: FxHashMap<String, Option<ClassId>> = FxHashMap::default();
        for (class, entity) in &entities.rows {
            for attribute in entity.attributes.values() {
                let AttributeKind::Manager(Some(manager)) = attribute.kind else { continue };
                let above = classes.lineage(manager);
                let ours = above.iter().filter_map(|ancestor| match ancestor {
                    Ancestor::Ours(class) => Some(*class),
                    Ancestor::Outside(_) => None,
                });
                for manager in std::iter::once(manager).chain(ours) {
                    note(&mut managed, manager, *class, entities);
                }
            }
            if entity.table.is_some() {
                let facts = classes.base.facts(class.0);
                let name = snake_case(facts.text(facts.definition(class.1).name));
                let known = by_name.entry(name).or_insert(Some(*class));
                if *known != Some(*class) {
                    *known = None;
                }
            }
        }
        Self { classes, entities, managed, by_name, user, foreign, known: RefCell::default() }
    }

    pub(super) fn facts(&self, file: FileId) -> &'a FileFacts {
        self.classes.base.facts(file)
    }

    /// What a value is, seen from the definition it stands in.
    pub(in crate::frameworks) fn of(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Typed {
        self.of_within(file, owner, value, DEEPEST)
    }

    pub(super) fn of_within(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        if let Some(known) = self.known.borrow().get(&(file, value)) {
            return known.clone();
        }
        if left == 0 {
            return Typed::unknown();
        }
        // Whoever asks for itself on the way gets no answer.
        self.known.borrow_mut().insert((file, value), Typed::unknown());
        let typed = self.work_out(file, owner, value, left - 1);
        self.known.borrow_mut().insert((file, value), typed.clone());
        typed
    }

    fn work_out(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) => self.name(file, owner, value, name, left),
            Shape::Member(object, name) => self.member(file, owner, value, object, name, left),
            Shape::Call(_) => match facts.as_call(value) {
                Some(call) => self.call(file, owner, call, left),
                None => Typed::unknown(),
            },
            Shape::Item(object, index) => {
                let of = self.of_within(file, owner, object, left);
                // A slice is a shorter set.
                if matches!(facts.value(index).shape, Shape::Other(_)) { of } else { of.element() }
            }
            Shape::Choice(parts) => self.first_known(file, owner, facts.items(parts), left),
            Shape::List(parts) => match self.first_known(file, owner, facts.items(parts), left) {
                Typed { what: What::Instance(class), sure } if self.entities.get(class).is_some() => {
                    Typed::new(What::Set(class, None), sure)
                }
                _ => Typed::unknown(),
            },
            // Sets joined by `|` and `&` stay sets.
            Shape::Joined(first, _) => self.of_within(file, owner, first, left),
            Shape::Other(parts) => match self.first_known(file, owner, facts.items(parts), left) {
                found @ Typed { what: What::Set(..), .. } => found,
                _ => Typed::unknown(),
            },
            _ => Typed::unknown(),
        }
    }

    fn first_known(&self, file: FileId, owner: Option<DefinitionId>, parts: &[ValueId], left: u32) -> Typed {
        parts.iter().map(|part| self.of_within(file, owner, *part, left)).find(Typed::is_known).unwrap_or_else(Typed::unknown)
    }

    fn name(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, name: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let mut at = owner;
        while let Some(scope) = at {
            let definition = facts.definition(scope);
            at = definition.owner;
            // A class body's names are not seen from its methods.
            if definition.kind.is_type() && owner != Some(scope) {
                continue;
            }
            if let Some(receiver) = self.receiver(file, scope, name) {
                return receiver;
            }
            let bound = self.classes.locals(file).of_name(Some(scope), name);
            if !bound.is_empty() {
                // What was given last before this place, or else whatever is given at all (a loop's second turn).
                let before = bound.iter().rev().filter(|row| facts.bindings[row.binding as usize].target.0 < value.0);
                let after = bound.iter().filter(|row| facts.bindings[row.binding as usize].target.0 >= value.0);
                let mut found = before.chain(after).map(|row| self.bound(file, facts.bindings[row.binding as usize], row.place, left));
                return found.find(Typed::is_known).unwrap_or_else(|| self.by_name(facts.text(name)));
            }
            if let Some(parameter) = facts.parameters[definition.parameters.range()].iter().find(|parameter| parameter.name == name) {
                let annotated = parameter.annotation.map_or_else(Typed::unknown, |value| self.annotation(file, owner, value, left));
                let default = parameter.default.map_or_else(Typed::unknown, |value| self.of_within(file, definition.owner, value, left));
                let told = [annotated, default].into_iter().find(Typed::is_known);
                let told = told.or_else(|| Some(self.signalled(file, scope, name, left)).filter(Typed::is_known));
                let told = told.or_else(|| Some(self.given_by_view(file, scope, name, left)).filter(Typed::is_known));
                let told = told.or_else(|| Some(self.handed_over(file, scope, name, left)).filter(Typed::is_known));
                return told.unwrap_or_else(|| self.by_name(facts.text(name)));
            }
        }
        self.global(file, owner, value, left)
    }

    /// `sender` and `instance` of a function decorated with `receiver(signal, sender=Model)`.
    fn signalled(&self, file: FileId, function: DefinitionId, name: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let header = facts.definition(function);
        let name = facts.text(name);
        if !matches!(name, "instance" | "sender") {
            return Typed::unknown();
        }
        let calls = facts.items(header.decorators).iter().filter_map(|value| facts.as_call(*value));
        let senders = calls.filter(|call| facts.last_name(call.callee) == Some("receiver"));
        let mut models = senders.filter_map(|call| facts.argument(call, usize::MAX, "sender"));
        let typed = models.next().map_or_else(Typed::unknown, |value| self.of_within(file, header.owner, value, left));
        match typed.what {
            What::Class(class) if name == "instance" => Typed::new(What::Instance(class), typed.sure),
            What::Class(class) => Typed::new(What::Class(class), typed.sure),
            _ => Typed::unknown(),
        }
    }

    /// The form or serializer that a view hands to its own method: `form_valid(self, form)`,
    /// `perform_create(self, serializer)`.
    fn given_by_view(&self, file: FileId, function: DefinitionId, name: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let header = facts.definition(function);
        let member = match (facts.text(header.name), facts.text(name)) {
            ("form_valid", "form") => "form_class",
            ("perform_create" | "perform_update", "serializer") => "serializer_class",
            _ => return Typed::unknown(),
        };
        let Some(view) = header.owner.map(|class| (file, class)) else { return Typed::unknown() };
        if let What::Class(helper) = self.attribute(view, member, 90, left).what {
            return Typed::new(What::Instance(helper), 90);
        }
        // Without one of its own a view makes it for its model.
        if self.subject(view, left).is_some() { Typed::new(What::Instance(view), 75) } else { Typed::unknown() }
    }

    /// What the calls of the same file hand over for a parameter; the first that can be followed speaks for all.
    fn handed_over(&self, file: FileId, function: DefinitionId, parameter: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let header = facts.definition(function);
        let declared = &facts.parameters[header.parameters.range()];
        let Some(position) = declared.iter().position(|other| other.name == parameter) else { return Typed::unknown() };
        let is_method = header.kind == DefinitionKind::Method;
        let Some(position) = position.checked_sub(usize::from(is_method)) else { return Typed::unknown() };
        for index in self.classes.locals(file).calls_of(header.name).iter().take(MOST_CALLS) {
            let call = &facts.calls[*index as usize];
            let through_object = matches!(facts.value(call.callee).shape, Shape::Member(..));
            if through_object != is_method {
                continue;
            }
            if let Some(value) = facts.argument(call, position, facts.text(parameter)) {
                let owner = facts.owner_of(value);
                let found = self.of_within(file, owner, value, left);
                if found.is_known() {
                    return Typed::new(found.what, found.sure.min(85));
                }
            }
        }
        Typed::unknown()
    }

    /// `self` and `cls`.
    fn receiver(&self, file: FileId, scope: DefinitionId, name: Text) -> Option<Typed> {
        let facts = self.facts(file);
        let definition = facts.definition(scope);
        if definition.kind != DefinitionKind::Method {
            return None;
        }
        let first = facts.parameters[definition.parameters.range()].first()?.name;
        let class = definition.owner.filter(|_| first == name)?;
        let decorated = |word: &str| facts.items(definition.decorators).iter().any(|value| facts.last_name(*value) == Some(word));
        if decorated("staticmethod") {
            return None;
        }
        let class = (file, class);
        if let Some(Some(model)) = self.managed.get(&class) {
            return Some(Typed::new(What::Set(*model, None), 90));
        }
        Some(Typed::new(if decorated("classmethod") { What::Class(class) } else { What::Instance(class) }, 100))
    }

    /// A name of the module, of an import, or of a look-up by name.
    fn global(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        for meant in self.classes.meant(file, owner, value) {
            match meant {
                Meant::Ours(home, definition) if self.facts(home).definition(definition).kind.is_type() => {
                    return Typed::new(What::Class((home, definition)), 100);
                }
                Meant::Ours(home, definition) => return Typed::new(What::Function(home, definition), 100),
                Meant::Outside(name) if name.ends_with("get_user_model()") => return self.user_class(),
                Meant::Outside(name) => {
                    if let Some(table) = (self.foreign)(&name) {
                        return Typed::new(What::Foreign(table, Form::Class, None), 95);
                    }
                }
            }
        }
        match self.classes.names.named(self.classes.base, file, owner, value) {
            Named::Variable(home, name) => {
                let bound = self.classes.locals(home).of_name(None, name);
                let mut found =
                    bound.iter().rev().map(|row| self.bound(home, self.facts(home).bindings[row.binding as usize], row.place, left));
                found.find(Typed::is_known).unwrap_or_else(Typed::unknown)
            }
            _ => Typed::unknown(),
        }
    }

    fn user_class(&self) -> Typed {
        match self.user {
            Some(class) => Typed::new(What::Class(class), 95),
            None => (self.foreign)("django.contrib.auth.models.User")
                .map_or_else(Typed::unknown, |table| Typed::new(What::Foreign(table, Form::Class, None), 90)),
        }
    }

    /// A thing of unknown origin that is called like exactly one model.
    fn by_name(&self, name: &str) -> Typed {
        match self.by_name.get(name) {
            Some(Some(class)) => Typed::new(What::Instance(*class), BY_NAME),
            _ => Typed::unknown(),
        }
    }

    fn bound(&self, file: FileId, binding: Binding, place: Option<u32>, left: u32) -> Typed {
        let owner = binding.owner;
        if let Some(annotation) = binding.annotation {
            let annotated = self.annotation(file, owner, annotation, left);
            if annotated.is_known() {
                return annotated;
            }
        }
        let Some(value) = binding.value else { return Typed::unknown() };
        let facts = self.facts(file);
        if let (Shape::List(parts), Some(place), Binds::Assign) = (facts.value(value).shape, place, binding.binds) {
            return facts.items(parts).get(place as usize).map_or_else(Typed::unknown, |part| self.of_within(file, owner, *part, left));
        }
        let typed = self.of_within(file, owner, value, left);
        match (binding.binds, place) {
            (Binds::Assign | Binds::With, None) => typed,
            (Binds::Assign, Some(place)) => match typed.what {
                What::Pair(class) if place == 0 => Typed::new(What::Instance(class), typed.sure),
                _ => self.answered(file, value, place as usize),
            },
            (Binds::Loop, None) => typed.element(),
            (Binds::Loop, Some(1)) if self.is_call_of(file, value, "enumerate") => self.argument_of(file, owner, value, left).element(),
            _ => Typed::unknown(),
        }
    }

    /// The class at a place of a look-up of several.
    fn answered(&self, file: FileId, value: ValueId, place: usize) -> Typed {
        let Some((home, symbol)) = self.classes.answer(file, value).get(place) else { return Typed::unknown() };
        match self.classes.names.named_in(self.classes.base, *home, symbol) {
            Named::Definition(file, class) => Typed::new(What::Class((file, class)), 90),
            _ => Typed::unknown(),
        }
    }

    fn is_call_of(&self, file: FileId, value: ValueId, name: &str) -> bool {
        let facts = self.facts(file);
        facts.as_call(value).is_some_and(|call| facts.last_name(call.callee) == Some(name))
    }

    fn argument_of(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        let facts = self.facts(file);
        let argument = facts.as_call(value).and_then(|call| facts.argument(call, 0, "iterable"));
        argument.map_or_else(Typed::unknown, |value| self.of_within(file, owner, value, left))
    }

    /// A written type: a class, `Optional[X]`, `X | None`, `list[X]`, `QuerySet[X]`, `"X"`.
    fn annotation(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Name(_) | Shape::Member(..) => match self.global(file, owner, value, left - 1) {
                Typed { what: What::Class(class), sure } => Typed::new(What::Instance(class), sure.min(95)),
                _ => self.alias(file, owner, value, left - 1),
            },
            Shape::Literal(text) => self.written_type(file, facts.text(text), left),
            Shape::Item(outer, inner) => {
                let inner = self.annotation(file, owner, inner, left - 1);
                facts
                    .last_name(outer)
                    .map_or_else(Typed::unknown, |outer| wrapped(outer, inner, |class| self.entities.get(class).is_some()))
            }
            Shape::Joined(first, second) => {
                let first = self.annotation(file, owner, first, left - 1);
                if first.is_known() { first } else { self.annotation(file, owner, second, left - 1) }
            }
            Shape::List(parts) | Shape::Other(parts) | Shape::Choice(parts) => {
                let mut found = facts.items(parts).iter().map(|part| self.annotation(file, owner, *part, left - 1));
                found.find(Typed::is_known).unwrap_or_else(Typed::unknown)
            }
            _ => Typed::unknown(),
        }
    }

    /// A type in a string: `"Order"`, `"Order | None"`, `"QuerySet[Order]"`.
    fn written_type(&self, file: FileId, text: &str, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        if let Some((outer, inner)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            let inner = self.written_type(file, inner, left - 1);
            return wrapped(outer.rsplit('.').next().unwrap_or(outer), inner, |class| self.entities.get(class).is_some());
        }
        let mut found = text.split('|').map(|part| match self.classes.names.named_in(self.classes.base, file, part.trim()) {
            Named::Definition(home, class) if self.facts(home).definition(class).kind.is_type() => {
                Typed::new(What::Instance((home, class)), 95)
            }
            _ => Typed::unknown(),
        });
        found.find(Typed::is_known).unwrap_or_else(Typed::unknown)
    }

    /// A type that has a name: `CurrentUser = Annotated[User, ...]`.
    fn alias(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
        let Named::Variable(home, name) = self.classes.names.named(self.classes.base, file, owner, value) else {
            return Typed::unknown();
        };
        let facts = self.facts(home);
        let bound = self.classes.locals(home).of_name(None, name).last();
        let value = bound.and_then(|row| facts.bindings[row.binding as usize].value);
        match value.map(|value| (value, facts.value(value).shape)) {
            Some((value, Shape::Item(..) | Shape::Joined(..))) => self.annotation(home, None, value, left),
            _ => Typed::unknown(),
        }
    }

    fn member(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, object: ValueId, name: Text, left: u32) -> Typed {
        let facts = self.facts(file);
        let member = facts.text(name);
        let of = self.of_within(file, owner, object, left);
        if member == "__class__" {
            return match of.what {
                What::Instance(class) => Typed::new(What::Class(class), of.sure),
                What::Foreign(table, Form::Instance, _) => Typed::new(What::Foreign(table, Form::Class, None), of.sure),
                _ => Typed::unknown(),
            };
        }
        match &of.what {
            What::Class(class) => self.of_class(*class, member, of.sure, left),
            What::Instance(class) => {
                let found = self.of_instance(*class, member, of.sure, left);
                if !found.is_known() && self.entities.get(*class).is_none() { self.by_name(member) } else { found }
            }
            What::Set(class, _) if member == "model" => Typed::new(What::Class(*class), of.sure),
            What::Set(_, Some(between)) if member == "through" => Typed::new(What::Foreign(between.clone(), Form::Class, None), of.sure),
            What::Foreign(table, Form::Class, _) if matches!(member, "objects" | "_default_manager") => {
                Typed::new(What::Foreign(table.clone(), Form::Set, None), of.sure)
            }
            What::Set(..) | What::Pair(_) | What::Foreign(..) | What::Function(..) => Typed::unknown(),
            What::Unknown => {
                let found = self.global(file, owner, value, left);
                if found.is_known() {
                    return found;
                }
                // `request.user`
                if member == "user" {
                    match self.user_class().what {
                        What::Class(class) => return Typed::new(What::Instance(class), 80),
                        What::Foreign(table, ..) => return Typed::new(What::Foreign(table, Form::Instance, None), 80),
                        _ => {}
                    }
                }
                self.by_name(member)
            }
        }
    }

    /// `Model.objects`, a class attribute, a nested class.
    fn of_class(&self, class: ClassId, member: &str, sure: u8, left: u32) -> Typed {
        if self.entities.get(class).is_some() {
            let found = self.entities.attribute(class, member).map(|found| &found.kind);
            // `Product.tags`, on the way to `Product.tags.through`.
            if let Some(AttributeKind::Relation(Relation { class: Some(to), join_table: Some(between), .. })) = found
                && !self.by_session(class)
            {
                return Typed::new(What::Set(*to, Some(between.clone())), sure);
            }
            let is_manager = matches!(found, Some(AttributeKind::Manager(_)));
            if is_manager || matches!(member, "objects" | "_default_manager" | "_base_manager") {
                return Typed::new(What::Set(class, None), sure);
            }
        }
        if member == "query" && self.by_session(class) {
            return Typed::new(What::Set(class, None), sure);
        }
        self.attribute(class, member, sure, left)
    }

    /// An attribute of an object: a relation of a model, or what its class or its methods give it.
    fn of_instance(&self, class: ClassId, member: &str, sure: u8, left: u32) -> Typed {
        if self.entities.get(class).is_some()
            && let Some(attribute) = self.entities.attribute(class, member)
        {
            return match &attribute.kind {
                AttributeKind::Relation(relation) => match relation.class {
                    Some(to) if relation.many => Typed::new(What::Set(to, relation.join_table.clone()), sure),
                    Some(to) => Typed::new(What::Instance(to), sure),
                    None => match &relation.table {
                        Some(table) => {
                            let form = if relation.many { Form::Set } else { Form::Instance };
                            Typed::new(What::Foreign(table.clone(), form, relation.join_table.clone()), sure)
                        }
                        None => Typed::unknown(),
                    },
                },
                AttributeKind::Column(_) | AttributeKind::Manager(_) | AttributeKind::Generic => Typed::unknown(),
            };
        }
        let found = self.attribute(class, member, sure, left);
        if found.is_known() {
            return found;
        }
        match (member, self.subject(class, left)) {
            ("object" | "instance", Some(model)) => Typed::new(What::Instance(model), 85),
            ("queryset" | "object_list", Some(model)) => Typed::new(What::Set(model, None), 85),
            ("model", Some(model)) => Typed::new(What::Class(model), 85),
            _ => Typed::unknown(),
        }
    }

    /// What a class or its ancestors say of a name: a body's binding, what methods put there, a property.
    fn attribute(&self, class: ClassId, member: &str, sure: u8, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        let lineage = self.classes.lineage(class);
        let ours = lineage.iter().filter_map(|ancestor| match ancestor {
            Ancestor::Ours(class) => Some(*class),
            Ancestor::Outside(_) => None,
        });
        for (file, definition) in std::iter::once(class).chain(ours) {
            let facts = self.facts(file);
            if let Some(method) = self.method(file, definition, member) {
                let header = facts.definition(method);
                let is_property = facts
                    .items(header.decorators)
                    .iter()
                    .any(|value| facts.last_name(*value).is_some_and(|name| name.ends_with("property")));
                return if is_property {
                    self.returned(file, method, class, left - 1)
                } else {
                    Typed::new(What::Function(file, method), sure)
                };
            }
            let Some(name) = facts.texts.find(member) else { continue };
            let locals = self.classes.locals(file);
            let rows = locals.of_name(Some(definition), name).iter().rev().chain(locals.of_member(definition, name));
            for row in rows {
                let found = self.bound(file, facts.bindings[row.binding as usize], row.place, left - 1);
                if found.is_known() {
                    return Typed::new(found.what, found.sure.min(sure));
                }
            }
        }
        Typed::unknown()
    }

    fn method(&self, file: FileId, class: DefinitionId, name: &str) -> Option<DefinitionId> {
        let facts = self.facts(file);
        let end = facts.definition(class).values.end;
        let mut inside = facts.definitions().skip(class.0 as usize + 1).take_while(|(_, inner)| inner.values.start < end);
        inside.find(|(_, inner)| inner.owner == Some(class) && facts.text(inner.name) == name).map(|(id, _)| id)
    }

    /// What a function gives back: its written type, or the first `return` that can be followed. What is said of the
    /// class the method stands in holds for the class it is called on.
    fn returned(&self, file: FileId, function: DefinitionId, on: ClassId, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        let facts = self.facts(file);
        let header = facts.definition(function);
        let annotated = header.returns.map_or_else(Typed::unknown, |value| self.annotation(file, Some(function), value, left - 1));
        let found = if annotated.is_known() {
            annotated
        } else {
            let start = facts.returned.partition_point(|(_, value)| value.0 < header.values.start);
            let inside = facts.returned[start..].iter().take_while(|(_, value)| value.0 < header.values.end);
            let mut values =
                inside.filter(|(owner, _)| *owner == function).map(|(_, value)| self.of_within(file, Some(function), *value, left - 1));
            values.find(Typed::is_known).unwrap_or_else(Typed::unknown)
        };
        let Some(around) = facts.class_around(Some(function)).map(|class| (file, class)) else { return found };
        let swap = |class: ClassId| if class == around { on } else { class };
        let what = match found.what {
            What::Class(class) => What::Class(swap(class)),
            What::Instance(class) => What::Instance(swap(class)),
            What::Set(class, via) => What::Set(swap(class), via),
            other => other,
        };
        Typed::new(what, found.sure)
    }

    fn call(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, left: u32) -> Typed {
        let facts = self.facts(file);
        if let [(home, symbol)] = self.classes.answer(file, call.value) {
            return match self.classes.names.named_in(self.classes.base, *home, symbol) {
                Named::Definition(file, class) => Typed::new(What::Class((file, class)), 90),
                _ => Typed::unknown(),
            };
        }
        if let Some(found) = self.of_session(file, owner, call, left) {
            return found;
        }
        if let Shape::Member(object, name) = facts.value(call.callee).shape {
            let method = facts.text(name);
            let of = self.of_within(file, owner, object, left);
            if let What::Foreign(table, Form::Set, via) = &of.what {
                let form = if ONE.contains(&method) { Form::Instance } else { Form::Set };
                let ends = NEITHER.contains(&method) || PAIR.contains(&method);
                return if ends { Typed::unknown() } else { Typed::new(What::Foreign(table.clone(), form, via.clone()), of.sure) };
            }
            if let What::Set(class, via) = &of.what {
                return self.of_set(*class, via.as_deref(), method, of.sure, left);
            }
            if let Some(class) = self.super_of(file, owner, object) {
                return self.of_super(class, method, left);
            }
            if let What::Instance(class) = of.what
                && matches!(method, "get_queryset" | "get_object" | "save" | "filter_queryset")
                && self.entities.get(class).is_none()
            {
                let found = self.called(self.of_within(file, owner, call.callee, left), class, left);
                return if found.is_known() { found } else { self.of_framework(class, method, left) };
            }
            let on = match of.what {
                What::Class(class) | What::Instance(class) => Some(class),
                _ => None,
            };
            if let Some(class) = on {
                return self.called(self.of_within(file, owner, call.callee, left), class, left);
            }
        }
        let name = facts.last_name(call.callee).unwrap_or("");
        let argument =
            |index: usize| facts.argument(call, index, "").map_or_else(Typed::unknown, |value| self.of_within(file, owner, value, left));
        match name {
            "get_object_or_404" => match argument(0) {
                Typed { what: What::Class(class) | What::Set(class, _), sure } => return Typed::new(What::Instance(class), sure),
                Typed { what: What::Foreign(table, ..), sure } => return Typed::new(What::Foreign(table, Form::Instance, None), sure),
                _ => return Typed::unknown(),
            },
            "get_list_or_404" => match argument(0) {
                Typed { what: What::Class(class) | What::Set(class, _), sure } => return Typed::new(What::Set(class, None), sure),
                _ => return Typed::unknown(),
            },
            "get_user_model" => return self.user_class(),
            "cast" => {
                let written = facts.argument(call, 0, "typ").map_or_else(Typed::unknown, |value| self.annotation(file, owner, value, left));
                return written;
            }
            "type" => match argument(0) {
                Typed { what: What::Instance(class), sure } => return Typed::new(What::Class(class), sure),
                _ => return Typed::unknown(),
            },
            "next" => return argument(0).element(),
            _ if SAME.contains(&name) => return argument(0),
            _ => {}
        }
        let callee = self.of_within(file, owner, call.callee, left);
        match callee.what {
            What::Class(class) => Typed::new(What::Instance(class), callee.sure),
            What::Foreign(table, Form::Class, _) => Typed::new(What::Foreign(table, Form::Instance, None), callee.sure),
            What::Function(home, function) => self.returned(home, function, (home, function), left),
            _ => Typed::unknown(),
        }
    }

    fn called(&self, callee: Typed, on: ClassId, left: u32) -> Typed {
        match callee.what {
            What::Function(home, function) => {
                let found = self.returned(home, function, on, left);
                Typed::new(found.what, found.sure.min(callee.sure))
            }
            What::Class(class) => Typed::new(What::Instance(class), callee.sure),
            _ => Typed::unknown(),
        }
    }

    /// What a method of a set gives; one nobody knows is a manager's own and gives a set again.
    fn of_set(&self, class: ClassId, via: Option<&str>, method: &str, sure: u8, left: u32) -> Typed {
        let known = is_known(method);
        if !known && let Some((home, function)) = self.manager_method(class, method) {
            let found = self.returned(home, function, class, left);
            let manager = self.facts(home).class_around(Some(function)).map(|manager| (home, manager));
            // Where the method's class serves several models, what it is about is only known here.
            let is_shared = manager.is_some_and(|manager| self.managed.get(&manager) == Some(&None));
            if found.is_known() || !is_shared {
                return Typed::new(found.what, found.sure.min(sure));
            }
            return of_library_set(class, via, method, sure.min(80));
        }
        of_library_set(class, via, method, sure)
    }

    /// True for a method that a model's rows have and its sets have not: the set is one row in truth.
    pub(in crate::frameworks) fn is_row_method(&self, class: ClassId, method: &str) -> bool {
        if is_known(method) || self.manager_method(class, method).is_some() {
            return false;
        }
        let lineage = self.classes.lineage(class);
        let ours = lineage.iter().filter_map(|ancestor| match ancestor {
            Ancestor::Ours(class) => Some(*class),
            Ancestor::Outside(_) => None,
        });
        std::iter::once(class).chain(ours).any(|(file, above)| self.method(file, above, method).is_some())
    }

    /// A method that a model's own manager or queryset class defines.
    pub(in crate::frameworks) fn manager_method(&self, class: ClassId, method: &str) -> Option<(FileId, DefinitionId)> {
        let entity = self.entities.get(class)?;
        for attribute in entity.attributes.values() {
            let AttributeKind::Manager(Some(manager)) = attribute.kind else { continue };
            let lineage = self.classes.lineage(manager);
            let ours = lineage.iter().filter_map(|ancestor| match ancestor {
                Ancestor::Ours(class) => Some(*class),
                Ancestor::Outside(_) => None,
            });
            for (file, definition) in std::iter::once(manager).chain(ours) {
                if let Some(found) = self.method(file, definition, method) {
                    return Some((file, found));
                }
            }
        }
        None
    }

    /// The class whose parents `super()` means, where a value is that call.
    pub(in crate::frameworks) fn super_of(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<ClassId> {
        let facts = self.facts(file);
        let call = facts.as_call(value)?;
        let is_super = facts.as_name(call.callee).is_some_and(|name| facts.text(name) == "super");
        let class = facts.class_around(owner).filter(|_| is_super)?;
        Some((file, class))
    }

    fn of_super(&self, class: ClassId, method: &str, left: u32) -> Typed {
        if let Some(Some(model)) = self.managed.get(&class) {
            return of_library_set(*model, None, method, 90);
        }
        let lineage = self.classes.lineage(class);
        for ancestor in lineage.iter() {
            if let Ancestor::Ours((file, above)) = ancestor
                && let Some(found) = self.method(*file, *above, method)
            {
                let found = self.returned(*file, found, class, left);
                if found.is_known() {
                    return found;
                }
            }
        }
        self.of_framework(class, method, left)
    }

    /// Methods that generic views, forms and serializers bring.
    fn of_framework(&self, class: ClassId, method: &str, left: u32) -> Typed {
        match (method, self.subject(class, left)) {
            ("get_queryset" | "filter_queryset", Some(model)) => Typed::new(What::Set(model, None), 85),
            ("get_object" | "save", Some(model)) => Typed::new(What::Instance(model), 85),
            _ => Typed::unknown(),
        }
    }

    /// The model a view, form or serializer is about: `model`, `queryset`, or those of its `Meta`, form or serializer.
    pub(in crate::frameworks) fn subject(&self, class: ClassId, left: u32) -> Option<ClassId> {
        if left == 0 {
            return None;
        }
        let left = left - 1;
        let of = |class: ClassId, member: &str| match self.attribute(class, member, 100, left).what {
            What::Class(found) | What::Set(found, _) => Some(found),
            _ => None,
        };
        let mapped = |found: &ClassId| self.entities.get(*found).is_some();
        if let Some(found) = of(class, "model").or_else(|| of(class, "queryset")).filter(mapped) {
            return Some(found);
        }
        let lineage = self.classes.lineage(class);
        let ours = lineage.iter().filter_map(|ancestor| match ancestor {
            Ancestor::Ours(class) => Some(*class),
            Ancestor::Outside(_) => None,
        });
        for (file, definition) in std::iter::once(class).chain(ours) {
            if let Some(meta) = self.method(file, definition, "Meta")
                && let Some(found) = of((file, meta), "model").filter(mapped)
            {
                return Some(found);
            }
        }
        ["form_class", "serializer_class", "form"].iter().find_map(|member| {
            let helper = of(class, member).filter(|helper| *helper != class)?;
            self.subject(helper, left)
        })
    }
}

/// Methods of sets that give no set, and those that models may have too.
fn is_known(method: &str) -> bool {
    let shared = ["all", "filter", "exclude", "add", "remove", "set", "clear"];
    ONE.contains(&method) || PAIR.contains(&method) || NEITHER.contains(&method) || shared.contains(&method)
}

/// What the library's methods of a set give; one nobody knows gives a set again.
fn of_library_set(class: ClassId, via: Option<&str>, method: &str, sure: u8) -> Typed {
    if ONE.contains(&method) {
        Typed::new(What::Instance(class), sure)
    } else if PAIR.contains(&method) {
        Typed::new(What::Pair(class), sure)
    } else if NEITHER.contains(&method) {
        Typed::unknown()
    } else {
        Typed::new(What::Set(class, via.map(str::to_owned)), sure)
    }
}

/// A type around another: `Optional[X]` is an X, `Type[X]` its class, anything else of a mapped class a set of its rows.
fn wrapped(outer: &str, inner: Typed, is_mapped: impl Fn(ClassId) -> bool) -> Typed {
    match (outer, inner.what) {
        ("Optional" | "Annotated", what) => Typed::new(what, inner.sure),
        ("Type" | "type", What::Instance(class)) => Typed::new(What::Class(class), inner.sure),
        (_, What::Instance(class)) if is_mapped(class) => Typed::new(What::Set(class, None), inner.sure),
        _ => Typed::unknown(),
    }
}

/// Notes that a manager serves a model; of several, the one all others inherit from, and none where they are strangers.
fn note(managed: &mut FxHashMap<ClassId, Option<ClassId>>, manager: ClassId, model: ClassId, entities: &Entities) {
    let known = managed.entry(manager).or_insert(Some(model));
    let Some(first) = *known else { return };
    let is_below = |above: ClassId, class: ClassId| entities.below.get(&above).is_some_and(|below| below.contains(&class));
    if first == model || is_below(first, model) {
        return;
    }
    *known = if is_below(model, first) { Some(model) } else { None };
}

/// `OrderLine` as variables are called: `order_line`.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut previous = '_';
    for letter in name.chars() {
        if letter.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
        previous = letter;
    }
    out
}
