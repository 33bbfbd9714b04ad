//! Off the line: texts of others within sentences for people, with every character written out that would not be seen.
//!
//! The page does the same to names that it shows (`visible` in `www/format.js`); a test holds the two tables together.

use std::borrow::Cow;

/// The characters that show nothing, or change how others are shown: controls, format characters, every default ignorable
/// (variation selectors, fillers, tags), bidirectional controls, separators and spaces but U+0020, and blanks that count as
/// letters or symbols (U+2800, U+13441, U+16FE4, U+1D159). Sorted, both ends included.
const HIDDEN: &[(u32, u32)] = &[
    (0x0000, 0x001f),
    (0x007f, 0x00a0),
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x115f, 0x1160),
    (0x1680, 0x1680),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x2000, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x206f),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x13441, 0x13442),
    (0x16fe4, 0x16fe4),
    (0x1bca0, 0x1bca3),
    (0x1d159, 0x1d159),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe0fff),
];

/// True if a reader would not see this character for what it is.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    if matches!(character, ' '..='~') {
        return false;
    }
    let point = u32::from(character);
    let after = HIDDEN.partition_point(|(from, _)| *from <= point);
    after.checked_sub(1).and_then(|at| HIDDEN.get(at)).is_some_and(|(_, to)| point <= *to)
}

/// The text with each hidden character as `<U+202E>`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~');
    if text.bytes().all(is_plain) || !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hidden(character) {
            shown.push_str(&format!("<U+{:04X}>", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Writes a sentence for programs as it is shown.
pub(crate) fn serialize<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&visible(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_written_out() {
        for (hidden, shown) in [
            ("\u{34f}", "<U+034F>"),
            ("\u{fe0f}", "<U+FE0F>"),
            ("\u{17b4}", "<U+17B4>"),
            ("\u{2800}", "<U+2800>"),
            ("\u{a0}", "<U+00A0>"),
            ("\u{202e}", "<U+202E>"),
            ("\u{3164}", "<U+3164>"),
            ("\u{e0041}", "<U+E0041>"),
            ("\n", "<U+000A>"),
            ("\u{1b}", "<U+001B>"),
        ] {
            assert_eq!(visible(&format!("a{hidden}b")), format!("a{shown}b"));
        }
        assert!(matches!(visible("usr/bin/é 镜像 🐳 a b"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_table_is_sorted_and_without_overlap() {
        assert!(HIDDEN.iter().all(|(from, to)| from <= to));
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0), "{HIDDEN:x?}");
    }
}
