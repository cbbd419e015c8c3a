//! Aliases in PHP: `Mage::getModel('catalog/product')`, `$this->helper('tax')`, `createBlock('core/text')`, and the models
//! that resource models and collections name in `_init`.

use super::Shop;
use super::settings::{ClassName, Sort};
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, FileFacts, OwnerSweep, Shape, Text, ValueId};
use crate::frameworks::{Model, OpenCall, StringReference};
use crate::names::php::{PHP, Scope};
use rustc_hash::FxHashMap;

/// What a method makes of the alias it is handed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Method {
    /// An object of the class the alias stands for.
    Makes(Sort),
    /// The helper of a module for the kind of database in use.
    ResourceHelper,
    /// `_init`: what it names depends on the class it is called in.
    Init,
}

/// Methods that take an alias first, of `Mage`, its configuration, factory, layout and blocks.
const METHODS: [(&str, Method); 19] = [
    ("getModel", Method::Makes(Sort::Model)),
    ("getSingleton", Method::Makes(Sort::Model)),
    ("getModelInstance", Method::Makes(Sort::Model)),
    ("getModelClassName", Method::Makes(Sort::Model)),
    ("getResourceModel", Method::Makes(Sort::Resource)),
    ("getResourceSingleton", Method::Makes(Sort::Resource)),
    ("getResourceModelInstance", Method::Makes(Sort::Resource)),
    ("getResourceModelClassName", Method::Makes(Sort::Resource)),
    ("helper", Method::Makes(Sort::Helper)),
    ("getHelper", Method::Makes(Sort::Helper)),
    ("getHelperInstance", Method::Makes(Sort::Helper)),
    ("getHelperClassName", Method::Makes(Sort::Helper)),
    ("createBlock", Method::Makes(Sort::Block)),
    ("addBlock", Method::Makes(Sort::Block)),
    ("getBlockSingleton", Method::Makes(Sort::Block)),
    ("getBlockInstance", Method::Makes(Sort::Block)),
    ("getBlockClassName", Method::Makes(Sort::Block)),
    ("getResourceHelper", Method::ResourceHelper),
    ("_init", Method::Init),
];

/// How many classes up the way to what a class descends from.
const MOST_ANCESTORS: usize = 20;

/// Follows aliases in all PHP files.
pub(super) fn report(shop: &Shop<'_>, out: &mut Model) {
    let methods: FxHashMap<&str, Method> = METHODS.into_iter().collect();
    for file in shop.base.ids() {
        let entry = shop.base.file(file);
        if entry.left_out || entry.source.language != PHP {
            continue;
        }
        let facts = &entry.facts;
        let named: FxHashMap<Text, Method> =
            facts.texts.iter().filter_map(|(id, text)| methods.get(text).map(|method| (id, *method))).collect();
        if !named.is_empty() {
            let mut reader = Reader { shop, file, facts, owners: OwnerSweep::new(facts), out };
            reader.calls(&named);
        }
    }
}

/// Reads one file.
struct Reader<'a, 'b> {
    shop: &'a Shop<'a>,
    file: FileId,
    facts: &'a FileFacts,
    owners: OwnerSweep<'a>,
    out: &'b mut Model,
}

impl<'a> Reader<'a, '_> {
    fn calls(&mut self, named: &FxHashMap<Text, Method>) {
        for call in &self.facts.calls {
            let Shape::Member(object, name) = self.facts.value(call.callee).shape else { continue };
            let Some(method) = named.get(&name) else { continue };
            let Some(first) = self.facts.arguments_of(call).first().filter(|argument| !argument.spread) else { continue };
            let owner = self.owners.owner(call.value);
            let is_mage = self.facts.as_name(object).is_some_and(|name| self.facts.text(name).trim_start_matches('\\') == "Mage");
            // Other libraries have helpers and models too; Mage and layouts have nothing else.
            let sure = is_mage || matches!(method, Method::Makes(Sort::Block)) && self.facts.text(name) == "createBlock";
            match method {
                Method::Init => self.init(call, owner),
                _ => self.made(call, *method, first.value, owner, sure),
            }
        }
    }

    fn made(&mut self, call: &Call, method: Method, value: ValueId, owner: Option<DefinitionId>, sure: bool) {
        let aliases = literals(self.facts, owner, value);
        if aliases.is_empty() && sure && !matches!(self.facts.value(value).shape, Shape::Inline(_)) {
            let method = self.facts.last_name(call.callee).unwrap_or_default();
            let shown = format!("{method}(…)");
            self.open(call, shown, "the alias is put together at run time".to_owned());
        }
        for alias in aliases {
            let class = match method {
                Method::Makes(sort) => self.shop.settings.class(sort, alias),
                Method::ResourceHelper => self.shop.settings.class(Sort::Resource, &format!("{alias}/helper_mysql4")),
                Method::Init => None,
            };
            if !self.refer(class.as_ref(), alias, self.facts.value(value).line, owner) && sure && alias.contains('/') {
                let reason = match (class, method) {
                    (None, _) => "no module declares the group of this alias".to_owned(),
                    (Some(class), _) => format!("it stands for {}, which is not in the tree", shown(&class.name)),
                };
                self.open(call, format!("'{alias}'"), reason);
            }
        }
    }

    /// `_init('catalog/product')`: a model names its resource model, a collection names its model and its resource model.
    fn init(&mut self, call: &Call, owner: Option<DefinitionId>) {
        let Some(family) = self.facts.class_around(owner).and_then(|class| self.family(class)) else { return };
        for (place, argument) in self.facts.arguments_of(call).iter().enumerate() {
            let sorts: &[Sort] = match (family, place) {
                (Family::Model, 0) => &[Sort::Resource],
                // What serves the model serves its collection, unless a second alias is given.
                (Family::Collection, 0) if self.facts.arguments_of(call).len() > 1 => &[Sort::Model],
                (Family::Collection, 0) => &[Sort::Model, Sort::Resource],
                (Family::Collection, 1) => &[Sort::Resource],
                _ => &[],
            };
            for alias in literals(self.facts, owner, argument.value) {
                for sort in sorts {
                    let class = self.shop.settings.class(*sort, alias);
                    self.refer(class.as_ref(), alias, self.facts.value(argument.value).line, owner);
                }
            }
        }
    }

    /// Notes that an alias means a class; false where the tree has no such class.
    fn refer(&mut self, class: Option<&ClassName>, alias: &str, line: u32, owner: Option<DefinitionId>) -> bool {
        let Some(class) = class else { return false };
        let Some(place) = self.shop.class(self.file, &class.name) else { return false };
        self.out.references.push(StringReference {
            from: self.file,
            line,
            owner,
            to: place.file,
            symbol: Some(self.shop.defined_name(place)),
            text: format!("'{alias}'"),
            deferred: true,
            certainty: place.certainty(),
            rule: self.shop.told(class, place).into(),
        });
        true
    }

    fn open(&mut self, call: &Call, text: String, reason: String) {
        self.out.unresolved.push(OpenCall { file: self.file, line: call.span.line, kind: "call", text, reason });
    }

    /// What a class descends from, as far as that decides what `_init` names.
    fn family(&self, class: DefinitionId) -> Option<Family> {
        family(self.shop, self.file, class)
    }
}

/// Sorts of classes that have an `_init` of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Family {
    Model,
    Resource,
    Collection,
}

/// The family of a class, by the base class of Magento it descends from.
pub(super) fn family(shop: &Shop<'_>, file: FileId, class: DefinitionId) -> Option<Family> {
    let (mut file, mut class) = (file, class);
    for _ in 0..MOST_ANCESTORS {
        let facts = shop.base.facts(file);
        let definition = facts.definition(class);
        if let Some(family) = of_name(facts.text(definition.name)) {
            return Some(family);
        }
        let base = facts.items(definition.bases).iter().find_map(|base| Some((*base, facts.as_name(*base)?)));
        let (value, name) = base?;
        let written = facts.text(name);
        let full = Scope::of(facts).qualify(value, written, crate::names::php::Sort::Class).full;
        match shop.class(file, &full) {
            Some(place) => (file, class) = (place.file, place.definition),
            None => return of_name(written),
        }
    }
    None
}

/// Base classes of Magento, which a checkout of modules alone does not have.
fn of_name(name: &str) -> Option<Family> {
    match name.trim_start_matches('\\') {
        "Mage_Core_Model_Abstract" => Some(Family::Model),
        "Mage_Core_Model_Resource_Abstract"
        | "Mage_Core_Model_Resource_Db_Abstract"
        | "Mage_Core_Model_Mysql4_Abstract"
        | "Mage_Eav_Model_Entity_Abstract" => Some(Family::Resource),
        "Varien_Data_Collection_Db"
        | "Mage_Core_Model_Resource_Db_Collection_Abstract"
        | "Mage_Core_Model_Mysql4_Collection_Abstract"
        | "Mage_Eav_Model_Entity_Collection_Abstract" => Some(Family::Collection),
        _ => None,
    }
}

/// The texts an argument may be: literals, a choice of them, a constant of the own class. Empty where one is open.
pub(super) fn literals(facts: &FileFacts, owner: Option<DefinitionId>, value: ValueId) -> Vec<&str> {
    match facts.value(value).shape {
        Shape::Literal(text) => vec![facts.text(text)],
        Shape::Choice(parts) => {
            let all: Vec<Option<&str>> = facts.items(parts).iter().map(|part| facts.as_literal(*part)).collect();
            all.into_iter().collect::<Option<Vec<&str>>>().unwrap_or_default()
        }
        Shape::Member(object, name) => {
            let Some(class) = facts.class_around(owner) else { return Vec::new() };
            let own = facts.as_name(object).is_some_and(|object| {
                matches!(facts.text(object), "self" | "static") || facts.text(object) == facts.text(facts.definition(class).name)
            });
            let mut given = facts.bindings_in(Some(class)).filter(|binding| {
                own && binding.binds == Binds::Constant && facts.as_name(binding.target).is_some_and(|target| target == name)
            });
            given.next().and_then(|binding| facts.as_literal(binding.value?)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A class name as Magento writes it: every part with a capital.
fn shown(name: &str) -> String {
    let part = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    name.split('_').map(part).collect::<Vec<_>>().join("_")
}
