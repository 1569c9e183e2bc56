"""Catalog checks: every mistake in a catalog is one line with its place and cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from widget_backend.i18n.catalog_checks import check_catalog

HEADER = """\
msgid ""
msgstr ""
"Language: ar\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? \
3 : n%100>=11 ? 4 : 5);\\n"

"""
DAYS = "\n".join(
    [
        "#, python-format",
        'msgid "%(n)s day"',
        'msgid_plural "%(n)s days"',
        'msgstr[0] "لا أيام"',
        'msgstr[1] "يوم واحد"',
        'msgstr[2] "يومان"',
        'msgstr[3] "%(n)s أيام"',
        'msgstr[4] "%(n)s يومًا"',
        'msgstr[5] "%(n)s يوم"',
        "",
    ]
)
HELLO = '#, python-format\nmsgid "Hello %(name)s"\nmsgstr "أهلًا %(name)s"\n'


def small_template() -> Catalog:
    texts = Catalog()
    texts.add("Hello %(name)s")
    texts.add(("%(n)s day", "%(n)s days"))
    return texts


def check(folder: Path, body: str) -> list[str]:
    """What the check says, without the file's name."""
    path = folder / "messages.po"
    path.write_text(HEADER + body, encoding="utf-8")
    return [
        str(each).removeprefix(f"{path}: ") for each in check_catalog(path, "ar", small_template())
    ]


def test_a_good_catalog_has_no_problems(tmp_path: Path) -> None:
    assert check(tmp_path, f"{HELLO}\n{DAYS}\n") == []


UPDATE = "run preference-widget translations update."
PROBLEMS = {
    "a text that is missing": (HELLO, "", f"file: “Hello %(name)s” is missing. {UPDATE}"),
    "a text that is gone": (
        HELLO,
        f'{HELLO}\nmsgid "Bye"\nmsgstr "مع السلامة"\n',
        f"line 13: “Bye” is not in the sources any more. {UPDATE}",
    ),
    "a text that is not translated": (
        "أهلًا %(name)s",
        "",
        "line 10: “Hello %(name)s” is not translated. translate it.",
    ),
    "a fuzzy one": (
        "#, python-format\nmsgid",
        "#, fuzzy, python-format\nmsgid",
        "line 10: “Hello %(name)s” is marked fuzzy. correct the translation, then remove the mark.",
    ),
    "a plural form left out": (
        'msgstr[4] "%(n)s يومًا"',
        'msgstr[4] ""',
        "line 14: “%(n)s day” is not translated in all 6 plural forms. fill each of them.",
    ),
    "a placeholder left out": (
        "أهلًا %(name)s",
        "أهلًا",
        (
            "line 10: “Hello %(name)s” and “أهلًا” differ in %(name)s. "
            "name the same placeholders in both."
        ),
    ),
    "a placeholder translated": (
        "أهلًا %(name)s",
        "أهلًا %(nam)s",
        (
            "line 10: “Hello %(name)s” and “أهلًا %(nam)s” differ in %(nam)s, %(name)s. "
            "name the same placeholders in both."
        ),
    ),
    "a number left out where it differs": (
        "%(n)s يومًا",
        "يومًا",
        "line 14: “%(n)s day” and “يومًا” differ in %(n)s. name the same placeholders in both.",
    ),
    "a broken placeholder": (
        "أهلًا %(name)s",
        "أهلًا %(name)s %(name)",
        (
            "line 10: “Hello %(name)s” has a single % in “أهلًا %(name)s %(name)”. "
            "write %% for the sign itself."
        ),
    ),
    "a single per cent sign": (
        "أهلًا %(name)s",
        "أهلًا %(name)s 50%",
        (
            "line 10: “Hello %(name)s” has a single % in “أهلًا %(name)s 50%”. "
            "write %% for the sign itself."
        ),
    ),
    "markup of its own": (
        "أهلًا %(name)s",
        "أهلًا <b>%(name)s</b>",
        "line 10: “Hello %(name)s” and “أهلًا <b>%(name)s</b>” differ in < >. write it in words.",
    ),
    "a bare & in one plural form": (
        "%(n)s يومًا",
        "%(n)s يومًا & أكثر",
        "line 14: “%(n)s day” and “%(n)s يومًا & أكثر” differ in &. write it in words.",
    ),
    "a line break of its own": (
        "أهلًا %(name)s",
        "أهلًا\\n%(name)s",
        (
            "line 10: “Hello %(name)s” is translated with a line break. "
            "write it in one line, without tabs."
        ),
    ),
    "another order": (
        f"{HELLO}\n{DAYS}",
        f"{DAYS}\n{HELLO}",
        f"file: order, references or header are not as they are usually written. {UPDATE}",
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_a_problem_is_one_line(case: str, tmp_path: Path) -> None:
    before, after, line = PROBLEMS[case]
    body = f"{HELLO}\n{DAYS}\n"
    assert body.count(before) >= 1
    assert check(tmp_path, body.replace(before, after, 1)) == [line]
