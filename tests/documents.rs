//! Bytes become documents: which kind, by whose word, and what comes of bytes that are none. Nothing panics.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use stowplan::{
    Algorithm, Body, Check, CheckId, Document, DocumentKind, Hints, MediaType, Outcome, Source, Verified, limits,
    media_type,
};

const HEX: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
const MANIFEST: &str = r#"{
  "schemaVersion": 2,
  "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},
  "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": 7, "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", "annotations": {"a": "b"}}]
}"#;
const CONFIG: &str = r#"{
  "architecture": "arm64", "variant": "v8", "os": "linux", "created": "2015-10-31T22:22:56Z",
  "config": {"Entrypoint": ["/a"], "Cmd": null, "Env": ["A=b"], "Labels": {"z": "1", "a": "2"}, "User": "me"},
  "rootfs": {"type": "layers", "diff_ids": ["sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"]},
  "history": [{"created_by": "ADD x"}, {"created_by": "CMD", "empty_layer": true}]
}"#;

fn expecting(media_type: &str, source: Source) -> Hints {
    Hints { expected_type: Some((MediaType::new(media_type), source)), ..Hints::default() }
}

fn with_header(media_type: &str) -> Hints {
    Hints { content_type: Some(MediaType::from_content_type(media_type)), ..Hints::default() }
}

fn read(bytes: impl AsRef<[u8]>, hints: &Hints) -> Document {
    Document::parse(Verified::compute(bytes.as_ref()), hints)
}

fn check(document: &Document, id: CheckId) -> Option<&Check> {
    document.checks().iter().find(|check| check.id == id)
}

#[track_caller]
fn says(document: &Document, id: CheckId, outcome: Outcome, message: &str) {
    let check = check(document, id).unwrap();
    assert_eq!((check.outcome, &*check.message), (outcome, message));
}

#[test]
fn a_manifest_is_known_by_its_shape() {
    let document = read(MANIFEST, &Hints::default());
    assert_eq!(document.kind(), Some(DocumentKind::Manifest));
    assert_eq!(document.media_type().unwrap().as_str(), media_type::OCI_MANIFEST);
    let Body::Manifest(manifest) = document.body() else { panic!("not a manifest") };
    assert!(manifest.is_image());
    assert_eq!((manifest.layers[0].size, &*manifest.layers[0].path), (Some(7), "$.layers[0]"));
    assert_eq!(manifest.layers[0].annotations, [("a".to_owned(), "b".to_owned())]);
    let docker = MANIFEST.replace("oci.image.config.v1+json", "docker.container.image.v1+json");
    assert_eq!(read(docker, &Hints::default()).media_type().unwrap().as_str(), media_type::DOCKER_MANIFEST);
}

#[test]
fn artifacts_are_not_images() {
    let helm = MANIFEST.replace("oci.image.config.v1", "cncf.helm.config.v1");
    let Body::Manifest(manifest) = read(helm, &Hints::default()).body().clone() else { panic!("not a manifest") };
    assert!(!manifest.is_image());
    let old = MANIFEST.replace("vnd.oci.image.config.v1+json", "octet-stream");
    let Body::Manifest(manifest) = read(old, &Hints::default()).body().clone() else { panic!("not a manifest") };
    assert!(manifest.is_image());
}

#[test]
fn a_config_is_read_whatever_its_type() {
    for hints in [
        Hints::default(),
        expecting(media_type::OCI_CONFIG, Source::Descriptor),
        expecting("application/octet-stream", Source::Descriptor),
        Hints { content_type: Some(MediaType::new("application/octet-stream")), ..Hints::default() },
    ] {
        let document = read(CONFIG, &hints);
        let Body::Config(config) = document.body() else { panic!("not a config: {hints:?}") };
        assert_eq!((&*config.platform.os, config.platform.variant.as_deref()), ("linux", Some("v8")));
        assert_eq!(config.diff_ids, [format!("sha256:{HEX}")]);
        assert_eq!((config.history.len(), config.history[1].empty_layer), (2, true));
        let image = &config.image;
        assert_eq!((image.entrypoint.as_deref(), image.cmd.as_deref()), (Some(&["/a".to_owned()][..]), None));
        assert_eq!(image.labels[0], ("z".to_owned(), "1".to_owned()));
        let bad = document.checks().iter().find(|check| matches!(check.outcome, Outcome::Fail | Outcome::Warn));
        assert_eq!(bad, None);
    }
}

/// Docker runs the health check beside the program, and builds run `OnBuild`.
#[test]
fn a_config_shows_all_that_runs() {
    let text = r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{"healthcheck":{"Test":["CMD-SHELL","true"],"Interval":30000000000,"Retries":3},"OnBuild":["RUN make"],"Shell":["/bin/bash","-c"],"StopSignal":"SIGINT","ArgsEscaped":true}}"#;
    let document = read(text, &Hints::default());
    let Body::Config(config) = document.body() else { panic!("a config") };
    let health = config.image.healthcheck.as_ref().unwrap();
    assert_eq!(health.test, ["CMD-SHELL", "true"]);
    assert_eq!((health.interval, health.timeout, health.retries), (Some(30_000_000_000), None, Some(3)));
    assert_eq!(config.image.on_build, ["RUN make"]);
    assert_eq!(config.image.shell.as_deref().unwrap_or_default(), ["/bin/bash", "-c"]);
    assert_eq!((config.image.stop_signal.as_deref(), config.image.args_escaped), (Some("SIGINT"), true));
}

#[test]
fn the_own_media_type_wins_and_the_descriptor_is_told_off() {
    let index = format!(r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[]}}"#, media_type::OCI_INDEX);
    let document = read(&index, &expecting(media_type::OCI_MANIFEST, Source::Descriptor));
    assert_eq!(document.kind(), Some(DocumentKind::Index));
    says(&document, CheckId::MediaType, Outcome::Fail, "is not what the descriptor says it is");
    let found = check(&document, CheckId::MediaType).unwrap();
    assert_eq!(found.expected.as_deref(), Some(media_type::OCI_MANIFEST));
    assert_eq!((found.actual.as_deref(), found.source), (Some(media_type::OCI_INDEX), Some(Source::Descriptor)));
    let document = read(&index, &expecting(media_type::OCI_INDEX, Source::User));
    says(&document, CheckId::MediaType, Outcome::Pass, "is what the user says it is");
    let document = read(MANIFEST, &expecting("application/custom", Source::Descriptor));
    let message = "the descriptor names a type that is not known, and it reads as a document";
    says(&document, CheckId::MediaType, Outcome::Warn, message);
    let document = read(CONFIG, &expecting("application/octet-stream", Source::Descriptor));
    let message = "has a config's shape; its type says nothing, as old registries have it";
    says(&document, CheckId::MediaType, Outcome::Pass, message);
}

#[test]
fn the_content_type_is_a_claim() {
    let document = read(MANIFEST, &with_header("application/vnd.oci.image.manifest.v1+json; charset=utf-8"));
    says(&document, CheckId::ContentType, Outcome::Pass, "the header names what the document is");
    let document = read(MANIFEST, &with_header(media_type::OCI_INDEX));
    let message = "the header names another type of document than the bytes are";
    says(&document, CheckId::ContentType, Outcome::Fail, message);
    assert_eq!(check(&document, CheckId::ContentType).unwrap().source, Some(Source::Header));
    assert_eq!(document.media_type().unwrap().as_str(), media_type::OCI_MANIFEST);
    let vague = "the header names a type that says nothing about the document";
    for header in ["application/json", "text/plain", "application/octet-stream"] {
        says(&read(MANIFEST, &with_header(header)), CheckId::ContentType, Outcome::Warn, vague);
        assert_eq!(check(&read(CONFIG, &with_header(header)), CheckId::ContentType), None);
    }
    assert_eq!(check(&read(MANIFEST, &Hints::default()), CheckId::ContentType), None);
}

#[test]
fn a_web_page_in_place_of_a_document() {
    let expected_type = expecting(media_type::OCI_MANIFEST, Source::Descriptor).expected_type;
    let document = read("<!DOCTYPE html>", &Hints { expected_type, ..with_header("text/html") });
    says(&document, CheckId::ContentType, Outcome::Warn, "the header says that this is a web page");
    let fault = "not JSON: \"<\" at line 1, column 1 stands where a value should";
    says(&document, CheckId::Parse, Outcome::Fail, fault);
}

#[test]
fn what_is_not_json_is_a_fault_where_a_document_was_meant() {
    let said = |bytes: &[u8], hints: &Hints| check(&read(bytes, hints), CheckId::Parse).unwrap().outcome;
    let (none, blob) = (Hints::default(), expecting("application/octet-stream", Source::Descriptor));
    let manifest = expecting(media_type::OCI_MANIFEST, Source::Descriptor);
    let readme = expecting("text/markdown", Source::Descriptor);
    for (bytes, hints, outcome) in [
        (&b"not json"[..], &none, Outcome::Fail),
        (b"not json", &blob, Outcome::NotChecked),
        (b"not json", &readme, Outcome::NotChecked),
        (b"not json", &manifest, Outcome::Fail),
        (b"{\"a\":1,}", &none, Outcome::Fail),
        (b"{\"a\":1,}", &blob, Outcome::Fail),
        (b"{\"a\":1,}", &readme, Outcome::NotChecked),
        (b"{\"a\":\"\xff\"}", &none, Outcome::Fail),
        (b"\x1f\x8b\x08\x00", &none, Outcome::NotChecked),
        (b"\x1f\x8b\x08\x00", &manifest, Outcome::Fail),
        (b"", &manifest, Outcome::Fail),
    ] {
        assert_eq!(said(bytes, hints), outcome, "{bytes:?} {hints:?}");
    }
    let document = read(b"\x1f\x8b\x08\x00", &none);
    assert_eq!((document.body(), document.kind(), document.json().is_none()), (&Body::Unknown, None, true));
    let message = "not a document: only its digest and size can be checked";
    says(&document, CheckId::Parse, Outcome::NotChecked, message);
}

#[test]
fn json_that_is_no_document() {
    let unknown = r#"{"schemaVersion":99999,"name":"x"}"#;
    let document = read(unknown, &Hints::default());
    assert_eq!(check(&document, CheckId::Parse).unwrap().outcome, Outcome::Fail);
    assert_eq!(document.body(), &Body::Unknown);
    let message = "is JSON; there are no rules here for application/vnd.cncf.helm.config.v1+json";
    let helm = expecting("application/vnd.cncf.helm.config.v1+json", Source::Descriptor);
    says(&read(r#"{"name":"x"}"#, &helm), CheckId::Parse, Outcome::NotChecked, message);
    let empty = expecting(media_type::OCI_EMPTY, Source::Descriptor);
    says(&read("{}", &empty), CheckId::Parse, Outcome::Pass, "is the empty JSON document {}");
    let asked = read(r#"{"unknown":"key"}"#, &expecting(media_type::DOCKER_MANIFEST, Source::User));
    assert_eq!(asked.kind(), Some(DocumentKind::Manifest));
    assert!(asked.checks().iter().any(|check| check.message == "schemaVersion is missing"));
    for text in ["[]", "1", "\"x\"", "null"] {
        assert_eq!(check(&read(text, &Hints::default()), CheckId::Parse).unwrap().outcome, Outcome::Fail, "{text}");
    }
}

#[test]
fn size_and_header_digest() {
    let hints = Hints {
        expected_size: Some((3, Source::Descriptor)),
        header_digest: Some(Algorithm::Sha256.digest(b"{}").to_string()),
        ..Hints::default()
    };
    let document = read("{}", &hints);
    says(&document, CheckId::Size, Outcome::Fail, "the descriptor says 3 bytes, there are 2");
    assert_eq!(check(&document, CheckId::HeaderDigest).unwrap().outcome, Outcome::Pass);
    assert_eq!(check(&read("{}", &Hints::default()), CheckId::HeaderDigest), None);
}

#[test]
fn a_subject_is_named() {
    let about = |media_type: &str, digest: &str| {
        let subject = format!(r#""subject":{{"mediaType":"{media_type}","size":2,"digest":"{digest}"}},"#);
        let document = read(MANIFEST.replacen('{', &format!("{{{subject}"), 1), &Hints::default());
        let check = check(&document, CheckId::Subject).unwrap();
        (check.outcome, check.message.clone())
    };
    let digest = format!("sha256:{HEX}");
    let named = format!("names the manifest that it is about, {digest}; that one is not read here");
    assert_eq!(about(media_type::OCI_MANIFEST, &digest), (Outcome::Pass, named));
    let odd = "the subject is of a type that is no known manifest".to_owned();
    assert_eq!(about("a/b", &digest), (Outcome::Warn, odd));
    assert_eq!(about(media_type::OCI_MANIFEST, "x").0, Outcome::Warn);
}

/// A schema 1 manifest, signed as libtrust signs: the signatures stand before the tail.
fn signed_schema1(extra: &str) -> (String, String) {
    let line = r#"{"v1Compatibility":"{\"id\":\"a\",\"created\":\"2015-10-31T22:22:56Z\",\"container_config\":{\"Cmd\":[\"sh\",\"-c\"]}}"}"#;
    let start = format!(
        r#"{{"schemaVersion":1,"name":"n","tag":"t","architecture":"a","fsLayers":[{{"blobSum":"sha256:{HEX}"}}],"history":[{line}]"#
    );
    // {"formatLength":NNN,"formatTail":"fQ"}: the tail is the closing brace.
    let protected = encode(&format!(r#"{{"formatLength":{},"formatTail":"fQ"}}"#, start.len()));
    let signature =
        format!(r#"{{"header":{{"alg":"ES256","jwk":{{}}}},"signature":"AAAA","protected":"{protected}"}}"#);
    (format!("{start}}}"), format!("\n{start},{extra}\"signatures\":[{signature}]}}\n"))
}

/// base64url without padding, for the test's own texts.
fn encode(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            encoded.push(char::from(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    encoded
}

#[test]
fn the_digest_of_signed_schema_1_is_that_of_its_payload() {
    let (payload, document) = signed_schema1("");
    let digest = Algorithm::Sha256.digest(payload.as_bytes());
    let verified = Verified::against(document.as_bytes(), digest.clone(), Source::Reference);
    let document = Document::parse(verified, &expecting(media_type::DOCKER_SCHEMA1_SIGNED, Source::User));
    assert_eq!(document.digest(), &digest);
    says(
        &document,
        CheckId::Digest,
        Outcome::Pass,
        "the digest of the signed payload is the one given by the reference",
    );
    let Body::Schema1(schema1) = document.body() else { panic!("not schema 1") };
    assert_eq!((schema1.signatures, schema1.layers.len()), (1, 1));
    assert_eq!(schema1.history[0].created_by.as_deref(), Some("sh -c"));
    assert_eq!(document.checks().iter().find(|check| check.outcome == Outcome::Fail), None);
}

#[test]
fn what_stands_outside_of_the_payload_is_not_shown() {
    let (_, document) = signed_schema1(r#""tag":"evil","fsLayers":[],"#);
    let document = read(document, &Hints::default());
    let Body::Schema1(schema1) = document.body() else { panic!("not schema 1") };
    assert_eq!((&*schema1.tag, schema1.layers.len()), ("t", 1));
    let message = "the document goes on after the signed payload, which is not believed: tag, fsLayers";
    says(&document, CheckId::Signature, Outcome::Fail, message);
    let (_, document) = signed_schema1(r#""Tag":"evil","#);
    let message = "the document goes on after the signed payload, which is not believed: Tag";
    says(&read(document, &Hints::default()), CheckId::Signature, Outcome::Fail, message);
    let (_, document) = signed_schema1(r#""note":"a","#);
    let message = "the document goes on after the signed payload, which is not believed: note";
    says(&read(document, &Hints::default()), CheckId::Signature, Outcome::Warn, message);
}

#[test]
fn schema_1_lists_oldest_first() {
    let line = |created: &str, more: &str| format!(r#"{{"v1Compatibility":"{{\"created\":\"{created}\"{more}}}"}}"#);
    let text = format!(
        r#"{{"schemaVersion":1,"fsLayers":[{{"blobSum":"new"}},{{"blobSum":"old"}}],"history":[{},{}]}}"#,
        line("2", r#",\"throwaway\":true"#),
        line("1", "")
    );
    let Body::Schema1(schema1) = read(text, &Hints::default()).body().clone() else { panic!("not schema 1") };
    assert_eq!(schema1.layers, ["old", "new"]);
    let history: Vec<_> = schema1.history.iter().map(|line| (line.created.as_deref(), line.empty_layer)).collect();
    assert_eq!(history, [(Some("1"), false), (Some("2"), true)]);
    assert_eq!(schema1.payload_digest, None);
}

#[test]
fn bombs_end_in_a_limit() {
    let manifest = expecting(media_type::OCI_MANIFEST, Source::Descriptor);
    let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
    says(&read(deep, &manifest), CheckId::Limits, Outcome::NotChecked, "the document nests deeper than 128 levels");
    let wide = format!("{{\"a\":[{}0]}}", "0,".repeat(limits::JSON_VALUES));
    assert_eq!(check(&read(wide, &Hints::default()), CheckId::Limits).unwrap().outcome, Outcome::NotChecked);
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(limits::DOCUMENT_BYTES));
    let message = format!("the document has {} bytes; at most {} are read", long.len(), limits::DOCUMENT_BYTES);
    says(&read(&long, &manifest), CheckId::Limits, Outcome::NotChecked, &message);
    let many = format!(r#"{{"schemaVersion":2,"manifests":[{}0]}}"#, "0,".repeat(limits::DOCUMENT_NODES));
    let document = read(many, &Hints::default());
    says(
        &document,
        CheckId::Limits,
        Outcome::NotChecked,
        "manifests has 30001 entries; only the first 30000 are shown",
    );
    let Body::Index(index) = document.body() else { panic!("not an index") };
    assert_eq!(index.manifests.len(), limits::DOCUMENT_NODES);
}

/// An index of 10,000 entries, each with a platform and annotations: some 4 MiB.
fn large_index() -> String {
    let entries: Vec<String> = (0..10_000)
        .map(|n| {
            format!(
                r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{n:064x}","size":{n},
                "platform":{{"os":"linux","architecture":"arm64","variant":"v8","os.features":["a"]}},
                "annotations":{{"org.opencontainers.image.created":"2015-10-31T22:22:56Z","com.example.entry":"{n}","b":"{}"}}}}"#,
                "x".repeat(60)
            )
        })
        .collect();
    format!(r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{}]}}"#, media_type::OCI_INDEX, entries.join(","))
}

#[test]
fn a_large_index_takes_no_time() {
    let index = large_index();
    let start = Instant::now();
    let document = read(&index, &Hints::default());
    let took = start.elapsed();
    assert_eq!(document.checks().iter().find(|check| matches!(check.outcome, Outcome::Fail | Outcome::Warn)), None);
    eprintln!("{} bytes in {took:?}", index.len());
    // Generous for a debug build on a busy machine; anything quadratic takes minutes.
    assert!(took < Duration::from_secs(10), "{took:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_panics(bytes: Vec<u8>, told in 0..4_usize) {
        let types = [media_type::OCI_MANIFEST, media_type::DOCKER_SCHEMA1_SIGNED, "application/octet-stream", "a/b"];
        let _ = read(&bytes, &expecting(types[told], Source::Descriptor));
        let _ = read(&bytes, &Hints::default());
    }

    #[test]
    fn changed_documents_never_panic(which in 0..3_usize, at: prop::sample::Index, cut in 0..8_usize, new in ".{0,6}") {
        let text = [MANIFEST, CONFIG, &signed_schema1("").1][which].as_bytes().to_vec();
        let from = at.index(text.len());
        let mut bytes = text[..from].to_vec();
        bytes.extend_from_slice(new.as_bytes());
        bytes.extend_from_slice(&text[(from + cut).min(text.len())..]);
        let document = read(&bytes, &Hints::default());
        prop_assert!(document.checks().iter().any(|check| check.id == CheckId::Digest));
    }

    #[test]
    fn a_value_of_any_type_anywhere_never_panics(
        at: prop::sample::Index,
        value in prop::sample::select(vec!["null", "0", "-1", "1e9", "\"\"", "[]", "{}", "[[]]", "true"]),
    ) {
        for text in [MANIFEST, CONFIG, &signed_schema1("").1] {
            let places: Vec<usize> = text.match_indices(':').map(|(at, _)| at + 1).collect();
            let place = places[at.index(places.len())];
            let end = text[place..].find([',', '}']).map_or(text.len(), |end| place + end);
            let _ = read(format!("{}{value}{}", &text[..place], &text[end..]), &Hints::default());
        }
    }

    #[test]
    fn a_digest_passes_only_where_sha256_says_so(bytes: Vec<u8>, other: Vec<u8>) {
        let expected = Algorithm::Sha256.digest(&other);
        let document = Document::parse(Verified::against(bytes.clone(), expected, Source::Reference), &Hints::default());
        let passed = check(&document, CheckId::Digest).unwrap().outcome == Outcome::Pass;
        prop_assert_eq!(passed, bytes == other);
        let right = Algorithm::Sha256.digest(&bytes);
        let document = Document::parse(Verified::against(bytes, right, Source::Reference), &Hints::default());
        prop_assert_eq!(check(&document, CheckId::Digest).unwrap().outcome, Outcome::Pass);
    }
}

#[test]
fn a_member_in_another_case_is_read_as_engines_read_it() {
    let text = CONFIG
        .replace("\"User\"", "\"uſer\"")
        .replace("\"Env\": [\"A=b\"]", "\"ENV\": [\"DB_PASSWORD=hunter22\"]")
        .replace("\"Entrypoint\"", "\"entrypoint\"")
        .replace("\"config\"", "\"Config\"")
        .replace("\"diff_ids\"", "\"diff_IDs\"")
        .replace("\"created_by\": \"ADD x\"", "\"CREATED_BY\": \"ADD x\"");
    let document = read(text, &Hints::default());
    let Body::Config(config) = document.body() else { panic!("not a config") };
    assert_eq!(config.image.user.as_deref(), Some("me"));
    assert_eq!(config.image.entrypoint.as_deref(), Some(&["/a".to_owned()][..]));
    assert_eq!(
        (&config.image.env[..], &config.image.secret_env[..]),
        (&["DB_PASSWORD=hunter22".to_owned()][..], &[0][..])
    );
    assert_eq!(config.diff_ids, [format!("sha256:{HEX}")]);
    assert_eq!(config.history[0].created_by.as_deref(), Some("ADD x"));
    assert_eq!(check(&document, CheckId::Secret).unwrap().outcome, Outcome::Warn);
    let cases = document.checks().iter().filter(|check| check.reason == "name-in-other-case");
    let paths: Vec<_> = cases.map(|check| (check.outcome, check.path.as_deref().unwrap())).collect();
    for path in ["$.Config", "$.Config.ENV", "$.Config.entrypoint", "$.rootfs.diff_IDs", "$.history[0].CREATED_BY"] {
        assert!(paths.contains(&(Outcome::Warn, path)), "{path}: {paths:?}");
    }
    assert_eq!(document.checks().iter().find(|check| check.outcome == Outcome::Fail), None);
    assert!(!document.checks().iter().any(|check| check.id == CheckId::Schema && check.outcome == Outcome::Pass));
}

#[test]
fn of_two_members_for_one_field_the_last_is_shown_and_both_fail() {
    for (first, last) in [("User", "user"), ("uſer", "User"), ("User", "U\\u0053ER")] {
        let text = CONFIG.replace("\"User\": \"me\"", &format!("\"{first}\": \"me\", \"{last}\": \"root\""));
        let document = read(text, &Hints::default());
        let Body::Config(config) = document.body() else { panic!("not a config") };
        assert_eq!(config.image.user.as_deref(), Some("root"), "{first} {last}");
        let found = check(&document, CheckId::DuplicateKey).unwrap();
        assert_eq!((found.outcome, found.reason), (Outcome::Fail, "one-name-for-go"), "{first} {last}");
    }
}

#[test]
fn a_manifest_in_another_case_is_a_manifest() {
    let text = MANIFEST
        .replace("\"layers\"", "\"layerſ\"")
        .replace("\"digest\"", "\"Digest\"")
        .replace("\"size\"", "\"ſize\"");
    let document = read(text, &Hints::default());
    let Body::Manifest(manifest) = document.body() else { panic!("not a manifest") };
    assert_eq!((manifest.layers[0].size, &*manifest.layers[0].digest_text), (Some(7), &*format!("sha256:{HEX}")));
    assert_eq!(check(&document, CheckId::Ambiguous).unwrap().outcome, Outcome::Pass);
    let twice = MANIFEST.replace("\"schemaVersion\"", "\"Manifeſts\": [], \"schemaVersion\"");
    assert_eq!(check(&read(twice, &Hints::default()), CheckId::Ambiguous).unwrap().outcome, Outcome::Fail);
}
