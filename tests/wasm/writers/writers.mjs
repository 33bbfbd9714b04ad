// Programs that write a value anew: JSON in other layouts, literals of languages, YAML, filled lines, colours. Each takes the
// value of the document.

const quote = JSON.stringify;
const json = (value, space) => JSON.stringify(value, null, space);

/** A value in the syntax of a language. */
function literal(value, words, depth = 0) {
	const { open, close, sign, text, end = "" } = words;
	if (value === null) return words.none;
	if (typeof value === "boolean") return value ? words.yes : words.no;
	if (typeof value === "number") return String(value);
	if (typeof value === "string") return text(value);
	const all = Array.isArray(value)
		? value.map((one) => literal(one, words, depth + 1))
		: Object.entries(value).map(
				([key, one]) => `${words.key?.(key) ?? text(key)}${sign}${literal(one, words, depth + 1)}`,
			);
	const [first, last] = Array.isArray(value) ? (words.list ?? ["[", "]"]) : [open, close];
	return `${first}${all.join(words.comma ?? ", ")}${all.length > 0 ? end : ""}${last}`;
}

const single = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
const python = { none: "None", yes: "True", no: "False", open: "{", close: "}", sign: ": ", text: single };
const ruby = { none: "nil", yes: "true", no: "false", open: "{", close: "}", sign: "=>", text: quote };
const php = {
	none: "NULL",
	yes: "true",
	no: "false",
	open: "array (\n",
	close: ")",
	list: ["array (\n", ")"],
	sign: " => ",
	text: single,
	end: ",\n",
	comma: ",\n",
};
const perl = {
	none: "undef",
	yes: "bless( do{\\(my $o = 1)}, 'JSON::PP::Boolean' )",
	no: "bless( do{\\(my $o = 0)}, 'JSON::PP::Boolean' )",
	open: "{\n",
	close: "}",
	sign: " => ",
	text: single,
};

/** `%v` and `%#v` of Go: keys in order. */
const sorted = (value) =>
	Array.isArray(value)
		? value.map(sorted)
		: value && typeof value === "object"
			? Object.fromEntries(
					Object.keys(value)
						.sort()
						.map((key) => [key, sorted(value[key])]),
				)
			: value;
const goNumber = (value) =>
	value >= 1e21 || value < 2 ** 21 ? String(value) : value.toExponential().replace(/e\+(\d)$/, "e+0$1");
function goPrinted(value) {
	if (value === null) return "<nil>";
	if (typeof value === "number") return goNumber(value);
	if (typeof value !== "object") return String(value);
	if (Array.isArray(value)) return `[${value.map(goPrinted).join(" ")}]`;
	return `map[${Object.entries(value)
		.map(([key, one]) => `${key}:${goPrinted(one)}`)
		.join(" ")}]`;
}
const goSyntax = {
	none: "interface {}(nil)",
	yes: "true",
	no: "false",
	open: "map[string]interface {}{",
	close: "}",
	list: ["[]interface {}{", "}"],
	sign: ":",
	text: quote,
};

function yaml(value, indent = "") {
	if (value === null || typeof value !== "object")
		return typeof value === "string" ? single(value).replaceAll("\\\\", "\\").replaceAll("\\'", "''") : String(value);
	const all = Array.isArray(value)
		? value.map((one) => ["-", one])
		: Object.entries(value).map(([key, one]) => [`${quote(key)}:`, one]);
	if (all.length === 0) return Array.isArray(value) ? "[]" : "{}";
	return all
		.map(([lead, one]) => {
			const nested = one !== null && typeof one === "object" && Object.keys(one).length > 0;
			return nested ? `\n${indent}${lead}${yaml(one, `${indent}  `)}` : `\n${indent}${lead} ${yaml(one)}`;
		})
		.join("");
}

/** PowerShell 5.1: what is nested stands below its name. */
function powershell(value, indent = 0) {
	const escaped = (text) => quote(text).replace(/['<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
	if (value === null || typeof value !== "object") return typeof value === "string" ? escaped(value) : String(value);
	const pad = " ".repeat(indent + 4);
	const all = Array.isArray(value)
		? value.map((one) => pad + powershell(one, indent + 4))
		: Object.entries(value).map(([key, one]) => `${pad}${quote(key)}:  ${powershell(one, indent + 7 + key.length)}`);
	const [open, close] = Array.isArray(value) ? "[]" : "{}";
	return `${open}\r\n${all.join(",\r\n")}\r\n${" ".repeat(indent)}${close}`;
}

/** Lines of at most a width, broken at spaces. */
function filled(text, width) {
	const lines = [""];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last && last.length + 1 + word.length > width) lines.push(word);
		else lines[lines.length - 1] = last ? `${last} ${word}` : word;
	}
	return lines.join("\n");
}

const spaced = (value) =>
	json(value, 1)
		.replace(/\n\s*/g, " ")
		.replace(/([{[]) /g, "$1")
		.replace(/ ([}\]])/g, "$1");
const coloured = (lead) => (value) => json(value, 2).replace(/"[^"]*"/g, (text) => `${lead}[0;32m${text}${lead}[0m`);
const withoutNull = (value) =>
	JSON.stringify(
		value,
		(_, one) =>
			one && typeof one === "object" && !Array.isArray(one)
				? Object.fromEntries(Object.entries(one).filter(([, member]) => member !== null))
				: one,
		2,
	);

/** @type {Record<string, (value: any) => string>} */
export const WRITERS = {
	"one line": (value) => json(value),
	"2 spaces": (value) => json(value, 2),
	"3 spaces": (value) => json(value, 3),
	"a tab": (value) => json(value, "\t"),
	"keys in order": (value) => json(sorted(value), 4),
	"Python's json": spaced,
	"Python's repr": (value) => literal(value, python),
	"Ruby's inspect": (value) => literal(value, ruby),
	"Ruby's symbols": (value) =>
		literal(value, { ...ruby, key: (key) => (/^\w+$/.test(key) ? `:${key}` : `:${quote(key)}`) }),
	"PHP's json_encode": (value) => json(value).replaceAll("/", "\\/"),
	"PHP's var_export": (value) => literal(value, php),
	"Perl's Dumper": (value) => `$VAR1 = ${literal(value, perl)};\n`,
	"Go's %+v": (value) => goPrinted(sorted(value)),
	"Go's %#v": (value) => literal(sorted(value), goSyntax),
	JSON5: (value) =>
		json(value, 2)
			.replace(/"(\w+)":/g, "$1:")
			.replace(/([^[{,\s])(\n\s*[}\]])/g, "$1,$2"),
	"JSON with comments": (value) => `// copied\n${json(value, 2).replace(",\n", ", /* n */\n")}`,
	"an assignment": (value) => `const manifest = ${json(value, 2)};\n`,
	"a cell of Markdown": (value) => `| image | manifest |\n| --- | --- |\n| app | \`${json(value)}\` |\n`,
	YAML: (value) => `---${yaml(value)}\n`,
	"ConvertTo-Json": powershell,
	"lines filled to 72": (value) => filled(spaced(value), 72),
	"a backslash at 78": (value) =>
		json(value)
			.match(/.{1,78}/gs)
			?.join("\\\n") ?? "",
	"no-break spaces": (value) => json(value, 2).replaceAll("  ", "\u00a0 "),
	colours: coloured("\u001b"),
	"colours without their escape": coloured(""),
	"colours written out": coloured("^["),
	"null left out": withoutNull,
	"a property of Java": (value) => `manifest=${json(value).replaceAll("\\", "\\\\").replaceAll(":", "\\:")}\n`,
};
