// Writes the output of Docker's commands for the image as it is, line by line, with the digests at their places.

/**
 * @typedef {import("./lesson.js").Results} Results
 * @typedef {{ of: (results: Results) => string | undefined, short?: boolean }} Slot a digest, whole or its first 12 digits
 * @typedef {{ title: string, lines: (string | Slot)[][] }} Command `title`: a key of the strings' `how.console.*`
 */

const NAME = "stowplan/hello";

/** @param {Slot["of"]} of @returns {Slot} */
const short = (of) => ({ of, short: true });

/** As the manifest names it. @param {number} at @returns {Slot["of"]} */
const layer =
	(at) =>
	({ parts }) =>
		parts.manifest.names.filter(({ kind }) => kind === "layer")[at]?.digest ?? undefined;

/** As the config states it. @param {number} at @returns {Slot} */
const diffId = (at) => ({ of: ({ parts }) => parts.config.diffIds[at] });

/** @param {Slot["of"]} of */
const images = (of) => [
	["$ docker images"],
	["REPOSITORY       TAG      IMAGE ID"],
	[`${NAME}   latest   `, short(of)],
];

/** @type {Command[]} */
export const COMMANDS = [
	{
		title: "pull",
		lines: [
			[`$ docker pull ${NAME}`],
			[short(layer(0)), ": Pull complete"],
			[short(layer(1)), ": Pull complete"],
			["Digest: ", { of: ({ digests }) => digests.index }],
		],
	},
	{ title: "classic", lines: images(({ digests }) => digests.config) },
	{ title: "containerd", lines: images(({ digests }) => digests.index) },
	{
		title: "inspect",
		lines: [
			[`$ docker inspect -f '{{json .RootFS.Layers}}' ${NAME}`],
			['["', diffId(0), '",'],
			[' "', diffId(1), '"]'],
		],
	},
];
