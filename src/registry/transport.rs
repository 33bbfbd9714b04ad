//! HTTP as the client needs it: the page's fetch, or a script in tests.

/// Carries requests, waits and knows the time. Everything runs on one thread, so futures need not be `Send`.
#[allow(async_fn_in_trait, reason = "the futures stay on the thread of the page's worker")]
pub trait Transport {
    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    /// Only if there is no answer: every status is a [`Response`].
    async fn send(&self, request: Request) -> Result<Response, TransportError>;

    /// Waits, or returns at once when the caller aborts.
    async fn sleep(&self, milliseconds: u64);

    /// The time in milliseconds since 1970.
    fn now(&self) -> f64;

    /// True if the caller has aborted.
    fn aborted(&self) -> bool;
}

/// The methods of a pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
}

impl Method {
    /// The name as HTTP writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
        }
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address, the proxy included.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The largest body that may be read, in bytes.
    pub max_bytes: usize,
    /// The time that all of it may take, in milliseconds.
    pub timeout_ms: u64,
}

/// One answer with its whole body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers that the page may read.
    pub headers: Headers,
    /// The body as it came.
    pub body: Vec<u8>,
}

/// The headers of an answer; names are case-insensitive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The value of the first header of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of every header of that name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl Headers {
    /// One more header. `:url`, which no header is called, is the address that answered, redirects followed: each
    /// [`Transport`] adds it if it knows.
    pub fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// No connection, or one that may not be used (browsers do not say which); what is known.
    Unreachable(String),
    /// Not all of it came in time.
    TimedOut,
    /// The caller aborted.
    Aborted,
    /// The body is larger than asked for.
    TooLarge {
        /// The most that was allowed, in bytes.
        limit: usize,
    },
    /// The body ended early.
    Truncated {
        /// The announced length of the answer, if it had one, in bytes.
        expected: Option<u64>,
        /// The received length, in bytes.
        received: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_case_insensitive() {
        let headers: Headers = [("Content-Type", "a/b"), ("x", "1"), ("X", "2")].into_iter().collect();
        assert_eq!(headers.get("content-type"), Some("a/b"));
        assert_eq!(headers.all("x").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(headers.get("y"), None);
    }
}
