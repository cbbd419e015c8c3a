//! A made-up Django monolith whose answer is known beforehand, so that a bench needs no checkout and can see at once
//! when what it measures is wrong.
//!
//! Applications depend on earlier applications only, except in every fourth group of three, which forms a ring: those
//! rings are the only cycles. The same size gives the same bytes on every machine.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};
use unpick::analyses::finding::Findings;
use unpick::graph::views::{Level, Reading};
use unpick::names::ModuleId;
use unpick::project::Project;

/// The top package.
const TOP: &str = "shop";

/// Applications that form a ring, where they do.
const RING: usize = 3;

/// Every how many groups of [`RING`] applications one is a ring.
const RING_EVERY: usize = 4;

/// Files of an application that are not counted in [`Size::parts`]: `__init__.py`, `apps.py` and two of tests.
const FIXED: usize = 4;

/// How large the monolith is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    apps: usize,
    parts: usize,
    lines: usize,
}

impl Size {
    /// About so many files, holding about so many lines.
    pub(crate) fn of(files: usize, lines: usize) -> Self {
        let parts = 20;
        let apps = (files / (parts + FIXED)).max(1);
        // A test file is as long as a part.
        Self { apps, parts, lines: lines / (apps * (parts + 1)) }
    }
}

/// What a map of the monolith must say.
#[derive(Default)]
pub(crate) struct Answer {
    /// Python files, tests included.
    pub(crate) files: usize,
    /// Their lines.
    pub(crate) lines: usize,
    /// The modules.
    pub(crate) modules: BTreeSet<String>,
    /// Dependencies between files, tests aside.
    pub(crate) file_edges: BTreeSet<(String, String)>,
    /// Dependencies between modules.
    pub(crate) module_edges: BTreeSet<(String, String)>,
    /// The modules of each cycle.
    pub(crate) cycles: BTreeSet<BTreeSet<String>>,
}

impl Answer {
    /// Stops the bench when the map is not what was made up.
    pub(crate) fn check(&self, project: &Project, findings: &Findings) {
        let path = |id| project.base.path(id).to_owned();
        let name = |id: ModuleId| project.names.modules[id.index()].name.clone();
        let modules: BTreeSet<String> = project.names.modules.iter().map(|module| module.name.clone()).collect();
        let file_edges: BTreeSet<_> = project.graph.file_edges.iter().map(|edge| (path(edge.from), path(edge.to))).collect();
        let module_edges: BTreeSet<_> = project.graph.module_edges.iter().map(|edge| (name(edge.from), name(edge.to))).collect();
        let cycles = findings.cycles.iter().filter(|cycle| cycle.level == Level::Module && cycle.reading == Reading::All);
        let cycles: BTreeSet<BTreeSet<String>> = cycles.map(|cycle| cycle.members.iter().map(|id| name(ModuleId(*id))).collect()).collect();
        assert_eq!(project.base.files.len(), self.files, "files");
        assert_eq!(project.base.files.iter().map(|file| file.facts.lines as usize).sum::<usize>(), self.lines, "lines");
        assert_eq!(modules, self.modules, "modules");
        assert_eq!(file_edges, self.file_edges, "dependencies between files");
        assert_eq!(module_edges, self.module_edges, "dependencies between modules");
        assert_eq!(cycles, self.cycles, "cycles of modules");
    }
}

/// A linear congruential generator with Knuth's constants: no crate, no seed from outside.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn word(&mut self) -> &'static str {
        const WORDS: [&str; 16] = [
            "order",
            "basket",
            "price",
            "stock",
            "refund",
            "parcel",
            "voucher",
            "invoice",
            "customer",
            "address",
            "payment",
            "category",
            "supplier",
            "delivery",
            "discount",
            "warehouse",
        ];
        WORDS[self.below(WORDS.len())]
    }
}

/// Writes the monolith into an empty folder.
pub(crate) fn write(folder: &Path, size: Size) -> io::Result<Answer> {
    let mut out = Writer { folder, size, dice: Dice(1), answer: Answer::default() };
    out.file("manage.py", "import os\n\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"settings\")\n")?;
    out.file(&format!("{TOP}/__init__.py"), "")?;
    out.settings()?;
    for app in 0..size.apps {
        out.app(app)?;
    }
    out.answer.modules.extend(["manage".to_owned(), TOP.to_owned()]);
    Ok(out.answer)
}

struct Writer<'a> {
    folder: &'a Path,
    size: Size,
    dice: Dice,
    answer: Answer,
}

fn app_name(app: usize) -> String {
    format!("app_{app:03}")
}

fn part_name(part: usize) -> String {
    const FIRST: [&str; 6] = ["models", "views", "services", "forms", "tasks", "signals"];
    FIRST.get(part).map_or_else(|| format!("part_{part:02}"), |name| (*name).to_owned())
}

fn part_path(app: usize, part: usize) -> String {
    format!("{TOP}/{}/{}.py", app_name(app), part_name(part))
}

/// The place of an application in its ring, where its group is one.
fn place_in_ring(app: usize, apps: usize) -> Option<usize> {
    let group = app / RING;
    (group.is_multiple_of(RING_EVERY) && (group + 1) * RING <= apps).then_some(app % RING)
}

impl Writer<'_> {
    fn file(&mut self, path: &str, text: &str) -> io::Result<()> {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("every file is inside the folder"))?;
        self.answer.files += 1;
        self.answer.lines += text.lines().count();
        fs::write(path, text)
    }

    fn settings(&mut self) -> io::Result<()> {
        let mut text = "\"\"\"Settings.\"\"\"\n\nINSTALLED_APPS = [\n".to_owned();
        let path = format!("{TOP}/settings.py");
        for app in 0..self.size.apps {
            let name = app_name(app);
            writeln!(text, "    \"{TOP}.{name}\",").expect("a string takes all");
            self.answer.file_edges.insert((path.clone(), format!("{TOP}/{name}/__init__.py")));
            self.answer.module_edges.insert((TOP.to_owned(), name));
        }
        text.push_str("]\n");
        self.file(&path, &text)
    }

    fn app(&mut self, app: usize) -> io::Result<()> {
        let name = app_name(app);
        let folder = format!("{TOP}/{name}");
        self.file(&format!("{folder}/__init__.py"), "")?;
        let config = format!(
            "from django.apps import AppConfig\n\n\nclass Config{app}(AppConfig):\n    name = \"{TOP}.{name}\"\n    label = \"{name}\"\n"
        );
        self.file(&format!("{folder}/apps.py"), &config)?;
        self.answer.modules.insert(name.clone());
        let needs = self.needs(app);
        for part in 0..self.size.parts {
            // Every need has at least one file that has it.
            let other = needs.iter().copied().nth(part % needs.len().max(1));
            let uses = self.uses(app, part, other);
            for (to_app, to_part) in &uses {
                self.answer.file_edges.insert((part_path(app, part), part_path(*to_app, *to_part)));
                if *to_app != app {
                    self.answer.module_edges.insert((name.clone(), app_name(*to_app)));
                }
            }
            let text = self.part(app, &part_name(part), &uses);
            self.file(&part_path(app, part), &text)?;
        }
        self.file(&format!("{folder}/tests/__init__.py"), "")?;
        let uses = self.uses(app, self.size.parts, None);
        let text = self.part(app, "tests", &uses);
        self.file(&format!("{folder}/tests/test_{name}.py"), &text)
    }

    /// The applications one depends on.
    fn needs(&mut self, app: usize) -> BTreeSet<usize> {
        let start = app - app % RING;
        let mut needs: BTreeSet<usize> = (0..4).filter(|_| start > 0).map(|_| self.dice.below(start)).collect();
        if let Some(place) = place_in_ring(app, self.size.apps) {
            needs.insert(start + (place + 1) % RING);
            if place == 0 {
                self.answer.cycles.insert((start..start + RING).map(app_name).collect());
            }
        } else {
            needs.extend(start..app);
        }
        needs
    }

    /// The files a part imports: earlier ones of its own application, and some of another.
    fn uses(&mut self, app: usize, part: usize, other: Option<usize>) -> BTreeSet<(usize, usize)> {
        let parts = self.size.parts;
        let own = (0..3).filter(|_| part > 0).map(|_| (app, self.dice.below(part)));
        let mut uses: BTreeSet<(usize, usize)> = own.collect();
        if let Some(other) = other {
            uses.extend((0..2).map(|_| (other, self.dice.below(parts))));
        }
        uses
    }

    /// One file of code.
    fn part(&mut self, app: usize, part: &str, uses: &BTreeSet<(usize, usize)>) -> String {
        let mut text = format!("\"\"\"What {} knows about its {part}.\"\"\"\n\n", app_name(app));
        text.push_str("import logging\nfrom decimal import Decimal\n\nfrom django.db import models, transaction\n");
        text.push_str("from django.utils.translation import gettext_lazy as _\n\n");
        let names: Vec<String> = uses.iter().map(|(app, part)| format!("{}_{app:03}", part_name(*part))).collect();
        for ((app, part), name) in uses.iter().zip(&names) {
            let (module, part) = (app_name(*app), part_name(*part));
            writeln!(text, "from {TOP}.{module}.{part} import Base_{name}, load_{name}").expect("a string takes all");
        }
        text.push_str("\nlogger = logging.getLogger(__name__)\n\nLIMIT = 250\n");
        text.push_str("STATES = {\"open\": _(\"Open\"), \"paid\": _(\"Paid\"), \"void\": _(\"Void\")}\n\n\n");
        let own = format!("{part}_{app:03}");
        writeln!(text, "class Base_{own}(models.Model):\n    name = models.CharField(max_length=100)\n\n").expect("a string takes all");
        writeln!(text, "def load_{own}(key, default=None):\n    return Base_{own}.objects.filter(pk=key).first() or default\n")
            .expect("a string takes all");
        let mut number = 0;
        while text.lines().count() < self.size.lines {
            let used = names.get(number % names.len().max(1)).map_or(own.as_str(), String::as_str);
            let more = if number % 3 == 0 { self.class(number, used) } else { self.function(number, used) };
            text.push_str(&more);
            number += 1;
        }
        text
    }

    fn class(&mut self, number: usize, used: &str) -> String {
        let (a, b, c) = (self.dice.word(), self.dice.word(), self.dice.word());
        let digits = self.dice.below(200) + 20;
        format!(
            r#"
class {a}{number}(Base_{used}):
    """Keeps the {a} of a {b}; a {c} may follow later."""

    {a}_name = models.CharField(_("{a} name"), max_length={digits}, blank=True)
    {b}_total = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal("0.00"))
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-created", "{a}_name"]
        verbose_name = _("{a} of a {b}")

    def __str__(self):
        return f"{{self.{a}_name}} ({{self.pk}})"

    # A {c} is closed once and never opened again.
    def close(self, *, user=None, reason="{c} done"):
        with transaction.atomic():
            other = load_{used}(self.pk, default=self)
            if other is not self and other.{b}_total > LIMIT:
                raise ValueError("the {a} %s exceeds %s" % (self.pk, LIMIT))
            self.state = STATES["paid"]
            self.save(update_fields=["state"])
        logger.info("closed %s for %s: %s", self.pk, user, reason)

"#
        )
    }

    fn function(&mut self, number: usize, used: &str) -> String {
        let (a, b, c) = (self.dice.word(), self.dice.word(), self.dice.word());
        let percent = self.dice.below(90) + 10;
        format!(
            r#"
def {a}_for_{b}_{number}(request, {b}, amount={percent}, label="{a} for {b}"):
    """Adds up what a {b} owes for each {a}, the {c} aside."""
    total = Decimal("0.{percent}")
    rows = []
    for line in {b}.lines.filter(state=STATES["open"], kind__in=("{a}", "{c}")).order_by("-created"):
        if line.amount > LIMIT and not line.is_void:
            total += line.amount * Decimal("1.{percent}")
        elif line.parent is None or line.parent.pk == {b}.pk:
            continue
        rows.append({{"{a}": line.name, "total": round(total, 2), "url": request.build_absolute_uri(line.url)}})
    try:
        found = load_{used}({b}.pk, default=rows[0] if rows else None)
    except (KeyError, ValueError) as error:
        logger.warning("no {c} for %s: %s", {b}, error)
        found = None
    return [row for row in rows if row["{a}"] != label], found, amount

"#
        )
    }
}
