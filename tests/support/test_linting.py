"""The linting is tested too: every rule finds what it is there for, and sound pages pass."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lint_rules import RULES, Document
from tests.support.linting import lint
from tests.support.words.preferences import ERROR_BEFORE_MESSAGE, ERROR_BEFORE_TITLE

PAGE = f"""<!doctype html>
<html lang="en" dir="ltr">
<head><meta charset="utf-8"><title>{ERROR_BEFORE_TITLE} Hello Kutia C++! · Kutia</title></head>
<body><main>
<div class="summary" role="alert" tabindex="-1" autofocus aria-labelledby="wrong">
<h2 id="wrong">Not yet</h2>
<ul><li><a href="#email">Enter an address.</a></li><li><a href="#a">Choose one.</a></li></ul></div>
<h1>Hello <bdi>Kutia C++!</bdi></h1>
<form method="post" action="/form" novalidate>
<input type="hidden" name="revision" value="1">
<label for="email">Email</label>
<p class="problem" id="email-problem"><span class="visually-hidden">{ERROR_BEFORE_MESSAGE}</span>
Enter an address.</p>
<input type="email" id="email" name="email" autocomplete="email" spellcheck="false" dir="ltr"
 maxlength="254" aria-invalid="true" aria-describedby="email-problem">
<label for="phone">Phone</label>
<input type="tel" id="phone" name="phone" autocomplete="tel" dir="ltr">
<label for="wish">Wish</label><textarea id="wish" name="wish" dir="auto"></textarea>
<fieldset aria-invalid="true" aria-describedby="c-problem"><legend>Which</legend>
<p class="problem" id="c-problem"><span class="visually-hidden">{ERROR_BEFORE_MESSAGE}</span>
Choose one.</p>
<input type="radio" id="a" name="c" value="a" checked><label for="a">A</label>
<input type="radio" id="b" name="c" value="b"><label for="b">B</label>
</fieldset>
<button type="submit" name="do" value="save">Save</button>
<button type="submit" name="do" value="off">Off</button>
</form>
<h2>More</h2>
<p>For <bdi dir="ltr">a•••&#64;e•••.com</bdi>: <a href="/form">again</a>,
<img src="/form" alt="x"></p>
</main></body></html>
"""
BROKEN = {
    "a tag that is never closed": ("</form>", "", "not HTML5"),
    "a paragraph in a paragraph": ("<p>For", "<p><p>For</p>", "not HTML5"),
    "an attribute twice": ('name="revision"', 'name="revision" name="x"', "not HTML5"),
    "no doctype": ("<!doctype html>", "", "not HTML5"),
    "two h1": ("<h2>More</h2>", "<h1>More</h1>", "2 h1"),
    "no h1": ("h1>", "h2>", "0 h1"),
    "a skipped level": ("<h2>More</h2>", "<h3>More</h3>", "skips from h1 to h3"),
    "another title": ("<h1>Hello", "<h1>Welcome", "does not begin with"),
    "no word in the title": (f"<title>{ERROR_BEFORE_TITLE} ", "<title>", "does not begin with"),
    "an id twice": ('id="phone"', 'id="email"', "the id 'email' 2 times"),
    "a label for nothing": ('for="phone"', 'for="fone"', "for='fone' names nothing"),
    "a label for a heading": ('for="phone"', 'for="wrong"', "nobody can fill in"),
    "an unknown description": ('"c-problem"><l', '"d-problem"><l', "'d-problem' names nothing"),
    "an unknown title": ('labelledby="wrong"', 'labelledby="w"', "'w' names nothing"),
    "a control without a label": ('<label for="wish">Wish</label>', "", "'wish' has no label"),
    "an empty label": (">Wish<", "><", "'wish' has no label"),
    "no language": (' lang="en"', "", "does not say its language"),
    "the wrong direction": ('dir="ltr">\n<head>', 'dir="rtl">\n<head>', "dir='rtl' in en"),
    "no direction": (' dir="ltr">\n<head>', ">\n<head>", "dir=None in en"),
    "a direction that is none": ('<bdi dir="ltr">', '<bdi dir="left">', "is no direction"),
    "typed text without direction": (' dir="auto"', "", "does not say the direction"),
    "a form by GET": ('method="post"', 'method="get"', "is sent by 'get'"),
    "a form that validates": (" novalidate", "", "lets the browser refuse"),
    "a required field": ('name="wish"', 'name="wish" required', "marked as required"),
    "a field without a form": (
        "<h2>More",
        '<label for="z">Z</label><input type="checkbox" id="z" name="z"><h2>More',
        "stands in no form",
    ),
    "an email field without autocomplete": (' autocomplete="email"', "", "autocomplete=None"),
    "an email field that is spell-checked": (' spellcheck="false"', "", "spellcheck=None"),
    "an email field without an end": ('\n maxlength="254"', "", "maxlength=None"),
    "an email field in page direction": (
        'spellcheck="false" dir="ltr"',
        'spellcheck="false" dir="auto"',
        "email has dir='auto'",
    ),
    "a phone field without autocomplete": (' autocomplete="tel"', "", "tel has autocomplete"),
    "another default button": ('value="save">Save', 'value="off">Save', "presses [('do', 'off')]"),
    "a radio outside a group": ("fieldset", "section", "stands in no fieldset"),
    "two radios checked": ('value="b"', 'value="b" checked', "2 radios checked"),
    "a group without a legend": ("<legend>Which</legend>", "", "start with its legend"),
    "an empty legend": (">Which<", "><", "<legend> says nothing"),
    "a summary after the heading": (
        '<div class="summary"',
        '<p>Oh</p><div class="summary"',
        "first",
    ),
    "a summary without the focus": (" autofocus", "", "take the focus"),
    "two that want the focus": ('name="phone"', 'name="phone" autofocus', "2 elements have"),
    "a summary that cannot be focused": (' tabindex="-1"', "", "take the focus"),
    "a summary nobody hears": ('role="alert"', 'role="note"', "take the focus"),
    "other words in the summary": (
        ">Enter an address.</a>",
        ">Enter it.</a>",
        "not what its field",
    ),
    "an entry too few": ('<li><a href="#a">Choose one.</a></li>', "", "differ"),
    "an entry to nowhere": ('href="#a"', 'href="#q"', "leads nowhere"),
    "an entry to another field": ('href="#a"', 'href="#wish"', "no field with that error"),
    "a field not marked as wrong": ('<fieldset aria-invalid="true"', "<fieldset", "not marked"),
    "entries in another order": (
        '<li><a href="#email">Enter an address.</a></li><li><a href="#a">Choose one.</a></li>',
        '<li><a href="#a">Choose one.</a></li><li><a href="#email">Enter an address.</a></li>',
        "order of the page",
    ),
    "a message that blames": ("an address.", "a valid one.", "what to do"),
    "a script": ("<h2>More</h2>", "<h2>More</h2><script>1</script>", "holds <script>"),
    "a style element": ("</title>", "</title><style>p{}</style>", "holds <style>"),
    "a style attribute": ("<h2>More", '<h2 style="color:red">More', "has style="),
    "a handler": ("<h2>More", '<h2 onclick="x()">More', "has onclick="),
    "a script in a link": ('<a href="/form"', '<a href="javascript:x()"', "javascript:x()"),
    "markup that somebody typed": ("again", "<b>again</b>", "holds <b>"),
    "a placeholder": ("again", "again %(name)s", "shows 'again %(name)s'"),
    "a template's sign": ("again", "{{ again }}", "shows '{{ again }}'"),
    "nothing said as None": ("again", "None, weekly", "shows 'None, weekly'"),
    "an attribute of None": ('name="wish"', 'name="wish" rows="None"', "shows 'None'"),
    "markup escaped twice": ("again", "&amp;lt;again", "shows '&lt;again'"),
    "isolation escaped": ("again", "&lt;bdi&gt;again", "shows '<bdi>again'"),
    "a name that is not isolated": ("again", "from Kutia C++!", "stands outside <bdi>"),
    "a masked address not isolated": (
        '<bdi dir="ltr">a•••&#64;e•••.com</bdi>',
        "a•••&#64;e•••.com",
        "•••",
    ),
    "a sign that an obfuscator looks for": ("a•••&#64;e•••.com", "a•••@e•••.com", "obfuscator"),
    "a link that says nothing": (">again<", "><", "<a> says nothing"),
    "a button that says nothing": (">Off<", "><", "<button> says nothing"),
    "a picture without words": (' alt="x"', "", "has no alt"),
}


def page(text: str, status: int = 422, **known: Any) -> Document:
    return Document(text, status=status, inserted=["Kutia C++!"], **known)


def test_a_sound_page_passes() -> None:
    assert lint(page(PAGE)) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_page_is_found(name: str) -> None:
    before, after, finding = BROKEN[name]
    assert before in PAGE
    findings = lint(page(PAGE.replace(before, after)))
    assert any(finding in each for each in findings), findings


def test_every_rule_finds_something() -> None:
    documents = [page(PAGE.replace(before, after)) for before, after, _ in BROKEN.values()]
    documents += [page(PAGE, 200), page('<form class="sign-up"><input checked></form>', 200)]
    idle = [rule.__name__ for rule in RULES if not any(list(rule(each)) for each in documents)]
    assert idle == []


@pytest.mark.parametrize(
    ("status", "text", "finding"),
    [
        (200, PAGE, "has an error summary at 200"),
        (200, PAGE, "says “Error:” without one"),
        (422, PAGE.replace('class="summary"', ""), "lacks an error summary at 422"),
    ],
)
def test_the_summary_belongs_to_422_and_only_there(status: int, text: str, finding: str) -> None:
    assert finding in lint(page(text, status))


FRAGMENT = """<!doctype html>
<title>x</title><div lang="ar" dir="rtl"><h2>Hello</h2><p><a href="/form">x</a></p></div>"""


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        ("h2>", "h1>", "has 1 h1"),
        ("h2>", "h3>", "do not start at h2"),
        ('lang="ar" ', "", "does not say its language"),
        ('dir="rtl"', 'dir="ltr"', "dir='ltr' in ar"),
    ],
)
def test_a_broken_fragment_is_found(before: str, after: str, finding: str) -> None:
    assert lint(page(FRAGMENT, 200, is_fragment=True)) == []
    broken = page(FRAGMENT.replace(before, after), 200, is_fragment=True)
    assert any(finding in each for each in lint(broken))


SCRIPTS = [("<script>1</script>", "a script in itself"), ("<script src=/form>1</script>", "itself")]


@pytest.mark.parametrize(("script", "finding"), [*SCRIPTS, ("<b>x</b>", "holds <b>")])
def test_even_an_owners_page_holds_only_what_it_may(script: str, finding: str) -> None:
    owners = page(PAGE.replace("<h2>More", f"{script}<h2>More"), path="/s/kutia/snippet")
    assert any(finding in each for each in lint(owners))


def test_an_owners_page_may_hold_code_scripts_of_ours_and_frames() -> None:
    more = '<script src="/form"></script><pre><code>&lt;a&gt;</code></pre><iframe></iframe><h2>More'
    assert lint(page(PAGE.replace("<h2>More", more), path="/s/kutia/snippet")) == []
    assert lint(page(PAGE.replace("<h2>More", more), path="/s/kutia"))


def test_nothing_may_be_ticked_for_a_stranger() -> None:
    form = '<form class="sign-up" method="post"><input type="checkbox" value="a" checked></form>'
    assert "'a' is ticked for a stranger" in lint(page(form, 200))
