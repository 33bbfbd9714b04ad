//! blob bytes -> Check: a small layer whose hashes the host computes, which is faster than this module can.
//!
//! Browsers and Node hash with the processor's own instructions, but only what is there as a whole. So a blob and its tar
//! that fit the bounds are kept, and the host hashes both. A host is not trusted to find a difference: its hashes count if
//! they are the digests that the documents name, and anything else is read again by [`super::LayerReader`].

use super::{FileIndex, LayerVerdict, Spec, TarHasher, Unpacker, verdict};
use crate::digest::{Algorithm, Reported};
use crate::limits;

/// The first size of the room for a tar, in bytes.
const FIRST_ROOM: usize = 64 * 1024;

/// Reads a layer without hashing it.
pub struct SmallReader {
    spec: Spec,
    unpacker: Option<Unpacker>,
    hasher: TarHasher,
    /// The room for the tar. It grows to one byte more than the bound: if that one is written, the tar is too long.
    tar: Vec<u8>,
    filled: usize,
}

impl SmallReader {
    /// True if a layer that is described so may be read so: its size is told and within the bound, both of its digests
    /// are named, and it is a tar that is unpacked.
    #[must_use]
    pub fn takes(spec: &Spec) -> bool {
        let fits = spec.size.is_some_and(|size| size <= limits::HOST_BLOB_BYTES as u64);
        fits && algorithms(spec).is_some() && !spec.is_only_hashed()
    }

    /// Before the first byte of the blob. `room` is the memory of an earlier one, or empty.
    #[must_use]
    pub fn new(spec: Spec, room: Vec<u8>) -> Self {
        let mut narrow = spec.clone();
        // A window beside the tar would be memory for nothing: a wider one is left to the other reader.
        narrow.limits.window_bytes = Some(spec.limits.window_bytes.unwrap_or(u64::MAX).min(limits::HOST_WINDOW_BYTES));
        let (unpacker, mut hasher) = (Some(Unpacker::new(&narrow)), TarHasher::new(&spec));
        hasher.forgo();
        Self { spec, unpacker, hasher, tar: room, filled: 0 }
    }

    /// Takes the next piece of the blob.
    pub fn push(&mut self, piece: &[u8]) {
        let Some(unpacker) = &mut self.unpacker else { return };
        unpacker.count(piece);
        let mut rest = piece;
        while !unpacker.is_stopped() {
            if self.filled == self.tar.len() {
                let length = (self.tar.len() * 4).clamp(FIRST_ROOM, limits::HOST_TAR_BYTES + 1);
                self.tar.resize(length, 0);
            }
            let (used, made) = unpacker.advance(rest, &mut self.tar[self.filled..]);
            rest = &rest[used..];
            if made == 0 {
                break;
            }
            self.hasher.push(&self.tar[self.filled..self.filled + made]);
            self.filled += made;
        }
    }

    /// True if the layer can no longer be read so: its tar is too long, or something is wrong with it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.filled > limits::HOST_TAR_BYTES || self.unpacker.as_ref().is_none_or(Unpacker::is_stopped)
    }

    /// The tar so far.
    #[must_use]
    pub fn tar(&self) -> &[u8] {
        &self.tar[..self.filled]
    }

    /// The algorithms of the blob's digest and of the tar's; none if these are not both named.
    #[must_use]
    pub fn algorithms(&self) -> Option<(Algorithm, Algorithm)> {
        algorithms(&self.spec)
    }

    /// The entries so far.
    #[must_use]
    pub fn index(&self) -> &FileIndex {
        self.hasher.index()
    }

    /// That was the whole blob, and the host reports these hashes of it and of its tar. None if one of them is not the
    /// digest that is named, or if anything else is wrong: then the layer is to be read again.
    pub fn finish(&mut self, blob: &Reported, tar: &Reported) -> Option<LayerVerdict> {
        if self.is_over() {
            return None;
        }
        let unpacked = self.unpacker.take()?.finish_hashed(blob.confirmed(&self.spec.digest()?)?);
        let tar_facts = self.hasher.finish_hashed(tar.confirmed(&self.spec.diff_id()?)?);
        (!unpacked.is_faulty()).then(|| verdict(&self.spec, &unpacked, &tar_facts))
    }

    /// Its memory, for the next one.
    #[must_use]
    pub fn into_room(self) -> Vec<u8> {
        self.tar
    }
}

fn algorithms(spec: &Spec) -> Option<(Algorithm, Algorithm)> {
    Some((spec.digest()?.algorithm()?, spec.diff_id()?.algorithm()?))
}
