//! Images in Nix expressions: `dockerTools.pullImage { imageName = …; imageDigest = …; }`, and the sets that
//! `nix-prefetch-docker` prints.

use super::tokens::{self, Kind, Language, Names, Token};
use super::{Edit, Found, plain_name};
use crate::limits;

/// A set that is being read: its attributes, and where the one that is open begins.
#[derive(Default)]
struct Set<'a> {
    attributes: Vec<(&'a str, std::ops::Range<usize>)>,
    open: Option<(&'a str, usize)>,
    /// True behind `pullImage`.
    pulls: bool,
}

/// Finds every set that names an image and its digest.
pub(super) fn read(text: &str) -> Vec<Found> {
    let tokens = tokens::read(text, Language::Nix, limits::IMAGE_FILE_NODES);
    let names = tokens::names(&tokens, |next, _| next.is_some_and(|next| next.kind == Kind::Sign(b';')));
    let mut rows = Vec::new();
    let mut sets: Vec<Set> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Sign(b'{') => sets.push(Set { pulls: is_pull(&tokens[..at]), ..Set::default() }),
            Kind::Sign(b'}') => rows.extend(sets.pop().and_then(|set| image(&set, &tokens, &names))),
            Kind::Sign(b';') => {
                if let Some(set) = sets.last_mut()
                    && let Some((name, start)) = set.open.take()
                {
                    set.attributes.push((name, start..at));
                }
            }
            Kind::Word(name) => {
                let is_attribute = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Sign(b'='))
                    && tokens.get(at + 2).is_some_and(|next| next.kind != Kind::Sign(b'='));
                if let Some(set) = sets.last_mut().filter(|set| is_attribute && set.open.is_none()) {
                    set.open = Some((name, at + 2));
                }
            }
            _ => {}
        }
    }
    rows
}

/// True if a set behind these tokens is the argument of `pullImage`.
fn is_pull(before: &[Token]) -> bool {
    let words = before
        .iter()
        .rev()
        .take(3)
        .filter_map(|token| if let Kind::Word(word) = token.kind { Some(word) } else { None });
    words.take_while(|word| *word == "rec" || word.ends_with("pullImage")).any(|word| word.ends_with("pullImage"))
}

fn image(set: &Set, tokens: &[Token], names: &Names) -> Option<Found> {
    let given = |name: &str| {
        set.attributes.iter().find(|(key, _)| *key == name).and_then(|(_, range)| tokens.get(range.clone()))
    };
    let get = |name: &str| given(name).and_then(|value| tokens::value(value, names));
    let name = get("imageName")?;
    let path = plain_name(name.text)?.0;
    let tag =
        get("finalImageTag").filter(|tag| !tag.text.is_empty()).map(|tag| format!(":{}", tag.text)).unwrap_or_default();
    let digest = get("imageDigest");
    let (start, end, edit) = match (digest, given("imageDigest")) {
        (Some(digest), _) => {
            let end = digest.at + digest.text.len();
            (digest.at, end, Some(Edit::new(digest.at, end, "")))
        }
        (None, Some(_)) => (name.at, name.at + name.text.len(), None),
        (None, None) if set.pulls && !name.shared => {
            let edit = Edit { after: "\"".to_owned(), ..Edit::new(name.end, name.end, "; imageDigest = \"") };
            (name.at, name.at + name.text.len(), Some(edit))
        }
        _ => return None,
    };
    let pinned =
        digest.filter(|digest| !digest.text.is_empty()).map(|digest| format!("@{}", digest.text)).unwrap_or_default();
    let platform = get("arch").map(|arch| format!("{}/{}", get("os").map_or("linux", |os| os.text), arch.text));
    Some(Found { reference: format!("{path}{tag}{pinned}"), label: String::new(), start, end, platform, edit })
}
