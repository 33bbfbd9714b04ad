//! Document -> Check. The rules for index, manifest and former artifact manifest (image-spec; Docker schema 2).

use crate::checks::Outcome;
use crate::checks::findings::{At, shorten};
use crate::checks::schema::rules::{Need, Rules};
use crate::checks::schema::{annotations, descriptor};
use crate::document::kind::is_generic;
use crate::json::{Json, Object};
use crate::media_type::{self, BlobKind, DocumentKind, MediaType};
use crate::say::{Said, say};

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
            let message = say!(
                "list-entry-without-platform",
                "platform is missing, which every entry of a Docker manifest list has"
            );
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
    layers(rules, root);
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
        let message = say!(
            "artifact-type-missing",
            "artifactType is missing, and has to be there if the config is {type}",
            r#type = config_type
        );
        rules.schema.fail(&At::ROOT.name("artifactType"), message);
    }
    let known = MediaType::new(config_type);
    if !rules.docker && !root.contains("artifactType") {
        oci_config_type(rules, &known);
    }
    if rules.docker && !known.is_docker() && !is_generic(&known) {
        let at = At::ROOT.name("config");
        let message = say!(
            "config-type-not-docker",
            "\"{type}\" is not a type of config in Docker's manifests",
            r#type = shorten(config_type)
        );
        rules.schema.warn(&at.name("mediaType"), message);
    }
}

/// The type of an OCI image's config is one text, compared byte by byte. Another kind makes an artifact of the manifest,
/// which is no fault; what names a document or a layer of an image, or nothing, is no type of an artifact.
fn oci_config_type(rules: &mut Rules, config: &MediaType) {
    let text = config.as_str();
    let config_at = At::ROOT.name("config");
    let at = config_at.name("mediaType");
    let folded = MediaType::new(text.to_ascii_lowercase());
    if text.is_empty() || text == media_type::OCI_CONFIG {
        return;
    }
    if folded.as_str() == media_type::OCI_CONFIG {
        return rules.schema.warn(&at, other_case(text));
    }
    if folded.document().is_some() || folded.layer().is_some() || is_generic(&folded) {
        let said = say!(
            "config-type-not-oci",
            "\"{type}\" is not the type of an OCI image's config: podman and umoci refuse to run the image, containerd \
             reads it all the same",
            r#type = shorten(text)
        );
        rules.schema.warn(&at, said);
    }
}

/// A type that engines would know if they did not compare it byte by byte.
fn other_case(text: &str) -> Said {
    say!(
        "type-in-other-case",
        "\"{type}\" is a known type in other letters: container engines compare types byte by byte, and do not know it",
        r#type = shorten(text)
    )
}

/// The types of layers in an image of OCI. containerd and umoci unpack those that the specifications name, podman and
/// Docker look at the bytes.
fn oci_layer(rules: &mut Rules, layer: &Json, at: &At<'_>) {
    let Some(text) = layer.get("mediaType").and_then(Json::as_str) else { return };
    let own = MediaType::new(text);
    let at = at.name("mediaType");
    if own.layer().is_some() || !media_type::is_well_formed(text) {
        return;
    }
    if MediaType::new(text.to_ascii_lowercase()).layer().is_some() {
        return rules.schema.warn(&at, other_case(text));
    }
    if BlobKind::of(&own, None) == BlobKind::Unnamed {
        let said = say!(
            "layer-type-not-oci",
            "\"{type}\" is not a type of layer that containerd unpacks: podman looks at the bytes, other engines refuse it",
            r#type = shorten(text)
        );
        rules.schema.warn(&at, said);
    }
}

fn layers(rules: &mut Rules, root: &Object) {
    let Some(layers) = rules.array(root, &At::ROOT, "layers", Need::MustOrNull) else { return };
    let at = At::ROOT.name("layers");
    descriptors(rules, layers, "layers");
    if layers.is_empty() && !rules.docker {
        // A SHOULD since image-spec 1.1: engines run an image of no layers, registries take it.
        let message =
            say!("layers-empty", "layers is empty: for portability a manifest should have at least one entry there");
        rules.schema.differs(Outcome::Warn, &at, ("at least 1", "0"), message);
    }
    if is_oci_image(rules, root) {
        layers.iter().enumerate().for_each(|(index, layer)| oci_layer(rules, layer, &at.index(index)));
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

/// True if engines run the manifest as an image: they go by the type of its config alone. With another config it is an
/// artifact, whose layers may be of any type; with an image's, `artifactType` does not make one of it.
fn is_oci_image(rules: &Rules, root: &Object) -> bool {
    let config = root.get("config").and_then(|config| config.get("mediaType")).and_then(Json::as_str);
    let config = config.and_then(|config| MediaType::new(config).document());
    !rules.docker && config == Some(DocumentKind::Config)
}

/// The types of layer that Docker's schema 2 defines; OCI leaves them open, Docker does not.
fn docker_layer(rules: &mut Rules, layer: &Json, at: &At<'_>) {
    let Some(text) = layer.get("mediaType").and_then(Json::as_str) else { return };
    if DOCKER_LAYERS.contains(&text) {
        return;
    }
    let (at, shown) = (at.name("mediaType"), shorten(text));
    if BlobKind::of(&MediaType::new(text), None) == BlobKind::Unnamed {
        let said = say!(
            "layer-type-not-docker",
            "\"{type}\" is not one of the layer types of Docker's schema 2",
            r#type = shown
        );
        rules.schema.fail(&at, said);
    } else {
        let said = say!(
            "layer-type-of-oci",
            "\"{type}\" is not one of the layer types of Docker's schema 2: builders write it and containerd takes it, other \
             programs refuse it",
            r#type = shown
        );
        rules.schema.warn(&at, said);
    }
}

const DOCKER_LAYERS: [&str; 4] = [
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.foreign.diff.tar",
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
];
