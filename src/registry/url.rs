//! Addresses: the registry's own, and the same through the proxy.

use std::net::Ipv4Addr;

/// An `http` or `https` address, in the parts that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// Host and port, lower case.
    pub host: String,
    /// Path and query, with the slash at the start.
    pub path: String,
}

impl Address {
    /// A path of a registry's host, by the scheme that such a host gets.
    pub fn of_registry(host: &str, path: String) -> Self {
        let scheme = if is_loopback(host) { "http" } else { "https" };
        Self { scheme, host: host.to_ascii_lowercase(), path }
    }

    /// Reads an absolute address; `None` for anything that is not plainly one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.split('#').next()?;
        if text.bytes().any(|b| !b.is_ascii_graphic() || matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`')) {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        let scheme = ["https", "http"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        if !is_host(host) || climbs(path) {
            return None;
        }
        let slash = if path.starts_with('/') { "" } else { "/" };
        Some(Self { scheme, host: host.to_ascii_lowercase(), path: format!("{slash}{path}") })
    }

    /// True if its host is that registry's, with a default port or without.
    pub fn is_at(&self, endpoint: &str) -> bool {
        let port = if self.scheme == "https" { ":443" } else { ":80" };
        let bare = |host: &str| host.strip_suffix(port).unwrap_or(host).to_ascii_lowercase();
        bare(&self.host) == bare(endpoint)
    }

    /// The host without its port.
    pub fn host_name(&self) -> &str {
        host_name(&self.host)
    }

    /// The repository of `/v2/REPOSITORY/manifests/…`, `/v2/REPOSITORY/blobs/…` or `/v2/REPOSITORY/referrers/…`.
    pub fn repository(&self) -> Option<&str> {
        let path = self.path.split('?').next()?.strip_prefix("/v2/")?;
        let (before, _) = path.rsplit_once('/')?;
        let (repository, kind) = before.rsplit_once('/')?;
        (!repository.is_empty() && matches!(kind, "manifests" | "blobs" | "referrers")).then_some(repository)
    }

    /// True if the connection cannot be read on its way: https, or this machine.
    pub fn is_private(&self) -> bool {
        self.scheme == "https" || is_loopback(&self.host)
    }

    /// The address itself.
    pub fn direct(&self) -> String {
        format!("{}://{}{}", self.scheme, self.host, self.path)
    }

    /// The address to ask: through the proxy, if there is one.
    pub fn through(&self, proxy: &str) -> String {
        match proxy {
            "" => self.direct(),
            proxy => format!("{}/{}{}", proxy.trim_end_matches('/'), self.host, self.path),
        }
    }
}

/// A host without its port.
pub(super) fn host_name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// True if a host (with or without port) is this machine, at which registries speak plain http.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name == "::1"
        || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// True if a path has dot segments: a browser resolves them, encoded ones too, and behind the address of a proxy they
/// would lead to another host than the one that is named and checked here.
fn climbs(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
    path.split('/').any(|segment| matches!(segment, "." | ".."))
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((name, port)) if name.bytes().all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.') => (name, port),
            _ => return false,
        },
        None => {
            let at = host.find(':').unwrap_or(host.len());
            let (name, port) = host.split_at(at);
            if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) {
                return false;
            }
            (name, port)
        }
    };
    let port_is_number = port.strip_prefix(':').is_some_and(|digits| digits.parse::<u16>().is_ok());
    !name.is_empty() && (port.is_empty() || port_is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_plain_http() {
        for (host, scheme) in [
            ("localhost", "http"),
            ("localhost:5000", "http"),
            ("127.0.0.1:5000", "http"),
            ("127.9.9.9", "http"),
            ("[::1]:5000", "http"),
            ("ghcr.io", "https"),
            ("128.0.0.1", "https"),
            ("localhost.example.com", "https"),
            ("127.0.0.1.example.com", "https"),
            ("[::2]", "https"),
        ] {
            assert_eq!(Address::of_registry(host, "/v2/".into()).scheme, scheme, "{host}");
        }
    }

    #[test]
    fn the_proxy_stands_before_the_host() {
        let address = Address::of_registry("ghcr.io", "/v2/o/a/manifests/1".into());
        assert_eq!(address.through(""), "https://ghcr.io/v2/o/a/manifests/1");
        assert_eq!(address.through("http://127.0.0.1:8080/r/"), "http://127.0.0.1:8080/r/ghcr.io/v2/o/a/manifests/1");
        assert_eq!(address.through("/r"), "/r/ghcr.io/v2/o/a/manifests/1");
        assert_eq!(address.through("/"), "/ghcr.io/v2/o/a/manifests/1");
    }

    #[test]
    fn an_address_is_read_into_its_parts() {
        let read = |text: &str| Address::parse(text).map(|address| address.direct());
        assert_eq!(read("HTTPS://Auth.Docker.IO/token?a=b#c").as_deref(), Some("https://auth.docker.io/token?a=b"));
        assert_eq!(read("http://[::1]:5/x").as_deref(), Some("http://[::1]:5/x"));
        assert_eq!(read("https://1.2.3.4:5").as_deref(), Some("https://1.2.3.4:5/"));
        assert_eq!(read("https://h.io/a..b?x=/../").as_deref(), Some("https://h.io/a..b?x=/../"));
        assert_eq!(read("https://h.io?x=1").as_deref(), Some("https://h.io/?x=1"));
    }

    #[test]
    fn what_is_not_plainly_an_address_is_refused() {
        for text in [
            "",
            "auth.docker.io/token",
            "/token",
            "ftp://h.io/",
            "javascript://h.io/",
            "https://",
            "https:///x",
            "https://user@h.io/",
            "https://h.io:99999/",
            "https://h.io:x/",
            "https://h io/",
            "https://h.io/\r\nX: y",
            "https://h.io\\@evil.io/",
            "https://[::1/",
            "https://bücher.example/",
            "https://h.io/../127.0.0.1:5000/token",
            "https://h.io/a/%2E%2e/%2e./b",
            "https://h.io/a/.",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
