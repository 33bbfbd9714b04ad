//! Line: Document -> Check. The signatures of a schema 1 manifest (JWS, as libtrust wrote them).

use crate::checks::{Check, CheckId, Outcome};
use crate::document::schema1::base64url;
use crate::json::{Json, Object};
use crate::media_type::{self, MediaType};

/// Whether the signatures are well formed and agree on one payload; `payload` is what came of restoring it.
///
/// Whether a signature was made by its key is not computed: the key stands in the document itself and nobody vouches
/// for it, so it would prove nothing. What proves is the digest, which is over the payload.
pub(super) fn check(root: &Json, media_type: Option<&MediaType>, payload: Result<bool, &str>) -> Option<Check> {
    let signed_type = media_type.is_some_and(|media_type| media_type.as_str() == media_type::DOCKER_SCHEMA1_SIGNED);
    let (outcome, message) = match payload {
        Err(why) => (Outcome::Fail, format!("the signatures are malformed, so there is no payload: {why}")),
        Ok(false) if signed_type => (Outcome::Fail, "the type says signed, and there is no signature".to_owned()),
        Ok(false) => return None,
        Ok(true) => match malformed(root) {
            Some(why) => (Outcome::Warn, why),
            None => (Outcome::NotChecked, VOUCHES.to_owned()),
        },
    };
    Some(Check::new(CheckId::Signature, outcome, message))
}

const VOUCHES: &str = "not computed: the key stands in the document itself and nobody vouches for it, so the signature \
                       proves nothing; the digest is over the signed payload";

/// The first signature that lacks a part which a verifier needs.
fn malformed(root: &Json) -> Option<String> {
    let signatures = root.get("signatures").and_then(Json::as_array).unwrap_or_default();
    signatures.iter().enumerate().find_map(|(index, signature)| {
        let header = signature.get("header").and_then(Json::as_object);
        let why = missing_part(signature, header)?;
        Some(format!("signature {index} cannot be verified by anybody: {why}"))
    })
}

fn missing_part(signature: &Json, header: Option<&Object>) -> Option<&'static str> {
    let Some(header) = header else { return Some("it has no header") };
    let text = signature.get("signature").and_then(Json::as_str);
    if header.get("alg").and_then(Json::as_str).is_none() {
        Some("its header names no algorithm")
    } else if !header.contains("jwk") && !header.contains("x5c") {
        Some("its header has no key")
    } else if text.and_then(base64url).is_none_or(|bytes| bytes.is_empty()) {
        Some("its signature is not base64url")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[track_caller]
    fn of(text: &str, media_type: &str, payload: Result<bool, &str>) -> Option<(Outcome, String)> {
        let root = json::parse(text.as_bytes()).unwrap().root;
        check(&root, Some(&MediaType::new(media_type)), payload).map(|check| (check.outcome, check.message))
    }

    #[test]
    fn a_signed_type_needs_a_signature() {
        let fault = (Outcome::Fail, "the type says signed, and there is no signature".to_owned());
        assert_eq!(of("{}", media_type::DOCKER_SCHEMA1_SIGNED, Ok(false)), Some(fault));
        assert_eq!(of("{}", media_type::DOCKER_SCHEMA1, Ok(false)), None);
    }

    #[test]
    fn a_well_formed_signature_proves_nothing() {
        let text = r#"{"signatures":[{"header":{"alg":"ES256","jwk":{}},"signature":"AAAA","protected":"x"}]}"#;
        assert_eq!(of(text, media_type::DOCKER_SCHEMA1, Ok(true)).unwrap().0, Outcome::NotChecked);
    }

    #[test]
    fn malformed_ones_say_why() {
        let fails = of("{}", media_type::DOCKER_SCHEMA1, Err("it is odd")).unwrap();
        assert_eq!(
            fails,
            (Outcome::Fail, "the signatures are malformed, so there is no payload: it is odd".to_owned())
        );
        for (signature, why) in [
            (r#"{}"#, "it has no header"),
            (r#"{"header":{}}"#, "its header names no algorithm"),
            (r#"{"header":{"alg":"x"}}"#, "its header has no key"),
            (r#"{"header":{"alg":"x","jwk":{}},"signature":"&"}"#, "its signature is not base64url"),
        ] {
            let said = of(&format!("{{\"signatures\":[{signature}]}}"), media_type::DOCKER_SCHEMA1, Ok(true)).unwrap();
            assert_eq!(said, (Outcome::Warn, format!("signature 0 cannot be verified by anybody: {why}")));
        }
    }
}
