//! The page: one HTML file with everything in it, which opens from disk and asks the network for nothing.
//!
//! It carries the very documents that `--format json` and `unpick contracts --single` write, compressed; every figure on the page is one of theirs. Its
//! script builds everything a scanned name stands in as text, and a policy in its head forbids whatever is not the one
//! script and the one style whose hashes it names. ARCHITECTURE.md, "How the page is made", says more.

mod assets;
#[cfg(test)]
mod tests;

use super::{Format, Options, Outcome, json};
use crate::contracts::{Grouping, Version, draft};
use base64::engine::general_purpose::STANDARD;
use base64::{Engine, write::EncoderWriter};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// The row of the table of formats.
pub(super) static FORMAT: Format = Format { name: "html", extension: "html", payloads: true, check: |_, _| Ok(()), write };

/// What fills a document.
pub(super) type Fill<'a> = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + 'a>;

/// A document the page carries.
pub(super) struct Part<'a> {
    /// What the script calls it.
    pub(super) id: &'static str,
    /// Writes it as JSON.
    pub(super) fill: Fill<'a>,
}

fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write_page(&[map(outcome, options), contracts(outcome)], out)
}

/// The document of the map.
pub(super) fn map<'a>(outcome: &'a Outcome, options: &'a Options) -> Part<'a> {
    Part { id: "map", fill: Box::new(move |out| (json::FORMAT.write)(outcome, options, out)) }
}

/// What every route takes and answers, as one document of OpenAPI; null where there is no route.
pub(super) fn contracts<'a>(outcome: &'a Outcome) -> Part<'a> {
    let fill = move |out: &mut dyn Write| match draft(outcome.project, Grouping::Single, Version::V31).first() {
        Some(contract) => super::contracts::compact(&contract.document, out),
        None => out.write_all(b"null"),
    };
    Part { id: "contracts", fill: Box::new(fill) }
}

/// Writes a page that carries some documents.
pub(super) fn write_page(parts: &[Part], out: &mut dyn Write) -> io::Result<()> {
    let (style, script) = (assets::style(), assets::script());
    let policy = policy(&style, &script);
    write!(out, "{}", assets::HEAD.replace("{policy}", &policy))?;
    write!(out, "<style>{style}</style>\n</head>\n{}", assets::BODY)?;
    for part in parts {
        write!(out, "<script type=\"application/gzip\" id=\"data-{}\">", part.id)?;
        let mut encoder = GzEncoder::new(EncoderWriter::new(&mut *out, &STANDARD), Compression::new(6));
        (part.fill)(&mut encoder)?;
        encoder.finish()?.finish()?;
        writeln!(out, "</script>")?;
    }
    writeln!(out, "<script>{script}</script>\n</body>\n</html>")
}

/// What the page may do: run its own script, use its own style, show pictures it made itself.
fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data: blob:; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(style)
    )
}
