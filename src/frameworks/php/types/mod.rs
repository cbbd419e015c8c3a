//! What an expression of PHP is: a class, an object, rows of a mapped class.
//!
//! An expression is followed to where its parts come from: the written types of parameters and properties, what a
//! variable was given, what a method gives back, what a closure is handed. What cannot be followed is unknown, and an
//! unknown thing makes no access.

mod calls;
mod doctrine;
mod eloquent;
mod variables;

use super::PhpClasses;
use crate::base::FileId;
use crate::facts::{CallId, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::laravel::Container;
use crate::frameworks::orm::{Ancestor, AttributeKind, ClassId, Entities, Form, Relation, Typed, What};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};

pub(in crate::frameworks) use calls::bare_table;
pub(in crate::frameworks) use eloquent::{ROW_READS, ROW_WRITES, WRITES, ends_query};

/// How far an expression is followed.
const DEEPEST: u32 = 24;

/// Repositories of Doctrine by class, with the entity each is about.
pub(in crate::frameworks) type Repositories = FxHashMap<ClassId, ClassId>;

/// Where closures of one file are handed to.
type Handed = FxHashMap<DefinitionId, (CallId, usize, Option<Text>)>;

/// Follows expressions. What was worked out once is remembered.
pub(in crate::frameworks) struct PhpTypes<'a> {
    pub(in crate::frameworks) classes: &'a PhpClasses<'a>,
    pub(in crate::frameworks) entities: &'a Entities,
    /// The model of the one who is logged in.
    user: Option<ClassId>,
    repositories: Repositories,
    /// What service providers bind.
    container: Container,
    /// The repository class of an entity.
    repository_of: FxHashMap<ClassId, ClassId>,
    known: RefCell<FxHashMap<(FileId, ValueId), Typed>>,
    handed: Vec<OnceCell<Handed>>,
}

impl<'a> PhpTypes<'a> {
    pub(in crate::frameworks) fn new(
        classes: &'a PhpClasses<'a>,
        entities: &'a Entities,
        user: Option<ClassId>,
        repositories: Repositories,
        container: Container,
    ) -> Self {
        let mut pairs: Vec<(ClassId, ClassId)> = repositories.iter().map(|(repository, entity)| (*entity, *repository)).collect();
        // Of several repositories for one entity the last by path speaks, whatever the order of the table.
        pairs.sort_unstable();
        let repository_of = pairs.into_iter().collect();
        let handed = classes.base.files.iter().map(|_| OnceCell::new()).collect();
        Self { classes, entities, user, repositories, repository_of, container, known: RefCell::default(), handed }
    }

    fn facts(&self, file: FileId) -> &'a FileFacts {
        self.classes.facts(file)
    }

    /// What a value is, seen from the definition it stands in.
    pub(in crate::frameworks) fn of(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Typed {
        self.of_within(file, owner, value, DEEPEST)
    }

    fn of_within(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Typed {
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
            Shape::Name(name) => self.variable(file, owner, value, name, left),
            Shape::Member(object, name) => self.member(file, owner, object, facts.text(name), left),
            Shape::Call(_) => facts.as_call(value).map_or_else(Typed::unknown, |call| self.call(file, owner, call, left)),
            Shape::Item(object, _) => self.of_within(file, owner, object, left).element(),
            Shape::Choice(parts) => self.first_known(file, owner, facts.items(parts), left),
            Shape::List(parts) => match self.first_known(file, owner, facts.items(parts), left) {
                Typed { what: What::Instance(class), sure } if self.entities.get(class).is_some() => {
                    Typed::new(What::Set(class, None), sure)
                }
                _ => Typed::unknown(),
            },
            // `clone $order`, `(new Order)`
            Shape::Other(parts) => match facts.items(parts) {
                [only] => self.of_within(file, owner, *only, left),
                _ => Typed::unknown(),
            },
            _ => Typed::unknown(),
        }
    }

    fn first_known(&self, file: FileId, owner: Option<DefinitionId>, parts: &[ValueId], left: u32) -> Typed {
        parts.iter().map(|part| self.of_within(file, owner, *part, left)).find(Typed::is_known).unwrap_or_else(Typed::unknown)
    }

    /// What stands before `->` or `::`: an object, or the class of a name.
    pub(in crate::frameworks) fn receiver(&self, file: FileId, owner: Option<DefinitionId>, object: ValueId) -> Typed {
        self.receiver_within(file, owner, object, DEEPEST)
    }

    fn receiver_within(&self, file: FileId, owner: Option<DefinitionId>, object: ValueId, left: u32) -> Typed {
        let facts = self.facts(file);
        match facts.value(object).shape {
            Shape::Name(name) if !facts.text(name).starts_with('$') => match self.classes.class_at(file, owner, object) {
                Some(Ancestor::Ours(class)) => Typed::new(What::Class(class), 100),
                _ => Typed::unknown(),
            },
            _ => self.of_within(file, owner, object, left),
        }
    }

    fn member(&self, file: FileId, owner: Option<DefinitionId>, object: ValueId, name: &str, left: u32) -> Typed {
        let of = self.receiver_within(file, owner, object, left);
        match of.what {
            What::Class(class) if name.eq_ignore_ascii_case("class") => Typed::new(What::Class(class), of.sure),
            What::Class(class) if name.starts_with('$') => self.property(class, name, of.sure, left),
            What::Instance(class) => match self.relation(class, name) {
                Some(relation) => related(relation, of.sure, false),
                None => self.property(class, name, of.sure, left),
            },
            _ => Typed::unknown(),
        }
    }

    /// The relation that an attribute of a mapped class is.
    pub(in crate::frameworks) fn relation(&self, class: ClassId, name: &str) -> Option<&'a Relation> {
        match &self.entities.attribute(class, name)?.kind {
            AttributeKind::Relation(relation) => Some(relation),
            _ => None,
        }
    }

    /// A property: its written type, its default, or what methods of its class give it.
    fn property(&self, class: ClassId, name: &str, sure: u8, left: u32) -> Typed {
        if left == 0 {
            return Typed::unknown();
        }
        for (file, class) in self.classes.line(class) {
            let facts = self.facts(file);
            let declared = facts.texts.find(name).and_then(|text| self.classes.locals(file).of_name(Some(class), text).first().copied());
            let mut found = Typed::unknown();
            if let Some(row) = declared {
                let binding = facts.bindings[row.binding as usize];
                found =
                    binding.annotation.map_or_else(Typed::unknown, |written| self.annotation(file, Some(class), written, (file, class)));
                if !found.is_known() {
                    found = binding.value.map_or_else(Typed::unknown, |value| self.of_within(file, Some(class), value, left - 1));
                }
            }
            for index in self.classes.bound_members((file, class), name) {
                if found.is_known() {
                    break;
                }
                let binding = facts.bindings[*index as usize];
                found = binding.value.map_or_else(Typed::unknown, |value| self.of_within(file, binding.owner, value, left - 1));
            }
            if found.is_known() {
                return Typed::new(found.what, found.sure.min(sure));
            }
        }
        Typed::unknown()
    }

    /// A written type: a class, one that may be null, one of several; `self` and `static` are the class it is called on.
    fn annotation(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, on: ClassId) -> Typed {
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) if matches!(facts.text(name), "self" | "static" | "$this") => Typed::new(What::Instance(on), 95),
            Shape::Name(_) => match self.classes.class_at(file, owner, value) {
                Some(Ancestor::Ours(class)) => Typed::new(What::Instance(class), 95),
                _ => Typed::unknown(),
            },
            Shape::Choice(parts) => {
                let mut found = facts.items(parts).iter().map(|part| self.annotation_of_part(file, owner, *part, on));
                found.find(Typed::is_known).unwrap_or_else(Typed::unknown)
            }
            _ => Typed::unknown(),
        }
    }

    fn annotation_of_part(&self, file: FileId, owner: Option<DefinitionId>, part: ValueId, on: ClassId) -> Typed {
        match self.facts(file).value(part).shape {
            Shape::Name(_) => self.annotation(file, owner, part, on),
            _ => Typed::unknown(),
        }
    }

    /// Where closures of a file are handed to: the call, the place of the argument, and the key where it stands in a map.
    fn handed(&self, file: FileId) -> &Handed {
        self.handed[file.index()].get_or_init(|| {
            let facts = self.facts(file);
            let mut handed = Handed::default();
            for (index, call) in (0u32..).zip(&facts.calls) {
                for (place, argument) in facts.arguments_of(call).iter().enumerate() {
                    match facts.value(argument.value).shape {
                        Shape::Inline(function) => {
                            handed.insert(function, (CallId(index), place, None));
                        }
                        Shape::Map(entries) => {
                            for entry in &facts.entries[entries.range()] {
                                if let (Shape::Inline(function), Some(Shape::Literal(key))) =
                                    (facts.value(entry.value).shape, entry.key.map(|key| facts.value(key).shape))
                                {
                                    handed.insert(function, (CallId(index), place, Some(key)));
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
            handed
        })
    }

    /// The class at the end of a path of relations: `lines.product`.
    pub(in crate::frameworks) fn along(&self, class: ClassId, path: &str) -> Vec<&'a Relation> {
        let mut at = Some(class);
        let mut found = Vec::new();
        let path = path.split([':', ' ']).next().unwrap_or(path);
        for step in path.split('.') {
            let Some(relation) = at.and_then(|at| self.relation(at, step)) else { return found };
            at = relation.class;
            found.push(relation);
        }
        found
    }
}

/// What a relation gives: its rows, or where it is only asked for, the set of them.
fn related(relation: &Relation, sure: u8, asked: bool) -> Typed {
    let many = relation.many || asked;
    match (relation.class, &relation.table) {
        (Some(class), _) if many => Typed::new(What::Set(class, relation.join_table.clone()), sure),
        (Some(class), _) => Typed::new(What::Instance(class), sure),
        (None, Some(table)) => {
            let form = if many { Form::Set } else { Form::Instance };
            Typed::new(What::Foreign(table.clone(), form, relation.join_table.clone()), sure)
        }
        (None, None) => Typed::unknown(),
    }
}
