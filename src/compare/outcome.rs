//! The outcome of a comparison, as JavaScript gets it.

use serde::Serialize;

use super::layers::{ComparedLayer, Sizes};
use super::members::Changed;
use super::side::About;
use crate::say::Said;

/// The outcome of comparing two images.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The verdict, which is open unless all that decides was compared.
    pub verdict: Compared,
    /// The rung up to which the images are the same.
    pub rung: Rung,
    /// Why it is that rung, in a sentence with its reason.
    pub cause: Said,
    /// The layers of both, the lowest first.
    pub layers: Vec<ComparedLayer>,
    /// Members of the config and the manifest that differ.
    pub config: Vec<Changed>,
    /// Their sizes.
    pub sizes: Sizes,
    /// The first image.
    pub a: About,
    /// The second image.
    pub b: About,
}

/// The verdict of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compared {
    /// The rung is known.
    Compared,
    /// A digest on either side does not match.
    Failed,
    /// The rung may be a better one: what decides was not read.
    Incomplete,
}

/// The rungs of the ladder: the first that holds is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rung {
    /// The same digest.
    Digest,
    /// The manifests say the same.
    Manifest,
    /// The same config and DiffIDs; the compression or annotations differ.
    Content,
    /// The same files with the same modes, owners and times, in other layers.
    Files,
    /// The same but for times.
    Metadata,
    /// Anything else.
    Differs,
}
