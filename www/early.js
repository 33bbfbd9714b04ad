// Off the line, before the first paint: the theme that was chosen, whether what index.html shows is what will be shown, and
// what is pressed in it before the page's scripts are here.

const { dataset } = document.documentElement;

// Nothing is kept where storage is forbidden.
try {
	const theme = localStorage.getItem("stowplan.theme");
	const language =
		localStorage.getItem("stowplan.language") ?? navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag));
	if (theme === "light" || theme === "dark") dataset.theme = theme;
	if (/^zh\b/i.test(language ?? "")) dataset.shell = "foreign";
	else if (location.hash.length > 1) dataset.shell = "elsewhere";
} catch {}

const pressable = () => [...document.querySelectorAll("#app :is(button, .way)")];
let pressed = -1;

/** @param {Event} event */
function hold(event) {
	const part = /** @type {Element} */ (event.target).closest("#app :is(button, .way)");
	if (!part) return;
	event.preventDefault();
	pressed = pressable().indexOf(part);
}

addEventListener("click", hold, true);
addEventListener("stow-drawn", () => {
	removeEventListener("click", hold, true);
	/** @type {HTMLElement | undefined} */ (pressable()[pressed])?.click();
});
