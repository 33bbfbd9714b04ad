// What the Worker's modules import that is made by a build.

declare module "*.wasm" {
	const module: WebAssembly.Module;
	export default module;
}

/** Until `cargo xtask edge` has made the real one, whose types then count. */
declare module "*/stowplan_edge.js" {
	export const initSync: any;
	export const Proxy: any;
	export type Proxy = any;
	export type Step = any;
}
