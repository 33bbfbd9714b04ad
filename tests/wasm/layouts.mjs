// Off the line, under the boundary tests: an OCI layout with one image, as the files that an archive or a folder of it has.

import { digestOf } from "./layer-registry.mjs";

export const oci = (/** @type {string} */ name) => `application/vnd.oci.image.${name}`;

export const descriptor = (/** @type {string} */ mediaType, /** @type {Buffer} */ bytes) => ({
	mediaType: oci(mediaType),
	digest: digestOf(bytes),
	size: bytes.length,
});

/** @param {Buffer} bytes @returns {[string, any]} */
export const blob = (bytes) => [`blobs/sha256/${digestOf(bytes).slice(7)}`, bytes];

/** In the order of who follows the documents. @param {Buffer[]} layers @returns {[string, any][]} */
export function layout(layers, tag = "v1") {
	const rootfs = { type: "layers", diff_ids: layers.map(digestOf) };
	const history = layers.map(() => ({ created_by: "RUN make" }));
	const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", rootfs, history }));
	const manifest = Buffer.from(
		JSON.stringify({
			...{ schemaVersion: 2, mediaType: oci("manifest.v1+json"), config: descriptor("config.v1+json", config) },
			layers: layers.map((layer) => descriptor("layer.v1.tar", layer)),
		}),
	);
	const annotations = { "org.opencontainers.image.ref.name": tag };
	const index = { schemaVersion: 2, manifests: [{ ...descriptor("manifest.v1+json", manifest), annotations }] };
	return [
		["oci-layout", '{"imageLayoutVersion":"1.0.0"}'],
		["index.json", JSON.stringify(index)],
		...[manifest, config, ...layers].map(blob),
	];
}
