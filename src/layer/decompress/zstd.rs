//! zstd (RFC 8878): any number of frames, checksums and declared sizes held to, block by block.

use structured_zstd::decoding::errors::FrameDecoderError;
use structured_zstd::decoding::{ContentChecksum, FrameDecoder};

use super::{Hidden, HiddenPlace, Step};
use crate::layer::{Fault, FaultKind, Oddity};

/// The most that a block unpacks to (RFC 8878, 3.1.1.2.4).
const BLOCK: usize = 128 * 1024;

/// The largest last skippable frame that is kept: the footer of zstd:chunked has 40 or 64 bytes.
const FOOTER: u64 = 64;

/// The skippable frame that a descriptor's annotations name: where its content begins in the blob, and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The position of its content in the blob.
    pub at: u64,
    /// Its length in bytes.
    pub length: u64,
}

/// The kept bytes of the skippable frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skippable {
    /// The content of the one that was wanted.
    pub wanted: Option<Vec<u8>>,
    /// The content of the last frame of the blob, if it is a small skippable one.
    pub footer: Option<Vec<u8>>,
}

/// A stream of zstd frames.
pub(super) struct Zstd {
    decoder: FrameDecoder,
    part: Part,
    /// Input of which the next part needs more.
    gathered: Vec<u8>,
    /// A block that found too little room, and how far it has been handed out.
    held: Vec<u8>,
    given: usize,
    /// The position of this frame, the bytes of the blob that were used, and the bytes that came out of this frame.
    frame_at: u64,
    used: u64,
    length: u64,
    frames: u64,
    wanted: Option<Wanted>,
    skippable: Skippable,
    /// Frames that annotations name and that are not kept, and what lies in the others.
    known: Option<Wanted>,
    skipped: Hidden,
    /// The window, as its header has it, that there is room for.
    roomy: u8,
    /// True if the first frame is a skippable one.
    begins_skippable: bool,
}

#[derive(Clone, Copy)]
enum Part {
    Magic,
    Header,
    BlockHeader,
    Block { header: [u8; 3], length: usize, is_last: bool },
    Checksum,
    SkipLength,
    Skip { left: u64, keep: Keep },
}

#[derive(Clone, Copy)]
enum Keep {
    Nothing,
    Wanted,
    Footer,
}

impl Zstd {
    pub(super) fn new(window: u64, wanted: Option<Wanted>) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_content_checksum(ContentChecksum::Verify);
        // Out of range only if the user asks for more than can be addressed: the decoder's own cap holds then.
        let _kept = decoder.set_max_window_size(window);
        Self {
            decoder,
            part: Part::Magic,
            gathered: Vec::new(),
            held: Vec::new(),
            given: 0,
            frame_at: 0,
            used: 0,
            length: 0,
            frames: 0,
            wanted,
            skippable: Skippable::default(),
            known: None,
            skipped: Hidden::new(HiddenPlace::ZstdFrame),
            roomy: 0,
            begins_skippable: false,
        }
    }

    /// The same for a blob in which `known` is another skippable frame that an annotation names.
    pub(super) fn knowing(mut self, known: Option<Wanted>) -> Self {
        self.known = known;
        self
    }

    pub(super) fn oddities(&self) -> Vec<Oddity> {
        if self.begins_skippable { vec![Oddity::BeginsSkippable] } else { Vec::new() }
    }

    pub(super) fn hidden(&self) -> Option<Hidden> {
        Some(self.skipped.clone()).filter(Hidden::is_worth_a_word)
    }

    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if self.given < self.held.len() {
            return Ok(self.give(output));
        }
        let step = match self.part {
            Part::Skip { left, keep } => self.skip(input, left, keep),
            Part::Block { header, length: 0, is_last } => match self.decode(header, &[], output, is_last)? {
                // Neither bytes in nor out: what follows is the step, or the caller would take it for the end.
                0 => return self.step(input, output),
                made => Step { used: 0, made },
            },
            Part::Block { header, length, is_last } => self.block(input, output, (header, length, is_last))?,
            _ => self.small(input)?,
        };
        self.used += step.used as u64;
        Ok(step)
    }

    /// The input is over; `size` is how many bytes it had.
    pub(super) fn finish(&self, size: u64) -> Result<(), Fault> {
        if matches!(self.part, Part::Magic) && self.gathered.is_empty() {
            return Ok(());
        }
        let place = format!("after {} unpacked bytes: the blob has only {size} bytes", self.length);
        Err(self.fault(&format!("ended early, {place}")))
    }

    pub(super) fn skippable(&self) -> &Skippable {
        &self.skippable
    }

    /// Hands out what an earlier block left.
    fn give(&mut self, output: &mut [u8]) -> Step {
        let rest = &self.held[self.given..];
        let made = rest.len().min(output.len());
        output[..made].copy_from_slice(&rest[..made]);
        self.given += made;
        Step { used: 0, made }
    }

    /// The parts of known small length: gathers each, then acts on it.
    fn small(&mut self, input: &[u8]) -> Result<Step, Fault> {
        if input.is_empty() {
            return Ok(Step::default());
        }
        let need = self.needed();
        let used = input.len().min(need - self.gathered.len());
        self.gathered.extend_from_slice(&input[..used]);
        if self.gathered.len() == need && need == self.needed() {
            let was_magic = matches!(self.part, Part::Magic);
            self.act(self.used + used as u64)?;
            // The decoder wants a frame's header with its magic number.
            if !(was_magic && matches!(self.part, Part::Header)) {
                self.gathered.clear();
            }
        }
        Ok(Step { used, made: 0 })
    }

    fn needed(&self) -> usize {
        match self.part {
            Part::Header => self.gathered.get(4).map_or(5, |descriptor| 4 + header_length(*descriptor)),
            Part::BlockHeader => 3,
            _ => 4,
        }
    }

    /// The part that was gathered is whole; `end` is where it ends in the blob.
    fn act(&mut self, end: u64) -> Result<(), Fault> {
        match self.part {
            Part::Magic => return self.magic(end - 4),
            Part::Header => self.header()?,
            Part::BlockHeader => self.block_header()?,
            Part::Checksum => {
                let sum = first::<4>(&self.gathered);
                self.decoder.read_content_checksum(sum).map_err(|error| self.refused(&error))?;
                self.end_frame();
            }
            Part::SkipLength => self.skip_from(end),
            Part::Block { .. } | Part::Skip { .. } => {}
        }
        Ok(())
    }

    fn magic(&mut self, at: u64) -> Result<(), Fault> {
        self.frame_at = at;
        self.length = 0;
        self.skippable.footer = None;
        self.part = match self.gathered.as_slice() {
            [0x28, 0xb5, 0x2f, 0xfd] => Part::Header,
            [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {
                self.begins_skippable |= self.frame_at == 0;
                Part::SkipLength
            }
            found => {
                let [a, b, c, d] = first::<4>(found);
                let what = format!(
                    "something that is no zstd frame follows the last one (of {}): it begins with {a:02x} {b:02x} {c:02x} {d:02x}",
                    self.frames
                );
                return Err(Fault::new(FaultKind::Compression, at, what));
            }
        };
        Ok(())
    }

    fn header(&mut self) -> Result<(), Fault> {
        self.decoder.reset(self.gathered.as_slice()).map_err(|error| self.refused(&error))?;
        if let [_, _, _, _, descriptor, window, ..] = *self.gathered
            && descriptor & 0xe0 == 0
            && window > self.roomy
        {
            self.roomy = window;
            self.make_room(window);
            self.decoder.reset(self.gathered.as_slice()).map_err(|error| self.refused(&error))?;
        }
        self.part = Part::BlockHeader;
        Ok(())
    }

    /// Lets the decoder take the memory for a window at once. It does so only for frames that declare their size, and
    /// for others doubles what it has, which leaves holes of twice the window: so it is shown one that declares a size.
    fn make_room(&mut self, window: u8) {
        let header = [0x28, 0xb5, 0x2f, 0xfd, 0xc0, window, 0, 0, 0, 0, 0, 1, 0, 0];
        if self.decoder.reset(header.as_slice()).is_ok() {
            let _nothing = self.decoder.decode_block([0, 0, 0], &[], &mut []);
        }
    }

    fn block_header(&mut self) -> Result<(), Fault> {
        let header = first::<3>(&self.gathered);
        let (length, is_last) = self.decoder.block_content_len(header).map_err(|error| self.refused(&error))?;
        self.part = Part::Block { header, length, is_last };
        Ok(())
    }

    fn block(
        &mut self,
        input: &[u8],
        output: &mut [u8],
        (header, length, is_last): ([u8; 3], usize, bool),
    ) -> Result<Step, Fault> {
        if self.gathered.is_empty() && input.len() >= length {
            let made = self.decode(header, &input[..length], output, is_last)?;
            return Ok(Step { used: length, made });
        }
        let used = input.len().min(length - self.gathered.len());
        self.gathered.extend_from_slice(&input[..used]);
        if self.gathered.len() < length {
            return Ok(Step { used, made: 0 });
        }
        let mut gathered = std::mem::take(&mut self.gathered);
        let made = self.decode(header, &gathered, output, is_last)?;
        gathered.clear();
        self.gathered = gathered;
        Ok(Step { used, made })
    }

    /// Decodes a whole block, straight into `output` if any block fits there.
    fn decode(&mut self, header: [u8; 3], content: &[u8], output: &mut [u8], is_last: bool) -> Result<usize, Fault> {
        let decoded = if output.len() >= BLOCK {
            self.decoder.decode_block(header, content, output)
        } else {
            self.held.resize(BLOCK, 0);
            self.given = 0;
            self.decoder.decode_block(header, content, &mut self.held)
        };
        let made = match decoded {
            Ok(made) => made,
            Err(error) => {
                self.held.clear();
                return Err(self.refused(&error));
            }
        };
        self.length += made as u64;
        if is_last && self.decoder.awaits_checksum() {
            self.part = Part::Checksum;
        } else if is_last {
            self.end_frame();
        } else {
            self.part = Part::BlockHeader;
        }
        if output.len() >= BLOCK {
            return Ok(made);
        }
        self.held.truncate(made);
        Ok(self.give(output).made)
    }

    fn end_frame(&mut self) {
        self.frames += 1;
        self.part = Part::Magic;
    }

    fn skip_from(&mut self, at: u64) {
        let left = u64::from(u32::from_le_bytes(first::<4>(&self.gathered)));
        let frame = Some(Wanted { at, length: left });
        if frame != self.wanted && frame != self.known {
            self.skipped.add(left);
        }
        let keep = if self.wanted == frame {
            self.skippable.wanted = Some(Vec::new());
            Keep::Wanted
        } else if left <= FOOTER {
            self.skippable.footer = Some(Vec::new());
            Keep::Footer
        } else {
            Keep::Nothing
        };
        self.part = Part::Skip { left, keep };
        if left == 0 {
            self.end_frame();
        }
    }

    fn skip(&mut self, input: &[u8], left: u64, keep: Keep) -> Step {
        let used = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
        let kept = match keep {
            Keep::Nothing => None,
            Keep::Wanted => self.skippable.wanted.as_mut(),
            Keep::Footer => self.skippable.footer.as_mut(),
        };
        if let Some(kept) = kept {
            kept.extend_from_slice(&input[..used]);
        }
        match left - used as u64 {
            0 => self.end_frame(),
            left => self.part = Part::Skip { left, keep },
        }
        Step { used, made: 0 }
    }

    fn refused(&self, error: &FrameDecoderError) -> Fault {
        let what = match error {
            FrameDecoderError::WindowSizeTooBig { requested, limit, .. } => {
                let message = format!(
                    "the zstd frame at byte {} needs a window of {requested} bytes; the cap is {limit}, which can be raised (windowBytes)",
                    self.frame_at
                );
                return Fault::new(FaultKind::Limit, self.frame_at, message);
            }
            FrameDecoderError::DictNotProvided { dict_id } => {
                format!("needs the dictionary {dict_id}, and layers have none")
            }
            FrameDecoderError::ChecksumMismatch { expected, calculated } => {
                format!("says checksum {expected:08x}, and its unpacked bytes have {calculated:08x}")
            }
            FrameDecoderError::FrameContentSizeMismatch { declared, produced } => {
                format!("says that it unpacks to {declared} bytes, and there are {produced}")
            }
            FrameDecoderError::ReadFrameHeaderError(_) | FrameDecoderError::FrameHeaderError(_) => {
                "has a header that RFC 8878 does not allow".to_owned()
            }
            _ => format!("is damaged after {} unpacked bytes, in block {}", self.length, self.decoder.blocks_decoded()),
        };
        self.fault(&what)
    }

    fn fault(&self, what: &str) -> Fault {
        let at = self.frame_at;
        Fault::new(FaultKind::Compression, at, format!("the zstd frame at byte {at} {what}"))
    }
}

/// The length of a frame header without the magic number, from its descriptor (RFC 8878, 3.1.1.1.1).
fn header_length(descriptor: u8) -> usize {
    let is_single = descriptor & 0x20 != 0;
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let content = [usize::from(is_single), 2, 4, 8][usize::from(descriptor >> 6)];
    1 + usize::from(!is_single) + dictionary + content
}

/// The first bytes of what was gathered to that length.
fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}
