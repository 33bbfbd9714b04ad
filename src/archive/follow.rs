//! archive -> Image. From a name to the bytes that it leads to: links followed, within the archive, bounded.

use crate::layer::{EntryKind, EntryRef};
use crate::limits;

use super::landing::{cleaned, is_above};
use super::paths::{Found, Paths, Trouble, parts, shown};

/// The most links that are followed one after the other: `docker save` makes one.
const LINKS: usize = 16;

impl<'a> Paths<'a> {
    /// The bytes of the file of that name, links followed.
    pub(super) fn file(&self, path: &[u8]) -> Result<Found, Trouble> {
        let unusable = |what: &str| Err(Trouble::Unusable(what.to_owned()));
        let mut left = cleaned(path);
        // Nothing lands below a link: a file with the very name is that file.
        if let Some(at) = self.find(&left).0
            && let Some(entry) = self.index.get(at).filter(|entry| entry.kind == EntryKind::File)
        {
            return usable(at, &entry, Vec::new(), Vec::new());
        }
        let (mut via, mut links) = (Vec::new(), Vec::new());
        let mut done: Vec<&[u8]> = Vec::new();
        left.reverse();
        let mut end = None;
        while let Some(part) = left.pop() {
            if part == b".." {
                if done.pop().is_none() {
                    return Err(self.out(links.last().copied()));
                }
                continue;
            }
            done.push(part);
            if !self.spend(done.len()) {
                return unusable("is behind links of more names than are followed");
            }
            let (at, is_there) = self.find(&done);
            if !is_there {
                return Err(self.absent(links.last().copied()));
            }
            end = at;
            let Some(entry) = at.and_then(|at| self.content(at)) else { continue };
            if entry.kind == EntryKind::HardLink {
                links.extend(at);
                let is_out = entry.link.first() == Some(&b'/') || is_above(entry.link);
                return Err(if is_out { self.out(at) } else { self.absent(at) });
            }
            if entry.kind != EntryKind::Symlink {
                continue;
            }
            links.extend(at);
            via.push(shown(entry.link));
            if entry.link.first() == Some(&b'/') {
                return Err(self.out(links.last().copied()));
            }
            if links.len() > LINKS || !self.spend(entry.link.len() / 2) {
                return Err(Trouble::Unusable(format!("is a link that leads on over more than {LINKS} links")));
            }
            done.pop();
            let from = left.len();
            left.extend(parts(entry.link));
            left[from..].reverse();
            end = None;
        }
        let Some(at) = end.filter(|_| !done.is_empty()) else {
            return if done.is_empty() && links.is_empty() { Err(Trouble::Absent) } else { unusable("is no file") };
        };
        let Some(entry) = self.content(at) else { return Err(Trouble::Absent) };
        let content = self.landed.linked.get(&narrow(at)).copied().flatten();
        if let Some(content) = content {
            links.push(at);
            via.extend(self.index.get(at).map(|link| shown(link.link)));
            return usable(content as usize, &entry, via, links);
        }
        usable(at, &entry, via, links)
    }

    /// The entry with what that one holds: of a hard link the one that it was made to, if it leads to one.
    fn content(&self, at: usize) -> Option<EntryRef<'a>> {
        let content = self.landed.linked.get(&narrow(at)).copied().flatten();
        self.index.get(content.map_or(at, |content| content as usize))
    }

    /// The trouble of a name that is not there; `link` led to it.
    fn absent(&self, link: Option<usize>) -> Trouble {
        let Some(link) = link.and_then(|at| self.content(at)) else { return Trouble::Absent };
        Trouble::Unusable(format!("is a link to {}, which is not there", shown(link.link)))
    }

    /// The trouble of a link that leads out.
    fn out(&self, link: Option<usize>) -> Trouble {
        let Some(link) = link.and_then(|at| self.content(at)) else { return Trouble::Absent };
        Trouble::Unusable(format!("is a link out of the archive, to {}", shown(link.link)))
    }

    /// Takes so many more names from the budget; false if it is spent. Each name of a link counts as two bytes.
    fn spend(&self, names: usize) -> bool {
        let steps = self.steps.get();
        let is_left = steps <= limits::LINK_STEPS;
        self.steps.set(if is_left { steps + names + 1 } else { steps });
        is_left
    }
}

fn usable(at: usize, entry: &EntryRef<'_>, via: Vec<String>, links: Vec<usize>) -> Result<Found, Trouble> {
    match entry.kind {
        EntryKind::File if entry.sparse => Err(Trouble::Unusable("is a sparse file, which is not read".to_owned())),
        EntryKind::File => Ok(Found { at, via, links }),
        _ => Err(Trouble::Unusable("is no file".to_owned())),
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
