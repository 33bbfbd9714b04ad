// Programs that carry a text: numbers, prefixes, encodings, strings of languages. Each takes the document's own text.

import { gzipSync } from "node:zlib";

const lines = (text) => text.replace(/\n$/, "").split("\n");
const each = (write) => (text) =>
	`${lines(text)
		.map((line, at) => write(line, at + 1))
		.join("\n")}\n`;
const wrapped = (text, width) => text.match(new RegExp(`.{1,${width}}`, "gs"))?.join("\n") ?? "";
const base64 = (text) => Buffer.from(text).toString("base64");
const hex = (byte) => byte.toString(16).padStart(2, "0");
/** @param {string} text @returns {[number, number[]][]} an offset and its bytes */
const rows = (text) =>
	Array.from({ length: Math.ceil(Buffer.byteLength(text) / 16) }, (_, at) => [
		at * 16,
		[...Buffer.from(text).subarray(at * 16, at * 16 + 16)],
	]);
const printable = (bytes) => bytes.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
const entities = (text) =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const od = (write) => (text) =>
	`${rows(text)
		.map(([at, bytes]) => `${at.toString(8).padStart(7, "0")}${bytes.map(write).join("")}`)
		.join("\n")}\n${Buffer.byteLength(text).toString(8).padStart(7, "0")}\n`;

const character = (byte) =>
	({ 9: "\\t", 10: "\\n", 13: "\\r" })[byte] ??
	(byte > 31 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0"));

/** @type {Record<string, (text: string) => string>} */
export const CARRIERS = {
	"cat -n": each((line, at) => `${String(at).padStart(6)}\t${line}`),
	"grep -n": each((line, at) => `${at}:${line}`),
	"grep -Hn": each((line, at) => `blobs/manifest.json:${at}:${line}`),
	"less -N": each((line, at) => `${String(at).padStart(7)} ${line}`),
	bat: each((line, at) => `${String(at).padStart(4)} │ ${line}`),
	"numbers on lines of their own": each((line, at) => `${at}\n${line}`),
	"cat -A": (text) => `${text.replaceAll("\t", "^I").replaceAll("\n", "$\n")}`,
	"a diff": (text) =>
		`diff --git a/m b/m\n--- /dev/null\n+++ b/m\n@@ -0,0 +1,9 @@\n${each((line) => `+${line}`)(text)}`,
	"a quoted fence": (text) => each((line) => `> ${line}`)(`\`\`\`json\n${text.replace(/\n$/, "")}\n\`\`\``),
	"a log of compose": each((line) => `web-1  | ${line}`),
	"a log of Actions": each((line, at) => `2024-03-02T10:11:12.${String(at * 7919).padStart(7, "0")}Z ${line}`),
	"a journal": each((line, at) => `Mar 02 10:11:${String(at % 60).padStart(2, "0")} node-1 kubelet[1234]: ${line}`),
	"Docker's log": (text) =>
		`${text
			.split("\n")
			.map((line, at, all) => (at < all.length - 1 ? `${line}\n` : line))
			.filter(Boolean)
			.map((log) => JSON.stringify({ log, stream: "stdout" }))
			.join("\n")}\n`,
	"a notebook": (text) => JSON.stringify({ cells: [{ outputs: [{ text: text.match(/[^\n]*\n|[^\n]+$/g) }] }] }),
	comments: each((line) => `// ${line}`),
	"a frame": (text) => `┌${"─".repeat(122)}┐\n${each((line) => `│ ${line.padEnd(120)} │`)(text)}└${"─".repeat(122)}┘\n`,
	"base64 at 76": (text) => `${wrapped(base64(text), 76)}\n`,
	"base64 at 64": (text) => `-----BEGIN DATA-----\n${wrapped(base64(text), 64)}\n-----END DATA-----\n`,
	"base64 for addresses": (text) => Buffer.from(text).toString("base64url"),
	"base64 of gzip": (text) => gzipSync(text).toString("base64"),
	"a data URL": (text) => `data:application/json;base64,${base64(text)}`,
	"percent-encoding": (text) => encodeURIComponent(text),
	"a form": (text) => `m=${new URLSearchParams({ m: text }).toString().slice(2)}`,
	"quoted-printable": (text) =>
		text
			.replaceAll("=", "=3D")
			.split("\n")
			.map((line) => wrapped(line, 75).replaceAll("\n", "=\n"))
			.join("\n"),
	xxd: (text) =>
		`${rows(text)
			.map(
				([at, bytes]) =>
					`${at.toString(16).padStart(8, "0")}: ${bytes
						.map(hex)
						.join("")
						.match(/.{1,4}/g)
						?.join(" ")
						.padEnd(39)}  ${printable(bytes)}`,
			)
			.join("\n")}\n`,
	"xxd -p": (text) => `${wrapped(Buffer.from(text).toString("hex"), 60)}\n`,
	"xxd -b": (text) =>
		`${rows(text)
			.map(
				([at, bytes]) =>
					`${at.toString(16).padStart(8, "0")}: ${bytes.map((byte) => byte.toString(2).padStart(8, "0")).join(" ")}  ${printable(bytes)}`,
			)
			.join("\n")}\n`,
	"hexdump -C": (text) =>
		`${rows(text)
			.map(
				([at, bytes]) =>
					`${at.toString(16).padStart(8, "0")}  ${bytes.map(hex).join(" ").padEnd(48)}  |${printable(bytes)}|`,
			)
			.join("\n")}\n`,
	"od -c": od((byte) => character(byte).padStart(4)),
	"od -t x1": od((byte) => ` ${hex(byte)}`),
	"od -b": od((byte) => ` ${byte.toString(8).padStart(3, "0")}`),
	"bytes of Go": (text) => `[${[...Buffer.from(text)].join(" ")}]`,
	"a Buffer in JSON": (text) => JSON.stringify(Buffer.from(text)),
	"a string of Go": (text) => JSON.stringify(text),
	"a string of C": (text) =>
		`const char *m =\n${text
			.split("\n")
			.map((line, at, all) => `    ${JSON.stringify(line + (at < all.length - 1 ? "\n" : ""))}`)
			.join("\n")};\n`,
	"a template of JavaScript": (text) =>
		`const m = \`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\`;\n`,
	"bytes of Python": (text) => `b'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`,
	"a raw string of Rust": (text) => `let m = r#"${text}"#;\n`,
	"a string of C#": (text) => `var m = @"${text.replaceAll('"', '""')}";\n`,
	"a cell of CSV": (text) => `name,manifest\r\napp,"${text.replaceAll('"', '""')}"\r\n`,
	"a here-document": (text) => `cat > m.json <<'EOF'\n${text}\nEOF\n`,
	"quotes of a shell": (text) => `M='${text.replaceAll("'", "'\\''")}'\n`,
	"a member in JSON": (text) => JSON.stringify({ images: [{ imageManifest: text }] }, null, 4),
	"a message in JSON": (text) => JSON.stringify({ level: "info", msg: `got ${text}` }),
	"a page": (text) => `<pre>${entities(text)}</pre>`,
	"a page with breaks": (text) => entities(text).replaceAll("\n", "<br>\n").replaceAll("  ", "&nbsp; "),
	"curled quotes": (text) => text.replace(/"([^"]*)"/g, "“$1”"),
	"quotes of French": (text) => text.replace(/"([^"]*)"/g, "«\u00a0$1\u00a0»"),
	"lines of Windows": (text) => text.replaceAll("\n", "\r\n"),
	"Jira's block": (text) => `See\n{code:json}\n${text}\n{code}\n`,
	"80 columns": (text) =>
		text
			.split("\n")
			.map((line) => wrapped(line, 80))
			.join("\n"),
};
