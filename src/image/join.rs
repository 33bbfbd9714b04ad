//! Document -> Image. Joins documents that speak of each other: config and layers, attestations and their images.

use crate::checks::{self, CheckId, Source};
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::document::{Body, Config, Document, Manifest, Schema1};
use crate::identity::chain_ids;
use crate::json::Places;
use crate::layer::no_tar;
use crate::media_type::BlobKind;
use crate::report::{Node, NodeKind};
use crate::say::{Said, say};

use super::nodes::{not_checked, not_downloaded, promised, unread};
use super::tree::Branch;

/// The claims of a config about its manifest's layers, and whether it agrees with the manifest and the index entry.
pub(crate) fn join(
    manifest_node: &mut Node,
    config_node: &mut Node,
    layers: &mut [Node],
    manifest: &Manifest,
    config: &Config,
) {
    if manifest_node.kind == NodeKind::Manifest {
        match &manifest_node.platform {
            Some(entry) => config_node.checks.push(checks::platform(entry, &config.platform)),
            None => manifest_node.platform.clone_from(&config_node.platform),
        }
    }
    config_node.checks.extend(checks::counts(manifest, config));
    config_node.checks.extend(checks::diff_ids(manifest, config));
    add_diff_ids(layers, &config.diff_ids);
    add_history(config_node, layers);
}

fn add_diff_ids(layers: &mut [Node], diff_ids: &[String]) {
    if diff_ids.len() != layers.len() {
        return;
    }
    let parsed: Vec<Digest> = diff_ids.iter().map_while(|text| Digest::parse(text).ok()).collect();
    let chain = chain_ids(&parsed);
    for (position, (layer, diff_id)) in layers.iter_mut().zip(diff_ids).enumerate() {
        layer.facts.diff_id = Some(diff_id.clone());
        layer.facts.chain_id = chain.get(position).map(ToString::to_string);
        match layer.facts.blob_kind.filter(|kind| !kind.is_read()) {
            Some(kind) => layer.checks.extend(no_tar(kind, Some(diff_id))),
            None => {
                let reason = say!("not-unpacked-yet", "not unpacked, so not checked");
                layer.checks.push(not_checked(CheckId::DiffId, diff_id, Source::Config, reason));
            }
        }
    }
}

/// History lines and layers belong together in order, if as many lines made a layer as there are layers.
fn add_history(config_node: &mut Node, layers: &mut [Node]) {
    let Some(history) = &mut config_node.facts.history else { return };
    let made: Vec<usize> = (0..history.len()).filter(|line| !history[*line].empty_layer).collect();
    if made.len() == layers.len() {
        for (line, layer) in made.into_iter().zip(layers) {
            history[line].layer.clone_from(&layer.path);
            layer.facts.history_index = Some(line);
        }
    }
}

/// The layers of a schema 1 manifest, oldest first; the document lists them newest first.
pub(crate) fn old_layers(schema1: &Schema1, room: usize) -> Vec<Branch> {
    let layer = |(position, digest): (usize, &String)| {
        let mut node = Node::new("", NodeKind::Layer);
        node.digest = Some(digest.clone());
        node.path = Some(format!("$.fsLayers[{}]", schema1.layers.len() - 1 - position));
        node.title = Some(format!("layer {}", position + 1));
        node.checks.push(not_checked(CheckId::Digest, digest, Source::Descriptor, not_downloaded()));
        node.into()
    };
    schema1.layers.iter().take(room).enumerate().map(layer).collect()
}

/// The number of other documents that a document names.
pub(crate) fn names(document: &Document) -> usize {
    match document.body() {
        Body::Schema1(schema1) => schema1.layers.len(),
        _ => document.children().count(),
    }
}

/// The children of a document that is not followed, at most `room`.
pub(crate) fn unread_names(document: &Document, room: usize, reason: &Said) -> Vec<Branch> {
    let node = |descriptor: &Descriptor| {
        let kind = match promised(descriptor) {
            NodeKind::Unknown if BlobKind::of(&descriptor.media_type, None).is_layer() => NodeKind::Layer,
            kind => kind,
        };
        unread(descriptor, kind, reason.clone()).into()
    };
    document.children().take(room).map(node).collect()
}

/// An attestation is called after the platform of the manifest that it is about.
pub(crate) fn name_attestations(branches: &mut [Branch]) {
    let known: Vec<(String, String)> = branches
        .iter()
        .filter(|branch| branch.node.kind == NodeKind::Manifest)
        .filter_map(|branch| Some((branch.node.digest.clone()?, branch.node.title.clone()?)))
        .collect();
    let places: Places<'_> = known.iter().enumerate().map(|(at, (digest, _))| (digest.as_str(), at)).collect();
    for node in branches.iter_mut().map(|branch| &mut branch.node).filter(|node| node.kind == NodeKind::Attestation) {
        let about = node.facts.attests.as_ref().and_then(|digest| places.get(digest.as_str())).map(|at| &known[*at].1);
        node.title = Some(about.map_or_else(|| "attestation".to_owned(), |title| format!("attestation for {title}")));
    }
}
