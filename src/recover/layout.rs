//! The ways in which JSON writers put white space into a document; one writer is one entry.

/// One writer's white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The step in words.
    pub(super) words: &'static str,
    pub(super) cost: u32,
    /// The text that indents one level; `None` writes one line.
    indent: Option<&'static str>,
    comma: &'static str,
    colon: &'static str,
    newline: &'static str,
    empty: Empty,
    /// Arrays open on the line and close with a space, as Jackson's pretty printer has it.
    inline_arrays: bool,
}

/// The form of empty objects and arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Empty {
    /// `{}`
    Tight,
    /// `{ }`
    Spaced,
    /// `{`, a line break, `}`; for arrays two breaks: older Ruby's `JSON.pretty_generate`.
    Broken,
}

const ONE_LINE: Layout = Layout {
    words: "written on one line without spaces",
    cost: 1,
    indent: None,
    comma: ",",
    colon: ":",
    newline: "\n",
    empty: Empty::Tight,
    inline_arrays: false,
};

const fn indented(words: &'static str, cost: u32, indent: &'static str) -> Layout {
    Layout { words, cost, indent: Some(indent), colon: ": ", ..ONE_LINE }
}

/// The writers, likeliest first.
pub(super) const LAYOUTS: &[Layout] = &[
    ONE_LINE,
    indented("indented with 3 spaces", 1, "   "),
    indented("indented with 2 spaces", 1, "  "),
    indented("indented with 4 spaces", 2, "    "),
    indented("indented with tabs", 2, "\t"),
    Layout {
        words: "written on one line with a space after commas and colons",
        cost: 2,
        comma: ", ",
        colon: ": ",
        ..ONE_LINE
    },
    Layout { words: "written on one line with a space after colons", cost: 4, colon: ": ", ..ONE_LINE },
    indented("indented with 1 space", 4, " "),
    indented("indented with 8 spaces", 5, "        "),
    Layout { inline_arrays: true, colon: " : ", empty: Empty::Spaced, ..indented("indented as Jackson does", 4, "  ") },
    Layout { colon: " : ", ..indented("indented with 2 spaces, with spaces around colons", 5, "  ") },
    Layout { colon: " : ", ..indented("indented with 3 spaces, with spaces around colons", 5, "   ") },
    Layout { colon: " : ", ..indented("indented with 4 spaces, with spaces around colons", 6, "    ") },
    Layout { comma: ", ", ..indented("indented with 4 spaces as Python 2 does", 5, "    ") },
    Layout { comma: ", ", ..indented("indented with 2 spaces as Python 2 does", 5, "  ") },
    Layout { empty: Empty::Broken, ..indented("indented with 2 spaces as Ruby does", 6, "  ") },
    Layout { colon: ":", ..indented("indented with 2 spaces, no space after colons", 6, "  ") },
    Layout { colon: ":", ..indented("indented with 3 spaces, no space after colons", 6, "   ") },
    Layout { colon: ":", ..indented("indented with 4 spaces, no space after colons", 6, "    ") },
    Layout { newline: "\r\n", ..indented("indented with 2 spaces and CRLF line ends", 6, "  ") },
    Layout { newline: "\r\n", ..indented("indented with 3 spaces and CRLF line ends", 7, "   ") },
    Layout { newline: "\r\n", ..indented("indented with 4 spaces and CRLF line ends", 7, "    ") },
    Layout { newline: "\r\n", ..indented("indented with tabs and CRLF line ends", 7, "\t") },
];

/// The tokens of a document, in the order of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// A name, string, number or literal, by its number.
    Token(u32),
    /// `{` or `[` of something that is not empty.
    Open(u8),
    /// Its end, by the opening bracket.
    Close(u8),
    /// `{}` or `[]`, by its opening bracket.
    Empty(u8),
    /// Between two values of what that bracket opened.
    Comma(u8),
    Colon,
}

impl Layout {
    /// Writes the parts; `token` gives a token's bytes. False if that would take more than `cap` bytes.
    pub(super) fn write<'a>(
        &self,
        parts: &[Part],
        token: impl Fn(u32) -> &'a [u8],
        cap: usize,
        out: &mut Vec<u8>,
    ) -> bool {
        let mut depth = 0_usize;
        for part in parts {
            if out.len() > cap {
                return false;
            }
            match *part {
                Part::Token(number) => out.extend_from_slice(token(number)),
                Part::Colon => out.extend_from_slice(self.colon.as_bytes()),
                Part::Empty(open) => self.empty(open, depth, out),
                Part::Open(open) => {
                    out.push(open);
                    depth += usize::from(!self.is_inline(open));
                    self.break_line(open, depth, out);
                }
                Part::Close(open) => {
                    depth = depth.saturating_sub(usize::from(!self.is_inline(open)));
                    self.break_line(open, depth, out);
                    out.push(closing(open));
                }
                Part::Comma(open) => {
                    out.extend_from_slice(self.comma.as_bytes());
                    self.break_line(open, depth, out);
                }
            }
        }
        out.len() <= cap
    }

    fn is_inline(&self, open: u8) -> bool {
        self.inline_arrays && open == b'['
    }

    fn break_line(&self, open: u8, depth: usize, out: &mut Vec<u8>) {
        let Some(indent) = self.indent else { return };
        if self.is_inline(open) {
            return out.push(b' ');
        }
        out.extend_from_slice(self.newline.as_bytes());
        for _ in 0..depth {
            out.extend_from_slice(indent.as_bytes());
        }
    }

    fn empty(&self, open: u8, depth: usize, out: &mut Vec<u8>) {
        out.push(open);
        match self.empty {
            Empty::Tight => {}
            Empty::Spaced => out.push(b' '),
            Empty::Broken => {
                if open == b'[' {
                    out.extend_from_slice(self.newline.as_bytes());
                }
                self.break_line(open, depth, out);
            }
        }
        out.push(closing(open));
    }
}

fn closing(open: u8) -> u8 {
    if open == b'{' { b'}' } else { b']' }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{"a":[1,{"b":{}}],"c":[]}`
    const PARTS: &[Part] = &[
        Part::Open(b'{'),
        Part::Token(0),
        Part::Colon,
        Part::Open(b'['),
        Part::Token(1),
        Part::Comma(b'['),
        Part::Open(b'{'),
        Part::Token(2),
        Part::Colon,
        Part::Empty(b'{'),
        Part::Close(b'{'),
        Part::Close(b'['),
        Part::Comma(b'{'),
        Part::Token(3),
        Part::Colon,
        Part::Empty(b'['),
        Part::Close(b'{'),
    ];

    #[track_caller]
    fn laid_out(words: &str, expected: &str) {
        let tokens: [&[u8]; 4] = [b"\"a\"", b"1", b"\"b\"", b"\"c\""];
        let layout = LAYOUTS.iter().find(|layout| layout.words == words).unwrap();
        let mut out = Vec::new();
        layout.write(PARTS, |number| tokens[number as usize], 200, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn recover_lays_out_as_each_writer_does() {
        laid_out("written on one line without spaces", r#"{"a":[1,{"b":{}}],"c":[]}"#);
        laid_out("written on one line with a space after commas and colons", r#"{"a": [1, {"b": {}}], "c": []}"#);
        laid_out(
            "indented with 3 spaces",
            "{\n   \"a\": [\n      1,\n      {\n         \"b\": {}\n      }\n   ],\n   \"c\": []\n}",
        );
        laid_out("indented as Jackson does", "{\n  \"a\" : [ 1, {\n    \"b\" : { }\n  } ],\n  \"c\" : [ ]\n}");
        laid_out(
            "indented with 2 spaces as Ruby does",
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": {\n      }\n    }\n  ],\n  \"c\": [\n\n  ]\n}",
        );
        laid_out(
            "indented with 2 spaces as Python 2 does",
            "{\n  \"a\": [\n    1, \n    {\n      \"b\": {}\n    }\n  ], \n  \"c\": []\n}",
        );
    }

    #[test]
    fn recover_stops_writing_at_the_cap() {
        let mut out = Vec::new();
        assert!(!LAYOUTS[1].write(PARTS, |_| b"0", 10, &mut out));
        assert!(out.len() < 20, "{}", out.len());
    }

    #[test]
    fn recover_has_no_layout_twice() {
        for (index, layout) in LAYOUTS.iter().enumerate() {
            let alike =
                |other: &Layout| Layout { words: "", cost: 0, ..*other } == Layout { words: "", cost: 0, ..*layout };
            assert!(!LAYOUTS[..index].iter().any(alike), "{}", layout.words);
        }
    }
}
