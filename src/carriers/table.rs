//! Tables of `psql`, aligned and expanded: a cell of several lines has a `+` at the end of each but its last.

use super::{is_plausible, longest};

/// The mark of the line above each record of an expanded table.
const RECORD: &str = "[ RECORD ";

pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    if !text.contains(['|', '│']) && !text.contains("---") {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let rows = &lines[at + 1..];
        if line.contains(RECORD) {
            expanded(rows, &mut found);
        } else if is_rule(line) {
            aligned(line, rows, &mut found);
        }
    }
    longest(found)
}

/// The line between the head and the rows: `----+-----`.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() > 2 && line.chars().all(|c| matches!(c, '-' | '+' | '─' | '┼' | '|' | '├' | '┤'))
}

fn is_bar(c: char) -> bool {
    matches!(c, '|' | '│')
}

/// The rows behind the rule, by the columns that it marks.
fn aligned(rule: &str, rows: &[&str], found: &mut Vec<Vec<u8>>) {
    let marks = rule.chars().enumerate().filter(|(_, c)| matches!(c, '+' | '┼')).map(|(at, _)| at);
    let starts: Vec<usize> = std::iter::once(0).chain(marks.map(|at| at + 1)).collect();
    let rows: Vec<&str> = rows
        .iter()
        .copied()
        .take_while(|row| !row.trim_start().starts_with('(') && !row.trim().is_empty() && !is_rule(row))
        .collect();
    for (at, start) in starts.iter().enumerate().take(super::MOST) {
        let end = starts.get(at + 1).map(|end| end - 1);
        let mut cell = Cell::default();
        for row in &rows {
            cell.line(columns(row, *start, end), found);
        }
    }
}

/// The fields of one record: `name | value`.
fn expanded(rows: &[&str], found: &mut Vec<Vec<u8>>) {
    let Some(first) = rows.first() else { return };
    let Some(bar) = first.chars().position(is_bar) else { return };
    let mut cell = Cell::default();
    let is_field = |row: &&&str| !row.contains(RECORD) && row.chars().nth(bar).is_some_and(is_bar);
    for row in rows.iter().take_while(is_field) {
        cell.line(columns(row, bar + 1, None), found);
    }
}

/// The text between two places, counted in characters, without the blank at its beginning.
fn columns(row: &str, start: usize, end: Option<usize>) -> &str {
    let mut places = row.char_indices().map(|(at, _)| at).chain([row.len()]);
    let from = places.clone().nth(start).unwrap_or(row.len());
    let to = end.and_then(|end| places.nth(end)).unwrap_or(row.len());
    let cell = row.get(from..to.max(from)).unwrap_or_default();
    cell.strip_prefix(' ').unwrap_or(cell)
}

/// A cell that is put together of its lines.
#[derive(Default)]
struct Cell {
    text: String,
    lines: usize,
}

impl Cell {
    fn line(&mut self, text: &str, found: &mut Vec<Vec<u8>>) {
        let text = text.trim_end();
        let goes_on = text.strip_suffix(['+', '↵']);
        self.text.push_str(goes_on.unwrap_or(text).trim_end());
        self.lines += 1;
        if goes_on.is_some() {
            self.text.push('\n');
            return;
        }
        let Self { text, lines } = std::mem::take(self);
        if lines > 1 && (is_plausible(text.as_bytes()) || super::base64(&text).is_some()) {
            found.push(text.into_bytes());
        }
    }
}
