//! What stands in holes that an application leaves to its installation: the prefix of its tables' names, and names of
//! tables that a framework keeps in properties.

use super::folded::{Folded, Hole};
use crate::sql::statement::Statement;
use crate::sql::{HOLE_START, Piece, pieces};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Properties of WordPress's `$wpdb` that are no tables.
const NO_TABLES: [&str; 8] = ["charset", "collate", "dbname", "dbh", "insert_id", "blogid", "siteid", "num_rows"];

/// Fills holes whose text an installation decides.
pub(super) struct Filler {
    /// What the declared tables of the tree have before the names that code writes behind a prefix; mostly nothing.
    prefix: String,
}

impl Filler {
    /// Looks which prefix makes declared tables out of the names that stand behind one.
    pub(super) fn learn<'a>(texts: impl Iterator<Item = &'a Folded>, known: &FxHashSet<String>) -> Self {
        let mut names: Vec<String> = Vec::new();
        for text in texts.filter(|text| !text.holes.is_empty()) {
            text.filled(|_, hole, behind| {
                match stands_for(hole) {
                    Some(Stands::Prefix) => names.push(first_name(behind).to_lowercase()),
                    Some(Stands::Table(name)) => names.push(name.to_lowercase()),
                    None => {}
                }
                None
            });
        }
        names.sort_unstable();
        names.dedup();
        let mut before: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        #[allow(clippy::iter_over_hash_type, reason = "votes are counted and sorted")]
        for table in known {
            for (at, _) in table.match_indices('_') {
                before.entry(&table[at + 1..]).or_default().push(&table[..=at]);
            }
        }
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            if known.contains(name) {
                *votes.entry("").or_default() += 1;
            }
            for prefix in before.get(name.as_str()).into_iter().flatten() {
                *votes.entry(prefix).or_default() += 1;
            }
        }
        let best = votes.into_iter().max_by_key(|(prefix, count)| (*count, Reverse(*prefix)));
        Self { prefix: best.map_or("", |(prefix, _)| prefix).to_owned() }
    }

    /// The declared table that a name means, with or without the prefix.
    pub(super) fn declared(&self, name: &str, known: &FxHashSet<String>) -> Option<String> {
        [name.to_owned(), format!("{}{name}", self.prefix)].into_iter().find(|name| known.contains(&name.to_lowercase()))
    }

    /// The text with what is known of its holes.
    pub(super) fn fill(&self, text: &Folded) -> Folded {
        if text.holes.is_empty() {
            return text.clone();
        }
        text.filled(|_, hole, behind| match stands_for(hole)? {
            // `{$kind_prefix}_data`: a name of the application's own is put together.
            Stands::Prefix => behind.starts_with(|c: char| is_name(c) && c != '_' || c == HOLE_START).then(|| self.prefix.clone()),
            Stands::Table(name) => Some(format!("{}{name}", self.prefix)),
        })
    }
}

/// What a hole stands for by what is written there.
enum Stands<'a> {
    /// The beginning of every table's name.
    Prefix,
    /// A table.
    Table(&'a str),
}

fn stands_for(hole: &Hole) -> Option<Stands<'_>> {
    let written = hole.written.as_deref()?;
    let mut parts = written.rsplit('.');
    let last = parts.next()?;
    let lower = last.to_ascii_lowercase();
    if lower.contains("prefix") || lower.ends_with("pre") || lower.ends_with("pfx") {
        return Some(Stands::Prefix);
    }
    let of_wordpress = parts.next().is_some_and(|object| object.trim_start_matches('$') == "wpdb");
    (of_wordpress && !NO_TABLES.contains(&last)).then_some(Stands::Table(last))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn first_name(text: &str) -> &str {
    &text[..text.find(|c: char| !is_name(c)).unwrap_or(text.len())]
}

/// Names of tables that a framework's marks tell: `{user}` of Moodle and Drupal, `{{%user}}` of Yii, `#__users` of Joomla,
/// `{prefix}users`; and a table whose schema alone is open.
pub(super) fn settle(statement: &mut Statement, in_php: bool, known: &FxHashSet<String>) {
    for table in statement.uses.iter_mut().filter(|table| table.hole) {
        if table.schema.as_deref().is_some_and(|schema| pieces(schema).iter().any(|piece| !matches!(piece, Piece::Text(_)))) {
            table.schema = None;
        }
        let named = match pieces(&table.name)[..] {
            [Piece::Text(name)] => Some(name.to_owned()),
            [Piece::Placeholder(mark)] => inside(mark).filter(|name| in_php || known.contains(&name.to_lowercase())).map(str::to_owned),
            [Piece::Placeholder(mark), Piece::Text(name)] => {
                (mark == "#__" || mark.to_ascii_lowercase().contains("prefix")).then(|| name.to_owned())
            }
            _ => None,
        };
        if let Some(name) = named {
            table.name = name;
            table.hole = false;
        }
    }
}

/// The one name inside braces.
pub(super) fn inside(mark: &str) -> Option<&str> {
    let inner = mark.strip_prefix('{')?.strip_suffix('}')?;
    let inner = inner.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(inner).trim();
    let inner = inner.strip_prefix('%').unwrap_or(inner);
    (!inner.is_empty() && inner.chars().all(is_name)).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, statement};

    fn open(written: &str) -> Folded {
        Folded::open_as(Hole { written: Some(written.into()), ..Hole::default() })
    }

    fn text(parts: &[&str]) -> Folded {
        let mut out = Folded::default();
        for part in parts {
            out.append(&if part.contains(['$', '(']) { open(part) } else { Folded::of(part) });
        }
        out
    }

    #[test]
    fn a_prefix_is_what_makes_declared_tables_of_names() {
        let known: FxHashSet<String> = ["oc_product".to_owned(), "oc_order".to_owned(), "user".to_owned()].into_iter().collect();
        let texts =
            [text(&["SELECT 1 FROM ", "$db.prefix", "product"]), text(&["DELETE FROM ", "$this.prefix", "order WHERE a = ", "$id"])];
        let filler = Filler::learn(texts.iter(), &known);
        assert_eq!(filler.fill(&texts[0]).text, "SELECT 1 FROM oc_product");
        assert!(filler.fill(&texts[1]).text.starts_with("DELETE FROM oc_order WHERE a = \u{1}"));
        let none = Filler::learn([text(&["FROM ", "$db.prefix", "user"])].iter(), &known);
        assert_eq!(none.fill(&text(&["FROM ", "$wpdb.posts", " p JOIN ", "$wpdb.prefix", "meta"])).text, "FROM posts p JOIN meta");
    }

    #[test]
    fn marks_of_frameworks_name_tables() {
        let names = |text: &str, in_php| {
            let mut statement = statement::read(text, Dialect::Unknown);
            settle(&mut statement, in_php, &FxHashSet::default());
            statement.uses.into_iter().map(|table| (table.name, table.hole)).collect::<Vec<_>>()
        };
        assert_eq!(names("SELECT u.id FROM {user} u", true), [("user".to_owned(), false)]);
        assert!(names("SELECT u.id FROM {user} u", false)[0].1);
        assert_eq!(names("SELECT id FROM {{%user}}", true), [("user".to_owned(), false)]);
        assert_eq!(names("SELECT id FROM #__users", true), [("users".to_owned(), false)]);
    }
}
