//! Reads and writes through repositories, query builders and the entity manager.

use crate::base::{FileId, Tag};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId, Place, Places, What};
use crate::frameworks::php::{Chain, PhpTypes, Subject, is_this};
use crate::frameworks::tables::{Operation, TableAccess};
use rustc_hash::{FxHashMap, FxHashSet};

/// The class above every migration.
const MIGRATION: &[&str] = &["doctrine\\migrations\\abstractmigration"];

/// How sure it is that asking an object for another reads the database: it may be loaded already.
const LAZY: u8 = 80;

/// How sure it is that an object which is changed before everything is stored is among what is stored.
const FLUSHED: u8 = 70;

/// Collects the accesses of every file of the application; migrations count for the schema only.
pub(in crate::frameworks) fn collect(types: &PhpTypes<'_>, out: &mut Vec<TableAccess>) {
    for file in types.classes.files() {
        let entry = types.classes.base.file(file);
        let is_migration = || types.classes.classes_of(file).any(|class| types.classes.is_below(class, MIGRATION));
        if !entry.tags.contains(Tag::Migration) && !is_migration() {
            of_file(types, file, out);
        }
    }
}

fn of_file(types: &PhpTypes<'_>, file: FileId, out: &mut Vec<TableAccess>) {
    let facts = types.classes.base.facts(file);
    let mut scan = Scan {
        types,
        file,
        facts,
        chains: FxHashMap::default(),
        order: Vec::new(),
        next: FxHashMap::default(),
        changed: FxHashMap::default(),
        compared: compared(facts),
        out,
    };
    let mut places = Places::of(facts);
    for call in &facts.calls {
        let place = places.place(call.value);
        scan.call(call, place);
    }
    scan.flush();
}

/// The sides of comparisons and the like.
fn compared(facts: &FileFacts) -> FxHashSet<ValueId> {
    let sides = facts.values.iter().filter_map(|value| match value.shape {
        Shape::Other(parts) => Some(facts.items(parts)).filter(|parts| parts.len() > 1),
        _ => None,
    });
    sides.flatten().copied().collect()
}

/// One file while it is gone through.
struct Scan<'a, 'b> {
    types: &'a PhpTypes<'a>,
    file: FileId,
    facts: &'a FileFacts,
    chains: FxHashMap<ValueId, Chain>,
    order: Vec<ValueId>,
    next: FxHashMap<u32, u32>,
    /// Entities that a function changed so far.
    changed: FxHashMap<Option<DefinitionId>, Vec<ClassId>>,
    /// What is only compared with something.
    compared: FxHashSet<ValueId>,
    out: &'b mut Vec<TableAccess>,
}

impl Scan<'_, '_> {
    fn call(&mut self, call: &Call, place: Place) {
        let Shape::Member(object, name) = self.facts.value(call.callee).shape else { return };
        let method = self.facts.text(name);
        if let Some(chain) = self.chains.remove(&object) {
            return self.further(chain, call, method);
        }
        match method {
            "persist" | "remove" | "merge" => return self.stored(call, method, place),
            "flush" => return self.flushed(call, place),
            "createQuery" => return self.dql(call, place),
            "insert" | "update" | "delete" if self.types.is_connection(self.file, object) => {
                return self.on_connection(call, method, place);
            }
            _ => {}
        }
        let of = self.types.receiver(self.file, place.owner, object);
        let line = call.span.line;
        match of.what {
            What::Set(class, _) if self.is_entity(class) && self.is_counted(place, object) && !is_free(method) => {
                // The objects behind a property may be loaded already.
                let is_property = matches!(self.facts.value(object).shape, Shape::Member(..));
                // What is put into a collection asks for none of the others.
                if is_property && method == "add" {
                    return;
                }
                let sure = if is_property { of.sure.min(LAZY) } else { of.sure };
                let chain = Chain::new(Subject::Model(class), None, method, line, place, sure);
                self.further(chain, call, method);
            }
            What::Instance(class) if self.is_entity(class) => self.on_entity(class, object, call, method, place),
            What::Instance(class) => {
                // What a repository does not define itself it has from the library.
                if let Some(entity) = self.types.repository(class).filter(|_| self.types.classes.method(class, method).is_none())
                    && is_of_repository(method)
                {
                    let chain = Chain::new(Subject::Model(entity), None, method, line, place, of.sure.min(95));
                    self.further(chain, call, method);
                }
            }
            _ => {
                if let What::Set(class, _) = self.types.of(self.file, place.owner, call.value).what
                    && self.is_entity(class)
                    && matches!(method, "from" | "update" | "delete")
                {
                    let chain = Chain::new(Subject::Model(class), None, method, line, place, 95);
                    self.further(chain, call, method);
                } else if let What::Instance(class) = self.types.of(self.file, place.owner, call.value).what
                    && self.is_entity(class)
                    && method == "find"
                {
                    self.emit(&Chain::new(Subject::Model(class), None, method, line, place, 95));
                }
            }
        }
    }

    fn is_entity(&self, class: ClassId) -> bool {
        self.types.entities.get(class).is_some_and(|entity| entity.by_session)
    }

    /// Builders that a variable holds were counted where they were made.
    fn is_counted(&self, place: Place, object: ValueId) -> bool {
        let Some(name) = self.facts.as_name(object) else { return true };
        self.types.classes.locals(self.file).of_name(place.owner, name).is_empty()
    }

    /// `$em->persist($post)`: what is handed over will be stored.
    fn stored(&mut self, call: &Call, method: &str, place: Place) {
        let Some(value) = self.facts.argument(call, 0, "object") else { return };
        let of = self.types.of(self.file, place.owner, value);
        let What::Instance(class) = of.what else { return };
        if !self.is_entity(class) {
            return;
        }
        self.changed.entry(place.owner).or_default().retain(|changed| *changed != class);
        let mut chain = Chain::new(Subject::Model(class), None, method, call.span.line, place, of.sure);
        chain.operation = Operation::Write;
        self.emit(&chain);
        for table in self.types.entities.get(class).map_or_else(Vec::new, |entity| entity.parent_tables.clone()) {
            let mut chain = Chain::new(Subject::Table(table), None, method, call.span.line, place, of.sure);
            chain.operation = Operation::Write;
            self.emit(&chain);
        }
    }

    /// `flush` stores whatever was changed: what the same function changed by a setter.
    fn flushed(&mut self, call: &Call, place: Place) {
        for class in self.changed.remove(&place.owner).unwrap_or_default() {
            let mut chain = Chain::new(Subject::Model(class), None, "flush", call.span.line, place, FLUSHED);
            chain.operation = Operation::Write;
            self.emit(&chain);
        }
    }

    /// A method of an entity: a setter changes it, a getter may fetch the object behind a key.
    fn on_entity(&mut self, class: ClassId, object: ValueId, call: &Call, method: &str, place: Place) {
        let Some((home, function)) = self.types.classes.method(class, method) else { return };
        let is_setter = ["set", "add", "remove"]
            .iter()
            .any(|start| method.strip_prefix(start).is_some_and(|rest| rest.starts_with(char::is_uppercase)));
        if is_setter && !is_this(self.facts, object) {
            let changed = self.changed.entry(place.owner).or_default();
            if !changed.contains(&class) {
                changed.push(class);
            }
            return;
        }
        let facts = self.types.classes.facts(home);
        let inside = facts.definition(function).values;
        let start = facts.returned.partition_point(|(_, value)| value.0 < inside.start);
        let given = facts.returned[start..].iter().take_while(|(_, value)| value.0 < inside.end);
        let relation = given.filter(|(owner, _)| *owner == function).find_map(|(_, value)| match facts.value(*value).shape {
            Shape::Member(on, name) if is_this(facts, on) => self.types.relation(class, facts.text(name)),
            _ => None,
        });
        if let Some(relation) = relation
            && let Some(target) = relation.class
            && !is_this(self.facts, object)
            // The object behind a key is there without its row: comparing it asks nobody.
            && (relation.many || !self.compared.contains(&call.value))
        {
            let chain = Chain::new(Subject::Model(target), relation.join_table.clone(), method, call.span.line, place, LAZY);
            self.emit(&chain);
        }
    }

    /// One step further along a chain.
    fn further(&mut self, mut chain: Chain, call: &Call, method: &str) {
        chain.line = chain.line.min(call.span.line);
        chain.end_line = chain.end_line.max(call.span.end_line);
        match method {
            "delete" | "update" => {
                chain.operation = Operation::Write;
                method.clone_into(&mut chain.verb);
            }
            "join" | "innerJoin" | "leftJoin" => self.join(&mut chain, call),
            _ if chain.operation == Operation::Read => method.clone_into(&mut chain.verb),
            _ => {}
        }
        self.chains.insert(call.value, chain);
        self.order.push(call.value);
    }

    /// `leftJoin('p.author', 'a')`, `join(Author::class, 'a')`
    fn join(&self, chain: &mut Chain, call: &Call) {
        let Some(value) = self.facts.argument(call, 0, "join") else { return };
        let class = match self.types.classes.class_of(self.file, self.facts.owner_of(value), value) {
            Some(Ancestor::Ours(class)) => Some((class, None)),
            _ => {
                let Subject::Model(class) = chain.subject else { return };
                let text = self.facts.as_literal(value).unwrap_or("");
                let relation = text.rsplit_once('.').and_then(|(_, name)| self.types.relation(class, name));
                relation.and_then(|relation| Some((relation.class?, relation.join_table.clone())))
            }
        };
        let Some((class, between)) = class else { return };
        chain.joined.extend(self.types.entities.tables(class).into_iter().map(str::to_owned));
        chain.joined.extend(between);
    }

    /// `$connection->insert('posts', [...])`
    fn on_connection(&mut self, call: &Call, method: &str, place: Place) {
        let value = self.facts.argument(call, 0, "table");
        let Some(table) = value.and_then(|value| self.types.classes.text(self.file, place.owner, value)) else { return };
        let mut chain = Chain::new(Subject::Table(table), None, method, call.span.line, place, 95);
        chain.operation = Operation::Write;
        self.emit(&chain);
    }

    /// DQL: classes stand where SQL has tables.
    fn dql(&mut self, call: &Call, place: Place) {
        let value = self.facts.argument(call, 0, "dql");
        let Some(text) = value.and_then(|value| self.types.classes.text(self.file, place.owner, value)) else { return };
        let words: Vec<&str> = text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '(' | ')')).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let verb = words.first().map(|word| word.to_ascii_lowercase()).unwrap_or_default();
        let mut first = matches!(verb.as_str(), "delete" | "update");
        for (place_of_word, word) in words.iter().enumerate().skip(1) {
            let before = words[place_of_word - 1].to_ascii_lowercase();
            if !matches!(before.as_str(), "from" | "join" | "update" | "delete") {
                continue;
            }
            let Some(class) = self.types.classes.full(self.file, word).filter(|class| self.is_entity(*class)) else { continue };
            let mut chain = Chain::new(Subject::Model(class), None, &verb, call.span.line, place, 90);
            chain.end_line = call.span.end_line;
            if std::mem::take(&mut first) {
                chain.operation = Operation::Write;
            }
            self.emit(&chain);
        }
    }

    fn emit(&mut self, chain: &Chain) {
        let next = self.next.entry(chain.line).or_insert(0);
        *next += 1;
        chain.rows(self.types.entities, self.file, *next, self.out);
    }

    /// Writes down the chains that nothing took further.
    fn flush(&mut self) {
        for value in std::mem::take(&mut self.order) {
            if let Some(chain) = self.chains.remove(&value) {
                self.emit(&chain);
            }
        }
    }
}

/// Methods that repositories have from the library and that ask the database.
fn is_of_repository(method: &str) -> bool {
    method.starts_with("find") || method.starts_with("countBy") || matches!(method, "count" | "createQueryBuilder" | "matching")
}

/// Methods of a query builder that say nothing of the database.
fn is_free(method: &str) -> bool {
    matches!(method, "expr" | "getParameters" | "getParameter" | "getRootAliases" | "getAllAliases" | "getDQL" | "getSQL" | "getDQLPart")
}
