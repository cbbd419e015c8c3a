//! Paths that code puts together from literals and its own folder: `path.join(__dirname, 'a')`.

use crate::base::FileId;
use crate::base::plain;
use crate::facts::{FileFacts, Shape, ValueId};
use crate::names::FactBase;

/// How far names and calls are followed.
const DEEPEST: u32 = 8;

/// The path of the tree an expression means, with a slash before it; a relative one for a literal alone. `package` is
/// the folder programs of the package are started in.
pub(super) fn path(base: &FactBase, file: FileId, value: ValueId, package: &str) -> Option<String> {
    let facts = base.facts(file);
    let folder = base.file(file).source.path.parent();
    let fold = Fold { facts, folder: format!("/{folder}"), package: format!("/{package}") };
    let text = fold.text(value, 0)?;
    match text.strip_prefix('/') {
        Some(below) => plain(below).map(|path| format!("/{path}")),
        None => Some(text),
    }
}

struct Fold<'a> {
    facts: &'a FileFacts,
    folder: String,
    package: String,
}

impl Fold<'_> {
    fn text(&self, value: ValueId, depth: u32) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let facts = self.facts;
        match facts.value(value).shape {
            Shape::Literal(text) => Some(facts.text(text).to_owned()),
            Shape::Name(name) if facts.text(name) == "__dirname" => Some(self.folder.clone()),
            Shape::Name(name) => {
                let mut bound = facts.bindings_in(None).filter(|binding| facts.as_name(binding.target) == Some(name));
                let only = bound.next().filter(|_| bound.next().is_none())?;
                self.text(only.value?, depth + 1)
            }
            Shape::Member(..) if facts.dotted(value).is_some_and(|text| text.ends_with("dirname")) => Some(self.folder.clone()),
            // `import.meta.dirname`, `import.meta.url`: what they are members of has no name.
            Shape::Member(object, name) if facts.dotted(object).is_none() => match facts.text(name) {
                "dirname" => Some(self.folder.clone()),
                "url" | "filename" => Some(format!("{}/file", self.folder)),
                _ => None,
            },
            Shape::Joined(left, right) => Some(self.text(left, depth + 1)? + &self.text(right, depth + 1)?),
            Shape::Template(parts) => facts.items(parts).iter().map(|part| self.text(*part, depth + 1)).collect(),
            Shape::Call(_) => self.call(value, depth),
            _ => None,
        }
    }

    fn call(&self, value: ValueId, depth: u32) -> Option<String> {
        let facts = self.facts;
        let call = facts.as_call(value)?;
        let arguments = facts.arguments_of(call);
        let callee = facts.dotted(call.callee)?;
        match callee.rsplit('.').next().unwrap_or("") {
            "cwd" if callee == "process.cwd" => Some(self.package.clone()),
            // `new URL('./a', import.meta.url)` is beside the file.
            "URL" if arguments.len() == 2 => Some(format!("{}/{}", self.folder, facts.as_literal(arguments[0].value)?)),
            "fileURLToPath" | "normalize" => self.text(arguments.first()?.value, depth + 1),
            "dirname" => {
                let inner = self.text(arguments.first()?.value, depth + 1)?;
                Some(inner.rsplit_once('/')?.0.to_owned())
            }
            kind @ ("join" | "resolve") => {
                let parts: Option<Vec<String>> = arguments.iter().map(|argument| self.text(argument.value, depth + 1)).collect();
                let parts = parts.filter(|parts| !parts.is_empty())?;
                let joined = parts.join("/");
                // What is no full path starts in the folder the program is started in.
                Some(if kind == "resolve" && !joined.starts_with('/') { format!("{}/{joined}", self.package) } else { joined })
            }
            _ => None,
        }
    }
}
