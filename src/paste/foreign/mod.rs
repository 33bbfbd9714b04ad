//! JSON of tools and of registries' own APIs: named for what it is, with every digest and image in it and its path.

mod kinds;
mod walk;

use crate::json::Json;
use crate::limits;
use crate::paste::Form;
use crate::paste::forms::document::is_document;
use crate::paste::forms::{Part, failure};
use crate::paste::names;
use crate::paste::note::Say;
use crate::paste::text::Text;

const SEVERAL: Say =
    Say("several-json", "These are several pieces of JSON of tools, none of them a document of a registry.");

/// The names of a list of tags, if the repository is named with its registry.
fn tags(json: &Json, part: &mut Part) {
    let member = |name: &str, other: &str| json.key(name).or_else(|| json.key(other));
    let Some(repository) = member("Repository", "name").and_then(Json::as_str) else { return };
    let tags = member("Tags", "tags").and_then(Json::as_array).unwrap_or_default().iter().filter_map(Json::as_str);
    for name in tags.take(limits::PASTE_DIGESTS).map(|tag| format!("{repository}:{tag}")) {
        if names::evident(&name).is_some() {
            part.name(&name, None);
        }
    }
}

/// Finds the JSON that is no document of a registry.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::ToolJson);
    for (piece, block) in text.free_json() {
        let known = kinds::of(&block.json);
        if known.is_none() && is_document(&block.json) {
            continue;
        }
        let found = part.digests.len() + part.references.len();
        let documents = part.documents.len();
        walk::walk(&block.json, &mut part);
        part.documents[documents..].iter_mut().for_each(|(place, _)| *place = piece);
        let is_new = part.digests.len() + part.references.len() > found || part.documents.len() > documents;
        if known.is_none() && !is_new && !text.whole {
            continue;
        }
        part.claim(piece);
        if known.is_some_and(|kind| kind.0 == kinds::REFUSAL)
            && let Some(means) = std::str::from_utf8(&block.bytes).ok().and_then(failure::meaning)
        {
            part.note(means);
        }
        if known.is_some_and(|kind| kind.0 == kinds::TAGS) {
            tags(&block.json, &mut part);
        }
        // JSON of no kind with nothing in it does not name the paste if something else does.
        let say = known.unwrap_or(kinds::OTHER);
        part.kind = match part.kind {
            Some(before) if before != say && (known.is_some() || is_new) => Some(SEVERAL),
            Some(before) => Some(before),
            None => Some(say),
        };
    }
    part.found()
}
