// <preference-widget src="https://prefs.example/s/dimora">: a site's preference form in any page.
// The server renders, checks and translates; this element fetches, copies and submits. It must not
// harm the page around it even if our server is broken into (an owner who pins this script by its
// hash stays safe), and must run where a strict policy lets no string become markup.
const STYLES = ""; // the server puts form.css here (widget_backend/pages/script.py)
const NAME = 'preference-widget';
const SVG = 'http://www.w3.org/2000/svg';

// All that is copied. What can run script, fetch, or redraw the page around us is left out, such as
// script style iframe img, src on… formaction; and `rel`, as "opener" would hand that page over.
const words = (text) => new Set(text.split(' '));
const ELEMENTS = words('div section p h2 h3 h4 ul ol li a form fieldset legend label input select'
  + ' option textarea button details summary span strong small b bdi hr');
const SHAPES = words('svg g path rect circle ellipse line polyline polygon');
const INPUT_TYPES = words('checkbox radio text email tel hidden');
const ATTRIBUTES = words('class id for name value type checked selected open autocomplete inputmode'
  + ' spellcheck maxlength rows method lang dir role tabindex novalidate part focusable viewBox d x'
  + ' y x1 y1 x2 y2 cx cy r rx ry width height points transform opacity fill stroke');
const MORE_ATTRIBUTES = /^(aria|data|fill|stroke)-[\w-]+$/;
const FETCHES = /(url|src|image|set)\(|\\/i; // a paint that names an address, or hides that it does
const CONTENT = /^(2..|403|404|409|410|422)$/; // any other: the form stays, with what was typed
const GONE = /^(403|404|410)$/;
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLES);
// A control named "attributes" or "action" hides its form's property of that name ("DOM
// clobbering"): ask the prototype, which no markup can change.
const read = (node, property) => Reflect.get(Element.prototype, property, node);
const attribute = (element, name) => read(element, 'attributes').getNamedItem(name)?.value;
// Storage may be forbidden; then even touching it throws, and the form works without.
const stored = (use) => { try { return use(localStorage); } catch { return null; } };

/** The URL, or null when it is none or not http(s): "javascript:" must not get through. */
function parse(address, base) {
  const url = address && URL.canParse(address, base) ? new URL(address, base) : null;
  return /^https?:$/.test(url?.protocol) ? url : null;
}

/** The language that the nearest ancestor states, out through shadow trees. */
function languageOf(element) {
  const near = element.closest('[lang]') ?? element.getRootNode().host;
  return near && (near.getAttribute('lang') ?? languageOf(near));
}

// A fresh copy of a parsed node, or null. Never the node itself: its `onerror` would run once it is
// in the page. `ours` gives the URL of an address, or null for one that leads away from us.
function copy(node, ours) {
  const type = read(node, 'nodeType');
  if (type === Node.TEXT_NODE) return document.createTextNode(node.data);
  const fresh = type === Node.ELEMENT_NODE && create(node);
  if (!fresh) return null;
  for (const { name, value } of read(node, 'attributes')) copyAttribute(fresh, name, value, ours);
  // All at once: a form's `append`, too, is hidden by a control of that name.
  fresh.append(...[...read(node, 'childNodes')].map((child) => copy(child, ours)).filter(Boolean));
  return fresh;
}

function create(node) {
  const [name, space] = [read(node, 'localName'), read(node, 'namespaceURI')];
  if (space === SVG) return SHAPES.has(name) && document.createElementNS(SVG, name);
  const type = name === 'input' && attribute(node, 'type')?.toLowerCase();
  return ELEMENTS.has(name) && (!type || INPUT_TYPES.has(type)) && document.createElement(name);
}

function copyAttribute(fresh, name, value, ours) {
  const link = name === 'href' && fresh.localName === 'a';
  if (link || (name === 'action' && fresh.localName === 'form')) {
    const url = ours(value);
    if (url) fresh.setAttribute(name, url.href);
    const inside = value.startsWith('#') || url?.pathname.endsWith('/fragment');
    if (link && !inside) Object.assign(fresh, { target: '_blank', rel: 'noopener' });
  } else if (ATTRIBUTES.has(name) || MORE_ATTRIBUTES.test(name)) {
    if (!/^(fill|stroke)/.test(name) || !FETCHES.test(value)) fresh.setAttribute(name, value);
  }
}

export class PreferenceWidgetElement extends HTMLElement {
  static observedAttributes = ['src', 'lang', 'view'];
  #home = null; // the URL in src; its origin is ours
  #shown = ''; // the address whose content is on show
  #loading = ''; // the address being loaded; empty while something a person did is on its way
  #waiting = null; // aborts the one request that is under way
  #own = new CSSStyleSheet(); // the colours of the site

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }); // open, so that accessibility checkers can see into it
    this.#own.replaceSync(':host {}'); // rules of the page around us win over :host
    this.#dress();
    this.#clear();
  }

  #dress() { this.shadowRoot.adoptedStyleSheets = [sheet, this.#own]; }
  connectedCallback() { this.#schedule(); }
  disconnectedCallback() { this.#schedule(); }
  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === 'src') this.#clear(); // maybe for another person, who must not see what was here
    this.#schedule();
  }

  // Promises `{ status, url, document }`, status 0 for no answer; a subclass may fetch in its own
  // way. No headers, no credentials: so a preload is reused and a POST needs no preflight.
  request(url, { body, signal }) {
    const xhr = new XMLHttpRequest();
    xhr.open(body ? 'POST' : 'GET', url);
    xhr.responseType = 'document'; // parsed without running anything
    xhr.timeout = 30_000; // a server that accepts and then is silent must not hang the form
    xhr.send(body);
    signal.addEventListener('abort', () => xhr.abort());
    const answer = () => ({ status: xhr.status, url: xhr.responseURL, document: xhr.response });
    return new Promise((resolve) => { xhr.onloadend = () => resolve(answer()); });
  }

  /** After the current task: changes made together cause one load, and a move causes none. */
  #schedule() { queueMicrotask(() => this.#refresh()); }
  #refresh() {
    if (!this.isConnected) return this.#stop();
    if (this.#waiting && !this.#loading) return; // what a person did comes first; #act calls again
    this.#home = parse(this.getAttribute('src'), document.baseURI);
    const address = this.#home && this.#fragment(this.#home);
    if (address && address !== (this.#loading || this.#shown)) this.#load(address);
  }

  #load(address) {
    const kept = this.#ours(stored((storage) => storage.getItem(this.#key)));
    this.#ask(kept ? this.#fragment(kept) : address, { loading: address }, (answer) => {
      if (kept && GONE.test(answer.status)) {
        stored((storage) => storage.removeItem(this.#key));
        this.#load(address);
      } else if (this.#show(answer)) this.#shown = address;
    });
  }

  /** What an owner's preload names, to the byte: `…/fragment?lang=sq`. */
  #fragment(home) {
    const url = new URL(home.href.replace(/\/?$/, '/fragment'));
    const lang = languageOf(this);
    if (lang) url.searchParams.set('lang', lang);
    if (this.getAttribute('view') === 'questions') url.searchParams.set('view', 'questions');
    return url.href;
  }

  get #root() { return this.shadowRoot.querySelector(`.${NAME}`); } // the content on show
  get #key() { return `${NAME}:${this.#home.href}`; }
  #ours(address, base) {
    const url = parse(address, base);
    return url?.origin === this.#home.origin ? url : null;
  }

  /** One request at a time. One that is overtaken, or whose element has left, is never answered. */
  async #ask(url, { body, loading = '' }, use) {
    this.#stop();
    this.#loading = loading;
    const { signal } = (this.#waiting = new AbortController());
    this.#root?.setAttribute('aria-busy', 'true');
    const answer = await this.request(url, { body, signal }).catch(() => ({ status: 0 }));
    if (signal.aborted) return;
    this.#stop();
    use({ ...answer, url: answer.url || url, sent: Boolean(body) });
  }

  #stop() {
    this.#waiting?.abort();
    this.#waiting = null;
    this.#loading = '';
    this.#root?.removeAttribute('aria-busy');
  }

  #clear() {
    this.#stop();
    this.#shown = '';
    this.shadowRoot.replaceChildren(document.createElement('slot')); // the fallback link
  }

  /** Puts an answer in place of what is there; false when it brings no content. */
  #show({ status, url, document: page, sent }, asked = false) {
    const whole = page && CONTENT.test(status) && this.#ours(url);
    const source = whole && Document.prototype.querySelector.call(page, `body > div.${NAME}`);
    if (!source) return this.#tell('error', status);
    // Only what a person did moves the focus, and only if they have not moved on in the page.
    const free = [null, this, document.body].includes(this.getRootNode().activeElement);
    const moves = (asked && free) || this.shadowRoot.activeElement;
    const root = copy(source, (address) => this.#ours(address, url));
    root.addEventListener('submit', (event) => this.#submit(event));
    root.addEventListener('click', (event) => this.#follow(event));
    root.addEventListener('change', () => this.#dress()); // WebKit 2.50: for :has(option:checked)
    for (const name of ['accent', 'on-accent']) {
      const colour = root.getAttribute(`data-${name}`)?.match(/^#[0-9a-f]{6}$/i)?.[0] ?? '';
      this.#own.cssRules[0].style.setProperty(`--pw-${name}`, colour);
    }
    this.shadowRoot.replaceChildren(root);
    if (moves) this.#focus(root.querySelector('[data-focus]') ?? root.querySelector('h2, h3, h4'));
    const saved = sent && 'saved' in root.dataset;
    const kept = saved && this.#ours(root.dataset.keep, url); // nothing is stored before a save
    if (kept) stored((storage) => storage.setItem(this.#key, kept.href));
    this.#tell('load', status);
    if (saved) this.#tell('saved', status);
    return true;
  }

  #focus(element) {
    const target = element ?? this.#root;
    if (target.tabIndex < 0) target.tabIndex = -1; // a heading takes the focus only with this
    target.focus();
  }

  #submit(event) {
    event.preventDefault(); // always: a native one would take the person away from the page
    const [form, action] = [event.target, attribute(event.target, 'action')];
    if (action) this.#act(action, form, new URLSearchParams(new FormData(form, event.submitter)));
  }

  #follow(event) {
    const link = event.target.closest('a[href]:not([target])'); // with a target, it opens a tab
    if (!link) return;
    event.preventDefault();
    // The browser would look for `#id` in the page around us, never in a shadow tree.
    if (link.hash) this.#focus(this.shadowRoot.getElementById(link.hash.slice(1)));
    else this.#act(link.href, this.#root);
  }

  /** What a person asked for. Until it is answered, anything further is ignored. */
  #act(url, place, body) {
    if (this.#waiting) return;
    this.#root.querySelector('.retry')?.remove();
    this.#ask(url, { body }, (answer) => {
      if (!this.#show(answer, true)) this.#excuse(place);
      this.#schedule();
    });
  }

  /** Nothing is lost: what was typed stays, and sending it again does no harm. */
  #excuse(place) {
    const note = Object.assign(document.createElement('p'), { role: 'alert' });
    note.className = 'notice retry';
    note.textContent = this.#root.dataset.retry;
    Element.prototype.append.call(place, note);
    note.scrollIntoView({ block: 'nearest' });
  }

  #tell(event, status) {
    const options = { bubbles: true, composed: true, detail: { status } };
    this.dispatchEvent(new CustomEvent(`${NAME}:${event}`, options));
  }
}

customElements.get(NAME) ?? customElements.define(NAME, PreferenceWidgetElement); // twice throws
