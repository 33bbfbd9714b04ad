// Off the line, first step of the test images: OCI layouts from this machine's files, with umoci and skopeo, offline.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./process.mjs";

const CREATED = "2024-02-29T12:34:56Z";

/** The `created_by` of the first layer: several lines, as BuildKit writes a heredoc. */
export const LONG_COMMAND = `RUN /bin/sh -c set -eux;
	install -d /usr/local/bin;
	cp busybox /bin/busybox # buildkit`;

/** Text that must never become markup. */
export const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>\u202e\u001b[31m`;

/**
 * Makes the layout `app` with the tags `amd64` and `arm64`: three layers each, the last one with a whiteout.
 * @param {string} folder an empty folder
 * @returns {Promise<string>} the layout's path
 */
export async function makeApp(folder) {
	const layout = join(folder, "app");
	writeSources(folder);
	await run("umoci", ["init", "--layout", layout]);
	await run("umoci", ["new", "--image", `${layout}:amd64`]);
	await insert(layout, LONG_COMMAND, "/bin/busybox", "/bin/busybox");
	await insert(layout, "COPY greetings /srv/greetings # buildkit", join(folder, "greetings"), "/srv/greetings");
	await insert(layout, "RUN rm /srv/greetings/klingon.txt", "--whiteout", "/srv/greetings/klingon.txt");
	await configure(layout, "amd64", "amd64");
	await configure(layout, "arm64", "arm64");
	return layout;
}

/** Pushes the same image with layers compressed with zstd into an empty registry (into another, skopeo reuses gzip ones). */
export async function pushZstd(folder, layout, emptyHost, name) {
	const plain = join(folder, "plain");
	const options = ["--dest-tls-verify=false", "--dest-compress-format", "zstd", "--format", "oci"];
	await run("skopeo", ["copy", "-q", "--dest-decompress", `oci:${layout}:amd64`, `dir:${plain}`]);
	await run("skopeo", ["copy", "-q", ...options, `dir:${plain}`, `docker://${emptyHost}/${name}`]);
}

/** Pushes an image of a layout in one of skopeo's formats. */
export function push(layout, tag, host, name, format = "oci") {
	const options = ["-q", "--dest-tls-verify=false", "--format", format];
	return run("skopeo", ["copy", ...options, `oci:${layout}:${tag}`, `docker://${host}/${name}`]);
}

function writeSources(folder) {
	mkdirSync(join(folder, "greetings"), { recursive: true });
	const greetings = { "english.txt": "hello\n", "中文.txt": "你好\n", "klingon.txt": "nuqneH\n" };
	for (const [name, text] of Object.entries(greetings)) writeFileSync(join(folder, "greetings", name), text);
	writeFileSync(
		join(folder, "greetings", "long.txt"),
		Array.from({ length: 4000 }, (_, i) => `line ${i * i}\n`).join(""),
	);
}

function insert(layout, createdBy, ...what) {
	const history = ["--history.created", CREATED, "--history.created_by", createdBy];
	return run("umoci", ["insert", "--image", `${layout}:amd64`, ...history, ...what]);
}

function configure(layout, tag, architecture) {
	const options = {
		"config.entrypoint": "/bin/busybox",
		"config.cmd": "cat /srv/greetings/english.txt",
		"config.env": "GREETING=hello",
		"config.label": `org.example.hostile=${HOSTILE}`,
		"config.workingdir": "/srv",
		"config.user": "1000:1000",
		"config.exposedports": "8080/tcp",
		"config.stopsignal": "SIGINT",
		"manifest.annotation": "org.opencontainers.image.title=greeter",
		"history.created": CREATED,
		"history.created_by": 'ENTRYPOINT ["/bin/busybox"]',
		created: CREATED,
		author: "Ada <ada@example.invalid>",
		architecture,
		os: "linux",
	};
	const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
	return run("umoci", ["config", "--image", `${layout}:amd64`, "--tag", tag, ...args]);
}
