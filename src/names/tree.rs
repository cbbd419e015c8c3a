//! The folders and files of the scanned tree, for questions by path.

use super::FactBase;
use crate::base::{FileId, join};
use rustc_hash::FxHashMap;

/// A folder that holds source files, directly or further down.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Files directly in it, in name order.
    pub files: Vec<FileId>,
    /// Folders directly in it, by full path, in name order.
    pub folders: Vec<String>,
    /// Its `__init__.py`.
    pub package: Option<FileId>,
}

/// The tree by path.
#[derive(Debug, Default)]
pub struct Tree {
    files: FxHashMap<String, FileId>,
    folders: FxHashMap<String, Folder>,
    names: Vec<crate::base::RelPath>,
}

impl Tree {
    /// The tree of all source files.
    #[must_use]
    pub fn of(base: &FactBase) -> Self {
        let mut tree = Self::default();
        tree.folders.insert(String::new(), Folder::default());
        for id in base.ids() {
            let path = &base.file(id).source.path;
            tree.files.insert(path.as_str().to_owned(), id);
            tree.names.push(path.clone());
            tree.add_folder(path.parent());
            let folder = tree.folders.get_mut(path.parent()).expect("its folder was just added");
            folder.files.push(id);
            if path.name() == "__init__.py" {
                folder.package = Some(id);
            }
        }
        tree
    }

    fn add_folder(&mut self, path: &str) {
        if self.folders.contains_key(path) {
            return;
        }
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        self.add_folder(&parent);
        self.folders.insert(path.to_owned(), Folder::default());
        // Files come in path order, so folders are met in path order too.
        self.folders.get_mut(&parent).expect("parents are added first").folders.push(path.to_owned());
    }

    /// The file at a path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.files.get(path).copied()
    }

    /// The folder at a path.
    #[must_use]
    pub fn folder(&self, path: &str) -> Option<&Folder> {
        self.folders.get(path)
    }

    /// Every folder with its path, in path order.
    #[must_use]
    pub fn folders(&self) -> Vec<(&str, &Folder)> {
        #[allow(clippy::iter_over_hash_type, reason = "sorted before anyone sees it")]
        let mut all: Vec<_> = self.folders.iter().map(|(path, folder)| (path.as_str(), folder)).collect();
        all.sort_unstable_by_key(|(path, _)| *path);
        all
    }

    /// The Python module of a name in a folder: a package's `__init__.py` before `name.py`, as Python has it.
    #[must_use]
    pub fn python_module(&self, folder: &str, name: &str) -> Option<FileId> {
        let path = join(folder, name);
        self.folders.get(&path).and_then(|folder| folder.package).or_else(|| self.file(&(path + ".py")))
    }

    /// The name of a Python file without `.py`.
    #[must_use]
    pub fn stem(&self, file: FileId) -> Option<&str> {
        self.names[file.index()].name().strip_suffix(".py")
    }

    /// The folder a file stands for, where it is a package's `__init__.py`.
    #[must_use]
    pub fn package_folder(&self, file: FileId) -> Option<&str> {
        let path = &self.names[file.index()];
        (path.name() == "__init__.py").then(|| path.parent())
    }
}
