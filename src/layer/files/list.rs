//! The paths that answer a query as a tree with open and closed directories: which lines are visible.

use super::Found;
use super::event::{Event, What};
use super::places::Places;
use super::query::{Query, Sort};

/// The answer to a query.
#[derive(Default)]
pub(super) struct List {
    query: Query,
    /// The event that is shown, by place.
    shown: Vec<Option<Event>>,
    lines: Vec<Line>,
    /// Places that answer all but a regular expression.
    candidates: Vec<u32>,
    /// The visible lines, in order.
    visible: Vec<u32>,
    entries: u32,
    matched: u32,
}

/// The list's facts about a place.
#[derive(Clone, Copy, Default)]
pub(super) struct Line {
    /// True if it answers the query, or leads to a path that does.
    pub listed: bool,
    /// True if it answers the query.
    pub answers: bool,
    pub open: bool,
    /// The number of lines directly below.
    pub children: u32,
    /// Bytes of the files at and below the place that the view has.
    pub bytes: u64,
    /// The lowest layer of what is at or below the place.
    pub layer: u16,
}

impl List {
    /// An empty list in which these paths will be open.
    pub(super) fn opened(places: &Places, open: &[String]) -> Self {
        let mut lines = vec![Line::default(); places.len()];
        for id in open.iter().filter_map(|path| places.find(path)) {
            if let Some(line) = lines.get_mut(id as usize) {
                line.open = true;
            }
        }
        Self { lines, ..Self::default() }
    }

    /// The open directories, at most some hundreds, so "open all" is bounded.
    pub(super) fn open_paths(&self, places: &Places) -> Vec<String> {
        let open = places.iter().filter(|(id, _)| self.line(*id).open).take(500);
        open.map(|(id, _)| String::from_utf8_lossy(&places.path(id)).into_owned()).collect()
    }

    /// Takes a new query; `shown` is what its view has at each place, `size` the bytes of an entry that is a file.
    pub(super) fn ask(
        &mut self,
        places: &Places,
        query: &Query,
        shown: Vec<Option<Event>>,
        size: impl Fn(&Event) -> u64,
    ) {
        self.query = query.clone();
        self.shown = shown;
        self.candidates = self.matching(places);
        self.entries = count(self.shown.iter().flatten().filter(|event| event.what != What::Implied).count());
        self.lines.resize(places.len(), Line::default());
        for (line, event) in self.lines.iter_mut().zip(&self.shown) {
            let own = event.as_ref();
            *line = Line { bytes: own.map_or(0, &size), layer: own.map_or(u16::MAX, |event| event.layer), ..*line };
        }
        for (id, place) in places.iter().rev().filter(|(_, place)| place.depth > 0) {
            let below = self.line(id);
            if let Some(line) = self.lines.get_mut(place.parent as usize) {
                line.bytes = line.bytes.saturating_add(below.bytes);
                line.layer = line.layer.min(below.layer);
            }
        }
        self.select(places, |_| true);
    }

    /// Keeps of the candidates those with a byte that is not 0.
    pub(super) fn keep(&mut self, places: &Places, bits: &[u8]) -> Found {
        self.select(places, |at| bits.get(at).is_some_and(|bit| *bit != 0));
        self.found()
    }

    pub(super) fn toggle(&mut self, places: &Places, id: u32, open: bool) -> Found {
        if let Some(line) = self.lines.get_mut(id as usize) {
            line.open = open;
        }
        self.lay(places);
        self.found()
    }

    pub(super) fn open_all(&mut self, places: &Places, open: bool) -> Found {
        self.lines.iter_mut().for_each(|line| line.open = open);
        self.lay(places);
        self.found()
    }

    /// Opens what is above a place and gives the number of its line.
    pub(super) fn reveal(&mut self, places: &Places, id: u32) -> Option<u32> {
        if !self.line(id).listed {
            return None;
        }
        let mut at = id;
        while let Some(place) = places.get(at).filter(|place| place.depth > 0) {
            at = place.parent;
            self.lines.get_mut(at as usize)?.open = true;
        }
        self.lay(places);
        self.visible.iter().position(|line| *line == id).map(count)
    }

    pub(super) fn query(&self) -> &Query {
        &self.query
    }

    pub(super) fn line(&self, id: u32) -> Line {
        self.lines.get(id as usize).copied().unwrap_or_default()
    }

    pub(super) fn shown(&self, id: u32) -> Option<&Event> {
        self.shown.get(id as usize)?.as_ref()
    }

    pub(super) fn visible(&self, from: u32, to: u32) -> &[u32] {
        part(&self.visible, from, to)
    }

    pub(super) fn candidates(&self, from: u32, number: u32) -> &[u32] {
        part(&self.candidates, from, from.saturating_add(number))
    }

    /// The places that answer the query, in their order.
    pub(super) fn answers(&self) -> impl Iterator<Item = u32> {
        (0_u32..).zip(&self.lines).filter(|(_, line)| line.answers).map(|(id, _)| id)
    }

    pub(super) fn found(&self) -> Found {
        Found { total: count(self.visible.len()), matched: self.matched, entries: self.entries }
    }

    /// The places that answer the query.
    fn matching(&self, places: &Places) -> Vec<u32> {
        let finding = self.query.finding_bit();
        let mut test = self.query.path.as_ref().map(|filter| filter.test());
        let mut path = Vec::new();
        // The length of the path above each depth: a path is made by one name more.
        let mut lengths = vec![0];
        let mut found = Vec::new();
        for (id, place) in places.iter() {
            if test.is_some() && place.depth > 0 {
                lengths.truncate(place.depth as usize);
                path.truncate(lengths.last().copied().unwrap_or_default());
                if !path.is_empty() {
                    path.push(b'/');
                }
                path.extend_from_slice(places.name(id));
                lengths.push(path.len());
            }
            let takes = self.shown(id).is_some_and(|event| self.query.takes(event, finding));
            if takes && test.as_mut().is_none_or(|test| test(&path)) {
                found.push(id);
            }
        }
        found
    }

    /// Lists the candidates that are taken, and what leads to them.
    fn select(&mut self, places: &Places, takes: impl Fn(usize) -> bool) {
        let narrow = self.query.is_narrow();
        for line in &mut self.lines {
            *line = Line { listed: false, answers: false, children: 0, open: line.open && !narrow, ..*line };
        }
        self.matched = 0;
        for (at, id) in self.candidates.iter().enumerate() {
            // A directory without an entry is listed, and not counted.
            let is_entry = self.shown(*id).is_some_and(|event| event.what != What::Implied);
            if let Some(line) = self.lines.get_mut(*id as usize).filter(|_| takes(at)) {
                (line.listed, line.answers) = (true, true);
                self.matched += u32::from(is_entry);
            }
        }
        for (id, place) in places.iter().rev().filter(|(_, place)| place.depth > 0) {
            let listed = self.line(id).listed;
            if let Some(line) = self.lines.get_mut(place.parent as usize).filter(|_| listed) {
                // The root's own entry is a line only if the query takes it.
                line.listed |= place.depth > 1;
                line.children += 1;
                line.open |= narrow;
            }
        }
        self.lay(places);
    }

    /// Finds the visible lines anew.
    fn lay(&mut self, places: &Places) {
        let mut visible = Vec::new();
        // The root's own entry, then what lies in it; the root is always open.
        visible.extend(Some(0).filter(|_| self.line(0).listed && self.shown(0).is_some()));
        match self.query.sort {
            Sort::Name => self.lay_by_name(places, &mut visible),
            Sort::Size => self.lay_by_size(places, &mut visible),
        }
        self.visible = visible;
    }

    fn lay_by_name(&self, places: &Places, visible: &mut Vec<u32>) {
        let mut id = 1;
        while let Some(place) = places.get(id) {
            let line = self.line(id);
            visible.extend(Some(id).filter(|_| line.listed));
            id = if line.listed && line.open { id + 1 } else { place.end };
        }
    }

    fn lay_by_size(&self, places: &Places, visible: &mut Vec<u32>) {
        let by_size = |id: u32| {
            let mut children: Vec<u32> = places.children(id).filter(|child| self.line(*child).listed).collect();
            children.sort_by_key(|child| self.line(*child).bytes);
            children
        };
        let mut waiting = by_size(0);
        while let Some(id) = waiting.pop() {
            visible.push(id);
            if self.line(id).open {
                waiting.extend(by_size(id));
            }
        }
    }
}

fn part(ids: &[u32], from: u32, to: u32) -> &[u32] {
    let to = ids.len().min(to as usize);
    ids.get(from as usize..to).unwrap_or_default()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// True if an event is that of a directory.
pub(super) fn is_directory(event: &Event) -> bool {
    event.what.is_directory()
}
