// Errors with a code, by which a program tells them apart.

/** @typedef {{ code?: string, message: string, reason?: string, params?: Record<string, any>, retryAfter?: number }} ErrorData */

/** An error as data: one that is thrown loses its code between threads. @param {any} error @returns {ErrorData} */
export const asData = (error) => ({
	...{ code: error?.code, message: String(error?.message ?? error) },
	...{ reason: error?.reason, params: error?.params, retryAfter: error?.retryAfter },
});

/** @param {string} code @param {string} message @param {Partial<ErrorData>} [said] the message for people, and when to ask again */
export function coded(code, message, said = {}) {
	const { reason, params, retryAfter } = said;
	return Object.assign(new Error(message), {
		code,
		...(reason !== undefined && { reason, params }),
		...(retryAfter !== undefined && { retryAfter }),
	});
}
