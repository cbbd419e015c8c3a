//! What types say about keys: an integer is no reference to a text.

/// Sorts of types that a key can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// Whole numbers.
    Integer,
    /// Flags and small codes.
    Narrow,
    /// UUIDs.
    Uuid,
    /// Text of a bounded length.
    Text(Option<u32>),
    /// Dates, floats, documents, long text: never a key.
    NoKey,
}

/// The sort of a type as written, of SQL or of a model's field; none where it says nothing.
pub(super) fn sort(type_name: Option<&str>) -> Option<Sort> {
    let text = type_name?.to_ascii_lowercase();
    let word: String = text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == ' ').collect();
    let word = word.trim();
    let length = text.split_once('(').and_then(|(_, rest)| rest.split([')', ',', ' ']).next()?.trim().parse::<u32>().ok());
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    let sort = if has(&["uuid", "guid", "uniqueidentifier"]) {
        Sort::Uuid
    } else if has(&["date", "time", "bool", "json", "float", "double", "decimal", "numeric", "blob", "binary", "real", "money", "interval"])
        || has(&["longtext", "mediumtext", "textfield", "file", "image", "email", "url", "enum", "duration", "year", "geometry"])
        || matches!(word, "text" | "texttype" | "bit")
    {
        Sort::NoKey
    } else if !word.contains("point") && has(&["int", "serial", "increment", "autofield", "number", "foreignid"]) {
        let narrow = word.starts_with("tiny") || length.is_some_and(|length| length < 4);
        if narrow { Sort::Narrow } else { Sort::Integer }
    } else if has(&["char", "string", "slug", "text"]) {
        Sort::Text(length)
    } else {
        return None;
    };
    Some(sort)
}

/// Whether a column of one type can hold keys of the other; none where one of them says nothing.
pub(super) fn agree(column: Option<Sort>, key: Option<Sort>) -> Option<bool> {
    match (column?, key?) {
        // A language's `string` says nothing of what the database keeps.
        (Sort::Text(None), Sort::Uuid) | (Sort::Uuid, Sort::Text(None)) => return None,
        _ => {}
    }
    match (column?, key?) {
        (Sort::NoKey, _) => Some(false),
        (Sort::Integer, Sort::Integer | Sort::Narrow) | (Sort::Narrow, Sort::Narrow) | (Sort::Uuid, Sort::Uuid) => Some(true),
        (Sort::Text(one), Sort::Text(other)) => Some(one.is_none() || other.is_none() || one == other),
        // A UUID may be kept as text of its length.
        (Sort::Text(Some(length)), Sort::Uuid) | (Sort::Uuid, Sort::Text(Some(length))) => Some(matches!(length, 32 | 36)),
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_refers_to_integers_only() {
        let one = |column, key| agree(sort(Some(column)), sort(Some(key)));
        assert_eq!(one("int(10) unsigned", "bigint"), Some(true));
        assert_eq!(one("int(10)", "varchar(24)"), Some(false));
        assert_eq!(one("varchar(24)", "varchar(24)"), Some(true));
        assert_eq!(one("tinyint(1)", "int(10)"), Some(false));
        assert_eq!(one("datetime", "int"), Some(false));
        assert_eq!(one("geography", "int"), None);
        assert_eq!(one("BigIntegerField", "AutoField"), Some(true));
    }
}
