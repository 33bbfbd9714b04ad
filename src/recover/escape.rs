//! The ways in which JSON writers escape the characters of a string; one writer is one entry.

/// One writer's habit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Escapes {
    /// The step in words.
    pub(super) words: &'static str,
    pub(super) cost: u32,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    AsWritten,
    Escape(Set),
}

/// The characters that are escaped beyond `"`, `\` and control characters.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Set {
    /// `<`, `>`, `&` and the separators U+2028 and U+2029.
    html: bool,
    /// `=` and `'`.
    quotes: bool,
    /// `/` as `\/`.
    slash: bool,
    /// Everything outside ASCII.
    ascii: bool,
    /// The hex digits of `\u00E9` in upper case.
    upper: bool,
    /// `\b` and `\f` for what others write `\u0008` and `\u000c`.
    short: bool,
}

const PLAIN: Set = Set { html: false, quotes: false, slash: false, ascii: false, upper: false, short: true };

/// The writers, likeliest first.
pub(super) const ESCAPES: &[Escapes] = &[
    Escapes { words: "", cost: 0, how: How::AsWritten },
    Escapes {
        words: "<, > and & escaped as Go does (\\u003c)",
        cost: 1,
        how: How::Escape(Set { html: true, short: false, ..PLAIN }),
    },
    Escapes { words: "characters unescaped", cost: 1, how: How::Escape(PLAIN) },
    Escapes { words: "slashes escaped (\\/)", cost: 2, how: How::Escape(Set { slash: true, ..PLAIN }) },
    Escapes {
        words: "all but ASCII escaped as Python does (\\u00e9)",
        cost: 2,
        how: How::Escape(Set { ascii: true, ..PLAIN }),
    },
    Escapes {
        words: "slashes and all but ASCII escaped as PHP does (\\/, \\u00e9)",
        cost: 3,
        how: How::Escape(Set { slash: true, ascii: true, ..PLAIN }),
    },
    Escapes {
        words: "all but ASCII escaped in upper case (\\u00E9)",
        cost: 3,
        how: How::Escape(Set { ascii: true, upper: true, ..PLAIN }),
    },
    Escapes {
        words: "<, > and & escaped as newer Go does, with \\b and \\f",
        cost: 3,
        how: How::Escape(Set { html: true, ..PLAIN }),
    },
    Escapes {
        words: "<, >, &, = and ' escaped as Gson does",
        cost: 4,
        how: How::Escape(Set { html: true, quotes: true, ..PLAIN }),
    },
    Escapes {
        words: "<, >, & and all but ASCII escaped",
        cost: 4,
        how: How::Escape(Set { html: true, ascii: true, ..PLAIN }),
    },
];

impl Escapes {
    /// Writes a string token: `written` is the token as found, `text` what it says.
    pub(super) fn write(&self, written: &[u8], text: &str, out: &mut Vec<u8>) {
        let How::Escape(set) = self.how else { return out.extend_from_slice(written) };
        // A lone surrogate cannot be told from a replacement character once it is read.
        if text.contains('\u{fffd}') {
            return out.extend_from_slice(written);
        }
        out.push(b'"');
        let mut copied = 0;
        for (at, c) in text.char_indices() {
            if set.needs(c) {
                out.extend_from_slice(&text.as_bytes()[copied..at]);
                set.escape(c, out);
                copied = at + c.len_utf8();
            }
        }
        out.extend_from_slice(&text.as_bytes()[copied..]);
        out.push(b'"');
    }
}

impl Set {
    fn needs(self, c: char) -> bool {
        match c {
            '"' | '\\' | '\0'..='\x1f' => true,
            '/' => self.slash,
            '<' | '>' | '&' => self.html,
            '=' | '\'' => self.quotes,
            '\x7f' => self.ascii,
            '\u{2028}' | '\u{2029}' => self.html || self.ascii,
            _ => self.ascii && !c.is_ascii(),
        }
    }

    fn escape(self, c: char, out: &mut Vec<u8>) {
        let short = match c {
            '"' | '\\' | '/' => c,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\x08' if self.short => 'b',
            '\x0c' if self.short => 'f',
            _ => return self.hex(c, out),
        };
        out.push(b'\\');
        out.extend_from_slice(short.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn hex(self, c: char, out: &mut Vec<u8>) {
        const LOWER: &[u8; 16] = b"0123456789abcdef";
        const UPPER: &[u8; 16] = b"0123456789ABCDEF";
        let digits = if self.upper { UPPER } else { LOWER };
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.extend_from_slice(b"\\u");
            for shift in [12, 8, 4, 0] {
                out.push(digits[usize::from(*unit >> shift & 15)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recover_escapes_as_each_writer_does() {
        let text = "a/<é='😀\n\u{8}\u{2028}\"\x7f";
        let written = |style: &Escapes| {
            let mut out = Vec::new();
            style.write(b"\"as written\"", text, &mut out);
            String::from_utf8(out).unwrap()
        };
        let all: Vec<String> = ESCAPES.iter().map(written).collect();
        assert_eq!(
            all,
            [
                "\"as written\"",
                "\"a/\\u003cé='😀\\n\\u0008\\u2028\\\"\x7f\"",
                "\"a/<é='😀\\n\\b\u{2028}\\\"\x7f\"",
                "\"a\\/<é='😀\\n\\b\u{2028}\\\"\x7f\"",
                "\"a/<\\u00e9='\\ud83d\\ude00\\n\\b\\u2028\\\"\\u007f\"",
                "\"a\\/<\\u00e9='\\ud83d\\ude00\\n\\b\\u2028\\\"\\u007f\"",
                "\"a/<\\u00E9='\\uD83D\\uDE00\\n\\b\\u2028\\\"\\u007F\"",
                "\"a/\\u003cé='😀\\n\\b\\u2028\\\"\x7f\"",
                "\"a/\\u003cé\\u003d\\u0027😀\\n\\b\\u2028\\\"\x7f\"",
                "\"a/\\u003c\\u00e9='\\ud83d\\ude00\\n\\b\\u2028\\\"\\u007f\"",
            ]
        );
    }

    #[test]
    fn recover_leaves_a_lone_surrogate_alone() {
        let mut out = Vec::new();
        ESCAPES[1].write(br#""<\ud800""#, "<\u{fffd}", &mut out);
        assert_eq!(out, br#""<\ud800""#);
    }
}
