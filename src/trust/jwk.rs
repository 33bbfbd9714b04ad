//! A public key as JSON (RFC 7517): EC on P-256 and P-384, Ed25519, RSA -> the form that the judge takes.

use base64ct::{Base64UrlUnpadded, Encoding};
use x509_cert::der::asn1::{Any, BitString, Null, UintRef};
use x509_cert::der::{Encode, Header, Tag};
use x509_cert::spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};

use crate::json::{self, Json};

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Why a text is no such key.
pub(super) enum Fault {
    Private,
    Malformed,
    Unknown,
}

/// The key in DER (SubjectPublicKeyInfo).
pub(super) fn spki(text: &str) -> Result<Vec<u8>, Fault> {
    let parsed = json::parse(text.as_bytes()).ok().filter(|parsed| parsed.duplicates.is_empty());
    let key = parsed.ok_or(Fault::Malformed)?.root;
    if key.key("d").is_some() {
        return Err(Fault::Private);
    }
    let named = |name: &str| key.key(name).and_then(Json::as_str).unwrap_or_default();
    let bytes = |name: &str| Base64UrlUnpadded::decode_vec(named(name)).map_err(|_| Fault::Malformed);
    let (oid, parameters, bits) = match (named("kty"), named("crv")) {
        ("EC", curve @ ("P-256" | "P-384")) => {
            let (curve, length) = if curve == "P-256" { (P256, 32) } else { (P384, 48) };
            let (x, y) = (bytes("x")?, bytes("y")?);
            if x.len() != length || y.len() != length {
                return Err(Fault::Malformed);
            }
            (EC, Some(Any::from(&curve)), [&[4], &x[..], &y[..]].concat())
        }
        ("OKP", "Ed25519") => (ED25519, None, bytes("x")?),
        ("RSA", _) => (RSA, Some(Null.into()), pkcs1(&bytes("n")?, &bytes("e")?).ok_or(Fault::Malformed)?),
        _ => return Err(Fault::Unknown),
    };
    let whole = || -> x509_cert::der::Result<Vec<u8>> {
        let algorithm = AlgorithmIdentifierOwned { oid, parameters };
        SubjectPublicKeyInfoOwned { algorithm, subject_public_key: BitString::from_bytes(&bits)? }.to_der()
    };
    whole().map_err(|_| Fault::Malformed)
}

/// `SEQUENCE { modulus, exponent }`.
fn pkcs1(modulus: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
    let parts = [UintRef::new(modulus).ok()?.to_der().ok()?, UintRef::new(exponent).ok()?.to_der().ok()?].concat();
    let header = Header::new(Tag::Sequence, parts.len()).ok()?.to_der().ok()?;
    Some([header, parts].concat())
}
