//! Which model an expression means.

use super::models::{HOLDERS, Models};
use super::naming::Library;
use crate::base::{Certainty, FileId};
use crate::facts::{Binds, Call, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::names::Export;
use rustc_hash::FxHashMap;

/// How far expressions are followed.
const DEEPEST: u32 = 8;

/// What the variables of a file are given first, and whether that is taken apart for it.
pub(super) struct Variables {
    file: FileId,
    given: FxHashMap<(Option<DefinitionId>, Text), (ValueId, bool)>,
}

impl Variables {
    fn of(facts: &FileFacts, file: FileId) -> Self {
        let mut given = FxHashMap::default();
        for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
            let Some(value) = binding.value else { continue };
            match facts.value(binding.target).shape {
                Shape::Name(name) => {
                    given.entry((binding.owner, name)).or_insert((value, false));
                }
                Shape::List(parts) => {
                    for name in facts.items(parts).iter().filter_map(|part| facts.as_name(*part)) {
                        given.entry((binding.owner, name)).or_insert((value, true));
                    }
                }
                _ => {}
            }
        }
        Self { file, given }
    }
}

impl Models<'_> {
    /// The model an expression means, and how sure that is.
    pub(super) fn meant(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<(usize, Certainty)> {
        let (row, certainty) = self.meant_within(file, owner, value, 0)?;
        let model = &self.rows[row];
        if model.naming.library != Library::Waterline {
            return Some((row, certainty));
        }
        // The name of its file is known all over its application, and nowhere else.
        let (application, _) = self.base.path(model.file).split_once("api/models/")?;
        self.base.path(file).starts_with(application).then_some((row, Certainty(95)))
    }

    pub(super) fn meant_within(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, depth: u32) -> Option<(usize, Certainty)> {
        if depth > DEEPEST || self.rows.is_empty() {
            return None;
        }
        let facts = self.base.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) if facts.text(name) == "this" => {
                let class = facts.class_around(owner)?;
                let stands_for = self.by_class.get(&(file, class)).copied().or_else(|| self.repositories.of(file, class));
                Some((stands_for?, Certainty(90)))
            }
            Shape::Name(name) => self.named(file, owner, value, facts.text(name)).or_else(|| self.variable(file, owner, name, depth)),
            Shape::Member(object, name) => {
                let imported = self.imported(file, owner, value).map(|model| (model, Certainty::LITERAL));
                imported.or_else(|| self.field(file, owner, object, name, depth)).or_else(|| self.held(facts, object, facts.text(name)))
            }
            Shape::Call(_) => self.called(file, owner, facts.as_call(value)?, depth),
            Shape::Choice(parts) => facts.items(parts).iter().find_map(|part| self.meant_within(file, owner, *part, depth + 1)),
            _ => None,
        }
    }

    fn named(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId, name: &str) -> Option<(usize, Certainty)> {
        if let Some(found) = self.imported(file, owner, value) {
            return Some((found, Certainty::LITERAL));
        }
        if let Some(found) = self.by_local.get(&(file, name.to_owned())) {
            return Some((*found, Certainty::LITERAL));
        }
        // A parameter or variable that has the name of a model and is written like one.
        let first = name.chars().next()?;
        if !first.is_uppercase() || self.names.export(self.base, file, name).is_some_and(|export| matches!(export, Export::Import(_))) {
            return None;
        }
        let only = self.only(name)?;
        (!self.is_another(file, owner, value)).then_some((only, Certainty(70)))
    }

    /// True for what is imported from where a class of that name is made which is no model.
    fn is_another(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> bool {
        let Some(pointed) = self.names.pointed(self.base, file, owner, value) else { return false };
        let Some(symbol) = pointed.symbol.map(|symbol| self.base.facts(file).text(symbol)) else { return false };
        self.names.home(self.base, pointed.file, symbol).is_some_and(|home| matches!(home.export, Some(Export::Definition(_))))
    }

    /// The model that a local variable or parameter stands for.
    fn variable(&self, file: FileId, owner: Option<DefinitionId>, name: Text, depth: u32) -> Option<(usize, Certainty)> {
        let facts = self.base.facts(file);
        let mut at = owner;
        loop {
            if let Some((value, taken_apart)) = self.bound(file, at, name) {
                if !taken_apart {
                    return self.meant_within(file, at, value, depth + 1);
                }
                // `const { Order } = sequelize.models`
                let holds = facts.last_name(value).is_some_and(|holder| HOLDERS.contains(&holder));
                return holds.then(|| self.only(facts.text(name))).flatten().map(|row| (row, Certainty(90)));
            }
            let definition = facts.definition(at?);
            let parameters = &facts.parameters[definition.parameters.range()];
            if let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) {
                return Some((self.repositories.typed(self, file, parameter.annotation?)?, Certainty(90)));
            }
            at = definition.owner;
        }
    }

    /// What a variable of a definition is given first, and whether that is taken apart for it.
    pub(super) fn bound(&self, file: FileId, owner: Option<DefinitionId>, name: Text) -> Option<(ValueId, bool)> {
        let mut variables = self.variables.borrow_mut();
        if variables.as_ref().is_none_or(|known| known.file != file) {
            *variables = Some(Variables::of(self.base.facts(file), file));
        }
        variables.as_ref()?.given.get(&(owner, name)).copied()
    }

    /// `this.orders`, where the class says what its field is.
    fn field(&self, file: FileId, owner: Option<DefinitionId>, object: ValueId, name: Text, depth: u32) -> Option<(usize, Certainty)> {
        let facts = self.base.facts(file);
        if facts.as_name(object).is_none_or(|object| facts.text(object) != "this") {
            return None;
        }
        let class = facts.class_around(owner)?;
        Some((self.repositories.field(self, file, class, name, depth)?, Certainty(95)))
    }

    /// The model of a mapped class, or of a class through which a model is reached.
    pub(super) fn of_class(&self, file: FileId, class: DefinitionId) -> Option<usize> {
        self.by_class.get(&(file, class)).copied().or_else(|| self.repositories.of(file, class))
    }

    /// The model behind an import.
    fn imported(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<usize> {
        let facts = self.base.facts(file);
        let pointed = self.names.pointed(self.base, file, owner, value)?;
        let symbol = pointed.symbol.map_or("default", |symbol| facts.text(symbol));
        self.exported(pointed.file, symbol)
    }

    /// The model that a file exports under a name.
    fn exported(&self, file: FileId, symbol: &str) -> Option<usize> {
        let home = self.names.home(self.base, file, symbol);
        let (place, export) = home.map_or((file, None), |home| (home.file, home.export));
        let facts = self.base.facts(place);
        let local = match export {
            Some(Export::Definition(id)) => Some(facts.text(facts.definition(id).name)),
            Some(Export::Variable(Some(value))) => facts.as_name(value).map(|name| facts.text(name)),
            _ => None,
        };
        if let Some(Export::Variable(Some(value))) = export
            && let Some(made) = self.by_file.get(&place).into_iter().flatten().find(|row| self.rows[**row].made_by == Some(value))
        {
            return Some(*made);
        }
        let known = |name: &str| self.by_local.get(&(place, name.to_owned())).copied();
        local.and_then(known).or_else(|| known(symbol)).or_else(|| match self.by_file.get(&place).map(Vec::as_slice) {
            // A file with one model that exports one thing.
            Some([only]) if symbol == "default" => Some(*only),
            _ => None,
        })
    }

    /// `models.User`, `this.db.User`, `this.User`
    fn held(&self, facts: &FileFacts, object: ValueId, name: &str) -> Option<(usize, Certainty)> {
        let bare = name.trim_start_matches('_');
        let holder = facts.last_name(object).unwrap_or("").trim_start_matches('_');
        let is_holder = HOLDERS.contains(&holder) || holder.ends_with("Models") || holder.ends_with("models");
        let written_like_one = bare.starts_with(char::is_uppercase);
        // `db.query.orders` of Drizzle
        let is_drizzle = |row: &usize| self.rows[*row].naming.library == Library::Drizzle;
        if holder == "query" {
            return self.only(name).filter(is_drizzle).map(|row| (row, Certainty(95)));
        }
        let may_hold = matches!(holder, "this" | "deps" | "options" | "app" | "sequelize" | "mongoose");
        if !(is_holder || written_like_one && may_hold) {
            return None;
        }
        let bare = bare.strip_suffix("Model").filter(|bare| !bare.is_empty() && self.only(name).is_none()).unwrap_or(bare);
        Some((self.only(bare)?, Certainty(80)))
    }

    /// The only model of a name.
    pub(super) fn only(&self, name: &str) -> Option<usize> {
        // What code for any model calls the one it is handed.
        if name == "Model" {
            return None;
        }
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            // Several rows for one table are one model.
            Some(several @ [first, ..]) if several.iter().all(|row| self.rows[*row].table == self.rows[*first].table) => Some(*first),
            _ => None,
        }
    }

    /// Calls that hand back a model: `getRepository(User)`, `mongoose.model('User')`, `User.scope('x')`, `new User()`.
    fn called(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, depth: u32) -> Option<(usize, Certainty)> {
        let facts = self.base.facts(file);
        let arguments = facts.arguments_of(call);
        match facts.last_name(call.callee)? {
            "getRepository" | "getTreeRepository" | "getMongoRepository" | "getCustomRepository" => {
                self.meant_within(file, owner, arguments.first()?.value, depth + 1)
            }
            "model" => {
                let first = arguments.first()?.value;
                let by_name = facts.as_literal(first).and_then(|name| Some((self.only(name)?, Certainty::LITERAL)));
                by_name.or_else(|| self.meant_within(file, owner, first, depth + 1))
            }
            "scope" | "unscoped" | "schema" | "bindKnex" | "bindTransaction" | "withScope" | "session" | "forge" | "where"
            | "withDeleted" | "filter" | "orderBy" | "build" => {
                let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
                self.meant_within(file, owner, object, depth + 1)
            }
            // `Order.withUserScope(id)` is still the model.
            name if name.contains("Scope") || name.starts_with("scope") => {
                let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
                self.meant_within(file, owner, object, depth + 1)
            }
            "require" => None,
            _ => self.meant_within(file, owner, call.callee, depth + 1).filter(|_| facts.as_name(call.callee).is_some()),
        }
    }
}
