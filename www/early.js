// Off the line, before the first paint: the theme that was chosen, whether what index.html shows is what will be shown, and
// what is pressed and chosen in it before the page's scripts are here.

const { dataset } = document.documentElement;

/** Nothing is kept if storage is forbidden. @param {string} name */
function kept(name) {
	try {
		return localStorage.getItem(`stowplan.${name}`);
	} catch {
		return null;
	}
}

const theme = kept("theme");
const language = kept("language") ?? navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag));
if (theme === "light" || theme === "dark") dataset.theme = theme;
if (/^zh\b/i.test(language ?? "")) dataset.shell = "foreign";
else if (location.hash.length > 1) dataset.shell = "elsewhere";

/** @returns {NodeListOf<HTMLElement>} */
const pressable = () => document.querySelectorAll("#app :is(button, .way)");
let pressed = -1;
/** @type {string | undefined} */
let sample;
/** @type {string | undefined} */
let chosen;

/** @param {Event} event */
function hold(event) {
	/** @type {HTMLElement | null} */
	const part = /** @type {Element} */ (event.target).closest("#app :is(button, .way)");
	if (!part) return;
	event.preventDefault();
	pressed = [...pressable()].indexOf(part);
	sample = part.dataset.sample;
}

/** There is one list to choose from: the themes. @param {Event} event */
function choose({ target }) {
	if (!(target instanceof HTMLSelectElement)) return;
	chosen = target.value;
	dataset.theme = chosen;
}

/** Enter in the box presses its button, as in a field of one line. @param {KeyboardEvent} event */
function enter(event) {
	const { target, key, shiftKey, isComposing } = event;
	if (key !== "Enter" || shiftKey || isComposing || !(target instanceof HTMLTextAreaElement)) return;
	event.preventDefault();
	target.form?.querySelector("button")?.click();
}

addEventListener("click", hold, true);
addEventListener("keydown", enter, true);
addEventListener("change", choose, true);
addEventListener("stow-drawn", () => {
	removeEventListener("click", hold, true);
	removeEventListener("keydown", enter, true);
	removeEventListener("change", choose, true);
	const list = document.querySelector("#app select");
	if (chosen && list instanceof HTMLSelectElement) {
		list.value = chosen;
		list.dispatchEvent(new Event("change"));
	}
	// The list of samples may come later than all else; a sample's address needs no button.
	if (sample) location.hash = `sample=${sample}`;
	else pressable()[pressed]?.click();
});
