// <preference-widget src="https://prefs.example/s/dimora">: a site's preference form in any page.
// The server renders, checks and translates; this element fetches, copies (copying.js) and submits.
// Pages load v1.js, which `make widget` makes of it and which may weigh 4 KB.
import { copy, read } from './copying.js';
import STYLES from './form.css';
import { languageOf, storage } from './surroundings.js';

const NAME = 'preference-widget';
const CONTENT = /^(2..|4(0[349]|10|22))$/; // any other: the form stays, with what was typed
const GONE = /^4(0[34]|10)$/;
const CLOSED = `${NAME}:closed-until`;
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLES);

// Falsy for what is no URL or not http(s): "javascript:" must not get through.
function parse(address, base) {
  const url = address && URL.canParse(address, base) && new URL(address, base);
  return /^http/.test(url?.protocol) && url;
}

export class PreferenceWidgetElement extends HTMLElement {
  static observedAttributes = ['src', 'lang', 'view', 'mode'];
  #home = null; // the URL in src; its origin is ours
  #shown = ''; // the address whose content is on show
  #loading = ''; // the address being loaded; empty while something a person did is on its way
  #waiting = null; // aborts the one request that is under way
  #opener = null; // the link that was clicked, while its dialog is wanted

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }); // open, so that accessibility checkers can see into it
    this.#dress();
    this.#clear();
    this.addEventListener('click', (event) => this.#open(event));
  }

  #dress() { this.shadowRoot.adoptedStyleSheets = [sheet]; }
  connectedCallback() {
    document.addEventListener('keydown', this.#escape);
    this.#schedule();
  }
  disconnectedCallback() {
    document.removeEventListener('keydown', this.#escape);
    this.#opener = this.#dialog?.close(); // closed, and nothing is wanted any more
    this.#schedule();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name !== 'lang') this.#clear(); // another src may be another person's
    this.#schedule();
  }

  // Promises an XMLHttpRequest's `status`, `responseURL` and `response`; a subclass may have its
  // own way. No headers, no credentials: a preload is reused and a POST needs no preflight.
  request(url, { body, signal }) {
    const xhr = new XMLHttpRequest();
    xhr.open(body ? 'POST' : 'GET', url);
    xhr.responseType = 'document'; // parsed without running anything
    xhr.timeout = 30_000; // a server that accepts and then is silent must not hang the form
    xhr.send(body);
    signal.onabort = () => xhr.abort();
    return new Promise((resolve) => { xhr.onloadend = () => resolve(xhr); });
  }

  /** After the current task: changes made together cause one load, and a move causes none. */
  #schedule() { queueMicrotask(() => this.#refresh()); }
  #refresh() {
    if (!this.isConnected) return this.#stop();
    if (this.#waiting && !this.#loading) return; // what a person did comes first; #act calls again
    const closed = this.#is('prompt') && storage[CLOSED] > new Date().toJSON();
    if (closed) return this.#hide();
    if (this.#is('dialog') && !this.#opener) return;
    this.#home = parse(this.getAttribute('src'), document.baseURI);
    const address = this.#home && this.#fragment(this.#home);
    if (address && address !== (this.#loading || this.#shown)) this.#load(address);
    else this.#reveal();
  }

  #load(address) {
    const kept = this.#ours(storage[this.#key]);
    this.#ask(kept ? this.#fragment(kept) : address, null, address, (answer) => {
      if (kept && GONE.test(answer.status)) {
        delete storage[this.#key];
        this.#load(address);
      } else if (this.#show(answer)) {
        this.#shown = address;
        if (this.#is('prompt') && 'nothing' in this.#root.dataset) this.#hide();
      } else if (this.#opener && !this.#root) location = this.#opener;
    });
  }

  /** What an owner's preload names, to the byte: `…/fragment?lang=sq`; src may have a query. */
  #fragment(home) {
    const url = new URL(home.href.replace(/\/?([#?].*)?$/, '/fragment'));
    const lang = languageOf(this);
    if (lang) url.searchParams.set('lang', lang);
    const view = this.getAttribute('view');
    if (view) url.searchParams.set('view', view);
    return url.href;
  }

  get #root() { return this.shadowRoot.querySelector(`.${NAME}`); } // the content on show
  get #dialog() { return this.shadowRoot.querySelector('dialog'); }
  get #key() { return `${NAME}:${this.#home.href}`; }
  get #free() { // nobody is at work elsewhere in the page
    return document.activeElement === document.body || this.matches(':focus-within');
  }
  #is(mode) { return this.getAttribute('mode') === mode; }
  #hide() { this.shadowRoot.replaceChildren(); } // its style is the page's to set
  #ours(address, base) {
    const url = parse(address, base);
    return url?.origin === this.#home.origin && url;
  }

  /** One at a time. One that is overtaken, or whose element has left, is never answered. */
  async #ask(url, body, loading, use) {
    this.#stop();
    this.#loading = loading;
    const { signal } = (this.#waiting = new AbortController());
    (this.#root ?? this).ariaBusy = true;
    const answer = await this.request(url, { body, signal });
    if (signal.aborted) return;
    this.#waiting = null; // has answered: an XMLHttpRequest that is aborted forgets its answer
    this.#stop();
    use(answer);
  }

  #stop() {
    this.#waiting?.abort();
    this.#waiting = null;
    this.#loading = '';
    (this.#root ?? this).ariaBusy = null;
  }

  #clear() {
    this.#stop();
    this.#opener = this.#dialog?.close();
    this.#shown = '';
    this.shadowRoot.replaceChildren(document.createElement('slot')); // the fallback link
  }

  /** Puts an answer in place of what is there; false when it brings no content. */
  #show({ status, responseURL: url, response: page }, asked) {
    const whole = page && CONTENT.test(status) && this.#ours(url);
    const source = whole && page.querySelector(`body > div.${NAME}`);
    if (!source) return this.#tell('error', status);
    // Only what a person did moves the focus, and only if they have not moved on.
    const moves = (asked && this.#free) || this.shadowRoot.activeElement;
    const root = copy(source, (address) => this.#ours(address, url));
    root.onsubmit = (event) => event.preventDefault(); // a native one would leave the page
    root.onclick = (event) => this.#follow(event);
    root.onchange = () => this.#dress(); // WebKit 2.50: for :has(option:checked)
    const { dataset, style } = root;
    style.setProperty('--site-accent', dataset.accent ?? '');
    style.setProperty('--site-on-accent', dataset.onAccent ?? '');
    this.#place(root);
    if (moves) this.#focus(root.querySelector('[data-focus]'));
    const saved = asked && 'saved' in dataset;
    const kept = saved && this.#ours(dataset.keep, url); // nothing is stored before a save
    this.#tell('load', status);
    if (saved) this.#tell('saved', status);
    if (kept) storage[this.#key] = kept;
    return true;
  }

  /** Fresh content goes into the page, or into a dialog beside the link that opens it. */
  #place(root) {
    if (this.#root) return this.#root.replaceWith(root);
    if (!this.#is('dialog')) return this.shadowRoot.replaceChildren(root);
    const dialog = document.createElement('dialog');
    dialog.part = 'card';
    dialog.append(root);
    dialog.onclose = () => {
      this.#opener = null;
      if (this.#root?.dataset.saved === '') this.#clear(); // news no longer
    };
    this.shadowRoot.append(dialog);
    this.#reveal();
  }

  #close() {
    if (this.#dialog) return this.#dialog.close();
    const { value } = this.#root.querySelector('.close');
    this.#hide(); // first: there may be no room to write
    storage[CLOSED] = value;
  }

  #escape = ({ key, defaultPrevented: used }) => {
    if (key === 'Escape' && !used && this.#is('prompt') && this.#free && this.#root) this.#close();
  };

  #open(event) { // a click on the link inside, unless it asks for a tab
    const link = this.#is('dialog') && event.target.closest('a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    this.#opener = link;
    this.#refresh();
    if (this.#loading || this.#dialog) event.preventDefault();
    else this.#opener = null; // there is nothing to open
  }

  #reveal() {
    const dialog = this.#opener && this.#dialog;
    if (!dialog || dialog.open) return;
    dialog.ariaLabel = this.#opener.innerText;
    this.#opener.focus(); // Safari gives none to a clicked link, and closing gives it back
    dialog.showModal();
    this.#focus();
  }

  #focus(element) {
    const target = element ?? this.#root.querySelector('h2, h3') ?? this.#root;
    target.tabIndex += 0; // a heading takes the focus only when this is said
    target.focus();
    target.scrollIntoView({ block: 'nearest' }); // all of it: Chromium is content with a part
  }

  // Enter in a field clicks the first button, too; clicks work in a sandbox without forms.
  #follow(event) {
    const link = event.target.closest('a, button');
    const form = link?.form;
    if (!form && link?.value) this.#close(); // .close, whose value is a day
    if (!form && !link?.pathname?.endsWith('/fragment')) return; // opens a tab
    event.preventDefault();
    const body = form && new URLSearchParams(new FormData(form, link));
    if (form) return this.#act(read(form, 'attributes').action?.value, body);
    // By itself, the browser would look for `#id` in the page around us.
    if (link.hash) this.#focus(this.shadowRoot.getElementById(link.hash.slice(1)));
    else this.#act(link.href);
  }

  #act(url, body) {
    if (!url || (this.#waiting && !this.#loading)) return; // one thing after the other
    const excuse = this.#root.querySelector('.retry');
    excuse.hidden = true;
    this.#ask(url, body, '', (answer) => {
      excuse.hidden = this.#show(answer, true);
      excuse.scrollIntoView({ block: 'nearest' });
      if (excuse.hidden) this.#schedule(); // else what was typed stays
    });
  }

  #tell(event, status) {
    const told = { bubbles: true, composed: true, detail: { status } };
    this.dispatchEvent(new CustomEvent(`${NAME}:${event}`, told));
  }
}

customElements.get(NAME) ?? customElements.define(NAME, PreferenceWidgetElement); // twice throws
