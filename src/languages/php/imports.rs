//! Namespaces, `use`, `include` and `require`.

use super::{Capture, Walk};
use crate::facts::{Import, Namespace, Shape, Target, ValueId};
use crate::languages::walk::Reads;

/// What a `use` takes besides classes; the target of its import begins with this word.
const SORTS: [&str; 2] = ["function", "const"];

impl Walk<'_> {
    /// `namespace A\B;` and `namespace A { }`
    pub(super) fn namespace(&mut self) {
        let name = self.node().child_by_field_id(self.fields.name).map_or("", |name| self.slice(name));
        self.begin_namespace(name);
        let body = self.fields.body;
        let mut closed = false;
        self.each(|walk, field| {
            if field == body {
                walk.each(|walk, _| walk.statement());
                closed = true;
            }
        });
        if closed {
            self.begin_namespace("");
        }
    }

    fn begin_namespace(&mut self, name: &str) {
        let name = self.out.intern(name);
        let values = self.out.next_value();
        let imports = u32::try_from(self.out.facts().imports.len()).expect("imports are counted in u32");
        self.out.facts_mut().namespaces.push(Namespace { name, values, imports });
    }

    /// `use A\B as C, D;`, `use function A\f;`, `use A\{B, function f};`
    pub(super) fn use_declaration(&mut self) {
        let node = self.node();
        let all = node.child_by_field_id(self.fields.kind).map(|kind| self.slice(kind));
        let mut prefix = String::new();
        self.each(|walk, _| match walk.node().kind() {
            "namespace_name" => prefix = format!("{}\\", walk.source()),
            "namespace_use_clause" => walk.use_clause("", all),
            "namespace_use_group" => walk.each(|walk, _| walk.use_clause(&prefix, all)),
            _ => {}
        });
    }

    /// The local name of a constant or function is kept with the sort before it, since classes have names of their own.
    fn use_clause(&mut self, prefix: &str, all: Option<&str>) {
        let node = self.node();
        let kind = node.child_by_field_id(self.fields.kind).map(|kind| self.slice(kind)).or(all);
        let alias = node.child_by_field_id(self.fields.alias).map(|alias| self.slice(alias));
        let mut walker = node.walk();
        let Some(name) = node.named_children(&mut walker).find(|child| self.capture_of(*child) == Some(Capture::Name)) else { return };
        let written = format!("{prefix}{}", self.slice(name).trim_start_matches('\\'));
        let short = alias.unwrap_or_else(|| written.rsplit('\\').next().unwrap_or(""));
        let sort = kind.and_then(|kind| SORTS.into_iter().find(|sort| kind.eq_ignore_ascii_case(sort)));
        let (target, local) = match sort {
            Some(sort) => (self.out.intern(&format!("{sort} {written}")), self.out.intern(&format!("{sort} {short}"))),
            None => (self.out.intern(&written), self.out.intern(short)),
        };
        self.add_import(Target::Symbol(target), Some(local), alias.is_some());
    }

    /// `include 'a.php'`: what is included may have to be put together first, so the value is kept.
    pub(super) fn include(&mut self) -> ValueId {
        let line = self.line();
        let mut path = None;
        self.each(|walk, _| {
            if walk.capture() != Some(Capture::Nothing) {
                path = Some(walk.value());
            }
        });
        let Some(path) = path else { return self.nothing(line) };
        self.add_import(Target::Computed(path), None, false);
        let parts = self.out.list(&[path]);
        self.out.value(line, Shape::Other(parts))
    }

    fn add_import(&mut self, target: Target, local: Option<crate::facts::Text>, renamed: bool) {
        let import = Import {
            target,
            symbol: None,
            local,
            renamed,
            line: self.line(),
            owner: self.out.owner,
            lazy: self.out.functions > 0,
            type_only: false,
            conditional: self.out.conditions > 0,
        };
        self.out.facts_mut().imports.push(import);
    }
}
