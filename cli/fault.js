// Errors of the program itself, with stable codes as the API's have.

/** @param {string} code @param {string} message */
export const fault = (code, message) => Object.assign(new Error(message), { code });
