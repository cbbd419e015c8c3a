//! Words that names of tables share: a weak sign, but one that people gave on purpose.

use std::collections::{BTreeMap, BTreeSet};

/// A word that more tables share says as little as a prefix of all: a quarter, and never more than this many.
const MOST_TABLES: usize = 60;

/// Groups of tables, as indices, that share a word of their name: at least two, at most a quarter of all.
#[must_use]
pub(super) fn groups(tables: &[&str]) -> Vec<Vec<usize>> {
    let most = (tables.len() / 4).clamp(2, MOST_TABLES);
    let mut of_word: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, name) in tables.iter().enumerate() {
        for word in words(name) {
            of_word.entry(word).or_default().insert(at);
        }
    }
    of_word.into_values().filter(|group| (2..=most).contains(&group.len())).map(|group| group.into_iter().collect()).collect()
}

/// The words of a name in small letters and without a plural `s`; those of one or two letters say nothing.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().expect("there is always a word").extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| word.chars().count() > 2);
    words.into_iter().map(|word| word.strip_suffix('s').filter(|short| !short.ends_with('s')).map_or(word.clone(), str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::{groups, words};

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("order_items"), ["order", "item"]);
        assert_eq!(words("VirtualEditionInter"), ["virtual", "edition", "inter"]);
        assert_eq!(words("t_address"), ["address"]);
    }

    #[test]
    fn a_word_of_all_names_binds_nothing() {
        let tables = ["shop_order", "shop_order_item", "shop_user", "shop_page", "shop_link", "shop_tax", "shop_log", "shop_rate"];
        assert_eq!(groups(&tables), [[0, 1]]);
    }
}
