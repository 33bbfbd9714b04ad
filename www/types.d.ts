// Line: Report -> www. The types of the JS API; src/report.rs is what they follow.

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
	message: string;
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

export interface ImageFacts {
	created?: string;
	author?: string;
	user?: string;
	workingDir?: string;
	stopSignal?: string;
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
	attests?: string;
	chosen?: boolean;
	diffIds?: string[];
	history?: HistoryLine[];
	image?: ImageFacts;
	compression?: "none" | "gzip" | "zstd" | "xz";
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

/** What is claimed about a layer, and how much of it may be read. */
export interface LayerSpec {
	digest?: string;
	size?: number;
	/** How many bytes are at hand where nobody told a size. */
	length?: number;
	mediaType?: string;
	compression?: "none" | "gzip" | "zstd";
	diffId?: string;
	annotations?: [string, string][];
	urls?: string[];
	limits?: LayerLimits;
	/** A layer of a `docker save`: proved by its DiffID alone. */
	nameless?: boolean;
	/** No layer: only digest and size are held against what was told. */
	blob?: boolean;
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
	/** How many entries of each layer its node lists; 50,000 where nothing is said. */
	entries?: number;
	/** Whether verified layers are remembered in this browser; yes where nothing is said. */
	cache?: boolean;
	/** How many workers read at once. */
	workers?: number;
	signal?: AbortSignal;
	onProgress?: (event: LayerProgress) => void;
	onLayer?: (node: Node) => void;
}

export interface ReadOptions {
	/** How many bytes of the content are kept; 8 MiB where nothing is said. */
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

/** What takes the bytes of a blob. */
export interface Blobs {
	/** What comes was encoded so on its way, and has been decoded. */
	decoded(encoding: string): void;
	/** Whether there are more bytes than are read of any blob. */
	readonly unending: boolean;
}

/** A half that lists the tar: its index for other workers, and its first entries. */
interface Listing {
	index(): Uint8Array<ArrayBuffer>;
	entries(most: number): LayerEntry[];
}

/** What the data module exports, src/wasm/data.rs; `Unpacked` and `Tasted` may be cloned, and are nobody's business. */
export interface DataModule {
	LayerReader: new (spec: LayerSpec) => Half<LayerVerdict> & Blobs & Listing & { readonly unpacked: number };
	Unpacker: new (spec: LayerSpec) => Half<unknown> & Blobs & { take(into: Uint8Array): number };
	Taster: new (spec: LayerSpec) => Half<unknown> & Listing;
	Extractor: new (
		spec: LayerSpec,
		at: number,
		most: number,
	) => Blobs & { push(piece: Uint8Array): boolean; content(): Uint8Array; facts(): Omit<Content, "bytes"> & { target?: number }; finish(): LayerVerdict; free(): void };
	BlobHasher: new (digest: string) => { push(piece: Uint8Array): void; digest(): string; free(): void };
	Opener: new (
		spec: LayerSpec,
		proves: boolean,
	) => Half<LayerVerdict> & Listing & {
		taste(piece: Uint8Array): void;
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
	verdict(spec: LayerSpec, unpacked: unknown, tasted: unknown): LayerVerdict;
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
	/** Which image: the id of its node, or its `os/architecture[/variant]`; the chosen one where neither is given. */
	image?: string;
	platform?: string;
	/** Everything that the index in view names: all platforms, with what is attested about them. */
	all?: boolean;
	/** Where the archive goes; a stream is given back where it is not said. It is closed, or aborted on a failure. */
	to?: WritableStream<Uint8Array>;
	/** Base URL of a registry proxy. */
	proxy?: string;
	credentials?: Credential[];
	signal?: AbortSignal;
	onProgress?: (event: SaveProgress) => void;
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
	/** What a file with it might be called. */
	name: string;
	/** Of the archive, in bytes. */
	size: number;
	/** What its `index.json` names. */
	digest: string;
	platforms: string[];
	blobs: number;
	/** How many bytes of it have to be fetched. */
	download: number;
	/** Whether a manifest was made for it, since its archive had none: the digest is new then. */
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
}

/** The exact bytes of an image's documents in one JSON file; docs/snapshot.md. */
export interface Snapshot {
	stowplanSnapshot: 1;
	/** What the bytes were asked for by. */
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

export interface PastedText {
	form: string;
	what: string;
	proof: string;
	documents: number;
	exact: boolean;
	expected?: string;
	expectedFrom?: string;
	mentions: { digest: string; what: string; reference?: string }[];
	notes: string[];
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
	| { type: "waiting"; seconds: number; reason: string }
	| { type: "stage"; text: string; done: number; total: number };
