//! POSIX access control lists, which layers carry as extended attributes: rights that the mode of a file does not show.
//!
//! The value is that of Linux (`uapi/linux/posix_acl_xattr.h`): version 2, then a tag, the rights and an id per entry.

use std::fmt::Write as _;

use super::xattrs::is_unmade;
use super::{Entry, EntryKind};

const ACCESS: &[u8] = b"system.posix_acl_access";
const DEFAULT: &[u8] = b"system.posix_acl_default";

/// The most bytes of an ACL's text that are kept: some dozens of entries.
const TEXT_BYTES: usize = 1024;

/// One entry of a list.
#[derive(Clone, Copy)]
struct Right {
    tag: u16,
    rights: u16,
    id: u32,
}

/// The tags, in the order that Linux asks for.
const USER_OBJ: u16 = 1;
const USER: u16 = 2;
const GROUP_OBJ: u16 = 4;
const GROUP: u16 = 8;
const MASK: u16 = 0x10;
const OTHER: u16 = 0x20;

/// The lists of an entry as `getfacl` writes them, joined by commas, as far as engines set them; none if they set none.
pub(super) fn text(entry: &Entry) -> Option<Vec<u8>> {
    if entry.xattrs.is_empty() || entry.kind == EntryKind::Symlink || is_unmade(entry) {
        return None;
    }
    let mut text = String::new();
    for (name, prefix) in [(ACCESS, ""), (DEFAULT, "default:")] {
        let value = entry.xattrs.iter().rfind(|(own, _)| own == name).map(|(_, value)| value.as_slice());
        let list = value.filter(|value| !is_refused(entry.kind, name, value)).and_then(rights);
        for right in list.unwrap_or_default() {
            let _ = write!(text, "{}{prefix}{}", if text.is_empty() { "" } else { "," }, right.words());
        }
    }
    if text.len() > TEXT_BYTES {
        // Whole entries only: half of one would read as other rights.
        text.truncate(text.get(..TEXT_BYTES).and_then(|kept| kept.rfind(',')).unwrap_or(0));
    }
    (!text.is_empty()).then(|| text.into_bytes())
}

/// The permission bits that a file has once this list is set on it: Linux keeps both the same.
pub(super) fn mode(text: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(text).ok()?;
    let of = |head: &str| {
        let right = text.split(',').find_map(|entry| entry.strip_prefix(head))?;
        (right.len() == 3).then(|| right.bytes().fold(0, |bits, letter| bits << 1 | u32::from(letter != b'-')))
    };
    Some(of("user::")? << 6 | of("mask::").or_else(|| of("group::"))? << 3 | of("other::")?)
}

/// True if Linux does not take such a list there (EINVAL, EACCES). It takes a list of another version or on a symbolic
/// link for an attribute that the file system does not have, which engines pass over.
pub(super) fn is_refused(kind: EntryKind, name: &[u8], value: &[u8]) -> bool {
    if name != ACCESS && name != DEFAULT || kind == EntryKind::Symlink {
        return false;
    }
    let Some(version) = value.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)) else { return true };
    if version != 2 || value.len() == 4 {
        return false;
    }
    rights(value).is_none_or(|list| !is_valid(&list)) || name == DEFAULT && kind != EntryKind::Directory
}

/// The entries of a list of version 2.
fn rights(value: &[u8]) -> Option<Vec<Right>> {
    let entries = value.strip_prefix(&2_u32.to_le_bytes())?;
    let (chunks, rest) = entries.as_chunks::<8>();
    let right = |chunk: &[u8; 8]| {
        let [a, b, c, d, id @ ..] = *chunk;
        Right { tag: u16::from_le_bytes([a, b]), rights: u16::from_le_bytes([c, d]), id: u32::from_le_bytes(id) }
    };
    rest.is_empty().then(|| chunks.iter().map(right).collect())
}

/// As `posix_acl_valid` of Linux: each entry in its turn, and a mask if any user or group is named.
fn is_valid(list: &[Right]) -> bool {
    let (mut turn, mut is_named) = (USER_OBJ, false);
    for right in list {
        turn = match (right.tag, turn) {
            _ if right.rights > 7 => return false,
            // No user and no group has this number.
            (USER | GROUP, _) if right.id == u32::MAX => return false,
            (USER_OBJ, USER_OBJ) | (USER, USER) => USER,
            (GROUP_OBJ, USER) | (GROUP, GROUP) => GROUP,
            (MASK, GROUP) => OTHER,
            (OTHER, OTHER) => 0,
            (OTHER, GROUP) if !is_named => 0,
            _ => return false,
        };
        is_named |= matches!(right.tag, USER | GROUP);
    }
    turn == 0
}

impl Right {
    /// `user:1000:rw-`
    fn words(self) -> String {
        let who = match self.tag {
            USER_OBJ => "user:".to_owned(),
            USER => format!("user:{}", self.id),
            GROUP_OBJ => "group:".to_owned(),
            GROUP => format!("group:{}", self.id),
            MASK => "mask:".to_owned(),
            _ => "other:".to_owned(),
        };
        let rights: String = [(4, 'r'), (2, 'w'), (1, 'x')]
            .map(|(bit, letter)| if self.rights & bit == 0 { '-' } else { letter })
            .iter()
            .collect();
        format!("{who}:{rights}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let entry = |(tag, rights, id): &(u16, u16, u32)| {
            [tag.to_le_bytes().to_vec(), rights.to_le_bytes().to_vec(), id.to_le_bytes().to_vec()].concat()
        };
        [2_u32.to_le_bytes().to_vec(), entries.iter().flat_map(entry).collect()].concat()
    }

    fn of(kind: EntryKind, name: &[u8], value: &[u8]) -> (bool, Option<String>) {
        let mut entry = Entry::new(kind, "a");
        entry.xattrs = vec![(name.to_vec(), value.to_vec())];
        (is_refused(kind, name, value), text(&entry).map(|text| String::from_utf8(text).unwrap()))
    }

    const NAMED: [(u16, u16, u32); 5] = [(1, 7, !0), (2, 7, 1000), (4, 5, !0), (16, 7, !0), (32, 4, !0)];

    /// Each was given to podman, with overlay and with vfs.
    #[test]
    fn lists_are_read_and_refused_as_linux_does() {
        use EntryKind::{Directory, File, Symlink};
        let named = "user::rwx,user:1000:rwx,group::r-x,mask::rwx,other::r--";
        assert_eq!(of(File, ACCESS, &list(&NAMED)), (false, Some(named.to_owned())));
        assert_eq!(mode(named.as_bytes()), Some(0o774));
        let small = of(File, ACCESS, &list(&[(1, 7, !0), (4, 7, !0), (32, 7, !0)]));
        assert_eq!(small, (false, Some("user::rwx,group::rwx,other::rwx".to_owned())));
        assert_eq!(mode(small.1.unwrap().as_bytes()), Some(0o777));
        let (refused, text) = of(Directory, DEFAULT, &list(&NAMED));
        assert!(!refused && text.unwrap().starts_with("default:user::rwx,default:user:1000:rwx"));
        for (kind, name, value) in [
            (File, DEFAULT, list(&NAMED)),
            (File, ACCESS, list(&[(2, 7, 1000)])),
            (File, ACCESS, list(&[(1, 7, !0), (2, 7, 1000), (4, 5, !0), (32, 4, !0)])),
            (File, ACCESS, list(&[(1, 7, !0), (2, 7, !0), (4, 5, !0), (16, 7, !0), (32, 4, !0)])),
            (File, ACCESS, list(&[(1, 8, !0), (4, 5, !0), (32, 4, !0)])),
            (File, ACCESS, [list(&NAMED), vec![0]].concat()),
        ] {
            assert_eq!(of(kind, name, &value), (true, None), "{value:?}");
        }
        // A list that is too long to be shown is cut between two entries.
        let users = (0..200).map(|id| (2, 7, 1000 + id));
        let long: Vec<_> = [(1, 7, !0)].into_iter().chain(users).chain(NAMED[2..].iter().copied()).collect();
        let text = of(File, ACCESS, &list(&long)).1.unwrap();
        assert!(text.len() <= TEXT_BYTES && text.ends_with(":rwx"), "{text}");
        assert_eq!(mode(text.as_bytes()), None);
        for (kind, value) in
            [(File, b"junk".to_vec()), (File, 1_u32.to_le_bytes().to_vec()), (File, list(&[])), (Symlink, list(&NAMED))]
        {
            assert_eq!(of(kind, ACCESS, &value), (false, None), "{value:?}");
        }
    }
}
