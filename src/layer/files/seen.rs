//! The paths that a container sees, in depth-first order, for those who hold two images against each other.

use super::event::What;
use super::query::{self, View};
use super::{EntryRef, Files};
use crate::error::Error;

/// One path of the file system that a container gets.
pub(crate) struct Seen<'a> {
    /// Without a slash at either end; empty for the root.
    pub(crate) path: &'a [u8],
    /// The number of directories above it; 0 for the root.
    pub(crate) depth: u32,
    /// Its headers, of a hard link with the size and the content of its target; none of a directory that no layer lists.
    pub(crate) entry: Option<EntryRef<'a>>,
    /// The position of the layer that brought it, and the number of its entry there.
    pub(crate) from: (u32, u32),
    /// Of a hard link: where its content is.
    pub(crate) content: Option<(u32, u32)>,
}

impl Files {
    /// Visits every path of the image, directories before what is in them, by name.
    ///
    /// # Errors
    /// `limit-exceeded` if the layers have more paths together than are kept.
    pub(crate) fn each_seen(&mut self, mut visit: impl FnMut(&Seen<'_>)) -> Result<(), Error> {
        self.build()?;
        let top = u16::try_from(self.layers.len().saturating_sub(1)).unwrap_or(u16::MAX - 1);
        let shown = query::shown(&self.places, View::Image, top, self.layers.len(), 0);
        let mut path: Vec<u8> = Vec::new();
        // The length of the path of each directory above.
        let mut above: Vec<usize> = Vec::new();
        for ((id, place), event) in self.places.iter().zip(&shown) {
            let depth = place.depth as usize;
            above.truncate(depth);
            path.truncate(above.last().copied().unwrap_or(0));
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(self.places.name(id));
            above.push(path.len());
            let Some(event) = event else {
                if place.depth == 0 {
                    visit(&Seen { path: b"", depth: 0, entry: None, from: (u32::MAX, 0), content: None });
                }
                continue;
            };
            let own = if event.what == What::Implied { self.like(event) } else { self.entry(event, top) };
            visit(&Seen {
                path: &path,
                depth: place.depth,
                entry: own,
                from: (self.position(event.layer), event.at),
                content: self.content_of(event.layer, event.at).map(|content| (content.layer, content.at)),
            });
        }
        Ok(())
    }
}
