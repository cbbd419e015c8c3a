//! `unpick contracts`: what the application takes and answers, as OpenAPI documents in a folder.

use super::args::ContractsArgs;
use super::beside::beside;
use super::output;
use super::scan::Scan;
use crate::contracts::{Grouping, Version, draft};
use crate::plan::settings::Settings;
use crate::plan::{gather, plan};
use crate::reports::contracts::{INDEX, Listed, Page, listed, mark, pages};
use anyhow::{Context, bail};
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Scans, drafts and writes.
pub(super) fn run(args: &ContractsArgs) -> anyhow::Result<ExitCode> {
    let version = Version::of(&args.openapi).context("clap let an unknown version through")?;
    let scan = Scan::with_payloads(&args.path, &args.scan, true)?;
    let contracts = if args.single {
        draft(&scan.project, Grouping::Single, version)
    } else {
        let beside = beside(&args.path, &scan, !args.history.no_history);
        let (facts, plan) = plan(gather::gather(&scan.project, &scan.findings, &scan.config, &beside), &Settings::default());
        draft(&scan.project, Grouping::ByPlan(&facts, &plan), version)
    };
    if contracts.is_empty() {
        bail!(
            "{}: no route was found, so there is nothing to write; `unpick unresolved` lists what could not be told",
            args.path.display()
        );
    }
    let pages = pages(&contracts, &args.format).context("the documents cannot be put into text")?;
    write(&args.out, &pages)?;
    let operations: usize = contracts.iter().map(|contract| contract.operations).sum();
    let ambiguous: usize = contracts.iter().map(|contract| contract.ambiguous).sum();
    let (documents, out) = (contracts.len(), args.out.display());
    output::to_stdout(&mut |stream| {
        let (s, them) = if documents == 1 { ("", "it has") } else { ("s", "they have") };
        writeln!(
            stream,
            "{documents} document{s} in {out}, listed in {INDEX}; {them} {operations} operations, {ambiguous} of them ambiguous."
        )
    })?;
    scan.verdict(&args.scan)
}

/// Puts the documents into a folder. What somebody else wrote there, or changed since, is never lost.
fn write(out: &Path, pages: &[Page]) -> anyhow::Result<()> {
    fs::create_dir_all(out).with_context(|| format!("{}: the folder cannot be made", out.display()))?;
    let known = match text_of(&out.join(INDEX))? {
        None => Vec::new(),
        Some(index) => listed(&index).with_context(|| {
            format!("{}: was not written by `unpick contracts`; move it, or give --out another folder", out.join(INDEX).display())
        })?,
    };
    for page in pages.iter().filter(|page| page.name != INDEX) {
        let path = out.join(&page.name);
        let Some(there) = text_of(&path)? else { continue };
        match known.iter().find(|document| document.file == page.name) {
            _ if there == page.text => {}
            Some(document) if document.fingerprint == mark(&there) => {}
            Some(_) => bail!(
                "{}: was changed since unpick wrote it; move it away and compare it with the new one, or give --out another folder",
                path.display()
            ),
            None => bail!("{}: was not written by `unpick contracts`; move it, or give --out another folder", path.display()),
        }
    }
    for page in pages {
        output::to_file(&out.join(&page.name), &mut |stream| stream.write_all(page.text.as_bytes()))?;
    }
    remove_gone(out, pages, &known)
}

/// Takes away documents of an earlier run that there is nothing to say for any more, unless somebody has changed them.
fn remove_gone(out: &Path, pages: &[Page], known: &[Listed]) -> anyhow::Result<()> {
    for document in known.iter().filter(|document| pages.iter().all(|page| page.name != document.file)) {
        // An index that names a file elsewhere is none of ours.
        if Path::new(&document.file).components().count() != 1 || document.file.starts_with("..") {
            continue;
        }
        let path = out.join(&document.file);
        if text_of(&path)?.is_some_and(|there| mark(&there) == document.fingerprint) {
            fs::remove_file(&path).with_context(|| format!("{}: cannot be removed", path.display()))?;
        }
    }
    Ok(())
}

/// The text of a file, none where there is no such file.
#[allow(clippy::disallowed_methods, reason = "the command line reads what it wrote earlier")]
fn text_of(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{}: cannot be read", path.display())),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests look at what was written")]
mod tests {
    use super::write;
    use crate::contracts::Contract;
    use crate::contracts::tree::Node;
    use crate::reports::contracts::{Page, pages};
    use std::fs;

    fn made(names: &[&str], version: &str) -> Vec<Page> {
        let contracts: Vec<Contract> = names
            .iter()
            .map(|name| {
                let document = Node::Map(vec![("openapi".to_owned(), Node::text(version))]);
                Contract { name: (*name).to_owned(), of: "module", document, operations: 1, ambiguous: 0 }
            })
            .collect();
        pages(&contracts, "json").unwrap()
    }

    #[test]
    fn own_files_are_replaced_and_those_of_others_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a/contracts");
        write(&out, &made(&["cart", "orders"], "3.1.0")).unwrap();
        write(&out, &made(&["cart"], "3.0.3")).unwrap();
        assert!(fs::read_to_string(out.join("cart.json")).unwrap().contains("3.0.3"));
        assert!(!out.join("orders.json").exists(), "it is gone from the application, and nobody had changed it");
        fs::write(out.join("cart.json"), "reviewed").unwrap();
        let refused = write(&out, &made(&["cart"], "3.1.0")).unwrap_err().to_string();
        assert!(refused.contains("was changed since") && refused.contains("--out"), "{refused}");
        fs::write(out.join("users.json"), "mine").unwrap();
        let refused = write(&out, &made(&["users"], "3.1.0")).unwrap_err().to_string();
        assert!(refused.contains("was not written by"), "{refused}");
        assert_eq!(fs::read_to_string(out.join("users.json")).unwrap(), "mine");
    }

    #[test]
    fn a_strangers_index_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.json"), "{}").unwrap();
        let refused = write(folder.path(), &made(&["cart"], "3.1.0")).unwrap_err().to_string();
        assert!(refused.contains("index.json") && refused.contains("was not written by"), "{refused}");
    }
}
