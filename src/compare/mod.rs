//! Two images against each other: how far they are the same, and what differs.
//!
//! ```text
//! side     one image of a report, with the bytes of its documents      layers   which layer of one is which of the other
//! members  changed members of configs and annotations, by path         ladder   the first rung that holds, and why
//! files    two file systems joined by path                             rows     what is asked of them
//! platforms, cost, base, dockerfile   what stands around one image: other platforms, an update, its base, its lines
//! ```

mod base;
mod cost;
mod dockerfile;
mod files;
mod ladder;
mod layers;
mod members;
mod outcome;
mod platforms;
mod rows;
mod side;

pub use base::{Base, BaseState, By, bases};
pub use cost::{Classic, Cost, Held, cost};
pub use dockerfile::{Known, Step, dockerfile};
pub use files::{FileFacts, FilesComparison, Rewritten};
pub use layers::{ComparedLayer, LayerState, Sizes};
pub use members::Changed;
pub use outcome::{Compared, Comparison, Rung};
pub use platforms::{PlatformRow, platforms};
pub use rows::{Growth, Order, Row, RowQuery, RowState, TreeRow};
pub use side::{Given, GivenDocument, Side};

use crate::error::Error;

/// Compares two images by their documents, and by their files if these have been compared.
///
/// # Errors
/// `not-found` if a report has no image, or none for the platform asked for.
pub fn compare(a: &Given, b: &Given, files: Option<&FileFacts>) -> Result<Comparison, Error> {
    let (a, b) = (Side::of(a)?, Side::of(b)?);
    let layers = layers::align(&a, &b);
    let sizes = Sizes::of(&a, &b);
    let config = members::changed(&a, &b, layers::are_same(&layers));
    let (verdict, rung, cause) = ladder::judge(&a, &b, &layers, &config, files);
    Ok(Comparison { verdict, rung, cause, layers, config, sizes, a: a.about(), b: b.about() })
}

/// The id of the image that a report is compared by.
///
/// # Errors
/// `not-found` if a report has no image, or none for the platform asked for.
pub fn image_of(given: &Given) -> Result<String, Error> {
    side::chosen(given).map(|node| node.id.clone())
}

#[cfg(test)]
mod tests;
