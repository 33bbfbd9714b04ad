// The attack table against both adapters of the policy: the server's binary, and the Worker in workerd.

import { after, before, describe, test } from "node:test";
import { assertStillWell, attack, MOST, startUpstreams } from "./attacks/runner.mjs";
import { CASES } from "./attacks/table.mjs";
import { startApp } from "./support/app.mjs";
import { startEdge } from "./support/edge.mjs";

const ORIGINS = ["https://listed.example"];

/** How each adapter is started, with the same settings. */
const ADAPTERS = {
	server: (plainHttp, any) =>
		startApp({
			plainHttp,
			more: [...ORIGINS.flatMap((one) => ["--origin", one]), `--max-body=${MOST}`, ...(any ? ["--allow-any"] : [])],
		}),
	edge: (plainHttp, any) =>
		startEdge({
			plainHttp,
			origins: ORIGINS,
			variables: { STOWPLAN_MAX_BODY: String(MOST), STOWPLAN_ALLOW_ANY: String(any) },
		}),
};

for (const [adapter, start] of Object.entries(ADAPTERS)) {
	describe(`attacks against the ${adapter}`, () => {
		const world = /** @type {{ upstreams: any, named: any, any: any }} */ ({});
		const slow = new Map();

		/** An upstream and an adapter before it. */
		const stand = async (any) => {
			const upstreams = await startUpstreams();
			const app = await start([upstreams.hosts.upstream, upstreams.hosts.other], any);
			const stop = () => Promise.all([app.stop(), upstreams.stop()]);
			return { upstreams, own: new URL(app.url).host, stop };
		};
		const run = ({ upstreams, own }, one) => attack(upstreams, adapter, own, one);

		before(async () => {
			[world.named, world.any] = await Promise.all([stand(false), stand(true)]);
			// What ends with a time-out does so on the side, each before an adapter that is up and has answered once:
			// the clocks under test are short, and a start on a busy machine is not what they are to measure.
			for (const one of CASES.filter((one) => one.slow)) {
				const aside = await stand(false);
				await assertStillWell(aside.upstreams, aside.own);
				const outcome = run(aside, one).then(
					() => undefined,
					(error) => error,
				);
				slow.set(one, outcome.finally(aside.stop));
			}
		});
		after(() => Promise.all([world.named?.stop(), world.any?.stop(), ...slow.values()]));

		for (const one of CASES.filter((one) => !one.slow)) {
			test(`${adapter}: ${one.name}`, () => run(one.any ? world.any : world.named, one));
		}
		for (const one of CASES.filter((one) => one.slow)) {
			test(`${adapter}: ${one.name}`, async () => {
				const error = await slow.get(one);
				if (error) throw error;
			});
		}
	});
}
