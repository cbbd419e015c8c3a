//! Which route belongs to which document.

use super::Grouping;
use crate::frameworks::routes::Route;
use crate::project::Project;
use std::collections::BTreeMap;

/// Routes by the name of their document and what that stands for.
pub(super) type Groups<'a> = BTreeMap<(String, &'static str), Vec<&'a Route>>;

/// Puts every route of the tree's own code into one group.
pub(super) fn groups<'a>(project: &'a Project, grouping: Grouping<'_>) -> Groups<'a> {
    let mut groups = Groups::new();
    let mut candidates: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    if let Grouping::ByPlan(facts, plan) = grouping {
        for route in &facts.routes {
            // What is in no candidate has a number that no candidate has.
            if let Some(candidate) = plan.of.get(route.atom).and_then(|at| plan.candidates.get(*at as usize)) {
                candidates.insert((&route.path, route.method), &candidate.name);
            }
        }
    }
    for route in project.resolution.routes.iter().filter(|route| !route.is_beside_the_application()) {
        let name = match grouping {
            Grouping::Single => ("application".to_owned(), "application"),
            Grouping::ByPlan(..) => match candidates.get(&(route.path.as_str(), route.method.word())) {
                Some(candidate) => ((*candidate).to_owned(), "candidate"),
                None => (module(project, route).to_owned(), "module"),
            },
        };
        groups.entry(name).or_default().push(route);
    }
    groups
}

/// The module that answers a route.
pub(super) fn module<'a>(project: &'a Project, route: &Route) -> &'a str {
    let (file, _) = route.handled.unwrap_or(route.registered);
    &project.names.module(file).name
}
