//! One line of the list of files, and all about one path.

use serde::Serialize;

use super::event::{Change, Event, How, What};
use super::findings::{self, Finding};
use super::{EntryKind, EntryRef, capabilities};
use crate::limits;

/// One line. Its members are those of `FileRow` in `www/views/files/contract.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in EntryRef and in the contract")]
pub struct Row {
    pub id: u32,
    /// 0 for what lies directly in the root.
    pub depth: u32,
    pub name: String,
    pub path: String,
    #[serde(flatten)]
    pub header: Header,
    pub uid: u64,
    pub gid: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    pub octal: String,
    /// Of a directory: bytes of the files below it that the view has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sparse: bool,
    /// File capabilities, as `getcap` prints them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<String>,
    /// The access control lists, as `getfacl` names their entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acl: Option<String>,
    /// Of a hard link: the entry that has its content. One to what is no file has the kind and the link of its target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// It lies beside the root of the image: AUFS' own files, the hives of a Windows layer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub beside: bool,
    /// The position of the layer.
    pub layer: u32,
    /// The number of the entry in that layer's tar.
    pub at: u32,
    pub change: Change,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later: Option<Later>,
    /// The number of lines directly below.
    pub children: u32,
    pub open: bool,
    /// The directory has no entry of its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub implied: bool,
    /// The layer's tar has the path more than once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub duplicate: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<&'static str>,
}

/// The facts about an entry in a row and in a path's history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "as in EntryRef")]
pub struct Header {
    pub kind: &'static str,
    /// As `ls -l` has it.
    pub mode: String,
    pub size: u64,
    pub mtime: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The entry that holds the content of a hard link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Content {
    /// The position of its layer.
    pub layer: u32,
    /// Its number in that layer's tar.
    pub at: u32,
}

/// The end of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Later {
    /// The position of the layer that ends it.
    pub layer: u32,
    /// The way in which it ends.
    pub how: How,
}

/// All about one path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detail {
    /// Its line.
    pub row: Row,
    /// The events of the layers at it, the lowest first.
    pub history: Vec<PathEvent>,
    /// The findings about it, in any layer.
    pub findings: Vec<Finding>,
}

/// One layer's word on a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathEvent {
    /// The position of the layer.
    pub layer: u32,
    /// The number of the entry in that layer's tar; of a deletion that of the whiteout.
    pub at: u32,
    /// Its effect.
    pub change: Change,
    /// Its headers.
    #[serde(flatten)]
    pub header: Header,
}

impl Header {
    /// `event` tells markers of whiteouts from other files.
    pub(super) fn of(event: &Event, entry: &EntryRef<'_>) -> Self {
        let is_link = matches!(entry.kind, EntryKind::Symlink | EntryKind::HardLink);
        Self {
            kind: kind(event.what, entry.kind),
            mode: mode(entry.kind, bits(entry)),
            size: entry.size,
            mtime: entry.mtime,
            link: is_link.then(|| shown(entry.link)),
        }
    }

    /// A directory that no layer lists: engines make it with mode 0755, owned by root.
    pub(super) fn implied() -> Self {
        Self { kind: "dir", mode: mode(EntryKind::Directory, 0o755), ..Self::default() }
    }
}

impl Row {
    /// The line of a place; what only its place in the list tells is set by the caller.
    pub(super) fn new(id: u32, path: &[u8], name: &[u8]) -> Self {
        Self {
            id,
            depth: 0,
            name: shown(name),
            path: shown(path),
            header: Header::implied(),
            uid: 0,
            gid: 0,
            user: String::new(),
            group: String::new(),
            octal: "0755".to_owned(),
            total: None,
            device: None,
            sparse: false,
            capabilities: None,
            acl: None,
            content: None,
            beside: false,
            layer: 0,
            at: 0,
            change: Change::Unchanged,
            later: None,
            children: 0,
            open: false,
            implied: true,
            duplicate: false,
            findings: Vec::new(),
        }
    }

    /// The same with mode and owner of a lower directory: engines copy them to one that they make in its place.
    pub(super) fn made_like(self, entry: &EntryRef<'_>) -> Self {
        let header = Header { mode: mode(entry.kind, entry.mode), ..self.header };
        Self { header, uid: entry.uid, gid: entry.gid, octal: format!("{:04o}", entry.mode), ..self }
    }

    /// The same with what its entry says.
    pub(super) fn with(self, event: &Event, entry: &EntryRef<'_>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            header: Header::of(event, entry),
            uid: entry.uid,
            gid: entry.gid,
            user: text(entry.user),
            group: text(entry.group),
            octal: format!("{:04o}", bits(entry)),
            device: entry.device.map(|(major, minor)| format!("{major}:{minor}")),
            sparse: entry.sparse,
            capabilities: entry.capability.map(capabilities::read),
            beside: event.what == What::Metadata,
            at: event.at,
            implied: false,
            acl: entry.acl.map(text),
            // Hard links change headers: of an entry only the findings count that it has as it is shown.
            findings: findings::ids(event.findings.get() & findings::as_of(u64::MAX, entry)),
            ..self
        }
    }
}

/// A name or a path as text, with what is no UTF-8 replaced and what no system could open cut off.
pub(super) fn shown(bytes: &[u8]) -> String {
    match bytes.get(..limits::SHOWN_PATH_BYTES) {
        Some(start) if start.len() < bytes.len() => format!("{}…", String::from_utf8_lossy(start)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn kind(what: What, kind: EntryKind) -> &'static str {
    match (what, kind) {
        (What::Whiteout | What::Remove, _) => "whiteout",
        (What::OpaqueMark | What::Opaque, _) => "opaque",
        (_, EntryKind::File) => "file",
        (_, EntryKind::HardLink) => "link",
        (_, EntryKind::Symlink) => "symlink",
        (_, EntryKind::CharDevice) => "char",
        (_, EntryKind::BlockDevice) => "block",
        (_, EntryKind::Directory) => "dir",
        (_, EntryKind::Fifo) => "fifo",
        (_, EntryKind::GlobalHeader | EntryKind::Other(_)) => "other",
    }
}

/// The permissions of a file; Linux gives every symbolic link all of them.
fn bits(entry: &EntryRef<'_>) -> u32 {
    if entry.kind == EntryKind::Symlink { 0o777 } else { entry.mode }
}

/// `-rwsr-xr-x`, as `ls -l` writes it; a hard link is a file.
fn mode(kind: EntryKind, bits: u32) -> String {
    let first = match kind {
        EntryKind::File | EntryKind::HardLink => '-',
        EntryKind::Symlink => 'l',
        EntryKind::CharDevice => 'c',
        EntryKind::BlockDevice => 'b',
        EntryKind::Directory => 'd',
        EntryKind::Fifo => 'p',
        EntryKind::GlobalHeader | EntryKind::Other(_) => '?',
    };
    let three = |shift: u32, special: u32, letter: char| {
        let [read, write, run] = [4, 2, 1].map(|bit| bits >> shift & bit != 0);
        let last = match (run, bits & special != 0) {
            (true, false) => 'x',
            (false, false) => '-',
            (true, true) => letter,
            (false, true) => letter.to_ascii_uppercase(),
        };
        [if read { 'r' } else { '-' }, if write { 'w' } else { '-' }, last]
    };
    let parts = [three(6, 0o4000, 's'), three(3, 0o2000, 's'), three(0, 0o1000, 't')];
    std::iter::once(first).chain(parts.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_as_ls_writes_them() {
        let table = [
            (EntryKind::File, 0o644, "-rw-r--r--"),
            (EntryKind::File, 0o4755, "-rwsr-xr-x"),
            (EntryKind::File, 0o6644, "-rwSr-Sr--"),
            (EntryKind::Directory, 0o1777, "drwxrwxrwt"),
            (EntryKind::Directory, 0o1776, "drwxrwxrwT"),
            (EntryKind::Symlink, 0o777, "lrwxrwxrwx"),
            (EntryKind::Other(b'Z'), 0, "?---------"),
        ];
        for (kind, bits, expected) in table {
            assert_eq!(mode(kind, bits), expected);
        }
    }
}
