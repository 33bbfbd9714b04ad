//! Line: archive -> layer. Some entries of a compressed archive, which has no places to go to: one pass reads them all.

use std::collections::{BTreeMap, VecDeque};

use crate::layer::tar::{Sink, TarReader};
use crate::layer::{Entry, Fault, FileIndex, LayerReader, LayerVerdict, Spec, Unpacker, each};

/// How many bytes are unpacked at a time.
const PIECE: usize = 256 * 1024;

/// Reads the layers and blobs of a compressed archive as they go by.
pub struct Pass {
    file: Unpacker,
    reader: Option<TarReader>,
    readers: Readers,
    buffer: Vec<u8>,
}

/// What one entry came to.
pub struct Judged {
    /// Its number.
    pub entry: u32,
    /// The verdict over it as a layer.
    pub verdict: LayerVerdict,
    /// What is in it.
    pub index: FileIndex,
}

/// The contents of some entries of a compressed archive, in its order.
pub struct EntryStream {
    file: Unpacker,
    reader: Option<TarReader>,
    contents: Contents,
    buffer: Vec<u8>,
}

/// A part of the content of an entry, which has an end even where it has no bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of the entry.
    pub entry: u32,
    /// The next bytes of it.
    pub bytes: Vec<u8>,
    /// Whether there are no more.
    pub is_last: bool,
}

#[derive(Default)]
struct Readers {
    entries: u32,
    wanted: BTreeMap<u32, Spec>,
    now: Option<(u32, LayerReader)>,
    /// One piece of the file may hold thousands of small layers: of each only what was found out is left.
    done: VecDeque<Judged>,
}

#[derive(Default)]
struct Contents {
    entries: u32,
    /// The last first.
    wanted: Vec<u32>,
    now: Option<u32>,
    parts: VecDeque<Part>,
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
    pub fn take(&mut self) -> Option<Judged> {
        self.readers.done.pop_front()
    }
}

impl EntryStream {
    /// For the entries with these numbers.
    #[must_use]
    pub fn new(file: Spec, wanted: &[u32]) -> Self {
        let file = Unpacker::new(&Spec { outer: true, ..file });
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable_by(|one, other| other.cmp(one));
        let contents = Contents { wanted, ..Contents::default() };
        Self { file, reader: Some(TarReader::new()), contents, buffer: vec![0; PIECE] }
    }

    /// Takes the next piece of the archive.
    pub fn push(&mut self, piece: &[u8]) {
        self.file.push_unhashed(piece);
    }

    /// The next part of a wanted entry; none where more of the archive is needed. However far a piece unpacks, a part
    /// is small: nothing more is unpacked before it was taken.
    pub fn take(&mut self) -> Option<Part> {
        loop {
            let part = self.contents.parts.pop_front();
            if part.is_some() || self.is_over() {
                return part;
            }
            let made = self.file.take(&mut self.buffer);
            if made == 0 {
                return None;
            }
            let reader = self.reader.as_mut()?;
            if reader.push(&self.buffer[..made], &mut self.contents).is_err() {
                self.reader = None;
            }
        }
    }

    /// Whether there is nothing more to come.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let Contents { wanted, now, parts, .. } = &self.contents;
        parts.is_empty() && (self.reader.is_none() || wanted.is_empty() && now.is_none())
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
        let Some((entry, mut reader)) = self.now.take() else { return };
        if let Some(verdict) = reader.finish() {
            self.done.push_back(Judged { entry, verdict, index: reader.into_index() });
        }
    }
}

impl Sink for Contents {
    fn entry(&mut self, _entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
        let at = self.entries;
        self.entries += 1;
        self.now = self.wanted.pop_if(|next| *next == at);
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if let Some(entry) = self.now {
            self.parts.push_back(Part { entry, bytes: bytes.to_vec(), is_last: false });
        }
    }

    fn end(&mut self) {
        if let Some(entry) = self.now.take() {
            self.parts.push_back(Part { entry, bytes: Vec::new(), is_last: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tar of entries of these lengths.
    fn tar(lengths: &[usize]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for length in lengths {
            let mut block = [0_u8; 512];
            block[0] = b'f';
            block[124..136].copy_from_slice(format!("{length:011o}\0").as_bytes());
            block[148..156].copy_from_slice(b"        ");
            let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            bytes.extend_from_slice(&block);
            bytes.resize(bytes.len() + length.next_multiple_of(512), b'x');
        }
        bytes.resize(bytes.len() + 1024, 0);
        bytes
    }

    #[test]
    fn entries_come_one_after_the_other_in_small_parts() {
        let bytes = tar(&[700, 0, 3 * PIECE, 5]);
        for piece in [bytes.len(), 1000] {
            let mut stream = EntryStream::new(Spec::default(), &[3, 1, 2]);
            let mut found = Vec::new();
            for piece in bytes.chunks(piece) {
                stream.push(piece);
                while let Some(part) = stream.take() {
                    assert!(part.bytes.len() <= PIECE);
                    match found.last_mut() {
                        Some((entry, length, _)) if *entry == part.entry => *length += part.bytes.len(),
                        _ => found.push((part.entry, part.bytes.len(), part.is_last)),
                    }
                }
            }
            assert_eq!(
                found.iter().map(|(entry, length, _)| (*entry, *length)).collect::<Vec<_>>(),
                [(1, 0), (2, 3 * PIECE), (3, 5)]
            );
            assert!(stream.is_over());
        }
    }

    #[test]
    fn a_pass_keeps_of_each_layer_only_what_was_found_out() {
        let bytes = tar(&[5; 40]);
        let wanted = (0..40).filter(|at| at % 2 == 0).map(|at| (at, Spec { blob: true, ..Spec::default() })).collect();
        let mut pass = Pass::new(Spec::default(), wanted);
        assert!(pass.push(&bytes));
        let found: Vec<u32> = std::iter::from_fn(|| pass.take()).map(|judged| judged.entry).collect();
        assert_eq!(found, (0..40).step_by(2).collect::<Vec<_>>());
    }
}
