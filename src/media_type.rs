//! Media types of the image spec and of Docker, and what they say about bytes.

mod blob_kind;

use std::fmt;

pub use blob_kind::BlobKind;

/// OCI image index.
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// OCI image manifest.
pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// OCI image config.
pub const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// OCI artifact manifest, dropped from the image spec before 1.1.
pub const OCI_ARTIFACT: &str = "application/vnd.oci.artifact.manifest.v1+json";
/// OCI content descriptor.
pub const OCI_DESCRIPTOR: &str = "application/vnd.oci.descriptor.v1+json";
/// The `oci-layout` file.
pub const OCI_LAYOUT: &str = "application/vnd.oci.layout.header.v1+json";
/// The empty JSON document, `{}` (image-spec 1.1, "Guidance for an Empty Descriptor").
pub const OCI_EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// Docker manifest list.
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// Docker image manifest, schema 2.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// Docker image config.
pub const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
/// Docker image manifest, schema 1, unsigned.
pub const DOCKER_SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+json";
/// Docker image manifest, schema 1, signed (JWS).
pub const DOCKER_SCHEMA1_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";

/// The types that a request for a manifest accepts, in the order of preference (schema 1 last of the documents
/// that are read: it is converted; then any type, for registries that know only a type of their own).
pub const ACCEPT_MANIFESTS: [&str; 8] =
    [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST, OCI_ARTIFACT, DOCKER_SCHEMA1_SIGNED, DOCKER_SCHEMA1, "*/*"];

/// The kinds of document that Stowplan reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// OCI index or Docker manifest list.
    Index,
    /// OCI or Docker schema 2 manifest.
    Manifest,
    /// Image config.
    Config,
    /// Docker schema 1 manifest, signed or not.
    Schema1,
    /// The former OCI artifact manifest.
    Artifact,
    /// A content descriptor on its own.
    Descriptor,
    /// The `oci-layout` file.
    Layout,
}

/// The compression of a tar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Plain tar.
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
    /// xz: no media type names it, but archives of images come so.
    Xz,
}

impl Compression {
    /// `none`, `gzip`, `zstd` or `xz`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
        }
    }
}

/// A media type as it was written.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MediaType(String);

impl MediaType {
    /// Takes the text as it is; nothing is refused.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The media type of a `Content-Type` header: without parameters, trimmed, lower case (RFC 9110, 8.3.1).
    #[must_use]
    pub fn from_content_type(header: &str) -> Self {
        Self(header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind of document that this names, if it names one.
    #[must_use]
    pub fn document(&self) -> Option<DocumentKind> {
        Some(match self.0.as_str() {
            OCI_INDEX | DOCKER_LIST => DocumentKind::Index,
            OCI_MANIFEST | DOCKER_MANIFEST => DocumentKind::Manifest,
            OCI_CONFIG | DOCKER_CONFIG => DocumentKind::Config,
            DOCKER_SCHEMA1 | DOCKER_SCHEMA1_SIGNED => DocumentKind::Schema1,
            OCI_ARTIFACT => DocumentKind::Artifact,
            OCI_DESCRIPTOR => DocumentKind::Descriptor,
            OCI_LAYOUT => DocumentKind::Layout,
            _ => return None,
        })
    }

    /// True if this is one of Docker's own types.
    #[must_use]
    pub fn is_docker(&self) -> bool {
        self.0.starts_with("application/vnd.docker.")
    }

    /// The compression of the layer that this names; none if it names no layer that engines unpack.
    #[must_use]
    pub fn layer(&self) -> Option<Compression> {
        let layers = OCI_LAYERS.iter().chain(&DOCKER_LAYERS).chain(&FOREIGN_LAYERS);
        layers.into_iter().find(|(name, _)| *name == self.0).map(|(_, compression)| *compression)
    }

    /// True if this is one of Docker's own types of layers. They are a list: other types of Docker's begin in the same
    /// way and name other content.
    #[must_use]
    pub fn is_docker_layer(&self) -> bool {
        let foreign = FOREIGN_LAYERS.iter().filter(|(name, _)| name.starts_with("application/vnd.docker."));
        DOCKER_LAYERS.iter().chain(foreign).any(|(name, _)| *name == self.0)
    }

    /// True if this is a layer that registries need not hold (OCI "nondistributable", Docker "foreign").
    #[must_use]
    pub fn is_nondistributable(&self) -> bool {
        FOREIGN_LAYERS.iter().any(|(name, _)| *name == self.0)
    }
}

/// The layers of the image spec.
const OCI_LAYERS: [(&str, Compression); 3] = [
    ("application/vnd.oci.image.layer.v1.tar", Compression::None),
    ("application/vnd.oci.image.layer.v1.tar+gzip", Compression::Gzip),
    ("application/vnd.oci.image.layer.v1.tar+zstd", Compression::Zstd),
];

/// Docker's layers, as containerd's constants list them.
const DOCKER_LAYERS: [(&str, Compression); 3] = [
    ("application/vnd.docker.image.rootfs.diff.tar", Compression::None),
    ("application/vnd.docker.image.rootfs.diff.tar.gzip", Compression::Gzip),
    ("application/vnd.docker.image.rootfs.diff.tar.zstd", Compression::Zstd),
];

const FOREIGN_LAYERS: [(&str, Compression); 5] = [
    ("application/vnd.oci.image.layer.nondistributable.v1.tar", Compression::None),
    ("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", Compression::Gzip),
    ("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", Compression::Zstd),
    ("application/vnd.docker.image.rootfs.foreign.diff.tar", Compression::None),
    ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Compression::Gzip),
];

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for MediaType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// True if a text has the form of a media type (RFC 6838, 4.2: the pattern of the image spec's schema).
#[must_use]
pub fn is_well_formed(text: &str) -> bool {
    let name = |part: &str| {
        let bytes = part.as_bytes();
        (1..=127).contains(&bytes.len())
            && bytes[0].is_ascii_alphanumeric()
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(b))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| name(kind) && name(subtype))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_known_by_their_type() {
        assert_eq!(MediaType::new(DOCKER_LIST).document(), Some(DocumentKind::Index));
        assert_eq!(MediaType::new("application/octet-stream").document(), None);
    }

    #[test]
    fn a_content_type_loses_its_parameters() {
        let header = "Application/vnd.OCI.image.index.v1+json; charset=utf-8";
        assert_eq!(MediaType::from_content_type(header).as_str(), OCI_INDEX);
    }

    #[test]
    fn layers_tell_their_compression() {
        let layer = |text: &str| MediaType::new(text).layer();
        assert_eq!(layer("application/vnd.oci.image.layer.v1.tar+zstd"), Some(Compression::Zstd));
        assert_eq!(layer("application/vnd.oci.image.layer.v1.tar+gzip+encrypted"), None);
        assert_eq!(layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"), Some(Compression::Gzip));
        assert_eq!(layer("application/vnd.oci.image.layer.v1.tar"), Some(Compression::None));
        assert_eq!(layer("application/vnd.docker.image.rootfs.diff.tar.xz"), None);
        assert!(MediaType::new("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip").is_nondistributable());
    }

    #[test]
    fn dockers_layers_are_a_list_and_not_a_prefix() {
        let is_docker_layer = |text: &str| MediaType::new(text).is_docker_layer();
        assert!(is_docker_layer("application/vnd.docker.image.rootfs.diff.tar.gzip"));
        assert!(is_docker_layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
        for other in
            ["application/vnd.docker.ai.gguf.v3", "application/vnd.docker.image.rootfs.diff.tarball", DOCKER_CONFIG]
        {
            assert!(!is_docker_layer(other), "{other}");
        }
    }

    #[test]
    fn the_form_of_a_media_type() {
        for good in ["a/b", "application/vnd.a+json", &format!("{}/b", "a".repeat(127))] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in ["", "application", ".a/b", "a/.b", "a/", "a/b/c", "a/b;c", &format!("{}/b", "a".repeat(128))] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
