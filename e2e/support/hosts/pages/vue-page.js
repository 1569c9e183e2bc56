// A page made with Vue: `host` is its handle for tests. Render functions, as templates need eval.
import { createApp, h, reactive } from './vue.js';

const props = reactive({ shown: false });
const heard = [];
createApp({
  render() {
    if (!props.shown) return null;
    const widget = h(
      'preference-widget',
      {
        key: 'widget',
        src: props.src,
        lang: props.lang,
        'onPreference-widget:saved': () => heard.push('saved'),
      },
      [h('a', { href: props.fallback }, 'Choose how we keep in touch')],
    );
    const heading = h('h2', { key: 'heading' }, props.title);
    return h('div', props.first ? [widget, heading] : [heading, widget]);
  },
}).mount('#app');
globalThis.host = {
  heard,
  render: (given) => Object.assign(props, given, { shown: true }),
  leave: () => { props.shown = false; },
};
