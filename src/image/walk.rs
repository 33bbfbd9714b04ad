//! Document -> Image. The walk from a document to all that it names: parallel, bounded, safe against cycles.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt};

use crate::checks::{Check, CheckId, Origin, Outcome};
use crate::descriptor::Descriptor;
use crate::digest::{Digest, Source, Verified};
use crate::document::{Body, Config, Document, Hints, Index, Manifest};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::media_type::{DocumentKind, MediaType, OCI_ARTIFACT};
use crate::platform::Platform;
use crate::registry::Fetched;
use crate::report::{Node, NodeKind};
use crate::say::{Said, Word, say};

use super::chosen::hold;
use super::join::{join, name_attestations, names, old_layers, unread_names};
use super::nodes::{hashed_blob, of_document, promised, unread, unread_blob};
use super::platform::choose;
use super::tree::Branch;
use super::{Kept, Stage};

/// The most documents that one level reads at a time: as many as a browser opens connections to one host.
const READS_AT_ONCE: usize = 6;

/// Finds the bytes that a descriptor names.
pub(crate) trait Store {
    /// The bytes, unverified; `blob` for what registries keep under `/blobs/`.
    async fn read(&self, descriptor: &Descriptor, blob: bool) -> Result<Fetched, Error>;

    /// The bytes of a layer or another blob, if they are here without a download.
    fn at_hand(&self, _descriptor: &Descriptor) -> Option<Fetched> {
        None
    }

    /// The walk is about to read this.
    fn stage(&self, stage: Stage);
}

/// The documents that are to be read.
pub(crate) struct Plan {
    /// The platform asked for.
    pub(crate) platform: Option<Platform>,
    /// True to follow every entry of an index, and not only the one for the platform.
    pub(crate) all: bool,
    /// True if everything is at hand: nothing is downloaded, and nothing need be believed to go on below it.
    pub(crate) at_hand: bool,
    /// The reader's time in seconds since 1970.
    pub(crate) now: Option<i64>,
}

impl Plan {
    /// The most documents that are read.
    fn most(&self) -> usize {
        if self.at_hand { limits::OPENED_DOCUMENTS } else { limits::FETCHED_DOCUMENTS }
    }
}

/// One walk.
pub(crate) struct Walk<'a, S> {
    store: &'a S,
    plan: Plan,
    left: Cell<usize>,
    room: Cell<usize>,
    spare: Cell<usize>,
    done: Cell<usize>,
    kept: RefCell<Kept>,
}

/// The documents above, to recognise a cycle.
struct Trail<'a> {
    digest: &'a Digest,
    depth: usize,
    above: Option<&'a Trail<'a>>,
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

impl<'a, S: Store> Walk<'a, S> {
    pub(crate) fn new(store: &'a S, plan: Plan) -> Self {
        let (left, room) = (Cell::new(plan.most()), Cell::new(limits::REPORT_NODES));
        let spare = Cell::new(limits::REPORT_BYTES);
        Self { store, plan, left, room, spare, done: Cell::new(0), kept: RefCell::default() }
    }

    /// Everything below a document that was not named by another.
    pub(crate) async fn root(&self, document: &Document, origin: Origin) -> Branch {
        let mut branch = self.branch(document, None, None).await;
        hold(document, &mut branch, origin);
        branch
    }

    /// Everything below a document that a descriptor names.
    pub(crate) async fn named(&self, document: &Document, named: &Descriptor) -> Branch {
        self.below(document, named, None).await
    }

    /// The bytes of every node read so far.
    pub(crate) fn into_bytes(self) -> Vec<(String, Arc<[u8]>)> {
        self.kept.into_inner().into_vec()
    }

    async fn below(&self, document: &Document, named: &Descriptor, above: Option<&Trail<'_>>) -> Branch {
        let mut branch = self.branch(document, Some(named), above).await;
        hold(document, &mut branch, Origin::Registry);
        branch
    }

    fn branch<'s>(
        &'s self,
        document: &'s Document,
        named: Option<&'s Descriptor>,
        above: Option<&'s Trail<'s>>,
    ) -> Boxed<'s, Branch> {
        Box::pin(async move {
            let mut node = self.admitted(of_document(document, named));
            self.keep(document.digest(), document.verified());
            let room = self.reserve(&mut node, names(document));
            let trail = Trail { digest: document.digest(), depth: above.map_or(0, |above| above.depth + 1), above };
            let children = match document.body() {
                _ if !self.plan.at_hand && document.is_mismatch() => unread_names(document, room, &mismatch_above()),
                Body::Index(index) => self.entries(index, room, &trail).await,
                Body::Manifest(manifest) => self.contents(&mut node, manifest, room).await,
                Body::Schema1(schema1) => old_layers(schema1, room),
                Body::Artifact(artifact) => {
                    let of = artifact.artifact_type.as_deref().or(Some(OCI_ARTIFACT));
                    artifact.blobs.iter().take(room).map(|blob| self.blob(blob, of).into()).collect()
                }
                _ => Vec::new(),
            };
            Branch { node, children }
        })
    }

    /// A node of a document; if the report has no room for what it says, only its digest and its checks.
    pub(crate) fn admitted(&self, mut node: Node) -> Node {
        let facts = &mut node.facts;
        let lines = facts.history.as_ref().map_or(0, Vec::len) + facts.diff_ids.as_ref().map_or(0, Vec::len);
        let lines = (lines + node.annotations.len()).saturating_mul(limits::REPORT_LINE_BYTES);
        let size = usize::try_from(node.size.unwrap_or_default()).unwrap_or(usize::MAX).saturating_add(lines);
        if let Some(spare) = self.spare.get().checked_sub(size) {
            self.spare.set(spare);
            return node;
        }
        (facts.history, facts.diff_ids, facts.image) = (None, None, None);
        node.annotations.clear();
        let most = limits::REPORT_BYTES;
        let message = say!(
            "report-full",
            "what it says is left out: the documents of a report may say {most} bytes together",
            most
        );
        node.checks.push(Check::new(CheckId::Limits, Outcome::NotChecked, message));
        node
    }

    /// The number of the nodes that a document names that it may have, of those that are left for the report.
    fn reserve(&self, node: &mut Node, named: usize) -> usize {
        let left = self.room.get();
        let room = named.min(left);
        self.room.set(left - room);
        if room < named {
            let most = limits::REPORT_NODES;
            let message = say!(
                "report-of-many",
                "{named} more are named here, and {room} of them are shown: a report holds at most {most}",
                named,
                room,
                most
            );
            node.checks.push(Check::new(CheckId::Limits, Outcome::NotChecked, message));
        }
        room
    }

    async fn entries(&self, index: &Index, room: usize, trail: &Trail<'_>) -> Vec<Branch> {
        let chosen = choose(index, self.plan.platform.as_ref());
        let many = !self.plan.at_hand && index.manifests.len() > limits::FOLLOWED_ENTRIES;
        let follow = |position: usize| (self.plan.all && !many) || chosen == Some(position);
        let why_not = self.why_not(many);
        let entries = index.manifests.iter().take(room).enumerate();
        let why_not = &why_not;
        let mut branches: Vec<Branch> = stream::iter(entries)
            .map(|(position, entry)| async move {
                if follow(position) || (chosen.is_none() && !many && promised(entry) == NodeKind::Index) {
                    self.entry(entry, trail).await
                } else {
                    unread(entry, promised(entry), why_not.clone()).into()
                }
            })
            .buffered(READS_AT_ONCE)
            .collect()
            .await;
        name_attestations(&mut branches);
        branches
    }

    async fn entry(&self, entry: &Descriptor, trail: &Trail<'_>) -> Branch {
        if let Some(check) = self.refuse(entry, trail) {
            let mut node = unread(entry, promised(entry), not_read(check.said()));
            node.checks.push(check);
            return node.into();
        }
        match self.fetch(entry, false, &entry_title(entry)).await {
            Ok(fetched) => {
                let mut branch = self.below(&self.parse(entry, fetched), entry, Some(trail)).await;
                branch.node.checks.extend(no_content(entry, true));
                branch
            }
            Err(error) => {
                let mut node = unread(entry, promised(entry), not_read(error.said().clone()));
                node.checks.extend(no_content(entry, false));
                node.into()
            }
        }
    }

    /// Why an entry is not followed: our own cap, which disproves nothing, or a ring, which no honest digests make.
    fn refuse(&self, entry: &Descriptor, trail: &Trail<'_>) -> Option<Check> {
        if trail.depth + 1 >= limits::INDEX_DEPTH {
            let message = say!(
                "index-too-deep",
                "indexes nest deeper than {most} levels, so this one was not followed",
                most = limits::INDEX_DEPTH
            );
            return Some(Check::new(CheckId::Limits, Outcome::NotChecked, message));
        }
        let mut above = Some(trail);
        while let Some(trail) = above {
            if entry.digest.as_ref() == Some(trail.digest) {
                let message =
                    say!("index-cycle", "this index is among those that it is in: a cycle, so it was not followed");
                return Some(Check::new(CheckId::Limits, Outcome::Fail, message));
            }
            above = trail.above;
        }
        None
    }

    async fn contents(&self, node: &mut Node, manifest: &Manifest, room: usize) -> Vec<Branch> {
        let layers = room.saturating_sub(usize::from(manifest.config.is_some()));
        let mut layers: Vec<Node> =
            manifest.layers.iter().take(layers).map(|layer| self.blob(layer, manifest.artifact())).collect();
        if node.kind == NodeKind::Manifest {
            for (position, layer) in layers.iter_mut().enumerate() {
                layer.kind = NodeKind::Layer;
                layer.title.get_or_insert_with(|| format!("layer {}", position + 1));
            }
        }
        let mut children = Vec::with_capacity(layers.len() + 1);
        if let Some(descriptor) = manifest.config.as_ref().filter(|_| room > 0) {
            let (mut child, config) = self.config(descriptor, manifest.is_image()).await;
            if let Some(config) = &config {
                join(node, &mut child, &mut layers, manifest, config);
            }
            children.push(child.into());
        }
        children.extend(layers.into_iter().map(Branch::from));
        children
    }

    async fn config(&self, descriptor: &Descriptor, image: bool) -> (Node, Option<Config>) {
        let fetched = match embedded(descriptor) {
            Some(fetched) => Ok(fetched),
            None => self.fetch(descriptor, true, "config").await,
        };
        let (mut node, config) = match fetched {
            Err(error) => {
                let kind = if image { NodeKind::Config } else { NodeKind::Blob };
                (unread(descriptor, kind, not_read(error.said().clone())), None)
            }
            Ok(fetched) if image => self.image_config(descriptor, fetched),
            Ok(fetched) => (self.hashed(descriptor, Some(descriptor.media_type.as_str()), &fetched), None),
        };
        node.title.get_or_insert_with(|| "config".to_owned());
        (node, config)
    }

    fn image_config(&self, descriptor: &Descriptor, fetched: Fetched) -> (Node, Option<Config>) {
        let document = self.parse(descriptor, fetched);
        self.keep(document.digest(), document.verified());
        let believed = self.plan.at_hand || !document.is_mismatch();
        let config = match document.body() {
            Body::Config(config) if believed => Some(config.clone()),
            _ => None,
        };
        (self.admitted(of_document(&document, Some(descriptor))), config)
    }

    /// A layer or another blob: hashed if its bytes are here, else what its descriptor says.
    fn blob(&self, descriptor: &Descriptor, artifact: Option<&str>) -> Node {
        match embedded(descriptor).or_else(|| self.store.at_hand(descriptor)) {
            Some(fetched) => self.hashed(descriptor, artifact, &fetched),
            None => unread_blob(descriptor, artifact),
        }
    }

    fn hashed(&self, descriptor: &Descriptor, artifact: Option<&str>, fetched: &Fetched) -> Node {
        let verified = hash(descriptor, fetched);
        self.keep(verified.digest(), &verified);
        hashed_blob(descriptor, artifact, &verified)
    }

    fn keep(&self, digest: &Digest, verified: &Verified) {
        self.kept.borrow_mut().keep(digest, verified);
    }

    async fn fetch(&self, descriptor: &Descriptor, blob: bool, title: &str) -> Result<Fetched, Error> {
        // A full report has no place for what a further document names: reading it would only cost time.
        if self.room.get() == 0 {
            let most = limits::REPORT_NODES;
            let message = say!("report-holds-most", "the report holds {most} nodes, which is the limit", most);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let Some(left) = self.left.get().checked_sub(1) else {
            let what = match self.plan.at_hand {
                true => Word("given", "of what was given"),
                false => Word("reference", "for this reference"),
            };
            let most = self.plan.most();
            let message = say!(
                "documents-read-most",
                "{most} documents were read {what}, which is the limit",
                most = most as u64,
                what
            );
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        };
        self.left.set(left);
        let started = self.plan.most() - left;
        self.store.stage(Stage { text: title.to_owned(), done: self.done.get(), total: started });
        let fetched = self.store.read(descriptor, blob).await;
        if self.plan.at_hand && fetched.is_err() {
            // A document that is not here took no time.
            self.left.set(self.left.get() + 1);
        }
        self.done.set(self.done.get() + 1);
        fetched
    }

    fn parse(&self, descriptor: &Descriptor, fetched: Fetched) -> Document {
        let hints = Hints {
            expected_type: Some((descriptor.media_type.clone(), Source::Descriptor))
                .filter(|(media_type, _)| !is_no_content(media_type)),
            expected_size: descriptor.size.map(|size| (size, Source::Descriptor)),
            header_digest: fetched.header_digest.clone(),
            pasted: false,
            content_type: fetched.content_type.clone(),
            now: self.plan.now,
        };
        Document::parse(hash(descriptor, &fetched), &hints)
    }

    fn why_not(&self, many: bool) -> Said {
        if many {
            say!(
                "many-entries",
                "not downloaded: this index has many entries, so only the chosen platform was followed"
            )
        } else if self.plan.at_hand {
            say!("not-given-here", "not among what was given")
        } else {
            say!(
                "pulls-counted",
                "not downloaded: this registry counts every manifest as a pull, so only the chosen platform was followed"
            )
        }
    }
}

fn mismatch_above() -> Said {
    say!("named-by-another", "not downloaded: the document that names it is not the one that was asked for")
}

pub(super) fn not_read(why: Said) -> Said {
    say!("document-not-read", "not read: {why}", why)
}

fn hash(descriptor: &Descriptor, fetched: &Fetched) -> Verified {
    match &descriptor.digest {
        Some(digest) => Verified::against(fetched.bytes.clone(), digest.clone(), Source::Descriptor),
        None => Verified::compute(fetched.bytes.clone()),
    }
}

/// The bytes that a descriptor carries in its own `data` field (image-spec, descriptor, "Embedded Content").
fn embedded(descriptor: &Descriptor) -> Option<Fetched> {
    let data = descriptor.data.as_ref()?;
    Some(Fetched { bytes: data.clone().into(), content_type: None, header_digest: None, cached: true })
}

/// OCI types that are no content of an index: a descriptor names content, a layout's header lies beside it.
fn is_no_content(media_type: &MediaType) -> bool {
    matches!(media_type.document(), Some(DocumentKind::Descriptor | DocumentKind::Layout))
}

/// An entry of such a type: if its bytes are here, they say themselves what they are.
fn no_content(entry: &Descriptor, read: bool) -> Option<Check> {
    if !is_no_content(&entry.media_type) {
        return None;
    }
    let what = entry.media_type.as_str();
    let (outcome, rest) = if read {
        (Outcome::Warn, "its bytes say what it is, and programs that go by the type pass it over")
    } else {
        (Outcome::Fail, "nothing says what it is")
    };
    let message = format!("{what} is no type that an index can name: {rest}");
    Some(Check::new(CheckId::Schema, outcome, message).at(format!("{}.mediaType", entry.path)))
}

fn entry_title(entry: &Descriptor) -> String {
    let what = if entry.media_type.document() == Some(DocumentKind::Index) { "index" } else { "manifest" };
    entry.platform.as_ref().map_or_else(|| what.to_owned(), |platform| format!("{what} {platform}"))
}
