//! A file that is read piece by piece: its encoding by its byte order mark, its lines counted on the way.

use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

/// How much of a file is looked at to tell text from something else; later on a dump may well hold binary columns.
const SAMPLE: usize = 512;

/// The text of a file as a stream: UTF-8 where the file is UTF-16 with a mark, else its bytes as they stand.
pub struct Streamed {
    inner: DecodeReaderBytes<BufReader<File>, Vec<u8>>,
    breaks: u64,
    open_end: bool,
}

impl Streamed {
    pub(super) fn of(mut file: BufReader<File>) -> Result<Self, String> {
        let start = file.fill_buf().map_err(|error| format!("cannot be read: {}", error.kind()))?;
        let marked = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
        if !marked && start[..start.len().min(SAMPLE)].contains(&0) {
            return Err(super::decode::BINARY.to_owned());
        }
        let inner = DecodeReaderBytesBuilder::new().strip_bom(true).build(file);
        Ok(Self { inner, breaks: 0, open_end: false })
    }

    /// The number of lines that were read so far; a last one without line end counts.
    #[must_use]
    pub fn lines(&self) -> u32 {
        u32::try_from(self.breaks + u64::from(self.open_end)).unwrap_or(u32::MAX)
    }
}

impl Read for Streamed {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.breaks += memchr::memchr_iter(b'\n', &buffer[..length]).count() as u64;
        if let Some(last) = buffer[..length].last() {
            self.open_end = *last != b'\n';
        }
        Ok(length)
    }
}
