//! The signer: the holder in the signing certificate, or the key.

use base64ct::{Base64, Encoding};
use jiff::Timestamp;
use serde::Serialize;
use sigstore_verify::crypto::{CertificateInfo, parse_certificate_info};
use sigstore_verify::types::DerCertificate;
use x509_cert::Certificate;
use x509_cert::der::asn1::Utf8StringRef;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{SignedCertificateTimestampList, SubjectAltName};
use x509_cert::spki::ObjectIdentifier;

use super::key::Key;
use super::times::SignedTime;
use crate::error::{Error, ErrorKind};
use crate::limits;

/// Fulcio's name for a user name of an issuer, in an `otherName`.
const FULCIO_USER_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");

/// The signer, as the report names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signer {
    /// `certificate` or `key`.
    pub kind: &'static str,
    /// The identity in the certificate: an email address, or the address of a workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The issuer that vouched for the identity towards the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The sha256 of the public key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The first moment of the certificate's life (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
    /// The last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_after: Option<String>,
    /// The certificate's claims about the build that signed, by the names of Fulcio's extensions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<(&'static str, String)>,
}

/// Reads the holder of a certificate: the first of a PEM text.
///
/// # Errors
/// `key-invalid` if there is none, or it cannot be read.
pub fn read_certificate(text: &str) -> Result<Signer, Error> {
    super::provider::install();
    let invalid = |why: String| Error::new(ErrorKind::KeyInvalid, format!("the certificate cannot be read: {why}"));
    let rest = text.split("-----BEGIN CERTIFICATE-----").nth(1).unwrap_or_default();
    let body: String = rest.split("-----END").next().unwrap_or_default().split_ascii_whitespace().collect();
    if body.is_empty() || body.len() > 2 * limits::CERTIFICATE_BYTES {
        return Err(invalid("there is no whole block of PEM".to_owned()));
    }
    let der = Base64::decode_vec(&body).map_err(|_| invalid("it is not base64".to_owned()))?;
    Ok(Leaf::read(&DerCertificate::new(der)).map_err(invalid)?.signer)
}

/// A signing certificate, read.
pub(super) struct Leaf {
    pub(super) info: CertificateInfo,
    /// The name of the authority that issued it, in DER.
    pub(super) issuer_name: Vec<u8>,
    /// The ids of the certificate transparency logs that it says have seen it.
    pub(super) log_ids: Vec<[u8; 32]>,
    pub(super) signer: Signer,
}

impl Leaf {
    /// Reads the certificate; the error is a sentence.
    pub(super) fn read(der: &DerCertificate) -> Result<Self, String> {
        let info = parse_certificate_info(der).map_err(|error| error.to_string())?;
        let certificate = Certificate::from_der(der.as_bytes()).map_err(|error| error.to_string())?;
        if let Some(name) = twice(&certificate) {
            return Err(format!("it has the extension {name} twice, and programs differ in which they read"));
        }
        let issuer_name = certificate.tbs_certificate.issuer.to_der().map_err(|error| error.to_string())?;
        let signer = Signer {
            kind: "certificate",
            identity: info.identity.as_ref().map(ToString::to_string).or_else(|| user_name(&certificate)),
            issuer: info.issuer.clone(),
            key: Key::of(info.public_key.clone()).ok().map(|key| key.fingerprint()),
            not_before: Some(info.not_before.to_string()),
            not_after: Some(info.not_after.to_string()),
            claims: claims(&info),
        };
        Ok(Self { log_ids: log_ids(&certificate), info, issuer_name, signer })
    }

    /// True if the certificate was valid then.
    pub(super) fn was_valid(&self, at: &SignedTime) -> bool {
        at.time.parse::<Timestamp>().is_ok_and(|time| (self.info.not_before..=self.info.not_after).contains(&time))
    }

    /// The name of the issuer of any certificate, in DER.
    pub(super) fn read_issuer(der: &DerCertificate) -> Option<Vec<u8>> {
        Certificate::from_der(der.as_bytes()).ok()?.tbs_certificate.issuer.to_der().ok()
    }
}

impl Signer {
    /// A signer of whom only the key is known.
    pub(super) fn key(key: &Key) -> Self {
        Self { kind: "key", key: Some(key.fingerprint()), ..Self::default() }
    }
}

/// More extensions than any certificate of a signer has: one with more is refused as if one stood twice.
const EXTENSIONS: usize = 64;

/// The extension that stands twice.
fn twice(certificate: &Certificate) -> Option<ObjectIdentifier> {
    let mut seen = Vec::new();
    let mut names = certificate.tbs_certificate.extensions.iter().flatten().map(|extension| extension.extn_id);
    names.find(|name| {
        let known = seen.len() == EXTENSIONS || seen.contains(name);
        seen.push(*name);
        known
    })
}

fn user_name(certificate: &Certificate) -> Option<String> {
    let (_, names): (bool, SubjectAltName) = certificate.tbs_certificate.get().ok()??;
    names.0.iter().find_map(|name| match name {
        GeneralName::OtherName(other) if other.type_id == FULCIO_USER_NAME => {
            Some(other.value.decode_as::<Utf8StringRef<'_>>().ok()?.to_string())
        }
        _ => None,
    })
}

fn log_ids(certificate: &Certificate) -> Vec<[u8; 32]> {
    let list = certificate.tbs_certificate.get::<SignedCertificateTimestampList>().ok().flatten();
    let stamps = list.and_then(|(_, list)| list.parse_timestamps().ok()).unwrap_or_default();
    stamps.iter().filter_map(|one| Some(one.parse_timestamp().ok()?.log_id.key_id)).collect()
}

fn claims(info: &CertificateInfo) -> Vec<(&'static str, String)> {
    let from = &info.ci_claims;
    let named = [
        ("buildSignerURI", &from.build_signer_uri),
        ("buildSignerDigest", &from.build_signer_digest),
        ("runnerEnvironment", &from.runner_environment),
        ("sourceRepositoryURI", &from.source_repository_uri),
        ("sourceRepositoryDigest", &from.source_repository_digest),
        ("sourceRepositoryRef", &from.source_repository_ref),
        ("sourceRepositoryIdentifier", &from.source_repository_identifier),
        ("sourceRepositoryOwnerURI", &from.source_repository_owner_uri),
        ("sourceRepositoryOwnerIdentifier", &from.source_repository_owner_identifier),
        ("buildConfigURI", &from.build_config_uri),
        ("buildConfigDigest", &from.build_config_digest),
        ("buildTrigger", &from.build_trigger),
        ("runInvocationURI", &from.run_invocation_uri),
        ("sourceRepositoryVisibilityAtSigning", &from.source_repository_visibility_at_signing),
        ("githubWorkflowTrigger", &from.deprecated_github.workflow_trigger),
        ("githubWorkflowSHA", &from.deprecated_github.workflow_sha),
        ("githubWorkflowName", &from.deprecated_github.workflow_name),
        ("githubWorkflowRepository", &from.deprecated_github.workflow_repository),
        ("githubWorkflowRef", &from.deprecated_github.workflow_ref),
    ];
    named.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
}
