//! Line: archive -> layer. Some entries of a compressed archive, which has no places to go to: one pass reads them all.

use std::collections::{BTreeMap, VecDeque};

use crate::layer::tar::{Sink, TarReader};
use crate::layer::{Entry, Fault, LayerReader, Spec, Unpacker, each};

/// How many bytes are unpacked at a time.
const PIECE: usize = 256 * 1024;

/// Reads the layers and blobs of a compressed archive as they go by.
pub struct Pass {
    file: Unpacker,
    reader: Option<TarReader>,
    readers: Readers,
    buffer: Vec<u8>,
}

/// The content of one entry of a compressed archive.
pub struct EntryStream {
    file: Unpacker,
    reader: Option<TarReader>,
    content: Content,
    buffer: Vec<u8>,
}

#[derive(Default)]
struct Readers {
    entries: u32,
    wanted: BTreeMap<u32, Spec>,
    now: Option<(u32, LayerReader)>,
    done: VecDeque<(u32, LayerReader)>,
}

#[derive(Default)]
struct Content {
    entries: u32,
    at: u32,
    within: bool,
    is_over: bool,
    bytes: Vec<u8>,
}

impl Pass {
    /// For the entries with these numbers, each with what is claimed about it; `file` is about the archive.
    #[must_use]
    pub fn new(file: Spec, wanted: Vec<(u32, Spec)>) -> Self {
        let file = Unpacker::new(&Spec { outer: true, ..file });
        let readers = Readers { wanted: wanted.into_iter().collect(), ..Readers::default() };
        Self { file, reader: Some(TarReader::new()), readers, buffer: vec![0; PIECE] }
    }

    /// Takes the next piece of the archive; true once nothing more is wanted of it.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        let Self { file, reader, readers, buffer } = self;
        feed(file, reader, readers, buffer, piece);
        self.reader.is_none() || self.readers.wanted.is_empty() && self.readers.now.is_none()
    }

    /// The next entry that was read to its end.
    pub fn take(&mut self) -> Option<(u32, LayerReader)> {
        self.readers.done.pop_front()
    }
}

impl EntryStream {
    /// For the entry with that number.
    #[must_use]
    pub fn new(file: Spec, at: u32) -> Self {
        let file = Unpacker::new(&Spec { outer: true, ..file });
        let content = Content { at, ..Content::default() };
        Self { file, reader: Some(TarReader::new()), content, buffer: vec![0; PIECE] }
    }

    /// Takes the next piece of the archive, and gives what of the entry's content is in it.
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        let Self { file, reader, content, buffer } = self;
        feed(file, reader, content, buffer, piece);
        std::mem::take(&mut self.content.bytes)
    }

    /// Whether the content is complete.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.content.is_over
    }
}

/// Unpacks a piece of the archive and reads its tar; after a fault there is no reader any more.
fn feed(file: &mut Unpacker, reader: &mut Option<TarReader>, sink: &mut impl Sink, buffer: &mut [u8], piece: &[u8]) {
    // The archive's own digest is known since it was opened.
    file.count(piece);
    each(file, piece, buffer, |bytes| {
        if reader.as_mut().is_some_and(|reader| reader.push(bytes, sink).is_err()) {
            *reader = None;
        }
    });
}

impl Sink for Readers {
    fn entry(&mut self, _entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
        let at = self.entries;
        self.entries += 1;
        self.now = self.wanted.remove(&at).map(|spec| (at, LayerReader::new(spec)));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if let Some((_, reader)) = &mut self.now {
            reader.push(bytes);
        }
    }

    fn end(&mut self) {
        self.done.extend(self.now.take());
    }
}

impl Sink for Content {
    fn entry(&mut self, _entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
        self.within = self.entries == self.at;
        self.entries += 1;
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if self.within {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn end(&mut self) {
        self.is_over |= self.within;
        self.within = false;
    }
}
