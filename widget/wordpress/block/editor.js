// The block in the editor: its settings, and the link as the server writes it. Nothing is built.
(({ blocks, blockEditor, components, element, serverSideRender }, words) => {
  const { createElement: h } = element;
  const { Disabled, PanelBody, Placeholder, SelectControl, TextControl } = components;
  const NAME = 'preference-widget/form';
  // Languages name themselves, so that one finds one's own.
  const LANGUAGES = [['', words.page], ['en', 'English'], ['sq', 'Shqip'], ['ar', 'العربية']];
  const MODES = [['', words.inline], ['dialog', words.dialog], ['prompt', words.prompt]];
  const VIEWS = [['', words.all], ['questions', words.questions]];

  function edit({ attributes, setAttributes }) {
    const change = (name) => (value) => setAttributes({ [name]: value });
    const select = (name, choices) => h(SelectControl, {
      label: words[name],
      value: attributes[name],
      options: choices.map(([value, label]) => ({ value, label })),
      onChange: change(name),
    });
    const text = h(TextControl, { label: words.words, value: attributes.words, onChange: change('words') });
    return h('div', blockEditor.useBlockProps(),
      h(blockEditor.InspectorControls, null, h(PanelBody, { title: words.settings },
        select('lang', LANGUAGES), select('mode', MODES), select('view', VIEWS), text)),
      h(Disabled, null, h(serverSideRender, {
        block: NAME,
        attributes,
        EmptyResponsePlaceholder: () => h(Placeholder, { label: words.settings, instructions: words.unset }),
      })));
  }

  blocks.registerBlockType(NAME, { edit, save: () => null });
})(window.wp, window.preferenceWidgetWords);
