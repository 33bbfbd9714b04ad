//! tar bytes -> FileIndex: the second half of reading a layer: hashes the tar, lists it, keeps its table of contents.

use serde::{Deserialize, Serialize};

use super::files::{Refused, refused};
use super::tar::{Sink, TarReader};
use super::{Entry, EntryKind, Fault, FaultKind, FileIndex, Oddity, Spec, toc};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::limits;

/// Hashes a tar and lists it.
pub struct TarHasher {
    hasher: Hasher,
    hashes: bool,
    bytes: u64,
    reader: Option<TarReader>,
    list: List,
    fault: Option<Fault>,
    annotated: bool,
}

/// The findings of the second half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TarFacts {
    /// None if it was not asked for.
    pub(super) diff_id: Option<String>,
    pub(super) bytes: u64,
    pub(super) entries: u64,
    pub(super) file_bytes: u64,
    pub(super) fault: Option<Fault>,
    pub(super) oddities: Vec<Oddity>,
    /// The number of bytes other than zero behind the end of the tar.
    #[serde(default)]
    pub(super) trailing: u64,
    /// The entries in it that container engines refuse.
    #[serde(default)]
    pub(super) refused: Vec<Refused>,
    /// Why it was not looked for all that engines refuse.
    #[serde(default)]
    pub(super) unresolved: Option<String>,
    pub(super) stargz: Option<toc::Stargz>,
    /// The digest of the list of entries, if a table of contents elsewhere is to be held against it.
    pub(super) listing: Option<toc::Listing>,
}

/// The listener of the tar.
struct List {
    index: FileIndex,
    most: u64,
    file_bytes: u64,
    /// The content of eStargz's table of contents while it comes.
    toc: Option<Vec<u8>>,
    takes: bool,
    /// True if the last such table is longer than is read.
    is_long: bool,
    /// The facts that such a table states of the tar's entries; if an annotation vouches for it.
    facts: Option<toc::Facts>,
    /// True if the contents of files are hashed, too.
    contents: bool,
    /// The hash over the content of the last entry, while it comes.
    content: Option<Hasher>,
}

impl TarHasher {
    /// Before the first byte of the tar.
    #[must_use]
    pub fn new(spec: &Spec) -> Self {
        let algorithm = spec.diff_id().and_then(|digest| digest.algorithm());
        Self {
            hasher: Hasher::new(algorithm.unwrap_or(Algorithm::Sha256)),
            hashes: true,
            bytes: 0,
            reader: Some(TarReader::new()),
            list: List::new(spec),
            fault: None,
            annotated: toc::wanted(spec).is_some(),
        }
    }

    /// Takes the next piece of the tar. After a fault it is only hashed: a `DiffID` is of the bytes, tar or not.
    pub fn push(&mut self, piece: &[u8]) {
        if self.hashes {
            self.hasher.update(piece);
        }
        self.bytes += piece.len() as u64;
        if let Some(reader) = &mut self.reader
            && let Err(fault) = reader.push(piece, &mut self.list)
        {
            self.fault = Some(fault);
            self.reader = None;
        }
    }

    /// From here on the tar is listed and no more hashed: its digest is not wanted.
    pub(super) fn forgo(&mut self) {
        self.hashes = false;
    }

    /// The hash over all bytes so far, and how many these are.
    pub(super) fn state(&self) -> &Hasher {
        &self.hasher
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The entries so far.
    #[must_use]
    pub fn index(&self) -> &FileIndex {
        &self.list.index
    }

    /// The entries, and nothing else is kept.
    pub(super) fn into_index(self) -> FileIndex {
        self.list.index
    }

    /// That was the whole tar.
    #[must_use]
    pub fn finish(&mut self) -> TarFacts {
        let hasher = std::mem::replace(&mut self.hasher, Hasher::new(Algorithm::Sha256));
        self.facts_with(self.hashes.then(|| hasher.finish()))
    }

    /// The same for a tar that was not hashed here, and has this digest.
    pub(super) fn finish_hashed(&mut self, diff_id: Digest) -> TarFacts {
        self.facts_with(Some(diff_id))
    }

    fn facts_with(&mut self, diff_id: Option<Digest>) -> TarFacts {
        let end = self.reader.take().map(TarReader::finish);
        let (fault, oddities, trailing) = match end {
            Some(Ok(end)) => (None, end.oddities, end.trailing),
            Some(Err(fault)) => (Some(fault), Vec::new(), 0),
            None => (self.fault.take(), Vec::new(), 0),
        };
        let (refused, unresolved) = match refused(&self.list.index) {
            Ok(refused) => (refused, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let toc = self.list.toc.take();
        let List { index, facts, is_long, file_bytes, .. } = &self.list;
        let stargz = toc.map(|toc| toc::Stargz::of(&toc, index, facts.as_ref()));
        let stargz = if *is_long { Some(toc::Stargz::too_long()) } else { stargz };
        TarFacts {
            diff_id: diff_id.map(|digest| digest.to_string()),
            bytes: self.bytes,
            entries: index.len() as u64,
            file_bytes: *file_bytes,
            fault,
            oddities,
            trailing,
            refused,
            unresolved,
            stargz,
            listing: facts.as_ref().filter(|_| self.annotated).map(|facts| toc::Listing::of_tar(index, facts)),
        }
    }
}

impl List {
    fn new(spec: &Spec) -> Self {
        Self {
            index: FileIndex::new(),
            most: spec.limits.entries.unwrap_or(limits::LAYER_ENTRIES),
            file_bytes: 0,
            toc: None,
            takes: false,
            is_long: false,
            facts: toc::is_vouched(spec).then(toc::Facts::default),
            contents: spec.contents,
            content: None,
        }
    }
}

impl Sink for List {
    fn entry(&mut self, entry: &Entry, map: &[(u64, u64)]) -> Result<(), Fault> {
        let limit = |message: String| Fault::new(FaultKind::Limit, entry.header_at, message);
        if self.index.len() as u64 >= self.most {
            let most = self.most;
            return Err(limit(format!("the layer has more than {most} entries: a cap that can be raised (entries)")));
        }
        self.index.push(entry).map_err(|error| limit(error.to_string()))?;
        if entry.kind == EntryKind::File {
            self.file_bytes = self.file_bytes.saturating_add(entry.size);
        }
        let is_stargz = toc::is_stargz(entry);
        self.takes = is_stargz && entry.size <= limits::TOC_BYTES;
        if is_stargz {
            (self.toc, self.is_long) = (self.takes.then(Vec::new), !self.takes);
        }
        self.facts.iter_mut().for_each(|facts| facts.begin(entry));
        let is_hashed = self.contents && entry.kind == EntryKind::File;
        self.content = is_hashed.then(|| hasher_over(map));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if self.takes
            && let Some(toc) = &mut self.toc
        {
            toc.extend_from_slice(bytes);
        }
        if let Some(content) = &mut self.content {
            content.update(bytes);
        }
        self.facts.iter_mut().for_each(|facts| facts.data(bytes));
    }

    fn end(&mut self) {
        self.takes = false;
        self.facts.iter_mut().for_each(toc::Facts::end);
        if let Some(digest) = self.content.take().and_then(Hasher::sha256) {
            self.index.set_content(&digest);
        }
    }
}

/// The hash of a content; of a sparse file the places of its data count, and the holes are not hashed as zeros: there
/// may be terabytes of them.
fn hasher_over(map: &[(u64, u64)]) -> Hasher {
    let mut hasher = Hasher::new(Algorithm::Sha256);
    for (offset, length) in map {
        hasher.update(&offset.to_le_bytes());
        hasher.update(&length.to_le_bytes());
    }
    hasher
}

impl TarFacts {
    /// True if a cap ended it, so that a higher cap could find out more.
    pub(crate) fn is_capped(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Limit)
    }

    /// The digest computed over the tar, if it was.
    pub(super) fn diff_id(&self) -> Option<Digest> {
        self.diff_id.as_deref().and_then(|text| Digest::parse(text).ok())
    }
}
