//! The findings that only applying a layer shows.

use super::super::EntryRef;
use super::super::row::shown;
use super::own::RULES;

/// The findings about an entry by its headers and by its place in the image.
pub(super) type Sentence = fn(&EntryRef<'_>, &str) -> String;

/// The findings about an entry from applying its layer, in the order of [`Why`]; the bits follow those of the rules.
pub(super) const APPLIED: [(&str, Sentence); 20] = [
    ("through-link", through_link),
    ("over-link", over_link),
    ("over-file", over_file),
    ("below-file", below_file),
    ("duplicate", duplicate),
    ("whiteout-through-link", whiteout_through_link),
    ("whiteout-below-file", whiteout_below_file),
    ("below-whiteout", below_whiteout),
    ("bare-whiteout", bare_whiteout),
    ("hard-link-target", no_target),
    ("lower-hard-link", lower_target),
    ("root-entry", root_entry),
    ("long-name", long_name),
    ("long-path", long_path),
    ("whiteout-after", whiteout_after),
    ("global-header", global_header),
    ("hard-link-header", link_header),
    ("dangling-link", dangling_link),
    ("opaque-after", opaque_after),
    ("directory-replaced", replaced),
];

/// A reason to report an entry that only applying its layer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Why {
    /// Its path leads through a symbolic link of its own layer.
    ThroughLink,
    /// Its path leads through a symbolic link of a lower layer, where overlay file systems make a directory.
    OverLink,
    /// Its path leads through something else of a lower layer that is no directory.
    OverFile,
    /// Its path leads through something of its own layer that is no directory.
    BelowFile,
    /// The layer has the path before.
    Twice,
    /// The same for the path of a whiteout.
    WhiteoutThroughLink,
    /// The same for the path of a whiteout.
    WhiteoutBelowFile,
    /// It lies in a directory that its layer deletes.
    BelowWhiteout,
    /// A whiteout that names no file.
    BareWhiteout,
    /// A hard link to nothing.
    NoTarget,
    /// A hard link to a file of a lower layer.
    LowerTarget,
    /// The root, as something else than a directory.
    Root,
    /// A name that no file system takes.
    LongName,
    /// A path that Linux does not take.
    LongPath,
    /// A whiteout of what its own layer has before.
    WhiteoutAfter,
    /// A global header that names a path.
    GlobalHeader,
    /// A hard link that gives its file another owner or mode.
    LinkHeader,
    /// Its path leads through a symbolic link of its own layer to nothing, or to the place of that link itself.
    DanglingLink,
    /// An opaque marker after entries of its layer of which podman with vfs deletes some.
    OpaqueAfter,
    /// A directory that is not there any more when its layer ends.
    Replaced,
}

impl Why {
    pub(in super::super) fn bit(self) -> u64 {
        1 << (RULES.len() + self as usize)
    }
}

fn written(entry: &EntryRef<'_>) -> String {
    format!("the path in the archive, \"{}\",", shown(entry.path))
}

fn through_link(entry: &EntryRef<'_>, path: &str) -> String {
    format!("{} leads through a symbolic link of this layer to {path}", written(entry))
}

fn over_link(entry: &EntryRef<'_>, _: &str) -> String {
    let other = "tools that unpack all layers into one directory write through the link";
    format!(
        "{} leads through a symbolic link of a lower layer: Docker and containerd put a directory in its place, {other}",
        written(entry)
    )
}

fn over_file(entry: &EntryRef<'_>, _: &str) -> String {
    let other = "tools that unpack all layers into one directory refuse it";
    format!(
        "{} leads below a file of a lower layer: Docker and containerd put a directory in its place, {other}",
        written(entry)
    )
}

fn below_file(entry: &EntryRef<'_>, _: &str) -> String {
    format!("{} leads below a file, or through links without end: container engines refuse the layer", written(entry))
}

fn duplicate(_: &EntryRef<'_>, path: &str) -> String {
    format!("the layer has {path} more than once: the last one counts")
}

fn whiteout_through_link(entry: &EntryRef<'_>, _: &str) -> String {
    format!("{} is a whiteout that leads through a symbolic link: engines differ in what it deletes", written(entry))
}

fn whiteout_below_file(entry: &EntryRef<'_>, _: &str) -> String {
    format!("{} is a whiteout below a file: Docker and podman refuse the layer", written(entry))
}

fn below_whiteout(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "{} lies in a directory that a whiteout before it deletes: Docker and podman refuse the layer",
        written(entry)
    )
}

fn bare_whiteout(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "{} is a whiteout without a name: podman deletes the directory around it, others refuse the layer",
        written(entry)
    )
}

fn no_target(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "a hard link to \"{}\", which is not there before it: container engines refuse the layer",
        shown(entry.link)
    )
}

fn lower_target(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "a hard link to \"{}\" of a lower layer: engines with overlay file systems refuse it, others link to it",
        shown(entry.link)
    )
}

fn root_entry(entry: &EntryRef<'_>, _: &str) -> String {
    format!("{} is the root, and no directory: container engines refuse the layer or leave it out", written(entry))
}

fn long_name(_: &EntryRef<'_>, _: &str) -> String {
    "a name of more than 255 bytes: container engines refuse the layer".to_owned()
}

fn long_path(_: &EntryRef<'_>, _: &str) -> String {
    "a path of more than 4094 bytes: container engines refuse the layer".to_owned()
}

fn whiteout_after(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "{} is a whiteout of what its own layer has before: engines with overlay file systems refuse the layer, others \
         delete that, too",
        written(entry)
    )
}

fn global_header(entry: &EntryRef<'_>, path: &str) -> String {
    format!(
        "a PAX global header names {}: engines make the directories above {path} and remove what the layer has there, tools \
         that unpack all layers into one directory also what lower ones have",
        shown(entry.path)
    )
}

fn dangling_link(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "{} leads through a symbolic link to what the layer does not have by then, or whose place it takes: Docker and \
         podman refuse the layer, containerd and umoci take it",
        written(entry)
    )
}

fn opaque_after(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "{} makes a directory opaque after the layer has put something into it through a link or into a directory without \
         an entry: podman with vfs deletes that or refuses the layer, overlay file systems and umoci keep it",
        written(entry)
    )
}

fn replaced(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "{} is a directory, and gone when the layer ends: Docker, containerd and podman refuse the layer, umoci takes it",
        written(entry)
    )
}

fn link_header(entry: &EntryRef<'_>, _: &str) -> String {
    format!(
        "a hard link with another mode or owner than its file: for Docker, podman and containerd all names have those of \
         the last one, {:04o} and {}:{}",
        entry.mode, entry.uid, entry.gid
    )
}
