//! Tests: samples of every form, wrappers around them, and properties of any text.

mod forms;
mod properties;
mod tools;
mod wrappers;

use crate::digest::Algorithm;
use crate::paste::{Excerpt, Form, Pasted, read};

/// A manifest as registries serve it: three spaces, no final newline.
pub(super) const MANIFEST: &str = r#"{
   "schemaVersion": 2,
   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
   "config": {
      "mediaType": "application/vnd.docker.container.image.v1+json",
      "size": 1459,
      "digest": "sha256:2b8fd9751c4c0f5dd266fcae00707e67a2545ef34f9a29354585f93dac906749"
   },
   "layers": [
      {
         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
         "size": 667590,
         "digest": "sha256:8ddc19f16526912237dd8af81971d5e4dd0587907234be2b83e249518d5b673f"
      }
   ]
}"#;
pub(super) const CONFIG: &str =
    r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{}}"#;
pub(super) const INDEX: &str =
    r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
pub(super) const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

pub(super) fn sha256(text: &str) -> String {
    Algorithm::Sha256.digest(text.as_bytes()).to_string()
}

/// Reads a sample in which `{M}`, `{C}`, `{I}`, `{D}`, `{HEX}` stand for the documents, the manifest's digest and any hex.
pub(super) fn paste(sample: &str) -> Pasted {
    read(fill(sample).as_bytes())
}

pub(super) fn fill(sample: &str) -> String {
    let filled = sample.replace("{M}", MANIFEST).replace("{C}", CONFIG).replace("{I}", INDEX);
    filled.replace("{D}", &sha256(MANIFEST)).replace("{HEX}", HEX)
}

/// The one document of a paste of that form.
#[track_caller]
pub(super) fn one(pasted: &Pasted, form: Form) -> Excerpt {
    assert_eq!(pasted.form, form, "{pasted:?}");
    assert_eq!(pasted.documents.len(), 1, "{pasted:?}");
    pasted.documents[0].clone()
}

#[track_caller]
pub(super) fn text(excerpt: &Excerpt) -> &str {
    std::str::from_utf8(&excerpt.bytes).unwrap()
}

#[track_caller]
pub(super) fn mentions(pasted: &Pasted, digest: &str, what: &str, reference: Option<&str>) {
    let digest = fill(digest);
    let mention = pasted.digests.iter().find(|mention| mention.digest_text == digest);
    let mention = mention.unwrap_or_else(|| panic!("{digest} is not in {:?}", pasted.digests));
    assert_eq!(mention.what.code(), what, "{mention:?}");
    assert_eq!(mention.reference.as_deref(), reference);
}

#[track_caller]
pub(super) fn expects(pasted: &Pasted, digest: &str, from: &str) {
    let expected = pasted.expected.as_ref().unwrap_or_else(|| panic!("nothing expected in {pasted:?}"));
    assert_eq!((expected.digest.as_str(), expected.from.text()), (fill(digest).as_str(), from.to_owned()));
}

#[track_caller]
pub(super) fn notes(pasted: &Pasted, note: &str) {
    assert!(pasted.notes.iter().any(|have| have.text() == note), "{note:?} is not in {:#?}", pasted.notes);
}
