//! blob bytes -> file contents: several files of a layer in one pass, while the layer is read and proved again.

use std::collections::{BTreeSet, VecDeque};

use super::binaries;
use super::places::{self, Form};
use crate::layer::reader::Halves;
use crate::layer::tar::{Sink, TarReader};
use crate::layer::{Entry, EntryKind, Fault, FileIndex, LayerVerdict, Spec};
use crate::limits;

/// Reads a layer for the contents of some of its entries.
pub struct Picker {
    halves: Halves,
    reader: Option<TarReader>,
    picked: Picked,
}

struct Picked {
    wanted: BTreeSet<u32>,
    /// Programs, of which only what they say of themselves is kept.
    programs: BTreeSet<u32>,
    /// True if the paths alone say what may be wanted.
    guesses: bool,
    /// The bytes of guessed files that may still be kept.
    room: u64,
    /// The longest content that is kept, in bytes.
    most: usize,
    seen: u32,
    /// The entry that is being read, if it is wanted.
    open: Option<(u32, Vec<u8>)>,
    done: VecDeque<(u32, Vec<u8>)>,
}

impl Picker {
    /// For the entries with these numbers, none of which is longer than `most` bytes, and for what programs among them say
    /// of themselves.
    #[must_use]
    pub fn new(
        spec: Spec,
        wanted: impl IntoIterator<Item = u32>,
        programs: impl IntoIterator<Item = u32>,
        most: u32,
    ) -> Self {
        let picked = Picked {
            wanted: wanted.into_iter().collect(),
            programs: programs.into_iter().collect(),
            guesses: false,
            room: limits::PACKAGE_BYTES,
            most: usize::try_from(most).unwrap_or(usize::MAX),
            seen: 0,
            open: None,
            done: VecDeque::new(),
        };
        Self { halves: Halves::new(spec), reader: Some(TarReader::new()), picked }
    }

    /// For all that may be asked for, before the other layers are known: the layer is then read once, not twice.
    #[must_use]
    pub fn guessing(spec: Spec, most: u32) -> Self {
        let mut picker = Self::new(spec, [], [], most);
        picker.picked.guesses = true;
        picker
    }

    /// The entries so far.
    #[must_use]
    pub fn index(&self) -> &FileIndex {
        self.halves.index()
    }

    /// Takes the next piece of the blob.
    pub fn push(&mut self, piece: &[u8]) {
        let Self { halves, reader, picked } = self;
        halves.push(piece, &mut |bytes| {
            if reader.as_mut().is_some_and(|reader| reader.push(bytes, picked).is_err()) {
                *reader = None;
            }
        });
    }

    /// As [`crate::layer::Unpacker::decoded`].
    pub fn decoded(&mut self, encoding: &str) {
        self.halves.decoded(encoding);
    }

    /// As [`crate::layer::Unpacker::is_unending`].
    #[must_use]
    pub fn is_unending(&self) -> bool {
        self.halves.is_unending()
    }

    /// The next content that is complete, with the number of its entry.
    pub fn next_content(&mut self) -> Option<(u32, Vec<u8>)> {
        self.picked.done.pop_front()
    }

    /// That was the whole blob: the verdict over it; none if this was said before.
    pub fn finish(&mut self) -> Option<LayerVerdict> {
        self.halves.finish()
    }
}

impl Picked {
    fn guess(&mut self, number: u32, entry: &Entry) {
        match places::guessed(entry) {
            Some(Form::Program) => {
                self.programs.insert(number);
            }
            // A file without room is read by its number afterwards.
            Some(_) => {
                if let Some(left) = self.room.checked_sub(entry.size.max(1024)) {
                    self.room = left;
                    self.wanted.insert(number);
                }
            }
            None => {}
        }
    }
}

impl Sink for Picked {
    fn entry(&mut self, entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
        let number = self.seen;
        self.seen = self.seen.saturating_add(1);
        if self.guesses && entry.kind == EntryKind::File {
            self.guess(number, entry);
        }
        let is_program = self.programs.contains(&number);
        let most = if is_program { limits::PACKAGE_PROGRAM_BYTES } else { self.most as u64 };
        let is_kept = entry.kind == EntryKind::File && !entry.sparse && entry.size <= most;
        self.open = (is_kept && (is_program || self.wanted.contains(&number))).then(|| (number, Vec::new()));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if let Some((_, kept)) = &mut self.open {
            kept.extend_from_slice(bytes);
        }
    }

    fn end(&mut self) {
        let Some((number, content)) = self.open.take() else { return };
        let is_program = self.programs.contains(&number);
        self.done.push_back((number, if is_program { binaries::told(&content) } else { content }));
    }
}
