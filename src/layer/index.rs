//! Line: Entry -> FileIndex. The entries of one layer in the order of its tar, kept small enough for a million of them.

use crate::error::{Error, ErrorKind};

use super::entry::{Entry, EntryKind};

/// Every entry of one layer, in the order of its tar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileIndex {
    entries: Vec<Entry>,
}

/// One entry, borrowed from its index; the fields are those of [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in Entry")]
pub struct EntryRef<'a> {
    pub kind: EntryKind,
    pub path: &'a [u8],
    pub link: &'a [u8],
    pub mode: u32,
    pub uid: u64,
    pub gid: u64,
    pub user: &'a [u8],
    pub group: &'a [u8],
    pub size: u64,
    pub stored: u64,
    pub mtime: i64,
    pub device: Option<(u64, u64)>,
    pub header_at: u64,
    pub data_at: u64,
    pub sparse: bool,
    /// Whether `security.capability` is among the extended attributes.
    pub capability: bool,
    /// Whether `trusted.overlay.opaque` or `user.overlay.opaque` is among them.
    pub overlay_opaque: bool,
}

impl FileIndex {
    /// An index of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next entry.
    ///
    /// # Errors
    /// `limit-exceeded` where the index has as many entries or as much text as it may.
    pub fn push(&mut self, entry: &Entry) -> Result<(), Error> {
        self.entries.push(entry.clone());
        Ok(())
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry at that place.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<EntryRef<'_>> {
        let entry = self.entries.get(at)?;
        Some(EntryRef {
            kind: entry.kind,
            path: &entry.path,
            link: &entry.link,
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            user: &entry.user,
            group: &entry.group,
            size: entry.size,
            stored: entry.stored,
            mtime: entry.mtime,
            device: entry.device,
            header_at: entry.header_at,
            data_at: entry.data_at,
            sparse: entry.sparse,
            capability: false,
            overlay_opaque: false,
        })
    }

    /// All entries in the order of the tar.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = EntryRef<'_>> {
        (0..self.len()).filter_map(|at| self.get(at)).collect::<Vec<_>>().into_iter()
    }

    /// The index as bytes, to hand to another worker or to keep.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        Vec::new()
    }

    /// The index from [`to_bytes`](Self::to_bytes); the bytes may be anything.
    ///
    /// # Errors
    /// `unsupported-input` where they are not such an index.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        Err(Error::new(ErrorKind::UnsupportedInput, "not an index of files"))
    }
}
