//! Image -> Report. One node from one document or one descriptor, with what it says about itself.

use crate::checks::{self, Check, CheckId, Outcome, Source};
use crate::descriptor::Descriptor;
use crate::digest::Verified;
use crate::document::{Body, Document, Manifest};
use crate::media_type::{BlobKind, DocumentKind};
use crate::report::{Node, NodeKind};
use crate::say::{Said, say};

/// The annotations that name a blob: a file of an artifact, the kind of an attestation's statement.
const TITLES: [&str; 2] = ["org.opencontainers.image.title", "in-toto.io/predicate-type"];

/// BuildKit's mark on an index entry that holds an attestation, and the digest of the manifest it is about.
const REFERENCE_TYPE: &str = "vnd.docker.reference.type";
const REFERENCE_DIGEST: &str = "vnd.docker.reference.digest";

pub(crate) fn not_downloaded() -> Said {
    say!("not-downloaded", "not downloaded, so not checked")
}

/// Types that say "this is a signature": cosign's layers and bundles, Notary's artifacts.
const SIGNATURES: [&str; 4] = [
    "application/vnd.dev.cosign.simplesigning.v1+json",
    "application/vnd.dev.cosign.artifact.sig.v1+json",
    "application/vnd.dev.sigstore.bundle",
    "application/vnd.cncf.notary.signature",
];

/// The node of a document that was read; `named` is the descriptor that led to it.
pub(crate) fn of_document(document: &Document, named: Option<&Descriptor>) -> Node {
    let mut node = Node::new("", kind_of(document, named));
    node.media_type =
        document.media_type().map(ToString::to_string).or_else(|| named.map(|d| d.media_type.to_string()));
    node.size = Some(document.verified().bytes().len() as u64);
    node.digest = Some(document.digest().to_string());
    node.read = true;
    node.checks = document.checks().to_vec();
    describe(&mut node, named);
    match document.body() {
        Body::Index(index) => {
            node.annotations.extend(index.annotations.iter().cloned());
            node.facts.artifact_type.clone_from(&index.artifact_type);
            node.facts.subject = index.subject.as_ref().map(|subject| subject.digest_text.clone());
        }
        Body::Manifest(manifest) => add_manifest(&mut node, manifest),
        Body::Artifact(artifact) => {
            node.annotations.extend(artifact.annotations.iter().cloned());
            node.facts.artifact_type.clone_from(&artifact.artifact_type);
            node.facts.subject = artifact.subject.as_ref().map(|subject| subject.digest_text.clone());
        }
        Body::Config(config) => {
            node.platform = Some(config.platform.clone()).filter(|platform| !platform.os.is_empty());
            node.facts.diff_ids = Some(config.diff_ids.clone());
            node.facts.history = Some(config.history.clone());
            node.facts.image = Some(config.image.clone());
            node.title = Some("config".to_owned());
        }
        Body::Schema1(schema1) => {
            node.facts.name = Some(format!("{}:{}", schema1.name, schema1.tag));
            node.facts.history = Some(schema1.history.clone());
        }
        Body::Descriptor(_) | Body::Layout | Body::Unknown => {}
    }
    node
}

/// The node of something that was not read, with the reason, in words that follow "not downloaded: ".
pub(crate) fn unread(descriptor: &Descriptor, kind: NodeKind, reason: Said) -> Node {
    let mut node = Node::new("", kind);
    node.media_type = Some(descriptor.media_type.to_string());
    node.size = descriptor.size;
    node.digest = Some(descriptor.digest_text.clone());
    node.checks.push(not_checked(CheckId::Digest, &descriptor.digest_text, Source::Descriptor, reason));
    describe(&mut node, Some(descriptor));
    node
}

/// The node of a layer or another blob that is known by its descriptor only; `artifact` is what its manifest is of.
pub(crate) fn unread_blob(descriptor: &Descriptor, artifact: Option<&str>) -> Node {
    let kind = BlobKind::of(&descriptor.media_type, artifact);
    let mut node = unread(descriptor, node_kind(kind), not_downloaded());
    be(&mut node, descriptor, kind);
    node
}

/// The node of a blob that was read and hashed, but is not a document that is parsed here.
pub(crate) fn hashed_blob(descriptor: &Descriptor, artifact: Option<&str>, verified: &Verified) -> Node {
    let kind = BlobKind::of(&descriptor.media_type, artifact);
    let mut node = Node::new("", node_kind(kind));
    node.media_type = Some(descriptor.media_type.to_string());
    node.size = Some(verified.bytes().len() as u64);
    node.digest = Some(verified.digest().to_string());
    node.read = true;
    be(&mut node, descriptor, kind);
    node.checks = checks::blob(verified, descriptor.size.map(|size| (size, Source::Descriptor)));
    describe(&mut node, Some(descriptor));
    node
}

/// A check of a value that is only a claim so far.
pub(crate) fn not_checked(id: CheckId, expected: &str, source: Source, reason: Said) -> Check {
    let mut check = Check::new(id, Outcome::NotChecked, reason);
    check.expected = Some(expected.to_owned());
    check.source = Some(source);
    check
}

/// The claims of a descriptor in an index, before its document is read.
pub(crate) fn promised(descriptor: &Descriptor) -> NodeKind {
    if annotation(descriptor, REFERENCE_TYPE) == Some("attestation-manifest") {
        return NodeKind::Attestation;
    }
    if descriptor.artifact_type.as_deref().is_some_and(is_signature) {
        return NodeKind::Signature;
    }
    match descriptor.media_type.document() {
        Some(DocumentKind::Index) => NodeKind::Index,
        Some(DocumentKind::Manifest) if descriptor.artifact_type.is_none() => NodeKind::Manifest,
        Some(DocumentKind::Manifest | DocumentKind::Artifact) => NodeKind::Artifact,
        Some(DocumentKind::Schema1) => NodeKind::Schema1,
        Some(DocumentKind::Config) => NodeKind::Config,
        _ => NodeKind::Unknown,
    }
}

/// The digest of the manifest that an attestation is about.
pub(crate) fn attests(descriptor: &Descriptor) -> Option<&str> {
    annotation(descriptor, REFERENCE_DIGEST)
}

fn annotation<'a>(descriptor: &'a Descriptor, key: &str) -> Option<&'a str> {
    descriptor.annotations.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

fn describe(node: &mut Node, named: Option<&Descriptor>) {
    let Some(descriptor) = named else { return };
    node.path = Some(descriptor.path.clone());
    node.annotations.clone_from(&descriptor.annotations);
    node.facts.urls.clone_from(&descriptor.urls);
    node.facts.artifact_type.clone_from(&descriptor.artifact_type);
    if node.kind == NodeKind::Attestation {
        node.facts.attests = attests(descriptor).map(str::to_owned);
    } else if let Some(platform) = &descriptor.platform {
        node.platform = Some(platform.clone());
        node.title = Some(platform.to_string());
    }
    let named = TITLES.iter().find_map(|key| annotation(descriptor, key));
    node.title = named.map(str::to_owned).or(node.title.take());
}

fn node_kind(kind: BlobKind) -> NodeKind {
    if kind.is_layer() { NodeKind::Layer } else { NodeKind::Blob }
}

fn be(node: &mut Node, descriptor: &Descriptor, kind: BlobKind) {
    node.facts.compression = descriptor.media_type.layer();
    node.facts.blob_kind = Some(kind);
    node.facts.tar = (!kind.is_read()).then_some(false);
}

fn add_manifest(node: &mut Node, manifest: &Manifest) {
    node.annotations.extend(manifest.annotations.iter().cloned());
    if manifest.is_image() && node.kind == NodeKind::Manifest {
        node.facts.image_id = manifest.config.as_ref().map(|config| config.digest_text.clone());
    }
    node.facts.artifact_type = manifest.artifact_type.clone().or(node.facts.artifact_type.take());
    node.facts.subject = manifest.subject.as_ref().map(|subject| subject.digest_text.clone());
}

fn kind_of(document: &Document, named: Option<&Descriptor>) -> NodeKind {
    let promise = named.map(promised);
    match document.body() {
        Body::Index(_) => NodeKind::Index,
        Body::Manifest(manifest) => match promise {
            Some(kind @ (NodeKind::Attestation | NodeKind::Signature)) => kind,
            _ if signs(manifest) => NodeKind::Signature,
            _ if manifest.is_image() => NodeKind::Manifest,
            _ => NodeKind::Artifact,
        },
        Body::Artifact(_) => NodeKind::Artifact,
        Body::Config(_) => NodeKind::Config,
        Body::Schema1(_) => NodeKind::Schema1,
        Body::Descriptor(_) | Body::Layout | Body::Unknown => promise.unwrap_or(NodeKind::Unknown),
    }
}

/// True if it is a signature: its `artifactType` says so, or all its layers. Engines run an image with a layer for them
/// whatever its `artifactType` is.
fn signs(manifest: &Manifest) -> bool {
    let is_signed = |layer: &Descriptor| BlobKind::of(&layer.media_type, None) == BlobKind::Signature;
    let is_run =
        manifest.is_image() && manifest.layers.iter().any(|layer| BlobKind::of(&layer.media_type, None).is_tar());
    !is_run && manifest.artifact_type.as_deref().is_some_and(is_signature)
        || !manifest.layers.is_empty() && manifest.layers.iter().all(is_signed)
}

fn is_signature(media_type: &str) -> bool {
    SIGNATURES.iter().any(|known| media_type.starts_with(known))
}
