//! The state that hard links share: the content of one entry, and the header of the last link to it.

use std::collections::BTreeMap;

use super::super::{EntryKind, EntryRef};
use crate::layer::entry::is_no_owner;

/// Layer and number of an entry.
pub(super) type Key = (u16, u32);

/// The state that hard links share: the entry with the content of each, and the entry with the header that the file has
/// in the end.
#[derive(Debug, Default)]
pub(in super::super) struct Contents {
    /// The links with the entries that hold their content, in the order of the links.
    links: Vec<(Key, Key)>,
    /// The same the other way round, in the order of both.
    pub(super) headers: Vec<(Key, Key)>,
    /// The last link to each content, while the layers are applied.
    pub(super) last: BTreeMap<Key, Key>,
}

impl Contents {
    /// The layer and the number of the entry with the content of this hard link; none if there is none.
    pub(in super::super) fn of(&self, layer: u16, at: u32) -> Option<(u16, u32)> {
        let found = self.links.binary_search_by_key(&(layer, at), |(link, _)| *link).ok()?;
        self.links.get(found).map(|(_, content)| *content)
    }

    /// The last hard link up to a layer to the content that this entry holds or shares: Docker, containerd and podman
    /// set owner, mode and time of the file anew for each of its names.
    pub(super) fn header(&self, key: Key, top: u16) -> Option<Key> {
        let content = self.of(key.0, key.1).unwrap_or(key);
        let end = self.headers.partition_point(|pair| *pair <= (content, (top, u32::MAX)));
        let (of, link) = self.headers.get(end.checked_sub(1)?)?;
        (*of == content).then_some(*link)
    }

    /// An entry as the file is that it names in the layers up to `top`: with the content that hard links share, and the
    /// header of the last of them. A hard link to what is no regular file is what its target is.
    pub(in super::super) fn effective<'a>(
        &self,
        key: Key,
        top: u16,
        get: impl Fn(u16, u32) -> Option<EntryRef<'a>>,
    ) -> Option<EntryRef<'a>> {
        let own = get(key.0, key.1)?;
        let content = self.of(key.0, key.1).and_then(|(layer, at)| get(layer, at)).unwrap_or(own);
        let capability = own.capability.or(content.capability);
        let acl = own.acl.or(content.acl);
        let own = EntryRef { size: content.size, content: content.content, capability, acl, ..own };
        let own = if content.kind == EntryKind::File { own } else { another_name(own, &content) };
        let header = self.header(key, top).and_then(|(layer, at)| get(layer, at));
        Some(header.map_or(own, |header| shared(&own, &header, &content)))
    }

    pub(super) fn push(&mut self, link: Key, content: Key) {
        self.links.push((link, content));
        self.headers.push((content, link));
        self.last.insert(content, link);
    }
}

/// A hard link to a symbolic link, a device or a FIFO: the same thing under a second name.
fn another_name<'a>(own: EntryRef<'a>, content: &EntryRef<'a>) -> EntryRef<'a> {
    if own.kind != EntryKind::HardLink || content.kind == EntryKind::HardLink {
        return own;
    }
    EntryRef { kind: content.kind, link: content.link, hard_link: own.link, device: content.device, ..own }
}

/// An entry with the header of the last hard link to its file. `lchown` leaves an owner as it is for -1.
fn shared<'a>(own: &EntryRef<'a>, header: &EntryRef<'a>, content: &EntryRef<'a>) -> EntryRef<'a> {
    let (uid, gid) = (is_no_owner(header.written.0), is_no_owner(header.written.1));
    EntryRef {
        mode: if content.kind == EntryKind::Symlink { 0o777 } else { header.mode },
        uid: if uid { content.uid } else { header.uid },
        gid: if gid { content.gid } else { header.gid },
        written: (
            if uid { content.written.0 } else { header.written.0 },
            if gid { content.written.1 } else { header.written.1 },
        ),
        user: header.user,
        group: header.group,
        mtime: header.mtime,
        capability: header.capability.or(own.capability),
        acl: header.acl.or(own.acl),
        ..*own
    }
}
