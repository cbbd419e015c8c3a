//! The command: arguments in, exit code out.
fn main() {
    let path = std::env::args().nth(1).expect("path");
    let text = std::fs::read_to_string(path).expect("x");
    let e = unpick::languages::extract(&unpick::languages::python::ROW, &text).expect("y");
    println!("{:#?}", e.facts.definitions.iter().map(|d| (e.facts.text(d.name), d.span, d.decisions)).collect::<Vec<_>>());
    for i in &e.facts.imports { println!("{:?} {:?} {:?} {:?}", i, e.facts.text(match i.target { unpick::facts::Target::Dotted{path,..} => path, _ => panic!()}), i.symbol.map(|s| e.facts.text(s)), i.local.map(|s| e.facts.text(s))); }
    println!("lines {} values {} calls {} errors {:?} sql {}", e.facts.lines, e.facts.values.len(), e.facts.calls.len(), e.facts.errors, e.facts.sql.len());
}
