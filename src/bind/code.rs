//! Dependencies that code states itself: imports, base classes, calls of imported things.

use super::{Kind, Reference, Resolution, Unresolved};
use crate::base::{Certainty, FileId};
use crate::facts::{FileFacts, Import, OwnerSweep, Target};
use crate::names::php::PHP;
use crate::names::{FactBase, Meaning, Names};

/// Every import of a file: a reference, an outside name, or an unresolved one.
pub(super) fn imports(base: &FactBase, names: &Names, file: FileId, out: &mut Resolution) {
    let facts = base.facts(file);
    let includes = base.file(file).source.language == PHP;
    for (import, meaning) in facts.imports.iter().zip(names.imports(file)) {
        match meaning {
            Meaning::Module(to) | Meaning::Symbol(to) => {
                out.imports.internal += 1;
                // `use` loads nothing: what is done with the name makes the dependency.
                if !matches!(import.target, Target::Symbol(_)) {
                    out.references.push(reference(facts, file, import, *to, meaning, includes));
                }
            }
            Meaning::Namespace(_) => out.imports.internal += 1,
            Meaning::External => out.imports.external += 1,
            Meaning::Missing(what) => {
                out.imports.unresolved += 1;
                let optional = if import.conditional { "; it is optional here" } else { "" };
                out.unresolved.push(Unresolved {
                    file,
                    line: import.line,
                    kind: if includes && matches!(import.target, Target::Computed(_)) { "include" } else { "import" },
                    text: written(facts, import, includes),
                    reason: format!("{what}{optional}"),
                });
            }
        }
    }
}

fn reference(facts: &FileFacts, file: FileId, import: &Import, to: FileId, meaning: &Meaning, includes: bool) -> Reference {
    let symbol = match meaning {
        Meaning::Symbol(_) => import.symbol.map(|symbol| facts.text(symbol).into()),
        _ => None,
    };
    let (kind, rule) = match import.target {
        Target::Computed(_) if includes => (Kind::Include, "include"),
        _ => (Kind::Import, "import"),
    };
    Reference {
        from: file,
        to,
        line: import.line,
        kind,
        text: written(facts, import, includes).into(),
        symbol,
        owner: import.owner,
        lazy: import.lazy,
        type_only: import.type_only,
        certainty: Certainty::LITERAL,
        rule: rule.into(),
        used: true,
    }
}

/// The import as one would write it alone.
fn written(facts: &FileFacts, import: &Import, includes: bool) -> String {
    let target = match import.target {
        Target::Dotted { level, path } => ".".repeat(level as usize) + facts.text(path),
        Target::Path(text) | Target::Symbol(text) | Target::Package(text) => facts.text(text).to_owned(),
        Target::Computed(value) => {
            let word = if includes { "include" } else { "import" };
            return format!("{word} {}", super::php::written(facts, value));
        }
    };
    match import.symbol {
        Some(symbol) => format!("from {target} import {}", facts.text(symbol)),
        None => format!("import {target}"),
    }
}

/// Base classes that come from another file. The edge goes where the import goes, so that it never claims a file the
/// code does not name; `names.home` knows the defining file for those who ask.
pub(super) fn inheritance(base: &FactBase, names: &Names, file: FileId, out: &mut Vec<Reference>) {
    let facts = base.facts(file);
    for (id, definition) in facts.definitions() {
        for value in facts.items(definition.bases) {
            let Some(pointed) = names.pointed(base, file, definition.owner, *value) else { continue };
            let import = &facts.imports[pointed.import as usize];
            out.push(Reference {
                from: file,
                to: pointed.file,
                line: definition.span.line,
                kind: Kind::Extends,
                text: format!("class {}({})", facts.text(definition.name), facts.dotted(*value).unwrap_or_default()).into(),
                symbol: pointed.symbol.map(|symbol| facts.text(symbol).into()),
                owner: Some(id),
                lazy: facts.runs_lazily(definition.owner) || import.lazy,
                type_only: import.type_only,
                certainty: Certainty::LITERAL,
                rule: "base class".into(),
                used: true,
            });
        }
    }
}

/// Calls of functions and classes that come from another file.
pub(super) fn calls(base: &FactBase, names: &Names, file: FileId, out: &mut Vec<Reference>) {
    let facts = base.facts(file);
    let mut sweep = OwnerSweep::new(facts);
    for call in &facts.calls {
        let owner = sweep.owner(call.value);
        let Some(pointed) = names.pointed(base, file, owner, call.callee) else { continue };
        let Some(text) = facts.dotted(call.callee) else { continue };
        let import = &facts.imports[pointed.import as usize];
        out.push(Reference {
            from: file,
            to: pointed.file,
            line: call.span.line,
            kind: Kind::Call,
            text: text.into(),
            symbol: pointed.symbol.map(|symbol| facts.text(symbol).into()),
            owner,
            lazy: facts.runs_lazily(owner),
            type_only: import.type_only,
            certainty: Certainty::LITERAL,
            rule: "call of an imported name".into(),
            used: call.used,
        });
    }
}
