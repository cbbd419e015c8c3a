//! No file can bring the scan down, and a broken part of a file does not take the rest with it.

use crate::support::{Tree, files_below, shop};
use proptest::prelude::*;
use unpick::base::Status;
use unpick::config::Config;
use unpick::names::FileEntry;
use unpick::project::Project;

/// A config that reads files of any size.
fn everything_is_read() -> Config {
    let mut config = Config::default();
    config.scan.max_file_bytes = u64::MAX;
    config
}

/// Scans one file named `case.py` the way the command does, on the pipeline's own threads.
fn scan_one(content: impl AsRef<[u8]>) -> Project {
    scan_as("case.py", content)
}

fn scan_as(name: &str, content: impl AsRef<[u8]>) -> Project {
    Tree::of(&[(name, content)]).scan_with(&everything_is_read(), 1)
}

fn only(project: &Project) -> &FileEntry {
    assert_eq!(project.base.files.len(), 1);
    &project.base.files[0]
}

fn names_of(project: &Project) -> Vec<String> {
    let facts = &only(project).facts;
    facts.definitions().map(|(id, _)| facts.qualified_name(id)).collect()
}

/// Python files of the sample shop, as people wrote them.
fn real_files() -> Vec<String> {
    let files = files_below(&shop(), ".py").into_iter().filter_map(|path| std::fs::read_to_string(path).ok());
    let files: Vec<String> = files.filter(|text| text.len() > 200).collect();
    assert!(files.len() > 20);
    files
}

/// Cuts a text at a share of its length, at a character's boundary.
fn cut(text: &str, share: f64) -> (&str, &str) {
    let mut at = (text.len() as f64 * share) as usize;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    text.split_at(at)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_survived(files in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..2_000), 1..8)) {
        let files: Vec<(String, Vec<u8>)> = files.into_iter().enumerate().map(|(at, bytes)| (format!("f{at}.py"), bytes)).collect();
        let project = Tree::of(&files).scan(1);
        prop_assert_eq!(project.base.files.len(), files.len(), "every file is in the answer");
    }

    #[test]
    fn random_words_of_python_are_survived(words in proptest::collection::vec(0..WORDS.len(), 0..400)) {
        let text: String = words.into_iter().map(|word| WORDS[word]).collect();
        scan_one(text);
    }

    #[test]
    fn random_words_of_scripts_and_pages_are_survived(words in proptest::collection::vec(0..SCRIPT_WORDS.len(), 0..300), kind in 0usize..5) {
        let text: String = words.into_iter().map(|word| SCRIPT_WORDS[word]).collect();
        scan_as(["case.js", "case.ts", "case.tsx", "case.html", "case.vue"][kind], text);
    }

    #[test]
    fn what_stands_before_a_cut_is_kept(file in 0usize..20, share in 0.0f64..1.0) {
        let files = real_files();
        let (kept, _) = cut(&files[file % files.len()], share);
        let text = format!("import first_of_all\n\n\ndef before(a):\n    return a\n\n\n{kept}");
        let project = scan_one(&text);
        let facts = &only(&project).facts;
        prop_assert_eq!(facts.text(facts.imports[0].local.expect("a plain import has a local name")), "first_of_all");
        prop_assert!(names_of(&project).iter().any(|name| name == "before"), "{}", text);
    }

    #[test]
    fn spliced_files_are_survived(one in 0usize..20, other in 0usize..20, shares in (0.0f64..1.0, 0.0f64..1.0)) {
        let files = real_files();
        let start = cut(&files[one % files.len()], shares.0).0;
        let end = cut(&files[other % files.len()], shares.1).1;
        scan_one(format!("{start}{end}"));
    }
}

const WORDS: [&str; 40] = [
    "import ", "from ", "class ", "def ", "async ", "await ", "lambda ", "if ", "else:", "for ", "in ", "while ", "try:", "except ",
    "with ", "as ", "match ", "case ", "return ", "print ", "exec ", "a", "b.c", "(", ")", "[", "]", "{", "}", ":", ",", "=", "f'{", "'",
    "\"\"\"", "\\", "\n", "\n    ", "\n\t", "@",
];

const SCRIPT_WORDS: [&str; 48] = [
    "import ",
    "from ",
    "'./a'",
    "export ",
    "default ",
    "class ",
    "extends ",
    "function ",
    "async ",
    "await ",
    "=> ",
    "const ",
    "require(",
    "new ",
    "module.exports",
    "define(",
    "['a']",
    "type ",
    "interface ",
    "@",
    "a",
    ".b",
    "?.",
    "??",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "${",
    "`",
    "'",
    "\"",
    "/",
    "*/",
    "//",
    "<",
    "</script>",
    "<script src='a.js'>",
    "<a href=\"{{ ",
    "{% url 'a' %}",
    "<!--",
    "?>",
    "|>",
    "#",
    ";",
    "\n",
];

/// Nested code is read as far as it goes, and what it hides is said.
fn survives_depth(what: &str, nested: String) {
    let text = format!("import before\n\n\ndef first():\n    pass\n\n\n{nested}\n\n\ndef last():\n    import inside\n");
    let project = scan_one(&text);
    let entry = only(&project);
    assert!(!matches!(entry.status, Status::Skipped(_)), "{what}: {:?}", entry.status);
    let names = names_of(&project);
    assert!(names.iter().any(|name| name == "first"), "{what}: what stands before is kept");
    assert_eq!(entry.facts.text(entry.facts.imports[0].local.expect("a local name")), "before");
    let told = project.problems.iter().any(|problem| problem.line.is_some());
    assert!(told || names.iter().any(|name| name == "last"), "{what}: either all of it is read or the reader is told");
}

#[test]
fn deep_expressions_are_survived() {
    survives_depth("parentheses", format!("x = {}1{}", "(".repeat(100_000), ")".repeat(100_000)));
    survives_depth("lists", format!("x = {}{}", "[".repeat(20_000), "]".repeat(20_000)));
    survives_depth("attributes", format!("x = a{}", ".b".repeat(5_000)));
    survives_depth("calls", format!("x = a{}", ".b()".repeat(5_000)));
    survives_depth("sums", format!("x = 1{}", " + 1".repeat(5_000)));
    survives_depth("powers", format!("x = 1{}", " ** 1".repeat(5_000)));
    survives_depth("conditions", format!("x = {}1", "1 if a else ".repeat(5_000)));
    survives_depth("lambdas", format!("x = {}1", "lambda: ".repeat(5_000)));
    survives_depth("strings", format!("x = {}", "'a' ".repeat(50_000)));
    survives_depth("items", format!("x = a{}", "[0]".repeat(5_000)));
    survives_depth("open brackets", "(".repeat(50_000));
}

#[test]
fn deep_statements_are_survived() {
    let nested = |head: &str, depth: usize| -> String {
        let lines = (0..depth).map(|level| format!("{}{head}\n", " ".repeat(level)));
        lines.collect::<String>() + &" ".repeat(depth) + "pass"
    };
    survives_depth("functions", nested("def f():", 2_000));
    survives_depth("classes", nested("class C:", 1_000));
    survives_depth("conditions", nested("if a:", 1_000));
    let elifs: String = (0..5_000).map(|at| format!("elif a == {at}:\n    pass\n")).collect();
    survives_depth("elif", format!("if a:\n    pass\n{elifs}"));
}

#[test]
fn wide_code_is_read_in_full() {
    let fields: String = (0..400).map(|at| format!("    field_{at} = models.CharField(max_length={at}, null=True)\n")).collect();
    let project = scan_one(format!("class Wide(models.Model):\n{fields}"));
    let facts = &only(&project).facts;
    assert_eq!(facts.bindings.len(), 400);
    assert_eq!(facts.calls.len(), 400);
    let line = format!("data = [{}]\n\n\ndef after():\n    pass\n", "'some text', ".repeat(80_000));
    assert!(line.len() > 1_000_000);
    assert_eq!(names_of(&scan_one(line)), ["after"]);
}

#[test]
fn a_file_over_the_limit_is_listed_and_not_read() {
    let project = Tree::of(&[("big.py", "x = 1\n".repeat(400_000)), ("small.py", "import big\n".to_owned())]).scan(1);
    assert_eq!(project.base.files[0].status.word(), "skipped");
    assert!(project.problems.iter().any(|problem| problem.path.as_str() == "big.py"));
    assert_eq!(project.resolution.references.len(), 1, "other files may still depend on it");
}

#[test]
fn deep_scripts_are_survived() {
    let cases = [
        format!("x = {}1{};", "(\n".repeat(20_000), ")\n".repeat(20_000)),
        format!("x = a{};", ".then(b)\n".repeat(5_000)),
        format!("x = {}1;", "a =>\n".repeat(5_000)),
        format!("{}{}", "function f() {\n".repeat(3_000), "}\n".repeat(3_000)),
        format!("x = {}{};", "[{a:\n".repeat(5_000), "}]\n".repeat(5_000)),
        format!("x = <b>{}{}</b>;", "<i>\n".repeat(3_000), "</i>\n".repeat(3_000)),
    ];
    for case in cases {
        let text = format!("import first from './first';\n{case}\nexport function last() {{}}\n");
        for name in ["case.js", "case.tsx"] {
            let project = scan_as(name, &text);
            assert!(!matches!(only(&project).status, Status::Skipped(_)), "{:?}", only(&project).status);
            assert_eq!(only(&project).facts.imports.len(), 1, "what stands before is kept: {name}");
        }
    }
}

/// A bundle of 10 MB, as builds leave them: on one line, or as a module on each of many.
#[test]
fn a_bundle_of_ten_megabytes_is_listed_and_left_out() {
    let module = "function(e,t,n){\"use strict\";n.r(t);var r=n(42);t.default=function(e){return r(e)+1}},";
    let on_a_line = format!("!function(e){{}}([{}]);\n", module.repeat(120_000));
    let packed = format!("/******/ (() => {{ // webpackBootstrap\n{}}})();\n", format!("/***/ {module}\n").repeat(120_000));
    for bundle in [on_a_line, packed] {
        assert!(bundle.len() > 10_000_000);
        let app = "import run from './bundle';\nimport own from './own';\nexport default own(run);\n";
        let files = [("web/app.js", app.to_owned()), ("web/bundle.js", bundle), ("web/own.js", "export default x => x;\n".to_owned())];
        let tree = Tree::of(&files);
        for config in [Config::default(), everything_is_read()] {
            let project = tree.scan_with(&config, 1);
            let bundle = &project.base.files[1];
            assert_eq!(bundle.source.path.as_str(), "web/bundle.js");
            assert_eq!(bundle.status.word(), "skipped", "{:?}", bundle.status);
            let to = |name: &str| project.resolution.references.iter().any(|at| project.base.path(at.to) == name);
            assert!(to("web/own.js"), "the rest is read");
            let is_read = config.scan.max_file_bytes == u64::MAX;
            assert_eq!(is_read, bundle.left_out, "a bundle that is looked at is recognised");
        }
    }
}

#[test]
fn odd_files_are_survived() {
    for odd in [
        "",
        "\n",
        "\r",
        "\u{feff}",
        "\\",
        "#",
        "\"\"\"",
        "f'{",
        "\0",
        "@",
        "class",
        "def f(",
        "from . import",
        "import\n",
        "if True:\n\tx\n        y\n",
    ] {
        scan_one(odd);
    }
}
