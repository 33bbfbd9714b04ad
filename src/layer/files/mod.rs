//! Line: FileIndex -> Files. The layers of an image laid over each other: changes, whiteouts, findings, sizes.
