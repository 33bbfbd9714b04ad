//! Off the line, used by every step: every cap on hostile input, each with the source of its number.

/// The largest manifest, index or other JSON document read, in bytes.
/// The distribution spec ("Pushing Manifests") asks registries to accept at least 4 MiB and lets them refuse more.
pub const DOCUMENT_BYTES: usize = 4 * 1024 * 1024;

/// The largest image config read, in bytes. containerd and BuildKit stop at 8 MiB.
pub const CONFIG_BYTES: usize = 8 * 1024 * 1024;

/// The largest integer that crosses into JavaScript unchanged (2^53 - 1, `Number.MAX_SAFE_INTEGER`).
pub const SAFE_INTEGER: u64 = (1 << 53) - 1;

/// The depth to which JSON may nest. The documents of the image spec need 8; serde_json stops at 128.
pub const JSON_DEPTH: usize = 128;

/// The largest answer with status 200 that is looked at as a registry's list of errors, in bytes. Real ones have
/// some hundred bytes; reading an index of 4 MiB twice would cost more than all of its checks.
pub const ERROR_BYTES: usize = 256 * 1024;

/// The most JSON values that one document may hold: a 4 MiB document of `0,` has two million, a real index of
/// 10,000 entries about 150,000.
pub const JSON_VALUES: usize = 2_500_000;

/// The most findings of one family that are reported for one document; the rest is counted in words.
pub const FINDINGS: usize = 50;

/// The most descriptors of one document that become nodes. A 4 MiB index holds at most some 25,000.
pub const DOCUMENT_NODES: usize = 30_000;

/// The most nodes that the documents of one report name together: several of the largest documents, many times the
/// widest real image. 256 documents of 4 MiB would name six million, more than the memory of a page holds.
pub const REPORT_NODES: usize = 50_000;

/// The most bytes of facts that the documents of one report may bring, each line of a history or an annotation counted
/// as [`REPORT_LINE_BYTES`] more: a mirror of 5000 usual images has half of it. A config of 90 KB may have 30,000
/// lines, and thousands of manifests may name it.
pub const REPORT_BYTES: usize = 128 * 1024 * 1024;

/// The bytes that a line takes beside its text.
pub const REPORT_LINE_BYTES: usize = 128;

/// The most documents that are fetched for one reference: an index of every Linux platform with attestations has 40.
pub const FETCHED_DOCUMENTS: usize = 256;

/// The most documents of one opened archive or folder that are read: the layout of a mirror has thousands of images.
pub const OPENED_DOCUMENTS: usize = 5000;

/// The most bytes of documents that are read of one opened archive or folder, one that is named twice counted twice:
/// twice as much as in a report. Five thousand images may name one config of 8 MiB.
pub const OPENED_BYTES: usize = 2 * REPORT_BYTES;

/// The depth to which indexes may nest in indexes. No known image uses more than 2.
pub const INDEX_DEPTH: usize = 8;

/// The most bytes that one search for the original of a pasted text may hash and write: at some 300 MB/s in wasm, 0.2
/// s.
pub const RECOVERY_BYTES: usize = 48 * 1024 * 1024;

/// The most times its own length that such a search may hash and write if that is more: for documents of several MiB.
pub const RECOVERY_PASSES: usize = 24;

/// The largest text that such a search looks at, in bytes: the largest document with room for wide indentation.
pub const RECOVERY_TEXT_BYTES: usize = 2 * CONFIG_BYTES;

/// The most digests that one such search may compare: for the smallest documents the final block costs more than the
/// bytes.
pub const RECOVERY_CANDIDATES: usize = 120_000;

/// The most repaired or unwrapped texts that one such search looks at: a `docker manifest inspect -v` has some 40
/// documents.
pub const RECOVERY_TEXTS: usize = 128;

/// The most distinct documents of one such search that are written anew in every form.
pub const RECOVERY_DOCUMENTS: usize = 64;

/// The most values of a text of a program that is turned into JSON: an index of 10,000 entries has some 150,000.
pub const CARRIED_VALUES: usize = 400_000;

/// The longest text that is read as YAML, in bytes: four times the largest real config.
pub const YAML_BYTES: usize = 1024 * 1024;

/// The most events of a YAML parser that are read of one text: two for each value, and some more.
pub const YAML_NODES: usize = 2 * CARRIED_VALUES;

/// The longest repository name with its domain (distribution/reference `RepositoryNameTotalLengthMax`).
pub const NAME_LENGTH: usize = 255;

/// The longest tag (distribution/reference, distribution spec "Pull").
pub const TAG_LENGTH: usize = 128;

/// The longest text taken as an image reference: name, tag and the longest digest in use, with room.
pub const REFERENCE_LENGTH: usize = 1024;

/// The most bytes of documents that a session keeps to avoid a second fetch: 16 of the largest, or thousands of usual
/// ones.
pub const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// The time that one request may take. A document of 4 MiB takes 34 s at 1 Mbit/s.
pub const REQUEST_MILLISECONDS: u64 = 45_000;

/// Indexes with more entries than this are followed for the chosen platform only; Docker's largest have about 30.
pub const FOLLOWED_ENTRIES: usize = 64;

/// The most bytes of shown documents that a session keeps for the page.
pub const SESSION_BYTES: usize = 64 * 1024 * 1024;

/// The longest pasted text that the page shows again with its parts marked: what people read, and cheap to look through.
pub const SHOWN_TEXT: usize = 256 * 1024;

/// The largest pasted text taken apart, in bytes: the largest document with room for what stands around it.
pub const PASTE_BYTES: usize = 2 * CONFIG_BYTES;

/// The most lines of a pasted text that are looked at to tell which command printed it.
pub const PASTE_KIND_LINES: usize = 400;

/// The most lines of a paste that are looked at: a 4 MiB index, one member a line, has some 150,000.
pub const PASTE_LINES: usize = 500_000;

/// The most documents that are taken out of one paste: `docker manifest inspect -v` of the widest images prints 40.
pub const PASTE_DOCUMENTS: usize = 256;

/// The most places of a paste at which JSON is tried in vain: each costs a scan of the rest.
pub const PASTE_STARTS: usize = 64;

/// The most digests of one paste that are mentioned: a long `docker images` table has some hundreds.
pub const PASTE_DIGESTS: usize = 1000;

/// The largest file that is read for the images it names, in bytes: rendered charts of whole clusters have some 2 MiB.
pub const IMAGE_FILE_BYTES: usize = 4 * 1024 * 1024;

/// The most values of such a file that are looked at: 4 MiB of YAML with a value every 10 bytes.
pub const IMAGE_FILE_NODES: usize = 400_000;

/// The number of tries of a request before its failure is shown.
pub const TRIES: u32 = 3;

/// The first wait between tries if the registry asks for none, in milliseconds; each next one is three times as long.
pub const RETRY_MILLISECONDS: u64 = 500;

/// The longest `Retry-After` that is waited for; a longer one is told to the user instead.
pub const RETRY_WAIT_SECONDS: u64 = 10;

/// The largest answer of a token endpoint, in bytes: tokens that carry many scopes have some 10 KiB.
pub const TOKEN_BYTES: usize = 64 * 1024;

/// The longest that a token is kept, in seconds, even if it claims more: a day.
pub const TOKEN_SECONDS: f64 = 86_400.0;

/// The most characters of a `WWW-Authenticate` that are read: servers cap all headers together at 8 to 16 KiB.
pub const CHALLENGE_CHARACTERS: usize = 8 * 1024;

/// The longest extended header (PAX records, a GNU long name, a sparse map) of a tar entry, in bytes: as Go's
/// `archive/tar` (`maxSpecialFileSize`), which container runtimes read layers with.
pub const TAR_HEADER_BYTES: u64 = 1024 * 1024;

/// The most pieces that a sparse file may have: more than a header of that length holds.
pub const SPARSE_PIECES: usize = 300_000;

/// The most entries of a layer that are listed unless the user asks for more; the largest known images have some
/// 500,000.
pub const LAYER_ENTRIES: u64 = 1_000_000;

/// The most text (names, links, owners) that the list of a layer may hold, in bytes: 256 for each of a million entries.
pub const INDEX_TEXT_BYTES: usize = 256 * 1024 * 1024;

/// The most bytes of names that the listed entries of a report may have together, for each entry that was asked for.
pub const LISTED_TEXT_BYTES: usize = 256;

/// The least that the names of the listed entries may have together, in bytes.
pub const LISTED_TEXT_LEAST: usize = 8 * 1024 * 1024;

/// The most bytes of a path that are shown: Linux (`PATH_MAX`) opens no longer path.
pub const SHOWN_PATH_BYTES: usize = 4096;

/// The largest layer whose hashes the host computes, in bytes: such a blob is kept whole by each worker.
pub const HOST_BLOB_BYTES: usize = 4 * 1024 * 1024;

/// The largest window of its zstd frames, in bytes.
pub const HOST_WINDOW_BYTES: u64 = 4 * 1024 * 1024;

/// The largest tar of such a layer, in bytes: it is kept in the memory of each worker's module.
pub const HOST_TAR_BYTES: usize = 12 * 1024 * 1024;

/// The most bytes that a layer may unpack to unless the user asks for more. The largest known layers have some 10 GB.
pub const UNPACKED_BYTES: u64 = 16 * 1024 * 1024 * 1024;

/// The most times its own length that a layer may unpack to unless the user asks for more. Real layers reach 20;
/// deflate can reach 1,032.
pub const UNPACKED_RATIO: u64 = 250;

/// Up to this many unpacked bytes the ratio does not count: small layers of zeros are no danger.
pub const RATIO_FREE_BYTES: u64 = 256 * 1024 * 1024;

/// The largest window of a zstd frame unless the user asks for more: RFC 8878 asks decoders for 8 MiB, `zstd -19` and
/// BuildKit use up to 8, `--long` 128.
pub const ZSTD_WINDOW_BYTES: u64 = 32 * 1024 * 1024;

/// The largest dictionary of an xz stream unless the user asks for more: `xz -9` uses 64 MiB.
pub const XZ_DICTIONARY_BYTES: u64 = 64 * 1024 * 1024;

/// The largest table of contents that is read, in bytes: some 300 for each of 100,000 files.
pub const TOC_BYTES: u64 = 32 * 1024 * 1024;

/// The largest sparse file whose content is shown, in bytes: its holes are hashed, some 3 s in wasm.
pub const SPARSE_BYTES: u64 = 1024 * 1024 * 1024;

/// The most different paths that the layers of an image may have together: ten times those of the largest known images.
pub const FILES_PATHS: usize = 5_000_000;

/// The most symbolic links that one path may lead through: as containerd's `fs.RootPath` and `filepath-securejoin`.
pub const PATH_LINKS: usize = 255;

/// The most names that a path may be deep once its links are followed: twice as many as Linux lets one path have.
pub const PATH_NAMES: usize = 4096;

/// The most names that all links on the paths of an image may have together: a million entries behind links
/// to a directory ten levels deep.
pub const LINK_STEPS: usize = 10_000_000;

/// The most findings about files that are listed; a list of more is no help.
pub const FILE_FINDINGS: usize = 10_000;

/// The most entries of one path that are told, and the most findings about it: a tar may list a path a million times.
pub const PATH_EVENTS: usize = 1000;

/// The most paths with wasted bytes that are listed.
pub const WORST_PATHS: usize = 100;

/// The share of all wasted bytes from which a path is told by itself, as a divisor: a longer list is no help.
pub const WASTE_SHARE: u64 = 64;

/// The most things of one directory that are weighed one by one; a map of more cannot be drawn.
pub const TREEMAP_NODES: usize = 2000;

/// The largest compressed archive whose compressed layers are unpacked unasked while it is opened, and the most bytes
/// of these layers together: as much as `WHOLE` in `www/engine/archives/judge.js`.
pub const PROVED_PACKED_BYTES: u64 = 64 * 1024 * 1024;

/// The most files of a compressed archive that are hashed while it is opened; later ones are read when they are asked
/// for.
pub const PROVED_LAYERS: u32 = 5000;

/// The most entries of them that are listed: with their text in the report, some 80 MiB of the 128 that opening may
/// take.
pub const PROVED_ENTRIES: u64 = 100_000;

/// The largest Sigstore bundle read, in bytes: what one document may have.
pub const BUNDLE_BYTES: usize = DOCUMENT_BYTES;

/// The most trusted roots that one text may hold: `gh attestation trusted-root` prints two.
pub const TRUST_ROOTS: usize = 8;

/// The largest trusted root, in bytes: Sigstore's own has 7 KB, its staging one 13.
pub const TRUST_ROOT_BYTES: usize = 1024 * 1024;

/// The most log entries that a bundle may hold: sigstore-go's and sigstore-python's limit.
pub const LOG_ENTRIES: usize = 32;

/// The most signed timestamps that a bundle may hold: sigstore-go's and sigstore-python's limit.
pub const SIGNED_TIMESTAMPS: usize = 32;

/// The most certificates that a bundle may bring: real chains have three.
pub const CERTIFICATE_CHAIN: usize = 8;

/// The largest certificate, in bytes: real ones have some 1 to 3 KB.
pub const CERTIFICATE_BYTES: usize = 16 * 1024;

/// The most hashes that an inclusion proof may hold: one for each bit of a tree's size.
pub const PROOF_HASHES: usize = 64;

/// The largest checkpoint, in bytes: real ones have 300.
pub const CHECKPOINT_BYTES: usize = 64 * 1024;

/// The most signatures that a checkpoint may carry: the log's own and those of witnesses.
pub const CHECKPOINT_SIGNATURES: usize = 32;

/// The most subjects that a statement may name: sigstore-go's limit.
pub const STATEMENT_SUBJECTS: usize = 1024;

/// The most digests that a subject may have: sigstore-go's limit.
pub const SUBJECT_DIGESTS: usize = 32;

/// The most keys that may be given to verify with.
pub const VERIFICATION_KEYS: usize = 32;

/// The most bytes of a blob that no program unpacks and that pass without a warning: `gzip -n` writes none there,
/// a file's name has at most 255 (POSIX `NAME_MAX`), eStargz's mark 26, the footer of zstd:chunked 64.
pub const HIDDEN_BYTES: u64 = 4096;

/// The most signatures of one report that are verified: cosign reads 1,000 layers of a manifest at most, each of which
/// takes some 50 ms here.
pub const SIGNATURES: usize = 64;

/// The most referrers of one digest that are listed: a digest that is signed each day for three years has as many.
pub const REFERRERS: usize = 1000;

/// The most pages of such a list that are asked for. Registries give 50 to 1000 a page.
pub const REFERRER_PAGES: usize = 10;

/// The most manifests about one image that are read, and the most blobs of each: those that are then judged.
pub const REFERRERS_READ: usize = SIGNATURES;

/// The most BuildKit attestation manifests of one image that are looked at; BuildKit writes one for each platform.
pub const ATTESTATIONS: usize = 8;

/// The largest statement or list of packages read, in bytes: BuildKit's own cap for an attestation is of this size.
pub const STATEMENT_BYTES: usize = 40 * 1024 * 1024;

/// The largest other blob of a referrer that is read unasked, in bytes.
pub const REFERRER_BLOB_BYTES: usize = 1024 * 1024;

/// The most bytes that the blobs about one image may have together: as many as a session keeps.
pub const REFERRER_BYTES: usize = SESSION_BYTES;

/// The most packages of a list that are shown: the largest images have some 10,000.
pub const STATEMENT_PACKAGES: usize = 50_000;

/// The most differing paths of a list's files that are named.
pub const HELD_EXAMPLES: usize = 20;

/// The most hashes of files in a list that are taken over.
pub const STATEMENT_FILES: usize = 200_000;

/// The most hashes of one file in a list that are taken over: tools write one to three.
pub const FILE_CHECKSUMS: usize = 8;

/// The longest licence or supplier that packages name by its id, in characters.
pub const SHARED_TEXT: usize = 1000;

/// The most types and licences that are counted apart.
pub const STATEMENT_COUNTS: usize = 500;

/// The most changed members of configs and manifests that a comparison lists: a page of them says enough.
pub const COMPARED_MEMBERS: usize = 10_000;

/// The largest table of layers that a comparison fills, in cells; beyond it layers are aligned greedily. An engine refuses
/// images of more than 127 layers.
pub const COMPARED_CELLS: usize = 4_000_000;

/// The most lines of one answer of a comparison.
pub const COMPARED_ROWS: u32 = 10_000;

/// The most tags of a repository that are listed: the largest on Docker Hub have some tens of thousands.
pub const TAGS: usize = 100_000;

/// The most pages of a list of tags: a registry that answers ten tags at a time may name thousands so.
pub const TAG_PAGES: usize = 500;

/// The longest query of a link to the next page, in bytes: some registries put a signed token there.
pub const LINK_BYTES: usize = 4096;

/// The largest database of dpkg or apk that is read, in bytes: those of the largest distributions have some 10 MiB.
pub const PACKAGE_DATABASE_BYTES: u64 = 32 * 1024 * 1024;

/// The largest file about one package that is read, in bytes.
pub const PACKAGE_FILE_BYTES: u64 = 1024 * 1024;

/// The most files with packages of an image that are read: a large application has some 10,000 modules.
pub const PACKAGE_FILES: usize = 50_000;

/// The most bytes that these files may have together: they are held until the list is made.
pub const PACKAGE_BYTES: u64 = 192 * 1024 * 1024;

/// The most fields of one package that are looked at.
pub const PACKAGE_FIELDS: usize = 500;

/// The longest name, version or licence that is taken over, in characters.
pub const PACKAGE_FIELD_CHARACTERS: usize = 500;

/// The most paths that may be named at once for a tar: each is searched for in the tree.
pub const CHOSEN_PATHS: usize = 10_000;

/// A program that is looked into for its packages, in bytes: Kubernetes' largest have some 150 MB. One is held at a time.
pub const PACKAGE_PROGRAM_BYTES: u64 = 160 * 1024 * 1024;

/// The smallest one: Go and Rust link in more than this.
pub const PACKAGE_PROGRAM_LEAST: u64 = 64 * 1024;

/// The longest list of packages in a program, in bytes: thousands of modules take some hundred kilobytes.
pub const PACKAGE_TOLD_BYTES: usize = 8 * 1024 * 1024;

/// The most links on the way to a database of packages that are followed.
pub const PACKAGE_LINKS: usize = 8;

/// The largest wasm file whose imports and exports are read, in bytes: large components have some 50 MB.
pub const ARTIFACT_WASM_BYTES: usize = 128 * 1024 * 1024;

/// The most bytes of a model's file that are read for its header: vocabularies of 250,000 words take some 8 MB.
pub const ARTIFACT_HEAD_BYTES: usize = 16 * 1024 * 1024;

/// The longest text of an artifact that is taken over, in characters.
pub const ARTIFACT_TEXT: usize = 500;

/// The most imports, exports, dependencies or keys of an artifact that are listed.
pub const ARTIFACT_ROWS: usize = 5000;

/// The longest provenance of a chart, in bytes: it repeats Chart.yaml, and a PGP signature takes about a kilobyte.
pub const PROVENANCE_BYTES: usize = 1024 * 1024;

/// The largest file that is read from a part of a layer, in bytes, packed and unpacked.
pub const PEEK_BYTES: u64 = 32 * 1024 * 1024;

/// The most segments of an ELF file that are read: programs have about a dozen.
pub const ELF_SEGMENTS: usize = 256;

/// The most entries of its dynamic section: large programs have some hundred.
pub const ELF_DYNAMIC: usize = 4096;

/// The most needed libraries that are listed.
pub const ELF_NEEDED: usize = 200;

/// The longest text in its headers, in bytes: `PATH_MAX` is 4096, and what is shown is shorter.
pub const ELF_TEXT: usize = 1024;

/// The most notes of a segment that are looked at for its build ID.
pub const ELF_NOTES: usize = 64;

/// The most identities of layers, or `DiffIDs` that a tool prints, that are told: images have 20 layers, hardly one has 127.
pub const SHOWN_IDENTITIES: usize = 500;

/// The most manifests of other platforms that are told beside an image.
pub const SHOWN_PLATFORMS: usize = 100;

/// The shortest beginning of a digest that is looked up, in hex digits.
pub const LOOKUP_DIGITS: usize = 6;

/// The most places of a digest that are told.
pub const LOOKUP_PLACES: usize = 200;
