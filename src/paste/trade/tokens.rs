//! Words, strings and signs of Starlark and Nix, each with its place: comments are passed over, strings may span lines.

/// The language that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Starlark,
    Nix,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind<'a>,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// A name, also with dots: `oci.pull`.
    Word(&'a str),
    /// The text in quotes, if it reads as it is written.
    Text {
        content: &'a str,
        at: usize,
    },
    /// A string with escapes or values in it.
    Other,
    Sign(u8),
}

/// The value of a string that reads as it is written, and where its content stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    pub text: &'a str,
    pub at: usize,
    /// The end of its token.
    pub end: usize,
    /// True if it is the value of a name, which other lines may use, too.
    pub shared: bool,
}

/// The tokens of a text, at most so many.
pub(super) fn read(text: &str, language: Language, most: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.as_bytes().get(at..).filter(|rest| !rest.is_empty() && tokens.len() < most) {
        let length = match rest[0] {
            b'#' => line_end(rest),
            b'/' if language == Language::Nix && rest.starts_with(b"/*") => {
                find(rest, b"*/", 2).map_or(rest.len(), |end| end + 2)
            }
            b'"' | b'\'' => {
                let (kind, end) = string(text, at, language);
                tokens.extend(kind.map(|kind| Token { kind, start: at, end }));
                end - at
            }
            b if is_word(b) => {
                let length = rest.iter().position(|b| !is_word(*b) && *b != b'.').unwrap_or(rest.len());
                tokens.push(Token { kind: Kind::Word(&text[at..at + length]), start: at, end: at + length });
                length
            }
            b => {
                if b.is_ascii_punctuation() {
                    tokens.push(Token { kind: Kind::Sign(b), start: at, end: at + 1 });
                }
                1
            }
        };
        at += length;
    }
    tokens
}

/// A string that opens at this place, and where it ends; of one that does not end, how far it was read.
fn string(text: &str, at: usize, language: Language) -> (Option<Kind<'_>>, usize) {
    let rest = &text.as_bytes()[at..];
    let quote = rest[0];
    let triple = [quote; 3];
    let close: &[u8] = match language {
        Language::Starlark if rest.starts_with(&triple) => &triple,
        Language::Nix if quote == b'\'' && rest.starts_with(b"''") => b"''",
        // A quote alone is a part of a Nix name.
        Language::Nix if quote == b'\'' => return (None, at + 1),
        _ => &rest[..1],
    };
    let mut end = close.len();
    let mut plain = true;
    while let Some(b) = rest.get(end) {
        match b {
            _ if rest[end..].starts_with(close) => {
                let content = &text[at + close.len()..at + end];
                let kind = if plain { Kind::Text { content, at: at + close.len() } } else { Kind::Other };
                return (Some(kind), at + end + close.len());
            }
            b'\\' if close != b"''" => {
                plain = false;
                end += 2;
            }
            b'\n' if close.len() == 1 && language == Language::Starlark => return (None, at + end),
            b'$' if language == Language::Nix => {
                plain = false;
                end += 1;
            }
            _ => end += 1,
        }
    }
    (None, text.len())
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

fn line_end(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len())
}

fn find(bytes: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|at| from + at)
}

/// The value of an expression that is one string, or one name with a string as its value.
pub(super) fn value<'a>(tokens: &[Token<'a>], names: &Names<'a>) -> Option<Value<'a>> {
    match tokens {
        [Token { kind: Kind::Text { content, at }, end, .. }] => {
            Some(Value { text: content, at: *at, end: *end, shared: false })
        }
        [Token { kind: Kind::Word(name), .. }] => names.get(name).copied().flatten(),
        _ => None,
    }
}

/// Strings by the names that they were given; `None` for a name with several.
pub(super) type Names<'a> = std::collections::HashMap<&'a str, Option<Value<'a>>>;

/// Every `name = "value"` that ends with what `closes` allows behind it.
pub(super) fn names<'a>(tokens: &[Token<'a>], closes: impl Fn(Option<&Token>, &Token) -> bool) -> Names<'a> {
    let mut names = Names::new();
    for (at, window) in tokens.windows(3).enumerate() {
        let [Token { kind: Kind::Word(name), .. }, Token { kind: Kind::Sign(b'='), .. }, text] = window else {
            continue;
        };
        let Kind::Text { content, at: start } = text.kind else { continue };
        if closes(tokens.get(at + 3), text) {
            let value = Value { text: content, at: start, end: text.end, shared: true };
            names.entry(name).and_modify(|known| *known = None).or_insert(Some(value));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str, language: Language) -> Vec<String> {
        let words = read(text, language, 100).into_iter().map(|token| match token.kind {
            Kind::Word(word) => word.to_owned(),
            Kind::Text { content, at } => {
                assert_eq!(&text[at..at + content.len()], content);
                format!("<{content}>")
            }
            Kind::Other => "?".to_owned(),
            Kind::Sign(sign) => char::from(sign).to_string(),
        });
        words.collect()
    }

    #[test]
    fn trade_tokens_pass_over_comments_and_strings_span_lines() {
        let starlark = "oci.pull(a = \"x\", # \"no\"\n b = '''1\n2''', c = \"q\\\"\", d = 'e)')";
        assert_eq!(
            kinds(starlark, Language::Starlark).join(" "),
            "oci.pull ( a = <x> , b = <1\n2> , c = ? , d = <e)> )"
        );
        let nix = "f' { a = \"x}\"; /* b = \"no\"; */ c = ''y''; d = \"${z}\"; # e\n}";
        assert_eq!(kinds(nix, Language::Nix).join(" "), "f { a = <x}> ; c = <y> ; d = ? ; }");
        for text in ["\"open", "'''open", "/* open", "\"\\", "''"] {
            kinds(text, Language::Nix);
            kinds(text, Language::Starlark);
        }
        assert_eq!(read("a b c d", Language::Nix, 2).len(), 2);
    }
}
