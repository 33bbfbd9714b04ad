//! Verified -> Document. The content descriptor (image-spec, descriptor), which binds one document to the next.

use base64ct::{Base64, Encoding as _};

use crate::digest::Digest;
use crate::json::{Json, Object};
use crate::limits;
use crate::media_type::MediaType;
use crate::platform::Platform;

/// The type, digest and size that a document states of other content, as far as they can be read.
///
/// Reading never fails; the `schema` checks of its document tell the faults of a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// `mediaType`, empty if it is missing or not a string.
    pub media_type: MediaType,
    /// `digest`, if it fits the grammar and the length of its algorithm.
    pub digest: Option<Digest>,
    /// `digest` as written, empty if it is missing or not a string.
    pub digest_text: String,
    /// `size` in bytes, if it is a whole number of at most 2^53 - 1.
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
            annotations: json.get("annotations").map(Json::string_map).unwrap_or_default(),
            urls: json.get("urls").map(Json::strings).unwrap_or_default(),
            data: text("data").and_then(|data| Base64::decode_vec(data).ok()),
            path,
        }
    }

    /// The descriptors of the array at `$.name`, at most [`limits::DOCUMENT_NODES`].
    pub(crate) fn read_all(root: &Object, name: &str) -> Vec<Self> {
        let elements = root.get(name).and_then(Json::as_array).unwrap_or_default();
        let numbered = elements.iter().take(limits::DOCUMENT_NODES).enumerate();
        numbered.map(|(index, element)| Self::read(element, format!("$.{name}[{index}]"))).collect()
    }

    /// The descriptor at `$.name`, if an object stands there.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn read(text: &str) -> Descriptor {
        Descriptor::read(&json::parse(text.as_bytes()).unwrap().root, "$.config".to_owned())
    }

    #[test]
    fn what_can_be_read_is_read() {
        let hex = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        let descriptor = read(&format!(
            r#"{{"mediaType":"a/b","digest":"sha256:{hex}","size":2,"data":"e30=","urls":["u",1],
                "annotations":{{"z":"1","n":2,"a":"3"}},"platform":{{"os":"linux","os.version":"1"}}}}"#
        ));
        assert_eq!((descriptor.media_type.as_str(), descriptor.size, &*descriptor.path), ("a/b", Some(2), "$.config"));
        assert_eq!(descriptor.digest.unwrap().encoded(), hex);
        assert_eq!((descriptor.data.as_deref(), descriptor.urls), (Some(&b"{}"[..]), vec!["u".to_owned()]));
        let annotations = [("z".to_owned(), "1".to_owned()), ("a".to_owned(), "3".to_owned())];
        assert_eq!(descriptor.annotations, annotations);
        assert_eq!(descriptor.platform.unwrap().os_version.as_deref(), Some("1"));
    }

    #[test]
    fn what_is_malformed_is_absent_but_shown() {
        let descriptor = read(r#"{"mediaType":1,"digest":"sha256:abc","size":-1,"data":"&","platform":null}"#);
        assert_eq!((descriptor.media_type.as_str(), descriptor.digest, descriptor.size), ("", None, None));
        assert_eq!((&*descriptor.digest_text, descriptor.data, descriptor.platform), ("sha256:abc", None, None));
        for size in ["1.0", "1e1", r#""1""#, "9007199254740992"] {
            assert_eq!(read(&format!(r#"{{"size":{size}}}"#)).size, None, "{size}");
        }
        assert_eq!(read(r#"{"size":9007199254740991}"#).size, Some(limits::SAFE_INTEGER));
    }
}
