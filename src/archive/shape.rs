//! archive -> Image. Tells an archive's layout, its root folder and its documents by the names in it.

use std::collections::BTreeMap;

use crate::layer::{EntryKind, FileIndex};

use super::paths::{Paths, parts};

/// The depth in folders at which a layout may lie.
const DEPTH: usize = 4;

/// The most folders with such files that are looked at.
const FOLDERS: usize = 10_000;

/// The files that an archive of images is known by, in one folder of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// The folder's name with a slash, or nothing.
    pub(super) prefix: Vec<u8>,
    pub(super) header: bool,
    pub(super) index: bool,
    pub(super) manifest: bool,
    pub(super) repositories: bool,
    pub(super) blobs: bool,
    /// True if there are folders with a `layer.tar`.
    pub(super) layers: bool,
}

impl Shape {
    /// The layout of an archive or folder, if there is one.
    pub(super) fn of(paths: &Paths<'_>, folder: bool) -> Option<Self> {
        let mut shapes: BTreeMap<Vec<u8>, Self> = BTreeMap::new();
        for (_, entry) in paths.sorted() {
            let names: Vec<&[u8]> = parts(entry.path).take(DEPTH + 4).collect();
            let Some((at, mark)) = mark(&names) else { continue };
            let prefix = names[..at].iter().flat_map(|part| [part, &b"/"[..]].concat()).collect::<Vec<u8>>();
            if shapes.len() >= FOLDERS && !shapes.contains_key(&prefix) {
                continue;
            }
            let shape = shapes.entry(prefix.clone()).or_insert_with(|| Self { prefix, ..Self::default() });
            mark(shape);
        }
        // A folder of a layer is no archive: all of its entries lie in that one folder. The folder itself (`./`)
        // and a global header do not count.
        let others = paths.sorted().filter(|(_, entry)| entry.kind != EntryKind::GlobalHeader);
        let mut sorted = others.filter_map(|(_, entry)| parts(entry.path).next());
        let first = sorted.next();
        let alone = first.is_some() && first == sorted.last().or(first);
        let fits = |shape: &&Self| {
            let reaches = folder || shape.prefix.is_empty() || alone && depth(shape) == 1;
            reaches && (shape.is_layout(folder) || shape.is_docker())
        };
        shapes.values().filter(fits).min_by_key(depth).cloned()
    }

    /// An OCI layout. A folder that the user picked may lack its blobs; in an archive `index.json` may be anything.
    pub(super) fn is_layout(&self, folder: bool) -> bool {
        self.header || self.index && (self.blobs || folder)
    }

    /// True if `docker save` writes this, or wrote it before Docker 1.10.
    pub(super) fn is_docker(&self) -> bool {
        self.manifest || self.is_old()
    }

    /// `docker save` as it was, which no current program reads.
    pub(super) fn is_old(&self) -> bool {
        self.repositories && self.layers
    }

    /// A name within the layout.
    pub(super) fn path(&self, name: &str) -> Vec<u8> {
        [&*self.prefix, name.as_bytes()].concat()
    }
}

/// True if a file has one of the names by which an archive of images is known. A link on the way to it changes only
/// the path before that name.
pub(super) fn may_be(index: &FileIndex) -> bool {
    index.iter().any(|entry| {
        let is_mark = |name: &[u8]| matches!(name, b"oci-layout" | b"index.json" | b"manifest.json" | b"repositories");
        let end = entry.path.len() - entry.path.iter().rev().take_while(|byte| **byte == b'/').count();
        entry.path[..end].rsplit(|byte| *byte == b'/').next().is_some_and(is_mark)
    })
}

fn depth(shape: &&Shape) -> usize {
    shape.prefix.iter().filter(|byte| **byte == b'/').count()
}

type Mark = fn(&mut Shape);

/// The number of parts of a name that are its folder, and the layout that it shows for that folder.
fn mark(names: &[&[u8]]) -> Option<(usize, Mark)> {
    let last = names.len().checked_sub(1)?;
    let own: Option<Mark> = match *names.last()? {
        b"oci-layout" => Some(|shape| shape.header = true),
        b"index.json" => Some(|shape| shape.index = true),
        b"manifest.json" => Some(|shape| shape.manifest = true),
        b"repositories" => Some(|shape| shape.repositories = true),
        _ => None,
    };
    if let Some(own) = own.filter(|_| last <= DEPTH) {
        return Some((last, own));
    }
    if names.ends_with(&[b"layer.tar"]) && (1..=DEPTH + 1).contains(&last) {
        return Some((last - 1, |shape| shape.layers = true));
    }
    let blobs = last.checked_sub(2).filter(|at| *at <= DEPTH && names[*at] == b"blobs")?;
    Some((blobs, |shape| shape.blobs = true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Entry;

    fn shape(paths: &[&str], folder: bool) -> Option<Shape> {
        let mut index = FileIndex::new();
        for path in paths {
            let kind = if path.ends_with('/') { EntryKind::Directory } else { EntryKind::File };
            index.push(&Entry::new(kind, path.as_bytes().to_vec())).unwrap();
        }
        Shape::of(&Paths::new(&index, folder), folder)
    }

    #[test]
    fn layouts_are_known_by_their_files_wherever_they_lie() {
        let found = shape(&["./img/index.json", "./img/oci-layout", "./img/blobs/sha256/00"], false).unwrap();
        assert_eq!((found.prefix.as_slice(), found.header, found.index, found.blobs), (&b"img/"[..], true, true, true));
        let folder = ["./", "./img/", "./img/index.json", "./img/oci-layout"];
        assert_eq!(shape(&folder, false).unwrap().prefix, b"img/");
        assert!(shape(&["manifest.json"], false).unwrap().is_docker());
        assert!(shape(&["repositories", "00/layer.tar"], false).unwrap().is_old());
        assert!(shape(&["index.json"], true).unwrap().is_layout(true));
    }

    #[test]
    fn the_files_of_a_layer_are_no_layout() {
        assert_eq!(shape(&["etc/passwd", "srv/www/index.json", "index.json", "repositories"], false), None);
        assert_eq!(shape(&[], false), None);
    }
}
