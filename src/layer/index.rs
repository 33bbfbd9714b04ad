//! The entries of one layer in the order of its tar, kept small enough for a million of them.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind};
use crate::limits;

use super::acl;
use super::entry::{Entry, EntryKind, owner as owner_of};
use super::xattrs::{self, Xattrs};

/// The first bytes of an index: the name and the version of its form. The last byte is even if the index has no digests of
/// contents, and odd if it has: www/engine/layers/memory.js reads it.
const MAGIC: [u8; 8] = *b"STOWIDX4";

/// The same for an index that has the digests of contents, too.
const MAGIC_WITH_CONTENTS: [u8; 8] = *b"STOWIDX5";

/// The length of a content's digest: sha256.
const CONTENT: usize = 32;

/// The lengths of one entry's and of one owner's fixed part.
const RECORD: usize = 64;
const OWNER: usize = 32;

/// The longest value of `security.capability` that is kept, in bytes: the kernel knows none of more than 24.
const CAPABILITY_BYTES: usize = 64;

/// The byte of an entry's kind: the kind in the low four bits, two flags, and what engines do with its attributes.
const KIND: u8 = 0x0f;
const COVERS: u8 = 1 << 4;
const ACL: u8 = 1 << 5;
const XATTRS: u32 = 6;

const SPARSE: u16 = 1 << 12;
const CAPABILITY: u16 = 1 << 13;
const OVERLAY: u16 = 1 << 14;
const DEVICE: u16 = 1 << 15;

/// Every entry of one layer, in the order of its tar: a fixed record each, and one text for all names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileIndex {
    records: Vec<u8>,
    owners: Vec<u8>,
    text: Vec<u8>,
    /// The sha256 of each entry's content, zeros if there is none; empty if contents were not hashed.
    contents: Vec<u8>,
    known: BTreeMap<Owner, u32>,
    last: Option<(Owner, u32)>,
}

type Owner = (i64, i64, Vec<u8>, Vec<u8>);

/// The bits of a device's numbers that Linux keeps.
const MAJOR: u32 = 0xfff;
const MINOR: u32 = 0xf_ffff;

/// One entry, borrowed from its index; the fields are those of [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in Entry")]
pub struct EntryRef<'a> {
    pub kind: EntryKind,
    pub flag: u8,
    pub path: &'a [u8],
    pub link: &'a [u8],
    /// The path that a hard link names, if kind and link are those of its target, which is no regular file; else empty.
    pub hard_link: &'a [u8],
    pub mode: u32,
    /// The owner that engines set; `written` is what the archive says.
    pub uid: u64,
    pub gid: u64,
    pub written: (i64, i64),
    pub user: &'a [u8],
    pub group: &'a [u8],
    pub size: u64,
    pub stored: u64,
    pub mtime: i64,
    pub device: Option<(u64, u64)>,
    pub header_at: u64,
    pub data_at: u64,
    pub sparse: bool,
    /// The value of `security.capability`, cut if it is longer than any that the kernel knows.
    pub capability: Option<&'a [u8]>,
    /// True if overlay file systems act on any of its attributes (`trusted.overlay.*`, `user.overlay.*`).
    pub overlay: bool,
    /// True if the directory hides what lower layers have in it, in overlay file systems (`trusted.overlay.opaque`).
    pub covers: bool,
    /// Its access control lists in the words of `getfacl`; of a device they are empty.
    pub acl: Option<&'a [u8]>,
    /// The reaction of engines to its attributes.
    pub xattrs: Xattrs,
    /// The sha256 of a file's content; none if contents were not hashed.
    pub content: Option<&'a [u8; CONTENT]>,
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
    /// `limit-exceeded` if the index has as much text as it may.
    pub fn push(&mut self, entry: &Entry) -> Result<(), Error> {
        let capability = entry.capability().map(|value| &value[..value.len().min(CAPABILITY_BYTES)]);
        let capability = capability.filter(|_| entry.device.is_none());
        let acl = acl::text(entry);
        let acl_kept = acl.as_deref().filter(|_| entry.device.is_none()).unwrap_or_default();
        let text = entry.path.len()
            + entry.link.len()
            + entry.user.len()
            + entry.group.len()
            + capability.map_or(0, <[u8]>::len)
            + acl_kept.len();
        if self.text.len() + text > limits::INDEX_TEXT_BYTES {
            let message = format!("the names of the layer have more than {} bytes together", limits::INDEX_TEXT_BYTES);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let owner = self.owner(entry);
        let (mut kind, flag_byte) = code(entry);
        kind |= if xattrs::is_cover(entry) { COVERS } else { 0 } | if acl.is_some() { ACL } else { 0 };
        let flag = |set: bool, bit: u16| if set { bit } else { 0 };
        let bits = u16::try_from(entry.mode & 0o7777).unwrap_or_default()
            | flag(entry.sparse, SPARSE)
            | flag(capability.is_some(), CAPABILITY)
            | flag(xattrs::is_overlay(entry), OVERLAY)
            | flag(entry.device.is_some(), DEVICE);
        // The place of a device's numbers holds the lengths of a file's capabilities and of its access control lists.
        let lengths = (capability.map_or(0, <[u8]>::len) as u64, acl_kept.len() as u64);
        let (major, minor) = entry.device.unwrap_or(lengths);
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        // Of a number beyond 32 bits the low ones count.
        let low = |number: u64| u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
        let before = self.records.len();
        self.records.extend_from_slice(&[kind | Xattrs::of(entry).code() << XATTRS, flag_byte]);
        self.records.extend_from_slice(&bits.to_le_bytes());
        for number in [self.text.len(), entry.path.len(), entry.link.len()] {
            self.records.extend_from_slice(&narrow(number as u64).to_le_bytes());
        }
        self.records.extend_from_slice(&owner.to_le_bytes());
        for number in [entry.size, entry.stored, entry.mtime.cast_unsigned(), entry.header_at] {
            self.records.extend_from_slice(&number.to_le_bytes());
        }
        let header = narrow(entry.data_at.saturating_sub(entry.header_at));
        for number in [header, low(major), low(minor)] {
            self.records.extend_from_slice(&number.to_le_bytes());
        }
        debug_assert_eq!(self.records.len() - before, RECORD);
        self.text.extend_from_slice(&entry.path);
        self.text.extend_from_slice(&entry.link);
        self.text.extend_from_slice(capability.unwrap_or_default());
        self.text.extend_from_slice(acl_kept);
        Ok(())
    }

    /// Says what the content of the last entry is. An index has the digests of all files' contents, or of none.
    pub(crate) fn set_content(&mut self, digest: &[u8; CONTENT]) {
        self.contents.resize(self.len().saturating_sub(1) * CONTENT, 0);
        self.contents.extend_from_slice(digest);
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len() / RECORD
    }

    /// True if there are none.
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
        let device = (u64::from(u32_at(record, 56) & MAJOR), u64::from(u32_at(record, 60) & MINOR));
        let written = (u64_at(owner, 0).cast_signed(), u64_at(owner, 8).cast_signed());
        let has = |bit| bits & bit != 0;
        let length = |at: usize| if has(DEVICE) { 0 } else { u32_at(record, at) as usize };
        let capability = if has(CAPABILITY) && !has(DEVICE) { Some(length(56)) } else { None };
        let acl_at = text_at + path + link + capability.unwrap_or_default();
        Some(EntryRef {
            kind: kind(record[0] & KIND, record[1])?,
            flag: record[1],
            path: self.slice(text_at, path)?,
            link: self.slice(text_at + path, link)?,
            hard_link: b"",
            mode: u32::from(bits & 0o7777),
            uid: owner_of(written.0),
            gid: owner_of(written.1),
            written,
            user: self.slice(user_at, user)?,
            group: self.slice(user_at + user, group)?,
            size: u64_at(record, 20),
            stored: u64_at(record, 28),
            mtime: u64_at(record, 36).cast_signed(),
            device: has(DEVICE).then_some(device),
            header_at,
            data_at: header_at.saturating_add(u64::from(u32_at(record, 52))),
            sparse: has(SPARSE),
            capability: match capability {
                Some(length) => Some(self.slice(text_at + path + link, length)?),
                None => None,
            },
            overlay: has(OVERLAY),
            covers: record[0] & COVERS != 0,
            acl: match record[0] & ACL {
                0 => None,
                _ => Some(self.slice(acl_at, length(60))?),
            },
            xattrs: Xattrs::from_code(record[0] >> XATTRS),
            content: self.content(at),
        })
    }

    fn content(&self, at: usize) -> Option<&[u8; CONTENT]> {
        let digest = self.contents.get(at.checked_mul(CONTENT)?..)?.first_chunk()?;
        digest.iter().any(|byte| *byte != 0).then_some(digest)
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
        let all = [&self.records, &self.owners, &self.text, &self.contents];
        let (parts, magic) =
            if self.contents.is_empty() { (&all[..3], MAGIC) } else { (&all[..], MAGIC_WITH_CONTENTS) };
        let mut bytes = Vec::with_capacity(24 + parts.iter().map(|part| part.len()).sum::<usize>());
        bytes.extend_from_slice(&magic);
        for part in parts {
            bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or_default().to_le_bytes());
        }
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        bytes
    }

    /// The index from [`to_bytes`](Self::to_bytes); the bytes may be anything. More entries cannot be added to it.
    ///
    /// # Errors
    /// `unsupported-input` if they are not such an index.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Self::parts(bytes).ok_or_else(|| Error::new(ErrorKind::UnsupportedInput, "these bytes are no index of a layer"))
    }

    fn parts(bytes: &[u8]) -> Option<Self> {
        let plain = bytes.strip_prefix(&MAGIC);
        let mut rest = plain.or_else(|| bytes.strip_prefix(&MAGIC_WITH_CONTENTS))?;
        let lengths = rest.split_off(..if plain.is_some() { 12 } else { 16 })?;
        let mut part = |at: usize| rest.split_off(..u32_at(lengths, at) as usize).map(<[u8]>::to_vec);
        let (records, owners, text) = (part(0)?, part(4)?, part(8)?);
        let contents = if plain.is_some() { Vec::new() } else { part(12)? };
        let is_whole = rest.is_empty() && records.len() % RECORD == 0 && owners.len() % OWNER == 0;
        let found = Self { records, owners, text, contents, ..Self::default() };
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

fn code(entry: &Entry) -> (u8, u8) {
    let code = match entry.kind {
        EntryKind::File => 0,
        EntryKind::HardLink => 1,
        EntryKind::Symlink => 2,
        EntryKind::CharDevice => 3,
        EntryKind::BlockDevice => 4,
        EntryKind::Directory => 5,
        EntryKind::Fifo => 6,
        EntryKind::GlobalHeader => 7,
        EntryKind::Other(flag) => return (8, flag),
    };
    (code, entry.flag)
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
            assert_eq!((entry.mode, entry.uid, entry.gid), (found.mode, found.written.0, found.written.1));
            assert_eq!((&*entry.user, &*entry.group, entry.device), (found.user, found.group, found.device));
            assert_eq!((entry.size, entry.mtime, entry.sparse), (found.size, found.mtime, found.sparse));
            assert_eq!((entry.header_at, entry.data_at), (found.header_at, found.data_at));
            assert_eq!(found.capability, entry.capability());
        }
        assert_eq!(read.owners.len(), 2 * OWNER, "each owner once");
    }

    #[test]
    fn the_last_byte_of_the_magic_says_whether_contents_have_digests() {
        assert_eq!((MAGIC[7] % 2, MAGIC_WITH_CONTENTS[7] % 2), (0, 1));
    }

    #[test]
    fn an_index_keeps_digests_of_contents() {
        let mut index = FileIndex::new();
        for (at, entry) in some().iter().enumerate() {
            index.push(entry).unwrap();
            if at == 0 || at == 2 {
                index.set_content(&[u8::try_from(at).unwrap() + 1; 32]);
            }
        }
        let read = FileIndex::from_bytes(&index.to_bytes()).unwrap();
        let found: Vec<_> = read.iter().map(|entry| entry.content.map(|digest| digest[0])).collect();
        assert_eq!(found, [Some(1), None, Some(3), None, None]);
        assert!(FileIndex::from_bytes(&index.to_bytes()[..80]).is_err());
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
