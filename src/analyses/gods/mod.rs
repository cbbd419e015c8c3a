//! Classes, files and modules that do too much (PLAN.md A.4).
//!
//! A god class does much (WMC), reaches into other objects for data (ATFD), and its methods share little of their own
//! (TCC). Size is told apart from that. All of it is read off the facts of the one file, so that no change elsewhere can
//! make or unmake a god; only the coupling, which is about size, asks what imports mean.

mod cohesion;
mod coupling;
mod gated;
mod limits;
mod modules;
mod names;
mod work;

pub use cohesion::{Cohesion, parts};
pub use gated::{GATED_CLASSES, GATED_FILES};
pub use limits::{GOD_ATFD, GOD_FILE_LINES, GOD_WMC, TABLES, is_god_class, is_god_file, reasons};
pub use modules::{GodModule, god_modules};
pub use work::Foreign;

use super::tables::SURE;
use crate::base::{FileId, Span, Tag};
use crate::bind::{Access, TableId};
use crate::facts::{BlockKind, Definition, DefinitionId, DefinitionKind, FileFacts, Members};
use crate::project::Project;
use names::FileNames;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use work::{Source, Unit, Work};

/// What is measured of a class, or of a file as if it were one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Lines of the class, or of the file without its classes.
    pub lines: u32,
    /// Methods, or functions of the module level.
    pub methods: u32,
    /// Fields, or variables of the module level.
    pub fields: u32,
    /// Methods and fields whose name does not begin with an underscore.
    pub public: u32,
    /// Other classes of the application that the class names; 0 where there cannot be too many.
    pub coupling: u32,
    /// Weighted methods per class: the sum of McCabe's complexity over the methods.
    pub wmc: u32,
    /// Access to foreign data: distinct attributes of other objects that are read, directly or by an accessor.
    pub atfd: u32,
    /// Tight class cohesion; none below two methods that are no constructors.
    pub tcc: Option<Cohesion>,
    /// Distinct tables it reads or writes.
    pub tables: u32,
}

/// A limit that something is past.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// The rule of the god class.
    GodClass,
    /// The rule of the god file.
    GodFile,
    /// It touches many tables.
    Tables,
    /// Its methods branch much.
    Complexity,
    /// It has many lines.
    Length,
    /// It has many methods.
    Methods,
    /// It shows many methods and fields.
    Public,
    /// It has many fields.
    Fields,
    /// It names many other classes.
    Coupling,
}

impl Reason {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::GodClass => "god_class",
            Self::GodFile => "god_file",
            Self::Tables => "tables",
            Self::Complexity => "complexity",
            Self::Length => "length",
            Self::Methods => "methods",
            Self::Public => "public",
            Self::Fields => "fields",
            Self::Coupling => "coupling",
        }
    }
}

/// A class or file that is past a limit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct God {
    /// The file.
    pub file: FileId,
    /// The class; none where the file itself is meant.
    pub class: Option<DefinitionId>,
    /// The class's name with its owners before it, or the file's path.
    pub name: String,
    /// Its lines.
    pub span: Span,
    /// What was measured.
    pub figures: Figures,
    /// The limits it is past, the god's first; never empty.
    pub reasons: Vec<Reason>,
    /// Groups of methods that neither share an own attribute nor call each other, larger ones first.
    pub parts: Vec<Vec<DefinitionId>>,
}

impl God {
    /// True when it meets the rule of gods, not only a limit of size.
    #[must_use]
    pub fn is_god(&self) -> bool {
        self.reasons.iter().any(|reason| matches!(reason, Reason::GodClass | Reason::GodFile))
    }

    /// Gods before large classes; then what does most, reads most, is longest.
    fn order(&self) -> impl Ord + use<> {
        let Figures { wmc, atfd, lines, .. } = self.figures;
        (!self.is_god(), Reverse(wmc), Reverse(atfd), Reverse(lines), self.file, self.class)
    }
}

/// Everything that does too much.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Gods {
    /// Classes, worst first: gods, then those that are merely large.
    pub classes: Vec<God>,
    /// Files with much code outside of classes, worst first.
    pub files: Vec<God>,
    /// Modules, by name.
    pub modules: Vec<GodModule>,
}

/// A class with its figures, whether or not they are past a limit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measured {
    /// The class; its reasons may be empty.
    pub class: God,
    /// Its methods, each with its complexity.
    pub methods: Vec<(DefinitionId, u32)>,
    /// The foreign attributes it reads, in source order.
    pub foreign: Vec<Foreign>,
}

/// Measures every class of a file, also the small ones.
#[must_use]
pub fn measured(project: &Project, file: FileId) -> Vec<Measured> {
    let mut measures = FileMeasures::new(project, file);
    measures.every_class(|_| true)
}

/// Looks at every class, file and module of the application.
#[must_use]
pub fn gods(project: &Project) -> Gods {
    let (mut classes, mut files) = (Vec::new(), Vec::new());
    for file in measured_files(project) {
        let mut measures = FileMeasures::new(project, file);
        classes.extend(measures.classes());
        files.extend(measures.file());
    }
    classes.sort_by_cached_key(God::order);
    files.sort_by_cached_key(God::order);
    Gods { classes, files, modules: god_modules(project) }
}

/// Files of the application itself; migrations repeat what was true one day and count for no measure.
fn measured_files(project: &Project) -> impl Iterator<Item = FileId> {
    project.own_files().filter(|file| !project.base.file(*file).tags.contains(Tag::Migration))
}

/// How many distinct tables a class, or the code of a file outside of classes, reads and writes.
fn tables_of(project: &Project, file: FileId, class: Option<DefinitionId>) -> u32 {
    let facts = project.base.facts(file);
    let inside = |access: &&Access| match class {
        Some(class) => facts.class_around(access.at.owner).is_some_and(|around| {
            let (outer, inner) = (facts.definition(class).values, facts.definition(around).values);
            outer.start <= inner.start && inner.end <= outer.end
        }),
        None => facts.class_around(access.at.owner).is_none(),
    };
    let sure = sure_accesses(project, file);
    let tables: BTreeSet<TableId> = sure.filter(inside).map(|access| access.table).collect();
    u32::try_from(tables.len()).expect("tables are counted in u32")
}

/// The accesses of a file that are sure enough to count.
fn sure_accesses(project: &Project, file: FileId) -> impl Iterator<Item = &Access> {
    let all = &project.resolution.tables.accesses;
    let start = all.partition_point(|access| access.at.file < file);
    let of_file = all[start..].iter().take_while(move |access| access.at.file == file);
    of_file.filter(|access| access.at.certainty >= SURE && access.at.verb != "cascade")
}

/// The measures of one file's classes and of the file. What costs a look at every value is done where a limit may be
/// passed, and then once.
struct FileMeasures<'a> {
    project: &'a Project,
    file: FileId,
    facts: &'a FileFacts,
    members: Members,
    /// By definition: McCabe's count of the method or function, functions inside it included; 0 for others.
    complexity: Vec<u32>,
    root: Vec<Option<DefinitionId>>,
    names: Option<FileNames>,
}

impl<'a> FileMeasures<'a> {
    fn new(project: &'a Project, file: FileId) -> Self {
        let facts = project.base.facts(file);
        let root = names::roots(facts);
        let mut complexity = vec![0; facts.definitions.len()];
        for (id, definition) in facts.definitions() {
            if let Some(root) = root[id.0 as usize] {
                complexity[root.0 as usize] += definition.decisions + u32::from(root == id);
            }
        }
        Self { project, file, facts, members: Members::of(facts), complexity, root, names: None }
    }

    /// The classes that are past a limit, in source order.
    fn classes(&mut self) -> Vec<God> {
        self.measured_classes().into_iter().filter(|class| !class.reasons.is_empty()).collect()
    }

    /// The file itself, where its code outside of classes is past a limit.
    fn file(&mut self) -> Option<God> {
        self.measured_file().filter(|file| !file.reasons.is_empty())
    }

    /// The classes that do much or are large, with whatever limit they are past.
    fn measured_classes(&mut self) -> Vec<God> {
        self.every_class(limits::may_be_listed).into_iter().map(|measured| measured.class).collect()
    }

    /// The classes whose figures, as far as counting alone gives them, are worth a closer look.
    fn every_class(&mut self, is_worth: fn(&Figures) -> bool) -> Vec<Measured> {
        let facts = self.facts;
        let types: Vec<DefinitionId> = facts.definitions().filter(|(_, one)| one.kind.is_type()).map(|(id, _)| id).collect();
        let mut coupling = if types.is_empty() { None } else { coupling::ClassNames::of(self.project, self.file) };
        let coupled = |id| coupling.as_mut().map_or(0, |names| names.used_by(id));
        let coupled: Vec<u32> = types.iter().copied().map(coupled).collect();
        types.into_iter().zip(coupled).filter_map(|(id, coupled)| self.measured_class(id, coupled, is_worth)).collect()
    }

    fn measured_class(&mut self, id: DefinitionId, coupling: u32, is_worth: fn(&Figures) -> bool) -> Option<Measured> {
        let (facts, definition) = (self.facts, self.facts.definition(id));
        let methods: Vec<DefinitionId> = self.members.methods(id).collect();
        let fields = || self.members.fields(id);
        let counted = self.of_methods(&methods);
        let mut figures = Figures {
            lines: lines(definition.span),
            coupling,
            fields: count(fields().len()),
            public: counted.public + count(fields().filter(|field| is_public(facts.text(*field))).count()),
            tables: tables_of(self.project, self.file, Some(id)),
            ..counted
        };
        // An enumeration of many values, or a list of constants, is long; nothing in it does too much.
        let is_list = definition.kind == DefinitionKind::Enum || methods.is_empty();
        let judged = |figures: &Figures| if is_list { Figures { fields: 0, public: 0, ..*figures } } else { *figures };
        if !is_worth(&judged(&figures)) {
            return None;
        }
        let work = self.work(Unit::Class(id), &methods);
        let parts = self.cohesion(&mut figures, &methods, &work);
        let reasons = reasons(&judged(&figures));
        let name = facts.qualified_name(id);
        let class = God { file: self.file, class: Some(id), name, span: definition.span, figures, reasons, parts };
        let methods = methods.into_iter().map(|method| (method, self.complexity[method.0 as usize])).collect();
        Some(Measured { class, methods, foreign: work.foreign })
    }

    /// The file itself, where it has much code outside of classes.
    fn measured_file(&mut self) -> Option<God> {
        let facts = self.facts;
        let top = || facts.inside(None);
        let in_classes: u32 = top().filter(|(_, one)| one.kind.is_type()).map(|(_, one)| whole_lines(one)).sum();
        let lines = facts.lines.saturating_sub(in_classes);
        if lines < GOD_FILE_LINES {
            return None;
        }
        let functions: Vec<DefinitionId> = top().filter(|(_, one)| one.kind == DefinitionKind::Function).map(|(id, _)| id).collect();
        let work = self.work(Unit::File, &functions);
        let globals = &self.names.as_ref()?.globals;
        let counted = self.of_methods(&functions);
        let mut figures = Figures {
            lines,
            fields: count(globals.len()),
            public: counted.public + count(globals.iter().filter(|name| is_public(facts.text(**name))).count()),
            wmc: counted.wmc + self.complexity_of_the_top(),
            tables: tables_of(self.project, self.file, None),
            ..counted
        };
        let parts = self.cohesion(&mut figures, &functions, &work);
        let reasons = if is_god_file(&figures) { vec![Reason::GodFile] } else { Vec::new() };
        let span = Span { line: 1, end_line: facts.lines };
        let name = self.project.base.path(self.file).to_owned();
        Some(God { file: self.file, class: None, name, span, figures, reasons, parts })
    }

    /// How much the code outside of definitions branches, counted by its blocks: arms with a condition, loops, handlers.
    fn complexity_of_the_top(&self) -> u32 {
        let top: Vec<Span> = self.facts.inside(None).map(|(_, definition)| definition.span).collect();
        let is_outside = |line: u32| {
            let next = top.partition_point(|span| span.line <= line);
            next == 0 || top[next - 1].end_line < line
        };
        let branches = self.facts.blocks.iter().filter(|block| match block.kind {
            BlockKind::Loop | BlockKind::Handler => true,
            BlockKind::Branch => block.subject.is_some(),
            BlockKind::With | BlockKind::Try | BlockKind::TypeChecking => false,
        });
        count(branches.filter(|block| is_outside(block.span.line)).count())
    }

    /// The figures that counting methods gives.
    fn of_methods(&self, methods: &[DefinitionId]) -> Figures {
        let public = methods.iter().filter(|method| is_public(self.facts.text(self.facts.definition(**method).name)));
        Figures {
            methods: count(methods.len()),
            public: count(public.count()),
            wmc: methods.iter().map(|method| self.complexity[method.0 as usize]).sum(),
            ..Figures::default()
        }
    }

    fn work(&mut self, unit: Unit, methods: &[DefinitionId]) -> Work {
        let names = self.names.get_or_insert_with(|| FileNames::of(self.facts, std::mem::take(&mut self.root)));
        let language = self.project.base.file(self.file).source.language;
        Source { facts: self.facts, names, members: &self.members, language }.work(unit, methods)
    }

    /// Adds what the work says to the figures; gives the groups of methods that hang together.
    fn cohesion(&self, figures: &mut Figures, methods: &[DefinitionId], work: &Work) -> Vec<Vec<DefinitionId>> {
        let counted: Vec<usize> = (0..methods.len()).filter(|at| !self.is_constructor(methods[*at])).collect();
        let uses: Vec<_> = counted.iter().map(|at| work.uses[*at].clone()).collect();
        figures.atfd = count(work.foreign.len());
        figures.tcc = Cohesion::of(&uses);
        let place = |at: usize| counted.binary_search(&at).ok();
        let calls: Vec<(usize, usize)> = work.calls.iter().filter_map(|(from, to)| Some((place(*from)?, place(*to)?))).collect();
        let named = |part: Vec<usize>| part.into_iter().map(|at| methods[counted[at]]).collect();
        parts(&uses, &calls).into_iter().map(named).collect()
    }

    fn is_constructor(&self, method: DefinitionId) -> bool {
        let definition = self.facts.definition(method);
        let name = self.facts.text(definition.name);
        matches!(name, "__init__" | "__new__" | "__construct" | "constructor")
            || definition.owner.is_some_and(|owner| self.facts.definition(owner).name == definition.name)
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a file's facts are counted in u32")
}

fn is_public(name: &str) -> bool {
    !name.starts_with('_')
}

fn lines(span: Span) -> u32 {
    span.end_line + 1 - span.line
}

/// With the decorators.
fn whole_lines(definition: &Definition) -> u32 {
    definition.span.end_line + 1 - definition.first_line
}
