//! Line: Verified -> Document. The content descriptor (image-spec, descriptor): what binds one document to the next.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::digest::Digest;
use crate::json::{Json, Object};
use crate::limits;
use crate::media_type::MediaType;
use crate::platform::Platform;

/// What a document says about other content: its type, digest and size, as far as they can be read.
///
/// Reading never fails; what is wrong with a descriptor is told by the `schema` checks of its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// `mediaType`, empty where it is missing or not a string.
    pub media_type: MediaType,
    /// `digest`, where it fits the grammar and the length of its algorithm.
    pub digest: Option<Digest>,
    /// `digest` as written, empty where it is missing or not a string.
    pub digest_text: String,
    /// `size` in bytes, where it is a whole number of at most 2^53 - 1.
    pub size: Option<u64>,
    /// `platform`, in the entries of an index.
    pub platform: Option<Platform>,
    /// `artifactType`.
    pub artifact_type: Option<String>,
    /// `annotations`, in their order, those with text as value.
    pub annotations: Vec<(String, String)>,
    /// `urls` from which the content may be downloaded.
    pub urls: Vec<String>,
    /// `data`, decoded: the content itself, not yet held against the digest.
    pub data: Option<Vec<u8>>,
    /// The JSON path of this descriptor in its document, `$.layers[3]`.
    pub path: String,
}

impl Descriptor {
    /// Reads what can be read of the descriptor at `path`.
    pub(crate) fn read(json: &Json, path: String) -> Self {
        let text = |name: &str| json.get(name).and_then(Json::as_str);
        let digest_text = text("digest").unwrap_or_default().to_owned();
        Self {
            media_type: MediaType::new(text("mediaType").unwrap_or_default()),
            digest: Digest::parse(&digest_text).ok(),
            digest_text,
            size: json.get("size").and_then(size),
            platform: json.get("platform").and_then(Json::as_object).map(Platform::read),
            artifact_type: text("artifactType").map(str::to_owned),
            annotations: json.get("annotations").map(string_map).unwrap_or_default(),
            urls: json.get("urls").map(strings).unwrap_or_default(),
            data: text("data").and_then(|data| STANDARD.decode(data).ok()),
            path,
        }
    }

    /// The descriptors of the array at `$.name`, at most [`limits::DOCUMENT_NODES`].
    pub(crate) fn read_all(root: &Object, name: &str) -> Vec<Self> {
        let elements = root.get(name).and_then(Json::as_array).unwrap_or_default();
        let numbered = elements.iter().take(limits::DOCUMENT_NODES).enumerate();
        numbered.map(|(index, element)| Self::read(element, format!("$.{name}[{index}]"))).collect()
    }

    /// The descriptor at `$.name`, where an object stands there.
    pub(crate) fn read_member(root: &Object, name: &str) -> Option<Self> {
        let member = root.get(name).filter(|member| member.as_object().is_some())?;
        Some(Self::read(member, format!("$.{name}")))
    }
}

/// A size in bytes: a whole number without fraction or exponent that JavaScript can hold.
fn size(json: &Json) -> Option<u64> {
    let size: u64 = json.as_number()?.parse().ok()?;
    (size <= limits::SAFE_INTEGER).then_some(size)
}

/// The strings of an array, others left out.
pub(crate) fn strings(json: &Json) -> Vec<String> {
    json.as_array().unwrap_or_default().iter().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// The members of an object that are strings, in their order.
pub(crate) fn string_map(json: &Json) -> Vec<(String, String)> {
    let Some(object) = json.as_object() else { return Vec::new() };
    object.iter().filter_map(|member| Some((member.name.to_string(), member.value.as_str()?.to_owned()))).collect()
}
