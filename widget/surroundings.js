// What the page around says and lends.

/** The language that the nearest ancestor states, out through shadow trees. */
export const languageOf = (node) => node
  && (node.getAttribute?.('lang') ?? languageOf(node.parentNode ?? node.host));

// Storage may be forbidden; then even touching it throws, and what is kept is kept for this page.
export const storage = (() => { try { return localStorage ?? {}; } catch { return {}; } })();
