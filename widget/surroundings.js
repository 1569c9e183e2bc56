// What the page around says.

/** The language that the nearest ancestor states, out through shadow trees. */
export function languageOf(node) {
  if (!node) return null;
  return node.getAttribute?.('lang') ?? languageOf(node.parentNode ?? node.host);
}
