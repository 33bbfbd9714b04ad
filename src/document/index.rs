//! Verified -> Document. OCI image index and Docker manifest list.

use crate::descriptor::Descriptor;
use crate::json::{Json, Object};

/// An OCI image index (image-spec, image-index) or a Docker manifest list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// `manifests`, in their order.
    pub manifests: Vec<Descriptor>,
    /// `subject`: the manifest that this index is about.
    pub subject: Option<Descriptor>,
    /// `artifactType`.
    pub artifact_type: Option<String>,
    /// `annotations`, in their order.
    pub annotations: Vec<(String, String)>,
}

impl Index {
    pub(super) fn read(root: &Object) -> Self {
        Self {
            manifests: Descriptor::read_all(root, "manifests"),
            subject: Descriptor::read_member(root, "subject"),
            artifact_type: root.get("artifactType").and_then(Json::as_str).map(str::to_owned),
            annotations: root.get("annotations").map(Json::string_map).unwrap_or_default(),
        }
    }
}
