//! The reaction of engines to the extended attributes of an entry: they set each one, and refuse the layer if they
//! cannot.
//!
//! The limits are those of Linux (`uapi/linux/limits.h`): they hold on every file system.

use super::entry::CAPABILITY;
use super::{Entry, EntryKind, acl};

/// `XATTR_NAME_MAX` and `XATTR_SIZE_MAX`.
const NAME_BYTES: usize = 255;
const VALUE_BYTES: usize = 65_536;

/// The bytes of names and values that ext4 has room for: one block.
const EXT4_BYTES: usize = 4096;

/// The prefixes of which Linux takes no empty rest.
const PREFIXES: [&[u8]; 3] = [b"user.", b"trusted.", b"security."];

/// The reaction of engines to the attributes of one entry; the worst one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Xattrs {
    /// They set them, or there are none.
    #[default]
    Set,
    /// File systems such as ext4 have no room for them, others have.
    Large,
    /// Attributes of users on what is no file or directory: Docker leaves them out, podman and containerd refuse them.
    LeftOut,
    /// Linux takes one of them on no file system.
    Refused,
}

impl Xattrs {
    const ALL: [Self; 4] = [Self::Set, Self::Large, Self::LeftOut, Self::Refused];

    pub(super) fn of(entry: &Entry) -> Self {
        if entry.xattrs.is_empty() || is_unmade(entry) {
            return Self::Set;
        }
        let bytes: usize = entry.xattrs.iter().map(|(name, value)| name.len() + value.len()).sum();
        let large = if bytes > EXT4_BYTES { Self::Large } else { Self::Set };
        entry.xattrs.iter().map(|(name, value)| one(entry.kind, name, value)).fold(large, Self::max)
    }

    pub(super) fn code(self) -> u8 {
        self as u8
    }

    pub(super) fn from_code(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or_default()
    }
}

/// True if overlay file systems act on any of them: they hide, rename or share files.
pub(super) fn is_overlay(entry: &Entry) -> bool {
    let acts = |name: &[u8]| name.starts_with(b"trusted.overlay.") || name.starts_with(b"user.overlay.");
    entry.xattrs.iter().any(|(name, _)| acts(name))
}

/// True if overlay file systems take the directory for opaque, as the marker of a whiteout does.
pub(super) fn is_cover(entry: &Entry) -> bool {
    let is_opaque = |(name, value): &(Vec<u8>, Vec<u8>)| name == b"trusted.overlay.opaque" && value == b"y";
    entry.kind == EntryKind::Directory && entry.xattrs.iter().any(is_opaque)
}

/// Whiteouts and global headers are made by no engine, and so get no attributes.
pub(super) fn is_unmade(entry: &Entry) -> bool {
    let name = entry.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    entry.kind == EntryKind::GlobalHeader || name.starts_with(b".wh.")
}

fn one(kind: EntryKind, name: &[u8], value: &[u8]) -> Xattrs {
    let is_long = name.is_empty() || name.len() > NAME_BYTES || value.len() > VALUE_BYTES;
    if is_long
        || PREFIXES.contains(&name)
        || name == CAPABILITY && !is_capability(value)
        || acl::is_refused(kind, name, value)
    {
        return Xattrs::Refused;
    }
    let takes = matches!(kind, EntryKind::File | EntryKind::Directory | EntryKind::HardLink);
    if name.starts_with(b"user.") && !takes { Xattrs::LeftOut } else { Xattrs::Set }
}

/// The two forms that Linux lets a program write (`vfs_cap_data` and `vfs_ns_cap_data`), with one flag at most.
fn is_capability(value: &[u8]) -> bool {
    let magic = value.first_chunk().map(|bytes| u32::from_le_bytes(*bytes) & !1);
    matches!((magic, value.len()), (Some(0x0200_0000), 20) | (Some(0x0300_0000), 24))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: EntryKind, name: &str, value: &[u8]) -> Xattrs {
        let mut entry = Entry::new(kind, "a");
        entry.xattrs = vec![(name.as_bytes().to_vec(), value.to_vec())];
        Xattrs::of(&entry)
    }

    /// Each was given to podman and umoci.
    #[test]
    fn attributes_that_linux_does_not_take_are_refused() {
        use EntryKind::{CharDevice, Directory, Fifo, File, Symlink};
        let capability = |magic: u32, length: usize| [magic.to_le_bytes().to_vec(), vec![0; length - 4]].concat();
        for (kind, name, value, expected) in [
            (File, "user.a", b"b".to_vec(), Xattrs::Set),
            (File, "", b"b".to_vec(), Xattrs::Refused),
            (File, "user.", b"b".to_vec(), Xattrs::Refused),
            (File, &format!("user.{}", "n".repeat(250)), b"b".to_vec(), Xattrs::Set),
            (File, &format!("user.{}", "n".repeat(251)), b"b".to_vec(), Xattrs::Refused),
            (File, "user.a", vec![b'v'; 65_536], Xattrs::Large),
            (File, "user.a", vec![b'v'; 65_537], Xattrs::Refused),
            (File, "user.a", vec![b'v'; 5000], Xattrs::Large),
            (File, "user.a", vec![b'v'; 3000], Xattrs::Set),
            (File, "security.capability", b"junk".to_vec(), Xattrs::Refused),
            (File, "security.capability", capability(0x0200_0001, 20), Xattrs::Set),
            (Directory, "security.capability", capability(0x0300_0001, 24), Xattrs::Set),
            (File, "security.capability", capability(0x0300_0001, 20), Xattrs::Refused),
            (File, "security.capability", capability(0x0100_0001, 12), Xattrs::Refused),
            (File, "security.capability", capability(0x0200_0001, 21), Xattrs::Refused),
            (Symlink, "user.a", b"b".to_vec(), Xattrs::LeftOut),
            (Fifo, "user.a", b"b".to_vec(), Xattrs::LeftOut),
            (CharDevice, "user.a", b"b".to_vec(), Xattrs::LeftOut),
            (Symlink, "trusted.a", b"b".to_vec(), Xattrs::Set),
            (Directory, "user.a", b"b".to_vec(), Xattrs::Set),
        ] {
            assert_eq!(of(kind, name, &value), expected, "{kind:?} {name} {}", value.len());
        }
        let mut whiteout = Entry::new(File, "a/.wh.b");
        whiteout.xattrs = vec![(Vec::new(), b"b".to_vec())];
        assert_eq!(Xattrs::of(&whiteout), Xattrs::Set);
    }

    #[test]
    fn codes_come_back() {
        assert!(Xattrs::ALL.into_iter().all(|one| Xattrs::from_code(one.code()) == one));
    }
}
