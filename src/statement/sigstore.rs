//! Documents of Sigstore that are no statements: a trusted root, and a bundle over bytes that lie elsewhere.

use base64ct::{Base64, Encoding};
use serde_json::Value;

use super::Content;
use super::facts::{add, items, member, text};
use crate::say::say;

/// The owners of the keys that it names, and the time since which they are in use.
pub(super) fn root(document: &Value) -> Content {
    let mut facts = Vec::new();
    let mut list = |names: &'static str, fact: &'static str, address: &str, validity: &[&str]| {
        let all = items(document, &[names]);
        for one in all {
            let time = |name: &str| text(one, &[validity, &["validFor", name]].concat()).unwrap_or_default();
            let life = format!("{} – {}", time("start"), time("end"));
            add(&mut facts, fact, Some(format!("{} ({})", text(one, &[address]).unwrap_or("?"), life.trim())));
        }
        all.len()
    };
    let logs =
        list("tlogs", "log", "baseUrl", &["publicKey"]) + list("ctlogs", "certificate-log", "baseUrl", &["publicKey"]);
    let authorities = list("certificateAuthorities", "authority", "uri", &[]);
    let clocks = list("timestampAuthorities", "timestamp-authority", "uri", &[]);
    let said = say!(
        "root-read",
        "a trusted root: {logs} keys of logs, {authorities} authorities, {clocks} timestamp authorities",
        logs,
        authorities,
        clocks
    );
    Content { form: "trusted-root", said, facts, ..Content::default() }
}

/// Its subject, and its evidence.
pub(super) fn bundle(document: &Value) -> Content {
    let digest = text(document, &["messageSignature", "messageDigest", "digest"]);
    let digest = digest.and_then(|text| Base64::decode_vec(text).ok()).unwrap_or_default();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let algorithm = text(document, &["messageSignature", "messageDigest", "algorithm"]).unwrap_or("?").to_owned();
    let material = member(document, &["verificationMaterial"]).unwrap_or(&Value::Null);
    let mut facts = Vec::new();
    add(&mut facts, "version", text(document, &["mediaType"]));
    for entry in items(material, &["tlogEntries"]) {
        let index = text(entry, &["logIndex"]).unwrap_or("0");
        add(&mut facts, "log", Some(format!("{} {index}", text(entry, &["kindVersion", "kind"]).unwrap_or("?"))));
    }
    let stamps = items(material, &["timestampVerificationData", "rfc3161Timestamps"]).len();
    if stamps > 0 {
        add(&mut facts, "timestamp-authority", Some(stamps.to_string()));
    }
    let said =
        say!("bundle-read", "a signature over bytes with the digest {algorithm} {digest}", algorithm, digest = hex);
    Content { form: "bundle", said, facts, ..Content::default() }
}
