//! Pages of HTML, plain or as templates of Django, Jinja and their kin: the scripts they load and hold, their forms and
//! links, and the tags that name other templates. There is no tree: nothing else of a page is asked for.

use super::LanguageRow;
use super::builder::Builder;
use crate::base::Language;
use crate::facts::FileFacts;
use std::borrow::Cow;

/// The row of this language.
pub static ROW: LanguageRow = LanguageRow {
    language: Language::HTML,
    extensions: &["html", "htm", "xhtml", "jinja", "jinja2", "njk", "ejs", "hbs", "handlebars"],
    below: &[],
    interpreters: &[],
    openings: &[],
    queries: &[],
    captures: &[],
    grammars: &[],
    grammar_of: |_| 0,
    otherwise: None,
    prepare: |text| Cow::Borrowed(text),
    retry: |_| None,
    scripts: super::scripts::of_page,
    extract: |_, text, _| super::Extraction { facts: read(text), too_deep: None },
    read: Some(read),
};

fn read(text: &str) -> FileFacts {
    let mut out = Builder::default();
    // Jinja and Django name templates as Twig does, which was made after them.
    super::tags::twig(text, &mut out);
    out.finish(super::count_lines(text))
}
