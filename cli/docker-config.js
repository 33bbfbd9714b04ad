// Credentials as Docker keeps them: config.json, and the helper programs that it names. Nothing is run through a shell.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fault } from "./fault.js";

/** @typedef {import("../www/types.js").Credential} Credential */

/** The names of Docker Hub in Docker's configuration. */
const HUB = ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"];
/** A helper answers at once, or asks its user. */
const LONGEST_MS = 60_000;
/** The longest output of a helper that is read, in bytes. */
const MOST = 1 << 20;
/** A helper is a program's name: no path, no option. */
const HELPER = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** The messages of helpers that have nothing for a registry. */
const NOTHING = /credentials not found|not found in (native )?keychain|no credentials/i;

/**
 * The credentials that Docker would send to this registry.
 * @param {string} registry
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Credential[]>} one, or none
 */
export async function dockerCredentials(registry, env = process.env) {
	const config = await configuration(path.join(env.DOCKER_CONFIG || path.join(homedir(), ".docker"), "config.json"));
	const names = HUB.includes(registry) ? HUB : [registry];
	for (const name of names) {
		const helper = own(config.credHelpers, name) ?? config.credsStore;
		const found = (helper && (await asked(String(helper), name, env))) || written(config.auths, name);
		if (found) return [{ registry, ...found }];
	}
	return [];
}

/** @param {string} file @returns {Promise<any>} */
async function configuration(file) {
	const text = await readFile(file, "utf8").catch((error) => {
		if (error.code === "ENOENT" || error.code === "ENOTDIR") return "{}";
		throw fault("docker-config", `${file} cannot be read: ${error.message}`);
	});
	try {
		const config = JSON.parse(text);
		if (typeof config === "object" && config) return config;
	} catch {}
	throw fault("docker-config", `${file} is not a JSON object`);
}

/** @param {any} table @param {string} name */
const own = (table, name) => (table && Object.hasOwn(table, name) ? table[name] : undefined);

/** Docker writes some registries with a scheme or a path. @param {any} auths @param {string} name */
function written(auths, name) {
	const key = Object.keys(auths ?? {}).find(
		(one) => one === name || one.replace(/^https?:\/\//, "").replace(/\/(v[12]\/?)?$/, "") === name,
	);
	const { auth, username, password, identitytoken } = own(auths, key ?? "") ?? {};
	if (identitytoken) throw identityToken(name);
	if (username && password) return { username, password };
	const [user, ...rest] = Buffer.from(String(auth ?? ""), "base64")
		.toString("utf8")
		.split(":");
	return user && rest.length > 0 ? { username: user, password: rest.join(":") } : undefined;
}

/** @param {string} helper @param {string} name @param {NodeJS.ProcessEnv} env */
async function asked(helper, name, env) {
	if (!HELPER.test(helper)) throw fault("credential-helper", `"${helper}" is no name of a credential helper`);
	const program = `docker-credential-${helper}`;
	const { code, stdout, message } = await run(program, name, env);
	if (code !== 0) {
		if (NOTHING.test(stdout) || NOTHING.test(message)) return undefined;
		throw fault("credential-helper", `${program} failed for ${name}: ${(stdout.trim() || message).slice(0, 300)}`);
	}
	/** @type {any} */
	let said;
	try {
		said = JSON.parse(stdout);
	} catch {
		throw fault("credential-helper", `${program} did not answer with JSON`);
	}
	if (said?.Username === "<token>") throw identityToken(name);
	return said?.Username && said.Secret ? { username: String(said.Username), password: String(said.Secret) } : undefined;
}

/** @param {string} name */
const identityToken = (name) =>
	fault(
		"identity-token",
		`Docker has an identity token for ${name}, which is not read here: give --username and --password`,
	);

/**
 * @param {string} program @param {string} input @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ code: number, stdout: string, message: string }>}
 */
function run(program, input, env) {
	return new Promise((resolve) => {
		const options = { timeout: LONGEST_MS, maxBuffer: MOST, env, shell: false };
		const child = execFile(program, ["get"], options, (error, stdout, stderr) => {
			const message = stderr.trim() || (error?.message ?? "");
			resolve({ code: error ? 1 : 0, stdout, message });
		});
		// A helper that reads nothing closes its end: its exit code tells the rest.
		child.stdin?.on("error", () => {});
		child.stdin?.end(input);
	});
}
