// What the page holds and looks like now, as plain data for findings.py. Changes nothing that stays.
() => {
  const seen = window.preferenceWidgetDoctor;
  const { deep } = seen;
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  const parentOf = (element) => element.assignedSlot ?? element.parentElement
    ?? element.getRootNode().host;
  const styleOf = (element) => getComputedStyle(element);

  // ── colours: [red, green, blue, alpha], the last from 0 to 1 ──
  const parsed = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => [0, 1, 2].map((at) =>
    Math.round(top[at] * top[3] + below[at] * (1 - top[3]))).concat(1);
  const hex = (colour) => '#' + colour.slice(0, 3).map((each) => each.toString(16).padStart(2, '0')).join('');
  // What the browser itself paints below everything, as the page's color-scheme has it.
  const ground = () => {
    const probe = document.createElement('div');
    probe.style.setProperty('background-color', 'Canvas', 'important');
    document.documentElement.append(probe);
    const found = parsed(styleOf(probe).backgroundColor);
    probe.remove();
    return found;
  };
  const behind = (element) => { // null over a picture, of which nobody knows the colour
    const layers = [];
    for (let at = element; at; at = parentOf(at)) {
      const { backgroundColor, backgroundImage } = styleOf(at);
      if (backgroundImage !== 'none') return null;
      layers.push(parsed(backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), ground());
  };
  const faded = (element) => {
    let opacity = 1;
    for (let at = element; at; at = parentOf(at)) opacity *= styleOf(at).opacity;
    return opacity;
  };
  const pair = (colour, below, opacity = 1) => {
    const top = parsed(colour);
    return { colour: hex(over([...top.slice(0, 3), top[3] * opacity], below)), behind: hex(below) };
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0
    && !/inset/.test(styleOf(element).clipPath);
  const short = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
  const saying = (element) => [...element.childNodes]
    .filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data.trim()).join(' ').trim();

  const texts = (root) => deep(root).filter((each) => saying(each) && shown(each)).map((each) => {
    const { color, fontSize, fontWeight } = styleOf(each);
    const size = parseFloat(fontSize);
    const below = behind(each);
    const large = size >= 24 || (size >= 18.66 && fontWeight >= 700); // WCAG 2.2, large scale
    return below && { what: short(saying(each)), large, ...pair(color, below, faded(each)) };
  }).filter(Boolean);

  const controls = (root) => [...root.querySelectorAll('button, select, textarea, '
    + 'input:not([type=hidden], [type=checkbox], [type=radio])')].filter(shown).map((each) => {
    const { backgroundColor, borderBlockStartColor, borderBlockStartWidth } = styleOf(each);
    const below = behind(parentOf(each));
    const edges = below && [pair(backgroundColor, below)];
    if (edges && parseFloat(borderBlockStartWidth)) edges.push(pair(borderBlockStartColor, below));
    return edges && { what: short((each.labels?.[0] ?? each).textContent.trim()), edges };
  }).filter(Boolean);

  // ── the widget ──
  const languageOf = (element) => {
    for (let at = element; at; at = parentOf(at)) if (at.hasAttribute?.('lang')) return at.lang;
    return '';
  };
  const needed = (widget, root) => { // the height of the form without what is reserved
    const asIs = { 'min-block-size': '0', 'align-self': 'start' }; // no neighbour stretches it, either
    const { style } = widget;
    const before = Object.keys(asIs).map((each) => [
      each, style.getPropertyValue(each), style.getPropertyPriority(each),
    ]);
    for (const each in asIs) style.setProperty(each, asIs[each], 'important');
    // The form overflows an element whose height the page sets.
    const height = Math.max(widget.offsetHeight, root?.offsetHeight ?? 0);
    for (const each of before) style.setProperty(...each);
    return height;
  };
  const reserved = (widget) => {
    const style = styleOf(widget);
    const own = style.boxSizing === 'border-box' ? 0 : ['paddingBlockStart', 'paddingBlockEnd',
      'borderBlockStartWidth', 'borderBlockEndWidth'].reduce((sum, each) => sum + parseFloat(style[each]), 0);
    const least = Math.max(parseFloat(style.minBlockSize) || 0, 0);
    return least ? least + own : 0;
  };
  const wordsOf = (link) => link.ariaLabel || link.textContent.trim()
    || [...link.querySelectorAll('[alt]')].map(({ alt }) => alt).join(' ').trim();
  const described = (widget) => {
    const link = widget.querySelector('a[href]');
    const root = widget.shadowRoot?.querySelector('[lang][dir]');
    const events = seen.events.filter(({ target }) => target === widget)
      .map(({ name, status, at }) => ({ name, status, at }));
    const src = widget.getAttribute('src');
    const home = src && URL.canParse(src, document.baseURI) && new URL(src, document.baseURI);
    const loaded = events.find(({ name }) => name === 'load');
    const jumped = seen.shifts.filter(({ at }) => loaded && at >= loaded.at - 20 && at <= loaded.at + 300);
    return {
      src,
      home: home && /^http/.test(home.protocol) ? home.href : '',
      mode: widget.getAttribute('mode') ?? 'inline',
      view: widget.getAttribute('view') ?? '',
      lang: languageOf(widget),
      defined: Boolean(widget.shadowRoot),
      link: link && { href: link.href, text: widget.getAttribute('mode') === 'dialog' ? link.innerText.trim() : wordsOf(link) },
      form: root && {
        lang: root.lang, dir: styleOf(root).direction, shows: [...root.children].some(shown),
        waits: Boolean(widget.closest('[hidden], details, dialog')), // to be opened, as its owner wants
      },
      events,
      jump: jumped.reduce((sum, { value }) => sum + value, 0),
      reserved: reserved(widget),
      needed: needed(widget, root),
      texts: root ? texts(widget.shadowRoot) : [],
      controls: root ? controls(widget.shadowRoot) : [],
    };
  };

  // As written: what is pasted badly or held back is no script and no address to a browser.
  const isOfOurLines = ({ localName, attributes, parentElement }) => {
    const names = (pattern) => [...attributes].some(({ value }) => pattern.test(value));
    if (localName === 'script') return names(/\/widget\/v1(\.\d+){0,2}\.js\b/);
    if (localName === 'a') return parentElement?.localName === 'preference-widget';
    return localName === 'preference-widget' || (localName === 'link' && names(/\/fragment\b/));
  };

  const all = deep(document);
  return {
    origin: self.origin, // “null” in a sandbox
    url: location.href,
    rem: parseFloat(styleOf(document.documentElement).fontSize),
    violations: seen.violations,
    pasted: all.filter(isOfOurLines).map(({ localName, attributes }) => ({
      name: localName, attributes: Object.fromEntries([...attributes].map(({ name, value }) => [name, value])),
    })),
    scripts: all.filter(({ localName, src }) => localName === 'script' && /\/widget\/v1(\.\d+){0,2}\.js\b/.test(src))
      .map(({ src, type, integrity }) => ({ src, type, integrity })),
    preloads: all.filter((each) => each.matches('link[rel=preload][as=fetch]') && /\/fragment\b/.test(each.href))
      .map(({ href, crossOrigin }) => ({ href, crossOrigin })),
    widgets: all.filter(({ localName }) => localName === 'preference-widget').map(described),
  };
}
