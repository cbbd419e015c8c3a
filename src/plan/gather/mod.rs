//! The facts of a plan, out of everything that is known of a scanned application.

mod atoms;
mod beside;
mod units;
mod wishes;

pub use beside::{Beside, Touched};
pub use wishes::unknown;

use super::facts::{Access, Column, Dependency, Facts, Join, Key, Message, Outside, Role, Route, SessionKey, Site, Start, Table, Use};
use crate::analyses::externals;
use crate::analyses::finding::Findings;
use crate::analyses::sessions;
use crate::analyses::tables::{self, GodTable, SURE, TableKind};
use crate::analyses::units as work_units;
use crate::base::{Language, Tag};
use crate::bind::{self, KeyBasis, Operation, TableId};
use crate::config::Config;
use crate::facts::LocalCalls;
use crate::graph::build::weight;
use crate::graph::views::{Level, Reading};
use crate::names::ModuleId;
use crate::project::Project;
use atoms::Atoms;
use std::collections::{BTreeMap, BTreeSet};

/// What a call weighs, in thousandths (PLAN.md A.2).
const CALL: i64 = 1000;

/// Folders of code that fills tables for a start or for trying out: it says nothing of who owns them.
const SEEDS: [&str; 8] = ["seed", "seeder", "seeders", "seeds", "factories", "fixtures", "demo", "loader"];

/// Brings a project into the shape plans are made from.
#[must_use]
pub fn gather(project: &Project, findings: &Findings, config: &Config, beside: &Beside) -> Facts {
    gathered(project, findings, config, beside, None)
}

/// The same in the pieces of an earlier plan, given by their names, so that the two can be held against each other.
#[must_use]
pub fn gather_as(project: &Project, findings: &Findings, config: &Config, beside: &Beside, atoms: &BTreeSet<String>) -> Facts {
    gathered(project, findings, config, beside, Some(atoms))
}

fn gathered(project: &Project, findings: &Findings, config: &Config, beside: &Beside, earlier: Option<&BTreeSet<String>>) -> Facts {
    let accesses: Vec<&bind::Access> = project.resolution.tables.accesses.iter().filter(|access| counts(project, access)).collect();
    let atoms = Atoms::of(project, &accesses, earlier);
    let mut facts = Facts { atoms: atoms.rows.clone(), ..Facts::default() };
    let gathering = Gathering { project, findings, atoms: &atoms, accesses: &accesses };
    facts.tables = gathering.tables();
    facts.accesses = gathering.accesses();
    facts.dependencies = gathering.dependencies();
    facts.keys = gathering.keys();
    facts.joins = gathering.joins();
    (facts.outside, facts.queued) = (gathering.outside(false), gathering.outside(true));
    facts.starts = gathering.starts();
    facts.messages = gathering.messages();
    facts.session = gathering.session();
    facts.families = families(findings);
    facts.units = units::units(project, &findings.units, &accesses, &atoms);
    facts.cheapest_cuts = gathering.cuts();
    beside::add(&mut facts, project, &atoms, beside);
    gathering.routes(&mut facts);
    gathering.coverage(&mut facts);
    gathering.tests(&mut facts);
    roles(&mut facts, config);
    facts.wishes = wishes::wishes(&facts, config);
    facts
}

/// True for accesses that say something of the application at work.
fn counts(project: &Project, access: &bind::Access) -> bool {
    let file = project.base.file(access.at.file);
    let seeds = || file.source.path.as_str().split('/').any(|part| SEEDS.contains(&part));
    access.at.certainty >= SURE
        && access.at.operation != Operation::Ddl
        && access.at.verb != "cascade"
        && !file.left_out
        && !file.tags.contains(Tag::Migration)
        && !seeds()
}

struct Gathering<'a> {
    project: &'a Project,
    findings: &'a Findings,
    atoms: &'a Atoms,
    accesses: &'a [&'a bind::Access],
}

impl Gathering<'_> {
    fn atom_of(&self, access: &bind::Access) -> Option<usize> {
        self.atoms.at(self.project, access.at.file, access.at.owner)
    }

    fn tables(&self) -> Vec<Table> {
        let uses = &self.findings.tables.uses;
        let gods: BTreeMap<TableId, &GodTable> = self.findings.tables.gods.iter().map(|god| (god.table, god)).collect();
        let some_declared = uses.iter().any(|found| found.kind != TableKind::Ghost);
        let rows = self.project.resolution.tables.rows.iter().zip(uses);
        rows.map(|(table, found)| {
            let model = table.model.as_ref().and_then(|(file, name)| self.atoms.named(self.project, *file, Some(name)));
            let declared = table.declared.first().filter(|row| table.model.is_none() && row.claims() && !is_schema(self.project, row.file));
            Table {
                name: table.schema.as_ref().map_or_else(|| table.name.clone(), |schema| format!("{schema}.{}", table.name)),
                defined_by: model.or_else(|| declared.and_then(|row| self.atoms.at(self.project, row.file, None))),
                is_reference: found.kind == TableKind::Reference,
                is_ghost: found.kind == TableKind::Ghost && some_declared,
                columns: table.columns.iter().map(|row| column(row, self.numbers_itself(table))).collect(),
                primary_key: table.primary_key.clone(),
                is_log: found.kind == TableKind::Log,
                is_god: gods.contains_key(&found.table),
                column_groups: gods.get(&found.table).map_or_else(Vec::new, |god| god.column_groups.clone()),
                kinds: table.polymorphic.iter().map(|(kind, _)| kind.clone()).collect(),
            }
        })
        .collect()
    }

    /// Django gives a model that says nothing else a key that counts.
    fn numbers_itself(&self, table: &bind::Table) -> bool {
        table.model.as_ref().is_some_and(|(file, _)| self.project.base.file(*file).source.language == Language("python"))
    }

    fn accesses(&self) -> Vec<Access> {
        let mut rows: BTreeMap<(usize, usize), Access> = BTreeMap::new();
        for access in self.accesses {
            let Some(atom) = self.atom_of(access) else { continue };
            let table = access.table.index();
            let row = rows.entry((atom, table)).or_insert_with(|| Access { atom, table, ..Access::default() });
            let site = Site { file: access.at.file, line: access.at.line };
            let (count, sites) = match access.at.operation {
                Operation::Write => (&mut row.writes, &mut row.write_sites),
                _ => (&mut row.reads, &mut row.read_sites),
            };
            *count += 1;
            sites.push(site);
        }
        rows.into_values().collect()
    }

    /// What runs counts; what only the type checker sees does not, nor what migrations import.
    fn dependencies(&self) -> Vec<Dependency> {
        let mut rows: BTreeMap<(usize, usize), Dependency> = BTreeMap::new();
        let project = self.project;
        for reference in project.resolution.references.iter().filter(|reference| Reading::Runtime.counts(reference)) {
            if project.base.file(reference.from).tags.contains(Tag::Migration) {
                continue;
            }
            let from = self.atoms.at(project, reference.from, reference.owner);
            let to = self.atoms.named(project, reference.to, reference.symbol.as_deref());
            let Some((from, to)) = from.zip(to).filter(|(from, to)| from != to) else { continue };
            let row = rows.entry((from, to)).or_insert_with(|| Dependency { from, to, ..Dependency::default() });
            row.weight += weight(reference);
            row.count += 1;
            let symbol = reference.symbol.clone().unwrap_or_default();
            row.uses.push(Use { site: Site { file: reference.from, line: reference.line }, symbol });
        }
        self.local_calls(&mut rows);
        rows.into_values().collect()
    }

    /// Calls between functions of a file that is taken apart: no import states them.
    fn local_calls(&self, rows: &mut BTreeMap<(usize, usize), Dependency>) {
        for file in self.atoms.split_files() {
            let facts = self.project.base.facts(file);
            let local = LocalCalls::of(facts);
            for call in &facts.calls {
                let owner = facts.owner_of(call.value);
                let Some(target) = local.target(facts, owner, call) else { continue };
                let ends = self.atoms.at(self.project, file, owner).zip(self.atoms.at(self.project, file, Some(target)));
                let Some((from, to)) = ends.filter(|(from, to)| from != to) else { continue };
                let row = rows.entry((from, to)).or_insert_with(|| Dependency { from, to, ..Dependency::default() });
                row.weight += CALL;
                row.count += 1;
                let symbol = facts.text(facts.definition(target).name).into();
                row.uses.push(Use { site: Site { file, line: call.span.line }, symbol });
            }
        }
    }

    fn keys(&self) -> Vec<Key> {
        let tables = &self.project.resolution.tables.rows;
        let number: BTreeMap<String, usize> = tables.iter().enumerate().rev().map(|(at, table)| (table.name.to_lowercase(), at)).collect();
        let mut keys = Vec::new();
        for (from, table) in tables.iter().enumerate() {
            let inferred = self.findings.keys.inferred.get(from).into_iter().flatten();
            for key in table.foreign_keys.iter().chain(inferred) {
                let name = key.to_table.rsplit('.').next().unwrap_or(&key.to_table).to_lowercase();
                let Some(to) = number.get(&name).copied().filter(|to| *to != from) else { continue };
                keys.push(Key {
                    from,
                    columns: key.columns.join(", "),
                    to,
                    certainty: key.certainty.0,
                    declared: key.basis == KeyBasis::Declared,
                    site: key.evidence.first().map(|(file, line, _)| Site { file: *file, line: *line }),
                });
            }
        }
        for (child, columns, parent) in BROUGHT_ALONG {
            if let (Some(from), Some(to)) = (number.get(child).copied(), number.get(parent).copied()) {
                let site = tables[from].declared.first().map(|row| Site { file: row.file, line: row.line });
                keys.push(Key { from, columns: columns.to_owned(), to, certainty: 60, declared: false, site });
            }
        }
        keys.sort();
        keys.dedup_by(|later, first| (later.from, &later.columns, later.to) == (first.from, &first.columns, first.to));
        keys
    }

    fn joins(&self) -> Vec<Join> {
        let mut rows: BTreeMap<(Vec<usize>, usize), Join> = BTreeMap::new();
        let same = |a: &&bind::Access, b: &&bind::Access| (a.at.file, a.at.line, a.at.statement) == (b.at.file, b.at.line, b.at.statement);
        for statement in self.accesses.chunk_by(same) {
            let mut tables: Vec<TableId> = statement.iter().map(|access| access.table).collect();
            tables.sort_unstable();
            tables.dedup();
            let Some(atom) = self.atom_of(statement[0]).filter(|_| tables.len() > 1) else { continue };
            let tables: Vec<usize> = tables.into_iter().map(TableId::index).collect();
            let empty = || Join { atom, tables: tables.clone(), ..Join::default() };
            let row = rows.entry((tables.clone(), atom)).or_insert_with(empty);
            row.count += 1;
            row.sites.push(Site { file: statement[0].at.file, line: statement[0].at.line });
        }
        rows.into_values().collect()
    }

    /// Calls of systems outside. Whoever answers is waited for; work for a queue is handed over and done.
    fn outside(&self, queue: bool) -> Vec<Outside> {
        let calls = self.project.resolution.externals.iter().filter(|external| (external.at.protocol == "queue") == queue);
        calls
            .filter_map(|external| {
                Some(Outside {
                    name: externals::name(external),
                    atom: self.atoms.at(self.project, external.at.file, external.at.owner)?,
                    in_loop: external.in_loop,
                    in_transaction: external.in_transaction,
                    site: Some(Site { file: external.at.file, line: external.at.line }),
                })
            })
            .collect()
    }

    fn starts(&self) -> Vec<Start> {
        let start = |start: &work_units::Start| {
            let facts = self.project.base.facts(start.file);
            let line = facts.definition(start.definition).span.line;
            Some(Start {
                kind: start.kind,
                name: facts.qualified_name(start.definition),
                atom: self.atoms.at(self.project, start.file, Some(start.definition))?,
                site: Some(Site { file: start.file, line }),
            })
        };
        work_units::starts(self.project).iter().filter_map(start).collect()
    }

    fn messages(&self) -> Vec<Message> {
        let mut found = BTreeSet::new();
        for message in &self.project.resolution.messages {
            for sender in &message.senders {
                for handler in &message.handlers {
                    let from = self.atoms.at(self.project, sender.file, sender.owner);
                    let to = self.atoms.at(self.project, handler.file, Some(handler.function));
                    let Some((from, to)) = from.zip(to) else { continue };
                    found.insert(Message {
                        kind: message.kind.word(),
                        name: message.name.clone(),
                        from,
                        to,
                        sent: Some(Site { file: sender.file, line: sender.line }),
                        handled: Some(Site { file: handler.file, line: handler.line }),
                    });
                }
            }
        }
        found.into_iter().collect()
    }

    fn session(&self) -> Vec<SessionKey> {
        let kept = sessions::kept(self.project).into_iter().filter_map(|kept| {
            let atom = self.atoms.at(self.project, kept.file, kept.owner)?;
            Some(SessionKey { key: kept.key, atom, site: Some(Site { file: kept.file, line: kept.line }) })
        });
        kept.collect()
    }

    /// Which pieces tests name.
    fn tests(&self, facts: &mut Facts) {
        for reference in bind::named_by_tests(&self.project.base, &self.project.names) {
            facts.has_tests = true;
            if let Some(atom) = self.atoms.named(self.project, reference.to, reference.symbol.as_deref()) {
                facts.atoms[atom].tested = true;
            }
        }
    }

    fn cuts(&self) -> Vec<(usize, usize)> {
        let cycles = self.findings.cycles.iter().filter(|cycle| cycle.level == Level::Module && cycle.reading == Reading::Runtime);
        let whole = |module: u32| self.atoms.whole(ModuleId(module));
        cycles.flat_map(|cycle| &cycle.cut).filter_map(|edge| whole(edge.from).zip(whole(edge.to))).collect()
    }

    fn routes(&self, facts: &mut Facts) {
        for route in &self.project.resolution.routes {
            let atom = match route.handled {
                Some((file, line)) if (file, line) != route.registered => self.atoms.on_line(self.project, file, line),
                handled => self.by_name(route).or_else(|| self.atoms.on_line(self.project, handled?.0, handled?.1)),
            };
            if let Some(atom) = atom {
                let first = route.path.split('/').find(|part| !part.is_empty() && !part.starts_with('{') && !is_mount(part));
                facts.routes.push(Route { atom, method: route.method.word(), path: route.path.clone() });
                facts.atoms[atom].route_prefixes.push(format!("/{}", first.unwrap_or_default()));
            }
        }
    }

    /// What answers a route whose handler stands in a variable: the one function of that name in the files that the
    /// registering file uses.
    fn by_name(&self, route: &bind::Route) -> Option<usize> {
        let name = route.handler.rsplit(['.', ':', '@']).next().filter(|name| !name.is_empty())?;
        let used: BTreeSet<_> = self.project.references_from(route.registered.0).iter().map(|reference| reference.to).collect();
        let mut found = None;
        for file in used {
            let facts = self.project.base.facts(file);
            let Some(name) = facts.texts.find(name) else { continue };
            for (id, definition) in facts.definitions().filter(|(_, definition)| definition.name == name && !definition.kind.is_type()) {
                // What is noted twice in one file, as a method and as what it is assigned to, is one function.
                let is_other = |(place, before)| place != file || facts.definition(before).span != definition.span;
                if found.replace((file, id)).is_some_and(is_other) {
                    return None;
                }
            }
        }
        found.and_then(|(file, id)| self.atoms.at(self.project, file, Some(id)))
    }

    fn coverage(&self, facts: &mut Facts) {
        for access in self.accesses {
            if let Some(atom) = self.atom_of(access) {
                facts.atoms[atom].resolved += 1;
            }
        }
        for open in self.project.resolution.unresolved.iter().filter(|open| matches!(open.kind, "sql" | "table")) {
            if let Some(atom) = self.atoms.on_line(self.project, open.file, open.line) {
                facts.atoms[atom].unresolved += 1;
            }
        }
    }
}

/// An entity first, then the tables of its values.
fn families(findings: &Findings) -> Vec<Vec<usize>> {
    let whole = |family: &tables::Family| {
        let members = family.members.iter().map(|member| member.table.index());
        std::iter::once(family.base.index()).chain(members).collect()
    };
    findings.families.iter().map(whole).collect()
}

/// Segments at the start of an address that say where an interface is mounted, not what it is about.
fn is_mount(part: &str) -> bool {
    let version = part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    version || matches!(part, "api" | "rest" | "ajax" | "index.php")
}

fn column(column: &bind::Column, numbered: bool) -> Column {
    let implied = numbered && column.name == "id";
    let is_integer = column.type_name.as_ref().map_or(implied, |name| {
        let name = name.to_ascii_lowercase();
        ["int", "serial", "autofield", "autoincrement", "increments"].iter().any(|word| name.contains(word)) && !name.contains("interval")
    });
    Column { name: column.name.clone(), is_integer }
}

/// A file that declares tables for everybody: a schema in SQL, a migration.
fn is_schema(project: &Project, file: crate::base::FileId) -> bool {
    let entry = project.base.file(file);
    entry.tags.contains(Tag::Migration) || entry.source.language == Language::SQL
}

/// What the config says of modules, and what looks like wiring: it uses others, nobody uses it, and it keeps no data.
fn roles(facts: &mut Facts, config: &Config) {
    let told: BTreeMap<&str, Role> = config
        .modules()
        .iter()
        .filter_map(|rule| match rule.kind {
            crate::config::ModuleKind::Shared => Some((rule.name.as_str(), Role::Shared)),
            crate::config::ModuleKind::Infra => Some((rule.name.as_str(), Role::Shell)),
            _ => None,
        })
        .collect();
    let mut used = vec![false; facts.atoms.len()];
    let mut uses = vec![0usize; facts.atoms.len()];
    for row in &facts.dependencies {
        used[row.to] = true;
        uses[row.from] += 1;
    }
    let mut keeps = vec![false; facts.atoms.len()];
    for row in &facts.accesses {
        (used[row.atom], keeps[row.atom]) = (true, true);
    }
    for (at, atom) in facts.atoms.iter_mut().enumerate() {
        let starts = !used[at] && uses[at] >= WIRES && atom.route_prefixes.is_empty();
        let found = if starts || (!keeps[at] && is_wiring(&atom.name)) { Role::Shell } else { Role::Application };
        atom.role = told.get(atom.module.as_str()).copied().unwrap_or(found);
    }
}

/// True for names of files and folders that start or set up an application.
fn is_wiring(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    let dotted = last.contains('.') && last.rsplit('.').next().is_some_and(|ending| ending.len() > 3);
    let stem = if dotted { last.rsplit('.').next() } else { last.split('.').next() };
    WIRING.contains(&stem.unwrap_or(last).to_ascii_lowercase().as_str())
}

/// What starts and sets up applications is called.
const WIRING: [&str; 22] = [
    "apps",
    "artisan",
    "asgi",
    "bootstrap",
    "celery",
    "celeryconfig",
    "config",
    "configs",
    "configuration",
    "gulpfile",
    "kernel",
    "manage",
    "middleware",
    "middlewares",
    "providers",
    "public",
    "routes",
    "server",
    "settings",
    "urls",
    "webpack",
    "wsgi",
];

/// Tables that come with a framework and what they are about, where no key says so: the columns name the table in data.
const BROUGHT_ALONG: [(&str, &str, &str); 5] = [
    ("password_reset_tokens", "email", "users"),
    ("password_resets", "email", "users"),
    ("personal_access_tokens", "tokenable_id", "users"),
    ("sessions", "user_id", "users"),
    ("django_session", "session_data", "auth_user"),
];

/// Code that nobody uses and that uses so many others is wiring.
const WIRES: usize = 4;
