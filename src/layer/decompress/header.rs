//! The header of a gzip member (RFC 1952, 2.3), byte by byte and without keeping any.

use zlib_rs::crc32::crc32;

/// The flag bits: a CRC of the header, an extra field, a name, a comment; the upper three are reserved, and Go's reader ignores them.
const HEADER_CRC: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;
const RESERVED: u8 = 0xe0;

/// The state of reading the header.
#[derive(Debug)]
pub(super) struct Header {
    stage: Stage,
    flags: u8,
    crc: u32,
    count: u64,
    fields: u64,
    /// The length of the name or the comment that is being read, and of the longest one.
    text: u64,
    longest: u64,
}

/// The field of the next byte; a number is how many of its bytes are left.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Two bytes of magic, the method, the flags, and six that are skipped.
    Fixed(u8),
    ExtraLength(Option<u8>),
    Extra(u16),
    Name,
    Comment,
    Crc(Option<u8>),
    Done,
}

impl Header {
    pub(super) fn new() -> Self {
        Self { stage: Stage::Fixed(0), flags: 0, crc: 0, count: 0, fields: 0, text: 0, longest: 0 }
    }

    /// True if no byte has come.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The bytes that its extra field, name and comment have together: no program unpacks them.
    pub(super) fn fields(&self) -> u64 {
        self.fields
    }

    /// The bytes of the longer one of its name and its comment.
    pub(super) fn longest(&self) -> u64 {
        self.longest
    }

    /// Its flags, if reserved ones are among them.
    pub(super) fn reserved(&self) -> Option<u8> {
        (self.flags & RESERVED != 0).then_some(self.flags)
    }

    /// Takes the next byte; true after the last one, or why this is no header.
    pub(super) fn push(&mut self, byte: u8) -> Result<bool, String> {
        let before = self.crc;
        self.crc = crc32(self.crc, &[byte]);
        self.count += 1;
        self.fields += u64::from(matches!(self.stage, Stage::Extra(_) | Stage::Name | Stage::Comment));
        let is_text = matches!(self.stage, Stage::Name | Stage::Comment) && byte != 0;
        self.text = if is_text { self.text + 1 } else { 0 };
        self.longest = self.longest.max(self.text);
        self.stage = match self.stage {
            Stage::Fixed(at) => self.fixed(at, byte)?,
            Stage::ExtraLength(None) => Stage::ExtraLength(Some(byte)),
            Stage::ExtraLength(Some(low)) => self.extra(u16::from_le_bytes([low, byte])),
            Stage::Extra(left) => self.extra(left - 1),
            Stage::Name if byte == 0 => self.after(NAME),
            Stage::Comment if byte == 0 => self.after(COMMENT),
            Stage::Crc(None) => {
                // The CRC is over what stands before it.
                self.crc = before;
                Stage::Crc(Some(byte))
            }
            Stage::Crc(Some(low)) => held(u16::from_le_bytes([low, byte]), before)?,
            other => other,
        };
        Ok(matches!(self.stage, Stage::Done))
    }

    fn fixed(&mut self, at: u8, byte: u8) -> Result<Stage, String> {
        match (at, byte) {
            (0, 0x1f) | (1, 0x8b) | (2, 8) | (4..=8, _) => Ok(Stage::Fixed(at + 1)),
            (0 | 1, _) => Err(format!("a gzip member begins with 1f 8b, and here is {byte:02x}")),
            (2, _) => Err(format!("its method is {byte}; gzip knows 8 only, deflate")),
            (3, _) => {
                self.flags = byte;
                Ok(Stage::Fixed(4))
            }
            _ if self.flags & EXTRA != 0 => Ok(Stage::ExtraLength(None)),
            _ => Ok(self.after(EXTRA)),
        }
    }

    fn extra(&self, left: u16) -> Stage {
        if left == 0 { self.after(EXTRA) } else { Stage::Extra(left) }
    }

    /// The stage behind the field of that flag.
    fn after(&self, flag: u8) -> Stage {
        if flag < NAME && self.flags & NAME != 0 {
            Stage::Name
        } else if flag < COMMENT && self.flags & COMMENT != 0 {
            Stage::Comment
        } else if self.flags & HEADER_CRC != 0 {
            Stage::Crc(None)
        } else {
            Stage::Done
        }
    }
}

fn held(stored: u16, crc: u32) -> Result<Stage, String> {
    let computed = crc & 0xffff;
    if u32::from(stored) == computed {
        return Ok(Stage::Done);
    }
    Err(format!("the CRC16 of its header should be {stored:#06x} and is {computed:#06x}"))
}
