// The attack table against the adapters of the policy: the server's binary, the Worker in workerd, and `stowplan serve`.

import { after, before, describe, test } from "node:test";
import { assertStillWell, attack, MOST, startUpstreams } from "./attacks/runner.mjs";
import { CASES } from "./attacks/table.mjs";
import { startApp } from "./support/app.mjs";
import { startEdge } from "./support/edge.mjs";
import { startPageServer } from "./support/served.mjs";

const ORIGINS = ["https://listed.example"];

/** Clocks to wait for; all else is asked of adapters with their own, which a busy machine does not miss. */
const SHORT = { STOWPLAN_FIRST_BYTE: "5", STOWPLAN_BODY_IDLE: "2" };

/** Starts each adapter with the same settings; the server's clocks are no settings. */
const ADAPTERS = {
	server: (plainHttp, { any }) =>
		startApp({
			plainHttp,
			more: [...ORIGINS.flatMap((one) => ["--origin", one]), `--max-body=${MOST}`, ...(any ? ["--allow-any"] : [])],
		}),
	edge: (plainHttp, { any, short }) =>
		startEdge({
			plainHttp,
			origins: ORIGINS,
			variables: { STOWPLAN_MAX_BODY: String(MOST), STOWPLAN_ALLOW_ANY: String(any), ...(short ? SHORT : {}) },
		}),
	npm: (plainHttp, { any, short }) =>
		startPageServer(
			[
				...plainHttp.flatMap((host) => ["--plain-http", host]),
				...ORIGINS.flatMap((one) => ["--origin", one]),
				...(any ? ["--allow-any"] : []),
			],
			{ env: { STOWPLAN_MAX_BODY: String(MOST), ...(short ? SHORT : {}) } },
		),
};

const SLOW = CASES.filter((one) => one.slow);
const QUICK = CASES.filter((one) => !one.slow);
const runs = Object.entries(ADAPTERS).map(([adapter, start]) => ({
	adapter,
	start,
	world: /** @type {{ named: any, any: any }} */ ({}),
	slow: new Map(),
}));

before(async () => {
	for (const run of runs) await prepare(run);
});
after(() => Promise.all(runs.flatMap(({ world, slow }) => [world.named?.stop(), world.any?.stop(), ...slow.values()])));

async function prepare({ adapter, start, world, slow }) {
	/** An upstream and an adapter before it. */
	const stand = async ({ any = false, short = false }) => {
		const upstreams = await startUpstreams();
		const app = await start([upstreams.hosts.upstream, upstreams.hosts.other], { any, short });
		const stop = () => Promise.all([app.stop(), upstreams.stop()]);
		return { upstreams, own: new URL(app.url).host, stop };
	};
	[world.named, world.any] = await Promise.all([stand({}), stand({ any: true })]);
	// Cases that end with a time-out run on the side, each before an adapter that is up and has answered once:
	// the clocks under test are short, and they are not to measure a start on a busy machine.
	for (const one of SLOW) {
		const aside = await stand({ short: true });
		await assertStillWell(aside.upstreams, aside.own);
		const outcome = attack(aside.upstreams, adapter, aside.own, one).then(
			() => undefined,
			(error) => error,
		);
		slow.set(one, outcome.finally(aside.stop));
	}
}

for (const { adapter, world, slow } of runs) {
	describe(`attacks against the ${adapter}`, () => {
		for (const one of QUICK) {
			test(`${adapter}: ${one.name}`, () => {
				const { upstreams, own } = one.any ? world.any : world.named;
				return attack(upstreams, adapter, own, one);
			});
		}
		for (const one of SLOW) {
			test(`${adapter}: ${one.name}`, async () => {
				const error = await slow.get(one);
				if (error) throw error;
			});
		}
	});
}
