//! The primitives under the judge: hashes and signatures of RustCrypto behind the judge's `CryptoProvider`.
//!
//! Keys come in the form that the judge has checked already: uncompressed points, 32 bytes of Ed25519, PKCS#1 for RSA.

use std::sync::Once;

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BoxedUint, Pkcs1v15Sign, PublicKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use sigstore_verify::crypto::{
    CryptoProvider, Error, HashContext, Result, SigningScheme, VerificationKey, install_default_provider,
};
use sigstore_verify::types::{DerPublicKey, HashAlgorithm, SignatureBytes};
use x509_cert::der::{Decode, Reader, SliceReader, asn1::UintRef};

/// Gives the judge its primitives; every further call does nothing.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    // It fails only if another provider was there first, and nothing else of this crate installs one.
    ONCE.call_once(|| {
        let _another_was_first = install_default_provider(&RustCrypto);
    });
}

/// Hashes `data` with `algorithm`; none if this provider does not know it.
pub(super) fn hash(algorithm: HashAlgorithm, data: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        HashAlgorithm::Sha2256 => Some(Sha256::digest(data).to_vec()),
        HashAlgorithm::Sha2384 => Some(Sha384::digest(data).to_vec()),
        HashAlgorithm::Sha2512 => Some(Sha512::digest(data).to_vec()),
        _ => None,
    }
}

/// True if `signature` is of the key in `spki` (DER) over `data`, by the scheme of that name (`ECDSA_P256_SHA256`); none if
/// the scheme or the key is not known. This is the judge's own way to its primitives, for tests of these alone.
#[must_use]
pub fn verifies(scheme: &str, spki: &[u8], data: &[u8], signature: &[u8]) -> Option<bool> {
    install();
    let scheme = SCHEMES.into_iter().find(|one| one.name() == scheme)?;
    let key = VerificationKey::from_der(&DerPublicKey::new(spki.to_vec()), scheme).ok()?;
    Some(key.verify(data, &SignatureBytes::from_bytes(signature)).is_ok())
}

/// The schemes that the judge may ask for and that are known here.
const SCHEMES: [SigningScheme; 11] = [
    SigningScheme::EcdsaP256Sha256,
    SigningScheme::EcdsaP256Sha384,
    SigningScheme::EcdsaP384Sha256,
    SigningScheme::EcdsaP384Sha384,
    SigningScheme::Ed25519,
    SigningScheme::RsaPssSha256,
    SigningScheme::RsaPssSha384,
    SigningScheme::RsaPssSha512,
    SigningScheme::RsaPkcs1Sha256,
    SigningScheme::RsaPkcs1Sha384,
    SigningScheme::RsaPkcs1Sha512,
];

#[derive(Debug)]
struct RustCrypto;

impl CryptoProvider for RustCrypto {
    fn hash(&self, algorithm: HashAlgorithm) -> Result<Box<dyn HashContext>> {
        Ok(match algorithm {
            HashAlgorithm::Sha2256 => Box::new(Running(Sha256::new())),
            HashAlgorithm::Sha2384 => Box::new(Running(Sha384::new())),
            HashAlgorithm::Sha2512 => Box::new(Running(Sha512::new())),
            other => return Err(Error::UnsupportedAlgorithm(format!("{other} is not supported"))),
        })
    }

    fn verify_raw(&self, scheme: SigningScheme, key: &[u8], data: &[u8], signature: &[u8]) -> Result<()> {
        match scheme.hash_algorithm() {
            Some(algorithm) => {
                let digest = hash(algorithm, data).ok_or_else(|| unknown(scheme))?;
                self.verify_prehashed(scheme, key, &digest, signature)
            }
            None if scheme == SigningScheme::Ed25519 => accept(ed25519(key, data, signature), scheme),
            None => Err(unknown(scheme)),
        }
    }

    fn verify_prehashed(&self, scheme: SigningScheme, key: &[u8], digest: &[u8], signature: &[u8]) -> Result<()> {
        use SigningScheme as S;
        let verified = match scheme {
            S::EcdsaP256Sha256 | S::EcdsaP256Sha384 => p256(key, digest, signature),
            S::EcdsaP384Sha256 | S::EcdsaP384Sha384 => p384(key, digest, signature),
            S::RsaPkcs1Sha256 => rsa(key, Pkcs1v15Sign::new::<Sha256>(), digest, signature),
            S::RsaPkcs1Sha384 => rsa(key, Pkcs1v15Sign::new::<Sha384>(), digest, signature),
            S::RsaPkcs1Sha512 => rsa(key, Pkcs1v15Sign::new::<Sha512>(), digest, signature),
            S::RsaPssSha256 => rsa(key, rsa::Pss::<Sha256>::new(), digest, signature),
            S::RsaPssSha384 => rsa(key, rsa::Pss::<Sha384>::new(), digest, signature),
            S::RsaPssSha512 => rsa(key, rsa::Pss::<Sha512>::new(), digest, signature),
            _ => return Err(unknown(scheme)),
        };
        accept(verified, scheme)
    }
}

/// A hash that is still being computed.
struct Running<D>(D);

impl<D: sha2::Digest + Send> HashContext for Running<D> {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finalize(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

/// The judge asks for nothing but yes or no.
fn accept(verified: Option<()>, scheme: SigningScheme) -> Result<()> {
    verified.ok_or_else(|| Error::Verification(format!("{} signature invalid", scheme.name())))
}

fn unknown(scheme: SigningScheme) -> Error {
    Error::UnsupportedAlgorithm(format!("{} is not supported", scheme.name()))
}

fn p256(key: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let signature = p256::ecdsa::DerSignature::from_bytes(signature).ok()?;
    p256::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?.verify_prehash(digest, &signature).ok()
}

fn p384(key: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let signature = p384::ecdsa::DerSignature::from_bytes(signature).ok()?;
    p384::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?.verify_prehash(digest, &signature).ok()
}

/// `verify_strict` refuses keys of small order, with which one signature fits many messages.
fn ed25519(key: &[u8], data: &[u8], signature: &[u8]) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    key.verify_strict(data, &ed25519_dalek::Signature::from_slice(signature).ok()?).ok()
}

fn rsa(key: &[u8], scheme: impl rsa::traits::SignatureScheme, digest: &[u8], signature: &[u8]) -> Option<()> {
    let (modulus, exponent) = rsa_parts(key)?;
    let key = PublicKey::new(number(modulus), number(exponent)).ok()?;
    key.verify(scheme, digest, signature).ok()
}

/// The two numbers of `SEQUENCE { modulus, publicExponent }`.
fn rsa_parts(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(key).ok()?;
    let parts = reader.sequence(|fields| {
        let modulus = UintRef::decode(fields)?;
        Ok((modulus, UintRef::decode(fields)?))
    });
    let (modulus, exponent) = parts.ok()?;
    reader.is_finished().then_some((modulus.as_bytes(), exponent.as_bytes()))
}

fn number(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(bytes)
}
