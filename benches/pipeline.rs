//! How long each stage takes, and how much it allocates, on a made-up monolith: `cargo bench --bench pipeline`.
//!
//! Each stage gets what the stages before it made, so that its figure is its own. Seconds differ from machine to machine;
//! what to look at is how the stages compare with each other.

mod generate;

use divan::{AllocProfiler, Bencher};
use std::sync::LazyLock;
use tempfile::TempDir;
use unpick::config::Config;
use unpick::discover::{Extension, Mark, Reader, Sources};
use unpick::names::Names;
use unpick::pipeline::{Silent, scan};
use unpick::project::Project;
use unpick::reports::{self, Outcome};
use unpick::{analyses, bind, discover, frameworks, graph, languages};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// Files and lines of the monolith.
const MADE_UP: (usize, usize) = (500, 100_000);

/// Everything the stages are given.
struct World {
    folder: TempDir,
    config: Config,
    texts: Vec<String>,
    project: Project,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let answer = generate::write(folder.path(), generate::Size::of(MADE_UP.0, MADE_UP.1)).expect("the folder is new");
    let config = Config::default();
    let project = scan(folder.path(), &config, None, &Silent).expect("there are files");
    answer.check(&project, &analyses::run(&project));
    let texts = texts(&folder, &config, &discovered(&folder, &config));
    World { folder, config, texts, project }
});

fn discovered(folder: &TempDir, config: &Config) -> Sources {
    let python = [Extension { mark: Mark::Suffix("py"), language: languages::python::ROW.language }];
    discover::discover(folder.path(), config, &python).expect("the folder is there")
}

fn texts(folder: &TempDir, config: &Config, sources: &Sources) -> Vec<String> {
    let mut reader = Reader::new(folder.path(), config);
    sources.files.iter().map(|file| reader.read(file).expect("the file is there").text.into_owned()).collect()
}

fn main() {
    LazyLock::force(&WORLD);
    divan::main();
}

#[divan::bench]
fn a_discover(bencher: Bencher<'_, '_>) {
    bencher.bench(|| discovered(&WORLD.folder, &WORLD.config));
}

#[divan::bench]
fn b_read(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| discovered(&WORLD.folder, &WORLD.config)).bench_refs(|sources| texts(&WORLD.folder, &WORLD.config, sources));
}

#[divan::bench(sample_count = 20)]
fn c_extract(bencher: Bencher<'_, '_>) {
    bencher.bench(|| WORLD.texts.iter().map(|text| languages::extract(&languages::python::ROW, "", text)).collect::<Vec<_>>());
}

#[divan::bench]
fn d_names(bencher: Bencher<'_, '_>) {
    bencher.bench(|| Names::learn(&WORLD.project.base, &WORLD.config));
}

#[divan::bench]
fn e_frameworks(bencher: Bencher<'_, '_>) {
    let Project { base, names, .. } = &WORLD.project;
    bencher.bench(|| frameworks::interpret(base, names, &WORLD.config));
}

#[divan::bench]
fn f_bind(bencher: Bencher<'_, '_>) {
    let Project { base, names, .. } = &WORLD.project;
    bencher.with_inputs(|| frameworks::interpret(base, names, &WORLD.config)).bench_values(|model| bind::bind(base, names, model, &[]));
}

#[divan::bench]
fn g_graph(bencher: Bencher<'_, '_>) {
    let Project { base, names, resolution, .. } = &WORLD.project;
    bencher.bench(|| graph::build::build(base, names, resolution));
}

#[divan::bench]
fn h_cycles(bencher: Bencher<'_, '_>) {
    bencher.bench(|| analyses::run(&WORLD.project));
}

#[divan::bench]
fn i_json(bencher: Bencher<'_, '_>) {
    let findings = analyses::run(&WORLD.project);
    let outcome = Outcome { project: &WORLD.project, findings: &findings };
    let json = reports::format_called("json").expect("JSON is a format");
    bencher.bench(|| {
        let mut out = Vec::new();
        (json.write)(&outcome, &reports::Options::default(), &mut out).map(|()| out)
    });
}
