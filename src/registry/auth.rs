//! Authentication to a registry: none, then an anonymous token, then the user's (RFC 6750, 7617).
//!
//! Credentials go to the registry that they were given for, and to the realm that this registry itself named over
//! https (or on this machine, or at its own host if that is spoken to without TLS), and only after an anonymous request
//! was refused. A host that a redirect led to is another registry.

use std::fmt;

use base64ct::{Base64, Encoding as _};

use super::challenge::{self, Challenge};
use super::exchange::Exchange;
use super::transport::{Method, Response, Transport};
use super::url::{Address, host_name, is_loopback};
use super::{Credential, Name, failure};
use crate::error::{Error, ErrorKind};
use crate::reference::is_hub;
use crate::say::{Word, say};
use crate::{json, limits};

/// The authorisation that a request is sent with, and until when it holds, in milliseconds since 1970.
#[derive(Clone, PartialEq)]
pub(super) struct Grant {
    /// The value of `Authorization`.
    pub header: String,
    pub until: f64,
    /// The credential that it was got with.
    pub credential: Option<Credential>,
}

impl Grant {
    /// The name of the user's account with which it was got.
    pub(super) fn account(&self) -> Option<&str> {
        self.credential.as_ref().map(|own| own.username.as_str())
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("until", &self.until).finish_non_exhaustive()
    }
}

/// The host that sent an answer: a challenge is the word of that host, and after a redirect that may be another one
/// than was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    /// The registry itself; `plain` if it is spoken to without TLS, as the proxy's operator allowed.
    Registry { plain: bool },
    /// A host that the registry's redirect led to, and what it was asked for there.
    Other(Address),
    /// The proxy does not say.
    Unknown,
}

impl Sender {
    /// Through a proxy by the proxy's word, else by the address that the transport ended at.
    pub fn of(response: &Response, name: &Name, proxied: bool) -> Self {
        let mut said = response.headers.all(if proxied { ANSWERED_BY } else { FINAL_ADDRESS });
        match (said.next().and_then(Address::parse), said.next()) {
            (Some(address), None) if address.is_at(&name.endpoint) => {
                Self::Registry { plain: address.scheme == "http" }
            }
            (Some(address), None) => Self::Other(address),
            _ => Self::Unknown,
        }
    }
}

/// The header of our proxies (`policy/src/response.rs`).
pub(super) const ANSWERED_BY: &str = "stowplan-answered-by";
/// A value that a [`Transport`] puts beside the headers: the address that answered, redirects followed. No header has
/// such a name.
pub(super) const FINAL_ADDRESS: &str = ":url";

/// The demand of a registry, from the header of its refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// A token from this address.
    Bearer { realm: Address, service: Option<String>, scope: Option<String>, sender: Sender },
    /// Name and password.
    Basic,
}

impl Demand {
    /// The strongest demand that can be met: a token if one is offered, since anonymous clients get one, too.
    ///
    /// # Errors
    /// `registry-error` if the realm is nothing that may be asked.
    pub fn of(response: &Response, name: &Name, sender: &Sender) -> Result<Option<Self>, Error> {
        let header = response.headers.all("www-authenticate").collect::<Vec<_>>().join(", ");
        let header: String = header.chars().take(limits::CHALLENGE_CHARACTERS).collect();
        let (challenges, _) = challenge::parse(&header);
        if let Some(bearer) = challenges.iter().find(|one| one.scheme == "bearer") {
            return Self::bearer(bearer, name, sender).map(Some);
        }
        Ok(challenges.iter().any(|one| one.scheme == "basic").then_some(Self::Basic))
    }

    fn bearer(challenge: &Challenge, name: &Name, sender: &Sender) -> Result<Self, Error> {
        let text = challenge.get("realm").unwrap_or_default();
        let realm = Address::parse(text)
            .ok_or_else(|| realm_refused(name, text, Word("not-http", "which is not an http address")))?;
        if is_loopback(&realm.host) && !is_loopback(&name.endpoint) {
            return Err(realm_refused(name, text, Word("on-this-machine", "which is on this machine")));
        }
        let own = |field: &str| challenge.get(field).filter(|text| !text.is_empty()).map(str::to_owned);
        Ok(Self::Bearer { realm, service: own("service"), scope: own("scope"), sender: sender.clone() })
    }

    /// Gets what is asked for; `None` if it cannot be had with this credential (or without one).
    ///
    /// # Errors
    /// As the token endpoint fails, except for refusing us.
    pub async fn meet<T: Transport>(
        &self,
        exchange: &Exchange<T>,
        name: &Name,
        credential: Option<&Credential>,
    ) -> Result<Option<Grant>, Error> {
        match (self, credential) {
            (Self::Basic, None) => Ok(None),
            (Self::Basic, Some(credential)) => {
                let header = basic(credential);
                Ok(Some(Grant { header, until: f64::INFINITY, credential: Some(credential.clone()) }))
            }
            (Self::Bearer { realm, service, scope, sender }, credential) => {
                if credential.is_some() {
                    check_confidence(realm, sender, name)?;
                }
                let address = token_address(realm, service.as_deref(), scope.as_deref(), name);
                token(exchange, name, &address, credential).await
            }
        }
    }
}

/// Checks that a password may go to this realm: the registry itself has named it, and it is reached over TLS, unless
/// the registry itself is not.
fn check_confidence(realm: &Address, sender: &Sender, name: &Name) -> Result<(), Error> {
    // A registry that is spoken to without TLS has its password read on the way in any case (Docker's insecure-registries).
    let plain = *sender == Sender::Registry { plain: true } && realm.host_name() == host_name(&name.endpoint);
    if !realm.is_private() && !plain {
        let why = Word("unencrypted", "where a password would travel unencrypted");
        return Err(realm_refused(name, &realm.direct(), why));
    }
    let own = match sender {
        Sender::Registry { .. } => true,
        Sender::Other(_) => false,
        Sender::Unknown => realm.is_at(&name.endpoint) || is_known_realm(&realm.host, &name.endpoint),
    };
    if own {
        return Ok(());
    }
    let why = Word(
        "named-by-unknown",
        "and the proxy does not say whether the registry itself has named it: no password is sent there",
    );
    Err(realm_refused(name, &realm.direct(), why))
}

/// The token services of public registries that have a host of their own, for proxies that do not say who answered.
fn is_known_realm(realm: &str, endpoint: &str) -> bool {
    let pairs = [
        ("registry-1.docker.io", "auth.docker.io"),
        ("registry.gitlab.com", "gitlab.com"),
        ("lscr.io", "ghcr.io"),
        ("docker.elastic.co", "docker-auth.elastic.co"),
    ];
    pairs.contains(&(endpoint, realm))
}

/// The credential for a registry, which may be written as Docker's configuration does.
pub(super) fn credential_for<'a>(credentials: &'a [Credential], name: &Name) -> Option<&'a Credential> {
    let plain = |registry: &str| {
        let registry = registry.trim();
        let registry = registry.split_once("://").map_or(registry, |(_, rest)| rest);
        let host = registry.split('/').next().unwrap_or_default().to_ascii_lowercase();
        if is_hub(&host) { "docker.io".to_owned() } else { host }
    };
    credentials.iter().find(|credential| plain(&credential.registry) == plain(&name.registry))
}

async fn token<T: Transport>(
    exchange: &Exchange<T>,
    name: &Name,
    address: &Address,
    credential: Option<&Credential>,
) -> Result<Option<Grant>, Error> {
    let headers: Vec<_> =
        credential.map(|credential| ("authorization".to_owned(), basic(credential))).into_iter().collect();
    let asked = exchange.transport.now();
    let response = exchange.ask(Method::Get, address, &headers, limits::TOKEN_BYTES).await?;
    let refused =
        response.headers.get("stowplan-refusal").is_none() && matches!(response.status, 400 | 401 | 403 | 404);
    if refused {
        return Ok(None);
    }
    if response.status != 200 {
        return Err(failure::of_token(&response, name, &address.host, exchange.transport.now()));
    }
    let Some((token, lifetime)) = read_token(&response.body) else {
        let (host, registry) = (address.host.as_str(), name.registry.as_str());
        let why =
            say!("no-token", "{host}, which gives out tokens for {registry}, answered without one", host, registry);
        return Err(Error::new(ErrorKind::RegistryError, why));
    };
    // A token is renewed a little before its end, since a request takes time.
    let until = asked + lifetime * 1000.0 - (lifetime * 250.0).min(10_000.0);
    Ok(Some(Grant { header: format!("Bearer {token}"), until, credential: credential.cloned() }))
}

/// The token and its lifetime in seconds: 60 if none is told (distribution's token specification).
fn read_token(body: &[u8]) -> Option<(String, f64)> {
    let root = json::parse(body).ok()?.root;
    let named = |name: &str| root.get(name).and_then(json::Json::as_str).filter(|token| !token.is_empty());
    let token = named("token").or_else(|| named("access_token"))?;
    if !token.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let told = root.get("expires_in").and_then(json::Json::as_number).and_then(whole_seconds);
    Some((token.to_owned(), told.unwrap_or(60.0)))
}

/// A lifetime in whole seconds, capped; parsing floats would cost 10 KB of tables for numbers that no registry sends.
fn whole_seconds(token: &str) -> Option<f64> {
    let whole: u32 = token.split('.').next()?.parse().ok()?;
    Some(f64::from(whole).min(limits::TOKEN_SECONDS)).filter(|seconds| *seconds > 0.0)
}

fn token_address(realm: &Address, service: Option<&str>, scope: Option<&str>, name: &Name) -> Address {
    // No repository begins so: the list of all of them, for which only the module that lists tags asks.
    let is_catalog = cfg!(feature = "compare") && name.repository == "_catalog";
    let own = if is_catalog { "registry:catalog:*".to_owned() } else { format!("repository:{}:pull", name.repository) };
    // A challenge for something else (another repository, a push, a catalogue) is not followed here.
    let plugin = format!("repository(plugin):{}:pull", name.repository);
    let is_plugin = scope.unwrap_or_default().split(' ').any(|one| one == plugin);
    let scopes = [("scope", if is_plugin { plugin.as_str() } else { own.as_str() })];
    let mut path = realm.path.clone();
    for (field, value) in service.map(|service| ("service", service)).into_iter().chain(scopes) {
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str(field);
        path.push('=');
        encode(value, &mut path);
    }
    Address { path, ..realm.clone() }
}

/// Percent-encoding for a query (RFC 3986, 3.4), leaving `:`, `/` and `,` readable.
fn encode(value: &str, into: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/,".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push_str(&format!("%{byte:02X}"));
        }
    }
}

fn basic(credential: &Credential) -> String {
    format!("Basic {}", Base64::encode_string(format!("{}:{}", credential.username, credential.password).as_bytes()))
}

fn realm_refused(name: &Name, realm: &str, why: Word) -> Error {
    let shown: String = realm.chars().take(200).collect();
    let said = say!(
        "realm-refused",
        "{registry} sends for a token to \"{realm}\", {why}",
        registry = name.registry.as_str(),
        realm = shown.escape_debug().to_string(),
        why
    );
    Error::new(ErrorKind::RegistryError, said)
}

#[cfg(test)]
mod tests;
