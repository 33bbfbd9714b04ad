//! Line: bytes -> Check. The two halves of reading a layer, and the verdict over both.
