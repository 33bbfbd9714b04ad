// Line: layers -> www. What the list of files is asked and what it answers; src/wasm/files.rs is what they follow.

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
}

export interface TreemapNode {
	name: string;
	path: string;
	size: number;
	kind: FileKind;
	children: number;
}

export interface LayerRef {
	id: string;
	position: number;
	digest: string | null;
	/** Of the blob. */
	size?: number | null;
	/** Of the tar, once read. */
	unpacked?: number;
	/** The command that made it, covered where it may hold a secret. */
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
	treemap(path: string): Promise<TreemapNode[]>;
}
