//! The judge against bundles of other projects: the verdict that each of them gives, and no more passes than theirs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]
#![cfg(feature = "trust")]

mod trusting;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stowplan::report::Verdict;
use stowplan::trust::{Allow, Artifact, Key, Material, Proof, Roots, prove};
use stowplan::{Digest, Outcome};
use trusting::{question, vectors};

fn index(folder: &Path) -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(folder.join("index.json")).unwrap()).unwrap()
}

/// The digest that a bundle itself says it is about.
fn signed_digest(bundle: &Value) -> Option<Digest> {
    use base64::Engine;
    let decode = |text: &str| base64::engine::general_purpose::STANDARD.decode(text).unwrap();
    if let Some(payload) = bundle.pointer("/dsseEnvelope/payload") {
        let statement: Value = serde_json::from_slice(&decode(payload.as_str()?)).ok()?;
        let named = |name: &str| {
            let subjects = statement["subject"].as_array()?;
            let hex = subjects.iter().find_map(|subject| subject.pointer(&format!("/digest/{name}"))?.as_str())?;
            Some(format!("{name}:{hex}"))
        };
        return Digest::parse(&named("sha256").or_else(|| named("sha512"))?).ok();
    }
    let digest = bundle.pointer("/messageSignature/messageDigest")?;
    let name = digest["algorithm"].as_str()?.replace("SHA2_", "sha");
    let hex: String = decode(digest["digest"].as_str()?).iter().map(|byte| format!("{byte:02x}")).collect();
    Digest::parse(&format!("{name}:{hex}")).ok()
}

/// True if every step has passed but for the identity, which these tests do not name.
fn is_good(proof: &Proof) -> bool {
    let identity = |check: &&stowplan::Check| serde_json::to_value(check.id).unwrap() == "identity";
    proof.verdict != Verdict::Failed
        && proof.checks.iter().filter(|check| !identity(check)).all(|check| check.outcome != Outcome::NotChecked)
}

fn said(proof: &Proof) -> String {
    let one =
        |check: &stowplan::Check| format!("{:?} {:?} {} ({})", check.id, check.outcome, check.reason, check.message);
    proof.checks.iter().map(one).collect::<Vec<_>>().join("\n    ")
}

#[test]
fn bundles_of_other_projects_get_their_verdicts() {
    let Some(folder) = vectors() else { return };
    let mut wrong = Vec::new();
    for entry in index(&folder).iter().filter(|entry| entry["kind"] == "sigstore-bundle") {
        let (file, expected) = (entry["file"].as_str().unwrap(), entry["expected"].as_str().unwrap());
        let text = fs::read_to_string(folder.join(file)).unwrap();
        for line in bundles(&text) {
            match proof_of(&folder, entry, line) {
                Ok(proof) => {
                    println!("{file}: {expected} -> {:?} {}", proof.verdict, is_good(&proof));
                    println!("    {}", said(&proof));
                    if !allowed(file, expected, is_good(&proof)) {
                        wrong.push(format!("{file}: {expected}, but\n    {}", said(&proof)));
                    }
                }
                Err(why) => {
                    println!("{file}: {expected} -> error {why}");
                    if !allowed(file, expected, false) {
                        wrong.push(format!("{file}: {expected}, but {why}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
}

fn allowed(file: &str, expected: &str, good: bool) -> bool {
    match expected {
        // The judge knows no P-521 keys: not checked, and said so.
        "pass" if file.ends_with("PKIX_ECDSA_P521_SHA_512.sigstore.json") => !good,
        // A chain in a bundle of version 0.3, which its specification forbids: only sigstore-java takes it.
        "pass" if file.ends_with("bundle-no-digest.sigstore") => !good,
        "pass" | "pass-signature" | "pass-with-key" => good,
        "fail" | "pass-only-without-tlog" | "pass-with-root-not-stored" => !good,
        _ => true,
    }
}

/// JSON lines, or one bundle.
fn bundles(text: &str) -> Vec<&str> {
    match serde_json::from_str::<Value>(text) {
        Ok(_) => vec![text],
        Err(_) => text.lines().filter(|line| !line.trim().is_empty()).collect(),
    }
}

fn proof_of(folder: &Path, entry: &Value, text: &str) -> Result<Proof, String> {
    let file = entry["file"].as_str().unwrap();
    let material = Material::parse(text).map_err(|error| error.to_string())?;
    let roots =
        root_of(folder, entry).map_or_else(Roots::shipped, |path| Roots::parse(&fs::read_to_string(path).unwrap()));
    let mut question = question(artifact_of(&folder.join(file), text));
    if let Some(key) = key_of(file) {
        question.keys.push(Key::parse(&fs::read_to_string(folder.join(key)).unwrap()).unwrap());
    }
    question.allow = allowance_of(file);
    Ok(prove(&material, &question, &roots.map_err(|error| error.to_string())?))
}

/// The artifact that the bundle is about, by itself or by the file beside it.
fn artifact_of(file: &Path, text: &str) -> Artifact {
    let bundle: Value = serde_json::from_str(text).unwrap();
    let beside = || fs::read(file.with_file_name("artifact.txt")).unwrap_or_default();
    signed_digest(&bundle).map_or_else(|| Artifact::Bytes(beside()), Artifact::Digest)
}

/// The root that the index names, or the one beside the bundle.
fn root_of(folder: &Path, entry: &Value) -> Option<PathBuf> {
    let file = folder.join(entry["file"].as_str()?);
    let beside = match file.file_name()?.to_str()? {
        "staging_bundle.sigstore.json" => "staging_trusted_root.json",
        // The root beside it names timestamp authorities only; this one is of the same instance.
        "github_sha384_bundle.json" => return Some(folder.join(GITHUB_ROOTS)),
        "valid_bundle.json" => "valid_trusted_root.json",
        _ => return Some(folder.join(entry["trustedRoot"].as_str()?.split(" (").next()?)),
    };
    Some(file.with_file_name(beside))
}

const GITHUB_ROOTS: &str = "sigstore_sigstore-java/sigstore-java/src/test/resources/dev/sigstore/samples/bundles/\
    github-private-no-tlog/trusted_root.jsonl";

/// Evidence that the projects' own tests do not ask for, either.
fn allowance_of(file: &str) -> Allow {
    match file.rsplit('/').next() {
        Some("public-key-validity.sigstore.json") => Allow { no_log: true, no_certificate_log: false },
        Some("github_sha384_bundle.json") => Allow { no_log: true, no_certificate_log: true },
        _ => Allow::default(),
    }
}

/// The key that a bundle was signed with, if it brings no certificate.
fn key_of(file: &str) -> Option<&'static str> {
    match file.rsplit('/').next()? {
        "public-key-validity.sigstore.json" => {
            Some("sigstore_sigstore-go/pkg/testing/data/public-keys/public-key-validity.pem")
        }
        "bundle-publish.json" => Some("sigstore_sigstore-go/examples/publish_key.pub"),
        _ => None,
    }
}

#[test]
fn the_shipped_root_is_the_one_that_its_provenance_names() {
    let provenance = stowplan::trust::provenance().unwrap();
    let digest = stowplan::Algorithm::Sha256.digest(stowplan::trust::shipped().as_bytes());
    assert_eq!(digest.encoded(), provenance.sha256);
    assert!(Roots::shipped().is_ok());
}

#[test]
fn the_shipped_root_is_what_its_projects_keys_have_signed() {
    let Some(folder) = vectors() else { return };
    let metadata = folder.join("sigstore_root-signing/metadata");
    let root: Value = serde_json::from_slice(&fs::read(metadata.join("root.json")).unwrap()).unwrap();
    let unpacked =
        std::process::Command::new("gzip").arg("-dc").arg(metadata.join("targets.json.gz")).output().unwrap();
    let targets: Value = serde_json::from_slice(&unpacked.stdout).unwrap();
    let role = &root["signed"]["roles"]["targets"];
    let signed = canonical(&targets["signed"]);
    let keys = role["keyids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap());
    let signers = keys.filter(|id| has_signed(&targets, id, &root["signed"]["keys"][id], signed.as_bytes())).count();
    assert!(signers as u64 >= role["threshold"].as_u64().unwrap(), "{signers}");
    let named = &targets["signed"]["targets"]["trusted_root.json"]["hashes"]["sha256"];
    assert_eq!(named, &stowplan::trust::provenance().unwrap().sha256);
}

fn has_signed(targets: &Value, id: &str, key: &Value, signed: &[u8]) -> bool {
    use p256::ecdsa::signature::Verifier;
    let pem = key["keyval"]["public"].as_str().unwrap();
    let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let spki = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, lines).unwrap();
    // The uncompressed point ends the key.
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&spki[spki.len() - 65..]).unwrap();
    let signatures = targets["signatures"].as_array().unwrap().iter().filter(|one| one["keyid"] == id);
    let hex =
        |text: &str| (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect();
    let bytes = signatures.map(|one| -> Vec<u8> { hex(one["sig"].as_str().unwrap()) });
    bytes.into_iter().any(|bytes| {
        p256::ecdsa::DerSignature::from_bytes(&bytes).is_ok_and(|signature| key.verify(signed, &signature).is_ok())
    })
}

/// TUF's canonical JSON: sorted, without white space, nothing escaped but quotes and backslashes.
fn canonical(value: &Value) -> String {
    let text = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match value {
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(name, one)| format!("{}:{}", text(name), canonical(one))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::String(string) => text(string),
        other => other.to_string(),
    }
}

#[test]
fn certificates_say_who_holds_them() {
    let Some(folder) = vectors() else { return };
    let index: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("index.json")).unwrap()).unwrap();
    let pems = index.as_array().unwrap().iter().filter(|one| one["kind"] == "certificate");
    let mut read = 0;
    for one in pems {
        let file = folder.join(one["file"].as_str().unwrap());
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        if let Ok(signer) = stowplan::trust::read_certificate(&text) {
            assert_eq!(signer.kind, "certificate");
            read += 1;
        }
    }
    assert!(read > 3, "{read}");
    assert_eq!(stowplan::trust::read_certificate("nothing").unwrap_err().code(), "key-invalid");
}
