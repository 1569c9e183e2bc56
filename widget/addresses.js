// Addresses: what `src` names, and what of a fragment leads back there.

/** The URL, or null if it is none or not of the web: "javascript:" must not get through. */
export function webUrl(address, base) {
  const url = address && URL.canParse(address, base) ? new URL(address, base) : null;
  return /^https?:$/.test(url?.protocol) ? url : null;
}

/** The URL if it has this origin, else null. */
export function urlAt(origin, address, base) {
  const url = webUrl(address, base);
  return url?.origin === origin ? url : null;
}

/**
 * `…/fragment?lang=sq`, byte for byte what an owner's preload names; otherwise browsers fetch twice.
 * Only the path of `src` says whose form it is: owners also copy addresses with a query or a hash.
 */
export function fragmentAddress(src, lang, view) {
  const url = new URL(src);
  url.hash = '';
  url.search = '';
  url.pathname = url.pathname.replace(/\/?$/, '/fragment');
  if (lang) url.searchParams.set('lang', lang);
  if (view) url.searchParams.set('view', view);
  return url.href;
}
