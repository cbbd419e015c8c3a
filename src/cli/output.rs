//! Where results go: stdout, or a file that is complete or not there at all.

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What is done to fill a stream.
pub(super) type Fill<'a> = &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// True when colours make sense on stdout: it is a terminal and the user did not forbid them (`NO_COLOR`).
pub(super) fn colour_on_stdout() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Writes a result to stdout.
pub(super) fn to_stdout(fill: Fill) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, AutoStream::always(io::stdout().lock()));
    fill(&mut out).and_then(|()| out.flush()).context("stdout: cannot be written")
}

/// Writes a result to a file: to a neighbour first, which then takes its name, so that nobody ever sees half of it.
pub(super) fn to_file(path: &Path, fill: Fill) -> anyhow::Result<()> {
    write_file(path, fill).with_context(|| format!("{}: cannot be written; check the folder and its permissions", path.display()))
}

fn write_file(path: &Path, fill: Fill) -> io::Result<()> {
    // The file behind a link is replaced, not the link; pipes and devices cannot be replaced at all.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&target).ok();
    match &before {
        Some(there) if there.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
        Some(there) if !there.is_file() => return write_through(fs::OpenOptions::new().write(true).open(&target)?, fill).map(drop),
        _ => {}
    }
    let (neighbour, file) = create_neighbour(&target)?;
    let written = write_through(file, fill).and_then(|file| {
        if let Some(before) = before {
            file.set_permissions(before.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&neighbour, &target)
    });
    if written.is_err() {
        // What counts is the first error; a neighbour that stays behind is only litter.
        let _ = fs::remove_file(&neighbour);
    }
    written
}

fn write_through(file: File, fill: Fill) -> io::Result<File> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    fill(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

/// A new file beside the target, under a name nobody uses.
fn create_neighbour(target: &Path) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it has no file name"))?.to_string_lossy();
    let process = std::process::id();
    for attempt in 0..100 {
        let neighbour = target.with_file_name(format!(".{name}.{process}-{attempt}.tmp"));
        match fs::OpenOptions::new().write(true).create_new(true).open(&neighbour) {
            Ok(file) => return Ok((neighbour, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "too many unfinished files beside it"))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests look at what was written")]
mod tests {
    use super::to_file;
    use std::fs;
    use std::io;

    fn names(folder: &std::path::Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.json");
        fs::write(&path, "before").unwrap();
        to_file(&path, &mut |out| out.write_all(b"after")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(names(folder.path()), ["map.json"]);
    }

    #[test]
    fn a_failure_leaves_what_was_there_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.json");
        fs::write(&path, "before").unwrap();
        let error = to_file(&path, &mut |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("boom"))
        })
        .unwrap_err();
        assert!(format!("{error:#}").contains("boom"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(names(folder.path()), ["map.json"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/map.json");
        let error = to_file(&path, &mut |out| out.write_all(b"x")).unwrap_err();
        assert!(format!("{error:#}").contains("missing/map.json"), "{error:#}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real.json");
        let link = folder.path().join("link.json");
        fs::write(&real, "before").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        to_file(&link, &mut |out| out.write_all(b"after")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "after");
    }
}
