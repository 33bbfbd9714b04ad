//! `docker inspect` of an image: a record of the local store, not a document of a registry.

use crate::json::Json;
use crate::media_type::{DocumentKind, MediaType};
use crate::paste::Form;
use crate::paste::forms::{Part, each, text_of, texts_of};
use crate::paste::meaning::What;
use crate::paste::note::Say;
use crate::paste::text::Text;

const CONTAINED: Say = Say(
    "containerd-store",
    "Descriptor shows that this comes from the containerd store: Id is the digest of the manifest or index.",
);
const CONTAINER: Say = Say("about-container", "This is about a container: only the image that it runs is named.");

/// Finds the records, alone or in an array.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::DockerInspect);
    for (piece, block) in text.free_json() {
        let records = each(&block.json);
        if records.is_empty() || !records.iter().all(is_record) {
            continue;
        }
        part.claim(piece);
        for record in records {
            mention(record, &mut part);
        }
    }
    part.found()
}

fn is_record(record: &Json) -> bool {
    let marks = ["RepoDigests", "RepoTags", "RootFS", "GraphDriver", "State"];
    record.key("Id").is_some_and(|id| id.as_str().is_some()) && marks.iter().any(|name| record.key(name).is_some())
}

fn mention(record: &Json, part: &mut Part) {
    let name = texts_of(record, "RepoTags").next();
    if record.key("State").is_some() {
        part.note(CONTAINER);
        part.mention(text_of(record, "Image"), What::ImageId, "Image", text_of_config(record));
        part.name(text_of_config(record).unwrap_or_default(), None);
        return;
    }
    let id = match (text_of(record, "Id"), record.key("Descriptor")) {
        (id, Some(_)) => {
            part.note(CONTAINED);
            (id, stored(record))
        }
        (id, None) => (id, What::ImageId),
    };
    part.mention(id.0, id.1, "Id", name);
    for pinned in texts_of(record, "RepoDigests") {
        if let Some((repository, digest)) = pinned.split_once('@') {
            part.mention(digest, What::Pulled, "RepoDigests", Some(repository));
            part.name(pinned, None);
        }
    }
    texts_of(record, "RepoTags").filter(|tag| !tag.contains("<none>")).for_each(|tag| part.name(tag, None));
    part.mention(text_of(record, "Digest"), What::ManifestOrIndex, "Digest", name);
    part.mention(text_of(record, "Parent"), What::Parent, "Parent", None);
    for layer in record.key("RootFS").into_iter().flat_map(|rootfs| texts_of(rootfs, "Layers")) {
        part.mention(layer, What::DiffId, "RootFS.Layers", name);
    }
}

/// The name that a container's record gives to its image.
fn text_of_config(record: &Json) -> Option<&str> {
    record.key("Config")?.key("Image")?.as_str().filter(|name| !name.starts_with("sha256:"))
}

/// The meaning of the containerd store's image ID, by its descriptor.
fn stored(record: &Json) -> What {
    let media_type = record.key("Descriptor").map(|descriptor| text_of(descriptor, "mediaType")).unwrap_or_default();
    match MediaType::new(media_type).document() {
        Some(DocumentKind::Index) => What::Index,
        Some(DocumentKind::Manifest) => What::Manifest,
        _ => What::StoredId,
    }
}
