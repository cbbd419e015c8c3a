//! Text that is known in part: what formats and pieces come to when they are put together.

use crate::facts::DefinitionId;
use crate::sql::hole;

/// Longer texts are a machine's work.
const LONGEST: usize = 200_000;

/// A piece that is not known.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Hole {
    /// What may stand there; empty where nobody can tell.
    pub(super) texts: Vec<String>,
    /// What is written there: `$wpdb.prefix`, `DB_PREFIX`.
    pub(super) written: Option<Box<str>>,
    /// The parameter it is, by function and position.
    pub(super) parameter: Option<(DefinitionId, u32)>,
}

/// Text with marks for what is not known.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Folded {
    pub(super) text: String,
    pub(super) holes: Vec<Hole>,
}

impl Folded {
    fn open(&mut self, found: Hole) {
        if self.text.len() < LONGEST {
            self.text.push_str(&hole(self.holes.len()));
            self.holes.push(found);
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        if self.text.len() + text.len() < LONGEST {
            self.text.push_str(text);
        }
    }

    /// Appends another text; its holes get new numbers.
    pub(super) fn append(&mut self, more: &Self) {
        let mut rest = more.text.as_str();
        while let Some((before, after)) = rest.split_once(crate::sql::HOLE_START) {
            self.push(before);
            let (number, after) = after.split_once(crate::sql::HOLE_END).unwrap_or(("", after));
            self.open(number.parse().ok().and_then(|number: usize| more.holes.get(number).cloned()).unwrap_or_default());
            rest = after;
        }
        self.push(rest);
    }

    /// The text, where all of it is known.
    pub(super) fn known(&self) -> Option<&str> {
        Some(self.text.as_str()).filter(|_| self.holes.is_empty())
    }

    pub(super) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), holes: Vec::new() }
    }

    pub(super) fn unknown() -> Self {
        Self::open_as(Hole::default())
    }

    /// Nothing but a hole.
    pub(super) fn open_as(found: Hole) -> Self {
        let mut folded = Self::default();
        folded.open(found);
        folded
    }

    /// Puts texts in the place of holes, where `fill` knows them; it is given the text before, the hole and the text
    /// behind.
    pub(super) fn filled(&self, mut fill: impl FnMut(&str, &Hole, &str) -> Option<String>) -> Self {
        let mut out = Self::default();
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once(crate::sql::HOLE_START) {
            out.push(before);
            let (number, after) = after.split_once(crate::sql::HOLE_END).unwrap_or(("", after));
            let found = number.parse().ok().and_then(|number: usize| self.holes.get(number)).cloned().unwrap_or_default();
            match fill(&out.text, &found, after) {
                Some(text) => out.push(&text),
                None => out.open(found),
            }
            rest = after;
        }
        out.push(rest);
        out
    }

    /// One of several texts. Clauses are taken at their longest; what is short may name a table and stays open.
    pub(super) fn one_of(all: &[Self]) -> Self {
        let texts: Option<Vec<&str>> = all.iter().map(Self::known).collect();
        let Some(texts) = texts.filter(|texts| !texts.is_empty()) else {
            // `$single ? $db->prefix : $db->base_prefix`: what is written in the first speaks for all.
            return all.iter().find(|text| !text.holes.is_empty() && text.text == hole(0)).cloned().unwrap_or_else(Self::unknown);
        };
        let longest = texts.iter().max_by_key(|text| text.len()).expect("there is one");
        if longest.contains(char::is_whitespace) || texts.len() == 1 {
            return Self::of(longest);
        }
        let mut folded = Self::default();
        folded.open(Hole { texts: texts.into_iter().map(str::to_owned).collect(), ..Hole::default() });
        folded
    }
}

/// How many values `%` would put in.
pub(super) fn conversions(text: &str) -> usize {
    let text = text.replace("%%", "");
    text.match_indices('%')
        .filter(|(at, _)| text[at + 1..].starts_with(['s', 'd', 'r', '(']) || numbered(&text[at + 1..]).is_some())
        .count()
}

/// `"%s.%(name)s" % ...`; a conversion nobody fills stays as it is written.
pub(super) fn percent(format: &Folded, all: &[Folded], named: &[(&str, Folded)]) -> Folded {
    let mut out = Folded::default();
    let mut values = all.iter();
    let mut rest = format.text.as_str();
    while let Some((before, after)) = rest.split_once('%') {
        out.append(&Folded { text: before.to_owned(), holes: format.holes.clone() });
        let (length, value) = if after.starts_with('%') {
            (1, Some(Folded::of("%")))
        } else if after.starts_with(['s', 'd', 'r']) {
            (1, values.next().cloned())
        } else if let Some((length, number)) = numbered(after) {
            (length, all.get(number.wrapping_sub(1)).cloned())
        } else if let Some((name, _)) = after.strip_prefix('(').and_then(|inner| inner.split_once(")s")) {
            (name.len() + 3, named.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
        } else {
            (0, None)
        };
        match value {
            Some(value) => out.append(&value),
            None => out.push(&rest[before.len()..before.len() + 1 + length]),
        }
        rest = &after[length..];
    }
    out.append(&Folded { text: rest.to_owned(), holes: format.holes.clone() });
    out
}

/// `1$s` of PHP: its length and its number.
fn numbered(text: &str) -> Option<(usize, usize)> {
    let (number, rest) = text.split_once('$')?;
    (number.len() < 3 && rest.starts_with(['s', 'd'])).then(|| Some((number.len() + 2, number.parse().ok()?)))?
}

/// `"{}.{name}".format(...)`; a field nobody fills stays as it is written.
pub(super) fn braces(format: &Folded, values: &[(Option<&str>, Folded)]) -> Folded {
    let mut out = Folded::default();
    let mut next = 0;
    let mut rest = format.text.as_str();
    while let Some((before, (field, after))) = rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?))) {
        out.append(&Folded { text: before.to_owned(), holes: format.holes.clone() });
        let name = field.split([':', '!']).next().unwrap_or(field);
        let value = if name.is_empty() {
            next += 1;
            values.get(next - 1)
        } else if let Ok(index) = name.parse::<usize>() {
            values.get(index)
        } else {
            values.iter().find(|(known, _)| *known == Some(name))
        };
        match value {
            Some((_, value)) => out.append(value),
            None => out.push(&rest[before.len()..before.len() + field.len() + 2]),
        }
        rest = after;
    }
    out.append(&Folded { text: rest.to_owned(), holes: format.holes.clone() });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(folded: &Folded) -> String {
        folded.text.replace(crate::sql::HOLE_START, "<").replace(crate::sql::HOLE_END, ">")
    }

    #[test]
    fn formats_are_filled_and_holes_keep_their_place() {
        let format = Folded::of("SELECT 100%% FROM %s_%(kind)s WHERE a = %s");
        let filled = percent(&format, &[Folded::of("shop")], &[("kind", Folded::unknown())]);
        assert_eq!(shown(&filled), "SELECT 100% FROM shop_<0> WHERE a = %s");
        let filled = braces(&filled, &[]);
        assert_eq!(shown(&filled), "SELECT 100% FROM shop_<0> WHERE a = %s");
        let filled = braces(&Folded::of("{} {name} {2}"), &[(None, Folded::unknown()), (Some("name"), filled)]);
        assert_eq!(shown(&filled), "<0> SELECT 100% FROM shop_<1> WHERE a = %s {2}");
        assert_eq!(filled.holes.len(), 2);
        let numbered = percent(&Folded::of("FROM %2$s WHERE %1$s"), &[Folded::of("a"), Folded::of("b")], &[]);
        assert_eq!(numbered.text, "FROM b WHERE a");
    }

    #[test]
    fn the_longest_clause_stands_for_all_and_names_stay_open() {
        let (empty, clause) = (Folded::of(""), Folded::of("JOIN b ON 1"));
        assert_eq!(Folded::one_of(&[empty, clause]).text, "JOIN b ON 1");
        let open = Folded::one_of(&[Folded::of("a"), Folded::of("b")]);
        assert_eq!(open.holes[0].texts, ["a", "b"]);
    }

    proptest! {
        #[test]
        fn any_format_is_filled_without_panic(text in "[%s(){}a1:é\u{1}\u{2}]{0,24}") {
            let folded = Folded { text, holes: vec![Hole::default()] };
            percent(&folded, &[Folded::of("x")], &[("a", Folded::unknown())]);
            braces(&folded, &[(None, Folded::unknown())]);
        }
    }
}
