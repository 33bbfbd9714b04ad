//! Cuts a cleaned text into lines, commands and JSON.

use std::ops::Range;

use crate::json;
use crate::limits;
use crate::paste::clean::CleanLine;
use crate::paste::command::Command;
use crate::paste::note::{Note, Say};
use crate::paste::text::{Block, CRLF, Piece, Text, contains};
use crate::paste::{digests, prompt, repair};

const UNEVEN: Say =
    Say("uneven-indentation", "The lines of the document are indented unevenly, so white space may be lost or added.");
const DEDENTED: Say = Say(
    "dedented",
    "The indentation that all lines of the document had in common was cut away; it may be the document's own.",
);
const BROKEN: Say = Say("broken", "What begins like a document is not JSON: it is taken as it is.");
const LEFT_OUT: Say = Say("left-out", "A part of the text begins like a document but is not JSON: it was left out.");

/// Walks over the cleaned text and cuts it.
pub(super) struct Cutter {
    source: String,
    /// The start of each line, and true if its cut was lossy.
    lines: Vec<(usize, bool)>,
    /// The number of places that were tried in vain, and of those that were JSON.
    starts: usize,
    found: usize,
    text: Text,
}

impl Cutter {
    pub fn new(clean: &[CleanLine], notes: Vec<Note>) -> Self {
        let mut source = String::new();
        let mut lines = Vec::with_capacity(clean.len());
        for (index, line) in clean.iter().enumerate() {
            if index > 0 {
                source.push('\n');
            }
            lines.push((source.len(), line.lossy));
            source.push_str(&line.text);
        }
        Self { source, lines, starts: 0, found: 0, text: Text { notes, ..Text::default() } }
    }

    pub fn cut(mut self) -> Text {
        let mut at = 0;
        let mut begins_line = true;
        while at < self.source.len() {
            let end = self.source[at..].find('\n').map_or(self.source.len(), |newline| at + newline);
            let json = self.next_json(at..end);
            if let Some(after) = json.and_then(|start| self.json(at, start, begins_line)) {
                at = after;
                begins_line = self.source[..at].ends_with('\n');
                continue;
            }
            let line = self.source[at..end].to_owned();
            self.line(&line, end);
            at = end + 1;
            begins_line = true;
        }
        if self.text.broken.is_some() {
            self.note(if self.found == 0 { BROKEN } else { LEFT_OUT });
        }
        Text { source: self.source, ..self.text }
    }

    /// The next place in this line at which JSON may begin, while the caps allow another try. Templates and bodies of
    /// requests in a command (`-o jsonpath='{"\n"}'`, `-d '{"a":1}'`) are a part of it.
    fn next_json(&self, line: Range<usize>) -> Option<usize> {
        let open = self.starts < limits::PASTE_STARTS && self.found < limits::PASTE_DOCUMENTS;
        let text = &self.source[line.clone()];
        let offset = if open { json_start(text)? } else { return None };
        (!is_in_command(text, offset)).then_some(line.start + offset)
    }

    /// Takes the JSON at `start` and what stands before it on its line, and tells where it ends.
    fn json(&mut self, line: usize, start: usize, begins_line: bool) -> Option<usize> {
        let before = self.text.pieces.len();
        let lead = self.source[line..start].trim().trim_matches('`').to_owned();
        let is_led = prompt::strip(&lead).is_none_or(|rest| !rest.is_empty()) && !lead.is_empty();
        if is_led {
            self.line(&lead, start);
        }
        let end = self.value(line, start, begins_line);
        if end.is_none() {
            self.text.pieces.truncate(before);
        }
        end
    }

    fn value(&mut self, line: usize, start: usize, begins_line: bool) -> Option<usize> {
        let Some(span) = repair::balanced(&self.source, start) else {
            return self.broken(start, None);
        };
        let indent = self.source[line..start].to_owned();
        let indent = if begins_line && indent.trim().is_empty() { indent } else { String::new() };
        let Some(block) = self.block(span.clone(), &indent) else {
            return self.broken(start, Some(span.end));
        };
        self.found += 1;
        self.text.pieces.push(Piece::Json(block));
        let rest = &self.source[span.end..];
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '`', ',', ';']);
        Some(span.end + (rest.len() - trimmed.len()) + usize::from(trimmed.starts_with('\n')))
    }

    fn block(&mut self, span: Range<usize>, indent: &str) -> Option<Block> {
        let raw = self.source[span.clone()].to_owned();
        let lossy = self.is_lossy(&span);
        let (mended, notes) = match json::parse(raw.as_bytes()) {
            Ok(_) => (raw, Vec::new()),
            Err(_) => repair::mend(&raw)?,
        };
        let intact = notes.is_empty() && !lossy;
        let mut exact = intact && indent.is_empty();
        let dedented = if indent.is_empty() { None } else { repair::dedent(&mended, indent) };
        let (even, uneven) = (dedented.is_some(), !indent.is_empty() && dedented.is_none());
        let bytes = dedented.unwrap_or(mended).into_bytes();
        let json = json::parse(&bytes).ok()?.root;
        notes.into_iter().for_each(|note| self.note(note));
        for (doubtful, note) in [(even, DEDENTED), (uneven, UNEVEN), (contains(&bytes, b"\r\n"), CRLF)] {
            if doubtful {
                self.note(note);
                exact = false;
            }
        }
        Some(Block { span, bytes, json, exact, intact })
    }

    /// True if a cut may have changed the white space between the lines of this place.
    fn is_lossy(&self, span: &Range<usize>) -> bool {
        let first = self.lines.partition_point(|(start, _)| *start <= span.start);
        let last = self.lines.partition_point(|(start, _)| *start < span.end);
        self.lines[first..last.max(first)].iter().any(|(_, lossy)| *lossy)
    }

    /// The end of a document whose brackets do not close: before the next fence or command, or with the text.
    fn open_end(&self, start: usize) -> usize {
        let rest = &self.source[start..];
        let mut lines = rest.split_inclusive('\n').scan(start, |at, line| {
            *at += line.len();
            Some((*at - line.len(), line.trim()))
        });
        let stops =
            |line: &str| is_fence(line) || prompt::strip(line).is_some_and(|rest| Command::parse(rest).is_some());
        let end = lines.find(|(_, line)| stops(line)).map_or(self.source.len(), |(at, _)| at);
        start + self.source[start..end].trim_end().len()
    }

    /// Keeps the first thing that begins like a document but is not one, and tells where it ends.
    fn broken(&mut self, start: usize, end: Option<usize>) -> Option<usize> {
        self.starts += 1;
        let inner = self.source.get(start + 1..)?.trim_start();
        let like_json = match self.source.as_bytes()[start] {
            b'{' => inner.starts_with(['"', '“', '&', '\'', '\\']),
            _ => inner.starts_with(['{', '"']),
        };
        if !like_json {
            return None;
        }
        let span = start..end.unwrap_or_else(|| self.open_end(start));
        let bytes = self.source[span.clone()].as_bytes().to_vec();
        self.text.broken.get_or_insert(Block::unparsed(span.clone(), bytes, false));
        Some(span.end)
    }

    fn line(&mut self, line: &str, end: usize) {
        let trimmed = line.trim();
        if is_fence(trimmed) {
            return;
        }
        let continued = match self.text.pieces.last_mut() {
            Some(Piece::Command(command)) => command.go_on(trimmed),
            _ => false,
        };
        if continued {
            return;
        }
        let prompted = prompt::strip(trimmed);
        let bare = prompted.unwrap_or(trimmed);
        let piece = match Command::parse(bare) {
            Some(command) if prompted.is_some() || !is_sentence(bare, &command) => Piece::Command(command),
            _ => Piece::Line { text: bare.trim_matches('`').to_owned(), end },
        };
        self.text.pieces.push(piece);
    }

    fn note(&mut self, note: Say) {
        if !self.text.notes.iter().any(|known| known.code() == note.0) {
            self.text.notes.push(note.into());
        }
    }
}

/// The place in a line at which JSON may begin: at its first character, a prompt or a backtick before it aside, else
/// behind other text if it looks like it: `manifest = {`, `answered {"a":1}`.
fn json_start(line: &str) -> Option<usize> {
    let offset_of = |rest: &str| {
        let inner = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '`');
        inner.starts_with(['{', '[']).then(|| rest.len() - inner.len())
    };
    let first = offset_of(line).or_else(|| {
        let rest = prompt::strip(line)?;
        let start = line.trim_end().len().checked_sub(rest.len())?;
        Some(start + offset_of(rest)?)
    });
    first.or_else(|| line.match_indices(['{', '[']).map(|(at, _)| at).find(|at| is_led_json(line, *at)))
}

/// True if a place stands behind an opened quote of a command.
fn is_in_command(line: &str, at: usize) -> bool {
    let before = &line[..at];
    let quoted = before.matches('\'').count() % 2 == 1 || before.matches('"').count() % 2 == 1;
    let trimmed = before.trim();
    quoted && Command::parse(prompt::strip(trimmed).unwrap_or(trimmed)).is_some()
}

/// True if JSON seems to begin in the middle of a line: an object with a name, or one that goes on below an assignment.
fn is_led_json(line: &str, at: usize) -> bool {
    let (before, inner) = (line[..at].trim_end(), line[at + 1..].trim_start());
    let assigned = before.ends_with(['=', ':', '(', '>', '+']);
    match line.as_bytes()[at] {
        b'{' => inner.starts_with('"') || inner.is_empty() && assigned,
        _ => inner.starts_with('{') && inner[1..].trim_start().starts_with('"') || inner.is_empty() && assigned,
    }
}

/// True if a line only begins like a command: `docker pull shows sha256:… but …` in a post.
pub(super) fn is_sentence(line: &str, command: &Command) -> bool {
    let is_word = |c: char| !c.is_ascii() && c.is_alphabetic();
    let own = command.digest();
    let names_other = |found: &digests::Found| {
        let bound = line[..found.start].ends_with(['@', '/', '=', ':']);
        !found.bare && !bound && own.as_ref() != Some(&found.digest)
    };
    line.contains(is_word) || digests::in_line(line).iter().any(names_other)
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```") && !line[3..].contains('`') || line.starts_with("~~~")
}
