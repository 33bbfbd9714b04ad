//! Signatures of the Notary Project: an envelope (JWS or COSE) -> what it says of itself. Nothing of it is proved here.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::name::Name;

use super::cbor::Cbor;
use super::signed;
use super::signer::Signer;
use super::times::SignedTime;
use crate::covers::Covers;
use crate::digest::{Algorithm, Source};
use crate::say::say;
use crate::{Check, CheckId, Digest, Json, Outcome, json, limits};

/// The type of the signed payload.
const PAYLOAD: &str = "application/vnd.cncf.notary.payload.v1+json";

/// Headers that must be understood, and are.
const KNOWN: [&str; 4] = ["signingScheme", "signingTime", "authenticSigningTime", "expiry"];

/// The prefix of all header names.
const PREFIX: &str = "io.cncf.notary.";

/// Beside it stand the certificates' hashes.
const THUMBPRINTS: &str = "io.cncf.notary.x509chain.thumbprint#S256";

/// An envelope, read.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    content_type: String,
    payload: Vec<u8>,
    critical: Vec<String>,
    signed_at: Option<Timestamp>,
    expiry: Option<Timestamp>,
    certificates: Vec<Vec<u8>>,
}

/// True if a blob of that type is such an envelope.
pub(super) fn is_envelope(media_type: &str) -> bool {
    matches!(media_type, "application/jose+json" | "application/cose")
}

impl Envelope {
    pub(super) fn read(media_type: &str, bytes: &[u8]) -> Option<Self> {
        if bytes.len() > limits::BUNDLE_BYTES {
            return None;
        }
        if media_type == "application/cose" { Self::cose(bytes) } else { Self::jws(bytes) }
    }

    fn jws(bytes: &[u8]) -> Option<Self> {
        let outer = unambiguous(bytes)?;
        let member = |name: &str| Base64UrlUnpadded::decode_vec(outer.get(name)?.as_str()?).ok();
        let header = unambiguous(&member("protected")?)?;
        let named = |name: &str| header.key(&format!("{PREFIX}{name}")).and_then(Json::as_str);
        let time = |name: &str| named(name).map(str::parse).transpose().ok();
        let list = |json: Option<&Json>| json.map(Json::strings).unwrap_or_default();
        let chain = list(outer.get("header").and_then(|header| header.key("x5c")));
        let chain = chain.iter().take(limits::CERTIFICATE_CHAIN).map(|text| Base64::decode_vec(text).ok());
        member("signature")?;
        Some(Self {
            content_type: header.key("cty").and_then(Json::as_str).unwrap_or_default().to_owned(),
            payload: member("payload")?,
            critical: list(header.key("crit")),
            signed_at: time("signingTime")?.or(time("authenticSigningTime")?),
            expiry: time("expiry")?,
            certificates: chain.collect::<Option<_>>()?,
        })
    }

    /// COSE_Sign1: `[protected, unprotected, payload, signature]`.
    fn cose(bytes: &[u8]) -> Option<Self> {
        let Cbor::Tag(18, envelope) = Cbor::parse(bytes)? else { return None };
        let Cbor::List(parts) = *envelope else { return None };
        let [protected, unprotected, payload, signature] = &parts[..] else { return None };
        signature.bytes()?;
        let header = Cbor::parse(protected.bytes()?)?;
        let named = |name: &str| header.get(&Cbor::Text(&format!("{PREFIX}{name}")));
        let time = |name: &str| match named(name) {
            Some(value) => Some(Some(Timestamp::from_second(value.seconds()?).ok()?)),
            None => Some(None),
        };
        let critical = match header.get(&Cbor::Number(2)) {
            Some(Cbor::List(names)) => names.iter().map(|name| name.text().unwrap_or("?").to_owned()).collect(),
            _ => Vec::new(),
        };
        let certificates = match unprotected.get(&Cbor::Number(33)) {
            Some(Cbor::Bytes(one)) => vec![one.to_vec()],
            Some(Cbor::List(all)) => {
                let all = all.iter().take(limits::CERTIFICATE_CHAIN);
                all.map(|one| one.bytes().map(<[u8]>::to_vec)).collect::<Option<_>>()?
            }
            _ => Vec::new(),
        };
        Some(Self {
            content_type: header.get(&Cbor::Number(3)).and_then(Cbor::text).unwrap_or_default().to_owned(),
            payload: payload.bytes()?.to_vec(),
            critical,
            signed_at: time("signingTime")?.or(time("authenticSigningTime")?),
            expiry: time("expiry")?,
            certificates,
        })
    }

    /// The holder of its certificate, for which no party has vouched here.
    pub(super) fn signer(&self) -> Option<Signer> {
        let first = self.certificates.first().filter(|der| der.len() <= limits::CERTIFICATE_BYTES)?;
        let certificate = Certificate::from_der(first).ok()?.tbs_certificate;
        let moment = |at: x509_cert::time::Time| {
            Timestamp::from_second(i64::try_from(at.to_unix_duration().as_secs()).ok()?).ok()
        };
        Some(Signer {
            kind: "certificate",
            identity: Some(words(&certificate.subject)),
            issuer: Some(words(&certificate.issuer)),
            not_before: moment(certificate.validity.not_before).map(|at| at.to_string()),
            not_after: moment(certificate.validity.not_after).map(|at| at.to_string()),
            ..Signer::default()
        })
    }

    pub(super) fn times(&self) -> Vec<SignedTime> {
        self.signed_at.iter().map(|at| SignedTime { time: at.to_string(), by: "signer", name: None }).collect()
    }

    /// The digest that was signed.
    pub(super) fn target(&self) -> Option<String> {
        let payload = unambiguous(&self.payload)?;
        Some(payload.get("targetArtifact")?.get("digest")?.as_str()?.to_owned())
    }

    /// The checks of it: the image that it is about, and its end of life.
    pub(super) fn checks(
        &self,
        about: &Digest,
        covers: &Covers,
        annotations: &[(String, String)],
        now: Timestamp,
    ) -> Vec<Check> {
        let mut checks = vec![
            Check::new(
                CheckId::Signature,
                Outcome::NotChecked,
                "a signature of the Notary Project, which is not verified here yet",
            )
            .because("notation-not-verified"),
            self.subject(about, covers),
        ];
        if let Some(at) = &self.signed_at {
            let said = say!("time-claimed", "the signer says that it was {time}", time = at.to_string());
            checks.push(Check::new(CheckId::SignedTime, Outcome::NotChecked, said));
        }
        if let Some(until) = self.expiry.filter(|until| *until <= now) {
            let said =
                say!("signature-expired", "the signature was made to hold until {until}", until = until.to_string());
            checks.push(Check::new(CheckId::SignedTime, Outcome::Fail, said));
        }
        let is_known = |name: &str| name.strip_prefix(PREFIX).is_some_and(|name| KNOWN.contains(&name));
        if let Some(name) = self.critical.iter().find(|name| !is_known(name)) {
            let said =
                say!("critical-unknown", "a reader must know {name}, which is not known here", name = name.as_str());
            checks.push(Check::new(CheckId::Statement, Outcome::NotChecked, said));
        }
        checks.extend(self.thumbprints(annotations));
        checks
    }

    fn subject(&self, about: &Digest, covers: &Covers) -> Check {
        let fail = |said: crate::Said| Check::new(CheckId::SignedSubject, Outcome::Fail, said);
        if self.content_type != PAYLOAD {
            let message = "what was signed is of a type whose subject this program cannot read";
            return Check::new(CheckId::SignedSubject, Outcome::NotChecked, message).because(signed::TYPE_UNKNOWN);
        }
        let Some(target) = self.target() else {
            return fail("what was signed names no digest".into()).because("subject-missing");
        };
        if !target.eq_ignore_ascii_case(about.as_str()) {
            return fail(signed::another_image()).values(about.as_str(), target, Source::User);
        }
        match self.differing(about, covers) {
            Some((own, claimed)) => fail(say!(
                "target-differs",
                "what was signed gives this digest another type or size"
            ))
            .values(own, claimed, Source::Document),
            None => Check::new(CheckId::SignedSubject, Outcome::Pass, "what was signed names this digest")
                .because("subject-fits")
                .values(about.as_str(), about.as_str(), Source::User),
        }
    }

    /// The type or size that is signed beside the digest, if it is not the document's.
    fn differing(&self, about: &Digest, covers: &Covers) -> Option<(String, String)> {
        let payload = unambiguous(&self.payload)?;
        let target = payload.get("targetArtifact")?;
        let (media_type, size) = covers.described(about.as_str())?;
        let claimed = target.get("mediaType").and_then(Json::as_str).unwrap_or_default();
        if media_type.as_deref().is_some_and(|own| own != claimed) {
            return Some((media_type.unwrap_or_default(), claimed.to_owned()));
        }
        let claimed = target.get("size").and_then(Json::as_i64).and_then(|size| u64::try_from(size).ok());
        (size.is_some() && size != claimed).then(|| {
            let text = |size: Option<u64>| size.map_or_else(|| "?".to_owned(), |size| size.to_string());
            (text(size), text(claimed))
        })
    }

    /// `certificate`: an annotation beside it names the hashes of its certificates.
    fn thumbprints(&self, annotations: &[(String, String)]) -> Option<Check> {
        let (_, named) = annotations.iter().find(|(name, _)| name == THUMBPRINTS)?;
        let named = json::parse(named.as_bytes()).ok().map(|parsed| parsed.root.strings()).unwrap_or_default();
        let own: Vec<_> =
            self.certificates.iter().map(|der| Algorithm::Sha256.digest(der).encoded().to_owned()).collect();
        if named == own {
            return None;
        }
        let said =
            say!("thumbprint-differs", "the hashes of certificates beside it are not those of its own certificates");
        Some(Check::new(CheckId::Certificate, Outcome::Warn, said).values(
            own.join(" "),
            named.join(" "),
            Source::Document,
        ))
    }
}

/// JSON without members that stand twice.
fn unambiguous(bytes: &[u8]) -> Option<Json> {
    let parsed = json::parse(bytes).ok()?;
    parsed.duplicates.is_empty().then_some(parsed.root)
}

/// `CN=wabbit-networks.io, O=Notary, C=US`
fn words(name: &Name) -> String {
    let parts = name.0.iter().rev().flat_map(|set| set.0.iter());
    let parts = parts.map(|part| {
        let kind = part.oid.to_string();
        let kind = match kind.as_str() {
            "2.5.4.3" => "CN",
            "2.5.4.6" => "C",
            "2.5.4.7" => "L",
            "2.5.4.8" => "ST",
            "2.5.4.10" => "O",
            "2.5.4.11" => "OU",
            other => other,
        };
        format!("{kind}={}", String::from_utf8_lossy(part.value.value()))
    });
    parts.collect::<Vec<_>>().join(", ")
}
