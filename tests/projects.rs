//! Whole sample applications, held against what their README says a map of them must say.

use crate::support::{here, shop, text_of};
use std::collections::{BTreeMap, BTreeSet};
use unpick::base::Tag;
use unpick::bind::{Kind, Reference};
use unpick::config::Config;
use unpick::pipeline::{Silent, scan};
use unpick::project::Project;

type Pair = (String, String);

fn scanned() -> Project {
    scan(&shop(), &Config::default(), Some(2), &Silent).expect("the shop can be scanned")
}

fn readme() -> String {
    text_of(&here("testdata/projects/shop/README.md"))
}

/// The app of a path: `shop/cart/views.py` is cart's; what lies beside `shop/` has the name of its first folder.
fn app(path: &str) -> String {
    let inside = path.strip_prefix("shop/").unwrap_or(path);
    inside.split('/').next().expect("a path has a first part").to_owned()
}

/// The pairs of apps that references of some sort join, tests and migrations left out.
fn pairs(project: &Project, wanted: impl Fn(&Reference) -> bool) -> BTreeSet<Pair> {
    let base = &project.base;
    let counted = |reference: &&Reference| wanted(reference) && !base.file(reference.from).tags.contains(Tag::Migration);
    let all = project.resolution.references.iter().filter(counted);
    let all = all.map(|reference| (app(base.path(reference.from)), app(base.path(reference.to))));
    all.filter(|(from, to)| from != to).collect()
}

/// The lines `a -> b` of the first fenced block after a text in the README, with what stands in parentheses after them.
fn block(after: &str) -> Vec<(Pair, String)> {
    let readme = readme();
    let rest = readme.split_once(after).unwrap_or_else(|| panic!("the README says nothing of {after:?}")).1;
    let inside = rest.split("```").nth(1).expect("a fenced block follows");
    let lines = inside.lines().filter(|line| line.contains(" -> "));
    lines
        .map(|line| {
            let (pair, why) = line.split_once("   (").unwrap_or((line, ""));
            let (from, to) = pair.split_once(" -> ").expect("an arrow between two apps");
            ((from.trim().to_owned(), to.trim().to_owned()), why.trim_end_matches(')').to_owned())
        })
        .collect()
}

/// A look-up the README names: its place, the name looked up, and the app that has it.
struct Bullet {
    path: String,
    line: u32,
    symbol: String,
    app: String,
}

/// The bullets "- `path:line`, `Name` of app" between two texts of the README.
fn bullets(after: &str, before: &str) -> Vec<Bullet> {
    let readme = readme();
    let rest = readme.split_once(after).expect("the README has this part").1;
    let part = rest.split_once(before).expect("the README has the next part").0;
    let bullets = part.lines().filter_map(|line| line.strip_prefix("- `"));
    bullets
        .map(|bullet| {
            let parts: Vec<&str> = bullet.split('`').collect();
            let [place, _, symbol, of] = parts[..] else { panic!("not a place, a name and an app: {bullet}") };
            let (path, line) = place.rsplit_once(':').expect("a place is path:line");
            let app = of.trim_start_matches(" of ").split(' ').next().expect("an app");
            Bullet { path: path.to_owned(), line: line.parse().expect("a line number"), symbol: symbol.to_owned(), app: app.to_owned() }
        })
        .collect()
}

#[test]
fn the_shop_imports_what_its_readme_says() {
    let expected: BTreeSet<Pair> = block("**Who imports whom**").into_iter().map(|(pair, _)| pair).collect();
    assert!(expected.len() >= 30);
    let found = pairs(&scanned(), |reference| reference.kind == Kind::Import);
    assert_eq!(found, expected);
}

#[test]
fn the_shop_needs_what_it_names_in_strings() {
    let project = scanned();
    let imported = pairs(&project, |reference| reference.kind == Kind::Import);
    let mut named = pairs(&project, |reference| reference.kind == Kind::Reference);
    named.retain(|pair| !imported.contains(pair) && pair.0 != "shopsite");
    // Raw SQL is not read yet: a pair that rests on it alone cannot be told.
    let expected = block("**Who needs whom without importing it**").into_iter().filter(|(_, why)| why != "raw SQL");
    let expected: BTreeSet<Pair> = expected.map(|(pair, _)| pair).collect();
    assert!(expected.len() >= 8);
    assert_eq!(named, expected);
}

#[test]
fn the_settings_of_the_shop_point_at_its_apps_and_no_app_points_back() {
    let project = scanned();
    let all = pairs(&project, |reference| reference.kind.is_structural());
    assert!(all.iter().all(|(_, to)| to != "shopsite"), "{all:?}");
    let apps: BTreeSet<String> = all.iter().filter(|(from, _)| from == "shopsite").map(|(_, to)| to.clone()).collect();
    let expected = [
        "accounts",
        "cart",
        "catalog",
        "core",
        "legacy_import",
        "notifications",
        "orders",
        "payments",
        "promotions",
        "reports",
        "search",
        "shipping",
    ];
    assert_eq!(apps, expected.map(str::to_owned).into());
}

#[test]
fn the_shop_has_three_cycles_by_imports_and_no_other_with_strings() {
    let project = scanned();
    let expected = [&["cart", "promotions"], &["catalog", "search"], &["notifications", "orders"]];
    let expected: BTreeSet<BTreeSet<String>> = expected.iter().map(|pair| pair.iter().map(|name| (*name).to_owned()).collect()).collect();
    assert_eq!(knots(&pairs(&project, |reference| reference.kind == Kind::Import)), expected);
    assert_eq!(knots(&pairs(&project, |reference| reference.kind.is_structural())), expected);
    let loaded = pairs(&project, |reference| reference.kind.is_structural() && !reference.lazy && !reference.type_only);
    assert!(!knots(&loaded).iter().any(|members| members.contains("search")), "catalog needs search only inside functions");
}

/// Sets of apps that reach each other, by asking for every pair whether there is a way both ways.
fn knots(pairs: &BTreeSet<Pair>) -> BTreeSet<BTreeSet<String>> {
    let mut reach: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in pairs {
        reach.entry(from).or_default().insert(to);
        reach.entry(to).or_default();
    }
    loop {
        let before = reach.clone();
        for targets in reach.values_mut() {
            let further: Vec<&str> = targets.iter().flat_map(|to| before[to].iter().copied()).collect();
            targets.extend(further);
        }
        if reach == before {
            break;
        }
    }
    let knot = |name: &str| reach[name].iter().filter(|other| reach[**other].contains(name)).map(|other| (*other).to_owned()).collect();
    reach.keys().map(|name| knot(name)).filter(|members: &BTreeSet<String>| members.len() > 1).collect()
}

#[test]
fn every_lookup_of_the_shop_is_followed() {
    let project = scanned();
    let mut lookups = bullets("It is called with two literals in", "`model_for(label, name)`");
    lookups.extend(bullets("(`shop/payments/apps.py:6`). It is called in", "A third one"));
    assert_eq!(lookups.len(), 17);
    let mut missing = Vec::new();
    for Bullet { path, line, symbol, app: target } in lookups {
        let found = project.resolution.references.iter().any(|reference| {
            let there = project.base.path(reference.from) == path && reference.line == line && reference.kind == Kind::Reference;
            there && app(project.base.path(reference.to)) == target && reference.symbol.as_deref() == Some(symbol.as_str())
        });
        // payments/views.py asks for a model of its own app: found all the same, between two files of it.
        if !found {
            missing.push(format!("{path}:{line}: {symbol} of {target}"));
        }
    }
    assert!(missing.is_empty(), "not followed:\n{}", missing.join("\n"));
}

#[test]
fn tasks_named_by_their_path_are_followed() {
    let project = scanned();
    for (path, line, to) in [
        ("shop/shipping/tasks.py", 11, "shop/notifications/tasks.py"),
        ("shop/legacy_import/importer.py", 49, "shop/search/tasks.py"),
        ("shopsite/settings.py", 88, "shop/notifications/tasks.py"),
        ("shopsite/settings.py", 89, "shop/search/tasks.py"),
        ("shopsite/settings.py", 90, "shop/shipping/tasks.py"),
        ("shopsite/settings.py", 41, "shop/core/middleware.py"),
        ("shopsite/settings.py", 57, "shop/core/context.py"),
    ] {
        let found = project.resolution.references.iter().any(|reference| {
            (project.base.path(reference.from), reference.line, project.base.path(reference.to)) == (path, line, to)
                && reference.kind == Kind::Reference
        });
        assert!(found, "{path}:{line} names {to}");
    }
}

#[test]
fn the_shop_leaves_open_what_nobody_can_tell_and_nothing_else() {
    let project = scanned();
    let part = readme().split_once("**Unresolved on purpose**").expect("the README has this part").1.to_owned();
    let rows = part.lines().filter_map(|line| line.strip_prefix("| `"));
    let expected: BTreeSet<String> = rows.map(|row| row.split('`').next().expect("a place").to_owned()).collect();
    assert_eq!(expected.len(), 5);
    let open = project.resolution.unresolved.iter();
    let open: BTreeSet<String> = open.map(|open| format!("{}:{}", project.base.path(open.file), open.line)).collect();
    assert_eq!(open, expected);
}

#[test]
fn the_shop_has_the_tables_of_its_models_and_those_between_users_and_groups() {
    let project = scanned();
    let part = readme().split_once("The tables: ").expect("the README lists them").1.to_owned();
    let list = part.split_once('.').expect("the list ends").0.to_owned();
    let mut expected: BTreeSet<String> = list.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    expected.extend(["accounts_user_groups".to_owned(), "accounts_user_user_permissions".to_owned()]);
    let declared = project.resolution.tables.rows.iter().filter(|table| !table.declared.is_empty());
    assert_eq!(declared.map(|table| table.name.clone()).collect::<BTreeSet<_>>(), expected);
}

#[test]
fn the_shop_reads_and_writes_what_its_readme_says() {
    let project = scanned();
    let part = readme().split_once("**Accesses**").expect("the README has this part").1.to_owned();
    let part = part.split_once("**Tables several").expect("another part follows").0.to_owned();
    let tables = &project.resolution.tables;
    let found: BTreeSet<String> = tables
        .accesses
        .iter()
        .map(|access| {
            let at = &access.at;
            let marks = [(at.in_loop, ", loop"), (access.in_transaction, ", transaction")];
            let marks: String = marks.iter().filter(|(holds, _)| *holds).map(|(_, mark)| *mark).collect();
            let place = format!("{}:{}", project.base.path(at.file), at.line);
            format!("`{place}` | {} {} {}{marks}", at.operation.word(), tables.rows[access.table.index()].name, at.verb)
        })
        .collect();
    let rows: Vec<&str> =
        part.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")).filter(|row| row.starts_with('`')).collect();
    assert_eq!(rows.len(), 21);
    let missing: Vec<&&str> = rows.iter().filter(|row| !found.contains(**row)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn several_modules_of_the_shop_write_five_tables() {
    let project = scanned();
    let findings = unpick::analyses::tables::tables(&project);
    let name = |module: &unpick::names::ModuleId| project.names.modules[module.index()].name.clone();
    let mut shared: Vec<String> = findings
        .shared()
        .iter()
        .map(|uses| {
            let writers: Vec<String> = uses.writers.keys().map(name).collect();
            format!("{} ({})", project.resolution.tables.rows[uses.table.index()].name, writers.join(", "))
        })
        .collect();
    shared.sort();
    let part = readme().split_once("**Tables several modules write** (5): ").expect("the README has this part").1.to_owned();
    let expected = part.split_once('.').expect("the list ends").0.replace('\n', " ");
    assert_eq!(shared.join(", "), expected);
}

#[test]
fn the_modules_of_the_shop_are_its_apps() {
    let project = scanned();
    let of_apps: BTreeSet<&str> = project
        .base
        .ids()
        .filter(|id| project.base.path(*id).starts_with("shop/"))
        .map(|id| project.names.module(id).name.as_str())
        .collect();
    let expected = [
        "accounts",
        "billing",
        "cart",
        "catalog",
        "core",
        "legacy_import",
        "notifications",
        "orders",
        "promotions",
        "reports",
        "search",
        "shipping",
    ];
    let apps: BTreeSet<&str> = expected.into_iter().chain(["shop"]).collect();
    assert_eq!(of_apps, apps, "twelve apps (payments by its label), and the package around them");
}

#[test]
fn files_of_the_shop_that_are_not_plain_python_are_read_all_the_same() {
    let project = scanned();
    let file = |path: &str| project.base.files.iter().find(|file| file.source.path.as_str() == path).expect("the file is there");
    assert!(file("shop/legacy_import/old_feed.py").facts.legacy);
    let latin = file("shop/shipping/carriers_de.py");
    assert_eq!(latin.status.word(), "parsed", "a cookie says which encoding it is: {:?}", latin.status);
    let broken = file("shop/reports/export_wip.py");
    assert_eq!(broken.status.word(), "recovered");
    let functions: Vec<String> = broken.facts.definitions().map(|(id, _)| broken.facts.qualified_name(id)).collect();
    assert_eq!(functions, ["write_orders", "write_refunds", "write_shipments"], "the one with the mistake in it too");
    assert_eq!(
        broken.facts.imports.iter().map(|import| import.line).collect::<BTreeSet<_>>().len(),
        5,
        "three before the error, two after"
    );
}
