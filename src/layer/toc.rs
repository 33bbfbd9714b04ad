//! Line: tar entries -> Check. The tables of contents of eStargz and zstd:chunked, held against the tar.
