//! tar -> facts: what a table of contents states of an entry besides its name, as the tar has it.

use crate::digest::{Algorithm, Hasher};
use crate::layer::{Entry, EntryKind};

/// The length of a chunk of a file in eStargz, unless its maker was told another one (estargz, `defaultChunkSize`).
pub(super) const CHUNK_BYTES: u64 = 4 * 1024 * 1024;

/// A sha256, which is all that the tables use.
pub(super) type Hash = [u8; 32];

/// The facts of the entries of one tar, in its order: two hashes each, and one a chunk of the large files.
#[derive(Default)]
pub(in crate::layer) struct Facts {
    entries: Vec<Fact>,
    /// The hashes of the chunks of the files that have more than one, by the number of the entry.
    chunks: Vec<(usize, Vec<Hash>)>,
    content: Option<Content>,
}

/// The facts of one entry.
#[derive(Clone, Copy, Default)]
pub(super) struct Fact {
    pub(super) rights: Hash,
    /// The hash of its content; of a file with holes none.
    pub(super) content: Option<Hash>,
}

/// The content of the last entry, while it comes.
struct Content {
    whole: Hasher,
    chunk: Hasher,
    /// The number of bytes that the chunk still lacks.
    left: u64,
    chunks: Vec<Hash>,
    is_large: bool,
}

/// The mode, the owner, the numbers of a device and the extended attributes of an entry.
pub(super) struct Rights<'a> {
    pub(super) mode: u32,
    pub(super) uid: i64,
    pub(super) gid: i64,
    pub(super) device: (u64, u64),
    pub(super) attributes: Vec<(&'a [u8], &'a [u8])>,
}

impl Facts {
    pub(in crate::layer) fn begin(&mut self, entry: &Entry) {
        self.entries.push(Fact { rights: Rights::of(entry).hash(), content: None });
        let is_hashed = entry.kind == EntryKind::File && !entry.sparse;
        self.content = is_hashed.then(|| Content::new(entry.size > CHUNK_BYTES));
    }

    pub(in crate::layer) fn data(&mut self, bytes: &[u8]) {
        if let Some(content) = &mut self.content {
            content.update(bytes);
        }
    }

    pub(in crate::layer) fn end(&mut self) {
        let Some(content) = self.content.take() else { return };
        let number = self.entries.len().saturating_sub(1);
        let (whole, chunks) = content.finish();
        if let Some(fact) = self.entries.last_mut() {
            fact.content = whole;
        }
        if !chunks.is_empty() {
            self.chunks.push((number, chunks));
        }
    }

    pub(super) fn get(&self, number: usize) -> Option<Fact> {
        self.entries.get(number).copied()
    }

    /// The hashes of the chunks of a file that has more than one.
    pub(super) fn chunks(&self, number: usize) -> &[Hash] {
        let found = self.chunks.binary_search_by_key(&number, |(number, _)| *number).ok();
        found.and_then(|at| self.chunks.get(at)).map_or(&[], |(_, chunks)| chunks)
    }
}

impl Content {
    fn new(is_large: bool) -> Self {
        let hasher = || Hasher::new(Algorithm::Sha256);
        Self { whole: hasher(), chunk: hasher(), left: CHUNK_BYTES, chunks: Vec::new(), is_large }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        self.whole.update(bytes);
        while self.is_large && !bytes.is_empty() {
            let now = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
            let (piece, rest) = bytes.split_at(now);
            self.chunk.update(piece);
            (bytes, self.left) = (rest, self.left - now as u64);
            if self.left == 0 {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        let chunk = std::mem::replace(&mut self.chunk, Hasher::new(Algorithm::Sha256));
        self.chunks.extend(chunk.sha256());
        self.left = CHUNK_BYTES;
    }

    fn finish(mut self) -> (Option<Hash>, Vec<Hash>) {
        if self.is_large && self.left < CHUNK_BYTES {
            self.cut();
        }
        (self.whole.sha256(), self.chunks)
    }
}

impl<'a> Rights<'a> {
    fn of(entry: &'a Entry) -> Self {
        let empty = entry.empty_xattrs.iter().map(|name| (name.as_slice(), &[][..]));
        let attributes = entry.xattrs.iter().map(|(name, value)| (name.as_slice(), value.as_slice()));
        let attributes = empty.chain(attributes).collect();
        let device = entry.device.unwrap_or_default();
        Self { mode: entry.mode, uid: entry.uid, gid: entry.gid, device, attributes }
    }

    pub(super) fn hash(mut self) -> Hash {
        // Go keeps the last of two with one name.
        self.attributes.reverse();
        self.attributes.sort_by_key(|(name, _)| *name);
        self.attributes.dedup_by_key(|(name, _)| *name);
        let mut hasher = Hasher::new(Algorithm::Sha256);
        let Self { mode, uid, gid, device, .. } = self;
        hasher.update(format!("{:o} {uid} {gid} {} {}", mode & 0o7777, device.0, device.1).as_bytes());
        for part in self.attributes.iter().flat_map(|(name, value)| [name, value]) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.sha256().unwrap_or_default()
    }
}
