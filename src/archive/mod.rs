//! drop -> archive -> Image. Files on a disk: `docker save` archives and OCI layouts, as tars or as folders.
//!
//! ```text
//! file -> Opener or Seeker (entries, with where their contents lie) -> open -> Walk -> Report
//!                                          Pass, EntryStream (contents of compressed archives) -> layer
//! ```
//!
//! Nothing of a large file is kept: an entry is a place in it. Its name is a claim like a descriptor's, and
//! its bytes are hashed before they are believed.

mod agree;
mod docker;
mod doubts;
mod follow;
mod landing;
mod oddities;
mod open;
mod pass;
mod paths;
mod places;
mod proofs;
mod rivals;
mod seek;
mod shape;
mod store;
mod stream;

pub use open::{ArchiveFile, Opened, open};
pub use pass::{EntryStream, Judged, Part, Pass};
pub use places::Place;
pub use proofs::Proof;
pub use seek::{Listed, Seeker};
pub use store::Contents;
pub use stream::Opener;
