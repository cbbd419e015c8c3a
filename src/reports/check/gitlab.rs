//! GitLab's Code Quality report: a JSON array.

use super::{CheckFormat, CheckOutcome, Explained, story};
use serde_json::{Value, json};
use std::io::{self, Write};

/// The row of this format.
pub static FORMAT: CheckFormat = CheckFormat { name: "gitlab", write };

fn write(outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Value> = outcome.new.iter().map(issue).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue(explained: &Explained) -> Value {
    let finding = &explained.new.finding;
    // GitLab drops issues without a place; the baseline is where such a finding would be accepted.
    let (path, line) = explained.explanation.place.as_ref().map_or(("unpick.baseline.json", 1), |(path, line)| (path, *line));
    json!({
        "description": story(explained).join("\n"),
        "check_name": finding.kind,
        "fingerprint": finding.id(),
        "severity": "major",
        "location": {"path": path, "lines": {"begin": line}},
    })
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::check::testing::{HOSTILE, clean, hostile, small, written};
    use serde_json::{Value, json};

    #[test]
    fn each_new_finding_is_an_issue() {
        let issues: Value = serde_json::from_str(&written(&FORMAT, &small())).unwrap();
        assert_eq!(issues.as_array().unwrap().len(), 1);
        assert_eq!(issues[0]["check_name"], "cycle-edge");
        assert_eq!(issues[0]["severity"], "major");
        assert_eq!(issues[0]["fingerprint"], small().new[0].new.finding.id());
        assert_eq!(issues[0]["location"], json!({"path": "shop/cart/a.py", "lines": {"begin": 5}}));
        assert!(issues[0]["description"].as_str().unwrap().contains("\ncycle: cart -> orders -> cart\n"));
        assert_eq!(written(&FORMAT, &clean()), "[]\n");
    }

    #[test]
    fn hostile_names_arrive_whole_and_every_issue_has_a_place() {
        let issues: Value = serde_json::from_str(&written(&FORMAT, &hostile())).unwrap();
        assert_eq!(issues[0]["location"]["path"], HOSTILE);
        assert_eq!(issues[1]["location"], json!({"path": "unpick.baseline.json", "lines": {"begin": 1}}));
    }
}
