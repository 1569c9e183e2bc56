"""What readers see of a part of a message, and the links in it that they can follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Seen:
    """Text, and addresses that links lead to."""

    text: str
    links: list[str]


def read(kind: str, text: str) -> Seen:
    """A part of this kind, `text/html` or another."""
    if kind != "text/html":
        return Seen(text, re.findall(r"(?i)https?://[^\s<>\"]+", text))
    page = _Html()
    page.feed(_MARKS.sub(lambda mark: "-->" if mark[0].endswith("-->") else " ", text))
    page.close()
    return Seen(page.text, page.links)


_MARKS = re.compile(r"<!\[(?:[^>]*>)?")
"""Conditions such as `<![if !mso]>`, at which some versions of Python's parser raise. Others end a
comment: `<!--[if mso]> … <![endif]-->`."""

_UNSEEN = {"title", "style", "script", "template"}
_NO_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class _Html(HTMLParser):
    """What readers see of a page, and the links in it that hold something to press."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self._inside: list[tuple[str, bool]] = []
        """Elements that are open, and whether each is hidden."""
        self._open: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        is_hidden = tag in _UNSEEN or "hidden" in values or _HIDING.search(values.get("style", ""))
        if tag not in _NO_END:
            self._inside.append((tag, bool(is_hidden)))
        if tag == "a" and values.get("href"):
            self._open = (values["href"], len(self.text))
        if tag == "img" and not is_hidden:
            self.handle_data(f" {values.get('alt', '')}")

    def handle_endtag(self, tag: str) -> None:
        self._close(tag)
        if tag == "a" and self._open:
            href, start = self._open
            self._open = None
            if self.text[start:].strip():
                self.links.append(href)

    def _close(self, tag: str) -> None:
        """With what is open in it: many elements are never closed."""
        names = [name for name, _ in self._inside]
        if tag in names:
            del self._inside[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not any(is_hidden for _, is_hidden in self._inside):
            self.text += data
