//! Off the line, used by every step: the one public error type, a stable code and a sentence for people.

use std::fmt;

use crate::say::Said;
use crate::visible::visible;

/// The kind of a failure; each kind has one stable [code](ErrorKind::code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A text is not an image reference.
    InvalidReference,
    /// A text is not a digest.
    InvalidDigest,
    /// A digest names an algorithm that this program cannot compute.
    UnsupportedAlgorithm,
    /// A platform is not of the form `os/architecture[/variant]`.
    InvalidPlatform,
    /// Bytes are not JSON (RFC 8259).
    InvalidJson,
    /// Something is larger, deeper or more numerous than a limit allows.
    LimitExceeded,
    /// The registry or the proxy could not be reached, or it refused this page.
    RegistryUnreachable,
    /// The registry has no such manifest, blob or repository.
    NotFound,
    /// The registry wants credentials, or does not accept those given.
    Unauthorized,
    /// The credentials are known, but do not allow this.
    Forbidden,
    /// The registry counts requests and there are none left.
    RateLimited,
    /// The proxy does not forward to this host or path.
    ProxyRefused,
    /// The registry answered with a status or a body that the distribution spec does not provide for.
    RegistryError,
    /// The answer ended before its announced length.
    TruncatedBody,
    /// The answer is a web page, not a document of a registry.
    HtmlInsteadOfJson,
    /// Nothing came in time.
    TimedOut,
    /// The caller aborted.
    Aborted,
    /// The input given to `open` is empty or of a kind that cannot be read.
    UnsupportedInput,
    /// A text is no signature bundle.
    BundleInvalid,
    /// A trusted root cannot be used.
    TrustRootInvalid,
    /// A text is no public key that can be used.
    KeyInvalid,
}

impl ErrorKind {
    /// The stable kebab-case code that programs may match on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidReference => "invalid-reference",
            Self::InvalidDigest => "invalid-digest",
            Self::UnsupportedAlgorithm => "unsupported-algorithm",
            Self::InvalidPlatform => "invalid-platform",
            Self::InvalidJson => "invalid-json",
            Self::LimitExceeded => "limit-exceeded",
            Self::RegistryUnreachable => "registry-unreachable",
            Self::NotFound => "not-found",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::RateLimited => "rate-limited",
            Self::ProxyRefused => "proxy-refused",
            Self::RegistryError => "registry-error",
            Self::TruncatedBody => "truncated-body",
            Self::HtmlInsteadOfJson => "html-instead-of-json",
            Self::TimedOut => "timed-out",
            Self::Aborted => "aborted",
            Self::UnsupportedInput => "unsupported-input",
            Self::BundleInvalid => "bundle-invalid",
            Self::TrustRootInvalid => "trust-root-invalid",
            Self::KeyInvalid => "key-invalid",
        }
    }
}

/// A failure: its kind, and a lower-case sentence that names the values involved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    said: Said,
    retry_after: Option<u64>,
}

impl Error {
    /// An error of a kind with its sentence, hidden characters in it written out.
    #[must_use]
    pub fn new(kind: ErrorKind, said: impl Into<Said>) -> Self {
        let said = said.into();
        let message = visible(&said.message).into_owned();
        Self { kind, said: Said { message, ..said }, retry_after: None }
    }

    /// The same error with the seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The kind of this failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The stable kebab-case code, the same as [`ErrorKind::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The sentence with its stable reason and values; the reason is empty if the kind tells all.
    #[must_use]
    pub fn said(&self) -> &Said {
        &self.said
    }

    /// The seconds after which trying again makes sense, if the registry said so.
    #[must_use]
    pub fn seconds_to_retry(&self) -> Option<u64> {
        self.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_hidden_characters() {
        assert_eq!(Error::new(ErrorKind::NotFound, "no \u{fe0f}x").to_string(), "no <U+FE0F>x");
    }

    #[test]
    fn an_error_has_a_code_and_a_sentence() {
        let error = Error::new(ErrorKind::RateLimited, "the registry has had enough").retry_after(30);
        assert_eq!(error.code(), "rate-limited");
        assert_eq!(error.to_string(), "the registry has had enough");
        assert_eq!(error.seconds_to_retry(), Some(30));
    }
}
