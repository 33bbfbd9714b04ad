//! Policy, the rules: who may be asked for what, and how far a connection may reach.

use std::fmt;

use crate::asker::Origins;
use crate::hosts::{DEFAULT_HOSTS, is_registry_path, is_token_like_path};
use crate::{Host, Refusal, RefusalKind, Scheme, Target, is_public};

/// How far a connection may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Public addresses only.
    Public,
    /// Any address: the user named this host.
    Named,
}

/// Which hosts the proxy forwards to, and which of their paths.
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

    /// How `target` is spoken to and how far that may reach, if `path` of it may be asked for.
    pub(crate) fn admit(&self, target: &Target, path: &str) -> Result<(Scheme, Reach), Refusal> {
        if let Some(named) = self.named(target, None) {
            let permitted = is_registry_path(path) || is_token_like_path(path);
            return permitted.then_some((named.scheme, Reach::Named)).ok_or_else(|| path_refused(target, path));
        }
        let mut rules = DEFAULT_HOSTS.iter().filter(|rule| rule.matches(&target.host)).peekable();
        let default_port = target.port_for(Scheme::Https) == Scheme::Https.default_port();
        if default_port && rules.peek().is_some() && !self.allow_any {
            let permitted = rules.any(|rule| rule.permits(path));
            return permitted.then_some((Scheme::Https, Reach::Public)).ok_or_else(|| path_refused(target, path));
        }
        check_literal(target)?;
        if !self.allow_any {
            return Err(host_refused(target));
        }
        let permitted = is_registry_path(path) || is_token_like_path(path);
        permitted.then_some((Scheme::Https, Reach::Public)).ok_or_else(|| path_refused(target, path))
    }

    /// How far a redirect to `target` may reach: hosts that the user named as they were named, else public ones by TLS.
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
    let why =
        format!("this proxy does not forward to \"{target}\"; whoever runs it can start it with --allow {target}");
    Refusal::new(RefusalKind::HostNotAllowed, why)
}

fn path_refused(target: &Target, path: &str) -> Refusal {
    let why = format!("of \"{target}\" this proxy forwards /v2/ and the token endpoint only, not \"{path}\"");
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
        policy.admit(&Target::parse(host).unwrap(), path).map_err(|refusal| refusal.code())
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
        assert_eq!(admit(&policy, "r.lan:443", "/service/token"), Ok((Scheme::Https, Reach::Named)));
        assert_eq!(admit(&policy, "10.0.0.5:5443", "/v2/"), Ok((Scheme::Https, Reach::Named)));
        assert_eq!(admit(&policy, "127.0.0.1:5000", "/v2/a/tags/list"), Ok((Scheme::Http, Reach::Named)));
        assert_eq!(admit(&policy, "localhost:80", "/auth"), Ok((Scheme::Http, Reach::Named)));
        assert_eq!(admit(&policy, "127.0.0.1:5000", "/debug/vars"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "127.0.0.1:5001", "/v2/"), Err("address-refused"));
        assert_eq!(admit(&policy, "r.lan:8443", "/v2/"), Err("host-not-allowed"));
    }

    #[test]
    fn any_host_means_any_public_one() {
        let policy = policy(&[], &[], true);
        assert_eq!(admit(&policy, "r.example:5000", "/v2/"), Ok((Scheme::Https, Reach::Public)));
        assert_eq!(admit(&policy, "r.example", "/token"), Ok((Scheme::Https, Reach::Public)));
        assert_eq!(admit(&policy, "r.example", "/"), Err("path-not-allowed"));
        assert_eq!(admit(&policy, "192.168.1.1", "/v2/"), Err("address-refused"));
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
