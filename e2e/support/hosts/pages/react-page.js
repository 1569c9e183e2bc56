// A page made with React: `host` is its handle for tests. No build step, so no JSX.
import client from './react-dom-client.js';
import react from './react.js';

const { createElement } = react;
const root = client.createRoot(document.querySelector('#app'));
const heard = [];
function Page({ src, lang, fallback, title, first }) {
  const widget = createElement(
    'preference-widget',
    { key: 'widget', src, lang, 'onpreference-widget:saved': () => heard.push('saved') },
    createElement('a', { href: fallback }, 'Choose how we keep in touch'),
  );
  const heading = createElement('h2', { key: 'heading' }, title);
  return createElement('div', null, first ? [widget, heading] : [heading, widget]);
}
globalThis.host = {
  heard,
  render: (props) => root.render(createElement(Page, props)),
  leave: () => root.render(null),
};
