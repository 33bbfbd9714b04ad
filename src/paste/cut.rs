//! Line: paste -> bytes. Cuts a cleaned text into lines, commands and JSON.

use std::ops::Range;

use crate::json;
use crate::limits;
use crate::paste::clean::CleanLine;
use crate::paste::command::Command;
use crate::paste::text::{Block, CRLF, Piece, Text, contains};
use crate::paste::{prompt, repair};

const UNEVEN: &str = "The lines of the document are indented unevenly, so white space may be lost or added.";
const DEDENTED: &str =
    "The indentation that all lines of the document had in common was cut away; it may be the document's own.";
const BROKEN: &str = "What begins like a document is not JSON: it is taken as it is.";
const LEFT_OUT: &str = "A part of the text begins like a document but is not JSON: it was left out.";

/// Walks over the cleaned text and cuts it.
pub(super) struct Cutter {
    source: String,
    /// Where each line begins, and whether its cut was lossy.
    lines: Vec<(usize, bool)>,
    /// How many places were tried in vain, and how many were JSON.
    starts: usize,
    found: usize,
    text: Text,
}

impl Cutter {
    pub fn new(clean: &[CleanLine], notes: Vec<String>) -> Self {
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

    /// Where in this line JSON may begin, while the caps allow another try.
    fn next_json(&self, line: Range<usize>) -> Option<usize> {
        let open = self.starts < limits::PASTE_STARTS && self.found < limits::PASTE_DOCUMENTS;
        let offset = if open { json_start(&self.source[line.clone()])? } else { return None };
        Some(line.start + offset)
    }

    /// Takes the JSON at `start`, and tells where it ends.
    fn json(&mut self, line: usize, start: usize, begins_line: bool) -> Option<usize> {
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
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '`', ',']);
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

    /// Whether a cut may have changed the white space between the lines of this place.
    fn is_lossy(&self, span: &Range<usize>) -> bool {
        let first = self.lines.partition_point(|(start, _)| *start <= span.start);
        let last = self.lines.partition_point(|(start, _)| *start < span.end);
        self.lines[first..last.max(first)].iter().any(|(_, lossy)| *lossy)
    }

    /// Where a document ends whose brackets do not close: before the next fence or command, or with the text.
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
            Some(command) => Piece::Command(command),
            None => Piece::Line { text: bare.trim_matches('`').to_owned(), end },
        };
        self.text.pieces.push(piece);
    }

    fn note(&mut self, note: &str) {
        if !self.text.notes.iter().any(|known| known == note) {
            self.text.notes.push(note.to_owned());
        }
    }
}

/// Where in a line JSON may begin: at its first character, a prompt or a backtick before it aside.
fn json_start(line: &str) -> Option<usize> {
    let offset_of = |rest: &str| {
        let inner = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '`');
        inner.starts_with(['{', '[']).then(|| rest.len() - inner.len())
    };
    offset_of(line).or_else(|| {
        let rest = prompt::strip(line)?;
        let start = line.trim_end().len().checked_sub(rest.len())?;
        Some(start + offset_of(rest)?)
    })
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```") && !line[3..].contains('`') || line.starts_with("~~~")
}
