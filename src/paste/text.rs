//! A cleaned text as a row of pieces: lines, commands and JSON, each with its place.

use std::ops::Range;

use crate::error::ErrorKind;
use crate::json::{self, Json};
use crate::limits;
use crate::paste::clean;
use crate::paste::command::Command;
use crate::paste::cut::Cutter;
use crate::paste::note::{Note, Say};

/// A pasted text, cleaned and cut.
#[derive(Default)]
pub(super) struct Text {
    /// The cleaned text.
    pub source: String,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
    /// Notes about the cut.
    pub notes: Vec<Note>,
    /// The first thing that begins like a document but is not JSON.
    pub broken: Option<Block>,
    /// True if the text is one JSON value as it stands.
    pub whole: bool,
    /// The pieces that a form has claimed.
    pub taken: Vec<bool>,
}

/// A piece of the text.
pub(super) enum Piece {
    /// A line without its prompt, trimmed, and the place where it ends.
    Line { text: String, end: usize },
    /// A command that was typed.
    Command(Command),
    /// An object or array.
    Json(Block),
}

/// JSON within a text.
pub(super) struct Block {
    /// Its place in the cleaned text.
    pub span: Range<usize>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its value, whose spans are places in `bytes`.
    pub json: Json,
    /// True if nothing was cut that can have belonged to it.
    pub exact: bool,
    /// True if its place in the text is as it was pasted, but for the edges of the lines.
    pub intact: bool,
}

pub(super) const CRLF: Say =
    Say("crlf", "The lines end in CRLF, as on Windows, so the line breaks may not be the document's own.");
const INDENTED: Say = Say(
    "indented",
    "White space stands before the document; it is kept, but may be the paste's and not the document's.",
);
const NEWLINE: Say = Say(
    "final-newline",
    "The text ends in a line break, which is kept, but may be the terminal's and not the document's.",
);
const TOO_LARGE: Say = Say("too-large", "The text is too large to be taken apart.");

impl Text {
    /// Cleans and cuts a text.
    pub fn of(pasted: &[u8]) -> Self {
        if pasted.len() > limits::PASTE_BYTES {
            return Self::unreadable(pasted, TOO_LARGE);
        }
        match json::parse(pasted) {
            Ok(parsed) => return Self::whole(pasted, parsed.root),
            // JSON beyond the limits is not looked through again for documents.
            Err(error) if error.kind() == ErrorKind::LimitExceeded => return Self::unreadable(pasted, TOO_LARGE),
            Err(_) => {}
        }
        let Some((decoded, note)) = clean::decode(pasted) else { return Self::unreadable(pasted, clean::NOT_UTF8) };
        if decoded.bytes().filter(|b| *b == b'\n').count() > limits::PASTE_LINES {
            return Self::unreadable(pasted, TOO_LARGE);
        }
        let cleaned = clean::peel(&decoded);
        let notes = note.into_iter().chain(cleaned.notes).map(Note::from).collect();
        let mut text = Cutter::new(&cleaned.lines, notes).cut();
        text.taken = vec![false; text.pieces.len()];
        text
    }

    /// The pieces that no form has claimed yet.
    pub fn free(&self) -> impl Iterator<Item = (usize, &Piece)> {
        self.pieces.iter().enumerate().filter(|(index, _)| !self.taken[*index])
    }

    /// The JSON that no form has claimed yet.
    pub fn free_json(&self) -> impl Iterator<Item = (usize, &Block)> {
        self.free()
            .filter_map(|(index, piece)| if let Piece::Json(block) = piece { Some((index, block)) } else { None })
    }

    /// The lines that no form has claimed yet.
    pub fn free_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.free().filter_map(|(index, piece)| match piece {
            Piece::Line { text, .. } => Some((index, text.as_str())),
            _ => None,
        })
    }

    /// The number of characters of its line that stand before a piece.
    pub fn indent(&self, piece: usize) -> usize {
        let Some(Piece::Line { text, end }) = self.pieces.get(piece) else { return 0 };
        let before = self.source.get(..*end).unwrap_or_default();
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        line.find(text.as_str()).map_or(0, |at| line[..at].chars().count())
    }

    /// The command that printed the piece: the last one before it.
    pub fn command_before(&self, piece: usize) -> Option<(usize, &Command)> {
        self.pieces[..piece]
            .iter()
            .enumerate()
            .rev()
            .find_map(|(index, piece)| if let Piece::Command(command) = piece { Some((index, command)) } else { None })
    }

    /// Claims pieces.
    pub fn take(&mut self, pieces: &[usize]) {
        for piece in pieces {
            if let Some(taken) = self.taken.get_mut(*piece) {
                *taken = true;
            }
        }
    }

    fn whole(bytes: &[u8], json: Json) -> Self {
        let document = bytes.get(json.span.clone()).unwrap_or_default();
        let mut notes = Vec::new();
        let mut exact = true;
        let mut doubt = |doubtful: bool, note: Say, matters: bool| {
            if doubtful {
                notes.push(Note::from(note));
                exact &= !matters;
            }
        };
        doubt(json.span.start > 0, INDENTED, true);
        doubt(contains(document, b"\r\n"), CRLF, true);
        doubt(bytes.ends_with(b"\n"), NEWLINE, false);
        let block = Block { span: 0..bytes.len(), bytes: bytes.to_vec(), json, exact, intact: true };
        Self { pieces: vec![Piece::Json(block)], notes, whole: true, taken: vec![false], ..Self::default() }
    }

    fn unreadable(bytes: &[u8], note: Say) -> Self {
        let opens = bytes.trim_ascii_start().starts_with(b"{");
        let broken = opens.then(|| Block::unparsed(0..bytes.len(), bytes.to_vec(), true));
        Self { notes: vec![note.into()], broken, ..Self::default() }
    }
}

impl Block {
    pub fn unparsed(span: Range<usize>, bytes: Vec<u8>, exact: bool) -> Self {
        let json = Json { value: json::Value::Null, span: 0..0 };
        Self { span, bytes, json, exact, intact: exact }
    }
}

pub(super) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
