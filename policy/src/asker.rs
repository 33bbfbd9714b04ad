//! Policy, the asker: which pages may read what hosts answer that the user allowed by name.
//!
//! Public registries serve all clients, so every page may read them. A host that was allowed by name may live in a private
//! network: its answers are for the proxy's own page and for pages that were listed, or any website could read a private
//! registry through a proxy on its visitor's machine, from its own origin or by binding its own name to that machine.

use std::net::IpAddr;

use http::header::{self, HeaderMap, HeaderValue};

use crate::{Host, InvalidRule, Policy, Refusal, RefusalKind, Target};

/// The clients that may read an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Every page.
    Anyone,
    /// The page of this origin, which asked.
    Page(HeaderValue),
    /// A request without an `Origin`: the proxy's own page or no browser. A page of another origin that could read the
    /// answer would have sent one.
    Asker,
}

/// The pages that may read hosts allowed by name, besides the proxy's own and those of the user's own machine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    any: bool,
    listed: Vec<Origin>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    https: bool,
    target: Target,
}

impl Policy {
    /// Lets pages of these origins (`https://page.example`, `http://10.0.0.5:8080`) read the hosts that were allowed by
    /// name, and lets the proxy be asked under these names; `*` stands for every page and every name.
    ///
    /// # Errors
    /// [`InvalidRule`] for the first text that is not an origin.
    pub fn with_origins<S: AsRef<str>>(mut self, origins: &[S]) -> Result<Self, InvalidRule> {
        for text in origins.iter().map(AsRef::as_ref) {
            if text == "*" {
                self.origins.any = true;
            } else {
                let why = || InvalidRule::new(format!("\"{text}\" is not an origin, such as https://page.example"));
                self.origins.listed.push(Origin::parse(text).ok_or_else(why)?);
            }
        }
        Ok(self)
    }

    /// The clients that may read the answer of a host that was allowed by name, asked with these headers.
    pub(crate) fn readers(&self, headers: &HeaderMap) -> Result<Readers, Refusal> {
        let origin = headers.get(header::ORIGIN);
        if self.origins.any {
            return Ok(origin.map_or(Readers::Asker, |origin| Readers::Page(origin.clone())));
        }
        let own = self.own_name(headers)?;
        let Some(origin) = origin else {
            return if is_foreign(headers) { Err(foreign("of another origin")) } else { Ok(Readers::Asker) };
        };
        let text = origin.to_str().unwrap_or_default();
        let page = Origin::parse(text).ok_or_else(|| foreign(&format!("of the origin \"{text}\"")))?;
        if page.is_at(&own) || is_loopback(&page.target.host) || self.origins.listed.contains(&page) {
            return Ok(Readers::Page(origin.clone()));
        }
        Err(foreign(&format!("of the origin \"{text}\"; its operator can start it with --origin {text}")))
    }

    /// The name that the proxy is asked under; a name that it was not given may be a website's own, bound to this machine.
    fn own_name(&self, headers: &HeaderMap) -> Result<Target, Refusal> {
        let text = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let known = |own: &Target| {
            is_loopback(&own.host) || self.origins.listed.iter().any(|page| page.target.host == own.host)
        };
        Target::parse(text).ok().filter(known).ok_or_else(|| {
            let why = format!(
                "this proxy forwards to hosts allowed by name only when it is asked under a name of its own, not \"{text}\"; \
                 its operator can start it with --origin and its address"
            );
            Refusal::new(RefusalKind::OriginNotAllowed, why)
        })
    }
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let (https, rest) = match text.split_once("://")? {
            ("https", rest) => (true, rest),
            ("http", rest) => (false, rest),
            _ => return None,
        };
        let mut target = Target::parse(rest).ok()?;
        target.port = target.port.filter(|port| *port != default_port(https)); // as browsers write it
        Some(Self { https, target })
    }

    /// True if this is the origin that answers under `own`, with TLS (which may end before the proxy) or without.
    fn is_at(&self, own: &Target) -> bool {
        let port = |target: &Target| target.port.unwrap_or(default_port(self.https));
        self.target.host == own.host && port(&self.target) == port(own)
    }
}

const fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

/// Names and addresses that no name server can give away; what answers there is a program of the user's own machine.
fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Name(name) => name == "localhost" || name.ends_with(".localhost"), // RFC 6761, and every browser
        Host::Address(IpAddr::V4(v4)) => v4.is_loopback(),
        Host::Address(IpAddr::V6(v6)) => v6.is_loopback(),
    }
}

/// True if a browser says that another site's page asks: it sends no `Origin` for answers that the page cannot read.
fn is_foreign(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

fn foreign(page: &str) -> Refusal {
    let why = format!("hosts that this proxy was allowed by name are not for pages {page}");
    Refusal::new(RefusalKind::OriginNotAllowed, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(origins: &[&str]) -> Policy {
        Policy::new(&["r.lan"], &["127.0.0.1:5000"], false).unwrap().with_origins(origins).unwrap()
    }

    #[track_caller]
    fn readers(origins: &[&str], rows: &[(&'static str, &str)]) -> Result<Readers, String> {
        let headers =
            rows.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect();
        policy(origins).readers(&headers).map_err(|refusal| {
            assert_eq!(refusal.code(), "origin-not-allowed");
            refusal.message().to_owned()
        })
    }

    fn page(origin: &'static str) -> Result<Readers, String> {
        Ok(Readers::Page(HeaderValue::from_static(origin)))
    }

    #[test]
    fn the_proxys_own_page_and_programs_may_read() {
        for host in ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "127.8.9.1", "stowplan.localhost:1"]
        {
            assert_eq!(readers(&[], &[("host", host)]), Ok(Readers::Asker), "{host}");
        }
        let own = [("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")];
        assert_eq!(readers(&[], &own), page("http://127.0.0.1:8080"));
        assert_eq!(readers(&[], &[("host", "localhost"), ("sec-fetch-site", "none")]), Ok(Readers::Asker));
    }

    #[test]
    fn pages_of_the_users_own_machine_may_read() {
        for origin in ["http://127.0.0.1:3000", "http://localhost:5173", "https://[::1]:8443", "http://dev.localhost"] {
            assert_eq!(readers(&[], &[("host", "127.0.0.1:8080"), ("origin", origin)]), page(origin), "{origin}");
        }
    }

    #[test]
    fn other_pages_may_not() {
        for origin in [
            "https://evil.example",
            "http://127.0.0.1.evil.example:8080",
            "http://evil.example:8080",
            "null",
            "",
            "http://10.0.0.5:8080",
            "https://page.example.evil.example",
            "http://page.example",
            "https://page.example:8443",
            "https://page.example@evil.example",
            "https://page.example/",
            "HTTPS://page.example",
            "file://localhost",
            "http://2130706433",
            "\u{e9}",
        ] {
            let got = readers(&["https://page.example"], &[("host", "127.0.0.1:8080"), ("origin", origin)]);
            assert!(got.is_err(), "{origin}: {got:?}");
        }
        let message = readers(&[], &[("host", "localhost"), ("origin", "https://evil.example")]).unwrap_err();
        assert_eq!(
            message,
            "hosts that this proxy was allowed by name are not for pages of the origin \"https://evil.example\"; \
             its operator can start it with --origin https://evil.example"
        );
        for site in ["cross-site", "same-site"] {
            let message = readers(&[], &[("host", "localhost"), ("sec-fetch-site", site)]).unwrap_err();
            assert_eq!(message, "hosts that this proxy was allowed by name are not for pages of another origin");
        }
    }

    #[test]
    fn a_name_bound_to_this_machine_may_not() {
        for host in
            ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "", "10.0.0.5"]
        {
            let message = readers(&[], &[("host", host)]).unwrap_err();
            assert!(message.contains(&format!("not \"{host}\"; its operator")), "{message}");
            let same = format!("http://{host}");
            assert!(readers(&[], &[("host", host), ("origin", &same)]).is_err(), "{host}");
        }
        assert!(readers(&[], &[]).is_err(), "a request without a Host");
    }

    #[test]
    fn listed_origins_may_read_and_are_names_of_the_proxy() {
        let listed = ["https://page.example", "http://10.0.0.5:8080"];
        let elsewhere =
            [("host", "127.0.0.1:8080"), ("origin", "https://page.example"), ("sec-fetch-site", "cross-site")];
        assert_eq!(readers(&listed, &elsewhere), page("https://page.example"));
        assert_eq!(readers(&listed, &[("host", "page.example")]), Ok(Readers::Asker));
        let own = [("host", "10.0.0.5:8080"), ("origin", "http://10.0.0.5:8080")];
        assert_eq!(readers(&listed, &own), page("http://10.0.0.5:8080"));
        assert_eq!(readers(&["https://page.example:443"], &elsewhere), page("https://page.example"));
        assert_eq!(
            readers(&["*"], &[("host", "x.example"), ("origin", "https://y.example")]),
            page("https://y.example")
        );
        assert_eq!(readers(&["*"], &[]), Ok(Readers::Asker));
    }

    #[test]
    fn what_is_no_origin_is_an_error() {
        for text in ["page.example", "https://page.example/", "https://a.example/x", "ftp://a.example", "null", ""] {
            let error = Policy::default().with_origins(&[text]).map(|_| ()).unwrap_err();
            assert_eq!(error.to_string(), format!("\"{text}\" is not an origin, such as https://page.example"));
        }
    }
}
