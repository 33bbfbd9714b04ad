//! The rows of one table of an SQLite file: as much of the format as rpm's database needs (sqlite.org/fileformat2.html).
//!
//! No pure Rust library reads SQLite from a slice without a whole database engine behind it. Every page is read at most
//! once, and what the rows hold together is bounded by the file.

/// The first bytes of every database.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The smallest usable page that the format allows.
const LEAST: usize = 480;

const INTERIOR_TABLE: u8 = 5;
const LEAF_TABLE: u8 = 13;

/// A value of a row; numbers and texts as bytes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Null,
    Number(i64),
    Bytes(&'a [u8]),
}

struct Database<'a> {
    bytes: &'a [u8],
    page: usize,
    usable: usize,
    /// The number of pages and of bytes of rows that may still be read: a file of loops ends there.
    pages: usize,
    room: usize,
}

/// Visits every row of the table with the value of its column; none if this is no such database.
pub(super) fn each(bytes: &[u8], table: &str, column: usize, mut visit: impl FnMut(&[u8])) -> Option<()> {
    let mut database = Database::of(bytes)?;
    let mut root = None;
    database.walk(1, &mut |row| {
        if value(row, 1) == Some(Value::Bytes(table.as_bytes()))
            && let Some(Value::Number(page)) = value(row, 3)
        {
            root = usize::try_from(page).ok();
        }
    })?;
    let mut database = Database::of(bytes)?;
    database.walk(root?, &mut |row| {
        if let Some(Value::Bytes(bytes)) = value(row, column) {
            visit(bytes);
        }
    })
}

impl<'a> Database<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let page = match u16::from_be_bytes(bytes.get(16..18)?.try_into().ok()?) {
            1 => 65_536,
            size => usize::from(size),
        };
        let usable = page.checked_sub(usize::from(*bytes.get(20)?))?;
        let is_one = bytes.starts_with(MAGIC) && page.is_power_of_two() && page >= 512 && usable >= LEAST;
        is_one.then(|| Self { bytes, page, usable, pages: bytes.len() / page + 1, room: bytes.len() })
    }

    /// A page by its number, from 1.
    fn page(&mut self, number: usize) -> Option<&'a [u8]> {
        self.pages = self.pages.checked_sub(1)?;
        let from = number.checked_sub(1)?.checked_mul(self.page)?;
        self.bytes.get(from..from.checked_add(self.usable)?)
    }

    /// Visits every row below a page; none if the tree is broken.
    fn walk(&mut self, root: usize, visit: &mut dyn FnMut(&[u8])) -> Option<()> {
        let mut waiting = vec![root];
        while let Some(number) = waiting.pop() {
            let page = self.page(number)?;
            let head = if number == 1 { 100 } else { 0 };
            let kind = *page.get(head)?;
            let cells = usize::from(short(page, head + 3)?);
            let list = head + if kind == INTERIOR_TABLE { 12 } else { 8 };
            let at = |cell: usize| short(page, list + 2 * cell).map(usize::from);
            match kind {
                INTERIOR_TABLE => {
                    waiting.push(long(page, head + 8)?);
                    for cell in (0..cells).rev() {
                        waiting.push(long(page, at(cell)?)?);
                    }
                }
                LEAF_TABLE => {
                    for cell in 0..cells {
                        let row = self.row(page, at(cell)?)?;
                        visit(&row);
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// The bytes of a row: those in its page, then those of a chain of others.
    fn row(&mut self, page: &[u8], at: usize) -> Option<Vec<u8>> {
        let (length, used) = varint(page.get(at..)?)?;
        let (_, more) = varint(page.get(at + used..)?)?;
        let length = usize::try_from(length).ok()?;
        self.room = self.room.checked_sub(length)?;
        let (from, here) = (at + used + more, self.local(length));
        let mut row = page.get(from..from + here)?.to_vec();
        let mut next = if here < length { long(page, from + here)? } else { 0 };
        while row.len() < length {
            let page = self.page(next)?;
            next = long(page, 0)?;
            let rest = page.get(4..)?;
            row.extend_from_slice(&rest[..rest.len().min(length - row.len())]);
        }
        Some(row)
    }

    /// The bytes of a row of that length that stand in its own page.
    fn local(&self, length: usize) -> usize {
        let most = self.usable - 35;
        if length <= most {
            return length;
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let rest = least + (length - least) % (self.usable - 4);
        if rest <= most { rest } else { least }
    }
}

/// The value of a row in that column.
fn value(row: &[u8], column: usize) -> Option<Value<'_>> {
    let (head, mut at) = varint(row)?;
    let head = usize::try_from(head).ok()?;
    let mut from = head;
    for number in 0.. {
        if at >= head {
            return None;
        }
        let (kind, used) = varint(row.get(at..head)?)?;
        at += used;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            _ => usize::try_from(kind.checked_sub(12)? / 2).ok()?,
        };
        let bytes = row.get(from..from.checked_add(length)?)?;
        if number == column {
            return Some(match kind {
                0 | 7 => Value::Null,
                8 | 9 => Value::Number(i64::try_from(kind - 8).ok()?),
                1..=6 => Value::Number(signed(bytes)),
                _ => Value::Bytes(bytes),
            });
        }
        from += length;
    }
    None
}

fn signed(bytes: &[u8]) -> i64 {
    let first = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
    bytes.iter().fold(first, |number, byte| number << 8 | i64::from(*byte))
}

/// A number of up to nine bytes, and how many it takes.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        if at == 8 {
            return Some((number << 8 | u64::from(*byte), 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + 1));
        }
    }
    None
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// The big-endian number of four bytes at that place, as rpm's headers have them, too.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The same as a page's number.
fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(word(bytes, at)?).ok()
}
