// The box of `mode="dialog"`, and how it opens.

export function createDialog(content, onclose) {
  const dialog = document.createElement('dialog');
  dialog.part = 'card';
  dialog.append(content);
  dialog.onclose = onclose;
  return dialog;
}

/** Opens over the page, named as the link that was clicked. */
export function openDialog(dialog, link) {
  dialog.ariaLabel = link.innerText;
  link.focus(); // closing returns the focus to it; Safari does not focus a clicked link
  dialog.showModal();
}
