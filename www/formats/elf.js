// file content -> www. Reads an ELF file's headers: its platform and the libraries that it needs. Hostile input.

/**
 * @typedef {object} Elf
 * @property {32 | 64} bits
 * @property {"little" | "big"} order
 * @property {number} type e_type
 * @property {boolean} pie a shared object with an interpreter
 * @property {number} machine e_machine
 * @property {number} abi
 * @property {number} entry
 * @property {string} [interpreter]
 * @property {boolean} dynamic whether it has a dynamic section
 * @property {string[]} needed
 * @property {string} [soname]
 * @property {string} [runpath]
 * @property {string} [buildId]
 * @property {boolean} cut whether something pointed outside the bytes
 */

/** Bounds on what a hostile file can make this read. */
const MAX_SEGMENTS = 256;
const MAX_DYNAMIC = 4096;
const MAX_NEEDED = 200;
const MAX_TEXT = 1024;
const MAX_NOTES = 64;

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const PT_NOTE = 4;
const DT = { needed: 1, strtab: 5, soname: 14, rpath: 15, runpath: 29 };

/** @param {Uint8Array} bytes */
export const isElf = (bytes) =>
	bytes.length >= 20 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;

/**
 * @param {Uint8Array} bytes the file, or its beginning
 * @returns {Elf | undefined} nothing if it is no ELF file of a known class and order
 */
export function elfOf(bytes) {
	const [bits, order] = [bytes[4], bytes[5]];
	if (!isElf(bytes) || (bits !== 1 && bits !== 2) || (order !== 1 && order !== 2)) return undefined;
	const file = reader(bytes, bits === 2, order === 1);
	/** @type {Elf} */
	const elf = {
		bits: bits === 2 ? 64 : 32,
		order: order === 1 ? "little" : "big",
		type: file.half(16),
		pie: false,
		machine: file.half(18),
		abi: bytes[7] ?? 0,
		entry: 0,
		dynamic: false,
		needed: [],
		cut: false,
	};
	// Each part on its own: what one header says wrong must not hide what the others say.
	/** @type {Segment[]} */
	let segments = [];
	const parts = [
		() => {
			elf.entry = file.word(24);
		},
		() => {
			segments = segmentsOf(file, elf);
		},
		() => addInterpreter(file, segments, elf),
		() => addDynamic(file, segments, elf),
		() => addBuildId(file, segments, elf),
	];
	for (const part of parts) elf.cut = !within(part) || elf.cut;
	elf.pie = elf.type === 3 && elf.interpreter !== undefined;
	return elf;
}

/** True if a part stayed inside the bytes: DataView throws if it does not. @param {() => void} part */
function within(part) {
	try {
		part();
		return true;
	} catch (error) {
		if (error instanceof RangeError) return false;
		throw error;
	}
}

/**
 * @typedef {ReturnType<typeof reader>} Reader
 * @typedef {{ type: number, offset: number, address: number, size: number }} Segment
 * @param {Uint8Array} bytes @param {boolean} wide @param {boolean} little
 */
function reader(bytes, wide, little) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	return {
		wide,
		bytes,
		half: (/** @type {number} */ at) => view.getUint16(at, little),
		int: (/** @type {number} */ at) => view.getUint32(at, little),
		/** An address or offset; above 2^53 it is not exact, and outside the bytes anyway. @param {number} at */
		word: (at) => (wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little)),
		/** A text that ends with a zero byte. @param {number} at @param {number} [most] */
		text(at, most = MAX_TEXT) {
			if (!(at >= 0 && at < bytes.length)) throw new RangeError("outside the file");
			const part = bytes.subarray(at, at + most);
			const end = part.indexOf(0);
			return new TextDecoder().decode(end < 0 ? part : part.subarray(0, end));
		},
	};
}

/** @param {Reader} file @param {Elf} elf @returns {Segment[]} */
function segmentsOf(file, elf) {
	const { wide } = file;
	const [start, size, count] = [file.word(wide ? 32 : 28), file.half(wide ? 54 : 42), file.half(wide ? 56 : 44)];
	if (count > MAX_SEGMENTS) elf.cut = true;
	/** @type {Segment[]} */
	const found = [];
	for (let index = 0; index < Math.min(count, MAX_SEGMENTS); index++) {
		const at = start + index * size;
		const inside = within(() =>
			found.push({
				type: file.int(at),
				offset: file.word(at + (wide ? 8 : 4)),
				address: file.word(at + (wide ? 16 : 8)),
				size: file.word(at + (wide ? 32 : 16)),
			}),
		);
		if (!inside) elf.cut = true;
	}
	return found;
}

/** @param {Reader} file @param {Segment[]} segments @param {Elf} elf */
function addInterpreter(file, segments, elf) {
	const found = segments.find(({ type }) => type === PT_INTERP);
	if (found) elf.interpreter = file.text(found.offset, Math.min(found.size, MAX_TEXT));
}

/** @param {Reader} file @param {Segment[]} segments @param {Elf} elf */
function addDynamic(file, segments, elf) {
	const found = segments.find(({ type }) => type === PT_DYNAMIC);
	if (!found) return;
	elf.dynamic = true;
	const step = file.wide ? 16 : 8;
	/** @type {[number, number][]} */
	const entries = [];
	for (let at = found.offset; at < found.offset + found.size && entries.length < MAX_DYNAMIC; at += step) {
		const tag = file.word(at);
		if (tag === 0) break;
		entries.push([tag, file.word(at + step / 2)]);
	}
	const strings = offsetOf(segments, entries.find(([tag]) => tag === DT.strtab)?.[1] ?? -1);
	for (const [tag, value] of entries) {
		if (tag === DT.needed && elf.needed.length < MAX_NEEDED) elf.needed.push(file.text(strings + value));
		else if (tag === DT.soname) elf.soname = file.text(strings + value);
		else if (tag === DT.runpath || tag === DT.rpath) elf.runpath = file.text(strings + value);
	}
}

/** The place of an address of memory in the file. @param {Segment[]} segments @param {number} address */
function offsetOf(segments, address) {
	const home = segments.find(
		(one) => one.type === PT_LOAD && address >= one.address && address < one.address + one.size,
	);
	return home ? address - home.address + home.offset : Number.NaN;
}

/** @param {Reader} file @param {Segment[]} segments @param {Elf} elf */
function addBuildId(file, segments, elf) {
	for (const { offset, size } of segments.filter(({ type }) => type === PT_NOTE)) {
		let at = offset;
		for (let notes = 0; at + 12 <= offset + size && notes < MAX_NOTES; notes++) {
			const [name, length, type] = [file.int(at), file.int(at + 4), file.int(at + 8)];
			const from = at + 12 + aligned(name);
			if (type === 3 && name === 4 && file.text(at + 12, 4) === "GNU" && length <= 64) {
				const id = file.bytes.subarray(from, from + length);
				elf.buildId = Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
				return;
			}
			at = from + aligned(length);
		}
	}
}

/** @param {number} length */
const aligned = (length) => Math.ceil(length / 4) * 4;
