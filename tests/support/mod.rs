//! What several tests need: the project's own folder, trees of files in a temporary folder, and scans of them.

pub(crate) mod command;
pub(crate) mod repository;

use std::path::{Path, PathBuf};
use tempfile::TempDir;
use unpick::config::Config;
use unpick::pipeline::{Silent, scan};
use unpick::project::Project;

/// A path of this project.
pub(crate) fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of this project.
pub(crate) fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a folder whose name ends with `ending`, sorted by path.
pub(crate) fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).into_path())
        .filter(|path| path.is_file() && path.to_string_lossy().ends_with(ending))
        .collect();
    found.sort();
    found
}

/// A path below a folder, with `/` between its parts.
pub(crate) fn relative(path: &Path, folder: &Path) -> String {
    let rest = path.strip_prefix(folder).expect("the path lies below the folder");
    rest.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A tree of files that goes away with the value.
pub(crate) struct Tree {
    folder: TempDir,
}

impl Tree {
    /// Writes the files in the order given.
    pub(crate) fn of<P: AsRef<str>, B: AsRef<[u8]>>(files: &[(P, B)]) -> Self {
        let folder = tempfile::Builder::new().prefix("unpick-test").tempdir().expect("a temporary folder");
        for (path, content) in files {
            let path = folder.path().join(path.as_ref());
            std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders are made");
            std::fs::write(&path, content.as_ref()).expect("the file is written");
        }
        Self { folder }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Scans it as the command would.
    pub(crate) fn scan(&self, threads: usize) -> Project {
        self.scan_with(&self.config(), threads)
    }

    /// Its own `unpick.toml`, when it has one.
    pub(crate) fn config(&self) -> Config {
        let file = self.root().join("unpick.toml");
        match file.is_file() {
            true => Config::load(Some(&file), self.root()).expect("the config is right"),
            false => Config::default(),
        }
    }

    pub(crate) fn scan_with(&self, config: &Config, threads: usize) -> Project {
        scan(self.root(), config, Some(threads), &Silent).expect("the tree can be scanned")
    }
}

/// The sample shop.
pub(crate) fn shop() -> PathBuf {
    here("testdata/projects/shop/code")
}
