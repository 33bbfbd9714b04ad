//! Files that name images: Dockerfiles, compose files, Kubernetes objects, workflows and the like. Every image is a row with
//! its place, and a file is pinned by changing these places alone: every other byte stays.

mod assigned;
mod bazel;
mod dockerfile;
mod kind;
mod nix;
mod place;
mod tokens;
mod tree;
mod variables;
mod yaml;

pub use kind::FileKind;

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::paste::names;
use crate::reference::Reference;
use place::Lines;

/// A file and the images that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFile {
    /// The kind of the file; none if it names no image.
    pub kind: Option<FileKind>,
    /// Every image, in the order of the text.
    pub images: Vec<Row>,
}

/// One image of a file. Places are counted in UTF-16 code units, as JavaScript counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The image in one piece: `name:tag@sha256:…`, also if the file has these in several members.
    pub reference: String,
    /// The label in the file: a service, a container, a stage.
    pub label: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
    /// The start.
    pub start: usize,
    /// The end.
    pub end: usize,
    /// The digest that it is pinned to.
    pub digest: Option<Digest>,
    /// The platform that is asked for beside it.
    pub platform: Option<String>,
    /// The edit that pins it; none if that cannot be done in its place, as behind a variable.
    pub edit: Option<Edit>,
}

/// A change that pins an image: the digest between two texts, in the place of what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The start, in UTF-16 code units.
    pub start: usize,
    /// The end.
    pub end: usize,
    /// The text that is written before the digest.
    pub before: String,
    /// The text that is written behind it.
    pub after: String,
    /// True if the digest is written without its algorithm, as `sha` in the values of charts.
    pub hex: bool,
}

impl Edit {
    fn new(start: usize, end: usize, before: &str) -> Self {
        Self { start, end, before: before.to_owned(), ..Self::default() }
    }
}

/// An image as a reader of one kind found it; places are bytes.
#[derive(Clone, Debug, Default)]
struct Found {
    reference: String,
    label: String,
    start: usize,
    end: usize,
    platform: Option<String>,
    edit: Option<Edit>,
}

/// Reads a file. The name, if there is one, decides between kinds that look alike.
#[must_use]
pub fn read_images(text: &str, name: Option<&str>) -> ImageFile {
    let nothing = ImageFile { kind: None, images: Vec::new() };
    if text.len() > limits::IMAGE_FILE_BYTES {
        return nothing;
    }
    let Some(kind) = kind::of(text, name) else { return nothing };
    let (kind, mut found) = match kind {
        FileKind::Dockerfile => (kind, dockerfile::read(text)),
        FileKind::Bazel => (kind, bazel::read(text)),
        FileKind::Nix => (kind, nix::read(text)),
        FileKind::Hcl => (kind, assigned::hcl(text)),
        FileKind::Quadlet => (kind, assigned::quadlet(text)),
        _ => yaml::read(text, kind),
    };
    found.sort_by_key(|one| (one.start, one.end));
    found.dedup_by_key(|one| (one.start, one.end));
    keep_apart(&mut found);
    let lines = Lines::of(text);
    let images: Vec<Row> = found.into_iter().take(limits::PASTE_DIGESTS).filter_map(|one| row(one, &lines)).collect();
    ImageFile { kind: (!images.is_empty()).then_some(kind), images }
}

/// Edits that meet, as those of two images with one variable: the first is kept if all are of the same image, else none.
fn keep_apart(found: &mut [Found]) {
    let place = |one: &Found| one.edit.as_ref().map(|edit| (edit.start, edit.end));
    let mut places: Vec<((usize, usize), usize)> =
        found.iter().enumerate().filter_map(|(at, one)| Some((place(one)?, at))).collect();
    places.sort_unstable();
    let meet = |((start, end), _): &((usize, usize), usize), ((next, _), _): &((usize, usize), usize)| {
        next < end || next == start
    };
    for group in places.chunk_by(meet).filter(|group| group.len() > 1) {
        let first = found[group[0].1].reference.clone();
        let same = group.iter().all(|(_, at)| found[*at].reference == first);
        for (_, at) in &group[usize::from(same)..] {
            found[*at].edit = None;
        }
    }
}

fn row(found: Found, lines: &Lines) -> Option<Row> {
    let reference = Reference::parse(&found.reference).ok()?;
    reference.repository()?;
    let (line, column) = lines.line_and_column(found.start);
    let edit = found.edit.map(|edit| Edit { start: lines.utf16(edit.start), end: lines.utf16(edit.end), ..edit });
    Some(Row {
        digest: reference.digest().cloned(),
        reference: found.reference,
        label: found.label,
        line,
        column,
        start: lines.utf16(found.start),
        end: lines.utf16(found.end),
        platform: found.platform,
        edit,
    })
}

/// The row of a name that stands in one piece at `start..end`: it is pinned by writing `@sha256:…` behind it.
fn in_one_piece(name: &str, start: usize, end: usize) -> Found {
    let digest = name.find('@').map(|at| start + at);
    let edit = Some(Edit::new(digest.unwrap_or(end), end, "@"));
    Found { reference: name.to_owned(), start, end, edit, ..Found::default() }
}

/// The name in a word without its scheme, and where it starts in the word; `None` for variables and templates.
fn plain_name(word: &str) -> Option<(&str, usize)> {
    let name = names::named(word)?;
    let at = word.find(name)?;
    (!word.contains(['$', '{', '%']) && name != "scratch").then_some((name, at))
}

/// The text with these edits; everything else stays byte for byte.
///
/// # Errors
/// `unsupported-input` if an edit is not within the text, or two overlap.
pub fn pin_images(text: &str, edits: &[(Edit, Digest)]) -> Result<String, Error> {
    let lines = Lines::of(text);
    let mut places = Vec::with_capacity(edits.len());
    for (edit, digest) in edits {
        let range = lines.byte(edit.start).zip(lines.byte(edit.end)).filter(|(start, end)| start <= end);
        let Some((start, end)) = range else { return Err(invalid("a row does not lie within the text")) };
        places.push((start, end, edit, digest));
    }
    places.sort_by_key(|(start, end, ..)| (*start, *end));
    let mut pinned = String::with_capacity(text.len() + edits.len() * 80);
    let mut at = 0;
    for (start, end, edit, digest) in places {
        let kept = text.get(at..start).ok_or_else(|| invalid("two rows overlap"))?;
        pinned.push_str(kept);
        pinned.push_str(&edit.before);
        pinned.push_str(if edit.hex { digest.encoded() } else { digest.as_str() });
        pinned.push_str(&edit.after);
        at = end;
    }
    pinned.push_str(text.get(at..).unwrap_or_default());
    Ok(pinned)
}

/// The edit that pins a name that stands in one piece at this place (in UTF-16 code units); `None` if none stands
/// there.
#[must_use]
pub fn edit_at(text: &str, start: usize, end: usize) -> Option<Edit> {
    let lines = Lines::of(text);
    let name = text.get(lines.byte(start)?..lines.byte(end)?)?;
    let digest = name.split_once('@').map_or(end, |(before, _)| start + before.encode_utf16().count());
    plain_name(name).map(|_| Edit::new(digest, end, "@"))
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::UnsupportedInput, why)
}

#[cfg(test)]
mod tests;
