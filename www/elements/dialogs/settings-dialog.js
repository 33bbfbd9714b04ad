// `<stow-settings>`: the dialog for the proxy and the credentials.

import { html, nothing } from "lit";
import { size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { isProxy, normalProxy, withCredential } from "../../page/settings.js";
import { emit, Part } from "../part.js";

export class StowSettings extends Part {
	static properties = {
		settings: {},
		defaultProxy: {},
		cache: {},
		problem: { state: true },
		saved: { state: true },
		usage: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		this.defaultProxy = "";
		this.problem = false;
		/** True if the proxy was kept since the dialog was opened. */
		this.saved = false;
		/** @type {typeof import("../../api.js").layerCache | undefined} */
		this.cache = undefined;
		/** @type {{ bytes: number, layers: number, limit: number } | undefined} */
		this.usage = undefined;
	}

	show() {
		this.problem = false;
		this.saved = false;
		void this.measure();
		this.requestUpdate();
		this.dialog()?.showModal();
	}

	dialog() {
		return /** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"));
	}

	render() {
		const { settings } = this;
		if (!settings) return nothing;
		return html`<dialog tabindex="-1" @cancel=${this.dropTyped} @close=${this.saveProxy} aria-labelledby="settings-title">
			<h2 id="settings-title">${t("settings.title")}</h2>
			<form @submit=${this.submitted} @focusout=${this.left} novalidate>
				<label for="proxy">${t("settings.proxy")}</label>
				<input id="proxy" name="proxy" type="url" .value=${settings.proxy} spellcheck="false" autocomplete="off"
					aria-describedby="proxy-hint" aria-invalid=${this.problem ? "true" : nothing}>
				<p class="note" id="proxy-hint">${t("settings.proxy.hint")}</p>
				${this.problem ? html`<p class="problem" role="alert">${t("settings.badProxy")}</p>` : nothing}
				<div class="actions"><button type="button" class="quiet" ?disabled=${settings.proxy === this.defaultProxy} @click=${this.reset}>${t("settings.proxy.reset")}</button>
					<span class="note" role="status">${this.saved ? t("settings.saved") : ""}</span></div>
			</form>
			<form @submit=${this.add} autocomplete="off">
				<h3>${t("settings.credentials")}</h3>
				<p class="note">${t("settings.credentials.hint")}</p>
				${
					settings.credentials.length === 0
						? nothing
						: html`<ul class="plain credentials">${settings.credentials.map(
								({ registry, username }) => html`<li>
					<code>${visible(registry, 200)}</code> ${visible(username, 100)}
					<button type="button" class="quiet" aria-label=${t("settings.remove", { registry })} @click=${() => this.forget(registry)}>✕</button></li>`,
							)}</ul>`
				}
				<div class="fields">
					<label>${t("settings.registry")}<input name="registry" required spellcheck="false" autocapitalize="off" placeholder="ghcr.io"></label>
					<label>${t("settings.username")}<input name="username" required spellcheck="false" autocapitalize="off" autocomplete="off"></label>
					<label>${t("settings.password")}<input name="password" type="password" required autocomplete="off"></label>
				</div>
				<div class="actions"><button type="submit">${t("settings.add")}</button></div>
			</form>
			${this.remembered()}
			<form method="dialog" class="close"><button class="primary">${t("settings.close")}</button></form>
		</dialog>`;
	}

	/** Data that earlier visits left in this browser, and the button that deletes it. */
	remembered() {
		const { bytes = 0, layers = 0, limit = 0 } = this.usage ?? {};
		if (!this.usage) return nothing;
		return html`<section><h3>${t("settings.layers")}</h3><p class="note">${t("settings.layers.hint", { limit: size(limit) })}</p>
			<div class="actions"><span>${t("settings.layers.usage", { n: layers, size: size(bytes) })}</span>
			<button type="button" ?disabled=${layers === 0} @click=${this.forgetLayers}>${t("settings.layers.clear")}</button></div></section>`;
	}

	async measure() {
		this.usage = await this.cache?.usage().catch(() => undefined);
	}

	async forgetLayers() {
		await this.cache?.clear();
		await this.measure();
	}

	/** @param {SubmitEvent} event */
	submitted(event) {
		event.preventDefault();
		this.saveProxy();
	}

	/** A typed proxy is kept once its field is left or Enter pressed: half an address would be asked for images. */
	saveProxy() {
		const text = this.typed()?.value.trim() ?? "";
		this.problem = !isProxy(text);
		this.keep(text);
	}

	/** Not yet if the way leads to the button that closes: it must not move under the pointer. @param {FocusEvent} event */
	left({ relatedTarget }) {
		if (!(relatedTarget instanceof Element && relatedTarget.closest("form.close"))) this.saveProxy();
	}

	/** Escape leaves what was set. */
	dropTyped() {
		const input = this.typed();
		if (input) input.value = this.settings?.proxy ?? "";
		this.problem = false;
	}

	typed() {
		return /** @type {HTMLInputElement | null} */ (this.querySelector("#proxy"));
	}

	/** @param {string} text */
	keep(text) {
		if (this.problem || normalProxy(text) === this.settings?.proxy) return;
		this.saved = true;
		emit(this, "stow-change", { proxy: normalProxy(text) });
	}

	reset() {
		const input = this.typed();
		if (input) input.value = this.defaultProxy;
		this.problem = false;
		this.keep(this.defaultProxy);
	}

	/** @param {SubmitEvent} event */
	add(event) {
		event.preventDefault();
		const form = /** @type {HTMLFormElement} */ (event.currentTarget);
		const fields = new FormData(form);
		const [registry = "", username = "", password = ""] = ["registry", "username", "password"].map((name) =>
			String(fields.get(name) ?? ""),
		);
		emit(this, "stow-change", {
			credentials: withCredential(this.settings?.credentials ?? [], { registry: registry.trim(), username, password }),
		});
		form.reset();
	}

	/** @param {string} registry */
	forget(registry) {
		emit(this, "stow-change", { credentials: this.settings?.credentials.filter((one) => one.registry !== registry) });
	}
}
