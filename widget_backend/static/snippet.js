// The owner's page: copies lines, makes each preview as high as its form, and from the form's own
// height writes what to reserve. The previews are pages of this same origin, so they may be measured.
const { copied, refused } = document.querySelector('.choices').dataset;
const styles = document.querySelector('#lines-styles');
const heights = {}; // in rem, by the width of the window: narrow, wide

for (const button of document.querySelectorAll('[data-copies]')) {
  button.hidden = !navigator.clipboard; // which there is only over https and on this machine
  button.addEventListener('click', () => copy(button));
}

async function copy(button) {
  for (const each of document.querySelectorAll('.told')) each.textContent = '';
  const lines = document.getElementById(button.dataset.copies);
  let said = copied;
  try {
    await navigator.clipboard.writeText(lines.textContent);
  } catch { // the browser or the person said no
    getSelection().selectAllChildren(lines);
    said = refused;
  }
  button.nextElementSibling.textContent = said;
}

for (const frame of document.querySelectorAll('.previews iframe')) {
  const page = frame.contentDocument;
  if (page?.readyState === 'complete' && page.URL === frame.src) watch(frame);
  frame.addEventListener('load', () => watch(frame)); // also when a link in it was followed
}

function watch(frame) {
  const { body } = frame.contentDocument ?? {};
  if (!body) return; // what was opened in it is not ours
  new frame.contentWindow.ResizeObserver(() => fit(frame, body)).observe(body);
}

function fit(frame, body) {
  const margins = 2 * parseFloat(frame.contentWindow.getComputedStyle(body).marginBlockStart);
  // A dialog lies above the page and needs the room that the style sheet gives.
  if (!frame.classList.contains('dialog')) frame.style.blockSize = `${body.offsetHeight + margins + 2}px`;
  const widget = body.querySelector('preference-widget');
  if (styles && frame.dataset.measures && widget?.shadowRoot?.querySelector('h2')) {
    const { fontSize } = frame.contentWindow.getComputedStyle(body.ownerDocument.documentElement);
    // As it arrives: that is what the page reserves, whatever an owner opens in it then.
    heights[frame.dataset.measures] ??= Math.ceil(2 * widget.offsetHeight / parseFloat(fontSize)) / 2;
    if (heights.narrow && heights.wide) write();
  }
}

function write() {
  const rule = (height) => styles.textContent.match(/.*/)[0].replace(/[\d.]+rem/, `${height}rem`);
  styles.textContent = `${rule(heights.narrow)}\n@media (min-width: 48rem) { ${rule(heights.wide)} }`;
  document.querySelector('[data-measured]').hidden = false;
  document.querySelector('[data-unmeasured]').hidden = true;
}
