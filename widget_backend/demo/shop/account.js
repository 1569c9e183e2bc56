// The site owner's own script: fetch a fresh embed link for each widget and hand it over. The link
// lives for minutes, so it never stands in HTML that somebody may cache.
for (const widget of document.querySelectorAll("preference-widget[data-link]")) {
  const answer = await fetch(widget.dataset.link);
  widget.setAttribute("src", (await answer.json()).src);
}
