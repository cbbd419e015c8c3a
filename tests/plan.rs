//! `unpick plan` from outside: its documents, the same bytes always, and what people decide.

use crate::support::command::{code, command, run, stderr, stdout, unpick};
use crate::support::repository::Checkout;
use crate::support::{Tree, shop};
use serde_json::{Value, json};
use std::path::Path;

/// Two modules with tables of their own, and one transaction that writes in both.
const FILES: [(&str, &str); 6] = [
    (
        "schema.sql",
        "CREATE TABLE users (id INT PRIMARY KEY);\nCREATE TABLE orders (id INT PRIMARY KEY, user_id INT REFERENCES users (id));\n\
         CREATE TABLE order_items (id INT PRIMARY KEY, order_id INT REFERENCES orders (id));\nCREATE TABLE stock (id INT PRIMARY KEY, free INT);\n",
    ),
    (
        "accounts.py",
        "def register(db):\n    db.execute('INSERT INTO users VALUES (1)')\n\ndef user(db):\n    return db.execute('SELECT id FROM users')\n",
    ),
    (
        "orders.py",
        "import accounts\nimport stock\n\ndef place(db):\n    accounts.user(db)\n    db.execute('INSERT INTO orders VALUES (1, 1)')\n    \
         db.execute('INSERT INTO order_items VALUES (1, 1)')\n    db.execute('UPDATE stock SET free = free - 1')\n\n\
         def show(db):\n    return db.execute('SELECT o.id FROM orders o JOIN order_items i ON i.order_id = o.id')\n",
    ),
    (
        "stock.py",
        "def refill(db):\n    db.execute('UPDATE stock SET free = 10')\n\ndef add(db):\n    db.execute('INSERT INTO stock VALUES (1, 1)')\n\n\
         def left(db):\n    return db.execute('SELECT free FROM stock')\n",
    ),
    ("a.py", "import orders\n"),
    ("b.py", "import orders\n"),
];

fn plan(folder: &Path, arguments: &[&str]) -> Value {
    let output = unpick(folder, &[&["plan", "--format", "json"], arguments].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_str(stdout(&output)).expect("stdout is one JSON document")
}

fn owner(plan: &Value, table: &str) -> Option<String> {
    let owns = |candidate: &&Value| candidate["tables"].as_array().expect("a list").iter().any(|own| own == table);
    let found = plan["candidates"].as_array().expect("a list").iter().find(owns)?;
    Some(found["name"].as_str().expect("a name").to_owned())
}

#[test]
fn a_plan_fits_its_schema() {
    let schema = serde_json::from_str(unpick::reports::schema::called("plan").expect("there is one")).expect("it is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("it is a schema");
    let tree = Tree::of(&FILES);
    for folder in [shop().as_path(), tree.root()] {
        let plan = plan(folder, &[]);
        assert!(!plan["candidates"].as_array().expect("a list").is_empty());
        let wrong: Vec<String> = validator.iter_errors(&plan).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        let mut more = plan.clone();
        more["candidates"][0]["colour"] = "red".into();
        assert!(!validator.is_valid(&more));
    }
}

#[test]
fn threads_change_no_byte() {
    let with = |threads: &str| stdout(&run(command(&shop(), &["plan", "--format", "json"]).env("RAYON_NUM_THREADS", threads))).to_owned();
    assert_eq!(with("1"), with("4"));
}

#[test]
fn tables_go_with_the_code_that_writes_them_and_what_is_split_is_told() {
    let tree = Tree::of(&FILES);
    let plan = plan(tree.root(), &[]);
    assert_eq!(owner(&plan, "orders"), owner(&plan, "order_items"));
    assert_ne!(owner(&plan, "orders"), owner(&plan, "users"));
    assert_ne!(owner(&plan, "orders"), owner(&plan, "stock"));
    assert_eq!(plan["metrics"]["distributed_units"]["implicit"], 1);
    let order = plan["order"].as_array().expect("a list");
    let saga =
        order.iter().flat_map(|step| step["sagas"].as_array().expect("a list")).next().expect("placing an order writes in two candidates");
    assert_eq!((&saga["site"]["file"], &saga["site"]["line"]), (&"orders.py".into(), &6.into()));
}

#[test]
fn what_people_decide_is_heard() {
    let mut files = FILES.to_vec();
    files.push(("unpick.toml", "[[service]]\nname = 'shop'\nmodules = ['orders.py', 'orders']\ntables = ['stock']\n"));
    let tree = Tree::of(&files);
    let plan = plan(tree.root(), &[]);
    assert_eq!((owner(&plan, "stock").as_deref(), owner(&plan, "orders").as_deref()), (Some("shop"), Some("shop")));
    let decided = plan["candidates"].as_array().expect("a list").iter().find(|candidate| candidate["name"] == "shop").expect("it is there");
    assert_eq!(decided["decided"], true);
}

#[test]
fn every_format_is_written_and_wrong_usage_is_told() {
    let tree = Tree::of(&FILES);
    for (format, part) in [("text", "Wave 1"), ("markdown", "# Plan"), ("dot", "digraph plan"), ("json", "\"waves\"")] {
        let output = unpick(tree.root(), &["plan", "--format", format]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).contains(part), "{format}: {}", stdout(&output));
    }
    for range in ["5..2", "0", "few"] {
        let output = unpick(tree.root(), &["plan", "--services", range]);
        assert_eq!(code(&output), 2, "{range}: {}", stdout(&output));
    }
    assert_eq!(plan(tree.root(), &["--services", "3"])["metrics"]["k"], 3);
}

#[test]
fn a_move_shows_what_it_changes_and_nothing_else() {
    let tree = Tree::of(&FILES);
    let [orders, stock] = ["orders", "stock"].map(|table| owner(&plan(tree.root(), &[]), table).expect("it has an owner"));
    let changes = plan(tree.root(), &["--what-if", &format!("move stock to {orders}")]);
    let rows = changes["changes"].as_array().expect("a list");
    let units = rows.iter().find(|row| row["figure"] == "other units that write on several sides");
    assert_ne!(orders, stock);
    assert!(
        rows.iter().all(|row| row["before"] != row["after"]) && units.is_none_or(|row| row["before"].as_f64() >= row["after"].as_f64()),
        "{rows:?}"
    );
    for wish in ["stock", "move nothing to stock", &format!("move stock to {stock}s")] {
        let output = unpick(tree.root(), &["plan", "--what-if", wish]);
        assert_eq!(code(&output), 2, "{wish}: {}", stdout(&output));
        assert!(stderr(&output).contains("--what-if"), "{}", stderr(&output));
    }
}

#[test]
fn code_is_held_against_a_plan_that_was_written_down() {
    let tree = Tree::of(&FILES);
    let output = unpick(tree.root(), &["plan", "--format", "json"]);
    let file = tree.root().join("plan.json");
    std::fs::write(&file, stdout(&output)).expect("the folder is ours");
    let check = |more: &[&str]| unpick(tree.root(), &[&["check", "--plan", "plan.json"], more].concat());
    let same = check(&[]);
    assert_eq!(code(&same), 0, "{}{}", stdout(&same), stderr(&same));
    assert!(stdout(&same).contains("0 of "), "{}", stdout(&same));

    // A module begins to write the table of another candidate.
    let more = FILES.iter().find(|(path, _)| *path == "accounts.py").expect("it is there").1;
    let worse = format!("{more}\ndef take(db):\n    db.execute('UPDATE stock SET free = free - 1')\n");
    std::fs::write(tree.root().join("accounts.py"), worse).expect("the folder is ours");
    let found = check(&["--format", "json"]);
    assert_eq!(code(&found), 1, "{}{}", stdout(&found), stderr(&found));
    let document: Value = serde_json::from_str(stdout(&found)).expect("it is JSON");
    let rows = document["candidates"].as_array().expect("a list");
    let new: Vec<&Value> = rows.iter().flat_map(|row| row["new"].as_array().expect("a list")).collect();
    assert!(new.iter().any(|row| row["name"] == "stock"), "{new:?}");

    // Fewer tables than files are taken apart for: the parts are still the plan's.
    std::fs::write(tree.root().join("accounts.py"), more).expect("the folder is ours");
    std::fs::write(tree.root().join("orders.py"), "def show(db):\n    return db.execute('SELECT id FROM orders')\n")
        .expect("the folder is ours");
    let better = check(&["--format", "json"]);
    assert_eq!(code(&better), 0, "{}{}", stdout(&better), stderr(&better));
    let document: Value = serde_json::from_str(stdout(&better)).expect("it is JSON");
    let rows = document["candidates"].as_array().expect("a list");
    assert!(rows.iter().any(|row| row["left"].as_u64() < row["planned"].as_u64()), "{rows:?}");

    std::fs::write(&file, "[]").expect("the folder is ours");
    assert_eq!(code(&check(&[])), 2);
}

/// A table that was read across and is written across now is no progress.
#[test]
fn what_gets_worse_is_no_progress() {
    let mut files = FILES.to_vec();
    let reading = "import orders\n\ndef seen(db):\n    return db.execute('SELECT free FROM stock')\n";
    files.retain(|(path, _)| *path != "accounts.py");
    let text = FILES.iter().find(|(path, _)| *path == "accounts.py").expect("it is there").1;
    let reads = format!("{text}\n{}", reading.split_once("\n\n").expect("it has an import").1);
    files.push(("accounts.py", &reads));
    let tree = Tree::of(&files);
    let output = unpick(tree.root(), &["plan", "--format", "json"]);
    std::fs::write(tree.root().join("plan.json"), stdout(&output)).expect("the folder is ours");
    let planned: Value = serde_json::from_str(stdout(&output)).expect("it is JSON");
    assert_ne!(owner(&planned, "users"), owner(&planned, "stock"));
    let check = || {
        let output = unpick(tree.root(), &["check", "--plan", "plan.json", "--format", "json"]);
        let document: Value = serde_json::from_str(stdout(&output)).expect("it is JSON");
        let rows = document["candidates"].as_array().expect("a list").clone();
        let sum = |key: &str| rows.iter().map(|row| row[key].as_u64().expect("a number")).sum::<u64>();
        let new = rows.iter().map(|row| row["new"].as_array().expect("a list").len()).sum::<usize>();
        (sum("planned") - sum("left"), new)
    };
    assert_eq!(check(), (0, 0));
    std::fs::write(tree.root().join("accounts.py"), reads.replace("SELECT free FROM stock", "UPDATE stock SET free = 1"))
        .expect("it is ours");
    let (cut, new) = check();
    assert!(cut == 0 && new > 0, "{cut} cut, {new} new");
}

/// Names that mean nothing and numbers that cannot be had are told, and the plan is made all the same.
#[test]
fn wishes_that_cannot_be_heard_are_told() {
    let mut files = FILES.to_vec();
    files.push(("unpick.toml", "same = [['orders', 'stok']]\n[[service]]\nname = 'people'\nmodules = ['acounts']\n"));
    let tree = Tree::of(&files);
    let output = unpick(tree.root(), &["plan", "--services", "9"]);
    assert_eq!(code(&output), 0);
    for part in [
        "[[service]] people: there is no module, file or table called \"acounts\"; did you mean \"accounts\"?",
        "same: there is no module, file or table called \"stok\"; did you mean \"stock\"?",
        "--services: no division of this application has 9 candidates",
    ] {
        assert!(stderr(&output).contains(part), "{part}: {}", stderr(&output));
    }
    assert!(!stderr(&unpick(tree.root(), &["plan", "-q", "--services", "9"])).contains("unpick:"));
}

#[test]
fn a_file_that_comes_to_use_many_tables_is_still_the_plans() {
    let tree = Tree::of(&FILES);
    let file = tree.root().join("orders.py");
    let long = FILES.iter().find(|(path, _)| *path == "orders.py").expect("it is there").1;
    let short = "import accounts\n\ndef place(db):\n    accounts.user(db)\n    db.execute('INSERT INTO orders VALUES (1, 1)')\n";
    let check = || -> Vec<Value> {
        let output = unpick(tree.root(), &["check", "--plan", "plan.json", "--format", "json"]);
        let document: Value = serde_json::from_str(stdout(&output)).expect("it is JSON");
        document["candidates"].as_array().expect("a list").iter().flat_map(|row| row["new"].as_array().expect("a list").clone()).collect()
    };
    let write = |text: &str| {
        std::fs::write(&file, text).expect("the folder is ours");
        let output = unpick(tree.root(), &["plan", "--format", "json"]);
        std::fs::write(tree.root().join("plan.json"), stdout(&output)).expect("the folder is ours");
        stdout(&output).contains("\"symbol\":")
    };
    // Whole in the plan: what is new is what it does to the table of another, in the words of the plan.
    assert!(!write(short), "the file is not taken apart");
    std::fs::write(&file, long).expect("the folder is ours");
    let new = check();
    assert!(!new.is_empty() && new.iter().all(|row| !row["name"].as_str().is_some_and(|name| name.contains("orders.py:"))), "{new:?}");
    // In parts in the plan: a function that the plan does not know goes with most of its file.
    assert!(write(long), "the file is taken apart");
    std::fs::write(&file, format!("{long}\ndef count(db):\n    return db.execute('SELECT id FROM orders')\n")).expect("the folder is ours");
    assert_eq!(check(), Vec::<Value>::new());
}

#[test]
fn every_figure_shows_what_it_rests_on() {
    let tree = Tree::of(&FILES);
    let document = plan(tree.root(), &[]);
    for step in document["order"].as_array().expect("a list") {
        let name = step["candidate"].as_str().expect("a name");
        let output = unpick(tree.root(), &["why", &format!("plan:{name}/foreign_keys")]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let evidence = step["terms"]["foreign_keys"]["evidence"].as_array().expect("a list");
        assert_eq!(stdout(&output).lines().count(), 1 + evidence.len(), "{}", stdout(&output));
        assert!(stdout(&unpick(tree.root(), &["why", &format!("plan:{name}")])).contains("distributed_units"));
    }
    for wrong in ["plan:nobody", "plan:nobody/joins", "plan:orders/colour"] {
        assert_eq!(code(&unpick(tree.root(), &["why", wrong])), 2, "{wrong}");
    }
}

/// A handler in a variable may be the function of that name in either of two files that are used, so it is nobody's.
#[test]
fn a_handler_that_could_be_of_two_files_is_of_none() {
    let mut files = FILES.to_vec();
    files.extend([
        ("one.js", "function a() {}\nfunction b() {}\nfunction show(req, res) { db.query('SELECT id FROM users'); }\nmodule.exports = { a, show };\n"),
        ("two.js", "function show(req, res) { db.query('INSERT INTO stock VALUES (1, 1)'); }\nmodule.exports = { show };\n"),
        (
            "app.js",
            "const one = require('./one');\nconst two = require('./two');\nconst app = require('express')();\n\
             module.exports = (pick) => { app.get('/picked', pick.show); };\n",
        ),
    ]);
    let tree = Tree::of(&files);
    let plan = plan(tree.root(), &[]);
    let routes =
        plan["candidates"].as_array().expect("a list").iter().flat_map(|candidate| candidate["routes"].as_array().expect("a list"));
    assert_eq!(routes.filter(|route| *route == "GET /picked").count(), 0);
}

/// Who answers for the code, who worked on it, and what changed with what: all of it beside the code.
#[test]
fn what_stands_beside_the_code_is_in_the_plan() {
    let mut files = FILES.to_vec();
    files.push(("CODEOWNERS", "*.py @shop\n/stock.py @warehouse\n"));
    let mut checkout = Checkout::of(&files);
    for commit in 0..6 {
        for path in ["accounts.py", "stock.py"] {
            let text = FILES.iter().find(|(name, _)| *name == path).expect("it is there").1;
            checkout.write(path, &format!("{text}\n# {commit}\n"));
        }
        checkout.commit();
    }
    let plan = |more: &[&str]| plan(checkout.root(), more);
    let found = plan(&[]);
    let of = |plan: &Value, table: &str| -> (Value, Value) {
        let name = owner(plan, table).expect("somebody owns it");
        let called = |list: &str, key: &str| -> Value {
            plan[list].as_array().expect("a list").iter().find(|row| row[key] == name.as_str()).expect("it is there").clone()
        };
        (called("candidates", "name"), called("order", "candidate"))
    };
    let (stock, step) = of(&found, "stock");
    assert_eq!(stock["owners"], json!(["@warehouse"]));
    // The first commit and six others; the work of each of these is half.
    assert_eq!(
        (&stock["history"]["commits"], &stock["history"]["authors"], &stock["history"]["main_author"]),
        (&json!(7), &json!(1), &json!(1.0))
    );
    let pairs = step["co_changes"].as_array().expect("a list");
    let pair = pairs.iter().find(|pair| pair["other"] == "accounts").expect("they change together");
    assert_eq!((&pair["commits"], &pair["degree"], &pair["hidden"]), (&json!(7), &json!(1.0), &json!(true)));
    assert_eq!(of(&plan(&["--no-history"]), "stock").0["history"], Value::Null);
    let told = stdout(&unpick(checkout.root(), &["plan", "--format", "markdown"])).to_owned();
    for part in ["@warehouse, of ", "7 commits in twelve months", "though nothing in the code ties them"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

/// What nobody tests is told where there are tests, and a key of the session where code on both sides uses it.
#[test]
fn what_is_untested_and_what_the_session_shares_are_risks() {
    let mut files = FILES.to_vec();
    let login = "from flask import session\n\ndef login(user):\n    session['user_id'] = user\n    session['language'] = 'en'\n";
    let accounts = format!("{login}\n{}", FILES[1].1);
    files[1].1 = &accounts;
    let stock = format!("from flask import session\n\ndef whose():\n    return session.get('user_id')\n\n{}", FILES[3].1);
    files[3].1 = &stock;
    let risk = |files: &[(&str, &str)], table: &str, code: &str| {
        let plan = plan(Tree::of(files).root(), &[]);
        let name = owner(&plan, table).expect("somebody owns it");
        let step =
            plan["order"].as_array().expect("a list").iter().find(|row| row["candidate"] == name.as_str()).expect("it is there").clone();
        let risks = step["risks"].as_array().expect("a list").clone();
        risks.into_iter().find(|risk| risk["code"] == code).map(|risk| (risk["count"].clone(), risk["text"].clone()))
    };
    let (count, text) = risk(&files, "users", "SESSION").expect("two candidates share a key");
    assert_eq!((count, text), (json!(1), json!("keys of the session that code elsewhere uses too: user_id")));
    assert_eq!(risk(&FILES, "users", "SESSION"), None);
    assert_eq!(risk(&files, "users", "NOTEST"), None, "without tests there is nothing to compare");
    files.push(("tests/test_accounts.py", "from accounts import register\n\ndef test_register():\n    register(None)\n"));
    assert_eq!(risk(&files, "users", "NOTEST"), None);
    assert!(risk(&files, "stock", "NOTEST").is_some());
}

/// Each part of what a service needs, in JSON and for the board.
#[test]
fn what_a_service_takes_along_is_told() {
    let mut files = FILES.to_vec();
    files.push((
        "orders_jobs.py",
        "import requests\nfrom celery import shared_task\n\n@shared_task\ndef remind(db):\n    \
         requests.post('https://mail.example.org/send')\n    db.execute('UPDATE orders SET user_id = 1')\n\n\
         def later(db):\n    remind.delay(db)\n    db.execute('UPDATE orders SET user_id = 2')\n",
    ));
    let tree = Tree::of(&files);
    let found = plan(tree.root(), &[]);
    let name = owner(&found, "orders").expect("somebody owns it");
    let row =
        |list: &str, key: &str| found[list].as_array().expect("a list").iter().find(|row| row[key] == name.as_str()).expect("it is there");
    let (candidate, step) = (row("candidates", "name"), row("order", "candidate"));
    assert_eq!(candidate["jobs"], json!([{"kind": "job", "name": "remind", "site": {"file": "orders_jobs.py", "line": 5, "kind": "job"}}]));
    assert_eq!(candidate["queues"][0]["site"]["line"], 10, "{}", candidate["queues"]);
    assert_eq!(candidate["externals"], json!(["mail.example.org"]));
    let tables = &step["tables"];
    assert!(tables["moved"].as_array().expect("a list").contains(&json!("order_items")), "{tables}");
    let stock = owner(&found, "stock").expect("somebody owns it");
    let other = found["order"].as_array().expect("a list").iter().find(|row| row["candidate"] == stock.as_str()).expect("it is there");
    assert_eq!(other["tables"]["split"][0]["table"], "stock", "orders write it too: {}", other["tables"]);
    let saga = &step["sagas"][0];
    let back: Vec<&Value> =
        saga["steps"].as_array().expect("a list").iter().flat_map(|step| step["compensation"].as_array().expect("a list")).collect();
    assert!(back.contains(&&json!("write the former values back to stock")), "{back:?}");
    assert!(back.iter().any(|text| text.as_str().is_some_and(|text| text.starts_with("delete what was inserted into order"))), "{back:?}");
    let told = stdout(&unpick(tree.root(), &["plan", "--format", "markdown"])).to_owned();
    for part in [
        "job remind, orders_jobs.py:5",
        "never was atomic",
        "back: write the former values back to stock",
        "Tables that move",
        "mail.example.org",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

/// What is sent from one candidate and handled in another is told on both sides, though neither depends on the other.
#[test]
fn messages_between_candidates_are_told() {
    const SENDING: &str = "<?php\nnamespace App\\Parcels;\nuse App\\Events\\ParcelSent;\nuse Illuminate\\Support\\Facades\\DB;\nclass Sending\n{\n    \
        public function send() { DB::table('parcels')->insert(['free' => 1]); ParcelSent::dispatch(); }\n    \
        public function all() { return DB::table('parcels')->get(); }\n}\n";
    const TELL: &str = "<?php\nnamespace App\\Mails;\nuse App\\Events\\ParcelSent;\nuse Illuminate\\Support\\Facades\\DB;\nclass Tell\n{\n    \
        public function handle(ParcelSent $event) { DB::table('mails')->insert(['body' => 'x']); }\n    \
        public function all() { return DB::table('mails')->get(); }\n}\n";
    let tree = Tree::of(&[
        ("composer.json", "{\"autoload\": {\"psr-4\": {\"App\\\\\": \"app/\"}}}"),
        ("schema.sql", "CREATE TABLE parcels (id INT PRIMARY KEY, free INT);\nCREATE TABLE mails (id INT PRIMARY KEY, body TEXT);\n"),
        ("unpick.toml", "[[module]]\nname = 'parcels'\npaths = ['app/Parcels']\n[[module]]\nname = 'mails'\npaths = ['app/Mails']\n"),
        (
            "app/Events/ParcelSent.php",
            "<?php\nnamespace App\\Events;\nuse Illuminate\\Foundation\\Events\\Dispatchable;\nclass ParcelSent { use Dispatchable; }\n",
        ),
        ("app/Parcels/Sending.php", SENDING),
        ("app/Mails/Tell.php", TELL),
        (
            "app/Providers/EventServiceProvider.php",
            "<?php\nnamespace App\\Providers;\nuse App\\Events\\ParcelSent;\nuse App\\Mails\\Tell;\n\
             use Illuminate\\Foundation\\Support\\Providers\\EventServiceProvider as Base;\nclass EventServiceProvider extends Base\n{\n    \
             protected $listen = [ParcelSent::class => [Tell::class]];\n}\n",
        ),
    ]);
    let found = plan(tree.root(), &[]);
    let step = |name: &str| found["order"].as_array().expect("a list").iter().find(|row| row["candidate"] == name).expect("it is there");
    let sent = json!([{
        "kind": "event", "name": "App\\Events\\ParcelSent", "to": ["mails"],
        "sites": [{"file": "app/Parcels/Sending.php", "line": 7, "kind": "event"}],
    }]);
    assert_eq!((&step("parcels")["messages_out"], &step("mails")["messages_out"]), (&sent, &json!([])));
    assert_eq!(step("mails")["messages_in"][0]["from"], json!(["parcels"]));
    let told = stdout(&unpick(tree.root(), &["plan", "--format", "markdown"])).to_owned();
    assert!(told.contains("event App\\Events\\ParcelSent, for mails: 1 place, app/Parcels/Sending.php:7"), "{told}");
}

#[test]
fn without_tables_there_is_no_plan() {
    let tree = Tree::of(&[("a.py", "import b\n"), ("b.py", "")]);
    let output = unpick(tree.root(), &["plan"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("No plan"), "{}", stdout(&output));
    assert_eq!(plan(tree.root(), &[])["candidates"], Value::Array(Vec::new()));
}
