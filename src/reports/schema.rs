//! The JSON Schemas of our documents; a test holds real output against them.

/// The documents that have one.
pub const NAMES: [&str; 1] = ["map"];

/// The schema of a document.
#[must_use]
pub fn called(name: &str) -> Option<&'static str> {
    (name == "map").then_some(include_str!("schema/map.json"))
}

#[cfg(test)]
mod tests {
    use crate::reports::testing::{json, shop};
    use crate::reports::{Level, Options};

    #[test]
    fn the_map_of_the_shop_fits_its_schema() {
        let schema = serde_json::from_str(super::called("map").unwrap()).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for level in Level::ALL {
            let map = json(&shop(), &Options { level, ..Options::default() });
            let wrong: Vec<String> = validator.iter_errors(&map).map(|error| format!("{} {error}", error.instance_path())).collect();
            assert!(wrong.is_empty(), "{wrong:#?}");
        }
    }

    #[test]
    fn a_map_with_a_key_too_few_or_too_many_does_not_fit() {
        let schema = serde_json::from_str(super::called("map").unwrap()).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let map = json(&shop(), &Options::default());
        for key in map.as_object().unwrap().keys() {
            let mut less = map.clone();
            less.as_object_mut().unwrap().remove(key);
            assert!(!validator.is_valid(&less), "{key} is not required");
        }
        let mut more = map.clone();
        more["modules"][0]["colour"] = "red".into();
        assert!(!validator.is_valid(&more));
    }
}
