//! Twig templates: the tags that name other templates, components and controllers. There is no tree: nothing else of a
//! template is asked for.

use super::LanguageRow;
use super::builder::Builder;
use crate::base::Language;
use crate::facts::FileFacts;
use std::borrow::Cow;

/// The row of this language.
pub static ROW: LanguageRow = LanguageRow {
    language: Language::TWIG,
    extensions: &["twig"],
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
    super::tags::twig(text, &mut out);
    out.finish(super::count_lines(text))
}
