//! What routes of Python take and answer.
//!
//! `types` reads written types, `models` the classes they name (Pydantic, SQLModel, dataclasses, typed dictionaries,
//! enumerations); each framework has a file that reads what its handlers say. `asked` and `plain` read what functions take
//! from a request by name and hand back, where no library says it.

mod asked;
mod carried;
mod depends;
mod enums;
mod fastapi;
mod flask;
mod forms;
mod guards;
mod literal_schema;
mod located;
mod marshmallow;
mod models;
mod plain;
mod raises;
mod rest_lists;
mod rest_models;
mod rest_notes;
mod rest_serializers;
mod rest_views;
mod restx;
mod statuses;
mod types;
mod values;
mod written;

use super::schema::{ComponentId, Kind, Schema};
use super::{In, Operation, Payloads, Reader};
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, DefinitionKind, FileFacts, Text};
use crate::frameworks::django::routes::name_of;
use crate::frameworks::orm::{ClassId, Classes};
use crate::frameworks::python::{Evaluator, Scope, Thing, is_python};
use crate::frameworks::routes::Route;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// The row of the table of readers.
pub(in crate::frameworks) static READER: Reader = Reader { frameworks: &["django", "fastapi", "flask", "flask_appbuilder"], read };

/// How deep types and classes stand in each other.
const DEEPEST: u32 = 24;

/// A definition of the tree.
type Place = (FileId, DefinitionId);

/// What answers a route.
#[derive(Clone, Debug)]
struct Handler {
    /// The class of the view, where there is one.
    class: Option<ClassId>,
    /// The function or method, where the tree has it.
    function: Option<Place>,
}

/// What is known while routes are read.
struct Reading<'a, 'p> {
    evaluator: &'p Evaluator<'a>,
    out: &'p mut Payloads,
    /// Components by what they describe and in which form.
    components: FxHashMap<(ClassId, String), ComponentId>,
    /// Classes by their bare name.
    by_name: FxHashMap<&'a str, Vec<ClassId>>,
    /// What `REST_FRAMEWORK` of the settings says.
    settings: Vec<(FileId, Thing)>,
    /// Where FastAPI's routers are included, once somebody asks.
    inclusions: Option<Rc<depends::Inclusions>>,
    /// What functions raise and call: many handlers share what they call.
    raising: RefCell<FxHashMap<Place, Rc<raises::Raising>>>,
}

fn read(classes: &Classes<'_>, routes: &[&Route], payloads: &mut Payloads) {
    let evaluator = Evaluator::new(classes);
    let settings = settings(&evaluator);
    let mut reading = Reading {
        evaluator: &evaluator,
        out: payloads,
        components: FxHashMap::default(),
        by_name: by_name(classes),
        settings,
        inclusions: None,
        raising: RefCell::default(),
    };
    for route in routes {
        let handler = reading.handler(route);
        let operation = match route.framework {
            "fastapi" => reading.of_fastapi(route, &handler),
            "django" => reading.of_rest(route, &handler).or_else(|| reading.of_django(route, &handler)),
            "flask" => reading.of_flask(route, &handler),
            "flask_appbuilder" => reading.of_builder(route, &handler),
            _ => None,
        };
        if let Some(mut operation) = operation {
            reading.converters(route, &mut operation);
            reading.out.note(route, operation);
        }
    }
}

/// What settings are given for REST framework, by file.
fn settings(evaluator: &Evaluator<'_>) -> Vec<(FileId, Thing)> {
    let base = evaluator.classes.base;
    let files = base.ids().filter(|file| is_python(base, *file) && evaluator.facts(*file).texts.find("REST_FRAMEWORK").is_some());
    files.map(|file| (file, evaluator.in_module(file, "REST_FRAMEWORK"))).filter(|(_, thing)| matches!(thing, Thing::Map(_))).collect()
}

fn by_name<'a>(classes: &Classes<'a>) -> FxHashMap<&'a str, Vec<ClassId>> {
    let base = classes.base;
    let mut found: FxHashMap<&str, Vec<ClassId>> = FxHashMap::default();
    for file in base.ids().filter(|file| is_python(base, *file)) {
        let facts = base.facts(file);
        for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind.is_type()) {
            found.entry(facts.text(definition.name)).or_default().push((file, id));
        }
    }
    found
}

impl<'a> Reading<'a, '_> {
    fn facts(&self, file: FileId) -> &'a FileFacts {
        self.evaluator.facts(file)
    }

    /// What answers a route.
    fn handler(&self, route: &Route) -> Handler {
        let above = route.handler.rsplit_once('.').map(|(class, _)| class);
        let class = above.and_then(|path| self.class_called(path));
        let whole = || self.class_called(&route.handler);
        let function = route.handled.and_then(|(file, line)| {
            let facts = self.facts(file);
            let at = facts.definitions().find(|(_, definition)| definition.span.line == line && !definition.kind.is_type())?;
            Some((file, at.0))
        });
        Handler { class: class.or_else(whole), function }
    }

    /// Types of parameters that stand in the address as it is registered: `<int:number>`.
    fn converters(&self, route: &Route, operation: &mut Operation) {
        let (file, line) = route.registered;
        let facts = self.facts(file);
        for call in facts.calls.iter().filter(|call| call.span.line <= line && line <= call.span.end_line) {
            for text in facts.arguments_of(call).iter().filter_map(|argument| facts.as_literal(argument.value)) {
                for part in text.split('<').skip(1).filter_map(|part| part.split_once('>')) {
                    let Some((kind, name)) = part.0.split_once(':') else { continue };
                    if let Some(schema) = of_converter(kind).filter(|_| route.path.contains(&format!("{{{name}}}"))) {
                        operation.parameter(In::Path, name, schema, true);
                    }
                }
            }
        }
    }

    /// The class of a dotted name as routes write it.
    fn class_called(&self, path: &str) -> Option<ClassId> {
        let bare = path.rsplit('.').next()?;
        let found = self.by_name.get(bare)?.iter().find(|(file, id)| name_of(self.evaluator, *file, *id) == path);
        found.copied()
    }

    /// The name of a definition.
    fn bare_name(&self, (file, id): Place) -> &'a str {
        let facts = self.facts(file);
        facts.text(facts.definition(id).name)
    }

    /// Names that a class body or those above it give values or types, the outermost class first; a name that is written
    /// again keeps its place.
    fn fields(&self, class: ClassId) -> Vec<Field> {
        let mut line: Vec<ClassId> = self.evaluator.classes.line(class).collect();
        line.reverse();
        let mut all: Vec<Field> = Vec::new();
        for (file, class) in line {
            let facts = self.facts(file);
            for (index, binding) in facts.bindings.iter().enumerate().filter(|(_, binding)| binding.owner == Some(class)) {
                let Some(name) = facts.as_name(binding.target) else { continue };
                let field = Field { name: facts.text(name).to_owned(), file, class, binding: index };
                match all.iter_mut().find(|known| known.name == field.name) {
                    Some(known) => *known = field,
                    None => all.push(field),
                }
            }
        }
        all
    }

    /// Fields that are given the result of a call: `name = Text(max_length=3)`; the name, where it stands, and the call.
    fn called_fields(&self, class: ClassId) -> Vec<(String, Scope, Call)> {
        let each = self.fields(class).into_iter().filter_map(|field| {
            let facts = self.facts(field.file);
            let binding = &facts.bindings[field.binding];
            let call = *facts.as_call(binding.value.filter(|_| binding.binds == Binds::Assign)?)?;
            Some((field.name, Scope::at(field.file, Some(field.class)), call))
        });
        each.collect()
    }

    /// Methods of a class and those above it by their names; the nearest counts.
    fn methods(&self, class: ClassId) -> Vec<(Text, Place)> {
        let mut seen: Vec<&str> = Vec::new();
        let mut all = Vec::new();
        for (file, class) in self.evaluator.classes.line(class) {
            let facts = self.facts(file);
            for (id, definition) in facts.inside(Some(class)).filter(|(_, definition)| definition.kind == DefinitionKind::Method) {
                let name = facts.text(definition.name);
                if !seen.contains(&name) {
                    seen.push(name);
                    all.push((definition.name, (file, id)));
                }
            }
        }
        all
    }

    /// True where a class is or inherits from a library's class of one of these names.
    fn is_kind_of(&self, class: ClassId, names: &[&str]) -> bool {
        let kind = crate::frameworks::python::Kind::Ours(class);
        self.evaluator.library_classes(&kind).iter().any(|path| names.contains(&last(path)))
    }

    /// The first line of what documents a function.
    fn summary(&self, function: Place) -> Option<String> {
        let text = self.docstring(function)?;
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && *line != "---")?;
        Some(first.trim_end_matches('.').chars().take(120).collect())
    }

    /// What documents a function: the text it begins with.
    fn docstring(&self, (file, id): Place) -> Option<&'a str> {
        let facts = self.facts(file);
        let inside = facts.definition(id).values;
        let at = facts.statements.partition_point(|value| value.0 < inside.start);
        let first = facts.statements.get(at).filter(|value| inside.contains(value.0))?;
        // Whatever stands before it inside the function is decorators, parameters and types.
        facts.as_literal(*first).filter(|_| facts.owner_of(*first) == Some(id))
    }
}

/// What a converter of Django or Flask lets through.
fn of_converter(kind: &str) -> Option<Schema> {
    Some(match kind {
        "int" => Schema::integer(),
        "float" => Schema::plain(Kind::Number),
        "uuid" => Schema::formatted("uuid"),
        "str" | "string" | "slug" | "path" => Schema::text(),
        _ => return None,
    })
}

/// A name in a class body.
#[derive(Clone, Debug)]
struct Field {
    name: String,
    file: FileId,
    class: DefinitionId,
    /// Its place among the bindings of the file.
    binding: usize,
}

/// The last part of a dotted name.
fn last(path: &str) -> &str {
    let path = path.trim_end_matches("()");
    path.rsplit('.').next().unwrap_or(path)
}
