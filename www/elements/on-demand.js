// The base of elements that ask for more about the image in view when the reader wants it. One job runs at a time.

import { html, nothing } from "lit";
import { failureOf } from "../page/state.js";
import { errorText } from "../views/core-words.js";
import { Part } from "./part.js";

export class OnDemand extends Part {
	/** @type {import("lit").PropertyDeclarations} */
	static properties = {
		model: {},
		image: {},
		api: {},
		settings: {},
		busy: { state: true },
		bytes: { state: true },
		failure: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../types.js").Node | undefined} */
		this.image = undefined;
		/** @type {import("../page/exploring.js").Api | undefined} */
		this.api = undefined;
		/** @type {import("../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		this.busy = false;
		/** The number of bytes so far. */
		this.bytes = 0;
		/** @type {import("../views/status.js").Failure | undefined} */
		this.failure = undefined;
		/** @type {AbortController | undefined} */
		this.job = undefined;
	}

	/** Another image came into view: what was found out is about the one before. @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		const before = /** @type {import("../types.js").Node | undefined} */ (changed.get("image"));
		if (before && before.digest !== this.image?.digest) this.forget();
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.stop();
	}

	forget() {
		this.stop();
		this.failure = undefined;
	}

	stop() {
		this.job?.abort();
		this.busy = false;
	}

	/**
	 * Runs this job alone. Its error is shown, but not once the job has been stopped.
	 * @param {(signal: AbortSignal) => Promise<void>} work
	 */
	async run(work) {
		this.job?.abort();
		const job = new AbortController();
		Object.assign(this, { job, busy: true, bytes: 0, failure: undefined });
		try {
			await work(job.signal);
		} catch (error) {
			if (!job.signal.aborted) this.failure = failureOf(error);
		} finally {
			if (this.job === job) this.busy = false;
		}
	}

	/** The sentence about what failed. */
	failed() {
		const { failure } = this;
		return failure ? html`<p class="compare-failure" role="alert">${errorText(failure, 600)}</p>` : nothing;
	}
}
