//! How Doctrine names what nobody named: as the class and property are called, or with underscores.

/// A naming strategy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Naming {
    /// Doctrine's own default.
    Plain,
    /// What Symfony sets up: underscores between words, numbers being part of a word.
    Underscore,
    /// What it set up before: an underscore behind small letters only.
    Letters,
}

impl Naming {
    pub(super) fn table(self, class: &str) -> String {
        self.word(class)
    }

    pub(super) fn column(self, property: &str) -> String {
        self.word(property)
    }

    /// What stands before the columns of an embedded object.
    pub(super) fn embedded(self, property: &str) -> String {
        format!("{}_", self.word(property))
    }

    pub(super) fn join_column(self, property: &str, key: &str) -> String {
        format!("{}_{key}", self.word(property))
    }

    pub(super) fn join_table(self, source: &str, target: &str) -> String {
        match self {
            Self::Plain => format!("{source}_{target}").to_lowercase(),
            Self::Underscore | Self::Letters => format!("{}_{}", self.word(source), self.word(target)),
        }
    }

    /// A key column of a table in between.
    pub(super) fn join_key(self, class: &str, key: &str) -> String {
        match self {
            Self::Plain => format!("{}_{key}", class.to_lowercase()),
            Self::Underscore | Self::Letters => format!("{}_{key}", self.word(class)),
        }
    }

    fn word(self, name: &str) -> String {
        match self {
            Self::Plain => name.to_owned(),
            Self::Underscore => underscore(name, true),
            Self::Letters => underscore(name, false),
        }
    }
}

/// An underscore where a capital follows a small letter, or a digit where those count.
fn underscore(name: &str, digits: bool) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut previous = ' ';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && (previous.is_ascii_lowercase() || digits && previous.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
        previous = letter;
    }
    out
}
