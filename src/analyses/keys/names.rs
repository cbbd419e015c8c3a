//! Which table a column's name means.
//!
//! The figures (percent) are PLAN.md A.6, calibrated on schemas whose keys are known.

use super::catalog::Catalog;
use super::kin::is_same_word;
use super::vocabulary::{ANYTHING, COMMON_KEYS, OUTSIDE, PEOPLE, SAME_TABLE};
use super::words::{KeyName, form, is_figure, is_plural};
use crate::bind::TableId;
use std::collections::BTreeMap;

/// `<b>_id` for a table b, or for b without the prefix that all tables share.
const EXACT: u32 = 80;
/// The table's name less its first words, and both tables begin with the same word.
const TAIL_NEAR: u32 = 72;
/// The table's name less its first words.
const TAIL_FAR: u32 = 52;
/// The same, and no other table's name ends so.
const TAIL_ONLY: u32 = 61;
/// A role before or behind the table: `billing_address_id`.
/// Less than what a word for people says, which also counts without a mark.
const ROLE: u32 = 63;
/// The table that this one has a part of.
const HEADER: u32 = 84;
/// A word that people have: `owner_id`, `created_by`.
const PERSON: u32 = 64;
/// A word for another row of the same table: `parent_id`.
const SELF: u32 = 66;
/// The same word in a table of pieces: what they are pieces of.
const WHOLE: u32 = 70;
/// The first letters of the table's words.
const INITIALS: u32 = 64;
/// What is left to the one of several tables that code uses far more than the others, in percent.
const MOST_USED: u32 = 88;
/// The name is that of another table's primary key, and no common one.
const KEY_NAME: u32 = 60;
/// The table's name is a short form of the column's word, or the other way round.
const SHORT: u32 = 45;
/// The same, of a table that begins with the same words.
const SHORT_NEAR: u32 = 62;
/// Share of the points that a name without a mark gets, in percent.
const UNMARKED: u32 = 78;

/// Points of a word for people or for the same table without a mark.
const UNMARKED_WORD: u32 = 62;
/// What a table loses for every further word before the one that fits.
const FURTHER_WORD: u32 = 10;

/// A table that a name may mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// The table.
    pub(super) to: TableId,
    /// How much the name alone says, in percent.
    pub(super) percent: u32,
}

/// What a name gives to tables, the most for each.
#[derive(Default)]
struct Points(BTreeMap<TableId, u32>);

impl Points {
    fn add(&mut self, to: TableId, percent: u32) {
        let known = self.0.entry(to).or_default();
        *known = (*known).max(percent);
    }

    fn all(&mut self, tables: &[TableId], percent: u32) {
        tables.iter().for_each(|to| self.add(*to, percent));
    }
}

/// The column that is asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    table: TableId,
    column: &'a str,
}

impl Catalog<'_> {
    /// Tables that a column of a table may mean by its name, best first.
    pub(super) fn meant(&self, table: TableId, column: &str) -> Vec<Named> {
        let Some(name) = KeyName::of(column) else { return Vec::new() };
        let asked = Asked { table, column };
        let mut found = Points::default();
        if !name.marked && (fits_anything(&name.stem) || name.stem.last().is_some_and(|last| is_plural(last))) {
            return Vec::new();
        }
        if self.is_another_of_same(table, &name) {
            return vec![Named { to: table, percent: if name.marked { SELF } else { UNMARKED_WORD } }];
        }
        if let Some(end) = self.both_ends(table, &name).or_else(|| self.first_of_two(table, &name)) {
            return vec![Named { to: end, percent: WHOLE }];
        }
        self.by_stem(asked, &name.stem, EXACT, &mut found);
        self.by_header(asked, &name, &mut found);
        let names_itself = found.0.remove(&table).is_some() || self.names_itself(table, column);
        let outside = OUTSIDE.contains(&name.stem[0].as_str());
        let may_have_role = name.marked || name.solid;
        if found.0.is_empty() && !names_itself && !outside && may_have_role {
            self.by_role(asked, &name, &mut found);
        }
        if let Some(people) = self.people.filter(|people| is_person(&name) && !self.is_sibling(asked, *people)) {
            // A word for people in general means where they are kept, before a table that merely ends with it.
            found.0.retain(|to, percent| *percent >= PERSON || *to == people);
            found.add(people, PERSON);
        }
        if is_same_word(&name) {
            match self.whole_of(table).filter(|_| !self.is_in_hierarchy(table)) {
                Some(whole) if self.is_piece(table) && name.marked => found.add(whole, WHOLE),
                Some(_) => {}
                None => found.add(table, SELF),
            }
        }
        self.by_key_name(asked, &mut found);
        if found.0.is_empty() && name.marked {
            self.by_short_form(table, &name, &mut found);
            if let Some(only) = self.by_initials(&name).filter(|only| *only != table) {
                found.add(only, INITIALS);
            }
        }
        let scale = |percent: u32| match percent {
            _ if name.marked => percent,
            _ if is_figure(&name.stem.concat()) => 0,
            PERSON | SELF => UNMARKED_WORD,
            _ => percent * UNMARKED / 100,
        };
        let mut rows: Vec<Named> = found.0.into_iter().map(|(to, percent)| Named { to, percent: scale(percent) }).collect();
        if !name.marked {
            self.by_full_key(asked, &name.stem, &mut rows);
        }
        rows.sort_by_key(|row| (std::cmp::Reverse(row.percent), std::cmp::Reverse(self.nearness(table, row.to)), row.to));
        rows
    }

    /// A table with the same column beside its own key is another child of the same parent, a link table for instance; so is a
    /// table of one column.
    fn is_sibling(&self, asked: Asked<'_>, to: TableId) -> bool {
        let row = &self.tables[to.index()];
        let has = row.columns.iter().any(|column| column.name.eq_ignore_ascii_case(asked.column));
        to != asked.table
            && (row.columns.len() == 1 || has && !matches!(row.primary_key.as_slice(), [key] if key.eq_ignore_ascii_case(asked.column)))
    }

    /// The name is that of another table's primary key: with a fitting name of the table, or where only one table has such a key.
    fn by_key_name(&self, asked: Asked<'_>, found: &mut Points) {
        let column = asked.column.to_lowercase();
        if COMMON_KEYS.contains(&column.as_str()) {
            return;
        }
        let with_key = self.by_key.get(&column).into_iter().flatten().copied();
        let with_key: Vec<TableId> = with_key.filter(|id| *id != asked.table && !self.is_sibling(asked, *id)).collect();
        let Some(name) = KeyName::of(&column).filter(|name| !fits_anything(&name.stem)) else { return };
        let stem = form(&name.stem);
        let mut called: Vec<TableId> = with_key.iter().copied().filter(|id| self.names[id.index()].forms.contains(&stem)).collect();
        self.without_extensions(&mut called);
        let length = |id: &TableId| self.names[id.index()].words.len();
        let near =
            if called.iter().any(|id| self.nearness(asked.table, *id) > 0) { self.nearest(asked.table, &called) } else { Vec::new() };
        // A near table with a long name holds something about the thing, not the thing.
        let shortest = called.iter().map(length).min().unwrap_or_default();
        let is_exact = |id: &TableId| found.0.get(id).is_some_and(|percent| *percent >= EXACT);
        if near.iter().any(|id| length(id) <= shortest + 1 || is_exact(id) && !self.is_derived(*id)) {
            called = near;
        }
        // The others with that key hold more about the same thing: their key refers to the one with the shortest name.
        let nearer = |than: TableId| {
            let near = self.nearness(asked.table, than);
            found.0.iter().any(|(id, percent)| *percent >= EXACT && !with_key.contains(id) && self.nearness(asked.table, *id) > near)
        };
        match (self.shortest(&called)[..].first(), self.shortest(&called).len(), &with_key[..]) {
            (Some(best), 1, _) if nearer(*best) => {}
            (Some(best), 1, _) => {
                let other = found.0.iter().any(|(id, percent)| !with_key.contains(id) && *percent >= PERSON && self.has_plain_key(*id));
                found.0.retain(|id, percent| !with_key.contains(id) || *percent >= EXACT || id == best && !other);
                if !other {
                    let known = found.0.get(best).copied().unwrap_or(TAIL_FAR);
                    found.add(*best, 100 - (100 - known) * (100 - KEY_NAME) / 100);
                }
            }
            (None, _, [only]) => found.add(*only, KEY_NAME),
            _ => {}
        }
    }

    /// Takes out tables called after another of them: catalog_eav_attribute beside eav_attribute.
    fn without_extensions(&self, tables: &mut Vec<TableId>) {
        let words = |id: TableId| self.names[id.index()].words.as_slice();
        let all = tables.clone();
        tables.retain(|id| !all.iter().any(|other| other != id && words(*id).ends_with(words(*other))));
    }

    /// The column is called after the table it stands in.
    pub(super) fn names_itself(&self, table: TableId, column: &str) -> bool {
        KeyName::of(column).is_some_and(|name| self.names[table.index()].forms.contains(&form(&name.stem)))
    }

    fn has_plain_key(&self, table: TableId) -> bool {
        matches!(self.tables[table.index()].primary_key.as_slice(), [key] if COMMON_KEYS.contains(&key.to_lowercase().as_str()) || key.eq_ignore_ascii_case("entity_id"))
    }

    /// `report_id` in report_builder_columns means report_builder, `rule_id` in salesrule_coupon a table salesrule with that key.
    fn by_header(&self, asked: Asked<'_>, name: &KeyName, found: &mut Points) {
        let own = &self.names[asked.table.index()].words;
        let stem = name.stem.concat();
        let is_exact = found.0.values().any(|percent| *percent >= EXACT);
        for known in (1..own.len()).rev() {
            let header = &own[..known];
            let (first, last) = (&header[0], &header[known - 1]);
            let begins = known == 1
                && !is_figure(&stem)
                && !name.marked
                && stem.starts_with(first.as_str())
                && first.len() >= 4
                && stem.len() > first.len();
            let part = !is_exact && known > 1 && (form(&[first]) == form(&[&stem]) || form(&[last]) == form(&[&stem]));
            for id in self.full.get(&form(header)).into_iter().flatten().filter(|id| **id != asked.table) {
                let row = &self.tables[id.index()];
                let has_key = name.marked && matches!(row.primary_key.as_slice(), [key] if key.eq_ignore_ascii_case(asked.column));
                if has_key || begins && self.has_plain_key(*id) || part && !self.is_sibling(asked, *id) {
                    found.add(*id, HEADER + if has_key { 8 } else { 0 });
                }
            }
        }
    }

    /// `locale_code`, and a table `locales` whose key is `code`.
    fn by_full_key(&self, asked: Asked<'_>, stem: &[String], rows: &mut Vec<Named>) {
        let Some((last, before)) = stem.split_last().filter(|(_, before)| !before.is_empty()) else { return };
        let mut found = Points::default();
        self.by_stem(asked, before, EXACT, &mut found);
        if found.0.is_empty() && before.len() > 1 {
            self.by_stem(asked, &before[1..], EXACT, &mut found);
        }
        for (to, percent) in found.0.into_iter().filter(|(_, percent)| *percent >= EXACT) {
            if matches!(self.tables[to.index()].primary_key.as_slice(), [key] if key.eq_ignore_ascii_case(last)) {
                rows.retain(|row| row.to != to);
                rows.push(Named { to, percent });
            }
        }
    }

    /// Tables called like the stem. True when there are any.
    fn by_stem<S: AsRef<str>>(&self, asked: Asked<'_>, stem: &[S], most: u32, found: &mut Points) -> bool {
        let (name, table) = (form(stem), asked.table);
        let own = &self.names[table.index()].words;
        let fits = |ids: Option<&Vec<TableId>>| -> Vec<TableId> {
            ids.into_iter().flatten().copied().filter(|id| !self.is_sibling(asked, *id)).collect()
        };
        // `evidenceid` of plan_evidence_relation means plan_evidence before any other evidence.
        let mut local = Vec::new();
        for known in (1..=own.len()).rev() {
            let longer: Vec<&str> = own[..known].iter().map(String::as_str).chain(stem.iter().map(AsRef::as_ref)).collect();
            local = fits(self.full.get(&form(&longer)));
            local.retain(|id| *id != table);
            if !local.is_empty() {
                break;
            }
        }
        let full: Vec<TableId> = self.full.get(&name).into_iter().flatten().copied().filter(|id| !self.is_bare(*id)).collect();
        if !local.is_empty() {
            found.all(&local, most);
            found.all(&full, most - 10);
            return true;
        }
        if !full.is_empty() {
            found.all(&self.nearest(table, &full), most);
            return true;
        }
        let mut tail = if fits_anything(stem) { Vec::new() } else { fits(self.tail.get(&name)) };
        // What a table is called says more than what its class is.
        if tail.iter().any(|id| self.names[id.index()].forms.contains(&name)) {
            tail.retain(|id| self.names[id.index()].forms.contains(&name));
        }
        let near: Vec<TableId> = tail.iter().copied().filter(|id| self.shares_area(table, *id)).collect();
        if near.is_empty() {
            let percent = if tail.len() == 1 && (stem.len() > 1 || self.is_common(asked.column)) { TAIL_ONLY } else { TAIL_FAR };
            self.add_tail(asked.table, &self.shortest(&tail), percent, most, found);
        } else {
            self.add_tail(table, &self.shortest(&self.nearest(table, &near)), TAIL_NEAR, most, found);
        }
        !tail.is_empty()
    }

    fn add_tail(&self, asked: TableId, tables: &[TableId], percent: u32, most: u32, found: &mut Points) {
        if let Some(only) = self.beside_another_key(asked, tables) {
            return found.add(only, percent * most / EXACT);
        }
        let (tables, percent) = match self.most_used(tables) {
            Some(only) => (vec![only], percent * MOST_USED / 100),
            None => (tables.to_vec(), percent),
        };
        for id in &tables {
            let further = u32::try_from(self.names[id.index()].words.len().saturating_sub(3)).unwrap_or(0);
            found.add(*id, percent.saturating_sub(further * FURTHER_WORD) * most / EXACT);
        }
    }

    /// Of several tables those with the fewest words.
    fn shortest(&self, all: &[TableId]) -> Vec<TableId> {
        let length = |id: &TableId| self.names[id.index()].words.len();
        let best = all.iter().map(length).min();
        all.iter().copied().filter(|id| Some(length(id)) == best).collect()
    }

    /// Of several tables those that are nearest to a table by name, or by module.
    fn nearest(&self, table: TableId, all: &[TableId]) -> Vec<TableId> {
        let near = |id: TableId| {
            let same = self.tables[id.index()].module == self.tables[table.index()].module;
            (self.nearness(table, id), same)
        };
        let best = all.iter().map(|id| near(*id)).max();
        all.iter().copied().filter(|id| Some(near(*id)) == best).collect()
    }

    fn shares_area(&self, one: TableId, other: TableId) -> bool {
        let (a, b) = (&self.names[one.index()].words, &self.names[other.index()].words);
        let first = |words: &[String]| words.first().map(|word| form(&[word]));
        first(a) == first(b) || self.tables[one.index()].module == self.tables[other.index()].module
    }

    /// `billing_address_id`, `loggeduser`, `circuit_termination_a_id`: a role before or behind the table.
    fn by_role(&self, asked: Asked<'_>, name: &KeyName, found: &mut Points) {
        let stem = &name.stem;
        for from in 1..stem.len() {
            if self.by_stem(asked, &stem[from..], ROLE, found) {
                return;
            }
        }
        for to in (1..stem.len()).rev() {
            let rest: usize = stem[to..].iter().map(String::len).sum();
            if rest <= 4 && self.by_stem(asked, &stem[..to], ROLE, found) {
                return;
            }
        }
        if name.solid {
            let letters = &stem[0];
            for (at, _) in letters.char_indices().skip(1).take_while(|(at, _)| letters.len() - at >= 4) {
                let word = [&letters[at..]];
                if (name.marked || !fits_anything(&word)) && self.by_stem(asked, &word, ROLE, found) {
                    return;
                }
            }
        }
    }

    /// `competencyid` and a table `comp`; `critid` in `badge_met` and a table `badge_criteria`.
    fn by_short_form(&self, table: TableId, name: &KeyName, found: &mut Points) {
        let stem = name.stem.concat();
        if stem.len() < 4 {
            return;
        }
        let own = &self.names[table.index()].words;
        for (at, names) in self.names.iter().enumerate() {
            let id = TableId(u32::try_from(at).expect("tables are counted in 32 bits"));
            let (last, before) = match names.words.split_last() {
                Some((last, before)) => (last, before),
                None => continue,
            };
            let near = own.starts_with(before);
            let short = last.len() >= 3 && stem.starts_with(last.as_str()) || stem.len() >= 4 && last.starts_with(stem.as_str());
            if near && short && id != table {
                found.add(id, if before.is_empty() { SHORT } else { SHORT_NEAR });
            }
        }
    }
}

/// The stem is a word that fits every table.
pub(super) fn fits_anything<S: AsRef<str>>(stem: &[S]) -> bool {
    stem.len() == 1 && ANYTHING.contains(&stem[0].as_ref())
}

/// True for the names of columns that mean another table in every table.
pub(super) fn fits_everything(column: &str) -> bool {
    KeyName::of(column).is_none_or(|name| {
        let only = name.stem.len() == 1;
        only && (ANYTHING.contains(&name.stem[0].as_str()) || SAME_TABLE.contains(&name.stem[0].as_str()))
    })
}

/// A word that people have, or something done by them.
fn is_person(name: &KeyName) -> bool {
    let last = name.stem.last().map_or("", String::as_str);
    let whole = name.stem.concat();
    let done = name.stem.len().checked_sub(2).map_or("", |before| name.stem[before].as_str());
    let done_by = last == "by" && (done.ends_with("ed") || done.ends_with("en") || matches!(done, "run" | "sent" | "made" | "done"))
        || whole.ends_with("edby")
        || whole.starts_with("user") && whole.ends_with("ed");
    done_by || PEOPLE.contains(&last) || whole.ends_with("user") && name.solid
}
