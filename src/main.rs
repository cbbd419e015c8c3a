//! The command: arguments in, exit code out.
#![allow(unsafe_code)]
fn main() {
    unsafe { unpick::languages::install_allocator() };
    let path = std::env::args().nth(1).expect("path");
    let config = unpick::config::Config::default();
    let t = std::time::Instant::now();
    let p = unpick::pipeline::scan(path.as_ref(), &config, None, &unpick::pipeline::Silent).expect("scan");
    eprintln!(
        "{:?} files {} refs {} edges {} modules {} roots {:?}",
        t.elapsed(),
        p.base.files.len(),
        p.resolution.references.len(),
        p.graph.file_edges.len(),
        p.names.modules.len(),
        p.names.python_roots()
    );
    let mut deps = vec![];
    for e in &p.graph.file_edges {
        deps.push(serde_json::json!({"from": p.base.path(e.from), "to": p.base.path(e.to), "sites": p.resolution.references[e.sites.clone()].iter().map(|s| serde_json::json!({"line": s.line, "kind": s.kind.word(), "lazy": s.lazy, "type_only": s.type_only, "text": s.text, "rule": s.rule})).collect::<Vec<_>>() }));
    }
    let files: Vec<_> = p.base.files.iter().map(|f| serde_json::json!({"path": f.source.path.as_str(), "status": f.status.word(), "tags": f.tags.iter().map(|t| t.word()).collect::<Vec<_>>(), "module": ""})).collect();
    let un: Vec<_> = p
        .resolution
        .unresolved
        .iter()
        .map(|u| serde_json::json!({"path": p.base.path(u.file), "line": u.line, "kind": u.kind, "text": u.text, "reason": u.reason}))
        .collect();
    let mods: Vec<_> = p
        .names
        .modules
        .iter()
        .map(|m| serde_json::json!({"name": m.name, "basis": m.basis.word(), "rule": m.rule, "paths": m.paths}))
        .collect();
    let t = std::time::Instant::now();
    let f = unpick::analyses::run(&p);
    eprintln!("cycles {:?} {}", t.elapsed(), f.cycles.len());
    for c in &f.cycles { eprintln!("{} members {} edges {} cut {} proven {} lb {}", c.id, c.members.len(), c.edges, c.cut_weight, c.proven, c.lower_bound); if c.level == unpick::graph::views::Level::Module && c.reading == unpick::graph::views::Reading::Runtime { eprintln!("  {:?}", c.members.iter().map(|m| p.node_name(c.level, *m)).collect::<Vec<_>>()); for e in &c.cut { eprintln!("   {} -> {} {} {:?} {}", p.node_name(c.level, e.from), p.node_name(c.level, e.to), e.weight, e.advice, e.because); } } }
    let cycles: Vec<_> = f.cycles.iter().map(|c| serde_json::json!({"level": c.level.word(), "graph": c.reading.word(), "members": c.members.iter().map(|m| p.node_name(c.level, *m)).collect::<Vec<_>>()})).collect();
    println!(
        "{}",
        serde_json::json!({"files": files, "file_dependencies": deps, "cycles": cycles, "unresolved": un, "modules": mods, "problems": p.problems.iter().map(|x| (x.path.as_str(), x.line, &x.message)).collect::<Vec<_>>()})
    );
}
