//! Where a value comes from: the full name of the library that made it, through imports, variables and attributes of the same
//! file. `()` stands for a call on the way: `requests.Session().post`.

use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, DefinitionKind, FileFacts, Shape, Text, ValueId};
use crate::names::php::{PHP, Scope, Sort};
use crate::names::{FactBase, Named, Names};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// How many steps back are taken.
const LONGEST: u32 = 8;

/// What has an origin of its own, so that it is looked for once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Known {
    Variable(Option<DefinitionId>, Text),
    Attribute(Text),
    Function(DefinitionId),
}

/// One file, asked for the origins of its values.
pub(super) struct Origins<'a> {
    base: &'a FactBase,
    names: &'a Names,
    file: FileId,
    pub(super) facts: &'a FileFacts,
    /// The aliases of PHP; none for other languages.
    php: Option<Scope<'a>>,
    /// What variables are given, by function and name.
    variables: FxHashMap<(Option<DefinitionId>, Text), Vec<ValueId>>,
    /// What attributes are given, by name, whichever object they are of.
    attributes: FxHashMap<Text, Vec<ValueId>>,
    /// Written types of parameters and attributes.
    types: FxHashMap<(Option<DefinitionId>, Text), ValueId>,
    /// Types of PHP's parameters by their names without a sign, where only one has it: constructors make attributes of them.
    promoted: FxHashMap<&'a str, Option<ValueId>>,
    /// Functions of the file by name, where only one has it.
    functions: FxHashMap<Text, Option<DefinitionId>>,
    /// What was found; what is still being looked for counts as nothing, so that `x = x.next()` comes to an end.
    found: RefCell<FxHashMap<Known, Option<String>>>,
}

impl<'a> Origins<'a> {
    pub(super) fn of(base: &'a FactBase, names: &'a Names, file: FileId) -> Self {
        let facts = base.facts(file);
        let php = (base.file(file).source.language == PHP).then(|| Scope::of(facts));
        let (variables, attributes) = (FxHashMap::default(), FxHashMap::default());
        let (types, promoted, functions) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        let mut origins =
            Self { base, names, file, facts, php, variables, attributes, types, promoted, functions, found: RefCell::default() };
        origins.bindings();
        for (id, definition) in facts.definitions() {
            for parameter in &facts.parameters[definition.parameters.range()] {
                if let Some(annotation) = parameter.annotation {
                    origins.types.insert((Some(id), parameter.name), annotation);
                    if let Some(name) = facts.text(parameter.name).strip_prefix('$') {
                        origins.promoted.entry(name).and_modify(|known| *known = None).or_insert(Some(annotation));
                    }
                }
            }
            if matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method) {
                origins.functions.entry(definition.name).and_modify(|known| *known = None).or_insert(Some(id));
            }
        }
        origins
    }

    fn bindings(&mut self) {
        let facts = self.facts;
        for binding in &facts.bindings {
            let Some(value) = binding.value.filter(|_| !matches!(binding.binds, Binds::Loop | Binds::Augment | Binds::Catch)) else {
                continue;
            };
            match facts.value(binding.target).shape {
                Shape::Name(name) => {
                    let is_field = binding.owner.is_some_and(|owner| facts.definition(owner).kind.is_type());
                    if is_field {
                        self.attributes.entry(name).or_default().push(value);
                    } else {
                        self.variables.entry((binding.owner, name)).or_default().push(value);
                    }
                }
                Shape::Member(_, name) => self.attributes.entry(name).or_default().push(value),
                _ => {}
            }
        }
    }

    /// The full name of what a call calls.
    pub(super) fn callee(&self, owner: Option<DefinitionId>, call: &Call) -> Option<String> {
        self.path(owner, call.callee, LONGEST)
    }

    /// The full name of what made a value.
    pub(super) fn value(&self, owner: Option<DefinitionId>, value: ValueId) -> Option<String> {
        self.path(owner, value, LONGEST)
    }

    /// The values a variable or attribute is given in this file.
    pub(super) fn given(&self, owner: Option<DefinitionId>, value: ValueId) -> &[ValueId] {
        match self.facts.value(value).shape {
            Shape::Name(name) => self.variable(owner, name).map_or(&[], |(_, values)| values),
            Shape::Member(_, name) => self.attributes.get(&name).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }

    /// What the innermost function that binds a variable gives it, and that function.
    fn variable(&self, owner: Option<DefinitionId>, name: Text) -> Option<(Option<DefinitionId>, &[ValueId])> {
        let mut at = owner;
        loop {
            if let Some(values) = self.variables.get(&(at, name)) {
                return Some((at, values));
            }
            at = self.facts.definition(at?).owner;
        }
    }

    fn path(&self, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Option<String> {
        let left = left.checked_sub(1)?;
        match self.facts.value(value).shape {
            Shape::Name(name) => self.name(owner, value, name, left),
            Shape::Member(object, name) => match self.path(owner, object, left) {
                Some(path) => Some(format!("{path}.{}", self.facts.text(name))),
                None => self.once(Known::Attribute(name), |origins| {
                    let values = origins.attributes.get(&name);
                    values.and_then(|values| origins.first(values, left)).or_else(|| origins.typed_attribute(name))
                }),
            },
            Shape::Call(_) => self.call(owner, self.facts.as_call(value)?, left),
            Shape::Choice(parts) => self.facts.items(parts).iter().find_map(|part| self.path(owner, *part, left)),
            _ => None,
        }
    }

    fn once(&self, known: Known, look: impl FnOnce(&Self) -> Option<String>) -> Option<String> {
        if let Some(found) = self.found.borrow().get(&known) {
            return found.clone();
        }
        self.found.borrow_mut().insert(known, None);
        let found = look(self);
        self.found.borrow_mut().insert(known, found.clone());
        found
    }

    fn first(&self, values: &[ValueId], left: u32) -> Option<String> {
        values.iter().find_map(|value| self.path(self.facts.owner_of(*value), *value, left))
    }

    fn name(&self, owner: Option<DefinitionId>, value: ValueId, name: Text, left: u32) -> Option<String> {
        if let Some((function, values)) = self.variable(owner, name)
            && let Some(path) = self.once(Known::Variable(function, name), |origins| origins.first(values, left))
        {
            return Some(path);
        }
        let text = self.facts.text(name);
        if let Some(php) = &self.php {
            if text.starts_with('$') {
                return self.typed(owner, name);
            }
            let is_class = self.facts.mentions.binary_search_by_key(&value, |mention| mention.value).is_ok();
            return is_class.then(|| php.qualify(value, text, Sort::Class).full);
        }
        if self.is_local(owner, name) {
            return self.typed(owner, name);
        }
        match self.names.named(self.base, self.file, owner, value) {
            Named::Outside(path) => Some(path),
            _ => None,
        }
    }

    /// True for a parameter or variable of a function around: it hides what is imported under its name.
    fn is_local(&self, owner: Option<DefinitionId>, name: Text) -> bool {
        let mut at = owner;
        while let Some(here) = at {
            let definition = self.facts.definition(here);
            let parameters = &self.facts.parameters[definition.parameters.range()];
            if self.variables.contains_key(&(at, name)) || parameters.iter().any(|parameter| parameter.name == name) {
                return true;
            }
            at = definition.owner;
        }
        false
    }

    /// The class a parameter is said to be of, as if it were made here.
    fn typed(&self, owner: Option<DefinitionId>, name: Text) -> Option<String> {
        let mut at = owner;
        loop {
            if let Some(annotation) = self.types.get(&(at, name)) {
                return self.class(*annotation);
            }
            at = self.facts.definition(at?).owner;
        }
    }

    /// `private HttpClientInterface $client` in a constructor makes an attribute of that name.
    fn typed_attribute(&self, name: Text) -> Option<String> {
        self.class((*self.promoted.get(self.facts.text(name))?)?)
    }

    fn class(&self, annotation: ValueId) -> Option<String> {
        let path = match (&self.php, self.facts.as_name(annotation)) {
            (Some(php), Some(name)) => php.qualify(annotation, self.facts.text(name), Sort::Class).full,
            (Some(_), None) => return None,
            (None, _) => match self.names.named(self.base, self.file, None, annotation) {
                Named::Outside(path) => path,
                _ => return None,
            },
        };
        Some(path + "()")
    }

    fn call(&self, owner: Option<DefinitionId>, call: &Call, left: u32) -> Option<String> {
        let facts = self.facts;
        if let Some(name) = facts.as_name(call.callee)
            && facts.text(name) == "require"
        {
            return facts.as_literal(facts.arguments_of(call).first()?.value).map(str::to_owned);
        }
        if let Some(path) = self.path(owner, call.callee, left) {
            // `new Client()` is a call of `Client.__construct`, and what it gives is a client.
            let path = path.strip_suffix(".__construct").map_or(path.clone(), str::to_owned);
            return Some(path + "()");
        }
        let name = match facts.value(call.callee).shape {
            Shape::Name(name) => name,
            Shape::Member(object, name) => {
                let object = facts.as_name(object)?;
                (facts.receiver(owner) == Some(object) || facts.text(object) == "$this").then_some(name)?
            }
            _ => return None,
        };
        let function = (*self.functions.get(&name)?)?;
        self.once(Known::Function(function), |origins| origins.given_back(function, left))
    }

    /// What a function of the file hands back.
    fn given_back(&self, function: DefinitionId, left: u32) -> Option<String> {
        let mut given = self.facts.returned.iter().filter(|(by, _)| *by == function).map(|(_, value)| *value);
        given.find_map(|value| self.path(Some(function), value, left))
    }
}
