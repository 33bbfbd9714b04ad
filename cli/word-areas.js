// The words that the program uses of the page's: the first ones only, which are always there.

export const AREAS = {};
