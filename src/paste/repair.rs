//! Finds where JSON in a text ends, and mends what web pages and terminals do inside it.

use std::ops::Range;

use crate::paste::clean::is_invisible;
use crate::paste::note::Say;

pub(super) const INVISIBLE: Say = Say(
    "invisible-between-tokens",
    "Invisible characters and odd spaces between the tokens were turned back into plain white space.",
);
pub(super) const WRAPPED: Say =
    Say("wrapped", "Line breaks inside strings, where a terminal had wrapped the lines, were taken out.");
pub(super) const TYPOGRAPHIC: Say =
    Say("typographic-quotes", "Typographic quotation marks were turned back into plain ones.");

/// The end of the JSON object or array that begins at `start`, by its brackets; `None` if they do not close.
pub(super) fn balanced(text: &str, start: usize) -> Option<Range<usize>> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(start..at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The text with what JSON does not allow turned back, and what that was; `None` if there is nothing to mend.
pub(super) fn mend(text: &str) -> Option<(String, Vec<Say>)> {
    let mut notes = Vec::new();
    let mut note = |sentence| {
        if !notes.contains(&sentence) {
            notes.push(sentence);
        }
    };
    let typographic = !text.contains('"') && text.contains(['“', '”']);
    let (mut mended, mut in_string, mut escaped) = (String::with_capacity(text.len()), false, false);
    for c in text.chars() {
        let c = if typographic && matches!(c, '“' | '”') { '"' } else { c };
        match c {
            '\n' | '\r' if in_string => note(WRAPPED),
            c if !in_string && is_invisible(c) => note(INVISIBLE),
            c if !in_string && !c.is_ascii() && c.is_whitespace() => {
                note(INVISIBLE);
                mended.push(' ');
            }
            c => mended.push(c),
        }
        in_string ^= c == '"' && !escaped;
        escaped = in_string && c == '\\' && !escaped;
    }
    if typographic {
        note(TYPOGRAPHIC);
    }
    (!notes.is_empty()).then_some((mended, notes))
}

/// The text without the white space that its first line is indented by; `None` if a line has less of it.
pub(super) fn dedent(text: &str, indent: &str) -> Option<String> {
    let mut lines = text.split('\n');
    let mut dedented = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        dedented.push('\n');
        match line.strip_prefix(indent) {
            Some(rest) => dedented.push_str(rest),
            None if line.trim().is_empty() => {}
            None => return None,
        }
    }
    Some(dedented)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_brackets_in_strings_do_not_count() {
        let text = r#"{"a": "}\"]", "b": [1, {}]} tail"#;
        assert_eq!(balanced(text, 0), Some(0..27));
        assert_eq!(balanced("{\"a\": [1, 2]", 0), None);
    }

    #[test]
    fn paste_mends_only_what_json_forbids() {
        let mended = |text: &str| mend(text).map(|(mended, notes)| (mended, notes[0]));
        assert_eq!(mended("{\u{a0}\"a\":\u{200b}1}"), Some(("{ \"a\":1}".into(), INVISIBLE)));
        assert_eq!(mended("{\"ab\r\ncd\\\"\n\": 1\n}"), Some(("{\"abcd\\\"\": 1\n}".into(), WRAPPED)));
        assert_eq!(mended("{“a”: 1}"), Some(("{\"a\": 1}".into(), TYPOGRAPHIC)));
        assert_eq!(mended("{\"a\": \"“\u{200b}\u{a0}”\"}"), None);
    }

    #[test]
    fn paste_dedents_only_where_every_line_has_it() {
        assert_eq!(dedent("{\n    \"a\": 1\n\n  }", "  ").as_deref(), Some("{\n  \"a\": 1\n\n}"));
        assert_eq!(dedent("{\n \"a\": 1\n}", "  "), None);
    }
}
