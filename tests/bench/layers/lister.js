// Off the line, under the peers: the names and sizes of a tar that comes in pieces; ustar and GNU's long names, no more.

const BLOCK = 512;
const text = new TextDecoder();

export function lister() {
	const entries = [];
	const block = new Uint8Array(BLOCK);
	let [filled, skip, long] = [0, 0, ""];
	/** @type {Uint8Array | undefined} */
	let name;
	const header = () => {
		if (block[0] === 0) return;
		const size = Number.parseInt(field(block, 124, 12), 8) || 0;
		const kind = String.fromCharCode(block[156]);
		const padded = Math.ceil(size / BLOCK) * BLOCK;
		if (kind === "L") name = new Uint8Array(padded);
		else {
			entries.push({ name: long || field(block, 0, 100), size, kind });
			long = "";
		}
		skip = padded;
	};
	const push = (piece) => {
		for (let at = 0; at < piece.length; ) {
			if (skip > 0) {
				const step = Math.min(skip, piece.length - at);
				name?.set(piece.subarray(at, at + step), name.length - skip);
				[at, skip] = [at + step, skip - step];
				if (skip === 0 && name) [long, name] = [field(name, 0, name.length), undefined];
				continue;
			}
			const step = Math.min(BLOCK - filled, piece.length - at);
			block.set(piece.subarray(at, at + step), filled);
			[at, filled] = [at + step, filled + step];
			if (filled === BLOCK) {
				filled = 0;
				header();
			}
		}
	};
	return { entries, push };
}

function field(bytes, from, length) {
	const part = bytes.subarray(from, from + length);
	const end = part.indexOf(0);
	return text.decode(end < 0 ? part : part.subarray(0, end));
}
