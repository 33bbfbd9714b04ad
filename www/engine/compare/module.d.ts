// The module that compares, by hand: its generated types are there only once it was built.

declare module "*/stowplan_compare.js" {
	export default function init(options: { module_or_path: unknown }): Promise<unknown>;
	export function compareImages(a: any, b: any, facts: any): any;
	export function listTags(repository: string, options: any, onProgress: any, signal: AbortSignal): Promise<any>;
	export function resolveTag(
		repository: string,
		tag: string,
		options: any,
		onProgress: any,
		signal: AbortSignal,
	): Promise<any>;
	export function groupTags(rows: any): any;
	export class ComparedFiles {
		add(side: number, position: number, index: Uint8Array): void;
		setSystem(side: number, system: string): void;
		share(layers: any): void;
		build(): any;
		rows(query: any): any;
		count(query: any): number;
		tree(path: string): any;
		growth(most: number): any;
		free(): void;
	}
}
