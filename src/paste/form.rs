//! The forms that a paste can have: a code for programs and a sentence for people.

use serde::Serialize;

/// The form of a pasted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A document itself, as `crane manifest`, `skopeo inspect --raw` or `imagetools inspect --raw` print it.
    Document,
    /// An HTTP answer with its headers, as `curl -i` prints it.
    HttpResponse,
    /// The output of `docker manifest inspect`.
    ManifestInspect,
    /// The output of `docker manifest inspect -v`.
    ManifestInspectVerbose,
    /// The output of `docker inspect` or `docker image inspect`.
    DockerInspect,
    /// The output of `skopeo inspect` without `--raw`.
    SkopeoInspect,
    /// The output of a pull or a push.
    PullOutput,
    /// The table of `docker images` or its kin.
    ImagesTable,
    /// A table of images as a registry lists them.
    RegistryTable,
    /// The table of `docker history`.
    HistoryTable,
    /// One digest.
    Digest,
    /// The beginning of one digest.
    DigestPrefix,
    /// JSON that another tool or a registry's own API prints.
    ToolJson,
    /// A message of a program about a failure.
    ErrorMessage,
    /// A file that names images: a Dockerfile, a compose file.
    ImageFile,
    /// The name of one image, as written or in an address.
    Reference,
    /// A command about an image.
    Command,
    /// Text of no known form with digests or names of images in it.
    Mentions,
    /// Several of these one after another.
    Several,
    /// None of these.
    Unknown,
}

impl Form {
    /// The stable kebab-case name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.row().0
    }

    /// The form in a sentence.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        self.row().1
    }

    /// The proofs that the form allows and those that it does not, in a sentence.
    #[must_use]
    pub fn proof(&self) -> &'static str {
        self.row().2
    }

    /// True if its sentence about proof speaks of documents.
    pub(crate) fn is_about_documents(self) -> bool {
        matches!(
            self,
            Self::Document | Self::HttpResponse | Self::ManifestInspect | Self::ManifestInspectVerbose | Self::Several
        )
    }

    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Document => (
                "document",
                "This is a document as a registry holds it.",
                "Its digest is computed from these bytes; a digest known from elsewhere proves them.",
            ),
            Self::HttpResponse => (
                "http-response",
                "This is a registry's answer with its headers, as curl -i prints it.",
                "The digest is computed from the body; the Docker-Content-Digest header is the registry's claim, not a proof.",
            ),
            Self::ManifestInspect => (
                "manifest-inspect",
                "This is what docker manifest inspect prints.",
                "Docker writes the document anew, so these are not the registry's bytes: they must be recovered before their digest means anything.",
            ),
            Self::ManifestInspectVerbose => (
                "manifest-inspect-verbose",
                "This is what docker manifest inspect -v prints: each manifest with its descriptor.",
                "Raw holds the registry's bytes in base64, so each manifest can be proved by its descriptor; the index itself is not in this output.",
            ),
            Self::DockerInspect => (
                "docker-inspect",
                "This is what docker inspect prints about an image in the local store.",
                "It is not the image config and nothing in it can be hashed: Id is the digest of the config in the classic store and of the manifest or index in the containerd store, RootFS.Layers are DiffIDs.",
            ),
            Self::SkopeoInspect => (
                "skopeo-inspect",
                "This is what skopeo inspect prints without --raw: a summary of the image.",
                "It is a summary, so nothing in it can be hashed: Digest is the digest of what the tag names, the index where there is one, and Layers are the blobs of one platform.",
            ),
            Self::PullOutput => (
                "pull-output",
                "This is what a pull or push prints.",
                "It only names digests: without the manifest nothing can be proved from it.",
            ),
            Self::ImagesTable => (
                "images-table",
                "This is the table of images in a local store.",
                "It only names digests: IMAGE ID is the digest of the config in the classic store and in podman, and of the manifest or index in the containerd store.",
            ),
            Self::RegistryTable => (
                "registry-table",
                "This is a table of images in a registry.",
                "It only names digests and tags, as the registry lists them: inspect an image to compute its digests.",
            ),
            Self::HistoryTable => (
                "history-table",
                "This is what docker history prints.",
                "It only names image IDs, and those of intermediate images exist in the local store alone: nothing can be proved from it.",
            ),
            Self::Digest => (
                "digest",
                "This is a digest.",
                "A digest alone does not tell what it is the digest of: that shows where it occurs.",
            ),
            Self::DigestPrefix => (
                "digest-prefix",
                "This is the beginning of a digest.",
                "A prefix can name a digest that is in view, but proves nothing: only the whole digest does.",
            ),
            Self::ToolJson => (
                "tool-json",
                "This is JSON of a tool or of an API, not a document of a registry.",
                "It only names digests and images: they can be inspected, but nothing can be proved from it.",
            ),
            Self::ErrorMessage => (
                "error-message",
                "This is an error message.",
                "It only names digests and images: nothing can be proved from it.",
            ),
            Self::ImageFile => (
                "image-file",
                "This is a file that names images.",
                "A pinned image (name@sha256:…) can be checked; a tag can move, so it proves nothing.",
            ),
            Self::Reference => (
                "reference",
                "This is the name of an image.",
                "A name alone proves nothing: inspect the image to compute its digests.",
            ),
            Self::Command => (
                "command",
                "This is a command about an image.",
                "A name alone proves nothing: inspect the image to compute its digests.",
            ),
            Self::Mentions => (
                "mentions",
                "This is text with digests or names of images in it.",
                "It only names them: nothing can be proved from it.",
            ),
            Self::Several => (
                "several",
                "These are several things one after another.",
                "Each document is hashed by itself; those that name each other by digest prove each other.",
            ),
            Self::Unknown => (
                "unknown",
                "This is plain text.",
                "There is no document, no digest and no name of an image in it, so nothing can be proved.",
            ),
        }
    }
}

impl Serialize for Form {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
