//! The file of the tree that a path in code means: `base_path('routes/api.php')`, `__DIR__ . '/../routes.php'`.

use super::PhpClasses;
use crate::base::{FileId, join, plain};
use crate::facts::{FileFacts, Shape, ValueId};

/// Functions and methods that put a folder of the application before a path.
const HELPERS: [&str; 6] = ["base_path", "basePath", "app_path", "path", "module_path", "getBasePath"];

/// How deep a path is put together.
const DEEPEST: u32 = 8;

/// A path as far as it is written down.
#[derive(Default)]
struct Written {
    /// The folder it begins with, where that is the folder of the file itself.
    folder: Option<String>,
    rest: String,
}

impl PhpClasses<'_> {
    /// The file a path means: beside its own file where it begins with `__DIR__`, else the nearest one whose path ends so.
    pub(in crate::frameworks) fn file_at(&self, file: FileId, value: ValueId) -> Option<FileId> {
        let facts = self.facts(file);
        let here = self.base.path(file);
        let mut written = Written::default();
        collect(facts, here, value, &mut written, DEEPEST)?;
        if let Some(folder) = written.folder {
            return self.names.tree().file(&plain(&join(&folder, written.rest.trim_start_matches('/')))?);
        }
        let path = plain(&written.rest)?;
        if path.is_empty() {
            return None;
        }
        let inside = format!("/{path}");
        let near = |file: &FileId| {
            let other = self.base.path(*file);
            let same = here.split('/').zip(other.split('/')).take_while(|(a, b)| a == b).count();
            (std::cmp::Reverse(same), *file)
        };
        self.files().filter(|id| self.base.path(*id) == path || self.base.path(*id).ends_with(&inside)).min_by_key(near)
    }
}

fn collect(facts: &FileFacts, here: &str, value: ValueId, out: &mut Written, left: u32) -> Option<()> {
    let left = left.checked_sub(1)?;
    match facts.value(value).shape {
        Shape::Literal(text) => out.rest.push_str(&facts.text(text).replace('\\', "/")),
        Shape::Name(name) if facts.text(name) == "__DIR__" && out.rest.is_empty() => {
            out.folder = Some(here.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned());
        }
        Shape::Name(name) if facts.text(name) == "DIRECTORY_SEPARATOR" => out.rest.push('/'),
        Shape::Joined(first, second) => {
            collect(facts, here, first, out, left)?;
            collect(facts, here, second, out, left)?;
        }
        Shape::Template(parts) => facts.items(parts).iter().try_for_each(|part| collect(facts, here, *part, out, left))?,
        Shape::Call(_) => {
            let call = facts.as_call(value)?;
            let name = facts.last_name(call.callee)?;
            let arguments = facts.arguments_of(call);
            if name.eq_ignore_ascii_case("dirname") {
                collect(facts, here, arguments.first()?.value, out, left)?;
                let folder = out.folder.take()?;
                out.folder = Some(folder.rsplit_once('/').map_or("", |(above, _)| above).to_owned());
            } else if HELPERS.contains(&name) {
                // `module_path('Blog', '/routes/web.php')` has the path last.
                for argument in arguments {
                    out.rest.push('/');
                    collect(facts, here, argument.value, out, left)?;
                }
            } else {
                return None;
            }
        }
        _ => return None,
    }
    Some(())
}
