//! blob bytes -> tar bytes: the first half of reading a layer: hashes what comes, and gives out what it unpacks to.

use serde::{Deserialize, Serialize};

use super::decompress::{Decompressor, Hidden, Member, Wanted};
use super::tar::{self, BLOCK};
use super::{Fault, FaultKind, Oddity, Spec, toc};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::limits;
use crate::media_type::Compression;

/// The number of first bytes that are looked at if a blob is only hashed: enough for the first block of a compressed
/// tar.
const HEAD: usize = 80 * 1024;

/// Hashes a blob and decompresses it.
pub struct Unpacker {
    hasher: Hasher,
    size: u64,
    unpacked: u64,
    /// The unused input: bytes, and how far they are used.
    pending: Vec<u8>,
    from: usize,
    decompressor: Decompressor,
    caps: Ceiling,
    fault: Option<Fault>,
    transport: Option<String>,
    /// True if nothing is unpacked: by its type the blob is no tar.
    only_hashes: bool,
    /// The first bytes of a blob that is only hashed.
    head: Vec<u8>,
}

/// The findings of the first half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpacked {
    pub(super) digest: String,
    pub(super) size: u64,
    pub(super) unpacked: u64,
    pub(super) compression: Option<String>,
    pub(super) fault: Option<Fault>,
    pub(super) oddities: Vec<Oddity>,
    /// Bytes that no program unpacks.
    #[serde(default)]
    pub(super) hidden: Option<Hidden>,
    pub(super) members: Vec<Member>,
    pub(super) chunked: Option<toc::Chunked>,
    /// Why the blob was not read to its end.
    pub(super) unending: Option<Fault>,
    /// The encoding that the blob had on its way and has no more.
    pub(super) transport: Option<String>,
    /// True if a blob that was only hashed begins as a tar, compressed or not.
    #[serde(default)]
    pub(super) begins_tar: bool,
}

/// The cap on unpacking a layer.
struct Ceiling {
    total: u64,
    ratio: u64,
    told: Option<u64>,
}

impl Unpacker {
    /// Before the first byte of the blob that this describes.
    #[must_use]
    pub fn new(spec: &Spec) -> Self {
        let algorithm = spec.digest().and_then(|digest| digest.algorithm());
        let frame = |(at, length)| Wanted { at, length };
        let (wanted, known) = (toc::wanted(spec).map(frame), toc::tar_split(spec).map(frame));
        Self {
            hasher: Hasher::new(algorithm.unwrap_or(Algorithm::Sha256)),
            size: 0,
            unpacked: 0,
            pending: Vec::new(),
            from: 0,
            decompressor: Decompressor::new(spec.limits.window_bytes.unwrap_or(limits::ZSTD_WINDOW_BYTES), wanted)
                .knowing(known)
                .outer(spec.outer),
            caps: Ceiling::of(spec),
            fault: None,
            transport: None,
            only_hashes: spec.is_only_hashed(),
            head: Vec::new(),
        }
    }

    /// The bytes were encoded so on their way, and the fetch has decoded them.
    pub fn decoded(&mut self, encoding: &str) {
        self.transport = Some(encoding.chars().take(40).collect());
    }

    /// True if the blob has more bytes than are read of any: no more need be pushed.
    #[must_use]
    pub fn is_unending(&self) -> bool {
        self.caps.unending(self.size).is_some()
    }

    /// Takes the next piece of the blob. After a fault it is only hashed.
    pub fn push(&mut self, piece: &[u8]) {
        self.hash(piece);
        self.hold(piece);
    }

    /// The same for a blob whose digest is not asked for.
    pub(crate) fn push_unhashed(&mut self, piece: &[u8]) {
        self.count(piece);
        self.hold(piece);
    }

    fn hold(&mut self, piece: &[u8]) {
        if self.fault.is_none() && !self.only_hashes {
            self.pending.drain(..self.from);
            self.from = 0;
            self.pending.extend_from_slice(piece);
        }
    }

    /// Writes the next tar bytes to the front of `into` and says how many; 0 if all that was pushed is used up.
    pub fn take(&mut self, into: &mut [u8]) -> usize {
        let mut pending = std::mem::take(&mut self.pending);
        let (used, made) = self.advance(&pending[self.from..], into);
        self.from += used;
        if self.from == pending.len() {
            pending.clear();
            self.from = 0;
        }
        self.pending = pending;
        made
    }

    /// The number of tar bytes that have come out.
    #[must_use]
    pub fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// That was the whole blob.
    #[must_use]
    pub fn finish(mut self) -> Unpacked {
        let hasher = std::mem::replace(&mut self.hasher, Hasher::new(Algorithm::Sha256));
        self.finish_hashed(hasher.finish())
    }

    /// The same for a blob that was only counted here, and has this digest.
    pub(super) fn finish_hashed(mut self, digest: Digest) -> Unpacked {
        self.end();
        let compression = self.decompressor.compression();
        if self.fault.is_none() && compression.is_none() && self.size > 0 && !self.only_hashes {
            let size = self.size;
            let what = format!("the blob has only {size} bytes: too few for a tar, compressed or not");
            self.fault = Some(Fault::new(FaultKind::Compression, size, what));
        }
        Unpacked {
            digest: digest.to_string(),
            size: self.size,
            unpacked: self.unpacked,
            compression: compression.map(|found| found.name().to_owned()),
            oddities: self.decompressor.oddities(),
            hidden: self.decompressor.hidden(),
            members: self.decompressor.members(),
            chunked: toc::Chunked::of(self.decompressor.skippable()),
            unending: self.caps.unending(self.size),
            transport: self.transport,
            begins_tar: begins_tar(&self.head),
            fault: self.fault,
        }
    }

    /// Why it could not be unpacked to its end, if that was the whole blob.
    pub(crate) fn end(&mut self) -> Option<&Fault> {
        if self.fault.is_none() {
            self.fault = self.decompressor.finish(self.size).err();
        }
        self.fault.as_ref()
    }

    pub(super) fn hash(&mut self, piece: &[u8]) {
        if self.only_hashes && self.head.len() < HEAD {
            self.head.extend_from_slice(&piece[..piece.len().min(HEAD - self.head.len())]);
        }
        self.hasher.update(piece);
        self.count(piece);
    }

    /// Takes a piece without hashing it.
    pub(crate) fn count(&mut self, piece: &[u8]) {
        self.size += piece.len() as u64;
    }

    /// True if the output is the input.
    pub(super) fn is_bare(&self) -> bool {
        self.fault.is_none() && self.decompressor.compression() == Some(Compression::None)
    }

    /// True if a hash over so many bytes of the same blob is the one that is kept here.
    pub(super) fn is_hashed_by(&self, hasher: &Hasher, bytes: u64) -> bool {
        bytes == self.size && hasher.algorithm() == self.hasher.algorithm()
    }

    /// Goes on with a hash over all but the `rest` of what was counted.
    pub(super) fn go_on(&mut self, hasher: Hasher, rest: &[u8]) {
        self.hasher = hasher;
        self.hasher.update(rest);
    }

    /// True if there are no more bytes to unpack.
    pub(crate) fn is_stopped(&self) -> bool {
        self.fault.is_some()
    }

    /// True if nothing is unpacked.
    pub(super) fn only_hashes(&self) -> bool {
        self.only_hashes
    }

    /// Decompresses until the input is used up or the output is full: bytes used and made.
    pub(super) fn advance(&mut self, input: &[u8], output: &mut [u8]) -> (usize, usize) {
        let (mut used, mut made) = (0, 0);
        while self.fault.is_none() && made < output.len() {
            match self.decompressor.step(&input[used..], &mut output[made..]) {
                Ok(step) if !step.is_progress() => break,
                Ok(step) => {
                    used += step.used;
                    made += step.made;
                    self.unpacked += step.made as u64;
                    self.fault = self.caps.exceeded(self.unpacked, self.size);
                }
                Err(fault) => self.fault = Some(fault),
            }
        }
        (used, made)
    }
}

/// True if these first bytes of a blob unpack to the header of a tar.
fn begins_tar(head: &[u8]) -> bool {
    let (mut decompressor, mut block, mut used, mut made) =
        (Decompressor::new(limits::ZSTD_WINDOW_BYTES, None), [0; BLOCK], 0, 0);
    while made < BLOCK {
        match decompressor.step(&head[used..], &mut block[made..]) {
            Ok(step) if step.is_progress() => (used, made) = (used + step.used, made + step.made),
            // bzip2 and xz, which Docker and podman unpack.
            Err(fault) => return fault.kind == FaultKind::Unread,
            Ok(_) => return decompressor.finish(0).is_err_and(|fault| fault.kind == FaultKind::Unread),
        }
    }
    tar::is_header(&block)
}

impl Ceiling {
    fn of(spec: &Spec) -> Self {
        Self {
            total: spec.limits.unpacked_bytes.unwrap_or(limits::UNPACKED_BYTES),
            ratio: spec.limits.ratio.unwrap_or(limits::UNPACKED_RATIO),
            told: spec.size.or(spec.length),
        }
    }

    /// A blob may not have more bytes than it may unpack to: some servers never end. As many as were told, within the
    /// usual cap, are hashed all the same.
    fn unending(&self, size: u64) -> Option<Fault> {
        let most = self.told.unwrap_or(0).min(limits::UNPACKED_BYTES).max(self.total);
        let message = || format!("the layer has more than {most} bytes: a cap that can be raised (unpackedBytes)");
        (size > most).then(|| Fault::new(FaultKind::Limit, size, message()))
    }

    /// `size` is how much of the blob has come; if its whole size was told, that counts.
    fn exceeded(&self, unpacked: u64, size: u64) -> Option<Fault> {
        let Self { total, ratio, .. } = self;
        let limit = |message| Some(Fault::new(FaultKind::Limit, unpacked, message));
        if unpacked > *total {
            return limit(format!(
                "the layer unpacks to more than {total} bytes: a cap that can be raised (unpackedBytes)"
            ));
        }
        let size = self.told.unwrap_or(size).max(size);
        if unpacked > limits::RATIO_FREE_BYTES && unpacked > size.saturating_mul(*ratio) {
            return limit(format!(
                "the layer unpacks to more than {ratio} times its {size} bytes: a cap that can be raised (ratio)"
            ));
        }
        None
    }
}

impl Unpacked {
    /// True if the blob could not be unpacked to its end.
    pub(super) fn is_faulty(&self) -> bool {
        self.fault.is_some() || self.unending.is_some()
    }

    /// As [`super::TarFacts::is_capped`].
    pub(crate) fn is_capped(&self) -> bool {
        self.unending.is_some() || self.fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Limit)
    }

    /// The digest computed over the blob.
    pub(super) fn digest(&self) -> Option<Digest> {
        Digest::parse(&self.digest).ok()
    }
}
