//! The table of JSON that tools and registries' own APIs print: each kind by the members that only it has.

use crate::json::Json;
use crate::paste::note::Say;

/// One kind: its code and name, and whether a value is of it.
pub(super) struct Kind {
    pub say: Say,
    pub is: fn(&Json) -> bool,
}

const fn kind(code: &'static str, title: &'static str, is: fn(&Json) -> bool) -> Kind {
    Kind { say: Say(code, title), is }
}

/// JSON of no kind below.
pub(super) const OTHER: Say = Say("json", "This is JSON, but not a document of a registry.");

/// A registry's answer that refuses a request.
pub(super) const REFUSAL: &str = "registry-error";

/// A list of tags.
pub(super) const TAGS: &str = "registry-tags";

/// The kind of a value: the first of the table that it is.
pub(super) fn of(json: &Json) -> Option<Say> {
    KINDS.iter().find(|kind| (kind.is)(json)).map(|kind| kind.say)
}

/// Every kind, strictest first. To add one, add its line.
pub(super) const KINDS: [Kind; 49] = [
    kind("kubernetes-pod", "This is a pod, as kubectl get -o json prints it.", |json| is_object_of(json, "Pod")),
    kind("kubernetes-list", "This is a list of Kubernetes objects, as kubectl get -o json prints it.", |json| {
        is_object_of(json, "List") || has(json, "apiVersion") && has(json, "kind") && has(json, "items")
    }),
    kind("kubernetes-object", "This is a Kubernetes object.", |json| has(json, "apiVersion") && has(json, "kind")),
    kind("crictl-inspecti", "This is what crictl inspecti prints about an image.", |json| {
        at(json, &["status", "repoDigests"]).is_some() || at(json, &["status", "repoTags"]).is_some()
    }),
    kind("crictl-inspect", "This is what crictl inspect prints about a container.", |json| {
        at(json, &["status", "imageRef"]).is_some()
    }),
    kind("crictl-images", "This is what crictl images -o json prints.", |json| first(json, "images", "repoDigests")),
    kind("docker-images-json", "This is what docker images --format json prints.", |json| {
        every(json, |row| has(row, "Repository") && has(row, "Tag") && (has(row, "ID") || has(row, "Digest")))
    }),
    kind("docker-ps-json", "This is what docker ps --format json prints.", |json| {
        every(json, |row| has(row, "Image") && has(row, "Names") && (has(row, "ID") || has(row, "Id")))
    }),
    kind("podman-images-json", "This is what podman images --format json prints.", |json| {
        every(json, |row| has(row, "Id") && has(row, "Digest") && (has(row, "Names") || has(row, "RepoDigests")))
    }),
    kind("build-metadata", "This is the metadata file of a build (docker buildx build --metadata-file).", |json| {
        built(json) || members(json).any(|(_, value)| built(value))
    }),
    kind("imagetools-json", "This is what docker buildx imagetools inspect --format json prints.", |json| {
        has(json, "manifest") && (has(json, "image") || has(json, "provenance"))
    }),
    kind("cosign-verify", "This is what cosign verify prints: the payloads that were signed.", |json| {
        every(json, |row| at(row, &["critical", "image"]).is_some())
    }),
    kind("dsse-envelope", "This is a DSSE envelope: a signed statement.", |json| {
        every(json, |row| has(row, "payloadType") && has(row, "payload"))
    }),
    kind("trusted-root", "This is a trusted root of Sigstore: the keys of logs and authorities.", |json| {
        has(json, "certificateAuthorities") || has(json, "tlogs") && has(json, "ctlogs")
    }),
    kind("sigstore-bundle", "This is a Sigstore bundle.", |json| {
        has(json, "verificationMaterial") || at(json, &["dsseEnvelope", "payload"]).is_some()
    }),
    kind("in-toto-statement", "This is an in-toto statement: its subjects are named by digest.", |json| {
        every(json, |row| has(row, "predicateType") && has(row, "subject"))
    }),
    kind("oras-discover", "This is what oras discover --format json prints: the referrers of a manifest.", |json| {
        has(json, "referrers") || first(json, "manifests", "reference")
    }),
    kind("oras-json", "This is what oras prints with --format json.", |json| {
        has(json, "reference") && has(json, "digest") && has(json, "mediaType")
    }),
    kind("openvex", "This is a statement about vulnerabilities in OpenVEX.", |json| {
        json.get("@context").and_then(Json::as_str).is_some_and(|context| context.contains("openvex.dev/ns"))
    }),
    kind("in-toto-layout", "This is an in-toto layout or link.", |json| {
        json.get("_type").and_then(Json::as_str).is_some_and(|kind| matches!(kind, "layout" | "link"))
    }),
    kind("spdx-sbom", "This is an SBOM in SPDX.", |json| {
        has(json, "spdxVersion") || has(json, "SPDXID") || has(json, "@graph") && has(json, "@context")
    }),
    kind("cyclonedx-sbom", "This is an SBOM in CycloneDX.", |json| has(json, "bomFormat")),
    kind("syft-sbom", "This is an SBOM as syft writes it.", |json| has(json, "artifacts") && has(json, "source")),
    kind("trivy-report", "This is a report of trivy.", |json| has(json, "ArtifactName") && has(json, "Metadata")),
    kind("grype-report", "This is a report of grype.", |json| has(json, "matches") && has(json, "source")),
    kind("sarif-report", "This is a report in SARIF.", |json| has(json, "runs") && has(json, "version")),
    kind("ecr-batch-get-image", "This is the answer of aws ecr batch-get-image.", |json| {
        first(json, "images", "imageManifest") || has(json, "imageManifest")
    }),
    kind("ecr-describe-images", "This is the answer of aws ecr describe-images.", |json| has(json, "imageDetails")),
    kind("ecr-list-images", "This is the answer of aws ecr list-images.", |json| {
        first(json, "imageIds", "imageDigest")
    }),
    kind("quay-tags", "This is an answer of Quay's API about tags.", |json| {
        first(json, "tags", "manifest_digest") || has(json, "manifest_digest")
    }),
    kind("quay-manifest", "This is an answer of Quay's API about a manifest.", |json| has(json, "manifest_data")),
    kind("hub-tags", "This is an answer of Docker Hub's API about tags.", |json| {
        first(json, "results", "images") || has(json, "images") && (has(json, "tag_status") || has(json, "full_size"))
    }),
    kind("harbor-artifacts", "This is an answer of Harbor's API about artifacts.", |json| {
        every(json, |row| has(row, "digest") && (has(row, "extra_attrs") || has(row, "push_time")))
    }),
    kind("harbor-additions", "This is an answer of Harbor's API.", |json| {
        every(json, |row| has(row, "artifact_id") || has(row, "repository_id") && has(row, "project_id"))
    }),
    kind("gitlab-tag", "This is an answer of GitLab's API about a tag of its registry.", |json| {
        every(json, |row| has(row, "revision") && has(row, "short_revision"))
    }),
    kind("github-packages", "This is an answer of GitHub's API about a package's versions.", |json| {
        every(json, |row| at(row, &["metadata", "package_type"]).is_some() || has(row, "package_html_url"))
    }),
    kind("gar-images", "This is what gcloud artifacts docker images list prints.", |json| {
        every(json, |row| has(row, "version") && has(row, "package") || has(row, "uri") && has(row, "uploadTime"))
    }),
    kind("gcr-tags-list", "This is Google's answer to tags/list: its digests are keys.", |json| {
        has(json, "manifest") && has(json, "tags") && has(json, "child")
    }),
    kind("gcr-list-tags", "This is what gcloud container images list-tags prints.", |json| {
        every(json, |row| has(row, "digest") && has(row, "tags") && at(row, &["timestamp", "datetime"]).is_some())
    }),
    kind("acr-manifests", "This is what az acr repository show-manifests or az acr manifest prints.", |json| {
        every(json, |row| {
            let tagged = has(row, "tags") && has(row, "timestamp") || has(row, "lastUpdateTime");
            has(row, "digest") && (has(row, "changeableAttributes") || tagged)
        }) || has(json, "changeableAttributes")
            || has(json, "imageName") && has(json, "manifests")
    }),
    kind("artifactory-item", "This is an answer of Artifactory's API about a file.", |json| {
        has(json, "checksums") || has(json, "originalChecksums") || first(json, "results", "sha256")
    }),
    kind(REFUSAL, "This is a registry's answer that refuses a request.", |json| {
        json.key("errors")
            .and_then(Json::as_array)
            .is_some_and(|all| !all.is_empty() && all.iter().all(|one| has(one, "code")))
    }),
    kind(TAGS, "This is a registry's list of tags.", |json| {
        has(json, "tags") && has(json, "name") || has(json, "Repository") && has(json, "Tags")
    }),
    kind("registry-events", "These are a registry's notifications.", |json| first(json, "events", "target")),
    kind("docker-save-manifest", "This is manifest.json of a docker save archive.", |json| {
        every(json, |row| has(row, "Config") && has(row, "Layers"))
    }),
    kind("compose-json", "This is a compose file in JSON.", |json| {
        members(json).any(|(name, value)| name == "services" && members(value).any(|(_, one)| has(one, "image")))
    }),
    kind("devcontainer", "This is a dev container's configuration.", |json| {
        has(json, "image") && (has(json, "features") || has(json, "customizations") || has(json, "remoteUser"))
            || has(json, "dockerComposeFile")
    }),
    kind("renovate-json", "This is JSON of Renovate.", |json| has(json, "packageRules") || has(json, "packageFiles")),
    kind("strings", "This is a list of texts.", |json| {
        json.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(|one| one.as_str().is_some()))
    }),
];

fn has(json: &Json, name: &str) -> bool {
    json.key(name).is_some()
}

fn is_object_of(json: &Json, kind: &str) -> bool {
    has(json, "apiVersion") && json.key("kind").and_then(Json::as_str) == Some(kind)
}

fn at<'a>(json: &'a Json, path: &[&str]) -> Option<&'a Json> {
    path.iter().try_fold(json, |json, name| json.key(name))
}

fn members(json: &Json) -> impl Iterator<Item = (&str, &Json)> {
    json.as_object().into_iter().flat_map(|object| object.iter().map(|member| (&*member.name, &member.value)))
}

/// True if the value, or every element of the array, is such a row.
fn every(json: &Json, is: fn(&Json) -> bool) -> bool {
    let rows = json.as_array().unwrap_or(std::slice::from_ref(json));
    !rows.is_empty() && rows.iter().all(is)
}

/// True if the first element of the array `name` has `member`.
fn first(json: &Json, name: &str, member: &str) -> bool {
    json.key(name).and_then(Json::as_array).and_then(|all| all.first()).is_some_and(|one| has(one, member))
}

fn built(json: &Json) -> bool {
    members(json).any(|(name, _)| name.starts_with("containerimage.") || name.starts_with("buildx.build."))
}
