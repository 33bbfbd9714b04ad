// Off the line, benchmark: the same answer from the command line, for comparison.

import { run } from "../e2e/support/process.mjs";
import { RUNS, spread } from "./statistics.mjs";

/** Index, both manifests and both configs of the same image, each hashed: what the page shows. */
export async function shell(world) {
	const { host, url } = world.registry;
	const { manifests } = JSON.parse(world.images.index.text);
	const image = `docker://${host}/demo/app`;
	const skopeo = `skopeo inspect --tls-verify=false`;
	const parts = manifests
		.slice(0, 2)
		.map(({ digest }) => [
			`${skopeo} --raw ${image}@${digest} | sha256sum`,
			`${skopeo} --config --raw ${image}@${digest} | sha256sum`,
		]);
	const all = [`${skopeo} --raw ${image}:multi | sha256sum`, ...parts.flat()];
	const curl = (path) => `curl -sf -H 'Accept: */*' ${url}/v2/demo/app/${path} | sha256sum`;
	const configs = ["oci", "arm64"].map((name) => JSON.parse(world.images[name].text).config.digest);
	const direct = [
		`curl -sf -H 'Accept: application/vnd.oci.image.index.v1+json' ${url}/v2/demo/app/manifests/multi | sha256sum`,
		...manifests.slice(0, 2).map(({ mediaType, digest }) => curl(`manifests/${digest}`).replace("*/*", mediaType)),
		...configs.map((digest) => curl(`blobs/${digest}`)),
	];
	return [
		{
			what: "peer: skopeo inspect and sha256sum, five documents one after the other",
			result: spread(await timed(all)),
		},
		{ what: "peer: curl and sha256sum, the same five documents", result: spread(await timed(direct)) },
	];
}

async function timed(commands) {
	const times = [];
	for (let round = 0; round < RUNS; round++) {
		const start = performance.now();
		const output = await run("sh", ["-ec", commands.join("\n")]);
		times.push(performance.now() - start);
		if (output.trim().split("\n").length !== commands.length) throw new Error(`a command printed nothing: ${output}`);
	}
	return times;
}
