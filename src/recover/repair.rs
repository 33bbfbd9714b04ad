//! Undoes the changes that terminals, editors and blog engines make to a text.
//!
//! Each repair is one entry in [`REPAIRS`] and a function from text to text; `None` says that it does not apply.

use std::borrow::Cow;

use super::printed;

/// One way in which text is changed on its way, undone.
pub(super) struct Repair {
    /// The step in words.
    pub(super) words: &'static str,
    pub(super) cost: u32,
    pub(super) apply: fn(&[u8]) -> Option<Vec<u8>>,
}

const fn repair(words: &'static str, cost: u32, apply: fn(&[u8]) -> Option<Vec<u8>>) -> Repair {
    Repair { words, cost, apply }
}

pub(super) const REPAIRS: &[Repair] = &[
    repair("byte order mark removed", 1, |text| text.strip_prefix(BOM).map(<[u8]>::to_vec)),
    repair("CRLF line ends turned into LF", 1, |text| replaced(text, &[("\r\n", "\n")])),
    repair("terminal escapes removed", 1, |text| on_text(text, without_escapes)),
    repair("HTML entities decoded", 1, |text| on_text(text, entities)),
    repair("non-breaking spaces turned into spaces", 1, |text| {
        replaced(text, &[("\u{a0}", " "), ("\u{202f}", " "), ("\u{3000}", " ")])
    }),
    repair("typographic quotes turned into plain ones", 1, |text| {
        replaced(
            text,
            &[
                ("«\u{a0}", "\""),
                ("\u{a0}»", "\""),
                ("“", "\""),
                ("”", "\""),
                ("„", "\""),
                ("«", "\""),
                ("»", "\""),
                ("‘", "'"),
                ("’", "'"),
            ],
        )
    }),
    repair("invisible characters removed", 1, |text| {
        replaced(text, &[("\u{200b}", ""), ("\u{200c}", ""), ("\u{2060}", ""), ("\u{feff}", ""), ("\u{ad}", "")])
    }),
    repair("text around the document left out", 1, |text| on_text(text, surroundings)),
    repair("line breaks inside strings removed", 1, |text| joined_strings(text, false)),
    repair("line breaks and indentation inside strings removed", 2, |text| joined_strings(text, true)),
    repair("lines that were filled up to a width joined", 2, |text| on_text(text, printed::filled)),
    repair("line breaks inside strings turned into spaces", 2, |text| on_text(text, printed::spaced)),
    repair("lines joined that end in a backslash", 2, |text| replaced(text, &[("\\\r\n", ""), ("\\\n", "")])),
    repair("terminal escapes written out removed", 1, |text| on_text(text, printed::written_escapes)),
    repair("doubled quotes turned into single ones", 1, |text| on_text(text, printed::doubled)),
    repair("doubled single quotes turned into one", 2, |text| on_text(text, printed::doubled_single)),
    repair("quoted-printable decoded", 1, printed::quoted_printable),
    repair("numbers on lines of their own removed", 1, |text| on_text(text, printed::numbers_apart)),
    repair("file names and line numbers removed", 1, |text| by_line(text, printed::named_line)),
    repair("marks of cat removed", 1, |text| on_text(text, printed::cat_marks)),
    repair("a frame around the lines removed", 1, |text| on_text(text, printed::framed)),
    repair("backslashes before signs removed", 3, |text| {
        replaced(text, &[("\\\\", "\\"), ("\\:", ":"), ("\\=", "="), ("\\#", "#"), ("\\!", "!")])
    }),
    repair("spaces at the ends of lines removed", 2, |text| on_text(text, trailing_spaces)),
    repair("line numbers removed", 2, |text| by_line(text, line_number)),
    repair("quote marks at the starts of lines removed", 2, |text| by_line(text, quote_mark)),
    repair("common indentation removed", 2, |text| on_text(text, dedented)),
    repair("\\\" turned into \"", 2, |text| replaced(text, &[("\\\\", "\\"), ("\\\"", "\"")])),
    repair("typographic dashes and dots turned into plain ones", 2, |text| {
        replaced(text, &[("–", "--"), ("—", "---"), ("…", "...")])
    }),
    repair("UTF-16 turned into UTF-8", 1, utf16),
    repair("text read as Windows-1252 turned back into UTF-8", 2, |text| on_text(text, mojibake)),
    repair("line breaks removed", 3, |text| replaced(text, &[("\r", ""), ("\n", "")])),
    repair("LF line ends turned into CRLF", 3, |text| {
        if text.windows(2).any(|pair| pair == b"\r\n") { None } else { replaced(text, &[("\n", "\r\n")]) }
    }),
    repair("tabs turned into 4 spaces", 3, |text| replaced(text, &[("\t", "    ")])),
    repair("tabs turned into 2 spaces", 4, |text| replaced(text, &[("\t", "  ")])),
    repair("tabs turned into 8 spaces", 4, |text| replaced(text, &[("\t", "        ")])),
    repair("4 spaces of indentation turned into a tab", 4, |text| tabbed(text, 4)),
    repair("2 spaces of indentation turned into a tab", 5, |text| tabbed(text, 2)),
    repair("8 spaces of indentation turned into a tab", 5, |text| tabbed(text, 8)),
    repair("byte order mark added", 6, |text| if text.starts_with(BOM) { None } else { Some([BOM, text].concat()) }),
];

const BOM: &[u8] = b"\xef\xbb\xbf";

fn on_text(text: &[u8], apply: impl Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
    apply(std::str::from_utf8(text).ok()?).map(String::into_bytes)
}

/// Replaces in one pass, the first pattern that fits winning; `None` if none occurs.
fn replaced(text: &[u8], pairs: &[(&str, &str)]) -> Option<Vec<u8>> {
    let mut starts = [false; 256];
    for (from, _) in pairs {
        starts[usize::from(from.as_bytes()[0])] = true;
    }
    let mut out = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while at < text.len() {
        if !starts[usize::from(text[at])] {
            at += 1;
            continue;
        }
        match pairs.iter().find(|(from, _)| text[at..].starts_with(from.as_bytes())) {
            Some((from, to)) => {
                out.extend_from_slice(&text[copied..at]);
                out.extend_from_slice(to.as_bytes());
                at += from.len();
                copied = at;
            }
            None => at += 1,
        }
    }
    out.extend_from_slice(&text[copied..]);
    (copied > 0).then_some(out)
}

fn by_line(text: &[u8], cut: fn(&str) -> Option<&str>) -> Option<Vec<u8>> {
    on_text(text, |text| {
        let lines: Option<Vec<&str>> =
            text.split('\n').map(|line| if line.trim().is_empty() { Some("") } else { cut(line) }).collect();
        lines.map(|lines| lines.join("\n")).filter(|cut| cut != text && !cut.trim().is_empty())
    })
}

fn line_number(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = rest.strip_prefix([':', '|', '.', ')']).unwrap_or(rest);
    let spaced = marked.strip_prefix([' ', '\t', '│']).unwrap_or(marked);
    (rest.len() < line.len()).then_some(spaced)
}

fn quote_mark(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix(['>', '|', '#', '+', '│'])?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

fn trailing_spaces(text: &str) -> Option<String> {
    let lines: Vec<Cow<'_, str>> = text
        .split('\n')
        .map(|line| match line.strip_suffix('\r') {
            Some(line) => Cow::from(format!("{}\r", line.trim_end_matches([' ', '\t']))),
            None => Cow::from(line.trim_end_matches([' ', '\t'])),
        })
        .collect();
    Some(lines.join("\n")).filter(|trimmed| trimmed != text)
}

fn dedented(text: &str) -> Option<String> {
    let body = |line: &&str| !line.trim().is_empty();
    let depth = |line: &str| line.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let first = usize::from(!text.starts_with([' ', '\t']));
    let common = text.lines().skip(first).filter(body).map(depth).min().filter(|common| *common > 0)?;
    let lines: Vec<&str> = text
        .split('\n')
        .enumerate()
        .map(|(n, line)| if n < first { line } else { line.get(common..).unwrap_or("") })
        .collect();
    Some(lines.join("\n"))
}

fn tabbed(text: &[u8], width: usize) -> Option<Vec<u8>> {
    on_text(text, |text| {
        let lines: Vec<String> = text
            .split('\n')
            .map(|line| {
                let spaces = line.len() - line.trim_start_matches(' ').len();
                "\t".repeat(spaces / width) + &line[spaces / width * width..]
            })
            .collect();
        Some(lines.join("\n")).filter(|tabbed| tabbed != text)
    })
}

/// From the first bracket that begins a line to the last that closes: what prompts, fences and headers leave.
fn surroundings(text: &str) -> Option<String> {
    let mut brackets = text.match_indices(['{', '[']).map(|(at, _)| at);
    let first = brackets.clone().next()?;
    // Between a bracket and the one before it lies no other, so every byte is looked at once.
    let begins = |at: &usize| text[..*at].chars().rev().take_while(|c| *c != '\n').all(char::is_whitespace);
    let start = brackets.find(begins).unwrap_or(first);
    let end = text.rfind(['}', ']'])? + 1;
    let inner = text.get(start..end)?;
    (inner != text.trim_ascii()).then(|| inner.to_owned())
}

/// Removes line breaks that stand inside a string, with the indentation after them if `indented`.
fn joined_strings(text: &[u8], indented: bool) -> Option<Vec<u8>> {
    let (mut inside, mut escaped, mut joined) = (false, false, false);
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        let blank = matches!(byte, b'\r' | b'\n') || indented && joined && matches!(byte, b' ' | b'\t');
        if inside && blank {
            joined = true;
            continue;
        }
        if joined && !blank && indented && inside {
            joined = false;
        }
        match byte {
            b'"' if !escaped => inside = !inside,
            _ => {}
        }
        escaped = inside && *byte == b'\\' && !escaped;
        out.push(*byte);
    }
    (out.len() < text.len()).then_some(out)
}

/// Removes ECMA-48 escape sequences, with which terminals are told colours and titles.
fn without_escapes(text: &str) -> Option<String> {
    let mut parts = text.split('\u{1b}');
    let mut kept = parts.next()?.to_owned();
    for part in parts {
        let end = match part.as_bytes().first() {
            Some(b'[') => part.find(|c: char| matches!(c, '@'..='Z' | '\\'..='~')),
            Some(b']') => part.find('\u{7}'),
            _ => None,
        };
        kept.push_str(end.map_or_else(|| part.get(1..).unwrap_or_default(), |end| &part[end + 1..]));
    }
    (kept != text).then_some(kept)
}

/// The longest name or number of an HTML entity that is decoded.
const ENTITY: usize = 8;

fn entities(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The end is looked for within the length of a name, not in the whole rest.
        let known = rest.bytes().skip(1).take(ENTITY + 1).position(|byte| byte == b';');
        let decoded = known.and_then(|end| Some((entity(&rest[1..=end])?, end + 2)));
        let (c, length) = decoded.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

fn entity(name: &str) -> Option<char> {
    match name {
        "quot" => Some('"'),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "lsquo" => Some('‘'),
        "rsquo" => Some('’'),
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            char::from_u32(code?)
        }
    }
}

fn utf16(text: &[u8]) -> Option<Vec<u8>> {
    let unit: fn([u8; 2]) -> u16 = match text {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = text[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok().map(String::into_bytes)
}

/// Undoes UTF-8 that was read as Windows-1252 and written as UTF-8 again (`Ã©` for `é`).
fn mojibake(text: &str) -> Option<String> {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let byte = |c: char| match u8::try_from(u32::from(c)) {
        Ok(byte) => Some(byte),
        Err(_) => HIGH.chars().zip(0x80..=0x9f).find(|(high, _)| *high == c).map(|(_, byte)| byte),
    };
    if text.is_ascii() {
        return None;
    }
    String::from_utf8(text.chars().map(byte).collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn repairs(words: &str, from: &str, to: Option<&str>) {
        let repair = REPAIRS.iter().find(|repair| repair.words == words).unwrap();
        let repaired = (repair.apply)(from.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(repaired.as_deref(), to);
    }

    #[test]
    fn recover_repairs_one_thing_at_a_time() {
        repairs("byte order mark removed", "\u{feff}{}", Some("{}"));
        repairs("CRLF line ends turned into LF", "{\r\n}\r\n", Some("{\n}\n"));
        repairs("CRLF line ends turned into LF", "{\n}", None);
        repairs("LF line ends turned into CRLF", "{\n}", Some("{\r\n}"));
        repairs("HTML entities decoded", "{&quot;a&#34;:&#x22;&amp;&&lt;&unknown;", Some("{\"a\":\"&&<&unknown;"));
        repairs("HTML entities decoded", "\"a && b\"", None);
        repairs("terminal escapes removed", "\u{1b}[1;39m{\u{1b}[0m}\u{1b}]0;t\u{7}\u{1b}(", Some("{}"));
        repairs("non-breaking spaces turned into spaces", "\u{a0}{", Some(" {"));
        repairs("typographic quotes turned into plain ones", "{“a”: ‘b’}", Some("{\"a\": 'b'}"));
        repairs("invisible characters removed", "{\u{200b}}", Some("{}"));
        repairs("text around the document left out", "$ crane manifest x\n{\"a\":[]}\n$ ", Some("{\"a\":[]}"));
        repairs("text around the document left out", "```json\n{}\n```\n", Some("{}"));
        repairs("text around the document left out", " {}\n", None);
        repairs("line breaks inside strings removed", "{\"a\nb\":\n1}", Some("{\"ab\":\n1}"));
        repairs("line breaks inside strings removed", "{\"a\\\"\nb\":1}", Some("{\"a\\\"b\":1}"));
        repairs("line breaks and indentation inside strings removed", "{\"a\n  b c\":1}", Some("{\"ab c\":1}"));
        repairs("spaces at the ends of lines removed", "{ \r\n} \n", Some("{\r\n}\n"));
        repairs("line numbers removed", " 1 {\n 2   \"a\": 1\n10 }\n", Some("{\n  \"a\": 1\n}\n"));
        repairs("line numbers removed", "{\n1\n}", None);
        repairs("quote marks at the starts of lines removed", "> {\n>   1\n> }", Some("{\n  1\n}"));
        repairs("common indentation removed", "    {\n      1\n    }\n", Some("{\n  1\n}\n"));
        repairs("common indentation removed", "{\n      1\n    }", Some("{\n  1\n}"));
        repairs("\\\" turned into \"", "{\\\"a\\\":\\\"b\\\\n\\\"}", Some("{\"a\":\"b\\n\"}"));
        repairs("typographic dashes and dots turned into plain ones", "–x …", Some("--x ..."));
        repairs("text read as Windows-1252 turned back into UTF-8", "Ã© â€œ", Some("é “"));
        repairs("text read as Windows-1252 turned back into UTF-8", "é", None);
        repairs("line breaks removed", "{\r\n}\n", Some("{}"));
        repairs("tabs turned into 4 spaces", "\t{", Some("    {"));
        repairs("tabs turned into 2 spaces", "\t{", Some("  {"));
        repairs("tabs turned into 8 spaces", "\t{", Some("        {"));
        repairs("4 spaces of indentation turned into a tab", "{\n        1", Some("{\n\t\t1"));
        repairs("2 spaces of indentation turned into a tab", "{\n   1", Some("{\n\t 1"));
        repairs("8 spaces of indentation turned into a tab", "{\n    1", None);
        repairs("byte order mark added", "{}", Some("\u{feff}{}"));
    }

    #[test]
    fn recover_decodes_entities_whose_ends_are_far_away() {
        let mut text = "&".repeat(300_000);
        assert_eq!(entities(&text), None);
        text.push_str("&lt;");
        assert_eq!(entities(&text).map(|decoded| decoded.len()), Some(300_001));
    }

    #[test]
    fn recover_reads_utf16_as_powershell_writes_it() {
        let text: Vec<u8> = "\u{feff}{é}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf16(&text).unwrap(), "{é}".as_bytes());
    }

    proptest! {
        #[test]
        fn recover_repairs_never_panic(bytes: Vec<u8>, text in "[{}\\[\\]\"\\\\&#;x0-9> \t\r\né“\u{feff}]{0,40}") {
            for repair in REPAIRS {
                let _ = (repair.apply)(&bytes);
                let _ = (repair.apply)(text.as_bytes());
            }
        }
    }
}
