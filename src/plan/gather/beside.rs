//! What stands beside the code: who answers for it, and who changed what.

use super::Atoms;
use crate::base::FileId;
use crate::plan::facts::{Commit, Facts};
use crate::plan::work;
use crate::project::Project;
use std::collections::BTreeSet;

/// What is known of the files besides what stands in them. Nothing of it has to be there.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Who answers for each file, by its number; empty where nobody is named.
    pub owners: Vec<Vec<String>>,
    /// Commits of the last twelve months.
    pub commits: Vec<Touched>,
}

/// The files of one commit.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Who wrote it, as a number.
    pub author: u32,
    /// What it changed, as far as it is there today.
    pub files: Vec<FileId>,
}

/// Puts it into the facts.
pub(super) fn add(facts: &mut Facts, project: &Project, atoms: &Atoms, beside: &Beside) {
    let mut owners: Vec<BTreeSet<&String>> = vec![BTreeSet::new(); facts.atoms.len()];
    for file in project.own_files() {
        let own = beside.owners.get(file.index()).map_or(&[][..], Vec::as_slice);
        atoms.of_file(project, file).for_each(|atom| owners[atom].extend(own));
    }
    for (atom, owners) in facts.atoms.iter_mut().zip(owners) {
        atom.code_owners = owners.into_iter().cloned().collect();
    }
    for commit in &beside.commits {
        let own = commit.files.iter().filter(|file| !project.base.file(**file).left_out);
        let touched: BTreeSet<usize> = own.flat_map(|file| atoms.of_file(project, *file)).collect();
        if !touched.is_empty() {
            facts.commits.push(Commit { atoms: touched.into_iter().collect(), author: commit.author });
        }
    }
    for (atom, churn) in facts.atoms.iter_mut().zip(work::churn(&facts.commits, atoms.rows.len())) {
        atom.churn = churn;
    }
    facts.co_changes = work::co_changes(&facts.commits, &|atom| atoms.rows[atom].symbol.is_none());
}
