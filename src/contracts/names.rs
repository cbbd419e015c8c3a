//! Names of components: short where nothing else has them, and the same in every document.

use crate::frameworks::payloads::schema::{ComponentId, Form, Schema};
use crate::frameworks::payloads::{Operation, Payloads};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Which way a payload goes: answers lack what only requests have, and the other way round.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Way {
    /// To the caller.
    Answer,
    /// To the application.
    Request,
}

/// The names of all components that some operation reaches.
pub(super) struct ComponentNames {
    names: BTreeMap<(ComponentId, Way), String>,
    /// Components that look different in requests and answers.
    split: BTreeSet<ComponentId>,
}

impl ComponentNames {
    /// Names everything that is reached.
    pub(super) fn of(project: &Project) -> Self {
        let payloads = &project.resolution.payloads;
        let mut reached: BTreeSet<(ComponentId, Way)> = BTreeSet::new();
        for operation in project.resolution.routes.iter().filter_map(|route| payloads.of(route)) {
            each_schema(operation, &mut |schema, way| reach(payloads, schema, way, &mut reached));
        }
        let split = split(payloads, &reached);
        let mut wanted: BTreeMap<String, Vec<(ComponentId, Way)>> = BTreeMap::new();
        for (id, way) in &reached {
            let way = if split.contains(id) { *way } else { Way::Answer };
            let rows = wanted.entry(short(payloads, *id, way)).or_default();
            if !rows.contains(&(*id, way)) {
                rows.push((*id, way));
            }
        }
        let mut names = BTreeMap::new();
        let mut taken: BTreeSet<String> = wanted.iter().filter(|(_, rows)| rows.len() == 1).map(|(name, _)| name.clone()).collect();
        for (name, rows) in wanted {
            if let [only] = rows[..] {
                names.insert(only, name);
                continue;
            }
            for (id, way) in rows {
                let long = letters(&payloads.component(id).long_name) + suffix(way);
                let mut unique = long.clone();
                let mut number = 2;
                while !taken.insert(unique.clone()) {
                    unique = format!("{long}_{number}");
                    number += 1;
                }
                names.insert((id, way), unique);
            }
        }
        Self { names, split }
    }

    /// The way that counts for a component: one name where both ways look the same.
    pub(super) fn way(&self, id: ComponentId, way: Way) -> Way {
        if self.split.contains(&id) { way } else { Way::Answer }
    }

    /// The name of a component.
    pub(super) fn name(&self, id: ComponentId, way: Way) -> &str {
        self.names.get(&(id, self.way(id, way))).map_or("", String::as_str)
    }
}

fn short(payloads: &Payloads, id: ComponentId, way: Way) -> String {
    letters(&payloads.component(id).name) + suffix(way)
}

fn suffix(way: Way) -> &'static str {
    match way {
        Way::Answer => "",
        Way::Request => "Request",
    }
}

/// The letters OpenAPI allows in a name.
fn letters(name: &str) -> String {
    let kept: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' }).collect();
    if kept.is_empty() { "Schema".to_owned() } else { kept }
}

/// Every schema an operation names, with the way it goes.
fn each_schema(operation: &Operation, look: &mut dyn FnMut(&Schema, Way)) {
    operation.parameters.iter().for_each(|parameter| look(&parameter.schema, Way::Request));
    operation.body.iter().for_each(|body| look(&body.schema, Way::Request));
    operation.responses.iter().filter_map(|response| response.content.as_ref()).for_each(|content| look(&content.schema, Way::Answer));
}

fn reach(payloads: &Payloads, schema: &Schema, way: Way, reached: &mut BTreeSet<(ComponentId, Way)>) {
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        match &schema.form {
            Form::Reference(id) => {
                if reached.insert((*id, way)) {
                    open.push(&payloads.component(*id).schema);
                }
            }
            Form::Object { properties, .. } => {
                open.extend(properties.iter().map(|property| &property.schema).filter(|schema| goes(schema, way)));
            }
            Form::Array(inner) | Form::Map(inner) => open.push(inner),
            Form::OneOf(parts) | Form::AllOf(parts) => open.extend(parts),
            Form::Unknown | Form::Plain(..) => {}
        }
    }
}

/// True where a property is there on this way.
pub(super) fn goes(schema: &Schema, way: Way) -> bool {
    match way {
        Way::Answer => !schema.write_only,
        Way::Request => !schema.read_only,
    }
}

/// Components that hold something that goes one way only, or refer to one that does.
fn split(payloads: &Payloads, reached: &BTreeSet<(ComponentId, Way)>) -> BTreeSet<ComponentId> {
    let ids: BTreeSet<ComponentId> = reached.iter().map(|(id, _)| *id).collect();
    let mut split: BTreeSet<ComponentId> = BTreeSet::new();
    loop {
        let before = split.len();
        for id in &ids {
            if !split.contains(id) && one_way(&payloads.component(*id).schema, &split) {
                split.insert(*id);
            }
        }
        if split.len() == before {
            return split;
        }
    }
}

fn one_way(schema: &Schema, split: &BTreeSet<ComponentId>) -> bool {
    match &schema.form {
        Form::Reference(id) => split.contains(id),
        Form::Object { properties, .. } => {
            properties.iter().any(|p| p.schema.read_only || p.schema.write_only || one_way(&p.schema, split))
        }
        Form::Array(inner) | Form::Map(inner) => one_way(inner, split),
        Form::OneOf(parts) | Form::AllOf(parts) => parts.iter().any(|part| one_way(part, split)),
        Form::Unknown | Form::Plain(..) => false,
    }
}
