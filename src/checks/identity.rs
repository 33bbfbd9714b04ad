//! Document -> Check. Compares the digest and the length of the bytes with the claims.

use crate::checks::findings::shorten;
use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::{Algorithm, Digest, Verified};
use crate::say::{Said, Word, say};

/// The bytes of a document with what registries take its digest of.
pub(super) struct Subject<'a> {
    /// The bytes as they came.
    pub(super) verified: &'a Verified,
    /// The payload of a signed schema 1 manifest: there, the digest is of these bytes.
    pub(super) payload: Option<&'a [u8]>,
    /// True if the shown document was read from that payload: else its digest proves nothing about it.
    pub(super) is_shown: bool,
}

impl Subject<'_> {
    fn digest(&self, algorithm: Algorithm) -> Digest {
        match self.payload {
            Some(payload) => algorithm.digest(payload),
            None if self.verified.digest().algorithm() == Some(algorithm) => self.verified.digest().clone(),
            None => algorithm.digest(self.verified.bytes()),
        }
    }

    fn what(&self) -> Word {
        if self.payload.is_some() { Word("payload", "the signed payload") } else { Word("bytes", "the bytes") }
    }
}

/// Holds the digest computed here against the one given before.
pub(super) fn digest(subject: &Subject<'_>) -> Check {
    let what = subject.what();
    let Some((expected, source)) = subject.verified.expected() else {
        let actual = subject.digest(Algorithm::Sha256);
        let message = say!("digest-not-given", "no digest was given; computed now over {what}: pin this one", what);
        let mut check = Check::new(CheckId::Digest, Outcome::NotChecked, message);
        check.actual = Some(actual.to_string());
        return check;
    };
    let Some(algorithm) = expected.algorithm() else {
        let name = expected.algorithm_name();
        let message = say!("algorithm-not-computed", "{name} is not an algorithm that can be computed here", name);
        let actual = subject.digest(Algorithm::Sha256);
        return Check::new(CheckId::Digest, Outcome::NotChecked, message).values(
            expected.as_str(),
            actual.as_str(),
            source,
        );
    };
    let actual = subject.digest(algorithm);
    let (outcome, message) = if actual == *expected && !subject.is_shown {
        (
            Outcome::Fail,
            say!(
                "payload-not-shown",
                "the digest fits the signed payload, but that is not JSON: it is not what is shown"
            ),
        )
    } else if actual == *expected {
        (
            Outcome::Pass,
            say!("digest-fits", "the digest of {what} is the one given by {source}", what, source = name(source)),
        )
    } else if subject.payload.is_some() && subject.verified.matches() == Some(true) {
        let message = say!(
            "digest-of-signed-bytes",
            "the bytes with their signatures hash to the digest given; registries name the payload instead"
        );
        let check = Check::new(CheckId::Digest, Outcome::Pass, message);
        return check.values(expected.as_str(), subject.verified.digest().as_str(), source);
    } else {
        (
            Outcome::Fail,
            say!(
                "digest-differs",
                "the digest of {what} is not the one given by {source}",
                what,
                source = name(source)
            ),
        )
    };
    Check::new(CheckId::Digest, outcome, message).values(expected.as_str(), actual.as_str(), source)
}

/// Holds the length of the bytes against the size given before.
pub(super) fn size(verified: &Verified, expected: (u64, Source)) -> Check {
    let (size, source) = expected;
    let actual = verified.bytes().len();
    let (outcome, message) = if u64::try_from(actual) == Ok(size) {
        (Outcome::Pass, say!("size-fits", "there are as many bytes as {source} says", source = name(source)))
    } else {
        (
            Outcome::Fail,
            say!("size-differs", "{source} says {size} bytes, there are {actual}", source = name(source), size, actual),
        )
    };
    Check::new(CheckId::Size, outcome, message).values(size.to_string(), actual.to_string(), source)
}

/// Holds the `Docker-Content-Digest` header, a claim of the registry, against the digest computed here.
pub(super) fn header(subject: &Subject<'_>, header: &str, pasted: bool) -> Check {
    let check = |outcome, message: Said, actual: &Digest| {
        Check::new(CheckId::HeaderDigest, outcome, message).values(shorten(header), actual.as_str(), Source::Header)
    };
    let claimed = Digest::parse(header.trim());
    let algorithm = claimed.as_ref().map_or(Some(Algorithm::Sha256), Digest::algorithm);
    let actual = subject.digest(algorithm.unwrap_or(Algorithm::Sha256));
    match claimed {
        Err(_) => {
            check(Outcome::Warn, say!("header-no-digest", "the Docker-Content-Digest header is not a digest"), &actual)
        }
        Ok(_) if algorithm.is_none() => check(
            Outcome::NotChecked,
            say!("header-algorithm", "the header's algorithm cannot be computed here"),
            &actual,
        ),
        Ok(claimed) if claimed == actual => check(
            Outcome::Pass,
            say!("header-fits", "the registry's header names the digest computed here: a claim that fits, no proof"),
            &actual,
        ),
        Ok(claimed) if subject.payload.is_some() && claimed == *subject.verified.digest() => check(
            Outcome::Warn,
            say!("header-of-signed-bytes", "the header names the bytes with their signatures, not the signed payload"),
            &actual,
        ),
        Ok(_) if pasted => check(
            Outcome::Warn,
            say!(
                "pasted-header-differs",
                "the pasted header names another digest: the text changed on its way, or belongs to another answer"
            ),
            &actual,
        ),
        Ok(_) => check(
            Outcome::Fail,
            say!("header-differs", "the registry's header names other bytes than it sent"),
            &actual,
        ),
    }
}

/// A source in words.
pub(super) fn name(source: Source) -> Word {
    match source {
        Source::Reference => Word("reference", "the reference"),
        Source::Descriptor => Word("descriptor", "the descriptor"),
        Source::Header => Word("header", "the header"),
        Source::Config => Word("config", "the config"),
        Source::User => Word("user", "the user"),
        Source::Document => Word("document", "the document"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: &[u8] = b"{}";

    fn plain(verified: &Verified) -> Subject<'_> {
        Subject { verified, payload: None, is_shown: true }
    }

    #[test]
    fn without_an_expectation_nothing_is_proved() {
        let verified = Verified::compute(BYTES);
        let check = digest(&plain(&verified));
        assert_eq!((check.outcome, check.expected), (Outcome::NotChecked, None));
        assert_eq!(check.message, "no digest was given; computed now over the bytes: pin this one");
        assert_eq!(check.actual.as_deref(), Some(verified.digest().as_str()));
    }

    #[test]
    fn a_digest_given_before_passes_or_fails_with_both_values() {
        let (right, wrong) = (Algorithm::Sha512.digest(BYTES), Algorithm::Sha512.digest(b"other"));
        let check = digest(&plain(&Verified::against(BYTES, right.clone(), Source::Descriptor)));
        assert_eq!(
            (check.outcome, check.message.as_str()),
            (Outcome::Pass, "the digest of the bytes is the one given by the descriptor")
        );
        let check = digest(&plain(&Verified::against(BYTES, wrong.clone(), Source::Reference)));
        assert_eq!(check.message, "the digest of the bytes is not the one given by the reference");
        assert_eq!((check.outcome, check.source), (Outcome::Fail, Some(Source::Reference)));
        assert_eq!((check.expected.unwrap(), check.actual.unwrap()), (wrong.to_string(), right.to_string()));
    }

    #[test]
    fn an_unknown_algorithm_is_not_checked() {
        let check = digest(&plain(&Verified::against(BYTES, Digest::parse("blake3:00").unwrap(), Source::Descriptor)));
        assert_eq!(
            (check.outcome, check.message.as_str()),
            (Outcome::NotChecked, "blake3 is not an algorithm that can be computed here")
        );
    }

    #[test]
    fn a_payload_stands_for_the_bytes() {
        let payload: &[u8] = b"payload";
        let by_payload = Verified::against(BYTES, Algorithm::Sha256.digest(payload), Source::Reference);
        let check = digest(&Subject { verified: &by_payload, payload: Some(payload), is_shown: true });
        assert_eq!(
            (check.outcome, check.message.as_str()),
            (Outcome::Pass, "the digest of the signed payload is the one given by the reference")
        );
        let by_bytes = Verified::against(BYTES, Algorithm::Sha256.digest(BYTES), Source::User);
        assert_eq!(
            digest(&Subject { verified: &by_bytes, payload: Some(payload), is_shown: true }).outcome,
            Outcome::Pass
        );
        let by_neither = Verified::against(BYTES, Algorithm::Sha256.digest(b""), Source::User);
        assert_eq!(
            digest(&Subject { verified: &by_neither, payload: Some(payload), is_shown: true }).outcome,
            Outcome::Fail
        );
    }

    #[test]
    fn a_payload_that_is_not_shown_proves_nothing() {
        let verified = Verified::against(BYTES, Algorithm::Sha256.digest(b"payload"), Source::Reference);
        let check = digest(&Subject { verified: &verified, payload: Some(b"payload"), is_shown: false });
        assert_eq!(check.outcome, Outcome::Fail);
        assert_eq!(check.message, "the digest fits the signed payload, but that is not JSON: it is not what is shown");
    }

    #[test]
    fn sizes() {
        let verified = Verified::compute(BYTES);
        assert_eq!(size(&verified, (2, Source::Descriptor)).outcome, Outcome::Pass);
        let check = size(&verified, (3, Source::Descriptor));
        assert_eq!(
            (check.outcome, check.message.as_str()),
            (Outcome::Fail, "the descriptor says 3 bytes, there are 2")
        );
        assert_eq!((check.expected.as_deref(), check.actual.as_deref()), (Some("3"), Some("2")));
    }

    #[test]
    fn a_header_is_a_claim() {
        let verified = Verified::compute(BYTES);
        let of = |text: &str| header(&plain(&verified), text, false);
        assert_eq!(of(verified.digest().as_str()).outcome, Outcome::Pass);
        assert_eq!(of(Algorithm::Sha512.digest(BYTES).as_str()).outcome, Outcome::Pass);
        assert_eq!(of("nonsense").outcome, Outcome::Warn);
        assert_eq!(of("blake3:00").outcome, Outcome::NotChecked);
        let check = of(Algorithm::Sha256.digest(b"").as_str());
        assert_eq!((check.outcome, check.source), (Outcome::Fail, Some(Source::Header)));
        assert_eq!(check.message, "the registry's header names other bytes than it sent");
    }
}
