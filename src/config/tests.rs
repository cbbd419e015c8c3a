//! What a config may say, and what a wrong one is told.

use super::*;
use std::fs;
use tempfile::TempDir;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/nowhere/unpick.toml"), Path::new("/nowhere"))
}

fn complaint(text: &str) -> String {
    parse(text).expect_err("the config is wrong").to_string().replace("/nowhere/", "")
}

#[test]
fn everything_works_without_a_file() {
    let config = Config::default();
    assert!(config.module_for("a/b.py").is_none());
    assert!(!config.is_excluded("a/b.py"));
    assert_eq!(config.scan.max_file_bytes, DEFAULT_MAX_FILE_BYTES);
}

#[test]
fn the_first_matching_module_wins_and_folders_mean_what_is_below() {
    let config = parse(
        "[[module]]\nname = 'orders'\npaths = ['shop/orders/', 'shop/*_order.py']\n\
         [[module]]\nname = 'shop'\npaths = ['./shop']\nkind = 'shared'\n",
    )
    .unwrap();
    let name = |path: &str| config.module_for(path).map(|rule| rule.name.as_str());
    assert_eq!(name("shop/orders/deep/models.py"), Some("orders"));
    assert_eq!(name("shop/new_order.py"), Some("orders"));
    assert_eq!(name("shop/deep/new_order.py"), Some("shop"), "* stays within one folder");
    assert_eq!(name("shopping/cart.py"), None);
    assert_eq!(config.modules()[1].kind, ModuleKind::Shared);
    assert_eq!(config.modules()[0].kind, ModuleKind::App);
}

#[test]
fn scan_settings_are_read() {
    let config = parse(
        "[scan]\nexclude = ['docs', '**/old_*.py']\ninclude_tagged = ['test']\nmax_file_bytes = 0x10\n\
         source_roots = ['.', 'src/']\n",
    )
    .unwrap();
    assert!(config.is_excluded("docs") && config.is_excluded("docs/a/b.py") && config.is_excluded("x/old_a.py"));
    assert!(!config.is_excluded("src/docs.py"));
    assert_eq!(config.scan.max_file_bytes, 16);
    assert_eq!(config.scan.source_roots, [RelPath::new(""), RelPath::new("src")]);
    let mut tags = Tags::default();
    tags.insert(Tag::Test);
    assert!(!config.leaves_out(tags));
    tags.insert(Tag::Vendor);
    assert!(config.leaves_out(tags));
}

#[test]
fn services_and_groups_are_read() {
    let config = parse("same = [['a', 'b']]\napart = [['a', 'c']]\n[[service]]\nname = 'x'\nmodules = ['a']\ntables = ['t']\n").unwrap();
    assert_eq!((config.same, config.apart), (vec![vec!["a".to_owned(), "b".to_owned()]], vec![vec!["a".to_owned(), "c".to_owned()]]));
    let service = &config.services[0];
    assert_eq!((service.name.as_str(), service.modules[0].as_str(), service.tables[0].as_str()), ("x", "a", "t"));
    assert!(parse("[[service]]\nmodules = ['a']\n").is_err(), "a service without a name");
    assert!(parse("same = ['a']\n").is_err(), "a list of names is no list of groups");
    assert!(parse("[[service]]\nname = 'x'\nmodule = ['a']\n").is_err(), "an unknown key");
}

#[test]
fn rules_choose_by_module_name_glob_or_path() {
    let config = parse(
        "[rules]\nforbid = [{from = 'cart', to = ['web.*', 'shop/pages/**'], reason = 'no browser'}]\n\
         layers = ['web', ['cart', 'orders']]\nstrict = 'pay*'\nmax_file_lines = 2_000\n",
    )
    .unwrap();
    let rule = &config.rules.forbid[0];
    assert!(rule.from.has_module("cart") && !rule.from.has_module("cart.items"), "a name is the whole name");
    assert!(rule.to.has_module("web.pages.list") && !rule.to.has_module("web"), "* also matches dots");
    assert!(rule.to.has_path("shop/pages/a/b.py") && !rule.to.has_path("shop/page.py") && rule.to.names_paths());
    assert_eq!(rule.reason.as_deref(), Some("no browser"));
    assert!(config.rules.layers[1].has_module("orders") && config.rules.strict.has_module("payments"));
    assert_eq!(config.rules.limits, Limits { file_lines: Some(2000), ..Limits::default() });
    assert_eq!(rule.to.without_module(&["cart", "webshop"]), ["web.*"], "a path is no module's name");
}

#[test]
fn wrong_rules_are_told_where_they_stand() {
    let told = [
        complaint("[rules]\nlayer = ['a']"),
        complaint("[rules]\nlayers = 'a'"),
        complaint("[rules]\nlayers = ['a', 1]"),
        complaint("[rules]\nforbid = [\n  {from = 'a', to = 'b'},\n  {form = 'a', to = 'b'}]"),
        complaint("[rules]\nforbid = [{from = 'a'}]"),
        complaint("[rules]\nforbid = [{from = 'a', to = ['b', 'c[']}]"),
        complaint("[rules]\nstrict = ['']"),
        complaint("[rules]\nmax_file_lines = 0"),
        complaint("[rules]\nmax_file_lines = '2000'"),
        complaint("[rules]\nmax_module_lines = 9_000_000_000"),
        complaint("rules = 3"),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    unpick.toml:2: unknown key `layer` in [rules]; did you mean `layers`?
    unpick.toml:2: `layers` must be a list of names, or of lists of names, not text; write for example `layers = ["web", ["cart", "orders"], "base"]`
    unpick.toml:2: `layers` must be a list of texts, not a whole number; write for example `layers = ["web", ["cart", "orders"], "base"]`
    unpick.toml:4: unknown key `form` in an entry of forbid; did you mean `from`?
    unpick.toml:2: this entry of forbid has no `to`; add one, for example `forbid = [{from = "cart", to = "web.*", reason = "the cart is used without a browser"}]`
    unpick.toml:2: the pattern `c[` cannot be used: unclosed character class; missing ']'; write a path relative to the folder of the config file, such as `shop/**`
    unpick.toml:2: `` is no value for `strict`; use the name of a module, a glob or a path
    unpick.toml:2: `0` is no value for `max_file_lines`; use a number above zero
    unpick.toml:2: `max_file_lines` must be a whole number, not text; write for example `max_file_lines = 2000`
    unpick.toml:2: `9000000000` is no value for `max_module_lines`; use a number above zero
    unpick.toml:1: `rules` must be a table, not a whole number; write for example `[rules]`
    "#);
}

#[test]
fn mistakes_say_where_they_are_and_what_to_do() {
    let told = [
        complaint("[[modul]]\nname='a'"),
        complaint("\n[scan]\nexcludes = []"),
        complaint("[scan]\nzzzzzzzzzzzzzz = 1"),
        complaint("[[module]]\nname = 'a'\npaths = ['a']\nsame = []"),
        complaint("[[module]]\nname = 'a'\npaths = 'a'"),
        complaint("[[module]]\npaths = ['a']"),
        complaint("[[module]]\nname = 'a'\npaths = []"),
        complaint("[[module]]\nname = 'a'\npaths = ['a']\nkind = 'lib'"),
        complaint("[[module]]\nname = 'a'\npaths = [\n'a',\n'b[']"),
        complaint("[scan]\nexclude = ['../x']"),
        complaint("[scan]\nmax_file_bytes = -1"),
        complaint("[scan]\nmax_file_bytes = 1.5"),
        complaint("[scan]\ninclude_tagged = ['tests']"),
        complaint("module = 3"),
        complaint("a = \n"),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    unpick.toml:1: unknown key `modul` at the top of the file; did you mean `module`?
    unpick.toml:3: unknown key `excludes` in [scan]; did you mean `exclude`?
    unpick.toml:2: unknown key `zzzzzzzzzzzzzz` in [scan]; known keys are exclude, include_tagged, max_file_bytes, source_roots
    unpick.toml:4: unknown key `same` in [[module]]; it belongs at the top of the file, before the first [table]
    unpick.toml:3: `paths` must be a list of texts, not text; write for example `paths = ["shop/orders/**"]`
    unpick.toml:1: this [[module]] has no `name`; add one, for example `name = "orders"`
    unpick.toml:1: this [[module]] has no `paths`; add one, for example `paths = ["shop/orders/**"]`
    unpick.toml:4: `lib` is no value for `kind`; use app, shared, infra, ignore
    unpick.toml:5: the pattern `b[` cannot be used: unclosed character class; missing ']'; write a path relative to the folder of the config file, such as `shop/**`
    unpick.toml:2: the pattern `../x` cannot be used: `..` leads out of the folder; write a path relative to the folder of the config file, such as `shop/**`
    unpick.toml:2: `-1` is no value for `max_file_bytes`; use a number of bytes above zero
    unpick.toml:2: `max_file_bytes` must be a whole number, not a number with a fraction; write for example `max_file_bytes = 1_000_000`
    unpick.toml:2: `tests` is no value for `include_tagged`; use test, vendor, generated, migration, minified
    unpick.toml:1: `module` must be a list of tables, not a whole number; write for example `[[module]]`
    unpick.toml:1: this is not valid TOML: string values must be quoted, expected literal string; correct the line
    "#);
}

fn tree() -> TempDir {
    let tree = TempDir::new().unwrap();
    fs::create_dir_all(tree.path().join("backend/shop")).unwrap();
    tree
}

#[test]
fn a_file_above_the_scanned_folder_keeps_its_own_point_of_view() {
    let tree = tree();
    let text = "[[module]]\nname = 'shop'\npaths = ['backend/shop']\n[scan]\nexclude = ['shop']\n\
                source_roots = ['backend', 'backend/shop', 'other', '.']";
    fs::write(tree.path().join("unpick.toml"), text).unwrap();
    let config = Config::load(None, &tree.path().join("backend")).unwrap();
    assert!(config.module_for("shop/models.py").is_some());
    assert!(!config.is_excluded("shop/models.py"));
    assert_eq!(config.scan.source_roots, [RelPath::new(""), RelPath::new("shop")]);
    assert!(config.file.is_some_and(|file| file.ends_with("unpick.toml")));
}

#[test]
fn an_explicit_file_elsewhere_speaks_of_the_scanned_folder() {
    let (tree, elsewhere) = (tree(), TempDir::new().unwrap());
    let file = elsewhere.path().join("other.toml");
    fs::write(&file, "[[module]]\nname = 'shop'\npaths = ['shop/**']\n").unwrap();
    let config = Config::load(Some(&file), &tree.path().join("backend")).unwrap();
    assert!(config.module_for("shop/models.py").is_some());
}

#[test]
fn missing_and_unreadable_files_are_errors_with_advice() {
    let tree = tree();
    let missing = Config::load(Some(&tree.path().join("no.toml")), tree.path()).unwrap_err();
    assert!(matches!(missing, ConfigError::Missing(_)) && missing.to_string().contains("--config"));
    fs::write(tree.path().join("unpick.toml"), b"\xff\xfe").unwrap();
    let broken = Config::load(None, tree.path()).unwrap_err();
    assert!(matches!(broken, ConfigError::Unreadable { .. }), "{broken}");
    assert_eq!(broken.line(), None);
}
