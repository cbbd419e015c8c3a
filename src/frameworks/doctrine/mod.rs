//! Doctrine: entities mapped by attributes, docblocks, code, XML or YAML, their tables, and the code that reads and writes through repositories, query
//! builders and the entity manager.

pub(super) mod accesses;
mod annotations;
mod built;
mod documents;
mod mapping;
mod migrations;
mod naming;
mod notes;

use super::orm::{Ancestor, ClassId, Entities};
use super::php::{PhpClasses, Repositories};
use super::tables::DeclaredTable;
use crate::base::Language;
use crate::facts::{Node, Shape, Target};
use crate::names::FactBase;
use crate::names::php::PHP;
use mapping::Mapping;
use naming::Naming;
use notes::Noted;
use std::collections::BTreeMap;

/// Library classes above repositories.
const REPOSITORIES: [&str; 3] = [
    "doctrine\\bundle\\doctrinebundle\\repository\\serviceentityrepository",
    "doctrine\\orm\\entityrepository",
    "doctrine\\bundle\\doctrinebundle\\repository\\lazyserviceentityrepository",
];

/// True where some file of the application imports the library.
pub(super) fn is_used(base: &FactBase) -> bool {
    let names_it = |text: &str| text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("Doctrine\\"));
    base.files.iter().filter(|file| !file.left_out && file.source.language == PHP).any(|file| {
        let facts = &file.facts;
        facts.imports.iter().any(|import| match import.target {
            Target::Symbol(path) => names_it(facts.text(path)),
            _ => false,
        })
    })
}

/// Reads every entity: tables go to `tables`, classes to `entities`; repositories are handed back.
pub(super) fn read(classes: &PhpClasses<'_>, entities: &mut Entities, tables: &mut Vec<DeclaredTable>) -> Repositories {
    let mut noted: BTreeMap<ClassId, Noted> = BTreeMap::new();
    for (class, more) in classes
        .files()
        .flat_map(|file| [notes::of_file(classes, file), annotations::of_file(classes, file), built::of_file(classes, file)].concat())
    {
        let known = noted.entry(class).or_default();
        known.notes.extend(more.notes);
        known.properties.extend(more.properties);
    }
    for (class, more) in classes.base.ids().flat_map(|file| documents::of_file(classes, file)) {
        // A mapping in a file takes the place of one that is left in the class.
        noted.insert(class, more);
    }
    documents::settle(classes, &mut noted);
    let mut repositories = Repositories::default();
    for (class, noted) in &noted {
        let named = noted.notes.iter().filter(|note| note.name == "entity").find_map(|note| note.class("repositoryClass", 0));
        if let Some(Ancestor::Ours(repository)) = named {
            repositories.insert(*repository, *class);
        }
    }
    Mapping::new(classes, noted, naming(classes.base)).read(entities, tables);
    migrations::read(classes, tables);
    add_repositories(classes, entities, &mut repositories);
    repositories
}

/// What `naming_strategy` of Symfony's configuration says; else Symfony sets up underscores, and the library itself does not.
fn naming(base: &FactBase) -> Naming {
    if let Some(naming) = configuration(base).into_iter().find_map(configured_naming) {
        return naming;
    }
    let is_symfony = base.other_paths.iter().any(|path| {
        let path = path.as_str();
        path.ends_with("symfony.lock") || path.ends_with("config/packages/doctrine.yaml") || path.ends_with("config/packages/doctrine.yml")
    });
    if is_symfony { Naming::Underscore } else { Naming::Plain }
}

/// What files of `config` folders say below the key `doctrine`, in path order.
fn configuration(base: &FactBase) -> Vec<Node<'_>> {
    let files = base.ids().map(|file| base.file(file)).filter(|entry| !entry.left_out && entry.source.language == Language::YAML);
    files.filter_map(|entry| entry.facts.document()).flat_map(|document| document.all(&["doctrine"])).collect()
}

fn configured_naming(doctrine: Node<'_>) -> Option<Naming> {
    let orm = doctrine.get("orm")?;
    let managers = orm.get("entity_managers").into_iter().flat_map(Node::entries).map(|(_, manager)| manager);
    let named = std::iter::once(orm).chain(managers).find_map(|place| place.get("naming_strategy")?.text())?;
    match named {
        "doctrine.orm.naming_strategy.underscore_number_aware" => Some(Naming::Underscore),
        "doctrine.orm.naming_strategy.underscore" => Some(Naming::Letters),
        "doctrine.orm.naming_strategy.default" => Some(Naming::Plain),
        _ => None,
    }
}

/// Repositories that tell their entity to the library's constructor: `parent::__construct($registry, Post::class)`.
fn add_repositories(classes: &PhpClasses<'_>, entities: &Entities, out: &mut Repositories) {
    for file in classes.files() {
        let facts = classes.facts(file);
        for class in classes.classes_of(file).filter(|class| classes.is_below(*class, &REPOSITORIES)) {
            let inside = facts.definition(class.1).values;
            let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
            for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
                let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
                let is_parent = facts.as_name(object).is_some_and(|name| facts.text(name) == "parent");
                if !is_parent || facts.text(name) != "__construct" {
                    continue;
                }
                let named = facts.arguments_of(call).iter().filter_map(|argument| classes.class_of(file, Some(class.1), argument.value));
                for named in named {
                    if let Ancestor::Ours(entity) = named
                        && entities.get(entity).is_some()
                    {
                        out.insert(class, entity);
                    }
                }
            }
        }
    }
}
