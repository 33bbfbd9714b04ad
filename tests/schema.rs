//! Each rule of the specifications, broken once: the outcome, the JSON path and the sentence.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};
use stowplan::{Check, CheckId, Document, Hints, MediaType, Outcome, Source, Verified, media_type};

const HEX: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

fn descriptor(media_type: &str) -> Value {
    json!({ "mediaType": media_type, "digest": format!("sha256:{HEX}"), "size": 2 })
}

fn manifest() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "config": descriptor(media_type::OCI_CONFIG),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip")],
    })
}

fn docker_manifest() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": media_type::DOCKER_MANIFEST,
        "config": descriptor(media_type::DOCKER_CONFIG),
        "layers": [descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip")],
    })
}

fn index() -> Value {
    let mut entry = descriptor(media_type::OCI_MANIFEST);
    entry["platform"] = json!({ "os": "linux", "architecture": "amd64" });
    json!({ "schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": [entry] })
}

fn config() -> Value {
    json!({
        "created": "2015-10-31T22:22:56.015925234Z",
        "architecture": "amd64",
        "os": "linux",
        "config": { "Env": ["A=b"], "Cmd": ["sh"], "ExposedPorts": { "80/tcp": {} }, "Labels": { "a": "b" } },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{HEX}")] },
        "history": [{ "created": "2015-10-31T22:22:56Z", "created_by": "x", "empty_layer": false }],
    })
}

fn schema1() -> Value {
    let line = |id: &str, parent: &str| json!({ "v1Compatibility": json!({ "id": id, "parent": parent }).to_string() });
    json!({
        "schemaVersion": 1,
        "name": "library/busybox",
        "tag": "1",
        "architecture": "amd64",
        "fsLayers": [{ "blobSum": format!("sha256:{HEX}") }, { "blobSum": format!("sha256:{HEX}") }],
        "history": [line("b", "a"), line("a", "")],
    })
}

fn artifact() -> Value {
    json!({
        "mediaType": media_type::OCI_ARTIFACT,
        "artifactType": "application/vnd.example",
        "blobs": [descriptor("text/plain")],
        "subject": descriptor(media_type::OCI_MANIFEST),
    })
}

fn layout() -> Value {
    json!({ "imageLayoutVersion": "1.0.0" })
}

/// The document with the value at a JSON pointer replaced; `Value::Null` at `-name` removes the member.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap();
    match (name.strip_prefix('-'), parent) {
        (Some(name), Value::Object(members)) => drop(members.remove(name)),
        (_, Value::Array(elements)) => elements[name.parse::<usize>().unwrap()] = value,
        (_, parent) => parent[name] = value,
    }
    document
}

fn read(document: &Value, media_type: &str) -> Document {
    let hints = Hints { expected_type: Some((MediaType::new(media_type), Source::User)), ..Hints::default() };
    Document::parse(Verified::compute(document.to_string().into_bytes()), &hints)
}

fn findings(document: &Value, media_type: &str, id: CheckId) -> Vec<Check> {
    let document = read(document, media_type);
    let of_family = document.checks().iter().filter(|check| check.id == id);
    of_family.filter(|check| check.outcome != Outcome::Pass).cloned().collect()
}

#[track_caller]
fn finds(document: Value, media_type: &str, id: CheckId, expected: (Outcome, &str, &str)) {
    let found = findings(&document, media_type, id);
    let told: Vec<_> =
        found.iter().map(|check| (check.outcome, check.path.as_deref().unwrap_or(""), &*check.message)).collect();
    assert_eq!(told, [expected], "{document}");
}

/// One `schema` finding with that outcome.
#[track_caller]
fn breaks(document: Value, media_type: &str, outcome: Outcome, path: &str, message: &str) {
    finds(document, media_type, CheckId::Schema, (outcome, path, message));
}

use Outcome::{Fail, Warn};

#[test]
fn a_clean_document_has_exactly_one_schema_pass() {
    for (document, media_type, message) in [
        (manifest(), media_type::OCI_MANIFEST, "follows every rule for an OCI manifest"),
        (docker_manifest(), media_type::DOCKER_MANIFEST, "follows every rule for a Docker schema 2 manifest"),
        (index(), media_type::OCI_INDEX, "follows every rule for an OCI image index"),
        (config(), media_type::OCI_CONFIG, "follows every rule for an OCI image config"),
        (schema1(), media_type::DOCKER_SCHEMA1, "follows every rule for a Docker schema 1 manifest"),
        (artifact(), media_type::OCI_ARTIFACT, "follows every rule for a former OCI artifact manifest"),
        (layout(), media_type::OCI_LAYOUT, "follows every rule for the oci-layout file"),
        (descriptor("a/b"), media_type::OCI_DESCRIPTOR, "follows every rule for a descriptor"),
    ] {
        let document = read(&document, media_type);
        let schema: Vec<&Check> = document.checks().iter().filter(|check| check.id == CheckId::Schema).collect();
        assert_eq!((schema.len(), &*schema[0].message), (1, message));
        let doubtful = |check: &&Check| matches!(check.outcome, Fail | Warn) && check.id != CheckId::Deprecated;
        assert_eq!(document.checks().iter().find(doubtful), None, "{media_type}");
    }
}

#[test]
fn what_a_descriptor_has_to_have() {
    let of = |pointer: &str, value: Value| with(descriptor("a/b"), pointer, value);
    let lone = |pointer: &str, value, outcome, path: &str, message: &str| {
        breaks(of(pointer, value), media_type::OCI_DESCRIPTOR, outcome, path, message);
    };
    lone("/-mediaType", Value::Null, Fail, "$.mediaType", "mediaType is missing");
    lone("/-digest", Value::Null, Fail, "$.digest", "digest is missing");
    lone("/-size", Value::Null, Fail, "$.size", "size is missing");
    lone("/mediaType", json!("a"), Fail, "$.mediaType", "\"a\" is not a media type (type/subtype, RFC 6838)");
    lone("/mediaType", json!(1), Fail, "$.mediaType", "should be a string, is a number");
    lone("/digest", json!(null), Fail, "$.digest", "digest is null");
    let no_colon = "\"sha256\" is not a digest: it has no colon between algorithm and hash";
    lone("/digest", json!("sha256"), Fail, "$.digest", no_colon);
    let short = "\"sha256:abc\" is not a digest: it has 3 hex characters where sha256 has 64";
    lone("/digest", json!("sha256:abc"), Fail, "$.digest", short);
    lone("/artifactType", json!("x"), Fail, "$.artifactType", "\"x\" is not a media type (type/subtype, RFC 6838)");
    lone("/urls", json!("x"), Fail, "$.urls", "should be an array, is a string");
    lone("/urls", json!(["value"]), Fail, "$.urls[0]", "\"value\" is not a URI (RFC 3986)");
    lone("/annotations", json!([]), Fail, "$.annotations", "should be an object, is an array");
    let null = "platform is null, which Go programs take and the schema does not";
    lone("/platform", json!(null), Warn, "$.platform", null);
}

#[test]
fn sizes_are_whole_numbers_that_javascript_can_hold() {
    let text = descriptor("a/b").to_string();
    for (token, outcome, message) in [
        ("-1", Fail, "size is negative: -1"),
        ("-7682", Fail, "size is negative: -7682"),
        ("1.0", Fail, "size is not written as a whole number: 1.0"),
        ("1e3", Fail, "size is not written as a whole number: 1e3"),
        ("\"2\"", Fail, "should be a number, is a string"),
        ("9007199254740992", Fail, "size is more than 2^53 - 1, which not every reader can hold"),
        ("99999999999999999999999", Fail, "size is more than 2^53 - 1, which not every reader can hold"),
    ] {
        let text = text.replace("\"size\":2", &format!("\"size\":{token}"));
        let document = Document::parse(Verified::compute(text.into_bytes()), &Hints::default());
        let check = document.checks().iter().find(|check| check.id == CheckId::Schema).unwrap();
        assert_eq!((check.outcome, check.path.as_deref(), &*check.message), (outcome, Some("$.size"), message));
    }
}

#[test]
fn embedded_data_is_decoded_and_held_against_the_descriptor() {
    let of = |data: &str| with(descriptor("a/b"), "/data", json!(data));
    assert_eq!(findings(&of("e30="), media_type::OCI_DESCRIPTOR, CheckId::Schema), []);
    let not_base64 = "data is not base64 (RFC 4648, section 4)";
    breaks(of("&"), media_type::OCI_DESCRIPTOR, Fail, "$.data", not_base64);
    let other = "data is not the content that the digest names: do not use it";
    breaks(of("e31="), media_type::OCI_DESCRIPTOR, Fail, "$.data", not_base64);
    breaks(of("W10="), media_type::OCI_DESCRIPTOR, Fail, "$.data", other);
    let size = findings(&of("e30K"), media_type::OCI_DESCRIPTOR, CheckId::Schema);
    assert_eq!(size[0].message, "data does not have the size that the descriptor states");
    assert_eq!((size[0].outcome, size[0].reason), (Fail, "data-of-another-size"));
    let mut layer = manifest();
    layer["layers"][0]["data"] = json!("W10=");
    let found = findings(&layer, media_type::OCI_MANIFEST, CheckId::Schema);
    let reasons: Vec<_> = found.iter().map(|check| (check.outcome, check.reason, check.path.as_deref())).collect();
    assert!(reasons.contains(&(Fail, "data-of-another-digest", Some("$.layers[0].data"))), "{reasons:?}");
    assert_eq!((size[0].expected.as_deref(), size[0].actual.as_deref()), (Some("2"), Some("3")));
}

#[test]
fn manifests() {
    let oci = |pointer: &str, value, outcome, path: &str, message: &str| {
        breaks(with(manifest(), pointer, value), media_type::OCI_MANIFEST, outcome, path, message);
    };
    oci("/-schemaVersion", Value::Null, Fail, "$.schemaVersion", "schemaVersion is missing");
    oci("/schemaVersion", json!(1), Fail, "$.schemaVersion", "schemaVersion is 1, not 2");
    oci("/schemaVersion", json!("2"), Fail, "$.schemaVersion", "should be a number, is a string");
    let missing = "mediaType is missing, so the server decides what this document is";
    oci("/-mediaType", Value::Null, Warn, "$.mediaType", missing);
    oci("/-config", Value::Null, Fail, "$.config", "config is missing");
    oci("/config", json!(null), Fail, "$.config", "config is null");
    oci("/config", json!("x"), Fail, "$.config", "should be an object, is a string");
    oci("/-layers", Value::Null, Fail, "$.layers", "layers is missing");
    let null = "layers is null, which Go programs take and the schema does not";
    oci("/layers", json!(null), Warn, "$.layers", null);
    let none = "layers is empty: for portability a manifest should have at least one entry there";
    oci("/layers", json!([]), Warn, "$.layers", none);
    oci("/layers", json!("not-an-array"), Fail, "$.layers", "should be an array, is a string");
    oci("/layers/0", json!(7), Fail, "$.layers[0]", "should be an object, is a number");
    let short = "\"sha256:abc\" is not a digest: it has 3 hex characters where sha256 has 64: no content can match it";
    oci("/layers/0/digest", json!("sha256:abc"), Warn, "$.layers[0].digest", short);
    let upper = "\"sha256:ABC\" is not a digest: it has upper-case hex at position 1 of the hash";
    oci("/layers/0/digest", json!("sha256:ABC"), Fail, "$.layers[0].digest", upper);
    oci("/subject", json!("x"), Fail, "$.subject", "should be an object, is a string");
    let empty = "artifactType is empty, which says no more than leaving it out";
    oci("/artifactType", json!(""), Warn, "$.artifactType", empty);
}

#[test]
fn a_foreign_media_type_fails() {
    let document = with(manifest(), "/mediaType", json!("invalid"));
    let message = "mediaType is \"invalid\", not application/vnd.oci.image.manifest.v1+json";
    breaks(document, media_type::OCI_MANIFEST, Fail, "$.mediaType", message);
}

#[test]
fn artifacts() {
    let mut document = with(manifest(), "/config", descriptor(media_type::OCI_EMPTY));
    let missing = "artifactType is missing, and has to be there if the config is application/vnd.oci.empty.v1+json";
    breaks(document.clone(), media_type::OCI_MANIFEST, Fail, "$.artifactType", missing);
    document["artifactType"] = json!("a/b");
    assert_eq!(findings(&document, media_type::OCI_MANIFEST, CheckId::Schema), []);
    let size = with(document.clone(), "/config/size", json!(3));
    let two = "application/vnd.oci.empty.v1+json always means the two bytes {}";
    breaks(size, media_type::OCI_MANIFEST, Warn, "$.config.size", two);
    document["layers"] = json!([]);
    let empty = "layers is empty: for portability a manifest should have at least one entry there";
    breaks(document, media_type::OCI_MANIFEST, Warn, "$.layers", empty);
    let none = json!({ "mediaType": "a/b", "digest": "", "size": 0 });
    let nothing = "digest is empty: nothing is referred to";
    breaks(with(manifest(), "/config", none), media_type::OCI_MANIFEST, Warn, "$.config.digest", nothing);
    let former = with(artifact(), "/-artifactType", Value::Null);
    breaks(former, media_type::OCI_ARTIFACT, Fail, "$.artifactType", "artifactType is missing");
}

#[test]
fn dockers_manifests() {
    let docker = |pointer: &str, value, outcome, path: &str, message: &str| {
        breaks(with(docker_manifest(), pointer, value), media_type::DOCKER_MANIFEST, outcome, path, message);
    };
    for other in [
        "application/vnd.docker.image.rootfs.diff.tar.zstd",
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.nydus.blob.v1",
        "application/vnd.in-toto+json",
        "application/wasm",
    ] {
        let rest = "builders write it and containerd takes it, other programs refuse it";
        let message = format!("\"{other}\" is not one of the layer types of Docker's schema 2: {rest}");
        docker("/layers/0/mediaType", json!(other), Warn, "$.layers[0].mediaType", &message);
    }
    let message = "\"text/plain\" is not one of the layer types of Docker's schema 2";
    docker("/layers/0/mediaType", json!("text/plain"), Fail, "$.layers[0].mediaType", message);
    let config = "\"a/b\" is not a type of config in Docker's manifests";
    docker("/config/mediaType", json!("a/b"), Warn, "$.config.mediaType", config);
    let octets = with(docker_manifest(), "/config/mediaType", json!("application/octet-stream"));
    assert_eq!(findings(&octets, media_type::DOCKER_MANIFEST, CheckId::Schema), []);
    let empty = with(docker_manifest(), "/layers", json!([]));
    assert_eq!(findings(&empty, media_type::DOCKER_MANIFEST, CheckId::Schema), []);
    let mut list = with(index(), "/mediaType", json!(media_type::DOCKER_LIST));
    list["manifests"][0].as_object_mut().unwrap().remove("platform");
    let message = "platform is missing, which every entry of a Docker manifest list has";
    breaks(list, media_type::DOCKER_LIST, Warn, "$.manifests[0].platform", message);
}

#[test]
fn indexes() {
    let of = |pointer: &str, value, outcome, path: &str, message: &str| {
        breaks(with(index(), pointer, value), media_type::OCI_INDEX, outcome, path, message);
    };
    of("/-manifests", Value::Null, Fail, "$.manifests", "manifests is missing");
    let null = "manifests is null, which Go programs take and the schema does not";
    of("/manifests", json!(null), Warn, "$.manifests", null);
    let platform = "/manifests/0/platform";
    of(&format!("{platform}/-os"), Value::Null, Fail, "$.manifests[0].platform.os", "os is missing");
    let path = "$.manifests[0].platform.architecture";
    of(&format!("{platform}/architecture"), json!(""), Warn, path, "architecture is empty");
    let message = "\"x86_64\" is not an architecture that Go knows by that name: Go calls it amd64, and a request for that finds nothing";
    of(&format!("{platform}/architecture"), json!("x86_64"), Warn, path, message);
    let path = "$.manifests[0].platform[\"os.version\"]";
    of(&format!("{platform}/os.version"), json!(10), Fail, path, "should be a string, is a number");
    let path = "$.manifests[0].platform[\"os.features\"][0]";
    of(&format!("{platform}/os.features"), json!([1]), Fail, path, "should be a string, is a number");
    let unknown = with(index(), platform, json!({ "os": "unknown", "architecture": "unknown" }));
    assert_eq!(findings(&unknown, media_type::OCI_INDEX, CheckId::Schema), []);
    assert_eq!(findings(&with(index(), "/manifests", json!([])), media_type::OCI_INDEX, CheckId::Schema), []);
}

#[test]
fn configs() {
    let of = |pointer: &str, value, outcome, path: &str, message: &str| {
        breaks(with(config(), pointer, value), media_type::OCI_CONFIG, outcome, path, message);
    };
    of("/created", json!("yesterday"), Fail, "$.created", "\"yesterday\" is not a date and time of RFC 3339");
    of("/created", json!(null), Warn, "$.created", "created is null, which Go programs take and the schema does not");
    of("/author", json!(1), Fail, "$.author", "should be a string, is a number");
    of("/-os", Value::Null, Fail, "$.os", "os is missing");
    of("/os", json!(123), Fail, "$.os", "should be a string, is a number");
    of("/config/User", json!(0), Fail, "$.config.User", "should be a string, is a number");
    of("/config/Env", json!(["foo"]), Fail, "$.config.Env[0]", "\"foo\" is not of the form NAME=value");
    of("/config/Env", json!([7353]), Fail, "$.config.Env[0]", "should be a string, is a number");
    of("/config/Cmd", json!("sh"), Fail, "$.config.Cmd", "Cmd is one string, not a list of words");
    of("/config/Volumes", json!(["/a"]), Fail, "$.config.Volumes", "should be an object, is an array");
    of("/config/Volumes", json!({"a": 1}), Fail, "$.config.Volumes.a", "should be an object, is a number");
    let port = "\"http\" is not a port (port, port/tcp or port/udp)";
    of("/config/ExposedPorts", json!({"http": {}}), Warn, "$.config.ExposedPorts.http", port);
    of("/config/Labels", json!({"a": 1}), Fail, "$.config.Labels.a", "should be a string, is a number");
    let null = "a is null, which Go programs take and the schema does not";
    of("/config/Volumes", json!({"a": null}), Warn, "$.config.Volumes.a", null);
    of("/config/Labels", json!({"a": null}), Warn, "$.config.Labels.a", null);
    of("/config/ArgsEscaped", json!("yes"), Fail, "$.config.ArgsEscaped", "should be a boolean, is a string");
    of("/-rootfs", Value::Null, Fail, "$.rootfs", "rootfs is missing");
    of("/rootfs/type", json!("x"), Fail, "$.rootfs.type", "type is \"x\", and there is only layers");
    let null = "diff_ids is null, which Go programs take and the schema does not";
    of("/rootfs/diff_ids", json!(null), Warn, "$.rootfs.diff_ids", null);
    of("/rootfs/diff_ids", json!([1]), Fail, "$.rootfs.diff_ids[0]", "should be a string, is a number");
    of("/history", json!("x"), Fail, "$.history", "should be an array, is a string");
    of("/history/0", json!([]), Fail, "$.history[0]", "should be an object, is an array");
    of("/history/0/empty_layer", json!(0), Fail, "$.history[0].empty_layer", "should be a boolean, is a number");
    for name in ["Entrypoint", "Cmd", "Env", "Volumes", "ExposedPorts", "Labels"] {
        let document = with(config(), &format!("/config/{name}"), json!(null));
        assert_eq!(findings(&document, media_type::OCI_CONFIG, CheckId::Schema), [], "{name}");
    }
}

#[test]
fn dockers_configs_may_be_older_than_the_rules() {
    for (pointer, value, path) in [
        ("/-os", Value::Null, "$.os"),
        ("/config/Env", json!(["foo"]), "$.config.Env[0]"),
        ("/config/Cmd", json!("sh"), "$.config.Cmd"),
        ("/rootfs/type", json!("layers+base"), "$.rootfs.type"),
    ] {
        for media_type in [media_type::DOCKER_CONFIG, "application/octet-stream"] {
            let found = findings(&with(config(), pointer, value.clone()), media_type, CheckId::Schema);
            assert_eq!((found.len(), found[0].outcome, found[0].path.as_deref()), (1, Warn, Some(path)));
        }
    }
}

#[test]
fn schema_1() {
    let of = |pointer: &str, value, outcome, path: &str, message: &str| {
        breaks(with(schema1(), pointer, value), media_type::DOCKER_SCHEMA1, outcome, path, message);
    };
    of("/schemaVersion", json!(2), Fail, "$.schemaVersion", "schemaVersion is 2, not 1");
    of("/-name", Value::Null, Warn, "$.name", "name is missing");
    of("/fsLayers/0", json!({}), Fail, "$.fsLayers[0].blobSum", "blobSum is missing");
    of("/history/0", json!({}), Fail, "$.history[0].v1Compatibility", "v1Compatibility is missing");
    let message = "v1Compatibility is not JSON, so this line of history is unknown";
    of("/history/0/v1Compatibility", json!("x"), Warn, "$.history[0].v1Compatibility", message);
    let orphan = json!("{\"id\":\"a\",\"parent\":\"z\"}");
    let message = "the base layer has a parent, z, which is not in this manifest";
    of("/history/1/v1Compatibility", orphan, Fail, "$.history[1]", message);
    let stranger = json!("{\"id\":\"b\",\"parent\":\"z\"}");
    of("/history/0/v1Compatibility", stranger, Fail, "$.history[0]", "the parent is not the id of the next entry");
    let longer = json!([{ "blobSum": format!("sha256:{HEX}") }]);
    of("/fsLayers", longer, Warn, "$.history", "history has 2 entries for 1 entries of fsLayers");
}

#[test]
fn the_layout_file() {
    let message = "imageLayoutVersion is \"2\", and there is only 1.0.0";
    let document = with(layout(), "/imageLayoutVersion", json!("2"));
    breaks(document, media_type::OCI_LAYOUT, Fail, "$.imageLayoutVersion", message);
}

#[test]
fn annotations_have_their_own_family() {
    let of = |name: &str, value: Value, outcome, message: &str| {
        let document = with(manifest(), "/annotations", json!({ name: value }));
        let path = format!("$.annotations[\"{name}\"]");
        finds(document, media_type::OCI_MANIFEST, CheckId::Annotations, (outcome, &path, message));
    };
    of("com.example", json!(1), Fail, "should be a string, is a number");
    of("com.example", json!(null), Warn, "com.example is null, which Go programs take and the schema does not");
    of("", json!("x"), Warn, "an annotation has no name");
    let created = "org.opencontainers.image.created";
    of(created, json!("now"), Warn, "\"now\" is not a date and time of RFC 3339");
    let odd = "\"org.opencontainers.odd\" is not defined, and names below org.opencontainers are reserved";
    of("org.opencontainers.odd", json!("x"), Warn, odd);
    let base = "org.opencontainers.image.base.digest";
    of(base, json!("x"), Warn, "\"x\" is not a digest");
    let nameless = "a base image without its name: tools that look for a newer base, or rebase, cannot find it";
    of(base, json!(format!("sha256:{}", "0".repeat(64))), Warn, nameless);
    let fine = json!({ created: "2015-10-31T22:22:56Z", "a": "", base: "", "org.opencontainers.image.base.name": "" });
    let document = with(manifest(), "/annotations", fine);
    let document = read(&document, media_type::OCI_MANIFEST);
    let check = document.checks().iter().find(|check| check.id == CheckId::Annotations).unwrap();
    assert_eq!((check.outcome, &*check.message), (Outcome::Pass, "the annotations keep to their rules"));
}

#[test]
fn findings_are_bounded_and_the_rest_counted() {
    let layers: Vec<Value> = (0..100).map(|_| json!(1)).collect();
    let found = findings(&with(manifest(), "/layers", json!(layers)), media_type::OCI_MANIFEST, CheckId::Schema);
    assert_eq!((found.len(), &*found[50].message), (51, "and 50 more of this kind"));
    assert_eq!(found[50].outcome, Fail);
}

/// Types as podman, containerd and umoci compare them: podman refuses such configs, containerd such layers.
#[test]
fn types_of_an_oci_image_are_one_text_each() {
    let reasons = |config: &str, layer: &str, artifact: bool| {
        let mut document = manifest();
        document["config"]["mediaType"] = json!(config);
        document["layers"][0]["mediaType"] = json!(layer);
        if artifact {
            document["artifactType"] = json!("application/vnd.example");
        }
        let document = Document::parse(Verified::compute(document.to_string().into_bytes()), &Hints::default());
        let doubts = document.checks().iter().filter(|check| check.outcome == Outcome::Warn);
        doubts.map(|check| check.reason).collect::<Vec<_>>()
    };
    let layer = "application/vnd.oci.image.layer.v1.tar";
    let good = media_type::OCI_CONFIG;
    assert_eq!(reasons(good, layer, false), Vec::<&str>::new());
    for config in [media_type::DOCKER_CONFIG, layer, media_type::OCI_MANIFEST, "application/octet-stream"] {
        assert!(reasons(config, layer, false).contains(&"config-type-not-oci"), "{config}");
        assert!(!reasons(config, layer, true).contains(&"config-type-not-oci"), "{config}");
    }
    assert_eq!(reasons("application/vnd.oci.image.config.v1+JSON", layer, false), ["type-in-other-case"]);
    assert_eq!(reasons("application/vnd.cncf.helm.config.v1+json", "application/octet-stream", false), [""; 0]);
    for other in ["application/vnd.oci.image.layer.v1.TAR", "Application/vnd.oci.image.layer.v1.tar+gzip"] {
        assert_eq!(reasons(good, other, false), ["type-in-other-case"], "{other}");
    }
    for other in ["application/vnd.oci.image.layer.v1.tar+lz4", "application/octet-stream", "application/x-tar"] {
        assert_eq!(reasons(good, other, false), ["layer-type-not-oci"], "{other}");
        // Engines run what has an image's config, whatever its artifactType.
        assert_eq!(reasons(good, other, true), ["layer-type-not-oci"], "{other}");
        assert_eq!(reasons("application/vnd.example.config", other, true), [""; 0], "{other}");
    }
    for other in ["application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "application/vnd.in-toto+json"] {
        assert_eq!(reasons(good, other, false), [""; 0], "{other}");
    }
}
