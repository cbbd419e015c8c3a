//! Ignores beside the code: `# unpick-ignore(reason): target` on the line that makes a finding.

use super::gated::{Finding, Scope, places};
use crate::base::FileId;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Every ignore of a project. A finding is ignored when each of its lines is.
pub struct Ignores<'a> {
    /// What is named, by path and line.
    targets: BTreeMap<(String, u32), Vec<&'a str>>,
    /// Those that silence something.
    used: BTreeSet<(String, u32, &'a str)>,
    /// Sentences about those that are written wrongly.
    wrong: Vec<String>,
}

impl<'a> Ignores<'a> {
    /// The ignores in the application's own files.
    #[must_use]
    pub fn of(project: &'a Project) -> Self {
        let mut ignores = Self { targets: BTreeMap::new(), used: BTreeSet::new(), wrong: Vec::new() };
        for file in project.own_files() {
            ignores.add(project, file);
        }
        ignores
    }

    fn add(&mut self, project: &'a Project, file: FileId) {
        let path = project.base.path(file);
        for ignore in &project.base.facts(file).ignores {
            match target(&ignore.text) {
                Ok(target) => self.targets.entry((path.to_owned(), ignore.line)).or_default().push(target),
                Err(lack) => self.wrong.push(format!(
                    "{path}:{}: this ignore has no {lack} and does nothing; write unpick-ignore(why): what the line depends on",
                    ignore.line
                )),
            }
        }
    }

    /// True when every line of a finding has an ignore that names what the line depends on.
    pub fn cover(&mut self, project: &Project, scope: &Scope, finding: &Finding) -> bool {
        if self.targets.is_empty() {
            return false;
        }
        let places = places(project, scope, finding);
        let mut open = places.is_empty();
        for place in &places {
            let here = self.targets.get(&(place.path.clone(), place.line)).map_or(&[][..], Vec::as_slice);
            let named = here.iter().find(|target| place.names.iter().any(|name| is_called(name, target)));
            open |= named.is_none();
            self.used.extend(named.map(|target| (place.path.clone(), place.line, *target)));
        }
        !open
    }

    /// Sentences about ignores that do nothing, by path and line.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = self.wrong.clone();
        for ((path, line), targets) in &self.targets {
            for target in targets.iter().filter(|target| !self.used.contains(&(path.clone(), *line, **target))) {
                remarks.push(format!(
                    "{path}:{line}: unused ignore: nothing on this line makes a finding about {target}; take the comment out"
                ));
            }
        }
        remarks.sort();
        remarks
    }
}

/// What an ignore names; otherwise what it lacks. The text is what follows the word: `(reason): target`.
fn target(text: &str) -> Result<&str, &'static str> {
    let (reason, rest) = text.strip_prefix('(').and_then(|text| text.split_once(')')).ok_or("reason")?;
    if reason.trim().is_empty() {
        return Err("reason");
    }
    let rest = rest.trim_start().strip_prefix(':').ok_or("target")?;
    // What ends a comment in some languages is no part of the name.
    rest.split_whitespace().next().filter(|word| !matches!(*word, "*/" | "-->")).ok_or("target")
}

/// A name as written out, its last part (`orders` of `shop.orders`), or the end of a path.
fn is_called(name: &str, target: &str) -> bool {
    name.strip_suffix(target).is_some_and(|before| before.is_empty() || before.ends_with(['.', '/']))
}

#[cfg(test)]
mod tests {
    use super::{is_called, target};

    #[test]
    fn a_reason_and_a_target_are_both_needed() {
        assert_eq!(target("(until spring): orders"), Ok("orders"));
        assert_eq!(target("(x) : shop/orders/a.py */"), Ok("shop/orders/a.py"));
        assert_eq!(target(": orders"), Err("reason"));
        assert_eq!(target("( ): orders"), Err("reason"));
        assert_eq!(target("(x)"), Err("target"));
        assert_eq!(target("(x): */"), Err("target"));
        assert_eq!(target(""), Err("reason"));
    }

    #[test]
    fn the_end_of_a_name_is_enough_and_a_piece_of_a_word_is_not() {
        assert!(
            is_called("shop.orders", "orders") && is_called("shop.orders", "shop.orders") && is_called("shop/orders/a.py", "orders/a.py")
        );
        assert!(!is_called("shop.preorders", "orders") && !is_called("orders", "shop.orders") && !is_called("shop.orders", "shop"));
    }
}
