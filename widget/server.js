// What goes to the server, and what of its answer may be shown.
import { urlAt } from './addresses.js';
import { copy } from './copying.js';

// Only these bring content that may replace what is on show, and with it what people typed.
const HAS_CONTENT = /^(2..|403|404|409|410|422)$/;

/** Whether an address leads to nobody's form any more. */
export const isGone = (status) => /^(403|404|410)$/.test(status);

/** Whether something was saved. */
export const isSaved = (root) => 'saved' in root.dataset;

/** Promises the XMLHttpRequest when it is over, whatever came of it. */
export function requestDocument(url, { body, signal }) {
  const xhr = new XMLHttpRequest();
  xhr.open(body ? 'POST' : 'GET', url);
  xhr.responseType = 'document'; // parsed without running anything
  xhr.timeout = 30_000; // a server that accepts and then is silent must not hang the form
  xhr.send(body);
  signal.onabort = () => xhr.abort();
  return new Promise((resolve) => { xhr.onloadend = () => resolve(xhr); });
}

/**
 * Takes `status`, `responseURL` and `response` of an XMLHttpRequest. Gives `root`, a copy of the
 * content, or null if there is none or it is not from this origin; and `keep`, the URL to load on
 * later visits. To be called before the state changes: that aborts the XMLHttpRequest, which then
 * forgets its answer.
 */
export function readAnswer({ status, responseURL, response }, origin) {
  const mayBeShown = HAS_CONTENT.test(status) && urlAt(origin, responseURL);
  const source = mayBeShown && response?.querySelector('body > div.preference-widget');
  if (!source) return { status, root: null, keep: null };
  const ownUrl = (address) => urlAt(origin, address, responseURL);
  const root = copy(source, ownUrl);
  root.style.setProperty('--site-accent', root.dataset.accent ?? '');
  root.style.setProperty('--site-on-accent', root.dataset.onAccent ?? '');
  return { status, root, keep: ownUrl(root.dataset.keep) };
}
