//! Small repositories for tests, written through the git library: tests need no git program.

use gix::ObjectId;
use gix::objs::Write;
use gix::objs::tree::{EntryKind, EntryMode};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A repository in a temporary folder.
pub(super) struct Fixture {
    place: TempDir,
    repository: gix::Repository,
    tip: Option<ObjectId>,
    seconds: i64,
    mail: &'static str,
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self::of_kind(gix::create::Kind::WithWorktree)
    }

    pub(super) fn bare() -> Self {
        Self::of_kind(gix::create::Kind::Bare)
    }

    fn of_kind(kind: gix::create::Kind) -> Self {
        let place = tempfile::tempdir().unwrap();
        let options = gix::open::Options::isolated().config_overrides(["init.defaultBranch=main"]);
        let repository = gix::ThreadSafeRepository::init_opts(place.path(), kind, gix::create::Options::default(), options).unwrap();
        Self { place, repository: repository.to_thread_local(), tip: None, seconds: 1_700_000_000, mail: "a@example.org" }
    }

    /// The top of the work tree, or the bare repository.
    pub(super) fn path(&self) -> &Path {
        self.place.path()
    }

    /// A folder below it, created on disk.
    pub(super) fn folder(&self, path: &str) -> PathBuf {
        let folder = self.path().join(path);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Writes one of git's own files.
    pub(super) fn write_git(&self, path: &str, text: &str) {
        let path = self.repository.git_dir().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(super) fn remove_git(&self, path: &str) {
        std::fs::remove_file(self.repository.git_dir().join(path)).unwrap();
    }

    pub(super) fn blob(&self, text: &str) -> ObjectId {
        self.repository.write_blob(text).unwrap().detach()
    }

    /// Entries as they are, however hostile and in whatever order: the library would refuse to write them.
    pub(super) fn tree(&self, entries: &[(&[u8], EntryKind, ObjectId)]) -> ObjectId {
        let mut bytes = Vec::new();
        for (name, kind, id) in entries {
            bytes.extend_from_slice(format!("{:o} ", EntryMode::from(*kind).value()).as_bytes());
            bytes.extend_from_slice(name);
            bytes.push(0);
            bytes.extend_from_slice(id.as_slice());
        }
        self.repository.objects.write_buf(gix::objs::Kind::Tree, &bytes).unwrap()
    }

    /// A tree of plain files.
    pub(super) fn tree_of(&self, files: &[(&str, &str)]) -> ObjectId {
        let mut editor = self.repository.edit_tree(self.repository.empty_tree().id).unwrap();
        for (path, text) in files {
            editor.upsert(*path, EntryKind::Blob, self.blob(text)).unwrap();
        }
        editor.write().unwrap().detach()
    }

    /// A commit with these files and no others, on top of HEAD.
    pub(super) fn commit(&mut self, files: &[(&str, &str)]) -> ObjectId {
        let tree = self.tree_of(files);
        self.commit_tree(tree)
    }

    pub(super) fn commit_tree(&mut self, tree: ObjectId) -> ObjectId {
        let parents = self.tip.into_iter().collect();
        let id = self.commit_beside(tree, parents);
        self.write_git("refs/heads/main", &format!("{id}\n"));
        self.tip = Some(id);
        id
    }

    /// A commit no reference names.
    pub(super) fn commit_beside(&mut self, tree: ObjectId, parents: Vec<ObjectId>) -> ObjectId {
        self.seconds += 60;
        let time = format!("{} +0000", self.seconds);
        let person = gix::actor::SignatureRef { name: "A".into(), email: self.mail.into(), time: &time };
        self.repository.new_commit_as(person, person, format!("at {}", self.seconds), tree, parents).unwrap().id
    }

    /// Moves the branch without regard to what it was.
    pub(super) fn point_main_to(&mut self, id: ObjectId) {
        self.write_git("refs/heads/main", &format!("{id}\n"));
        self.tip = Some(id);
    }

    /// Who writes the commits that follow.
    pub(super) fn written_by(&mut self, mail: &'static str) {
        self.mail = mail;
    }

    /// Lets time go by.
    pub(super) fn wait(&mut self, seconds: i64) {
        self.seconds += seconds;
    }

    /// Removes an object, as if it had never been fetched.
    pub(super) fn forget(&self, id: ObjectId) {
        let hex = id.to_string();
        std::fs::remove_file(self.repository.git_dir().join("objects").join(&hex[..2]).join(&hex[2..])).unwrap();
    }
}
