//! `import a.b as c`, `from ..a import b as c, d`, `from a import *`.

use super::{Capture, Walk};
use crate::facts::{Import, Target, Text};

impl Walk<'_> {
    /// `import a.b, c as d`
    pub(super) fn import_module(&mut self) {
        self.each(|walk, _| {
            let node = walk.node();
            let (path, alias) = match node.child_by_field_id(walk.fields.name) {
                Some(name) => (walk.dotted(walk.slice(name)), node.child_by_field_id(walk.fields.alias)),
                None => (walk.dotted(walk.source()), None),
            };
            let local = match alias {
                Some(alias) => walk.out.intern(walk.slice(alias)),
                None => {
                    let first = walk.out.text(path).split('.').next().unwrap_or("").to_owned();
                    walk.out.intern(&first)
                }
            };
            walk.add_import(Target::Dotted { level: 0, path }, None, Some(local), alias.is_some());
        });
    }

    /// `from a.b import c as d` and its relative forms.
    pub(super) fn import_from(&mut self) {
        let mut target = None;
        let mut any = false;
        let name_field = self.fields.name;
        self.each(|walk, field| {
            if field == name_field {
                let Some(target) = target else { return };
                any = true;
                let node = walk.node();
                let (symbol, alias) = match node.child_by_field_id(walk.fields.name) {
                    Some(name) => (walk.slice(name), node.child_by_field_id(walk.fields.alias)),
                    None => (walk.source(), None),
                };
                let symbol = walk.out.intern(symbol);
                let local = alias.map_or(symbol, |alias| walk.out.intern(walk.slice(alias)));
                walk.add_import(target, Some(symbol), Some(local), true);
            } else if walk.capture() == Some(Capture::ImportAll) {
                let Some(target) = target else { return };
                any = true;
                let star = walk.out.intern("*");
                walk.add_import(target, Some(star), None, false);
            } else if target.is_none() && walk.capture() != Some(Capture::Nothing) && !walk.node().is_error() {
                target = Some(walk.module_name());
            }
        });
        // `from a import (` cut off by an error still depends on a.
        if let (Some(target), false) = (target, any) {
            self.add_import(target, None, None, false);
        }
    }

    fn module_name(&mut self) -> Target {
        let source = self.source();
        let path = source.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
        let level = source[..source.len() - path.len()].matches('.').count();
        Target::Dotted { level: u32::try_from(level).unwrap_or(u32::MAX), path: self.dotted(path) }
    }

    /// A dotted name without the blanks and line continuations Python allows in it.
    fn dotted(&mut self, source: &str) -> Text {
        if source.contains(|c: char| c.is_whitespace() || c == '\\') {
            let clean: String = source.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect();
            self.out.intern(&clean)
        } else {
            self.out.intern(source)
        }
    }

    fn add_import(&mut self, target: Target, symbol: Option<Text>, local: Option<Text>, renamed: bool) {
        let import = Import {
            target,
            symbol,
            local,
            renamed,
            line: self.line(),
            owner: self.out.owner,
            lazy: self.out.functions > 0,
            type_only: self.out.type_only,
            conditional: self.out.conditions > 0,
        };
        self.out.facts_mut().imports.push(import);
    }
}
