//! Path patterns: one compiled set for all rules, asked with paths relative to the scanned root.

use globset::{Candidate, GlobBuilder, GlobSet, GlobSetBuilder};

/// Patterns of several owners (module rules, or one list), compiled together.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns {
    set: GlobSet,
    /// The owner of each compiled pattern; ascending, because owners are added in order.
    owners: Vec<usize>,
    /// The scanned folder as the patterns see it.
    prefix: String,
}

impl Patterns {
    /// The smallest owner one of whose patterns matches.
    pub(super) fn first_owner(&self, path: &str) -> Option<usize> {
        if self.owners.is_empty() {
            return None;
        }
        let seen = crate::base::join(&self.prefix, path);
        let matches = self.set.matches_candidate(&Candidate::new(&seen));
        matches.into_iter().min().and_then(|index| self.owners.get(index).copied())
    }
}

/// Collects patterns before they are compiled.
pub(super) struct PatternsBuilder {
    builder: GlobSetBuilder,
    owners: Vec<usize>,
}

impl PatternsBuilder {
    /// Nothing collected yet.
    pub(super) fn new() -> Self {
        Self { builder: GlobSetBuilder::new(), owners: Vec::new() }
    }

    /// Adds a pattern of an owner; a pattern that names a folder also means everything below it.
    pub(super) fn add(&mut self, owner: usize, pattern: &str) -> Result<(), String> {
        let plain = clean(pattern)?;
        for text in [plain.clone(), format!("{plain}/**")] {
            let glob =
                GlobBuilder::new(&text).literal_separator(true).backslash_escape(true).build().map_err(|error| error.kind().to_string())?;
            self.builder.add(glob);
            self.owners.push(owner);
        }
        Ok(())
    }

    /// Compiles what was collected.
    pub(super) fn build(self, prefix: &str) -> Result<Patterns, String> {
        let set = self.builder.build().map_err(|error| error.kind().to_string())?;
        Ok(Patterns { set, owners: self.owners, prefix: prefix.to_owned() })
    }
}

/// A pattern or folder without `./` before and `/` around it.
pub(super) fn clean(text: &str) -> Result<String, String> {
    let mut plain = text.trim_matches('/');
    while let Some(rest) = plain.strip_prefix("./") {
        plain = rest.trim_start_matches('/');
    }
    if plain.split('/').any(|part| part == "..") {
        return Err("`..` leads out of the folder".to_owned());
    }
    match plain {
        "" => Err("it is empty".to_owned()),
        // The folder itself: everything.
        "." => Ok("**".to_owned()),
        _ => Ok(plain.to_owned()),
    }
}
