//! Line: Document -> Check. The rules for index, manifest and former artifact manifest (image-spec; Docker schema 2).

use crate::checks::Outcome;
use crate::checks::findings::{At, shorten};
use crate::checks::schema::rules::{Need, Rules};
use crate::checks::schema::{annotations, descriptor};
use crate::document::kind::is_generic;
use crate::json::{Json, Object};
use crate::media_type::{self, DocumentKind, MediaType};

/// OCI image index or Docker manifest list.
pub(super) fn index(rules: &mut Rules, root: &Object) {
    let own = if rules.docker { media_type::DOCKER_LIST } else { media_type::OCI_INDEX };
    rules.schema_version(root, 2);
    rules.own_media_type(root, &[own]);
    let entries = rules.array(root, &At::ROOT, "manifests", Need::MustOrNull).unwrap_or_default();
    let at = At::ROOT.name("manifests");
    for (index, entry) in entries.iter().enumerate() {
        let members = descriptor::descriptor(rules, entry, &at.index(index));
        if rules.docker && members.is_some_and(|members| !members.contains("platform")) {
            let message = "platform is missing, which every entry of a Docker manifest list has";
            rules.schema.warn(&at.index(index).name("platform"), message);
        }
    }
    common(rules, root);
}

/// OCI manifest or Docker schema 2 manifest.
pub(super) fn manifest(rules: &mut Rules, root: &Object) {
    let own = if rules.docker { media_type::DOCKER_MANIFEST } else { media_type::OCI_MANIFEST };
    rules.schema_version(root, 2);
    rules.own_media_type(root, &[own]);
    let config = rules.member(root, &At::ROOT, "config", Need::Must);
    let config = config.and_then(|config| descriptor::descriptor(rules, config, &At::ROOT.name("config")));
    let config_type = config.and_then(|config| config.get("mediaType")).and_then(Json::as_str).unwrap_or_default();
    config_rules(rules, root, config_type);
    layers(rules, root, config_type);
    common(rules, root);
}

/// The OCI artifact manifest as it stood before image-spec 1.1 dropped it.
pub(super) fn artifact(rules: &mut Rules, root: &Object) {
    rules.own_media_type(root, &[media_type::OCI_ARTIFACT]);
    rules.artifact_type(root, &At::ROOT, Need::Must);
    let blobs = rules.array(root, &At::ROOT, "blobs", Need::May).unwrap_or_default();
    descriptors(rules, blobs, "blobs");
    descriptor::subject(rules, root);
    annotations::map(rules, root, &At::ROOT);
}

fn common(rules: &mut Rules, root: &Object) {
    rules.artifact_type(root, &At::ROOT, Need::May);
    descriptor::subject(rules, root);
    annotations::map(rules, root, &At::ROOT);
}

fn config_rules(rules: &mut Rules, root: &Object, config_type: &str) {
    if config_type == media_type::OCI_EMPTY && !root.contains("artifactType") {
        let message = format!("artifactType is missing, and has to be there where the config is {config_type}");
        rules.schema.fail(&At::ROOT.name("artifactType"), message);
    }
    let known = MediaType::new(config_type);
    if rules.docker && !known.is_docker() && !is_generic(&known) {
        let at = At::ROOT.name("config");
        let message = format!("\"{}\" is not a type of config in Docker's manifests", shorten(config_type));
        rules.schema.warn(&at.name("mediaType"), message);
    }
}

fn layers(rules: &mut Rules, root: &Object, config_type: &str) {
    let Some(layers) = rules.array(root, &At::ROOT, "layers", Need::MustOrNull) else { return };
    let at = At::ROOT.name("layers");
    descriptors(rules, layers, "layers");
    if layers.is_empty() && !rules.docker {
        let is_image = MediaType::new(config_type).document() == Some(DocumentKind::Config);
        let outcome = if is_image { Outcome::Fail } else { Outcome::Warn };
        let message = "layers is empty, and has to have at least one entry";
        rules.schema.differs(outcome, &at, ("at least 1", "0"), message);
    }
    if rules.docker {
        layers.iter().enumerate().for_each(|(index, layer)| docker_layer(rules, layer, &at.index(index)));
    }
}

fn descriptors(rules: &mut Rules, elements: &[Json], name: &str) {
    let at = At::ROOT.name(name);
    for (index, element) in elements.iter().enumerate() {
        descriptor::descriptor(rules, element, &at.index(index));
    }
}

/// The types of layer that Docker's schema 2 defines; OCI leaves them open, Docker does not.
fn docker_layer(rules: &mut Rules, layer: &Json, at: &At<'_>) {
    let Some(text) = layer.get("mediaType").and_then(Json::as_str) else { return };
    if !DOCKER_LAYERS.contains(&text) {
        let message = format!("\"{}\" is not one of the layer types of Docker's schema 2", shorten(text));
        rules.schema.fail(&at.name("mediaType"), message);
    }
}

const DOCKER_LAYERS: [&str; 4] = [
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.foreign.diff.tar",
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
];
