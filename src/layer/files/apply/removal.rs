//! Entries that are no files: whiteouts, and what AUFS or Windows keep beside the root.

use super::super::EntryKind;
use super::super::event::What;
use super::super::findings::Why;
use super::super::tree::{Held, ROOT};
use super::super::way::Parts;
use super::{Applier, Item, OPAQUE, WHITEOUT};
use crate::error::Error;

impl<'a> Applier<'a, '_> {
    /// AUFS' own files in the root of a layer, or those of Windows beside its root: never a file of the image, but hard
    /// links may lead to it.
    pub(super) fn metadata(&mut self, item: Item<'a>, parts: &Parts<'a>) -> Result<(), Error> {
        let mut node = ROOT;
        for name in &parts.names {
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
        let number = self.note(marker, item, mark, why | if ends_own { Why::WhiteoutAfter.bit() } else { 0 });
        if is_opaque {
            self.marked(item, parent, number);
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
