//! Images in Bazel files: `oci.pull(…)`, `oci_pull(…)`, `container_pull(…)`.

use std::ops::Range;

use super::tokens::{self, Kind, Language, Names, Token, Value};
use super::{Edit, Found, plain_name};
use crate::limits;

/// A bracket that is open: the arguments in it, and where the one that is being read begins.
#[derive(Default)]
struct Open<'a> {
    arguments: Vec<(&'a str, Range<usize>)>,
    start: usize,
    /// True if it opens the arguments of a pull.
    pulls: bool,
}

/// Finds every call, each when its bracket closes: the tokens are looked at once, however calls are nested.
pub(super) fn read(text: &str) -> Vec<Found> {
    let tokens = tokens::read(text, Language::Starlark, limits::IMAGE_FILE_NODES);
    let ends_line =
        |next: Option<&Token>, value: &Token| next.is_none_or(|next| text[value.end..next.start].contains('\n'));
    let names = constants(&tokens, ends_line);
    let mut rows = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Sign(b'(' | b'[' | b'{') => {
                let pulls = token.kind == Kind::Sign(b'(') && tokens[..at].last().is_some_and(is_pull);
                open.push(Open { start: at + 1, pulls, ..Open::default() });
            }
            Kind::Sign(b')' | b']' | b'}') => {
                let Some(mut call) = open.pop() else { continue };
                call.end_argument(&tokens, at);
                rows.extend(Some(&call).filter(|call| call.pulls).and_then(|call| image(call, &tokens, &names)));
            }
            Kind::Sign(b',') => {
                if let Some(call) = open.last_mut() {
                    call.end_argument(&tokens, at);
                }
            }
            _ => {}
        }
    }
    rows
}

impl<'a> Open<'a> {
    /// Keeps the argument up to this token, if it has a name.
    fn end_argument(&mut self, tokens: &[Token<'a>], at: usize) {
        let start = std::mem::replace(&mut self.start, at + 1);
        if let Some([Token { kind: Kind::Word(name), .. }, Token { kind: Kind::Sign(b'='), .. }]) =
            tokens.get(start..(start + 2).min(at))
        {
            self.arguments.push((name, start + 2..at));
        }
    }
}

fn is_pull(token: &Token) -> bool {
    let Kind::Word(name) = token.kind else { return false };
    matches!(name, "oci_pull" | "container_pull" | "pull") || name.ends_with(".pull")
}

/// The strings that have a name, outside of all brackets.
fn constants<'a>(tokens: &[Token<'a>], closes: impl Fn(Option<&Token>, &Token) -> bool) -> Names<'a> {
    let mut depth = 0_usize;
    let outside: Vec<Token> = tokens
        .iter()
        .filter(|token| {
            let inside = depth > 0;
            depth = nested(depth, token);
            !inside
        })
        .copied()
        .collect();
    tokens::names(&outside, closes)
}

fn nested(depth: usize, token: &Token) -> usize {
    match token.kind {
        Kind::Sign(b'(' | b'[' | b'{') => depth + 1,
        Kind::Sign(b')' | b']' | b'}') => depth.saturating_sub(1),
        _ => depth,
    }
}

/// The most tokens of a list that are looked at for the first text.
const LISTED: usize = 8;

fn image(call: &Open, tokens: &[Token], names: &Names) -> Option<Found> {
    let given = |name: &str| {
        let found = call.arguments.iter().find(|(key, _)| *key == name);
        found.and_then(|(_, range)| tokens.get(range.clone()))
    };
    let get = |name: &str| given(name).and_then(|value| tokens::value(value, names));
    let (image, registry, repository) = (get("image"), get("registry"), get("repository"));
    let path = match (image, registry, repository) {
        (Some(image), ..) => image.text.to_owned(),
        (None, Some(registry), Some(repository)) => format!("{}/{}", registry.text, repository.text),
        (None, None, Some(repository)) if given("registry").is_none() => repository.text.to_owned(),
        _ => return None,
    };
    let (tag, digest) = (get("tag"), get("digest").filter(|digest| !digest.text.is_empty()));
    let mut reference = plain_name(&path)?.0.to_owned();
    if let Some(tag) = tag.filter(|tag| !tag.text.is_empty()) {
        reference = format!("{reference}:{}", tag.text);
    }
    if let Some(digest) = digest {
        reference = format!("{reference}@{}", digest.text);
    }
    let own = |value: Option<Value<'_>>| {
        value.filter(|value| !value.shared).map(|value| (value.at, value.text.len(), value.end))
    };
    let (start, length, behind) = own(digest)
        .or_else(|| own(get("digest")))
        .or_else(|| own(tag))
        .or_else(|| own(image))
        .or_else(|| own(repository))?;
    let edit = match (get("digest"), given("digest")) {
        (Some(digest), _) => Some(Edit::new(digest.at, digest.at + digest.text.len(), "")),
        // The digest is made in a way that is not read here.
        (None, Some(_)) => None,
        (None, None) => Some(Edit { after: "\"".to_owned(), ..Edit::new(behind, behind, ", digest = \"") }),
    };
    let platform =
        given("platforms").and_then(|list| list.iter().take(LISTED).find_map(|token| tokens::value(&[*token], names)));
    Some(Found {
        reference,
        label: get("name").map(|name| name.text.to_owned()).unwrap_or_default(),
        start,
        end: start + length,
        platform: platform.map(|platform| platform.text.to_owned()),
        edit,
    })
}
