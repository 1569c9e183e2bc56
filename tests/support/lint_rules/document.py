"""A page or fragment parsed as a browser would, with the questions that rules ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from xml.etree.ElementTree import Element

from .parsing import parse, shape_of


class Document:
    """A page or fragment as a browser reads it."""

    def __init__(
        self,
        text: str,
        status: int = 200,
        path: str = "/",
        is_fragment: bool = False,
        inserted: Collection[str] = (),
    ) -> None:
        self.source = text
        self.shape, secrets = shape_of(text)
        self.tree, self.parse_errors = parse(self.shape, secrets)
        self.status, self.path = status, path
        self.is_fragment, self.inserted = is_fragment, inserted
        self.elements = [each for each in self.tree.iter() if isinstance(each.tag, str)]
        self.parents = {child: parent for parent in self.elements for child in parent}

    def all(self, *tags: str, within: Element | None = None) -> list[Element]:
        inside = self.elements if within is None else within.iter()
        return [each for each in inside if each.tag in tags]

    def first(self, tag: str, within: Element | None = None) -> Element | None:
        return next(iter(self.all(tag, within=within)), None)

    def classed(self, name: str) -> list[Element]:
        return [each for each in self.elements if name in (each.get("class") or "").split()]

    @cached_property
    def ids(self) -> dict[str, Element]:
        return {each.get("id", ""): each for each in self.elements if each.get("id")}

    @cached_property
    def root(self) -> Element:
        """What carries language and direction: <html>, or a fragment's one <div>."""
        body = self.first("body")
        own = next(iter(body), None) if self.is_fragment and body is not None else self.tree
        return self.tree if own is None else own

    @cached_property
    def main(self) -> Element:
        return self.root if self.is_fragment else (self.first("main") or self.tree)

    @cached_property
    def headings(self) -> list[Element]:
        """All but the error summary's, which stands before the first."""
        summaries = {each for box in self.classed("summary") for each in box.iter()}
        return [each for each in self.all("h1", "h2", "h3") if each not in summaries]

    @property
    def is_owners(self) -> bool:
        """The pages for site owners, which are about nobody and may hold what others may not."""
        return bool(re.fullmatch(r"/s/[^/]+/(snippet|preview/.*)", self.path))

    @property
    def is_preview(self) -> bool:
        """A form that owners look at, and that leads nowhere."""
        return self.is_owners and self.is_fragment

    @property
    def title(self) -> str:
        return text(self.first("title"))

    def around(self, element: Element) -> Iterator[Element]:
        """The element itself and everything that contains it, from the inside out."""
        here: Element | None = element
        while here is not None:
            yield here
            here = self.parents.get(here)

    def texts(self) -> Iterator[tuple[Element, str]]:
        """Each piece of text with the element it stands in, without those of spaces alone."""
        for element in self.elements:
            for piece in (element.text, *(child.tail for child in element)):
                if piece and not piece.isspace():
                    yield element, piece


def text(element: Element | None) -> str:
    """What a reader reads, spaces evened out."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


Rule = Callable[[Document], Iterable[str]]
"""What is wrong with a document, one sentence each."""
