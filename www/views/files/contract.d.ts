// The questions to the list of files and its answers, as src/wasm/files.rs has them.

export type Change = "added" | "changed" | "removed" | "unchanged";
export type FileKind =
	| "file"
	| "link"
	| "symlink"
	| "char"
	| "block"
	| "dir"
	| "fifo"
	| "other"
	| "whiteout"
	| "opaque";

export interface PathFilter {
	how: "substring" | "glob" | "regex";
	text: string;
	matchCase?: boolean;
}

export interface FilesQuery {
	view: "image" | "layer" | "all";
	layer?: number;
	changes?: Change[];
	path?: PathFilter;
	finding?: string;
	sort?: "name" | "size";
}

export interface FilesView {
	total: number;
	matched: number;
	entries: number;
}

export interface FileRow {
	id: number;
	depth: number;
	name: string;
	path: string;
	kind: FileKind;
	mode: string;
	octal: string;
	uid: number;
	gid: number;
	user?: string;
	group?: string;
	size: number;
	total?: number;
	mtime: number;
	link?: string;
	device?: string;
	sparse?: boolean;
	/** File capabilities, as getcap prints them. */
	capabilities?: string;
	/** The access control lists, as getfacl names their entries. */
	acl?: string;
	/** Of a hard link: the entry that has its content. One to what is no file has the kind and the link of its target. */
	content?: { layer: number; at: number };
	/** It lies beside the root of the image: AUFS' own files, the hives of a Windows layer. */
	beside?: boolean;
	layer: number;
	at: number;
	change: Change;
	later?: { layer: number; how: "overwritten" | "removed" };
	children: number;
	open: boolean;
	implied?: boolean;
	duplicate?: boolean;
	findings?: string[];
}

export interface Finding {
	id: string;
	path: string;
	layer: number;
	at: number;
	deletedIn?: number;
	why: string;
}

/** One layer's word on a path. */
export interface PathEvent {
	layer: number;
	at: number;
	kind: FileKind;
	change: Change;
	mode: string;
	size: number;
	mtime: number;
	link?: string;
}

export interface FileDetail {
	row: FileRow;
	history: PathEvent[];
	findings: Finding[];
}

export interface LayerSizes {
	position: number;
	entries: number;
	files: number;
	fileBytes: number;
	wasted: number;
}

export interface Sizes {
	layers: LayerSizes[];
	efficiency: number;
	wastedBytes: number;
	userBytes: number;
	neededBytes?: number;
	allBytes?: number;
	worst: { path: string; bytes: number; times: number }[];
	waste: Waste[];
}

/** Wasted bytes below one path. */
export interface Waste {
	/** A directory, or one file; empty for the root. */
	path: string;
	bytes: number;
	files: number;
	/** The layer that has them, from 0. */
	layer: number;
	/** The layer that ends them. */
	by: number;
	how: "overwritten" | "removed" | "repeated";
	advice: { code: string; path?: string };
}

export interface TreemapNode {
	name: string;
	path: string;
	size: number;
	kind: FileKind;
	children: number;
	/** The layer that most of its bytes are from. */
	layer: number;
	/** Set by the map: lower layers have it in vain. */
	wasted?: boolean;
}

export interface LayerRef {
	id: string;
	position: number;
	digest: string | null;
	/** Of the blob. */
	size?: number | null;
	/** Of the tar, once read. */
	unpacked?: number;
	/** The command that made it, covered if it may hold a secret. */
	history?: string;
}

export interface FilesHandle {
	/** Those known; `remembered`: when an earlier visit verified it, in milliseconds since 1970. */
	layers: { id: string; position: number; digest?: string | null; remembered?: number }[];
	query(query: FilesQuery): Promise<FilesView>;
	rows(from: number, to: number): Promise<FileRow[]>;
	toggle(id: number, open: boolean): Promise<FilesView>;
	openAll(open: boolean): Promise<FilesView>;
	find(path: string): Promise<number>;
	detail(id: number): Promise<FileDetail>;
	findings(): Promise<Finding[]>;
	sizes(): Promise<Sizes>;
	/** With `wasted` what lower layers have there in vain. */
	treemap(path: string, wasted?: boolean): Promise<TreemapNode[]>;
	/** The entry that has the content of a hard link, by the link's layer and its number there. */
	content(layer: number, at: number): Promise<{ layer: number; at: number } | undefined>;
	/** The entries that make up some paths: of a layer, else of what a container sees; with `listed` those of the last query. */
	choose(choice: Choice): Promise<Chosen>;
	/** The number of files that a layer brought, and some of their paths. */
	brought(position: number, most: number): Promise<{ paths: string[]; total: number }>;
	/** The changes of a layer, from one place to the `next`. */
	changes(position: number, from: number, most: number): Promise<{ changes: ChangedPath[]; next?: number }>;
}

export interface Choice {
	layer?: number;
	paths?: string[];
	listed?: boolean;
}

export interface Chosen {
	layers: { position: number; entries: number[] }[];
	/** Of the files among them. */
	bytes: number;
	missing: string[];
	/** Entries that come along only because a hard link needs them. */
	linked: number;
}

/** The change of one path by a layer; `before` is the entry of a lower layer. */
export interface ChangedPath {
	path: string;
	change: Change;
	kind: string;
	mode: string;
	size: number;
	mtime: number;
	link?: string;
	uid: number;
	gid: number;
	/** The number of the entry in the layer's tar. */
	at: number;
	before?: { layer: number; kind: string; mode: string; size: number; mtime: number; link?: string };
}
