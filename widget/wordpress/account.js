// Gives each person who is signed in their own form. The nonce shows that the page itself is asking.
for (const widget of document.querySelectorAll('preference-widget[data-link]')) {
  const { link, nonce } = widget.dataset;
  const answer = await fetch(link, { headers: { 'X-WP-Nonce': nonce } });
  if (answer.ok) widget.setAttribute('src', (await answer.json()).src);
}
