//! Magento 1: classes and tables behind aliases such as `catalog/product`, and what XML wires together.
//!
//! Every module says in its `etc/config.xml` which prefix the classes of its group have, which tables its resource
//! models have, and which classes of other modules it replaces. [`settings`] reads that the way Magento merges it;
//! [`aliases`] follows aliases in PHP, [`wiring`] those in XML.

mod aliases;
mod settings;
mod wiring;

use super::{FrameworkRow, Model};
use crate::base::FileId;
use crate::config::Config;
use crate::names::php::{Place, Qualified, Sort};
use crate::names::{FactBase, Names};
use settings::{ClassName, Settings};

/// The row of this framework.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "magento", interpret };

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    let settings = Settings::read(base);
    if settings.is_empty() {
        return;
    }
    let shop = Shop { base, names, settings: &settings };
    aliases::report(&shop, out);
    wiring::report(&shop, out);
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
