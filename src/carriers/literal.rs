//! Strings of programs: Go, Python (with `b` and `r`), JavaScript, Ruby, PHP, shells, SQL; several in a row are one.

use super::{MOST, longest};

/// The meanings of a backslash.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Escapes {
    /// `\n`, `\x7b`, `\u007b`, `\173` and the like.
    All,
    /// Only `\\` and the quote, or the quote twice: single quotes in PHP, Ruby and SQL.
    Few,
}

/// Strings that hold JSON, unescaped as most languages do.
pub(super) fn escaped(text: &str) -> Vec<Vec<u8>> {
    strings(text, Escapes::All)
}

/// Strings in single quotes that hold JSON, unescaped as PHP and Ruby do.
pub(super) fn plain(text: &str) -> Vec<Vec<u8>> {
    if text.contains('\'') { strings(text, Escapes::Few) } else { Vec::new() }
}

/// A word of a shell in single quotes, which holds a quote as `'\''` or `'"'"'` and nothing else escaped.
pub(super) fn shell(text: &str) -> Vec<Vec<u8>> {
    const QUOTES: [&str; 2] = ["\\''", "\"'\"'"];
    let mut quotes = text.match_indices('\'').map(|(at, _)| at + 1);
    let Some(start) = quotes.find(|at| opens(&text[*at..])) else { return Vec::new() };
    let (mut content, mut left, mut quoted) = (String::new(), &text[start..], false);
    while let Some((part, rest)) = left.split_once('\'') {
        content.push_str(part);
        match QUOTES.iter().find_map(|quote| rest.strip_prefix(quote)) {
            Some(more) => {
                content.push('\'');
                (left, quoted) = (more, true);
            }
            None if quoted => return vec![content.into_bytes()],
            // Without a quote inside, it is the text between the brackets, which is taken out anyway.
            None => break,
        }
    }
    Vec::new()
}

fn strings(text: &str, escapes: Escapes) -> Vec<Vec<u8>> {
    let (mut found, mut at, mut tries) = (Vec::new(), 0, 0);
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(['"', '\'', '`'])) {
        let start = at + start;
        at = start + 1;
        if !opens(&text[at..]) || escapes == Escapes::Few && !text[start..].starts_with('\'') {
            continue;
        }
        match joined(text, start, escapes) {
            Some((content, end)) => {
                found.push(content);
                at = end;
            }
            None => tries += 1,
        }
        // Each string that never ends costs a look at the whole rest.
        if tries >= MOST {
            break;
        }
    }
    longest(found)
}

/// True if the text behind a quote may be the beginning of JSON.
fn opens(inner: &str) -> bool {
    // The rest of a triple quote. Only one: a long row of quotes would be read again from each of them.
    let triple = ["\"\"", "''"].iter().find_map(|rest| inner.strip_prefix(rest));
    let mut inner = triple.unwrap_or(inner);
    while let Some(rest) = ["\\n", "\\r", "\\t", "\\\n"].iter().find_map(|blank| inner.strip_prefix(blank)) {
        inner = rest;
    }
    let inner = inner.trim_start();
    ["{", "[", "\\{", "\\u007b", "\\x7b", "\\\"", "\\u007B"].iter().any(|start| inner.starts_with(start))
}

/// The string that begins at `at` and those that are joined to it, and where they end.
pub(super) fn joined(text: &str, at: usize, escapes: Escapes) -> Option<(Vec<u8>, usize)> {
    let (mut content, mut end) = one(text, at, escapes)?;
    while let Some(next) = next(text, end) {
        let Some((more, after)) = one(text, next, escapes) else { break };
        content.extend_from_slice(&more);
        end = after;
    }
    Some((content, end))
}

/// The position at which a string goes on after white space and one sign that joins.
fn next(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let blank = |rest: &str| rest.trim_start_matches([' ', '\t', '\r', '\n', '\\']).len();
    let mut left = blank(rest);
    let mut here = &rest[rest.len() - left..];
    if let Some(after) = here.strip_prefix(['+', '.', '~']) {
        left = blank(after);
        here = &after[after.len() - left..];
    }
    let here = here.strip_prefix(['b', 'u', 'r', 'f']).filter(|rest| rest.starts_with(['"', '\''])).unwrap_or(here);
    here.starts_with(['"', '\'', '`']).then(|| text.len() - here.len())
}

/// One string with its quotes, and where it ends.
fn one(text: &str, at: usize, escapes: Escapes) -> Option<(Vec<u8>, usize)> {
    let rest = text.get(at..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let quotes = if rest.starts_with(&triple) { triple } else { quote.to_string() };
    let mut out = Vec::new();
    let mut left = &rest[quotes.len()..];
    loop {
        let plain = left.find([quote, '\\'])?;
        out.extend_from_slice(&left.as_bytes()[..plain]);
        left = &left[plain..];
        if let Some(escape) = left.strip_prefix('\\') {
            left = unescape(escape, escapes, quote, &mut out)?;
        } else if let Some(after) = left.strip_prefix(&quotes) {
            // A quote twice is a quote in SQL and YAML.
            match after.strip_prefix(quote).filter(|_| escapes == Escapes::Few) {
                Some(more) => {
                    out.push(quote as u8);
                    left = more;
                }
                None => return Some((out, text.len() - after.len())),
            }
        } else {
            out.push(quote as u8);
            left = &left[1..];
        }
    }
}

/// Writes what an escape stands for, and gives the rest behind it.
fn unescape<'a>(text: &'a str, escapes: Escapes, quote: char, out: &mut Vec<u8>) -> Option<&'a str> {
    let c = text.chars().next()?;
    let rest = &text[c.len_utf8()..];
    if escapes == Escapes::Few {
        if c != quote && c != '\\' {
            out.push(b'\\');
        }
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        return Some(rest);
    }
    let plain = match c {
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'b' => 8,
        'f' => 12,
        'v' => 11,
        'a' => 7,
        'e' => 27,
        '\n' => return Some(rest),
        'x' => return hex(rest, 2, true, out),
        'u' => return unicode(rest, out),
        'U' => return hex(rest, 8, false, out),
        '0'..='7' => return octal(text, out),
        _ => {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(rest);
        }
    };
    out.push(plain);
    Some(rest)
}

fn hex<'a>(text: &'a str, digits: usize, byte: bool, out: &mut Vec<u8>) -> Option<&'a str> {
    let value = u32::from_str_radix(text.get(..digits)?, 16).ok()?;
    match u8::try_from(value).ok().filter(|_| byte) {
        Some(value) => out.push(value),
        None => out.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes()),
    }
    text.get(digits..)
}

/// `\u007b`, a pair of surrogates, or `\u{7b}`.
fn unicode<'a>(text: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    if let Some(braced) = text.strip_prefix('{') {
        let end = braced.get(..braced.len().min(8))?.find('}')?;
        let c = char::from_u32(u32::from_str_radix(&braced[..end], 16).ok()?)?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        return braced.get(end + 1..);
    }
    let unit = |text: &str| u32::from_str_radix(text.get(..4)?, 16).ok();
    let (first, rest) = (unit(text)?, text.get(4..)?);
    let low = rest.strip_prefix("\\u").and_then(unit).filter(|low| (0xdc00..0xe000).contains(low));
    let (point, rest) = match low.filter(|_| (0xd800..0xdc00).contains(&first)) {
        Some(low) => (0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00), rest.get(6..)?),
        None => (first, rest),
    };
    out.extend_from_slice(char::from_u32(point)?.encode_utf8(&mut [0; 4]).as_bytes());
    Some(rest)
}

fn octal<'a>(text: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    let digits = text.bytes().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
    out.push(u8::from_str_radix(&text[..digits], 8).ok()?);
    text.get(digits..)
}
