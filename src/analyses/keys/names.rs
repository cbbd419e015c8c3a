//! Which table a column's name means.
//!
//! The figures (percent) are PLAN.md A.6, calibrated on schemas whose keys are known.

use super::kin::is_same_word;
use super::words::{KeyName, form, is_figure, is_plural, words};
use crate::bind::{Table, TableId, Tables};
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

/// Words before a key of somebody else's system.
const OUTSIDE: [&str; 26] = [
    "google",
    "stripe",
    "facebook",
    "github",
    "gitlab",
    "bitbucket",
    "paypal",
    "twitter",
    "slack",
    "discord",
    "aws",
    "azure",
    "gcp",
    "apple",
    "linkedin",
    "mailgun",
    "mailchimp",
    "twilio",
    "braintree",
    "zendesk",
    "salesforce",
    "hubspot",
    "shopify",
    "external",
    "remote",
    "ldap",
];

/// Words that fit every table: they mean one only together with the name of the table they stand in.
const ANYTHING: [&str; 14] = [
    "entity", "item", "object", "value", "record", "row", "element", "instance", "resource", "data", "type", "model", "content", "subject",
];

/// Last words that say nothing of what is in a table.
pub(super) const EMPTY_ENDINGS: [&str; 7] = ["entity", "entities", "table", "tbl", "main", "master", "base"];

/// Words for the people of an application.
pub(super) const PEOPLE: [&str; 34] = [
    "owner",
    "author",
    "creator",
    "user",
    "uid",
    "assignee",
    "reviewer",
    "approver",
    "editor",
    "sender",
    "recipient",
    "receiver",
    "actor",
    "submitter",
    "requester",
    "requestor",
    "reporter",
    "member",
    "manager",
    "modifier",
    "updater",
    "approvedby",
    "grader",
    "marker",
    "teacher",
    "student",
    "invitee",
    "inviter",
    "responder",
    "publisher",
    "uploader",
    "initiator",
    "reader",
    "subscriber",
];

/// Words for another row of the same table.
pub(super) const SAME_TABLE: [&str; 11] =
    ["parent", "ancestor", "predecessor", "successor", "previous", "prev", "superior", "original", "duplicate", "ancestortree", "reply"];

/// Names of primary keys that say nothing of their table.
pub(super) const COMMON_KEYS: [&str; 12] =
    ["id", "key", "name", "code", "uuid", "slug", "value", "token", "hash", "type", "path", "value_id"];

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

/// The names of one table.
pub(super) struct TableNames {
    /// Words of its name, without the prefix that all share.
    pub(super) words: Vec<String>,
    /// Forms of its name, whole and less its first words.
    pub(super) forms: Vec<String>,
    /// How often code uses it.
    pub(super) uses: usize,
}

/// Tables by what they may be called.
pub(super) struct Catalog<'a> {
    pub(super) tables: &'a [Table],
    pub(super) names: Vec<TableNames>,
    /// Tables by the form of their whole name.
    pub(super) full: BTreeMap<String, Vec<TableId>>,
    /// Tables by the form of their name less its first words.
    tail: BTreeMap<String, Vec<TableId>>,
    /// Tables by their primary key's column, where it is one.
    by_key: BTreeMap<String, Vec<TableId>>,
    /// Where people are kept.
    people: Option<TableId>,
}

impl<'a> Catalog<'a> {
    /// Looks at every table's name.
    pub(super) fn of(all: &'a Tables) -> Self {
        let tables = all.rows.as_slice();
        let mut uses = vec![0; tables.len()];
        all.accesses.iter().for_each(|access| uses[access.table.index()] += 1);
        let prefix = common_prefix(tables);
        let names: Vec<TableNames> = tables
            .iter()
            .zip(uses)
            .map(|(table, uses)| TableNames { words: table_words(table, prefix.as_deref()), forms: Vec::new(), uses })
            .collect();
        let mut catalog = Self { tables, names, full: BTreeMap::new(), tail: BTreeMap::new(), by_key: BTreeMap::new(), people: None };
        for (id, table) in (0u32..).map(TableId).zip(tables) {
            catalog.add(id, table);
        }
        catalog.people = catalog.find_people();
        catalog
    }

    fn add(&mut self, id: TableId, table: &Table) {
        if table.declared.is_empty() && self.names[id.index()].uses < 2 {
            return;
        }
        let words = self.names[id.index()].words.clone();
        let mut full = vec![form(&words)];
        if let Some((last, before)) = words.split_last()
            && !before.is_empty()
            && EMPTY_ENDINGS.contains(&last.as_str())
        {
            full.push(form(before));
        }
        let unnumbered = full[0].trim_end_matches(|letter: char| letter.is_ascii_digit());
        if unnumbered.len() > 3 && unnumbered.len() < full[0].len() {
            full.push(form(&[unnumbered]));
        }
        if let Some((_, class)) = &table.model {
            let class = self::words(class.rsplit(['.', '\\']).next().unwrap_or(class));
            full.push(form(&class));
            for from in 1..class.len() {
                self.add_to_tail(form(&class[from..]), id);
            }
        }
        for from in 1..words.len() {
            self.add_to_tail(form(&words[from..]), id);
            if EMPTY_ENDINGS.contains(&words[words.len() - 1].as_str()) && from + 1 < words.len() {
                self.add_to_tail(form(&words[from..words.len() - 1]), id);
            }
        }
        for name in full {
            let row = self.full.entry(name).or_default();
            if !row.contains(&id) {
                row.push(id);
            }
        }
        let own = (0..words.len()).map(|from| form(&words[from..]));
        self.names[id.index()].forms = own.collect();
        if let [key] = table.primary_key.as_slice() {
            self.by_key.entry(key.to_lowercase()).or_default().push(id);
        }
    }

    fn add_to_tail(&mut self, name: String, id: TableId) {
        if self.is_link(id) {
            return;
        }
        let row = self.tail.entry(name).or_default();
        if !row.contains(&id) {
            row.push(id);
        }
    }

    /// A table that is filled anew from others and thrown away.
    pub(super) fn is_scratch(&self, table: TableId) -> bool {
        let last = self.names[table.index()].words.last().map_or("", String::as_str);
        matches!(last, "tmp" | "temp" | "idx" | "temporary")
    }

    /// The table of the people who use the application: the most used of those whose name ends with user, else account.
    fn find_people(&self) -> Option<TableId> {
        for word in ["user", "account", "person"] {
            let word = form(&[word]);
            let found = self.full.get(&word).into_iter().chain(self.tail.get(&word)).flatten();
            let best =
                found.max_by_key(|id| (self.names[id.index()].words.len() == 1, self.names[id.index()].uses, std::cmp::Reverse(**id)));
            if let Some(best) = best {
                return Some(*best);
            }
        }
        None
    }

    /// How many first words two tables share.
    pub(super) fn nearness(&self, one: TableId, other: TableId) -> usize {
        let (one, other) = (&self.names[one.index()].words, &self.names[other.index()].words);
        one.iter().zip(other).take_while(|(a, b)| a == b).count()
    }

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
        self.by_stem(asked, &name.stem, EXACT, &mut found);
        self.by_header(asked, &name, &mut found);
        let names_itself = found.0.remove(&table).is_some() || self.names_itself(table, column);
        let outside = OUTSIDE.contains(&name.stem[0].as_str());
        let may_have_role = name.marked || name.solid;
        if found.0.is_empty() && !names_itself && !outside && may_have_role {
            self.by_role(asked, &name, &mut found);
        }
        if let Some(people) = self.people.filter(|people| is_person(&name) && !self.is_sibling(asked, *people)) {
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
        if near.iter().any(|id| length(id) <= shortest + 1) {
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
        let full: Vec<TableId> =
            self.full.get(&name).into_iter().flatten().copied().filter(|id| self.tables[id.index()].columns.len() != 1).collect();
        if !local.is_empty() {
            found.all(&local, most);
            found.all(&full, most - 10);
            return true;
        }
        if !full.is_empty() {
            found.all(&self.nearest(table, &full), most);
            return true;
        }
        let tail = if fits_anything(stem) { Vec::new() } else { fits(self.tail.get(&name)) };
        let near: Vec<TableId> = tail.iter().copied().filter(|id| self.shares_area(table, *id)).collect();
        if near.is_empty() {
            let percent = if tail.len() == 1 { TAIL_ONLY } else { TAIL_FAR };
            self.add_tail(&self.shortest(&tail), percent, most, found);
        } else {
            self.add_tail(&self.shortest(&self.nearest(table, &near)), TAIL_NEAR, most, found);
        }
        !tail.is_empty()
    }

    fn add_tail(&self, tables: &[TableId], percent: u32, most: u32, found: &mut Points) {
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

/// The first word that most tables share.
fn common_prefix(tables: &[Table]) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let declared = tables.iter().filter(|table| !table.declared.is_empty());
    let mut all = 0;
    for table in declared {
        all += 1;
        let words = words(&table.name);
        if let [first, _, ..] = words.as_slice() {
            *counts.entry(first.clone()).or_default() += 1;
        }
    }
    counts.into_iter().find(|(_, count)| all >= 5 && *count * 10 >= all * 6).map(|(word, _)| word)
}

/// The words of a table's name; what a model's class says about where words end is taken in.
fn table_words(table: &Table, prefix: Option<&str>) -> Vec<String> {
    let mut own = words(&table.name);
    if own.len() > 1 && prefix == Some(own[0].as_str()) {
        own.remove(0);
    }
    let Some((_, class)) = &table.model else { return own };
    let class = words(class.rsplit(['.', '\\']).next().unwrap_or(class));
    let letters: String = class.concat();
    match own.last() {
        Some(last) if *last == letters && class.len() > 1 => {
            own.pop();
            own.extend(class);
            own
        }
        _ => own,
    }
}
