// Report -> www. The types of the JS API; src/report.rs is what they follow.

export type Outcome = "pass" | "fail" | "warn" | "not-checked";
export type Source = "reference" | "descriptor" | "header" | "config" | "user" | "document";
export type NodeKind =
	| "index"
	| "manifest"
	| "config"
	| "layer"
	| "artifact"
	| "schema1"
	| "attestation"
	| "signature"
	| "blob"
	| "unknown";

export interface Check {
	id: string;
	outcome: Outcome;
	expected: string | null;
	actual: string | null;
	source: Source | null;
	path?: string;
	/** The stable code of why, in kebab-case. */
	reason?: string;
	/** The values that a sentence about `reason` needs. */
	params?: Record<string, string | number | Said | Said[]>;
	message: string;
}

/** A sentence within a sentence. */
export interface Said {
	reason?: string;
	params?: Record<string, string | number | Said | Said[]>;
	message: string;
}

/** The signer, as far as a signature tells. */
export interface Signer {
	kind: "certificate" | "key";
	identity?: string;
	issuer?: string;
	/** The sha256 of the public key. */
	key?: string;
	notBefore?: string;
	notAfter?: string;
	/** The certificate's claims about the build that signed, by the names of Fulcio's extensions. */
	claims?: [string, string][];
}

/** A time that a log or a timestamp authority has signed. */
export interface SignedTime {
	time: string;
	/** `signer`: no other party has signed it. */
	by: "timestamp-authority" | "log" | "signer";
	name?: string;
}

/** The outcome of each signature of a report, and of all together. */
export interface JudgedSignature extends BundleProof {
	id: string;
	about?: string;
	good: boolean;
	named: boolean;
}
export interface Trust {
	verdict: "signed" | "signed-by-named" | "failed" | "unsigned" | "unknown";
	/** The number of signatures, of those that hold, and of those among them that are of signers that the user named. */
	signatures: number;
	good: number;
	named: number;
	/** The platform in view, if all that holds is about it alone, and not about the index that names it. */
	only?: string;
	/** The places that `referrers` has asked, if it was called. */
	asked?: AskedPlace[];
}
export interface JudgedSignatures {
	judged: JudgedSignature[];
	trust: Trust;
	policy?: Check;
	/** The node that stands for the image. */
	image?: string;
}

/** The proofs about one signature. */
export interface BundleProof {
	verdict: "verified" | "failed" | "incomplete";
	checks: Check[];
	signer: Signer | null;
	times: SignedTime[];
}

export interface Platform {
	os: string;
	architecture: string;
	variant?: string;
	osVersion?: string;
	osFeatures?: string[];
	features?: string[];
}

export interface HistoryLine {
	created?: string;
	createdBy?: string;
	author?: string;
	comment?: string;
	emptyLayer: boolean;
	secret?: boolean;
	layer?: string;
}

export interface Health {
	test: string[];
	interval?: number;
	timeout?: number;
	startPeriod?: number;
	startInterval?: number;
	retries?: number;
}

export interface ImageFacts {
	created?: string;
	author?: string;
	user?: string;
	workingDir?: string;
	stopSignal?: string;
	/** Docker runs it beside the program; times in nanoseconds. */
	healthcheck?: Health;
	/** Instructions that run in builds on top of the image. */
	onBuild?: string[];
	shell?: string[];
	argsEscaped?: boolean;
	entrypoint?: string[];
	cmd?: string[];
	env: string[];
	secretEnv?: number[];
	exposedPorts: string[];
	volumes: string[];
	labels: [string, string][];
	secretLabels?: number[];
}

export interface Node {
	id: string;
	kind: NodeKind;
	mediaType: string | null;
	size: number | null;
	digest: string | null;
	parent: string | null;
	path?: string;
	read: boolean;
	/** Its bytes lie in the file that was opened. */
	held?: boolean;
	platform?: Platform;
	title?: string;
	checks: Check[];
	annotations?: [string, string][];
	imageId?: string;
	artifactType?: string;
	subject?: string;
	/** Of what lies beside an image: the digest that it is about. Such nodes do not count for the image's verdict. */
	about?: string;
	/** It was added by `referrers`. */
	beside?: boolean;
	/** Of a signature: what is proved of it. */
	proof?: Omit<JudgedSignature, "id" | "about" | "checks">;
	attests?: string;
	chosen?: boolean;
	diffIds?: string[];
	history?: HistoryLine[];
	image?: ImageFacts;
	compression?: "none" | "gzip" | "zstd" | "xz";
	/** The kind of the blob, by its media type and the artifact type of its manifest: `layer`, `nydus-blob`, `wasm`. */
	blobKind?: string;
	/** False if that promises no tar: the blob is hashed and never unpacked or explored. */
	tar?: false;
	diffId?: string;
	chainId?: string;
	historyIndex?: number;
	entries?: LayerEntry[];
	entryCount?: number;
	unpacked?: number;
	fileBytes?: number;
	toc?: "estargz" | "zstd:chunked";
	urls?: string[];
	name?: string;
}

/** One entry of a layer's tar; names are lossy UTF-8, sizes in bytes, `mtime` in seconds since 1970. */
export interface LayerEntry {
	name: string;
	type: "file" | "link" | "symlink" | "char" | "block" | "dir" | "fifo" | "global" | "other";
	size: number;
	mode: number;
	uid: number;
	gid: number;
	uname?: string;
	gname?: string;
	mtime: number;
	linkname?: string;
	devmajor?: number;
	devminor?: number;
	sparse?: boolean;
}

/** The claims about a layer, and how much of it may be read. */
export interface LayerSpec {
	digest?: string;
	size?: number;
	/** The number of bytes that are at hand if no size was stated. */
	length?: number;
	mediaType?: string;
	blobKind?: string;
	compression?: "none" | "gzip" | "zstd";
	diffId?: string;
	annotations?: [string, string][];
	urls?: string[];
	limits?: LayerLimits;
	/** A layer of a `docker save`: proved by its DiffID alone. */
	nameless?: boolean;
	/** No layer: only digest and size are held against what was told. */
	blob?: boolean;
	/** The content of each file is hashed, too. */
	contents?: boolean;
	/** It is read as a tar whatever its type promises. */
	asTar?: boolean;
}

export interface LayerLimits {
	unpackedBytes?: number;
	ratio?: number;
	entries?: number;
	windowBytes?: number;
}

export interface LayerVerdict {
	checks: Check[];
	read: boolean;
	digest?: string;
	size: number;
	/** True if it was read as a tar; else only digest and size were held against the claims. */
	tar: boolean;
	compression: "none" | "gzip" | "zstd" | "xz";
	diffId?: string;
	unpacked: number;
	entryCount: number;
	fileBytes: number;
	toc?: "estargz" | "zstd:chunked";
}

export interface LayerProgress {
	type: "layer";
	id: string;
	state: "waiting" | "reading" | "resuming" | "done" | "failed" | "cancelled";
	/** Of the blob, so far. */
	bytes: number;
	/** Of the blob, as its descriptor says. */
	total?: number;
	/** Of the tar, so far. */
	unpacked: number;
	entries?: number;
	seconds: number;
	reason?: string;
}

export interface VerifyOptions {
	/** Base URL of a registry proxy. */
	proxy?: string;
	credentials?: Credential[];
	/** Ids of nodes; without them all layers of the chosen image, and of opened files all that opening them left unread. */
	layers?: string[];
	/** Caps that the user has raised. */
	limits?: LayerLimits;
	/** The number of entries that each layer's node lists; 50,000 by default. */
	entries?: number;
	/** True if verified layers are remembered in this browser; true by default. */
	cache?: boolean;
	/** The number of workers that read at once. */
	workers?: number;
	/** The content of each file is hashed, too, so that images can be compared. */
	contents?: boolean;
	/** For `packages`: what may say something of them is kept while a layer is read. */
	collect?: { most: number; take: (nodes: Node[], outcome: { verdict: LayerVerdict; contents?: [number, Uint8Array][] }) => void };
	signal?: AbortSignal;
	onProgress?: (event: LayerProgress) => void;
	onLayer?: (node: Node) => void;
	/** Each request for a blob or a token, once it has ended. */
	onRequest?: (event: Extract<ProgressEvent, { type: "request" }>) => void;
}

export interface ArtifactOptions {
	/** The id of a manifest's node, or of one blob's; the image in view if it is not said. */
	id?: string;
	/** Reads a model to its end, so that its head is proved. */
	whole?: boolean;
	/** Base URL of a registry proxy. */
	proxy?: string;
	credentials?: Credential[];
	signal?: AbortSignal;
	onProgress?: (event: { type: "artifact"; id: string; bytes: number }) => void;
}

/** The contents of an artifact that is no image. */
export interface Artifact {
	kind: "helm" | "oras" | "wasm" | "gguf" | "safetensors";
	/** By stable names: `name`, `version`, `architecture`. */
	facts: { name: string; value: string }[];
	/** Its blobs, as the manifest names them. */
	parts: ArtifactPart[];
	/** Of a chart or an unpacked directory: its files, to be closed by the caller; `readFile` reads one with `asTar`. */
	files?: import("./views/files/contract.js").FilesHandle & { close: () => void };
	dependencies?: { name: string; version: string; repository: string }[];
	/** Of a wasm file. */
	imports?: ArtifactPort[];
	exports?: ArtifactPort[];
	/** The id of the node that was read; none if the manifest says all. */
	node?: string;
	/** True if what is said is from bytes whose digest fits; the head of a model that was read by parts is not. */
	proved: boolean;
	/** The number of bytes of its beginning that a model's head takes, if it is longer than was read. */
	wants?: number;
	/** Of a chart with a provenance file: its node, its digest held against the chart's, and its signature, which is not
	 * verified; without checks if it could not be read. */
	provenance?: { id: string; checks: Check[]; error?: import("./lib/coded.js").ErrorData };
}

/** A layer that was listed by its table of contents, whose digest its manifest names. */
export interface Peeked {
	kind: "estargz" | "zstd:chunked";
	files: import("./views/files/contract.js").FilesHandle;
	/** The content of a file by its row's `at`, each chunk held against the table; rejects if one does not fit. */
	read: (at: number) => Promise<Uint8Array<ArrayBuffer>>;
	/** The requests and bytes for it so far. */
	told: () => { requests: number; bytes: number };
	close: () => void;
}

/** One file of a layer of which no more was read than it took. */
export interface PeekedFile extends Content {
	path: string;
	/** The number of its entry in the layer. */
	at: number;
	/** For a symbolic link: what it leads to, as it is written. */
	link?: string;
	/** The state of the layer by then: its `digest` is `not-checked`, with the reason `first-entry-only`. */
	check: Check;
	/** The number of bytes of the layer that were read, and its size by its descriptor. */
	read: number;
	of?: number;
}

export interface ArtifactPart {
	/** Of its node. */
	id: string;
	/** The name of the file. */
	title?: string;
	mediaType: string;
	digest?: string;
	size?: number;
	/** ORAS unpacks it to a directory. */
	unpack: boolean;
	/** The title leads out of the folder into which it is pulled. */
	outside: boolean;
}

export interface ArtifactPort {
	/** Of an import of a core module. */
	module?: string;
	name: string;
	type: string;
}

export interface ReadOptions {
	/** The blob is read as a tar whatever its type promises: one of an artifact that `readArtifact` has opened. */
	asTar?: boolean;
	/** The most bytes of the content that are kept; 8 MiB by default. */
	most?: number;
	proxy?: string;
	credentials?: Credential[];
	limits?: LayerLimits;
	signal?: AbortSignal;
	onProgress?: (event: LayerProgress) => void;
}

/** One half of reading a layer, or both: bytes are pushed in pieces of any size. Neither throws on bad input. */
interface Half<Result> {
	push(piece: Uint8Array): void;
	finish(): Result;
	free(): void;
}

/** A reader of a blob's bytes. */
export interface Blobs {
	/** The bytes were encoded so on their way, and have been decoded. */
	decoded(encoding: string): void;
	/** True if there are more bytes than are read of any blob. */
	readonly unending: boolean;
}

/** A half that lists the tar: its index for other workers, and its first entries. */
export interface Listing {
	index(): Uint8Array<ArrayBuffer>;
	entries(most: number): LayerEntry[];
}

/** Reads a small layer without hashing it: `push` and `finish` give nothing true if it has to be read otherwise. */
export interface SmallReader extends Listing {
	push(piece: Uint8Array): boolean;
	algorithms(): string[];
	/** A view of the module's memory, to be used before the next call. */
	tar(): Uint8Array<ArrayBuffer>;
	readonly unpacked: number;
	finish(blob: Uint8Array, tar: Uint8Array): LayerVerdict | undefined;
	free(): void;
}

/** The exports of the data module, src/wasm/data.rs; `Unpacked` and `TarFacts` may be cloned, and are internal. */
export interface DataModule {
	LayerReader: new (spec: LayerSpec) => Half<LayerVerdict> & Blobs & Listing & { readonly unpacked: number };
	SmallReader: { of(spec: LayerSpec): SmallReader | undefined };
	confirms(bytes: Uint8Array, hash: Uint8Array): boolean;
	Unpacker: new (spec: LayerSpec) => Half<unknown> & Blobs & { take(into: Uint8Array): number };
	TarHasher: new (spec: LayerSpec) => Half<unknown> & Listing;
	Extractor: new (
		spec: LayerSpec,
		at: number,
		most: number,
	) => Blobs & { push(piece: Uint8Array): boolean; content(): Uint8Array; facts(): Omit<Content, "bytes"> & { target?: number }; finish(): LayerVerdict; free(): void };
	Exporter: new (
		spec: LayerSpec,
		wanted?: Uint32Array,
	) => Half<LayerVerdict> & Blobs & { advance(): boolean; output(): Uint8Array<ArrayBuffer>; readonly missing: number };
	BlobHasher: new (digest: string) => { push(piece: Uint8Array): void; digest(): string; free(): void };
	Opener: new (
		spec: LayerSpec,
		proves: boolean,
	) => Half<LayerVerdict> & Listing & {
		pushTar(piece: Uint8Array): void;
		finishWith(unpacked: unknown): LayerVerdict;
		readonly proves: boolean;
		next(): (Listing & { readonly entry: number; halves(): [unknown, unknown]; free(): void }) | undefined;
		readonly unpacked: number;
		readonly kept: number;
		readonly isFull: boolean;
		keptEntry(at: number): number;
		keptBytes(at: number): Uint8Array<ArrayBuffer>;
		text(): Uint8Array<ArrayBuffer> | undefined;
	};
	Seeker: new (spec: LayerSpec) => Listing & {
		push(piece: Uint8Array): number;
		finish(): Check[];
		readonly count: number;
		free(): void;
	};
	Pass: new (
		file: LayerSpec,
		wanted: [number, LayerSpec][],
	) => Listing & { push(piece: Uint8Array): boolean; finish(reason?: string): void; next(): number; verdict(): LayerVerdict; free(): void };
	EntryStream: new (
		file: LayerSpec,
		entries: Uint32Array,
	) => { push(piece: Uint8Array): void; next(): Uint8Array | undefined; readonly isLast: boolean; readonly isOver: boolean; reason(): string; free(): void };
	verdict(spec: LayerSpec, unpacked: unknown, tarFacts: unknown): LayerVerdict;
	unreadable(spec: LayerSpec, reason: string): LayerVerdict;
	chainIds(diffIds: string[]): string[];
}

/** The files of an image, src/wasm/files.rs. */
export interface FilesModule {
	add(position: number, index: Uint8Array): void;
	query(query: import("./views/files/contract.js").FilesQuery): import("./views/files/contract.js").FilesView;
	paths(from: number, count: number): string[];
	keep(bits: Uint8Array): import("./views/files/contract.js").FilesView;
	free(): void;
}

export interface SaveOptions {
	/** The image: the id of its node, or its `os/architecture[/variant]`; the chosen one if neither is given. */
	image?: string;
	platform?: string;
	/** Everything that the index in view names: all platforms, with what is attested about them. */
	all?: boolean;
	/** The target of the archive; a stream is given back if it is not set. It is closed, or aborted on a failure. */
	to?: WritableStream<Uint8Array>;
	/** Base URL of a registry proxy. */
	proxy?: string;
	credentials?: Credential[];
	signal?: AbortSignal;
	onProgress?: (event: SaveProgress) => void;
}

export interface TarOptions {
	/** The id of a layer's node: its tar as it is, or of `paths` what that layer has. */
	layer?: string;
	/** Gives the blob of `layer` as it is, whatever it holds: a file of an artifact. */
	raw?: boolean;
	/** Paths, each with all below it: of the layer if one is named, else of what a container sees. */
	paths?: string[];
	/** True for the paths of the last query of `files`, in the place of `paths`. */
	listed?: boolean;
	/** A handle of `exploreFiles` over the same image. */
	files?: import("./views/files/contract.js").FilesHandle;
	/** The image: the id of its node; that of the layer, or the chosen one. */
	image?: string;
	/** The target of the tar; a stream is given back if it is not set. It is closed, or aborted on a failure. */
	to?: WritableStream<Uint8Array>;
	proxy?: string;
	credentials?: Credential[];
	signal?: AbortSignal;
	onProgress?: (event: SaveProgress) => void;
}

export interface SavedTar {
	/** The number of layers that it is from. */
	layers: number;
	/** The number of bytes of layers that are read for it. */
	download: number;
	/** Bytes of the files in it. */
	bytes?: number;
	/** Paths that were asked for and are not there. */
	missing: string[];
	/** Entries that come along only because a hard link needs them. */
	linked: number;
}

/** The changes of a layer, by path. */
export interface LayerChanges {
	schema: 1;
	image?: string;
	/** Its position, from 0 at the lowest. */
	layer: number;
	digest?: string;
	diffId?: string;
	changes: import("./views/files/contract.js").ChangedPath[];
}

export interface SaveProgress {
	type: "save";
	state: "hashing" | "writing" | "resuming";
	/** Of the archive, so far and in all. */
	bytes: number;
	total: number;
	reason?: string;
}

export interface SavedImage {
	/** A name for a file with it. */
	name: string;
	/** Of the archive, in bytes. */
	size: number;
	/** The image that its `index.json` names. */
	digest: string;
	platforms: string[];
	blobs: number;
	/** The number of bytes of it that have to be fetched. */
	download: number;
	/** True if a manifest was made for it, since its archive had none: the digest is new then. */
	made?: boolean;
	/** Digests of layers that come from elsewhere by licence, as Windows' base layers: they are not in it. */
	leftOut: string[];
}

/** A file's content as far as it is kept; size and digest are of the whole. */
export interface Content {
	bytes: Uint8Array;
	size: number;
	digest: string;
	truncated: boolean;
	kind: string;
	/** Its headers, if it is an ELF file. */
	elf?: Elf;
}

/** The headers of an ELF file, src/layer/elf.rs. */
export interface Elf {
	bits: 32 | 64;
	order: "little" | "big";
	/** `e_type`. */
	type: number;
	/** A shared object with an interpreter. */
	pie: boolean;
	/** `e_machine`. */
	machine: number;
	abi: number;
	entry: number;
	interpreter?: string;
	/** True if it has a dynamic section. */
	dynamic: boolean;
	needed: string[];
	soname?: string;
	runpath?: string;
	buildId?: string;
	/** True if a reference points outside of the bytes. */
	cut: boolean;
}

export interface FileContent extends Content {
	/** The checks of the whole layer, which was read again for this. */
	verdict: Promise<Check[]>;
}

export interface Summary {
	verdict: "verified" | "failed" | "incomplete";
	pass: number;
	fail: number;
	warn: number;
	notChecked: number;
	/** The proved facts; each can hold without the others. */
	facts: {
		/** A document was read, and no check outside the layers failed. */
		consistent: boolean;
		/** The layers of the image in view. */
		layers: { verified: number; of: number };
		/** The root has a digest that was given beforehand. */
		pinned: boolean;
	};
}

/** The content of a statement, a list of packages or another document about an image. */
export interface ReadStatement {
	/** The `predicateType` of a statement, else the address of the format. */
	type: string;
	/** The reader that read it. */
	form: "slsa-provenance" | "spdx" | "cyclonedx" | "openvex" | "vulnerabilities" | "layout" | "link" | "other";
	wrapped: ("bundle" | "dsse")[];
	subjects: { name?: string; digests: string[]; fits: "image" | "platform" | "other-index" | "other" | "unknown"; platform?: string }[];
	/** In English; `said` has its code and values. */
	sentence: string;
	said: Said;
	facts: { name: string; value: string }[];
	packages?: PackageTable;
	checks: Check[];
	/** The node that was read. */
	node?: string;
}
export interface Package {
	name: string;
	version: string;
	licence: string;
	/** Of its package URL. */
	type: string;
	supplier: string;
	purl: string;
	/** The places in `files` of its files' hashes, if the list says which are its. */
	files?: number[];
}
export interface PackageTable {
	/** At most 50,000. */
	rows: Package[];
	total: number;
	/** The number of rows of each, the most first. */
	types: [string, number][];
	licences: [string, number][];
	withoutLicence: number;
	/** The hashes of files: path, algorithm, hex. */
	files?: [string, string, string][];
	/** The rows in which all words of a text stand. */
	query: (text: string) => Package[];
}

/** The files of a list of packages, held against those of the image. */
export interface HeldFiles {
	/** `fail` if a file differs, `warn` if one is absent, `not-checked` if none has a SHA-256. */
	outcome: Outcome;
	said: Said;
	count: number;
	fits: number;
	differ: number;
	absent: number;
	/** Without a SHA-256. */
	unknown: number;
	/** The first paths that differ. */
	examples: string[];
	/** The same for each row of `packages`, in their order; null for one whose files are not known. */
	packages?: (HeldPackage | null)[];
}

/** The files of one package, held against those of the image. */
export interface HeldPackage {
	/** As of the list; `not-checked` too if a part of them could not be compared. */
	outcome: Outcome;
	count: number;
	fits: number;
	differ: number;
	absent: number;
	/** The positions of the layers that brought those which are the image's, the lowest first. */
	layers: number[];
}

/** Rejects with `not-found` if a layer cannot be verified; `image` is the id of a manifest's node, else the chosen one. */
export type HoldFiles = (
	report: Report,
	/** Path, algorithm and hex. */
	files: [string, string, string][],
	options?: VerifyOptions & { image?: string; packages?: Package[] },
) => Promise<{ held: HeldFiles; report: Report }>;

/** A place where signatures and statements may lie, for one digest. */
export interface AskedPlace {
	/** The digest that was asked about, and its node. */
	about: string;
	node: string;
	place: "referrers" | "fallback-tag" | "sig-tag" | "att-tag" | "sbom-tag" | "index";
	/** The tag, if it is one. */
	name?: string;
	state: "found" | "empty" | "not-asked" | "failed";
	/** Why: a check `referrer`. */
	check: Check;
	/** The ids of the nodes that were found there. */
	nodes: string[];
}

export interface Report {
	schema: 1;
	source: { kind: "registry" | "paste" | "file"; reference?: string; name?: string };
	nodes: Node[];
	roots: string[];
	recovered?: { steps: string[]; digest: string };
	/** The steps of `recovered` by their stable codes, in the same order. */
	recoveryCodes?: { code: string; value?: string }[];
	pasted?: PastedText[];
	forms?: FormDigest[];
	/** Of a snapshot: what it says about itself. */
	snapshot?: { reference?: string; taken?: string };
	summary: Summary;
	/** After `referrers`: the places that were asked for signatures, and what each answered. */
	asked?: AskedPlace[];
	/** After `verifySignatures`: apart from the image's own verdict. */
	trust?: Trust;
	/** Of a document that was opened without an image: what it says. */
	statement?: ReadStatement;
	certificate?: Signer;
	/** The answers of `holdFiles` for the lists of the page, by their nodes. */
	held?: Record<string, HeldFiles>;
	/** Whom the user has named, as `verifySignatures` was given it. */
	signers?: import("./engine/signatures-question.js").Identity[];
}

/** The exact bytes of an image's documents in one JSON file; docs/snapshot.md. */
export interface Snapshot {
	stowplanSnapshot: 1;
	/** The reference by which the bytes were asked for. */
	reference?: string;
	/** When, as RFC 3339 writes it. */
	taken: string;
	/** Of the document at the root. */
	digest: string;
	/** Descriptors of the image specification, each with its content. */
	descriptors: SnapshotDescriptor[];
}

export interface SnapshotDescriptor {
	mediaType: string;
	digest: string;
	size: number;
	/** The bytes in base64. */
	data: string;
}

/** A sentence by its stable code. */
export interface Told {
	code: string;
	params?: Record<string, string>;
}

export interface PastedText {
	form: string;
	/** Its kind, more closely than the form: `ecr-describe-images`. */
	kind: string;
	/** The same in a sentence. */
	title: string;
	what: string;
	proof: string;
	documents: number;
	exact: boolean;
	expected?: string;
	expectedFrom?: string;
	expectedCode?: Told;
	/** The name to inspect at once, if the text is nothing else. */
	inspect?: string;
	/** The names that can be inspected, each with its pin if the text has one; none beside documents. */
	offers?: string[];
	/** True if the text seems to hold a secret. */
	secret?: boolean;
	/** The places in the text that were understood, in UTF-16 code units. */
	spans: { start: number; end: number; what: "digest" | "digest-prefix" | "reference" }[];
	references: { text: string; reference: string; line?: number; pinned: boolean; path?: string }[];
	digests: {
		digest: string;
		/** Only the beginning of one. */
		prefix?: boolean;
		what: string;
		/** The same by its stable code: `layer`. */
		code: string;
		/** The word, key or column that tells. */
		label?: string;
		reference?: string;
		path?: string;
		line?: number;
		/** The id of the node whose bytes have it. */
		fits?: string;
	}[];
	mentions: { digest: string; what: string; reference?: string }[];
	notes: string[];
	/** The notes by their codes, in the same order. */
	noteCodes: Told[];
}

/** A file that names images, as `readImages` reads it. */
export interface ImageFile {
	kind:
		| "dockerfile"
		| "compose"
		| "kubernetes"
		| "helm-values"
		| "github-workflow"
		| "gitlab-ci"
		| "devcontainer"
		| "nix"
		| "bazel"
		| "renovate"
		| "circleci"
		| "cloud-build"
		| "azure-pipelines"
		| "bitbucket-pipelines"
		| "hcl"
		| "quadlet"
		| "yaml"
		| null;
	images: ImageRow[];
}

/** One image of a file; places are in UTF-16 code units, lines and columns are counted from 1. */
export interface ImageRow {
	reference: string;
	/** The label in the file: a service, a container, a stage. */
	label?: string;
	line: number;
	column: number;
	start: number;
	end: number;
	pinned: boolean;
	digest?: string;
	platform?: string;
	/** The edit that pins it; none if it cannot be pinned, as behind a variable. */
	/** `hex`: the digest is written without its algorithm. */
	edit?: { start: number; end: number; before: string; after: string; hex?: boolean };
}

export interface CheckPinsOptions {
	proxy?: string;
	credentials?: Credential[];
	signal?: AbortSignal;
	onProgress?: (event: ProgressEvent) => void;
	/** After so many requests no further name is asked for. */
	maxRequests?: number;
	/** Reads manifest and config of each image, too, for `size` and `created`. */
	details?: boolean;
	/** Allows `details` on Docker Hub, which counts each manifest that is read as a pull. */
	countedPulls?: boolean;
}

/** A row with what the registry says: a claim, since only headers were read. */
export interface CheckedRow extends ImageRow {
	/** `not-pinned`: the file has no digest; `now` is the one to pin. */
	state: "agrees" | "moved" | "gone" | "not-asked" | "not-pinned";
	now?: string;
	/** The bytes of the layers of the row's platform, else of linux/amd64; only with `details`. */
	size?: number;
	/** When the image was created, as its config says; only with `details`. */
	created?: string;
	/** Why size and date are missing, by a stable code: `counted-pulls`, `max-requests`, or the code of an error. */
	noDetails?: string;
	/** A stable code of why it was not asked: `max-requests`, or the code of an error. */
	why?: string;
	message?: string;
}

export interface FormDigest {
	name: string;
	code: string;
	digest: string;
	size: number;
}

export interface Credential {
	registry: string;
	username: string;
	password: string;
}

export interface ParsedReference {
	registry: string | null;
	repository: string | null;
	tag: string | null;
	digest: string | null;
	familiar: string;
	canonical: string;
}

export type ProgressEvent =
	| {
			type: "request";
			method: string;
			url: string;
			status?: number;
			bytes: number;
			milliseconds: number;
			rateLimitRemaining?: number;
			error?: string;
	  }
	/** Before the first request of `referrers`: how many at most, if nothing is found. */
	| { type: "plan"; digests: number; requests: number }
	| { type: "waiting"; seconds: number; reason: string; code?: string; params?: Record<string, any> }
	| { type: "stage"; text: string; done: number; total: number };
