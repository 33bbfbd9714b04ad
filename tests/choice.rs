//! Indexes from which engines do not all choose the same image, and honest ones beside them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};
use stowplan::image::{Input, OpenOptions, open};
use stowplan::{Algorithm, Outcome, media_type};

const UNKNOWN: &str = "unknown/unknown";
const TAR: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const COSIGN: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

fn input(document: &Value) -> Input {
    Input { bytes: document.to_string().into_bytes().into(), name: None, text: false, stated: None }
}

fn digest(document: &Value) -> String {
    Algorithm::Sha256.digest(document.to_string().as_bytes()).to_string()
}

/// `os/architecture[/variant]` as an entry has it.
fn platform(text: &str) -> Value {
    let parts: Vec<&str> = text.split('/').collect();
    let mut platform = json!({"os": parts[0], "architecture": parts[1]});
    if let Some(variant) = parts.get(2) {
        platform["variant"] = json!(variant);
    }
    platform
}

/// A manifest and its config; `salt` makes one image differ from another.
fn image(salt: &str) -> [Value; 2] {
    let diff_id = digest(&json!(salt));
    let config = json!({"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": [diff_id]}});
    [manifest(&config, media_type::OCI_CONFIG, TAR), config]
}

fn manifest(config: &Value, config_type: &str, layer_type: &str) -> Value {
    json!({
        "schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST,
        "config": {"mediaType": config_type, "digest": digest(config), "size": config.to_string().len()},
        "layers": [{"mediaType": layer_type, "digest": digest(&json!("layer")), "size": 7}]
    })
}

fn named(document: &Value) -> Value {
    let (size, digest) = (document.to_string().len(), digest(document));
    json!({"mediaType": document["mediaType"], "digest": digest, "size": size})
}

/// An entry for a platform, with other members in place of its own.
fn entry(document: &Value, os: Option<&str>, more: &[(&str, Value)]) -> Value {
    let mut entry = named(document);
    if let Some(os) = os {
        entry["platform"] = platform(os);
    }
    for (name, value) in more {
        match name.split_once('.') {
            Some(("platform", inner)) => entry["platform"][inner] = value.clone(),
            _ => entry[*name] = value.clone(),
        }
    }
    entry
}

fn index(entries: &[Value]) -> Value {
    json!({"schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": entries})
}

/// The doubts about the index, as `reason path`.
fn doubts(entries: &[Value], beside: &[&Value]) -> Vec<String> {
    let document = index(entries);
    let inputs = std::iter::once(&document).chain(beside.iter().copied()).map(input).collect();
    let report = open(inputs, &OpenOptions::default()).unwrap().report;
    let root = &report.nodes[0];
    assert_eq!((root.digest.as_deref(), report.roots.len()), (Some(&*digest(&document)), 1));
    let doubts = root.checks.iter().filter(|check| matches!(check.outcome, Outcome::Warn | Outcome::Fail));
    doubts.map(|check| format!("{} {}", check.reason, check.path.as_deref().unwrap_or_default())).collect()
}

#[track_caller]
fn fine(entries: &[Value], beside: &[&Value]) {
    assert_eq!(doubts(entries, beside), Vec::<String>::new());
}

fn zstd() -> (&'static str, Value) {
    ("annotations", json!({"io.github.containers.compression.zstd": "true"}))
}

fn attests(digest: &str) -> (&'static str, Value) {
    let marks = json!({"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest});
    ("annotations", marks)
}

#[test]
fn two_images_for_one_platform() {
    let ([a, _], [b, _]) = (image("a"), image("b"));
    let amd64 = |document: &Value, more: &[(&str, Value)]| entry(document, Some("linux/amd64"), more);
    let behind = ["entry-behind-another $.manifests[1].platform"];
    let note = ("annotations", json!({"a": "b"}));
    assert_eq!(doubts(&[amd64(&a, &[]), amd64(&b, std::slice::from_ref(&note))], &[]), behind);
    assert_eq!(doubts(&[amd64(&a, &[]), amd64(&b, &[("platform.features", json!(["sse4"]))])], &[]), behind);
    assert_eq!(doubts(&[amd64(&a, &[]), amd64(&b, &[])], &[]), ["platform-twice $.manifests[1].platform"]);
    fine(&[amd64(&a, &[]), amd64(&a, &[note])], &[]);
    let arm = [entry(&a, Some("linux/arm64"), &[]), entry(&b, Some("linux/arm64/v8"), &[])];
    assert_eq!(doubts(&arm, &[]), behind);
    // containerd writes names in one way before it compares them, podman takes them as they are.
    for other in ["linux/x86_64", "Linux/amd64", "linux/amd64/v1"] {
        let found = doubts(&[entry(&a, Some(other), &[]), amd64(&b, &[])], &[]);
        assert!(found.iter().any(|one| one == behind[0]), "{other}: {found:?}");
    }
    let windows = |document: &Value, version: &str| {
        entry(document, Some("windows/amd64"), &[("platform.os.version", json!(version))])
    };
    fine(&[windows(&a, "10.0.1"), windows(&b, "10.0.2")], &[]);
    fine(&[entry(&a, Some("linux/arm/v6"), &[]), entry(&b, Some("linux/arm/v7"), &[])], &[]);
}

#[test]
fn a_copy_in_zstd_is_the_same_image() {
    let ([a, config], [b, other]) = (image("a"), image("b"));
    let mut copy = a.clone();
    copy["layers"][0]["mediaType"] = json!("application/vnd.oci.image.layer.v1.tar+zstd");
    let entries = |second: &Value| [entry(&a, Some("linux/amd64"), &[]), entry(second, Some("linux/amd64"), &[zstd()])];
    fine(&entries(&copy), &[&a, &copy, &config]);
    fine(&entries(&b), &[&a, &config]);
    let behind = ["entry-behind-another $.manifests[1].platform"];
    assert_eq!(doubts(&entries(&b), &[&a, &b, &config, &other]), behind);
}

#[test]
fn features_before_the_plain_image() {
    let ([a, _], [b, _]) = (image("a"), image("b"));
    let nydus = || entry(&a, Some("linux/amd64"), &[("platform.os.features", json!(["nydus.remoteimage.v1"]))]);
    let plain = || entry(&b, Some("linux/amd64"), &[]);
    let first = "features-first $.manifests[0].platform[\"os.features\"]";
    assert_eq!(doubts(&[nydus(), plain()], &[]), [first]);
    fine(&[plain(), nydus()], &[]);
    // podman prefers zstd, wherever it stands.
    let zstd = ("annotations", json!({"io.github.containers.compression.zstd": "true"}));
    fine(&[nydus(), entry(&b, Some("linux/amd64"), &[zstd])], &[]);
    fine(&[nydus(), entry(&b, Some("linux/arm64"), &[])], &[]);
}

#[test]
fn amd64_with_a_variant_only() {
    let ([a, _], [b, _]) = (image("a"), image("b"));
    let two = |one: &str, other: &str| [entry(&a, Some(one), &[]), entry(&b, Some(other), &[])];
    let none = ["no-plain-amd64 $.manifests[0].platform.variant"];
    assert_eq!(doubts(&two("linux/amd64/v2", "linux/amd64/v3"), &[]), none);
    assert_eq!(doubts(&two("linux/amd64/v3", "linux/arm64"), &[]), none);
    fine(&two("linux/amd64/v3", "linux/amd64"), &[]);
    fine(&two("linux/arm/v6", "linux/arm64"), &[]);
}

#[test]
fn images_without_a_platform() {
    let ([a, config], [b, _]) = (image("a"), image("b"));
    let amd64 = || entry(&a, Some("linux/amd64"), &[]);
    let bare = "entry-without-platform $.manifests[1].platform";
    assert_eq!(doubts(&[amd64(), named(&b)], &[]), [bare]);
    let both = ["entry-without-platform $.manifests[0].platform", bare];
    assert_eq!(doubts(&[named(&a), named(&b)], &[&a, &config]), both);
    // A list of referrers, an artifact beside an image, an artifact that only its manifest tells.
    let chart = manifest(&json!({}), "application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart");
    let typed = |document: &Value| entry(document, None, &[("artifactType", json!("application/vnd.example"))]);
    fine(&[typed(&a), typed(&b)], &[]);
    fine(&[amd64(), typed(&b)], &[]);
    fine(&[amd64(), named(&chart)], &[&a, &config, &chart]);
    fine(&[named(&a), named(&b)], &[]);
}

#[test]
fn attestations_for_a_platform() {
    let ([a, config], [b, _]) = (image("a"), image("b"));
    let amd64 = || entry(&a, Some("linux/amd64"), &[]);
    let said = |at: usize| format!("attestation-for-platform $.manifests[{at}].platform");
    let attestation = |os: &str| entry(&b, Some(os), &[attests(&digest(&a))]);
    fine(&[amd64(), attestation(UNKNOWN)], &[]);
    for entries in [[amd64(), attestation("linux/arm64")], [amd64(), attestation("linux/amd64")]] {
        assert_eq!(doubts(&entries, &[]), [said(1)]);
    }
    let typed = |kind: &str, os: &str| entry(&b, Some(os), &[("artifactType", json!(kind))]);
    assert_eq!(doubts(&[typed(COSIGN, "linux/amd64"), amd64()], &[]), [said(0)]);
    assert_eq!(doubts(&[typed("application/vnd.example", "linux/amd64"), amd64()], &[]), [said(0)]);
    assert_eq!(doubts(&[typed("application/vnd.example", "linux/arm64"), amd64()], &[]), [said(0)]);
    // Behind the image it is not chosen; artifacts for several platforms; Jib's type of a config.
    fine(&[amd64(), typed("application/vnd.example", "linux/amd64")], &[]);
    let bottle = |os: &str| typed("application/vnd.example", os);
    fine(&[bottle("linux/amd64"), bottle("darwin/arm64")], &[]);
    fine(&[amd64(), typed(media_type::OCI_CONFIG, "linux/arm64")], &[]);
    // Wasm is meant to be run, and no engine asks for the disks of machines.
    fine(&[typed("application/vnd.example", "wasip1/wasm"), amd64()], &[]);
    let disk = [typed("application/vnd.example", "linux/x86_64"), amd64()];
    assert_eq!(doubts(&disk, &[]), ["platform-other-name $.manifests[0].platform.architecture"]);
    // Only the manifests say that they are none.
    let chart = manifest(&json!({}), "application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart");
    assert_eq!(doubts(&[entry(&chart, Some("linux/arm64"), &[]), amd64()], &[&a, &config, &chart]), [said(0)]);
    let signature = manifest(&config, media_type::OCI_CONFIG, COSIGN);
    assert_eq!(doubts(&[amd64(), entry(&signature, Some("linux/arm64"), &[])], &[&a, &signature]), [said(1)]);
}

#[test]
fn an_index_in_an_index() {
    let [a, _] = image("a");
    let inner = index(&[entry(&a, Some("linux/amd64"), &[])]);
    let outer = [entry(&a, Some("linux/amd64"), &[]), named(&inner)];
    assert_eq!(doubts(&outer, &[]), ["index-in-index $.manifests[1].mediaType"]);
    assert_eq!(doubts(&outer, &[&a, &inner]), ["index-in-index $.manifests[1].mediaType"]);
}

#[test]
fn a_layout_names_its_images() {
    let ([a, _], [b, _]) = (image("a"), image("b"));
    let inner = index(&[entry(&a, Some("linux/amd64"), &[])]);
    let called = |name: &str| ("annotations", json!({"org.opencontainers.image.ref.name": name}));
    fine(&[entry(&inner, None, &[])], &[]);
    fine(&[entry(&inner, None, &[called("a")]), entry(&b, None, &[called("b")])], &[]);
    fine(&[entry(&a, Some("linux/amd64"), &[called("a")]), entry(&b, Some("linux/amd64"), &[called("b")])], &[]);
    let kind = ("annotations", json!({"kind": "dev.cosignproject.cosign/imageIndex"}));
    fine(&[entry(&inner, None, &[kind]), entry(&b, None, &[])], &[]);
    // The indexes that it names are those of images.
    let doubtful = index(&[entry(&a, Some("linux/amd64/v2"), &[]), entry(&b, None, &[])]);
    let report = open(vec![input(&index(&[named(&doubtful)])), input(&doubtful)], &OpenOptions::default()).unwrap();
    let inner = report.report.nodes.iter().find(|node| node.digest.as_deref() == Some(&digest(&doubtful))).unwrap();
    let reasons: Vec<&str> = inner.checks.iter().map(|check| check.reason).collect();
    assert!(reasons.contains(&"no-plain-amd64") && reasons.contains(&"entry-without-platform"), "{reasons:?}");
}

#[test]
fn an_image_that_calls_itself_a_signature_is_run_all_the_same() {
    let kind = |layer: &str| {
        let mut document = image("a")[0].clone();
        document["artifactType"] = json!(COSIGN);
        document["layers"][0]["mediaType"] = json!(layer);
        let report = open(vec![input(&document)], &OpenOptions::default()).unwrap().report;
        serde_json::to_value(report.nodes[0].kind).unwrap()
    };
    assert_eq!((kind(TAR), kind(COSIGN)), (json!("manifest"), json!("signature")));
}

#[test]
fn a_config_for_another_platform_than_its_entry_fails() {
    let [a, config] = image("a");
    let entries = index(&[entry(&a, Some("linux/arm64"), &[]), entry(&a, Some("linux/s390x"), &[])]);
    let report = open(vec![input(&entries), input(&a), input(&config)], &OpenOptions::default()).unwrap().report;
    let configs = report.nodes.iter().filter(|node| node.digest.as_deref() == Some(&digest(&config)));
    let failed = configs.filter(|node| node.checks.iter().any(|check| check.reason == "architecture-differs"));
    assert_eq!(failed.count(), 2);
}
