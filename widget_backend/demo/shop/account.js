// The site owner's own script: it gets a new embed link for each widget and sets it as src. The link
// works for a few minutes, so it must never be part of HTML that can be cached.
for (const widget of document.querySelectorAll("preference-widget[data-link]")) {
  const answer = await fetch(widget.dataset.link);
  widget.setAttribute("src", (await answer.json()).src);
}
