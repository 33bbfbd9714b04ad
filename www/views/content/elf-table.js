// file content -> www. An ELF file's headers as a table.

import { html, nothing } from "lit";
import { visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";

/** @typedef {import("../../types.js").Elf} Elf */

/** @type {Record<number, string>} */
export const MACHINES = {
	2: "SPARC",
	3: "Intel 80386",
	8: "MIPS",
	20: "PowerPC",
	21: "PowerPC 64",
	22: "S/390",
	40: "ARM",
	43: "SPARC 64",
	50: "IA-64",
	62: "x86-64",
	183: "AArch64",
	243: "RISC-V",
	247: "BPF",
	258: "LoongArch",
};

/** @type {Record<number, string>} */
export const ABIS = { 0: "System V", 2: "NetBSD", 3: "Linux", 6: "Solaris", 9: "FreeBSD", 12: "OpenBSD", 97: "ARM" };

/** @type {Record<number, string>} */
const TYPES = { 0: "none", 1: "rel", 2: "exec", 3: "dyn", 4: "core" };

/** @param {Elf} elf */
export function elfView(elf) {
	return html`<table class="facts"><tbody>
			${row("class", t("elf.bits", { n: elf.bits, order: t(`elf.order.${elf.order}`) }))}
			${row("machine", MACHINES[elf.machine] ?? t("elf.machine.other", { n: elf.machine }))}
			${row("type", typeName(elf))}
			${row("abi", ABIS[elf.abi] ?? String(elf.abi))}
			${row("entry", elf.entry > 0 ? code(`0x${elf.entry.toString(16)}`) : undefined)}
			${row("linking", linking(elf))}
			${row("interpreter", elf.interpreter === undefined ? undefined : code(elf.interpreter))}
			${row("needed", elf.needed.length > 0 ? html`<ul class="plain">${elf.needed.map((name) => html`<li>${code(name)}</li>`)}</ul>` : undefined)}
			${row("soname", elf.soname && code(elf.soname))}
			${row("runpath", elf.runpath && code(elf.runpath))}
			${row("buildId", elf.buildId && code(elf.buildId))}
		</tbody></table>
		${elf.cut ? html`<p class="note">${t("elf.cut")}</p>` : nothing}`;
}

/** @param {Elf} elf */
function typeName({ type, pie }) {
	const name = pie ? "pie" : TYPES[type];
	return name ? t(`elf.type.${name}`) : t("elf.type.other", { n: type });
}

/** Only what runs is linked; what was cut off may have said more. @param {Elf} elf */
function linking({ type, dynamic, interpreter, cut }) {
	if (type !== 2 && type !== 3) return undefined;
	if (dynamic || interpreter !== undefined) return t("elf.linking.dynamic");
	return cut ? undefined : t("elf.linking.static");
}

/** @param {string} text */
const code = (text) => html`<code>${visible(text, 1024)}</code>`;

/** @param {string} key @param {unknown} value */
const row = (key, value) => (value ? html`<tr><th scope="row">${t(`elf.${key}`)}</th><td>${value}</td></tr>` : nothing);
