//! Line: bytes -> tar bytes. gzip, zstd or plain, told by the first bytes, decompressed as they come.
