//! Proxy, names: DNS answers are checked here, after the lookup and before the connection, so that rebinding finds no gap.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::vec::IntoIter;

use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

use crate::policy::{Reach, is_public};

/// The future of a lookup.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Turns a host name into addresses; the seam where tests put a resolver of their own.
pub trait Resolve: Send + Sync + 'static {
    /// Looks `name` up.
    fn resolve(&self, name: &str) -> Resolving;
}

/// The operating system's resolver.
pub(crate) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: &str) -> Resolving {
        let name = name.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) })
    }
}

/// The only resolver that connections use: what it does not return is never connected to.
#[derive(Clone)]
pub(crate) struct Guarded {
    pub(crate) inner: Arc<dyn Resolve>,
    pub(crate) reach: Reach,
}

/// A name has addresses, but none that may be connected to.
#[derive(Debug)]
pub(crate) struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no public address")
    }
}

impl std::error::Error for NotPublic {}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Service<Name> for Guarded {
    type Response = IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let looking = self.inner.resolve(name.as_str());
        let reach = self.reach;
        Box::pin(async move { permitted(looking.await?, reach) })
    }
}

fn permitted(found: Vec<IpAddr>, reach: Reach) -> Result<IntoIter<SocketAddr>, BoxError> {
    let some = !found.is_empty();
    let kept = found.into_iter().filter(|address| reach == Reach::Named || is_public(*address));
    let kept: Vec<SocketAddr> = kept.map(|address| SocketAddr::new(address, 0)).collect();
    if some && kept.is_empty() { Err(Box::new(NotPublic)) } else { Ok(kept.into_iter()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(found: &[&str], reach: Reach) -> Result<Vec<String>, String> {
        let found = found.iter().map(|text| text.parse().unwrap()).collect();
        let kept = permitted(found, reach).map_err(|error| error.to_string())?;
        Ok(kept.map(|address| address.ip().to_string()).collect())
    }

    #[test]
    fn only_public_addresses_are_left() {
        assert_eq!(kept(&["10.0.0.1", "8.8.8.8", "::1"], Reach::Public), Ok(vec!["8.8.8.8".to_owned()]));
        assert_eq!(kept(&["127.0.0.1", "fd00::1"], Reach::Public), Err("the name has no public address".to_owned()));
    }

    #[test]
    fn a_named_host_may_live_anywhere() {
        assert_eq!(kept(&["127.0.0.1"], Reach::Named), Ok(vec!["127.0.0.1".to_owned()]));
        assert_eq!(kept(&[], Reach::Public), Ok(vec![]));
    }
}
