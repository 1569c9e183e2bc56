// <preference-widget src="https://prefs.example/s/dimora">: a site's preference form in any page.
// The server renders, checks and translates. This element loads a fragment, shows a copy of it and
// sends what people do. What may happen when is listed in states.js.
// Pages load v1.js, which `make widget` builds from these modules.
import { fragmentAddress, urlAt, webUrl } from './addresses.js';
import { addressOfForm } from './copying.js';
import { createDialog, openDialog } from './dialog.js';
import { focusOn, mayTakeFocus } from './focus.js';
import STYLES from './form.css';
import { arePromptsClosed, closePrompts, forgetAddress, keepAddress, keptAddress } from './memory.js';
import { isGone, isSaved, readAnswer, requestDocument } from './server.js';
import { isBusy, MAY_FOLLOW } from './states.js';
import { languageOf } from './surroundings.js';

const NAME = 'preference-widget';
const styleSheet = new CSSStyleSheet(); // a strict policy forbids <style>, but not this
styleSheet.replaceSync(STYLES);

export class PreferenceWidgetElement extends HTMLElement {
  static observedAttributes = ['src', 'lang', 'view', 'mode'];
  // A name of states.js, the address that is being loaded, and what ends the state's request.
  #state = { name: 'idle', address: null, request: new AbortController() };
  #shown = null; // the address whose content was shown last
  #opener = null; // the link that was clicked, for as long as its dialog is wanted

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }); // open, so that accessibility checkers can see into it
    this.#applyStyles();
    this.#showLink();
    this.addEventListener('click', (event) => this.#onLinkClick(event));
  }

  connectedCallback() {
    document.addEventListener('keydown', this.#onKeydown);
    this.#scheduleRefresh();
  }

  disconnectedCallback() {
    document.removeEventListener('keydown', this.#onKeydown);
    this.#dismissDialog();
    this.#scheduleRefresh();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name !== 'lang') this.#reset(); // at once: the content may be about another person
    this.#scheduleRefresh();
  }

  /**
   * Promises the `status`, `responseURL` and `response` of an XMLHttpRequest, and never rejects. A
   * subclass may fetch in its own way. No headers and no credentials: so browsers reuse a preload,
   * and a POST needs no preflight.
   */
  request(url, options) { return requestDocument(url, options); }

  /** Changes the state, if the new one may follow. The old one's request is never answered then. */
  #enter(name, address = null) {
    if (!MAY_FOLLOW[name].includes(this.#state.name)) return false;
    this.#state.request.abort();
    this.#state = { name, address, request: new AbortController() };
    (this.#root ?? this).ariaBusy = isBusy(name) || null;
    return true;
  }

  /** After the current task: changes made together cause one load, and a move causes none. */
  #scheduleRefresh() { queueMicrotask(() => this.#refresh()); }

  #refresh() {
    if (!this.isConnected) return this.#enter('failed');
    if (this.#is('prompt') && arePromptsClosed()) return this.#hide();
    if (this.#is('dialog') && !this.#opener) return;
    const address = this.#src && this.#fragmentOf(this.#src);
    if (address && address !== (this.#state.address ?? this.#shown)) this.#load(address);
    else this.#openDialog();
  }

  async #load(address) {
    if (!this.#enter('loading', address)) return;
    const { signal } = this.#state.request;
    const src = this.#src;
    const kept = urlAt(src.origin, keptAddress(src));
    const answer = await this.request(kept ? this.#fragmentOf(kept) : address, { signal });
    if (signal.aborted) return;
    if (kept && isGone(answer.status)) {
      forgetAddress(src);
      this.#load(address);
    } else this.#showLoaded(readAnswer(answer, src.origin), address);
  }

  #showLoaded(answer, address) {
    if (answer.root) {
      this.#shown = address;
      this.#show(answer, Boolean(this.shadowRoot.activeElement));
      if (this.#is('prompt') && 'nothing' in answer.root.dataset) this.#hide();
    } else {
      this.#fail(answer);
      if (this.#opener && !this.#dialog?.open) location.href = this.#opener.href;
    }
  }

  /** Sends what a person did; the form stays as it is until there is an answer with content. */
  async #send(url, body) {
    if (!this.#enter('sending')) return;
    const { signal } = this.#state.request;
    const { origin } = this.#src;
    const retry = this.#root.querySelector('.retry');
    retry.hidden = true;
    const response = await this.request(url, { body, signal });
    if (signal.aborted) return;
    const answer = readAnswer(response, origin);
    if (answer.root) return this.#showReply(answer);
    this.#fail(answer);
    retry.hidden = false;
    retry.scrollIntoView({ block: 'nearest' });
  }

  #showReply(answer) {
    const src = this.#src; // the page may change it when it hears of the answer
    this.#show(answer, mayTakeFocus(this) || this.shadowRoot.activeElement);
    this.#scheduleRefresh(); // attributes that changed meanwhile have their effect now
    if (!isSaved(answer.root)) return;
    this.#tell('saved', answer.status);
    if (answer.keep) keepAddress(src, answer.keep); // nothing is stored before a save
  }

  /** Puts content in place of what is on show. */
  #show({ status, root }, movesFocus) {
    this.#enter('shown');
    root.onsubmit = (event) => event.preventDefault(); // the browser's own would leave the page
    root.onclick = (event) => this.#onContentClick(event);
    root.onchange = () => this.#applyStyles(); // WebKit 2.50 overlooks :has(option:checked)
    this.#place(root);
    this.#openDialog();
    if (movesFocus) this.#focus(root.querySelector('[data-focus]'));
    this.#tell('load', status);
  }

  #fail({ status }) {
    this.#enter('failed');
    this.#tell('error', status);
  }

  /** Fresh content goes into the page, or into a dialog beside the link that opens it. */
  #place(root) {
    const onclose = () => this.#onDialogClosed();
    if (this.#root) this.#root.replaceWith(root);
    else if (this.#is('dialog')) this.shadowRoot.append(createDialog(root, onclose));
    else this.shadowRoot.replaceChildren(root);
  }

  /** Opens the dialog if there is one and a click asked for it. */
  #openDialog() {
    if (!this.#opener || !this.#dialog || this.#dialog.open) return;
    openDialog(this.#dialog, this.#opener);
    this.#focus();
  }

  #onDialogClosed() {
    this.#opener = null;
    if (this.#root && isSaved(this.#root)) this.#reset(); // the next opening brings a fresh form
  }

  #dismissDialog() {
    this.#opener = null;
    this.#dialog?.close();
  }

  /** Takes the content of a prompt away. The style of the element itself is the page's to set. */
  #hide() {
    if (this.#enter('closed')) this.shadowRoot.replaceChildren();
  }

  #close() {
    if (this.#dialog) return this.#dialog.close();
    const until = this.#root.querySelector('.close').value;
    this.#enter('closed'); // while sending it is refused; the answer's refresh brings it about
    this.shadowRoot.replaceChildren();
    closePrompts(until); // last, because it throws where storage is full
  }

  #reset() {
    this.#enter('idle');
    this.#dismissDialog();
    this.#shown = null;
    this.#showLink();
  }

  #showLink() { this.shadowRoot.replaceChildren(document.createElement('slot')); }
  #applyStyles() { this.shadowRoot.adoptedStyleSheets = [styleSheet]; }

  /** A click on the link inside opens the dialog, unless the person asks for a tab or a window. */
  #onLinkClick(event) {
    const link = event.target.closest('a');
    const asksForTab = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || asksForTab || !this.#is('dialog')) return;
    this.#opener = link;
    this.#refresh();
    if (this.#state.name === 'loading' || this.#dialog) event.preventDefault();
    else this.#opener = null; // there is nothing to open: the browser follows the link
  }

  // Enter in a field clicks the first button, too. Submit events would not come in a sandbox without
  // forms.
  #onContentClick(event) {
    const control = event.target.closest('a, button');
    if (control?.form) this.#submit(event, control);
    else if (control?.matches('button.close')) this.#close();
    else if (control?.pathname?.endsWith('/fragment')) this.#follow(event, control);
  }

  #submit(event, button) {
    event.preventDefault();
    const address = addressOfForm(button.form);
    if (address) this.#send(address, new URLSearchParams(new FormData(button.form, button)));
  }

  /** A link to a fragment stays in the widget; every other link opens a tab (copying.js). */
  #follow(event, link) {
    event.preventDefault();
    // The browser would look for `#id` in the page around, not in here.
    if (link.hash) this.#focus(this.shadowRoot.getElementById(link.hash.slice(1)));
    else this.#send(link.href);
  }

  #onKeydown = ({ key, defaultPrevented }) => {
    const isForPrompt = this.#is('prompt') && this.#root && mayTakeFocus(this);
    if (key === 'Escape' && !defaultPrevented && isForPrompt) this.#close();
  };

  #focus(element) {
    focusOn(element ?? this.#root.querySelector('h2, h3') ?? this.#root);
  }

  get #root() { return this.shadowRoot.querySelector(`.${NAME}`); }
  get #dialog() { return this.shadowRoot.querySelector('dialog'); }
  get #src() { return webUrl(this.getAttribute('src'), document.baseURI); }
  #fragmentOf(src) { return fragmentAddress(src, languageOf(this), this.getAttribute('view')); }
  #is(mode) { return this.getAttribute('mode') === mode; }

  #tell(event, status) {
    const options = { bubbles: true, composed: true, detail: { status } };
    this.dispatchEvent(new CustomEvent(`${NAME}:${event}`, options));
  }
}

// A page may include the script twice, but a name can be defined only once.
if (!customElements.get(NAME)) customElements.define(NAME, PreferenceWidgetElement);
