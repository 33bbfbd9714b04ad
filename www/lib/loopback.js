// True if a host is this machine.

/** @param {string} host with its port */
export const isLoopback = (host) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);
