//! Verified -> Document. OCI image manifest, Docker schema 2 manifest and the former OCI artifact manifest.

use crate::descriptor::Descriptor;
use crate::json::{Json, Object};
use crate::media_type::{BlobKind, DocumentKind};

/// An OCI image manifest (image-spec, manifest) or a Docker schema 2 manifest, of an image or of another artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// `config`; its digest is the image ID if this is an image.
    pub config: Option<Descriptor>,
    /// `layers`, the base first.
    pub layers: Vec<Descriptor>,
    /// `subject`: the manifest that this one is about.
    pub subject: Option<Descriptor>,
    /// `artifactType`.
    pub artifact_type: Option<String>,
    /// `annotations`, in their order.
    pub annotations: Vec<(String, String)>,
}

impl Manifest {
    /// True if this is a container image: its config is an image config by type, or untyped as old registries
    /// (`application/octet-stream`) have it with layers of a known type.
    #[must_use]
    pub fn is_image(&self) -> bool {
        let Some(config) = &self.config else { return false };
        match config.media_type.document() {
            Some(DocumentKind::Config) => true,
            _ => config.media_type.as_str() == OCTET_STREAM && self.layers.iter().all(has_layer_type),
        }
    }

    /// The type of the artifact, by `artifactType` or the type of its config; none for an image.
    #[must_use]
    pub fn artifact(&self) -> Option<&str> {
        let config = || self.config.as_ref().map(|config| config.media_type.as_str());
        if self.is_image() { None } else { self.artifact_type.as_deref().or_else(config) }
    }

    pub(super) fn read(root: &Object) -> Self {
        Self {
            config: Descriptor::read_member(root, "config"),
            layers: Descriptor::read_all(root, "layers"),
            subject: Descriptor::read_member(root, "subject"),
            artifact_type: root.get("artifactType").and_then(Json::as_str).map(str::to_owned),
            annotations: root.get("annotations").map(Json::string_map).unwrap_or_default(),
        }
    }
}

/// The former OCI artifact manifest, which the image spec dropped before 1.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifact {
    /// `artifactType`.
    pub artifact_type: Option<String>,
    /// `blobs`, in their order.
    pub blobs: Vec<Descriptor>,
    /// `subject`: the manifest that this artifact is about.
    pub subject: Option<Descriptor>,
    /// `annotations`, in their order.
    pub annotations: Vec<(String, String)>,
}

impl Artifact {
    pub(super) fn read(root: &Object) -> Self {
        Self {
            artifact_type: root.get("artifactType").and_then(Json::as_str).map(str::to_owned),
            blobs: Descriptor::read_all(root, "blobs"),
            subject: Descriptor::read_member(root, "subject"),
            annotations: root.get("annotations").map(Json::string_map).unwrap_or_default(),
        }
    }
}

const OCTET_STREAM: &str = "application/octet-stream";

fn has_layer_type(layer: &Descriptor) -> bool {
    BlobKind::of(&layer.media_type, None).is_layer()
}
