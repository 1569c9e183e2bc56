"""Visible content: what readers of a message see, and the links that they can follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class VisibleContent:
    """Text, and the addresses that links lead to."""

    text: str
    links: list[str]


def visible_content(content_type: str, text: str) -> VisibleContent:
    """What is visible of a part of a message with this content type."""
    if content_type != "text/html":
        return VisibleContent(text, re.findall(r"(?i)https?://[^\s<>\"]+", text))
    parser = _VisibleHtml()
    parser.feed(_CONDITION.sub(lambda match: "-->" if match[0].endswith("-->") else " ", text))
    parser.close()
    return VisibleContent(parser.text, parser.links)


_CONDITION = re.compile(r"<!\[(?:[^>]*>)?")
"""Outlook's conditions. At `<![if !mso]>` some versions of Python's parser raise an error; others
end a comment: `<!--[if mso]> … <![endif]-->`."""

_HIDDEN_TAGS = {"title", "style", "script", "template"}
_VOID_TAGS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class _VisibleHtml(HTMLParser):
    """Collects the visible text of a page, and the links that contain visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self._open_elements: list[tuple[str, bool]] = []
        """Name of each element that is open, and whether it hides its content."""
        self._open_link: tuple[str, int] | None = None
        """Address of the link that is open, and how long the text was where it began."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        is_hidden = (
            tag in _HIDDEN_TAGS
            or "hidden" in values
            or bool(_HIDING_STYLE.search(values.get("style", "")))
        )
        if tag not in _VOID_TAGS:
            self._open_elements.append((tag, is_hidden))
        if tag == "a" and values.get("href"):
            self._open_link = (values["href"], len(self.text))
        if tag == "img" and not is_hidden:
            self.handle_data(f" {values.get('alt', '')}")

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open_elements]
        if tag in names:  # also ends what is open inside it: many elements are never closed
            del self._open_elements[len(names) - 1 - names[::-1].index(tag) :]
        if tag == "a" and self._open_link:
            href, start = self._open_link
            self._open_link = None
            if self.text[start:].strip():
                self.links.append(href)

    def handle_data(self, data: str) -> None:
        if not any(is_hidden for _, is_hidden in self._open_elements):
            self.text += data
