//! Places in a text: bytes, lines and columns, and the UTF-16 code units that JavaScript counts.

/// The distance of two marks in bytes, but for a character that lies across it.
const APART: usize = 1024;

/// A place from which others are counted, so that neither many lines nor a long one take long.
#[derive(Clone, Copy, Default)]
struct Mark {
    byte: usize,
    units: usize,
    /// The number of line breaks before it.
    lines: usize,
    /// The UTF-16 code units before its line.
    line_units: usize,
}

impl Mark {
    fn pass(&mut self, c: char) {
        self.byte += c.len_utf8();
        self.units += c.len_utf16();
        if c == '\n' {
            self.lines += 1;
            self.line_units = self.units;
        }
    }
}

/// A text with the places in it.
pub(super) struct Lines<'a> {
    text: &'a str,
    marks: Vec<Mark>,
    /// The UTF-16 code units of the text.
    units: usize,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut mark = Mark::default();
        let mut marks = vec![mark];
        for c in text.chars() {
            mark.pass(c);
            if mark.byte >= marks.len() * APART {
                marks.push(mark);
            }
        }
        Self { text, marks, units: mark.units }
    }

    /// Line and column of a byte, both counted from 1.
    pub fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let mark = self.at(byte);
        (mark.lines + 1, mark.units - mark.line_units + 1)
    }

    /// The place in UTF-16 code units of a byte.
    pub fn utf16(&self, byte: usize) -> usize {
        self.at(byte).units
    }

    /// The place of a byte; within a character, that behind it.
    fn at(&self, byte: usize) -> Mark {
        let mut mark = self.last(|mark| mark.byte <= byte);
        for c in self.behind(mark) {
            if mark.byte >= byte {
                break;
            }
            mark.pass(c);
        }
        mark
    }

    /// The byte of a place in UTF-16 code units; `None` beyond the text or within a character.
    pub fn byte(&self, unit: usize) -> Option<usize> {
        if unit > self.units {
            return None;
        }
        let mut mark = self.last(|mark| mark.units <= unit);
        for c in self.behind(mark) {
            if mark.units >= unit {
                break;
            }
            mark.pass(c);
        }
        (mark.units == unit).then_some(mark.byte)
    }

    /// The last mark for which this holds; it holds for the first.
    fn last(&self, holds: impl Fn(&Mark) -> bool) -> Mark {
        self.marks[self.marks.partition_point(holds).max(1) - 1]
    }

    fn behind(&self, mark: Mark) -> std::str::Chars<'a> {
        self.text.get(mark.byte..).unwrap_or_default().chars()
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn trade_places_are_those_of_a_plain_count() {
        let short = "a\u{fe}\n\u{1f9f1}\r\n\n\u{4e2d} ".repeat(3);
        let texts = [String::new(), short.clone(), short.repeat(200), "\u{1f9f1}x".repeat(2000), "\n".repeat(5000)];
        for text in &texts {
            let lines = Lines::of(text);
            let (mut line, mut column, mut unit) = (1, 1, 0);
            for (byte, c) in text.char_indices() {
                assert_eq!((lines.line_and_column(byte), lines.utf16(byte)), ((line, column), unit), "at byte {byte}");
                assert_eq!(lines.byte(unit), Some(byte));
                if c.len_utf16() == 2 {
                    assert_eq!(lines.byte(unit + 1), None, "within a character");
                }
                unit += c.len_utf16();
                (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + c.len_utf16()) };
            }
            assert_eq!((lines.byte(unit), lines.byte(unit + 1)), (Some(text.len()), None));
            assert_eq!(lines.line_and_column(text.len()), (line, column));
        }
    }
}
