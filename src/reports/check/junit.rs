//! JUnit's XML, which nearly every CI server shows: a failed test case for each new finding.

use super::{CheckFormat, CheckOutcome, headline, story};
use std::io::{self, Write};

/// The row of this format.
pub static FORMAT: CheckFormat = CheckFormat { name: "junit", write };

fn write(outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    let (tests, failures) = (outcome.new.len().max(1), outcome.new.len());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites>")?;
    writeln!(out, "  <testsuite name=\"unpick check\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">")?;
    if outcome.new.is_empty() {
        // A suite without a case counts as broken on some servers.
        writeln!(out, "    <testcase classname=\"unpick.check\" name=\"nothing new ({})\"/>", escape(&outcome.delta()))?;
    }
    for explained in &outcome.new {
        let finding = &explained.new.finding;
        let (kind, head) = (escape(&finding.kind), escape(&headline(finding)));
        let place = explained.explanation.place.as_ref();
        let attributes = place.map(|(path, line)| format!(" file=\"{}\" line=\"{line}\"", escape(path))).unwrap_or_default();
        let place = place.map(|(path, line)| format!("at {}:{line}\n", escape(path))).unwrap_or_default();
        writeln!(out, "    <testcase classname=\"unpick.{kind}\" name=\"{head}\"{attributes}>")?;
        writeln!(out, "      <failure type=\"{kind}\" message=\"{head}\">{place}{}</failure>", escape(&story(explained).join("\n")))?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// Text for an element or an attribute. What XML 1.0 cannot hold even as a reference is dropped.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' => escaped.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::check::testing::{HOSTILE, clean, hostile, small, written};

    #[test]
    fn a_new_finding_is_a_failed_case() {
        let id = small().new[0].new.finding.id();
        let expected = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="unpick check" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="unpick.cycle-edge" name="cart -&gt; orders closes a cycle of modules" file="shop/cart/a.py" line="5">
      <failure type="cycle-edge" message="cart -&gt; orders closes a cycle of modules">at shop/cart/a.py:5
cart -&gt; orders closes a cycle of modules
code: import orders
cycle: cart -&gt; orders -&gt; cart
way out: easy: nothing is loaded
in a cycle only because of it: orders -&gt; cart
owners: @cart
more: unpick why cart orders
accept: unpick baseline --accept {id} --reason &quot;...&quot;</failure>
    </testcase>
  </testsuite>
</testsuites>
"#
        );
        assert_eq!(written(&FORMAT, &small()), expected);
    }

    #[test]
    fn nothing_new_is_one_case_that_passes() {
        let text = written(&FORMAT, &clean());
        assert!(text.contains("tests=\"1\" failures=\"0\"") && text.contains("name=\"nothing new (0 known, 0 new)\"/>"), "{text}");
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped_or_dropped() {
        assert_eq!(super::escape(HOSTILE), "a|b`c&lt;d&gt;&amp;&quot;e&apos;%,:&#13;\né");
        let text = written(&FORMAT, &hostile());
        assert!(!text.contains(['\u{1}', '\u{1b}', '\u{fffe}', '\r']) && !text.contains("c<d>"));
        assert_eq!(text.matches("<failure ").count(), 2);
    }
}
