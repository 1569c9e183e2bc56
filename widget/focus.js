// Whether the focus may move, and how.

/** Whether the person is at this element or nowhere in particular, not at work elsewhere. */
export function mayTakeFocus(element) {
  return document.activeElement === document.body || element.matches(':focus-within');
}

export function focusOn(target) {
  target.setAttribute('tabindex', target.tabIndex); // a heading takes no focus until its -1 is written
  target.focus();
  target.scrollIntoView({ block: 'nearest' }); // all of it: Chromium is content with a part
}
