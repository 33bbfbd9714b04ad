//! Verified -> Document. The kind of a document: by its own `mediaType`, its shape, and the type that others gave.

use crate::document::Hints;
use crate::json::{Json, Object};
use crate::media_type::{self, DocumentKind, MediaType};

/// Types that say nothing about what is inside; old registries give them to configs.
const GENERIC: [&str; 6] =
    ["application/octet-stream", "application/json", "text/plain", "text/json", "binary/octet-stream", ""];

/// True if a media type says nothing about what is inside.
pub(crate) fn is_generic(media_type: &MediaType) -> bool {
    GENERIC.contains(&media_type.as_str())
}

/// The document's own `mediaType`, if it has one that is about itself.
pub(crate) fn own_type(root: &Object, kind: Option<DocumentKind>) -> Option<MediaType> {
    if kind == Some(DocumentKind::Descriptor) {
        return None;
    }
    root.get("mediaType").and_then(Json::as_str).filter(|text| !text.is_empty()).map(MediaType::new)
}

/// The kind: the shape of a lone descriptor, else the own `mediaType`, else the shape, else what was told.
pub(crate) fn decide(root: &Object, hints: &Hints) -> Option<DocumentKind> {
    let told = hints.expected_type.as_ref().map(|(media_type, _)| media_type).or(hints.content_type.as_ref());
    if told.and_then(MediaType::document) == Some(DocumentKind::Descriptor) {
        return Some(DocumentKind::Descriptor);
    }
    let strong = strong_shape(root);
    if strong.is_none() && is_descriptor(root) {
        return Some(DocumentKind::Descriptor);
    }
    let own = own_type(root, None).and_then(|own| own.document());
    let free = told.is_none_or(|told| is_generic(told) || told.document().is_some());
    let weak = if free { weak_shape(root) } else { None };
    own.or(strong).or(weak).or_else(|| told.and_then(MediaType::document))
}

/// Shapes that only documents of a registry have.
fn strong_shape(root: &Object) -> Option<DocumentKind> {
    let has = |name: &str| root.get(name).is_some();
    if has("fsLayers") {
        Some(DocumentKind::Schema1)
    } else if has("manifests") {
        Some(DocumentKind::Index)
    } else if has("layers") || (has("config") && has("schemaVersion")) {
        Some(DocumentKind::Manifest)
    } else if has("blobs") && has("artifactType") {
        Some(DocumentKind::Artifact)
    } else if has("imageLayoutVersion") {
        Some(DocumentKind::Layout)
    } else {
        None
    }
}

/// The shape of a config, which other JSON may share.
fn weak_shape(root: &Object) -> Option<DocumentKind> {
    let is_config = root.get("rootfs").is_some_and(|rootfs| rootfs.as_object().is_some())
        || (root.contains("architecture") && root.contains("os"));
    is_config.then_some(DocumentKind::Config)
}

fn is_descriptor(root: &Object) -> bool {
    ["mediaType", "digest", "size"].into_iter().all(|name| root.contains(name)) && !root.contains("schemaVersion")
}

/// The type of a document of that kind if none is named: Docker's if its parts are Docker's.
pub(crate) fn canonical(kind: DocumentKind, root: &Object) -> &'static str {
    match kind {
        DocumentKind::Index if entries_are_docker(root) => media_type::DOCKER_LIST,
        DocumentKind::Index => media_type::OCI_INDEX,
        DocumentKind::Manifest if parts_are_docker(root) => media_type::DOCKER_MANIFEST,
        DocumentKind::Manifest => media_type::OCI_MANIFEST,
        DocumentKind::Config if root.contains("container_config") || root.contains("docker_version") => {
            media_type::DOCKER_CONFIG
        }
        DocumentKind::Config => media_type::OCI_CONFIG,
        DocumentKind::Schema1 if root.key("signatures").is_some() => media_type::DOCKER_SCHEMA1_SIGNED,
        DocumentKind::Schema1 => media_type::DOCKER_SCHEMA1,
        DocumentKind::Artifact => media_type::OCI_ARTIFACT,
        DocumentKind::Descriptor => media_type::OCI_DESCRIPTOR,
        DocumentKind::Layout => media_type::OCI_LAYOUT,
    }
}

fn entries_are_docker(root: &Object) -> bool {
    let entries = root.get("manifests").and_then(Json::as_array).unwrap_or_default();
    !entries.is_empty() && entries.iter().all(has_docker_type)
}

fn parts_are_docker(root: &Object) -> bool {
    root.get("config").is_some_and(has_docker_type)
}

fn has_docker_type(descriptor: &Json) -> bool {
    let media_type = descriptor.get("mediaType").and_then(Json::as_str);
    media_type.is_some_and(|media_type| MediaType::new(media_type).is_docker())
}
