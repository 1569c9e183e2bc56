// In a frame that may be closed to the page around it: tells that page what is to be seen in it.
const tell = ({ type }) => {
  const widget = document.querySelector('preference-widget');
  const link = widget.querySelector('a').getClientRects().length > 0;
  const form = Boolean(widget.shadowRoot.querySelector('form'));
  parent.postMessage(`${type}, ${link ? 'the link' : 'no link'}, ${form ? 'the form' : 'no form'}`, '*');
};
for (const name of ['load', 'saved', 'error']) addEventListener(`preference-widget:${name}`, tell);
