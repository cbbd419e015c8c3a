//! Workflow commands: GitHub shows each new finding at its line of the pull request.

use super::{CheckFormat, CheckOutcome, headline, story};
use std::io::{self, Write};

/// The row of this format.
pub static FORMAT: CheckFormat = CheckFormat { name: "github", write };

fn write(outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    for explained in &outcome.new {
        let place = explained.explanation.place.as_ref();
        let place = place.map(|(path, line)| format!("file={},line={line},", property(path))).unwrap_or_default();
        let title = property(&headline(&explained.new.finding));
        writeln!(out, "::error {place}title={title}::{}", message(&story(explained).join("\n")))?;
    }
    Ok(())
}

/// The escapes of a command's text.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a property: a comma would end it and a colon the whole list.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::check::testing::{HOSTILE, clean, hostile, small, written};

    #[test]
    fn one_command_for_each_new_finding() {
        let id = small().new[0].new.finding.id();
        let expected = format!(
            "::error file=shop/cart/a.py,line=5,title=cart -> orders closes a cycle of modules::cart -> orders closes a cycle of modules\
             %0Acode: import orders%0Acycle: cart -> orders -> cart%0Away out: easy: nothing is loaded\
             %0Ain a cycle only because of it: orders -> cart%0Aowners: @cart%0Amore: unpick why cart orders\
             %0Aaccept: unpick baseline --accept {id} --reason \"...\"\n"
        );
        assert_eq!(written(&FORMAT, &small()), expected);
        assert_eq!(written(&FORMAT, &clean()), "");
    }

    #[test]
    fn a_hostile_name_ends_neither_its_property_nor_the_command() {
        assert_eq!(super::property(HOSTILE), "a|b`c<d>&\"e'%25%2C%3A%0D%0A\u{1}\u{1b}\u{fffe}é");
        assert_eq!(super::message(HOSTILE), "a|b`c<d>&\"e'%25,:%0D%0A\u{1}\u{1b}\u{fffe}é");
        let text = written(&FORMAT, &hostile());
        assert_eq!(text.lines().count(), 2);
        assert!(text.lines().nth(1).unwrap().starts_with("::error title=bare"));
    }
}
