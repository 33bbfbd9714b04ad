//! The tree that layers are applied to: what the layer under work has at each path, and what the ones below it left.

use std::collections::BTreeMap;

use super::way::{Parts, Way, target};
use crate::error::{Error, ErrorKind};
use crate::limits;

pub(super) const ROOT: u32 = 0;
const NONE: u32 = u32::MAX;
const NO_LAYER: u16 = u16::MAX;

/// The thing at a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Held {
    /// Nothing that this layer says.
    #[default]
    Nothing,
    /// A directory without an entry, because a whiteout lies in it.
    Weak,
    /// A directory without an entry, because something lies in it.
    Implied,
    Directory,
    /// A symbolic link.
    Link,
    /// Anything else.
    Other,
    /// A whiteout deleted it.
    Whiteout,
}

/// The state of a path in one layer, or in all layers below it.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub held: Held,
    layer: u16,
    /// True if the layer ends with it.
    stays: bool,
    /// Tells this directory from others that were at the same path before: what lay in those is gone.
    life: u32,
    /// The life of the directory in which it lies.
    above: u32,
    note: u32,
}

/// One path that any layer or any link names. A parent has a lower number than what is in it.
struct Node {
    parent: u32,
    own: State,
    lower: State,
    /// The last layers that delete it, and what is in it.
    removed: u16,
    opaque: u16,
}

/// All paths, by number.
pub(super) struct Tree<'a> {
    nodes: Vec<Node>,
    children: BTreeMap<(u32, &'a [u8]), u32>,
    layer: u16,
    lives: u32,
    /// The nodes that this layer says something of.
    touched: Vec<u32>,
    /// Names that were followed because links led to them.
    steps: usize,
}

impl Held {
    pub(super) fn is_directory(self) -> bool {
        matches!(self, Self::Directory | Self::Implied | Self::Weak)
    }
}

impl State {
    const NOTHING: Self =
        Self { held: Held::Nothing, layer: NO_LAYER, stays: false, life: NONE, above: NONE, note: NONE };

    /// The event that put it there.
    pub(super) fn note(&self) -> Option<u32> {
        (self.note != NONE).then_some(self.note)
    }
}

impl<'a> Tree<'a> {
    pub(super) fn new() -> Self {
        let root = State { held: Held::Implied, life: 0, above: 0, ..State::NOTHING };
        let node = Node { parent: ROOT, own: root, lower: root, removed: NO_LAYER, opaque: NO_LAYER };
        Self { nodes: vec![node], children: BTreeMap::new(), layer: 0, lives: 0, touched: Vec::new(), steps: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Parent, name and number of every path but the root, ordered by the first two.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &'a [u8], u32)> {
        self.children.iter().map(|((parent, name), node)| (*parent, *name, *node))
    }

    pub(super) fn begin(&mut self, layer: u16) {
        self.layer = layer;
        self.touched.clear();
        if let Some(root) = self.nodes.first_mut() {
            root.own = State { layer, stays: true, note: NONE, ..root.own };
        }
    }

    /// The node of a name in a directory.
    pub(super) fn child(&mut self, parent: u32, name: &'a [u8]) -> Result<u32, Error> {
        if let Some(node) = self.children.get(&(parent, name)) {
            return Ok(*node);
        }
        if self.nodes.len() >= limits::FILES_PATHS {
            let message = format!("the layers have more than {} paths together", limits::FILES_PATHS);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let node = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let (own, lower) = (State::NOTHING, State::NOTHING);
        self.nodes.push(Node { parent, own, lower, removed: NO_LAYER, opaque: NO_LAYER });
        self.children.insert((parent, name), node);
        Ok(node)
    }

    /// The node of a name in a directory, if it is there.
    pub(super) fn known(&self, parent: u32, name: &'a [u8]) -> Option<u32> {
        self.children.get(&(parent, name)).copied()
    }

    /// The node of a path as it is written.
    pub(super) fn literal(&mut self, names: &[&'a [u8]]) -> Result<u32, Error> {
        names.iter().try_fold(ROOT, |node, name| self.child(node, name))
    }

    /// The state of a node in this layer, whose parent is there.
    pub(super) fn own(&self, node: u32) -> State {
        let state = self.raw(node);
        if state.layer == self.layer && state.above == self.life_above(node) { state } else { State::NOTHING }
    }

    /// The state of the layers below at a node, if `above` is their state above it.
    pub(super) fn lower_below(&self, node: u32, above: &State) -> State {
        let Some(node) = self.nodes.get(node as usize) else { return State::NOTHING };
        let is_cut = node.removed == self.layer || self.is_opaque(node.parent);
        let is_there = above.held.is_directory() && node.lower.above == above.life;
        if is_there && !is_cut { node.lower } else { State::NOTHING }
    }

    pub(super) fn lower_root(&self) -> State {
        self.nodes.first().map_or(State::NOTHING, |root| root.lower)
    }

    /// Puts something to a node, whose parent is there.
    pub(super) fn set(&mut self, node: u32, held: Held, note: Option<u32>) {
        let (above, layer, life) = (self.life_above(node), self.layer, self.new_life());
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.own = State { held, layer, stays: false, life, above, note: note.unwrap_or(NONE) };
        }
        self.touched.push(node);
    }

    /// A directory of this layer is listed, after it was listed before or only implied: what is in it stays.
    pub(super) fn renote(&mut self, node: u32, note: u32) {
        self.own_mut(node, |own| (own.held, own.note) = (Held::Directory, note));
    }

    /// Something lies in a directory that whiteouts alone implied before.
    pub(super) fn strengthen(&mut self, node: u32) {
        self.own_mut(node, |own| own.held = Held::Implied);
    }

    /// A whiteout ends what the layers below have at a node.
    pub(super) fn remove(&mut self, node: u32) {
        let layer = self.layer;
        self.nodes.get_mut(node as usize).into_iter().for_each(|node| node.removed = layer);
        self.touched.push(node);
    }

    /// A marker ends what the layers below have in a directory.
    pub(super) fn cover(&mut self, node: u32) {
        let layer = self.layer;
        self.nodes.get_mut(node as usize).into_iter().for_each(|node| node.opaque = layer);
        self.touched.push(node);
    }

    /// True if the layer ends with what this event put to the node.
    pub(super) fn holds(&self, node: u32, note: u32) -> bool {
        let state = self.raw(node);
        state.layer == self.layer && state.stays && state.note == note
    }

    /// True if this event listed a directory there that the layer ends without, because of what happened above it.
    pub(super) fn is_replaced(&self, node: u32, note: usize) -> bool {
        let state = self.raw(node);
        let is_listed = state.layer == self.layer && state.held == Held::Directory;
        is_listed && !state.stays && state.note as usize == note
    }

    /// The directory above; none above the root.
    pub(super) fn parent(&self, node: u32) -> Option<u32> {
        self.nodes.get(node as usize).filter(|_| node != ROOT).map(|node| node.parent)
    }

    /// The layer is over: what it ends with is laid over what was below.
    pub(super) fn end(&mut self) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for number in touched {
            let Some(node) = self.nodes.get(number as usize) else { continue };
            let parent = (node.parent, self.raw(node.parent));
            let own = node.own;
            let is_root = number == ROOT;
            let is_current = own.layer == self.layer && own.held != Held::Nothing;
            let stays = is_root || is_current && own.above == parent.1.life && self.stays(parent.0);
            let lower = self.laid(number, stays);
            if let Some(node) = self.nodes.get_mut(number as usize) {
                node.own.stays = stays;
                node.lower = lower;
            }
        }
    }

    /// The state of a node once this layer is laid over the others; its parent has been laid before.
    fn laid(&mut self, number: u32, stays: bool) -> State {
        let Some(node) = self.nodes.get(number as usize) else { return State::NOTHING };
        let above = self.nodes.get(node.parent as usize).map_or(NONE, |parent| parent.lower.life);
        let (own, mut lower) = (node.own, node.lower);
        let (removed, opaque) = (node.removed == self.layer, node.opaque == self.layer);
        if number != ROOT && (removed || lower.above != above) {
            lower = State::NOTHING;
        }
        if opaque && lower.held.is_directory() {
            lower.life = self.new_life();
        }
        if !stays || number == ROOT {
            return lower;
        }
        match own.held {
            Held::Nothing | Held::Whiteout => State::NOTHING,
            held if held.is_directory() && lower.held.is_directory() => State { above, ..lower },
            held => State { held, life: self.new_life(), above, ..own },
        }
    }

    /// The way to a directory of this layer, by the names of a path.
    pub(super) fn way(&mut self, names: &[&'a [u8]], link: impl Fn(u32) -> &'a [u8]) -> Result<Way, Error> {
        let mut way = Way { nodes: vec![ROOT], ..Way::default() };
        // The number of nodes that are there.
        let mut there = 1;
        let mut links = 0;
        let mut left: Vec<&'a [u8]> = names.iter().rev().copied().collect();
        // The number of names that are left behind the target of the link that is being followed.
        let mut behind: Option<usize> = None;
        while let Some(name) = left.pop() {
            behind = behind.filter(|behind| left.len() >= *behind);
            if name == b".." {
                way.nodes.truncate(way.nodes.len().saturating_sub(1).max(1));
                there = there.min(way.nodes.len());
                continue;
            }
            let node = self.child(way.nodes.last().copied().unwrap_or(ROOT), name)?;
            let own = if there == way.nodes.len() { self.own(node) } else { State::NOTHING };
            match own.held {
                Held::Link => {
                    links += 1;
                    way.through = true;
                    way.links.push(node);
                    behind = behind.or(Some(left.len()));
                    if links > limits::PATH_LINKS {
                        way.blocked = true;
                        return Ok(way);
                    }
                    let (names, is_absolute) = target(own.note().map_or(b"", &link));
                    if is_absolute {
                        way.nodes.truncate(1);
                        there = 1;
                    }
                    self.spend(names.len())?;
                    left.extend(names.iter().rev());
                }
                Held::Other => {
                    way.blocked = true;
                    return Ok(way);
                }
                held => {
                    there += usize::from(held.is_directory());
                    way.dangling |= behind.is_some() && !held.is_directory();
                    way.nodes.push(node);
                    if !way.links.is_empty() && way.nodes.len() > limits::PATH_NAMES {
                        let message = format!("a path leads more than {} names deep over links", limits::PATH_NAMES);
                        return Err(Error::new(ErrorKind::LimitExceeded, message));
                    }
                }
            }
        }
        Ok(way)
    }

    /// The thing at a path in this layer over the others, and true if a lower layer has it. A link at its end is not
    /// followed.
    pub(super) fn target(
        &mut self,
        parts: &Parts<'a>,
        link: impl Fn(u32) -> &'a [u8],
    ) -> Result<Option<(State, bool)>, Error> {
        let root = (ROOT, true, self.lower_root());
        let mut stack = vec![root];
        let mut links = 0;
        let mut left: Vec<(&'a [u8], bool)> = parts.parent().iter().map(|name| (*name, false)).collect();
        left.extend(parts.name().map(|name| (name, true)));
        left.reverse();
        while let Some((name, is_last)) = left.pop() {
            let (above, has_own, lower) = stack.last().copied().unwrap_or(root);
            if name == b".." {
                stack.truncate(stack.len().saturating_sub(1).max(1));
                continue;
            }
            let Some(node) = self.children.get(&(above, name)).copied() else { return Ok(None) };
            let own = if has_own { self.own(node) } else { State::NOTHING };
            let lower = if own.held == Held::Whiteout { State::NOTHING } else { self.lower_below(node, &lower) };
            let is_lower = matches!(own.held, Held::Nothing);
            let state = if is_lower { lower } else { own };
            match state.held {
                Held::Link | Held::Other if is_last => return Ok(Some((state, is_lower))),
                // A device that overlay file systems take for a whiteout.
                Held::Whiteout if is_last && own.note().is_some() => return Ok(Some((own, false))),
                Held::Link => {
                    links += 1;
                    let (names, is_absolute) = target(state.note().map_or(b"", &link));
                    if links > limits::PATH_LINKS {
                        return Ok(None);
                    }
                    self.spend(names.len())?;
                    stack.truncate(if is_absolute { 1 } else { stack.len() });
                    left.extend(names.iter().rev().map(|name| (*name, false)));
                }
                held if held.is_directory() => stack.push((node, own.held.is_directory(), lower)),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    fn spend(&mut self, names: usize) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(names + 1);
        if self.steps > limits::LINK_STEPS {
            let message =
                format!("the paths of the layers lead through more than {} names of links", limits::LINK_STEPS);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        Ok(())
    }

    fn raw(&self, node: u32) -> State {
        self.nodes.get(node as usize).map_or(State::NOTHING, |node| node.own)
    }

    /// True if the layer ends with what it has put there.
    pub(super) fn stays(&self, node: u32) -> bool {
        let state = self.raw(node);
        state.layer == self.layer && state.stays
    }

    fn is_opaque(&self, node: u32) -> bool {
        self.nodes.get(node as usize).is_some_and(|node| node.opaque == self.layer)
    }

    fn life_above(&self, node: u32) -> u32 {
        self.nodes.get(node as usize).map_or(NONE, |node| self.raw(node.parent).life)
    }

    fn own_mut(&mut self, node: u32, change: impl FnOnce(&mut State)) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            change(&mut node.own);
        }
    }

    fn new_life(&mut self) -> u32 {
        self.lives = self.lives.saturating_add(1);
        self.lives
    }
}
