//! What a name on the command line is about: a module, a file or a class.

use crate::base::FileId;
use crate::bind::Reference;
use crate::facts::{DefinitionId, FileFacts};
use crate::names::{Export, ModuleId};
use crate::project::Project;
use crate::reports::Refusal;
use std::collections::BTreeSet;

/// Something a dependency can start or end at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Subject {
    /// All files of a module, its migrations aside.
    Module(ModuleId),
    /// One file.
    File(FileId),
    /// One class of a file.
    Class(FileId, DefinitionId),
}

/// How many near names and candidates are offered.
const OFFERED: usize = 5;
/// Names less alike than this are no help.
const ALIKE: f64 = 0.75;

impl Subject {
    /// Finds what a name means: a module's name or folder, a path or the end of one, a dotted module, a class, or
    /// `path:Class`.
    pub(super) fn find(project: &Project, asked: &str) -> Result<Self, Refusal> {
        let name = asked.strip_prefix("./").unwrap_or(asked).trim_end_matches('/');
        if let Some(module) = module_called(project, name) {
            return Ok(Self::Module(module));
        }
        if let Some(file) = project.base.ids().find(|id| project.base.path(*id) == name) {
            return Ok(Self::File(file));
        }
        let mut found = classes_called(project, name);
        if found.is_empty() {
            found = files_ending_in(project, name);
        }
        match found[..] {
            [one] => Ok(one),
            [] => Err(unknown(project, asked)),
            _ => Err(ambiguous(project, asked, &found)),
        }
    }

    /// As reports name it.
    pub(super) fn name(self, project: &Project) -> String {
        match self {
            Self::Module(module) => project.names.modules[module.index()].name.clone(),
            Self::File(file) => project.base.path(file).to_owned(),
            Self::Class(file, class) => format!("{}:{}", project.base.path(file), project.base.facts(file).qualified_name(class)),
        }
    }

    /// True when the reference starts inside it.
    pub(super) fn holds_start(self, project: &Project, reference: &Reference) -> bool {
        match self {
            Self::Module(module) => {
                let is_migration = project.base.file(reference.from).tags.contains(crate::base::Tag::Migration);
                project.names.module_of[reference.from.index()] == module && !is_migration
            }
            Self::File(file) => reference.from == file,
            Self::Class(file, class) => reference.from == file && is_inside(project.base.facts(file), reference.owner, class),
        }
    }

    /// True when a place stands inside it.
    pub(super) fn holds(self, project: &Project, at: FileId, owner: Option<DefinitionId>) -> bool {
        match self {
            Self::Module(module) => project.names.module_of[at.index()] == module,
            Self::File(file) => at == file,
            Self::Class(file, class) => at == file && is_inside(project.base.facts(file), owner, class),
        }
    }

    /// True when the reference leads to it.
    pub(super) fn holds_end(self, project: &Project, reference: &Reference) -> bool {
        match self {
            Self::Module(module) => project.names.module_of[reference.to.index()] == module,
            Self::File(file) => reference.to == file,
            Self::Class(file, class) => {
                let home = reference.symbol.as_deref().and_then(|symbol| project.names.home(&project.base, reference.to, symbol));
                home.is_some_and(|home| home.file == file && home.export == Some(Export::Definition(class)))
            }
        }
    }

    /// Its files.
    pub(super) fn files(self, project: &Project) -> BTreeSet<u32> {
        match self {
            Self::Module(module) => {
                (0..project.names.module_of.len() as u32).filter(|file| project.names.module_of[*file as usize] == module).collect()
            }
            Self::File(file) | Self::Class(file, _) => BTreeSet::from([file.0]),
        }
    }
}

/// True when a definition is `class` or stands inside it.
fn is_inside(facts: &FileFacts, owner: Option<DefinitionId>, class: DefinitionId) -> bool {
    let mut at = owner;
    while let Some(id) = at {
        if id == class {
            return true;
        }
        at = facts.definition(id).owner;
    }
    false
}

fn module_called(project: &Project, name: &str) -> Option<ModuleId> {
    let modules = &project.names.modules;
    let named = modules.iter().position(|module| module.name == name);
    let index = named.or_else(|| modules.iter().position(|module| module.paths.len() == 1 && module.paths[0] == name))?;
    Some(ModuleId(u32::try_from(index).expect("modules are counted in u32")))
}

/// Classes by bare or qualified name, or by `path:name`.
fn classes_called(project: &Project, name: &str) -> Vec<Subject> {
    let (path, name) = name.rsplit_once(':').map_or((None, name), |(path, name)| (Some(path), name));
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut found = Vec::new();
    for file in project.own_files().filter(|file| path.is_none_or(|path| is_end_of(path, project.base.path(*file)))) {
        let facts = project.base.facts(file);
        let Some(text) = facts.texts.find(last) else { continue };
        for (id, definition) in facts.definitions().filter(|(_, definition)| definition.name == text && definition.kind.is_type()) {
            if name == last && definition.owner.is_none() || facts.qualified_name(id) == name {
                found.push(Subject::Class(file, id));
            }
        }
    }
    found
}

/// Files by the end of their path, or by their dotted name.
fn files_ending_in(project: &Project, name: &str) -> Vec<Subject> {
    let dotted = name.replace('.', "/");
    let ends = [name.to_owned(), format!("{dotted}.py"), format!("{dotted}/__init__.py")];
    let fits = |file: &FileId| ends.iter().any(|end| is_end_of(end, project.base.path(*file)));
    project.base.ids().filter(fits).map(Subject::File).collect()
}

/// True when whole parts at the end of a path read like this.
fn is_end_of(end: &str, path: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

fn ambiguous(project: &Project, asked: &str, found: &[Subject]) -> Refusal {
    let mut names: Vec<String> = found.iter().take(OFFERED).map(|subject| subject.name(project)).collect();
    if found.len() > OFFERED {
        names.push(format!("{} more", found.len() - OFFERED));
    }
    Refusal(format!("{asked}: this may be {}; say which", names.join(", ")))
}

fn unknown(project: &Project, asked: &str) -> Refusal {
    let wanted = asked.to_lowercase();
    let mut near: Vec<(u64, String)> = Vec::new();
    let mut offer = |key: &str, name: String| {
        let alike = strsim::jaro_winkler(&wanted, &key.to_lowercase());
        if alike >= ALIKE {
            // Millionths: floats do not sort, and nobody needs more.
            near.push(((alike * 1e6) as u64, name));
        }
    };
    for module in &project.names.modules {
        offer(&module.name, module.name.clone());
    }
    for file in project.own_files() {
        let path = &project.base.file(file).source.path;
        offer(if asked.contains('/') { path.as_str() } else { path.name() }, path.to_string());
        let facts = project.base.facts(file);
        for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind.is_type()) {
            offer(facts.text(definition.name), facts.qualified_name(id));
        }
    }
    for table in &project.resolution.tables.rows {
        offer(&table.name, table.name.clone());
    }
    near.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    near.dedup_by(|a, b| a.1 == b.1);
    let names: Vec<String> = near.into_iter().take(OFFERED).map(|(_, name)| name).collect();
    let help =
        if names.is_empty() { "`unpick map --format json` lists all of them".to_owned() } else { format!("near it: {}", names.join(", ")) };
    Refusal(format!("{asked}: no module, file, class or table is called so; {help}"))
}
