// All that is ever stored in the browser: after a save, the address to load from then on; after a
// prompt was closed, the date until which prompts stay closed.
const PREFIX = 'preference-widget:';
const CLOSED_UNTIL = `${PREFIX}closed-until`;

// Storage may be forbidden, and then even reading `localStorage` throws. A plain object takes its
// place until the page is left.
const storage = (() => { try { return localStorage ?? {}; } catch { return {}; } })();

export const keptAddress = (src) => storage[PREFIX + src];
export const keepAddress = (src, address) => { storage[PREFIX + src] = address; };
export const forgetAddress = (src) => { delete storage[PREFIX + src]; };

export const arePromptsClosed = () => storage[CLOSED_UNTIL] > new Date().toJSON();
export const closePrompts = (until) => { storage[CLOSED_UNTIL] = until; };
