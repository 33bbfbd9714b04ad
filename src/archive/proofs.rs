//! archive -> layer. Entries of a compressed archive that are hashed while it is opened, independent of the claims about them.
//!
//! A compressed archive has no random access: it would be unpacked once to be listed and once more to be verified. Here each layer
//! is read as it goes by, and what was found out waits until the documents, which may come last, say what it should be.

use std::collections::VecDeque;

use crate::layer::{Caps, Entry, FileIndex, LayerReader, Spec, TarFacts, Unpacked, compression};
use crate::limits;
use crate::media_type::Compression;

use super::stream::begins;

/// The number of first bytes of an entry that tell its compression.
const HEAD: usize = 10;

/// As many digits as a sha256 has.
const DIGITS: usize = 64;

/// The findings about one entry.
pub struct Proof {
    /// Its number.
    pub entry: u32,
    /// The results of both halves of reading it as a layer.
    pub halves: (Unpacked, TarFacts),
    /// Its contents.
    pub index: FileIndex,
}

/// Hashes the entries of what looks like an archive of images.
pub(super) struct Prover {
    looks: Option<bool>,
    caps: Caps,
    room: Room,
    next: Option<(u32, u64)>,
    now: Option<(u32, LayerReader)>,
    done: VecDeque<Proof>,
}

/// The room that is left.
struct Room {
    layers: u32,
    /// Of the layers.
    entries: u64,
    /// Bytes of compressed layers.
    packed: u64,
}

impl Prover {
    /// `file` is about the archive: of a large one no layers are unpacked unasked.
    pub(super) fn new(file: &Spec) -> Self {
        let most = limits::PROVED_PACKED_BYTES;
        let packed = file.size.filter(|size| *size <= most).map_or(0, |_| most);
        let room = Room { layers: limits::PROVED_LAYERS, entries: limits::PROVED_ENTRIES, packed };
        Self { looks: None, caps: file.limits.clone(), room, next: None, now: None, done: VecDeque::new() }
    }

    /// True if the archive looks like one of images; none before its first file.
    pub(super) fn looks(&self) -> Option<bool> {
        self.looks
    }

    /// The next proof.
    pub(super) fn take(&mut self) -> Option<Proof> {
        self.done.pop_front()
    }

    /// Before the content of a file.
    pub(super) fn begin(&mut self, at: u32, entry: &Entry) {
        let looks = *self.looks.get_or_insert_with(|| is_named(&entry.path));
        self.next = looks.then_some((at, entry.stored));
    }

    /// The next bytes of it.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if let Some((at, size)) = self.next.take() {
            self.now = self.reader(size, bytes).map(|reader| (at, reader));
        }
        if let Some((_, reader)) = &mut self.now {
            reader.push(bytes);
        }
    }

    /// After the content.
    pub(super) fn end(&mut self) {
        self.next = None;
        let Some((entry, mut reader)) = self.now.take() else { return };
        // A layer that a cap ended is read again when it is asked for, and says so then.
        let Some(halves) = reader.proof().filter(|(blob, tar)| !blob.is_capped() && !tar.is_capped()) else { return };
        let index = reader.into_index();
        self.room.entries = self.room.entries.saturating_sub(index.len() as u64);
        self.done.push_back(Proof { entry, halves, index });
    }

    /// None if the entry is no layer, or there is no room for it.
    fn reader(&mut self, size: u64, head: &[u8]) -> Option<LayerReader> {
        let is_packed = compression(head)? != Compression::None;
        if head.len() < HEAD || begins(head) != Some(false) || is_packed && size > self.room.packed {
            return None;
        }
        self.room.layers = self.room.layers.checked_sub(1)?;
        if is_packed {
            self.room.packed -= size;
        }
        let most = self.caps.entries.unwrap_or(limits::LAYER_ENTRIES).min(self.room.entries);
        let caps = Caps { entries: Some(most), ..self.caps.clone() };
        Some(LayerReader::new(Spec { size: Some(size), limits: caps, ..Spec::default() }))
    }
}

/// True if the name is one that image archives use: a digest, or one of the names that stand beside these.
/// A file that looks so and is none is read once more.
fn is_named(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').any(|part| {
        matches!(part, b"oci-layout" | b"index.json" | b"manifest.json" | b"repositories")
            || part.split(|byte| !byte.is_ascii_hexdigit()).any(|digits| digits.len() == DIGITS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_of_images_are_known_by_their_names() {
        let hex = "0f".repeat(32);
        for path in [
            "oci-layout".to_owned(),
            "./index.json".to_owned(),
            format!("blobs/sha256/{hex}"),
            format!("{hex}.tar"),
            format!("{hex}/layer.tar"),
            format!("sha256:{hex}"),
        ] {
            assert!(is_named(path.as_bytes()), "{path}");
        }
        for path in ["etc/passwd", "blobs", "usr/lib/manifest.json5", &hex[1..], &format!("{hex}0")] {
            assert!(!is_named(path.as_bytes()), "{path}");
        }
    }
}
