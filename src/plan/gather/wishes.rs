//! What people decided, by the names of modules, files and tables.

use crate::config::Config;
use crate::plan::facts::{Decided, Facts, Wishes};

/// Names that mean nothing here, each with where it is written.
#[must_use]
pub fn unknown(facts: &Facts, config: &Config) -> Vec<(String, String)> {
    let services = config.services.iter().flat_map(|service| {
        let names = service.modules.iter().chain(&service.tables);
        names.map(move |name| (format!("[[service]] {}", service.name), name))
    });
    let groups = [("same", &config.same), ("apart", &config.apart)];
    let groups = groups.into_iter().flat_map(|(key, groups)| groups.iter().flatten().map(move |name| (key.to_owned(), name)));
    services.chain(groups).filter(|(_, name)| facts.meant(name).is_empty()).map(|(place, name)| (place, name.clone())).collect()
}

/// Names turned into nodes; a name that means nothing here is left out.
pub(super) fn wishes(facts: &Facts, config: &Config) -> Wishes {
    let nodes = |names: &[String]| -> Vec<usize> { names.iter().flat_map(|name| facts.meant(name)).collect() };
    let services = config.services.iter().map(|service| Decided {
        name: service.name.clone(),
        nodes: nodes(&service.modules).into_iter().chain(nodes(&service.tables)).collect(),
    });
    let pairs = |group: &Vec<String>| -> Vec<(usize, usize)> {
        let sides: Vec<Vec<usize>> = group.iter().map(|name| facts.meant(name)).collect();
        let mut pairs = Vec::new();
        for (at, side) in sides.iter().enumerate() {
            for other in &sides[at + 1..] {
                pairs.extend(side.iter().flat_map(|a| other.iter().map(|b| (*a, *b))).filter(|(a, b)| a != b));
            }
        }
        pairs
    };
    Wishes {
        same: config.same.iter().map(|group| nodes(group)).filter(|group| group.len() > 1).collect(),
        apart: config.apart.iter().flat_map(pairs).collect(),
        services: services.filter(|service| !service.nodes.is_empty()).collect(),
    }
}
