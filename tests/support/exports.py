"""What tests of exports share: a shop that asks questions, and its export as objects."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.contacts import Run, table_of

Told = Callable[..., list[dict[str, Any]]]
"""What changed since a cursor."""

Add = Callable[..., int]
"""Somebody comes in and says what they want; the id of their profile."""

For = Callable[..., bytes]
"""The bytes of a file for a platform."""

ONE_STATUS = {"mailchimp", "listmonk"}
"""Platforms that load one status at a time."""

MAP = """
[topics]
"Offers, weekly" = "offers"
"Offers of 2019" = "offers"
[lists]
"Lajmë" = "news"
"""
"""Which topic is which tag or list there."""

QUESTIONS = """
[[questions]]
id = "rooms"
kind = "several"
text = "Which rooms?"
why = "You see these."
term = "long"
none = "None"
options = [{ id = "bath", text = "Bath" }, { id = "attic", text = "Attic" }]
[[questions]]
id = "household"
kind = "number"
text = "How many are you?"
why = "Tables fit."
term = "long"
[[questions]]
id = "note"
kind = "text"
text = "What else?"
why = "We read it."
term = "long"
[[stages]]
id = "home"
title = "Home"
questions = ["rooms", "household"]
[[stages]]
id = "more"
title = "More"
questions = ["note"]
"""


def ask_questions(site_file: Path, questions: str = QUESTIONS) -> None:
    with site_file.open("a", encoding="utf-8") as text:
        text.write(questions)


def objects(run: Run, *arguments: Any) -> list[dict[str, Any]]:
    """The lines of an export as NDJSON, which must end well."""
    result = run("export", *arguments, "--format", "ndjson")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def exported(run: Run, *arguments: Any) -> list[dict[str, str]]:
    """The rows of an export as CSV, which must end well."""
    result = run("export", *arguments)
    assert result.exit_code == 0, result.output
    return table_of(result.stdout_bytes.decode())


def cursor_in(stderr: str) -> str:
    """The cursor of the last line."""
    name, _, cursor = stderr.splitlines()[-1].partition(": ")
    assert name == "cursor"
    return cursor


def names(entries: list[dict[str, Any]]) -> list[str]:
    """The addresses of people who were exported."""
    return [entry["email"]["address"] for entry in entries]
