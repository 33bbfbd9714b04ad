//! Line: paste -> bytes. `docker inspect` of an image: a record of the local store, not a document of a registry.

use crate::json::Json;
use crate::paste::Form;
use crate::paste::forms::{Part, each, text_of, texts_of};
use crate::paste::text::Text;

const CONTAINED: &str =
    "Descriptor shows that this comes from the containerd store: Id is the digest of the manifest or index.";
const CONTAINER: &str = "This is about a container: only the image that it runs is named.";

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
    record.get("Id").is_some_and(|id| id.as_str().is_some()) && marks.iter().any(|name| record.get(name).is_some())
}

fn mention(record: &Json, part: &mut Part) {
    let name = texts_of(record, "RepoTags").next();
    if record.get("State").is_some() {
        part.note(CONTAINER);
        part.mention(text_of(record, "Image"), "Image: the image ID of what the container runs", None);
        return;
    }
    let id = match (text_of(record, "Id"), record.get("Descriptor")) {
        (id, Some(_)) => {
            part.note(CONTAINED);
            (id, "Id: the digest of the manifest or index, as the containerd store has it")
        }
        (id, None) => {
            (id, "Id: the config digest in the classic store, the manifest or index digest in the containerd store")
        }
    };
    part.mention(id.0, id.1, name);
    for pinned in texts_of(record, "RepoDigests") {
        if let Some((repository, digest)) = pinned.split_once('@') {
            part.mention(
                digest,
                "RepoDigests: the digest of the manifest or index that was pulled or pushed",
                Some(repository),
            );
        }
    }
    part.mention(text_of(record, "Digest"), "Digest: the digest of the manifest or index", name);
    part.mention(text_of(record, "Parent"), "Parent: the image ID of the image before the last build step", None);
    for layer in record.get("RootFS").into_iter().flat_map(|rootfs| texts_of(rootfs, "Layers")) {
        part.mention(layer, "RootFS.Layers: a DiffID", name);
    }
}
