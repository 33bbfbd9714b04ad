//! Policy, the target: `{host}/{path}?{query}` as the page wrote it, read strictly and never repaired.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Refusal, RefusalKind};

/// The longest `{host}/{path}?{query}` in bytes; registries' signed URLs stay under 4 KiB.
pub(crate) const MAX_TARGET_BYTES: usize = 8 * 1024;

/// The protocol of the upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// TLS; the only one for hosts that the user did not name as plain.
    Https,
    /// No TLS; only for hosts named as plain.
    Http,
}

impl Scheme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }

    pub(crate) fn default_port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
        }
    }
}

/// A host as a name (lower case) or an address literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A DNS name: letters, digits, hyphens and dots, lower case, not ending in a number or a dot.
    Name(String),
    /// An IPv4 address in its one canonical form or an IPv6 address (in brackets where it is written).
    Address(IpAddr),
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(v4)) => v4.fmt(f),
            Self::Address(IpAddr::V6(v6)) => write!(f, "[{v6}]"),
        }
    }
}

/// A host and, if written, its port: what stands before the first slash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The host.
    pub host: Host,
    /// The port, if one was written.
    pub port: Option<u16>,
}

impl Target {
    /// Reads `host`, `host:port`, `1.2.3.4:port` or `[v6]:port`.
    ///
    /// # Errors
    /// A sentence for people when the text is none of these: user information, a zone, percent signs, underscores,
    /// an address in decimal, octal or hexadecimal disguise, an empty label, a port of 0 or above 65535.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (host, port) = split_port(text).ok_or_else(|| format!("\"{text}\" is not a host with an optional port"))?;
        let host = parse_host(host).ok_or_else(|| format!("\"{host}\" is neither a host name nor an address"))?;
        let port = port.map(|digits| parse_port(digits).ok_or_else(|| format!("\"{digits}\" is not a port")));
        Ok(Self { host, port: port.transpose()? })
    }

    pub(crate) fn port_for(&self, scheme: Scheme) -> u16 {
        self.port.unwrap_or(scheme.default_port())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => self.host.fmt(f),
        }
    }
}

/// Splits `{host}/{path}?{query}` at its first slash; path and query are any visible ASCII, and `#` is neither.
pub(crate) fn split(text: &str) -> Result<(Target, &str), Refusal> {
    let invalid = |why: String| Refusal::new(RefusalKind::InvalidTarget, why);
    if text.len() > MAX_TARGET_BYTES {
        return Err(invalid(format!(
            "the address is {} bytes long, at most {MAX_TARGET_BYTES} are allowed",
            text.len()
        )));
    }
    let slash = text.find('/').ok_or_else(|| invalid("the address has no path: expected {host}/{path}".into()))?;
    let (authority, path_and_query) = text.split_at(slash);
    if !path_and_query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') {
        return Err(invalid("the address has a byte that is not visible ASCII".into()));
    }
    Ok((Target::parse(authority).map_err(invalid)?, path_and_query))
}

/// Texts that two programs may read in two ways: a path's end (`;`, encoded `?` and `#`), a slash, a dot, a control
/// byte, and text that is encoded twice. No registry's path has any of them.
const AMBIGUOUS: [&str; 12] = ["\\", ";", "%2f", "%5c", "%2e", "%3b", "%3f", "%23", "%25", "%00", "%0a", "%0d"];

/// Refuses paths that two programs may read in two ways: see [`AMBIGUOUS`], dot segments, empty segments.
pub(crate) fn check_path(path: &str) -> Result<(), &'static str> {
    check_realm_path(path)?;
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.split('/').any(str::is_empty) && !inner.is_empty() {
        return Err("the path has an empty segment");
    }
    Ok(())
}

/// The same for a path that a registry's challenge named, whose segments may be empty (RFC 3986, 3.3): it is asked for as
/// it was written.
pub(crate) fn check_realm_path(path: &str) -> Result<(), &'static str> {
    let lower = path.to_ascii_lowercase();
    if AMBIGUOUS.iter().any(|bad| lower.contains(bad)) {
        return Err(
            "the path has a semicolon, a backslash or an encoded slash, dot, percent sign, delimiter or control byte",
        );
    }
    if path.split('/').any(|segment| segment == "." || segment == "..") {
        return Err("the path has a dot segment");
    }
    Ok(())
}

fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        let host = &text[..inside.len() + 2];
        return if after.is_empty() { Some((host, None)) } else { Some((host, Some(after.strip_prefix(':')?))) };
    }
    match text.split_once(':') {
        Some((host, port)) => Some((host, Some(port))),
        None => Some((text, None)),
    }
}

fn parse_host(text: &str) -> Option<Host> {
    if let Some(inside) = text.strip_prefix('[') {
        let v6: Ipv6Addr = inside.strip_suffix(']')?.parse().ok()?;
        return Some(Host::Address(v6.into()));
    }
    if let Ok(v4) = text.parse::<Ipv4Addr>() {
        return Some(Host::Address(v4.into()));
    }
    let labels_fit = text.len() <= 253 && text.split('.').all(is_label);
    (labels_fit && !ends_in_number(text)).then(|| Host::Name(text.to_ascii_lowercase()))
}

fn is_label(label: &str) -> bool {
    let inside = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (1..=63).contains(&label.len()) && inside && !label.starts_with('-') && !label.ends_with('-')
}

/// `2130706433`, `0x7f.1`, `127.1`: resolvers take these for addresses, so a name must not end in a number (WHATWG URL).
fn ends_in_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x").or(last.strip_prefix("0X"));
    last.bytes().all(|byte| byte.is_ascii_digit()) || hex.is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn parse_port(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= 5;
    digits.parse().ok().filter(|port| plain && *port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, shown: &str) {
        assert_eq!(Target::parse(text).map(|target| target.to_string()), Ok(shown.to_owned()));
    }

    #[test]
    fn hosts_are_read() {
        reads("ghcr.io", "ghcr.io");
        reads("GHCR.IO", "ghcr.io");
        reads("localhost:5000", "localhost:5000");
        reads("127.0.0.1:5000", "127.0.0.1:5000");
        reads("[::1]:5000", "[::1]:5000");
        reads("[0:0:0:0:0:0:0:1]", "[::1]");
        reads("xn--e1afmkfd.example", "xn--e1afmkfd.example");
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            ":5000",
            "user@ghcr.io",
            "user:pw@ghcr.io",
            "ghcr.io:",
            "ghcr.io:0",
            "ghcr.io:65536",
            "ghcr.io:+80",
            "ghcr.io:5000:1",
            "ghcr..io",
            ".ghcr.io",
            "ghcr.io.",
            "-a.io",
            "a-.io",
            "a_b.io",
            "gh%63r.io",
            "ghcr.io%3A443",
            "::1",
            "[::1",
            "[::1]x",
            "[::1%25lo]",
            "[fe80::1%eth0]",
            "[127.0.0.1]",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "127.1",
            "127.0.0.1.",
            "0177.0.0.1",
            "127.0.0.0x1",
            "1.2.3.4.5",
            "256.1.1.1",
            "a b.io",
            "gh\u{430}r.io",
            "[]",
        ] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn messages_name_the_culprit() {
        assert_eq!(Target::parse("a.io:0").unwrap_err(), "\"0\" is not a port");
        assert_eq!(Target::parse("u@a.io").unwrap_err(), "\"u@a.io\" is neither a host name nor an address");
        assert_eq!(Target::parse("[::1").unwrap_err(), "\"[::1\" is not a host with an optional port");
    }

    #[test]
    fn paths_are_kept_as_written() {
        let (target, path) = split("ghcr.io/v2/a/b/manifests/sha256%3Aab?n=1&x=%2F..").unwrap();
        assert_eq!((target.to_string().as_str(), path), ("ghcr.io", "/v2/a/b/manifests/sha256%3Aab?n=1&x=%2F.."));
        assert_eq!(split("public.ecr.aws/token/?scope=x").unwrap().1, "/token/?scope=x");
    }

    #[test]
    fn ambiguous_paths_are_refused() {
        for text in ["a.io", "a.io?x", "a.io/v2/x#y", "a.io/v2/x y", "a.io/v2/\u{e9}", "a.io/v2/x\r\ny", "/v2/"] {
            let refusal = split(text).expect_err(text);
            assert_eq!(refusal.code(), "invalid-target", "{text}");
        }
        for path in [
            "//v2/",
            "/v2//x",
            "/v2/../x",
            "/v2/./x",
            "/v2/..",
            "/v2/%2e%2e/x",
            "/v2/%2E./x",
            "/v2/a%2fb",
            "/v2/a%5Cb",
            "/v2\\x",
            "/v2/%0d%0a",
            "/v2/%00",
            "/manager/html;auth",
            "/secret;token",
            "/v2/..;/x",
            "/v2/a%3Bb",
            "/admin%3ftoken",
            "/admin%3Ftoken",
            "/admin%23token",
            "/v2/%252e%252e/",
            "/v2/%25",
            "/v2;/x",
        ] {
            assert!(check_path(path).is_err(), "{path}");
            assert_eq!(check_realm_path(path).is_ok(), path.contains("//"), "{path}");
        }
        for path in ["/v2/", "/v2/a/b/manifests/sha256%3Aab", "/token/", "/v2/a..b/tags/list"] {
            assert_eq!((check_path(path), check_realm_path(path)), (Ok(()), Ok(())), "{path}");
        }
        let long = format!("a.io/v2/{}", "x".repeat(MAX_TARGET_BYTES));
        assert_eq!(split(&long).unwrap_err().message(), "the address is 8200 bytes long, at most 8192 are allowed");
    }
}
