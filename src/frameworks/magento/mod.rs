//! Magento 1: classes and tables behind aliases such as `catalog/product`, and what XML wires together.
//!
//! Every module says in its `etc/config.xml` which prefix the classes of its group have, which tables its resource
//! models have, and which classes of other modules it replaces. [`settings`] reads that the way Magento merges it;
//! [`aliases`] follows aliases in PHP, [`wiring`] those in XML; [`naming`] knows which tables an expression names,
//! [`setup`] what setup scripts make of them, [`accesses`] what code does to them.

mod accesses;
mod aliases;
mod naming;
mod routes;
mod settings;
mod setup;
mod wiring;

use super::php::PhpClasses;
use super::tables::{DeclaredTable, TableAccess};
use super::{Answers, FrameworkRow, Model, OpenCall};
use crate::base::{FileId, Language};
use crate::config::Config;
use crate::names::php::{Place, Qualified, Sort};
use crate::names::{FactBase, Names};
use naming::Namer;
use settings::{ClassName, Settings};

/// The row of this framework.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "magento", interpret };

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    if !is_used(base) {
        return;
    }
    let settings = Settings::read(base);
    let shop = Shop { base, names, settings: &settings };
    routes::collect(&shop, &mut out.routes);
    if !settings.is_empty() {
        aliases::report(&shop, out);
        wiring::report(&shop, out);
    }
}

/// True where a module of Magento keeps its configuration in the tree.
pub(super) fn is_used(base: &FactBase) -> bool {
    base.files.iter().any(|file| file.source.language == Language::XML && file.source.path.as_str().ends_with("/etc/config.xml"))
}

/// Tables of setup scripts, what code does to them, and the names that calls such as `getTable` stand for.
pub(super) fn tables(php: &PhpClasses<'_>, found: Tables<'_>) {
    let settings = Settings::read(php.base);
    if settings.is_empty() {
        return;
    }
    let shop = Shop { base: php.base, names: php.names, settings: &settings };
    let namer = Namer::new(&shop, php);
    let mut tables = setup::tables(&namer);
    let known = tables.iter().map(|table| table.name.to_lowercase()).chain(settings.tables().map(str::to_lowercase)).collect();
    accesses::collect(&namer, &known, found.accesses, found.open, &mut found.answers.settled);
    found.answers.tables.extend(accesses::names(&namer));
    found.tables.append(&mut tables);
}

/// Where [`tables`] puts what it finds.
pub(super) struct Tables<'a> {
    pub(super) tables: &'a mut Vec<DeclaredTable>,
    pub(super) accesses: &'a mut Vec<TableAccess>,
    pub(super) open: &'a mut Vec<OpenCall>,
    pub(super) answers: &'a mut Answers,
}

/// What every part of this folder asks.
struct Shop<'a> {
    base: &'a FactBase,
    names: &'a Names,
    settings: &'a Settings,
}

impl Shop<'_> {
    /// The definition of a class, seen from a file.
    fn class(&self, from: FileId, name: &str) -> Option<Place> {
        let full = name.trim().trim_start_matches('\\').to_lowercase();
        self.names.php(self.base, from, Sort::Class, &Qualified { full, fallback: None })
    }

    /// The name a definition has in its file.
    fn defined_name(&self, place: Place) -> String {
        let facts = self.base.facts(place.file);
        facts.text(facts.definition(place.definition).name).to_owned()
    }

    /// What a rule says about how a class was found: the alias, and the module that replaced its class.
    fn told(&self, class: &ClassName, place: Place) -> String {
        match class.rewritten_by {
            Some(file) => place.told(&format!("class alias, rewritten by {}", self.base.path(file))),
            None => place.told("class alias"),
        }
    }
}
