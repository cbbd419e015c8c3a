//! JSON with one row per line: lists are streamed, objects stay on their line.

use serde::ser::{Serialize, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};
use std::io::{self, Write};

/// A list that is made while it is written.
pub(in crate::reports) struct Each<F>(pub(in crate::reports) F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: IntoIterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// Breaks the line before every element of the outermost list, and nowhere else.
#[derive(Default)]
struct RowPerLine {
    depth: usize,
    rows: bool,
}

impl Formatter for RowPerLine {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.rows |= self.depth == 1;
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        out.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.rows && self.depth == 1 {
            return out.write_all(if first { b"\n" } else { b",\n" });
        }
        CompactFormatter.begin_array_value(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        out.write_all(b"}")
    }
}

/// The outermost object, written key by key.
pub(in crate::reports) struct Document<'a> {
    out: &'a mut dyn Write,
    first: bool,
}

impl<'a> Document<'a> {
    /// Opens the object.
    pub(in crate::reports) fn start(out: &'a mut dyn Write) -> io::Result<Self> {
        out.write_all(b"{")?;
        Ok(Self { out, first: true })
    }

    /// Writes one key with its value.
    pub(in crate::reports) fn key(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        serde_json::to_writer(&mut *self.out, name)?;
        self.out.write_all(b": ")?;
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut *self.out, RowPerLine::default()))?;
        Ok(())
    }

    /// Closes the object.
    pub(in crate::reports) fn finish(self) -> io::Result<()> {
        self.out.write_all(b"\n}\n")
    }
}
