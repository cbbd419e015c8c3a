//! Throw-away
use super::*;
#[test]
fn debug_real() {
    let Ok(root) = std::env::var("UNPICK_DEBUG") else { return };
    let root = Path::new(&root);
    let config = Config::default();
    let list = [
        Extension { mark: Mark::Suffix("py"), language: Language("python") },
        Extension { mark: Mark::Suffix("js"), language: Language("javascript") },
        Extension { mark: Mark::Suffix("ts"), language: Language("typescript") },
        Extension { mark: Mark::Suffix("php"), language: Language("php") },
        Extension { mark: Mark::Interpreter("python"), language: Language("python") },
    ];
    let n: usize = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    for i in 0..n {
        let t = std::time::Instant::now();
        let s = discover(root, &config, &list).unwrap();
        let t1 = t.elapsed();
        let mut r = Reader::new(root, &config);
        let mut out = Vec::new();
        let mut bytes = 0;
        let mut lines = 0;
        for f in &s.files {
            match r.read(f) {
                Ok(l) => {
                    bytes += l.text.len();
                    lines += l.lines;
                    out.push((f, l.tags, l.recovered.clone()));
                }
                Err(e) => out.push((f, f.tags, Some(e))),
            }
        }
        eprintln!(
            "{} files {} others {} problems, {bytes} bytes {lines} lines, discover {:?} read {:?}",
            s.files.len(),
            s.other_paths.len(),
            s.problems.len(),
            t1,
            t.elapsed() - t1
        );
        if i == 0 {
            for p in &s.problems {
                println!("PROBLEM {} {}", p.path, p.message);
            }
            for (f, t, r) in out {
                let words: Vec<_> = t.iter().map(Tag::word).collect();
                println!("{}\t{}\t{}\t{}", words.join("+"), f.path, f.tags == t, r.unwrap_or_default());
            }
        }
    }
}
