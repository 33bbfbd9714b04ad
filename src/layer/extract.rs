//! blob bytes -> file content. One file of a layer, hashed whole, while the layer is read and proved again.

use super::reader::Halves;
use super::tar::{Sink, TarReader};
use super::{Entry, EntryKind, Fault, LayerVerdict, Spec};
use crate::checks::{Check, CheckId, Outcome};
use crate::digest::{Algorithm, Hasher};
use crate::limits;
use crate::say::say;

/// Reads a layer for the content of one entry.
pub struct Extractor {
    halves: Halves,
    reader: Option<TarReader>,
    capture: Capture,
}

/// Facts about the content.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Facts {
    /// Its size in bytes, holes included.
    pub size: u64,
    /// The sha256 of all of it.
    pub digest: String,
    /// True if only a part was kept.
    pub truncated: bool,
    /// `file`, or why there is no content: `link`, `other`; `cut` if the layer ends or cannot be read within the file.
    pub kind: &'static str,
    /// For a hard link: the entry before it that has the content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<u32>,
    /// The number of the entry, once it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<u32>,
    /// For a symbolic link: what it leads to, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

struct Capture {
    at: u64,
    /// The path of the entry that is looked for, until it came; `at` is its number from there on.
    path: Option<Vec<u8>>,
    most: usize,
    seen: u64,
    state: State,
    kept: Vec<u8>,
    hasher: Hasher,
    size: u64,
    /// The place of the next stored byte, and the pieces of a sparse file that are still to come.
    place: u64,
    map: std::collections::VecDeque<(u64, u64)>,
    link: Option<Vec<u8>>,
    symlink: Option<Vec<u8>>,
}

#[derive(PartialEq, Eq)]
enum State {
    Before,
    Within,
    Done,
    Nothing,
}

impl Extractor {
    /// For the entry with that number, of which the first `most` bytes are kept.
    #[must_use]
    pub fn new(spec: Spec, at: u32, most: u32) -> Self {
        Self::of(spec, Capture::new(u64::from(at), most))
    }

    /// For the first entry of that path, in a layer that was not listed before.
    #[must_use]
    pub fn first(spec: Spec, path: &str, most: u32) -> Self {
        Self::of(spec, Capture { path: Some(path.as_bytes().to_vec()), ..Capture::new(u64::MAX, most) })
    }

    fn of(spec: Spec, capture: Capture) -> Self {
        Self { halves: Halves::new(spec), reader: Some(TarReader::new()), capture }
    }

    /// Takes the next piece of the blob; true once the content is complete.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        let Self { halves, reader, capture } = self;
        halves.push(piece, &mut |bytes| {
            if reader.as_mut().is_some_and(|reader| reader.push(bytes, capture).is_err()) {
                *reader = None;
            }
        });
        self.capture.state == State::Done
    }

    /// As [`super::Unpacker::decoded`].
    pub fn decoded(&mut self, encoding: &str) {
        self.halves.decoded(encoding);
    }

    /// As [`super::Unpacker::is_unending`].
    #[must_use]
    pub fn is_unending(&self) -> bool {
        self.halves.is_unending()
    }

    /// True if no further byte of the blob adds to the answer: the entry came whole, has no content, or cannot come any more.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.reader.is_none() || self.halves.is_stopped() || matches!(self.capture.state, State::Done | State::Nothing)
    }

    /// The check of a layer that was read no further than to the end of that entry: nothing about the layer is proved.
    #[must_use]
    pub fn stopped(&self, read: u64) -> Check {
        let said = say!(
            "first-entry-only",
            "only the first {read} bytes of the layer were read, to the end of the first entry of that name; the layer is not proved, and a later entry may replace this one",
            read
        );
        Check::new(CheckId::Digest, Outcome::NotChecked, said)
    }

    /// The content as far as it is kept.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.capture.kept
    }

    /// Facts about it; a hard link names the entry to ask for instead.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let capture = &self.capture;
        let is_whole = capture.state == State::Done;
        let target = capture.link.as_ref().and_then(|link| self.target(link));
        let kind = if is_whole {
            "file"
        } else if capture.link.is_some() {
            "link"
        } else if capture.state == State::Within {
            "cut"
        } else {
            "other"
        };
        let digest = capture.hasher.clone().finish().to_string();
        let truncated = (capture.kept.len() as u64) < capture.size;
        let at = u32::try_from(capture.at).ok().filter(|_| capture.state != State::Before);
        let link = capture.symlink.as_ref().map(|link| String::from_utf8_lossy(link).into_owned());
        Facts { size: capture.size, digest, truncated, kind, target, at, link }
    }

    /// That was the whole blob: the verdict over it; none if this was said before.
    pub fn finish(&mut self) -> Option<LayerVerdict> {
        self.halves.finish()
    }

    /// The last entry of that name before the link.
    fn target(&self, link: &[u8]) -> Option<u32> {
        let index = self.halves.index();
        let before = usize::try_from(self.capture.at).ok()?.min(index.len());
        let found = (0..before).rev().find(|at| index.get(*at).is_some_and(|entry| same(entry.path, link)))?;
        u32::try_from(found).ok()
    }
}

fn same(path: &[u8], link: &[u8]) -> bool {
    let plain = |name: &'_ [u8]| -> Vec<u8> {
        let parts = name.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".");
        parts.collect::<Vec<_>>().join(&b'/')
    };
    path == link || path.len().abs_diff(link.len()) < 3 && plain(path) == plain(link)
}

impl Capture {
    fn new(at: u64, most: u32) -> Self {
        Self {
            at,
            path: None,
            most: usize::try_from(most).unwrap_or(usize::MAX),
            seen: 0,
            state: State::Before,
            kept: Vec::new(),
            hasher: Hasher::new(Algorithm::Sha256),
            size: 0,
            place: 0,
            map: std::collections::VecDeque::new(),
            link: None,
            symlink: None,
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        let room = self.most - self.kept.len().min(self.most);
        self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.place += bytes.len() as u64;
    }

    fn zeros_to(&mut self, end: u64) {
        static ZEROS: [u8; 65536] = [0; 65536];
        while self.place < end {
            let length = usize::try_from(end - self.place).unwrap_or(usize::MAX).min(ZEROS.len());
            self.take(&ZEROS[..length]);
        }
    }
}

impl Sink for Capture {
    fn entry(&mut self, entry: &Entry, map: &[(u64, u64)]) -> Result<(), Fault> {
        let number = self.seen;
        self.seen += 1;
        if self.path.take_if(|path| same(&entry.path, path)).is_some() {
            self.at = number;
        }
        if number != self.at {
            return Ok(());
        }
        self.state = State::Nothing;
        match entry.kind {
            EntryKind::HardLink => self.link = Some(entry.link.clone()),
            EntryKind::Symlink => self.symlink = Some(entry.link.clone()),
            // A hole is hashed byte for byte, and costs its liar nothing.
            EntryKind::File if entry.sparse && entry.size > limits::SPARSE_BYTES => {}
            EntryKind::File => {
                self.state = State::Within;
                self.size = entry.size;
                self.map = map.iter().copied().collect();
            }
            _ => {}
        }
        Ok(())
    }

    fn data(&mut self, mut bytes: &[u8]) {
        if self.state != State::Within {
            return;
        }
        while let Some((offset, length)) = self.map.front().copied() {
            self.zeros_to(offset);
            let left = usize::try_from(offset + length - self.place).unwrap_or(usize::MAX);
            let (now, rest) = bytes.split_at(left.min(bytes.len()));
            self.take(now);
            bytes = rest;
            if now.len() < left {
                return;
            }
            self.map.pop_front();
        }
        let left = usize::try_from(self.size.saturating_sub(self.place)).unwrap_or(usize::MAX);
        self.take(&bytes[..bytes.len().min(left)]);
    }

    fn end(&mut self) {
        if self.state == State::Within {
            self.zeros_to(self.size);
            self.state = State::Done;
        }
    }
}
