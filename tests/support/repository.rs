//! Checkouts with a history, written through the git library: tests need no git program.

use super::command::{run, unpick};
use super::{Tree, relative};
use gix::ObjectId;
use gix::objs::tree::EntryKind;
use std::path::Path;
use std::process::Output;

/// A work tree and the commits made from it.
pub(crate) struct Checkout {
    tree: Tree,
    repository: gix::Repository,
    tip: Option<ObjectId>,
}

impl Checkout {
    /// A repository with one commit that holds these files.
    pub(crate) fn of<P: AsRef<str>, B: AsRef<[u8]>>(files: &[(P, B)]) -> Self {
        let tree = Tree::of(files);
        let options = gix::open::Options::isolated().config_overrides(["init.defaultBranch=main"]);
        let kind = gix::create::Kind::WithWorktree;
        let repository = gix::ThreadSafeRepository::init_opts(tree.root(), kind, gix::create::Options::default(), options);
        let mut checkout = Self { tree, repository: repository.expect("a repository is made").to_thread_local(), tip: None };
        checkout.commit();
        checkout
    }

    pub(crate) fn root(&self) -> &Path {
        self.tree.root()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders are made");
        std::fs::write(path, text).expect("the file is written");
    }

    pub(crate) fn remove(&self, path: &str) {
        let path = self.root().join(path);
        let removed = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        removed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.root().join(from), self.root().join(to)).expect("the name can be changed");
    }

    /// Replaces a text in every Python file.
    pub(crate) fn replace(&self, from: &str, to: &str) {
        for path in super::files_below(self.root(), ".py") {
            std::fs::write(&path, super::text_of(&path).replace(from, to)).expect("the file is written");
        }
    }

    /// Commits everything that lies in the work tree.
    pub(crate) fn commit(&mut self) {
        let mut editor = self.repository.edit_tree(self.repository.empty_tree().id).expect("a tree can be made");
        for path in super::files_below(self.root(), "") {
            let name = relative(&path, self.root());
            if !name.starts_with(".git/") {
                let blob = self.repository.write_blob(std::fs::read(&path).expect("the file is read")).expect("a blob is written");
                editor.upsert(name, EntryKind::Blob, blob.detach()).expect("the entry is written");
            }
        }
        let tree = editor.write().expect("the tree is written").detach();
        let person = gix::actor::SignatureRef { name: "A".into(), email: "a@example.org".into(), time: "1700000000 +0000" };
        let commit = self.repository.new_commit_as(person, person, "a commit", tree, self.tip).expect("the commit is written");
        self.tip = Some(commit.id);
        self.write(".git/refs/heads/main", &format!("{}\n", commit.id));
    }

    /// Takes a committed file's content out of git, as in a clone made with `--filter`.
    pub(crate) fn forget(&self, path: &str) {
        let content = std::fs::read(self.root().join(path)).expect("the file is read");
        let id = self.repository.write_blob(content).expect("it is there already").to_string();
        self.remove(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    }

    /// Writes the baseline with these options and commits it with everything else.
    pub(crate) fn accept_everything(&mut self, options: &[&str]) {
        let output = unpick(self.root(), &[&["baseline"], options].concat());
        assert!(output.status.success(), "{output:?}");
        self.commit();
    }

    pub(crate) fn check(&self, options: &[&str]) -> Output {
        run(&mut super::command::command(self.root(), &[&["check"], options].concat()))
    }
}
