//! The signatures of a schema 1 manifest (JWS, as libtrust wrote them).

use crate::checks::findings::shorten;
use crate::checks::{Check, CheckId, Outcome};
use crate::document::engines;
use crate::document::schema1::{Signed, base64url};
use crate::json::{Json, Member, Object, is_one_name};
use crate::media_type::{self, DocumentKind, MediaType};
use crate::say::{Said, say};

/// Checks that the signatures are well formed and agree on one payload; `signed` is the outcome of restoring it.
///
/// The signature itself is not verified against its key: the key stands in the document itself and no other party
/// vouches for it, so it would prove nothing. The digest, which is over the payload, is the proof.
pub(super) fn check(
    root: &Json,
    media_type: Option<&MediaType>,
    signed: &Result<Option<Signed>, Said>,
) -> Option<Check> {
    let signed_type = media_type.is_some_and(|media_type| media_type.as_str() == media_type::DOCKER_SCHEMA1_SIGNED);
    let (outcome, message) = match signed {
        Err(why) => (
            Outcome::Fail,
            say!(
                "signatures-malformed",
                "the signatures are malformed, so there is no payload: {why}",
                why = why.clone()
            ),
        ),
        Ok(None) if signed_type => {
            (Outcome::Fail, say!("signature-missing", "the type says signed, and there is no signature"))
        }
        Ok(None) => return None,
        Ok(Some(signed)) => of_payload(root, signed),
    };
    Some(Check::new(CheckId::Signature, outcome, message))
}

fn of_payload(root: &Json, signed: &Signed) -> (Outcome, Said) {
    if signed.is_short {
        return (
            Outcome::Warn,
            say!(
                "signed-more-bytes",
                "the signatures are over more bytes than the document has: it was cut or changed"
            ),
        );
    }
    if signed.parsed.is_none() {
        return (
            Outcome::Warn,
            say!(
                "signed-payload-not-json",
                "the signed payload is not JSON: the document was changed after it was signed"
            ),
        );
    }
    if let Some((outcome, names)) = unsigned_members(root, signed.length) {
        let said = say!(
            "members-not-signed",
            "the document goes on after the signed payload, which is not believed: {names}",
            names
        );
        return (outcome, said);
    }
    malformed(root).map_or_else(|| (Outcome::NotChecked, vouches()), |why| (Outcome::Warn, why))
}

fn vouches() -> Said {
    say!(
        "signature-of-own-key",
        "not computed: the key stands in the document itself and no other party vouches for it, so the signature proves \
         nothing; the digest is over the signed payload"
    )
}

/// The members that stand after the payload: they are not signed, and the digest is not over them. Docker reads the
/// payload and podman the whole document, so a member that they decode makes two documents of one.
fn unsigned_members(root: &Json, length: usize) -> Option<(Outcome, String)> {
    let after = root.span.start + length;
    let is_unsigned = |member: &&Member| member.value.span.end > after && &*member.name != "signatures";
    let members: Vec<&Member> = root.as_object()?.iter().filter(is_unsigned).collect();
    let fields = engines::fields(DocumentKind::Schema1);
    let is_read = |member: &&Member| fields.iter().any(|field| is_one_name(field.name, &member.name));
    let outcome = if members.iter().any(is_read) { Outcome::Fail } else { Outcome::Warn };
    let names: Vec<String> = members.iter().take(SHOWN).map(|member| shorten(&member.name)).collect();
    (!names.is_empty()).then(|| (outcome, names.join(", ")))
}

/// The most members that a message names.
const SHOWN: usize = 5;

/// The first signature that lacks a part which a verifier needs.
fn malformed(root: &Json) -> Option<Said> {
    let signatures = root.key("signatures").and_then(Json::as_array).unwrap_or_default();
    signatures.iter().enumerate().find_map(|(index, signature)| {
        let header = signature.get("header").and_then(Json::as_object);
        let why = missing_part(signature, header)?;
        Some(say!("signature-incomplete", "signature {index} cannot be verified: {why}", index, why))
    })
}

fn missing_part(signature: &Json, header: Option<&Object>) -> Option<Said> {
    let Some(header) = header else { return Some(say!("no-header", "it has no header")) };
    let text = signature.get("signature").and_then(Json::as_str);
    if header.get("alg").and_then(Json::as_str).is_none() {
        Some(say!("header-without-algorithm", "its header names no algorithm"))
    } else if !header.contains("jwk") && !header.contains("x5c") {
        Some(say!("header-without-key", "its header has no key"))
    } else if text.and_then(base64url).is_none_or(|bytes| bytes.is_empty()) {
        Some(say!("signature-not-base64url", "its signature is not base64url"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    const PAYLOAD: &str = "{\n   \"schemaVersion\": 1\n}";

    /// [`PAYLOAD`] with something inserted where libtrust puts the signatures.
    fn signed(length: usize, extra: &str, signature: &str) -> String {
        let protected = URL_SAFE_NO_PAD.encode(format!("{{\"formatLength\":{length},\"formatTail\":\"Cn0\"}}"));
        let signature = signature.replace("PROTECTED", &format!("\"protected\":\"{protected}\""));
        format!("{},{extra}\n   \"signatures\": [{signature}]\n}}", &PAYLOAD[..PAYLOAD.len() - 2])
    }

    const GOOD: &str = r#"{"header":{"alg":"ES256","jwk":{}},"signature":"AAAA",PROTECTED}"#;

    #[track_caller]
    fn said(text: &str, media_type: &str) -> Option<(Outcome, String)> {
        let root = json::parse(text.as_bytes()).unwrap().root;
        let signed = Signed::read(&root, text.as_bytes());
        check(&root, Some(&MediaType::new(media_type)), &signed).map(|check| (check.outcome, check.message))
    }

    #[track_caller]
    fn is(text: &str, outcome: Outcome, message: &str) {
        assert_eq!(said(text, media_type::DOCKER_SCHEMA1_SIGNED), Some((outcome, message.to_owned())), "{text}");
    }

    #[test]
    fn a_signed_type_needs_a_signature() {
        is("{}", Outcome::Fail, "the type says signed, and there is no signature");
        is(r#"{"signatures":[]}"#, Outcome::Fail, "the type says signed, and there is no signature");
        assert_eq!(said("{}", media_type::DOCKER_SCHEMA1), None);
    }

    #[test]
    fn the_payload_is_the_text_before_the_signatures() {
        let text = format!("\n  {}\n", signed(PAYLOAD.len() - 2, "", GOOD));
        let root = json::parse(text.as_bytes()).unwrap().root;
        let signed = Signed::read(&root, text.as_bytes()).unwrap().unwrap();
        assert_eq!(std::str::from_utf8(&signed.payload), Ok(PAYLOAD));
        is(&text, Outcome::NotChecked, &vouches().message);
    }

    #[test]
    fn what_is_not_signed_is_not_believed() {
        let extra = "\"fsLayers\": [], \"x\": 1,";
        let message = "the document goes on after the signed payload, which is not believed: fsLayers, x";
        is(&signed(PAYLOAD.len() - 2, extra, GOOD), Outcome::Fail, message);
        let message = "the document goes on after the signed payload, which is not believed: x";
        is(&signed(PAYLOAD.len() - 2, "\"x\": 1,", GOOD), Outcome::Warn, message);
    }

    #[test]
    fn signatures_over_other_bytes() {
        let cut = "the signatures are over more bytes than the document has: it was cut or changed";
        is(&signed(100_000, "", GOOD), Outcome::Warn, cut);
        let changed = "the signed payload is not JSON: the document was changed after it was signed";
        is(&signed(8, "", GOOD), Outcome::Warn, changed);
    }

    #[test]
    fn malformed_ones_say_why() {
        for (signatures, why) in [
            ("1", "\"signatures\" is a number, not an array"),
            ("[{}]", "signature 0: it has no \"protected\" header"),
            (r#"[{"protected":"&"}]"#, "signature 0: its \"protected\" header is not base64url"),
            (r#"[{"protected":"AAAA"}]"#, "signature 0: its \"protected\" header is not JSON"),
            (r#"[{"protected":"e30"}]"#, "signature 0: its \"formatLength\" is not a count of bytes"),
            (r#"[{"protected":"eyJmb3JtYXRMZW5ndGgiOjF9"}]"#, "signature 0: its \"formatTail\" is not base64url"),
        ] {
            let message = format!("the signatures are malformed, so there is no payload: {why}");
            is(&format!("{{\"signatures\":{signatures}}}"), Outcome::Fail, &message);
        }
    }

    #[test]
    fn all_signatures_are_over_one_payload() {
        let other = GOOD.replace("PROTECTED", "\"protected\":\"eyJmb3JtYXRMZW5ndGgiOjEsImZvcm1hdFRhaWwiOiIifQ\"");
        let why = "the signatures are malformed, so there is no payload: signature 1 is over another payload than signature 0";
        is(&signed(PAYLOAD.len() - 2, "", &format!("{GOOD},{other}")), Outcome::Fail, why);
    }

    #[test]
    fn what_nobody_can_verify_says_why() {
        for (signature, why) in [
            (r#"{PROTECTED}"#, "it has no header"),
            (r#"{"header":{},PROTECTED}"#, "its header names no algorithm"),
            (r#"{"header":{"alg":"x"},PROTECTED}"#, "its header has no key"),
            (r#"{"header":{"alg":"x","jwk":{}},"signature":"&",PROTECTED}"#, "its signature is not base64url"),
        ] {
            let message = format!("signature 0 cannot be verified: {why}");
            is(&signed(PAYLOAD.len() - 2, "", signature), Outcome::Warn, &message);
        }
    }
}
