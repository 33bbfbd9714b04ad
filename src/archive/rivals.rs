//! archive -> Check. Files that stand in an archive more than once, or behind links: which program reads which bytes.
//!
//! Docker unpacks what it saved, skopeo and podman unpack an OCI layout: the last entry counts, links are followed. In what
//! Docker saved skopeo and podman take the first entry of a name, and follow one link. containerd takes the last entry of
//! a name that is a file, and no link.

use crate::checks::{Check, CheckId, Outcome};
use crate::error::{Error, ErrorKind};
use crate::layer::EntryKind;
use crate::limits;
use crate::say::say;

use super::docker::Saved;
use super::doubts::{hard_link, warn};
use super::landing::cleaned;
use super::paths::{Found, shown};
use super::store::{Blobs, Contents};

/// The entries of a name that other programs take.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    /// The last one: `index.json`.
    Last,
    /// The first one, or the last one: what `docker save` wrote.
    FirstAndLast,
}

/// The checks of a document of `docker save` that nothing else holds to a digest.
///
/// # Errors
/// Only `aborted`, here and below.
pub(super) async fn of<C: Contents>(blobs: &Blobs<'_, C>, found: &Found, name: &str) -> Result<Vec<Check>, Error> {
    let mut checks: Vec<Check> = hard_link(blobs.paths, found, name).into_iter().collect();
    checks.extend(over_links(blobs, found, name));
    checks.extend(differ(blobs, found, name, Others::FirstAndLast).await?);
    Ok(checks)
}

/// The checks of `index.json`: skopeo and podman unpack a layout, so a hard link is the file.
pub(super) async fn of_index<C: Contents>(blobs: &Blobs<'_, C>, found: &Found) -> Result<Vec<Check>, Error> {
    let name = "index.json";
    let checks = over_links(blobs, found, name).into_iter();
    Ok(checks.chain(differ(blobs, found, name, Others::Last).await?).collect())
}

/// A check about the first blob that links lead to, if there is one.
pub(super) fn of_blobs<C: Contents>(blobs: &Blobs<'_, C>) -> Option<Check> {
    let (name, found) = blobs.over_link()?;
    over_links(blobs, &found, &name)
}

/// The same for the config of an image.
pub(super) async fn of_config<C: Contents>(blobs: &Blobs<'_, C>, image: &Saved) -> Result<Vec<Check>, Error> {
    match blobs.named(&image.config) {
        Ok(found) => of(blobs, &found, &image.config).await,
        Err(_) => Ok(Vec::new()),
    }
}

/// A file that symbolic links lead to.
pub(super) fn over_links<C: Contents>(blobs: &Blobs<'_, C>, found: &Found, name: &str) -> Option<Check> {
    let is_symlink = |at: &usize| blobs.paths.entry(*at).is_some_and(|link| link.kind == EntryKind::Symlink);
    let link = shown(blobs.paths.entry(found.links.iter().copied().find(|at| is_symlink(at))?)?.link);
    Some(warn(say!(
        "file-over-link",
        "{name} is read over a symbolic link to {link}: programs that unpack the archive follow it, containerd and programs \
         that search the archive do not always",
        name = shown(name.as_bytes()),
        link
    )))
}

/// Fails if other programs take another entry, and it has other bytes. A rival that was not read disproves nothing.
async fn differ<C: Contents>(
    blobs: &Blobs<'_, C>,
    found: &Found,
    name: &str,
    others: Others,
) -> Result<Option<Check>, Error> {
    let path = blobs.shape.path(name);
    let (first, last) = blobs.paths.called(&path);
    let first = first.filter(|_| others == Others::FirstAndLast).and_then(|at| followed(blobs, at));
    let mut open = None;
    for other in first.into_iter().chain(last).filter(|other| *other != found.at) {
        match is_same(blobs, other, found.at).await? {
            Ok(true) => {}
            Ok(false) => {
                let message = say!(
                    "file-of-two-contents",
                    "{name} stands in the archive more than once, with other bytes: programs that unpack the archive read another \
                     one than programs that search it",
                    name = shown(name.as_bytes())
                );
                return Ok(Some(Check::new(CheckId::Archive, Outcome::Fail, message)));
            }
            Err(why) => open = open.or(Some(why)),
        }
    }
    Ok(open.map(|error| {
        let why = error.to_string();
        let message = say!(
            "file-of-two-not-compared",
            "{name} stands in the archive more than once, and these files were not compared: {why}",
            name = shown(name.as_bytes()),
            why
        );
        Check::new(CheckId::Archive, Outcome::NotChecked, message)
    }))
}

/// The file that an entry is, or leads to by one link.
fn followed<C: Contents>(blobs: &Blobs<'_, C>, at: usize) -> Option<usize> {
    let entry = blobs.paths.entry(at)?;
    match entry.kind {
        EntryKind::File => Some(at),
        EntryKind::Symlink => {
            let above = entry.path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
            let target = [&entry.path[..above], entry.link].concat();
            let first = blobs.paths.called(&cleaned(&target).join(&b'/')).0?;
            blobs.paths.entry(first).filter(|entry| entry.kind == EntryKind::File).map(|_| first)
        }
        _ => None,
    }
}

/// True if two entries have the same bytes; the reason if that is not known. Entries of different sizes are not read.
async fn is_same<C: Contents>(blobs: &Blobs<'_, C>, one: usize, other: usize) -> Result<Result<bool, Error>, Error> {
    if blobs.size(one) != blobs.size(other) {
        return Ok(Ok(false));
    }
    let read = async |at: usize| {
        let found = Found { at, via: Vec::new(), links: Vec::new() };
        match blobs.document(&found, limits::CONFIG_BYTES).await {
            Err(error) if error.kind() == ErrorKind::Aborted => Err(error),
            read => Ok(read),
        }
    };
    let bytes = match read(one).await? {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(error)),
    };
    Ok(read(other).await?.map(|others| others == bytes))
}
