//! What the typed arguments mean.

use super::args::MapArgs;
use super::output;
use crate::reports::{self, FORMATS, Format, Level, Options, plan};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// A format and where it goes.
pub(super) struct Target {
    /// The format.
    pub(super) format: &'static Format,
    /// The file; stdout without one.
    pub(super) file: Option<PathBuf>,
}

/// The formats asked for, text on stdout when none is.
pub(super) fn targets(asked: &[String]) -> anyhow::Result<Vec<Target>> {
    let default = ["text".to_owned()];
    let asked = if asked.is_empty() { &default[..] } else { asked };
    let targets = asked.iter().map(|one| target(one)).collect::<anyhow::Result<Vec<Target>>>()?;
    if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
        bail!("only one --format may go to stdout; give the others a file: --format json=map.json");
    }
    let mut files: Vec<&PathBuf> = targets.iter().filter_map(|target| target.file.as_ref()).collect();
    files.sort();
    if let Some(twice) = files.windows(2).find(|pair| pair[0] == pair[1]) {
        bail!("two formats go to {}; give each a file of its own", twice[0].display());
    }
    Ok(targets)
}

fn target(asked: &str) -> anyhow::Result<Target> {
    let (name, file) = named_file(asked)?;
    let known = FORMATS.map(|format| format.name);
    let format = reports::format_called(name).with_context(|| no_such_format(name, "map", &known))?;
    Ok(Target { format, file })
}

/// A format of `unpick plan`, and the file it goes to; stdout without one.
pub(super) fn plan_target(asked: &str) -> anyhow::Result<(&'static plan::Format, Option<PathBuf>)> {
    let (name, file) = named_file(asked)?;
    let known = plan::FORMATS.each_ref().map(|format| format.name);
    let format = plan::FORMATS.iter().find(|format| format.name == name).with_context(|| no_such_format(name, "plan", &known))?;
    Ok((format, file))
}

/// The two sides of `NAME=FILE`; `-` is stdout.
fn named_file(asked: &str) -> anyhow::Result<(&str, Option<PathBuf>)> {
    let (name, file) = asked.split_once('=').map_or((asked, None), |(name, file)| (name, Some(file)));
    if file == Some("") {
        bail!("--format {asked}: the file name after `=` is missing; write for example --format {name}=unpick.{name}");
    }
    Ok((name, file.filter(|file| *file != "-").map(PathBuf::from)))
}

fn no_such_format(name: &str, command: &str, known: &[&str]) -> String {
    format!("--format {name}: there is no such format in this version; `unpick {command}` writes {}", known.join(", "))
}

/// How the reports of `unpick map` are to look.
pub(super) fn of_map(args: &MapArgs) -> Options {
    Options {
        level: Level::called(&args.level).unwrap_or_default(),
        focus: args.focus.clone(),
        depth: args.depth,
        top: args.top,
        reading: reports::reading_called(&args.graph).unwrap_or(Options::default().reading),
        ..placed(&args.path)
    }
}

/// Default looks on this terminal, for a tree whose place may have to be repeated in hints.
pub(super) fn placed(path: &Path) -> Options {
    let place = (path != Path::new(".")).then(|| path.display().to_string());
    Options { place, ..on_stdout() }
}

/// Default looks on this terminal.
pub(super) fn on_stdout() -> Options {
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| (60..=400).contains(columns));
    Options { colour: output::colour_on_stdout(), width: width.unwrap_or(Options::default().width), ..Options::default() }
}

#[cfg(test)]
mod tests {
    use super::{plan_target, targets};

    fn refused(asked: &[&str]) -> String {
        let asked: Vec<String> = asked.iter().map(|one| (*one).to_owned()).collect();
        targets(&asked).err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn formats_that_do_not_exist_yet_are_refused_with_those_that_do() {
        let sentence = refused(&["sarif=x.sarif"]);
        assert!(sentence.contains("sarif") && sentence.contains("json"), "{sentence}");
    }

    #[test]
    fn one_format_on_stdout_and_one_per_file() {
        assert_eq!(refused(&["json=a.json", "json"]), "");
        assert!(refused(&["json", "json=-"]).contains("only one"));
        assert!(refused(&["json=a", "json=a"]).contains("a file of its own"));
        assert!(refused(&["json="]).contains("missing"));
    }

    #[test]
    fn a_plan_goes_to_a_file_too() {
        let of = |asked| plan_target(asked).map(|(format, file)| (format.name, file.is_some()));
        assert_eq!(
            (of("html=plan.html").unwrap(), of("json").unwrap(), of("dot=-").unwrap()),
            (("html", true), ("json", false), ("dot", false))
        );
        let sentence = of("mermaid").unwrap_err().to_string();
        assert!(sentence.contains("markdown") && sentence.contains("unpick plan"), "{sentence}");
    }
}
