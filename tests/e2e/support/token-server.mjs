// Off the line, beside the token registry: the token server of the distribution spec's "Token Authentication".
import { createHash, createPrivateKey, createSign, randomUUID, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { listen, run } from "./process.mjs";

const SERVICE = "stowplan-test-registry";
const ISSUER = "stowplan-test-issuer";
const PRIVATE = /^private\//;

/**
 * Anonymous clients may pull what is not under `private/`; the user may pull and push everything.
 * @param {string} folder where key and certificate are made
 */
export async function startTokenServer(folder, user) {
	const { key, certificate, rootcertbundle } = await makeCertificate(folder);
	const server = createServer((request, response) => answer(request, response, user, { key, certificate }));
	const { host, stop } = await listen(server);
	return { realm: `http://${host}/token`, service: SERVICE, issuer: ISSUER, rootcertbundle, host, stop };
}

async function makeCertificate(folder) {
	const [keyFile, certificateFile] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
	const subject = ["-subj", "/CN=stowplan-test", "-days", "2", "-nodes"];
	await run("openssl", [
		"req",
		"-x509",
		"-newkey",
		"rsa:2048",
		...subject,
		"-keyout",
		keyFile,
		"-out",
		certificateFile,
	]);
	const certificate = readFileSync(certificateFile, "utf8").replace(/-----[A-Z ]+-----|\s/g, "");
	return { key: createPrivateKey(readFileSync(keyFile)), certificate, rootcertbundle: certificateFile };
}

function answer(request, response, user, signer) {
	const url = new URL(request.url, "http://token.invalid");
	const known = isUser(request.headers.authorization, user);
	if (url.pathname !== "/token") return json(response, 404, { details: "no such page" });
	if (request.headers.authorization && !known)
		return json(response, 401, { details: "incorrect username or password" });
	const access = url.searchParams.getAll("scope").flatMap((scope) => granted(scope, known));
	return json(response, 200, { token: sign(access, known ? user.username : "", signer) });
}

function isUser(header, { username, password }) {
	if (!header?.startsWith("Basic ")) return false;
	const hash = (bytes) => createHash("sha256").update(bytes).digest();
	return timingSafeEqual(hash(Buffer.from(header.slice(6), "base64")), hash(Buffer.from(`${username}:${password}`)));
}

/** `repository:demo/app:pull,push` -> what of it is allowed. */
function granted(scope, known) {
	const [, type, name, wanted] = /^([^:]+):(.+):([^:]*)$/.exec(scope) ?? [];
	if (type !== "repository") return [];
	const allowed = (action) => known || (action === "pull" && !PRIVATE.test(name));
	const actions = wanted.split(",").filter(allowed);
	return actions.length ? [{ type, name, actions }] : [];
}

function sign(access, sub, { key, certificate }) {
	const now = Math.floor(Date.now() / 1000);
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const claims = { iss: ISSUER, sub, aud: SERVICE, iat: now, nbf: now - 10, exp: now + 300, jti: randomUUID(), access };
	const text = `${part({ typ: "JWT", alg: "RS256", x5c: [certificate] })}.${part(claims)}`;
	return `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`;
}

function json(response, status, body) {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
