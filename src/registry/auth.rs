//! Line: registry::Client. Who we are to a registry: nobody, then a token for nobody, then the user (RFC 6750, 7617).
//!
//! Credentials go to the registry that they were given for, and to the realm that this registry itself named over
//! https (or on this machine), and only after an anonymous request was refused.

use std::fmt;

use base64ct::{Base64, Encoding as _};

use super::challenge::{self, Challenge};
use super::exchange::Exchange;
use super::transport::{Method, Response, Transport};
use super::url::{Address, is_loopback};
use super::{Credential, Name, failure};
use crate::error::{Error, ErrorKind};
use crate::{json, limits};

/// What a request is sent with, and until when that holds, in milliseconds since 1970.
#[derive(Clone, PartialEq)]
pub(super) struct Grant {
    /// The value of `Authorization`.
    pub header: String,
    pub until: f64,
    /// The credential that it was got with.
    pub credential: Option<Credential>,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("until", &self.until).finish_non_exhaustive()
    }
}

/// What a registry asks for, from the header of its refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// A token from this address.
    Bearer { realm: Address, service: Option<String>, scope: Option<String> },
    /// Name and password.
    Basic,
}

impl Demand {
    /// The strongest demand that can be met: a token where one is offered, since it can be had by nobody, too.
    ///
    /// # Errors
    /// `registry-error` where the realm is nothing that may be asked.
    pub fn of(response: &Response, name: &Name) -> Result<Option<Self>, Error> {
        let header = response.headers.all("www-authenticate").collect::<Vec<_>>().join(", ");
        let header: String = header.chars().take(limits::CHALLENGE_CHARACTERS).collect();
        let (challenges, _) = challenge::parse(&header);
        if let Some(bearer) = challenges.iter().find(|one| one.scheme == "bearer") {
            return Self::bearer(bearer, name).map(Some);
        }
        Ok(challenges.iter().any(|one| one.scheme == "basic").then_some(Self::Basic))
    }

    fn bearer(challenge: &Challenge, name: &Name) -> Result<Self, Error> {
        let text = challenge.get("realm").unwrap_or_default();
        let realm = Address::parse(text).ok_or_else(|| realm_refused(name, text, "which is not an http address"))?;
        if is_loopback(&realm.host) && !is_loopback(&name.endpoint) {
            return Err(realm_refused(name, text, "which is on this machine"));
        }
        let own = |field: &str| challenge.get(field).filter(|text| !text.is_empty()).map(str::to_owned);
        Ok(Self::Bearer { realm, service: own("service"), scope: own("scope") })
    }

    /// Gets what is asked for; `None` where it cannot be had with this credential (or without one).
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
            (Self::Bearer { realm, service, scope }, credential) => {
                if credential.is_some() && !realm.is_private() {
                    return Err(realm_refused(name, &realm.direct(), "where a password would travel unencrypted"));
                }
                let address = token_address(realm, service.as_deref(), scope.as_deref(), name);
                token(exchange, name, &address, credential).await
            }
        }
    }
}

/// The credential for a registry, which may be written as Docker's configuration does.
pub(super) fn credential_for<'a>(credentials: &'a [Credential], name: &Name) -> Option<&'a Credential> {
    let plain = |registry: &str| {
        let registry = registry.trim();
        let registry = registry.split_once("://").map_or(registry, |(_, rest)| rest);
        let host = registry.split('/').next().unwrap_or_default().to_ascii_lowercase();
        let hub = matches!(host.as_str(), "index.docker.io" | "registry-1.docker.io");
        if hub { "docker.io".to_owned() } else { host }
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
        let why = format!("{}, which gives out tokens for {}, answered without one", address.host, name.registry);
        return Err(Error::new(ErrorKind::RegistryError, why));
    };
    // A token is renewed a little before its end, since a request takes time.
    let until = asked + lifetime * 1000.0 - (lifetime * 250.0).min(10_000.0);
    Ok(Some(Grant { header: format!("Bearer {token}"), until, credential: credential.cloned() }))
}

/// The token and its lifetime in seconds: 60 where none is told (distribution's token specification).
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

/// A lifetime in whole seconds, capped; parsing floats would cost 10 KB of tables for numbers that nobody sends.
fn whole_seconds(token: &str) -> Option<f64> {
    let whole: u32 = token.split('.').next()?.parse().ok()?;
    Some(f64::from(whole).min(limits::TOKEN_SECONDS)).filter(|seconds| *seconds > 0.0)
}

fn token_address(realm: &Address, service: Option<&str>, scope: Option<&str>, name: &Name) -> Address {
    let own = format!("repository:{}:pull", name.repository);
    let scopes = scope.unwrap_or(&own).split(' ').filter(|scope| !scope.is_empty()).map(|scope| ("scope", scope));
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

fn realm_refused(name: &Name, realm: &str, why: &str) -> Error {
    let shown: String = realm.chars().take(200).collect();
    let message = format!("{} sends for a token to \"{}\", {why}", name.registry, shown.escape_debug());
    Error::new(ErrorKind::RegistryError, message)
}

#[cfg(test)]
mod tests;
