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
	compression?: "none" | "gzip" | "zstd";
	diffId?: string;
	chainId?: string;
	historyIndex?: number;
	urls?: string[];
	name?: string;
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
	pasted?: PastedText[];
	forms?: FormDigest[];
	summary: Summary;
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
