//! The examples below `--help`.

pub(super) const ALL: &str = "\
Examples:
  unpick map                                the application in this folder, on one screen
  unpick map --format json=map.json         the same for scripts
  unpick cycles                             what is tangled, and where to cut
  unpick why cart orders                    every line that makes cart depend on orders

Exit codes: 0 done, 1 findings (check only), 2 wrong usage or nothing to work on, 3 a fault of unpick.";

pub(super) const MAP: &str = "\
Examples:
  unpick map                                one screen about the code in this folder
  unpick map ~/src/shop --format json       everything as JSON, on stdout
  unpick map -f text -f dot=map.dot -f json=map.json
                                            the screen, a drawing and the data in one run
  unpick map -f mermaid --focus cart        the neighbours of the module cart
  unpick map -f sqlite=map.db               everything as a database; `sqlite3 map.db .schema` explains it
  unpick map -f dot --top 80 | dot -Tsvg > map.svg";

pub(super) const CYCLES: &str = "\
Examples:
  unpick cycles                             cycles between modules at run time
  unpick cycles --level file --graph load   cycles between files that Python meets while importing
  unpick cycles --format json | jq '.cycles[0].cheapest_cut'";

pub(super) const GODS: &str = "\
Examples:
  unpick gods                               what does too much in this folder, and how it comes apart
  unpick gods --format json | jq -r '.god_classes[] | select(.reasons[0] == \"god_class\") | .name'";

pub(super) const TABLES: &str = "\
Examples:
  unpick tables                             which tables several modules write, and who should own them
  unpick tables --format json | jq -r '.shared_tables[] | [.name, (.writers | keys | join(\" \"))] | @tsv'
  unpick tables --format sql --server postgresql > keys.sql    the keys nobody declared, as ALTER TABLE statements
  unpick tables --format mermaid > tables.mmd                  tables and keys as a drawing; dbml and dot too
  unpick why MODULE TABLE                   every line of a module that reads or writes a table";

pub(super) const ROUTES: &str = "\
Examples:
  unpick routes                             which addresses this folder answers, by module
  unpick routes --format json | jq -r '.routes[] | [.method, .path, .handler] | @tsv'";

pub(super) const EXTERNALS: &str = "\
Examples:
  unpick externals                          who is called outside of this folder, and which calls wait too long
  unpick externals --format json | jq -r '.external_systems[] | [.name, .protocol, (.sites | length)] | @tsv'";

pub(super) const MESSAGES: &str = "\
Examples:
  unpick messages                           what is sent without saying to whom, those between modules first
  unpick messages --format json | jq -r '.messages[] | select(.handlers == []) | .name'";

pub(super) const CONTRACTS: &str = "\
Examples:
  unpick contracts --out contracts          a draft for every candidate of the plan, and for modules in none
  unpick contracts --out contracts --single --format json --openapi 3.0
  jq -r '.documents[] | [.file, .operations, .ambiguous] | @tsv' contracts/index.json";

pub(super) const UNRESOLVED: &str = "\
Examples:
  unpick unresolved                         what leads nowhere in this folder, grouped by reason
  unpick unresolved ~/src/shop --format json";

pub(super) const WHY: &str = "\
Examples:
  unpick why cart orders                    every line that makes the module cart need orders
  unpick why shop/cart/models.py orders     a file and a module
  unpick why cart Order                     a module and a class
  unpick why cart                           what cart needs, and what needs cart
  unpick why Order                          the same for a class, and what its figures count
  unpick why cart orders --path ~/src/shop  the same for code elsewhere";

pub(super) const DOCTOR: &str = "\
Examples:
  unpick doctor                             is everything read? where do imports start? which config is used?";

pub(super) const SCHEMA: &str = "\
Examples:
  unpick schema map > map.schema.json       what `unpick map --format json` writes
  unpick schema check                       what `unpick check --format json` writes
  unpick schema diff                        what `unpick diff --format json` writes
  unpick schema baseline                    what unpick.baseline.json holds";

pub(super) const COMPLETIONS: &str = "\
Examples:
  unpick completions bash > ~/.local/share/bash-completion/completions/unpick
  unpick completions zsh > ~/.zfunc/_unpick";

pub(super) const CHECK: &str = "\
Examples:
  unpick baseline && git add unpick.baseline.json   accept what is there today
  unpick check                              1 when something is new: a cycle, a broken rule, a god, a writer; else 0
  unpick check --against origin/main        what this branch adds, without a baseline
  unpick check --level file --graph load    the same for files, and for what happens while they are loaded
  unpick check --only-changed=origin/main   show only findings in files the branch touches; all of them count
  unpick check --format json | jq '.new[].shortest'

Removing a dependency, a file or a module never fails the check. [rules] in unpick.toml (forbid, layers, strict,
max_file_lines, max_module_files, max_module_lines) are checked as well; the README says how to write them.";

pub(super) const BASELINE: &str = "\
Examples:
  unpick baseline                           accept everything found today
  unpick baseline --prune                   take out what is gone; nothing is added
  unpick baseline --accept 3f2a90c1d4e5b677 --reason \"until the invoices move, see TEAM-12\"";

pub(super) const DIFF: &str = "\
Examples:
  unpick diff main                          what this checkout changes since main
  unpick diff v1.4 v1.5 --format markdown   what a release changed, for a comment
  unpick diff HEAD --level file             what is not committed yet, file by file

A difference is no failure: the exit code is 0. `unpick check --against main` fails on what a branch makes worse.";

pub(super) const PLAN: &str = "\
Examples:
  unpick plan                               candidates and the order they leave in, on one screen
  unpick plan --services 4..8               a plan of four to eight candidates
  unpick plan --what-if \"move invoices to orders\"
                                            which figures of the plan change
  unpick plan --format markdown > plan.md   for the architecture board
  unpick plan --format html=plan.html       one file to look at, with the map and the plan
  unpick plan --format json | jq -r '.waves'";
