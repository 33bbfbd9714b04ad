// In the page: every answer of a registry or a proxy ends in a verdict or an error with its code, and the page stays usable.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BAD_DOCUMENTS, lies } from "./support/lies.mjs";
import {
	alert,
	ask,
	assertFailed,
	box,
	errorCode,
	inspect,
	openSection,
	openTab,
	shown,
	verdict,
} from "./support/page.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

/** A page that shows a good image, then asks the liar for another one; afterwards a good one must work again. */
function lied(path, lie, body, name = "schema2") {
	return world.onPage(
		async (page) => {
			await inspect(page, world.ref("oci"));
			world.liar.reset();
			world.liar.lie(path, lie);
			const reference = world.ref(name, world.liar.host);
			await ask(page, reference);
			await body(page, reference);
			world.liar.reset();
			assert.doesNotMatch(await inspect(page, world.ref("arm64")), /failed/);
			assert.equal(await alert(page).count(), 0);
		},
		{ expected: FAILED_LOAD },
	);
}

for (const [name, lie, code] of [
	["404", lies.status(404), "not-found"],
	["401", lies.unauthorized(), "unauthorized"],
	["403", lies.status(403, {}, { errors: [{ code: "DENIED", message: "no" }] }), "forbidden"],
	["HTML instead of JSON", lies.html(), "html-instead-of-json"],
	["a cut connection", lies.cut(40), "truncated-body"],
]) {
	test(`${name} is the error ${code}; what was shown stays`, () =>
		lied(/manifests/, lie, async (page) => {
			assert.equal(await errorCode(page), code);
			assert.match(await shown(page, world.ref("oci")), /Every digest matches/, "what was shown stays");
		}));
}

test("how many pulls are left is said, where the registry says so", () =>
	world.onPage(async (page) => {
		world.liar.reset();
		world.liar.lie(/manifests/, lies.header("ratelimit-remaining", "87;w=21600"));
		await inspect(page, world.ref("schema2", world.liar.host));
		await openSection(page, "Raw and requests");
		await page.getByText(`${world.liar.host} counts pulls: it grants this address 87 more for now.`).waitFor();
		world.liar.reset();
		await inspect(page, world.ref("oci"));
		await openSection(page, "Raw and requests");
		assert.equal(await page.getByText("counts pulls").count(), 0, "where it does not, nothing is");
	}));

test("429 with a short wait is waited for, in words", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			world.liar.lie(/manifests/, lies.rateLimited(1), 1);
			const reference = world.ref("schema2", world.liar.host);
			await ask(page, reference);
			await page
				.getByText(/^Waiting 1 s/)
				.first()
				.waitFor();
			assert.doesNotMatch(await shown(page, reference), /failed/);
		},
		{ expected: FAILED_LOAD },
	));

test("a byte flipped in a pinned manifest: failed in place, both digests", () =>
	world.onPage(async (page) => {
		const { oci } = world.images;
		world.liar.reset();
		world.liar.lie(/manifests/, lies.replace("greeter", "greedy!"));
		const reference = `${world.liar.host}/demo/app@${oci.digest}`;
		await inspect(page, reference);
		await assertFailed(page, oci.digest);
		world.liar.reset();
		assert.doesNotMatch(await inspect(page, world.ref("oci")), /failed/);
	}));

test("a byte flipped in a config: failed in place, both digests, and the tree opens at it", () =>
	lied(/blobs/, lies.replace('"os":"linux"', '"os":"Linux"'), async (page, reference) => {
		await shown(page, reference);
		const { config } = JSON.parse(world.images.schema2.text);
		await assertFailed(page, config.digest);
		const checks = await openTab(page, "config", /^Checks/);
		await checks.getByText(config.digest).first().waitFor();
		await checks.getByText("from the descriptor in the document above").first().waitFor();
	}));

test("a wrong Docker-Content-Digest is shown as a wrong claim with both values", () => {
	const claimed = `sha256:${"0".repeat(64)}`;
	return lied(/manifests/, lies.header("docker-content-digest", claimed), async (page, reference) => {
		await shown(page, reference);
		const checks = await openTab(page, "manifest", /^Checks/);
		await checks.getByText(claimed).first().waitFor();
		await checks.getByText(world.images.schema2.digest).first().waitFor();
	});
});

for (const [name, lie] of BAD_DOCUMENTS) {
	test(`${name} ends in a failed check or an error with a code`, () =>
		lied(/manifests\/v1/, lie, async (page, reference) => {
			const failed = verdict(page).locator(".subject").getByText(reference, { exact: true });
			await failed.or(alert(page)).first().waitFor();
			if (await alert(page).count())
				assert.match(await errorCode(page), /^(limit-exceeded|invalid-json|registry-error|truncated-body)$/);
			// A limit of ours disproves nothing: the document is not checked, which stands below the verdict.
			else if (/was not read to its end: the document nests deeper/.test(await verdict(page).innerText()))
				assert.match(name, /depth bomb|million brackets/);
			else await assertFailed(page);
		}));
}

test("indexes that name each other end", () =>
	world.onPage(async (page) => {
		const [one, two] = lies.cycle(`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`);
		world.liar.reset();
		world.liar.lie(/\/manifests\/(loop|sha256:a)/, one);
		world.liar.lie(/\/manifests\/sha256:b/, two);
		await inspect(page, `${world.liar.host}/demo/app:loop`);
		await assertFailed(page);
		assert.ok(world.liar.requests.length < 20, `${world.liar.requests.length} requests`);
	}));

test("a slow answer is a good answer", () =>
	lied(/manifests/, lies.trickle(50), async (page, reference) => {
		assert.doesNotMatch(await shown(page, reference), /failed/);
	}));

test("a newer question ends a stalled one", () =>
	lied(/manifests/, lies.stall(10), async (page) => {
		await page.getByRole("progressbar").waitFor();
		assert.doesNotMatch(await inspect(page, world.ref("index")), /failed/);
	}));

test("a registry that is not there is registry-unreachable, and one that is not allowed is proxy-refused", () =>
	world.onPage(
		async (page) => {
			await ask(page, "127.0.0.1:9/demo/app:v1");
			assert.equal(await errorCode(page), "proxy-refused");
			await page.getByRole("button", { name: "Dismiss" }).click();
			await alert(page).waitFor({ state: "detached" });
		},
		{ expected: FAILED_LOAD },
	));

test("a reference that is none is refused with what is wrong about it", () =>
	world.onPage(async (page) => {
		await ask(page, "Busybox:UPPER/case");
		assert.equal(await errorCode(page), "invalid-reference");
		await box(page).fill(world.ref("oci"));
		await box(page).press("Enter");
		await shown(page, world.ref("oci"));
		assert.equal(await alert(page).count(), 0);
	}));

test("a worker that breaks down is an error, and a new one shows the next image", () =>
	world.onPage(
		async (page) => {
			await inspect(page, world.ref("oci"));
			world.liar.reset();
			world.liar.lie(/manifests/, lies.stall(10));
			await ask(page, world.ref("schema2", world.liar.host));
			await page.getByRole("button", { name: "Cancel" }).waitFor();
			await page.workers()[0].evaluate(
				() =>
					void setTimeout(() =>
						Promise.resolve().then(() =>
							queueMicrotask(() => {
								throw new Error("made up");
							}),
						),
					),
			);
			assert.equal(await errorCode(page), "broken-down");
			await alert(page).getByText("Details", { exact: true }).click();
			assert.match(await alert(page).innerText(), /made up/);
			world.liar.reset();
			assert.doesNotMatch(await inspect(page, world.ref("arm64")), /failed/);
			assert.equal(await alert(page).count(), 0);
		},
		{ expected: /made up|Failed to load resource/ },
	));

// The last one here: the proxy, too, leaves a registry alone that says for how long.
test("429 says when to try again", () =>
	lied(/manifests/, lies.rateLimited(3600), async (page) => {
		assert.equal(await errorCode(page), "rate-limited");
		assert.match(await alert(page).innerText(), /Try again in 60 min/);
	}));
