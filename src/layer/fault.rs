//! Off the line, used by every step of reading a layer: why it cannot be read on.

/// Whose rule was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum FaultKind {
    /// The bytes are not what their compression's format says (RFC 1952, RFC 8878).
    Compression,
    /// The bytes are not a tar (POSIX pax, GNU).
    Tar,
    /// A limit of ours, which the user can raise, was reached.
    Limit,
}

/// What stopped the reading of a layer, in a lower-case sentence with the values involved.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fault {
    /// Whose rule.
    pub kind: FaultKind,
    /// The sentence.
    pub message: String,
    /// How many bytes into the stream that was being read: the blob for compression, the tar for tar.
    pub at: u64,
}

impl Fault {
    /// A fault of that kind at that place.
    #[must_use]
    pub fn new(kind: FaultKind, at: u64, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), at }
    }
}
