//! Reference -> Image. The way in through a registry.

use crate::checks::Origin;
use crate::descriptor::Descriptor;
use crate::digest::{Source, Verified};
use crate::document::{Document, Hints};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::platform::Platform;
use crate::reference::{Reference, Written};
use crate::registry::{Client, Fetched, Name, TagOrDigest, Transport};
use crate::report::{Report, ReportSource, SourceKind};
use crate::say::say;

use super::pins::tag_check;
use super::platform::mark_chosen;
use super::tree::flatten;
use super::walk::{Plan, Store, Walk};
use super::{Outcome, Stage};

/// The options of [`inspect`] besides the reference.
#[derive(Clone, Debug, Default)]
pub struct InspectOptions {
    /// The platform that is meant; `linux/amd64`, else the first, if none is given.
    pub platform: Option<Platform>,
    /// True to follow every entry of an index also if the registry counts each as a pull.
    pub all: bool,
    /// The form of the reference, if it was not written alone.
    pub form: Option<Written>,
    /// The reader's time in seconds since 1970, to know what lies in the future.
    pub now: Option<i64>,
}

/// Fetches what a reference names and everything that it names in turn, layers excepted, and checks each.
///
/// # Errors
/// Only what leaves nothing to show: the first document could not be had (`not-found`, `unauthorized`, …) or the
/// reference names no repository (`invalid-reference`). Anything later is a check of its node.
pub async fn inspect<T: Transport>(
    client: &Client<T>,
    reference: &Reference,
    options: &InspectOptions,
    on_stage: &dyn Fn(Stage),
) -> Result<Outcome, Error> {
    let (name, wanted) = target(reference)?;
    on_stage(Stage { text: reference.familiar(), done: 0, total: 1 });
    let fetched = client.manifest(&name, &wanted).await?;
    let document = first(reference, fetched, options.now);
    // There an index is not followed to every platform unasked.
    let counted = name.counts_pulls();
    let store = RegistryStore { client, name, on_stage };
    let plan =
        Plan { platform: options.platform.clone(), all: options.all || !counted, at_hand: false, now: options.now };
    let walk = Walk::new(&store, plan);
    let mut roots = vec![walk.root(&document, Origin::Registry).await];
    mark_chosen(&mut roots, options.platform.as_ref());
    let tag = tag_check(client, reference).await?;
    let mut nodes = flatten(roots);
    if let (Some(check), Some(root)) = (tag, nodes.first_mut()) {
        root.checks.push(check);
    }
    let source = ReportSource {
        kind: SourceKind::Registry,
        reference: Some(reference.canonical()),
        form: options.form.map(Written::code),
        name: None,
    };
    Ok(Outcome { report: Report::new(source, nodes), bytes: walk.into_bytes() })
}

fn target(reference: &Reference) -> Result<(Name, TagOrDigest), Error> {
    let Some(name) = Name::of(reference) else {
        let message = say!(
            "digest-without-repository",
            "\"{digest}\" is a digest without a repository: write name@{digest} to say where it is",
            digest = reference.canonical()
        );
        return Err(Error::new(ErrorKind::InvalidReference, message));
    };
    let wanted = match (reference.digest(), reference.tag()) {
        (Some(digest), _) => TagOrDigest::Digest(digest.clone()),
        (None, tag) => TagOrDigest::Tag(tag.unwrap_or("latest").to_owned()),
    };
    Ok((name, wanted))
}

fn first(reference: &Reference, fetched: Fetched, now: Option<i64>) -> Document {
    let verified = match reference.digest() {
        Some(digest) => Verified::against(fetched.bytes, digest.clone(), Source::Reference),
        None => Verified::compute(fetched.bytes),
    };
    let hints =
        Hints { content_type: fetched.content_type, header_digest: fetched.header_digest, now, ..Hints::default() };
    Document::parse(verified, &hints)
}

struct RegistryStore<'a, T: Transport> {
    client: &'a Client<T>,
    name: Name,
    on_stage: &'a dyn Fn(Stage),
}

impl<T: Transport> Store for RegistryStore<'_, T> {
    async fn read(&self, descriptor: &Descriptor, blob: bool) -> Result<Fetched, Error> {
        let Some(digest) = &descriptor.digest else {
            return Err(Error::new(
                ErrorKind::InvalidDigest,
                say!("descriptor-without-digest", "its descriptor names no valid digest"),
            ));
        };
        if blob {
            return self.client.blob(&self.name, digest, limits::CONFIG_BYTES).await;
        }
        self.client.manifest(&self.name, &TagOrDigest::Digest(digest.clone())).await
    }

    fn stage(&self, stage: Stage) {
        (self.on_stage)(stage);
    }
}
