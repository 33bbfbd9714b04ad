//! drop -> archive. A file read once from its start: hashed, decompressed, listed, its small documents kept.

use crate::layer::tar::{Sink, TarReader};
use crate::layer::{Entry, EntryKind, Fault, FileIndex, LayerReader, LayerVerdict, Spec, Unpacked};
use crate::limits;

use super::proofs::{Proof, Prover};

/// The number of first bytes of every entry that are kept: enough to know its compression, and a tar by its first
/// header.
const HEAD: usize = 512;

/// The most such beginnings that are kept.
const HEADS: usize = 100_000;

/// Entries up to this size are always kept: `VERSION`, `oci-layout` and the like.
const SMALL: u64 = 4096;

/// Reads a file that is an archive, a layer, or a document, compressed or not: which one comes out.
pub struct Opener {
    layer: LayerReader,
    ear: Ear,
}

/// The listener of the tar.
struct Ear {
    reader: Option<TarReader>,
    keeper: Keeper,
    /// The decompressed bytes, if they begin as JSON does.
    text: Vec<u8>,
    is_text: Option<bool>,
}

/// Keeps the small documents of a tar.
#[derive(Default)]
struct Keeper {
    entries: u32,
    takes: Option<(u64, Vec<u8>)>,
    kept: Vec<(u32, Vec<u8>)>,
    bytes: usize,
    prover: Option<Prover>,
    /// True if there was no room for all entries that would be kept.
    is_full: bool,
}

impl Opener {
    /// Before the first byte of the file. `proves`: if it is compressed and looks like an archive of images, its
    /// entries are hashed as they go by, and not all of its tar.
    #[must_use]
    pub fn new(spec: Spec, proves: bool) -> Self {
        let keeper = Keeper { prover: proves.then(|| Prover::new(&spec)), ..Keeper::default() };
        let ear = Ear { reader: Some(TarReader::new()), keeper, text: Vec::new(), is_text: None };
        Self { layer: LayerReader::new(Spec { outer: true, ..spec }), ear }
    }

    /// Takes the next piece of the file.
    pub fn push(&mut self, piece: &[u8]) {
        let Self { layer, ear } = self;
        layer.push_with(piece, &mut |bytes| ear.hear(bytes));
        self.choose();
    }

    /// Takes the next piece of the decompressed file, if the caller decompresses it.
    pub fn push_tar(&mut self, piece: &[u8]) {
        let Self { layer, ear } = self;
        layer.push_tar(piece, &mut |bytes| ear.hear(bytes));
        self.choose();
    }

    /// Once it is known what the file looks like, either its entries are hashed or its tar.
    fn choose(&mut self) {
        let prover = &mut self.ear.keeper.prover;
        match prover.as_ref().and_then(Prover::looks) {
            Some(true) if self.layer.is_packed() => self.layer.forgo(),
            Some(_) => *prover = None,
            None => {}
        }
    }

    /// True if entries are hashed, and the tar around them is not.
    #[must_use]
    pub fn proves(&self) -> bool {
        self.ear.keeper.prover.as_ref().and_then(Prover::looks) == Some(true)
    }

    /// The next entry that was hashed.
    pub fn take(&mut self) -> Option<Proof> {
        self.ear.keeper.prover.as_mut()?.take()
    }

    /// Bytes of the tar so far.
    #[must_use]
    pub fn unpacked(&self) -> u64 {
        self.layer.unpacked()
    }

    /// The entries so far.
    #[must_use]
    pub fn index(&self) -> &FileIndex {
        self.layer.index()
    }

    /// The contents that were kept, with the numbers of their entries.
    #[must_use]
    pub fn kept(&self) -> &[(u32, Vec<u8>)] {
        &self.ear.keeper.kept
    }

    /// True if more entries were to be kept than there is room for, so that needed ones have to be read again.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.ear.keeper.is_full
    }

    /// The decompressed file, if it begins as JSON does and is not longer than a document may be.
    #[must_use]
    pub fn text(&self) -> Option<&[u8]> {
        (self.ear.is_text == Some(true)).then_some(&*self.ear.text)
    }

    /// That was the whole file; none if this was said before.
    pub fn finish(&mut self) -> Option<LayerVerdict> {
        self.layer.finish()
    }

    /// The same, as the caller found out while decompressing.
    pub fn finish_with(&mut self, unpacked: &Unpacked) -> LayerVerdict {
        self.layer.finish_with(unpacked)
    }
}

impl Ear {
    fn hear(&mut self, bytes: &[u8]) {
        let Self { reader, keeper, text, is_text } = self;
        keep_text(text, is_text, bytes);
        if reader.as_mut().is_some_and(|reader| reader.push(bytes, keeper).is_err()) {
            *reader = None;
        }
    }
}

fn keep_text(text: &mut Vec<u8>, is_text: &mut Option<bool>, bytes: &[u8]) {
    if is_text.is_none() {
        *is_text = begins(bytes);
    }
    if *is_text == Some(true) {
        if text.len() + bytes.len() > limits::CONFIG_BYTES {
            (*is_text, *text) = (Some(false), Vec::new());
        } else {
            text.extend_from_slice(bytes);
        }
    }
}

/// True if bytes begin as JSON does; none if there is only white space so far.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().first().map(|first| matches!(first, b'{' | b'['))
}

impl Sink for Keeper {
    fn entry(&mut self, entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
        let is_file = entry.kind == EntryKind::File && !entry.sparse && entry.stored > 0;
        if let Some(prover) = self.prover.as_mut().filter(|_| is_file) {
            prover.begin(self.entries, entry);
        }
        self.entries += 1;
        self.is_full |= is_file && self.kept.len() >= HEADS;
        self.takes = (is_file && self.kept.len() < HEADS).then(|| (entry.stored, Vec::new()));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if let Some(prover) = &mut self.prover {
            prover.push(bytes);
        }
        let Some((stored, kept)) = &mut self.takes else { return };
        let is_document =
            *stored <= limits::CONFIG_BYTES as u64 && begins(if kept.is_empty() { bytes } else { kept }) != Some(false);
        let whole = is_document || *stored <= SMALL;
        let room = limits::SESSION_BYTES.saturating_sub(self.bytes);
        let wanted = if whole { bytes.len() } else { HEAD.saturating_sub(kept.len()).min(bytes.len()) };
        let taken = wanted.min(room);
        self.is_full |= taken < wanted;
        kept.extend_from_slice(&bytes[..taken]);
        self.bytes += taken;
    }

    fn end(&mut self) {
        if let Some(prover) = &mut self.prover {
            prover.end();
        }
        if let Some((_, kept)) = self.takes.take()
            && let Some(entry) = self.entries.checked_sub(1)
        {
            self.kept.push((entry, kept));
        }
    }
}
