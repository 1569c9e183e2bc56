"""The published statement on accessibility claims what is tested, and all of it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKED = """
    1.3.1 1.3.5 1.4.3 1.4.10 1.4.11 1.4.12 2.4.3 2.4.7 2.4.11 2.5.7 2.5.8
    3.1.1 3.1.2 3.3.1 3.3.2 3.3.7 3.3.8 4.1.2 4.1.3
"""
"""The success criteria of WCAG 2.2 A and AA that forms like ours can fail."""


def claimed() -> dict[str, str]:
    """Number and name of each criterion in the statement's table."""
    statement = (ROOT / "widget" / "ACCESSIBILITY.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (\d\.\d\.\d+) ([^|]+) \|", statement, re.MULTILINE))


def numbers_of_tests() -> set[tuple[str, ...]]:
    tests = (ROOT / "e2e" / "test_success_criteria.py").read_text(encoding="utf-8")
    return set(re.findall(r"^def test_(\d)_(\d)_(\d+)_", tests, re.MULTILINE))


def test_the_statement_names_every_criterion_once() -> None:
    assert list(claimed()) == ASKED.split()


def test_every_criterion_in_the_statement_has_a_test_by_its_number() -> None:
    assert {".".join(numbers) for numbers in numbers_of_tests()} == set(claimed())
