// A global `fetch` that breaks its contract: the request fails with a code, and the module works on.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { startLiar } from "../e2e/support/lying-proxy.mjs";
import { startRegistry } from "../e2e/support/registry.mjs";
import { starter } from "../e2e/support/starter.mjs";
import { api, codeOf, freshImage } from "./support.mjs";

const start = starter();
let registry;
let proxy;

before(async () => {
	registry = await start(startRegistry());
	({ proxy } = await start(startLiar(registry.host)));
});

const thrower = {
	get message() {
		throw new Error("a getter that throws");
	},
};

/** Deviations of the global `fetch` from the standard. */
const FETCHES = {
	"throws at once": () => {
		throw new Error("no fetch here");
	},
	"throws a value that is no error": () => {
		throw "text";
	},
	"rejects with nothing": () => Promise.reject(),
	"rejects with null": () => Promise.reject(null),
	"rejects with a text": () => Promise.reject("offline"),
	"rejects with a number": () => Promise.reject(42),
	"rejects with a symbol": () => Promise.reject(Symbol("no")),
	"rejects with an object without a message": () => Promise.reject({ code: 7 }),
	"rejects with an object whose message throws": () => Promise.reject(thrower),
	"resolves with nothing": () => Promise.resolve(),
	"resolves with an object that is no response": () => Promise.resolve({ status: 200, headers: {} }),
	"resolves with a response whose body fails with a text": () =>
		Promise.resolve(
			new Response(
				new ReadableStream({
					pull(controller) {
						controller.error("cut");
					},
				}),
			),
		),
};

for (const [name, hostile] of Object.entries(FETCHES)) {
	test(`a fetch that ${name} ends in a code, and the next request works`, async () => {
		const image = await freshImage(registry.url);
		const reference = `${registry.host}/${image.name}@${image.digest}`;
		const real = globalThis.fetch;
		globalThis.fetch = /** @type {any} */ (hostile);
		try {
			const error = await api.inspect(reference, { proxy }).then(
				() => assert.fail("it gave a report"),
				(error) => error,
			);
			assert.match(codeOf(error) ?? "", /^(registry-unreachable|truncated-body)$/);
		} finally {
			globalThis.fetch = real;
		}
		const report = await api.inspect(reference, { proxy });
		assert.equal(report.nodes[0].digest, image.digest);
	});
}
