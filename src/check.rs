//! The types of a verdict: a check with its outcome, both values, their source and a stable reason.

pub use crate::digest::Source;
pub use crate::say::{Param, Params, Said, Word};

/// The stable name of a check. Names are added, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckId {
    /// The digest computed from the bytes is the one that was given before.
    Digest,
    /// The length of the bytes is the descriptor's `size`.
    Size,
    /// The document's own `mediaType` is the descriptor's.
    MediaType,
    /// The `Content-Type` header names what the document is.
    ContentType,
    /// The `Docker-Content-Digest` header names the digest computed here.
    HeaderDigest,
    /// The bytes are JSON of a known kind.
    Parse,
    /// The document follows the schema and the prose of its specification.
    Schema,
    /// The document cannot be read as two kinds at once (CVE-2021-41190).
    Ambiguous,
    /// The platform is one that programs ask for, and the index entry's is the config's.
    Platform,
    /// As many layers as DiffIDs.
    LayerCount,
    /// As many history lines that made a layer as layers.
    HistoryCount,
    /// The digest of the uncompressed layer is the config's DiffID.
    DiffId,
    /// The DiffIDs look wrong without a layer having been read.
    DiffIdSmell,
    /// The signature of a schema 1 manifest.
    Signature,
    /// Annotations keep to the rules.
    Annotations,
    /// No name stands twice in one object.
    DuplicateKey,
    /// Nothing exceeded a limit.
    Limits,
    /// The layer is a well-formed tar.
    Tar,
    /// The layer's table of contents.
    Toc,
    /// The `subject` of an artifact.
    Subject,
    /// No environment variable, label or command holds what looks like a secret; the value is masked in the check.
    Secret,
    /// The container can be started with its config: environment, volumes, user, health check and the like.
    Execution,
    /// The layers are held by the registry, hold something and stand there once.
    Layers,
    /// `created` is a time that has been.
    Created,
    /// The entries of an index that are attestations say which image they are about.
    Attestation,
    /// The format is one that current programs still read.
    Deprecated,
    /// The files of an archive or a layout are where and what they should be, and say the same.
    Archive,
    /// The signed payload names the digest that the signature is found at.
    SignedSubject,
    /// The signing certificate leads to an authority of the trusted root and was valid when it signed.
    Certificate,
    /// A certificate transparency log of the trusted root has seen the signing certificate.
    CertificateLog,
    /// The log entry is of this signature, key and content.
    LogEntry,
    /// The log has promised or proved that the entry is in it.
    LogInclusion,
    /// When it was signed, as a log or a timestamp authority says.
    SignedTime,
    /// The signer is the one that the user named.
    Identity,
    /// The signed payload is an in-toto statement.
    Statement,
    /// The trusted root that all this was judged by.
    TrustRoot,
    /// The manifest of a signature says which manifest it refers to.
    Referrer,
    /// The image has as many signatures of named signers as the user requires.
    Policy,
    /// The tag that was given beside a digest still serves that digest.
    Tag,
}

/// The outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Proved on bytes hashed here.
    Pass,
    /// Disproved.
    Fail,
    /// Allowed, but doubtful or against a recommendation.
    Warn,
    /// Not looked at, with the reason.
    NotChecked,
}

/// One verdict with both values and where the expected one came from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// The stable name.
    pub id: CheckId,
    /// Its outcome.
    pub outcome: Outcome,
    /// The value that should be, if there is one.
    pub expected: Option<String>,
    /// The value that is.
    pub actual: Option<String>,
    /// The source of the expected value.
    pub source: Option<Source>,
    /// The JSON path (`$.manifests[0].size`) that this is about, if it is about a part of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The stable code of why this outcome was reached (`media-type-not-known`), in kebab-case.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reason: &'static str,
    /// The values that a sentence about `reason` needs, by name.
    #[serde(skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// A sentence for people, lower case. Programs get it with hidden characters written out.
    #[serde(serialize_with = "crate::visible::serialize")]
    pub message: String,
}

impl Check {
    /// A check of that outcome, without values. The sentence is made by `say!`, with its reason.
    #[must_use]
    pub fn new(id: CheckId, outcome: Outcome, said: impl Into<Said>) -> Self {
        let Said { reason, params, message } = said.into();
        Self { id, outcome, expected: None, actual: None, source: None, path: None, reason, params, message }
    }

    /// The sentence of the check, with its reason and its values.
    #[must_use]
    pub fn said(&self) -> Said {
        Said { reason: self.reason, params: self.params.clone(), message: self.message.clone() }
    }

    /// The same check with another sentence, its reason and its values.
    #[must_use]
    pub(crate) fn saying(mut self, said: impl Into<Said>) -> Self {
        Said { reason: self.reason, params: self.params, message: self.message } = said.into();
        self
    }

    /// The same check with both values and the source of the expected one.
    #[must_use]
    pub fn values(mut self, expected: impl Into<String>, actual: impl Into<String>, source: Source) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self.source = Some(source);
        self
    }

    /// The same check with the stable code of its reason.
    #[must_use]
    pub fn because(mut self, reason: &'static str) -> Self {
        self.reason = reason;
        self
    }

    /// The same check with one more value for the sentence about its reason.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.push(name, value.into());
        self
    }

    /// True if the bytes are not those that the expected digest names.
    pub(crate) fn is_mismatch(&self) -> bool {
        self.id == CheckId::Digest && self.outcome == Outcome::Fail
    }

    /// The same check, about the value at that JSON path.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_and_its_params_cross_as_plain_data() {
        let check = Check::new(CheckId::Size, Outcome::Fail, "too short").because("size-differs").with("bytes", 3_u64);
        let json = serde_json::to_value(&check).unwrap();
        assert_eq!(json["reason"], "size-differs");
        assert_eq!(json["params"], serde_json::json!({ "bytes": 3 }));
        assert_eq!(check.params.get("bytes"), Some(&Param::Number(3)));
    }

    #[test]
    fn a_message_crosses_without_hidden_characters() {
        let check = Check::new(CheckId::Tar, Outcome::Fail, "the name a\u{202e}b\u{34f}\u{a0}c");
        let json = serde_json::to_value(&check).unwrap();
        assert_eq!(json["message"], "the name a<U+202E>b<U+034F><U+00A0>c");
    }

    #[test]
    fn a_check_without_a_reason_has_no_such_members() {
        let json = serde_json::to_value(Check::new(CheckId::Size, Outcome::Pass, "fits")).unwrap();
        assert!(json.get("reason").is_none() && json.get("params").is_none());
    }
}
