//! Places in a text: bytes, lines and columns, and the UTF-16 code units that JavaScript counts.

/// The starts of a text's lines, in bytes and in UTF-16 code units.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<(usize, usize)>,
    units: usize,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut starts = vec![(0, 0)];
        let mut units = 0;
        for (at, c) in text.char_indices() {
            units += c.len_utf16();
            if c == '\n' {
                starts.push((at + 1, units));
            }
        }
        Self { text, starts, units }
    }

    /// Line and column of a byte, both counted from 1.
    pub fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|(start, _)| *start <= byte);
        let (_, units) = self.starts[line.max(1) - 1];
        (line, self.utf16(byte) - units + 1)
    }

    /// The place in UTF-16 code units of a byte.
    pub fn utf16(&self, byte: usize) -> usize {
        let line = self.starts.partition_point(|(start, _)| *start <= byte).max(1) - 1;
        let (start, units) = self.starts[line];
        units + self.text.get(start..byte).map_or(0, |before| before.encode_utf16().count())
    }

    /// The byte of a place in UTF-16 code units; `None` beyond the text or within a character.
    pub fn byte(&self, unit: usize) -> Option<usize> {
        if unit > self.units {
            return None;
        }
        let line = self.starts.partition_point(|(_, units)| *units <= unit).max(1) - 1;
        let (start, units) = self.starts[line];
        let mut left = unit - units;
        let mut at = start;
        for c in self.text.get(start..)?.chars() {
            if left == 0 {
                break;
            }
            left = left.checked_sub(c.len_utf16())?;
            at += c.len_utf8();
        }
        (left == 0).then_some(at)
    }
}
