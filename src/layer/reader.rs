//! blob bytes -> Check: both halves of reading a layer in one thread.

use super::{FileIndex, LayerVerdict, Spec, TarFacts, TarHasher, Unpacked, Unpacker, verdict};

/// The most tar bytes that are made at a time: larger pieces fall out of the processor's cache.
const PIECE: usize = 256 * 1024;

/// Hears bytes of a tar. One type for all listeners: each is asked once for a buffer.
pub(crate) type Listen<'a> = &'a mut dyn FnMut(&[u8]);

/// Reads a layer in one streaming pass.
pub struct LayerReader {
    halves: Halves,
}

/// The first half and the second, one after the other for each piece.
pub(super) struct Halves {
    spec: Spec,
    unpacker: Option<Unpacker>,
    hasher: TarHasher,
    buffer: Vec<u8>,
    /// True if the second half hashes for the first: a blob that is not compressed is its own tar.
    shares: bool,
}

impl LayerReader {
    /// Before the first byte of the blob that this describes.
    #[must_use]
    pub fn new(spec: Spec) -> Self {
        Self { halves: Halves::new(spec) }
    }

    /// Takes the next piece of the blob. Never fails: what is wrong is in the verdict.
    pub fn push(&mut self, piece: &[u8]) {
        self.push_with(piece, &mut |_| {});
    }

    /// The same, and who listens hears the tar's bytes too.
    pub(crate) fn push_with(&mut self, piece: &[u8], listen: Listen<'_>) {
        self.halves.push(piece, listen);
    }

    /// Takes the next piece of the tar, if the caller unpacks the blob.
    pub(crate) fn push_tar(&mut self, piece: &[u8], listen: Listen<'_>) {
        self.halves.hasher.push(piece);
        listen(piece);
    }

    /// True if the tar is not the blob itself.
    pub(crate) fn is_packed(&self) -> bool {
        self.halves.is_packed()
    }

    /// From here on the tar is not hashed, if it is not the blob itself.
    pub(crate) fn forgo(&mut self) {
        if self.is_packed() {
            self.halves.hasher.forgo();
        }
    }

    /// The number of tar bytes that have come out.
    #[must_use]
    pub fn unpacked(&self) -> u64 {
        self.halves.unpacker.as_ref().map_or(0, Unpacker::unpacked)
    }

    /// As [`Unpacker::decoded`].
    pub fn decoded(&mut self, encoding: &str) {
        self.halves.decoded(encoding);
    }

    /// As [`Unpacker::is_unending`].
    #[must_use]
    pub fn is_unending(&self) -> bool {
        self.halves.is_unending()
    }

    /// The entries so far.
    #[must_use]
    pub fn index(&self) -> &FileIndex {
        self.halves.index()
    }

    /// The entries, and nothing else is kept.
    #[must_use]
    pub fn into_index(self) -> FileIndex {
        self.halves.hasher.into_index()
    }

    /// That was the whole blob; none if this was said before.
    pub fn finish(&mut self) -> Option<LayerVerdict> {
        self.halves.finish()
    }

    /// The same, and nothing is held against what was claimed.
    pub(crate) fn proof(&mut self) -> Option<(Unpacked, TarFacts)> {
        self.halves.proof()
    }

    /// That was the whole tar; `unpacked` is what the caller found out while unpacking the blob.
    pub(crate) fn finish_with(&mut self, unpacked: &Unpacked) -> LayerVerdict {
        verdict(&self.halves.spec, unpacked, &self.halves.hasher.finish())
    }
}

impl Halves {
    pub(super) fn new(spec: Spec) -> Self {
        let (unpacker, hasher) = (Some(Unpacker::new(&spec)), TarHasher::new(&spec));
        Self { spec, unpacker, hasher, buffer: vec![0; PIECE], shares: false }
    }

    pub(super) fn push(&mut self, piece: &[u8], listen: Listen<'_>) {
        let Self { unpacker, hasher, buffer, shares, .. } = self;
        let Some(unpacker) = unpacker else { return };
        if unpacker.only_hashes() {
            return unpacker.hash(piece);
        }
        *shares |= unpacker.is_bare() && unpacker.is_hashed_by(hasher.state(), hasher.bytes());
        if *shares {
            unpacker.count(piece);
        } else {
            unpacker.hash(piece);
        }
        let rest = each(unpacker, piece, buffer, &mut |bytes| {
            hasher.push(bytes);
            listen(bytes);
        });
        if *shares && unpacker.is_stopped() {
            unpacker.go_on(hasher.state().clone(), rest);
            *shares = false;
        }
    }

    pub(super) fn decoded(&mut self, encoding: &str) {
        self.unpacker.iter_mut().for_each(|half| half.decoded(encoding));
    }

    pub(super) fn is_unending(&self) -> bool {
        self.unpacker.as_ref().is_some_and(Unpacker::is_unending)
    }

    /// True if nothing more is unpacked, since something is wrong or a cap is reached.
    pub(super) fn is_stopped(&self) -> bool {
        self.unpacker.as_ref().is_some_and(|unpacker| unpacker.only_hashes() || unpacker.is_stopped())
    }

    pub(super) fn index(&self) -> &FileIndex {
        self.hasher.index()
    }

    fn is_packed(&self) -> bool {
        !self.shares && !self.unpacker.as_ref().is_some_and(Unpacker::is_bare)
    }

    pub(super) fn finish(&mut self) -> Option<LayerVerdict> {
        let (unpacked, tar_facts) = self.proof()?;
        Some(verdict(&self.spec, &unpacked, &tar_facts))
    }

    fn proof(&mut self) -> Option<(Unpacked, TarFacts)> {
        let mut unpacker = self.unpacker.take()?;
        if self.shares {
            unpacker.go_on(self.hasher.state().clone(), &[]);
        }
        Some((unpacker.finish(), self.hasher.finish()))
    }
}

/// Hands on what a piece of a blob unpacks to, a buffer at a time; what is left of it comes after a fault.
pub(crate) fn each<'a>(unpacker: &mut Unpacker, piece: &'a [u8], buffer: &mut [u8], take: Listen<'_>) -> &'a [u8] {
    let mut rest = piece;
    while !unpacker.is_stopped() {
        let (used, made) = unpacker.advance(rest, buffer);
        rest = &rest[used..];
        if made == 0 {
            break;
        }
        take(&buffer[..made]);
    }
    rest
}
