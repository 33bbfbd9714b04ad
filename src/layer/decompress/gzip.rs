//! gzip (RFC 1952): any number of members, the CRC32 and the length of each one checked.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use zlib_rs::crc32::crc32;
use zlib_rs::{Inflate, InflateFlush, Status};

use super::header::Header;
use super::{Hidden, HiddenPlace, Step};
use crate::layer::{Fault, FaultKind, Oddity};

/// The number of last members that are remembered: the table of contents of an eStargz is in the last but one.
const REMEMBERED: usize = 4;

/// deflate's largest window, which every decoder must have.
const WINDOW_BITS: u8 = 15;

/// The longest name or comment that Go's `compress/gzip` reads.
const GO_TEXT_BYTES: u64 = 511;

/// The beginning of a gzip member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// In the blob.
    pub blob_at: u64,
    /// In what comes out.
    pub tar_at: u64,
}

/// A stream of gzip members.
pub(super) struct Gzip {
    inflate: Inflate,
    part: Part,
    members: VecDeque<Member>,
    count: u64,
    crc: u32,
    /// The bytes of the blob that were used, the bytes that came out, and those of them from this member.
    used: u64,
    made: u64,
    length: u64,
    padding: u64,
    /// The length of the longest name or comment of a member.
    longest: u64,
    /// The flags of the first member that has reserved ones.
    reserved: Option<u8>,
    /// Bytes in the fields of the members' headers, and in how many members.
    fields: Hidden,
}

enum Part {
    Header(Header),
    Body,
    Trailer(Vec<u8>),
    /// Zero bytes after the last member.
    Padding,
    /// The body cannot be read on. The library's message depends on how the input is cut.
    Damaged,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            inflate: Inflate::new(false, WINDOW_BITS),
            part: Part::Header(Header::new()),
            members: VecDeque::new(),
            count: 0,
            crc: 0,
            used: 0,
            made: 0,
            length: 0,
            padding: 0,
            longest: 0,
            reserved: None,
            fields: Hidden::new(HiddenPlace::GzipHeader),
        }
    }

    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let step = match &mut self.part {
            Part::Header(_) => self.header(input)?,
            Part::Body => self.body(input, output)?,
            Part::Trailer(_) => self.trailer(input)?,
            Part::Padding => self.padding(input)?,
            Part::Damaged => return Err(self.fault(&format!("is damaged after {} unpacked bytes", self.length))),
        };
        self.used += step.used as u64;
        Ok(step)
    }

    /// The input is over; `size` is how many bytes it had.
    pub(super) fn finish(&self, size: u64) -> Result<(), Fault> {
        let place = match &self.part {
            Part::Padding => return Ok(()),
            Part::Header(header) if header.is_empty() && self.count > 0 => return Ok(()),
            Part::Header(_) => "in its header".to_owned(),
            Part::Body | Part::Damaged => format!("after {} unpacked bytes", self.length),
            Part::Trailer(_) => "in its trailer".to_owned(),
        };
        Err(self.fault(&format!("ended early, {place}: the blob has only {size} bytes")))
    }

    pub(super) fn oddities(&self) -> Vec<Oddity> {
        let zeros = (self.padding > 0).then_some(Oddity::ZerosBehindGzip(self.padding));
        let text = (self.longest > GO_TEXT_BYTES).then_some(Oddity::LongGzipText(self.longest, GO_TEXT_BYTES));
        let reserved = self.reserved.map(Oddity::ReservedGzipFlags);
        zeros.into_iter().chain(text).chain(reserved).collect()
    }

    pub(super) fn hidden(&self) -> Option<Hidden> {
        Some(self.fields.clone()).filter(Hidden::is_worth_a_word)
    }

    pub(super) fn members(&self) -> Vec<Member> {
        self.members.iter().copied().collect()
    }

    fn header(&mut self, input: &[u8]) -> Result<Step, Fault> {
        let Part::Header(header) = &mut self.part else { return Ok(Step::default()) };
        if header.is_empty() && !input.is_empty() {
            if self.count > 0 && input[0] == 0 {
                self.part = Part::Padding;
                return self.padding(input);
            }
            if self.members.len() == REMEMBERED {
                self.members.pop_front();
            }
            self.members.push_back(Member { blob_at: self.used, tar_at: self.made });
        }
        for (at, byte) in input.iter().enumerate() {
            match header.push(*byte) {
                Ok(false) => {}
                Ok(true) => {
                    self.fields.add(header.fields());
                    self.longest = self.longest.max(header.longest());
                    self.reserved = self.reserved.or(header.reserved());
                    self.part = Part::Body;
                    return Ok(Step { used: at + 1, made: 0 });
                }
                Err(why) if self.count == 0 => return Err(self.fault(&format!("cannot be read: {why}"))),
                Err(why) => return Err(self.garbage(&why)),
            }
        }
        Ok(Step { used: input.len(), made: 0 })
    }

    fn body(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(input, output, InflateFlush::NoFlush);
        let done = |now: u64, before: u64| usize::try_from(now.saturating_sub(before)).unwrap_or_default();
        let made = done(self.inflate.total_out(), written).min(output.len());
        let used = done(self.inflate.total_in(), read).min(input.len());
        self.crc = crc32(self.crc, &output[..made]);
        self.length += made as u64;
        self.made += made as u64;
        match status {
            Ok(Status::StreamEnd) => self.part = Part::Trailer(Vec::with_capacity(8)),
            Ok(_) => {}
            Err(_) => {
                self.part = Part::Damaged;
                // Bytes that were decompressed before go out first; the next step fails.
                return if made > 0 { Ok(Step { used: 0, made }) } else { self.step(input, output) };
            }
        }
        Ok(Step { used, made })
    }

    fn trailer(&mut self, input: &[u8]) -> Result<Step, Fault> {
        let Part::Trailer(trailer) = &mut self.part else { return Ok(Step::default()) };
        let used = input.len().min(8 - trailer.len());
        trailer.extend_from_slice(&input[..used]);
        let Ok([c0, c1, c2, c3, s0, s1, s2, s3]) = <[u8; 8]>::try_from(trailer.as_slice()) else {
            return Ok(Step { used, made: 0 });
        };
        let (crc, size) = (u32::from_le_bytes([c0, c1, c2, c3]), u32::from_le_bytes([s0, s1, s2, s3]));
        // The length is kept modulo 2^32 (RFC 1952, 2.3.1).
        let length = self.length & u64::from(u32::MAX);
        if crc != self.crc {
            return Err(self.fault(&format!("says CRC32 {crc:08x}, and its unpacked bytes have {:08x}", self.crc)));
        }
        if u64::from(size) != length {
            return Err(self.fault(&format!("says that it unpacks to {size} bytes, and there are {length}")));
        }
        self.next();
        Ok(Step { used, made: 0 })
    }

    fn next(&mut self) {
        self.part = Part::Header(Header::new());
        self.inflate.reset(false);
        self.count += 1;
        self.crc = 0;
        self.length = 0;
    }

    fn padding(&mut self, input: &[u8]) -> Result<Step, Fault> {
        let zeros = input.iter().take_while(|byte| **byte == 0).count();
        self.padding += zeros as u64;
        match input.get(zeros) {
            None => Ok(Step { used: zeros, made: 0 }),
            Some(byte) => Err(self.garbage(&format!("{byte:02x} stands after zero bytes"))),
        }
    }

    fn garbage(&self, why: &str) -> Fault {
        let at = self.members.back().map_or(0, |member| member.blob_at);
        let message = format!("something that is no gzip member follows the last one (of {}): {why}", self.count);
        Fault::new(FaultKind::Compression, at, message)
    }

    fn fault(&self, what: &str) -> Fault {
        let at = self.members.back().map_or(0, |member| member.blob_at);
        Fault::new(FaultKind::Compression, at, format!("the gzip member at byte {at} {what}"))
    }
}
