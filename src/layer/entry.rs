//! One member of a layer's tar, as its headers state it (image-spec, layer.md, "File Types").

/// The type of a tar entry (POSIX `typeflag`, and those that GNU adds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A regular file (`0`, NUL, `7`, and GNU sparse `S`).
    File,
    /// Another name of a file that stands earlier in the archive (`1`).
    HardLink,
    /// A symbolic link (`2`).
    Symlink,
    /// A character device (`3`).
    CharDevice,
    /// A block device (`4`).
    BlockDevice,
    /// A directory (`5`).
    Directory,
    /// A named pipe (`6`).
    Fifo,
    /// A PAX global header (`g`): no file, but listed, since it is in the archive.
    GlobalHeader,
    /// Any other type flag.
    Other(u8),
}

/// One entry, with every extension (PAX, GNU long names, base-256 numbers) already applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its type.
    pub kind: EntryKind,
    /// The type flag as the archive has it; 0 also if it is not known.
    pub flag: u8,
    /// The name exactly as the archive has it: bytes, not normalised, hostile.
    pub path: Vec<u8>,
    /// The target of a link, else empty.
    pub link: Vec<u8>,
    /// The permission bits with setuid, setgid and sticky: `mode & 0o7777`.
    pub mode: u32,
    /// The owner's number as it is written; engines take its low 32 bits.
    pub uid: i64,
    /// The group's number as it is written.
    pub gid: i64,
    /// The owner's name, often empty.
    pub user: Vec<u8>,
    /// The group's name, often empty.
    pub group: Vec<u8>,
    /// The size of the content in bytes; of a sparse file with its holes.
    pub size: u64,
    /// The bytes of content that stand in the archive: less than `size` if the file is sparse.
    pub stored: u64,
    /// Modification time in seconds since 1970, UTC, rounded down.
    pub mtime: i64,
    /// Major and minor number of a device.
    pub device: Option<(u64, u64)>,
    /// The position of this entry's first header block (its PAX or GNU prefix, if any) in the tar.
    pub header_at: u64,
    /// The position of its content in the tar.
    pub data_at: u64,
    /// True if the content has holes.
    pub sparse: bool,
    /// Extended attributes (PAX `SCHILY.xattr.*`), names with values.
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
    /// The names of such records without a value: makers of tables of contents list them, too.
    pub empty_xattrs: Vec<Vec<u8>>,
}

/// The extended attribute that holds a file's capabilities (capabilities(7)).
pub(super) const CAPABILITY: &[u8] = b"security.capability";

/// True if container engines refuse a layer with an entry of this type flag: they know `0` to `6` alone, and skip `g`.
pub(super) fn is_refused(flag: u8) -> bool {
    !matches!(flag, 0 | b'0'..=b'6' | b'g')
}

/// The owner that engines set for a number: `lchown` takes 32 bits, and leaves the owner, root, for -1.
pub(super) fn owner(written: i64) -> u64 {
    let number = written.cast_unsigned() & u64::from(u32::MAX);
    if is_no_owner(written) { 0 } else { number }
}

/// True if `lchown` leaves the owner as it is.
pub(super) fn is_no_owner(written: i64) -> bool {
    written.cast_unsigned() & u64::from(u32::MAX) == u64::from(u32::MAX)
}

impl Entry {
    /// The value of `security.capability`.
    #[must_use]
    pub fn capability(&self) -> Option<&[u8]> {
        self.xattrs.iter().find(|(name, _)| name == CAPABILITY).map(|(_, value)| value.as_slice())
    }

    /// An entry of that kind and name with nothing else known.
    #[must_use]
    pub fn new(kind: EntryKind, path: impl Into<Vec<u8>>) -> Self {
        Self {
            kind,
            flag: 0,
            path: path.into(),
            link: Vec::new(),
            mode: 0,
            uid: 0,
            gid: 0,
            user: Vec::new(),
            group: Vec::new(),
            size: 0,
            stored: 0,
            mtime: 0,
            device: None,
            header_at: 0,
            data_at: 0,
            sparse: false,
            xattrs: Vec::new(),
            empty_xattrs: Vec::new(),
        }
    }
}
