//! SARIF 2.1.0, for code scanning: a rule for everything gated, a result for each new finding.

use super::{CheckFormat, CheckOutcome, Explained, story};
use crate::analyses::gated::GATED;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write};

/// The row of this format.
pub static FORMAT: CheckFormat = CheckFormat { name: "sarif", write };

fn write(outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    let rule = |row: &&crate::analyses::gated::GatedRow| json!({"id": row.kind, "shortDescription": {"text": row.about}, "defaultConfiguration": {"level": "error"}});
    let rules: Vec<Value> = GATED.iter().map(rule).collect();
    let results: Vec<Value> = outcome.new.iter().map(result).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "unpick", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn result(explained: &Explained) -> Value {
    let finding = &explained.new.finding;
    let place = |(path, line): &(String, u32)| {
        json!({"physicalLocation": {
            "artifactLocation": {"uri": uri(path), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line},
        }})
    };
    let locations: Vec<Value> = explained.explanation.place.iter().map(place).collect();
    let mut result = json!({
        "ruleId": finding.kind,
        "level": "error",
        "message": {"text": story(explained).join("\n")},
        "locations": locations,
        "partialFingerprints": {"unpickFinding/v1": finding.id()},
    });
    if !explained.owners.is_empty() {
        result["properties"] = json!({"owners": explained.owners});
    }
    result
}

/// A path as a relative reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a String takes everything");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::check::testing::{HOSTILE, clean, hostile, small, written};
    use serde_json::{Value, json};

    #[test]
    fn the_required_keys_are_there() {
        let log: Value = serde_json::from_str(&written(&FORMAT, &small())).unwrap();
        assert_eq!(log["version"], "2.1.0");
        let driver = &log["runs"][0]["tool"]["driver"];
        assert_eq!((&driver["name"], &driver["rules"][0]["id"]), (&json!("unpick"), &json!("cycle-edge")));
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), 1);
        let result = &results[0];
        assert_eq!((&result["level"], &result["ruleId"]), (&json!("error"), &json!("cycle-edge")));
        assert!(result["message"]["text"].as_str().unwrap().contains("way out: easy: nothing is loaded"));
        assert_eq!(
            result["locations"][0]["physicalLocation"],
            json!({"artifactLocation": {"uri": "shop/cart/a.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 5}})
        );
        assert_eq!(result["partialFingerprints"], json!({"unpickFinding/v1": small().new[0].new.finding.id()}));
        let nothing: Value = serde_json::from_str(&written(&FORMAT, &clean())).unwrap();
        assert_eq!(nothing["runs"][0]["results"], json!([]));
    }

    #[test]
    fn hostile_paths_become_references_and_a_place_may_be_missing() {
        assert_eq!(super::uri(HOSTILE), "a%7Cb%60c%3Cd%3E%26%22e%27%25%2C%3A%0D%0A%01%1B%EF%BF%BE%C3%A9");
        let log: Value = serde_json::from_str(&written(&FORMAT, &hostile())).unwrap();
        assert_eq!(log["runs"][0]["results"][1]["locations"], json!([]));
    }
}
