//! The ladder: the first rung that holds, in one sentence with its cause.

use super::files::FileFacts;
use super::layers::{ComparedLayer, LayerState, are_same};
use super::members::{self, Changed};
use super::outcome::{Compared, Rung};
use super::side::Side;
use crate::say::{Said, Word, say};

type Judged = (Compared, Rung, Said);

/// Judges two images by their documents, and by their files if these were compared.
pub(super) fn judge(
    a: &Side<'_>,
    b: &Side<'_>,
    layers: &[ComparedLayer],
    config: &[Changed],
    files: Option<&FileFacts>,
) -> Judged {
    if let Some(said) = failure(a, b) {
        return (Compared::Failed, Rung::Differs, said);
    }
    if let Some((rung, said)) = by_manifest(a, b) {
        return (Compared::Compared, rung, said);
    }
    if !a.has_files() || !b.has_files() {
        return by_blobs(a, b, layers, config);
    }
    if are_same(layers) {
        return by_config(a, b, layers, config);
    }
    by_files(a, b, layers, config, files)
}

fn failure(a: &Side<'_>, b: &Side<'_>) -> Option<Said> {
    let sides = [(a, Word("first-image", "the first image")), (b, Word("second-image", "the second image"))];
    let (node, side) = sides.into_iter().find_map(|(side, word)| Some((side.failed?, word)))?;
    let what = node.title.clone().unwrap_or_else(|| node.kind.clone());
    let digest = node.digest.clone().unwrap_or_default();
    Some(say!(
        "compared-digest-failed",
        "in {side}, {what} ({digest}) has not the digest that it should have",
        side,
        what,
        digest
    ))
}

fn by_manifest(a: &Side<'_>, b: &Side<'_>) -> Option<(Rung, Said)> {
    if a.image.digest.is_some() && a.image.digest == b.image.digest {
        let digest = a.image.digest.clone().unwrap_or_default();
        return Some(if a.root.digest == b.root.digest {
            (Rung::Digest, say!("compared-digest-same", "both have the digest {digest}", digest))
        } else {
            (Rung::Manifest, say!("same-manifest", "different indexes name the same manifest {digest}", digest))
        });
    }
    let (one, other) = (a.manifest_json.as_ref()?, b.manifest_json.as_ref()?);
    members::is_same(one, other).then(|| {
        (Rung::Manifest, say!("manifest-written-otherwise", "the manifests say the same and are written otherwise"))
    })
}

fn has_same_config(a: &Side<'_>, b: &Side<'_>) -> Option<bool> {
    let digest = |side: &Side<'_>| side.config.and_then(|node| node.digest.clone());
    match (digest(a), digest(b)) {
        (None, None) => return Some(true),
        (Some(one), Some(other)) if one == other => return Some(true),
        (None, _) | (_, None) => return Some(false),
        _ => {}
    }
    Some(members::is_same(a.config_json.as_ref()?, b.config_json.as_ref()?))
}

/// Images of the same layers.
fn by_config(a: &Side<'_>, b: &Side<'_>, layers: &[ComparedLayer], config: &[Changed]) -> Judged {
    match has_same_config(a, b) {
        Some(true) => (Compared::Compared, Rung::Content, why_not_manifest(layers, config)),
        None => {
            let said = say!("config-not-read", "the layers are the same; a config was not read");
            (Compared::Incomplete, Rung::Differs, said)
        }
        Some(false) => {
            let own: Vec<&Changed> = config.iter().filter(|member| !member.is_of_manifest()).collect();
            if !own.is_empty() && own.iter().all(|member| member.is_time()) {
                return (Compared::Compared, Rung::Metadata, only_created());
            }
            (Compared::Compared, Rung::Differs, config_differs(&own))
        }
    }
}

fn only_created() -> Said {
    say!("only-created-differs", "only {member} differs", member = "created")
}

fn config_differs(members: &[&Changed]) -> Said {
    match members {
        [only] => say!(
            "one-member-differs",
            "the layers are the same; the config differs in {member}",
            member = only.path.clone()
        ),
        all => {
            say!("members-differ", "the layers are the same; the config differs in {count} members", count = all.len())
        }
    }
}

/// Why the manifests differ although configs and tars are the same.
fn why_not_manifest(layers: &[ComparedLayer], config: &[Changed]) -> Said {
    let recompressed = layers.iter().filter(|layer| layer.state == LayerState::Recompressed).count();
    if recompressed > 0 {
        return say!(
            "layers-recompressed",
            "{count} layers are compressed otherwise; their contents are the same",
            count = recompressed
        );
    }
    if config.iter().any(|member| member.path.starts_with("annotations")) {
        return say!("only-annotations-differ", "only annotations of the manifest differ");
    }
    say!("same-config-and-layers", "config and layers are the same; the manifests describe them otherwise")
}

/// Artifacts that are no images: their blobs are all that there is.
fn by_blobs(a: &Side<'_>, b: &Side<'_>, layers: &[ComparedLayer], config: &[Changed]) -> Judged {
    if are_same(layers) {
        return by_config(a, b, layers, config);
    }
    let count = layers.iter().filter(|layer| layer.state != LayerState::Same).count();
    (Compared::Compared, Rung::Differs, say!("blobs-differ", "{count} blobs differ", count))
}

fn by_files(
    a: &Side<'_>,
    b: &Side<'_>,
    layers: &[ComparedLayer],
    config: &[Changed],
    files: Option<&FileFacts>,
) -> Judged {
    let is_read = a.config_json.is_some() && b.config_json.is_some();
    let other_config = config.iter().any(|member| !member.is_of_manifest() && !member.is_time());
    let Some(files) = files else {
        let differing = layers.iter().filter(|layer| !is_shared(layer)).count();
        let said = say!("layers-not-read", "{count} layers differ; their files were not read", count = differing);
        return (Compared::Incomplete, Rung::Differs, said);
    };
    if files.unknown > 0 {
        let count = files.unknown;
        let said = say!("contents-not-known", "the contents of {count} files were not hashed", count);
        return (Compared::Incomplete, Rung::Differs, said);
    }
    if !files.is_equal_but_times() {
        return (Compared::Compared, Rung::Differs, files_differ(files));
    }
    if !is_read {
        let said = say!("files-same-config-not-read", "the files are the same; a config was not read");
        return (Compared::Incomplete, Rung::Differs, said);
    }
    if other_config {
        let own: Vec<&Changed> = config.iter().filter(|one| !one.is_of_manifest() && !one.is_time()).collect();
        return (Compared::Compared, Rung::Differs, files_same_config_differs(&own));
    }
    if files.changed == 0 {
        return (Compared::Compared, Rung::Files, why_other_layers(a, b, layers));
    }
    (Compared::Compared, Rung::Metadata, why_times(files, b))
}

fn is_shared(layer: &ComparedLayer) -> bool {
    matches!(layer.state, LayerState::Same | LayerState::Recompressed | LayerState::Moved)
}

fn files_same_config_differs(members: &[&Changed]) -> Said {
    let count = members.len();
    say!("files-same-members-differ", "the files are the same; the config differs in {count} members", count)
}

fn why_other_layers(a: &Side<'_>, b: &Side<'_>, layers: &[ComparedLayer]) -> Said {
    if layers.iter().all(is_shared) {
        return say!("layers-in-other-order", "the same layers stand in another order; the files are the same");
    }
    let (one, other) = (a.layers.len(), b.layers.len());
    say!("files-in-other-layers", "the same files are packed otherwise, in {one} and in {other} layers", one, other)
}

/// The layer that wrote most of the files anew, with its command.
fn why_times(files: &FileFacts, b: &Side<'_>) -> Said {
    let most = files.rewritten.iter().max_by_key(|layer| layer.files);
    let Some(most) = most.filter(|layer| layer.files > 0) else {
        return say!("only-times-differ", "only the times of {count} files differ", count = files.changed);
    };
    let at = usize::try_from(most.layer).unwrap_or(usize::MAX);
    let line = b.layers.get(at).and_then(|layer| layer.command).filter(|line| line.secret != Some(true));
    let (layer, count) = (most.layer + 1, most.files);
    match line.and_then(|line| line.created_by.clone()) {
        Some(command) => say!(
            "layer-rewrites-files-by",
            "layer {layer} ({command}) rewrites {count} files whose contents are the same",
            layer = u64::from(layer),
            command = command.chars().take(200).collect::<String>(),
            count,
        ),
        None => say!(
            "layer-rewrites-files",
            "layer {layer} rewrites {count} files whose contents are the same",
            layer = u64::from(layer),
            count,
        ),
    }
}

fn files_differ(files: &FileFacts) -> Said {
    if let Some(path) = &files.only {
        return say!("one-file-differs", "only {path} differs", path = path.clone());
    }
    let FileFacts { added, removed, changed, renamed, .. } = *files;
    // Events that did not happen are left out.
    let changes = [
        (added > 0).then(|| say!("files-added", "{count} paths are new", count = added)),
        (removed > 0).then(|| say!("files-removed", "{count} paths are gone", count = removed)),
        (changed > 0).then(|| say!("files-changed", "{count} paths changed", count = changed)),
        (renamed > 0).then(|| say!("files-renamed", "{count} files were renamed", count = renamed)),
    ];
    let changes: Vec<Said> = changes.into_iter().flatten().collect();
    let mut said = say!("files-differ", "{changes}", changes);
    for (name, count) in [("added", added), ("removed", removed), ("changed", changed), ("renamed", renamed)] {
        said.params.push(name, count.into());
    }
    said
}
