"""Cells: what a spreadsheet would run as a formula, in whatever script it begins."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_backend.contacts.formula_guard import escape_formula, unescape_formula

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\N{MINUS SIGN}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+355691234567", "'+355691234567"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("'=1", "''=1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        ("﹦1", "'﹦1"),
        ("⁻1", "'⁻1"),
        ("  =1", "'  =1"),
        ("\u200b=1", "'\u200b=1"),
        ("\ufeff\u2067＝1", "'\ufeff\u2067＝1"),
        ("\u3000＝1", "'\u3000＝1"),
        ("\0=1", "'\0=1"),
        ("'tis", "'tis"),
        (" a=1", " a=1"),
        ("arta@example.com", "arta@example.com"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_guarded(value: str, shown: str) -> None:
    assert escape_formula(value) == shown


def test_every_sign_that_unicode_takes_for_a_formulas_first_is_guarded() -> None:
    letters = map(chr, range(sys.maxunicode + 1))
    bare = [
        each
        for each in letters
        if unicodedata.normalize("NFKC", each).startswith(BEGINS_A_FORMULA)
        and escape_formula(each) == each
    ]
    assert bare == []


@given(st.text(alphabet="'=+-@\t\r\n ＝⁻\u200ba", max_size=6) | st.text())
def test_the_guard_comes_off_again(value: str) -> None:
    assert unescape_formula(escape_formula(value)) == value
    seen = unicodedata.normalize("NFKC", escape_formula(value)).lstrip(" \u200b")
    assert not seen.startswith((*BEGINS_A_FORMULA, "\t", "\r", "\n"))
