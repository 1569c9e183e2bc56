// Measures taken inside a page, shadow trees included. Evaluated as they stand (tab.py).
const everything = function* (root = document) {
  for (const element of root.querySelectorAll('*')) {
    yield element;
    if (element.shadowRoot) yield* everything(element.shadowRoot);
  }
};
const parent = (node) => {
  const above = node.assignedSlot ?? node.parentNode;
  return above instanceof ShadowRoot ? above.host : above;
};
const within = (node, selector) => {
  for (let each = node; each?.nodeType === 1; each = parent(each)) {
    if (each.matches(selector)) return each;
  }
  return null;
};
const isShown = (element) => element.checkVisibility({ visibilityProperty: true })
  && !within(element, '.visually-hidden') && element.getClientRects().length > 0;
const shown = (selector) => [...everything()].filter(
  (element) => element.matches(selector) && isShown(element));
const called = (element) => {
  const { localName, id, className } = element;
  const own = [...element.childNodes].filter((node) => node.nodeType === 3).map(({ data }) => data);
  const words = own.join('').trim().replace(/\s+/g, ' ').slice(0, 30);
  return `<${localName}${id && ` id=${id}`}${className && ` class=${className}`}> ${words}`;
};
// Without the scroll bar, on whichever side it is.
const frame = () => document.documentElement.getBoundingClientRect();
const box = (thing) => {
  const { left, right, top, bottom } = thing.getBoundingClientRect();
  const { left: start, top: above } = frame();
  return { left: left - start, right: right - start, top: top - above, bottom: bottom - above };
};
// The widget that shows its form, of those in a page.
const widget = () => shown('div.preference-widget')[0].getRootNode().host;
const inside = (element, inWidget) => !inWidget || element.getRootNode().host === widget();
const focused = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
};
const hasRing = (element) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle === 'auto' || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2);
};
// At how many of five points something else is hit than this element.
const covered = (element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const root = element.getRootNode();
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  return points.filter(([x, y]) => {
    const hit = root.elementFromPoint(left + x * width, top + y * height);
    return !(hit && (element.contains(hit) || hit.control === element || hit.contains(element)));
  }).length;
};
const textBoxes = (element) => [...element.childNodes]
  .filter((node) => node.nodeType === 3 && node.data.trim())
  .flatMap((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(({ width }) => width > 1);
  });
// Everything with a box from this element on, by its place in the tree. Lines of text have none.
const boxesOf = (start, place) => {
  const skipped = 'head, head *, svg *, select *, br, script, .visually-hidden';
  const boxes = [];
  const walk = (element, path) => {
    if (element.matches(skipped) || !element.checkVisibility({ visibilityProperty: true })) return;
    const { display } = getComputedStyle(element);
    if (display !== 'inline' && display !== 'contents') {
      boxes.push([path, { ...box(element), name: called(element), free: isFree(element) }]);
    }
    const seen = {};
    for (const child of [...element.children, ...(element.shadowRoot?.children ?? [])]) {
      const name = child.localName;
      seen[name] = (seen[name] ?? 0) + 1;
      walk(child, `${path} > ${name}:${seen[name]}`);
    }
  };
  walk(start, place);
  return boxes;
};
const widgets = () => [...everything()].filter(({ localName }) => localName === 'preference-widget');
const formOf = (nth) => widgets()[nth].shadowRoot.querySelector('.preference-widget');
const sticksOut = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1;

// Which boxes hold their texts; a text that leaves one looks broken even inside the window.
const HOLDERS = 'button, summary, label, legend, li, td, p, h1, h2, h3, fieldset, body';

const measures = {
  shown,

  /** Whether it says this anywhere. */
  says: (text) => shown('*').some((element) => element.innerText?.includes(text)),

  /** Everything that leaves its place sideways, in words. */
  overflow() {
    const page = document.documentElement;
    const window = frame();
    const found = page.scrollWidth > page.clientWidth ? [`page is ${page.scrollWidth} wide`] : [];
    for (const element of everything(document.body)) {
      if (!isShown(element) || element.localName === 'option') continue;
      if (sticksOut(element.getBoundingClientRect(), window)) found.push(called(element));
      const holder = within(element, HOLDERS).getBoundingClientRect();
      if (textBoxes(element).some((text) => sticksOut(text, holder) || sticksOut(text, window))) {
        found.push(`text of ${called(element)}`);
      }
    }
    return found;
  },

  /** Words that a line's end cuts in two; hyphens may end lines, addresses may break anywhere. */
  brokenWords() {
    const cut = ([node, start, end]) => {
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, end);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    };
    return [...everything(document.body)].filter(isShown).flatMap((element) => (
      [...element.childNodes].filter((node) => node.nodeType === 3 && !node.data.includes('@'))
        .flatMap((node) => [...node.data.matchAll(/[^\s\-–—/@•.\u200f]{2,}/g)]
          .map(({ index, 0: word }) => [node, index, index + word.length]))
        .filter(cut).map(([node, start, end]) => `${node.data.slice(start, end)} is broken`)));
  },

  /** Controls narrower or lower than 24 px; links inside a sentence may be (WCAG 2.5.8). */
  smallTargets() {
    const inSentence = (link) => link.localName === 'a'
      && link.parentElement.textContent.trim() !== link.textContent.trim();
    return shown('a[href], button, input, select, textarea, summary')
      .filter((element) => !inSentence(element))
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return Math.min(width, height) < 23.99;
      }).map(called);
  },

  /** What people jump between who hear a page (trees.py), in the page or only in the widget. */
  controls(inWidget) {
    const kinds = 'h1, h2, h3, a[href], button, input, select, textarea';
    return shown(kinds).filter((element) => inside(element, inWidget));
  },

  /** Which of the page's widgets shows its form. */
  place: () => [...document.querySelectorAll('preference-widget')].indexOf(widget()),

  /** Where the Tab key should lead, in the order in which it is read: each called as `focus` does. */
  stops: (inWidget) => {
    const kinds = 'a[href], button, input, select, textarea, summary';
    return shown(kinds).filter((element) => inside(element, inWidget)).map(called);
  },

  /** Of the same, in the same order, what they are in the markup. */
  kinds: (inWidget) => measures.controls(inWidget).map(({ localName }) => localName),

  /** All that one window shows: what is wrong, and where everything stands in some directions. */
  look(directions) {
    const { dir } = document.documentElement;
    const problems = ['overflow', 'brokenWords', 'smallTargets'].flatMap((name) => measures[name]());
    const layouts = Object.fromEntries(directions.map((each) => {
      measures.turn(each);
      return [each, measures.layout()];
    }));
    measures.turn(dir);
    // Last: WebKit 2.50 keeps something of the height that a fieldset had.
    const enlarged = enlarge(() => measures.overflow());
    return { problems, enlarged, layouts };
  },

  /** Language, direction, title and headings of the first level of the page, or of the widget. */
  tongue(inWidget) {
    const root = inWidget ? shown('div.preference-widget')[0] : document.documentElement;
    const text = (element) => element.textContent.trim().replace(/\s+/g, ' ');
    const headings = [...root.querySelectorAll(inWidget ? 'h2' : 'h1')].map(text);
    return { lang: root.lang, dir: root.dir, title: document.title, headings };
  },

  /** Turns the page, and the widget in it, to a direction. */
  turn(dir) {
    for (const element of everything()) {
      if (element.matches('html, .preference-widget')) element.dir = dir;
    }
  },

  /** The boxes that make up the layout, with their place in the tree. Lines of text have none. */
  layout() {
    const page = document.documentElement;
    page.style.overflowY = 'scroll'; // one language alone may need the bar, which moves the middle
    scrollTo(0, page.scrollHeight); // where what sticks is where it belongs
    return { width: frame().width, boxes: boxesOf(document.body, 'body') };
  },

  /** The boxes of the form in the nth widget, measured from its own corner, and how wide it is. */
  form(nth = 0) {
    const root = formOf(nth);
    root.lastElementChild.scrollIntoView({ block: 'end', behavior: 'instant' });
    const { left, top } = box(root);
    const fromCorner = ([place, each]) => [place, {
      name: each.name, left: each.left - left, right: each.right - left,
      top: each.top - top, bottom: each.bottom - top,
    }];
    return boxesOf(root, 'form').map(fromCorner);
  },

  /** Has the focus: what, whether one sees that it has, and how much something else covers. */
  focus() {
    const element = focused();
    if (!element || element === document.body) return null;
    return {
      name: called(element), id: element.id, type: element.type ?? element.localName,
      ring: hasRing(element), covered: covered(element),
    };
  },
};

// With letters twice as large, as readers set them, on the page and in the widget.
function enlarge(look) {
  const widgets = document.querySelectorAll('preference-widget');
  document.documentElement.style.fontSize = '200%';
  for (const each of widgets) each.style.setProperty('--pw-font-size', '1rem');
  const found = look();
  document.documentElement.style.fontSize = '';
  for (const each of widgets) each.style.removeProperty('--pw-font-size');
  return found;
}

// Text decides where these begin: what comes after something else in a row of flexible boxes, what
// stands or floats at the end, and what is in a dialog, which is as wide as its texts and in the middle.
function isFree(element) {
  for (let each = element; each && each !== document.body; each = parent(each)) {
    const row = parent(each);
    if (row?.nodeType !== 1) continue;
    const { float, position } = getComputedStyle(each);
    if (each.localName === 'dialog' || float === 'inline-end' || position === 'absolute') return true;
    const { display, flexDirection, justifyContent, alignItems } = getComputedStyle(row);
    const first = row.firstElementChild === each;
    if (/flex/.test(display) && flexDirection === 'row' && !first) return true;
    if (/flex/.test(display) && flexDirection === 'column' && alignItems === 'center') return true;
  }
  return false;
}
