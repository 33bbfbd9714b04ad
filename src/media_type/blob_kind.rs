//! Says what a blob is from its media type and the artifact type of its manifest: a layer that engines unpack, or not.
//!
//! Verification, opening, the file tree and the lint ask this one function. A blob that is no tar by its type is
//! hashed; nothing else is held against it, since its type promises nothing else.

use super::MediaType;

/// The kind of a blob, by its descriptor and its manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlobKind {
    /// A layer: a tar of changes, compressed or not.
    Layer,
    /// A layer that registries need not hold (OCI "nondistributable", Docker "foreign", Windows' base layers).
    ForeignLayer,
    /// A layer whose bytes are encrypted (ocicrypt): the tar is not to be seen without a key.
    EncryptedLayer,
    /// Chunks of files of a nydus image; the bootstrap beside it is an ordinary layer.
    NydusBlob,
    /// A signature or what it signs: cosign's simple signing, a DSSE envelope, a sigstore bundle, Notary.
    Signature,
    /// An in-toto statement.
    Statement,
    /// A list of parts: SPDX, CycloneDX, Syft.
    Sbom,
    /// A WebAssembly module or component.
    Wasm,
    /// A Singularity image file.
    Sif,
    /// A Helm chart or its provenance.
    HelmChart,
    /// A part of an AI model: weights, prompts, licenses.
    Model,
    /// A Compose file.
    ComposeFile,
    /// A document of a registry, or the empty one.
    Document,
    /// Content of an artifact that no rule here knows.
    ArtifactBlob,
    /// A blob in an image whose type is unknown or says nothing. Engines look at its bytes, and so do we.
    Unnamed,
}

impl BlobKind {
    /// The kind of a blob of that type. `artifact_type` is what its manifest says it is (`artifactType`, or the type of a
    /// config that is no image's), and nothing for an image: engines look at the bytes of an image's layers however
    /// they are called.
    #[must_use]
    pub fn of(media_type: &MediaType, artifact_type: Option<&str>) -> Self {
        let text = media_type.as_str().to_ascii_lowercase();
        if let Some(plain) = text.strip_suffix("+encrypted").or_else(|| text.strip_suffix("+enc")) {
            let is_layer = MediaType::new(plain).layer().is_some();
            return if is_layer { Self::EncryptedLayer } else { Self::ArtifactBlob };
        }
        if media_type.layer().is_some() {
            return if media_type.is_nondistributable() { Self::ForeignLayer } else { Self::Layer };
        }
        let is_artifact = artifact_type.is_some_and(|text| !text.is_empty());
        named(&text).unwrap_or(match media_type.document() {
            Some(_) => Self::Document,
            None if is_artifact => Self::ArtifactBlob,
            None => Self::Unnamed,
        })
    }

    /// The stable code, in kebab-case.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Layer => "layer",
            Self::ForeignLayer => "foreign-layer",
            Self::EncryptedLayer => "encrypted-layer",
            Self::NydusBlob => "nydus-blob",
            Self::Signature => "signature",
            Self::Statement => "statement",
            Self::Sbom => "sbom",
            Self::Wasm => "wasm",
            Self::Sif => "sif",
            Self::HelmChart => "helm-chart",
            Self::Model => "model",
            Self::ComposeFile => "compose-file",
            Self::Document => "document",
            Self::ArtifactBlob => "artifact-blob",
            Self::Unnamed => "unnamed",
        }
    }

    /// The same in words with an article.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Layer => "a layer",
            Self::ForeignLayer => "a layer that registries need not hold",
            Self::EncryptedLayer => "an encrypted layer",
            Self::NydusBlob => "a nydus blob",
            Self::Signature => "a signature",
            Self::Statement => "an in-toto statement",
            Self::Sbom => "a list of software parts",
            Self::Wasm => "a WebAssembly module",
            Self::Sif => "a Singularity image",
            Self::HelmChart => "a Helm chart",
            Self::Model => "a part of an AI model",
            Self::ComposeFile => "a Compose file",
            Self::Document => "a document",
            Self::ArtifactBlob => "content of an artifact",
            Self::Unnamed => "a blob of a type that promises nothing",
        }
    }

    /// True if the type promises a tar that engines unpack.
    #[must_use]
    pub fn is_tar(self) -> bool {
        matches!(self, Self::Layer | Self::ForeignLayer)
    }

    /// True if it is a layer of an image, whether engines unpack it or a snapshotter of its own does.
    #[must_use]
    pub fn is_layer(self) -> bool {
        self.is_tar() || matches!(self, Self::EncryptedLayer | Self::NydusBlob)
    }

    /// True if the bytes are read as a tar: the type promises one, or says nothing and leaves it to the bytes.
    #[must_use]
    pub fn is_read(self) -> bool {
        self.is_tar() || self == Self::Unnamed
    }
}

/// A kind that is known by a type in lower case. Types with parameters in their names are known by their beginnings.
fn named(text: &str) -> Option<BlobKind> {
    let table = KNOWN.iter().find(|(kinds, _)| kinds.iter().any(|known| matches(text, known)));
    table.map(|(_, kind)| *kind)
}

/// A trailing `*` stands for any ending.
fn matches(text: &str, known: &str) -> bool {
    known.strip_suffix('*').map_or(text == known, |beginning| text.starts_with(beginning))
}

const KNOWN: [(&[&str], BlobKind); 9] = [
    (&["application/vnd.oci.image.layer.nydus.blob.*"], BlobKind::NydusBlob),
    (
        &[
            "application/vnd.dev.cosign.simplesigning.*",
            "application/vnd.dev.cosign.artifact.sig.*",
            "application/vnd.dsse.envelope.*",
            "application/vnd.dev.sigstore.bundle*",
            "application/vnd.cncf.notary.*",
            "application/jose+json",
            "application/cose",
            "application/pgp-signature",
        ],
        BlobKind::Signature,
    ),
    (&["application/vnd.in-toto*"], BlobKind::Statement),
    (
        &[
            "application/spdx*",
            "text/spdx*",
            "application/vnd.cyclonedx*",
            "application/vnd.syft*",
            "application/x-cyclonedx*",
        ],
        BlobKind::Sbom,
    ),
    (
        &[
            "application/wasm",
            "application/vnd.wasm.*",
            "application/vnd.module.wasm.*",
            "application/vnd.bytecodealliance.*",
            "application/vnd.w3c.wasm.*",
        ],
        BlobKind::Wasm,
    ),
    (&["application/vnd.sylabs.sif.*"], BlobKind::Sif),
    (&["application/vnd.cncf.helm.*"], BlobKind::HelmChart),
    (
        &[
            "application/vnd.cncf.model.*",
            "application/vnd.docker.ai.*",
            "application/vnd.ollama.*",
            "application/vnd.cnai.model.*",
            "application/vnd.kitops.*",
            "application/x-gguf*",
        ],
        BlobKind::Model,
    ),
    (&["application/vnd.docker.compose.*"], BlobKind::ComposeFile),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(media_type: &str, expected: BlobKind) {
        assert_eq!(BlobKind::of(&MediaType::new(media_type), None), expected, "{media_type}");
    }

    #[test]
    fn layers_are_tars() {
        for text in [
            "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.diff.tar",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.diff.tar.zstd",
        ] {
            is(text, BlobKind::Layer);
        }
        for text in [
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        ] {
            is(text, BlobKind::ForeignLayer);
        }
        assert!(BlobKind::Layer.is_tar() && BlobKind::ForeignLayer.is_tar());
    }

    #[test]
    fn other_contents_are_no_tars() {
        for (text, kind) in [
            ("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", BlobKind::EncryptedLayer),
            ("application/vnd.docker.image.rootfs.diff.tar.gzip+encrypted", BlobKind::EncryptedLayer),
            ("application/vnd.docker.image.rootfs.diff.tar.gzip+enc", BlobKind::EncryptedLayer),
            ("application/vnd.oci.image.layer.nydus.blob.v1", BlobKind::NydusBlob),
            ("application/vnd.dev.cosign.simplesigning.v1+json", BlobKind::Signature),
            ("application/vnd.dsse.envelope.v1+json", BlobKind::Signature),
            ("application/vnd.dev.sigstore.bundle.v0.3+json", BlobKind::Signature),
            ("application/vnd.in-toto+json", BlobKind::Statement),
            ("application/vnd.wasm.content.layer.v1+wasm", BlobKind::Wasm),
            ("application/wasm", BlobKind::Wasm),
            ("application/vnd.sylabs.sif.layer.v1.sif", BlobKind::Sif),
            ("application/vnd.cncf.helm.chart.content.v1.tar+gzip", BlobKind::HelmChart),
            ("application/vnd.ollama.image.model", BlobKind::Model),
            ("application/vnd.docker.ai.gguf.v3", BlobKind::Model),
            ("application/vnd.docker.compose.file+yaml", BlobKind::ComposeFile),
            ("application/vnd.oci.image.manifest.v1+json", BlobKind::Document),
        ] {
            is(text, kind);
            assert!(!kind.is_read(), "{text}");
        }
    }

    #[test]
    fn types_that_promise_nothing_are_left_to_the_bytes_except_in_an_artifact() {
        for text in [
            "",
            "application/octet-stream",
            "application/vnd.example.scan",
            "application/vnd.oci.image.layer.v1.tar+xz",
            "application/vnd.docker.image.rootfs.diff.tar.bzip2",
            "application/vnd.docker.image.rootfs.diff.tarball",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.zstd",
        ] {
            is(text, BlobKind::Unnamed);
            let of = BlobKind::of(&MediaType::new(text), Some("application/vnd.example"));
            assert_eq!(of, BlobKind::ArtifactBlob, "{text}");
        }
        assert!(BlobKind::Unnamed.is_read() && !BlobKind::Unnamed.is_tar());
    }

    #[test]
    fn a_code_is_what_crosses() {
        for kind in [BlobKind::Layer, BlobKind::NydusBlob, BlobKind::HelmChart, BlobKind::Unnamed] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }
}
