//! Line: Verified -> Document. What a container image runs on: `os/architecture[/variant]` and what Windows adds.

use serde::Serialize;

use crate::json::{Json, Object};

/// `os/architecture[/variant]` with what Windows adds (image-spec, image index).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Platform {
    /// `linux`
    pub os: String,
    /// `amd64`
    pub architecture: String,
    /// `v8`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// `10.0.14393.1066`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// `win32k`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub os_features: Vec<String>,
    /// Reserved by OCI, CPU features in Docker's lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
}

impl Platform {
    /// Reads the members that an index entry's `platform` and an image config share.
    pub(crate) fn read(object: &Object) -> Self {
        let text = |name: &str| object.get(name).and_then(Json::as_str).map(str::to_owned);
        let some = |name: &str| text(name).filter(|text| !text.is_empty());
        let list = |name: &str| object.get(name).map(Json::strings).unwrap_or_default();
        Self {
            os: text("os").unwrap_or_default(),
            architecture: text("architecture").unwrap_or_default(),
            variant: some("variant"),
            os_version: some("os.version"),
            os_features: list("os.features"),
            features: list("features"),
        }
    }
}
