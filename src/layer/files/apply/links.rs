//! Hard links while they are applied: what each leads to, and what it changes of the file.

use std::collections::BTreeMap;

use super::super::event::{Event, What};
use super::super::findings::{self, Why};
use super::super::tree::Held;
use super::super::way::Parts;
use super::super::{EntryKind, EntryRef, FileIndex};
use super::contents::{Contents, Key};
use super::{Applier, Item};
use crate::error::Error;

impl<'a> Applier<'a, '_> {
    /// Finds what a hard link is another name of.
    pub(super) fn link(&mut self, item: Item<'a>, why: &mut u64) -> Result<Held, Error> {
        let Self { layers, events, contents, tree, .. } = self;
        let parts = Parts::of(item.entry.link, self.windows);
        let found = tree.target(&parts, |number| link_of(layers, events, contents, number))?;
        let noted = found.and_then(|(state, is_lower)| Some((state, is_lower, events.get(state.note()? as usize)?)));
        let Some((state, is_lower, (_, event))) = noted else {
            *why |= Why::NoTarget.bit();
            return Ok(Held::Other);
        };
        *why |= if is_lower { Why::LowerTarget.bit() } else { 0 };
        let content = self.contents.of(event.layer, event.at).unwrap_or((event.layer, event.at));
        if self.is_other_header(item, content) {
            *why |= Why::LinkHeader.bit();
        }
        self.contents.push((self.layer, item.at), content);
        Ok(state.held)
    }

    /// True if a hard link gives the file another owner or mode than it has by then.
    fn is_other_header(&self, item: Item<'a>, content: Key) -> bool {
        let get = |layer: u16, at: u32| self.layers.get(usize::from(layer))?.get(at as usize);
        // The mode of a symbolic link is always 0777.
        let is_link = get(content.0, content.1).is_some_and(|file| file.kind == EntryKind::Symlink);
        let of = |entry: &EntryRef<'_>| (entry.uid, entry.gid, if is_link { 0 } else { entry.mode });
        let before = self.contents.last.get(&content).copied().unwrap_or(content);
        get(before.0, before.1).is_some_and(|before| of(&before) != of(&item.entry))
    }

    /// Shows a change through a hard link at each name of the file.
    pub(super) fn share(&mut self) {
        self.contents.headers.sort_unstable();
        self.contents.last = BTreeMap::new();
        let Self { layers, events, contents, .. } = self;
        if contents.headers.is_empty() {
            return;
        }
        let get = |layer: u16, at: u32| layers.get(usize::from(layer))?.get(at as usize);
        for (_, event) in events.iter_mut().filter(|(_, event)| event.what == What::Entry) {
            let key = (event.layer, event.at);
            if contents.header(key, u16::MAX).is_none() {
                continue;
            }
            // The file has the header of the last link: what its own header said before does not count any more.
            let ends = [event.layer, u16::MAX].map(|top| contents.effective(key, top, get));
            let all = event.findings.get();
            event.findings = ends.iter().flatten().fold(0, |bits, entry| bits | findings::as_of(all, entry)).into();
        }
    }
}

/// The target of the symbolic link that an event put there, by way of a hard link too.
pub(super) fn link_of<'a>(
    layers: &[&'a FileIndex],
    events: &[(u32, Event)],
    contents: &Contents,
    number: u32,
) -> &'a [u8] {
    let Some((_, event)) = events.get(number as usize) else { return b"" };
    let (layer, at) = contents.of(event.layer, event.at).unwrap_or((event.layer, event.at));
    layers.get(usize::from(layer)).and_then(|index| index.get(at as usize)).map_or(b"", |entry| entry.link)
}
