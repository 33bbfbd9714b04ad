// Off the line, under the benchmarks: medians, and the time that several intervals cover together.

export const RUNS = 5;

/** The middle value. */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length >> 1;
	return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** `41 ms (38 to 57, 5 runs)` */
export function spread(values) {
	const [least, most] = [Math.min(...values), Math.max(...values)].map(Math.round);
	return `${Math.round(median(values))} ms (${least} to ${most}, ${values.length} runs)`;
}

/**
 * The time for which at least one of the intervals was open: parallel requests are not counted twice.
 * @param {[number, number][]} intervals start and end
 */
export function covered(intervals) {
	let sum = 0;
	let reached = Number.NEGATIVE_INFINITY;
	for (const [start, end] of [...intervals].sort((a, b) => a[0] - b[0])) {
		sum += Math.max(0, end - Math.max(start, reached));
		reached = Math.max(reached, end);
	}
	return sum;
}
