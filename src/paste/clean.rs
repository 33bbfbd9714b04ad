//! Peels off what terminals, editors and web pages put around each line of a text.
//!
//! Line breaks cannot stand inside a JSON string, so what is cut from the edges of lines is never part of one.

use std::borrow::Cow;

use crate::paste::note::Say;

/// A line without its line feed, after peeling.
#[derive(Clone, Debug)]
pub(super) struct CleanLine<'a> {
    /// The text that is left.
    pub text: Cow<'a, str>,
    /// True if the cut may have taken or left white space that belongs to the document.
    pub lossy: bool,
}

/// A text after peeling.
pub(super) struct Cleaned<'a> {
    pub lines: Vec<CleanLine<'a>>,
    /// Notes about the cut.
    pub notes: Vec<Say>,
}

pub(super) const ESCAPES: Say = Say("terminal-colours", "Terminal colours were cut away.");
pub(super) const INVISIBLE: Say =
    Say("invisible-at-edges", "Invisible characters at the edges of lines were cut away.");
pub(super) const QUOTES: Say = Say("quote-marks", "Quote marks before the lines were cut away.");
pub(super) const NUMBERS: Say =
    Say("line-numbers", "Line numbers were cut away, and with them maybe white space that belongs to the document.");
pub(super) const UTF16: Say = Say("utf-16", "The text was UTF-16 and was turned into UTF-8.");
pub(super) const NOT_UTF8: Say = Say("not-utf-8", "The text is not UTF-8: its bytes are taken as they are.");

/// The most wrappers around each other that are peeled off.
const ROUNDS: usize = 4;

/// The text of the bytes, with a note if that took more than reading; `None` if they are not text.
pub(super) fn decode(bytes: &[u8]) -> Option<(Cow<'_, str>, Option<Say>)> {
    let utf16 = |join: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| join([pair[0], pair[1]])).collect();
        Some((Cow::Owned(String::from_utf16(&units).ok()?), Some(UTF16)))
    };
    match bytes {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        _ => Some((Cow::Borrowed(std::str::from_utf8(bytes).ok()?), None)),
    }
}

/// Peels terminal escapes, invisible characters, quote marks and line numbers off, in whatever order they lie.
pub(super) fn peel(text: &str) -> Cleaned<'_> {
    let mut notes = Vec::new();
    let mut lines: Vec<CleanLine> =
        text.split('\n').map(|line| CleanLine { text: line.into(), lossy: false }).collect();
    for _ in 0..ROUNDS {
        let mut changed = false;
        for (rule, note) in RULES {
            if rule(&mut lines) {
                changed = true;
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
        if !changed {
            break;
        }
    }
    Cleaned { lines, notes }
}

/// A rule cuts from the lines and tells whether it did.
type Rule = fn(&mut [CleanLine]) -> bool;

const RULES: [(Rule, Say); 4] = [(escapes, ESCAPES), (invisible, INVISIBLE), (quotes, QUOTES), (numbers, NUMBERS)];

/// ECMA-48 escape sequences: JSON has no raw control character anywhere but tab, CR and LF.
fn escapes(lines: &mut [CleanLine]) -> bool {
    let coloured = lines.iter_mut().filter(|line| line.text.contains('\u{1b}'));
    coloured.map(|line| line.text = without_escapes(&line.text).into()).count() > 0
}

fn without_escapes(line: &str) -> String {
    let mut rest = line;
    let mut kept = String::with_capacity(line.len());
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        kept.push_str(before);
        rest = match after.chars().next() {
            Some('[') => after_first(&after[1..], |c| ('@'..='~').contains(&c)),
            Some(']') => after_first(&after[1..], |c| c == '\u{7}' || c == '\\'),
            Some(other) => &after[other.len_utf8()..],
            None => "",
        };
    }
    kept.push_str(rest);
    kept
}

fn after_first(text: &str, is_end: fn(char) -> bool) -> &str {
    text.find(is_end).map_or("", |end| &text[end + 1..])
}

/// Characters without width, which web pages and chats leave at the edges of lines.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn invisible(lines: &mut [CleanLine]) -> bool {
    let mut changed = false;
    for line in lines {
        let (body, end) = line.text.strip_suffix('\r').map_or((&*line.text, ""), |body| (body, "\r"));
        let edge = |c: char| c.is_whitespace() || is_invisible(c);
        let content = body.trim_start_matches(edge);
        let (before, content) = (&body[..body.len() - content.len()], content.trim_end_matches(edge));
        let after = &body[before.len() + content.len()..];
        if before.contains(is_invisible) || after.contains(is_invisible) {
            let visible = |edge: &str| edge.chars().filter(|c| !is_invisible(*c)).collect::<String>();
            line.text = format!("{}{content}{}{end}", visible(before), visible(after)).into();
            changed = true;
        }
    }
    changed
}

/// Runs of lines that begin with `>`: quotes of mail and Markdown.
fn quotes(lines: &mut [CleanLine]) -> bool {
    let mut changed = false;
    let quoted = |line: &CleanLine| line.text.trim_start().starts_with('>');
    for run in lines.chunk_by_mut(|a, b| quoted(a) == quoted(b)) {
        if quoted(&run[0]) && (run.len() > 1 || opens_json(after_mark(&run[0].text))) {
            unquote(run);
            changed = true;
        }
    }
    changed
}

fn unquote(run: &mut [CleanLine]) {
    let spaced = run.iter().all(|line| matches!(after_mark(&line.text).bytes().next(), None | Some(b' ' | b'\r')));
    for line in run {
        let rest = after_mark(&line.text);
        let rest = if spaced { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
        line.lossy |= !spaced && !rest.is_empty();
        line.text = rest.to_owned().into();
    }
}

fn after_mark(line: &str) -> &str {
    line.split_once('>').map_or("", |(_, rest)| rest)
}

/// True if JSON begins here, be it behind more quote marks and line numbers.
fn opens_json(text: &str) -> bool {
    let mut text = text;
    for _ in 0..ROUNDS {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c) || c == '`');
        text = match (text.strip_prefix('>'), numbered(text)) {
            (Some(rest), _) => rest,
            (None, Some((_, rest))) => past_separator(rest),
            (None, None) => break,
        };
    }
    text.starts_with(['{', '['])
}

/// Runs of lines that begin with one number after another: `cat -n`, `grep -n`, `bat`, editors and web pages.
fn numbers(lines: &mut [CleanLine]) -> bool {
    let mut changed = false;
    for run in lines.chunk_by_mut(|a, b| follows(&a.text, &b.text)) {
        let first = numbered(&run[0].text);
        if first.is_some_and(|(_, rest)| run.len() > 1 || opens_json(past_separator(rest))) {
            unnumber(run);
            changed = true;
        }
    }
    changed
}

fn follows(a: &str, b: &str) -> bool {
    matches!((numbered(a), numbered(b)), (Some((a, _)), Some((b, _))) if a.checked_add(1) == Some(b))
}

/// The number that a line begins with and what follows it, if that can be a line number and its separator.
fn numbered(line: &str) -> Option<(u32, &str)> {
    let line = line.trim_start();
    let end = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
    let (digits, rest) = line.split_at(end);
    let separated =
        rest.is_empty() || rest.starts_with([' ', '\t', ':', '|', '│', '.', ')', '\r', '\u{a0}', '\u{200b}']);
    let prose = rest.strip_prefix(['.', ':']).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    if separated && !prose { Some((digits.parse().ok()?, rest)) } else { None }
}

fn past_separator(rest: &str) -> &str {
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.strip_prefix([':', '|', '│', '.', ')']).unwrap_or(rest)
}

/// Cuts numbers and marks, and of the white space behind them what all lines of the run have in common.
fn unnumber(run: &mut [CleanLine]) {
    let marked = run.iter().all(|line| numbered(&line.text).is_some_and(|(_, rest)| has_mark(rest)));
    let column = run.iter().filter_map(|line| content_column(&line.text)).min().unwrap_or_default();
    for line in run {
        let kept = match numbered(&line.text) {
            Some((_, rest)) if marked => past_separator(rest),
            Some((_, rest)) if rest.starts_with('\t') => &rest[1..],
            _ => line.text.get(column.min(line.text.len())..).unwrap_or_default(),
        };
        let kept = if marked { kept.strip_prefix(' ').unwrap_or(kept) } else { kept };
        line.text = kept.to_owned().into();
        line.lossy = true;
    }
}

fn has_mark(rest: &str) -> bool {
    past_separator(rest).len() < rest.trim_start_matches([' ', '\t']).len()
}

fn content_column(line: &str) -> Option<usize> {
    let (_, rest) = numbered(line)?;
    let content = rest.trim_start_matches([' ', '\t']);
    (!content.trim().is_empty()).then(|| line.len() - content.len())
}
