//! The tags of a repository, page by page (distribution spec, "Listing Tags"), and the repositories of a registry in the same way.

use std::collections::HashSet;

use super::{Client, Job, is_registrys};
use crate::error::{Error, ErrorKind};
use crate::json;
use crate::limits;
use crate::reference::Reference;
use crate::registry::link::{is_next, links};
use crate::registry::{Method, Name, TagOrDigest, Transport};
use crate::say::say;
use crate::tags::is_tag;

/// The tags that a registry names.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct TagList {
    /// In the order of the registry, each once.
    pub tags: Vec<String>,
    /// False if there may be more: a limit was reached, or the registry's link to the next page leads nowhere.
    pub complete: bool,
    /// The number of pages that were read.
    pub pages: usize,
}

/// A list that a registry gives page by page.
struct List<'a> {
    name: &'a Name,
    /// Its path.
    path: String,
    /// The member of a page that has the names.
    member: &'static str,
    /// True for a text that can be a name.
    fits: fn(&str) -> bool,
    /// The number of names that are asked for at a time.
    page: usize,
}

/// The next page by the present one.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// The query that asks for it.
    Query(String),
    /// There is none.
    End,
    /// The header cannot be read.
    Malformed,
}

/// The most tags that are asked for at a time: registries allow no more.
const PAGE: usize = 1000;

/// The same for repositories: registries refuse larger pages of their catalog, if they have one.
const CATALOG_PAGE: usize = 100;

impl<T: Transport> Client<T> {
    /// The tags of a repository, at most `limit`. Of the links to further pages only the query is followed, at the same
    /// path of the same registry: a link cannot lead anywhere else.
    ///
    /// # Errors
    /// One of the registry's codes of [`ErrorKind`] for the first page; a page that fails later ends the list.
    pub async fn tags(&self, name: &Name, limit: usize) -> Result<TagList, Error> {
        let path = format!("/v2/{}/tags/list", name.repository);
        self.listed(&List { name, path, member: "tags", fits: is_tag, page: PAGE }, limit).await
    }

    /// The repositories of a registry (its `/v2/_catalog`), at most `limit`; `tags` are their names.
    ///
    /// # Errors
    /// As [`Client::tags`]. Most public registries have no such list, and a proxy asks only hosts that it was told by name.
    pub async fn catalog(&self, registry: &Name, limit: usize) -> Result<TagList, Error> {
        let name = Name { repository: "_catalog".to_owned(), ..registry.clone() };
        let path = "/v2/_catalog".to_owned();
        let list = List { name: &name, path, member: "repositories", fits: is_repository, page: CATALOG_PAGE };
        self.listed(&list, limit).await
    }

    async fn listed(&self, wanted: &List<'_>, limit: usize) -> Result<TagList, Error> {
        let mut list = TagList::default();
        let (mut seen, mut asked) = (HashSet::new(), HashSet::new());
        let page = wanted.page;
        let mut query = format!("n={}", page.min(limit.max(1)));
        while asked.insert(query.clone()) && list.pages < limits::TAG_PAGES {
            let (found, next) = match self.page(wanted, &query).await {
                Err(error) if list.pages == 0 || error.kind() == ErrorKind::Aborted => return Err(error),
                Err(_) => return Ok(list),
                Ok(page) => page,
            };
            list.pages += 1;
            let last = found.last().cloned();
            let before = list.tags.len();
            list.tags.extend(found.into_iter().filter(|tag| seen.insert(tag.clone())));
            if list.tags.len() > limit {
                list.tags.truncate(limit);
                return Ok(list);
            }
            let is_new = list.tags.len() > before;
            query = match (next, last) {
                (Next::End, _) => {
                    list.complete = true;
                    return Ok(list);
                }
                // A page without a new tag leads in a circle.
                _ if !is_new => return Ok(list),
                (Next::Query(query), _) => query,
                // The specification says how to go on by oneself.
                (Next::Malformed, Some(last)) => format!("n={page}&last={last}"),
                (Next::Malformed, None) => return Ok(list),
            };
        }
        Ok(list)
    }

    async fn page(&self, list: &List<'_>, query: &str) -> Result<(Vec<String>, Next), Error> {
        let name = list.name;
        let reference = TagOrDigest::Tag(if list.member == "tags" { "tags/list" } else { "_catalog" }.to_owned());
        let path = Some(format!("{}?{query}", list.path));
        let job = Job { name, reference: reference.clone(), blob: false, max_bytes: limits::DOCUMENT_BYTES, path };
        let answer = self.authorized(&job, Method::Get).await?;
        let response = &answer.response;
        if response.status == 404 && is_registrys(response) {
            let (registry, repository) = (name.registry.clone(), name.repository.clone());
            if list.member != "tags" {
                return Err(Error::new(
                    ErrorKind::NotFound,
                    say!("no-catalog", "{registry} lists no repositories", registry),
                ));
            }
            let said = say!("no-such-repository", "{registry} has no repository {repository}", registry, repository);
            return Err(Error::new(ErrorKind::NotFound, said));
        }
        if response.status != 200 {
            return Err(self.failed(&answer, name, &reference));
        }
        let links: Vec<&str> = response.headers.all("link").collect();
        Ok((names(&response.body, list)?, next(&links.join(","))))
    }
}

/// True if a text can be the name of a repository without its host.
fn is_repository(text: &str) -> bool {
    Reference::parse(&format!("host.example/{text}")).is_ok_and(|found| found.repository() == Some(text))
}

/// The names of one page; what cannot be one is left out.
fn names(body: &[u8], list: &List<'_>) -> Result<Vec<String>, Error> {
    let malformed =
        || Error::new(ErrorKind::RegistryError, say!("tags-malformed", "the registry's answer is no list of tags"));
    let parsed = json::parse(body).map_err(|_| malformed())?;
    let tags = parsed.root.get(list.member).ok_or_else(malformed)?;
    if tags.is_null() {
        return Ok(Vec::new());
    }
    let listed = tags.as_array().ok_or_else(malformed)?;
    Ok(listed.iter().filter_map(|tag| tag.as_str()).filter(|tag| (list.fits)(tag)).map(str::to_owned).collect())
}

/// Reads `Link: </v2/…/tags/list?last=b&n=2>; rel="next"` (RFC 8288). A link without `rel` counts as well, since some
/// registries write none.
fn next(header: &str) -> Next {
    if header.trim().is_empty() {
        return Next::End;
    }
    let mut has_other = false;
    for link in links(header) {
        let Some((target, params)) = link else { return Next::Malformed };
        if is_next(params) != Some(false) {
            return query_of(target);
        }
        has_other = true;
    }
    if has_other { Next::End } else { Next::Malformed }
}

fn query_of(target: &str) -> Next {
    let query = target.split_once('?').map_or("", |(_, query)| query).split('#').next().unwrap_or_default();
    let is_plain = query.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\'));
    if query.is_empty() || !is_plain || query.len() > limits::LINK_BYTES {
        return Next::Malformed;
    }
    Next::Query(query.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Cache;
    use crate::registry::fake::{Answer as Scripted, Fake, answer, name};
    use pollster::block_on;

    fn page(tags: &[&str], link: &str) -> Scripted {
        let body = format!(
            "{{\"name\":\"x\",\"tags\":[{}]}}",
            tags.iter().map(|tag| format!("\"{tag}\"")).collect::<Vec<_>>().join(",")
        );
        if link.is_empty() {
            answer(200, &[], body.as_bytes())
        } else {
            answer(200, &[("link", link)], body.as_bytes())
        }
    }

    fn listed(fake: &Fake, limit: usize) -> Result<(String, bool), Error> {
        let client = fake.client("", Vec::new(), &Cache::default());
        let list = block_on(client.tags(&name("r.io/team/app"), limit))?;
        Ok((list.tags.join(" "), list.complete))
    }

    #[test]
    fn pages_are_followed_to_the_end() {
        for link in [
            "</v2/team/app/tags/list?last=b&n=2>; rel=\"next\"",
            "<https://r.io/v2/team/app/tags/list?last=b&n=2>;rel=next",
            "<?last=b&n=2>; rel=\"next\"",
            "<https://evil.example/v2/other/tags/list?last=b&n=2>; rel=\"next\"",
            "<https://r.io/first>; rel=first, </v2/team/app/tags/list?last=b&n=2>; rel=\"NEXT\"",
        ] {
            let link = link.to_owned();
            let fake =
                Fake::new(move |_, number| if number == 0 { page(&["a", "b"], &link) } else { page(&["c"], "") });
            assert_eq!(listed(&fake, 100).unwrap(), ("a b c".to_owned(), true));
            assert_eq!(fake.urls()[1], "https://r.io/v2/team/app/tags/list?last=b&n=2", "no link leads elsewhere");
        }
    }

    #[test]
    fn malformed_links_are_survived() {
        for link in ["nonsense", "<", "<>; rel=next", "</v2/team/app/tags/list>; rel=next", "<?last=\u{e9}>; rel=next"]
        {
            let link = link.to_owned();
            let fake =
                Fake::new(move |_, number| if number == 0 { page(&["a", "b"], &link) } else { page(&["c"], "") });
            assert_eq!(listed(&fake, 100).unwrap(), ("a b c".to_owned(), true));
            assert_eq!(fake.urls()[1], "https://r.io/v2/team/app/tags/list?n=1000&last=b");
        }
        let fake = Fake::new(|_, _| page(&["a"], "<https://r.io/>; rel=\"prev\""));
        assert_eq!(listed(&fake, 100).unwrap(), ("a".to_owned(), true), "no next page is the end");
    }

    #[test]
    fn links_in_a_circle_end() {
        let fake = Fake::new(|_, _| page(&["a", "b"], "<?last=b>; rel=\"next\""));
        assert_eq!(listed(&fake, 100).unwrap(), ("a b".to_owned(), false));
        assert_eq!(fake.urls().len(), 2);
        let two = Fake::new(|_, number| {
            page(&["a", "b"], if number % 2 == 0 { "<?x=1>; rel=next" } else { "<?x=2>; rel=next" })
        });
        assert!(!listed(&two, 100).unwrap().1);
        let endless = Fake::new(|_, number| page(&[&format!("t{number}")], &format!("<?last={number}>; rel=next")));
        let (tags, complete) = listed(&endless, 10_000).unwrap();
        assert!(!complete && tags.split(' ').count() == limits::TAG_PAGES);
    }

    #[test]
    fn a_list_has_a_limit_and_lies_are_left_out() {
        let fake = Fake::new(|_, _| page(&["a", "b", "c"], ""));
        assert_eq!(listed(&fake, 2).unwrap(), ("a b".to_owned(), false));
        assert_eq!(fake.urls()[0], "https://r.io/v2/team/app/tags/list?n=2");
        let lies = Fake::new(|_, _| answer(200, &[], b"{\"tags\":[\"ok\",\"../x\",7,null,\"ok\",\"-no\"]}"));
        assert_eq!(listed(&lies, 100).unwrap(), ("ok".to_owned(), true));
        let none = Fake::new(|_, _| answer(200, &[], b"{\"tags\":null}"));
        assert_eq!(listed(&none, 100).unwrap(), (String::new(), true));
    }

    #[test]
    fn the_repositories_of_a_registry_are_listed_in_the_same_way() {
        let fake = Fake::new(|_, number| match number {
            0 => answer(
                200,
                &[("link", "</v2/_catalog?last=b&n=2>; rel=next")],
                b"{\"repositories\":[\"a\",\"b/c\",\"../x\",\"A\"]}",
            ),
            _ => answer(200, &[], b"{\"repositories\":[\"d\",7]}"),
        });
        let list = block_on(fake.client("", Vec::new(), &Cache::default()).catalog(&name("r.io/x"), 100)).unwrap();
        assert_eq!((list.tags.join(" "), list.complete), ("a b/c d".to_owned(), true));
        assert_eq!(fake.urls(), ["https://r.io/v2/_catalog?n=100", "https://r.io/v2/_catalog?last=b&n=2"]);
        let absent = Fake::new(|_, _| answer(404, &[("docker-distribution-api-version", "registry/2.0")], b"{}"));
        let error = block_on(absent.client("", Vec::new(), &Cache::default()).catalog(&name("r.io/x"), 9)).unwrap_err();
        assert_eq!(error.said().reason, "no-catalog");
    }

    #[test]
    fn what_is_no_list_has_a_code() {
        let code = |status: u16, body: &'static [u8]| {
            listed(
                &Fake::new(move |_, _| answer(status, &[("docker-distribution-api-version", "registry/2.0")], body)),
                9,
            )
            .unwrap_err()
            .code()
        };
        assert_eq!(code(404, b"{}"), "not-found");
        assert_eq!(code(200, b"<html>"), "registry-error");
        assert_eq!(code(200, b"{\"tags\":3}"), "registry-error");
        assert_eq!(code(429, b""), "rate-limited");
    }
}
