//! Names of tables and columns as words, and forms in which `order_items` and `order_item` are the same.

/// The words of a name in lower case: `billingAddressID` and `billing_address_id` are both billing, address, id.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1);
        let begins = letter.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_numeric())
                || before.is_some_and(char::is_uppercase) && after.is_some_and(|after| after.is_lowercase()));
        if (begins || !letter.is_alphanumeric()) && !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// Words put together in a form that singular and plural share: courses and course, categories and category.
pub(super) fn form<S: AsRef<str>>(words: &[S]) -> String {
    let mut text: String = words.iter().map(AsRef::as_ref).collect();
    for (plural, singular) in [("people", "person"), ("children", "child"), ("criteria", "criterion")] {
        if let Some(start) = text.strip_suffix(plural) {
            return format!("{start}{singular}");
        }
    }
    if let Some(start) = text.strip_suffix("ies").filter(|start| start.len() > 1) {
        text = format!("{start}y");
    }
    for _ in 0..2 {
        for ending in ['s', 'e'] {
            let shorter = text.strip_suffix(ending).filter(|rest| rest.len() > 2 && !(ending == 's' && rest.ends_with('s')));
            if let Some(rest) = shorter {
                text = rest.to_owned();
            }
        }
    }
    text
}

/// A word for several things: a column called so counts or lists them.
pub(super) fn is_plural(word: &str) -> bool {
    word.len() > 4 && word.ends_with('s') && !["ss", "us", "is", "as"].iter().any(|ending| word.ends_with(ending))
}

/// A name for a figure about something: how many, when, in which order.
pub(super) fn is_figure(name: &str) -> bool {
    ["count", "time", "date", "order", "number", "total", "size", "rating", "grade", "feedback"]
        .iter()
        .any(|end| name.ends_with(end) && name.len() > end.len())
}

/// What the name of a column says about being a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct KeyName {
    /// What is left without the mark: billing, address of `billing_address_id`.
    pub(super) stem: Vec<String>,
    /// It says that it is a key: `_id`, `Id`, `id_`, `_fk`, `id` at the end of one word.
    pub(super) marked: bool,
    /// The stem is one run of letters, so where its words end is not written: `parentcontext` of `parentcontextid`.
    pub(super) solid: bool,
}

/// Marks of a key as a word of its own.
const MARKS: [&str; 6] = ["id", "fk", "pk", "uid", "uuid", "oid"];

/// Words that end with `id` and are no keys.
const NO_KEYS: [&str; 24] = [
    "paid", "unpaid", "prepaid", "valid", "invalid", "void", "avoid", "grid", "guid", "uuid", "said", "bid", "rapid", "hybrid", "solid",
    "fluid", "liquid", "raid", "aid", "kid", "mid", "lid", "hid", "android",
];

/// What stands behind `id` and is about identity, not about a table: `id_token`, `id_number`.
const OF_IDENTITY: [&str; 8] = ["token", "number", "card", "type", "hash", "hint", "str", "string"];

impl KeyName {
    /// Looks at a column's name; none where it is nothing but a mark.
    pub(super) fn of(column: &str) -> Option<Self> {
        let mut stem = words(column);
        let several = stem.len() > 1;
        let mut marked = false;
        let is_mark = |word: &String| MARKS.contains(&word.as_str());
        while stem.len() > 1 && stem.last().is_some_and(is_mark) {
            stem.pop();
            marked = true;
        }
        if !marked && stem.len() > 1 && matches!(stem[0].as_str(), "id" | "fk") && !OF_IDENTITY.contains(&stem[1].as_str()) {
            stem.remove(0);
            marked = true;
        }
        if stem.len() > 1 && stem.last().is_some_and(|word| word == "ptr") {
            stem.pop();
        }
        if let Some(last) =
            stem.last_mut().filter(|last| !marked && last.len() > 4 && last.ends_with("id") && !NO_KEYS.contains(&last.as_str()))
        {
            last.truncate(last.len() - 2);
            marked = true;
        }
        let solid = !several && stem.len() == 1;
        let is_nothing = stem.len() == 1 && (is_mark(&stem[0]) || stem[0].len() < 2);
        (!is_nothing).then_some(Self { stem, marked, solid })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_by_signs_and_by_capitals() {
        assert_eq!(words("billing_address_id"), ["billing", "address", "id"]);
        assert_eq!(words("billingAddressId"), ["billing", "address", "id"]);
        assert_eq!(words("APIKey"), ["api", "key"]);
        assert_eq!(words("__"), [""; 0]);
    }

    #[test]
    fn singular_and_plural_have_one_form() {
        for (one, many) in [
            ("course", "courses"),
            ("status", "statuses"),
            ("category", "categories"),
            ("class", "classes"),
            ("box", "boxes"),
            ("user", "users"),
            ("address", "addresses"),
            ("person", "people"),
            ("process", "processes"),
        ] {
            assert_eq!(form(&[one]), form(&[many]), "{one}");
        }
        assert_ne!(form(&["user"]), form(&["use"]));
    }

    #[test]
    fn the_mark_of_a_key_goes_and_the_stem_stays() {
        let stem = |column| KeyName::of(column).map(|name| (name.stem.concat(), name.marked, name.solid));
        let told = |stem: &str, marked, solid| Some((stem.to_owned(), marked, solid));
        assert_eq!(stem("course_id"), told("course", true, false));
        assert_eq!(stem("parentcontextid"), told("parentcontext", true, true));
        assert_eq!(stem("created_by_fk"), told("createdby", true, false));
        assert_eq!(stem("place_ptr_id"), told("place", true, false));
        assert_eq!(stem("paid"), told("paid", false, true));
        assert_eq!(stem("id_course"), told("course", true, false));
        assert_eq!(stem("id_token"), told("idtoken", false, false));
        assert_eq!(stem("id"), None);
        assert_eq!(stem("uuid"), None);
    }
}
