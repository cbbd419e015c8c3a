//! Classes and fields through which code reaches a model: repositories of TypeORM and MikroORM, the repositories an
//! application builds around its models, what NestJS injects.

use super::literals::last;
use super::models::Models;
use super::naming::Library;
use crate::base::FileId;
use crate::facts::{DefinitionId, DefinitionKind, FileFacts, Shape, Text, ValueId};
use rustc_hash::FxHashMap;

/// The models behind classes.
#[derive(Default)]
pub(super) struct Repositories {
    by_class: FxHashMap<(FileId, DefinitionId), usize>,
}

/// How often the list of repositories is gone through: one that inherits from another comes a round later.
const ROUNDS: usize = 3;

/// How far base classes are asked for a field.
const DEEPEST: u32 = 3;

/// How many assignments of one field are looked at.
const ASSIGNMENTS: usize = 2;

/// Generic types whose argument is a mapped class.
fn is_repository(name: &str) -> bool {
    ["Repository", "Repo", "Model", "ModelType", "Dao", "DAO"].iter().any(|ending| name.ends_with(ending))
}

/// Base classes that are repositories by their name. What a service hands on is its own.
fn is_called_repository(name: &str) -> bool {
    ["Repository", "Repo", "Dao", "DAO"].iter().any(|word| name.contains(word))
}

impl Repositories {
    pub(super) fn learn(models: &Models<'_>, files: &[FileId]) -> Self {
        let mut found = Self::default();
        if models.rows().is_empty() {
            return found;
        }
        for round in 0..ROUNDS {
            let before = found.by_class.len();
            for file in files {
                let facts = models.facts(*file);
                for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind == DefinitionKind::Class) {
                    let parents = facts.items(definition.bases);
                    if parents.is_empty() || models.of_class(*file, id).is_some() || found.of(*file, id).is_some() {
                        continue;
                    }
                    let parent = || {
                        let homes = parents
                            .iter()
                            .filter_map(|parent| models.names().definition_of(models.base(), *file, definition.owner, *parent));
                        homes.into_iter().find_map(|(home, parent)| found.of(home, parent))
                    };
                    let own = if round == 0 { written(models, *file, id) } else { None };
                    if let Some(model) = own.or_else(parent) {
                        found.by_class.insert((*file, id), model);
                    }
                }
            }
            if round > 0 && found.by_class.len() == before {
                break;
            }
        }
        found
    }

    /// The model that a class is a repository of.
    pub(super) fn of(&self, file: FileId, class: DefinitionId) -> Option<usize> {
        self.by_class.get(&(file, class)).copied()
    }

    /// The model that something of a written type reaches: `Repository<User>`, `Model<UserDocument>`, `OrderRepository`.
    pub(super) fn typed(&self, models: &Models<'_>, file: FileId, annotation: ValueId) -> Option<usize> {
        let facts = models.facts(file);
        match facts.value(annotation).shape {
            Shape::Item(object, index) => last(facts, object).is_some_and(is_repository).then(|| argument(models, file, index)).flatten(),
            Shape::Choice(parts) => facts.items(parts).iter().find_map(|part| self.typed(models, file, *part)),
            Shape::Name(_) | Shape::Member(..) => {
                let (home, class) = models.names().definition_of(models.base(), file, None, annotation)?;
                // Sequelize's `typeof Order` is written like a row, and both can do the same.
                let mapped = models.of_class(home, class).filter(|row| models.rows()[*row].naming.library == Library::Sequelize);
                self.of(home, class).or(mapped)
            }
            _ => None,
        }
    }

    /// The model behind a field of a class: by its type, by what is injected, by what it is given.
    pub(super) fn field(&self, models: &Models<'_>, file: FileId, class: DefinitionId, name: Text, depth: u32) -> Option<usize> {
        let facts = models.facts(file);
        let declared = facts.bindings_in(Some(class)).filter(|binding| facts.as_name(binding.target) == Some(name));
        for binding in declared.take(ASSIGNMENTS) {
            let typed = || self.typed(models, file, binding.annotation?);
            let injected = || injected(models, file, binding.target);
            let given = || models.meant_within(file, Some(class), binding.value?, depth + 1).map(|(row, _)| row);
            if let Some(row) = typed().or_else(injected).or_else(given) {
                return Some(row);
            }
        }
        let is_field = |target: ValueId| {
            matches!(facts.value(target).shape, Shape::Member(object, field)
                if field == name && facts.as_name(object).is_some_and(|object| facts.text(object) == "this"))
        };
        let values = facts.definition(class).values;
        let assigned = facts.bindings.iter().filter(|binding| values.contains(binding.target.0) && is_field(binding.target));
        let mut given = assigned.take(ASSIGNMENTS).filter_map(|binding| Some((binding.owner, binding.value?)));
        if let Some((row, _)) = given.find_map(|(owner, value)| models.meant_within(file, owner, value, depth + 1)) {
            return Some(row);
        }
        self.inherited(models, file, class, facts.text(name), depth)
    }

    fn inherited(&self, models: &Models<'_>, file: FileId, class: DefinitionId, name: &str, depth: u32) -> Option<usize> {
        let facts = models.facts(file);
        let definition = facts.definition(class);
        if depth >= DEEPEST {
            return None;
        }
        facts.items(definition.bases).iter().find_map(|parent| {
            let (home, parent) = models.names().definition_of(models.base(), file, definition.owner, *parent)?;
            let name = models.facts(home).texts.find(name)?;
            (home != file || parent != class).then(|| self.field(models, home, parent, name, depth + 1)).flatten()
        })
    }
}

/// What a class says itself: `extends Repository<User>`, `@EntityRepository(User)`, `super(User)`.
fn written(models: &Models<'_>, file: FileId, class: DefinitionId) -> Option<usize> {
    let facts = models.facts(file);
    let definition = facts.definition(class);
    let decorated = facts.items(definition.decorators).iter().filter_map(|decorator| facts.as_call(*decorator));
    for call in decorated.filter(|call| facts.last_name(call.callee) == Some("EntityRepository")) {
        if let Some(first) = facts.arguments_of(call).first() {
            return argument(models, file, first.value);
        }
    }
    let names = facts.items(definition.bases).iter().filter_map(|parent| facts.last_name(*parent));
    if !names.chain([facts.text(definition.name)]).any(is_called_repository) {
        return None;
    }
    let generic = facts.items(definition.bases).iter().find_map(|parent| {
        // The type with its arguments stands right behind the class it begins with.
        let behind = facts.values.iter().skip(parent.0 as usize + 1).take(ARGUMENTS);
        let index = behind.into_iter().find_map(|value| match value.shape {
            Shape::Item(object, index) if object == *parent => Some(index),
            _ => None,
        })?;
        argument(models, file, index)
    });
    generic.or_else(|| {
        let inside = facts.calls.iter().filter(|call| definition.values.contains(call.value.0));
        let mut above = inside.filter(|call| facts.as_name(call.callee).is_some_and(|name| facts.text(name) == "super"));
        let arguments = above.next().map(|call| facts.arguments_of(call)).unwrap_or_default();
        arguments.iter().find_map(|argument| models.meant(file, facts.owner_of(argument.value), argument.value)).map(|(row, _)| row)
    })
}

/// How many values the arguments of a type take up.
const ARGUMENTS: usize = 40;

/// The model that the first argument of a type or a decorator means: `User`, `UserDocument`, `HydratedDocument<User>`.
fn argument(models: &Models<'_>, file: FileId, value: ValueId) -> Option<usize> {
    let facts = models.facts(file);
    let first = match facts.value(value).shape {
        Shape::List(items) => *facts.items(items).first()?,
        _ => value,
    };
    match facts.value(first).shape {
        Shape::Item(_, index) => argument(models, file, index),
        Shape::Literal(name) => models.only(facts.text(name)),
        // `User.name`
        Shape::Member(class, name) if facts.text(name) == "name" => argument(models, file, class),
        _ => {
            let name = last(facts, first)?;
            let document = || models.only(name.strip_suffix("Document").filter(|bare| !bare.is_empty())?);
            models.meant(file, facts.owner_of(first), first).map(|(row, _)| row).or_else(document)
        }
    }
}

/// `@InjectRepository(User)`, `@InjectModel(User.name)` before a field or a parameter that is one.
fn injected(models: &Models<'_>, file: FileId, target: ValueId) -> Option<usize> {
    let facts = models.facts(file);
    let (_, decorators) = facts.decorated.iter().find(|(decorated, _)| *decorated == target)?;
    let call =
        facts.items(*decorators).iter().filter_map(|decorator| facts.as_call(*decorator)).find(|call| injects(facts, call.callee))?;
    argument(models, file, facts.arguments_of(call).first()?.value)
}

fn injects(facts: &FileFacts, callee: ValueId) -> bool {
    facts.last_name(callee).is_some_and(|name| matches!(name, "InjectRepository" | "InjectModel" | "InjectEntityModel"))
}
