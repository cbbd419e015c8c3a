//! The key `routes`.

use super::Each;
use crate::bind::Route;
use crate::project::Project;
use serde::Serialize;

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct RouteRow<'a> {
    method: &'static str,
    path: &'a str,
    handler: &'a str,
    file: &'a str,
    line: u32,
    registered: Place<'a>,
    module: &'a str,
    framework: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    confidence: f64,
}

/// Routes in the order of their paths. Where the handler is somebody else's code, file and line are those of the registration.
pub(in crate::reports) fn rows(project: &Project) -> impl Serialize {
    Each(move || project.resolution.routes.iter().map(move |route| row(project, route)))
}

fn row<'a>(project: &'a Project, route: &'a Route) -> RouteRow<'a> {
    let (file, line) = route.handled.unwrap_or(route.registered);
    RouteRow {
        method: route.method.word(),
        path: &route.path,
        handler: &route.handler,
        file: project.base.path(file),
        line,
        registered: Place { path: project.base.path(route.registered.0), line: route.registered.1 },
        module: &project.names.module(file).name,
        framework: route.framework,
        name: route.name.as_deref(),
        confidence: route.certainty.share(),
    }
}
