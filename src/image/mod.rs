//! Document -> Image. Follows descriptors in a registry to the documents that they name.
//!
//! One walk serves every way in: [`inspect`] reads from a registry, [`open`] from what is at hand; the walk only
//! knows a `Store` that gives bytes for a descriptor, and nothing is believed before it is hashed.

mod at_hand;
mod chosen;
mod join;
mod kept;
mod nodes;
mod on_disk;
mod pins;
mod platform;
pub mod referrers;
mod registry;
mod tags;
mod tree;
mod walk;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use at_hand::{Input, OpenOptions, open};
pub use pins::{Pin, PinState, check_pin};
pub use registry::{InspectOptions, inspect};
pub use tags::{TagRow, TagWish, resolve_tag};

pub(crate) use join::join;
pub(crate) use kept::Kept;
pub(crate) use nodes::{not_checked, of_document};
pub(crate) use on_disk::soften;
pub(crate) use platform::mark_chosen;
pub(crate) use tree::{Branch, flatten};
pub(crate) use walk::{Plan, Store, Walk};

use crate::report::Report;

/// A report, and the exact bytes of every node in it that was read.
#[derive(Debug)]
pub struct Outcome {
    /// The findings.
    pub report: Report,
    /// Digest (as the node shows it) and bytes.
    pub bytes: Vec<(String, Arc<[u8]>)>,
}

/// The progress of a walk: the document that is being read, and the share of the known documents that are done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "type", rename = "stage")]
pub struct Stage {
    /// The document that is being read, in words: `manifest linux/amd64`.
    pub text: String,
    /// Documents read so far.
    pub done: usize,
    /// Documents known of so far.
    pub total: usize,
}
