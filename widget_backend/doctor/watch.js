// Runs before anything in the page: notes what happens to the widget, for measure.js to read.
(() => {
  // Every element, also in others' open shadow trees; what is in the widget's own is its own matter.
  const deep = (root) => [...root.querySelectorAll('*')].flatMap((each) => [
    each, ...(each.shadowRoot && each.localName !== 'preference-widget' ? deep(each.shadowRoot) : []),
  ]);
  const seen = { deep, events: [], violations: [], shifts: [] };
  Object.defineProperty(window, 'preferenceWidgetDoctor', { value: seen });
  for (const name of ['load', 'error']) {
    addEventListener(`preference-widget:${name}`, (event) => {
      const [target] = event.composedPath();
      seen.events.push({ name, target, status: event.detail?.status ?? 0, at: performance.now() });
    }, true);
  }
  addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective: directive, blockedURI: blocked, originalPolicy: policy } = event;
    if (event.disposition === 'enforce') seen.violations.push({ directive, blocked, policy });
  }, true);
  new PerformanceObserver((list) => {
    for (const { value, startTime } of list.getEntries()) seen.shifts.push({ value, at: startTime });
  }).observe({ type: 'layout-shift', buffered: true });
})();
