// Verified -> www. A pretty view of JSON that keeps every token as it was written: nothing is parsed, only cut.

/**
 * @typedef {{ count: number, start: number[], end: number[], depth: number[] }} Lines offsets into the text
 * @typedef {{ kind: "space" | "key" | "string" | "number" | "word" | "mark", text: string, digest?: string }} Token
 */

/** The depth to which a line is indented at most; a hostile document nests deeper. */
const MAX_INDENT = 40;
/** The longest part of a line that is shown. */
const MAX_LINE = 2000;

/**
 * Finds the lines: a bracket opens one level, a comma ends a line. Not JSON? Then it is cut in the same way all the same.
 * @param {string} text
 * @returns {{ lines: Lines, run: (late: () => boolean) => boolean }} `run` goes on until it is late; true at the end
 */
export function scan(text) {
	/** @type {Lines} */
	const lines = { count: 0, start: [], end: [], depth: [] };
	let at = 0;
	let from = 0;
	let depth = 0;
	/** @param {number} to */
	const cut = (to) => {
		if (text.slice(from, Math.min(to, from + 64)).trim() !== "" || text.slice(from, to).trim() !== "") {
			lines.start.push(from);
			lines.end.push(to);
			lines.depth.push(depth);
			lines.count++;
		}
		from = to;
	};
	const step = () => {
		const character = text[at];
		if (character === '"') at = endOfString(text, at);
		else if (character === "," || character === "\n") cut(++at);
		else if (character === "{" || character === "[") {
			const close = afterSpace(text, at + 1);
			if (text[close] === "}" || text[close] === "]") at = close + 1;
			else {
				cut(++at);
				depth++;
			}
		} else if (character === "}" || character === "]") {
			cut(at);
			depth = Math.max(0, depth - 1);
			at++;
		} else at++;
	};
	return {
		lines,
		run(late) {
			for (let steps = 1; at < text.length; steps++) {
				step();
				if (steps % 2048 === 0 && late()) return false;
			}
			cut(text.length);
			return true;
		},
	};
}

const TOKEN = /"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*|[a-zA-Z_]+|[{}[\],:]|\s+|./gsu;
const DIGEST = /^"((?:sha256:[0-9a-f]{64})|(?:sha512:[0-9a-f]{128}))"$/;

/**
 * The tokens of one line, indented; text as written, white space between tokens as one space after `:`.
 * @param {string} text
 * @param {Lines | undefined} lines
 * @param {number} index
 * @returns {Token[]}
 */
export function lineTokens(text, lines, index) {
	if (!lines || index >= lines.count) return [];
	const start = lines.start[index] ?? 0;
	const end = lines.end[index] ?? start;
	const line = text.slice(start, Math.min(end, start + MAX_LINE));
	/** @type {Token[]} */
	const tokens = [{ kind: "space", text: "  ".repeat(Math.min(lines.depth[index] ?? 0, MAX_INDENT)) }];
	for (const [part] of line.matchAll(TOKEN)) {
		if (part.trim() === "" && part !== "\ufeff") continue;
		if (part === ":") markKey(tokens);
		tokens.push(tokenOf(part));
		if (part === ":") tokens.push({ kind: "space", text: " " });
	}
	if (end - start > MAX_LINE) tokens.push({ kind: "mark", text: ` … (${end - start - MAX_LINE} more)` });
	return tokens;
}

/** @param {string} part @returns {Token} */
function tokenOf(part) {
	if (part.startsWith('"')) return { kind: "string", text: part, digest: DIGEST.exec(part)?.[1] };
	if (/^[-\d]/.test(part)) return { kind: "number", text: part };
	return { kind: /^[a-zA-Z_]/.test(part) ? "word" : "mark", text: part };
}

/** The string before a colon is a key. @param {Token[]} tokens */
function markKey(tokens) {
	const last = tokens.at(-1);
	if (last?.kind === "string") last.kind = "key";
}

/** The offset after the string that starts here. @param {string} text @param {number} at */
function endOfString(text, at) {
	for (let end = at + 1; end < text.length; end++) {
		const character = text.charCodeAt(end);
		if (character === 92) end++;
		else if (character === 34) return end + 1;
	}
	return text.length;
}

/** @param {string} text @param {number} at */
function afterSpace(text, at) {
	while (at < text.length && " \t\r\n".includes(text[at] ?? "")) at++;
	return at;
}
