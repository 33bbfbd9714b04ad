//! The directories above an entry: the way to them, and those that the entry makes.

use std::rc::Rc;

use super::super::event::What;
use super::super::findings::Why;
use super::super::tree::{Held, State};
use super::super::way::{Parts, Way, above};
use super::links::link_of;
use super::{Applier, Item, Last};
use crate::error::Error;

impl<'a> Applier<'a, '_> {
    /// The way to the parent of an entry.
    pub(super) fn way(&mut self, path: &'a [u8], parts: &Parts<'a>) -> Result<Rc<Way>, Error> {
        if let Some(last) = &self.last
            && Some(last.path) == above(path)
        {
            return Ok(Rc::clone(&last.way));
        }
        let Self { layers, events, contents, tree, .. } = self;
        tree.way(parts.parent(), |number| link_of(layers, events, contents, number)).map(Rc::new)
    }

    /// Makes the directories on a way that are not there yet; which of them replace something is a finding. Chains of links
    /// make ways of many names, so a way that the entry before has made is not walked again.
    pub(super) fn make(&mut self, item: Item<'a>, way: &Rc<Way>, is_weak: bool) -> Result<u64, Error> {
        if self.last.as_ref().is_some_and(|last| Rc::ptr_eq(&last.way, way) && (is_weak || !last.is_weak)) {
            return Ok(0);
        }
        let mut why = 0;
        let held = if is_weak { Held::Weak } else { Held::Implied };
        let mut lower = Some(self.tree.lower_root());
        for node in way.nodes.iter().skip(1).copied() {
            lower = lower.filter(|state| state.held.is_directory()).map(|above| self.tree.lower_below(node, &above));
            let own = self.tree.own(node);
            if own.held == Held::Weak && !is_weak {
                self.tree.strengthen(node);
            }
            if own.held.is_directory() {
                continue;
            }
            why |= match lower.map(|state| state.held) {
                _ if own.held == Held::Whiteout => Why::BelowWhiteout.bit(),
                Some(Held::Link) => Why::OverLink.bit(),
                Some(Held::Other) => Why::OverFile.bit(),
                _ => 0,
            };
            let number = self.note(node, item, What::Implied, 0);
            let like = lower.filter(|_| own.held != Held::Whiteout).and_then(|state| self.directory_of(&state));
            if let (Some((layer, at)), Some((_, event))) = (like, self.events.last_mut()) {
                (event.like, event.at) = (Some(layer), at);
            }
            self.tree.set(node, held, Some(number));
            self.unlisted(item, node);
        }
        self.last = above(item.entry.path).map(|path| Last { path, way: Rc::clone(way), is_weak });
        Ok(why)
    }

    /// Finds the directories of the layer that are gone at its end: engines set their times then, and fail. A link that
    /// stands in the place of one above may lead to such a directory.
    pub(super) fn replaced(&mut self, from: usize) -> Result<(), Error> {
        for number in from..self.events.len() {
            let Some((node, event)) = self.events.get(number).copied() else { continue };
            let is_gone = event.what == What::Directory && self.tree.is_replaced(node, number);
            let entry = self.layers.get(usize::from(event.layer)).and_then(|index| index.get(event.at as usize));
            let Some(entry) = entry.filter(|_| is_gone) else { continue };
            let Self { layers, events, contents, tree, .. } = self;
            let parts = Parts::of(entry.path, self.windows);
            let way = tree.way(&parts.names, |number| link_of(layers, events, contents, number))?;
            let is_there = way.end().is_some_and(|end| self.tree.own(end).held.is_directory());
            if let Some((_, event)) = self.events.get_mut(number).filter(|_| !is_there) {
                event.findings = (event.findings.get() | Why::Replaced.bit()).into();
            }
        }
        Ok(())
    }

    /// Layer and number of the entry of a directory, of one that is only implied those of the one that it is like.
    pub(super) fn directory_of(&self, state: &State) -> Option<(u16, u32)> {
        let (_, event) = self.events.get(state.note()? as usize)?;
        match event.what {
            What::Directory => Some((event.layer, event.at)),
            What::Implied => event.like.map(|layer| (layer, event.at)),
            _ => None,
        }
    }
}
