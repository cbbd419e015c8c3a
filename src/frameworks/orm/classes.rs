//! Classes and the classes they inherit from, through imports, aliases and look-up helpers.

use super::Locals;
use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, Shape, Text, ValueId};
use crate::frameworks::Answers;
use crate::names::{FactBase, Named, Names};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// A class of the tree.
pub(in crate::frameworks) type ClassId = (FileId, DefinitionId);

/// A class that something inherits from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum Ancestor {
    /// Of the tree.
    Ours(ClassId),
    /// A library's, by its dotted name.
    Outside(String),
}

/// What an expression that is written where a class or function is expected means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum Meant {
    /// A class or function of the tree.
    Ours(FileId, DefinitionId),
    /// A library's thing.
    Outside(String),
}

/// How far aliases are followed.
const LONGEST: u32 = 6;

/// Ancestors of one class beyond which the rest is passed over; hand-written classes have a few dozen.
const MOST: usize = 200;

/// Answers questions about classes. Local names of a file are indexed when first asked for.
pub(in crate::frameworks) struct Classes<'a> {
    pub(in crate::frameworks) base: &'a FactBase,
    pub(in crate::frameworks) names: &'a Names,
    answers: &'a Answers,
    locals: Vec<OnceCell<Locals>>,
    lineages: RefCell<FxHashMap<ClassId, Rc<[Ancestor]>>>,
}

impl<'a> Classes<'a> {
    /// Over everything that was read and every look-up that was answered.
    pub(in crate::frameworks) fn new(base: &'a FactBase, names: &'a Names, answers: &'a Answers) -> Self {
        let locals = base.files.iter().map(|_| OnceCell::new()).collect();
        Self { base, names, answers, locals, lineages: RefCell::default() }
    }

    /// The local names of a file.
    pub(in crate::frameworks) fn locals(&self, file: FileId) -> &Locals {
        self.locals[file.index()].get_or_init(|| Locals::of(self.base.facts(file)))
    }

    /// What a look-up by name found, in the order its names are written.
    pub(in crate::frameworks) fn answer(&self, file: FileId, value: ValueId) -> &[(FileId, String)] {
        self.answers.ours.get(&(file, value)).map_or(&[], Vec::as_slice)
    }

    /// A class and those of the tree it inherits from, nearest first.
    pub(in crate::frameworks) fn line(&self, class: ClassId) -> impl Iterator<Item = ClassId> + use<> {
        let lineage = self.lineage(class);
        let above = (0..lineage.len()).filter_map(move |place| match lineage[place] {
            Ancestor::Ours(class) => Some(class),
            Ancestor::Outside(_) => None,
        });
        std::iter::once(class).chain(above)
    }

    /// Every class a class inherits from, nearest first, itself left out: depth first from left to right, a class that
    /// is reached twice counting where it is reached last. That is Python's order (C3) for every hierarchy without
    /// crossing lines.
    pub(in crate::frameworks) fn lineage(&self, class: ClassId) -> Rc<[Ancestor]> {
        self.lineage_within(class, &mut Vec::new())
    }

    fn lineage_within(&self, class: ClassId, path: &mut Vec<ClassId>) -> Rc<[Ancestor]> {
        if let Some(known) = self.lineages.borrow().get(&class) {
            return Rc::clone(known);
        }
        if path.contains(&class) || path.len() > 40 {
            return Rc::from([]);
        }
        path.push(class);
        let mut all: Vec<Ancestor> = Vec::new();
        for parent in self.parents(class) {
            let mut line = vec![parent.clone()];
            if let Ancestor::Ours(parent) = parent {
                line.extend(self.lineage_within(parent, path).iter().cloned());
            }
            all.retain(|known| !line.contains(known));
            all.extend(line);
        }
        path.pop();
        all.truncate(MOST);
        let lineage: Rc<[Ancestor]> = all.into();
        self.lineages.borrow_mut().insert(class, Rc::clone(&lineage));
        lineage
    }

    /// The written base classes.
    pub(in crate::frameworks) fn parents(&self, (file, definition): ClassId) -> Vec<Ancestor> {
        let facts = self.base.facts(file);
        let header = facts.definition(definition);
        let mut parents = Vec::new();
        for value in facts.items(header.bases) {
            self.add_parents(file, header.owner, *value, &mut parents);
        }
        parents.retain(|parent| *parent != Ancestor::Ours((file, definition)));
        parents
    }

    fn add_parents(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, out: &mut Vec<Ancestor>) {
        let facts = self.base.facts(file);
        // `with_metaclass(Meta, Base)` stands for Base.
        if let Some(call) = facts.as_call(value)
            && facts.last_name(call.callee) == Some("with_metaclass")
        {
            for argument in facts.arguments_of(call).iter().skip(1) {
                self.add_parents(file, owner, argument.value, out);
            }
            return;
        }
        out.extend(self.meant(file, owner, value).into_iter().map(|meant| match meant {
            Meant::Ours(file, definition) => Ancestor::Ours((file, definition)),
            Meant::Outside(name) => Ancestor::Outside(name),
        }));
    }

    /// What an expression means that names classes or functions; several where it is one of several.
    pub(in crate::frameworks) fn meant(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Vec<Meant> {
        let mut out = Vec::new();
        self.meant_within(file, owner, value, LONGEST, &mut out);
        out.dedup();
        out
    }

    fn meant_within(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32, out: &mut Vec<Meant>) {
        if left == 0 {
            return;
        }
        let facts = self.base.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) => {
                if let Some(definition) = self.local_definition(file, owner, name) {
                    out.push(Meant::Ours(file, definition));
                    return;
                }
                let local = facts.function_around(owner).map_or(&[][..], |function| self.locals(file).of_name(Some(function), name));
                if local.is_empty() {
                    self.named(file, owner, value, left, out);
                } else {
                    self.bound(file, owner, local, left, out);
                }
            }
            Shape::Member(..) => self.named(file, owner, value, left, out),
            Shape::Item(object, _) => self.meant_within(file, owner, object, left - 1, out),
            Shape::Choice(parts) => {
                facts.items(parts).iter().for_each(|part| self.meant_within(file, owner, *part, left - 1, out));
            }
            Shape::Call(_) => self.answered(file, owner, value, None, left, out),
            Shape::Literal(_) => {}
            _ => {}
        }
    }

    /// A class or function defined inside the function or class around.
    fn local_definition(&self, file: FileId, owner: Option<DefinitionId>, name: Text) -> Option<DefinitionId> {
        let facts = self.base.facts(file);
        let found = self.locals(file).inner(facts, owner?, facts.text(name));
        found.iter().copied().find(|inner| facts.definition(*inner).kind.is_type())
    }

    fn named(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, left: u32, out: &mut Vec<Meant>) {
        match self.names.named(self.base, file, owner, value) {
            Named::Definition(file, definition) => out.push(Meant::Ours(file, definition)),
            Named::Outside(name) => out.push(Meant::Outside(name)),
            Named::Variable(home, name) => self.bound(home, None, self.locals(home).of_name(None, name), left, out),
            Named::Module(_) | Named::Path(_) | Named::Unknown => {}
        }
    }

    fn bound(&self, file: FileId, owner: Option<DefinitionId>, bound: &[super::locals::Bound], left: u32, out: &mut Vec<Meant>) {
        let facts = self.base.facts(file);
        for row in bound {
            let binding = &facts.bindings[row.binding as usize];
            let Some(value) = binding.value.filter(|_| binding.binds == Binds::Assign) else { continue };
            match (facts.value(value).shape, row.place) {
                (Shape::Call(_), place) => self.answered(file, owner, value, place, left - 1, out),
                (_, None) => self.meant_within(file, owner, value, left - 1, out),
                (Shape::List(parts), Some(place)) => {
                    if let Some(part) = facts.items(parts).get(place as usize) {
                        self.meant_within(file, owner, *part, left - 1, out);
                    }
                }
                _ => {}
            }
        }
    }

    /// A call in the place of a class: a look-up by name, or a library's class factory.
    fn answered(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, place: Option<u32>, left: u32, out: &mut Vec<Meant>) {
        if let Some(name) = self.answers.outside.get(&(file, value)) {
            out.push(Meant::Outside(name.clone()));
            return;
        }
        let found = self.answer(file, value);
        let chosen = match place {
            Some(place) => found.get(place as usize..=place as usize).unwrap_or(&[]),
            None => found,
        };
        for (home, symbol) in chosen {
            match self.names.named_in(self.base, *home, symbol) {
                Named::Definition(file, definition) => out.push(Meant::Ours(file, definition)),
                Named::Variable(home, name) => self.bound(home, None, self.locals(home).of_name(None, name), left.max(1), out),
                _ => {}
            }
        }
        if found.is_empty()
            && left > 0
            && let Some(call) = self.base.facts(file).as_call(value)
        {
            // `getattr(settings, "NAME", default)` is `settings.NAME`.
            let facts = self.base.facts(file);
            if let [object, name, ..] = facts.arguments_of(call)
                && facts.last_name(call.callee) == Some("getattr")
                && let Some(name) = facts.as_literal(name.value)
                && let Named::Outside(path) = self.names.named(self.base, file, owner, object.value)
            {
                out.push(Meant::Outside(format!("{path}.{name}")));
                return;
            }
            // `Manager.from_queryset(QuerySet)` is both.
            if let Shape::Member(manager, name) = facts.value(call.callee).shape
                && facts.text(name) == "from_queryset"
                && let Some(set) = facts.argument(call, 0, "queryset_class")
            {
                self.meant_within(file, owner, set, left - 1, out);
                self.meant_within(file, owner, manager, left - 1, out);
                return;
            }
            let mut callee = Vec::new();
            self.meant_within(file, owner, call.callee, left - 1, &mut callee);
            out.extend(callee.into_iter().filter_map(|meant| match meant {
                Meant::Outside(name) => Some(Meant::Outside(format!("{name}()"))),
                Meant::Ours(..) => None,
            }));
        }
    }
}
