//! Paths of a tar, name by name, and the way that one leads below the root of its layer.

/// The prefix of what AUFS kept in its layers beside the files (`.wh..wh.aufs`, `.wh..wh.plnk`, `.wh..wh.orph`).
const METADATA: &[u8] = b".wh..wh.";

/// The folder of a Windows layer that is the root of its files; registry hives and a virtual machine lie beside it.
const WINDOWS_ROOT: &[u8] = b"Files";

/// A path as Go's `filepath.Clean` leaves it: `x/../y` is `y` for any `x`, and `..` never leads above the root.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    pub names: Vec<&'a [u8]>,
    /// True if it lies beside the root of a Windows layer.
    pub beside: bool,
}

/// The nodes from the root to the directory that a path leads to; they need not be there yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    pub nodes: Vec<u32>,
    /// True if it leads through a symbolic link of its own layer.
    pub through: bool,
    /// The nodes of these links.
    pub links: Vec<u32>,
    /// True if such a link leads to nothing that the layer has by then.
    pub dangling: bool,
    /// True if it leads through something that is no directory, or through too many links.
    pub blocked: bool,
}

impl<'a> Parts<'a> {
    pub(super) fn of(path: &'a [u8], windows: bool) -> Self {
        let mut names: Vec<&[u8]> = Vec::new();
        for name in pieces(path) {
            if name == b".." {
                names.pop();
            } else {
                names.push(name);
            }
        }
        let is_within = names.first() == Some(&WINDOWS_ROOT);
        if windows && is_within {
            names.remove(0);
        }
        Self { beside: windows && !is_within && !names.is_empty(), names }
    }

    /// The last name; none for the root.
    pub(super) fn name(&self) -> Option<&'a [u8]> {
        self.names.last().copied()
    }

    /// Its length in bytes, without a slash before it.
    pub(super) fn bytes(&self) -> usize {
        self.names.iter().map(|name| name.len() + 1).sum::<usize>().saturating_sub(1)
    }

    /// The names above the last one.
    pub(super) fn parent(&self) -> &[&'a [u8]] {
        self.names.split_last().map_or(&[], |(_, above)| above)
    }
}

impl Way {
    /// The directory; none if nothing can lie there.
    pub(super) fn end(&self) -> Option<u32> {
        self.nodes.last().copied().filter(|_| !self.blocked)
    }
}

/// The names of a path as Go's `filepath.Clean` leaves them, and whether it begins at the root: two entries of a layer
/// with the same are one path twice for Docker and podman.
pub(super) fn cleaned<'a>(path: &'a [u8], names: &mut Vec<&'a [u8]>) -> bool {
    let is_rooted = path.first() == Some(&b'/');
    names.clear();
    for name in pieces(path) {
        if name != b".." {
            names.push(name);
        } else if names.last().is_some_and(|last| *last != b"..") {
            names.pop();
        } else if !is_rooted {
            names.push(name);
        }
    }
    is_rooted
}

/// True if the path is one of AUFS' own files: they lie in the root of a layer. Docker and podman compare the text of the
/// path, so `/` or `..` before the name make it a name like any other.
pub(super) fn is_metadata(path: &[u8], parts: &Parts<'_>) -> bool {
    let is_mark =
        |name: &&&[u8]| name.starts_with(METADATA) && (parts.names.len() > 1 || **name != super::apply::OPAQUE);
    let Some(mark) = parts.names.first().filter(is_mark) else { return false };
    let mut names = Vec::new();
    !cleaned(path, &mut names) && names.first() == Some(mark)
}

/// True if AUFS kept such names for its own files, wherever they lie. The marker of an opaque directory is no such name.
pub(super) fn has_mark(path: &[u8]) -> bool {
    let mut names = pieces(path).peekable();
    while let Some(name) = names.next() {
        if name.starts_with(METADATA) && (name != super::apply::OPAQUE || names.peek().is_some()) {
            return true;
        }
    }
    false
}

/// True if engines differ in such an entry of the root: some show what lies below it, and take other names for whiteouts.
/// The names that AUFS itself had stand for nothing in any engine.
pub(super) fn is_doubtful_metadata(path: &[u8]) -> bool {
    let parts = Parts::of(path, false);
    let is_own = |name: &&[u8]| matches!(name.strip_prefix(METADATA), Some(b"aufs" | b"plnk" | b"orph"));
    is_metadata(path, &parts) && !(parts.names.len() == 1 && parts.names.iter().all(is_own))
}

/// True if a layer has only the folders that a Windows layer has, and if one of them is found nowhere else.
pub(super) fn is_windows<'a>(paths: impl Iterator<Item = &'a [u8]>) -> Option<bool> {
    let mut marked = false;
    for path in paths {
        match pieces(path).next() {
            None | Some(WINDOWS_ROOT) => {}
            Some(b"Hives" | b"UtilityVM") => marked = true,
            Some(_) => return None,
        }
    }
    Some(marked)
}

/// The path above the last name, as it is written; none if the last name is no name of a file.
pub(super) fn above(path: &[u8]) -> Option<&[u8]> {
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    let path = path.get(..end)?;
    let start = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    let name = path.get(start..)?;
    (!matches!(name, b"" | b"." | b"..")).then(|| path.get(..start)).flatten()
}

/// The names of a link's target in the order in which they are followed; true if it begins at the root. Of a relative
/// one containerd cleans the text before it follows it.
pub(super) fn target(link: &[u8]) -> (Vec<&[u8]>, bool) {
    if link.first() == Some(&b'/') {
        return (pieces(link).collect(), true);
    }
    let mut names: Vec<&[u8]> = Vec::new();
    for name in pieces(link) {
        if name == b".." && names.last().is_some_and(|last| *last != b"..") {
            names.pop();
        } else {
            names.push(name);
        }
    }
    (names, false)
}

/// True for the path itself and all below it.
pub(crate) fn within(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The target of a symbolic link by its text alone, from the root of the image.
pub(crate) fn resolved(link: &str, target: &str) -> String {
    let above = if target.starts_with('/') { "" } else { link.rsplit_once('/').map_or("", |(above, _)| above) };
    let whole = format!("{above}/{target}");
    let names = Parts::of(whole.as_bytes(), false).names;
    String::from_utf8_lossy(&names.join(&b'/')).into_owned()
}

fn pieces(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|name| !matches!(*name, b"" | b"."))
}
