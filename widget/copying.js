// What of a fragment reaches somebody else's page: fresh copies of the elements and attributes that
// are listed here. It must not harm that page even if our server is broken into (an owner who pins the
// script by its hash stays safe), and must work where a strict policy lets no string become markup.
const words = (list) => new Set(list.split(' '));
const SVG = 'http://www.w3.org/2000/svg';

// Left out is whatever can run script, fetch, or redraw the page around: script, style, iframe, img,
// src, on…, formaction; and `rel`, because "opener" would hand that page over.
const ELEMENTS = words('div section p h2 h3 ul li a form fieldset legend label input select option '
  + 'textarea button details summary span strong small bdi progress');
const SHAPES = words('svg g path rect circle ellipse line polyline polygon');
const INPUT_TYPES = words('checkbox radio text email tel hidden submit button');
const ATTRIBUTES = words('class id for name value checked selected open hidden autocomplete '
  + 'inputmode spellcheck maxlength rows method lang dir role tabindex novalidate viewBox d x x1 x2 y '
  + 'y1 y2 cx cy r rx ry width height points transform opacity max');
const NAMED_FREELY = /^(aria|data)-[\w-]+$/;
const PAINT = /^(fill|stroke)(-[\w-]+)?$/;
const ADDRESSES = { a: 'href', form: 'action' };
// A paint that names an address, or hides with a backslash that it does.
const FETCHES = /(url|src|image|set|var)\(|\\/i;

/**
 * Properties and methods are taken from the prototype, past "DOM clobbering": a control named "append"
 * hides its form's method of that name, but no markup can change the prototype. No attribute is asked
 * for as a node: making one for each costs a phone milliseconds.
 */
const { append, getAttribute, getAttributeNames } = Element.prototype;
const read = (node, property) => Reflect.get(Element.prototype, property, node);

/**
 * Where a form is sent. `form.action` may be a control of that name, and would be resolved against
 * the page around.
 */
export const addressOfForm = (form) => getAttribute.call(form, 'action');

/**
 * A fresh copy of a parsed node, or '' if it is not listed. Never the node itself: its `onerror` would
 * run as soon as it is in the page. `ownUrl` gives the URL of an address, or null if it leads away
 * from us.
 */
export function copy(node, ownUrl) {
  const type = read(node, 'nodeType');
  if (type === Node.TEXT_NODE) return node.data;
  if (type !== Node.ELEMENT_NODE) return '';
  const fresh = create(read(node, 'localName'), read(node, 'namespaceURI'));
  if (!fresh) return '';
  for (const name of getAttributeNames.call(node)) {
    copyAttribute(fresh, name, getAttribute.call(node, name), ownUrl);
  }
  for (let child = read(node, 'firstChild'); child; child = read(child, 'nextSibling')) {
    append.call(fresh, copy(child, ownUrl));
  }
  return fresh;
}

function create(name, namespace) {
  if (namespace === SVG) return SHAPES.has(name) ? document.createElementNS(SVG, name) : null;
  if (!ELEMENTS.has(name)) return null;
  const fresh = document.createElement(name);
  fresh.setAttribute('part', name); // for the owner's style sheet
  if (name === 'a') fresh.target = '_blank'; // no link takes a person away from the page
  return fresh;
}

function copyAttribute(fresh, name, value, ownUrl) {
  if (ADDRESSES[fresh.localName] === name) {
    const url = ownUrl(value);
    if (url) fresh.setAttribute(name, url.href);
  } else if (isListed(name, value)) fresh.setAttribute(name, value);
}

function isListed(name, value) {
  if (ATTRIBUTES.has(name)) return true;
  if (name === 'type') return INPUT_TYPES.has(value.toLowerCase());
  if (PAINT.test(name)) return !FETCHES.test(value);
  return NAMED_FREELY.test(name);
}
