//! The names that libraries give tables and columns where nobody writes one, and what an application says about that
//! once for all its models.

use super::described::plural;
use super::literals::says;
use crate::base::FileId;
use crate::facts::Shape;
use crate::names::FactBase;

/// Whose models they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Library {
    Sequelize,
    TypeOrm,
    MikroOrm,
    Mongoose,
    Drizzle,
    Waterline,
    Other,
}

/// How a library names what has no name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Naming {
    pub(super) library: Library,
    /// Columns are in small letters with underscores: Sequelize's `underscored`, a strategy of TypeORM's.
    pub(super) snake: bool,
}

/// What an application says for all its models.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Defaults {
    /// `new Sequelize({ define: { underscored: true } })`
    pub(super) underscored: bool,
    /// `define: { freezeTableName: true }`
    pub(super) freeze_table_name: bool,
    /// `define: { timestamps: false }`
    pub(super) no_stamps: bool,
    /// `namingStrategy: new SnakeNamingStrategy()`
    pub(super) snake_strategy: bool,
}

impl Defaults {
    pub(super) fn read(base: &FactBase, files: &[FileId]) -> Self {
        let mut found = Self::default();
        for facts in files.iter().map(|file| base.facts(*file)) {
            if facts.texts.find("define").is_some() {
                let defines = facts.entries.iter().filter(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some("define"));
                for define in defines.filter(|entry| matches!(facts.value(entry.value).shape, Shape::Map(_))) {
                    found.underscored |= says(facts, define.value, "underscored", "true");
                    found.freeze_table_name |= says(facts, define.value, "freezeTableName", "true");
                    found.no_stamps |= says(facts, define.value, "timestamps", "false");
                }
            }
            if facts.texts.find("namingStrategy").is_some() {
                let snakes = facts.calls.iter().filter_map(|call| facts.last_name(call.callee));
                found.snake_strategy |= snakes.into_iter().any(|name| name.contains("Snake") && name.ends_with("Strategy"));
            }
        }
        found
    }
}

impl Naming {
    pub(super) fn of(library: Library) -> Self {
        Self { library, snake: library == Library::MikroOrm }
    }

    /// The table of a class.
    pub(super) fn table(self, class: &str) -> String {
        match self.library {
            Library::Sequelize => plural(&if self.snake { underscored(class) } else { class.to_owned() }),
            Library::Mongoose => plural(&class.to_lowercase()),
            _ => snake(class),
        }
    }

    /// The column of a property.
    pub(super) fn column(self, property: &str) -> String {
        match (self.library, self.snake) {
            (_, false) => property.to_owned(),
            (Library::Sequelize, true) => underscored(property),
            (_, true) => snake(property),
        }
    }

    /// The column that holds the key of a relation.
    pub(super) fn join_column(self, property: &str, key: &str) -> String {
        let name = format!("{property}_{key}");
        match (self.library, self.snake) {
            (Library::Sequelize, _) => self.column(&camelize(&name)),
            (_, true) => snake(&name),
            (_, false) => lower_first(&camelize(&name)),
        }
    }

    /// The table between two others, of the side that owns the relation.
    pub(super) fn between(self, (table, class): (&str, &str), property: &str, other_table: &str) -> String {
        match self.library {
            Library::MikroOrm => format!("{}_{}", snake(class), snake(property)),
            _ => snake(&format!("{table}_{property}_{other_table}")),
        }
    }

    /// A column of a table in between.
    pub(super) fn between_column(self, (table, class): (&str, &str), key: &str) -> String {
        match self.library {
            Library::MikroOrm => format!("{}_{key}", snake(class)),
            _ => self.join_column(table, key),
        }
    }
}

/// `orderLine` and `OrderLine` as `order_line`, `APIKey` as `api_key`.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        if letter.is_uppercase() && at > 0 {
            let before = letters[at - 1];
            let word_ends = before.is_lowercase() || before.is_ascii_digit();
            let word_begins = before.is_uppercase() && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
            if word_ends || word_begins {
                out.push('_');
            }
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// As Sequelize's `underscored` has it, letter by letter: `apiURL` is `api_u_r_l`.
pub(super) fn underscored(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// `user_id` as `userId`; the first letter stays.
pub(super) fn camelize(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut raise = false;
    for letter in name.chars() {
        if matches!(letter, '_' | '-' | ' ') {
            raise = true;
        } else if std::mem::take(&mut raise) {
            out.extend(letter.to_uppercase());
        } else {
            out.push(letter);
        }
    }
    out
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The name of one row: the word before its plural.
pub(super) fn singular(name: &str) -> String {
    const IRREGULAR: [(&str, &str); 3] = [("people", "person"), ("children", "child"), ("statuses", "status")];
    if !name.is_ascii() {
        return name.to_owned();
    }
    let lower = name.to_lowercase();
    if let Some((many, one)) = IRREGULAR.iter().find(|(many, _)| lower.ends_with(many)) {
        return name[..name.len() - many.len() + 1].to_owned() + &one[1..];
    }
    let cut = |letters: usize, more: &str| format!("{}{more}", &name[..name.len() - letters]);
    match lower.as_str() {
        word if ["news", "series", "species"].iter().any(|same| word.ends_with(same)) => name.to_owned(),
        word if word.ends_with("ies") && word.len() > 4 => cut(3, "y"),
        word if ["xes", "ches", "shes", "sses"].iter().any(|ending| word.ends_with(ending)) => cut(2, ""),
        word if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") => cut(1, ""),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_turned_as_libraries_do() {
        assert_eq!(snake("OrderLine"), "order_line");
        assert_eq!(snake("apiURL"), "api_url");
        assert_eq!(snake("APIKey"), "api_key");
        assert_eq!(underscored("OrderLine"), "order_line");
        assert_eq!(underscored("apiURL"), "api_u_r_l");
        assert_eq!(singular("Categories"), "Category");
        assert_eq!(singular("boxes"), "box");
        assert_eq!(singular("status"), "status");
        assert_eq!(singular("People"), "Person");
        let typeorm = Naming::of(Library::TypeOrm);
        assert_eq!(typeorm.join_column("createdBy", "id"), "createdById");
        assert_eq!(typeorm.between(("shop_order", "ShopOrder"), "labelsUsed", "tag"), "shop_order_labels_used_tag");
        assert_eq!(typeorm.between_column(("shop_order", "ShopOrder"), "id"), "shopOrderId");
        let sequelize = Naming { library: Library::Sequelize, snake: true };
        assert_eq!(sequelize.table("OrderLine"), "order_lines");
        assert_eq!(sequelize.join_column("createdBy", "id"), "created_by_id");
        assert_eq!(Naming::of(Library::MikroOrm).between(("book", "Book"), "tagsUsed", "tag"), "book_tags_used");
    }
}
