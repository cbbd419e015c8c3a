//! How many other classes of the application a class names.

use super::limits::COUPLING;
use crate::base::FileId;
use crate::facts::{DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::names::{Export, Meaning};
use crate::project::Project;
use rustc_hash::{FxHashMap, FxHashSet};

/// A class of the application.
type Class = (FileId, DefinitionId);

/// What the names of one file say about classes.
pub(super) struct ClassNames<'a> {
    project: &'a Project,
    file: FileId,
    facts: &'a FileFacts,
    /// Names that mean a class.
    classes: FxHashMap<Text, Class>,
    /// Names that mean a whole file.
    modules: FxHashMap<Text, FileId>,
    /// Classes taken from those, looked up once.
    members: FxHashMap<(FileId, Text), Option<Class>>,
}

impl<'a> ClassNames<'a> {
    /// Looks at a file's imports; none where they cannot lead to too many classes.
    pub(super) fn of(project: &'a Project, file: FileId) -> Option<Self> {
        let facts = project.base.facts(file);
        let meanings = project.names.imports(file);
        let own = || facts.definitions().filter(|(_, definition)| definition.kind.is_type() && definition.owner.is_none());
        let whole_files = meanings.iter().any(|meaning| matches!(meaning, Meaning::Module(_)));
        let single = meanings.iter().filter(|meaning| matches!(meaning, Meaning::Symbol(_))).count();
        if !whole_files && single + own().count() < COUPLING {
            return None;
        }
        let mut names =
            Self { project, file, facts, classes: FxHashMap::default(), modules: FxHashMap::default(), members: FxHashMap::default() };
        for (import, meaning) in facts.imports.iter().zip(meanings) {
            let Some(local) = import.local else { continue };
            match (meaning, import.symbol) {
                (Meaning::Symbol(target), Some(symbol)) => {
                    if let Some(class) = names.class_in(*target, symbol) {
                        names.classes.insert(local, class);
                    }
                }
                (Meaning::Module(target), symbol) if import.renamed || symbol.is_some() => {
                    names.modules.insert(local, *target);
                }
                _ => {}
            }
        }
        names.classes.extend(own().map(|(id, definition)| (definition.name, (file, id))));
        Some(names)
    }

    fn class_in(&self, target: FileId, symbol: Text) -> Option<Class> {
        let home = self.project.names.home(&self.project.base, target, self.facts.text(symbol))?;
        let Some(Export::Definition(id)) = home.export else { return None };
        self.project.base.facts(home.file).definition(id).kind.is_type().then_some((home.file, id))
    }

    /// How many classes a class names: its bases, and everything inside it. It does not count itself.
    pub(super) fn used_by(&mut self, class: DefinitionId) -> u32 {
        let definition = self.facts.definition(class);
        let mut used = FxHashSet::default();
        for base in self.facts.items(definition.bases) {
            self.value(*base, &mut used);
        }
        for index in definition.values.range() {
            self.value(ValueId(u32::try_from(index).expect("values are counted in u32")), &mut used);
        }
        used.remove(&(self.file, class));
        u32::try_from(used.len()).expect("classes are counted in u32")
    }

    fn value(&mut self, value: ValueId, used: &mut FxHashSet<Class>) {
        match self.facts.value(value).shape {
            Shape::Name(name) => used.extend(self.classes.get(&name)),
            Shape::Member(object, name) => {
                let Some(file) = self.facts.as_name(object).and_then(|object| self.modules.get(&object).copied()) else { return };
                let class = match self.members.get(&(file, name)) {
                    Some(known) => *known,
                    None => {
                        let class = self.class_in(file, name);
                        self.members.insert((file, name), class);
                        class
                    }
                };
                used.extend(class);
            }
            _ => {}
        }
    }
}
