//! `skopeo inspect` without `--raw`: a summary with the digest of the tag and the layer blobs.

use crate::json::Json;
use crate::paste::Form;
use crate::paste::forms::{Part, text_of, texts_of};
use crate::paste::meaning::What;
use crate::paste::text::Text;

/// Finds the summaries.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::SkopeoInspect);
    for (piece, block) in text.free_json().filter(|(_, block)| is_summary(&block.json)) {
        part.claim(piece);
        let name = Some(text_of(&block.json, "Name"));
        let digest = text_of(&block.json, "Digest");
        part.mention(digest, What::ManifestOrIndex, "Digest", name);
        for layer in texts_of(&block.json, "Layers") {
            part.mention(layer, What::Layer, "Layers", name);
        }
    }
    part.found()
}

fn is_summary(json: &Json) -> bool {
    let has = |name: &str| json.key(name).is_some();
    has("Digest") && has("Layers") && (has("Name") || has("LayersData") || has("RepoTags")) && !has("Id")
}
