//! Tables that are called after others: pieces of a whole, extensions, tables between two, and their initials.

use super::catalog::Catalog;
use super::names::{Named, fits_anything};
use super::vocabulary::{COMMON_KEYS, EMPTY_ENDINGS, PEOPLE, SAME_TABLE};
use super::words::{KeyName, form};
use crate::bind::TableId;

/// Last words of tables whose rows are pieces of a row elsewhere.
const PIECES: [&str; 22] = [
    "item",
    "line",
    "detail",
    "entry",
    "comment",
    "note",
    "history",
    "log",
    "address",
    "payment",
    "track",
    "option",
    "value",
    "position",
    "link",
    "relation",
    "attachment",
    "file",
    "image",
    "revision",
    "version",
    "translation",
];

/// Last words of tables whose rows stand below each other.
const HIERARCHIES: [&str; 10] = ["type", "group", "category", "folder", "class", "set", "node", "tree", "menu", "level"];

/// A table is used far more than another when code names it so many times as often.
const FAR_MORE: usize = 3;

impl Catalog<'_> {
    /// A table that does nothing but tie two others together.
    pub(super) fn is_link(&self, table: TableId) -> bool {
        let row = &self.tables[table.index()];
        let keys = row.columns.iter().filter(|column| !column.name.eq_ignore_ascii_case("id"));
        let marked = keys.clone().filter(|column| KeyName::of(&column.name).is_some_and(|name| name.marked)).count();
        marked == 2 && keys.count() == 2
    }

    /// The words of a table's name, without a last one that says nothing.
    fn telling_words(&self, table: TableId) -> &[String] {
        let words = self.names[table.index()].words.as_slice();
        match words.split_last() {
            Some((last, before)) if !before.is_empty() && EMPTY_ENDINGS.contains(&last.as_str()) => before,
            _ => words,
        }
    }

    /// The table that another one is called after and which it names in no column, except perhaps as its parent: the order of
    /// `order_lines`, or of `order_status_history`.
    pub(super) fn whole_of(&self, table: TableId) -> Option<TableId> {
        let own = self.telling_words(table);
        let names_it = |forms: &[String; 2]| {
            let columns = self.tables[table.index()].columns.iter();
            columns.filter_map(|column| KeyName::of(&column.name)).any(|name| forms.contains(&form(&name.stem)))
        };
        for known in (own.len().saturating_sub(2).max(1)..own.len()).rev() {
            let forms = [form(&own[..known]), form(&own[known - 1..known])];
            let whole = self.full.get(&forms[0]).and_then(|ids| ids.iter().find(|id| **id != table));
            if let Some(whole) = whole {
                return (!names_it(&forms)).then_some(*whole);
            }
        }
        None
    }

    /// The table that another one has the name of, with a word more.
    fn header_of(&self, table: TableId) -> Option<TableId> {
        let (_, header) = self.telling_words(table).split_last()?;
        self.full.get(&form(header))?.first().copied()
    }

    /// The only column of a primary key that is called like a key, beside others that are not.
    pub(super) fn is_main_part(&self, table: TableId, column: &str) -> bool {
        let key = &self.tables[table.index()].primary_key;
        let marked = |column: &&String| KeyName::of(column).is_some_and(|name| name.marked);
        matches!(key.iter().filter(marked).collect::<Vec<_>>()[..], [only] if only.eq_ignore_ascii_case(column))
    }

    /// A word of its name says that its rows are worked out of those of other tables, so nobody refers to them.
    pub(super) fn is_derived(&self, table: TableId) -> bool {
        const WORDS: [&str; 8] = ["index", "idx", "cache", "aggregated", "summary", "grid", "tmp", "stats"];
        self.names[table.index()].words.iter().any(|word| WORDS.contains(&word.as_str()))
    }

    /// Its last word says that its rows are pieces of something.
    pub(super) fn is_piece(&self, table: TableId) -> bool {
        self.ends_with_one_of(table, &PIECES)
    }

    /// Its last word says that its rows stand below each other.
    pub(super) fn is_in_hierarchy(&self, table: TableId) -> bool {
        self.ends_with_one_of(table, &HIERARCHIES)
    }

    fn ends_with_one_of(&self, table: TableId, words: &[&str]) -> bool {
        self.telling_words(table).last().is_some_and(|last| words.iter().any(|word| form(&[word]) == form(&[last])))
    }

    /// `parent_item_id` of a table of items: a word for another row before the table's own name.
    pub(super) fn is_another_of_same(&self, table: TableId, name: &KeyName) -> bool {
        let Some((first, rest)) = name.stem.split_first() else { return false };
        let forms = &self.names[table.index()].forms;
        if name.solid && name.marked {
            let rests = SAME_TABLE.iter().filter_map(|word| first.strip_prefix(word));
            return rests.filter(|rest| rest.len() > 2).any(|rest| forms.contains(&form(&[rest])));
        }
        SAME_TABLE.contains(&first.as_str()) && !rest.is_empty() && forms.contains(&form(rest))
    }

    /// Both ends of a table that ties rows of one table together: `parent_id` and `child_id` of `product_relation`, `parent_id`
    /// beside `product_id`.
    pub(super) fn both_ends(&self, table: TableId, name: &KeyName) -> Option<TableId> {
        const ENDS: [&str; 5] = ["parent", "child", "ancestor", "descendant", "source"];
        const TIES: [&str; 6] = ["link", "relation", "relationship", "closure", "hierarchy", "tree"];
        let is_end = |name: &KeyName| matches!(name.stem.as_slice(), [only] if ENDS.contains(&only.as_str()));
        let own = self.telling_words(table);
        if !name.marked || !is_end(name) || !own.last().is_some_and(|last| TIES.contains(&last.as_str())) {
            return None;
        }
        let keys = self.tables[table.index()].columns.iter().filter_map(|column| KeyName::of(&column.name));
        let others: Vec<KeyName> = keys.filter(|other| other.marked && other.stem != name.stem).collect();
        (1..own.len()).rev().find_map(|known| {
            let forms = [form(&own[..known]), form(&own[known - 1..known])];
            let whole = self.full.get(&forms[0])?.iter().copied().find(|id| *id != table)?;
            let ties = others.iter().any(|other| is_end(other) || forms.contains(&form(&other.stem)));
            ties.then_some(whole)
        })
    }

    /// The table that a key of a table between two means, where that one is called after both: `page_id` beside `label_id` in
    /// `page_versions_labels` is a version of a page.
    pub(super) fn first_of_two(&self, table: TableId, name: &KeyName) -> Option<TableId> {
        let own = self.names[table.index()].words.as_slice();
        if !name.marked || !self.is_link(table) {
            return None;
        }
        let keys = self.tables[table.index()].columns.iter().filter_map(|column| KeyName::of(&column.name));
        let other = keys.filter(|other| other.marked).find(|other| other.stem != name.stem)?;
        (1..own.len()).filter(|from| form(&own[*from..]) == form(&other.stem)).find_map(|from| {
            let before = &own[..from];
            let begins = before.len() > name.stem.len() && form(&before[..name.stem.len()]) == form(&name.stem);
            self.full.get(&form(before)).filter(|_| begins)?.iter().copied().find(|id| *id != table)
        })
    }

    /// The table that one with more words before the same name extends: it has the same column as its key.
    pub(super) fn extended(&self, table: TableId, column: &str) -> Option<TableId> {
        if COMMON_KEYS.contains(&column.to_lowercase().as_str()) {
            return None;
        }
        let own = self.names[table.index()].words.as_slice();
        let name = KeyName::of(column).filter(|name| name.marked && !fits_anything(&name.stem))?;
        let has_key = |id: &TableId| matches!(self.tables[id.index()].primary_key.as_slice(), [key] if key.eq_ignore_ascii_case(column));
        let mut shorter = (1..own.len()).map(|from| &own[from..]).filter(|rest| form(rest).ends_with(&form(&name.stem)));
        shorter.find_map(|rest| self.full.get(&form(rest))?.iter().copied().find(|id| *id != table && has_key(id)))
    }

    /// Whether the key of a table may refer to the table its name means: one of the same area or called exactly so; `user_id` may
    /// mean people anywhere.
    pub(super) fn may_be_own_key(&self, table: TableId, column: &str, named: Named, least: u32) -> bool {
        let Some(name) = KeyName::of(column) else { return false };
        let general = COMMON_KEYS.contains(&column.to_lowercase().as_str()) || fits_anything(&name.stem);
        let common = general && (self.is_piece(table) || self.header_of(table) != Some(named.to));
        let person = name.marked && matches!(name.stem.as_slice(), [only] if PEOPLE.contains(&only.as_str()));
        let close = self.nearness(table, named.to) > 0 || self.full.get(&form(&name.stem)).is_some_and(|ids| ids.contains(&named.to));
        !common && (named.percent >= least && close || person)
    }

    /// The only table whose first letters a name has: `ti_id` and task_instance, `ti_history_id` and task_instance_history.
    pub(super) fn by_initials(&self, name: &KeyName) -> Option<TableId> {
        let (initials, rest) = name.stem.split_first().filter(|(first, _)| first.len() > 1)?;
        let rest = form(rest);
        let fits = |words: &[String]| {
            let known = initials.chars().count();
            known <= words.len()
                && words[..known].iter().map(|word| word.chars().next()).eq(initials.chars().map(Some))
                && form(&words[known..]) == rest
        };
        let ids = (0u32..).map(TableId).zip(&self.names).filter(|(id, names)| {
            let row = &self.tables[id.index()];
            !row.declared.is_empty() && fits(&names.words)
        });
        let found: Vec<TableId> = ids.map(|(id, _)| id).collect();
        match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Of several tables the only one whose name has the word of another key beside the asking column: `payment_id` beside
    /// `order_id` is a payment of orders.
    pub(super) fn beside_another_key(&self, asked: TableId, tables: &[TableId]) -> Option<TableId> {
        let keys = self.tables[asked.index()].columns.iter().filter_map(|column| KeyName::of(&column.name).filter(|name| name.marked));
        let is_person = |name: &KeyName| name.stem.iter().any(|word| PEOPLE.contains(&word.as_str()));
        let stems: Vec<String> = keys.filter(|name| !fits_anything(&name.stem) && !is_person(name)).map(|name| form(&name.stem)).collect();
        let own = &self.names[asked.index()].words;
        let fits = |id: &&TableId| {
            let words = &self.names[id.index()].words;
            words
                .split_last()
                .is_some_and(|(_, before)| before.iter().filter(|word| !own.contains(word)).any(|word| stems.contains(&form(&[word]))))
        };
        let mut found = tables.iter().filter(fits);
        found.next().copied().filter(|_| tables.len() > 1 && found.next().is_none())
    }

    /// Of several tables the one that code names far more than every other.
    pub(super) fn most_used(&self, tables: &[TableId]) -> Option<TableId> {
        let uses = |id: &TableId| self.names[id.index()].uses;
        let best = tables.iter().copied().filter(|_| tables.len() > 1).max_by_key(uses)?;
        tables.iter().all(|id| *id == best || uses(id) * FAR_MORE < uses(&best)).then_some(best)
    }
}

/// Nothing but a word for another row of the same table.
pub(super) fn is_same_word(name: &KeyName) -> bool {
    match name.stem.as_slice() {
        [only] => SAME_TABLE.contains(&only.as_str()),
        [reply, to] => reply == "reply" && to == "to",
        [before, reply, to] => before == "in" && reply == "reply" && to == "to",
        _ => false,
    }
}
