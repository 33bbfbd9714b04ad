//! The places of digests and names of images in the pasted text: lines and spans, found in one pass over the original.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::limits;
use crate::paste::digests;
use crate::paste::note::Say;
use crate::paste::{Pasted, names};

/// A part of the text that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The start, in UTF-16 code units, as JavaScript counts.
    pub start: usize,
    /// The end.
    pub end: usize,
    /// Its kind.
    pub what: SpanKind,
}

/// The kind of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// A digest.
    Digest,
    /// The beginning of a digest.
    DigestPrefix,
    /// The name of an image.
    Reference,
}

impl SpanKind {
    /// The stable kebab-case code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::DigestPrefix => "digest-prefix",
            Self::Reference => "reference",
        }
    }
}

/// The places of a word: line and span.
type Places = Vec<(usize, usize, usize)>;

/// Notes the line of each mention and each name, and the spans of all.
pub(super) fn find(text: &str, pasted: &mut Pasted) {
    if pasted.digests.is_empty() && pasted.references.is_empty() {
        return;
    }
    let (words, upper) = words(text, pasted);
    let mut used: HashMap<String, usize> = HashMap::new();
    let mut next = |word: &str| {
        let places = words.get(word)?;
        let at = used.entry(word.to_owned()).or_default();
        let place = places.get(*at).or(places.last()).copied();
        *at += 1;
        place
    };
    if upper {
        pasted.notes.push(UPPER.into());
    }
    for mention in &mut pasted.digests {
        mention.line = next(key(&mention.digest_text)).map(|(line, ..)| line);
    }
    for named in &mut pasted.references {
        let found = next(&named.text).map(|(line, ..)| line);
        named.line = named.line.or(found);
    }
    // A name that a table has in two columns stands where its digest does.
    let lines: HashMap<&str, usize> = pasted
        .digests
        .iter()
        .rev()
        .filter_map(|mention| Some((mention.reference.as_deref()?, mention.line?)))
        .collect();
    for named in pasted.references.iter_mut().filter(|named| named.line.is_none()) {
        named.line = lines.get(named.text.as_str()).copied();
    }
    pasted.spans = spans(&words, pasted);
}

/// A digest as it is looked up: without its algorithm, since columns and keys leave that out.
fn key(digest: &str) -> &str {
    digest.split_once(':').map_or(digest, |(_, hex)| hex)
}

/// Every word of the text that is one of those that were found, with its places; true if a whole digest is in upper case.
fn words(text: &str, pasted: &Pasted) -> (HashMap<String, Places>, bool) {
    let mut upper = false;
    let wanted = pasted.digests.iter().map(|mention| key(&mention.digest_text));
    let names = pasted.references.iter().map(|named| named.text.as_str());
    let mut found: HashMap<String, Places> = wanted.chain(names).map(|word| (word.to_owned(), Vec::new())).collect();
    let lengths = Lengths::of(found.keys());
    let mut utf16 = 0;
    for (number, line) in text.split('\n').enumerate().take(limits::PASTE_LINES) {
        let is_ascii = line.is_ascii();
        let unit = |at: usize| utf16 + if is_ascii { at } else { line[..at].encode_utf16().count() };
        words_of(line, &lengths, &mut |start, end, word| {
            let Some(places) = found.get_mut(word.as_ref()) else { return };
            upper |= word.len() >= WHOLE && matches!(word, Cow::Owned(_));
            if places.len() < limits::PASTE_DIGESTS {
                places.push((number + 1, unit(start), unit(end)));
            }
        });
        utf16 = unit(line.len()) + 1;
    }
    (found, upper)
}

/// The lengths of the words that were found. Most words of a log are not as long as any of these and are not looked up.
struct Lengths(Vec<bool>);

impl Lengths {
    fn of<'a>(words: impl Iterator<Item = &'a String>) -> Self {
        let mut lengths = Vec::new();
        for word in words {
            if lengths.len() <= word.len() {
                lengths.resize(word.len() + 1, false);
            }
            lengths[word.len()] = true;
        }
        Self(lengths)
    }

    fn have(&self, length: usize) -> bool {
        self.0.get(length) == Some(&true)
    }
}

/// The hex of the shortest whole digest.
const WHOLE: usize = 64;

const UPPER: Say = Say("upper-case", "Digests are written in lower case: what stands in upper case was read as that.");

/// Words that may be names, and the runs of letters and digits in them that may be digests, each with its place.
fn words_of<'l>(line: &'l str, lengths: &Lengths, take: &mut dyn FnMut(usize, usize, Cow<'l, str>)) {
    let mut at = 0;
    while at <= line.len() {
        let (word, next) = cut(line, at, is_edge);
        let start = at;
        at = next;
        if word.len() < digests::PREFIX.min(3) {
            continue;
        }
        let bare = names::bare(word);
        if bare.len() >= 3 && lengths.have(bare.len()) {
            let offset = start + (bare.as_ptr().addr() - word.as_ptr().addr());
            take(offset, offset + bare.len(), bare.into());
        }
        let mut inner = 0;
        while inner <= word.len() {
            let (run, next) = cut(word, inner, |c| !c.is_ascii_alphanumeric());
            let place = start + inner;
            inner = next;
            if run.len() < digests::PREFIX || !lengths.have(run.len()) {
                continue;
            }
            let is_upper = run.bytes().any(|b| b.is_ascii_uppercase());
            // The run that is the whole word was taken above, as it stands.
            if is_upper && (run.len() == bare.len() || digests::is_hex(run)) {
                take(place, place + run.len(), run.to_ascii_lowercase().into());
            } else if run.len() != bare.len() && digests::is_hex(run) {
                take(place, place + run.len(), run.into());
            }
        }
    }
}

/// The part of a text from there to the next edge, and where the part behind the edge begins: beyond the text if there is none.
fn cut(text: &str, from: usize, is_edge: impl Fn(char) -> bool) -> (&str, usize) {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if digests::IS_LETTER[usize::from(byte)] {
            at += 1;
            continue;
        }
        let c = if byte.is_ascii() { Some(char::from(byte)) } else { text[at..].chars().next() };
        let Some(c) = c else { break };
        if is_edge(c) {
            return (&text[from..at], at + c.len_utf8());
        }
        at += c.len_utf8();
    }
    (&text[from..], text.len() + 1)
}

/// True for what stands between words. Letters and digits of ASCII were ruled out.
fn is_edge(c: char) -> bool {
    match c {
        ' ' | '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '=' | '|' | '\\' => true,
        '，' | '。' | '；' | '“' | '”' => true,
        '.' | '/' | ':' | '@' | '-' | '_' => false,
        _ => c.is_whitespace(),
    }
}

/// The spans of everything that was found, in the order of the text; one that stands within another is left out.
fn spans(words: &HashMap<String, Places>, pasted: &Pasted) -> Vec<Span> {
    let digest = |mention: &crate::paste::Mention| {
        let what = if mention.is_prefix() { SpanKind::DigestPrefix } else { SpanKind::Digest };
        (key(&mention.digest_text).to_owned(), what)
    };
    let kinds = pasted.digests.iter().map(digest);
    let kinds: HashMap<String, SpanKind> =
        kinds.chain(pasted.references.iter().map(|named| (named.text.clone(), SpanKind::Reference))).collect();
    let places = kinds.iter().flat_map(|(word, what)| {
        words.get(word).into_iter().flatten().map(|(_, start, end)| Span { start: *start, end: *end, what: *what })
    });
    let mut spans: Vec<Span> = places.collect();
    spans.sort_by_key(|span| (span.start, usize::MAX - span.end));
    let mut end = 0;
    spans.retain(|span| {
        let outside = span.start >= end;
        end = end.max(span.end);
        outside
    });
    spans.truncate(limits::PASTE_DIGESTS);
    spans
}

#[cfg(test)]
mod tests {
    use crate::paste::read;

    #[test]
    fn paste_spans_are_counted_as_javascript_does() {
        let hex = "a1".repeat(32);
        let text = format!("😀 摘要：\nDigest: sha256:{hex}\nimage: r.example/a/b:v1\n");
        let pasted = read(text.as_bytes());
        let units: Vec<u16> = text.encode_utf16().collect();
        let said: Vec<String> =
            pasted.spans.iter().map(|span| String::from_utf16_lossy(&units[span.start..span.end])).collect();
        assert_eq!(said, [hex.as_str(), "r.example/a/b:v1"]);
        assert_eq!(pasted.digests[0].line, Some(2));
        assert_eq!(pasted.references[0].line, Some(3));
    }
}
