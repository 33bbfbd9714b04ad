//! The structures that container engines decode documents into: which names they read, and what each has to hold.
//!
//! Docker, containerd, podman, skopeo and crane are written in Go and decode with `encoding/json`: a member is read into
//! the field whose name [is one](crate::json::is_one_name) with its own, `null` leaves a field as it is, and a value of
//! another type makes the whole document unreadable. The fields are those of image-spec's Go types and of Docker's.

use crate::media_type::DocumentKind;

/// The type that Go decodes a value into.
pub(crate) enum Shape {
    /// A string.
    Text,
    /// An `int64`: digits without fraction or exponent.
    Integer,
    /// A boolean.
    Flag,
    /// A `time.Time`.
    Time,
    /// A list of strings, or one string (Docker's `strslice`).
    Words,
    /// A slice.
    List(&'static Shape),
    /// A map: its keys are free.
    Map(&'static Shape),
    /// A struct.
    Struct(&'static [Field]),
    /// A string that holds JSON.
    Embedded(&'static Shape),
    /// Something that engines keep as it is.
    Any,
}

/// A field of a struct.
pub(crate) struct Field {
    /// Its name as the specification writes it.
    pub(crate) name: &'static str,
    /// The shape of its value.
    pub(crate) shape: Shape,
    /// True if only Docker's types have it, so that containerd does not mind what it holds.
    pub(crate) only_docker: bool,
}

/// The fields of a document of that kind.
pub(crate) fn fields(kind: DocumentKind) -> &'static [Field] {
    match kind {
        DocumentKind::Index => INDEX,
        DocumentKind::Manifest => MANIFEST,
        DocumentKind::Artifact => ARTIFACT,
        DocumentKind::Config => CONFIG,
        DocumentKind::Schema1 => SCHEMA1,
        DocumentKind::Descriptor => DESCRIPTOR,
        DocumentKind::Layout => LAYOUT,
    }
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, only_docker: false }
}

const fn docker(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, only_docker: true }
}

const TEXTS: Shape = Shape::List(&Shape::Text);
const SET: Shape = Shape::Map(&Shape::Struct(&[]));
const ANNOTATIONS: Field = field("annotations", Shape::Map(&Shape::Text));
const DESCRIPTORS: Shape = Shape::List(&Shape::Struct(DESCRIPTOR));

const INDEX: &[Field] = &[
    field("schemaVersion", Shape::Integer),
    field("mediaType", Shape::Text),
    field("artifactType", Shape::Text),
    field("manifests", DESCRIPTORS),
    field("subject", Shape::Struct(DESCRIPTOR)),
    ANNOTATIONS,
];

const MANIFEST: &[Field] = &[
    field("schemaVersion", Shape::Integer),
    field("mediaType", Shape::Text),
    field("artifactType", Shape::Text),
    field("config", Shape::Struct(DESCRIPTOR)),
    field("layers", DESCRIPTORS),
    field("subject", Shape::Struct(DESCRIPTOR)),
    ANNOTATIONS,
];

const ARTIFACT: &[Field] = &[
    field("mediaType", Shape::Text),
    field("artifactType", Shape::Text),
    field("blobs", DESCRIPTORS),
    field("subject", Shape::Struct(DESCRIPTOR)),
    ANNOTATIONS,
];

const DESCRIPTOR: &[Field] = &[
    field("mediaType", Shape::Text),
    field("digest", Shape::Text),
    field("size", Shape::Integer),
    field("urls", TEXTS),
    ANNOTATIONS,
    field("data", Shape::Text),
    field("platform", Shape::Struct(PLATFORM)),
    field("artifactType", Shape::Text),
];

const PLATFORM: &[Field] = &[
    field("architecture", Shape::Text),
    field("os", Shape::Text),
    field("os.version", Shape::Text),
    field("os.features", TEXTS),
    field("variant", Shape::Text),
    docker("features", TEXTS),
];

const CONFIG: &[Field] = &[
    field("created", Shape::Time),
    field("author", Shape::Text),
    field("architecture", Shape::Text),
    field("variant", Shape::Text),
    field("os", Shape::Text),
    field("os.version", Shape::Text),
    field("os.features", TEXTS),
    field("config", Shape::Struct(EXECUTION)),
    field("rootfs", Shape::Struct(ROOTFS)),
    field("history", Shape::List(&Shape::Struct(HISTORY))),
    docker("id", Shape::Text),
    docker("parent", Shape::Text),
    docker("comment", Shape::Text),
    docker("container", Shape::Text),
    docker("container_config", Shape::Struct(EXECUTION)),
    docker("docker_version", Shape::Text),
    docker("Size", Shape::Integer),
];

const ROOTFS: &[Field] = &[field("type", Shape::Text), field("diff_ids", TEXTS)];

const HISTORY: &[Field] = &[
    field("created", Shape::Time),
    field("created_by", Shape::Text),
    field("author", Shape::Text),
    field("comment", Shape::Text),
    field("empty_layer", Shape::Flag),
];

/// `ImageConfig` of image-spec and `Config` of Docker's API.
const EXECUTION: &[Field] = &[
    field("User", Shape::Text),
    field("ExposedPorts", SET),
    field("Env", TEXTS),
    field("Entrypoint", Shape::Words),
    field("Cmd", Shape::Words),
    field("Volumes", SET),
    field("WorkingDir", Shape::Text),
    field("Labels", Shape::Map(&Shape::Text)),
    field("StopSignal", Shape::Text),
    field("ArgsEscaped", Shape::Flag),
    docker("Hostname", Shape::Text),
    docker("Domainname", Shape::Text),
    docker("AttachStdin", Shape::Flag),
    docker("AttachStdout", Shape::Flag),
    docker("AttachStderr", Shape::Flag),
    docker("Tty", Shape::Flag),
    docker("OpenStdin", Shape::Flag),
    docker("StdinOnce", Shape::Flag),
    docker("Healthcheck", Shape::Struct(HEALTH)),
    docker("Image", Shape::Text),
    docker("NetworkDisabled", Shape::Flag),
    docker("MacAddress", Shape::Text),
    docker("OnBuild", TEXTS),
    docker("StopTimeout", Shape::Integer),
    docker("Shell", Shape::Words),
];

const HEALTH: &[Field] = &[
    docker("Test", TEXTS),
    docker("Interval", Shape::Integer),
    docker("Timeout", Shape::Integer),
    docker("StartPeriod", Shape::Integer),
    docker("StartInterval", Shape::Integer),
    docker("Retries", Shape::Integer),
];

const SCHEMA1: &[Field] = &[
    field("schemaVersion", Shape::Integer),
    field("mediaType", Shape::Text),
    field("name", Shape::Text),
    field("tag", Shape::Text),
    field("architecture", Shape::Text),
    field("fsLayers", Shape::List(&Shape::Struct(&[field("blobSum", Shape::Text)]))),
    field(
        "history",
        Shape::List(&Shape::Struct(&[field("v1Compatibility", Shape::Embedded(&Shape::Struct(COMPATIBILITY)))])),
    ),
    field("signatures", Shape::List(&Shape::Struct(SIGNATURE))),
];

const SIGNATURE: &[Field] =
    &[field("header", Shape::Any), field("signature", Shape::Text), field("protected", Shape::Text)];

/// The config that Docker 1.9 and older kept for each layer.
const COMPATIBILITY: &[Field] = &[
    field("id", Shape::Text),
    field("parent", Shape::Text),
    field("comment", Shape::Text),
    field("created", Shape::Time),
    field("container", Shape::Text),
    field("container_config", Shape::Struct(EXECUTION)),
    field("docker_version", Shape::Text),
    field("author", Shape::Text),
    field("config", Shape::Struct(EXECUTION)),
    field("architecture", Shape::Text),
    field("variant", Shape::Text),
    field("os", Shape::Text),
    field("os.version", Shape::Text),
    field("os.features", TEXTS),
    field("Size", Shape::Integer),
    field("throwaway", Shape::Flag),
];

const LAYOUT: &[Field] = &[field("imageLayoutVersion", Shape::Text)];

/// The elements of `manifest.json` in what `docker save` writes.
pub(crate) const SAVED: Shape = Shape::List(&Shape::Struct(&[
    field("Config", Shape::Text),
    field("RepoTags", TEXTS),
    field("Layers", TEXTS),
    field("Parent", Shape::Text),
    field("LayerSources", Shape::Map(&Shape::Struct(DESCRIPTOR))),
]));

/// `repositories` in what `docker save` writes: names with tags with layers.
pub(crate) const REPOSITORIES: Shape = Shape::Map(&Shape::Map(&Shape::Text));
