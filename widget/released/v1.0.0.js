const STYLES = ":host(:not([hidden])){display:block}.preference-widget{--accent:var(--pw-accent,#1f5a4c);--on-accent:var(--pw-on-accent,#fff);--line:color-mix(in srgb,currentColor 22%,transparent);--edge:color-mix(in srgb,currentColor 60%,transparent);--soft:color-mix(in srgb,currentColor 5%,transparent);--alarm:light-dark(#b3261e,#ffb4ab);--radius:.5rem;box-sizing:border-box;max-inline-size:42rem;margin-inline:0 auto;line-height:1.5;overflow-wrap:anywhere;text-align:start;}.preference-widget:lang(ar){line-height:1.75;letter-spacing:0}*,::before{box-sizing:border-box;font-style:normal}.preference-widget[aria-busy=true]{opacity:.6}h1,h2,h3{margin-block:0 .5rem;line-height:1.25;font-weight:650;text-wrap:balance}:is(h1,h2,h3):lang(ar){line-height:1.6}h1{font-size:1.75rem}h2{font-size:1.375rem}h3{font-size:1.0625rem}p,ul,.preference-widget > form{margin-block:0 .75rem}a{color:inherit;text-underline-offset:.2em}:focus-visible{outline:3px solid color-mix(in srgb,var(--accent,currentColor) 70%,currentColor);outline-offset:2px;border-radius:.25rem}.visually-hidden{position:absolute;inline-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}.whom,.why,.hint,.benefit,.expect,.transactional,.legal,.step,.optional{color:color-mix(in srgb,currentColor 78%,transparent)}.hint,.why{margin-block-end:.5rem}fieldset{min-inline-size:0;margin:0 0 1.25rem;padding:0;border:0}legend{padding:0;margin-block-end:.5rem;font-weight:650}legend :is(h1,h2){margin:0}.topics ul,.notice ul,.pause ul{list-style:none;margin:0;padding:0}.topics > ul{border:1px solid var(--line);border-radius:var(--radius)}.topic{padding:.75rem .875rem}.topic + .topic{border-block-start:1px solid var(--line)}.choice{position:relative;isolation:isolate;display:grid;grid-template-columns:auto 1fr;column-gap:.75rem;align-items:start}.choice > input{position:relative;z-index:1;inline-size:1.5rem;block-size:1.5rem;margin:0;accent-color:var(--accent)}.choice > label{min-block-size:1.5rem;font-weight:550}.choice > label::after{content:\"\";position:absolute;inset:0}.choice > .benefit{grid-column:2;margin:0}.rhythm{display:block}.how{margin-block-start:.125rem;margin-inline-start:2.25rem}.how > summary{display:inline-flex;gap:.375rem;align-items:center;min-block-size:1.75rem;cursor:pointer;text-decoration:underline;text-underline-offset:.35em}.how > summary::after{content:\"\";inline-size:.45em;block-size:.45em;border:solid;border-width:0 2px 2px 0;transform:translateY(-.15em) rotate(45deg)}.how[open] > summary::after{transform:translateY(.1em) rotate(225deg)}summary::-webkit-details-marker{display:none}summary{list-style:none}.topic:has(.choice input:not(:checked)) .how:not([open]) > summary{color:color-mix(in srgb,currentColor 78%,transparent)}.fields{display:grid;gap:0 1rem;grid-template-columns:repeat(auto-fit,minmax(min(14rem,100%),1fr))}.field{margin-block-end:1rem}.field > label{display:block;margin-block-end:.25rem;font-weight:550}.field .label{margin:0 0 .25rem}input:not([type=checkbox],[type=radio]),select,textarea,button,.pause > summary{font:inherit;color:inherit;letter-spacing:inherit;border:1px solid var(--edge);border-radius:var(--radius);background:var(--soft);min-block-size:2.75rem;padding:.5rem .75rem;max-inline-size:100%}input:not([type=checkbox],[type=radio]),textarea{inline-size:100%}select{inline-size:100%;background:Field;color:FieldText}[dir=rtl] input[dir=ltr]{text-align:end}input.number{inline-size:8rem}@supports selector(:has(*)){.contact:not(.needed){display:none}form:has(.topic .choice input:checked):has(option:is([value=sms],[value=phone]):checked) .contact.phone,form:has(.topic .choice input:checked):has(option[value=post]:checked) .contact.post{display:block}}button,.pause > summary{cursor:pointer;background:transparent;text-align:center;font-weight:550}.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:650;min-inline-size:min(9rem,100%)}:is(button,.pause > summary):hover{box-shadow:inset 0 0 0 1px currentColor}small{display:block;font-size:.8125rem;font-weight:400}.actions > .primary{inline-size:100%}.stage .actions{display:flex;gap:.75rem;flex-wrap:wrap}.stage .actions > *{inline-size:auto;flex:0 1 auto}.all{display:flex;flex-wrap:wrap;gap:.5rem;margin-block:.75rem 0}.all > *{flex:1 1 0;min-inline-size:min-content;overflow-wrap:break-word}.all > legend{font-weight:400;margin-block-end:.25rem}.all > .problem{flex-basis:100%}.all > button,.pause > summary{display:flex;flex-direction:column;align-items:center;justify-content:center;inline-size:100%}.pause > summary{block-size:100%}@media (max-width:30rem){.all{gap:.375rem}.all > button,.pause > summary{padding:.25rem;font-size:.8125rem;line-height:1.35}}.pause[open]{flex-basis:100%;order:1}.pause[open] > summary{block-size:auto}.pause li{margin-block-start:.5rem}.pause li button{inline-size:100%}@media screen and (min-height:34rem),screen and (min-width:30rem){.preferences .actions{position:sticky;inset-block-end:0;padding-block:.5rem;background:Canvas;background:oklch(from currentColor clamp(0,(.6 - l) * 99,1) 0 0);border-block-start:1px solid var(--line)}.preferences .actions:has([open]){max-block-size:70vh;overflow-y:auto;padding-inline:.5rem}.preferences :is(input,select,textarea,summary){scroll-margin-block-end:min(12rem,30vh)}}@media (max-height:34rem) and (min-width:30rem){.preferences .actions:not(:has([open])){display:flex;gap:.375rem;& > *{inline-size:auto;min-inline-size:0;margin:0}& > .all{flex:1;flex-wrap:nowrap}& legend{position:absolute;clip-path:inset(50%)}}}@media (max-height:34rem),(max-width:30rem){.all small{display:none}}@media (max-width:30rem){.all > legend{font-size:.8125rem;margin:0}}.summary,.notice{border:2px solid var(--line);border-radius:var(--radius);padding:.875rem 1rem;margin-block-end:1.25rem;background:var(--soft)}.summary{border-color:var(--alarm)}.summary > *{margin-block:0 .25rem}.summary ul{padding-inline-start:1.25rem}.summary a{display:block;padding-block:.25rem}.notice > :last-child{margin-block-end:0}.saved{border-color:var(--accent)}.problem{color:var(--alarm);font-weight:600;margin-block-end:.375rem}.preference-widget [aria-invalid=true]{border-color:var(--alarm);border-width:2px}.overall{border:2px solid var(--accent);border-radius:var(--radius);padding:.875rem 1rem;background:var(--soft)}.overall > legend{float:inline-start;inline-size:100%}.overall > .choice{clear:both;padding-block:.25rem}.question{margin-block-end:1.5rem}.question > legend,.question > label{font-size:1.0625rem;font-weight:650}.optional{font-weight:400}.options{display:grid;gap:.25rem}.question .choice{padding:.5rem .625rem;border-radius:var(--radius)}.question .choice:has(input:checked){background:var(--soft);box-shadow:inset 0 0 0 2px var(--accent)}.options:has(.picture){grid-template-columns:repeat(auto-fill,minmax(min(8.5rem,100%),1fr));gap:.5rem}.options:has(.colour){grid-template-columns:repeat(auto-fill,minmax(min(12rem,100%),1fr));gap:.5rem}.picture,.colour{border:1px solid var(--line)}.picture{grid-template-columns:1fr}.picture > :is(input,label){grid-area:1 / 1;justify-self:start}.picture > label{inline-size:100%}.picture svg{display:block;inline-size:calc(100% - 2.25rem);max-inline-size:9rem;block-size:auto;margin-block-end:.25rem;margin-inline-start:2.25rem}.colour label{display:flex;gap:.5rem;align-items:start}.swatch{inline-size:1.5rem;block-size:1.5rem;flex:none}.or{display:flex;align-items:center;gap:.75rem;margin-block:.25rem}.or::before,.or::after{content:\"\";flex:1;border-block-start:1px solid var(--line)}form + p{margin-block-start:1rem}.next,.back{margin-block:1rem 0}:is(.next,.back,.legal) a{display:inline-block;padding-block:.25rem}.legal > summary{padding-block:.25rem;cursor:pointer;text-decoration:underline;text-underline-offset:.35em}.legal{font-size:.875rem;margin-block-start:1rem}";
const NAME = 'preference-widget';
const SVG = 'http://www.w3.org/2000/svg';
const words = (text) => new Set(text.split(' '));
const ELEMENTS = words('div section p h2 h3 h4 ul ol li a form fieldset legend label input select'
+ ' option textarea button details summary span strong small b bdi hr');
const SHAPES = words('svg g path rect circle ellipse line polyline polygon');
const INPUT_TYPES = words('checkbox radio text email tel hidden');
const ATTRIBUTES = words('class id for name value type checked selected open autocomplete inputmode'
+ ' spellcheck maxlength rows method lang dir role tabindex novalidate part focusable viewBox d x'
+ ' y x1 y1 x2 y2 cx cy r rx ry width height points transform opacity fill stroke');
const MORE_ATTRIBUTES = /^(aria|data|fill|stroke)-[\w-]+$/;
const FETCHES = /(url|src|image|set)\(|\\/i;
const CONTENT = /^(2..|403|404|409|410|422)$/;
const GONE = /^(403|404|410)$/;
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLES);
const read = (node, property) => Reflect.get(Element.prototype, property, node);
const attribute = (element, name) => read(element, 'attributes').getNamedItem(name)?.value;
const stored = (use) => { try { return use(localStorage); } catch { return null; } };
function parse(address, base) {
const url = address && URL.canParse(address, base) ? new URL(address, base) : null;
return /^https?:$/.test(url?.protocol) ? url : null;
}
function languageOf(element) {
const near = element.closest('[lang]') ?? element.getRootNode().host;
return near && (near.getAttribute('lang') ?? languageOf(near));
}
function copy(node, ours) {
const type = read(node, 'nodeType');
if (type === Node.TEXT_NODE) return document.createTextNode(node.data);
const fresh = type === Node.ELEMENT_NODE && create(node);
if (!fresh) return null;
for (const { name, value } of read(node, 'attributes')) copyAttribute(fresh, name, value, ours);
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
#home = null;
#shown = '';
#loading = '';
#waiting = null;
#own = new CSSStyleSheet();
constructor() {
super();
this.attachShadow({ mode: 'open' });
this.#own.replaceSync(':host {}');
this.#dress();
this.#clear();
}
#dress() { this.shadowRoot.adoptedStyleSheets = [sheet, this.#own]; }
connectedCallback() { this.#schedule(); }
disconnectedCallback() { this.#schedule(); }
attributeChangedCallback(name, before, now) {
if (before === now) return;
if (name === 'src') this.#clear();
this.#schedule();
}
request(url, { body, signal }) {
const xhr = new XMLHttpRequest();
xhr.open(body ? 'POST' : 'GET', url);
xhr.responseType = 'document';
xhr.timeout = 30_000;
xhr.send(body);
signal.addEventListener('abort', () => xhr.abort());
const answer = () => ({ status: xhr.status, url: xhr.responseURL, document: xhr.response });
return new Promise((resolve) => { xhr.onloadend = () => resolve(answer()); });
}
#schedule() { queueMicrotask(() => this.#refresh()); }
#refresh() {
if (!this.isConnected) return this.#stop();
if (this.#waiting && !this.#loading) return;
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
#fragment(home) {
const url = new URL(home.href.replace(/\/?$/, '/fragment'));
const lang = languageOf(this);
if (lang) url.searchParams.set('lang', lang);
if (this.getAttribute('view') === 'questions') url.searchParams.set('view', 'questions');
return url.href;
}
get #root() { return this.shadowRoot.querySelector(`.${NAME}`); }
get #key() { return `${NAME}:${this.#home.href}`; }
#ours(address, base) {
const url = parse(address, base);
return url?.origin === this.#home.origin ? url : null;
}
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
this.shadowRoot.replaceChildren(document.createElement('slot'));
}
#show({ status, url, document: page, sent }, asked = false) {
const whole = page && CONTENT.test(status) && this.#ours(url);
const source = whole && Document.prototype.querySelector.call(page, `body > div.${NAME}`);
if (!source) return this.#tell('error', status);
const free = [null, this, document.body].includes(this.getRootNode().activeElement);
const moves = (asked && free) || this.shadowRoot.activeElement;
const root = copy(source, (address) => this.#ours(address, url));
root.addEventListener('submit', (event) => this.#submit(event));
root.addEventListener('click', (event) => this.#follow(event));
root.addEventListener('change', () => this.#dress());
for (const name of ['accent', 'on-accent']) {
const colour = root.getAttribute(`data-${name}`)?.match(/^#[0-9a-f]{6}$/i)?.[0] ?? '';
this.#own.cssRules[0].style.setProperty(`--pw-${name}`, colour);
}
this.shadowRoot.replaceChildren(root);
if (moves) this.#focus(root.querySelector('[data-focus]') ?? root.querySelector('h2, h3, h4'));
const saved = sent && 'saved' in root.dataset;
const kept = saved && this.#ours(root.dataset.keep, url);
if (kept) stored((storage) => storage.setItem(this.#key, kept.href));
this.#tell('load', status);
if (saved) this.#tell('saved', status);
return true;
}
#focus(element) {
const target = element ?? this.#root;
if (target.tabIndex < 0) target.tabIndex = -1;
target.focus();
}
#submit(event) {
event.preventDefault();
const [form, action] = [event.target, attribute(event.target, 'action')];
if (action) this.#act(action, form, new URLSearchParams(new FormData(form, event.submitter)));
}
#follow(event) {
const link = event.target.closest('a[href]:not([target])');
if (!link) return;
event.preventDefault();
if (link.hash) this.#focus(this.shadowRoot.getElementById(link.hash.slice(1)));
else this.#act(link.href, this.#root);
}
#act(url, place, body) {
if (this.#waiting) return;
this.#root.querySelector('.retry')?.remove();
this.#ask(url, { body }, (answer) => {
if (!this.#show(answer, true)) this.#excuse(place);
this.#schedule();
});
}
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
customElements.get(NAME) ?? customElements.define(NAME, PreferenceWidgetElement);
