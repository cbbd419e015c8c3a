//! What is offered for CI, run as a runner would run it: the action's step, the README's GitLab job and pre-commit hooks.

use super::checkout;
use crate::support::command::{code, run, stderr, stdout};
use crate::support::repository::Checkout;
use crate::support::{here, text_of};
use std::path::Path;
use std::process::{Command, Output};

/// A checkout with nothing new, and one with a new cycle.
fn good_and_bad() -> [Checkout; 2] {
    let (good, bad) = (checkout(), checkout());
    bad.write("shop/orders/b.py", "import shop.cart.b\n");
    [good, bad]
}

/// A script, run by bash as GitHub and GitLab do, with unpick on the path.
fn bash(script: &str, folder: &Path, variables: &[(&str, &str)]) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_unpick")).parent().expect("a program lies in a folder");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(folder).env("PATH", path);
    command.env_remove("GITHUB_ACTIONS").env_remove("GITHUB_STEP_SUMMARY").envs(variables.iter().copied());
    run(&mut command)
}

/// The lines of a YAML block scalar below a key, without their indentation.
fn block_below(text: &str, key: &str) -> String {
    let mut lines = text.lines().skip_while(|line| line.trim() != key).skip(1).peekable();
    let indent = lines.peek().map_or(0, |line| line.len() - line.trim_start().len());
    lines.take_while(|line| line.len() - line.trim_start().len() >= indent).map(|line| line[indent..].to_owned() + "\n").collect()
}

/// The value of a key on a line of its own.
fn value_of<'a>(text: &'a str, key: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix(key));
    line.unwrap_or_else(|| panic!("no {key}")).trim()
}

/// The fence of the README that holds a text.
fn snippet(holds: &str) -> String {
    let readme = text_of(&here("README.md"));
    let found = readme.split("```").skip(1).step_by(2).find(|fence| fence.contains(holds));
    found.unwrap_or_else(|| panic!("no snippet with {holds}")).to_owned()
}

#[cfg(unix)]
#[test]
fn the_step_of_the_action_fails_on_a_new_cycle_only() {
    let action = text_of(&here("action.yml"));
    let script = block_below(&action, "run: |");
    assert!(script.contains("check") && !script.contains("${{"), "inputs must not be pasted into the script: {script}");
    for (checkout, expected) in good_and_bad().iter().zip([0, 1]) {
        for arguments in ["", "--against HEAD --level file"] {
            let variables = [("UNPICK", "unpick"), ("UNPICK_PATH", "."), ("UNPICK_ARGS", arguments)];
            let output = bash(&script, checkout.root(), &variables);
            let expected = if arguments.is_empty() { expected } else { 0 };
            assert_eq!(code(&output), expected, "{arguments:?}: {}{}", stdout(&output), stderr(&output));
        }
    }
    // What a pull request can choose is never run, whatever it looks like.
    let [good, _] = good_and_bad();
    let hostile = [("UNPICK", "unpick"), ("UNPICK_PATH", "$(touch ran); touch ran"), ("UNPICK_ARGS", "$(touch${IFS}ran) ;touch ran")];
    assert_eq!(code(&bash(&script, good.root(), &hostile)), 2);
    assert!(!good.root().join("ran").exists());
}

#[cfg(unix)]
#[test]
fn the_job_for_gitlab_leaves_its_report_and_fails_on_a_new_cycle_only() {
    let job = snippet("gl-code-quality.json");
    let script = value_of(&job, "script:");
    assert!(job.contains("reports: {codequality: gl-code-quality.json}") && job.contains("when: always"), "{job}");
    for (checkout, expected) in good_and_bad().iter().zip([0, 1]) {
        assert_eq!(code(&bash(script, checkout.root(), &[])), i32::from(expected > 0));
        let report: serde_json::Value = serde_json::from_str(&text_of(&checkout.root().join("gl-code-quality.json"))).expect("JSON");
        assert_eq!(report.as_array().map(Vec::len), Some(expected));
    }
}

#[cfg(unix)]
#[test]
fn both_hooks_of_pre_commit_run_the_same_command() {
    let hooks = text_of(&here(".pre-commit-hooks.yaml"));
    let entry = value_of(&hooks, "entry:");
    assert!(snippet("repo: local").contains(&format!("entry: {entry}, language: system, pass_filenames: false")));
    assert!(hooks.contains("pass_filenames: false"), "file names would be taken for the folder to scan");
    for (checkout, expected) in good_and_bad().iter().zip([0, 1]) {
        assert_eq!(code(&bash(entry, checkout.root(), &[])), expected);
    }
}

#[cfg(unix)]
#[test]
fn on_a_runner_annotations_and_the_summary_come_by_themselves() {
    let [_, bad] = good_and_bad();
    let summary = bad.root().join("summary.md").display().to_string();
    let output = bash("unpick check", bad.root(), &[("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", &summary)]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("\n::error file=shop/orders/b.py,line=1,"), "{}", stdout(&output));
    assert!(text_of(Path::new(&summary)).starts_with("**unpick check:**"));
}

/// The official schema is not ours to give away; `.ci/run` fetches it and names the file in SARIF_SCHEMA.
#[cfg(feature = "outside-programs")]
#[test]
fn sarif_fits_the_official_schema() {
    let file = std::env::var("SARIF_SCHEMA").expect("SARIF_SCHEMA names the schema of SARIF 2.1.0; .ci/run fetches it");
    // One pattern was published with a bracket too many, which OASIS has since put right (errata 01).
    let text = text_of(Path::new(&file)).replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema = serde_json::from_str(&text).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema can be used");
    for checkout in good_and_bad() {
        checkout.write("CODEOWNERS", "* @everyone\n");
        checkout.write("unpick.toml", "[rules]\nmax_module_files = 3\nlayers = ['shop.billing', 'shop.cart']\n");
        let mut log = super::document(&checkout.check(&["--format", "sarif", "--level", "module", "--level", "file"]));
        let wrong: Vec<String> = validator.iter_errors(&log).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(log["runs"][0]["results"].as_array().is_some_and(|results| !results.is_empty()));
        log["runs"][0]["results"][0]["level"] = "fatal".into();
        assert!(!validator.is_valid(&log), "the schema looks at nothing");
    }
}
