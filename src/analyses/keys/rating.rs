//! How sure a key is: what name, joins, flow of values and types say together (PLAN.md A.6).

use super::types::{self, Sort};
use super::vocabulary::LANGUAGES;
use super::{Case, is_key, words};
use crate::bind::{Column, Table, TableId};

/// What is left of the doubt after one or two joins, and after more, in thousandths.
const JOINS: (u32, u32) = (250, 100);
/// The same for joins of columns of the same name elsewhere.
const ELSEWHERE: (u32, u32) = (600, 450);
/// The same for keys that are handed over.
const FLOWS: (u32, u32) = (600, 450);
/// What is left of a key whose type cannot hold the other's, in thousandths.
const OTHER_TYPE: u32 = 300;
/// What is left where the other table's key is a name or a code.
const KEY_IS_A_NAME: u32 = 700;
/// What is left where the other table's key has several columns.
const PART_OF_A_KEY: u32 = 600;
/// What is left where a second table is nearly as likely.
const RIVAL: u32 = 800;
/// Nearly as likely: less than so many thousandths apart.
const NEAR: u32 = 100;

/// A column with what its name and type say.
pub(super) struct Asked<'a> {
    column: &'a Column,
    marked: bool,
    sort: Option<Sort>,
    last: Option<String>,
}

impl<'a> Asked<'a> {
    pub(super) fn of(column: &'a Column) -> Self {
        Self {
            column,
            marked: words::KeyName::of(&column.name).is_some_and(|name| name.marked),
            sort: types::sort(column.type_name.as_deref()),
            last: words::words(&column.name).pop(),
        }
    }

    /// The name ends with the name of the other table's key: `locale_code`.
    fn by_key_column(&self, other: &Table) -> bool {
        matches!((other.primary_key.as_slice(), &self.last), ([key], Some(last)) if key.eq_ignore_ascii_case(last))
    }

    /// A column of the other table that is called the same and holds the same texts, where its key is another sort of text:
    /// somebody else's number, by which both sides are known.
    pub(super) fn namesake<'t>(&self, other: &'t Table) -> Option<&'t str> {
        if !self.marked || !matches!(self.sort, Some(Sort::Text(Some(_)))) || types::agree(self.sort, key_sort(other)) != Some(false) {
            return None;
        }
        let same = other.columns.iter().find(|column| column.name.eq_ignore_ascii_case(&self.column.name))?;
        if std::ptr::eq(same, self.column) {
            return None;
        }
        (types::sort(same.type_name.as_deref()) == self.sort).then_some(same.name.as_str())
    }
}

fn key_sort(table: &Table) -> Option<Sort> {
    let key = table.columns.iter().find(|column| is_key(table, &column.name))?;
    types::sort(key.type_name.as_deref())
}

/// How sure it is that a column refers to a table, in thousandths; none where it cannot.
pub(super) fn rate(asked: &Asked<'_>, other: &Table, case: &Case) -> Option<u32> {
    let key_type = key_sort(other);
    let agree = if asked.namesake(other).is_some() { Some(true) } else { types::agree(asked.sort, key_type) };
    let is_text = matches!(asked.sort, Some(Sort::Text(None)));
    let by_key_column = asked.by_key_column(other);
    let fits = if by_key_column { agree != Some(false) } else { agree == Some(true) && !is_text };
    if !asked.marked && case.joins.is_empty() && !fits {
        return None;
    }
    if asked.last.as_deref() == Some("uuid") && key_type != Some(Sort::Uuid) {
        return None;
    }
    let mut doubt = 1000 - case.name * 10;
    for (count, (few, many)) in [(case.joins.len(), JOINS), (case.elsewhere.len(), ELSEWHERE), (case.flows.len(), FLOWS)] {
        doubt = match count {
            0 => doubt,
            1 | 2 => doubt * few / 1000,
            _ => doubt * many / 1000,
        };
    }
    let mut sure = 1000 - doubt;
    if agree == Some(false) {
        sure = sure * OTHER_TYPE / 1000;
    }
    let is_a_name = |key: &String| matches!(key.to_lowercase().as_str(), "key" | "code" | "name" | "slug" | "path");
    if asked.marked && case.joins.is_empty() && other.primary_key.iter().any(is_a_name) && !by_key_column {
        sure = sure * KEY_IS_A_NAME / 1000;
    }
    // A table that is meant by name and has a row for each language is keyed by what is beside the language.
    let is_whole = |key: &String| case.name > 0 && asked.column.name.to_lowercase().ends_with(&key.to_lowercase());
    if other.primary_key.len() > 1 && !beside_language(other).is_some_and(is_whole) {
        sure = sure * PART_OF_A_KEY / 1000;
    }
    Some(sure)
}

/// The one column of a key beside those that say in which language a row is.
pub(super) fn beside_language(table: &Table) -> Option<&String> {
    let mut others = table.primary_key.iter().filter(|key| !LANGUAGES.contains(&key.to_lowercase().as_str()));
    let only = others.next()?;
    others.next().is_none().then_some(only)
}

/// The likeliest table; less sure where a second one is nearly as likely.
pub(super) fn clearest(mut rated: Vec<(u32, TableId)>) -> Option<(u32, TableId)> {
    rated.sort_by_key(|(sure, to)| (std::cmp::Reverse(*sure), *to));
    let (sure, to) = *rated.first()?;
    let rival = rated.get(1).is_some_and(|(second, _)| sure - second < NEAR);
    Some((if rival { sure * RIVAL / 1000 } else { sure }, to))
}
