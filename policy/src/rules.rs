//! Policy, the rules: who may be asked for what, and how far a connection may reach.

use std::fmt;

use crate::asker::Origins;
use crate::hosts::{DEFAULT_HOSTS, is_catalog, is_registry_path};
use crate::{Host, Refusal, RefusalKind, Scheme, Target, is_public};

/// The reach of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Public addresses only.
    Public,
    /// Any address: the user named this host.
    Named,
}

/// The hosts to which the proxy forwards, and the paths on them.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    named: Vec<Named>,
    allow_any: bool,
    pub(crate) origins: Origins,
}

#[derive(Clone, Debug)]
struct Named {
    host: Host,
    port: u16,
    scheme: Scheme,
}

/// A host or an origin given by the user that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRule(String);

impl InvalidRule {
    pub(crate) fn new(why: String) -> Self {
        Self(why)
    }
}

impl fmt::Display for InvalidRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidRule {}

impl Policy {
    /// The default hosts, plus `allow` (TLS) and `plain_http` (no TLS), each `host` or `host:port`; without a port the
    /// scheme's own (443, 80) is meant. `allow_any` adds every other host by TLS, at public addresses only.
    ///
    /// # Errors
    /// [`InvalidRule`] for the first text that is not a host.
    pub fn new<S: AsRef<str>>(allow: &[S], plain_http: &[S], allow_any: bool) -> Result<Self, InvalidRule> {
        let https = allow.iter().map(|text| Named::parse(text.as_ref(), Scheme::Https));
        let http = plain_http.iter().map(|text| Named::parse(text.as_ref(), Scheme::Http));
        // Plain first: a host named both ways with one port is meant without TLS.
        Ok(Self { named: http.chain(https).collect::<Result<_, _>>()?, allow_any, origins: Origins::default() })
    }

    /// The scheme and the reach for `target`, if `path` of it may be asked for: paths under `/v2/`, the
    /// token endpoints of the default hosts, and a `realm` that an allowed host's challenge named.
    pub(crate) fn admit(&self, target: &Target, path: &str, realm: bool) -> Result<(Scheme, Reach), Refusal> {
        let named = self.named(target, None);
        let (scheme, reach) = named.map_or((Scheme::Https, Reach::Public), |named| (named.scheme, Reach::Named));
        let tls = target.port_for(Scheme::Https) == Scheme::Https.default_port();
        let mut rules = DEFAULT_HOSTS.iter().filter(|rule| tls && rule.matches(&target.host)).peekable();
        if named.is_none() {
            check_literal(target)?;
            if rules.peek().is_none() && !self.allow_any && !realm {
                return Err(host_refused(target));
            }
        }
        let registry = (named.is_some() || self.allow_any) && is_registry_path(path);
        // Only a host that was named may be asked for the list of all repositories.
        if named.is_none() && is_catalog(path) {
            return Err(path_refused(target, path));
        }
        let permitted = registry || realm || rules.any(|rule| rule.permits(path));
        permitted.then_some((scheme, reach)).ok_or_else(|| path_refused(target, path))
    }

    /// The reach of a redirect to `target`: hosts that the user named as they were named, else public ones by TLS.
    pub(crate) fn admit_redirect(&self, target: &Target, scheme: Scheme) -> Result<Reach, Refusal> {
        if self.named(target, Some(scheme)).is_some() {
            return Ok(Reach::Named);
        }
        check_literal(target)?;
        if scheme == Scheme::Http {
            let why =
                format!("the registry redirects to \"{target}\" without TLS; only hosts named with --plain-http may");
            return Err(Refusal::new(RefusalKind::RedirectRefused, why));
        }
        Ok(Reach::Public)
    }

    pub(crate) fn is_named(&self, target: &Target) -> bool {
        self.named(target, None).is_some()
    }

    /// True if every page may learn the outcome of a request to `target`: a public registry, a realm that one named
    /// (`realm`), or any public host if the proxy forwards to all. The rest was allowed by name, or not at all.
    pub(crate) fn is_for_everybody(&self, target: &Target, realm: bool) -> bool {
        let tls = target.port_for(Scheme::Https) == Scheme::Https.default_port();
        let known = tls && DEFAULT_HOSTS.iter().any(|rule| rule.matches(&target.host));
        let open = (self.allow_any || realm) && check_literal(target).is_ok();
        self.named(target, None).is_none() && (known || open)
    }

    fn named(&self, target: &Target, scheme: Option<Scheme>) -> Option<&Named> {
        let fits = |named: &&Named| named.host == target.host && named.port == target.port_for(named.scheme);
        self.named.iter().filter(fits).find(|named| scheme.is_none_or(|scheme| scheme == named.scheme))
    }
}

impl Named {
    fn parse(text: &str, scheme: Scheme) -> Result<Self, InvalidRule> {
        if text.contains('/') {
            return Err(InvalidRule(format!("\"{text}\" is not a host: leave out its scheme and path")));
        }
        let target = Target::parse(text).map_err(InvalidRule)?;
        Ok(Self { port: target.port_for(scheme), host: target.host, scheme })
    }
}

/// An address literal needs no DNS, so it is decided here.
fn check_literal(target: &Target) -> Result<(), Refusal> {
    match target.host {
        Host::Address(address) if !is_public(address) => Err(Refusal::address(&target.to_string())),
        _ => Ok(()),
    }
}

fn host_refused(target: &Target) -> Refusal {
    let why = format!("this proxy does not forward to \"{target}\"; its operator can start it with --allow {target}");
    Refusal::new(RefusalKind::HostNotAllowed, why)
}

fn path_refused(target: &Target, path: &str) -> Refusal {
    let why =
        format!("of \"{target}\" this proxy forwards /v2/ and what a registry named as its realm, not \"{path}\"");
    Refusal::new(RefusalKind::PathNotAllowed, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str], plain: &[&str], any: bool) -> Policy {
        Policy::new(allow, plain, any).unwrap()
    }

    #[track_caller]
    fn admit(policy: &Policy, host: &str, path: &str) -> Result<(Scheme, Reach), &'static str> {
        policy.admit(&Target::parse(host).unwrap(), path, false).map_err(|refusal| refusal.code())
    }

    #[test]
    fn default_hosts_by_tls_at_public_addresses() {
        let policy = policy(&[], &[], false);
        assert_eq!(admit(&policy, "ghcr.io", "/v2/"), Ok((Scheme::Https, Reach::Public)));
        assert_eq!(admit(&policy, "ghcr.io:443", "/token"), Ok((Scheme::Https, Reach::Public)));
        assert_eq!(admit(&policy, "ghcr.io", "/admin"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "ghcr.io:22", "/v2/"), Err("host-not-allowed"));
        assert_eq!(admit(&policy, "r.example", "/v2/"), Err("host-not-allowed"));
        assert_eq!(admit(&policy, "8.8.8.8", "/v2/"), Err("host-not-allowed"));
        assert_eq!(admit(&policy, "127.0.0.1:5000", "/v2/"), Err("address-refused"));
        assert_eq!(admit(&policy, "169.254.169.254", "/latest/meta-data"), Err("address-refused"));
        assert_eq!(admit(&policy, "[::ffff:7f00:1]", "/v2/"), Err("address-refused"));
    }

    #[test]
    fn named_hosts_reach_any_address_on_their_port_only() {
        let policy = policy(&["r.lan", "10.0.0.5:5443"], &["127.0.0.1:5000", "LocalHost"], false);
        assert_eq!(admit(&policy, "r.lan", "/v2/"), Ok((Scheme::Https, Reach::Named)));
        assert_eq!(admit(&policy, "r.lan:443", "/v2/token"), Ok((Scheme::Https, Reach::Named)));
        assert_eq!(admit(&policy, "r.lan", "/service/token"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "r.lan", "/api/users/reset-token"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "10.0.0.5:5443", "/v2/"), Ok((Scheme::Https, Reach::Named)));
        assert_eq!(admit(&policy, "127.0.0.1:5000", "/v2/a/tags/list"), Ok((Scheme::Http, Reach::Named)));
        assert_eq!(admit(&policy, "localhost:80", "/v2/auth"), Ok((Scheme::Http, Reach::Named)));
        assert_eq!(admit(&policy, "localhost:80", "/auth"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "127.0.0.1:5000", "/debug/vars"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "127.0.0.1:5001", "/v2/"), Err("address-refused"));
        assert_eq!(admit(&policy, "r.lan:8443", "/v2/"), Err("host-not-allowed"));
    }

    #[test]
    fn any_host_means_any_public_one() {
        let policy = policy(&[], &[], true);
        assert_eq!(admit(&policy, "r.example:5000", "/v2/"), Ok((Scheme::Https, Reach::Public)));
        assert_eq!(admit(&policy, "auth.docker.io", "/token"), Ok((Scheme::Https, Reach::Public)));
        assert_eq!(admit(&policy, "r.example", "/token"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "r.example", "/"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "192.168.1.1", "/v2/"), Err("address-refused"));
    }

    #[test]
    fn only_hosts_that_are_named_list_their_repositories() {
        let named = policy(&["r.lan", "quay.io"], &["127.0.0.1:5000"], true);
        assert_eq!(admit(&named, "r.lan", "/v2/_catalog"), Ok((Scheme::Https, Reach::Named)));
        assert_eq!(admit(&named, "quay.io", "/v2/_catalog"), Ok((Scheme::Https, Reach::Named)));
        assert_eq!(admit(&named, "127.0.0.1:5000", "/v2/_catalog"), Ok((Scheme::Http, Reach::Named)));
        for host in ["ghcr.io", "r.example"] {
            for path in [
                "/v2/_catalog",
                "/v2/_catalog/",
                "/v2/%5fcatalog",
                "/v2/_c%61talog",
                "/v2/_CATALOG",
                "/v2/_%43atalog/x",
            ] {
                assert_eq!(admit(&named, host, path), Err("path-not-allowed"), "{host}{path}");
                let realm = named.admit(&Target::parse(host).unwrap(), path, true);
                assert_eq!(realm.map_err(|refusal| refusal.code()), Err("path-not-allowed"), "{host}{path}");
            }
            assert!(admit(&named, host, "/v2/a/_catalog/manifests/1").is_ok(), "{host}");
        }
    }

    #[test]
    fn a_realm_reaches_public_addresses_or_named_hosts() {
        let policy = policy(&["r.lan"], &["127.0.0.1:5000"], false);
        let admit = |host: &str| {
            policy.admit(&Target::parse(host).unwrap(), "/regions/tokens", true).map_err(|refusal| refusal.code())
        };
        assert_eq!(admit("auth.example"), Ok((Scheme::Https, Reach::Public)));
        assert_eq!(admit("r.lan"), Ok((Scheme::Https, Reach::Named)));
        assert_eq!(admit("127.0.0.1:5000"), Ok((Scheme::Http, Reach::Named)));
        assert_eq!(admit("127.0.0.1:5001"), Err("address-refused"));
        assert_eq!(admit("10.0.0.1"), Err("address-refused"));
    }

    #[test]
    fn redirects_reach_public_or_named_hosts() {
        let policy = policy(&["r.lan"], &["127.0.0.1:5000"], false);
        let admit = |host: &str, scheme| {
            policy.admit_redirect(&Target::parse(host).unwrap(), scheme).map_err(|refusal| refusal.code())
        };
        assert_eq!(admit("cdn.example", Scheme::Https), Ok(Reach::Public));
        assert_eq!(admit("127.0.0.1:5000", Scheme::Http), Ok(Reach::Named));
        assert_eq!(admit("r.lan", Scheme::Https), Ok(Reach::Named));
        assert_eq!(admit("cdn.example", Scheme::Http), Err("redirect-refused"));
        assert_eq!(admit("127.0.0.1:5001", Scheme::Http), Err("address-refused"));
        assert_eq!(admit("127.0.0.1:5000", Scheme::Https), Err("address-refused"));
        assert_eq!(admit("[fd00::1]", Scheme::Https), Err("address-refused"));
    }

    #[test]
    fn a_rule_that_is_no_host_is_an_error() {
        let error = Policy::new(&["https://r.lan"], &[], false).unwrap_err();
        assert_eq!(error.to_string(), "\"https://r.lan\" is not a host: leave out its scheme and path");
        assert_eq!(Policy::new(&[], &["r.lan:0"], false).unwrap_err().to_string(), "\"0\" is not a port");
    }
}
