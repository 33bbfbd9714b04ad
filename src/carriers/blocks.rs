//! Documents among lines of other text: behind a prefix on each line (logs, diffs, comments), or anywhere between brackets.

use super::{MOST, longest};

/// Runs of lines with a prefix of one shape, the first of which opens a document, without the prefix.
pub(super) fn prefixed(text: &str) -> Vec<Vec<u8>> {
    let lines: Vec<&str> = text.split('\n').collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(line) = lines.get(at) {
        let ends = ['{', '['].map(|open| line.find(open).filter(|end| *end > 0));
        let runs = ends.into_iter().flatten().map(|end| (run(&lines[at..], &line[..end]), end));
        let Some((length, end)) = runs.max().filter(|(length, _)| *length > 1) else {
            at += 1;
            continue;
        };
        found.push(without(&lines[at..at + length], end));
        at += length;
    }
    longest(found)
}

/// The number of lines from the first on that begin like it: the same signs, and digits and letters in the same places.
fn run(lines: &[&str], prefix: &str) -> usize {
    let alike = |(a, b): (u8, u8)| a == b || a.is_ascii_digit() && b.is_ascii_digit();
    let begins = |line: &&&str| {
        let (prefix, line) = (prefix.as_bytes(), line.as_bytes());
        let short = line.len() < prefix.len() && prefix.trim_ascii_end().len() <= line.len();
        (line.len() >= prefix.len() || short) && prefix.iter().copied().zip(line.iter().copied()).all(alike)
    };
    lines.iter().take_while(begins).count()
}

fn without(lines: &[&str], end: usize) -> Vec<u8> {
    let cut: Vec<&str> = lines.iter().map(|line| line.get(end..).unwrap_or_default()).collect();
    cut.join("\n").into_bytes()
}

/// Everything between a bracket and the one that closes it, strings heeded, that lies in nothing else.
pub(super) fn balanced(text: &str) -> Vec<Vec<u8>> {
    let bytes = text.as_bytes();
    let (mut found, mut at, mut tries) = (Vec::new(), 0, 0);
    while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'{' || *b == b'[')) {
        let start = at + start;
        match close(bytes, start) {
            Some(end) => {
                if end - start > 2 && end - start < bytes.trim_ascii().len() {
                    found.push(bytes[start..end].to_vec());
                }
                at = end;
            }
            None => {
                // Each bracket that never closes costs a look at the whole rest.
                tries += 1;
                at = start + 1;
                if tries >= MOST {
                    break;
                }
            }
        }
    }
    longest(found)
}

/// The end of what the bracket at `start` opens.
fn close(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
