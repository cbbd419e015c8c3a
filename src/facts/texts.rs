//! The texts of one file, each stored once.

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// Index of a text in its file's [`Texts`]. Equal texts of one file have equal ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Text(pub u32);

/// Every name and literal of one file.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    /// The text behind an id.
    #[must_use]
    pub fn get(&self, text: Text) -> &str {
        let index = text.0 as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.bytes[start..self.ends[index] as usize]
    }

    /// How many different texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The id of a text, found by looking at all of them: for a handful of look-ups per file.
    #[must_use]
    pub fn find(&self, wanted: &str) -> Option<Text> {
        self.iter().find(|(_, text)| *text == wanted).map(|(id, _)| id)
    }

    /// Every text with its id.
    pub fn iter(&self) -> impl Iterator<Item = (Text, &str)> {
        let mut start = 0;
        self.ends.iter().enumerate().map(move |(index, end)| {
            let text = &self.bytes[start..*end as usize];
            start = *end as usize;
            (Text(u32::try_from(index).expect("a file has fewer than 2^32 texts")), text)
        })
    }
}

/// Collects texts while a file is walked.
#[derive(Default)]
pub struct TextsBuilder {
    texts: Texts,
    known: HashTable<Text>,
}

impl TextsBuilder {
    /// The id of a text, new or known.
    pub fn intern(&mut self, text: &str) -> Text {
        let hasher = FxBuildHasher;
        let hash = hasher.hash_one(text);
        if let Some(found) = self.known.find(hash, |id| self.texts.get(*id) == text) {
            return *found;
        }
        let id = Text(u32::try_from(self.texts.ends.len()).expect("a file has fewer than 2^32 texts"));
        self.texts.bytes.push_str(text);
        self.texts.ends.push(u32::try_from(self.texts.bytes.len()).expect("a source file is smaller than 4 GiB"));
        let texts = &self.texts;
        self.known.insert_unique(hash, id, |known| hasher.hash_one(texts.get(*known)));
        id
    }

    /// The text behind an id.
    #[must_use]
    pub fn get(&self, text: Text) -> &str {
        self.texts.get(text)
    }

    /// Ends the collection.
    #[must_use]
    pub fn finish(mut self) -> Texts {
        self.texts.bytes.shrink_to_fit();
        self.texts.ends.shrink_to_fit();
        self.texts
    }
}
