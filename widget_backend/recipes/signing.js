// Signs links as the preference centre does, using only Web Crypto: Node 20 or later, Deno, Bun, workers.
// signing.md explains each step.
//
// Run it on your server only, and never send the key to a browser: anyone who has the key can open
// everybody's choices.

const DAY = 86400;

/** The path of each purpose, and how many seconds its links work. Unsubscribe links never expire. */
const PURPOSES = {
  preferences: { path: 'p', lives: 180 * DAY },
  questions: { path: 'q', lives: 180 * DAY },
  unsubscribe: { path: 'u' },
  'one-click': { path: 'o' },
  embed: { path: 'e', lives: 15 * 60 },
};

/**
 * A token for one purpose. `link` holds `site` and `person`, and may hold `language`, `campaign`,
 * `topic` and `generation`. `now` is in seconds since 1970.
 */
export async function sign(key, purpose, link, now = Date.now() / 1000) {
  const { lives } = PURPOSES[purpose];
  const said = JSON.stringify({
    s: link.site,
    p: link.person,
    l: link.language || undefined, // what is undefined is left out
    c: link.campaign || undefined,
    t: link.topic || undefined,
    g: link.generation || undefined,
    x: lives && Math.floor(now) + lives,
  });
  const payload = base64url(bytes(said));
  const keyOfPurpose = await hmac(bytes(key), bytes(`preference-widget/${purpose}`));
  return `${payload}.${base64url(await hmac(keyOfPurpose, bytes(payload)))}`;
}

/** The address of a token; `url` is the `url` of the site file. */
export function address(url, purpose, token) {
  return `${url}/${PURPOSES[purpose].path}/${token}`;
}

const bytes = (text) => new TextEncoder().encode(text);

async function hmac(key, message) {
  const kind = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, kind, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message));
}

function base64url(binary) {
  const base64 = btoa(String.fromCharCode(...binary));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
