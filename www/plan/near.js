// Waits with loading until the reader comes near an element.

/** The distance that counts as near: about a screen. */
const MARGIN = "100% 0px";

/** @type {WeakMap<Element, () => void>} */
const waiting = new WeakMap();

/** @type {IntersectionObserver | undefined} */
let observer;

/** Calls once, when the element comes near what is in view. @param {Element} element @param {() => void} call */
export function whenNear(element, call) {
	observer ??= new IntersectionObserver(seen, { rootMargin: MARGIN });
	waiting.set(element, call);
	observer.observe(element);
}

/** @param {Element} element */
export function forgetNear(element) {
	waiting.delete(element);
	observer?.unobserve(element);
}

/** @param {IntersectionObserverEntry[]} entries */
function seen(entries) {
	for (const { target, isIntersecting } of entries) {
		if (!isIntersecting) continue;
		const call = waiting.get(target);
		forgetNear(target);
		call?.();
	}
}
