"""Pages that differ in their secrets only are parsed once, and each is still read as it is."""

from __future__ import annotations

from xml.etree.ElementTree import tostring

import html5lib
import pytest

from tests.support.lint_rules import Document

ONE, OTHER = "a" * 31 + ".", "b" * 40
PAGE = """<!doctype html><html lang="en"><head><title>Hello</title></head><body>
<!-- /{0}/ --><p>See /{0}/ or <a href="/p/{0}?lang=en" id="{1}">here</a>, <b>/{0}/</b>/{1}/
<label for="{1}">Name</label><input name="{1}" value="{0}">"""


@pytest.mark.parametrize("secrets", [(ONE, OTHER), (OTHER, ONE), (ONE, ONE), ("short", "~0~")])
@pytest.mark.parametrize(
    "end", ["", "</p>", "</i>", "</p><p>", "<b><p></b>", '<p id="{0}" id="x">']
)
def test_a_page_is_read_as_if_it_had_been_parsed_alone(secrets: tuple[str, str], end: str) -> None:
    text = f"{PAGE}{end}".format(*secrets)
    alone = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = Document(text)
    assert tostring(document.tree) == tostring(alone.parse(text))
    assert len(document.parse_errors) == len(alone.errors)


def test_pages_that_differ_in_their_secrets_have_one_shape() -> None:
    one, other = (Document(PAGE.format(*each)) for each in ((ONE, OTHER), (OTHER, ONE)))
    assert one.shape == other.shape
    assert Document(PAGE.format(ONE, ONE)).shape != one.shape, "one id and two are two things"
    assert Document(PAGE.format(ONE[1:], OTHER)).shape != one.shape, "too short for a secret"


def test_what_is_typed_into_a_page_is_in_no_other() -> None:
    for _ in range(2):
        (control,) = Document(PAGE.format(ONE, OTHER)).all("input")
        assert control.get("value") == ONE
        control.set("value", "typed")
