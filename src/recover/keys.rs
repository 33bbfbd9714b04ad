//! The key orders of each tool, from the declarations of its types.

use super::order::Keys::{self, AsWritten, Listed, Sorted};
use super::order::{ROLES, Role, Tool};

/// In the order of [`Role`]: manifest, descriptor, platform, image, container, history, small, map, other.
pub(super) const DOCKER: Tool = Tool {
    words: "keys put in Docker's order",
    cost: 1,
    keys: [MANIFEST, SIZE_FIRST, PLATFORM, Sorted, CONTAINER_DOCKER, HISTORY_DOCKER, SMALL, Sorted, AsWritten],
};

/// The tools, likeliest first.
pub(super) const TOOLS: &[Tool] = &[
    Tool { words: "", cost: 0, keys: [AsWritten; ROLES] },
    DOCKER,
    Tool {
        words: "keys put in the order of OCI's Go structs (containerd, BuildKit, skopeo)",
        cost: 1,
        keys: [MANIFEST, DIGEST_FIRST, PLATFORM, IMAGE_OCI, CONTAINER_OCI, HISTORY_OCI, SMALL, Sorted, AsWritten],
    },
    Tool { words: "keys sorted by name", cost: 2, keys: [Sorted; ROLES] },
    Tool {
        words: "keys put in BuildKit's order",
        cost: 2,
        keys: [MEDIA_TYPE_FIRST, DIGEST_FIRST, PLATFORM, Sorted, CONTAINER_OCI, HISTORY_OCI, SMALL, Sorted, AsWritten],
    },
    Tool {
        words: "keys put in go-containerregistry's order (crane, ko, kaniko, apko)",
        cost: 2,
        keys: [MANIFEST_GGCR, GGCR, PLATFORM, IMAGE_GGCR, CONTAINER_GGCR, HISTORY_GGCR, SMALL, Sorted, AsWritten],
    },
    Tool {
        words: "keys put in the order of OCI's Go structs 1.0",
        cost: 3,
        keys: [MANIFEST, DIGEST_FIRST, PLATFORM, IMAGE_OCI_1_0, CONTAINER_OCI, HISTORY_OCI, SMALL, Sorted, AsWritten],
    },
    Tool {
        words: "keys put in the order of buildah's Docker format",
        cost: 3,
        keys: [MANIFEST, SIZE_FIRST, PLATFORM, IMAGE_V1, CONTAINER_DOCKER, HISTORY_DOCKER, SMALL, Sorted, AsWritten],
    },
    Tool {
        words: "keys put in Jib's order",
        cost: 3,
        keys: [MANIFEST, DIGEST_FIRST, PLATFORM, IMAGE_JIB, CONTAINER_JIB, HISTORY_DOCKER, SMALL, AsWritten, AsWritten],
    },
    Tool {
        words: "keys put in the order of Docker 1.5's schema 1",
        cost: 4,
        keys: [SCHEMA1_OLD, SIZE_FIRST, PLATFORM, IMAGE_V1, CONTAINER_DOCKER, HISTORY_DOCKER, SMALL, Sorted, AsWritten],
    },
];

/// The single habits, likeliest first: the place in the list is the cost.
pub(super) const ALTERNATIVES: &[(Role, &[Keys])] = &[
    (
        Role::Manifest,
        &[MANIFEST, MEDIA_TYPE_FIRST, Sorted, MANIFEST_GGCR, AsWritten, MEDIA_TYPE_LAST, SCHEMA1_JIB, SCHEMA1_OLD],
    ),
    (
        Role::Descriptor,
        &[SIZE_FIRST, DIGEST_FIRST, GGCR, ARTIFACT_TYPE_SECOND, SIZE_PLATFORM, DIGEST_PLATFORM, Sorted, AsWritten],
    ),
    (Role::Platform, &[PLATFORM, PLATFORM_VARIANT, OS_FIRST, VARIANT_SECOND, Sorted, AsWritten]),
    (Role::Image, &[Sorted, IMAGE_OCI, IMAGE_GGCR, IMAGE_V1, IMAGE_OCI_1_0, IMAGE_JIB, AsWritten]),
    (Role::Container, &[CONTAINER_DOCKER, CONTAINER_OCI, CONTAINER_GGCR, CONTAINER_JIB, Sorted, AsWritten]),
    (Role::History, &[HISTORY_DOCKER, HISTORY_OCI, HISTORY_GGCR, Sorted, AsWritten]),
    (Role::Small, &[SMALL, Sorted, AsWritten]),
    (Role::Map, &[Sorted, AsWritten]),
];

/// Docker's distribution, image-spec and Jib agree; schema 1 and the former artifact manifest share no other keys.
const MANIFEST: Keys = Listed(
    "as Docker and OCI write them",
    &[
        "schemaVersion",
        "name",
        "tag",
        "architecture",
        "fsLayers",
        "history",
        "mediaType",
        "artifactType",
        "config",
        "layers",
        "manifests",
        "blobs",
        "subject",
        "annotations",
        "signatures",
    ],
);
const MANIFEST_GGCR: Keys = Listed(
    "as go-containerregistry writes them",
    &["schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "annotations", "subject"],
);
/// The order that embedding image-spec's struct after an own `mediaType` gives.
const MEDIA_TYPE_FIRST: Keys = Listed(
    "with mediaType first",
    &["mediaType", "schemaVersion", "artifactType", "config", "layers", "manifests", "blobs", "subject", "annotations"],
);
const MEDIA_TYPE_LAST: Keys = Listed(
    "with mediaType last",
    &["schemaVersion", "artifactType", "config", "layers", "manifests", "subject", "annotations", "mediaType"],
);
const SCHEMA1_OLD: Keys = Listed(
    "with schemaVersion last",
    &["name", "tag", "architecture", "fsLayers", "history", "mediaType", "config", "layers", "schemaVersion"],
);
const SCHEMA1_JIB: Keys =
    Listed("with history before fsLayers", &["schemaVersion", "name", "tag", "architecture", "history", "fsLayers"]);

/// distribution 2's `Descriptor` and `manifestlist.ManifestDescriptor`; containers/image's `Schema2Descriptor`.
pub(super) const SIZE_FIRST: Keys = Listed(
    "as Docker writes them",
    &["mediaType", "size", "digest", "urls", "annotations", "data", "platform", "artifactType"],
);
/// image-spec's `Descriptor`; distribution 3's.
const DIGEST_FIRST: Keys = Listed(
    "as OCI's Go structs have them",
    &["mediaType", "digest", "size", "urls", "annotations", "data", "platform", "artifactType"],
);
const GGCR: Keys = Listed(
    "as go-containerregistry writes them",
    &["mediaType", "size", "digest", "data", "urls", "annotations", "platform", "artifactType"],
);
const ARTIFACT_TYPE_SECOND: Keys = Listed(
    "with artifactType second",
    &["mediaType", "artifactType", "digest", "size", "urls", "annotations", "data", "platform"],
);
const SIZE_PLATFORM: Keys = Listed(
    "with size, digest and platform before annotations",
    &["mediaType", "artifactType", "size", "digest", "platform", "urls", "annotations", "data"],
);
const DIGEST_PLATFORM: Keys = Listed(
    "with digest, size and platform before annotations",
    &["mediaType", "digest", "size", "platform", "urls", "annotations", "data", "artifactType"],
);

const PLATFORM: Keys =
    Listed("as Docker and OCI write them", &["architecture", "os", "os.version", "os.features", "variant", "features"]);
const PLATFORM_VARIANT: Keys = Listed(
    "with variant before os.version",
    &["architecture", "os", "variant", "os.version", "os.features", "features"],
);
const OS_FIRST: Keys =
    Listed("with os first", &["os", "os.version", "os.features", "architecture", "variant", "features"]);
const VARIANT_SECOND: Keys =
    Listed("with variant before os", &["architecture", "variant", "os", "os.version", "os.features", "features"]);

/// image-spec 1.1's `Image`, with its embedded `Platform`.
const IMAGE_OCI: Keys = Listed(
    "as OCI's Go structs have them",
    &["created", "author", "architecture", "os", "os.version", "os.features", "variant", "config", "rootfs", "history"],
);
const IMAGE_OCI_1_0: Keys = Listed(
    "as OCI's Go structs 1.0 have them",
    &["created", "author", "architecture", "variant", "os", "os.version", "os.features", "config", "rootfs", "history"],
);
const IMAGE_GGCR: Keys = Listed(
    "as go-containerregistry writes them",
    &[
        "architecture",
        "author",
        "container",
        "created",
        "docker_version",
        "history",
        "os",
        "rootfs",
        "config",
        "os.version",
        "variant",
        "os.features",
    ],
);
/// Docker's `V1Image` embedded in `Image`, if nothing sorts the outermost keys afterwards.
const IMAGE_V1: Keys = Listed(
    "as buildah writes them",
    &[
        "id",
        "parent",
        "comment",
        "created",
        "container",
        "container_config",
        "docker_version",
        "author",
        "config",
        "architecture",
        "variant",
        "os",
        "Size",
        "size",
        "rootfs",
        "history",
        "os.version",
        "os.features",
    ],
);
const IMAGE_JIB: Keys =
    Listed("as Jib writes them", &["created", "architecture", "os", "variant", "config", "history", "rootfs"]);

const CONTAINER_DOCKER: Keys = Listed(
    "as Docker writes them",
    &[
        "Hostname",
        "Domainname",
        "User",
        "AttachStdin",
        "AttachStdout",
        "AttachStderr",
        "PortSpecs",
        "ExposedPorts",
        "PublishService",
        "Tty",
        "OpenStdin",
        "StdinOnce",
        "Env",
        "Cmd",
        "Healthcheck",
        "ArgsEscaped",
        "Image",
        "Volumes",
        "VolumeDriver",
        "WorkingDir",
        "Entrypoint",
        "NetworkDisabled",
        "MacAddress",
        "OnBuild",
        "Labels",
        "StopSignal",
        "StopTimeout",
        "Shell",
    ],
);
/// image-spec's `ImageConfig`, and what BuildKit puts after it.
const CONTAINER_OCI: Keys = Listed(
    "as OCI's Go structs have them",
    &[
        "User",
        "ExposedPorts",
        "Env",
        "Entrypoint",
        "Cmd",
        "Volumes",
        "WorkingDir",
        "Labels",
        "StopSignal",
        "Healthcheck",
        "ArgsEscaped",
        "OnBuild",
        "StopTimeout",
        "Shell",
    ],
);
const CONTAINER_GGCR: Keys = Listed(
    "as go-containerregistry writes them",
    &[
        "AttachStderr",
        "AttachStdin",
        "AttachStdout",
        "Cmd",
        "Healthcheck",
        "Domainname",
        "Entrypoint",
        "Env",
        "Hostname",
        "Image",
        "Labels",
        "OnBuild",
        "OpenStdin",
        "StdinOnce",
        "Tty",
        "User",
        "Volumes",
        "WorkingDir",
        "ExposedPorts",
        "ArgsEscaped",
        "NetworkDisabled",
        "MacAddress",
        "StopSignal",
        "Shell",
    ],
);
const CONTAINER_JIB: Keys = Listed(
    "as Jib writes them",
    &["Env", "Entrypoint", "Cmd", "Healthcheck", "ExposedPorts", "Labels", "WorkingDir", "User", "Volumes"],
);

const HISTORY_DOCKER: Keys =
    Listed("as Docker writes them", &["created", "author", "created_by", "comment", "empty_layer"]);
const HISTORY_OCI: Keys =
    Listed("as OCI's Go structs have them", &["created", "created_by", "author", "comment", "empty_layer"]);
const HISTORY_GGCR: Keys =
    Listed("as go-containerregistry writes them", &["author", "created", "created_by", "comment", "empty_layer"]);

const SMALL: Keys = Listed(
    "as Go structs have them",
    &["type", "diff_ids", "Test", "Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recover_has_no_key_twice_in_a_list() {
        for (role, alternatives) in ALTERNATIVES {
            for keys in *alternatives {
                let Listed(name, keys) = keys else { continue };
                let mut sorted = keys.to_vec();
                sorted.sort_unstable();
                sorted.dedup();
                assert_eq!(sorted.len(), keys.len(), "{role:?} {name}");
            }
        }
    }
}
