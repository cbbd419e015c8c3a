//! Tables by what they may be called.

use super::vocabulary::EMPTY_ENDINGS;
use super::words::{form, words};
use crate::bind::{Table, TableId, Tables};
use std::collections::BTreeMap;

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
    pub(super) tail: BTreeMap<String, Vec<TableId>>,
    /// Tables by their primary key's column, where it is one.
    pub(super) by_key: BTreeMap<String, Vec<TableId>>,
    /// How many tables have a column of a name.
    columns: BTreeMap<String, usize>,
    /// Where people are kept.
    pub(super) people: Option<TableId>,
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
        let mut catalog = Self {
            tables,
            names,
            full: BTreeMap::new(),
            tail: BTreeMap::new(),
            by_key: BTreeMap::new(),
            columns: columns(tables),
            people: None,
        };
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
        full.extend(table.told.faces.iter().map(|face| form(&self::words(face))));
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

    /// A name that columns of several tables have is the name of one thing, not a word that happens to fit.
    pub(super) fn is_common(&self, column: &str) -> bool {
        self.columns.get(&column.to_lowercase()).is_some_and(|tables| *tables >= SEVERAL)
    }

    /// A table of which nothing but a number is known: nobody refers to it. A key that is a name is worth referring to.
    pub(super) fn is_bare(&self, table: TableId) -> bool {
        let row = &self.tables[table.index()];
        let is_named = |key: &String| !matches!(key.to_lowercase().as_str(), "id" | "uuid");
        row.columns.len() == 1 && !matches!(row.primary_key.as_slice(), [key] if is_named(key) && row.columns[0].name == *key)
    }

    /// A table that is filled anew from others and thrown away.
    pub(super) fn is_scratch(&self, table: TableId) -> bool {
        let last = self.names[table.index()].words.last().map_or("", String::as_str);
        matches!(last, "tmp" | "temp" | "idx" | "temporary")
    }

    /// The table of the people who use the application: the most used of those whose name ends with user, else account.
    fn find_people(&self) -> Option<TableId> {
        let whole = form(&["user"]);
        let of_people = |id: &TableId| {
            let words = &self.names[id.index()].words;
            words.len() > 1 && words.iter().all(|word| OF_PEOPLE.contains(&form(&[word]).as_str()))
        };
        if !self.full.contains_key(&whole)
            && let Some(found) = (0u32..).map(TableId).take(self.tables.len()).filter(of_people).max_by_key(|id| {
                let row = &self.tables[id.index()];
                (!row.declared.is_empty(), self.names[id.index()].uses, std::cmp::Reverse(*id))
            })
        {
            return Some(found);
        }
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
}

/// Words that make up names of tables with people, in their form.
const OF_PEOPLE: [&str; 6] = ["user", "account", "app", "auth", "sy", "person"];

/// From so many tables on a column's name is one that the application has settled on.
const SEVERAL: usize = 3;

fn columns(tables: &[Table]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for column in tables.iter().filter(|table| !table.declared.is_empty()).flat_map(|table| &table.columns) {
        *found.entry(column.name.to_lowercase()).or_default() += 1;
    }
    found
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
