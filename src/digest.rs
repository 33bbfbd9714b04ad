//! bytes -> Verified. Digests by the image spec's grammar, hashing, and the only maker of [`Verified`].

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::error::{Error, ErrorKind};
use crate::say::{Said, say};

/// A hash algorithm that this program computes (image-spec, descriptor, "Registered algorithms"; sha384 is go-digest's).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-256: 64 hex characters.
    Sha256,
    /// SHA-384: 96 hex characters.
    Sha384,
    /// SHA-512: 128 hex characters.
    Sha512,
}

impl Algorithm {
    /// The algorithm of that name, if it is one that can be computed here.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::Sha256),
            "sha384" => Some(Self::Sha384),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The name as it stands before the colon.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The number of hex characters of a digest of this algorithm.
    #[must_use]
    pub fn hex_length(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha384 => 96,
            Self::Sha512 => 128,
        }
    }

    /// The digest of these bytes.
    #[must_use]
    pub fn digest(self, bytes: &[u8]) -> Digest {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish()
    }
}

/// A digest, `algorithm ":" encoded`, as the image spec's grammar has it (descriptor, "Digests").
///
/// Algorithms that are not registered are allowed as long as they fit the grammar: they are shown, not computed.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    text: Arc<str>,
    colon: usize,
}

impl Digest {
    /// Reads `algorithm:encoded`.
    ///
    /// # Errors
    /// `invalid-digest` with what is wrong: no colon, an algorithm or encoding outside the grammar, for a registered
    /// algorithm the wrong length, or anything but lower-case hex.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let Some((algorithm, encoded)) = text.split_once(':') else {
            return Err(invalid(text, say!("digest-without-colon", "has no colon between algorithm and hash")));
        };
        let known = Algorithm::from_name(algorithm);
        // Nearly all are like this. The fault of another is found below.
        let is_good = |known: Algorithm| encoded.len() == known.hex_length() && encoded.bytes().all(is_lower_hex);
        if known.is_some_and(is_good) {
            return Ok(Self { text: text.into(), colon: algorithm.len() });
        }
        if !is_algorithm(algorithm) {
            return Err(invalid(
                text,
                say!(
                    "digest-algorithm-name",
                    "has an algorithm name outside the grammar (lower-case letters and digits, joined by + . _ or -)"
                ),
            ));
        }
        if encoded.is_empty() || !encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"=_-".contains(&b)) {
            return Err(invalid(
                text,
                say!("digest-hash-form", "has a hash outside the grammar (letters, digits, = _ and -)"),
            ));
        }
        if let Some(known) = known {
            check_hex(text, known, encoded)?;
        }
        Ok(Self { text: text.into(), colon: algorithm.len() })
    }

    /// The algorithm, if it is one that can be computed here.
    #[must_use]
    pub fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::from_name(self.algorithm_name())
    }

    /// The part before the colon.
    #[must_use]
    pub fn algorithm_name(&self) -> &str {
        &self.text[..self.colon]
    }

    /// The part after the colon: hex for every registered algorithm.
    #[must_use]
    pub fn encoded(&self) -> &str {
        &self.text[self.colon + 1..]
    }

    /// The whole text, `sha256:…`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// The outcome of holding a document against the digests that something names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(any(feature = "found", feature = "trust")), allow(dead_code, reason = "statements and signatures name"))]
pub(crate) enum Named<'a> {
    /// This one is the document's.
    Same(&'a str),
    /// This one is of an algorithm by which the document's digest is known, and is another.
    Other(&'a str),
    /// None is of such an algorithm, so they cannot be compared.
    Apart,
}

/// Holds the digests that something names against those of one document: statements write hex in capitals too.
#[cfg_attr(not(any(feature = "found", feature = "trust")), allow(dead_code, reason = "statements and signatures name"))]
pub(crate) fn named<'a>(document: &'a [impl AsRef<str>], named: &[String]) -> Named<'a> {
    let all = || document.iter().map(AsRef::as_ref);
    let is_named = |own: &&str| named.iter().any(|one| same(one, own));
    let algorithm = |text: &str| text.split_once(':').map(|(algorithm, _)| algorithm.to_ascii_lowercase());
    let is_comparable = |own: &&str| named.iter().any(|one| algorithm(one) == algorithm(own));
    match (all().find(is_named), all().find(is_comparable)) {
        (Some(own), _) => Named::Same(own),
        (None, Some(own)) => Named::Other(own),
        (None, None) => Named::Apart,
    }
}

/// True if two texts are one digest.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// A streaming hash: any cut of the input into pieces gives the same digest.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    /// A hash of nothing yet.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::Sha384 => State::Sha384(Sha384::new()),
            Algorithm::Sha512 => State::Sha512(Sha512::new()),
        })
    }

    /// The algorithm of this hash.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.0 {
            State::Sha256(_) => Algorithm::Sha256,
            State::Sha384(_) => Algorithm::Sha384,
            State::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(bytes),
            State::Sha384(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
        }
    }

    /// The 32 bytes of a sha256; none of another algorithm.
    pub(crate) fn sha256(self) -> Option<[u8; 32]> {
        match self.0 {
            State::Sha256(state) => Some(state.finalize().into()),
            _ => None,
        }
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(state) => computed(Algorithm::Sha256, &state.finalize()),
            State::Sha384(state) => computed(Algorithm::Sha384, &state.finalize()),
            State::Sha512(state) => computed(Algorithm::Sha512, &state.finalize()),
        }
    }
}

/// The party that gave us a digest before we had the bytes. Only such a digest proves anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The reference that the user typed (`name@sha256:…`).
    Reference,
    /// A descriptor in a document that names this one.
    Descriptor,
    /// A header of the answer: a claim of the registry, never a proof.
    Header,
    /// The image config (`rootfs.diff_ids`).
    Config,
    /// A digest that the user gave beside the bytes.
    User,
    /// A rule of a specification, or the document's own content.
    Document,
}

/// Bytes together with their digest, computed here, and the digest that they should have, if one was given.
///
/// Only this module can make one, and a document can only be parsed from one: "unhashed bytes reached the parser"
/// does not compile. The bytes of a mismatch are shown too, so a mismatch is a `Verified` whose
/// [`matches`](Verified::matches) is false.
#[derive(Clone, Debug)]
pub struct Verified {
    bytes: Arc<[u8]>,
    digest: Digest,
    expected: Option<(Digest, Source)>,
}

impl Verified {
    /// Hashes bytes for which no digest was given: what comes out is "computed now", with sha256.
    #[must_use]
    pub fn compute(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        let digest = Algorithm::Sha256.digest(&bytes);
        Self { bytes, digest, expected: None }
    }

    /// Hashes bytes that should have the digest `expected`, with its algorithm (sha256 if that is not computable).
    #[must_use]
    pub fn against(bytes: impl Into<Arc<[u8]>>, expected: Digest, source: Source) -> Self {
        let bytes = bytes.into();
        let digest = expected.algorithm().unwrap_or(Algorithm::Sha256).digest(&bytes);
        Self { bytes, digest, expected: Some((expected, source)) }
    }

    /// The same bytes held against another expectation, hashed again only if the algorithm differs.
    #[must_use]
    pub fn again(&self, expected: Digest, source: Source) -> Self {
        match expected.algorithm() {
            Some(algorithm) if Some(algorithm) != self.digest.algorithm() => {
                Self::against(self.bytes.clone(), expected, source)
            }
            _ => Self { bytes: self.bytes.clone(), digest: self.digest.clone(), expected: Some((expected, source)) },
        }
    }

    /// The bytes, exactly as they came.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// The digest computed here.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The digest that was given before, and its source.
    #[must_use]
    pub fn expected(&self) -> Option<(&Digest, Source)> {
        self.expected.as_ref().map(|(digest, source)| (digest, *source))
    }

    /// True if the computed digest is the expected one; `None` if there is no expectation or its algorithm is
    /// not one that can be computed here.
    #[must_use]
    pub fn matches(&self) -> Option<bool> {
        let (expected, _) = self.expected()?;
        expected.algorithm()?;
        Some(*expected == self.digest)
    }
}

/// A hash that the host (a browser, Node) computed over bytes of ours: a claim, like any other, until it is compared.
///
/// Nothing is [`Verified`] by it. It says no more than "yes" to a digest that a document names; a "no" is never believed.
#[derive(Clone, Debug)]
pub struct Reported(Digest);

impl Reported {
    /// The bytes of a hash as the host returned them; none if their number is not that of the algorithm.
    #[must_use]
    pub fn new(algorithm: Algorithm, hash: &[u8]) -> Option<Self> {
        (hash.len() * 2 == algorithm.hex_length()).then(|| Self(computed(algorithm, hash)))
    }

    /// The digest that was named, if it is this one.
    #[must_use]
    pub fn confirmed(&self, named: &Digest) -> Option<Digest> {
        (self.0 == *named).then(|| named.clone())
    }
}

fn invalid(text: &str, why: Said) -> Error {
    let shown: String = text.chars().take(160).collect();
    let said =
        say!("digest-invalid", "\"{text}\" is not a digest: it {why}", text = shown.escape_debug().to_string(), why);
    Error::new(ErrorKind::InvalidDigest, said)
}

/// `component (separator component)*`: lower-case letters and digits, joined by single `+ . _ -`.
fn is_algorithm(name: &str) -> bool {
    name.split(['+', '.', '_', '-'])
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn check_hex(text: &str, algorithm: Algorithm, encoded: &str) -> Result<(), Error> {
    let (want, have) = (algorithm.hex_length(), encoded.len());
    if let Some(at) = encoded.bytes().position(|b| !is_lower_hex(b)) {
        let upper = encoded.as_bytes()[at].is_ascii_hexdigit();
        let why = if upper {
            say!("digest-upper-case", "has upper-case hex at position {position} of the hash", position = at + 1)
        } else {
            say!(
                "digest-not-hex",
                "has a character that is not hex at position {position} of the hash",
                position = at + 1
            )
        };
        return Err(invalid(text, why));
    }
    if have != want {
        return Err(invalid(
            text,
            say!(
                "digest-length-differs",
                "has {have} hex characters where {algorithm} has {want}",
                have,
                algorithm = algorithm.name(),
                want
            ),
        ));
    }
    Ok(())
}

fn computed(algorithm: Algorithm, hash: &[u8]) -> Digest {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(algorithm.name().len() + 1 + algorithm.hex_length());
    text.push_str(algorithm.name());
    text.push(':');
    for byte in hash {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    Digest { text: text.into(), colon: algorithm.name().len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[track_caller]
    fn rejected(text: &str, message: &str) {
        let error = Digest::parse(text).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), ("invalid-digest", message));
    }

    #[test]
    fn known_answers() {
        assert_eq!(Algorithm::Sha256.digest(b"").as_str(), EMPTY);
        assert!(Algorithm::Sha512.digest(b"abc").as_str().starts_with("sha512:ddaf35a193617abacc417349ae204131"));
        assert!(Algorithm::Sha384.digest(b"abc").as_str().starts_with("sha384:cb00753f45a35e8bb5a03d699ac65007"));
    }

    #[test]
    fn what_fits_the_grammar_is_a_digest() {
        for text in
            [EMPTY, "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8", "sha256+b64u:LCa0a2j_xo=="]
        {
            assert_eq!(Digest::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_does_not_says_why() {
        rejected("sha256", "\"sha256\" is not a digest: it has no colon between algorithm and hash");
        rejected("sha256:deadbeef", "\"sha256:deadbeef\" is not a digest: it has 8 hex characters where sha256 has 64");
        rejected(
            "sha256:DEADBEEF",
            "\"sha256:DEADBEEF\" is not a digest: it has upper-case hex at position 1 of the hash",
        );
        rejected(
            "sha256:00x",
            "\"sha256:00x\" is not a digest: it has a character that is not hex at position 3 of the hash",
        );
        rejected(
            "sha256:",
            "\"sha256:\" is not a digest: it has a hash outside the grammar (letters, digits, = _ and -)",
        );
        rejected(
            "SHA256:00",
            "\"SHA256:00\" is not a digest: it has an algorithm name outside the grammar (lower-case letters and digits, joined by + . _ or -)",
        );
    }

    #[test]
    fn a_mismatch_keeps_both_values() {
        let expected = Digest::parse(EMPTY).unwrap();
        let verified = Verified::against(b"not empty".to_vec(), expected.clone(), Source::Reference);
        assert_eq!(verified.matches(), Some(false));
        assert_eq!(verified.expected(), Some((&expected, Source::Reference)));
        assert_eq!(Verified::compute(Vec::new()).again(expected, Source::User).matches(), Some(true));
    }

    #[test]
    fn the_hosts_hash_confirms_the_named_digest_and_no_other() {
        let hash: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&EMPTY[7 + 2 * at..9 + 2 * at], 16).unwrap()).collect();
        let empty = Digest::parse(EMPTY).unwrap();
        let reported = Reported::new(Algorithm::Sha256, &hash).unwrap();
        assert_eq!(reported.confirmed(&empty), Some(empty.clone()));
        assert_eq!(reported.confirmed(&Algorithm::Sha256.digest(b"x")), None);
        assert!(Reported::new(Algorithm::Sha256, &hash[1..]).is_none(), "too short");
        assert!(Reported::new(Algorithm::Sha512, &hash).is_none(), "of another algorithm");
        assert!(Reported::new(Algorithm::Sha256, &[0; 32]).unwrap().confirmed(&empty).is_none());
    }

    #[test]
    fn an_algorithm_that_cannot_be_computed_proves_nothing() {
        let odd = Digest::parse("blake3:00").unwrap();
        assert_eq!(Verified::against(b"x".to_vec(), odd, Source::Descriptor).matches(), None);
    }

    proptest! {
        #[test]
        fn any_cut_of_the_input_hashes_the_same(bytes: Vec<u8>, cut: prop::sample::Index) {
            let at = if bytes.is_empty() { 0 } else { cut.index(bytes.len()) };
            let mut hasher = Hasher::new(Algorithm::Sha256);
            hasher.update(&bytes[..at]);
            hasher.update(&bytes[at..]);
            prop_assert_eq!(hasher.finish(), Algorithm::Sha256.digest(&bytes));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,200}") {
            let _ = Digest::parse(&text);
        }
    }
}
