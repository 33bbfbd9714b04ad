//! Image -> Report. Finds the signatures, statements and lists of packages beside an image.
//!
//! They lie in four places: behind the referrers API or under its fallback tag, under cosign's tags, and in the index. Each
//! place says what came of it. A registry's list is its own word and unsigned: that nothing is there proves nothing.

mod ask;
mod facts;
mod local;
mod place;
mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;

use super::Stage;
use crate::error::Error;
use crate::reference::Reference;
use crate::registry::{Client, Name, Transport};
use crate::report::Node;

use ask::Asking;
pub use facts::NodeFacts;
use facts::targets;
pub use local::here;
pub use place::{Place, PlaceKind, PlaceState};

/// The question.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The id of the node in view, if it is not the chosen platform's.
    pub node: Option<String>,
    /// True if the registry counts pulls.
    pub counted: bool,
    /// The reader's time in seconds since 1970.
    pub now: Option<i64>,
}

/// The referrers of an image that were found.
#[derive(Debug, Default, Serialize)]
pub struct Found {
    /// New nodes, and nodes with the ids of old ones that were read now.
    pub nodes: Vec<Node>,
    /// Each place that was looked at, or was not.
    pub places: Vec<Place>,
    /// Nodes that the report has already, and the digest that each is about.
    pub about: Vec<(String, String)>,
    /// Digest and bytes of what was read.
    #[serde(skip)]
    pub bytes: Vec<(String, Arc<[u8]>)>,
}

/// Told before the first request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "plan")]
pub struct Planned {
    /// About how many digests is asked.
    pub digests: usize,
    /// The most requests that this takes, if nothing is there.
    pub requests: usize,
}

/// The requests for one digest that has nothing: the API, the fallback tag, and cosign's three tags.
const REQUESTS: usize = 5;

/// Asks a registry about the image of a report: its root, the platform in view, and the attestation manifests of that.
///
/// # Errors
/// Only `aborted` and a reference without a repository: every other failure is what its place says.
pub async fn referrers<T: Transport>(
    client: &Client<T>,
    reference: &Reference,
    nodes: &[NodeFacts],
    options: &Options,
    on_plan: &dyn Fn(Planned),
    on_stage: &dyn Fn(Stage),
) -> Result<Found, Error> {
    let name = Name::of(reference).ok_or_else(place::no_repository)?;
    let targets = targets(nodes, options.node.as_deref());
    let is_silent = name.counts_pulls() && !options.counted;
    on_plan(Planned { digests: targets.len(), requests: if is_silent { 0 } else { targets.len() * REQUESTS } });
    let asking = Asking::new(client, name, options.now, on_stage);
    let mut found = Found::default();
    for target in &targets {
        if is_silent {
            found.places.extend(PlaceKind::ASKED.map(|kind| place::counted(target, kind)));
        } else {
            asking.about(target, &mut found).await?;
        }
        asking.in_index(target, nodes, is_silent, &mut found).await?;
    }
    found.bytes = asking.into_bytes();
    Ok(found)
}
