//! archive -> layer. Some entries of a compressed archive, which has no places to go to: one pass reads them all.

use std::collections::{BTreeMap, VecDeque};

use crate::layer::tar::{Sink, TarReader};
use crate::layer::{Entry, Fault, FileIndex, LayerReader, LayerVerdict, Spec, Unpacker, each, unreadable};

/// The most bytes that are unpacked at a time.
const PIECE: usize = 256 * 1024;

/// Reads the layers and blobs of a compressed archive as they go by.
pub struct Pass {
    file: File,
    readers: Readers,
    buffer: Vec<u8>,
}

/// The archive around the entries: unpacked and read as far as that can be done.
struct File {
    unpacker: Unpacker,
    reader: TarReader,
    /// Why its tar goes no further.
    fault: Option<Fault>,
}

/// The outcome of one entry.
pub struct Judged {
    /// Its number.
    pub entry: u32,
    /// The verdict over it as a layer.
    pub verdict: LayerVerdict,
    /// Its contents.
    pub index: FileIndex,
}

/// The contents of some entries of a compressed archive, in its order.
pub struct EntryStream {
    file: File,
    contents: Contents,
    buffer: Vec<u8>,
}

/// A part of the content of an entry, which has an end even if it has no bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of the entry.
    pub entry: u32,
    /// The next bytes of it.
    pub bytes: Vec<u8>,
    /// True if there are no more.
    pub is_last: bool,
}

#[derive(Default)]
struct Readers {
    entries: u32,
    wanted: BTreeMap<u32, Spec>,
    now: Option<(u32, Spec, LayerReader)>,
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
        let readers = Readers { wanted: wanted.into_iter().collect(), ..Readers::default() };
        Self { file: File::new(file), readers, buffer: vec![0; PIECE] }
    }

    /// Takes the next piece of the archive; true once nothing more is wanted of it, or nothing more can be read.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        let Self { file: File { unpacker, reader, fault }, readers, buffer } = self;
        // The archive's own digest is known since it was opened.
        unpacker.count(piece);
        each(unpacker, piece, buffer, &mut |bytes| {
            if fault.is_none() {
                *fault = reader.push(bytes, readers).err();
            }
        });
        self.file.is_stopped() || self.readers.wanted.is_empty() && self.readers.now.is_none()
    }

    /// That was all of the archive that can be read: what it did not reach the end of could not be read, for this reason
    /// if there is one.
    pub fn finish(&mut self, reason: Option<&str>) {
        let reason = reason.map_or_else(|| self.file.reason(), str::to_owned);
        let Readers { wanted, now, done, .. } = &mut self.readers;
        let broken = now.take().map(|(entry, spec, _)| (entry, spec));
        for (entry, spec) in broken.into_iter().chain(std::mem::take(wanted)) {
            done.push_back(Judged { entry, verdict: unreadable(&spec, &reason), index: FileIndex::new() });
        }
    }

    /// The next entry that was read to its end, or never will be.
    pub fn take(&mut self) -> Option<Judged> {
        self.readers.done.pop_front()
    }
}

impl EntryStream {
    /// For the entries with these numbers.
    #[must_use]
    pub fn new(file: Spec, wanted: &[u32]) -> Self {
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable_by(|one, other| other.cmp(one));
        let contents = Contents { wanted, ..Contents::default() };
        Self { file: File::new(file), contents, buffer: vec![0; PIECE] }
    }

    /// Takes the next piece of the archive.
    pub fn push(&mut self, piece: &[u8]) {
        self.file.unpacker.push_unhashed(piece);
    }

    /// The next part of a wanted entry; none if more of the archive is needed. However far a piece unpacks, a part
    /// is small: nothing more is unpacked before it was taken.
    pub fn take(&mut self) -> Option<Part> {
        let File { unpacker, reader, fault } = &mut self.file;
        loop {
            let part = self.contents.parts.pop_front();
            if part.is_some() || fault.is_some() || self.contents.is_over() {
                return part;
            }
            let made = unpacker.take(&mut self.buffer);
            if made == 0 {
                return None;
            }
            *fault = reader.push(&self.buffer[..made], &mut self.contents).err();
        }
    }

    /// True if there is nothing more to come.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.contents.parts.is_empty() && (self.file.is_stopped() || self.contents.is_over())
    }

    /// Why the rest cannot be read, if that was all of the archive.
    pub fn reason(&mut self) -> String {
        self.file.reason()
    }
}

impl File {
    fn new(spec: Spec) -> Self {
        let unpacker = Unpacker::new(&Spec { outer: true, ..spec });
        Self { unpacker, reader: TarReader::new(), fault: None }
    }

    fn is_stopped(&self) -> bool {
        self.fault.is_some() || self.unpacker.is_stopped()
    }

    fn reason(&mut self) -> String {
        let why = match self.unpacker.end().or(self.fault.as_ref()) {
            Some(fault) => fault.message.as_str(),
            None => "it ends before",
        };
        format!("the archive could not be unpacked as far as the end of this entry: {why}")
    }
}

impl Sink for Readers {
    fn entry(&mut self, _entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
        let at = self.entries;
        self.entries += 1;
        self.now = self.wanted.remove(&at).map(|spec| (at, spec.clone(), LayerReader::new(spec)));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if let Some((_, _, reader)) = &mut self.now {
            reader.push(bytes);
        }
    }

    fn end(&mut self) {
        let Some((entry, _, mut reader)) = self.now.take() else { return };
        if let Some(verdict) = reader.finish() {
            self.done.push_back(Judged { entry, verdict, index: reader.into_index() });
        }
    }
}

impl Contents {
    fn is_over(&self) -> bool {
        self.wanted.is_empty() && self.now.is_none()
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

    #[test]
    fn what_a_pass_cannot_reach_says_why_and_nothing_is_read_after_a_fault() {
        let bytes = tar(&[5, 5, 5]);
        let wanted = || (0..3).map(|at| (at, Spec { blob: true, ..Spec::default() })).collect();
        let told = |pass: &mut Pass| -> Vec<(u32, bool, String)> {
            let told = |judged: Judged| {
                let message = judged.verdict.checks.first().map(|check| check.message.clone());
                (judged.entry, judged.verdict.read, message.unwrap_or_default())
            };
            std::iter::from_fn(|| pass.take()).map(told).collect()
        };
        let far = "the layer could not be read: the archive could not be unpacked as far as the end of this entry: ";
        let mut cut = Pass::new(Spec::default(), wanted());
        assert!(!cut.push(&bytes[..1024 + 512 + 3]));
        cut.finish(None);
        let found = told(&mut cut);
        assert_eq!(
            found.iter().map(|(at, read, _)| (*at, *read)).collect::<Vec<_>>(),
            [(0, true), (1, false), (2, false)]
        );
        assert_eq!(found[1].2, format!("{far}it ends before"));
        let mut bad = bytes.clone();
        bad[1024..1536].fill(b'x');
        let mut broken = Pass::new(Spec::default(), wanted());
        assert!(broken.push(&bad), "it goes no further");
        broken.finish(None);
        let found = told(&mut broken);
        assert!(found[1].2.starts_with(&format!("{far}bad header checksum at byte 1024")), "{}", found[1].2);
        let mut gone = Pass::new(Spec::default(), wanted());
        gone.finish(Some("it was removed"));
        assert_eq!(told(&mut gone)[2].2, "the layer could not be read: it was removed");
    }

    #[test]
    fn a_stream_of_entries_ends_at_a_fault_of_the_compression() {
        // A deflate block of a type that there is not.
        let bytes = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff][..], &[0xff; 100]].concat();
        let mut stream = EntryStream::new(Spec::default(), &[0]);
        stream.push(&bytes);
        assert_eq!(stream.take(), None);
        assert!(stream.is_over());
        assert!(stream.reason().contains("this entry: "), "{}", stream.reason());
        let mut pass = Pass::new(Spec::default(), vec![(0, Spec::default())]);
        assert!(pass.push(&bytes));
    }
}
