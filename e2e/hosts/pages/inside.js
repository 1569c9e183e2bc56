// In a frame whose page may not be looked into from outside: it tells what is to be seen in it.
const tell = ({ type }) => {
  const widget = document.querySelector('preference-widget');
  const { top, bottom } = widget.querySelector('a').getBoundingClientRect();
  const says = { type, link: bottom > top, form: Boolean(widget.shadowRoot.querySelector('form')) };
  parent.postMessage(says, '*');
};
for (const name of ['load', 'saved', 'error']) addEventListener(`preference-widget:${name}`, tell);
