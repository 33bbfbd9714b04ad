//! bytes -> tar bytes: gzip, zstd, plain, or xz around an archive, told by the first bytes, decompressed as they come.

mod gzip;
mod header;
mod hidden;
mod magic;
mod xz;
mod zstd;

pub use gzip::Member;
pub use hidden::{Hidden, HiddenPlace};
pub use zstd::{Skippable, Wanted};

use super::{Fault, Oddity};
use crate::media_type::Compression;
use gzip::Gzip;
use magic::{Foreign, Magic, tell};
use xz::Xz;
use zstd::Zstd;

/// The compression that a blob's first bytes tell; none if they are of another kind, or too few.
pub(crate) fn compression(head: &[u8]) -> Option<Compression> {
    match tell(head) {
        _ if head.is_empty() => None,
        Magic::Plain | Magic::Named(_) => Some(Compression::None),
        Magic::Gzip if magic::is_other_method(head) => Some(Compression::None),
        Magic::Gzip => Some(Compression::Gzip),
        Magic::Zstd => Some(Compression::Zstd),
        Magic::Foreign(_) => None,
    }
}

/// The outcome of one step: the input that it used up, the output that it made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Bytes of the input that need not be given again.
    pub used: usize,
    /// Bytes written to the front of the output.
    pub made: usize,
}

impl Step {
    /// True if anything happened; if not, more input or more room is needed.
    #[must_use]
    pub fn is_progress(self) -> bool {
        self.used > 0 || self.made > 0
    }
}

/// A blob's decompression, in steps, without input or output of its own. The cuts between the pieces of input
/// change neither the output nor the fault.
pub struct Decompressor {
    form: Form,
    window: u64,
    wanted: Option<Wanted>,
    known: Option<Wanted>,
    outer: bool,
}

enum Form {
    /// The first bytes are not all there yet.
    Unknown(Vec<u8>),
    Found {
        decoder: Decoder,
        /// The first bytes, which the decoder has not seen yet.
        head: Vec<u8>,
    },
}

enum Decoder {
    /// A tar as it is, and the form that its first name begins as.
    Plain(Option<Foreign>),
    Gzip(Box<Gzip>),
    Zstd(Box<Zstd>),
    Xz(Box<Xz>),
}

impl Decompressor {
    /// One that takes zstd windows up to `window` bytes and keeps the skippable frame that is `wanted`.
    #[must_use]
    pub fn new(window: u64, wanted: Option<Wanted>) -> Self {
        Self { form: Form::Unknown(Vec::new()), window, wanted, known: None, outer: false }
    }

    /// The same, that also reads what archives are compressed with, and layers are not: xz.
    #[must_use]
    pub fn outer(mut self, outer: bool) -> Self {
        self.outer = outer;
        self
    }

    /// The same for a blob in which `known` is another skippable frame that an annotation names.
    #[must_use]
    pub fn knowing(mut self, known: Option<Wanted>) -> Self {
        self.known = known;
        self
    }

    /// The form that the first bytes show; `None` while there are too few of them.
    #[must_use]
    pub fn compression(&self) -> Option<Compression> {
        let Form::Found { decoder, .. } = &self.form else { return None };
        Some(match decoder {
            Decoder::Plain(_) => Compression::None,
            Decoder::Gzip(_) => Compression::Gzip,
            Decoder::Zstd(_) => Compression::Zstd,
            Decoder::Xz(_) => Compression::Xz,
        })
    }

    /// Uses some of `input` and writes to the front of `output`; neither happens if more of either is needed.
    ///
    /// # Errors
    /// A fault of the compression, or of the window's limit. Nothing comes out after one.
    pub fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        match &mut self.form {
            Form::Unknown(first) => {
                // An archive is read as its compression says.
                let is_open = first.len() >= magic::LENGTH && !self.outer && magic::is_open(first);
                let wanted = if is_open { magic::OPEN_LENGTH } else { magic::LENGTH };
                let used = input.len().min(wanted - first.len());
                first.extend_from_slice(&input[..used]);
                if first.len() == wanted && (is_open || self.outer || !magic::is_open(first)) {
                    self.told()?;
                }
                Ok(Step { used, made: 0 })
            }
            Form::Found { decoder, head } => {
                while !head.is_empty() {
                    let step = decoder.step(head, output)?;
                    head.drain(..step.used);
                    if step.made > 0 || step.used == 0 {
                        return Ok(Step { used: 0, made: step.made });
                    }
                }
                decoder.step(input, output)
            }
        }
    }

    /// That was all, and everything has been taken.
    ///
    /// # Errors
    /// A fault if the compressed stream has not come to its end.
    pub fn finish(&self, size: u64) -> Result<(), Fault> {
        match &self.form {
            Form::Found { decoder: Decoder::Gzip(gzip), .. } => gzip.finish(size),
            Form::Found { decoder: Decoder::Zstd(zstd), .. } => zstd.finish(size),
            Form::Found { decoder: Decoder::Xz(xz), .. } => xz.finish(size),
            Form::Found { decoder: Decoder::Plain(_), .. } => Ok(()),
            Form::Unknown(first) => unfinished(first),
        }
    }

    /// Traits that programs accept and the format does not provide for.
    #[must_use]
    pub fn oddities(&self) -> Vec<Oddity> {
        match &self.form {
            Form::Found { decoder: Decoder::Gzip(gzip), .. } => gzip.oddities(),
            Form::Found { decoder: Decoder::Zstd(zstd), .. } => zstd.oddities(),
            Form::Found { decoder: Decoder::Plain(Some(Foreign::Bzip2)), .. } => vec![Oddity::BeginsBzip2],
            Form::Found { decoder: Decoder::Plain(Some(_)), .. } => vec![Oddity::BeginsXz],
            _ => Vec::new(),
        }
    }

    /// Bytes of the blob that no program unpacks, if there are more of them than honest tools write.
    #[must_use]
    pub fn hidden(&self) -> Option<Hidden> {
        match &self.form {
            Form::Found { decoder: Decoder::Gzip(gzip), .. } => gzip.hidden(),
            Form::Found { decoder: Decoder::Zstd(zstd), .. } => zstd.hidden(),
            _ => None,
        }
    }

    /// The last gzip members: where each begins in the blob and in the tar.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        match &self.form {
            Form::Found { decoder: Decoder::Gzip(gzip), .. } => gzip.members(),
            _ => Vec::new(),
        }
    }

    /// The skippable zstd frames that were kept: the one that was wanted, and the last one if it is small.
    #[must_use]
    pub fn skippable(&self) -> Skippable {
        match &self.form {
            Form::Found { decoder: Decoder::Zstd(zstd), .. } => zstd.skippable().clone(),
            _ => Skippable::default(),
        }
    }

    fn told(&mut self) -> Result<(), Fault> {
        let Form::Unknown(first) = &mut self.form else { return Ok(()) };
        let head = std::mem::take(first);
        let decoder = match tell(&head) {
            Magic::Plain => Decoder::Plain(None),
            Magic::Named(form) => Decoder::Plain(Some(form)),
            Magic::Gzip => Decoder::Gzip(Box::new(Gzip::new())),
            Magic::Zstd => {
                Decoder::Zstd(Box::new(Zstd::new(self.window, self.wanted.take()).knowing(self.known.take())))
            }
            Magic::Foreign(Foreign::Xz) if self.outer => Decoder::Xz(Box::new(Xz::new(self.window))),
            Magic::Foreign(found) => return Err(magic::refused(found, self.outer)),
        };
        self.form = Form::Found { decoder, head };
        Ok(())
    }
}

/// The fault of a blob that is over before its form is known; fewer than [`magic::LENGTH`] bytes have none here.
fn unfinished(first: &[u8]) -> Result<(), Fault> {
    if first.len() < magic::LENGTH {
        return Ok(());
    }
    match tell(first) {
        Magic::Foreign(found) => Err(magic::refused(found, false)),
        Magic::Gzip => Gzip::new().step(first, &mut []).map(|_| ()),
        _ => Ok(()),
    }
}

impl Decoder {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        match self {
            Self::Plain(_) => {
                let length = input.len().min(output.len());
                output[..length].copy_from_slice(&input[..length]);
                Ok(Step { used: length, made: length })
            }
            Self::Gzip(gzip) => gzip.step(input, output),
            Self::Zstd(zstd) => zstd.step(input, output),
            Self::Xz(xz) => xz.step(input, output),
        }
    }
}
