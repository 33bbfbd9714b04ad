//! A public key as users have it -> the form that the judge takes: exactly one PEM block, SPKI or PKCS#1.

use base64ct::{Base64, Encoding};
use sigstore_verify::crypto::{KeyAlgorithm, VerificationKey, validate_raw_public_key};
use sigstore_verify::types::DerPublicKey;
use x509_cert::der::Encode;
use x509_cert::der::asn1::{BitString, Null};
use x509_cert::spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};

use super::{jwk, provider};
use crate::digest::Algorithm;
use crate::error::{Error, ErrorKind};
use crate::limits;

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A public key that signatures can be verified with.
#[derive(Clone, Debug)]
pub struct Key {
    pub(super) der: DerPublicKey,
    pub(super) algorithm: KeyAlgorithm,
}

impl Key {
    /// Reads the only key of a PEM text, or a JSON Web Key.
    ///
    /// # Errors
    /// `key-invalid`, also for private keys, which do not belong into a page.
    pub fn parse(text: &str) -> Result<Self, Error> {
        provider::install();
        let text = text.trim();
        if text.contains("PRIVATE KEY") {
            return Err(invalid("this is a private key: keep it to yourself, and give the public one"));
        }
        if text.starts_with('{') && text.len() <= limits::CERTIFICATE_BYTES {
            return Self::of(DerPublicKey::new(jwk::spki(text).map_err(|fault| said(&fault))?));
        }
        if text.len() > limits::CERTIFICATE_BYTES || text.matches("-----BEGIN").count() != 1 {
            return Err(invalid("the text is not exactly one public key in PEM"));
        }
        let (label, bytes) = block(text).ok_or_else(|| invalid("the text is not a whole block of PEM"))?;
        let der = match label {
            "PUBLIC KEY" => bytes,
            "RSA PUBLIC KEY" => wrapped(&bytes)?,
            other => return Err(invalid(format!("a PEM block {other} is not a public key"))),
        };
        Self::of(DerPublicKey::new(der))
    }

    /// The key in DER (SubjectPublicKeyInfo).
    pub(super) fn of(der: DerPublicKey) -> Result<Self, Error> {
        let algorithm = KeyAlgorithm::from_spki(&der).map_err(|error| invalid(error.to_string()))?;
        let key = VerificationKey::from_spki(&der).map_err(|error| invalid(error.to_string()))?;
        // RSA keys must have 2,048 to 8,192 bits.
        validate_raw_public_key(key.scheme(), key.as_bytes()).map_err(|error| invalid(error.to_string()))?;
        Ok(Self { der, algorithm })
    }

    /// The sha256 of its SubjectPublicKeyInfo: what cosign and others name keys by.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        Algorithm::Sha256.digest(self.der.as_bytes()).to_string()
    }
}

/// The label and the bytes of a PEM block, whose lines may have any length.
pub(super) fn block(text: &str) -> Option<(&str, Vec<u8>)> {
    let (label, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let body = rest.strip_suffix("-----")?.strip_suffix(label)?.strip_suffix("-----END ")?;
    let packed: String = body.split_ascii_whitespace().collect();
    Some((label, Base64::decode_vec(&packed).ok()?))
}

/// PKCS#1 within SubjectPublicKeyInfo.
fn wrapped(pkcs1: &[u8]) -> Result<Vec<u8>, Error> {
    let spki = || -> x509_cert::der::Result<Vec<u8>> {
        let algorithm = AlgorithmIdentifierOwned { oid: RSA_ENCRYPTION, parameters: Some(Null.into()) };
        SubjectPublicKeyInfoOwned { algorithm, subject_public_key: BitString::from_bytes(pkcs1)? }.to_der()
    };
    spki().map_err(|error| invalid(error.to_string()))
}

fn said(fault: &jwk::Fault) -> Error {
    invalid(match fault {
        jwk::Fault::Private => "this is a private key: keep it to yourself, and give the public one",
        jwk::Fault::Malformed => "the JSON is not a whole public key (JWK)",
        jwk::Fault::Unknown => "the key (JWK) is of a kind that is not known here",
    })
}

fn invalid(message: impl Into<crate::check::Said>) -> Error {
    Error::new(ErrorKind::KeyInvalid, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwr\nkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==\n-----END PUBLIC KEY-----\n";

    #[track_caller]
    fn refused(text: &str, says: &str) {
        let error = Key::parse(text).unwrap_err();
        assert_eq!(error.code(), "key-invalid");
        assert!(error.to_string().contains(says), "{error}");
    }

    #[test]
    fn one_public_key_is_read() {
        let key = Key::parse(P256).unwrap();
        assert_eq!(key.algorithm, KeyAlgorithm::EcdsaP256);
        assert!(key.fingerprint().starts_with("sha256:"));
    }

    #[test]
    fn a_json_web_key_is_the_same_key() {
        let (x, y) = ("2G2Y-2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qU", "-smGNM7nwZ4QvFK_4sueRoVj__QP22Ni4Qt9DPfkWLc");
        let jwk = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#);
        assert_eq!(Key::parse(&jwk).unwrap().fingerprint(), Key::parse(P256).unwrap().fingerprint());
        let ed = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        assert_eq!(Key::parse(ed).unwrap().algorithm, KeyAlgorithm::Ed25519);
        refused(&ed.replace("\"x\"", "\"d\":\"AA\",\"x\""), "private");
        refused(&ed.replace("Ed25519", "X25519"), "not known");
        refused("{", "whole");
    }

    #[test]
    fn anything_but_one_public_key_is_refused() {
        refused("", "exactly one");
        refused(&format!("{P256}{P256}"), "exactly one");
        refused(
            "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----",
            "private",
        );
        refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "CERTIFICATE");
        refused(&P256.replace("MFkw", "MFkx"), "");
    }
}
