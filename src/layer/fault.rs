//! Why a layer cannot be read on: used by every step of reading it.

/// The rule that was broken: the format's, or a cap of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum FaultKind {
    /// The bytes are not what their compression's format says (RFC 1952, RFC 8878).
    Compression,
    /// The bytes are not a tar (POSIX pax, GNU).
    Tar,
    /// The bytes are of a form that is not read here, so nothing is known of what is in them.
    Unread,
    /// A limit of ours, which the user can raise, was reached.
    Limit,
}

impl FaultKind {
    /// True if the fault is ours, so that it disproves nothing.
    #[must_use]
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Unread | Self::Limit)
    }
}

/// The reason why the reading of a layer stopped, in a lower-case sentence with the values involved.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fault {
    /// The kind of the rule.
    pub kind: FaultKind,
    /// The sentence.
    pub message: String,
    /// The position in the stream that was being read: the blob for compression, the tar for tar.
    pub at: u64,
}

impl Fault {
    /// A fault of that kind at that place.
    #[must_use]
    pub fn new(kind: FaultKind, at: u64, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), at }
    }

    /// True if the bytes themselves are at fault, and no cap or missing program.
    #[must_use]
    pub fn is_of_bytes(&self) -> bool {
        matches!(self.kind, FaultKind::Compression | FaultKind::Tar)
    }
}
