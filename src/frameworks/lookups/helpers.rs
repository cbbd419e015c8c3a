//! Finds the functions that look things up by the names they are given.

use super::World;
use super::pattern::{Pattern, Piece, Reader, inherent, is_computed, known, parameters, substitute};
use crate::base::FileId;
use crate::facts::{Argument, Call, DefinitionId, DefinitionKind, FileFacts, OwnerSweep, Shape};
use crate::frameworks::dotted_names;
use crate::names::Export;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// What is looked up.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Sought {
    /// A module by its dotted name.
    Module(Pattern),
    /// Something in a module, by dotted name.
    Symbol(Pattern),
    /// A Django model by label and class name, or both in one string.
    DjangoModel(Pattern, Option<Pattern>),
}

impl Sought {
    fn substitute(&self, arguments: &[Pattern]) -> Self {
        match self {
            Self::Module(name) => Self::Module(substitute(name, arguments)),
            Self::Symbol(name) => Self::Symbol(substitute(name, arguments)),
            Self::DjangoModel(label, model) => {
                Self::DjangoModel(substitute(label, arguments), model.as_ref().map(|model| substitute(model, arguments)))
            }
        }
    }

    /// As the callers of the function see it.
    fn inherent(&self) -> Self {
        match self {
            Self::Module(name) => Self::Module(inherent(name)),
            Self::Symbol(name) => Self::Symbol(inherent(name)),
            Self::DjangoModel(label, model) => Self::DjangoModel(inherent(label), model.as_ref().map(|model| inherent(model))),
        }
    }

    /// True when a part of it comes from something that is no text and no parameter.
    pub(super) fn is_computed(&self) -> bool {
        match self {
            Self::Module(name) | Self::Symbol(name) => is_computed(name),
            Self::DjangoModel(label, model) => is_computed(label) || model.as_ref().is_some_and(|model| is_computed(model)),
        }
    }

    /// The parameters that have a part in it.
    pub(super) fn parameters(&self) -> u64 {
        match self {
            Self::Module(name) | Self::Symbol(name) => parameters(name),
            Self::DjangoModel(label, model) => parameters(label) | model.as_ref().map_or(0, |model| parameters(model)),
        }
    }
}

/// A function of the tree.
pub(super) type Function = (FileId, DefinitionId);

/// One call that looks something up.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    pub(super) file: FileId,
    /// The innermost definition around it.
    pub(super) owner: Option<DefinitionId>,
    pub(super) call: Call,
    /// The helper it calls; none for the language's and framework's own.
    pub(super) helper: Option<Function>,
    /// What it looks up, in terms of the enclosing function's parameters.
    pub(super) sought: BTreeSet<Sought>,
}

/// Helpers and every look-up in the tree.
#[derive(Debug, Default)]
pub(super) struct Helpers {
    pub(super) lookups: Vec<Lookup>,
}

/// How many ways of looking up one helper is believed to have.
const MOST: usize = 6;
/// How many helpers may call one another in a row.
const ROUNDS: usize = 6;

/// Everything known so far while helpers are being found.
#[derive(Default)]
struct Search {
    helpers: BTreeMap<Function, BTreeSet<Sought>>,
    /// Functions that hand back one fixed function, which a setting or literal names.
    loaders: BTreeMap<Function, Function>,
}

/// Finds helpers round by round: those that call an import by name, those that call them, and so on.
pub(super) fn find(world: &World<'_>) -> Helpers {
    let mut search = Search::default();
    let files: Vec<FileId> = world.base.ids().filter(|file| !world.base.file(*file).left_out).collect();
    let mut wanted: FxHashSet<String> = OWN_MEANS.iter().map(|name| (*name).to_owned()).collect();
    for _ in 0..ROUNDS {
        let before = (search.helpers.clone(), search.loaders.len());
        for file in files.iter().filter(|file| mentions(world.base.facts(**file), &wanted)) {
            for lookup in lookups(world, &search, *file, &wanted) {
                learn(world, &mut search, &lookup);
            }
        }
        let known = search.helpers.keys().chain(search.loaders.keys()).chain(search.loaders.values());
        wanted.extend(known.map(|(file, id)| {
            let facts = world.base.facts(*file);
            facts.text(facts.definition(*id).name).to_owned()
        }));
        if before == (search.helpers.clone(), search.loaders.len()) {
            break;
        }
    }
    let all = files.iter().filter(|file| mentions(world.base.facts(**file), &wanted));
    Helpers { lookups: all.flat_map(|file| lookups(world, &search, *file, &wanted)).collect() }
}

/// The means of the language and its frameworks to look up by name.
const OWN_MEANS: [&str; 9] = [
    "import_module",
    "__import__",
    "import_string",
    "import_by_path",
    "locate",
    "resolve_name",
    "load_object",
    "get_model",
    "get_registered_model",
];

fn mentions(facts: &FileFacts, wanted: &FxHashSet<String>) -> bool {
    facts.texts.iter().any(|(_, text)| wanted.contains(text))
}

/// Every call of a file that looks something up, by what is known so far.
fn lookups(world: &World<'_>, search: &Search, file: FileId, wanted: &FxHashSet<String>) -> Vec<Lookup> {
    let facts = world.base.facts(file);
    let mut sweep = OwnerSweep::new(facts);
    let mut found = Vec::new();
    for call in &facts.calls {
        let owner = sweep.owner(call.value);
        let named = facts.last_name(call.callee).is_some_and(|name| wanted.contains(name));
        if !named && !search.loaders.is_empty() && !matches!(facts.value(call.callee).shape, Shape::Name(_) | Shape::Call(_))
            || !named && search.loaders.is_empty()
        {
            continue;
        }
        let function = enclosing_function(facts, owner);
        let reader = Reader { world, file, function };
        let helper = callee(world, search, file, owner, call);
        let sought = match helper.and_then(|helper| search.helpers.get(&helper)) {
            Some(sought) => {
                let arguments = arguments(world, &reader, helper.expect("it has sought something"), call);
                sought.iter().map(|sought| sought.substitute(&arguments)).collect()
            }
            None if helper.is_none() => own_means(&reader, call).into_iter().collect(),
            None => BTreeSet::new(),
        };
        if !sought.is_empty() {
            found.push(Lookup { file, owner, call: *call, helper, sought });
        }
    }
    found
}

/// The function a call stands in; lambdas are transparent.
pub(super) fn enclosing_function(facts: &FileFacts, owner: Option<DefinitionId>) -> Option<DefinitionId> {
    let mut at = owner;
    while let Some(id) = at {
        let definition = facts.definition(id);
        match definition.kind {
            DefinitionKind::Function | DefinitionKind::Method => return Some(id),
            _ => at = definition.owner,
        }
    }
    None
}

/// The function of the tree that a call means: by name, as a method of the same class, or handed out by a loader.
fn callee(world: &World<'_>, search: &Search, file: FileId, owner: Option<DefinitionId>, call: &Call) -> Option<Function> {
    let facts = world.base.facts(file);
    if let Some(found) = world.names.definition_of(world.base, file, owner, call.callee) {
        return Some(found);
    }
    match facts.value(call.callee).shape {
        Shape::Member(object, name) if matches!(facts.last_name(object), Some("self" | "cls")) => {
            let class = enclosing_class(facts, owner)?;
            facts.inside(Some(class)).find(|(_, method)| method.name == name).map(|(id, _)| (file, id))
        }
        Shape::Name(name) => {
            let function = enclosing_function(facts, owner)?;
            let binding = facts.bindings_in(Some(function)).find(|binding| facts.as_name(binding.target) == Some(name))?;
            let made = facts.as_call(binding.value?)?;
            let loader = world.names.definition_of(world.base, file, owner, made.callee)?;
            search.loaders.get(&loader).copied()
        }
        Shape::Call(_) => {
            let loader = world.names.definition_of(world.base, file, owner, facts.as_call(call.callee)?.callee)?;
            search.loaders.get(&loader).copied()
        }
        _ => None,
    }
}

fn enclosing_class(facts: &FileFacts, owner: Option<DefinitionId>) -> Option<DefinitionId> {
    let mut at = owner;
    while let Some(id) = at {
        let definition = facts.definition(id);
        if definition.kind.is_type() {
            return Some(id);
        }
        at = definition.owner;
    }
    None
}

/// What a call of the language's or framework's own means looks up.
fn own_means(reader: &Reader<'_>, call: &Call) -> Option<Sought> {
    let facts = reader.world.base.facts(reader.file);
    let argument = |position, keyword| facts.argument(call, position, keyword).map(|value| reader.read(value));
    if !may_be_own_means(facts, call) {
        return None;
    }
    match facts.last_name(call.callee)? {
        "import_module" | "__import__" => {
            let name = argument(0, "name")?;
            // `import_module(".tasks", package)` starts somewhere else.
            let relative = matches!(name.first(), Some(Piece::Text(text)) if text.starts_with('.'));
            (!relative).then_some(Sought::Module(name))
        }
        "import_string" | "import_by_path" | "locate" | "resolve_name" | "load_object" => Some(Sought::Symbol(argument(0, "dotted_path")?)),
        "get_model" | "get_registered_model" => {
            let known_receiver = match facts.value(call.callee).shape {
                Shape::Member(object, _) => matches!(facts.last_name(object), Some("apps" | "models" | "loading" | "app_registry")),
                _ => true,
            };
            known_receiver.then_some(Sought::DjangoModel(argument(0, "app_label")?, argument(1, "model_name")))
        }
        _ => None,
    }
}

/// A method of some object that shares a look-up's name is none: the name must be bare, or taken from something
/// imported.
fn may_be_own_means(facts: &FileFacts, call: &Call) -> bool {
    let imported = |name| facts.imports.iter().any(|import| import.local == Some(name));
    match (facts.value(call.callee).shape, facts.chain(call.callee)) {
        (Shape::Name(name), _) => facts.text(name) == "__import__" || imported(name) || facts.imports.iter().any(|import| import.local.is_none()),
        (Shape::Member(..), Some(chain)) => imported(chain.root) || facts.text(chain.root) == "apps",
        _ => false,
    }
}

/// What a call hands to each parameter of a helper; defaults where it hands over nothing.
fn arguments(world: &World<'_>, reader: &Reader<'_>, helper: Function, call: &Call) -> Vec<Pattern> {
    let there = world.base.facts(helper.0);
    let here = world.base.facts(reader.file);
    let definition = there.definition(helper.1);
    let parameters = &there.parameters[definition.parameters.range()];
    let skipped = usize::from(definition.kind == DefinitionKind::Method && !matches!(here.value(call.callee).shape, Shape::Name(_)));
    let given: &[Argument] = here.arguments_of(call);
    let spread = given.iter().position(|argument| argument.spread).unwrap_or(given.len());
    let defaults = Reader { world, file: helper.0, function: None };
    parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| {
            let name = there.text(parameter.name);
            let by_name = given.iter().find(|argument| argument.name.is_some_and(|given| here.text(given) == name));
            let by_place =
                index.checked_sub(skipped).and_then(|place| given[..spread].get(place)).filter(|argument| argument.name.is_none());
            match (by_name.or(by_place), parameter.default) {
                (Some(argument), _) => reader.read(argument.value),
                (None, Some(default)) if spread == given.len() => defaults.read(default),
                _ => vec![Piece::Open(0)],
            }
        })
        .collect()
}

/// Learns from a look-up about the function it stands in.
fn learn(world: &World<'_>, search: &mut Search, lookup: &Lookup) {
    let facts = world.base.facts(lookup.file);
    let Some(function) = enclosing_function(facts, lookup.owner) else { return };
    for sought in &lookup.sought {
        if sought.parameters() != 0 {
            let known = search.helpers.entry((lookup.file, function)).or_default();
            if known.len() < MOST {
                known.insert(sought.inherent());
            }
        } else if let Sought::Symbol(pattern) = sought {
            let target = known(pattern).and_then(|path| fixed_function(world, lookup.file, &path));
            if let Some(target) = target {
                search.loaders.insert((lookup.file, function), target);
            }
        }
    }
}

/// The function a dotted path names.
fn fixed_function(world: &World<'_>, from: FileId, path: &str) -> Option<Function> {
    let (file, symbol) = dotted_names::target(world.base, world.names, from, path)?;
    let home = world.names.home(world.base, file, &symbol?)?;
    match home.export? {
        Export::Definition(id) => Some((home.file, id)),
        _ => None,
    }
}
