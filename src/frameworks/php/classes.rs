//! Classes of PHP: names through `use` and namespaces, parents and traits, methods and properties.

use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, FileFacts, Mentions, Shape, Text, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId, Classes, Locals};
use crate::names::php::{PHP, Scope, Sort};
use crate::names::{FactBase, FileEntry, Names};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// Ancestors of one class beyond which the rest is passed over.
const MOST: usize = 200;

/// How far parents are followed.
const LONGEST: usize = 40;

/// What one file says of its classes.
struct Home<'a> {
    scope: Scope<'a>,
    /// Traits by class, in source order.
    traits: FxHashMap<DefinitionId, Vec<ValueId>>,
    /// Bindings of `$this->name`, by class and name.
    members: FxHashMap<(DefinitionId, Text), Vec<u32>>,
}

/// Answers questions about classes of PHP.
pub(in crate::frameworks) struct PhpClasses<'a> {
    pub(in crate::frameworks) base: &'a FactBase,
    pub(in crate::frameworks) names: &'a Names,
    classes: &'a Classes<'a>,
    /// By file; none for files of other languages and those that are left out.
    homes: Vec<Option<Home<'a>>>,
    lines: RefCell<FxHashMap<ClassId, Rc<[Ancestor]>>>,
}

impl<'a> PhpClasses<'a> {
    pub(in crate::frameworks) fn new(classes: &'a Classes<'a>) -> Self {
        let counts = |entry: &FileEntry| !entry.left_out && entry.source.language == PHP;
        let homes = classes.base.files.iter().map(|entry| counts(entry).then(|| Home::of(&entry.facts))).collect();
        Self { base: classes.base, names: classes.names, classes, homes, lines: RefCell::default() }
    }

    /// The files of the application that are written in PHP.
    pub(in crate::frameworks) fn files(&self) -> impl Iterator<Item = FileId> + use<'_, 'a> {
        self.base.ids().filter(|file| self.homes[file.index()].is_some())
    }

    pub(in crate::frameworks) fn facts(&self, file: FileId) -> &'a FileFacts {
        self.base.facts(file)
    }

    /// The local names of a file.
    pub(in crate::frameworks) fn locals(&self, file: FileId) -> &Locals {
        self.classes.locals(file)
    }

    fn home(&self, file: FileId) -> Option<&Home<'a>> {
        self.homes[file.index()].as_ref()
    }

    /// The function of the tree that a name called at a value means.
    pub(in crate::frameworks) fn function(&self, file: FileId, at: ValueId, written: &str) -> Option<ClassId> {
        let name = self.home(file)?.scope.qualify(at, written, Sort::Function);
        let place = self.names.php(self.base, file, Sort::Function, &name)?;
        Some((place.file, place.definition))
    }

    /// The class a written name means; none for a variable.
    pub(in crate::frameworks) fn named(&self, file: FileId, value: ValueId) -> Option<Ancestor> {
        let facts = self.facts(file);
        let written = facts.text(facts.as_name(value)?);
        if written.starts_with('$') {
            return None;
        }
        Some(self.written(file, value, written))
    }

    /// The class that `self`, `static` and `parent` mean inside a definition, or else the one of the written name.
    pub(in crate::frameworks) fn class_at(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<Ancestor> {
        let facts = self.facts(file);
        let written = facts.text(facts.as_name(value)?);
        let around = || facts.class_around(owner).map(|class| (file, class));
        match written.to_ascii_lowercase().as_str() {
            "self" | "static" => around().map(Ancestor::Ours),
            "parent" => around().and_then(|class| self.parents(class).into_iter().next()),
            _ => self.named(file, value),
        }
    }

    /// The class a name means that is written at a value.
    pub(in crate::frameworks) fn written(&self, file: FileId, at: ValueId, written: &str) -> Ancestor {
        let Some(home) = self.home(file) else { return Ancestor::Outside(written.to_lowercase()) };
        let name = home.scope.qualify(at, written, Sort::Class);
        match self.names.php(self.base, file, Sort::Class, &name) {
            Some(place) => Ancestor::Ours((place.file, place.definition)),
            None => Ancestor::Outside(name.full),
        }
    }

    /// The class of a full name in a string.
    pub(in crate::frameworks) fn full(&self, file: FileId, name: &str) -> Option<ClassId> {
        let full = name.trim_start_matches('\\').to_lowercase();
        let place = self.names.php(self.base, file, Sort::Class, &crate::names::php::Qualified { full, fallback: None })?;
        Some((place.file, place.definition))
    }

    /// The class an expression names: `Order::class`, `'App\Order'`, or what a setting says.
    pub(in crate::frameworks) fn class_of(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<Ancestor> {
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Member(object, name) if facts.text(name).eq_ignore_ascii_case("class") => self.class_at(file, owner, object),
            _ => {
                let name = self.text(file, owner, value).filter(|name| name.contains('\\') || name.starts_with(char::is_uppercase))?;
                let name = name.trim_start_matches('\\');
                Some(self.full(file, name).map_or_else(|| Ancestor::Outside(name.to_lowercase()), Ancestor::Ours))
            }
        }
    }

    /// The written parents of a class, its traits left out.
    pub(in crate::frameworks) fn parents(&self, (file, class): ClassId) -> Vec<Ancestor> {
        let facts = self.facts(file);
        let mut parents: Vec<Ancestor> =
            facts.items(facts.definition(class).bases).iter().filter_map(|value| self.named(file, *value)).collect();
        parents.retain(|parent| *parent != Ancestor::Ours((file, class)));
        parents
    }

    /// Everything a class takes members from, itself left out: its traits, its parent, and theirs, nearest first.
    pub(in crate::frameworks) fn lineage(&self, class: ClassId) -> Rc<[Ancestor]> {
        self.lineage_within(class, &mut Vec::new())
    }

    fn lineage_within(&self, class: ClassId, path: &mut Vec<ClassId>) -> Rc<[Ancestor]> {
        if let Some(known) = self.lines.borrow().get(&class) {
            return Rc::clone(known);
        }
        if path.contains(&class) || path.len() > LONGEST {
            return Rc::from([]);
        }
        path.push(class);
        let traits = self.home(class.0).and_then(|home| home.traits.get(&class.1)).map_or(&[][..], Vec::as_slice);
        let traits = traits.iter().filter_map(|value| self.named(class.0, *value));
        let mut all: Vec<Ancestor> = Vec::new();
        for above in traits.chain(self.parents(class)).collect::<Vec<_>>() {
            if all.contains(&above) {
                continue;
            }
            let further = if let Ancestor::Ours(above) = above { self.lineage_within(above, path) } else { Rc::from([]) };
            all.push(above);
            let new: Vec<Ancestor> = further.iter().filter(|above| !all.contains(above)).cloned().collect();
            all.extend(new);
        }
        path.pop();
        all.truncate(MOST);
        let line: Rc<[Ancestor]> = all.into();
        self.lines.borrow_mut().insert(class, Rc::clone(&line));
        line
    }

    /// A class and what it takes members from, as far as the tree has it.
    pub(in crate::frameworks) fn line(&self, class: ClassId) -> impl Iterator<Item = ClassId> + use<> {
        let lineage = self.lineage(class);
        let above = (0..lineage.len()).filter_map(move |place| match lineage[place] {
            Ancestor::Ours(class) => Some(class),
            Ancestor::Outside(_) => None,
        });
        std::iter::once(class).chain(above)
    }

    /// True where a library's class of one of these full names, in small letters, is above a class.
    pub(in crate::frameworks) fn is_below(&self, class: ClassId, names: &[&str]) -> bool {
        self.lineage(class).iter().any(|above| matches!(above, Ancestor::Outside(name) if names.contains(&name.as_str())))
    }

    /// A method of a class or of one it inherits from.
    pub(in crate::frameworks) fn method(&self, class: ClassId, name: &str) -> Option<ClassId> {
        self.line(class).find_map(|(file, class)| Some((file, self.own_method(file, class, name)?)))
    }

    /// A method that a class itself defines.
    pub(in crate::frameworks) fn own_method(&self, file: FileId, class: DefinitionId, name: &str) -> Option<DefinitionId> {
        self.locals(file).inner(self.facts(file), class, name).first().copied()
    }

    /// What a class or the nearest above it binds to a name in its body: a property (statics with `$`) or a constant.
    pub(in crate::frameworks) fn member(&self, class: ClassId, name: &str) -> Option<(FileId, u32)> {
        self.line(class).find_map(|(file, class)| {
            let text = self.facts(file).texts.find(name)?;
            let bound = self.locals(file).of_name(Some(class), text).first()?;
            Some((file, bound.binding))
        })
    }

    /// The default value of a property or the value of a constant.
    pub(in crate::frameworks) fn value_of(&self, class: ClassId, name: &str) -> Option<(FileId, ValueId)> {
        let (file, binding) = self.member(class, name)?;
        Some((file, self.facts(file).bindings[binding as usize].value?))
    }

    /// What methods of one class bind to a property of their object.
    pub(in crate::frameworks) fn bound_members(&self, (file, class): ClassId, name: &str) -> &[u32] {
        let Some(text) = self.facts(file).texts.find(name) else { return &[] };
        self.home(file).and_then(|home| home.members.get(&(class, text))).map_or(&[], Vec::as_slice)
    }

    /// The classes of a file.
    pub(in crate::frameworks) fn classes_of(&self, file: FileId) -> impl Iterator<Item = ClassId> + use<'a> {
        let facts = self.base.facts(file);
        facts.definitions().filter(|(_, definition)| definition.kind.is_type()).map(move |(id, _)| (file, id))
    }

    /// The full name of a class in small letters.
    pub(in crate::frameworks) fn full_name(&self, (file, class): ClassId) -> String {
        let definition = self.facts(file).definition(class);
        let name = self.facts(file).text(definition.name);
        self.home(file).map_or_else(|| name.to_lowercase(), |home| home.scope.defined(definition.values.start, name))
    }

    /// The bare name of a class.
    pub(in crate::frameworks) fn bare_name(&self, (file, class): ClassId) -> &'a str {
        let facts = self.facts(file);
        facts.text(facts.definition(class).name)
    }
}

impl<'a> Home<'a> {
    fn of(facts: &'a FileFacts) -> Self {
        let mut traits: FxHashMap<DefinitionId, Vec<ValueId>> = FxHashMap::default();
        for mention in facts.mentions.iter().filter(|mention| mention.how == Mentions::Trait) {
            if let Some(class) = mention.owner {
                traits.entry(class).or_default().push(mention.value);
            }
        }
        let mut members: FxHashMap<(DefinitionId, Text), Vec<u32>> = FxHashMap::default();
        for (index, binding) in (0u32..).zip(&facts.bindings).filter(|(_, binding)| binding.binds == Binds::Assign) {
            if let Shape::Member(object, name) = facts.value(binding.target).shape
                && is_this(facts, object)
                && let Some(class) = facts.class_around(binding.owner)
            {
                members.entry((class, name)).or_default().push(index);
            }
        }
        Self { scope: Scope::of(facts), traits, members }
    }
}

/// True for `$this`.
pub(in crate::frameworks) fn is_this(facts: &FileFacts, value: ValueId) -> bool {
    facts.as_name(value).is_some_and(|name| facts.text(name) == "$this")
}
