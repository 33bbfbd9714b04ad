//! Bytes of a blob that no program unpacks, so that they never appear in a container.

use serde::{Deserialize, Serialize};

use crate::limits;

/// The places of such bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HiddenPlace {
    /// The extra field, the name or the comment of gzip members (RFC 1952, 2.3.1).
    GzipHeader,
    /// Skippable zstd frames that no annotation names (RFC 8878, 3.1.2).
    ZstdFrame,
}

/// The number of bytes that lie there, and of their parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// The place.
    pub place: HiddenPlace,
    /// The number of bytes.
    pub bytes: u64,
    /// In how many members or frames.
    pub parts: u64,
}

impl Hidden {
    pub(super) fn new(place: HiddenPlace) -> Self {
        Self { place, bytes: 0, parts: 0 }
    }

    pub(super) fn add(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.parts += u64::from(bytes > 0);
    }

    /// True if there are more bytes than honest tools write there: names of files, marks of formats.
    pub(super) fn is_worth_a_word(&self) -> bool {
        self.bytes > limits::HIDDEN_BYTES
    }
}
