// The site owner's own script: fetch a fresh embed link and hand it to the widget. The link lives
// for minutes, so it never stands in HTML that somebody may cache.
const widget = document.querySelector("preference-widget[data-link]");
const answer = await fetch(widget.dataset.link);
widget.setAttribute("src", (await answer.json()).src);
