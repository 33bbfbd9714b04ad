//! The tree of all paths of all layers, as one list in which a directory stands before what is in it.

use super::event::Event;
use super::tree::{ROOT, Tree};

/// One path, whichever layers have it. Places stand in depth-first order: those below one follow it up to its `end`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub parent: u32,
    pub end: u32,
    /// 0 for the root.
    pub depth: u32,
    name_at: u32,
    name_length: u32,
    /// The start of its events; they end at the start of the next place's events.
    events: u32,
}

/// All paths with what the layers say of them.
#[derive(Debug, Default)]
pub(super) struct Places {
    list: Vec<Place>,
    names: Vec<u8>,
    pub events: Vec<Event>,
}

impl Places {
    /// The places of these paths, with the events that belong to each in the order in which they came.
    pub(super) fn of(tree: &Tree<'_>, events: &[(u32, Event)]) -> Self {
        let children: Vec<(u32, &[u8], u32)> = tree.iter().collect();
        // The start of each node's children: they stand together, by name.
        let mut first = vec![u32::MAX; tree.len()];
        for (at, (parent, _, _)) in (0_u32..).zip(&children) {
            if let Some(first) = first.get_mut(*parent as usize).filter(|first| **first == u32::MAX) {
                *first = at;
            }
        }
        let mut places = Self::default();
        let mut ids = vec![0_u32; tree.len()];
        let mut open: Vec<(u32, u32)> = vec![(places.push(0, 0, b""), first.first().copied().unwrap_or(u32::MAX))];
        let mut nodes = vec![ROOT];
        while let (Some((id, next)), Some(node)) = (open.last_mut(), nodes.last().copied()) {
            let child = children.get(*next as usize).filter(|(parent, _, _)| *parent == node);
            let Some((_, name, child)) = child else {
                let id = *id;
                places.end(id);
                open.pop();
                nodes.pop();
                continue;
            };
            *next += 1;
            let parent = *id;
            let id = places.push(parent, u32::try_from(open.len()).unwrap_or(u32::MAX), name);
            if let Some(known) = ids.get_mut(*child as usize) {
                *known = id;
            }
            open.push((id, first.get(*child as usize).copied().unwrap_or(u32::MAX)));
            nodes.push(*child);
        }
        places.sort(events, &ids);
        places
    }

    /// Brings the events to their places.
    fn sort(&mut self, events: &[(u32, Event)], ids: &[u32]) {
        let place = |node: u32| ids.get(node as usize).copied().unwrap_or(0) as usize;
        for (node, _) in events {
            // One place further: the sum up to a place is where its own begin.
            if let Some(place) = self.list.get_mut(place(*node) + 1) {
                place.events += 1;
            }
        }
        let mut before = 0;
        for place in &mut self.list {
            before += place.events;
            place.events = before;
        }
        let mut next: Vec<u32> = self.list.iter().map(|place| place.events).collect();
        let Some((_, any)) = events.first() else { return };
        self.events = vec![*any; events.len()];
        for (node, event) in events {
            let Some(next) = next.get_mut(place(*node)) else { continue };
            if let Some(slot) = self.events.get_mut(*next as usize) {
                *slot = *event;
            }
            *next += 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, id: u32) -> Option<&Place> {
        self.list.get(id as usize)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &Place)> {
        (0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)).zip(&self.list)
    }

    pub(super) fn name(&self, id: u32) -> &[u8] {
        let named =
            self.get(id).and_then(|place| self.names.get(place.name_at as usize..)?.get(..place.name_length as usize));
        named.unwrap_or_default()
    }

    /// The range of a place's events.
    pub(super) fn range(&self, id: u32) -> std::ops::Range<usize> {
        let from = |id: u32| self.get(id).map_or(self.events.len(), |place| place.events as usize);
        from(id)..from(id.saturating_add(1))
    }

    /// The events of the layers at a place, the lowest first.
    pub(super) fn events_of(&self, id: u32) -> &[Event] {
        self.events.get(self.range(id)).unwrap_or_default()
    }

    /// The places directly below a place, by name.
    pub(super) fn children(&self, id: u32) -> impl Iterator<Item = u32> {
        let end = self.get(id).map_or(0, |place| place.end);
        let mut next = id.saturating_add(1);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.get(child)?.end.max(child + 1);
            Some(child)
        })
    }

    /// The path without a slash at either end; empty for the root.
    pub(super) fn path(&self, id: u32) -> Vec<u8> {
        let mut names = Vec::new();
        let mut at = id;
        while let Some(place) = self.get(at).filter(|place| place.depth > 0) {
            names.push(self.name(at));
            at = place.parent;
        }
        names.reverse();
        names.join(&b'/')
    }

    /// The place of a path as it is shown, that is with what is no UTF-8 replaced.
    pub(super) fn find(&self, path: &str) -> Option<u32> {
        let mut components = path.split('/').filter(|name| !matches!(*name, "" | "."));
        components
            .try_fold(0, |at, name| self.children(at).find(|child| String::from_utf8_lossy(self.name(*child)) == name))
    }

    fn push(&mut self, parent: u32, depth: u32, name: &[u8]) -> u32 {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let id = narrow(self.list.len());
        let (name_at, name_length) = (narrow(self.names.len()), narrow(name.len()));
        self.names.extend_from_slice(name);
        self.list.push(Place { parent, end: id + 1, depth, name_at, name_length, events: 0 });
        id
    }

    fn end(&mut self, id: u32) {
        let end = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        if let Some(place) = self.list.get_mut(id as usize) {
            place.end = end;
        }
    }
}
