//! Applies the layers one after the other: where each entry of a tar lands, and what it replaces there.
//!
//! A layer is applied below a root of its own, as Docker and containerd do for overlay file systems: a symbolic link of
//! the same layer is followed, one of a lower layer is replaced by a directory. Tools that unpack all layers into one
//! directory (`umoci unpack`, podman with vfs) follow that one too, so each such entry is a finding.

mod contents;
mod directories;
mod links;
mod opaque;
mod removal;

use std::rc::Rc;

use super::event::{Event, What};
use super::findings::{self, Why};
use super::tree::{Held, ROOT, Tree};
use super::way::{Parts, Way, is_metadata};
use super::{EntryKind, EntryRef, FileIndex};
use crate::error::Error;
pub(super) use contents::Contents;
use opaque::Unlisted;

/// The name that `git archive` gives its global header, which no engine finds in a file system.
pub(super) const GIT_GLOBAL: &[u8] = b"pax_global_header";

/// The prefix of a whiteout's name, and the name of an opaque one (image-spec, layer.md, "Whiteouts").
pub(super) const WHITEOUT: &[u8] = b".wh.";
pub(super) const OPAQUE: &[u8] = b".wh..wh..opq";

/// The longest name of a file (`NAME_MAX` of Linux).
const NAME_BYTES: usize = 255;

/// The longest path below the root: `PATH_MAX` of Linux counts the slash before it and the NUL behind it.
const PATH_BYTES: usize = 4094;

/// The events of the layers, each with the node of [`Tree`] that it is about.
pub(super) struct Applied<'a> {
    pub tree: Tree<'a>,
    pub events: Vec<(u32, Event)>,
    pub contents: Contents,
}

/// Applies these layers, the lowest first; of a Windows image `Files/` is the root.
///
/// # Errors
/// `limit-exceeded` if they have more paths than are kept, or lead through links too often.
pub(super) fn apply<'a>(layers: &[&'a FileIndex], windows: bool) -> Result<Applied<'a>, Error> {
    let mut applier = Applier {
        layers,
        windows,
        tree: Tree::new(),
        events: Vec::new(),
        contents: Contents::default(),
        unlisted: Unlisted::default(),
        last: None,
        layer: 0,
    };
    for (layer, index) in (0_u16..).zip(layers) {
        applier.layer(layer, index)?;
    }
    applier.share();
    Ok(Applied { tree: applier.tree, events: applier.events, contents: applier.contents })
}

struct Applier<'a, 'l> {
    layers: &'l [&'a FileIndex],
    windows: bool,
    tree: Tree<'a>,
    events: Vec<(u32, Event)>,
    contents: Contents,
    unlisted: Unlisted,
    /// The place of the last entry's parent: most entries have the one of the entry before.
    last: Option<Last<'a>>,
    layer: u16,
}

/// The way to the parent of an entry, all of whose directories are there.
struct Last<'a> {
    path: &'a [u8],
    way: Rc<Way>,
    /// True if whiteouts alone made them so far.
    is_weak: bool,
}

/// One entry while it is applied.
#[derive(Clone, Copy)]
struct Item<'a> {
    entry: EntryRef<'a>,
    at: u32,
}

impl<'a> Applier<'a, '_> {
    fn layer(&mut self, layer: u16, index: &'a FileIndex) -> Result<(), Error> {
        (self.layer, self.last) = (layer, None);
        self.tree.begin(layer);
        let from = self.events.len();
        for (at, entry) in (0_u32..).zip(index.iter()) {
            self.entry(Item { entry, at })?;
        }
        self.tree.end();
        self.settle();
        self.replaced(from)?;
        for (number, (node, event)) in (0_u32..).zip(&mut self.events).skip(from) {
            event.gone = event.what.is_entry() && !self.tree.holds(*node, number);
        }
        Ok(())
    }

    fn entry(&mut self, item: Item<'a>) -> Result<(), Error> {
        let parts = Parts::of(item.entry.path, self.windows);
        let is_header = item.entry.kind == EntryKind::GlobalHeader;
        let Some(name) = parts.name() else { return if is_header { Ok(()) } else { self.root(item) } };
        if parts.beside || is_metadata(item.entry.path, &parts) {
            return if is_header { Ok(()) } else { self.metadata(item, &parts) };
        }
        let made = name.strip_prefix(WHITEOUT).unwrap_or(name);
        if parts.parent().iter().chain([&made]).any(|name| name.len() > NAME_BYTES) {
            return self.refused(item, &parts, What::of(&item.entry), Why::LongName);
        }
        if parts.bytes() > PATH_BYTES {
            return self.refused(item, &parts, What::of(&item.entry), Why::LongPath);
        }
        if name.starts_with(WHITEOUT) {
            return self.whiteout(item, &parts, name);
        }
        let way = self.way(item.entry.path, &parts)?;
        let Some(parent) = way.end() else {
            return self.refused(item, &parts, What::of(&item.entry), Why::BelowFile);
        };
        let why = self.make(item, &way, false)?;
        let node = self.tree.child(parent, name)?;
        self.at(item, &way, node, why)
    }

    /// Puts what is no whiteout to the node to which its path leads.
    fn at(&mut self, item: Item<'a>, way: &Way, node: u32, mut why: u64) -> Result<(), Error> {
        why |= if way.through { Why::ThroughLink.bit() } else { 0 };
        // podman removes what is at the path before it makes the entry: the link on the way is gone by then.
        let is_dangling = way.dangling || way.links.contains(&node);
        why |= if is_dangling { Why::DanglingLink.bit() } else { 0 };
        if item.entry.kind == EntryKind::GlobalHeader {
            self.header(item, node);
            return Ok(());
        }
        if is_overlay_whiteout(&item.entry) {
            self.overlay_whiteout(item, node, why);
            return Ok(());
        }
        if way.through {
            self.unlisted(item, node);
        } else {
            self.listed(node);
        }
        self.put(item, node, why)
    }

    /// A global header makes no file. Engines have removed by then what was in its place, and made the directories above.
    fn header(&mut self, item: Item<'a>, node: u32) {
        if item.entry.path == GIT_GLOBAL && self.tree.own(node).held == Held::Nothing {
            return;
        }
        self.note(node, item, What::Header, Why::GlobalHeader.bit());
        if self.tree.own(node).held != Held::Whiteout {
            self.last = None;
            self.tree.set(node, Held::Nothing, None);
        }
    }

    /// A marker of overlay file systems: nothing is there, and a hard link may lead to it.
    fn overlay_whiteout(&mut self, item: Item<'a>, node: u32, why: u64) {
        let number = self.note(node, item, What::Whiteout, why | findings::bit("overlay"));
        self.remove(item, node);
        self.tree.set(node, Held::Whiteout, Some(number));
    }

    fn remove(&mut self, item: Item<'a>, node: u32) {
        self.note(node, item, What::Remove, 0);
        self.unlisted.forget(node);
        self.tree.remove(node);
        self.last = None;
    }

    /// The entry of the root itself: engines take a directory, and nothing else.
    fn root(&mut self, item: Item<'a>) -> Result<(), Error> {
        let what = What::of(&item.entry);
        let number = self.note(ROOT, item, what, if what == What::Directory { 0 } else { Why::Root.bit() });
        if what == What::Directory {
            self.tree.renote(ROOT, number);
        }
        Ok(())
    }

    /// An entry that engines refuse is listed where its name says, and applied nowhere.
    fn refused(&mut self, item: Item<'a>, parts: &Parts<'a>, what: What, why: Why) -> Result<(), Error> {
        let node = self.tree.literal(&parts.names)?;
        self.note(node, item, what, why.bit());
        Ok(())
    }

    /// Puts an entry to its place, which it takes from what the layer had there.
    fn put(&mut self, item: Item<'a>, node: u32, mut why: u64) -> Result<(), Error> {
        let entry = &item.entry;
        let before = self.tree.own(node);
        if let Some(earlier) = before.note().and_then(|number| self.entry_of(number))
            && !is_again(&earlier, entry)
        {
            why |= Why::Twice.bit();
        }
        let held = match entry.kind {
            EntryKind::Directory => Held::Directory,
            EntryKind::Symlink => Held::Link,
            EntryKind::HardLink => {
                // Engines remove the path before they link: a link to itself leads to nothing.
                self.tree.set(node, Held::Whiteout, None);
                self.link(item, &mut why)?
            }
            _ => Held::Other,
        };
        if held == Held::Whiteout {
            self.overlay_whiteout(item, node, why | findings::bit("device"));
            return Ok(());
        }
        let number = self.note(node, item, What::of(entry), why);
        if held == Held::Directory && before.held.is_directory() {
            self.tree.renote(node, number);
        } else {
            // The way of the entry before may have led through what is replaced here.
            self.last = self.last.take().filter(|_| !before.held.is_directory() && before.held != Held::Link);
            self.tree.set(node, held, Some(number));
        }
        if entry.covers {
            self.note(node, item, What::Opaque, 0);
            self.tree.cover(node);
        }
        Ok(())
    }

    fn note(&mut self, node: u32, item: Item<'a>, what: What, why: u64) -> u32 {
        let number = u32::try_from(self.events.len()).unwrap_or(u32::MAX);
        let mut event = Event::new(self.layer, item.at, what);
        event.findings = (why | if what.is_listed() { findings::bits(&item.entry) } else { 0 }).into();
        self.events.push((node, event));
        number
    }

    /// The entry of an event, unless the event is of a directory that is only implied.
    fn entry_of(&self, number: u32) -> Option<EntryRef<'a>> {
        let (_, event) = self.events.get(number as usize)?;
        let is_own = event.what != What::Implied;
        self.layers.get(usize::from(event.layer))?.get(event.at as usize).filter(|_| is_own)
    }
}

/// A character device with the numbers 0 and 0 deletes in overlay file systems, as a whiteout does.
fn is_overlay_whiteout(entry: &EntryRef<'_>) -> bool {
    entry.kind == EntryKind::CharDevice && entry.device == Some((0, 0))
}

/// A directory may be listed twice with the same headers, which changes nothing.
fn is_again(a: &EntryRef<'_>, b: &EntryRef<'_>) -> bool {
    let of = |entry: &EntryRef<'_>| (entry.kind, entry.mode, entry.uid, entry.gid);
    a.kind == EntryKind::Directory && of(a) == of(b)
}
