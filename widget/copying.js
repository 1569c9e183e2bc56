// What of a fragment reaches somebody else's page: fresh copies of elements and attributes that are
// listed here. It must not harm that page even if our server is broken into (an owner who pins the
// script by its hash stays safe), and must work where a strict policy lets no string become markup.
const SVG = 'http://www.w3.org/2000/svg';
// What can run script, fetch, or redraw the page around us is left out, such as script style iframe
// img, src on… formaction; and `rel`, as "opener" would hand that page over.
const ELEMENTS = /^(div|section|p|h[23]|ul|li|a|form|fieldset|legend|label|input|select|option|textarea|button|details|summary|span|strong|small|bdi)$/;
const SHAPES = /^(svg|g|path|rect|circle|ellipse|line|polyline|polygon)$/;
const TYPES = /^(checkbox|radio|text|email|tel|hidden|submit|button)$/i;
const ATTRIBUTES = /^(class|id|for|name|value|type|checked|selected|open|hidden|autocomplete|inputmode|spellcheck|maxlength|rows|method|lang|dir|role|tabindex|novalidate|viewBox|d|[xy][12]?|c[xy]|r[xy]?|width|height|points|transform|opacity|fill|stroke|(aria|data|fill|stroke)-[\w-]+)$/;
// A paint that names an address, or hides that it does.
const FETCHES = /(url|src|image|set|var)\(|\\/i;

// A control named "attributes" or "action" hides its form's property of that name ("DOM
// clobbering"): ask the prototype, which no markup can change.
export const read = (node, property) => Reflect.get(Element.prototype, property, node);

// A fresh copy of a parsed node, or '' if it is not listed. Never the node itself: its `onerror`
// would run once it is in the page. `ours` gives the URL of an address, or false for one that leads
// away from us.
export function copy(node, ours) {
  const type = read(node, 'nodeType');
  if (type === 3) return node.data;
  const fresh = type === 1 && create(read(node, 'localName'), read(node, 'namespaceURI'));
  if (!fresh) return '';
  for (const { name, value } of read(node, 'attributes')) copyAttribute(fresh, name, value, ours);
  // All at once: a form's `append`, too, is hidden by a control of that name.
  fresh.append(...[...read(node, 'childNodes')].map((child) => copy(child, ours)));
  return fresh;
}

function create(name, space) {
  if (space === SVG) return SHAPES.test(name) && document.createElementNS(SVG, name);
  const fresh = ELEMENTS.test(name) && document.createElement(name);
  if (name === 'a') fresh.target = '_blank'; // none takes a person away from the page
  if (fresh) fresh.part = name;
  return fresh;
}

function copyAttribute(fresh, name, value, ours) {
  if (/^(ahref|formaction)$/.test(fresh.localName + name)) { // <a href> or <form action>
    const url = ours(value);
    if (url) fresh.setAttribute(name, url.href);
  } else if (ATTRIBUTES.test(name) && (name !== 'type' || TYPES.test(value))
    && !(/^(fill|stroke)/.test(name) && FETCHES.test(value))) fresh.setAttribute(name, value);
}
