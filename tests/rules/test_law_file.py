"""The file of laws: what ships is right, and a mistake in it is named with file, key and cure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from widget_backend.rules.law_file import FILE, LawFileInvalid, read_laws

TODAY = date(2026, 12, 1)
SOURCE = 'source = { text = "Act, section 1", read_on = 2026-11-30, seen = true, copy = "the Act" }'
LAWS = f"""\
[[jurisdictions]]
id = "albania"
name = "Albania"
countries = ["AL"]

[jurisdictions.basis]
value = "opt-in"
{SOURCE}

[jurisdictions.answer_within]
value = "30 days"
source = {{ text = "Act, section 2", read_on = 2026-11-30, seen = false }}

[[jurisdictions.hours]]
channel = "phone"
starts = 09:00:00
ends = 18:00:00
source = {{ text = "Act, section 3", read_on = 2026-11-30, seen = false }}

[[jurisdictions]]
id = "kosovo"
name = "Kosovo"
countries = ["XK"]

[jurisdictions.basis]
value = "opt-out"
source = {{ text = "Code, section 1", read_on = 2026-11-30, seen = false }}
"""
MISTAKES = {
    "a value without a source": (
        f"{SOURCE}\n",
        "",
        "jurisdictions.albania.basis.source: is missing. add source = ….",
    ),
    "a source without a law": (
        'text = "Act, section 1", ',
        "",
        "jurisdictions.albania.basis.source.text: is missing. add text = ….",
    ),
    "a source in no words": (
        '"Act, section 1"',
        '" "',
        "jurisdictions.albania.basis.source.text: is empty. write the text, or remove the key.",
    ),
    "a source without a day": (
        "read_on = 2026-11-30, seen = true",
        "seen = true",
        "jurisdictions.albania.basis.source.read_on: is missing. add read_on = ….",
    ),
    "a source without a word on who saw it": (
        "seen = true, ",
        "",
        "jurisdictions.albania.basis.source.seen: is missing. add seen = ….",
    ),
    "seen, but where": (
        ', copy = "the Act"',
        "",
        (
            "jurisdictions.albania.basis.source.copy: is missing, and it was seen. "
            "name what was read, or write seen = false."
        ),
    ),
    "a day that is still to come": (
        'read_on = 2026-11-30, seen = true, copy = "the Act"',
        'read_on = 2026-12-02, seen = true, copy = "the Act"',
        (
            "jurisdictions.albania.basis.source.read_on: 2026-12-02 is still to come. "
            "write the day on which it was read."
        ),
    ),
    "a day in quotes": (
        "read_on = 2026-11-30, seen = true",
        'read_on = "2026-11-30", seen = true',
        (
            "jurisdictions.albania.basis.source.read_on: “2026-11-30” is not a date. "
            "write it as 2026-11-30, unquoted."
        ),
    ),
    "an unknown country": (
        '["AL"]',
        '["AL", "ZZ"]',
        (
            "jurisdictions.albania.countries[1]: “ZZ” is no country. "
            "write its two capital letters, as AL."
        ),
    ),
    "a country in two jurisdictions": (
        '["XK"]',
        '["XK", "AL"]',
        (
            "jurisdictions.kosovo.countries: “AL” stands in jurisdictions.albania already. "
            "leave it in one of them."
        ),
    ),
    "the law of no country": (
        '["XK"]',
        "[]",
        "jurisdictions.kosovo.countries: it is the law of no country. list them.",
    ),
    "an unknown basis": (
        '"opt-out"',
        '"ask"',
        "jurisdictions.kosovo.basis.value: “ask” is not a basis. choose one of opt-in, opt-out.",
    ),
    "no period": (
        '"30 days"',
        '"a month or so"',
        (
            "jurisdictions.albania.answer_within.value: “a month or so” is not a period. "
            "write it as 30 days, 10 business days, 1 month or at once, in quotes."
        ),
    ),
    "hours that end before they start": (
        "ends = 18:00:00",
        "ends = 08:00:00",
        "jurisdictions.albania.hours[0].ends: is not after it starts. correct one of them.",
    ),
    "an unknown key": (
        "[jurisdictions.answer_within]",
        "[jurisdictions.answers_within]",
        "jurisdictions.albania.answers_within: is not a known key. did you mean “answer_within”?",
    ),
    "no TOML": ('id = "albania"', "id = ", "line 2, column 6: Invalid value. correct the TOML"),
}


def write(folder: Path, before: str = "", after: str = "") -> Path:
    assert LAWS.count(before) == 1 or not before, before
    file = folder / "laws.toml"
    file.write_text(LAWS.replace(before, after) if before else LAWS, encoding="utf-8")
    return file


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_fails_the_build(mistake: str, tmp_path: Path) -> None:
    before, after, says = MISTAKES[mistake]
    file = write(tmp_path, before, after)
    with pytest.raises(LawFileInvalid) as refused:
        read_laws(file, TODAY)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{file}: {says}")


def test_whoever_uses_the_laws_does_not_depend_on_their_clock(tmp_path: Path) -> None:
    late = write(tmp_path, "read_on = 2026-11-30, seen = true", "read_on = 2999-01-01, seen = true")
    assert len(read_laws(late)) == 2
    with pytest.raises(LawFileInvalid):
        read_laws(late, TODAY)


def test_each_rule_names_its_law_and_hours_those_of_each_country(tmp_path: Path) -> None:
    albania, kosovo = read_laws(write(tmp_path, '["AL"]', '["AL", "ME"]'), TODAY)
    assert (albania.basis.law, kosovo.basis.law) == ("albania", "kosovo")
    assert albania.answer_within
    assert albania.answer_within.law == "albania"
    assert [each.country for each in albania.hours] == ["AL", "ME"]
    assert {each.law for each in albania.hours} == {"albania"}


def test_what_ships_has_no_mistake() -> None:
    laws = read_laws(FILE, datetime.now(UTC).date())
    assert [each.id for each in laws] == ["eea", "gb", "us", "ca", "al", "sa", "ae", "eg"]
    assert len(laws[0].countries) == 30
