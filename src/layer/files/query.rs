//! Queries of the files, and which of their paths match.

use serde::Deserialize;

use super::event::{Change, Cuts, Event, What, walk};
use super::findings;
use super::places::Places;

/// A question for files and their order. As JavaScript gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Query {
    /// The view of the layers.
    pub view: View,
    /// The position of a layer: of [`View::Layer`] that one, of [`View::Image`] the topmost that counts.
    pub layer: Option<u32>,
    /// Only paths that the layer changed so; all if none is named.
    pub changes: Vec<Change>,
    /// Only such paths.
    pub path: Option<PathFilter>,
    /// Only paths with a finding of this id.
    pub finding: Option<String>,
    /// The order of what lies in one directory.
    pub sort: Sort,
}

/// A side of the layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// The file system that a container gets, whiteouts applied (image-spec, layer.md, "Applying Changesets").
    #[default]
    Image,
    /// The entries of one layer's tar, whiteouts included.
    Layer,
    /// Every path of every layer, deleted ones included.
    All,
}

/// An order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// By the bytes of the name.
    #[default]
    Name,
    /// By size, the largest first; of a directory that of the files below it.
    Size,
}

/// The pattern that a path is matched with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PathFilter {
    /// The kind of matching.
    pub how: Matching,
    /// The pattern.
    pub text: String,
    /// True if capital letters count.
    #[serde(default)]
    pub match_case: bool,
}

/// A way to match a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Matching {
    /// The path contains the text.
    Substring,
    /// `*`, `**`, `?`, `[…]` and `{…}`; without a slash the last name alone is held against it.
    Glob,
    /// By the caller: see [`Files::paths`](super::Files::paths) and [`Files::keep`](super::Files::keep).
    Regex,
}

/// Of every place the event that a view shows there; none if the view has no entry. Over all layers it is the last,
/// or the last with a `finding` that is looked for.
pub(super) fn shown(places: &Places, view: View, top: u16, layers: usize, finding: u64) -> Vec<Option<Event>> {
    let mut found = Vec::with_capacity(places.len());
    walk(places, layers, |id, cuts| {
        let events = places.events_of(id);
        let mut listed = events.iter().rev().filter(|event| event.what.is_listed());
        found.push(match view {
            View::Layer => listed.find(|event| event.layer == top).copied(),
            View::All => {
                listed.clone().find(|event| event.findings.get() & finding != 0).or_else(|| listed.next()).copied()
            }
            View::Image => seen(events, cuts, top).copied(),
        });
    });
    found
}

/// The event that a container sees with the layers up to `top`. A directory that higher layers only imply keeps its
/// own entry.
fn seen<'a>(events: &'a [Event], cuts: &Cuts<'_>, top: u16) -> Option<&'a Event> {
    let mut implied = None;
    let entries = events.iter().rev().filter(|event| event.layer <= top && event.what.is_entry() && !event.gone);
    for event in entries {
        if cuts.first(event.layer + 1..top + 1).is_some() {
            break;
        }
        match event.what {
            What::Implied => implied = Some(event),
            What::Directory => return Some(event),
            _ => return implied.or(Some(event)),
        }
    }
    implied
}

impl Query {
    /// True if an event answers all but the path.
    pub(super) fn takes(&self, event: &Event, finding: u64) -> bool {
        let change = self.change_of(event);
        if event.what == What::Implied {
            return !self.is_narrow();
        }
        (self.changes.is_empty() || self.changes.contains(&change))
            && (self.finding.is_none() || event.findings.get() & finding != 0)
    }

    /// The bit of the finding that is looked for.
    pub(super) fn finding_bit(&self) -> u64 {
        self.finding.as_deref().map_or(0, findings::bit)
    }

    /// Over all layers a path that is gone in the end counts as removed.
    pub(super) fn change_of(&self, event: &Event) -> Change {
        if self.view == View::All && event.later.is_some() { Change::Removed } else { event.change }
    }

    /// True if more than view and order is asked.
    pub(super) fn is_narrow(&self) -> bool {
        !self.changes.is_empty() || self.path.is_some() || self.finding.is_some()
    }
}

impl PathFilter {
    /// A test for paths that is prepared once.
    pub(super) fn test(&self) -> impl FnMut(&[u8]) -> bool + use<> {
        let Self { how, match_case, .. } = *self;
        let wanted = folded(self.text.as_bytes(), match_case);
        let glob = wanted.strip_prefix(b"/").unwrap_or(&wanted).to_vec();
        let whole = wanted.contains(&b'/');
        move |path: &[u8]| match how {
            Matching::Regex => true,
            Matching::Substring => contains(&folded(path, match_case), &wanted),
            Matching::Glob => {
                let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
                fast_glob::glob_match(&glob, folded(if whole { path } else { name }, match_case))
            }
        }
    }
}

fn folded(text: &[u8], match_case: bool) -> Vec<u8> {
    match std::str::from_utf8(text) {
        _ if match_case => text.to_vec(),
        Ok(text) if !text.is_ascii() => text.to_lowercase().into_bytes(),
        _ => text.to_ascii_lowercase(),
    }
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    wanted.is_empty() || text.windows(wanted.len()).any(|window| window == wanted)
}
