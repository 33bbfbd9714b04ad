//! The rules about an entry's own headers.

use super::super::way::{self, Parts};
use super::super::{EntryKind, EntryRef, capabilities};
use super::{is_file, secrets};
use crate::layer::Xattrs;
use crate::layer::acl;
use crate::layer::entry::is_refused;

pub(super) type Rule = fn(&EntryRef<'_>) -> Option<String>;

/// Every rule about an entry's own headers, with its id; the place in the list is its bit in an event.
pub(super) const RULES: [(&str, Rule); 17] = [
    ("setuid", setuid),
    ("setgid", setgid),
    ("world-writable", world_writable),
    ("secret-name", secrets::secret),
    ("absolute-path", absolute),
    ("dot-dot-path", dot_dot),
    ("control-name", control),
    ("bidi-name", bidi),
    ("device", device),
    ("capability", capability),
    ("type-flag", type_flag),
    ("owner-number", owner_number),
    ("link-target", link_target),
    ("xattr", xattr),
    ("overlay", overlay),
    ("acl", access_list),
    ("aufs-path", aufs),
];

fn capability(entry: &EntryRef<'_>) -> Option<String> {
    let found = capabilities::read(entry.capability?);
    Some(format!("file capabilities {found}: a user who runs it has them"))
}

fn type_flag(entry: &EntryRef<'_>) -> Option<String> {
    let flag = entry.flag;
    is_refused(flag).then(|| format!("type flag \"{}\": container engines refuse the layer", flag.escape_ascii()))
}

fn owner_number(entry: &EntryRef<'_>) -> Option<String> {
    let is_cut = |(written, set): (i64, u64)| u64::try_from(written) != Ok(set);
    let found = [(entry.written.0, entry.uid), (entry.written.1, entry.gid)].into_iter().any(is_cut);
    let ((uid, gid), (own, group)) = (entry.written, (entry.uid, entry.gid));
    found.then(|| format!("owner {uid}:{gid}: engines take 32 bits of each number, and set {own}:{group}"))
}

/// The longest target of a symbolic link (`PATH_MAX` of Linux without the NUL).
const TARGET_BYTES: usize = 4095;

/// True if Linux makes no symbolic link to this.
pub(in super::super) fn is_no_target(entry: &EntryRef<'_>) -> bool {
    entry.kind == EntryKind::Symlink && (entry.link.is_empty() || entry.link.len() > TARGET_BYTES)
}

fn link_target(entry: &EntryRef<'_>) -> Option<String> {
    let bytes = entry.link.len();
    is_no_target(entry).then(|| format!("a symbolic link with a target of {bytes} bytes: engines refuse the layer"))
}

fn xattr(entry: &EntryRef<'_>) -> Option<String> {
    let text = match entry.xattrs {
        Xattrs::Set => return None,
        Xattrs::Refused => "an extended attribute that Linux does not take: engines refuse the layer",
        Xattrs::LeftOut => {
            "an extended attribute of users on what is no file or directory: Docker leaves it out, podman and containerd \
             refuse the layer"
        }
        Xattrs::Large => "extended attributes that are too large for ext4: engines refuse the layer there",
    };
    Some(text.to_owned())
}

/// podman sets the attribute after the mode, and Linux takes the mode from it then; Docker and containerd set the mode last.
fn access_list(entry: &EntryRef<'_>) -> Option<String> {
    let list = String::from_utf8_lossy(entry.acl?);
    let other = acl::mode(entry.acl?).filter(|mode| *mode != entry.mode & 0o777);
    let other = other.map(|mode| format!("; with podman its mode is {:04o}", entry.mode & 0o7000 | mode));
    Some(format!("an access control list gives rights beyond its mode: {list}{}", other.unwrap_or_default()))
}

fn overlay(entry: &EntryRef<'_>) -> Option<String> {
    let text = match (entry.kind, entry.device) {
        (EntryKind::CharDevice, Some((0, 0))) => {
            "a character device 0:0: overlay file systems take it for a whiteout, others show a device"
        }
        _ if entry.overlay => {
            "an extended attribute of overlay file systems: with those, other files are shown here than with others"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn aufs(entry: &EntryRef<'_>) -> Option<String> {
    if !way::has_mark(entry.path) {
        return None;
    }
    let text = if way::is_metadata(entry.path, &Parts::of(entry.path, false)) {
        "a path that AUFS kept for itself: podman with vfs leaves it out, with overlay file systems what lies in it is shown"
    } else {
        "a name that AUFS kept for itself, and below the root: engines read it as any other, also as that of a whiteout"
    };
    Some(text.to_owned())
}

fn setuid(entry: &EntryRef<'_>) -> Option<String> {
    let runs = is_file(entry) && entry.mode & 0o4000 != 0;
    runs.then(|| format!("mode {:04o}: a user who runs it becomes user {}", entry.mode, entry.uid))
}

fn setgid(entry: &EntryRef<'_>) -> Option<String> {
    let runs = is_file(entry) && entry.mode & 0o2000 != 0;
    runs.then(|| format!("mode {:04o}: a user who runs it becomes group {}", entry.mode, entry.gid))
}

fn world_writable(entry: &EntryRef<'_>) -> Option<String> {
    let open = entry.mode & 0o002 != 0;
    let found = is_file(entry) || entry.kind == EntryKind::Directory && entry.mode & 0o1000 == 0;
    (open && found).then(|| format!("mode {:04o}: every user may write to it", entry.mode))
}

fn absolute(entry: &EntryRef<'_>) -> Option<String> {
    target(entry, |path| path.starts_with(b"/"), "begins with a slash")
}

fn dot_dot(entry: &EntryRef<'_>) -> Option<String> {
    target(entry, |path| path.split(|byte| *byte == b'/').any(|name| name == b".."), "has a part \"..\"")
}

/// A hard link's target is a path in the archive too.
fn target(entry: &EntryRef<'_>, test: fn(&[u8]) -> bool, words: &str) -> Option<String> {
    if test(entry.path) {
        return Some(format!("the path in the archive {words}"));
    }
    let linked = if entry.kind == EntryKind::HardLink { entry.link } else { entry.hard_link };
    test(linked).then(|| format!("the target of the hard link {words}"))
}

fn control(entry: &EntryRef<'_>) -> Option<String> {
    named(entry, |character| character.is_control())
}

/// The characters of Unicode's UAX #9 that change the direction of what follows.
fn bidi(entry: &EntryRef<'_>) -> Option<String> {
    let turns = |character| matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    named(entry, turns)
}

fn named(entry: &EntryRef<'_>, test: fn(char) -> bool) -> Option<String> {
    if entry.path.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let path = String::from_utf8_lossy(entry.path);
    let found = path.chars().find(|character| test(*character))?;
    Some(format!("its name has the character U+{:04X}", u32::from(found)))
}

fn device(entry: &EntryRef<'_>) -> Option<String> {
    let kind = match entry.kind {
        EntryKind::CharDevice => "character",
        EntryKind::BlockDevice => "block",
        _ => return None,
    };
    let (major, minor) = entry.device.unwrap_or_default();
    Some(format!("a {kind} device, {major}:{minor}"))
}
