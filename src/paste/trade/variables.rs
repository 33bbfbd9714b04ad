//! Variables in names of images: `$X`, `${X}`, and the defaults of `${X:-default}`, as shells, Docker and compose read them.

use super::{Edit, Found, in_one_piece, plain_name};

/// A part of a name.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub text: String,
    /// Its place in the file; `None` if it does not stand there as it reads.
    pub at: Option<usize>,
    /// True for the value of a variable, which other lines may use, too.
    pub shared: bool,
}

/// The most parts that a name may have, and the depth to which defaults may lie in defaults.
const PARTS: usize = 32;
const DEPTH: usize = 8;

/// The longest name that is put together: references end at 255 characters, and a digest.
const LONGEST: usize = 1024;

/// A lookup of variables: `None` if one is not set.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<Vec<Part>>;

/// The word with each variable in its value or its default; `None` if one has neither.
pub(super) fn expand(word: &str, at: Option<usize>, lookup: Lookup) -> Option<Vec<Part>> {
    let parts = expand_within(word, at, lookup, 0)?;
    let length: usize = parts.iter().map(|part| part.text.len()).sum();
    (parts.len() <= PARTS && length <= LONGEST).then_some(parts)
}

fn expand_within(word: &str, at: Option<usize>, lookup: Lookup, depth: usize) -> Option<Vec<Part>> {
    if depth > DEPTH || word.len() > LONGEST {
        return None;
    }
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(sign) = word[from..].find('$').map(|offset| from + offset) {
        parts.extend(literal(&word[from..sign], at.map(|at| at + from)));
        let rest = &word[sign + 1..];
        if let Some(inner) = rest.strip_prefix('{') {
            let end = closing(inner)?;
            let inside = at.map(|at| at + sign + 2);
            parts.extend(braced(&inner[..end], inside, lookup, depth)?);
            from = sign + 2 + end + 1;
        } else {
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            parts.extend(lookup(rest.get(..end).filter(|name| !name.is_empty())?)?);
            from = sign + 1 + end;
        }
        if parts.len() > PARTS {
            return None;
        }
    }
    parts.extend(literal(&word[from..], at.map(|at| at + from)));
    Some(parts)
}

/// The value of the text within `${…}`.
fn braced(inner: &str, at: Option<usize>, lookup: Lookup, depth: usize) -> Option<Vec<Part>> {
    let end = inner.find(|c| !is_name(c)).unwrap_or(inner.len());
    let (name, operator) = inner.split_at(end);
    let value = lookup(name);
    let is_empty = value.as_ref().is_none_or(|parts| parts.iter().all(|part| part.text.is_empty()));
    let (colon, sign) = operator.strip_prefix(':').map_or((0, operator), |sign| (1, sign));
    let is_missing = if colon == 1 { is_empty } else { value.is_none() };
    let word = sign.get(1..).unwrap_or_default();
    let other = || expand_within(word, at.map(|at| at + end + colon + 1), lookup, depth + 1);
    match sign.chars().next() {
        None if colon == 0 => value,
        Some('-') if is_missing => other(),
        Some('-') => value,
        Some('?') if !is_missing => value,
        Some('+') if is_missing => Some(Vec::new()),
        Some('+') => other(),
        _ => None,
    }
}

/// The position of the brace that closes the one before the text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn literal(text: &str, at: Option<usize>) -> Option<Part> {
    (!text.is_empty()).then(|| Part { text: text.to_owned(), at, shared: false })
}

/// The row of a name in parts, whose word stands at `start..end`.
///
/// It is pinned in the one part that holds all of it, or its digest, or the whole of its tag if no other line uses that part.
pub(super) fn found(parts: &[Part], start: usize, end: usize) -> Option<Found> {
    let parts: Vec<&Part> = parts.iter().filter(|part| !part.text.is_empty()).collect();
    let whole: String = parts.iter().map(|part| part.text.as_str()).collect();
    let (name, offset) = plain_name(&whole)?;
    if let [Part { at: Some(at), .. }] = parts[..] {
        return Some(in_one_piece(name, at + offset, at + offset + name.len()));
    }
    let edit = edit(&parts, &whole, offset, name);
    Some(Found { reference: name.to_owned(), start, end, edit, ..Found::default() })
}

fn edit(parts: &[&Part], whole: &str, offset: usize, name: &str) -> Option<Edit> {
    let last = parts.last()?;
    let begins = whole.len() - last.text.len();
    let ends = (offset + name.len()).checked_sub(begins)?;
    let at = last.at?;
    if let Some(sign) = name.find('@').map(|sign| offset + sign) {
        let within = (sign + 1).checked_sub(begins)?;
        return Some(Edit::new(at + within, at + ends, ""));
    }
    let component = name.rfind('/').map_or(0, |slash| slash + 1);
    let tag = name[component..].find(':').map_or(component, |colon| component + colon + 1);
    (offset + tag >= begins && !last.shared).then(|| Edit::new(at + ends, at + ends, "@"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(word: &str) -> Option<String> {
        let value = |text: &str| Some(vec![Part { text: text.to_owned(), at: None, shared: true }]);
        let lookup = |name: &str| match name {
            "A" => value("alpine"),
            "E" => value(""),
            _ => None,
        };
        expand(word, Some(0), &lookup).map(|parts| parts.into_iter().map(|part| part.text).collect())
    }

    #[test]
    fn trade_variables_are_read_as_shells_read_them() {
        for (word, expected) in [
            ("$A:3", Some("alpine:3")),
            ("${A}-x", Some("alpine-x")),
            ("${X:-d}", Some("d")),
            ("${X-d}", Some("d")),
            ("${E:-d}", Some("d")),
            ("${E-d}", Some("")),
            ("${A:-d}", Some("alpine")),
            ("${X:-${Y:-z}:1}", Some("z:1")),
            ("r/${X:-a}:${Y-1}", Some("r/a:1")),
            ("a${A:+-b}", Some("a-b")),
            ("a${X:+-b}", Some("a")),
            ("a${E+-b}", Some("a-b")),
            ("${A:?none}", Some("alpine")),
            ("${X:?none}", None),
            ("$X", None),
            ("${X}", None),
            ("${A#al}", None),
            ("${A", None),
            ("$$A", None),
            ("${{ x }}", None),
        ] {
            assert_eq!(text(word).as_deref(), expected, "{word}");
        }
    }

    #[test]
    fn trade_variables_stay_within_their_bounds() {
        assert_eq!(text(&"${X:-".repeat(200)), None);
        assert_eq!(text(&format!("{}a{}", "${X:-".repeat(20), "}".repeat(20))), None);
        assert_eq!(text(&"$A".repeat(200)), None);
    }
}
