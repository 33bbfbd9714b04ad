// Types of the files that a build makes and the Worker's modules import.

declare module "*.wasm" {
	const module: WebAssembly.Module;
	export default module;
}

/** Until `cargo xtask edge` has made the real one, whose types then count. */
declare module "*/stowplan_edge.js" {
	export const initSync: any;
	export const isPublic: (address: string) => boolean;
	export const Proxy: any;
	export type Proxy = any;
	export type Step = any;
}

/** Streams of bytes whose two ends are the platform's own. */
declare class IdentityTransformStream implements ReadableWritablePair<Uint8Array, Uint8Array> {
	readonly readable: ReadableStream<Uint8Array>;
	readonly writable: WritableStream<Uint8Array>;
}
/** The same, whose length is told as Content-Length. */
declare class FixedLengthStream extends IdentityTransformStream {
	constructor(length: number);
}
