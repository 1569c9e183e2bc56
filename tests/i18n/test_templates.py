"""Templates: texts are compiled into them as a catalog has them, and some markup is made once."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import DictLoader
from markupsafe import Markup, escape

from widget_backend.i18n import compiled_templates, languages
from widget_backend.i18n.compiled_templates import TranslatedEnvironment
from widget_backend.i18n.languages import bdi, language
from widget_backend.web import templates

Render = Callable[..., str]


def speaking(say: Callable[[str], str], page: str, **constants: Any) -> Render:
    """How a page is rendered in a language that says each text so."""
    catalog = SimpleNamespace(
        gettext=say,
        ngettext=lambda one, many, n: say(one if n == 1 else many),
        pgettext=lambda context, text: say(f"{context}: {text}"),
    )
    pages = TranslatedEnvironment(catalog, constants, loader=DictLoader({"page": page}))
    pages.filters["bdi"] = bdi
    return pages.get_template("page").render


def asked_of(page: str) -> tuple[list[str], Render]:
    """The texts that a catalog is asked for, and how the page is rendered."""
    asked: list[str] = []
    return asked, speaking(lambda text: asked.append(text) or text.upper(), page)  # type: ignore[func-returns-value]


# ── texts ───────────────────────────────────────────────────────────────────────────────────


def test_whatever_a_catalog_says_a_page_shows_it_as_text() -> None:
    """A catalog may come from anybody who translates, and a page may not run what it says."""
    harmful = "<script>alert(1)</script> & more"
    page = (
        "{{ _('a') }}{{ pgettext('b', 'c') }}{{ ngettext('d', 'e', 2) }}{{ _(text) }}"
        "{% set kept = _('i', x=1) %}{{ kept }}{{ _('j')|trim }}"
        "{% trans %}f{% endtrans %}{% trans n=2 %}g{% pluralize n %}h{% endtrans %}"
    )
    render = speaking(lambda text: harmful, page)
    assert render(text="k") == str(escape(harmful)) * 8


def test_a_catalog_is_asked_once_for_each_text_and_not_at_every_rendering() -> None:
    asked, render = asked_of("{{ _('one') }} {% trans %}two{% endtrans %} {{ pgettext('a', 'b') }}")
    assert [render(), render()] == ["ONE TWO A: B"] * 2
    assert asked == ["one", "two", "a: b"]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("{{ _('100%% of %(x)s', x=x) }}", "100% of &lt;b&gt;"),
        ("{{ _('%(x)s, %(x)s!', x=x) }}", "&lt;b&gt;, &lt;b&gt;!"),
        ("{{ _('Of %(x)s', x=x|bdi) }}", "Of <bdi>&lt;b&gt;</bdi>"),
        ("{{ _('Of %(x)s', x='<') }}", "Of &lt;"),
        ("{{ _('No <b>') }}", "No &lt;b&gt;"),
        ("{{ _('Nothing of it', x=x) }}", "Nothing of it"),
        ("{% set kept = _('Of %(x)s', x=x) %}{{ kept }}", "Of &lt;b&gt;"),
        ("{% set kept = _('Of %(x)s', x='<') %}{{ kept }}", "Of &lt;"),
        ("{{ _('Of %(x)s', x=x)|upper }}", "OF &LT;B&GT;"),
        ("<a title='{{ _('Of %(x)s', x=x) }}'>", "<a title='Of &lt;b&gt;'>"),
        ("{% trans x=x %}100% of {{ x }}{% endtrans %}", "100% of &lt;b&gt;"),
        (
            "{% macro same(a) %}{{ a }}{% endmacro %}{{ same(_('Of %(x)s', x=x)) }}",
            "Of &lt;b&gt;",
        ),
        ("{{ _('Of ') ~ x }}", "Of &lt;b&gt;"),
    ],
)
def test_values_stand_in_their_text_as_text(page: str, shown: str) -> None:
    assert speaking(str, page)(x="<b>") == shown


def test_texts_can_be_marked_for_who_translates_them() -> None:
    page = "<p>{{ _('Of %(x)s', x=x) }}</p>"
    assert speaking(lambda text: f"⟦{text}⟧", page)(x="a") == "<p>⟦Of a⟧</p>"


def test_a_constant_is_the_same_whatever_is_passed_to_the_template() -> None:
    page = "{{ h }}{% macro level(h) %}{{ h }}{% endmacro %}{{ level(7) }}"
    assert speaking(str, page, h=1)(h=2) == "11"


@pytest.mark.parametrize("hosted", [True, False])
@pytest.mark.parametrize("tag", ["en", "sq", "ar"])
def test_every_template_can_be_compiled_in_every_language(tag: str, hosted: bool) -> None:
    environment = templates.environment(language(tag), hosted)
    for file in templates.TEMPLATES.glob("*.html"):
        environment.get_template(file.name)


def test_a_catalog_that_is_read_anew_gets_templates_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = templates.environment(language("sq"), True)
    assert templates.environment(language("sq"), True) is before
    monkeypatch.setattr(languages, "_known", {})
    assert templates.environment(language("sq"), True) is not before


# ── once ────────────────────────────────────────────────────────────────────────────────────


class Site:
    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture
def once() -> Render:
    return speaking(str, "{% once site, away %}{{ site.name }} {{ away }} {{ visit }}{% endonce %}")


def test_markup_of_a_site_is_rendered_once_for_each_of_its_forms(once: Render) -> None:
    one = Site("<One>")
    assert once(site=one, away=False, visit=1) == "&lt;One&gt; False 1"
    assert once(site=one, away=False, visit=2) == "&lt;One&gt; False 1"
    assert once(site=one, away=True, visit=3) == "&lt;One&gt; True 3"


def test_a_site_that_was_read_anew_is_another_one(once: Render) -> None:
    """Also where it comes to lie in the memory that the other one had."""
    for visit in range(10):
        assert once(site=Site(f"of {visit}"), away=False) == f"of {visit} False "


def test_without_a_site_markup_is_rendered_every_time(once: Render) -> None:
    assert [once(site=None, visit=visit) for visit in range(3)] == ["  0", "  1", "  2"]


def test_no_more_is_kept_than_fits(once: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_templates, "MOST_KEPT", 2)
    one = Site("one")
    for away in range(3):
        once(site=one, away=away, visit="first")
    assert once(site=one, away=2, visit="again") == "one 2 first"
    assert once(site=one, away=0, visit="again") == "one 0 again"


def test_each_block_is_kept_by_itself() -> None:
    page = "{% once site %}a {{ visit }}{% endonce %}\n{% once site %}b {{ visit }}{% endonce %}"
    render, one = speaking(str, page), Site("one")
    assert [render(site=one, visit=visit) for visit in (1, 2)] == ["a 1b 1"] * 2


def test_what_is_kept_is_markup() -> None:
    page = "{% once site %}<b>{{ text }}</b>{% endonce %}"
    assert speaking(str, page)(site=Site("one"), text=Markup("&amp;")) == "<b>&amp;</b>"
