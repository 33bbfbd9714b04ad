//! The rules for a descriptor and for the platform in it (image-spec, descriptor, image-index).

use base64ct::{Base64, Encoding as _};

use crate::checks::findings::{At, shorten};
use crate::checks::schema::annotations;
use crate::checks::schema::rules::{Need, Rules};
use crate::checks::{Outcome, Source};
use crate::digest::Digest;
use crate::json::{Json, Object};
use crate::limits;
use crate::media_type;
use crate::say::{Said, say};

/// Holds one value against every rule for descriptors; returns its members if it is an object.
pub(super) fn descriptor<'j>(rules: &mut Rules, json: &'j Json, at: &At<'_>) -> Option<&'j Object> {
    let object = rules.expect_object(json, at)?;
    if let Some(text) = rules.string(object, at, "mediaType", Need::Must) {
        rules.media_type_form(text, &at.name("mediaType"));
    }
    size(rules, object, at);
    digest(rules, object, at);
    urls(rules, object, at);
    annotations::map(rules, object, at);
    rules.artifact_type(object, at, Need::May);
    data(rules, object, at);
    empty(rules, object, at);
    if let Some(platform) = rules.object(object, at, "platform", Need::May) {
        platform_members(rules, platform, &at.name("platform"));
    }
    Some(object)
}

/// Holds `$.subject` against the rules for descriptors, if there is one.
pub(super) fn subject(rules: &mut Rules, root: &Object) {
    if let Some(subject) = rules.member(root, &At::ROOT, "subject", Need::May) {
        descriptor(rules, subject, &At::ROOT.name("subject"));
    }
}

/// `platform` of an index entry.
fn platform_members(rules: &mut Rules, platform: &Object, at: &At<'_>) {
    for name in ["architecture", "os"] {
        if rules.string(platform, at, name, Need::Must) == Some("") {
            rules.schema.warn(&at.name(name), say!("empty", "{name} is empty", name));
        }
    }
    optional_platform(rules, platform, at);
    rules.strings(platform, at, "features", Need::May);
    known_platform(rules, platform, at);
}

/// The members of a platform that may be missing, in an index entry as in a config.
pub(super) fn optional_platform(rules: &mut Rules, platform: &Object, at: &At<'_>) {
    rules.string(platform, at, "os.version", Need::May);
    rules.strings(platform, at, "os.features", Need::May);
    rules.string(platform, at, "variant", Need::May);
}

/// `os` and `architecture` should be names that Go has (`GOOS`, `GOARCH`); BuildKit's attestations say `unknown`.
pub(super) fn known_platform(rules: &mut Rules, platform: &Object, at: &At<'_>) {
    for (name, known) in [("os", GOOS), ("architecture", GOARCH)] {
        let Some(text) = platform.get(name).and_then(Json::as_str).filter(|text| !text.is_empty()) else { continue };
        if text != "unknown" && !known.split(' ').any(|word| word == text) {
            let text_shown = shorten(text);
            let message = match usual(text) {
                Some(usual) => say!(
                    "platform-other-name",
                    "\"{text}\" is not an {name} that Go knows by that name: Go calls it {usual}, and a request for that \
                     finds nothing",
                    text = text_shown,
                    name,
                    usual
                ),
                None => say!(
                    "platform-not-known",
                    "\"{text}\" is not an {name} that Go knows by that name",
                    text = text_shown,
                    name
                ),
            };
            rules.schema.warn(&at.name(name), message);
        }
    }
}

/// The name in Go and in every registry for an architecture that `uname`, Debian or RPM call otherwise, and so with
/// systems.
fn usual(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    Some(match lower.as_str() {
        "x86_64" | "x86-64" | "amd64" | "x64" => "amd64",
        "aarch64" | "arm64" | "armv8" => "arm64",
        "i386" | "i486" | "i586" | "i686" | "x86" => "386",
        "armhf" | "armel" | "armv5l" | "armv6l" | "armv7" | "armv7l" | "arm32v7" => "arm",
        "powerpc64le" | "ppc64el" => "ppc64le",
        "loongarch64" => "loong64",
        "mips64el" => "mips64le",
        "mipsel" => "mipsle",
        "macos" | "osx" => "darwin",
        "linux" => "linux",
        "windows" | "win32" => "windows",
        _ => return None,
    })
}

const GOOS: &str = "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris \
                    wasi wasip1 wasip2 windows zos";
const GOARCH: &str = "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 \
                      mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm";

/// `size`: a count of bytes that is a whole number, and one that JavaScript can hold.
fn size(rules: &mut Rules, object: &Object, at: &At<'_>) {
    let Some(value) = rules.member(object, at, "size", Need::Must) else { return };
    let at = at.name("size");
    let Some(token) = value.as_number() else { return rules.wrong_type(&at, "a number", value) };
    if token.starts_with('-') {
        rules.schema.fail(&at, say!("size-negative", "size is negative: {size}", size = shorten(token)));
    } else if token.contains(['.', 'e', 'E']) {
        rules
            .schema
            .fail(&at, say!("size-not-whole", "size is not written as a whole number: {size}", size = shorten(token)));
    } else if token.parse().is_ok_and(|size: u64| size <= limits::SAFE_INTEGER) {
    } else {
        let (most, message) = (
            limits::SAFE_INTEGER.to_string(),
            say!("size-too-large", "size is more than 2^53 - 1, which not every reader can hold"),
        );
        rules.schema.differs(Outcome::Fail, &at, (&most, token), message);
    }
}

/// `digest`: none at all is only bearable together with a size of 0, as tools write if an artifact has no config.
fn digest(rules: &mut Rules, object: &Object, at: &At<'_>) {
    let Some(text) = rules.string(object, at, "digest", Need::Must) else { return };
    let at = at.name("digest");
    if text.is_empty() && object.get("size").and_then(Json::as_i64) == Some(0) {
        rules.schema.warn(&at, say!("digest-empty", "digest is empty: nothing is referred to"));
    } else {
        rules.digest(text, &at);
    }
}

fn urls(rules: &mut Rules, object: &Object, at: &At<'_>) {
    let urls = rules.strings(object, at, "urls", Need::May);
    let at = at.name("urls");
    for (index, url) in urls.iter().enumerate() {
        if let Some(text) = url.as_str().filter(|text| !is_uri(text)) {
            rules
                .schema
                .fail(&at.index(index), say!("no-uri", "\"{text}\" is not a URI (RFC 3986)", text = shorten(text)));
        }
    }
}

/// A scheme, a colon and characters that a URI may have.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let mut bytes = rest.bytes();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => (0..2).all(|_| bytes.next().is_some_and(|b| b.is_ascii_hexdigit())),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if !fits {
            return false;
        }
    }
    scheme_fits && !rest.is_empty()
}

/// `data`: the content itself. If it is not, the descriptor of a config or layer fails: it names two contents. An entry of
/// an index and a subject are doubtful, since nothing is read from their `data`, here or in containerd.
fn data(rules: &mut Rules, object: &Object, at: &At<'_>) {
    let Some(text) = rules.string(object, at, "data", Need::May) else { return };
    let outcome = if at.is_within(&["manifests", "subject"]) { Outcome::Warn } else { Outcome::Fail };
    let at = at.name("data");
    let Ok(bytes) = Base64::decode_vec(text) else {
        return rules.schema.fail(&at, say!("data-not-base64", "data is not base64 (RFC 4648, section 4)"));
    };
    let mut differs = |expected: &str, actual: &str, said: Said| {
        rules.schema.note(outcome, |check| {
            let check = check.saying(said).at(at.to_string());
            check.values(expected, actual, Source::Document)
        });
    };
    let size = object.get("size").and_then(Json::as_i64).unwrap_or_default();
    if u64::try_from(size) != Ok(bytes.len() as u64) {
        let message = say!("data-of-another-size", "data does not have the size that the descriptor states");
        differs(&size.to_string(), &bytes.len().to_string(), message);
    }
    let digest = object.get("digest").and_then(Json::as_str).and_then(|text| Digest::parse(text).ok());
    let Some((expected, algorithm)) = digest.and_then(|digest| Some((digest.clone(), digest.algorithm()?))) else {
        return;
    };
    let actual = algorithm.digest(&bytes);
    if actual != expected {
        let message = say!("data-of-another-digest", "data is not the content that the digest names: do not use it");
        differs(expected.as_str(), actual.as_str(), message);
    }
}

/// The empty type always means the two bytes `{}` (image-spec, "Guidance for an Empty Descriptor").
fn empty(rules: &mut Rules, object: &Object, at: &At<'_>) {
    let text = |name: &str| object.get(name).and_then(Json::as_str).unwrap_or_default();
    if text("mediaType") != media_type::OCI_EMPTY {
        return;
    }
    if text("digest").starts_with("sha256:") && text("digest") != EMPTY_DIGEST {
        let message = say!(
            "empty-other-digest",
            "{type} always means the two bytes {}, this digest does not",
            r#type = media_type::OCI_EMPTY
        );
        rules.schema.differs(Outcome::Warn, &at.name("digest"), (EMPTY_DIGEST, text("digest")), message);
    }
    if let Some(size) = object.get("size").and_then(Json::as_i64).filter(|size| *size != 2) {
        let message = say!("empty-other-size", "{type} always means the two bytes {}", r#type = media_type::OCI_EMPTY);
        rules.schema.differs(Outcome::Warn, &at.name("size"), ("2", &size.to_string()), message);
    }
}

const EMPTY_DIGEST: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Algorithm;

    #[test]
    fn uris() {
        for good in ["https://example.com/a%20b?c=d#e", "urn:a", "http://[::1]:5000/", "ftp://x"] {
            assert!(is_uri(good), "{good}");
        }
        for bad in ["", "value", ":x", "1a:x", "https://a b", "https://a%2", "https://é", "a:"] {
            assert!(!is_uri(bad), "{bad}");
        }
    }

    #[test]
    fn the_empty_digest_is_that_of_an_empty_object() {
        assert_eq!(Algorithm::Sha256.digest(b"{}").as_str(), EMPTY_DIGEST);
    }
}
