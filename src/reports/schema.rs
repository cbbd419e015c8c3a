//! The JSON Schemas of our documents; a test holds real output against them.

/// The documents that have one.
pub const NAMES: [&str; 5] = ["map", "plan", "check", "baseline", "diff"];

/// The schema of a document.
#[must_use]
pub fn called(name: &str) -> Option<&'static str> {
    match name {
        "map" => Some(include_str!("schema/map.json")),
        "plan" => Some(include_str!("schema/plan.json")),
        "check" => Some(include_str!("schema/check.json")),
        "baseline" => Some(include_str!("schema/baseline.json")),
        "diff" => Some(include_str!("schema/diff.json")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::analyses::gated::Finding;
    use crate::gate::{Accepted, Baseline};
    use crate::reports::testing::{json, shop};
    use crate::reports::{Level, Options};

    #[test]
    fn every_document_has_a_schema() {
        for name in super::NAMES {
            let schema = serde_json::from_str(super::called(name).unwrap()).unwrap();
            jsonschema::draft202012::new(&schema).unwrap();
        }
        assert_eq!(super::called("nothing"), None);
    }

    #[test]
    fn a_baseline_as_it_is_written_fits_its_schema() {
        let [kind, level, graph, from, to] = ["cycle-edge", "module", "runtime", "cart", "orders"].map(str::to_owned);
        let finding = Finding { kind, level, graph, from, to };
        let fact = Finding { to: "catalog".to_owned(), ..finding.clone() };
        let own = Finding { graph: String::new(), to: String::new(), ..finding.clone() };
        let accepted = |finding, reason| Accepted { finding, reason };
        let findings = [accepted(finding.clone(), Some("planned".to_owned())), accepted(own, None)].into();
        let baseline = Baseline { findings, facts: [finding, fact].into() };
        let schema = serde_json::from_str(super::called("baseline").unwrap()).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let mut document: serde_json::Value = serde_json::from_str(&baseline.write()).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&document).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(document["facts"][0].is_object(), "the test must hold facts as well");
        document["findings"][0]["colour"] = "red".into();
        assert!(!validator.is_valid(&document));
    }

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
