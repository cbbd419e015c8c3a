//! Addresses as OpenAPI wants them: every parameter has a name, none has it twice, and no two addresses differ in the
//! names of their parameters only.

use crate::frameworks::routes::{Method, Route};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// One address with what answers it.
pub(super) struct Address<'a> {
    /// With names for all parameters.
    pub path: String,
    /// The names of its parameters in order.
    pub parameters: Vec<String>,
    /// True where a parameter had no name.
    pub nameless: bool,
    /// What answers each method.
    pub rows: BTreeMap<Method, Row<'a>>,
    /// What answers without a word on methods.
    pub any: Vec<&'a Route>,
}

/// What answers one method.
pub(super) struct Row<'a> {
    /// The route.
    pub route: &'a Route,
    /// The names that its own address has for the parameters, in order.
    pub own: Vec<String>,
    /// Handlers that answer the same, less surely or later.
    pub others: Vec<&'a str>,
}

/// Addresses in the order of their paths.
pub(super) fn addresses<'a>(project: &Project, routes: &[&'a Route]) -> Vec<Address<'a>> {
    let mut found: BTreeMap<String, Address<'a>> = BTreeMap::new();
    // Two addresses that differ in names are one: it has the names that most methods have, of as many the first ones.
    let mut wanted: BTreeMap<String, Vec<(String, Vec<String>, usize)>> = BTreeMap::new();
    let whole = whole(project, routes);
    for route in routes {
        // What a parameter chooses is part of the operation of its script.
        if route.path.split_once('?').is_some_and(|(page, _)| whole.contains(&(page, route.method))) {
            continue;
        }
        let (path, mut parameters, nameless) = named(&route.path);
        let own = parameters.clone();
        let path = called(project, route, path, &mut parameters);
        let key = shape(&path);
        let names = wanted.entry(key.clone()).or_default();
        match names.iter_mut().find(|(known, ..)| *known == path) {
            Some((.., times)) => *times += 1,
            None => names.push((path.clone(), parameters.clone(), 1)),
        }
        let new = || Address { path, parameters, nameless, rows: BTreeMap::new(), any: Vec::new() };
        let address = found.entry(key).or_insert_with(new);
        let told = project.resolution.payloads.methods(route);
        if route.method == Method::Any && told.is_empty() {
            address.any.push(route);
            continue;
        }
        for method in told {
            address.rows.entry(method).or_insert_with(|| Row { route, own: own.clone(), others: Vec::new() });
        }
        let method = route.method;
        if method == Method::Any {
            continue;
        }
        match address.rows.get_mut(&method) {
            Some(row) if surer(route, row.route) => {
                row.others.push(&row.route.handler);
                (row.route, row.own) = (route, own);
            }
            Some(row) => row.others.push(&route.handler),
            None => {
                address.rows.insert(method, Row { route, own, others: Vec::new() });
            }
        }
    }
    for (key, names) in wanted {
        if let (Some(address), Some((path, parameters, _))) = (found.get_mut(&key), most(names)) {
            (address.path, address.parameters) = (path, parameters);
        }
    }
    let mut all: Vec<Address<'a>> = found.into_values().collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Addresses of scripts whose operations are known whole, by the methods those have; `Any` stands for an action that does not say
/// its method.
fn whole<'a>(project: &Project, routes: &[&'a Route]) -> BTreeSet<(&'a str, Method)> {
    let pages = routes.iter().filter(|route| route.method == Method::Any && !route.path.contains('?'));
    let mut found = BTreeSet::new();
    for route in pages {
        for method in project.resolution.payloads.methods(route) {
            found.extend([(route.path.as_str(), method), (route.path.as_str(), Method::Any)]);
        }
    }
    found
}

/// What most have of several that were counted; of as many the first.
fn most<T, U>(counted: Vec<(T, U, usize)>) -> Option<(T, U, usize)> {
    counted.into_iter().rev().max_by_key(|(.., times)| *times)
}

/// The surer of two routes counts.
fn surer(route: &Route, than: &Route) -> bool {
    route.certainty > than.certainty
}

/// An address in which parameters have the names that the framework's documents give them.
fn called(project: &Project, route: &Route, path: String, parameters: &mut [String]) -> String {
    let renamed = project.resolution.payloads.of(route).map_or(&[][..], |operation| &operation.called);
    renamed.iter().fold(path, |path, (name, other)| {
        if parameters.contains(other) {
            return path;
        }
        parameters.iter_mut().filter(|known| *known == name).for_each(|known| known.clone_from(other));
        path.replace(&format!("{{{name}}}"), &format!("{{{other}}}"))
    })
}

/// What two addresses have in common that differ in names only.
fn shape(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

/// An address with a name for every parameter, each once; the names; and whether one had none.
fn named(path: &str) -> (String, Vec<String>, bool) {
    let path = &path[..end_of(path)];
    let (mut out, mut names, mut nameless) = (String::new(), Vec::<String>::new(), false);
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inside, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        let written: String = inside.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')).collect();
        nameless |= written.is_empty();
        let wanted = if written.is_empty() { "part".to_owned() } else { written };
        let mut name = wanted.clone();
        let mut number = 2;
        while names.contains(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        out.push_str(&format!("{{{name}}}"));
        names.push(name);
        rest = behind;
    }
    out.push_str(&rest.replace(['{', '}'], ""));
    let out = if out.starts_with('/') { out } else { format!("/{out}") };
    (out, names, nameless)
}

/// Where an address ends and what is asked for begins; `?` inside of a parameter says that it may be missing.
fn end_of(path: &str) -> usize {
    let mut inside = false;
    for (place, letter) in path.char_indices() {
        match letter {
            '{' => inside = true,
            '}' => inside = false,
            '?' | '#' if !inside => return place,
            _ => {}
        }
    }
    path.len()
}

#[cfg(test)]
mod tests {
    use super::{most, named, shape};

    #[test]
    fn most_methods_name_a_parameter() {
        assert_eq!(most(vec![("id", (), 1), ("pk", (), 2), ("key", (), 2)]), Some(("pk", (), 2)));
        assert_eq!(most(Vec::<(u8, u8, usize)>::new()), None);
    }

    #[test]
    fn every_parameter_has_a_name_of_its_own() {
        let (path, names, nameless) = named("/a/{id}/b/{id}/{}/{}");
        assert_eq!(path, "/a/{id}/b/{id_2}/{part}/{part_2}");
        assert_eq!(names, ["id", "id_2", "part", "part_2"]);
        assert!(nameless);
        assert_eq!(named("/x/{id?}/y?z=1").0, "/x/{id}/y");
        assert_eq!(named("/x/{pk"), ("/x/pk".to_owned(), Vec::new(), false));
        assert_eq!(shape("/a/{id}/b-{c}"), "/a/{}/b-{}");
    }
}
