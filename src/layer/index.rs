//! Line: Entry -> FileIndex. The entries of one layer in the order of its tar, kept small enough for a million of them.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind};
use crate::limits;

use super::entry::{Entry, EntryKind};

/// What the bytes of an index begin with: the name and the version of its form.
const MAGIC: [u8; 8] = *b"STOWIDX1";

/// The lengths of one entry's and of one owner's fixed part.
const RECORD: usize = 64;
const OWNER: usize = 32;

const SPARSE: u16 = 1 << 12;
const CAPABILITY: u16 = 1 << 13;
const OPAQUE: u16 = 1 << 14;
const DEVICE: u16 = 1 << 15;

/// Every entry of one layer, in the order of its tar: a fixed record each, and one text for all names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileIndex {
    records: Vec<u8>,
    owners: Vec<u8>,
    text: Vec<u8>,
    known: BTreeMap<Owner, u32>,
    last: Option<(Owner, u32)>,
}

type Owner = (u64, u64, Vec<u8>, Vec<u8>);

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

    /// Adds the next entry. Numbers of devices are kept up to 2^32 - 1.
    ///
    /// # Errors
    /// `limit-exceeded` where the index has as much text as it may.
    pub fn push(&mut self, entry: &Entry) -> Result<(), Error> {
        let text = entry.path.len() + entry.link.len() + entry.user.len() + entry.group.len();
        if self.text.len() + text > limits::INDEX_TEXT_BYTES {
            let message = format!("the names of the layer have more than {} bytes together", limits::INDEX_TEXT_BYTES);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let owner = self.owner(entry);
        let (kind, other) = code(entry.kind);
        let has = |name: &[u8]| entry.xattrs.iter().any(|(key, _)| key == name);
        let opaque = has(b"trusted.overlay.opaque") || has(b"user.overlay.opaque");
        let flag = |set: bool, bit: u16| if set { bit } else { 0 };
        let bits = u16::try_from(entry.mode & 0o7777).unwrap_or_default()
            | flag(entry.sparse, SPARSE)
            | flag(has(b"security.capability"), CAPABILITY)
            | flag(opaque, OPAQUE)
            | flag(entry.device.is_some(), DEVICE);
        let (major, minor) = entry.device.unwrap_or_default();
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let before = self.records.len();
        self.records.extend_from_slice(&[kind, other]);
        self.records.extend_from_slice(&bits.to_le_bytes());
        for number in [self.text.len(), entry.path.len(), entry.link.len()] {
            self.records.extend_from_slice(&narrow(number as u64).to_le_bytes());
        }
        self.records.extend_from_slice(&owner.to_le_bytes());
        for number in [entry.size, entry.stored, entry.mtime.cast_unsigned(), entry.header_at] {
            self.records.extend_from_slice(&number.to_le_bytes());
        }
        for number in [entry.data_at.saturating_sub(entry.header_at), major, minor] {
            self.records.extend_from_slice(&narrow(number).to_le_bytes());
        }
        debug_assert_eq!(self.records.len() - before, RECORD);
        self.text.extend_from_slice(&entry.path);
        self.text.extend_from_slice(&entry.link);
        Ok(())
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len() / RECORD
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The entry at that place.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<EntryRef<'_>> {
        let from = at.checked_mul(RECORD)?;
        let record = self.records.get(from..from.checked_add(RECORD)?)?;
        let bits = u16::from_le_bytes([record[2], record[3]]);
        let [text_at, path, link] = [4, 8, 12].map(|at| u32_at(record, at) as usize);
        let owner = self.owners.get(u32_at(record, 16) as usize * OWNER..)?.get(..OWNER)?;
        let [user_at, user, group] = [16, 20, 24].map(|at| u32_at(owner, at) as usize);
        let header_at = u64_at(record, 44);
        let device = (u64::from(u32_at(record, 56)), u64::from(u32_at(record, 60)));
        Some(EntryRef {
            kind: kind(record[0], record[1])?,
            path: self.slice(text_at, path)?,
            link: self.slice(text_at + path, link)?,
            mode: u32::from(bits & 0o7777),
            uid: u64_at(owner, 0),
            gid: u64_at(owner, 8),
            user: self.slice(user_at, user)?,
            group: self.slice(user_at + user, group)?,
            size: u64_at(record, 20),
            stored: u64_at(record, 28),
            mtime: u64_at(record, 36).cast_signed(),
            device: (bits & DEVICE != 0).then_some(device),
            header_at,
            data_at: header_at.saturating_add(u64::from(u32_at(record, 52))),
            sparse: bits & SPARSE != 0,
            capability: bits & CAPABILITY != 0,
            overlay_opaque: bits & OPAQUE != 0,
        })
    }

    /// All entries in the order of the tar.
    pub fn iter(&self) -> impl Iterator<Item = EntryRef<'_>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// The first entries, at most so many, and no more of them than have names of a bearable length together.
    pub fn listed(&self, most: usize) -> impl Iterator<Item = EntryRef<'_>> {
        let mut room = most.saturating_mul(limits::LISTED_TEXT_BYTES).max(limits::LISTED_TEXT_LEAST);
        self.iter().take(most).take_while(move |entry| {
            let left = room.checked_sub(entry.path.len() + entry.link.len());
            room = left.unwrap_or(0);
            left.is_some()
        })
    }

    /// The index as bytes, to hand to another worker or to keep.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = [&self.records, &self.owners, &self.text];
        let mut bytes = Vec::with_capacity(20 + parts.iter().map(|part| part.len()).sum::<usize>());
        bytes.extend_from_slice(&MAGIC);
        for part in parts {
            bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or_default().to_le_bytes());
        }
        parts.into_iter().for_each(|part| bytes.extend_from_slice(part));
        bytes
    }

    /// The index from [`to_bytes`](Self::to_bytes); the bytes may be anything. More entries cannot be added to it.
    ///
    /// # Errors
    /// `unsupported-input` where they are not such an index.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Self::parts(bytes).ok_or_else(|| Error::new(ErrorKind::UnsupportedInput, "these bytes are no index of a layer"))
    }

    fn parts(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&MAGIC)?;
        let lengths = rest.split_off(..12)?;
        let mut part = |at: usize| rest.split_off(..u32_at(lengths, at) as usize).map(<[u8]>::to_vec);
        let (records, owners, text) = (part(0)?, part(4)?, part(8)?);
        let is_whole = rest.is_empty() && records.len() % RECORD == 0 && owners.len() % OWNER == 0;
        let found = Self { records, owners, text, ..Self::default() };
        (is_whole && (0..found.len()).all(|at| found.get(at).is_some())).then_some(found)
    }

    fn slice(&self, at: usize, length: usize) -> Option<&[u8]> {
        self.text.get(at..)?.get(..length)
    }

    /// The number of an entry's owner; each is kept once.
    fn owner(&mut self, entry: &Entry) -> u32 {
        if let Some((last, number)) = &self.last
            && (last.0, last.1, &last.2, &last.3) == (entry.uid, entry.gid, &entry.user, &entry.group)
        {
            return *number;
        }
        let owner = (entry.uid, entry.gid, entry.user.clone(), entry.group.clone());
        let number = self.known.get(&owner).copied().unwrap_or_else(|| self.new_owner(&owner));
        self.last = Some((owner, number));
        number
    }

    fn new_owner(&mut self, owner: &Owner) -> u32 {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
        let number = u32::try_from(self.owners.len() / OWNER).unwrap_or(u32::MAX);
        let (uid, gid, user, group) = owner;
        self.owners.extend_from_slice(&uid.to_le_bytes());
        self.owners.extend_from_slice(&gid.to_le_bytes());
        for length in [self.text.len(), user.len(), group.len(), 0] {
            self.owners.extend_from_slice(&narrow(length));
        }
        self.text.extend_from_slice(user);
        self.text.extend_from_slice(group);
        self.known.insert(owner.clone(), number);
        number
    }
}

fn code(kind: EntryKind) -> (u8, u8) {
    match kind {
        EntryKind::File => (0, 0),
        EntryKind::HardLink => (1, 0),
        EntryKind::Symlink => (2, 0),
        EntryKind::CharDevice => (3, 0),
        EntryKind::BlockDevice => (4, 0),
        EntryKind::Directory => (5, 0),
        EntryKind::Fifo => (6, 0),
        EntryKind::GlobalHeader => (7, 0),
        EntryKind::Other(flag) => (8, flag),
    }
}

fn kind(code: u8, flag: u8) -> Option<EntryKind> {
    Some(match code {
        0 => EntryKind::File,
        1 => EntryKind::HardLink,
        2 => EntryKind::Symlink,
        3 => EntryKind::CharDevice,
        4 => EntryKind::BlockDevice,
        5 => EntryKind::Directory,
        6 => EntryKind::Fifo,
        7 => EntryKind::GlobalHeader,
        8 => EntryKind::Other(flag),
        _ => return None,
    })
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some() -> Vec<Entry> {
        let mut file = Entry::new(EntryKind::File, "usr/bin/a");
        file.mode = 0o4755;
        file.uid = 1 << 40;
        file.user = b"root".to_vec();
        file.size = u64::MAX;
        file.mtime = -5;
        (file.header_at, file.data_at, file.sparse) = (1 << 50, (1 << 50) + 1536, true);
        file.xattrs = vec![(b"security.capability".to_vec(), b"x".to_vec())];
        let mut device = Entry::new(EntryKind::BlockDevice, "dev/sda");
        device.device = Some((8, 1));
        let mut link = Entry::new(EntryKind::Symlink, b"\xff\0".to_vec());
        link.link = b"../x".to_vec();
        vec![file.clone(), device, link, Entry::new(EntryKind::Other(b'Z'), ""), file]
    }

    #[test]
    fn an_index_keeps_what_it_is_given() {
        let mut index = FileIndex::new();
        some().iter().for_each(|entry| index.push(entry).unwrap());
        let read = FileIndex::from_bytes(&index.to_bytes()).unwrap();
        assert_eq!(read.len(), 5);
        for (entry, found) in some().iter().zip(read.iter()) {
            assert_eq!((entry.kind, &*entry.path, &*entry.link), (found.kind, found.path, found.link));
            assert_eq!((entry.mode, entry.uid, entry.gid), (found.mode, found.uid, found.gid));
            assert_eq!((&*entry.user, &*entry.group, entry.device), (found.user, found.group, found.device));
            assert_eq!((entry.size, entry.mtime, entry.sparse), (found.size, found.mtime, found.sparse));
            assert_eq!((entry.header_at, entry.data_at), (found.header_at, found.data_at));
            assert_eq!(found.capability, !entry.xattrs.is_empty());
        }
        assert_eq!(read.owners.len(), 2 * OWNER, "each owner once");
    }

    #[test]
    fn endless_names_are_not_listed_without_end() {
        let mut index = FileIndex::new();
        for _ in 0..12 {
            index.push(&Entry::new(EntryKind::File, vec![b'n'; 1 << 20])).unwrap();
        }
        index.push(&Entry::new(EntryKind::File, "short")).unwrap();
        assert_eq!(index.listed(100).count(), 8, "8 MiB of names");
        assert_eq!(index.listed(5).count(), 5);
        assert_eq!(index.listed(1 << 20).count(), 13);
    }

    #[test]
    fn what_is_no_index_is_refused() {
        let mut index = FileIndex::new();
        some().iter().for_each(|entry| index.push(entry).unwrap());
        let bytes = index.to_bytes();
        for cut in 0..bytes.len() {
            let error = FileIndex::from_bytes(&bytes[..cut]).unwrap_err();
            assert_eq!(error.to_string(), "these bytes are no index of a layer");
        }
        assert!(FileIndex::from_bytes(&[bytes, vec![0]].concat()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_index_or_refused(at in 0_usize..400, byte: u8, tail in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut index = FileIndex::new();
            some().iter().for_each(|entry| index.push(entry).unwrap());
            let mut bytes = index.to_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(index) = FileIndex::from_bytes(&bytes) {
                prop_assert_eq!(index.iter().count(), index.len());
            }
            let _any = FileIndex::from_bytes(&[MAGIC.to_vec(), tail].concat());
        }
    }
}
