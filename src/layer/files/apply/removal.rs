//! Entries that are no files: whiteouts, and what AUFS or Windows keep beside the root.

use std::rc::Rc;

use super::super::EntryKind;
use super::super::event::What;
use super::super::findings::Why;
use super::super::tree::{Held, ROOT};
use super::super::way::{Parts, first_mark};
use super::links::link_of;
use super::{Applier, Item, OPAQUE, WHITEOUT};
use crate::error::Error;

impl<'a> Applier<'a, '_> {
    /// What AUFS kept beside the files, or Windows beside its root: never a file, but hard links may lead to it. Engines
    /// make the directories above AUFS' own, as they do for a whiteout.
    pub(super) fn metadata(&mut self, item: Item<'a>, parts: &Parts<'a>) -> Result<(), Error> {
        let (above, own) = parts.names.split_at(if parts.beside { 0 } else { first_mark(&parts.names) });
        let mut node = ROOT;
        if !above.is_empty() {
            let Self { layers, events, contents, tree, .. } = self;
            let way = tree.way(above, |number| link_of(layers, events, contents, number)).map(Rc::new)?;
            let Some(end) = way.end() else {
                return self.refused(item, parts, What::Metadata, Why::BelowFile);
            };
            self.make(item, &way, true)?;
            // The way leads to the directory above the mark, which may not be the one above the entry.
            self.last = None;
            node = end;
        }
        for name in own {
            node = self.tree.child(node, name)?;
            if !self.tree.own(node).held.is_directory() {
                self.tree.set(node, Held::Directory, None);
            }
        }
        let number = self.note(node, item, What::Metadata, 0);
        if item.entry.kind != EntryKind::Directory {
            self.tree.set(node, Held::Other, Some(number));
        }
        Ok(())
    }

    pub(super) fn whiteout(&mut self, item: Item<'a>, parts: &Parts<'a>, name: &'a [u8]) -> Result<(), Error> {
        let is_opaque = name == OPAQUE;
        let mark = if is_opaque { What::OpaqueMark } else { What::Whiteout };
        let deleted = name.strip_prefix(WHITEOUT).unwrap_or_default();
        if matches!(deleted, b"" | b"." | b"..") {
            return self.refused(item, parts, mark, Why::BareWhiteout);
        }
        let way = self.way(item.entry.path, parts)?;
        let Some(parent) = way.end() else {
            return self.refused(item, parts, mark, Why::WhiteoutBelowFile);
        };
        let over = self.make(item, &way, true)?;
        let leads = way.through || over & Why::OverLink.bit() != 0;
        let below = over & Why::BelowWhiteout.bit();
        let why = below
            | if leads { Why::WhiteoutThroughLink.bit() } else { 0 }
            | if over & Why::OverFile.bit() != 0 { Why::WhiteoutBelowFile.bit() } else { 0 };
        let node = if is_opaque { parent } else { self.tree.child(parent, deleted)? };
        let own = self.tree.own(node).held;
        let ends_own = !is_opaque && !matches!(own, Held::Nothing | Held::Weak | Held::Whiteout);
        let marker = self.tree.child(parent, name)?;
        self.note(marker, item, mark, why | if ends_own { Why::WhiteoutAfter.bit() } else { 0 });
        if is_opaque {
            self.note(parent, item, What::Opaque, 0);
            self.tree.cover(parent);
            return Ok(());
        }
        self.remove(item, node);
        // The image spec has a whiteout delete only what lower layers have. Engines remove everything that is there by then,
        // also of its own layer, or refuse the layer.
        if own != Held::Whiteout {
            self.tree.set(node, Held::Whiteout, None);
        }
        Ok(())
    }
}
