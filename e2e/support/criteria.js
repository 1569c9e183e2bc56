// What single success criteria of WCAG ask, judged inside a page. Evaluated after measures.js, with
// what is named there; each function returns what is wrong, in words, and [] when nothing is.
const FIELDS = 'input:not([type=hidden]), select, textarea';
const rootOf = (element) => element.getRootNode();
const described = (element, by = 'aria-describedby') => (element.getAttribute(by) ?? '')
  .split(' ').filter(Boolean).map((id) => rootOf(element).getElementById(id));
const textOf = (element) => element?.textContent.trim().replace(/\s+/g, ' ') ?? '';

// ── colours, as they are painted ──

const painter = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
  .getContext('2d', { willReadFrequently: true });
const painted = (colour) => {
  painter.clearRect(0, 0, 1, 1);
  painter.fillStyle = colour;
  painter.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = painter.getImageData(0, 0, 1, 1).data;
  return { channels: [red, green, blue], alpha: alpha / 255 };
};
const over = (colour, ground) => {
  const { channels, alpha } = painted(colour);
  return channels.map((each, index) => each * alpha + ground[index] * (1 - alpha));
};
const behind = (element) => {
  if (!element || element.nodeType !== 1) return painted('Canvas').channels;
  return over(getComputedStyle(element).backgroundColor, behind(parent(element)));
};
const luminance = (channels) => {
  const [red, green, blue] = channels.map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};
const faint = (what, colour, ground, least) => {
  const found = contrast(over(colour, ground), ground);
  return found < least ? [`${what}: ${found.toFixed(2)} is less than ${least}`] : [];
};

const criteria = {
  /** 1.3.1: fields with labels, choices in groups with a name, hints tied to fields, no level skipped. */
  relations() {
    const hasLabel = (field) => [...field.labels].some((label) => textOf(label));
    const named = (field) => textOf(field.closest('fieldset')?.querySelector(':scope > legend'));
    const choices = '[type=radio], [type=checkbox]';
    const loose = shown('.hint, .problem, .question .why, .benefit').filter((note) => (
      ![...everything()].some((element) => described(element).includes(note))));
    const broken = shown('[aria-describedby], [aria-labelledby]').filter((element) => (
      [...described(element), ...described(element, 'aria-labelledby')].includes(null)));
    const levels = shown('h1, h2, h3').map(({ localName }) => Number(localName[1])).sort();
    return [
      ...shown(FIELDS).filter((field) => !hasLabel(field)).map((each) => `no label: ${called(each)}`),
      ...shown(choices).filter((field) => !field.id.startsWith('decline') && !named(field))
        .map((each) => `in no group with a name: ${called(each)}`),
      ...loose.map((each) => `belongs to no field: ${called(each)}`),
      ...broken.map((each) => `names what is not there: ${called(each)}`),
      ...levels.filter((each, index) => index && each > levels[index - 1] + 1)
        .map((each) => `no heading above one of level ${each}`),
    ];
  },

  /** 1.3.5: what each field for something about the reader says that it is for. */
  purposes: () => Object.fromEntries(shown('[type=email], [type=tel], textarea').map(
    ({ id, autocomplete }) => [id, autocomplete])),

  /** 1.4.3: texts that are too faint on what is behind them. */
  faintTexts: () => shown('*').filter((element) => textBoxes(element).length
    && !element.matches('option, select')).flatMap((element) => {
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const size = parseFloat(fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
    return faint(`text of ${called(element)}`, color, behind(element), large ? 3 : 4.5);
  }),

  /** 1.4.11: edges of controls, marks of errors and the ring of the focus. */
  faintEdges() {
    const edged = 'button, select, textarea, .summary, .pause > summary,'
      + ' input:not([type=hidden], [type=checkbox], [type=radio])';
    const edges = shown(edged).filter((element) => {
      const { borderBlockStartColor: edge, backgroundColor } = getComputedStyle(element);
      const ground = behind(parent(element));
      // The main button is known by its own ground.
      return ![edge, backgroundColor].some((colour) => contrast(over(colour, ground), ground) >= 3);
    }).map((element) => `edge of ${called(element)}`);
    const element = focused();
    const { outlineColor } = getComputedStyle(element);
    return [...edges, ...faint(`ring of ${called(element)}`, outlineColor, behind(parent(element)), 3)];
  },

  /** Dialogs without an edge: where colours are forced, nothing else tells them from the page. */
  edgeless: () => shown('dialog').filter((dialog) => {
    const { borderBlockStartWidth: width, borderBlockStartColor: edge } = getComputedStyle(dialog);
    return parseFloat(width) < 1 || faint('edge', edge, behind(dialog), 3).length;
  }).map(called),

  /** Controls around which no ring shows while they have the focus. */
  hiddenRings: () => shown('a[href], button, input, select, textarea, summary').filter((element) => {
    element.focus({ focusVisible: true });
    const { outlineColor } = getComputedStyle(element);
    return focused() !== element || !hasRing(element)
      || faint('ring', outlineColor, behind(parent(element)), 3).length;
  }).map(called),

  /** 1.4.12: what is lost or overlaps when readers set letters, words and lines apart. */
  spacedOut() {
    const spacing = new CSSStyleSheet();
    spacing.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
      word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
    const roots = [document, ...[...everything()].map((each) => each.shadowRoot).filter(Boolean)];
    for (const root of roots) root.adoptedStyleSheets.push(spacing);
    const found = criteria.colliding();
    for (const root of roots) root.adoptedStyleSheets.pop();
    return found;
  },

  /** What leaves its place, is cut off, or lies on something else. */
  colliding: () => [...measures.overflow(), ...cutOff(), ...overlaps()],

  /** 2.5.7: whatever could only be used by dragging. */
  dragged: () => shown('[draggable=true], [type=range], [ondrag], [ondragstart], canvas').map(called),

  /** 3.1.2: words of another language that do not say so. */
  foreignWords(tag) {
    const own = { English: 'en', Shqip: 'sq', العربية: 'ar' };
    const spokenIn = (element) => within(element, '[lang]').lang;
    const isArabic = (text) => /\p{Script=Arabic}/u.test(text);
    return [...everything(document.body)].filter((element) => (
      [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
      && !element.matches('script, style'))).filter((element) => {
      const text = textOf(element);
      if (own[text]) return spokenIn(element) !== own[text];
      return tag !== 'ar' && isArabic(text) && spokenIn(element) !== 'ar';
    }).map((element) => `${called(element)} is not marked`);
  },

  /** 3.3.1: what is wrong without a text at the field, or in the summary, that says so. */
  unexplained(error) {
    const entries = shown('.summary a').map((link) => [link.hash.slice(1), textOf(link)]);
    const wrong = shown('[aria-invalid=true]');
    const explained = (element) => described(element).some((text) => {
      const said = textOf(text);
      const place = element.matches('fieldset') ? element : rootOf(element).getElementById(element.id);
      return said.startsWith(error) && entries.some(([id, entry]) => said.endsWith(entry)
        && place.parentElement.contains(rootOf(element).getElementById(id)));
    });
    if (!wrong.length || entries.length !== wrong.length) {
      return [`${wrong.length} fields are wrong, ${entries.length} are in the summary`];
    }
    return wrong.filter((element) => !explained(element)).map(called);
  },

  /** 3.3.2: fields without a label that one sees, groups without a legend, numbers without a hint. */
  unlabelled: () => [
    ...shown(FIELDS).filter(({ labels }) => ![...labels].some((label) => isShown(label)
      && textOf(label))),
    ...shown('fieldset').filter((group) => !textOf(group.querySelector(':scope > legend'))),
    ...shown('[type=tel]').filter((field) => !described(field).some((note) => note.matches('.hint'))),
  ].map(called),

  /** 3.3.8: what asks people to remember, to solve or to copy something by hand. */
  puzzles: () => shown('[type=password], img:not(.logo), canvas, audio, video, iframe, [onpaste],'
    + ' input[autocomplete=off]:not(.question *)').map(called),

  /** Movement that nobody asked for: none at all, so that those who want less need not say so. */
  movement: () => shown('*').filter((element) => {
    const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element);
    return animationName !== 'none' || parseFloat(transitionDuration) || scrollBehavior === 'smooth';
  }).map(called),

  /** How much of the window's height is taken by what stays in it while the rest scrolls. */
  stuck: () => Math.max(0, ...shown('*').map((element) => (
    /sticky|fixed/.test(getComputedStyle(element).position) && element.localName !== 'dialog'
      ? element.getBoundingClientRect().height / innerHeight : 0))),
};

function cutOff() {
  return shown('*').filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    return (overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1)
      || (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1);
  }).filter((element) => !element.matches('html, body, input, select, textarea, progress, svg, svg *'))
    .map((element) => `${called(element)} is cut off`);
}

function overlaps() {
  // As high as the letters: the box of an Arabic line is higher, and may reach into the next.
  const letters = (element, { left, right, top, bottom }) => {
    const half = parseFloat(getComputedStyle(element).fontSize) / 2;
    const middle = (top + bottom) / 2;
    return { name: called(element), left, right, top: middle - half, bottom: middle + half };
  };
  // What sticks to an edge lies on what scrolls by, and a dialog on the page.
  const dialog = shown('dialog').length ? 'dialog' : '*';
  const lines = shown('*')
    .filter((element) => within(element, dialog) && !within(element, '.actions, .close'))
    .flatMap((element) => textBoxes(element).map((line) => letters(element, line)));
  return lines.flatMap((one, index) => lines.slice(index + 1).filter((other) => (
    one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 1 && other.top < one.bottom - 1))
    .map((other) => `${one.name} lies on ${other.name}`));
}
