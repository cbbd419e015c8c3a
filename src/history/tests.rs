//! Repositories of every shape, hostile ones among them.

use super::fixture::Fixture;
use super::{Exported, HistoryError, LastTouch, Limits, Repository, Skipped, Unknown};
use gix::objs::tree::EntryKind;
use std::path::Path;
use tempfile::TempDir;

fn find(path: &Path) -> Repository {
    Repository::find(path).unwrap().expect("a repository")
}

/// Exports a commit and lists what came of it.
fn export(repository: &Repository, reference: &str) -> (TempDir, Exported, Vec<String>) {
    let place = tempfile::tempdir().unwrap();
    let commit = repository.commit_of(reference).unwrap();
    let exported = repository.export(&commit, place.path(), &Limits::default()).unwrap();
    let files = files_below(place.path());
    (place, exported, files)
}

fn files_below(folder: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|entry| entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/")).collect()
}

fn touch(repository: &Repository, path: &str) -> Result<String, Option<Unknown>> {
    match repository.last_commit_touching(path).unwrap() {
        LastTouch::Commit(commit) => Ok(commit.id()),
        LastTouch::Never => Err(None),
        LastTouch::Unknown(why) => Err(Some(why)),
    }
}

#[test]
fn without_git_there_is_no_repository() {
    let place = tempfile::tempdir().unwrap();
    assert!(Repository::find(place.path()).unwrap().is_none());
    std::fs::create_dir(place.path().join(".git")).unwrap();
    assert!(Repository::find(place.path()).unwrap().is_none(), "an empty .git folder is none, as for git");
    let missing = Repository::find(&place.path().join("nowhere")).err();
    assert!(matches!(missing, Some(HistoryError::Unreachable { .. })), "{missing:?}");
}

#[test]
fn a_git_file_that_leads_nowhere_is_an_error() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join(".git"), "gitdir: ../gone\n").unwrap();
    let error = Repository::find(place.path()).err().expect("an error").to_string();
    assert!(error.contains("no usable git repository"), "{error}");
}

#[test]
fn a_repository_without_commits_says_so() {
    let fixture = Fixture::new();
    let repository = find(fixture.path());
    assert!(matches!(repository.head(), Err(HistoryError::NoCommit(_))));
    assert_eq!(touch(&repository, "a.py"), Err(None));
    let error = repository.commit_of("main").unwrap_err().to_string();
    assert!(error.contains("no branch and no tag"), "{error}");
}

#[test]
fn a_root_below_the_top_sees_its_own_part_and_the_rules_above_it() {
    let mut fixture = Fixture::new();
    fixture.commit(&[
        (".gitignore", "*.log\n"),
        ("README.md", "top"),
        ("backend/.ignore", "gen/\n"),
        ("backend/other.py", "no"),
        ("backend/app/models.py", "x = 1\r\n"),
        ("backend/app/shop/views.py", "y = 2\n"),
    ]);
    fixture.write_git("info/exclude", "local\n");
    let repository = find(&fixture.folder("backend/app"));
    assert_eq!(repository.prefix(), "backend/app");
    let (place, exported, files) = export(&repository, "HEAD");
    let wanted =
        [".git/info/exclude", ".gitignore", "backend/.ignore", "backend/app/models.py", "backend/app/shop/views.py"].map(str::to_owned);
    assert_eq!(files, wanted);
    assert_eq!((exported.files, exported.skipped), (2, Skipped::default()));
    assert_eq!(exported.root, place.path().join("backend/app"));
    #[allow(clippy::disallowed_methods, reason = "looks at the test's own export")]
    let models = std::fs::read(exported.root.join("models.py"));
    assert_eq!(models.unwrap(), b"x = 1\r\n", "bytes as stored");
}

#[test]
fn a_root_the_commit_lacks_is_an_error() {
    let mut fixture = Fixture::new();
    fixture.commit(&[("a.py", "")]);
    let repository = find(&fixture.folder("new"));
    let commit = repository.head().unwrap();
    let place = tempfile::tempdir().unwrap();
    let error = repository.export(&commit, place.path(), &Limits::default()).unwrap_err();
    assert!(matches!(error, HistoryError::NoSuchFolder { .. }), "{error}");
}

#[test]
fn an_export_wants_an_empty_folder() {
    let mut fixture = Fixture::new();
    fixture.commit(&[("a.py", "")]);
    let repository = find(fixture.path());
    let error = repository.export(&repository.head().unwrap(), fixture.path(), &Limits::default()).unwrap_err();
    assert!(matches!(error, HistoryError::NotEmpty(_)), "{error}");
}

#[test]
fn references_of_every_kind_are_understood() {
    let mut fixture = Fixture::new();
    let first = fixture.commit(&[("a.py", "1")]).to_string();
    let second = fixture.commit(&[("a.py", "2")]).to_string();
    fixture.write_git(
        "packed-refs",
        &format!("# pack-refs with: peeled fully-peeled sorted \n{first} refs/remotes/origin/release\n{first} refs/tags/v1\n"),
    );
    let repository = find(fixture.path());
    let id = |reference: &str| repository.commit_of(reference).unwrap().id();
    for (reference, wanted) in
        [("HEAD", &second), ("main", &second), ("HEAD~1", &first), ("main^", &first), ("v1", &first), ("origin/release", &first)]
    {
        assert_eq!(&id(reference), wanted, "{reference}");
    }
    assert_eq!(id(&second[..9]), second);
    assert_eq!(id(&first), first);
    let error = repository.commit_of("release").unwrap_err().to_string();
    assert!(error.contains("origin/release") && !error.contains("shallow"), "{error}");
    for wrong in ["", "HEAD:a.py", "main..v1", "HEAD~9", "\0", "@{u}", &"0".repeat(40)] {
        assert!(repository.commit_of(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_detached_head_and_packed_branches_are_read() {
    let mut fixture = Fixture::new();
    let first = fixture.commit(&[("a.py", "1")]).to_string();
    let second = fixture.commit(&[("a.py", "2")]).to_string();
    fixture.write_git("packed-refs", &format!("# pack-refs with: peeled fully-peeled sorted \n{second} refs/heads/main\n"));
    fixture.remove_git("refs/heads/main");
    assert_eq!(find(fixture.path()).head().unwrap().id(), second);
    fixture.write_git("HEAD", &format!("{first}\n"));
    let head = find(fixture.path()).head().unwrap();
    assert_eq!((head.id(), head.seconds(), head.title()), (first, 1_700_000_060, "at 1700000060"));
    assert_eq!(head.short().len(), 10);
}

#[test]
fn the_commit_that_made_a_path_is_found() {
    let mut fixture = Fixture::new();
    let first = fixture.commit(&[("app/b.json", "1"), ("app/gone.py", "")]);
    let second = fixture.commit(&[("app/b.json", "1"), ("x.py", "")]);
    fixture.commit(&[("app/b.json", "1"), ("x.py", "2")]);
    let repository = find(&fixture.folder("app"));
    assert_eq!(touch(&repository, "b.json"), Ok(first.to_string()));
    assert_eq!(touch(&repository, "gone.py"), Ok(second.to_string()), "removed there");
    assert_eq!(touch(&repository, "never.py"), Err(None));
    assert_eq!(touch(&find(fixture.path()), "app/b.json"), Ok(first.to_string()));
}

#[test]
fn a_merge_counts_when_it_differs_from_all_parents() {
    let mut fixture = Fixture::new();
    let base = fixture.commit(&[("b.json", "1")]);
    let left = fixture.commit(&[("b.json", "1"), ("x.py", "")]);
    let changed = fixture.tree_of(&[("b.json", "2")]);
    let right = fixture.commit_beside(changed, vec![base]);
    let merged = fixture.tree_of(&[("b.json", "2"), ("x.py", "")]);
    let merge = fixture.commit_beside(merged, vec![left, right]);
    fixture.point_main_to(merge);
    assert_eq!(touch(&find(fixture.path()), "b.json"), Ok(right.to_string()), "taken over from the branch");
    let both = fixture.tree_of(&[("b.json", "3"), ("x.py", "")]);
    let merge = fixture.commit_beside(both, vec![left, right]);
    fixture.point_main_to(merge);
    assert_eq!(touch(&find(fixture.path()), "b.json"), Ok(merge.to_string()), "made by the merge");
}

#[test]
fn a_shallow_clone_says_that_it_cannot_tell() {
    let mut fixture = Fixture::new();
    let first = fixture.commit(&[("b.json", "1")]);
    let second = fixture.commit(&[("b.json", "1"), ("x.py", "")]);
    let third = fixture.commit(&[("b.json", "1"), ("x.py", "2")]);
    assert!(!find(fixture.path()).is_shallow());
    fixture.write_git("shallow", &format!("{second}\n"));
    fixture.forget(first);
    let repository = find(fixture.path());
    assert!(repository.is_shallow());
    assert_eq!(touch(&repository, "b.json"), Err(Some(Unknown::Shallow)));
    assert_eq!(touch(&repository, "x.py"), Ok(third.to_string()));
    let error = repository.commit_of("HEAD~2").unwrap_err().to_string();
    assert!(error.contains("fetch-depth: 0") && error.contains("main"), "{error}");
    assert_eq!(export(&repository, "HEAD~1").1.files, 2);
}

#[test]
fn objects_a_clone_lacks_are_counted() {
    let mut fixture = Fixture::new();
    let first = fixture.commit(&[("a.py", "1"), ("b.py", "2"), ("deep/c.py", "3")]);
    fixture.commit(&[("a.py", "4"), ("b.py", "2"), ("deep/c.py", "3")]);
    fixture.forget(fixture.blob("2"));
    let folder = fixture.tree_of(&[("c.py", "3")]);
    fixture.forget(folder);
    let repository = find(fixture.path());
    let (_place, exported, files) = export(&repository, "HEAD");
    assert_eq!((exported.files, exported.skipped.missing), (1, 2), "{files:?}");
    assert_eq!(touch(&repository, "deep/c.py"), Err(Some(Unknown::Missing)));
    fixture.forget(first);
    assert_eq!(touch(&find(fixture.path()), "b.py"), Err(Some(Unknown::Missing)));
}

#[test]
fn links_submodules_and_hostile_names_are_not_written() {
    let mut fixture = Fixture::new();
    let blob = fixture.blob("evil");
    let inner = fixture.tree(&[(b"x.py", EntryKind::Blob, blob)]);
    let commit = fixture.commit(&[("a.py", "")]);
    let tree = fixture.tree(&[
        (b"..", EntryKind::Tree, inner),
        (b".", EntryKind::Tree, inner),
        (b".GIT", EntryKind::Tree, inner),
        (b".git", EntryKind::Blob, blob),
        (b".g\xe2\x80\x8cit", EntryKind::Tree, inner),
        (b"../up.py", EntryKind::Blob, blob),
        (b"/absolute.py", EntryKind::Blob, blob),
        (b"", EntryKind::Blob, blob),
        (b"aux.py", EntryKind::Blob, blob),
        (b"git~1", EntryKind::Tree, inner),
        (b"latin\xe9.py", EntryKind::Blob, blob),
        (b"link", EntryKind::Link, blob),
        (b"link", EntryKind::Tree, inner),
        (b"ok.py", EntryKind::BlobExecutable, blob),
        (b"ok.py", EntryKind::Blob, blob),
        (b"sub", EntryKind::Commit, commit),
        ("x".repeat(5000).as_bytes(), EntryKind::Blob, blob),
    ]);
    fixture.commit_tree(tree);
    let (_place, exported, files) = export(&find(fixture.path()), "HEAD");
    let files: Vec<&str> = files.iter().map(String::as_str).filter(|path| !path.starts_with(".git/info")).collect();
    let expected = if cfg!(windows) { vec!["link/x.py", "ok.py"] } else { vec!["aux.py", "link/x.py", "ok.py"] };
    assert_eq!(files, expected);
    let unsafe_names = if cfg!(windows) { 12 } else { 11 };
    assert_eq!(exported.skipped, Skipped { links: 1, submodules: 1, clashing: 1, unsafe_names, ..Skipped::default() });
}

#[test]
fn limits_hold() {
    let mut fixture = Fixture::new();
    let mut tree = fixture.tree_of(&[("a.py", "12345"), ("b.py", "1")]);
    fixture.commit_tree(tree);
    let repository = find(fixture.path());
    let try_with = |limits: Limits| {
        let place = tempfile::tempdir().unwrap();
        repository.export(&repository.commit_of("main").unwrap(), place.path(), &limits)
    };
    let small = try_with(Limits { file_bytes: 4, ..Limits::default() }).unwrap();
    assert_eq!((small.files, small.skipped.too_large), (1, 1));
    assert!(matches!(try_with(Limits { total_bytes: 5, ..Limits::default() }), Err(HistoryError::TooLarge { .. })));
    // A few objects that describe ten thousand million files.
    for _ in 0..10 {
        let names: Vec<String> = (0..10).map(|at| format!("d{at}")).collect();
        tree = fixture.tree(&names.iter().map(|name| (name.as_bytes(), EntryKind::Tree, tree)).collect::<Vec<_>>());
    }
    fixture.commit_tree(tree);
    let error = try_with(Limits { entries: 500, ..Limits::default() }).unwrap_err();
    assert!(error.to_string().contains("500 files and folders"), "{error}");
}

#[test]
#[cfg(unix)]
fn nothing_the_repository_names_is_run() {
    use std::os::unix::fs::PermissionsExt;
    let mut fixture = Fixture::new();
    fixture.commit(&[(".gitattributes", "* filter=evil diff=evil\n"), ("a.py", "1")]);
    fixture.commit(&[(".gitattributes", "* filter=evil diff=evil\n"), ("a.py", "2")]);
    let (marker, program) = (fixture.path().join("marker"), fixture.path().join("evil.sh"));
    std::fs::write(&program, format!("#!/bin/sh\ntouch {}\n", marker.display())).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = program.display();
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsmonitor = {run}\n\thooksPath = {0}\n\tpager = {run}\n\teditor = {run}\n\tsshCommand = {run}\n\
         \tgitProxy = {run}\n\taskPass = {run}\n\talternateRefsCommand = {run}\n\tworktree = /\n\
         [diff]\n\texternal = {run}\n[diff \"evil\"]\n\tcommand = {run}\n\ttextconv = {run}\n[filter \"evil\"]\n\tsmudge = {run}\n\tclean = {run}\n\
         \tprocess = {run}\n\trequired = true\n[credential]\n\thelper = !{run}\n[include]\n\tpath = {run}\n[gpg]\n\tprogram = {run}\n\
         [remote \"origin\"]\n\turl = ext::{run}\n\tpromisor = true\n\tuploadpack = {run}\n[extensions]\n\tpartialClone = origin\n",
        fixture.path().display()
    );
    fixture.write_git("config", &config);
    for hook in ["post-checkout", "reference-transaction", "post-index-change"] {
        std::fs::copy(&program, fixture.path().join(hook)).unwrap();
    }
    fixture.forget(fixture.blob("1"));
    let repository = find(fixture.path());
    assert_eq!(repository.prefix(), "", "core.worktree is not believed");
    assert!(touch(&repository, "a.py").is_ok());
    assert_eq!(export(&repository, "HEAD").1.files, 2);
    assert_eq!(export(&repository, "HEAD~1").1.skipped.missing, 1, "not fetched from the promisor");
    assert!(!marker.exists(), "a program was run");
    std::process::Command::new(&program).status().unwrap();
    assert!(marker.exists(), "the program would have left its mark");
}

#[test]
fn linked_work_trees_and_bare_repositories_open() {
    let mut fixture = Fixture::new();
    let first = fixture.commit(&[("app/a.py", "1")]);
    fixture.commit(&[("app/a.py", "2")]);
    let linked = tempfile::tempdir().unwrap();
    let private = fixture.path().join(".git/worktrees/linked");
    std::fs::write(linked.path().join(".git"), format!("gitdir: {}\n", private.display())).unwrap();
    fixture.write_git("worktrees/linked/HEAD", &format!("{first}\n"));
    fixture.write_git("worktrees/linked/commondir", "../..\n");
    fixture.write_git("worktrees/linked/gitdir", &format!("{}\n", linked.path().join(".git").display()));
    std::fs::create_dir(linked.path().join("app")).unwrap();
    let repository = find(&linked.path().join("app"));
    assert_eq!((repository.prefix(), repository.head().unwrap().id()), ("app", first.to_string()));
    assert_eq!(export(&repository, "main").1.files, 1);

    let mut bare = Fixture::bare();
    let only = bare.commit(&[("a.py", "1")]);
    let repository = find(bare.path());
    assert_eq!((repository.prefix(), repository.head().unwrap().id()), ("", only.to_string()));
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let mut outer = Fixture::new();
    outer.commit(&[("a.py", "1")]);
    let mut inner = Fixture::bare();
    let head = inner.commit(&[("inner.py", "1")]);
    let folder = outer.folder("libs/inner");
    std::fs::write(folder.join(".git"), format!("gitdir: {}\n", inner.path().display())).unwrap();
    let repository = find(&folder);
    assert_eq!((repository.prefix(), repository.head().unwrap().id()), ("", head.to_string()));
    assert_eq!(export(&repository, "HEAD").1.files, 1);
}

/// Needs a user who may give files away; for others there is nothing to test here.
#[test]
#[cfg(unix)]
fn a_repository_of_another_user_opens() {
    let mut fixture = Fixture::new();
    let head = fixture.commit(&[("a.py", "1")]);
    for entry in walkdir::WalkDir::new(fixture.path()).into_iter().map(Result::unwrap) {
        if std::os::unix::fs::chown(entry.path(), Some(12345), Some(12345)).is_err() {
            return;
        }
    }
    let repository = find(fixture.path());
    assert_eq!(repository.head().unwrap().id(), head.to_string());
    assert_eq!(export(&repository, "HEAD").1.files, 1);
}
