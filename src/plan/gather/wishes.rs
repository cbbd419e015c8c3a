//! What people decided, by the names of modules, files and tables.

use crate::config::Config;
use crate::plan::facts::{Decided, Facts, Wishes};

/// Names turned into nodes; a name that means nothing here is left out, and [`unknown`] tells it.
pub(super) fn wishes(facts: &Facts, config: &Config) -> Wishes {
    let nodes = |names: &[String]| -> Vec<usize> { names.iter().flat_map(|name| meant(facts, name)).collect() };
    let services = config.services.iter().map(|service| Decided {
        name: service.name.clone(),
        nodes: nodes(&service.modules).into_iter().chain(nodes(&service.tables)).collect(),
    });
    let pairs = |group: &Vec<String>| -> Vec<(usize, usize)> {
        let sides: Vec<Vec<usize>> = group.iter().map(|name| meant(facts, name)).collect();
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

/// The nodes a name means: an atom, all atoms of a module or file, a table.
fn meant(facts: &Facts, name: &str) -> Vec<usize> {
    let code = (0..facts.atoms.len()).filter(|at| {
        let atom = &facts.atoms[*at];
        atom.name == name || atom.module == name || atom.path.as_deref() == Some(name)
    });
    let found: Vec<usize> = code.collect();
    if !found.is_empty() {
        return found;
    }
    let table = facts.tables.iter().position(|table| table.name.eq_ignore_ascii_case(name));
    table.map(|table| facts.table_node(table)).into_iter().collect()
}
