//! Forgeries and mistakes in signatures: each trap is a good bundle that is changed in one place. Traps that only a
//! signer of one's own can set is in `tests/wasm/trust-traps.test.mjs` and `tests/wasm/trust-certificates.test.mjs`, by
//! a world of trust that is made for them (`tests/authority`).
//!
//! The traps and the tests that hold each of them; `every_trap_names_tests_that_exist` reads this list.
//!
//! 1. The payload names another image, or is under another name: `trap_1_a_payload_is_about_its_digest_whatever_it_is_called`,
//!    `trap_1_a_payload_under_another_name_is_a_warning`; `tests/e2e/own-trust.test.mjs` "another image".
//! 2. Subjects, several, in upper case, of SHA-512 alone, none: `trap_2_the_subject_is_another_images`,
//!    `trap_2_a_statement_with_several_subjects_is_held_against_the_one_in_view`; `tests/wasm/trust-traps.test.mjs` "trap 2".
//! 3. Type and payload are signed, the envelope's hash is not compared: `trap_3_the_signature_covers_the_type_and_is_the_only_one`;
//!    `tests/wasm/trust-traps.test.mjs` "trap 3".
//! 4. The log's entry, its signature, key, digest, kind, version: `trap_4_the_log_entry_is_of_this_signature`;
//!    `tests/wasm/trust-traps.test.mjs` "trap 4".
//! 5. Times of the log, of a clock, of both, in the future, unsigned: `trap_5_times_are_signed_and_have_been`;
//!    `tests/wasm/trust-traps.test.mjs` "trap 5"; `tests/e2e/own-trust.test.mjs` "an expired certificate".
//! 6. Logs and checkpoints: `trap_6_an_unknown_log_is_not_checked_and_a_wrong_key_fails`,
//!    `trap_6_a_log_of_a_root_says_since_when_its_key_is_in_use`; `tests/wasm/trust-traps.test.mjs` "trap 6";
//!    `tests/e2e/own-trust.test.mjs` "a log's wrong key".
//! 7. The hash is not the curve's: `trap_7_the_hash_is_not_the_curves`; `tests/wasm/trust-traps.test.mjs` "trap 7".
//! 8. Schemes, short keys, SHA-1: `trap_8_weak_keys_are_refused`; `tests/wasm/trust-certificates.test.mjs` "trap 8";
//!    `tests/trust_primitives.rs` `wycheproofs_cases_get_their_results`; `tests/wasm/trust.test.mjs` "Wycheproof's cases".
//! 9. Certificates: `trap_9_a_root_in_the_bundle_is_no_anchor`; `tests/wasm/trust-certificates.test.mjs` "trap 9".
//! 10. The certificate's log: `trap_10_an_unknown_certificate_log_is_not_checked_and_a_wrong_key_fails`;
//!     `tests/wasm/trust-certificates.test.mjs` "trap 10".
//! 11. Timestamps: `trap_11_a_timestamp_is_over_this_signature`; `tests/wasm/trust-certificates.test.mjs` "trap 11".
//! 12. Doubtful JSON: `trap_12_json_that_programs_read_differently_fails`,
//!     `trap_12_a_payload_with_names_in_another_case_fails`; `tests/wasm/trust-certificates.test.mjs` "trap 12".
//! 13. Referrers and platforms: `trap_13_a_signature_of_a_platform_does_not_cover_the_index`,
//!     `trap_13_a_signed_attestation_counts_for_the_image_that_its_own_statements_name`,
//!     `trap_13_a_platform_that_alone_is_signed_is_named`,
//!     `trap_13_a_signature_says_which_other_document_of_the_index_it_is_about`,
//!     `trap_13_without_an_image_no_signature_counts`,
//!     `trap_13_a_bad_signature_among_good_ones_is_told_and_does_not_sum_up`;
//!     `tests/e2e/referrers.test.mjs` "the referrers API: pages by Link, another subject"; `src/image/referrers/tests.rs`.
//! 14. Annotations and keys: `trap_14_annotations_are_bounded_and_read_strictly`;
//!     `tests/wasm/trust-certificates.test.mjs` "trap 14"; `src/trust/key.rs` `anything_but_one_public_key_is_refused`.
//! 15. The Notary Project: `trap_15_notation_is_read_and_its_target_is_held_against_the_image`,
//!     `trap_15_an_unknown_critical_header_is_not_checked_and_a_passed_expiry_fails`,
//!     `trap_15_envelopes_of_notation_say_who_signed_and_when`, `trap_15_what_is_no_envelope_is_said`;
//!     `tests/e2e/own-trust.test.mjs` "a signature of the Notary Project says who and when, is not verified".
//! 16. A list of another image: `tests/statements.rs` `trap_16_the_subject_decides_and_names_are_claims`;
//!     `tests/wasm/trust-certificates.test.mjs` "trap 16".

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]
#![cfg(feature = "trust")]

mod trusting;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use stowplan::covers::{Covers, NodeFacts};
use stowplan::report::Verdict;
use stowplan::trust::{Artifact, Found, Key, Layer, Material, Proof, Question, Roots, TrustVerdict, judge, prove};
use stowplan::{Algorithm, CheckId, Digest, Outcome};
use trusting::{outcome, question, vectors};

const BUNDLES: &str = "sigstore_sigstore-java/sigstore-java/src/test/resources/dev/sigstore/samples/bundles";
const ROOT: &str = "sigstore_root-signing/targets/trusted_root.json";

/// A good bundle, what it is about, and the root that it is judged by.
struct Case {
    bundle: Value,
    root: Value,
    question: Question,
}

impl Case {
    /// A signature over a file's digest.
    fn message(folder: &Path) -> Self {
        let artifact = fs::read(folder.join(BUNDLES).join("artifact.txt")).unwrap();
        Self::of(folder, "bundle.v3.sigstore", Artifact::Digest(Algorithm::Sha256.digest(&artifact)))
    }

    /// A signed statement.
    fn statement(folder: &Path) -> Self {
        let mut case = Self::of(folder, "bundle.dsse.sigstore", Artifact::Bytes(Vec::new()));
        let subject = case.payload().pointer("/subject/0/digest/sha256").unwrap().as_str().unwrap().to_owned();
        case.question.artifact = Artifact::Digest(Digest::parse(&format!("sha256:{subject}")).unwrap());
        case
    }

    fn of(folder: &Path, name: &str, artifact: Artifact) -> Self {
        let read = |path: &Path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        Self {
            bundle: read(&folder.join(BUNDLES).join(name)),
            root: read(&folder.join(ROOT)),
            question: question(artifact),
        }
    }

    fn payload(&self) -> Value {
        serde_json::from_slice(&decode(self.bundle.pointer("/dsseEnvelope/payload").unwrap())).unwrap()
    }

    fn entry(&mut self) -> &mut Value {
        self.bundle.pointer_mut("/verificationMaterial/tlogEntries/0").unwrap()
    }

    fn log(&mut self) -> &mut Value {
        let id = self.entry()["logId"]["keyId"].clone();
        let logs = self.root["tlogs"].as_array_mut().unwrap();
        logs.iter_mut().find(|log| log["logId"]["keyId"] == id).unwrap()
    }

    fn proof(&self) -> Proof {
        let material = Material::parse(&self.bundle.to_string()).unwrap();
        prove(&material, &self.question, &Roots::parse(&self.root.to_string()).unwrap())
    }

    #[track_caller]
    fn says(&self, id: CheckId, outcome_then: Outcome, reason: &str) {
        let proof = self.proof();
        assert_eq!(outcome(&proof, id), Some((outcome_then, reason)), "{:#?}", proof.checks);
        assert_ne!(proof.verdict, Verdict::Verified);
        if outcome_then == Outcome::Fail {
            assert_eq!(proof.verdict, Verdict::Failed);
        }
    }

    #[track_caller]
    fn cannot_be_read(&self) {
        assert_eq!(Material::parse(&self.bundle.to_string()).err().unwrap().code(), "bundle-invalid");
    }
}

fn decode(base64: &Value) -> Vec<u8> {
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, base64.as_str().unwrap()).unwrap()
}

fn encode(bytes: &[u8]) -> Value {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes).into()
}

/// True if every step passes but for who should have signed.
fn is_good(proof: &Proof) -> bool {
    proof.checks.iter().all(|check| check.outcome == Outcome::Pass || check.id == CheckId::Identity)
}

/// The rows of the list above: the number of each trap, and its text.
fn rows() -> Vec<(usize, String)> {
    let mut rows: Vec<(usize, String)> = Vec::new();
    let lines = include_str!("trust_traps.rs").lines().map_while(|line| line.strip_prefix("//!"));
    for line in lines.skip_while(|line| !line.starts_with(" 1. ")) {
        match line.trim().split_once(". ").and_then(|(number, text)| Some((number.parse().ok()?, text.to_owned()))) {
            Some(row) => rows.push(row),
            None => rows.last_mut().unwrap().1 += line,
        }
    }
    rows
}

/// The first test that a row names and that is not there; the number of those that are.
fn named_tests(row: &str) -> Result<usize, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| fs::read_to_string(here.join(file)).map_err(|error| format!("{file}: {error}"));
    let (mut file, mut found) = (read("tests/trust_traps.rs")?, 0);
    for (at, piece) in row.split('`').enumerate() {
        if at % 2 == 0 {
            for title in piece.split('"').skip(1).step_by(2) {
                // The title of a test, or the name of a case of one.
                let is_there =
                    file.contains(&format!("test(\"{title}")) || file.contains(&format!("\n\t\"{title}\": {{"));
                found += usize::from(is_there);
                is_there.then_some(()).ok_or_else(|| title.to_owned())?;
            }
        } else if piece.contains('/') {
            file = read(piece)?;
            file.contains("#[test]")
                .then_some(())
                .or(piece.ends_with(".mjs").then_some(()))
                .ok_or_else(|| piece.to_owned())?;
        } else {
            file.contains(&format!("fn {piece}()")).then_some(()).ok_or_else(|| piece.to_owned())?;
            found += 1;
        }
    }
    Ok(found)
}

#[test]
fn every_trap_names_tests_that_exist() {
    let rows = rows();
    assert_eq!(rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=16).collect::<Vec<_>>());
    for (number, row) in &rows {
        let found = named_tests(row).unwrap_or_else(|missing| panic!("trap {number}: there is no test {missing}"));
        assert!(found >= 2, "trap {number}: {row}");
        // No test of a trap is left out.
        let own = format!("fn trap_{number}_");
        for name in include_str!("trust_traps.rs").lines().filter(|line| line.starts_with(&own)) {
            let name = name.trim_start_matches("fn ").trim_end_matches("() {");
            assert!(row.contains(&format!("`{name}`")), "trap {number}: {name}");
        }
    }
    assert_eq!(named_tests("`no_such_test`"), Err("no_such_test".into()));
    assert_eq!(named_tests("`tests/wasm/trust-traps.test.mjs` \"trap 99\""), Err("trap 99".into()));
    assert!(named_tests("`tests/no-such-file.rs`").is_err());
}

#[test]
fn the_unchanged_cases_are_good() {
    let Some(folder) = vectors() else { return };
    assert!(is_good(&Case::message(&folder).proof()));
    assert!(is_good(&Case::statement(&folder).proof()));
}

#[test]
fn trap_2_the_subject_is_another_images() {
    let Some(folder) = vectors() else { return };
    for mut case in [Case::message(&folder), Case::statement(&folder)] {
        case.question.artifact = Artifact::Digest(Algorithm::Sha256.digest(b"another"));
        case.says(CheckId::SignedSubject, Outcome::Fail, "subject-differs");
        assert_eq!(outcome(&case.proof(), CheckId::Signature), Some((Outcome::Pass, "signature-fits")));
        case.question.artifact = Artifact::Digest(Algorithm::Sha512.digest(b"another"));
        case.says(CheckId::SignedSubject, Outcome::NotChecked, "subject-algorithm-other");
    }
}

#[test]
fn trap_3_the_signature_covers_the_type_and_is_the_only_one() {
    let Some(folder) = vectors() else { return };
    let mut case = Case::statement(&folder);
    case.bundle["dsseEnvelope"]["payloadType"] = "application/vnd.in-toto+json ".into();
    case.says(CheckId::Signature, Outcome::Fail, "signature-differs");
    let mut case = Case::statement(&folder);
    let signature = case.bundle["dsseEnvelope"]["signatures"][0].clone();
    case.bundle["dsseEnvelope"]["signatures"] = json!([signature, signature]);
    case.cannot_be_read();
}

#[test]
fn trap_4_the_log_entry_is_of_this_signature() {
    let Some(folder) = vectors() else { return };
    let mut case = Case::message(&folder);
    *case.entry() = Case::of(&folder, "bundle-with-wrong-tlog-entry.sigstore", Artifact::Bytes(vec![])).entry().clone();
    case.says(CheckId::LogEntry, Outcome::Fail, "entry-differs");
    let mut case = Case::message(&folder);
    case.entry()["kindVersion"] = json!({ "kind": "dsse", "version": "0.0.1" });
    case.says(CheckId::LogEntry, Outcome::Fail, "entry-differs");
    let mut case = Case::message(&folder);
    case.entry()["kindVersion"] = json!({ "kind": "rfc3161", "version": "0.0.1" });
    case.says(CheckId::LogEntry, Outcome::NotChecked, "entry-kind-unknown");
}

#[test]
fn trap_5_times_are_signed_and_have_been() {
    let Some(folder) = vectors() else { return };
    let mut case = Case::message(&folder);
    case.question.now = 1_600_000_000;
    case.says(CheckId::SignedTime, Outcome::Fail, "time-in-future");
    let mut case = Case::message(&folder);
    case.entry().as_object_mut().unwrap().remove("inclusionPromise");
    case.says(CheckId::SignedTime, Outcome::NotChecked, "no-signed-time");
    case.says(CheckId::Certificate, Outcome::NotChecked, "no-signed-time");
    let mut case = Case::message(&folder);
    case.entry()["integratedTime"] = "1700000000".into();
    case.says(CheckId::LogInclusion, Outcome::Fail, "promise-wrong");
    let artifact = case.question.artifact.clone();
    let expired = Case::of(&folder, "bundle-with-expired-cert.sigstore", artifact);
    assert_eq!(expired.proof().verdict, Verdict::Failed);
}

#[test]
fn trap_6_an_unknown_log_is_not_checked_and_a_wrong_key_fails() {
    let Some(folder) = vectors() else { return };
    let mut case = Case::message(&folder);
    case.log()["logId"]["keyId"] = encode(&[7; 32]);
    case.says(CheckId::LogInclusion, Outcome::NotChecked, "log-unknown");
    let mut case = Case::message(&folder);
    case.log()["publicKey"]["rawBytes"] = case.root["ctlogs"][0]["publicKey"]["rawBytes"].clone();
    case.says(CheckId::LogInclusion, Outcome::Fail, "promise-wrong");
    let mut case = Case::message(&folder);
    case.log()["publicKey"]["validFor"] = json!({ "start": "2021-01-12T11:53:27Z", "end": "2021-01-13T00:00:00Z" });
    case.says(CheckId::LogInclusion, Outcome::Fail, "promise-wrong");
    let mut case = Case::message(&folder);
    case.log()["publicKey"]["validFor"] = json!({ "end": "2099-01-13T00:00:00Z" });
    assert_eq!(Roots::parse(&case.root.to_string()).err().unwrap().code(), "trust-root-invalid");
    let mut case = Case::message(&folder);
    case.entry()["inclusionProof"]["hashes"] = json!([]);
    case.says(CheckId::LogInclusion, Outcome::Fail, "proof-wrong");
    let mut case = Case::message(&folder);
    let checkpoint = Case::statement(&folder).entry()["inclusionProof"]["checkpoint"].clone();
    case.entry()["inclusionProof"]["checkpoint"] = checkpoint;
    case.says(CheckId::LogInclusion, Outcome::Fail, "proof-wrong");
}

#[test]
fn trap_6_a_log_of_a_root_says_since_when_its_key_is_in_use() {
    let Some(folder) = vectors() else { return };
    let key = "/publicKey";
    for list in ["tlogs", "ctlogs"] {
        for bad in [
            None,
            Some(Value::Null),
            Some(json!({})),
            Some(json!({ "end": "2044-01-01T00:00:00Z" })),
            Some(json!({ "start": "" })),
        ] {
            let mut root = Case::message(&folder).root;
            for log in root[list].as_array_mut().unwrap() {
                let key = log.pointer_mut(key).unwrap().as_object_mut().unwrap();
                match &bad {
                    Some(bad) => drop(key.insert("validFor".into(), bad.clone())),
                    None => drop(key.remove("validFor")),
                }
            }
            let error = Roots::parse(&root.to_string()).err().unwrap_or_else(|| panic!("{list} {bad:?}"));
            assert_eq!(error.code(), "trust-root-invalid");
        }
    }
}

#[test]
fn trap_7_the_hash_is_not_the_curves() {
    use p384::ecdsa::signature::hazmat::PrehashSigner;
    let signing = p384::ecdsa::SigningKey::from_slice(&[5; 48]).unwrap();
    let point = signing.verifying_key().to_sec1_point(false);
    let prefix =
        [0x30, 0x76, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22, 3, 0x62, 0];
    let spki = [&prefix[..], point.as_bytes()].concat();
    let text = encode(&spki);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", text.as_str().unwrap());
    let about = Algorithm::Sha256.digest(b"the image");
    let payload = simple_signing(&about);
    let digest = Algorithm::Sha256.digest(&payload);
    let raw: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&digest.encoded()[2 * at..2 * at + 2], 16).unwrap()).collect();
    let signature: p384::ecdsa::DerSignature = signing.sign_prehash(&raw).unwrap();
    let found = legacy(&about, &payload, signature.as_bytes());
    let signatures = judged(&[found], &[Key::parse(&pem).unwrap()], &about);
    assert_eq!(signatures.trust.verdict, TrustVerdict::SignedByNamed, "{:#?}", signatures.judged);
}

fn simple_signing(about: &Digest) -> Vec<u8> {
    json!({ "critical": {
        "identity": { "docker-reference": "registry.example/app" },
        "image": { "docker-manifest-digest": about.as_str() },
        "type": "cosign container image signature",
    }, "optional": null })
    .to_string()
    .into_bytes()
}

fn legacy(about: &Digest, payload: &[u8], signature: &[u8]) -> Found {
    Found {
        id: "0/layers[0]".into(),
        about: vec![about.clone()],
        media_type: "application/vnd.dev.cosign.simplesigning.v1+json".into(),
        annotations: vec![("dev.cosignproject.cosign/signature".into(), encode(signature).as_str().unwrap().into())],
        bytes: Some(payload.to_vec()),
    }
}

fn judged(found: &[Found], keys: &[Key], image: &Digest) -> stowplan::trust::Signatures {
    let question = Question { keys: keys.to_vec(), ..question(Artifact::Bytes(Vec::new())) };
    judge(found, &question, &Roots::shipped().unwrap(), &Covers::only(image), Some(1))
}

/// A P-256 key of these tests, and what it signs.
fn p256_signed(about: &Digest) -> (Key, Found) {
    p256_signed_by(9, about, &simple_signing(about))
}

/// Any payload, signed by the key that is made of a number.
fn p256_signed_by(secret: u8, about: &Digest, payload: &[u8]) -> (Key, Found) {
    use p256::ecdsa::signature::Signer;
    let signing = p256::ecdsa::SigningKey::from_slice(&[secret; 32]).unwrap();
    let point = signing.verifying_key().to_sec1_point(false);
    let prefix = [
        0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7,
        3, 0x42, 0,
    ];
    let text = encode(&[&prefix[..], point.as_bytes()].concat());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", text.as_str().unwrap());
    let signature: p256::ecdsa::DerSignature = signing.sign(payload);
    (Key::parse(&pem).unwrap(), legacy(about, payload, signature.as_bytes()))
}

#[test]
fn trap_8_weak_keys_are_refused() {
    // 1,024 bits: a modulus of 128 bytes.
    let modulus = [&[0x02, 0x81, 0x81, 0x00][..], &[0xff; 128]].concat();
    let numbers = [&modulus[..], &[0x02, 0x03, 1, 0, 1]].concat();
    let key = [&[0x30, 0x81, u8::try_from(numbers.len()).unwrap()][..], &numbers].concat();
    let pem =
        format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----", encode(&key).as_str().unwrap());
    let error = Key::parse(&pem).unwrap_err();
    assert_eq!(error.code(), "key-invalid");
    assert!(error.to_string().contains("1024 bits"), "{error}");
}

#[test]
fn trap_9_a_root_in_the_bundle_is_no_anchor() {
    let Some(folder) = vectors() else { return };
    let mut case = Case::message(&folder);
    // The root's own authorities go, and come back with the bundle.
    let chains = case.root["certificateAuthorities"].as_array().unwrap().clone();
    let brought = chains.iter().flat_map(|one| one["certChain"]["certificates"].as_array().unwrap().clone());
    let leaf = case.bundle["verificationMaterial"]["certificate"].clone();
    let certificates: Vec<_> = std::iter::once(leaf).chain(brought).collect();
    let material = case.bundle["verificationMaterial"].as_object_mut().unwrap();
    material.remove("certificate");
    material.insert("x509CertificateChain".into(), json!({ "certificates": certificates }));
    case.bundle["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2".into();
    assert!(is_good(&case.proof()), "with its authorities");
    case.root["certificateAuthorities"] = json!([]);
    case.says(CheckId::Certificate, Outcome::NotChecked, "authority-unknown");
}

#[test]
fn trap_10_an_unknown_certificate_log_is_not_checked_and_a_wrong_key_fails() {
    let Some(folder) = vectors() else { return };
    let mut case = Case::message(&folder);
    case.root["ctlogs"] = json!([case.root["ctlogs"][0].clone()]);
    case.root["ctlogs"][0]["logId"]["keyId"] = encode(&[7; 32]);
    case.says(CheckId::CertificateLog, Outcome::NotChecked, "certificate-log-unknown");
    let mut case = Case::message(&folder);
    let another = case.root["tlogs"][0]["publicKey"]["rawBytes"].clone();
    for log in case.root["ctlogs"].as_array_mut().unwrap() {
        log["publicKey"]["rawBytes"] = another.clone();
    }
    case.says(CheckId::CertificateLog, Outcome::Fail, "certificate-not-logged");
}

#[test]
fn trap_11_a_timestamp_is_over_this_signature() {
    let Some(folder) = vectors() else { return };
    let staging = "sigstore_root-signing-staging/targets/trusted_root.json";
    let artifact = Case::message(&folder).question.artifact;
    let stamped = Case::of(&folder, "bundle-with-timestamp.sigstore", artifact.clone());
    let mut case = Case::message(&folder);
    case.bundle["verificationMaterial"]["timestampVerificationData"] =
        stamped.bundle["verificationMaterial"]["timestampVerificationData"].clone();
    let with_staging: Value = serde_json::from_slice(&fs::read(folder.join(staging)).unwrap()).unwrap();
    case.root["timestampAuthorities"] = with_staging["timestampAuthorities"].clone();
    case.says(CheckId::SignedTime, Outcome::Fail, "timestamp-of-other-bytes");
    case.root["timestampAuthorities"] = json!([]);
    case.says(CheckId::SignedTime, Outcome::NotChecked, "timestamp-authority-unknown");
}

#[test]
fn trap_12_json_that_programs_read_differently_fails() {
    let Some(folder) = vectors() else { return };
    let case = Case::message(&folder);
    let text = case.bundle.to_string();
    let twice = format!("{{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",{}", &text[1..]);
    assert_eq!(Material::parse(&twice).err().unwrap().code(), "bundle-invalid");
    let (message, statement) = (Case::message(&folder), Case::statement(&folder));
    for name in ["dsseEnvelope", "dsse_envelope"] {
        let mut case = Case::message(&folder);
        case.bundle[name] = statement.bundle["dsseEnvelope"].clone();
        case.cannot_be_read();
    }
    let mut case = Case::statement(&folder);
    case.bundle["messageSignature"] = message.bundle["messageSignature"].clone();
    case.cannot_be_read();
    for (name, more) in [
        ("publicKey", json!({ "hint": "" })),
        ("x509CertificateChain", json!({ "certificates": [case.bundle["verificationMaterial"]["certificate"]] })),
        ("public_key", json!({})),
    ] {
        let mut case = Case::message(&folder);
        case.bundle["verificationMaterial"][name] = more;
        case.cannot_be_read();
        case.bundle["verificationMaterial"][name] = Value::Null;
        assert!(is_good(&case.proof()), "null is none");
    }
    let mut case = Case::message(&folder);
    let signature = case.bundle["messageSignature"]["signature"].as_str().unwrap().trim_end_matches('=').to_owned();
    case.bundle["messageSignature"]["signature"] = format!("{signature}!").into();
    case.cannot_be_read();
}

#[test]
fn trap_13_a_signature_of_a_platform_does_not_cover_the_index() {
    let (index, platform) = (Algorithm::Sha256.digest(b"the index"), Algorithm::Sha256.digest(b"linux/arm64"));
    let (key, found) = p256_signed(&platform);
    let signatures = judged(std::slice::from_ref(&found), std::slice::from_ref(&key), &index);
    let check = outcome(&signatures.judged[0].proof, CheckId::SignedSubject);
    assert_eq!(check, Some((Outcome::Fail, "subject-differs")));
    assert_eq!(signatures.trust.verdict, TrustVerdict::Failed);
    assert_eq!((signatures.trust.good, signatures.trust.named), (0, 0));
    assert_eq!(signatures.policy.unwrap().outcome, Outcome::Fail);
    let signatures = judged(&[found.clone(), found], &[key], &platform);
    let policy = signatures.policy.unwrap();
    assert_eq!(
        (policy.outcome, policy.actual.as_deref()),
        (Outcome::Pass, Some("1")),
        "one signature twice counts once"
    );
}

fn read(nodes: &Value) -> Vec<NodeFacts> {
    NodeFacts::read(&nodes.to_string()).unwrap()
}

/// An index of a platform in view, `linux/arm64`, and an attestation manifest that it says is of the former, whose statement
/// is about `attested`; its digest, and what it covers.
fn attestation_of(view: &Digest, attested: &Digest, is_read: bool) -> (Digest, Covers) {
    let statement = json!({ "subject": [{ "digest": { "sha256": attested.encoded() } }] }).to_string();
    let named = Algorithm::Sha256.digest(statement.as_bytes());
    let layer =
        json!({ "mediaType": "application/vnd.in-toto+json", "digest": named.as_str(), "size": statement.len() });
    let manifest = json!({ "schemaVersion": 2, "layers": [layer] }).to_string();
    let digest = Algorithm::Sha256.digest(manifest.as_bytes());
    let nodes = json!([
        { "id": "0", "kind": "index", "digest": Algorithm::Sha256.digest(b"the index").as_str(), "read": true },
        { "id": "0/a", "kind": "manifest", "digest": view.as_str(), "read": true, "parent": "0", "chosen": true },
        { "id": "0/b", "kind": "manifest", "digest": Algorithm::Sha256.digest(b"linux/arm64").as_str(), "parent": "0",
          "platform": { "os": "linux", "architecture": "arm64" } },
        { "id": "0/c", "kind": "attestation", "digest": digest.as_str(), "parent": "0", "attests": view.as_str() },
        { "id": "0/d", "kind": "index", "digest": Algorithm::Sha256.digest(b"another index").as_str(), "parent": "0" },
        { "id": "0/d/a", "kind": "manifest", "digest": Algorithm::Sha256.digest(b"its image").as_str(), "parent": "0/d",
          "platform": { "os": "linux", "architecture": "amd64" } },
    ]);
    let bytes = [(digest.to_string(), manifest.into_bytes()), (named.to_string(), statement.into_bytes())];
    let covers = Covers::of(&read(&nodes), None, if is_read { &bytes } else { &[] });
    (digest, covers)
}

#[test]
fn trap_13_a_signed_attestation_counts_for_the_image_that_its_own_statements_name() {
    let [view, arm64, other, elsewhere] = ["linux/amd64", "linux/arm64", "another image", "its image"]
        .map(|one| Algorithm::Sha256.digest(one.as_bytes()));
    for (attested, is_read, expected, verdict) in [
        (&view, true, (Outcome::Pass, "subject-fits"), TrustVerdict::SignedByNamed),
        (&other, true, (Outcome::Fail, "subject-differs"), TrustVerdict::Failed),
        (&arm64, true, (Outcome::Fail, "subject-of-platform"), TrustVerdict::Failed),
        (&elsewhere, true, (Outcome::Fail, "subject-of-other-index"), TrustVerdict::Failed),
        (&view, false, (Outcome::NotChecked, "attestation-not-read"), TrustVerdict::Unknown),
    ] {
        let (digest, covers) = attestation_of(&view, attested, is_read);
        let (key, found) = p256_signed(&digest);
        let question = Question { keys: vec![key], ..question(Artifact::Bytes(Vec::new())) };
        let signatures = judge(&[found], &question, &Roots::shipped().unwrap(), &covers, Some(1));
        let proof = &signatures.judged[0].proof;
        assert_eq!(outcome(proof, CheckId::SignedSubject), Some(expected), "{attested}");
        assert_eq!(outcome(proof, CheckId::Signature), Some((Outcome::Pass, "signature-fits")), "its own steps stay");
        assert_eq!(signatures.trust.verdict, verdict);
        let counts = usize::from(expected.0 == Outcome::Pass);
        assert_eq!((signatures.trust.good, signatures.trust.named), (counts, counts));
        let only = (counts == 1).then(|| view.to_string());
        assert_eq!(signatures.trust.only, only, "the attestation is about one platform, which has no name");
        let policy = if counts == 1 { Outcome::Pass } else { Outcome::Fail };
        assert_eq!(signatures.policy.unwrap().outcome, policy);
        assert_eq!(signatures.image.as_deref(), Some("0"));
        if expected.0 == Outcome::Fail {
            let check = proof.checks.iter().find(|check| check.id == CheckId::SignedSubject).unwrap();
            assert_eq!(check.expected.as_deref(), Some(view.as_str()));
            assert_eq!(proof.verdict, Verdict::Failed);
        }
    }
}

#[test]
fn trap_13_a_platform_that_alone_is_signed_is_named() {
    let [index, amd64] = ["the index", "linux/amd64"].map(|one| Algorithm::Sha256.digest(one.as_bytes()));
    let nodes = json!([
        { "id": "0", "kind": "index", "digest": index.as_str(), "read": true },
        { "id": "0/a", "kind": "manifest", "digest": amd64.as_str(), "read": true, "parent": "0", "chosen": true,
          "platform": { "os": "linux", "architecture": "amd64" } },
    ]);
    let signed = |secret: u8, digest: &Digest| p256_signed_by(secret, digest, &simple_signing(digest));
    let only = |nodes: &Value, all: &[(Key, Found)]| {
        let keys = vec![signed(9, &index).0];
        let found: Vec<_> = all.iter().map(|(_, found)| found.clone()).collect();
        let covers = Covers::of(&read(nodes), None, &[]);
        let question = Question { keys, ..question(Artifact::Bytes(Vec::new())) };
        let trust = judge(&found, &question, &Roots::shipped().unwrap(), &covers, None).trust;
        (trust.named, trust.only)
    };
    let alone = || Some("linux/amd64".to_owned());
    assert_eq!(only(&nodes, &[signed(9, &amd64)]), (1, alone()));
    assert_eq!(only(&nodes, &[signed(9, &index)]), (1, None));
    assert_eq!(only(&nodes, &[signed(9, &amd64), signed(9, &index)]), (2, None));
    // Another has signed the index.
    assert_eq!(only(&nodes, &[signed(9, &amd64), signed(8, &index)]), (1, alone()));
    assert_eq!(only(&nodes, &[signed(8, &amd64)]), (0, None));
    // No index names it.
    let manifest = json!([{ "id": "0", "kind": "manifest", "digest": amd64.as_str(), "read": true, "chosen": true }]);
    assert_eq!(only(&manifest, &[signed(9, &amd64)]), (1, None));
}

#[test]
fn trap_12_a_payload_with_names_in_another_case_fails() {
    let (image, other) = (Algorithm::Sha256.digest(b"the image"), Algorithm::Sha256.digest(b"another"));
    let named = |name: &str, digest: &Digest| format!("\"{name}\":\"{digest}\"");
    let (right, wrong) = ("docker-manifest-digest", "Docker-Manifest-Digest");
    for (members, expected) in [
        (format!("\"image\":{{{}}}", named(right, &image)), (Outcome::Pass, "subject-fits")),
        (format!("\"image\":{{{},{}}}", named(right, &other), named(wrong, &image)), (Outcome::Fail, "names-by-case")),
        (format!("\"image\":{{{},{}}}", named(right, &image), named(wrong, &other)), (Outcome::Fail, "names-by-case")),
        (
            format!("\"image\":{{{}}},\"Image\":{{{}}}", named(right, &image), named(right, &other)),
            (Outcome::Fail, "names-by-case"),
        ),
        (format!("\"image\":{{{}}}", named(wrong, &image)), (Outcome::Fail, "names-by-case")),
    ] {
        let payload = format!("{{\"critical\":{{\"type\":\"cosign container image signature\",{members}}}}}");
        let (key, found) = p256_signed_by(9, &image, payload.as_bytes());
        let signatures = judged(&[found], &[key], &image);
        assert_eq!(outcome(&signatures.judged[0].proof, CheckId::SignedSubject), Some(expected), "{payload}");
    }
}

#[test]
fn trap_13_a_signature_says_which_other_document_of_the_index_it_is_about() {
    let view = Algorithm::Sha256.digest(b"linux/amd64");
    let (_, covers) = attestation_of(&view, &view, true);
    let about = |name: &str| Algorithm::Sha256.digest(name.as_bytes());
    for (place, signed, expected) in [
        ("linux/amd64", "the index", "subject-of-index"),
        ("the index", "linux/amd64", "subject-of-view"),
        ("linux/amd64", "linux/arm64", "subject-of-platform"),
        ("linux/amd64", "another index", "subject-of-other-index"),
        ("linux/amd64", "its image", "subject-of-other-index"),
        ("linux/amd64", "another image", "subject-differs"),
    ] {
        let (key, found) = p256_signed(&about(signed));
        let found = Found { about: vec![about(place)], ..found };
        let question = Question { keys: vec![key], ..question(Artifact::Bytes(Vec::new())) };
        let signatures = judge(&[found], &question, &Roots::shipped().unwrap(), &covers, Some(1));
        let check = outcome(&signatures.judged[0].proof, CheckId::SignedSubject);
        assert_eq!(check, Some((Outcome::Fail, expected)), "{signed} beside {place}");
    }
}

#[test]
fn trap_13_without_an_image_no_signature_counts() {
    let image = Algorithm::Sha256.digest(b"the image");
    let (key, found) = p256_signed(&image);
    let question = Question { keys: vec![key], ..question(Artifact::Bytes(Vec::new())) };
    let signatures = judge(&[found], &question, &Roots::shipped().unwrap(), &Covers::default(), Some(1));
    let check = outcome(&signatures.judged[0].proof, CheckId::SignedSubject);
    assert_eq!(check, Some((Outcome::NotChecked, "nothing-to-compare")));
    assert_eq!((signatures.trust.verdict, signatures.trust.good), (TrustVerdict::Unknown, 0));
}

/// A statement of the same key about several images.
fn attested(about: &[&Digest]) -> (Key, Found) {
    use p256::ecdsa::signature::Signer;
    let (key, found) = p256_signed(about[0]);
    let subject: Vec<_> = about.iter().map(|one| json!({ "digest": { "sha256": one.encoded() } })).collect();
    let kind = "application/vnd.in-toto+json";
    let statement =
        json!({ "_type": "https://in-toto.io/Statement/v1", "predicateType": "x", "subject": subject }).to_string();
    let signed = format!("DSSEv1 {} {kind} {} {statement}", kind.len(), statement.len());
    let signature: p256::ecdsa::DerSignature =
        p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap().sign(signed.as_bytes());
    let signatures = json!([{ "sig": encode(signature.as_bytes()) }]);
    let envelope =
        json!({ "payloadType": kind, "payload": encode(statement.as_bytes()), "signatures": signatures }).to_string();
    let media_type = "application/vnd.dsse.envelope.v1+json".into();
    (key, Found { media_type, annotations: Vec::new(), bytes: Some(envelope.into_bytes()), ..found })
}

#[test]
fn trap_2_a_statement_with_several_subjects_is_held_against_the_one_in_view() {
    let [view, other, third] = ["in view", "another", "third"].map(|one| Algorithm::Sha256.digest(one.as_bytes()));
    let (key, found) = attested(&[&third, &other, &view]);
    let found = Found { about: vec![other.clone(), view.clone()], ..found };
    let signatures = judged(std::slice::from_ref(&found), std::slice::from_ref(&key), &view);
    assert_eq!(signatures.judged[0].about.as_deref(), Some(view.as_str()), "{:#?}", signatures.judged);
    assert_eq!(signatures.trust.verdict, TrustVerdict::SignedByNamed);
    let elsewhere = judged(&[Found { about: vec![other], ..found }], &[key], &view);
    assert_eq!(elsewhere.trust.verdict, TrustVerdict::Failed, "its place says that it is about another image");
}

#[test]
fn trap_13_a_bad_signature_among_good_ones_is_told_and_does_not_sum_up() {
    let image = Algorithm::Sha256.digest(b"the image");
    let (key, good) = p256_signed(&image);
    let mut bad = good.clone();
    bad.annotations[0].1 = bad.annotations[0].1.replace('M', "N");
    let signatures = judged(&[bad, good], &[key], &image);
    assert_eq!(signatures.trust.verdict, TrustVerdict::SignedByNamed);
    assert_eq!((signatures.trust.signatures, signatures.trust.good), (2, 1));
    assert_eq!(signatures.judged[0].proof.verdict, Verdict::Failed);
}

#[test]
fn trap_14_annotations_are_bounded_and_read_strictly() {
    let about = Algorithm::Sha256.digest(b"the image");
    let payload = simple_signing(&about);
    let layer = |annotation: &str| {
        let annotations = [("dev.sigstore.cosign/bundle".to_owned(), annotation.to_owned())];
        let media_type = "application/vnd.dev.cosign.simplesigning.v1+json";
        Layer { media_type, annotations: &annotations, bytes: &payload }.read().err().map(|error| error.code())
    };
    assert_eq!(layer("{}"), Some("bundle-invalid"));
    assert_eq!(layer(r#"{"Payload":{},"Payload":{}}"#), Some("bundle-invalid"));
    assert_eq!(layer(&"[".repeat(1_000_000)), Some("bundle-invalid"));
}

/// The parts of an envelope of the Notary Project that the tests change.
struct Notation {
    target: Value,
    expiry: Option<&'static str>,
    critical: Vec<&'static str>,
}

impl Notation {
    fn of(about: &Digest) -> Self {
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        let target = json!({ "mediaType": media_type, "digest": about.as_str(), "size": 528 });
        Self { target, expiry: None, critical: vec!["io.cncf.notary.signingScheme"] }
    }

    fn jws(&self) -> Vec<u8> {
        let base64 = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes);
        let mut header = json!({
            "alg": "PS256", "crit": self.critical, "cty": "application/vnd.cncf.notary.payload.v1+json",
            "io.cncf.notary.signingScheme": "notary.x509", "io.cncf.notary.signingTime": "2023-03-14T16:10:02+08:00",
        });
        if let Some(expiry) = self.expiry {
            header["io.cncf.notary.expiry"] = expiry.into();
        }
        let payload = json!({ "targetArtifact": self.target }).to_string();
        json!({
            "payload": base64(payload.as_bytes()), "protected": base64(header.to_string().as_bytes()),
            "header": { "x5c": [] }, "signature": base64(b"signed"),
        })
        .to_string()
        .into_bytes()
    }

    /// The same in CBOR.
    fn cose(&self) -> Vec<u8> {
        fn head(major: u8, length: usize) -> Vec<u8> {
            [&[major << 5 | 25][..], &u16::try_from(length).unwrap().to_be_bytes()].concat()
        }
        let text = |text: &str| [head(3, text.len()), text.as_bytes().to_vec()].concat();
        let bytes = |bytes: &[u8]| [head(2, bytes.len()), bytes.to_vec()].concat();
        let time = |seconds: u32| [&[0xc1, 0x1a][..], &seconds.to_be_bytes()].concat();
        let critical: Vec<u8> = self.critical.iter().flat_map(|name| text(name)).collect();
        let mut members = vec![
            [vec![1, 0x38, 36], vec![2], head(4, self.critical.len()), critical].concat(),
            [vec![3], text("application/vnd.cncf.notary.payload.v1+json")].concat(),
            [text("io.cncf.notary.signingTime"), time(1_678_781_402)].concat(),
        ];
        if self.expiry.is_some() {
            members.push([text("io.cncf.notary.expiry"), time(1_700_000_000)].concat());
        }
        let count = members.len() + 1;
        let header = [head(5, count), members.concat()].concat();
        let payload = json!({ "targetArtifact": self.target }).to_string();
        [vec![0xd2, 0x84], bytes(&header), vec![0xa0], bytes(payload.as_bytes()), bytes(b"signed")].concat()
    }

    /// Both envelopes, judged for an image of that digest, type and size.
    #[track_caller]
    fn says(&self, image: &Digest, id: CheckId, expected: Option<(Outcome, &'static str)>) {
        let nodes = json!([{
            "id": "0", "kind": "manifest", "digest": image.as_str(), "read": true, "size": 528,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
        }]);
        let covers = Covers::of(&read(&nodes), None, &[]);
        for (media_type, bytes) in [("application/jose+json", self.jws()), ("application/cose", self.cose())] {
            let found = Found {
                id: "1".into(),
                about: vec![image.clone()],
                media_type: media_type.into(),
                annotations: Vec::new(),
                bytes: Some(bytes),
            };
            let question = question(Artifact::Bytes(Vec::new()));
            let signatures = judge(&[found], &question, &Roots::shipped().unwrap(), &covers, None);
            let [judged] = &signatures.judged[..] else { panic!() };
            let checks = &judged.proof.checks;
            // The worst of that id.
            let found = checks.iter().filter(|check| check.id == id).map(|check| (check.outcome, check.reason));
            let worst = found.max_by_key(|(outcome, _)| *outcome == Outcome::Fail);
            assert_eq!(worst, expected, "{media_type} {checks:#?}");
            assert_eq!(
                outcome(&judged.proof, CheckId::Signature),
                Some((Outcome::NotChecked, "notation-not-verified"))
            );
            assert!(!judged.good && signatures.trust.good == 0);
            let [time] = &judged.proof.times[..] else { panic!() };
            assert_eq!((time.time.as_str(), time.by), ("2023-03-14T08:10:02Z", "signer"));
        }
    }
}

#[test]
fn trap_15_notation_is_read_and_its_target_is_held_against_the_image() {
    use CheckId::{SignedSubject, SignedTime, Statement};
    let [image, other] = ["the image", "another"].map(|one| Algorithm::Sha256.digest(one.as_bytes()));
    let right = Notation::of(&image);
    right.says(&image, SignedSubject, Some((Outcome::Pass, "subject-fits")));
    right.says(&image, SignedTime, Some((Outcome::NotChecked, "time-claimed")));
    right.says(&image, Statement, None);
    Notation::of(&other).says(&image, SignedSubject, Some((Outcome::Fail, "subject-differs")));
    for (name, value) in [("size", json!(529)), ("mediaType", json!("application/json")), ("size", json!(-1))] {
        let mut wrong = Notation::of(&image);
        wrong.target[name] = value;
        wrong.says(&image, SignedSubject, Some((Outcome::Fail, "target-differs")));
    }
    let nameless = Notation { target: json!({ "size": 528 }), ..Notation::of(&image) };
    nameless.says(&image, SignedSubject, Some((Outcome::Fail, "subject-missing")));
}

#[test]
fn trap_15_an_unknown_critical_header_is_not_checked_and_a_passed_expiry_fails() {
    let image = Algorithm::Sha256.digest(b"the image");
    let expired = Notation { expiry: Some("2023-11-14T22:13:20Z"), ..Notation::of(&image) };
    expired.says(&image, CheckId::SignedTime, Some((Outcome::Fail, "signature-expired")));
    let strange = Notation { critical: vec!["io.cncf.notary.signingScheme", "someKey"], ..Notation::of(&image) };
    strange.says(&image, CheckId::Statement, Some((Outcome::NotChecked, "critical-unknown")));
}

#[test]
fn trap_15_envelopes_of_notation_say_who_signed_and_when() {
    let Some(folder) = vectors() else { return };
    let folder = folder.join("notaryproject_notation-go");
    let judged = |name: &str, annotations: Vec<(String, String)>| {
        let bytes = fs::read(folder.join(name)).unwrap();
        let outer: Value = serde_json::from_slice(&bytes).unwrap();
        let payload = outer["payload"].as_str().unwrap();
        let payload = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload).unwrap();
        let payload: Value = serde_json::from_slice(&payload).unwrap();
        let about = Digest::parse(payload["targetArtifact"]["digest"].as_str().unwrap()).unwrap();
        let found = Found {
            id: "1".into(),
            about: vec![about.clone()],
            media_type: "application/jose+json".into(),
            annotations,
            bytes: Some(bytes),
        };
        let mut signatures = judged(&[found], &[], &about);
        signatures.judged.remove(0).proof
    };
    let proof = judged("internal/testdata/jws_signature.sig", Vec::new());
    let signer = proof.signer.as_ref().unwrap();
    assert_eq!(signer.identity.as_deref(), Some("CN=alpine, O=Notary, L=Seattle, ST=WA, C=US"));
    assert_eq!(proof.times[0].time, "2023-03-14T08:10:02Z");
    assert_eq!(outcome(&proof, CheckId::SignedSubject), Some((Outcome::Pass, "subject-fits")));
    assert_eq!(proof.verdict, Verdict::Incomplete);
    let name = "io.cncf.notary.x509chain.thumbprint#S256".to_owned();
    let wrong = judged("internal/testdata/jws_signature.sig", vec![(name, format!("[\"{}\"]", "0".repeat(64)))]);
    assert_eq!(outcome(&wrong, CheckId::Certificate), Some((Outcome::Warn, "thumbprint-differs")));
    let expired = judged("internal/mock/testdata/sa_expired_sig_env.json", Vec::new());
    assert_eq!(expired.verdict, Verdict::Failed);
    let plugin = judged("internal/mock/testdata/sa_plugin_sig_env.json", Vec::new());
    assert_eq!(outcome(&plugin, CheckId::Statement), Some((Outcome::NotChecked, "critical-unknown")));
}

#[test]
fn trap_15_what_is_no_envelope_is_said() {
    let image = Algorithm::Sha256.digest(b"the image");
    let right = Notation::of(&image);
    let twice = String::from_utf8(right.jws()).unwrap().replacen('{', "{\"payload\":\"\",", 1).into_bytes();
    let cut = right.cose()[..40].to_vec();
    for (media_type, bytes) in [
        ("application/jose+json", twice),
        ("application/jose+json", b"{}".to_vec()),
        ("application/cose", cut),
        ("application/cose", right.jws()),
    ] {
        let (key, found) = p256_signed(&image);
        let found = Found { media_type: media_type.into(), bytes: Some(bytes), ..found };
        let signatures = judged(&[found], &[key], &image);
        let check = outcome(&signatures.judged[0].proof, CheckId::Signature);
        assert_eq!(check, Some((Outcome::Fail, "signature-unreadable")));
    }
}

#[test]
fn an_image_is_unsigned_only_if_its_places_were_asked() {
    let image = Algorithm::Sha256.digest(b"the image");
    let verdict = |asked| judged(&[], &[], &image).given(asked).trust.verdict;
    assert_eq!((verdict(true), verdict(false)), (TrustVerdict::Unsigned, TrustVerdict::Unknown));
}

#[test]
fn a_signature_without_an_image_is_not_checked() {
    let image = Algorithm::Sha256.digest(b"the image");
    let (key, found) = p256_signed(&image);
    let signatures = judged(&[Found { about: Vec::new(), ..found }], &[key], &image);
    let check = outcome(&signatures.judged[0].proof, CheckId::SignedSubject);
    assert_eq!(check, Some((Outcome::NotChecked, "nothing-to-compare")));
    assert_eq!(signatures.trust.verdict, TrustVerdict::Unknown);
}

#[test]
fn trap_1_a_payload_is_about_its_digest_whatever_it_is_called() {
    let image = Algorithm::Sha256.digest(b"the image");
    let (key, found) = p256_signed(&image);
    let other = Found { about: vec![Algorithm::Sha256.digest(b"another")], ..found.clone() };
    let signatures = judged(&[other], std::slice::from_ref(&key), &image);
    let check = outcome(&signatures.judged[0].proof, CheckId::SignedSubject);
    assert_eq!(check, Some((Outcome::Fail, "subject-differs")));
    // Of several images beside it, the one that it names is meant.
    let several = Found { about: vec![Algorithm::Sha256.digest(b"another"), image.clone()], ..found };
    assert!(judged(&[several], &[key], &image).judged[0].named);
}

#[test]
fn trap_1_a_payload_under_another_name_is_a_warning() {
    let image = Algorithm::Sha256.digest(b"the image");
    let (key, found) = p256_signed(&image);
    for (name, expected) in [
        (Some("registry.example/app:1.2"), None),
        (Some("registry.example/other"), Some((Outcome::Warn, "signed-name-differs"))),
        (Some("mirror.example/app"), Some((Outcome::Warn, "signed-name-differs"))),
        (None, None),
    ] {
        let name = name.map(str::to_owned);
        let question = Question { keys: vec![key.clone()], name, ..question(Artifact::Bytes(Vec::new())) };
        let covers = Covers::only(&image);
        let signatures = judge(std::slice::from_ref(&found), &question, &Roots::shipped().unwrap(), &covers, Some(1));
        assert_eq!(outcome(&signatures.judged[0].proof, CheckId::Statement), expected);
        assert_eq!(signatures.trust.verdict, TrustVerdict::SignedByNamed, "cosign signs any name");
    }
}

#[test]
fn a_flipped_byte_never_passes() {
    let Some(folder) = vectors() else { return };
    let roots = Roots::parse(&fs::read_to_string(folder.join(ROOT)).unwrap()).unwrap();
    for case in [Case::message(&folder), Case::statement(&folder)] {
        let text = case.bundle.to_string().into_bytes();
        let good = Material::parse(std::str::from_utf8(&text).unwrap()).unwrap();
        for at in (0..text.len()).step_by(61) {
            let mut flipped = text.clone();
            flipped[at] ^= 1;
            let Ok(Ok(material)) = std::str::from_utf8(&flipped).map(Material::parse) else { continue };
            let proof = prove(&material, &case.question, &roots);
            // Some bytes are no part of what is signed: the bundle's version, unknown names, a key's id.
            let unchanged = material.says_the_same(&good);
            assert!(
                unchanged || !is_good(&proof),
                "byte {at}: {}",
                String::from_utf8_lossy(&flipped[at.saturating_sub(60)..at + 60])
            );
        }
    }
}

/// The digest that a bundle of another project is about.
fn about(bundle: &Value) -> Option<Digest> {
    let text = match bundle.pointer("/dsseEnvelope/payload") {
        Some(payload) => {
            let statement: Value = serde_json::from_slice(&decode(payload)).ok()?;
            format!("sha256:{}", statement.pointer("/subject/0/digest/sha256")?.as_str()?)
        }
        None => {
            let digest = decode(bundle.pointer("/messageSignature/messageDigest/digest")?);
            format!("sha256:{}", digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
    };
    Digest::parse(&text).ok()
}

#[test]
fn a_flipped_byte_of_twenty_bundles_never_passes() {
    let Some(folder) = vectors() else { return };
    let index: Value = serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    let mut seen = 0;
    for one in index.as_array().unwrap().iter().filter(|one| one["kind"] == "sigstore-bundle") {
        let read = |name: &str| fs::read_to_string(folder.join(one[name].as_str()?)).ok();
        let root = read("trustedRoot").or_else(|| fs::read_to_string(folder.join(ROOT)).ok());
        let (Some(text), Some(root)) = (read("file"), root) else { continue };
        let Ok(bundle) = serde_json::from_str::<Value>(&text) else { continue };
        let (Some(digest), Ok(roots)) = (about(&bundle), Roots::parse(&root)) else { continue };
        let question = question(Artifact::Digest(digest));
        let Ok(good) = Material::parse(&text) else { continue };
        if seen == 20 || !is_good(&prove(&good, &question, &roots)) {
            continue;
        }
        seen += 1;
        for at in (seen..text.len()).step_by(997) {
            let mut flipped = text.clone().into_bytes();
            flipped[at] ^= 1;
            let Ok(Ok(material)) = std::str::from_utf8(&flipped).map(Material::parse) else { continue };
            let is_same = material.says_the_same(&good);
            assert!(is_same || !is_good(&prove(&material, &question, &roots)), "{} byte {at}", one["file"]);
        }
    }
    assert_eq!(seen, 20);
}
