//! Where the config file is, and how its folder lies to the scanned one.

use super::ConfigError;
use std::path::{Path, PathBuf};

/// The name looked for.
const FILE_NAME: &str = "unpick.toml";

/// The explicit file, or the nearest `unpick.toml` in `scanned` and the folders above it up to the filesystem root.
pub(super) fn locate(explicit: Option<&Path>, scanned: &Path) -> Result<Option<PathBuf>, ConfigError> {
    if let Some(file) = explicit {
        // Anything but a plain file (a pipe would block) is as good as missing.
        return if file.is_file() { Ok(Some(file.to_owned())) } else { Err(ConfigError::Missing(file.to_owned())) };
    }
    // Upward is meant in the real tree: `..` of a linked folder is not where its text says.
    let Ok(start) = scanned.canonicalize() else {
        return Ok(None);
    };
    Ok(start.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file()))
}

/// The text of the config file.
#[allow(clippy::disallowed_methods, reason = "config is one of the rooms that read files")]
pub(super) fn read_text(file: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable { file: file.to_owned(), reason: error.kind().to_string() })
}

/// The scanned folder seen from the config's folder (`""` when they are the same), with `/` between its parts.
///
/// `""` as well when the config's folder does not hold the scanned one: then patterns are relative to the latter.
pub(super) fn prefix(file: &Path, scanned: &Path) -> String {
    let folder = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let (Ok(folder), Ok(scanned)) = (folder.canonicalize(), scanned.canonicalize()) else {
        return String::new();
    };
    let Ok(below) = scanned.strip_prefix(&folder) else {
        return String::new();
    };
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
