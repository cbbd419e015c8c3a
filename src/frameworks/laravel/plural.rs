//! Plurals as Laravel makes them: the English rules of Doctrine's Inflector, first match from the top.
//!
//! The pluralisers on offer follow other lists (`Feedback`, `Research` and `Staff` get an `s` there), and a table that
//! is called otherwise than the framework calls it is a wrong answer, so the rules stand here.

/// Words that are their own plural.
const SAME: [&str; 92] = [
    "advice",
    "aircraft",
    "art",
    "audio",
    "baggage",
    "bison",
    "buffalo",
    "butter",
    "chassis",
    "clothing",
    "coal",
    "cod",
    "compensation",
    "corps",
    "cotton",
    "data",
    "debris",
    "deer",
    "diabetes",
    "education",
    "elk",
    "emoji",
    "equipment",
    "evidence",
    "experience",
    "feedback",
    "fish",
    "flounder",
    "flour",
    "food",
    "furniture",
    "gallows",
    "gold",
    "headquarters",
    "herpes",
    "hijinks",
    "homework",
    "impatience",
    "information",
    "innings",
    "jeans",
    "jedi",
    "knowledge",
    "leather",
    "love",
    "luggage",
    "mackerel",
    "management",
    "media",
    "metadata",
    "money",
    "moose",
    "mumps",
    "music",
    "news",
    "nexus",
    "nutrition",
    "offspring",
    "oil",
    "patience",
    "people",
    "plankton",
    "pliers",
    "pokemon",
    "police",
    "polish",
    "portuguese",
    "proceedings",
    "progress",
    "rabies",
    "rain",
    "recommended",
    "related",
    "research",
    "rice",
    "salmon",
    "sand",
    "scissors",
    "series",
    "sheep",
    "silk",
    "sms",
    "soap",
    "spam",
    "species",
    "staff",
    "sugar",
    "talent",
    "traffic",
    "travel",
    "trivia",
    "us",
];

/// The rest of them, with the endings that make any word its own plural.
const SAME_TOO: [&str; 9] = ["swine", "toothpaste", "trousers", "trout", "tuna", "vinegar", "weather", "wheat", "wool"];

/// Words whose plural no rule makes.
const IRREGULAR: [(&str, &str); 58] = [
    ("abuse", "abuses"),
    ("atlas", "atlases"),
    ("avalanche", "avalanches"),
    ("axe", "axes"),
    ("beef", "beefs"),
    ("blouse", "blouses"),
    ("cafe", "cafes"),
    ("canvas", "canvases"),
    ("chateau", "chateaux"),
    ("child", "children"),
    ("corpus", "corpuses"),
    ("criterion", "criteria"),
    ("curriculum", "curricula"),
    ("curve", "curves"),
    ("domino", "dominoes"),
    ("echo", "echoes"),
    ("emphasis", "emphases"),
    ("foot", "feet"),
    ("fungus", "fungi"),
    ("gas", "gases"),
    ("genus", "genera"),
    ("goose", "geese"),
    ("graffito", "graffiti"),
    ("grave", "graves"),
    ("hoof", "hoofs"),
    ("human", "humans"),
    ("iris", "irises"),
    ("larva", "larvae"),
    ("leaf", "leaves"),
    ("lens", "lenses"),
    ("loaf", "loaves"),
    ("man", "men"),
    ("medium", "media"),
    ("memorandum", "memoranda"),
    ("mongoose", "mongooses"),
    ("motto", "mottoes"),
    ("mythos", "mythoi"),
    ("neurosis", "neuroses"),
    ("niveau", "niveaux"),
    ("nucleus", "nuclei"),
    ("oasis", "oases"),
    ("octopus", "octopuses"),
    ("opus", "opuses"),
    ("ox", "oxen"),
    ("passerby", "passersby"),
    ("person", "people"),
    ("plateau", "plateaux"),
    ("safe", "safes"),
    ("save", "saves"),
    ("sex", "sexes"),
    ("soliloquy", "soliloquies"),
    ("syllabus", "syllabi"),
    ("thief", "thieves"),
    ("tooth", "teeth"),
    ("tornado", "tornadoes"),
    ("turf", "turfs"),
    ("valve", "valves"),
    ("wave", "waves"),
];

/// What a word ends with, and what stands there in the plural.
const ENDINGS: [(&str, &str); 34] = [
    ("status", "statuses"),
    ("quiz", "quizzes"),
    ("mouse", "mice"),
    ("louse", "lice"),
    ("matrix", "matrices"),
    ("vertex", "vertices"),
    ("index", "indices"),
    ("x", "xes"),
    ("ch", "ches"),
    ("ss", "sses"),
    ("sh", "shes"),
    ("quy", "quies"),
    ("hive", "hives"),
    ("gulf", "gulfs"),
    ("ffe", "ffes"),
    ("fe", "ves"),
    ("lf", "lves"),
    ("rf", "rves"),
    ("sis", "ses"),
    ("tum", "ta"),
    ("ium", "ia"),
    ("taxon", "taxa"),
    ("criterion", "criteria"),
    ("person", "people"),
    ("man", "men"),
    ("child", "children"),
    ("foot", "feet"),
    ("hero", "heroes"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
    ("volcano", "volcanoes"),
    ("us", "uses"),
    ("alias", "aliases"),
    ("s", "s"),
];

/// What stands before `us` in words that have `i` in the plural.
const US_TO_I: [&str; 3] = ["cact", "foc", "radi"];

/// Endings that are the same in the plural when a letter stands before them.
const SAME_ENDINGS: [&str; 2] = ["media", "ware"];

/// The plural of one word in small letters.
pub(in crate::frameworks) fn plural(word: &str) -> String {
    if SAME.contains(&word) || SAME_TOO.contains(&word) || SAME_ENDINGS.iter().any(|end| word.len() > end.len() && word.ends_with(end)) {
        return word.to_owned();
    }
    if let Some((_, plural)) = IRREGULAR.iter().find(|(single, _)| *single == word) {
        return (*plural).to_owned();
    }
    if let Some(stem) = word.strip_suffix("us").filter(|stem| US_TO_I.iter().any(|known| stem.ends_with(known))) {
        return format!("{stem}i");
    }
    // `y` behind a consonant.
    if let Some(stem) = word.strip_suffix('y')
        && stem.chars().next_back().is_some_and(|letter| !"aeiouy".contains(letter))
    {
        return format!("{stem}ies");
    }
    let known = ENDINGS.iter().find_map(|(end, plural)| Some((word.strip_suffix(end)?, plural)));
    known.map_or_else(|| format!("{word}s"), |(stem, plural)| format!("{stem}{plural}"))
}

/// What a plural ends with, and what stands there in the singular; a word that ends with a vowel's `ies` is not among them.
const SINGULAR_ENDINGS: [(&str, &str); 39] = [
    ("statuses", "status"),
    ("campuses", "campus"),
    ("menus", "menu"),
    ("quizzes", "quiz"),
    ("matrices", "matrix"),
    ("vertices", "vertex"),
    ("indices", "index"),
    ("aliases", "alias"),
    ("buffaloes", "buffalo"),
    ("heroes", "hero"),
    ("potatoes", "potato"),
    ("tomatoes", "tomato"),
    ("volcanoes", "volcano"),
    ("taxes", "tax"),
    ("waxes", "wax"),
    ("faxes", "fax"),
    ("analyses", "analysis"),
    ("crises", "crisis"),
    ("theses", "thesis"),
    ("shoes", "shoe"),
    ("slaves", "slave"),
    ("oes", "o"),
    ("ouses", "ouse"),
    ("auses", "ause"),
    ("uses", "us"),
    ("mice", "mouse"),
    ("lice", "louse"),
    ("xes", "x"),
    ("caches", "cache"),
    ("ches", "ch"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("movies", "movie"),
    ("series", "series"),
    ("lves", "lf"),
    ("rves", "rf"),
    ("news", "news"),
    ("ss", "ss"),
    ("us", "us"),
];

/// The singular of one word in small letters.
pub(super) fn singular(word: &str) -> String {
    if let Some((single, _)) = IRREGULAR.iter().find(|(_, plural)| *plural == word) {
        return (*single).to_owned();
    }
    if SAME.contains(&word) || SAME_TOO.contains(&word) || SAME_ENDINGS.iter().any(|end| word.len() > end.len() && word.ends_with(end)) {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix('i').filter(|stem| US_TO_I.iter().any(|known| stem.ends_with(known))) {
        return format!("{stem}us");
    }
    let known = SINGULAR_ENDINGS.iter().find_map(|(end, single)| Some((word.strip_suffix(end)?, single)));
    if let Some((stem, single)) = known {
        return format!("{stem}{single}");
    }
    // `ies` behind a consonant.
    if let Some(stem) = word.strip_suffix("ies")
        && stem.chars().next_back().is_some_and(|letter| !"aeiouy".contains(letter))
    {
        return format!("{stem}y");
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// The plural of a name in snake case: that of its last word.
pub(super) fn plural_name(name: &str) -> String {
    match name.rsplit_once('_') {
        Some((before, last)) => format!("{before}_{}", plural(last)),
        None => plural(name),
    }
}

/// `OrderLine` as `order_line`: an underscore before every capital but the first, as the framework's `Str::snake` has it.
pub(in crate::frameworks) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    if name.chars().all(char::is_lowercase) {
        return name.to_owned();
    }
    for letter in name.chars().filter(|letter| !letter.is_whitespace()) {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// The table a class stands for when it does not say: its bare name in snake case, the last word in the plural.
pub(super) fn table_of(class: &str) -> String {
    let start = class.char_indices().rev().find(|(_, letter)| letter.is_uppercase()).map_or(0, |(at, _)| at);
    let (before, last) = class.split_at(start);
    let plural = plural(&last.to_lowercase());
    // A lone capital keeps its case throughout: `FAQ` becomes `f_a_q_s`.
    snake(&format!("{before}{}", if last.len() == 1 { plural.to_uppercase() } else { capitalised(&plural) }))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{plural_name, singular, snake, table_of};

    #[test]
    fn tables_are_called_as_the_framework_calls_them() {
        let cases = [
            ("User", "users"),
            ("OrderLine", "order_lines"),
            ("Category", "categories"),
            ("Person", "people"),
            ("Child", "children"),
            ("BookChild", "book_children"),
            ("Status", "statuses"),
            ("OrderStatus", "order_statuses"),
            ("Address", "addresses"),
            ("Box", "boxes"),
            ("Bus", "buses"),
            ("Key", "keys"),
            ("Feedback", "feedback"),
            ("Research", "research"),
            ("Media", "media"),
            ("SocialMedia", "social_media"),
            ("News", "news"),
            ("Analysis", "analyses"),
            ("Leaf", "leaves"),
            ("Life", "lives"),
            ("Shelf", "shelves"),
            ("Hero", "heroes"),
            ("Photo", "photos"),
            ("Index", "indices"),
            ("Datum", "data"),
            ("Quiz", "quizzes"),
            ("Curriculum", "curricula"),
            ("Software", "software"),
            ("Man", "men"),
            ("Human", "humans"),
            ("Move", "moves"),
            ("Cache", "caches"),
            ("Day", "days"),
            ("Company", "companies"),
            ("APIToken", "a_p_i_tokens"),
            ("Series", "series"),
            ("Mouse", "mice"),
            ("House", "houses"),
            ("Alias", "aliases"),
            ("Tax", "taxes"),
            ("TaxRate", "tax_rates"),
            ("FAQ", "f_a_q_s"),
        ];
        for (class, table) in cases {
            assert_eq!(table_of(class), table, "{class}");
        }
        assert_eq!(plural_name("user_address"), "user_addresses");
        let singles =
            ["addresses", "categories", "boxes", "people", "statuses", "houses", "series", "taxes", "caches", "data", "status", "foci"];
        let wanted = ["address", "category", "box", "person", "status", "house", "series", "tax", "cache", "data", "status", "focus"];
        assert_eq!(singles.map(singular), wanted);
        assert_eq!(snake("createdBy"), "created_by");
    }
}
