//! What a written name means once imports, re-exports and plain aliases are followed, also where it leads out of the
//! tree.

use super::{Export, FactBase, Meaning, Names};
use crate::base::FileId;
use crate::facts::{DefinitionId, FileFacts, Import, Shape, Target, Text, ValueId};

/// What a name or a chain of members means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Named {
    /// A class or function of the tree.
    Definition(FileId, DefinitionId),
    /// A variable of a module of the tree.
    Variable(FileId, Text),
    /// A module of the tree.
    Module(FileId),
    /// Somebody else's, by its full dotted name; `()` stands for a call: `flask_sqlalchemy.SQLAlchemy().Model`.
    Outside(String),
    /// The beginning of the path of an `import a.b.c`.
    Path(String),
    /// Nothing of the above, or nobody can tell.
    Unknown,
}

/// How many re-exports and aliases are followed.
const LONGEST: u32 = 8;

impl Names {
    /// What a chain of names means where it stands. Local variables and parameters are for the caller to look up first.
    #[must_use]
    pub fn named(&self, base: &FactBase, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Named {
        let facts = base.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) => self.named_root(base, file, owner, name),
            Shape::Member(object, name) => {
                let member = facts.text(name);
                match self.named(base, file, owner, object) {
                    Named::Outside(path) => Named::Outside(format!("{path}.{member}")),
                    Named::Module(module) => self.member_of_module(base, module, member),
                    Named::Path(path) => self.further(base, file, owner, object, format!("{path}.{member}")),
                    Named::Variable(home, variable) => self.member_of_variable(base, home, variable, member),
                    Named::Definition(..) | Named::Unknown => Named::Unknown,
                }
            }
            _ => Named::Unknown,
        }
    }

    /// What a module-level name of a file means.
    #[must_use]
    pub fn named_in(&self, base: &FactBase, file: FileId, name: &str) -> Named {
        self.named_within(base, file, name, LONGEST)
    }

    fn named_root(&self, base: &FactBase, file: FileId, owner: Option<DefinitionId>, name: Text) -> Named {
        let facts = base.facts(file);
        let mut found = Named::Unknown;
        for index in self.scopes[file.index()].visible(facts, owner, name) {
            found = self.imported(base, file, index, LONGEST);
        }
        match found {
            Named::Unknown => self.named_within(base, file, facts.text(name), LONGEST),
            found => found,
        }
    }

    fn named_within(&self, base: &FactBase, file: FileId, name: &str, left: u32) -> Named {
        if left == 0 {
            return Named::Unknown;
        }
        let facts = base.facts(file);
        let exports = &self.exports[file.index()];
        match exports.entry(facts, name) {
            Some((_, Export::Definition(id))) => Named::Definition(file, id),
            Some((text, Export::Variable(_))) => Named::Variable(file, text),
            Some((_, Export::Import(index))) => self.imported(base, file, index, left),
            None => {
                let stars = exports.stars().iter().filter_map(|star| self.imports(file)[*star as usize].file());
                let mut found = stars.map(|target| self.named_within(base, target, name, left - 1));
                found.find(|named| *named != Named::Unknown).unwrap_or(Named::Unknown)
            }
        }
    }

    fn imported(&self, base: &FactBase, file: FileId, index: u32, left: u32) -> Named {
        let facts = base.facts(file);
        let import = &facts.imports[index as usize];
        let symbol = import.symbol.map(|symbol| facts.text(symbol));
        match (&self.imports(file)[index as usize], symbol) {
            (Meaning::Symbol(target), Some(symbol)) => self.named_within(base, *target, symbol, left - 1),
            (Meaning::Module(_) | Meaning::Namespace(_), None) if !import.renamed && has_dots(facts, import) => {
                Named::Path(import.local.map_or("", |local| facts.text(local)).to_owned())
            }
            (Meaning::Module(target), _) => Named::Module(*target),
            (Meaning::External, Some(symbol)) => Named::Outside(format!("{}.{symbol}", written_path(facts, import))),
            (Meaning::External, None) if import.renamed => Named::Outside(written_path(facts, import).to_owned()),
            (Meaning::External, None) => Named::Outside(import.local.map_or("", |local| facts.text(local)).to_owned()),
            _ => Named::Unknown,
        }
    }

    fn member_of_module(&self, base: &FactBase, module: FileId, member: &str) -> Named {
        match self.named_in(base, module, member) {
            Named::Unknown => {
                let folder = self.tree().package_folder(module);
                let below = folder.and_then(|folder| self.tree().python_module(folder, member));
                below.map_or(Named::Unknown, Named::Module)
            }
            found => found,
        }
    }

    /// A member of something that a library made: `db.Model` after `db = SQLAlchemy()`.
    fn member_of_variable(&self, base: &FactBase, home: FileId, variable: Text, member: &str) -> Named {
        let facts = base.facts(home);
        let Some(Export::Variable(Some(value))) = self.export(base, home, facts.text(variable)) else { return Named::Unknown };
        let Some(call) = facts.as_call(value) else { return Named::Unknown };
        match self.library_class(base, home, call.callee, member, LONGEST) {
            Some(path) => Named::Outside(format!("{path}().{member}")),
            None => Named::Unknown,
        }
    }

    /// The library's class or function that is called; for a class of the tree the first one it inherits from, where it
    /// does not have the member itself.
    fn library_class(&self, base: &FactBase, file: FileId, callee: ValueId, member: &str, left: u32) -> Option<String> {
        let (home, class) = match self.named(base, file, None, callee) {
            Named::Outside(path) => return Some(path),
            Named::Definition(home, class) if left > 0 && base.facts(home).definition(class).kind.is_type() => (home, class),
            _ => return None,
        };
        let facts = base.facts(home);
        let definition = facts.definition(class);
        let below = facts.definitions().skip(class.0 as usize + 1).take_while(|(_, inner)| inner.values.start < definition.values.end);
        if below.into_iter().any(|(_, inner)| inner.owner == Some(class) && facts.text(inner.name) == member) {
            return None;
        }
        facts.items(definition.bases).iter().find_map(|above| self.library_class(base, home, *above, member, left - 1))
    }

    /// One step further along the path of an `import a.b.c`: still on the way, or there.
    fn further(&self, base: &FactBase, file: FileId, owner: Option<DefinitionId>, object: ValueId, path: String) -> Named {
        let facts = base.facts(file);
        let Some(chain) = facts.chain(object) else { return Named::Unknown };
        let mut on_the_way = false;
        for index in self.scopes[file.index()].visible(facts, owner, chain.root) {
            let written = written_path(facts, &facts.imports[index as usize]);
            if written == path
                && let Some(target) = self.imports(file)[index as usize].file()
            {
                return Named::Module(target);
            }
            on_the_way |= written.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.'));
        }
        if on_the_way { Named::Path(path) } else { Named::Unknown }
    }
}

fn has_dots(facts: &FileFacts, import: &Import) -> bool {
    written_path(facts, import).contains('.')
}

fn written_path<'a>(facts: &'a FileFacts, import: &Import) -> &'a str {
    match import.target {
        Target::Dotted { path, .. } | Target::Path(path) | Target::Symbol(path) | Target::Package(path) => facts.text(path),
        Target::Computed(_) => "",
    }
}
