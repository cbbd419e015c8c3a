//! What unpick knows, as plain lines a person can compare: the answers documents may expect.

use std::collections::BTreeSet;
use unpick::analyses::cycles;
use unpick::analyses::finding::CutEdge;
use unpick::analyses::gods;
use unpick::analyses::{sessions, units};
use unpick::base::{FileId, RelPath};
use unpick::bind::{Declaration, Kind, Reference, TableId};
use unpick::facts::{BlockKind, DefinitionId, FileFacts, Node, Shape, Target, ValueId};
use unpick::frameworks::tables::ForeignKey;
use unpick::graph::views::{Level, Reading, view};
use unpick::names::ModuleId;
use unpick::project::Project;

/// An answer: its name, and how it is made from a project and what else the info string says.
pub(super) type AnswerKind = (&'static str, fn(&Project, &str) -> Vec<String>);

/// Every answer a document can expect.
pub(super) const KINDS: &[AnswerKind] = &[
    ("edges", |project, _| references(project, |reference| reference.kind.is_structural(), false)),
    ("rules", |project, _| references(project, |reference| reference.kind.is_structural(), true)),
    ("calls", |project, _| references(project, |reference| reference.kind == Kind::Call, false)),
    ("templates", |project, _| references(project, |reference| reference.kind == Kind::Template, false)),
    ("module_edges", module_edges),
    ("modules", modules),
    ("members", members),
    ("unresolved", unresolved),
    ("problems", problems),
    ("files", files),
    ("roots", |project, _| project.names.python_roots().iter().map(|root| folder(root)).collect()),
    ("apps", apps),
    ("tables", tables),
    ("keys", keys),
    ("families", families),
    ("splits", splits),
    ("accesses", accesses),
    ("routes", routes),
    ("payloads", super::payloads::payloads),
    ("http_calls", http_calls),
    ("cuts", cuts),
    ("transactions", transactions),
    ("units", units),
    ("externals", externals),
    ("messages", messages),
    ("sessions", sessions),
    ("imports", |project, path| facts(project, path, imports)),
    ("definitions", |project, path| facts(project, path, definitions)),
    ("values", |project, path| facts(project, path, values)),
    ("document", |project, path| facts(project, path, document)),
    ("tags", |project, path| facts(project, path, tags)),
    ("bindings", |project, path| facts(project, path, bindings)),
    ("call_facts", |project, path| facts(project, path, calls)),
    ("blocks", |project, path| facts(project, path, blocks)),
    ("sql", |project, path| facts(project, path, sql)),
    ("ignores", |project, path| facts(project, path, ignores)),
    ("syntax", |project, path| facts(project, path, syntax)),
    ("measures", measures),
    ("foreign", foreign),
];

/// The answer to an info string.
pub(super) fn answer(project: &Project, what: &str) -> Result<Vec<String>, String> {
    let (word, rest) = what.split_once(' ').unwrap_or((what, ""));
    let (_, make) = KINDS.iter().find(|(kind, _)| *kind == word).ok_or_else(|| format!("`{word}` is no answer unpick can give"))?;
    Ok(make(project, rest))
}

/// Foreign keys that nobody declared, with how sure they are and what says so; then pairs that refer to several tables, and
/// columns called like keys that lead nowhere.
fn keys(project: &Project, _: &str) -> Vec<String> {
    let found = unpick::analyses::keys::keys(project, &unpick::analyses::values::values_of_columns(project));
    let tables = &project.resolution.tables.rows;
    let mut lines = Vec::new();
    for (table, key) in tables.iter().zip(&found.inferred).flat_map(|(table, keys)| keys.iter().map(move |key| (table, key))) {
        let evidence = key.evidence.iter().map(|(file, line, kind)| format!("{kind} {}:{line}", project.base.path(*file)));
        let (from, to) = (key.columns.join(","), key.to_columns.join(","));
        let evidence = evidence.collect::<Vec<_>>().join(", ");
        lines.push(format!("{}.{from} -> {}.{to}  {}%  {evidence}", table.name, key.to_table, key.certainty.0));
    }
    lines.extend(found.polymorphic.iter().map(|pair| {
        let said_by = |places: &[(FileId, u32, &'static str)]| {
            let kinds: BTreeSet<&str> = places.iter().map(|(_, _, kind)| *kind).collect();
            kinds.into_iter().collect::<Vec<_>>().join(" and ")
        };
        let target = |(to, places): &(_, Vec<_>)| format!("{} ({})", tables[TableId::index(*to)].name, said_by(places));
        let targets: Vec<String> = pair.targets.iter().map(target).collect();
        format!("{}.{} by {} -> {}", tables[pair.table.index()].name, pair.key_column, pair.type_column, targets.join(","))
    }));
    lines.extend(found.open.iter().map(|(table, column)| format!("{}.{column} leads nowhere", tables[table.index()].name)));
    lines
}

/// Tables that are one to whoever thinks about them: `base, kind: member (entity, attribute, value), ...`.
fn families(project: &Project, _: &str) -> Vec<String> {
    let found = unpick::analyses::run(project).families;
    let name = |table: TableId| project.resolution.tables.rows[table.index()].name.as_str();
    let rows = found.iter().map(|family| {
        let member = |row: &unpick::analyses::tables::Member| {
            format!("{} ({}, {}, {})", name(row.table), row.entity_column, row.attribute_column, row.value_column)
        };
        let members: Vec<String> = family.members.iter().map(member).collect();
        let attributes = family.attributes.map(|table| format!(" of {}", name(table))).unwrap_or_default();
        format!("{}, {}{attributes}: {}", name(family.base), family.kind.word(), members.join(", "))
    });
    rows.collect()
}

/// Where tables could be split: `table by column: names in modules; ...`.
fn splits(project: &Project, _: &str) -> Vec<String> {
    let found = unpick::analyses::run(project).splits;
    let module = |module: ModuleId| project.names.modules[module.index()].name.as_str();
    let rows = found.iter().map(|split| {
        let part = |part: &unpick::analyses::tables::Part| {
            let modules: Vec<String> = part.modules.iter().map(|(id, count)| format!("{} {count}", module(*id))).collect();
            format!("{} in {}", part.names.join(" "), modules.join(" "))
        };
        let parts: Vec<String> = split.parts.iter().map(part).collect();
        let across: Vec<&str> = split.across.iter().map(|id| module(*id)).collect();
        let across = if across.is_empty() { String::new() } else { format!("; all of them in {}", across.join(" ")) };
        let by = split.by.as_deref().unwrap_or("columns");
        format!("{} by {by}: {}{across}", project.resolution.tables.rows[split.table.index()].name, parts.join("; "))
    });
    rows.collect()
}

fn folder(path: &str) -> String {
    if path.is_empty() { ".".to_owned() } else { path.to_owned() }
}

fn references(project: &Project, wanted: impl Fn(&Reference) -> bool, rule: bool) -> Vec<String> {
    let chosen = project.resolution.references.iter().filter(|reference| wanted(reference));
    chosen
        .map(|reference| {
            let mut line = format!("{} -> {}  ", project.base.path(reference.from), project.base.path(reference.to));
            line.push_str(reference.kind.word());
            for (word, said) in [(" lazy", reference.lazy), (" type-only", reference.type_only), (" unused", !reference.used)] {
                line.push_str(if said { word } else { "" });
            }
            if rule {
                line + &format!("  {}%  {}", reference.certainty.0, reference.rule)
            } else {
                line + &format!("  L{}  {}", reference.line, reference.text)
            }
        })
        .collect()
}

/// Edges between modules with their weight; the info string may name a reading: `module_edges load`.
fn module_edges(project: &Project, reading: &str) -> Vec<String> {
    let reading = Reading::ALL.into_iter().find(|known| known.word() == reading).unwrap_or(Reading::Runtime);
    let Project { base, names, resolution, graph, .. } = project;
    let graph = view(base, names, resolution, graph, Level::Module, reading);
    let name = |node: u32| project.node_name(Level::Module, node);
    graph.edges().iter().map(|edge| format!("{} -> {}  {}", name(edge.from), name(edge.to), edge.weight)).collect()
}

fn modules(project: &Project, _: &str) -> Vec<String> {
    let modules = project.names.modules.iter();
    modules.map(|module| format!("{}  {}  {}  ({})", module.name, module.basis.word(), module.paths.join(", "), module.rule)).collect()
}

fn members(project: &Project, _: &str) -> Vec<String> {
    project.base.ids().map(|id| format!("{}  {}", project.base.path(id), project.names.module(id).name)).collect()
}

fn unresolved(project: &Project, _: &str) -> Vec<String> {
    let open = project.resolution.unresolved.iter();
    open.map(|open| format!("{}:{}  {}  {}  ({})", project.base.path(open.file), open.line, open.kind, open.text, open.reason)).collect()
}

fn problems(project: &Project, _: &str) -> Vec<String> {
    let place = |path: &RelPath, line: Option<u32>| line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"));
    let problems = project.problems.iter();
    problems.map(|problem| format!("{}  {}  {}", place(&problem.path, problem.line), problem.severity.word(), problem.message)).collect()
}

fn files(project: &Project, _: &str) -> Vec<String> {
    let files = project.base.files.iter();
    files
        .map(|file| {
            let tags: Vec<&str> = file.tags.iter().map(|tag| tag.word()).collect();
            let tags = if tags.is_empty() { "-".to_owned() } else { tags.join(" ") };
            let line = format!("{}  {}  {}", file.source.path, file.status.word(), tags);
            file.status.reason().map_or(line.clone(), |reason| format!("{line}  ({reason})"))
        })
        .collect()
}

fn apps(project: &Project, _: &str) -> Vec<String> {
    project.names.apps.iter().map(|app| format!("{}  {}  ({})", app.label, folder(&app.folder), app.rule)).collect()
}

/// `table shop_order(*id, customer_id -> shop_customer.id) by orm shop/models.py:12`; a star marks the primary key, keys over
/// several columns and pairs of columns that point at any table follow the list.
fn tables(project: &Project, _: &str) -> Vec<String> {
    let target = |key: &ForeignKey| match key.to_columns.as_slice() {
        [] => key.to_table.clone(),
        [column] => format!("{}.{column}", key.to_table),
        columns => format!("{}({})", key.to_table, columns.join(", ")),
    };
    let rows = project.resolution.tables.rows.iter();
    rows.map(|table| {
        let columns = table.columns.iter().map(|column| {
            let star = if table.primary_key.contains(&column.name) { "*" } else { "" };
            let keys = table.foreign_keys.iter().filter(|key| key.columns == [column.name.clone()]);
            keys.fold(format!("{star}{}", column.name), |text, key| format!("{text} -> {}", target(key)))
        });
        let wide = table.foreign_keys.iter().filter(|key| key.columns.len() > 1);
        let wide = wide.map(|key| format!("({}) -> {}", key.columns.join(", "), target(key)));
        let any = table.polymorphic.iter().map(|(kind, key)| format!("({kind}, {key}) -> any"));
        let columns: Vec<String> = columns.chain(wide).chain(any).collect();
        let by = |row: &Declaration| format!("{} {}:{}", row.by.word(), project.base.path(row.file), row.line);
        let declared: Vec<String> = table.declared.iter().map(by).collect();
        let declared = if declared.is_empty() { "nobody".to_owned() } else { declared.join(", ") };
        let schema = table.schema.as_ref().map_or(String::new(), |schema| format!("{schema}."));
        format!("table {schema}{}({}) by {declared}", table.name, columns.join(", "))
    })
    .collect()
}

/// `access read shop_order [status] filter shop/views.py:8 in View.get 100%`, then what is around it; several tables of one
/// statement are several lines.
fn accesses(project: &Project, _: &str) -> Vec<String> {
    let rows = project.resolution.tables.accesses.iter();
    rows.map(|access| {
        let at = &access.at;
        let table = &project.resolution.tables.rows[access.table.index()].name;
        let columns = if at.columns.is_empty() { String::new() } else { format!(" [{}]", at.columns.join(", ")) };
        let lines = if at.end_line > at.line { format!("{}-{}", at.line, at.end_line) } else { at.line.to_string() };
        let owner = at.owner.map_or(String::new(), |owner| format!(" in {}", project.base.facts(at.file).qualified_name(owner)));
        let (path, sure) = (project.base.path(at.file), at.certainty.0);
        let around = [(" loop", at.in_loop), (" transaction", access.in_transaction)];
        let around: String = around.iter().filter(|(_, said)| *said).map(|(word, _)| *word).collect();
        format!("access {} {table}{columns} {} {path}:{lines}{owner} {sure}%{around}", at.operation.word(), at.verb)
    })
    .collect()
}

/// `closure shop/orders.py:8-12 in place`
fn transactions(project: &Project, _: &str) -> Vec<String> {
    let scopes = project.resolution.transactions.iter();
    scopes
        .map(|scope| {
            let owner = scope.owner.map_or(String::new(), |owner| format!(" in {}", project.base.facts(scope.file).qualified_name(owner)));
            format!("{} {}:{}-{}{owner}", scope.kind, project.base.path(scope.file), scope.span.line, scope.span.end_line)
        })
        .collect()
}

/// `job place (shop/orders.py): writes orders; reads -`
fn units(project: &Project, _: &str) -> Vec<String> {
    let named = |tables: &BTreeSet<TableId>| {
        let names: Vec<&str> = tables.iter().map(|table| project.resolution.tables.rows[table.index()].name.as_str()).collect();
        if names.is_empty() { "-".to_owned() } else { names.join(", ") }
    };
    let units = units::units(project).into_iter();
    units.map(|unit| format!("{}: writes {}; reads {}", unit.entry, named(&unit.written), named(&unit.read))).collect()
}

/// `shop/gateway.py:16 requests http api.example.com in Gateway.rates loop transaction`; a dash is a host nobody can tell.
fn externals(project: &Project, _: &str) -> Vec<String> {
    let rows = project.resolution.externals.iter();
    rows.map(|external| {
        let at = &external.at;
        let hosts = if at.hosts.is_empty() { "-".to_owned() } else { at.hosts.join(",") };
        let owner = at.owner.map_or(String::new(), |owner| format!(" in {}", project.base.facts(at.file).qualified_name(owner)));
        let around = [(" loop", external.in_loop), (" transaction", external.in_transaction)];
        let around: String = around.iter().filter(|(_, said)| *said).map(|(word, _)| *word).collect();
        format!("{}:{} {} {} {hosts}{owner}{around}", project.base.path(at.file), at.line, at.client, at.protocol)
    })
    .collect()
}

/// `cart_id shop/cart.py:4 in add`
fn sessions(project: &Project, _: &str) -> Vec<String> {
    let rows = sessions::kept(project).into_iter();
    rows.map(|kept| {
        let owner = kept.owner.map_or(String::new(), |owner| format!(" in {}", project.base.facts(kept.file).qualified_name(owner)));
        format!("{} {}:{}{owner}", kept.key, project.base.path(kept.file), kept.line)
    })
    .collect()
}

/// A line for each message, and below it one for each place that sends it and each function that is called:
/// `event App\Events\Placed`, `  <- app/Shop.php:8 95%`, `  -> app/Receipt.php:5 App\Receipt::handle later by app/Provider.php:3 95%`.
fn messages(project: &Project, _: &str) -> Vec<String> {
    let place = |(file, line): (FileId, u32)| format!("{}:{line}", project.base.path(file));
    let mut lines = Vec::new();
    for message in &project.resolution.messages {
        lines.push(format!("{} {}", message.kind.word(), message.name));
        lines.extend(message.senders.iter().map(|sender| format!("  <- {} {}%", place((sender.file, sender.line)), sender.certainty.0)));
        lines.extend(message.handlers.iter().map(|handler| {
            let later = if handler.queued { " later" } else { "" };
            let (at, by) = (place((handler.file, handler.line)), place(handler.registered));
            format!("  -> {at} {}{later} by {by} {}%", handler.name, handler.certainty.0)
        }));
    }
    lines
}

/// `GET /orders/{id} shop.views.show shop/views.py:8 by django shop/urls.py:3 (order-detail) 90%`; a dash is somebody else's code.
fn routes(project: &Project, _: &str) -> Vec<String> {
    let place = |(file, line): (FileId, u32)| format!("{}:{line}", project.base.path(file));
    let rows = project.resolution.routes.iter();
    rows.map(|route| {
        let handled = route.handled.map_or("-".to_owned(), place);
        let name = route.name.as_ref().map_or(String::new(), |name| format!(" ({name})"));
        let (method, path, by, sure) = (route.method.word(), &route.path, route.framework, route.certainty.0);
        format!("{method} {path}  {} {handled}  by {by} {}{name} {sure}%", route.handler, place(route.registered))
    })
    .collect()
}

/// What to cut between modules at run time, and why: `cart -> orders  2.5  interface: cart works with Order of orders: ...`.
fn cuts(project: &Project, _: &str) -> Vec<String> {
    let all = cycles::cycles(project);
    let cycles = all.iter().filter(|cycle| cycle.level == Level::Module && cycle.reading == Reading::Runtime);
    let line = |cut: &CutEdge| {
        let name = |node: u32| project.node_name(Level::Module, node);
        format!("{} -> {}  {}  {}: {}", name(cut.from), name(cut.to), cut.weight, cut.advice.word(), cut.because)
    };
    cycles.flat_map(|cycle| &cycle.cut).map(line).collect()
}

/// `shop/cart.js:8 GET /orders/{} fetch -> GET /orders/{id} 90%`
fn http_calls(project: &Project, _: &str) -> Vec<String> {
    let rows = project.resolution.http_calls.iter();
    rows.map(|wired| {
        let call = &wired.call;
        let (method, url, client, sure) = (call.method.word(), &call.url, call.client, call.certainty.0);
        let to = wired.resolves_to.as_ref().map_or(String::new(), |to| format!(" -> {to}"));
        let around = [(" loop", wired.in_loop), (" transaction", wired.in_transaction)];
        let around: String = around.iter().filter(|(_, said)| *said).map(|(word, _)| *word).collect();
        format!("{}:{}  {method} {url} {client}{to} {sure}%{around}", project.base.path(call.file), call.line)
    })
    .collect()
}

/// Facts of the one file the info string names, or of all files, then with the path before each line.
fn facts(project: &Project, path: &str, lines: fn(&FileFacts) -> Vec<String>) -> Vec<String> {
    let single = project.base.files.len() == 1;
    let chosen: Vec<FileId> = project.base.ids().filter(|id| path.is_empty() || project.base.path(*id) == path).collect();
    assert!(!chosen.is_empty(), "no file {path}");
    let prefix = |id: FileId| if single || !path.is_empty() { String::new() } else { format!("{}  ", project.base.path(id)) };
    chosen.into_iter().flat_map(|id| lines(project.base.facts(id)).into_iter().map(move |line| prefix(id) + &line)).collect()
}

fn imports(facts: &FileFacts) -> Vec<String> {
    let imports = facts.imports.iter();
    imports
        .map(|import| {
            let target = match import.target {
                Target::Dotted { level, path } => ".".repeat(level as usize) + facts.text(path),
                Target::Path(text) | Target::Symbol(text) | Target::Package(text) => facts.text(text).to_owned(),
                Target::Computed(_) => String::new(),
            };
            let mut line = match import.symbol {
                Some(symbol) => format!("L{}  from {target} import {}", import.line, facts.text(symbol)),
                None => format!("L{}  import {target}", import.line),
            };
            if let Some(local) = import.local {
                line.push_str(&format!(" as {}", facts.text(local)));
            }
            let said = [("lazy", import.lazy), ("type-only", import.type_only), ("conditional", import.conditional)];
            said.iter().filter(|(_, said)| *said).for_each(|(word, _)| line.push_str(&format!("  {word}")));
            line
        })
        .collect()
}

fn definitions(facts: &FileFacts) -> Vec<String> {
    let all = facts.definitions();
    all.map(|(id, definition)| {
        let span = definition.span;
        let mut line = format!("L{}-{}  {} {}", span.line, span.end_line, definition.kind.word(), facts.qualified_name(id));
        let list = |values: &[ValueId]| values.iter().map(|value| shown(facts, *value)).collect::<Vec<_>>().join(", ");
        let parameters = &facts.parameters[definition.parameters.range()];
        if !parameters.is_empty() {
            let names: Vec<&str> = parameters.iter().map(|parameter| facts.text(parameter.name)).collect();
            line.push_str(&format!("({})", names.join(", ")));
        }
        let bases = facts.items(definition.bases);
        if !bases.is_empty() {
            line.push_str(&format!("  bases {}", list(bases)));
        }
        let decorators = facts.items(definition.decorators);
        if !decorators.is_empty() {
            line.push_str(&format!("  decorators {} from L{}", list(decorators), definition.first_line));
        }
        if definition.decisions > 0 {
            line.push_str(&format!("  decisions {}", definition.decisions));
        }
        if definition.conditional {
            line.push_str("  conditional");
        }
        line
    })
    .collect()
}

fn values(facts: &FileFacts) -> Vec<String> {
    let bindings = facts.bindings.iter().filter_map(|binding| Some((binding.line, binding.target, binding.value?)));
    bindings.map(|(line, target, value)| format!("L{line}  {} = {}", shown(facts, target), shown(facts, value))).collect()
}

fn tags(facts: &FileFacts) -> Vec<String> {
    facts.tags.iter().map(|tag| format!("L{}  {} {}", tag.line, facts.text(tag.name), facts.text(tag.text))).collect()
}

/// The texts of a document of keys and values with the way to them: `L3  config/host = db.example`.
fn document(facts: &FileFacts) -> Vec<String> {
    fn lines(way: &str, node: Node<'_>, out: &mut Vec<String>) {
        if let Some(text) = node.text() {
            out.push(format!("L{}  {way} = {text}", node.line()));
        }
        for (key, value) in node.entries() {
            let separator = if way.is_empty() { "" } else { "/" };
            lines(&format!("{way}{separator}{key}"), value, out);
        }
        for (index, value) in node.items().enumerate() {
            lines(&format!("{way}[{index}]"), value, out);
        }
    }
    let mut out = Vec::new();
    facts.document().into_iter().for_each(|node| lines("", node, &mut out));
    out
}

fn bindings(facts: &FileFacts) -> Vec<String> {
    let bindings = facts.bindings.iter();
    bindings
        .map(|binding| {
            let how = format!("{:?}", binding.binds).to_lowercase();
            let mut line = format!("L{}  {how} {}", binding.line, shown(facts, binding.target));
            if let Some(annotation) = binding.annotation {
                line.push_str(&format!(": {}", shown(facts, annotation)));
            }
            if let Some(value) = binding.value {
                line.push_str(&format!(" = {}", shown(facts, value)));
            }
            match binding.owner {
                Some(owner) => format!("{line}  in {}", facts.qualified_name(owner)),
                None => line,
            }
        })
        .collect()
}

fn calls(facts: &FileFacts) -> Vec<String> {
    let calls = facts.calls.iter();
    calls
        .map(|call| {
            let used = if call.used { "" } else { "  unused" };
            let owner = facts.owner_of(call.value).map_or(String::new(), |owner| format!("  in {}", facts.qualified_name(owner)));
            format!("L{}-{}  {}{used}{owner}", call.span.line, call.span.end_line, shown(facts, call.value))
        })
        .collect()
}

fn blocks(facts: &FileFacts) -> Vec<String> {
    let word = |kind| match kind {
        BlockKind::Loop => "loop",
        BlockKind::Branch => "branch",
        BlockKind::With => "with",
        BlockKind::Try => "try",
        BlockKind::Handler => "handler",
        BlockKind::TypeChecking => "type checking",
    };
    let blocks = facts.blocks.iter();
    blocks
        .map(|block| {
            let subject = block.subject.map_or(String::new(), |subject| format!("  {}", shown(facts, subject)));
            format!("L{}-{}  {}{subject}", block.span.line, block.span.end_line, word(block.kind))
        })
        .collect()
}

fn sql(facts: &FileFacts) -> Vec<String> {
    facts.sql.iter().map(|sql| format!("L{}-{}  {}", sql.span.line, sql.span.end_line, shown(facts, sql.value))).collect()
}

fn ignores(facts: &FileFacts) -> Vec<String> {
    facts.ignores.iter().map(|ignore| format!("L{}  {}", ignore.line, ignore.text).trim_end().to_owned()).collect()
}

fn syntax(facts: &FileFacts) -> Vec<String> {
    let mut lines = vec![format!("{} lines, {}", facts.lines, if facts.legacy { "an older version" } else { "no older version" })];
    lines.extend(facts.errors.iter().map(|line| format!("L{line}  syntax error")));
    lines
}

/// The measures of every class, and how its methods hang together.
fn measures(project: &Project, _: &str) -> Vec<String> {
    let line = |measured: &gods::Measured| {
        let gods::God { file, name, figures, reasons, parts, .. } = &measured.class;
        let facts = project.base.facts(*file);
        let method = |id: &DefinitionId| facts.text(facts.definition(*id).name);
        let part = |part: &Vec<DefinitionId>| part.iter().map(method).collect::<Vec<_>>().join(" ");
        let tcc = figures.tcc.map_or("-".to_owned(), |tcc| format!("{}/{}", tcc.sharing, tcc.pairs));
        let size = format!("{} lines, {} methods, {} fields", figures.lines, figures.methods, figures.fields);
        let mut line = format!("{name}  wmc {}, atfd {}, tcc {tcc}; {size}", figures.wmc, figures.atfd);
        line.push_str(&format!("; {}", parts.iter().map(part).collect::<Vec<_>>().join(" | ")));
        if !reasons.is_empty() {
            line.push_str(&format!("  ({})", reasons.iter().map(|reason| reason.word()).collect::<Vec<_>>().join(", ")));
        }
        line
    };
    project.own_files().flat_map(|file| gods::measured(project, file)).map(|measured| line(&measured)).collect()
}

/// The attributes of others that each class reads, and how often.
fn foreign(project: &Project, _: &str) -> Vec<String> {
    let lines = |measured: gods::Measured| {
        let facts = project.base.facts(measured.class.file);
        let line = |read: &gods::Foreign| {
            let times = if read.places > 1 { format!("  {} times", read.places) } else { String::new() };
            format!("{}  L{}  {}{times}", measured.class.name, facts.value(read.value).line, shown(facts, read.value))
        };
        measured.foreign.iter().map(line).collect::<Vec<_>>()
    };
    project.own_files().flat_map(|file| gods::measured(project, file)).flat_map(lines).collect()
}

/// A value in one line: names and members as written, everything else as a word with its parts.
fn shown(facts: &FileFacts, id: ValueId) -> String {
    let one = |id: ValueId| shown(facts, id);
    let list = |values: &[ValueId]| values.iter().map(|value| one(*value)).collect::<Vec<_>>().join(", ");
    match facts.value(id).shape {
        Shape::Name(name) | Shape::Number(name) | Shape::Constant(name) => facts.text(name).to_owned(),
        Shape::Member(object, name) => format!("{}.{}", one(object), facts.text(name)),
        Shape::Item(object, index) => format!("{}[{}]", one(object), one(index)),
        Shape::Literal(text) => format!("{:?}", facts.text(text)),
        Shape::Template(parts) => format!("template({})", list(facts.items(parts))),
        Shape::Joined(left, right) => format!("joined({}, {})", one(left), one(right)),
        Shape::List(parts) => format!("[{}]", list(facts.items(parts))),
        Shape::Choice(parts) => format!("choice({})", list(facts.items(parts))),
        Shape::Other(parts) => format!("other({})", list(facts.items(parts))),
        Shape::Inline(definition) => format!("inline {}", facts.qualified_name(definition)),
        Shape::Map(entries) => {
            let entries = &facts.entries[entries.range()];
            let pair = |entry: &unpick::facts::Entry| match entry.key {
                Some(key) => format!("{}: {}", one(key), one(entry.value)),
                None => one(entry.value),
            };
            format!("{{{}}}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Shape::Call(call) => {
            let call = &facts.calls[call.0 as usize];
            let arguments = facts.arguments_of(call).iter().map(|argument| {
                let star = if argument.spread { "*" } else { "" };
                let name = argument.name.map_or(String::new(), |name| format!("{}=", facts.text(name)));
                format!("{star}{name}{}", one(argument.value))
            });
            format!("{}({})", one(call.callee), arguments.collect::<Vec<_>>().join(", "))
        }
    }
}
