//! Reads what was found: manifest, config and blobs, each hashed before it is looked at.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt};

use super::Stage;
use super::facts::{NodeFacts, Target};
use super::place::{self, PlaceKind};
use crate::checks::Origin;
use crate::descriptor::Descriptor;
use crate::digest::{Digest, Source, Verified};
use crate::document::{Body, Document, Hints};
use crate::error::{Error, ErrorKind};
use crate::image::nodes::{promised, unread};
use crate::image::tree::{Branch, below};
use crate::image::walk::{Plan, Store, Walk, not_read};
use crate::limits;
use crate::media_type::{BlobKind, MediaType};
use crate::registry::{Client, Fetched, Name, TagOrDigest, Transport};
use crate::report::Node;

/// The most blobs that are fetched at a time.
const READS_AT_ONCE: usize = 6;

/// The config of most referrers.
const EMPTY_CONFIG: &[u8] = b"{}";

pub(super) struct Reading<'a, T: Transport> {
    walk_store: Blobs<'a, T>,
    now: Option<i64>,
    left: Cell<usize>,
    bytes: RefCell<Vec<(String, Arc<[u8]>)>>,
}

/// The blobs that were fetched, for the walk to find.
struct Blobs<'a, T: Transport> {
    client: &'a Client<T>,
    name: Name,
    on_stage: &'a dyn Fn(Stage),
    fetched: RefCell<HashMap<Digest, Fetched>>,
    spare: Cell<usize>,
}

impl<'a, T: Transport> Reading<'a, T> {
    pub(super) fn new(client: &'a Client<T>, name: Name, now: Option<i64>, on_stage: &'a dyn Fn(Stage)) -> Self {
        let spare = Cell::new(limits::REFERRER_BYTES);
        let walk_store = Blobs { client, name, on_stage, fetched: RefCell::default(), spare };
        Self { walk_store, now, left: Cell::new(limits::REFERRERS_READ), bytes: RefCell::default() }
    }

    pub(super) fn into_bytes(self) -> Vec<(String, Arc<[u8]>)> {
        self.bytes.into_inner()
    }

    /// The document that an entry of a list names.
    pub(super) async fn listed(
        &self,
        target: &Target,
        kind: PlaceKind,
        at: usize,
        entry: &Descriptor,
    ) -> Result<Vec<Node>, Error> {
        let place = if kind == PlaceKind::Referrers { "referrers" } else { "fallback" };
        let entry = Descriptor { path: format!("$.{place}[{at}]"), ..entry.clone() };
        let mut branch = match self.document(&entry).await? {
            Ok(document) => self.branch(&document, &entry).await?,
            Err(error) => unread(&entry, promised(&entry), not_read(error.said().clone())).into(),
        };
        if branch.node.read {
            let subject = branch.node.facts.subject.clone();
            branch.node.checks.push(place::refers(subject.as_deref(), &target.digest, false));
        }
        Ok(hung(target, branch))
    }

    /// The documents under a tag of cosign's.
    pub(super) async fn tagged(&self, target: &Target, kind: PlaceKind, fetched: Fetched) -> Result<Vec<Node>, Error> {
        let path = PlaceKind::TAGS.iter().find(|(known, _)| *known == kind).map_or("tag", |(_, ending)| &ending[1..]);
        let hints = Hints {
            content_type: fetched.content_type,
            header_digest: fetched.header_digest,
            now: self.now,
            ..Hints::default()
        };
        let document = Document::parse(Verified::compute(fetched.bytes), &hints);
        self.fetch_blobs(&document).await?;
        let walk = self.walk();
        let mut branch = walk.root(&document, Origin::Registry).await;
        self.bytes.borrow_mut().extend(walk.into_bytes());
        branch.node.path = Some(format!("$.{path}"));
        let subject = branch.node.facts.subject.clone();
        branch.node.checks.push(place::refers(subject.as_deref(), &target.digest, true));
        Ok(hung(target, branch))
    }

    /// The statements of an attestation manifest that the index names; the manifest, too, if the report has not read it.
    pub(super) async fn attestation(&self, target: &Target, node: &NodeFacts) -> Result<Vec<Node>, Error> {
        let Some(entry) = descriptor(node) else { return Ok(Vec::new()) };
        let Ok(document) = self.document(&entry).await? else { return Ok(Vec::new()) };
        let branch = self.branch(&document, &entry).await?;
        let parent = node.parent.clone();
        let mut nodes = below(&target.id, branch);
        let made = nodes.first().map(|first| first.id.clone()).unwrap_or_default();
        for one in &mut nodes {
            one.id = one.id.replacen(&made, &node.id, 1);
            one.parent = one.parent.take().map(|above| above.replacen(&made, &node.id, 1));
        }
        if let Some(first) = nodes.first_mut() {
            first.parent = parent;
            first.facts.attests.clone_from(&node.attests);
        }
        // Nodes that the report has read stay as they are.
        Ok(nodes.into_iter().skip(usize::from(node.read)).collect())
    }

    async fn document(&self, entry: &Descriptor) -> Result<Result<Document, Error>, Error> {
        let Some(digest) = &entry.digest else {
            return Ok(Err(Error::new(ErrorKind::InvalidDigest, "its descriptor names no valid digest")));
        };
        let Some(left) = self.left.get().checked_sub(1) else {
            let message =
                format!("{} manifests about this image were read, which is the limit", limits::REFERRERS_READ);
            return Ok(Err(Error::new(ErrorKind::LimitExceeded, message)));
        };
        self.left.set(left);
        let Blobs { client, name, .. } = &self.walk_store;
        let fetched = match client.manifest(name, &TagOrDigest::Digest(digest.clone())).await {
            Err(error) if error.kind() == ErrorKind::Aborted => return Err(error),
            Err(error) => return Ok(Err(error)),
            Ok(fetched) => fetched,
        };
        let hints = Hints {
            expected_type: Some((entry.media_type.clone(), Source::Descriptor)),
            expected_size: entry.size.map(|size| (size, Source::Descriptor)),
            content_type: fetched.content_type,
            header_digest: fetched.header_digest,
            now: self.now,
            ..Hints::default()
        };
        Ok(Ok(Document::parse(Verified::against(fetched.bytes, digest.clone(), Source::Descriptor), &hints)))
    }

    async fn branch(&self, document: &Document, entry: &Descriptor) -> Result<Branch, Error> {
        // A document that is not the one asked for is not believed.
        if !document.is_mismatch() {
            self.fetch_blobs(document).await?;
        }
        let walk = self.walk();
        let branch = walk.named(document, entry).await;
        self.bytes.borrow_mut().extend(walk.into_bytes());
        Ok(branch)
    }

    fn walk(&self) -> Walk<'_, Blobs<'a, T>> {
        Walk::new(&self.walk_store, Plan { platform: None, all: false, at_hand: false, now: self.now })
    }

    /// Fetches those blobs of a manifest that are signatures, statements or lists, or small.
    async fn fetch_blobs(&self, document: &Document) -> Result<(), Error> {
        let (blobs, artifact) = match document.body() {
            Body::Manifest(manifest) => (&manifest.layers, manifest.artifact()),
            Body::Artifact(artifact) => (&artifact.blobs, artifact.artifact_type.as_deref()),
            _ => return Ok(()),
        };
        let wanted = blobs.iter().take(limits::REFERRERS_READ).filter(|blob| self.walk_store.reserve(blob, artifact));
        let wanted: Vec<_> = wanted.filter_map(|blob| Some((blob.digest.clone()?, most(blob, artifact)))).collect();
        let answers: Vec<_> = stream::iter(wanted)
            .map(|(digest, most)| async move {
                let Blobs { client, name, .. } = &self.walk_store;
                (client.blob(name, &digest, most).await, digest)
            })
            .buffered(READS_AT_ONCE)
            .collect()
            .await;
        for (answer, digest) in answers {
            match answer {
                Ok(fetched) => drop(self.walk_store.fetched.borrow_mut().insert(digest, fetched)),
                Err(error) if error.kind() == ErrorKind::Aborted => return Err(error),
                // The node of a blob that did not come says that it was not read.
                Err(_) => {}
            }
        }
        Ok(())
    }
}

/// Its nodes below that of the digest, each with what it is about.
fn hung(target: &Target, branch: Branch) -> Vec<Node> {
    let mut nodes = below(&target.id, branch);
    nodes.iter_mut().for_each(|node| node.facts.about = Some(target.digest.to_string()));
    nodes
}

/// The most bytes of a blob of that kind that are read.
fn most(blob: &Descriptor, artifact: Option<&str>) -> usize {
    match BlobKind::of(&blob.media_type, artifact) {
        BlobKind::Signature => limits::BUNDLE_BYTES,
        BlobKind::Statement | BlobKind::Sbom => limits::STATEMENT_BYTES,
        _ if blob.media_type.as_str().contains("json") => limits::STATEMENT_BYTES,
        kind if kind.is_tar() => 0,
        _ => limits::REFERRER_BLOB_BYTES,
    }
}

fn descriptor(node: &NodeFacts) -> Option<Descriptor> {
    let text = node.digest.clone()?;
    Some(Descriptor {
        media_type: MediaType::new(node.media_type.clone().unwrap_or_default()),
        digest: Digest::parse(&text).ok(),
        digest_text: text,
        size: node.size,
        platform: None,
        artifact_type: None,
        annotations: node.annotations.clone(),
        urls: Vec::new(),
        data: None,
        path: "$.attestation".to_owned(),
    })
}

impl<T: Transport> Blobs<'_, T> {
    /// Takes room for a blob; false if there is none.
    fn reserve(&self, blob: &Descriptor, artifact: Option<&str>) -> bool {
        let Some(size) = blob.size.and_then(|size| usize::try_from(size).ok()) else { return false };
        let known = blob.digest.as_ref().is_some_and(|digest| self.fetched.borrow().contains_key(digest));
        let Some(spare) = self.spare.get().checked_sub(size).filter(|_| !known && size <= most(blob, artifact)) else {
            return false;
        };
        self.spare.set(spare);
        true
    }
}

impl<T: Transport> Store for Blobs<'_, T> {
    async fn read(&self, descriptor: &Descriptor, blob: bool) -> Result<Fetched, Error> {
        let Some(digest) = &descriptor.digest else {
            return Err(Error::new(ErrorKind::InvalidDigest, "its descriptor names no valid digest"));
        };
        let is_empty = digest.algorithm().is_some_and(|one| one.digest(EMPTY_CONFIG) == *digest);
        if is_empty {
            return Ok(Fetched { bytes: EMPTY_CONFIG.into(), content_type: None, header_digest: None, cached: true });
        }
        if blob {
            return self.client.blob(&self.name, digest, limits::CONFIG_BYTES).await;
        }
        self.client.manifest(&self.name, &TagOrDigest::Digest(digest.clone())).await
    }

    fn at_hand(&self, descriptor: &Descriptor) -> Option<Fetched> {
        self.fetched.borrow().get(descriptor.digest.as_ref()?).cloned()
    }

    fn stage(&self, stage: Stage) {
        (self.on_stage)(stage);
    }
}
