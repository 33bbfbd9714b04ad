// Off the line: a style sheet that a script imports is its text (www/build/shadow-css.mjs).

declare module "*.css" {
	const text: string;
	export default text;
}
