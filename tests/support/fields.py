"""A shop that declares fields."""

from __future__ import annotations

from pathlib import Path

FIELDS = """
[[fields]]
id = "city"
name = "City"
kind = "text"
[[fields]]
id = "spent"
name = "Spent this year"
kind = "number"
unit = "EUR"
lifespan_days = 365
[[fields]]
id = "born"
name = "Day of birth"
kind = "date"
[[fields]]
id = "member"
name = "Member"
kind = "yes_no"
[[fields]]
id = "country"
name = "Country"
kind = "text"
gives = "country"
"""


def declare_fields(site_file: Path) -> None:
    with site_file.open("a", encoding="utf-8") as text:
        text.write(FIELDS)
