//! What a name means where it is used: the imports visible there, unless something local hides them.

use super::{Export, FactBase, Home, Meaning, Names};
use crate::base::FileId;
use crate::facts::{Chain, DefinitionId, FileFacts, Shape, Target, Text, ValueId};
use rustc_hash::{FxHashMap, FxHashSet};

/// The local names of one file that imports brought in, and where something else hides them.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// By local name: the definition the import stands in, and the import.
    imports: FxHashMap<Text, Vec<(Option<DefinitionId>, u32)>>,
    /// Functions that bind such a name themselves.
    hidden: FxHashSet<(DefinitionId, Text)>,
}

/// A use of something imported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pointed {
    /// The import, by its place in the file's list.
    pub import: u32,
    /// The file the import leads to.
    pub file: FileId,
    /// The name inside that file, where one is used: the imported symbol, or the member taken from the module.
    pub symbol: Option<Text>,
}

impl Scope {
    pub(super) fn of(facts: &FileFacts) -> Self {
        let mut scope = Self::default();
        for (index, import) in (0u32..).zip(&facts.imports) {
            // A PHP alias names a class of the whole tree, which names/php looks up.
            if matches!(import.target, Target::Symbol(_)) {
                continue;
            }
            if let Some(local) = import.local {
                scope.imports.entry(local).or_default().push((import.owner, index));
            }
        }
        for (id, definition) in facts.definitions() {
            for parameter in &facts.parameters[definition.parameters.range()] {
                scope.hide(id, parameter.name);
            }
        }
        for binding in &facts.bindings {
            if let Some(owner) = binding.owner {
                scope.hide_targets(facts, owner, binding.target);
            }
        }
        scope
    }

    fn hide(&mut self, owner: DefinitionId, name: Text) {
        if self.imports.contains_key(&name) {
            self.hidden.insert((owner, name));
        }
    }

    fn hide_targets(&mut self, facts: &FileFacts, owner: DefinitionId, target: ValueId) {
        match facts.value(target).shape {
            Shape::Name(name) => self.hide(owner, name),
            Shape::List(parts) => facts.items(parts).iter().for_each(|part| self.hide_targets(facts, owner, *part)),
            _ => {}
        }
    }

    /// The imports a name may mean in a definition; the last of them wins where several bind it in one place.
    pub(super) fn visible(&self, facts: &FileFacts, owner: Option<DefinitionId>, name: Text) -> impl Iterator<Item = u32> {
        let all = self.imports.get(&name).map_or(&[][..], Vec::as_slice);
        let mut at = owner;
        let level = loop {
            if all.is_empty() || all.iter().any(|(place, _)| *place == at) {
                break Some(at);
            }
            let Some(here) = at else { break None };
            if self.hidden.contains(&(here, name)) && !facts.definition(here).kind.is_type() {
                break None;
            }
            at = facts.definition(here).owner;
        };
        all.iter().filter(move |(place, _)| level == Some(*place)).map(|(_, index)| *index)
    }
}

impl Names {
    /// The import behind a chain of names, and the name it takes from the imported file.
    #[must_use]
    pub fn pointed(&self, base: &FactBase, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<Pointed> {
        let facts = base.facts(file);
        let chain = facts.chain(value)?;
        let scope = &self.scopes[file.index()];
        let meanings = self.imports(file);
        // `import a.b` and `import a.c` both bind `a`: the longest module path that the chain spells out is meant.
        let mut best: Option<(usize, Pointed)> = None;
        for index in scope.visible(facts, owner, chain.root) {
            let import = &facts.imports[index as usize];
            let Some(target) = meanings[index as usize].file() else { continue };
            let used = if import.renamed { Some(0) } else { spelled(facts, import, &chain) };
            let Some(used) = used else { continue };
            let symbol = match meanings[index as usize] {
                Meaning::Symbol(_) => import.symbol,
                _ => chain.members.get(used).copied(),
            };
            if best.is_none_or(|(length, _)| used >= length) {
                best = Some((used, Pointed { import: index, file: target, symbol }));
            }
        }
        best.map(|(_, pointed)| pointed)
    }

    /// Where a called, inherited or mentioned thing is defined: in this file or behind an import.
    #[must_use]
    pub fn definition_of(
        &self,
        base: &FactBase,
        file: FileId,
        owner: Option<DefinitionId>,
        value: ValueId,
    ) -> Option<(FileId, DefinitionId)> {
        let facts = base.facts(file);
        let home = match self.pointed(base, file, owner, value) {
            Some(pointed) => self.home(base, pointed.file, facts.text(pointed.symbol?))?,
            None => {
                let name = facts.as_name(value)?;
                self.home(base, file, facts.text(name))?
            }
        };
        match home.export? {
            Export::Definition(id) => Some((home.file, id)),
            // `load = loading.get_class`: the other name of a function.
            Export::Variable(Some(alias)) if facts.chain(value).is_some() => {
                let other = base.facts(home.file);
                let again = other.chain(alias)?;
                let same = home.file == file && facts.chain(value) == Some(again);
                if same { None } else { self.alias(base, home, alias) }
            }
            _ => None,
        }
    }

    fn alias(&self, base: &FactBase, home: Home, alias: ValueId) -> Option<(FileId, DefinitionId)> {
        let facts = base.facts(home.file);
        let target = match self.pointed(base, home.file, None, alias) {
            Some(pointed) => self.home(base, pointed.file, facts.text(pointed.symbol?))?,
            None => self.home(base, home.file, facts.text(facts.as_name(alias)?))?,
        };
        match target.export? {
            Export::Definition(id) => Some((target.file, id)),
            _ => None,
        }
    }
}

/// How many members of a chain the path of `import a.b.c` takes up, when the chain begins with that path.
fn spelled(facts: &FileFacts, import: &crate::facts::Import, chain: &Chain) -> Option<usize> {
    let crate::facts::Target::Dotted { path, .. } = import.target else { return Some(0) };
    let mut parts = facts.text(path).split('.');
    (parts.next() == Some(facts.text(chain.root))).then_some(())?;
    let mut used = 0;
    for part in parts {
        if chain.members.get(used).map(|member| facts.text(*member)) != Some(part) {
            return None;
        }
        used += 1;
    }
    Some(used)
}
