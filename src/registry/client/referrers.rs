//! The referrers of a digest: the referrers API of the distribution spec ("Listing Referrers"), page by page.

use super::{Client, Job, fetched, is_registrys};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::registry::link::{is_next, links};
use crate::registry::{Fetched, Headers, Method, Name, TagOrDigest, Transport};
use crate::say::say;

/// The answer of a registry to the question for referrers.
#[derive(Clone, Debug)]
pub enum Referrers {
    /// A page of the list.
    Page(Listed),
    /// It has no such API; the status that it answered with.
    NotOffered(u16),
}

/// One page: an index, and where the next one is.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The page as it came. The list is a claim of the registry: it has no signature and no digest.
    pub fetched: Fetched,
    /// The path and query of the next page.
    pub next: Option<String>,
    /// True if the answer names a next page that is not of this list, so that it is not followed.
    pub is_cut: bool,
}

impl<T: Transport> Client<T> {
    /// A page of what refers to that digest: the first, or the one that the last page named.
    ///
    /// # Errors
    /// One of the registry's codes of [`ErrorKind`], if neither a list nor the lack of one was the answer.
    pub async fn referrers(&self, name: &Name, digest: &Digest, page: Option<&str>) -> Result<Referrers, Error> {
        let start = format!("/v2/{}/referrers/", name.repository);
        let path = page.map_or_else(|| format!("{start}{digest}"), str::to_owned);
        let reference = TagOrDigest::Digest(digest.clone());
        let max_bytes = limits::DOCUMENT_BYTES;
        let job = Job { name, reference: reference.clone(), blob: false, max_bytes, path: Some(path) };
        let answer = self.authorized(&job, Method::Get).await?;
        let response = &answer.response;
        match response.status {
            200 if is_list(&response.body) => {
                let linked = next_of(&response.headers);
                let next =
                    linked.as_deref().and_then(|link| path_of(link, name)).filter(|path| path.starts_with(&start));
                let is_cut = linked.is_some() && next.is_none();
                Ok(Referrers::Page(Listed { fetched: fetched(answer.response), next, is_cut }))
            }
            status @ (200 | 400 | 404 | 405 | 501) if is_registrys(response) => Ok(Referrers::NotOffered(status)),
            _ => Err(self.failed(&answer, &answer.name, &reference)),
        }
    }
}

impl Listed {
    /// The error of a list whose next page lies elsewhere.
    #[must_use]
    pub fn cut(&self) -> Option<Error> {
        self.is_cut.then(|| {
            Error::new(
                ErrorKind::RegistryError,
                say!("referrers-elsewhere", "the next page of the list lies outside of the repository"),
            )
        })
    }
}

/// A page of a login or of an error is no list; what an index says is read later.
fn is_list(body: &[u8]) -> bool {
    crate::json::parse(body)
        .is_ok_and(|parsed| parsed.root.get("manifests").is_some_and(|all| all.as_array().is_some()))
}

/// The address of the link to the next page.
fn next_of(headers: &Headers) -> Option<String> {
    let mut all = headers.all("link").flat_map(links).flatten();
    all.find(|(_, params)| is_next(params) == Some(true)).map(|(target, _)| target.to_owned())
}

/// The path and query of a link, if it leads to the registry itself.
fn path_of(link: &str, name: &Name) -> Option<String> {
    if link.starts_with('/') && !link.starts_with("//") {
        return Some(link.to_owned());
    }
    let (scheme, rest) = link.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    (matches!(scheme, "http" | "https") && host.eq_ignore_ascii_case(&name.endpoint)).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_elsewhere_is_not_followed() {
        let name = crate::registry::fake::name("r.io/a");
        assert_eq!(path_of("https://r.io/v2/a/referrers/x", &name).as_deref(), Some("/v2/a/referrers/x"));
        assert_eq!(path_of("https://evil.io/v2/a/referrers/x", &name), None);
        assert_eq!(path_of("//evil.io/v2/a/referrers/x", &name), None);
    }
}
