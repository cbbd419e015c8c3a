//! Full names: the namespace in force, the aliases of `use`, the leading backslash.

use crate::facts::{FileFacts, Target, ValueId};
use rustc_hash::FxHashMap;

/// What a name is a name of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// Class, interface, trait or enumeration.
    Class,
    /// Function.
    Function,
}

/// A full name in small letters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Qualified {
    /// The name.
    pub full: String,
    /// The global function of that name, where the namespace has none.
    pub fallback: Option<String>,
}

/// The namespaces and aliases of one file.
#[derive(Debug)]
pub struct Scope<'a> {
    sections: Vec<Section<'a>>,
}

/// From a value on, one namespace and its aliases.
#[derive(Debug, Default)]
struct Section<'a> {
    values: u32,
    imports: u32,
    namespace: &'a str,
    aliases: FxHashMap<String, &'a str>,
}

impl<'a> Scope<'a> {
    /// Reads a file's namespaces and aliases.
    #[must_use]
    pub fn of(facts: &'a FileFacts) -> Self {
        let mut sections = vec![Section::default()];
        for namespace in &facts.namespaces {
            let (values, imports) = (namespace.values, namespace.imports);
            sections.push(Section { values, imports, namespace: facts.text(namespace.name), ..Section::default() });
        }
        for (index, import) in (0u32..).zip(&facts.imports) {
            let (Target::Symbol(path), Some(local)) = (import.target, import.local) else { continue };
            let section = sections.iter_mut().rev().find(|section| section.imports <= index).expect("the first begins at 0");
            let path = facts.text(path);
            let path = path.split_once(' ').map_or(path, |(_, path)| path);
            section.aliases.insert(facts.text(local).to_lowercase(), path);
        }
        Self { sections }
    }

    fn section(&self, value: u32) -> &Section<'a> {
        self.sections.iter().rev().find(|section| section.values <= value).expect("the first begins at 0")
    }

    /// The full name of something defined at a value.
    #[must_use]
    pub fn defined(&self, value: u32, name: &str) -> String {
        within(self.section(value).namespace, name)
    }

    /// The full name of a written one.
    #[must_use]
    pub fn qualify(&self, value: ValueId, written: &str, sort: Sort) -> Qualified {
        let section = self.section(value.0);
        let plain = |full: String| Qualified { full, fallback: None };
        if let Some(full) = written.strip_prefix('\\') {
            return plain(full.to_lowercase());
        }
        if let Some(("namespace", rest)) = written.split_once('\\').map(|(first, rest)| (first.trim(), rest)) {
            return plain(within(section.namespace, rest));
        }
        match (written.split_once('\\'), sort) {
            (Some((first, rest)), _) => match section.aliases.get(&first.to_lowercase()) {
                Some(path) => plain(format!("{path}\\{rest}").to_lowercase()),
                None => plain(within(section.namespace, written)),
            },
            (None, Sort::Class) => match section.aliases.get(&written.to_lowercase()) {
                Some(path) => plain(path.to_lowercase()),
                None => plain(within(section.namespace, written)),
            },
            (None, Sort::Function) => match section.aliases.get(&format!("function {}", written.to_lowercase())) {
                Some(path) => plain(path.to_lowercase()),
                None => Qualified { full: within(section.namespace, written), fallback: Some(written.to_lowercase()) },
            },
        }
    }
}

fn within(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_lowercase() } else { format!("{namespace}\\{name}").to_lowercase() }
}
