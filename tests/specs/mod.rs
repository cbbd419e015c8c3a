//! Runs the documents in testdata/: each shows a few files and what unpick says about them.
//!
//! `UPDATE_SPECS=1 cargo test specs` writes what unpick says today into the documents; read the difference before you
//! commit it. CONTRIBUTING.md says how a document is written.

pub(crate) mod document;
mod dumps;
mod payloads;
mod render;

use crate::support::{Tree, files_below, here, relative, text_of};
use document::{Case, Document};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

#[test]
fn documents_say_what_the_code_does() {
    let update = std::env::var_os("UPDATE_SPECS").is_some();
    let documents = all();
    assert!(documents.len() > 20, "only {} documents found: is testdata/ there?", documents.len());
    let mut failures = Vec::new();
    for path in documents {
        let text = text_of(&path);
        let name = relative(&path, &here("testdata"));
        match check(&text) {
            Ok(outcome) if outcome.wrong.is_empty() => {}
            Ok(outcome) if update => std::fs::write(&path, outcome.corrected).expect("the document can be written"),
            Ok(outcome) => failures.extend(outcome.wrong.into_iter().map(|wrong| format!("testdata/{name}: {wrong}"))),
            Err(mistake) => failures.push(format!("testdata/{name}: {mistake}")),
        }
    }
    let hint = "UPDATE_SPECS=1 cargo test specs writes the answers of today into the documents";
    assert!(failures.is_empty(), "\n{}\n{hint}", failures.join("\n"));
}

#[test]
fn a_wrong_answer_is_seen_and_can_be_put_right() {
    let text = "# A\n\n`a.py`\n\n```python\nimport b\n```\n\n`b.py`\n\n```python\n```\n\n```edges\nb.py -> a.py\n```\n";
    let outcome = check(text).expect("the document is well written");
    assert_eq!(outcome.wrong.len(), 1, "{:?}", outcome.wrong);
    assert!(outcome.wrong[0].contains("- b.py -> a.py") && outcome.wrong[0].contains("+ a.py -> b.py"), "{}", outcome.wrong[0]);
    let again = check(&outcome.corrected).expect("the document is well written");
    assert!(again.wrong.is_empty() && again.corrected == outcome.corrected);
}

#[test]
fn a_document_that_checks_nothing_is_refused() {
    let refused = |text: &str, part: &str| {
        let Err(mistake) = check(text) else { panic!("accepted: {text}") };
        assert!(mistake.contains(part), "{mistake}");
    };
    refused("# A\n\n`a.py`\n\n```python\nimport b\n```\n", "expects nothing");
    refused("# A\n\n```edges\n```\n", "no files");
    refused("# A\n\n```python\nimport b\n```\n", "no path above it");
    refused("# A\n\n`a.py`\n\n```python\n```\n\n```egdes\n```\n", "egdes");
    refused("# A\n\n`a.py`\n\n```python\n", "never closed");
}

/// What came of one document.
struct Outcome {
    wrong: Vec<String>,
    corrected: String,
}

fn all() -> Vec<PathBuf> {
    // tests/sql.rs runs the documents about SQL: they hold statements, not files.
    let others = [here("testdata/projects"), here("testdata/sql")];
    files_below(&here("testdata"), ".md").into_iter().filter(|path| !others.iter().any(|other| path.starts_with(other))).collect()
}

fn check(text: &str) -> Result<Outcome, String> {
    let document = Document::read(text)?;
    let mut wrong = Vec::new();
    let mut corrections = Vec::new();
    for case in &document.cases {
        // A panic is one more wrong answer; the other cases still have theirs.
        let answers = catch_unwind(AssertUnwindSafe(|| answers(case)));
        let answers = answers.map_err(|_| format!("line {}: unpick panicked on this case", case.line))??;
        for (expected, answer) in case.expected.iter().zip(answers) {
            if expected.lines != answer {
                let difference = difference(&expected.lines, &answer);
                wrong.push(format!("line {}: `{}` of \"{}\"\n{difference}", expected.line, expected.what, case.title));
            }
            corrections.push((expected.first, expected.lines.len(), answer));
        }
    }
    Ok(Outcome { wrong, corrected: document.with(corrections) })
}

fn answers(case: &Case) -> Result<Vec<Vec<String>>, String> {
    if let Some(answers) = dumps::answers(case) {
        return Ok(answers);
    }
    let tree = Tree::of(&case.files);
    // Costs time, so only where it is asked for.
    let payloads = case.expected.iter().any(|expected| expected.what == "payloads");
    let mut config = tree.config();
    config.payloads = payloads;
    let project = tree.scan_with(&config, 1);
    case.expected
        .iter()
        .map(|expected| render::answer(&project, &expected.what).map_err(|m| format!("line {}: {m}", expected.line)))
        .collect()
}

/// The longest common lines stay, the others are marked: `-` is what the document says, `+` is what unpick says.
fn difference(expected: &[String], answer: &[String]) -> String {
    let mut longest = vec![vec![0; answer.len() + 1]; expected.len() + 1];
    for (i, left) in expected.iter().enumerate().rev() {
        for (j, right) in answer.iter().enumerate().rev() {
            longest[i][j] = if left == right { longest[i + 1][j + 1] + 1 } else { longest[i + 1][j].max(longest[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < expected.len() || j < answer.len() {
        if i < expected.len() && j < answer.len() && expected[i] == answer[j] {
            out.push(format!("    {}", expected[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == answer.len() || i < expected.len() && longest[i + 1][j] >= longest[i][j + 1] {
            out.push(format!("  - {}", expected[i]));
            i += 1;
        } else {
            out.push(format!("  + {}", answer[j]));
            j += 1;
        }
    }
    out.join("\n")
}
