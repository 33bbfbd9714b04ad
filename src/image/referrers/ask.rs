//! Asks a registry's places about one digest.

use super::facts::{NodeFacts, Target};
use super::place::{self, PlaceKind};
use super::read::Reading;
use super::{Found, Stage};
use crate::descriptor::Descriptor;
use crate::digest::Verified;
use crate::document::{Body, Document, Hints};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::registry::{Client, Fetched, Listed, Name, Referrers, TagOrDigest, Transport};

/// One search.
pub(super) struct Asking<'a, T: Transport> {
    client: &'a Client<T>,
    name: Name,
    now: Option<i64>,
    reading: Reading<'a, T>,
}

/// The answer of a place that is an index: its entries, and what went wrong on the way to the rest of them.
struct List {
    entries: Vec<Descriptor>,
    cut: Option<Error>,
}

impl<'a, T: Transport> Asking<'a, T> {
    pub(super) fn new(client: &'a Client<T>, name: Name, now: Option<i64>, on_stage: &'a dyn Fn(Stage)) -> Self {
        let reading = Reading::new(client, name.clone(), now, on_stage);
        Self { client, name, now, reading }
    }

    pub(super) fn into_bytes(self) -> Vec<(String, std::sync::Arc<[u8]>)> {
        self.reading.into_bytes()
    }

    /// The referrers API, its fallback tag, and cosign's tags.
    pub(super) async fn about(&self, target: &Target, found: &mut Found) -> Result<(), Error> {
        match self.api(target).await {
            Err(error) => {
                found.places.push(place::failed(target, PlaceKind::Referrers, &given(error)?));
                self.fallback(target, found).await?;
            }
            Ok(Err(status)) => {
                found.places.push(place::not_offered(target, status));
                self.fallback(target, found).await?;
            }
            Ok(Ok(list)) => {
                self.take(target, PlaceKind::Referrers, list, found).await?;
                found.places.push(place::needless(target));
            }
        }
        for (kind, _) in PlaceKind::TAGS {
            self.tag(target, kind, found).await?;
        }
        Ok(())
    }

    /// All pages of the list; the status of a registry that has no such API.
    async fn api(&self, target: &Target) -> Result<Result<List, u16>, Error> {
        let mut list = List { entries: Vec::new(), cut: None };
        let mut page: Option<String> = None;
        for number in 0..limits::REFERRER_PAGES {
            let listed = match self.client.referrers(&self.name, &target.digest, page.as_deref()).await {
                Ok(Referrers::Page(listed)) => listed,
                Ok(Referrers::NotOffered(status)) if number == 0 => return Ok(Err(status)),
                Ok(Referrers::NotOffered(status)) => {
                    list.cut = Some(place::no_page(status));
                    break;
                }
                // Earlier answers are kept.
                Err(error) if number > 0 && error.kind() != ErrorKind::Aborted => {
                    list.cut = Some(error);
                    break;
                }
                Err(error) => return Err(error),
            };
            list.cut = listed.cut();
            let Listed { fetched, next, .. } = listed;
            list.entries.extend(self.entries(fetched));
            page = next;
            if page.is_none() || list.entries.len() > limits::REFERRERS {
                return Ok(Ok(list));
            }
        }
        if page.is_some() && list.cut.is_none() {
            list.cut = Some(place::more_pages());
        }
        Ok(Ok(list))
    }

    /// The entries of an index that has no digest of its own.
    fn entries(&self, fetched: Fetched) -> Vec<Descriptor> {
        let hints = Hints { content_type: fetched.content_type, now: self.now, ..Hints::default() };
        match Document::parse(Verified::compute(fetched.bytes), &hints).body() {
            Body::Index(index) => index.manifests.clone(),
            _ => Vec::new(),
        }
    }

    async fn fallback(&self, target: &Target, found: &mut Found) -> Result<(), Error> {
        let kind = PlaceKind::FallbackTag;
        let tag = TagOrDigest::Tag(place::name(kind, &target.digest).unwrap_or_default());
        match self.client.manifest(&self.name, &tag).await {
            Ok(fetched) => {
                let list = List { entries: self.entries(fetched), cut: None };
                self.take(target, kind, list, found).await
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                found.places.push(place::empty(target, kind));
                Ok(())
            }
            Err(error) => {
                found.places.push(place::failed(target, kind, &given(error)?));
                Ok(())
            }
        }
    }

    /// A tag of cosign's: `HEAD` first, which no registry counts.
    async fn tag(&self, target: &Target, kind: PlaceKind, found: &mut Found) -> Result<(), Error> {
        let tag = TagOrDigest::Tag(place::name(kind, &target.digest).unwrap_or_default());
        let place = match self.client.served(&self.name, &tag).await {
            Ok(None) => place::empty(target, kind),
            Ok(Some(_)) => match self.client.manifest(&self.name, &tag).await {
                Ok(fetched) => {
                    let nodes = self.reading.tagged(target, kind, fetched).await?;
                    let ids = nodes.iter().take(1).map(|node| node.id.clone()).collect();
                    found.nodes.extend(nodes);
                    place::found(target, kind, ids)
                }
                Err(error) => place::failed(target, kind, &given(error)?),
            },
            Err(error) => place::failed(target, kind, &given(error)?),
        };
        found.places.push(place);
        Ok(())
    }

    /// Reads what a list names; each is held against its descriptor, and its `subject` against the digest.
    async fn take(&self, target: &Target, kind: PlaceKind, list: List, found: &mut Found) -> Result<(), Error> {
        let most = limits::REFERRERS_READ;
        let many = (list.entries.len() > most).then(|| place::many(list.entries.len(), most));
        let mut ids = Vec::new();
        for (at, entry) in list.entries.iter().take(most).enumerate() {
            let nodes = self.reading.listed(target, kind, at, entry).await?;
            ids.extend(nodes.first().map(|node| node.id.clone()));
            found.nodes.extend(nodes);
        }
        let place = match &list.cut {
            Some(error) => place::cut(target, kind, ids, error),
            None => place::answered(target, kind, ids),
        };
        found.places.push(place);
        if let Some(many) = many {
            let first = found.nodes.iter_mut().rev().find(|node| node.facts.about.is_some());
            first.into_iter().for_each(|node| node.checks.push(many.clone()));
        }
        Ok(())
    }

    /// The attestations that the image's own index names.
    pub(super) async fn in_index(
        &self,
        target: &Target,
        nodes: &[NodeFacts],
        is_silent: bool,
        found: &mut Found,
    ) -> Result<(), Error> {
        let attested = |node: &&NodeFacts| match target.is_index {
            true => node.kind == "attestation" && node.parent.as_deref() == Some(&target.id),
            false => node.kind == "attestation" && node.attests.as_deref() == Some(target.digest.as_str()),
        };
        let entries: Vec<_> = nodes.iter().filter(attested).collect();
        if !target.is_index && !is_silent {
            for entry in entries.iter().take(limits::ATTESTATIONS) {
                found.nodes.extend(self.reading.attestation(target, entry).await?);
            }
        }
        let ids = entries.iter().map(|node| node.id.clone()).collect();
        let has_index = target.is_index || nodes.iter().any(|node| node.kind == "index" && node.about.is_none());
        found.places.push(match has_index {
            true => place::answered(target, PlaceKind::Index, ids),
            false => place::no_index(target),
        });
        Ok(())
    }
}

/// The error of one place is what the place says; only the caller's own end ends all.
fn given(error: Error) -> Result<Error, Error> {
    if error.kind() == ErrorKind::Aborted { Err(error) } else { Ok(error) }
}
