//! The meaning of a digest in a paste, by the word, key or column before it.

/// The meaning of a digest, as far as its place in the text tells. Codes are added, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Nothing beside it tells.
    Digest,
    /// A manifest, or an index if there is one.
    ManifestOrIndex,
    /// A manifest.
    Manifest,
    /// An index.
    Index,
    /// The manifest of one platform.
    PlatformManifest,
    /// A config, which is the image ID in the classic store.
    Config,
    /// A layer as it is transferred.
    Layer,
    /// An uncompressed layer.
    DiffId,
    /// A ChainID.
    ChainId,
    /// An image ID, and the store is not known.
    ImageId,
    /// An image ID in the containerd store.
    StoredId,
    /// The parent of a build step.
    Parent,
    /// A build step.
    BuildStep,
    /// The digest in `name@digest`.
    Pin,
    /// The digest that was pulled or pushed.
    Pulled,
    /// The digest that a command names.
    Asked,
    /// The digest that a command prints.
    Printed,
    /// The digest that a signature is about.
    Signed,
    /// The subject of an artifact, an attestation or a statement.
    Subject,
    /// An artifact that is attached to an image.
    Referrer,
    /// An attestation manifest.
    Attestation,
    /// A blob.
    Blob,
    /// The base image.
    Base,
    /// Something that a build used.
    Material,
    /// A file or package.
    File,
    /// A sum of `sha256sum`.
    Sum,
    /// The digest that a program wanted.
    Wanted,
    /// The digest that a program computed.
    Got,
    /// Content that a program did not find.
    Missing,
}

impl What {
    /// The stable kebab-case code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The meaning in words.
    #[must_use]
    pub fn says(self) -> &'static str {
        self.row().1
    }

    /// True if it may be the digest of a whole document of the text rather than of a part of one.
    pub(super) fn may_be_document(self) -> bool {
        !matches!(self, Self::Layer | Self::DiffId | Self::ChainId | Self::File | Self::Material | Self::BuildStep)
    }

    /// True if an image can be asked for by it.
    pub(crate) fn may_be_pin(self) -> bool {
        let asked = matches!(self, Self::Pin | Self::Pulled | Self::Wanted | Self::Signed | Self::Subject);
        asked || matches!(self, Self::Manifest | Self::Index | Self::ManifestOrIndex)
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Digest => ("digest", "a digest"),
            Self::ManifestOrIndex => {
                ("manifest-or-index", "the digest of the manifest, or of the index if there is one")
            }
            Self::Manifest => ("manifest", "the digest of a manifest"),
            Self::Index => ("index", "the digest of an index"),
            Self::PlatformManifest => ("platform-manifest", "the digest of the manifest of that platform"),
            Self::Config => ("config", "the digest of the config, which is the image ID in the classic store"),
            Self::Layer => ("layer", "the digest of a layer blob"),
            Self::DiffId => ("diff-id", "a DiffID, the digest of an uncompressed layer"),
            Self::ChainId => ("chain-id", "a ChainID, over the DiffIDs of several layers"),
            Self::ImageId => (
                "image-id",
                "the image ID: the config digest in the classic store and in podman, the manifest or index digest in the containerd store",
            ),
            Self::StoredId => ("stored-id", "the digest of the manifest or index, as the containerd store has it"),
            Self::Parent => ("parent", "the image ID of the image before the last build step"),
            Self::BuildStep => ("build-step", "the image ID of a build step"),
            Self::Pin => ("pin", "the digest that pins the image"),
            Self::Pulled => ("pulled", "the digest of the manifest or index that was pulled or pushed"),
            Self::Asked => ("asked", "the digest that the command names"),
            Self::Printed => ("printed", "the digest of the manifest or index that the command prints"),
            Self::Signed => ("signed", "the digest of the manifest or index that the signature is about"),
            Self::Subject => ("subject", "the digest of the manifest or file that this is about, its subject"),
            Self::Referrer => ("referrer", "the digest of a referrer: an artifact that is attached to the image"),
            Self::Attestation => ("attestation", "the digest of an attestation manifest"),
            Self::Blob => ("blob", "the digest of a blob"),
            Self::Base => ("base", "the digest of the base image"),
            Self::Material => ("material", "the digest of something that the build used"),
            Self::File => ("file", "the digest of a file or package"),
            Self::Sum => ("sum", "a sum that a command computed"),
            Self::Wanted => ("wanted", "the digest that was expected"),
            Self::Got => ("got", "the digest of the bytes that came"),
            Self::Missing => ("missing", "the digest of content that was not found"),
        }
    }
}

/// A digest, or the beginning of one, that the paste mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The digest (`sha256:…`), or as much of its hex as is there.
    pub digest_text: String,
    /// Its meaning, by its place.
    pub what: What,
    /// The word, key or column that tells, as written; empty if there is none.
    pub label: String,
    /// The image that it stands beside, as written.
    pub reference: Option<String>,
    /// The JSON path of its value, if it stands in JSON.
    pub path: Option<String>,
    /// The line of the pasted text, counted from 1.
    pub line: Option<usize>,
}

impl Mention {
    /// True if it is only the beginning of a digest.
    #[must_use]
    pub fn is_prefix(&self) -> bool {
        crate::digest::Digest::parse(&self.digest_text).is_err()
    }

    /// The meaning as a sentence: `IMAGE ID: the beginning of …`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let says = self.what.says();
        let says = if self.is_prefix() { format!("the beginning of {says}") } else { says.to_owned() };
        if self.label.is_empty() { says } else { format!("{}: {says}", self.label) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_mentions_say_label_and_meaning() {
        let mut mention = Mention {
            digest_text: "abc123".to_owned(),
            what: What::Layer,
            label: "Layers".to_owned(),
            reference: None,
            path: None,
            line: None,
        };
        assert_eq!(mention.sentence(), "Layers: the beginning of the digest of a layer blob");
        mention.digest_text = format!("sha256:{}", "a".repeat(64));
        mention.label.clear();
        assert_eq!(mention.sentence(), "the digest of a layer blob");
    }
}
