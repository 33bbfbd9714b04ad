//! archive -> bytes -> Walk. Finds the bytes that a descriptor names among the files in `blobs/`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::image::{Stage, Store};
use crate::layer::EntryKind;
use crate::limits;
use crate::registry::Fetched;

use super::paths::{Found, Paths, Trouble};
use super::shape::Shape;

/// Reads the content of an entry. The bytes are not trusted.
pub trait Contents {
    /// The bytes from `from` on of the entry with that number, whose content begins at `data_at` of the tar.
    fn read(&self, entry: usize, data_at: u64, from: u64, length: u64) -> impl Future<Output = Result<Vec<u8>, Error>>;
}

/// The documents of an archive, by name and by digest.
pub(super) struct Blobs<'a, C> {
    pub(super) paths: &'a Paths<'a>,
    pub(super) shape: &'a Shape,
    /// `archive` or `folder`, for the sentences.
    pub(super) place: &'static str,
    contents: &'a C,
    on_stage: &'a dyn Fn(Stage),
    used: RefCell<BTreeSet<usize>>,
    linked: RefCell<Option<(String, Found)>>,
    /// The number of bytes of documents that may still be read.
    left: Cell<u64>,
    /// The user's wish to stop, which the walk and others take for a document that is not here.
    aborted: RefCell<Option<Error>>,
}

impl<'a, C: Contents> Blobs<'a, C> {
    pub(super) fn new(
        paths: &'a Paths<'a>,
        shape: &'a Shape,
        place: &'static str,
        contents: &'a C,
        on_stage: &'a dyn Fn(Stage),
    ) -> Self {
        let left = Cell::new(limits::OPENED_BYTES as u64);
        Self {
            paths,
            shape,
            place,
            contents,
            on_stage,
            used: RefCell::default(),
            linked: RefCell::default(),
            left,
            aborted: RefCell::default(),
        }
    }

    /// The file of that name in the layout; it counts as one that something names.
    pub(super) fn named(&self, name: &str) -> Result<Found, Trouble> {
        let found = self.paths.file(&self.shape.path(name))?;
        self.used.borrow_mut().insert(found.at);
        Ok(found)
    }

    /// The blob with that digest.
    pub(super) fn blob(&self, digest: &Digest) -> Result<Found, Trouble> {
        let name = format!("blobs/{}/{}", digest.algorithm_name(), digest.encoded());
        let found = self.named(&name)?;
        let is_symlink = |at: &usize| self.paths.entry(*at).is_some_and(|link| link.kind == EntryKind::Symlink);
        if found.links.iter().any(is_symlink) && self.linked.borrow().is_none() {
            *self.linked.borrow_mut() = Some((name, found.clone()));
        }
        Ok(found)
    }

    /// The first blob to which links led.
    pub(super) fn over_link(&self) -> Option<(String, Found)> {
        self.linked.borrow().clone()
    }

    pub(super) fn is_used(&self, at: usize) -> bool {
        self.used.borrow().contains(&at)
    }

    /// The whole content of a document.
    pub(super) async fn document(&self, found: &Found, most: usize) -> Result<Vec<u8>, Error> {
        let size = self.size(found.at);
        if size > most as u64 {
            let message = format!("it has {size} bytes; at most {most} of a document are read");
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let Some(left) = self.left.get().checked_sub(size) else {
            let message = format!("{} bytes of documents were read, which is the limit", limits::OPENED_BYTES);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        };
        self.left.set(left);
        self.part(found.at, size).await
    }

    /// The beginning of an entry.
    pub(super) async fn part(&self, at: usize, length: u64) -> Result<Vec<u8>, Error> {
        let Some(entry) = self.paths.entry(at) else {
            return Err(Error::new(ErrorKind::NotFound, "there is no such entry"));
        };
        let length = length.min(entry.stored);
        let bytes = self.contents.read(at, entry.data_at, 0, length).await.inspect_err(|error| {
            if error.kind() == ErrorKind::Aborted {
                *self.aborted.borrow_mut() = Some(error.clone());
            }
        })?;
        if bytes.len() as u64 != length {
            let message = format!("the {} has {} of its {length} bytes", self.place, bytes.len());
            return Err(Error::new(ErrorKind::TruncatedBody, message));
        }
        Ok(bytes)
    }

    /// The error of a reading that was aborted, if one was: what was found without it is no finding.
    pub(super) fn not_aborted(&self) -> Result<(), Error> {
        self.aborted.borrow().clone().map_or(Ok(()), Err)
    }

    pub(super) fn size(&self, at: usize) -> u64 {
        self.paths.entry(at).map_or(0, |entry| entry.stored)
    }

    /// The error of a name that leads nowhere.
    pub(super) fn trouble(&self, trouble: Trouble) -> Error {
        match trouble {
            Trouble::Absent => Error::new(ErrorKind::NotFound, format!("not in this {}", self.place)),
            Trouble::Unusable(what) => Error::new(ErrorKind::UnsupportedInput, format!("it {what}")),
        }
    }
}

impl<C: Contents> Store for Blobs<'_, C> {
    async fn read(&self, descriptor: &Descriptor, _blob: bool) -> Result<Fetched, Error> {
        let Some(digest) = &descriptor.digest else {
            return Err(Error::new(ErrorKind::InvalidDigest, "its descriptor names no valid digest"));
        };
        let found = self.blob(digest).map_err(|trouble| self.trouble(trouble))?;
        let bytes = self.document(&found, limits::CONFIG_BYTES).await?;
        Ok(Fetched { bytes: bytes.into(), content_type: None, header_digest: None, cached: true })
    }

    fn stage(&self, stage: Stage) {
        (self.on_stage)(stage);
    }
}
